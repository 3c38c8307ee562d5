//! Why a picture or file is set aside.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What a person is told, one sentence each: `MediaFault` of the page's contract. Rows on the device carry it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum MediaFault {
    /// 0 bytes.
    #[n(0)]
    #[error("the file is empty")]
    Empty,
    /// Longer than its limit.
    #[n(1)]
    #[error("the file is too large")]
    TooLarge,
    /// More pixels than are decoded, or than a prepared picture has.
    #[n(2)]
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// HEIC or TIFF where the browser decodes neither.
    #[n(3)]
    #[error("this browser cannot decode the picture's format")]
    FormatUnsupported,
    /// Text, SVG, HTML, a program, a document.
    #[n(4)]
    #[error("the file is no picture")]
    NotAPicture,
    /// Damaged, or in a form that no browser's canvas writes.
    #[n(5)]
    #[error("the picture cannot be decoded")]
    Undecodable,
    /// Not a PDF, or one that is something else as well.
    #[n(6)]
    #[error("the file is no PDF")]
    NotAPdf,
    /// The device has no room.
    #[n(7)]
    #[error("the device has no room for the file")]
    StorageFull,
    /// What was kept on the device is gone or damaged.
    #[n(8)]
    #[error("what was kept of the file is gone")]
    Lost,
    /// It was to be shared, and nobody holds it any more.
    #[n(9)]
    #[error("the picture was taken back before it could be shared")]
    Withdrawn,
    /// The relay does not take it. It is still here.
    #[n(10)]
    #[error("the relay has not taken it")]
    Refused,
    /// This device writes there no more. It is still here.
    #[n(11)]
    #[error("this device may not send there any more")]
    NoAccess,
}

impl MediaFault {
    /// Every one, in the contract's order.
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::TooLarge,
        Self::TooManyPixels,
        Self::FormatUnsupported,
        Self::NotAPicture,
        Self::Undecodable,
        Self::NotAPdf,
        Self::StorageFull,
        Self::Lost,
        Self::Withdrawn,
        Self::Refused,
        Self::NoAccess,
    ];

    /// The contract's word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::TooManyPixels => "too_many_pixels",
            Self::FormatUnsupported => "format_unsupported",
            Self::NotAPicture => "not_a_picture",
            Self::Undecodable => "undecodable",
            Self::NotAPdf => "not_a_pdf",
            Self::StorageFull => "storage_full",
            Self::Lost => "lost",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::NoAccess => "no_access",
        }
    }

    /// Whether what lies here may still be sent another time. With other faults the file is to be chosen again, or is none.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::StorageFull | Self::Refused | Self::NoAccess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_word_in_commands() {
        for fault in MediaFault::ALL {
            assert_eq!(serde_json::to_value(fault).unwrap(), fault.code());
        }
    }
}
