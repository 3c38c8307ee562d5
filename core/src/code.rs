//! What people type, print, compare and read aloud: invite codes, recovery sheets, fingerprints, join digits, links.
//!
//! Codes are Crockford base32 (no I, L, O, U) in groups of four with a checksum at their end. Reading them forgives
//! case, spaces, dashes and the classic mix-ups (O for 0, I and L for 1); a slip in one group is noticed at the desk, not at
//! the relay.

use base32::Alphabet::Crockford;
use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{Hash, HouseId};
use nestpost_protocol::label;
use zeroize::{Zeroize as _, Zeroizing};

use crate::crypto::{DeviceKeys, InviteSecret};

const GROUP: usize = 4;
/// Symbols of an invite code: 128 bits and the checksum.
const INVITE_SYMBOLS: usize = 26 + INVITE_CHECK;
/// Checksum of an invite code: 10 bits, so that one slip in a thousand gets as far as the relay.
const INVITE_CHECK: usize = 2;
/// Checksum of a recovery sheet: 20 bits. A wrong sheet would open nothing and look like lost data.
const SHEET_CHECK: usize = 4;
/// In a link, before house and code. A fragment: browsers never send it.
const FRAGMENT: &str = "#j=";
/// The same of a recovery sheet.
const SHEET_FRAGMENT: &str = "#s=";
/// The same of an intake.
const INTAKE_FRAGMENT: &str = "#i=";

const SYMBOLS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was typed or scanned is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Wrong length, a character that no code has, or the checksum does not hold.
    #[error("code mistyped")]
    Mistyped,
}

impl CodeError {
    /// Stable name for other languages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mistyped => "code_mistyped",
        }
    }
}

/// An invite as it was typed (no house: the relay finds it, the MAC in the entry proves it) or scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteCode {
    /// The house that a link names.
    pub house: Option<HouseId>,
    /// The secret.
    pub secret: InviteSecret,
}

impl InviteCode {
    /// Reads a typed code, `house.code`, a fragment, or a whole link. A link's origin is the caller's to look at.
    ///
    /// # Errors
    /// [`CodeError::Mistyped`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.rsplit_once(FRAGMENT).map_or(text, |(_, fragment)| fragment).trim();
        let (house, code) = match text.rsplit_once('.') {
            Some((house, code)) if !house.is_empty() => (Some(parse_house(house)?), code),
            Some((_, code)) => (None, code),
            None => (None, text),
        };
        let mut bytes: [u8; 16] = parse_checked(Purpose::Invite, code)?;
        let secret = InviteSecret::from_bytes(bytes);
        bytes.zeroize();
        Ok(Self { house, secret })
    }
}

/// How an invite code stands while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// So far so good, more to come.
    Partial,
    /// A character that no code has, too many of them, or the checksum does not hold.
    Mistyped,
    /// A code.
    Complete,
}

/// Looks at a code that is being typed. Pure and local.
#[must_use]
pub fn state(text: &str) -> CodeState {
    if InviteCode::parse(text).is_ok() {
        return CodeState::Complete;
    }
    let typed = plain(text);
    let symbols = typed.bytes().all(|symbol| SYMBOLS.contains(&forgiven(symbol)));
    if symbols && typed.chars().count() < INVITE_SYMBOLS { CodeState::Partial } else { CodeState::Mistyped }
}

/// What a checksum is computed for, so that a sheet's groups are no invite.
#[derive(Clone, Copy)]
enum Purpose {
    Invite,
    Sheet,
    House,
}

impl Purpose {
    const fn number(self) -> u8 {
        match self {
            Self::Invite => 1,
            Self::Sheet => 2,
            Self::House => 3,
        }
    }
    const fn check_len(self) -> usize {
        match self {
            Self::Invite => INVITE_CHECK,
            Self::Sheet | Self::House => SHEET_CHECK,
        }
    }
}

/// An invite as printed: seven groups, `K7QX-9M2A-…`.
#[must_use]
pub fn format_invite(secret: &InviteSecret) -> String {
    grouped(&checked(Purpose::Invite, secret.expose_bytes()))
}

/// What a letter's QR code carries: `<origin>/#j=<house>.<code>`, house and code in base32 without dashes.
#[must_use]
pub fn format_link(origin: &str, house: &HouseId, secret: &InviteSecret) -> String {
    let house = base32::encode(Crockford, house.as_bytes());
    let code = checked(Purpose::Invite, secret.expose_bytes());
    format!("{}/{FRAGMENT}{house}.{}", origin.trim_end_matches('/'), *code)
}

/// A recovery sheet as printed: fourteen groups.
#[must_use]
pub fn format_sheet(keys: &DeviceKeys) -> String {
    grouped(&checked(Purpose::Sheet, keys.expose_seed()))
}

/// A house as a recovery sheet prints it, for when no device is left that knows it: fourteen groups.
#[must_use]
pub fn format_house(house: &HouseId) -> String {
    grouped(&checked(Purpose::House, house.as_bytes()))
}

/// What a sheet's QR code carries: `<origin>/#s=<house>.<code>`, as a letter's.
#[must_use]
pub fn format_sheet_link(origin: &str, house: &HouseId, keys: &DeviceKeys) -> Zeroizing<String> {
    let house = checked(Purpose::House, house.as_bytes());
    let code = checked(Purpose::Sheet, keys.expose_seed());
    Zeroizing::new(format!("{}/{SHEET_FRAGMENT}{}.{}", origin.trim_end_matches('/'), *house, *code))
}

