//! Tickets: what a device shows with every request for a blob. The relay signs who it is and on which day it asked; what
//! it may do is looked up in the log each time, so a ticket outlives no membership.
//!
//! Whoever has somebody's ticket can do with blobs what they can, until the end of the day after it was given. It
//! travels under TLS only, is kept by nobody, and opens nothing.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::id::{DeviceId, HouseId, Signature};
use nestpost_protocol::{label, limit, verify};

use crate::clock::Day;
use crate::relay_key::RelayKey;

/// Whole days after the one it was given on that a ticket is good for.
const DAYS: u16 = 1;

/// Who a ticket was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Claim {
    #[n(0)]
    pub(crate) house: HouseId,
    #[n(1)]
    pub(crate) device: DeviceId,
    /// Days since 1970-01-01.
    #[n(2)]
    day: i64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Ticket {
    /// CBOR of [`Claim`], exactly as signed.
    #[n(0)]
    claim: Bytes,
    /// By the relay key, context [`label::TICKET`].
    #[n(1)]
    signature: Signature,
}

/// A ticket for this device, from today on.
pub(crate) fn issue(key: &RelayKey, house: HouseId, device: DeviceId, today: Day) -> Bytes {
    let claim = codec::encode(&Claim { house, device, day: today.index() });
    let signature = key.sign_ticket(&claim);
    codec::encode(&Ticket { claim: claim.into(), signature }).into()
}

/// What a ticket of this relay says, from the text of a header; `None`: it is none.
pub(crate) fn read(key: &RelayKey, text: &str) -> Option<Claim> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let Ticket { claim, signature } = codec::decode(&bytes, limit::TICKET_BYTES_MAX).ok()?;
    verify::verify(key.public().as_bytes(), label::TICKET, &claim, &signature).ok()?;
    codec::decode(&claim, limit::TICKET_BYTES_MAX).ok()
}

impl Claim {
    /// Whether the ticket may still be shown.
    pub(crate) const fn holds_on(&self, today: Day) -> bool {
        self.day <= today.index() && !Day::from_index(self.day).is_older_than(DAYS, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: HouseId = HouseId::new([1; 32]);
    const DEVICE: DeviceId = DeviceId::new([2; 32]);

    fn key() -> RelayKey {
        RelayKey::open(tempfile::tempdir().unwrap().path()).unwrap()
    }

    fn text(ticket: &[u8]) -> String {
        data_encoding::BASE64URL_NOPAD.encode(ticket)
    }

    #[test]
    fn a_ticket_holds_today_and_tomorrow() {
        let key = key();
        let ticket = issue(&key, HOUSE, DEVICE, Day::from_index(100));
        assert!(ticket.len() <= limit::TICKET_BYTES_MAX);
        let claim = read(&key, &text(&ticket)).unwrap();
        assert_eq!((claim.house, claim.device), (HOUSE, DEVICE));
        let days: Vec<i64> = (98..104).filter(|day| claim.holds_on(Day::from_index(*day))).collect();
        assert_eq!(days, [100, 101]);
    }

    #[test]
    fn what_another_relay_signed_or_somebody_changed_is_none() {
        let key = key();
        let ticket = issue(&key, HOUSE, DEVICE, Day::from_index(100));
        assert_eq!(read(&self::key(), &text(&ticket)), None);
        for at in 0..ticket.len() {
            let mut changed = ticket.to_vec();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 1;
            }
            assert_eq!(read(&key, &text(&changed)), None, "byte {at}");
        }
        for bad in ["", "=", "AA==", "a ticket", &text(&[0; 600])] {
            assert_eq!(read(&key, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_signature_for_something_else_makes_no_ticket() {
        let key = key();
        let position = nestpost_protocol::message::PositionClaim {
            house: HOUSE,
            incarnation: nestpost_protocol::id::Incarnation::new([3; 16]),
            start: None,
            circle: nestpost_protocol::id::CircleId::new([4; 16]),
            n: 1,
            acc: nestpost_protocol::id::Accumulator::ZERO,
        };
        let signed = key.sign(position);
        let ticket = Ticket { claim: codec::encode(&signed.claim).into(), signature: signed.signature };
        assert_eq!(read(&key, &text(&codec::encode(&ticket))), None);
    }
}
