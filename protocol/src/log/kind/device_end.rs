//! `device-end`: a device no longer belongs.

use minicbor::{Decode, Encode};

use crate::id::DeviceId;

/// Body of `device-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceEnd {
    /// Which device.
    #[n(0)]
    pub device: DeviceId,
}
