//! Pictures, files and their sealing, for the media worker. `MediaModule` in `web-demo/src/engine/edge.ts` declares and
//! describes the same. Bytes cross as they are, never through shapes.

use js_sys::{Object, Reflect, Uint8Array};
use nestpost_core::crypto::blob::{self, ManifestBuilder};
use nestpost_core::crypto::{BlobSecret, OpenError, SealError};
use nestpost_core::media::{self, MediaFault, limit};
use nestpost_protocol::blob::{ManifestError, Missing, Reserve};
use nestpost_protocol::codec;
use nestpost_protocol::id::{BlobId, CircleId};
use nestpost_protocol::limit::BLOB_PART_BYTES;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::error::{Failure, SHAPE};

/// What came is not the blob of that name, or no blob.
const BROKEN: Failure = Failure("broken");
/// An object was used in a way that no caller has a reason for.
const MISUSED: Failure = Failure("internal");

impl From<MediaFault> for Failure {
    fn from(fault: MediaFault) -> Self {
        Self(fault.code())
    }
}

impl From<SealError> for Failure {
    fn from(_: SealError) -> Self {
        MISUSED
    }
}

impl From<OpenError> for Failure {
    fn from(_: OpenError) -> Self {
        BROKEN
    }
}

impl From<ManifestError> for Failure {
    fn from(_: ManifestError) -> Self {
        BROKEN
    }
}

/// A plain object.
fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A length as JavaScript has it; no file is longer than a float counts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates when it is cast"
)]
fn length(bytes: f64) -> u64 {
    bytes as u64
}

#[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
fn number(bytes: u64) -> JsValue {
    JsValue::from(bytes as f64)
}

/// `MediaLimits`.
#[wasm_bindgen(js_name = mediaLimits)]
#[must_use]
pub fn media_limits() -> JsValue {
    object(&[
        ("fullSide", limit::PICTURE_SIDE_MAX.into()),
        ("thumbSide", limit::THUMB_SIDE_MAX.into()),
        ("fullBytes", number(limit::PICTURE_BYTES_MAX as u64)),
        ("thumbBytes", number(limit::THUMB_BYTES_MAX as u64)),
        ("originalBytes", number(limit::ORIGINAL_BYTES_MAX)),
        ("fileBytes", number(limit::FILE_BYTES_MAX)),
        ("headBytes", number(limit::HEAD_BYTES as u64)),
        ("pdfHeadBytes", number(limit::PDF_HEAD_BYTES as u64)),
        ("pdfTailBytes", number(limit::PDF_TAIL_BYTES as u64)),
        ("partBytes", number(BLOB_PART_BYTES as u64)),
    ])
}

/// A `MediaFormat`.
#[wasm_bindgen]
#[must_use]
pub fn sniff(head: &[u8]) -> String {
    media::sniff(head).name().to_owned()
}

/// A `PictureInfo`, or `undefined` when this much does not tell.
///
/// # Errors
/// A `MediaFault`.
#[wasm_bindgen(js_name = checkPicture)]
pub fn check_picture(head: &[u8], bytes: f64) -> Result<JsValue, JsValue> {
    let Some(info) = media::check_picture(head, length(bytes)).map_err(Failure::from)? else {
        return Ok(JsValue::UNDEFINED);
    };
    Ok(object(&[
        ("format", info.format.name().into()),
        ("width", info.width.into()),
        ("height", info.height.into()),
        ("fault", info.fault.code().into()),
    ]))
}

/// A `CleanJpeg`.
///
/// # Errors
/// A `MediaFault`.
#[wasm_bindgen(js_name = cleanJpeg)]
pub fn clean_jpeg(bytes: &[u8], side_max: u32, bytes_max: u32) -> Result<JsValue, JsValue> {
    let bytes_max = usize::try_from(bytes_max).map_err(|_| MISUSED)?;
    let clean = media::clean_jpeg(bytes, side_max, bytes_max).map_err(Failure::from)?;
    Ok(object(&[
        ("bytes", Uint8Array::from(clean.bytes.as_slice()).into()),
        ("width", clean.width.into()),
        ("height", clean.height.into()),
    ]))
}

/// Returns when this is the beginning and the end of a PDF.
///
/// # Errors
/// A `MediaFault`.
#[wasm_bindgen(js_name = checkPdf)]
pub fn check_pdf(head: &[u8], tail: &[u8], bytes: f64) -> Result<(), JsValue> {
    media::check_pdf(head, tail, length(bytes)).map_err(|fault| Failure::from(fault).into())
}

/// Length of a blob with this much in it, sealed.
///
/// # Errors
/// `internal` for a length that nothing here has.
#[wasm_bindgen(js_name = sealedBytes)]
pub fn sealed_bytes(plain_bytes: f64) -> Result<JsValue, JsValue> {
    Ok(number(blob::sealed_bytes(length(plain_bytes)).ok_or(MISUSED)?))
}

