//! Gives `age` the names of its messages in place of their texts.
//!
//! `age` words its errors in seven languages, through a macro that carries a parser for Fluent, plural rules and all
//! texts into whatever links it. Nestpost shows none of them: an error of `age` ends as a code of ours, and the app has
//! the words (`web-demo/src/i18n`). This crate stands in for the macro's (`[patch.crates-io]` in the root manifest), so a
//! phone loads none of it.

/// The name of a message. Where its text would come from, and what would be filled in, does not matter.
#[macro_export]
macro_rules! fl {
    ($loader:expr, $message:literal $($filled_in:tt)*) => {
        ::std::string::String::from($message)
    };
}
