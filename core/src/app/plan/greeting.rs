//! What stands sealed in an invite: all that a joiner sees of the house before the house has confirmed them.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::{codec, limit};

use crate::app::item::{DEVICE_NAME_CHARS_MAX, HELP_LINE_CHARS_MAX, NAME_CHARS_MAX, NOTICE_CHARS_MAX, fits};
use crate::app::view::Role;

/// The greeting does not decode or is over its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed greeting")]
pub struct GreetingError;

/// A greeting, sealed under a key that the invite's secret derives.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Greeting {
    /// Name of the house.
    #[n(0)]
    pub house_name: String,
    /// Art. 13 notice.
    #[n(1)]
    pub notice: String,
    /// Telephone number to ask for help.
    #[n(2)]
    pub help_line: String,
    /// What the joiner becomes.
    #[n(3)]
    pub role: Role,
    /// Days the letter is valid.
    #[n(4)]
    pub days: u16,
    /// Until when, by the clock of whoever printed it, milliseconds. The relay counts for itself.
    #[n(5)]
    pub valid_until: u64,
    /// What the person calls their devices; in an invite for one of their own.
    #[n(6)]
    #[cbor(default)]
    pub devices: Vec<NamedDevice>,
    /// And the one that is to join.
    #[n(7)]
    #[cbor(default)]
    pub device_name: String,
    /// For the person behind the PINs of a group's tablet.
    #[n(8)]
    pub pin: Option<bool>,
}

/// A device and what its person calls it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NamedDevice {
    /// Which device.
    #[n(0)]
    pub device: DeviceId,
    /// Its name.
    #[n(1)]
    pub name: String,
}

impl Greeting {
    /// Bytes to seal.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads what was opened.
    ///
    /// # Errors
    /// [`GreetingError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, GreetingError> {
        let read: Self = codec::decode(bytes, limit::GREETING_BYTES_MAX).map_err(|_| GreetingError)?;
        let fit = fits(&read.house_name, NAME_CHARS_MAX)
            && fits(&read.notice, NOTICE_CHARS_MAX)
            && fits(&read.help_line, HELP_LINE_CHARS_MAX)
            && read.devices.len() < limit::DEVICES_PER_PERSON_MAX
            && fits(&read.device_name, DEVICE_NAME_CHARS_MAX)
            && read.devices.iter().all(|device| fits(&device.name, DEVICE_NAME_CHARS_MAX));
        if fit { Ok(read) } else { Err(GreetingError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::InviteSecret;

    fn greeting(notice: usize) -> Greeting {
        Greeting {
            house_name: "\u{1F986}".repeat(NAME_CHARS_MAX),
            notice: "\u{1F986}".repeat(notice),
            help_line: "\u{1F986}".repeat(HELP_LINE_CHARS_MAX),
            role: Role::Guardian,
            days: u16::MAX,
            valid_until: u64::MAX,
            pin: Some(true),
            devices: vec![
                NamedDevice {
                    device: DeviceId::new([255; 32]),
                    name: "\u{1F986}".repeat(DEVICE_NAME_CHARS_MAX),
                };
                limit::DEVICES_PER_PERSON_MAX - 1
            ],
            device_name: "\u{1F986}".repeat(DEVICE_NAME_CHARS_MAX),
        }
    }

    #[test]
    fn the_longest_greeting_fits_an_entry_and_one_longer_is_refused() {
        let longest = greeting(NOTICE_CHARS_MAX);
        assert_eq!(Greeting::decode(&longest.encode()), Ok(longest.clone()));
        let sealed = InviteSecret::from_bytes([7; 16]).seal_greeting(&longest.encode()).expect("seals");
        assert!(sealed.len() <= limit::GREETING_BYTES_MAX, "{} bytes", sealed.len());
        assert_eq!(Greeting::decode(&greeting(NOTICE_CHARS_MAX + 1).encode()), Err(GreetingError));
    }
}