/// Reads the house that a recovery sheet names.
///
/// # Errors
/// [`CodeError::Mistyped`].
pub fn parse_sheet_house(text: &str) -> Result<HouseId, CodeError> {
    let text = text.rsplit_once(SHEET_FRAGMENT).map_or(text, |(_, fragment)| fragment);
    let text = text.split_once('.').map_or(text, |(house, _)| house);
    parse_checked(Purpose::House, text).map(HouseId::new)
}

/// Reads a recovery sheet: its code, or the whole link.
///
/// # Errors
/// [`CodeError::Mistyped`].
pub fn parse_sheet(text: &str) -> Result<DeviceKeys, CodeError> {
    let text = text.rsplit_once(SHEET_FRAGMENT).map_or(text, |(_, fragment)| fragment);
    let text = text.rsplit_once('.').map_or(text, |(_, code)| code);
    let mut seed: [u8; 32] = parse_checked(Purpose::Sheet, text)?;
    let keys = DeviceKeys::from_seed(seed);
    seed.zeroize();
    Ok(keys)
}

/// A house as printed on letters and shown when a device joins: four groups of four characters, 80 bits of a hash.
#[must_use]
pub fn fingerprint(house: &HouseId) -> String {
    let hash = sha256(&[label::FINGERPRINT, &[0], house.as_bytes()]);
    grouped(&base32::encode(Crockford, hash.first_chunk::<10>().map_or(&[], |head| head)))
}

/// The six groups of three digits that both screens show at the door, from the commitment of the join's link.
///
/// Each group is 32 bits of the hash modulo 1,000: a bias below 1 in 4 million. Together 59.8 bits. Whoever presents a device of
/// their own in someone's place gets one try, since the first join uses the invite up; a relay that helps them, by holding the real
/// join back while they search for one with the same digits, leaves them 2^59 tries until somebody looks.
#[must_use]
pub fn join_digits(commitment: &Hash) -> [String; 6] {
    let hash = sha256(&[label::JOIN_DIGITS, &[0], commitment.as_bytes()]);
    let mut words = hash.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word) % 1000);
    std::array::from_fn(|_| format!("{:03}", words.next().unwrap_or_default()))
}

/// What a public link carries: a house, and the mark of its intake's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakeLink {
    /// The house.
    pub house: HouseId,
    /// What its keys are held against.
    pub mark: Hash,
}

impl IntakeLink {
    /// Reads a fragment or a whole link. A link's origin is the caller's to look at.
    ///
    /// # Errors
    /// [`CodeError::Mistyped`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.rsplit_once(INTAKE_FRAGMENT).map_or(text, |(_, fragment)| fragment);
        let (house, mark) = text.split_once('.').ok_or(CodeError::Mistyped)?;
        Ok(Self { house: parse_house(house)?, mark: Hash::new(*parse_house(mark)?.as_bytes()) })
    }

    /// `<origin>/#i=<house>.<mark>`, both in base32. Nothing in it is secret.
    #[must_use]
    pub fn format(&self, origin: &str) -> String {
        let [house, mark] =
            [self.house.as_bytes(), self.mark.as_bytes()].map(|bytes| base32::encode(Crockford, bytes));
        [origin.trim_end_matches('/'), "/", INTAKE_FRAGMENT, &house, ".", &mark].concat()
    }
}

fn parse_house(text: &str) -> Result<HouseId, CodeError> {
    let bytes = decoded(&plain(text)).ok_or(CodeError::Mistyped)?;
    HouseId::from_slice(&bytes).map_err(|_| CodeError::Mistyped)
}

fn parse_checked<const N: usize>(purpose: Purpose, text: &str) -> Result<[u8; N], CodeError> {
    let typed = plain(text);
    let at = typed.len().checked_sub(purpose.check_len()).ok_or(CodeError::Mistyped)?;
    let symbols = typed.get(..at).ok_or(CodeError::Mistyped)?;
    let bytes = decoded(symbols).ok_or(CodeError::Mistyped)?;
    let bytes: [u8; N] = bytes.as_slice().try_into().map_err(|_| CodeError::Mistyped)?;
    // The whole code again, from the bytes: compares the checksum after the same forgiveness for its own characters.
    if is_meant(&checked(purpose, &bytes), &typed) { Ok(bytes) } else { Err(CodeError::Mistyped) }
}

/// Bytes in base32, as they are written: nothing is left over.
fn decoded(typed: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(base32::decode(Crockford, typed)?);
    is_meant(&Zeroizing::new(base32::encode(Crockford, &bytes)), typed).then_some(bytes)
}

/// Whether someone who reads what is printed types this.
fn is_meant(printed: &str, typed: &str) -> bool {
    let meant = |(printed, typed): (u8, u8)| printed == forgiven(typed);
    printed.len() == typed.len() && printed.bytes().zip(typed.bytes()).all(meant)
}

/// The symbol that was meant.
fn forgiven(typed: u8) -> u8 {
    match typed.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        symbol => symbol,
    }
}

/// Secret bytes and their checksum, in base32.
fn checked(purpose: Purpose, bytes: &[u8]) -> Zeroizing<String> {
    let hash = sha256(&[label::CODE_CHECK, &[0, purpose.number()], bytes]);
    let symbols = Zeroizing::new(base32::encode(Crockford, bytes));
    let check = base32::encode(Crockford, &hash);
    Zeroizing::new([&symbols, check.get(..purpose.check_len()).unwrap_or_default()].concat())
}

/// Without what people and their keyboards put between groups.
fn plain(text: &str) -> Zeroizing<String> {
    let separator =
        |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    Zeroizing::new(text.chars().filter(|c| !separator(*c)).collect())
}

fn grouped(symbols: &str) -> String {
    let mut text = String::with_capacity(symbols.len() * 5 / 4);
    for (index, symbol) in symbols.chars().enumerate() {
        if index > 0 && index % GROUP == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    text
}

#[cfg(test)]
mod tests;
