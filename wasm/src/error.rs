//! One mapping of errors: every export that fails throws an `Error` whose `code` is one of the page's contract.

use nestpost_core::app::AppError;
use nestpost_core::code::CodeError;
use nestpost_core::door::DoorError;
use nestpost_core::engine::LoadError;
use wasm_bindgen::JsValue;

/// What failed, as the page will hear it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) &'static str);

/// An object of the wrong shape came in: the code around this module is of another version.
pub(crate) const SHAPE: Failure = Failure("app_mixed");

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(error.code())
    }
}

impl From<CodeError> for Failure {
    fn from(error: CodeError) -> Self {
        Self(error.code())
    }
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        Self(error.code())
    }
}

impl From<LoadError> for Failure {
    /// Nothing that can be loaded is there; what the device wrote and had not sent is lost.
    fn from(_: LoadError) -> Self {
        Self("internal")
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let error = js_sys::Error::new(failure.0);
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &failure.0.into());
        error.into()
    }
}