/// `BlobSealerEdge`.
#[wasm_bindgen]
pub struct BlobSealer {
    inner: Option<blob::BlobSealer>,
}

#[wasm_bindgen]
impl BlobSealer {
    /// For exactly so many bytes.
    ///
    /// # Errors
    /// `internal` for a length that nothing here has.
    #[wasm_bindgen(constructor)]
    pub fn new(plain_bytes: f64) -> Result<BlobSealer, JsValue> {
        let inner = blob::BlobSealer::new(length(plain_bytes)).map_err(Failure::from)?;
        Ok(Self { inner: Some(inner) })
    }

    /// Returns the sealed bytes that follow so far.
    ///
    /// # Errors
    /// `internal` for more bytes than announced.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        let inner = self.inner.as_mut().ok_or(MISUSED)?;
        inner.push(bytes).map_err(|error| Failure::from(error).into())
    }

    /// A `SealedBlob`.
    ///
    /// # Errors
    /// `internal` for fewer bytes than announced, or the second time.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let inner = self.inner.take().ok_or(MISUSED)?;
        let (bytes, sealed) = inner.finish().map_err(Failure::from)?;
        Ok(object(&[
            ("bytes", Uint8Array::from(bytes.as_slice()).into()),
            ("id", sealed.id().to_string().into()),
            ("secret", sealed.secret.expose_hex().into()),
            ("sealedBytes", number(sealed.sealed_bytes())),
        ]))
    }
}

/// `BlobOpenerEdge`.
#[wasm_bindgen]
pub struct BlobOpener {
    inner: Option<blob::BlobOpener>,
}

#[wasm_bindgen]
impl BlobOpener {
    /// `secret` and `id` in hex.
    ///
    /// # Errors
    /// `broken` for a length that no blob has, `app_mixed` for what is no hex.
    #[wasm_bindgen(constructor)]
    pub fn new(secret: &str, plain_bytes: f64, id: Option<String>) -> Result<BlobOpener, JsValue> {
        let secret = BlobSecret::from_hex(secret).map_err(|_| SHAPE)?;
        let id: Option<BlobId> = id.map(|id| id.parse()).transpose().map_err(|_| SHAPE)?;
        let inner = blob::BlobOpener::new(&secret, length(plain_bytes), id).map_err(Failure::from)?;
        Ok(Self { inner: Some(inner) })
    }

    /// Returns the content that follows so far.
    ///
    /// # Errors
    /// `broken`.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Vec<u8>, JsValue> {
        let inner = self.inner.as_mut().ok_or(MISUSED)?;
        inner.push(sealed).map_err(|error| Failure::from(error).into())
    }

    /// Returns when everything came, and was the blob of that name.
    ///
    /// # Errors
    /// `broken`; `internal` the second time.
    pub fn finish(&mut self) -> Result<(), JsValue> {
        let inner = self.inner.take().ok_or(MISUSED)?;
        inner.finish().map_err(|error| Failure::from(error).into())
    }
}

/// `BlobReserveEdge`.
#[wasm_bindgen]
pub struct BlobReserve {
    circle: CircleId,
    manifest: ManifestBuilder,
}

#[wasm_bindgen]
impl BlobReserve {
    /// `circle` in hex.
    ///
    /// # Errors
    /// `app_mixed` for what is no hex.
    #[wasm_bindgen(constructor)]
    pub fn new(circle: &str) -> Result<BlobReserve, JsValue> {
        Ok(Self { circle: circle.parse().map_err(|_| SHAPE)?, manifest: ManifestBuilder::default() })
    }

    /// The next sealed bytes.
    pub fn push(&mut self, sealed: &[u8]) {
        self.manifest.push(sealed);
    }

    /// `{id, body}` of all that was pushed since the last time.
    ///
    /// # Errors
    /// `broken` when no relay takes such a blob.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let manifest = std::mem::take(&mut self.manifest).finish().checked().map_err(Failure::from)?;
        let (id, reserve) = (manifest.id(), Reserve { circle: self.circle, manifest });
        Ok(object(&[
            ("id", id.to_string().into()),
            ("body", Uint8Array::from(codec::encode(&reserve).as_slice()).into()),
        ]))
    }
}

/// Numbers of the parts that a relay lacks.
///
/// # Errors
/// `relay_garbage`.
#[wasm_bindgen(js_name = missingParts)]
pub fn missing_parts(answer: &[u8]) -> Result<Vec<u32>, JsValue> {
    Ok(Missing::decode(answer).map_err(|_| Failure("relay_garbage"))?.parts)
}
