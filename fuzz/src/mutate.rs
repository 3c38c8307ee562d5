//! New inputs from old ones: as bytes, and as the CBOR that most of them are, so that lengths and order stay right and what lies deep
//! inside is reached.

use nestpost_protocol::codec::Bytes;
use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha20Rng;

/// No input is longer.
pub const INPUT_BYTES_MAX: usize = 64 * 1024;
const DEPTH_MAX: usize = 24;
const NUMBERS: [u64; 14] = [
    0,
    1,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    0x7fff_ffff,
    0xffff_ffff,
    0x1_0000_0000,
    1 << 53,
    i64::MAX as u64,
    u64::MAX,
];

/// An input that comes from `seed`, and perhaps from `other`.
#[must_use]
pub fn mutate(rng: &mut ChaCha20Rng, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..rng.random_range(1..=4) {
        let tree = if rng.random_bool(0.6) { Node::read(&bytes) } else { None };
        match tree {
            Some(mut tree) => {
                tree.change(rng, Node::read(other).as_ref());
                bytes.clear();
                tree.write(&mut bytes);
            }
            None => change_bytes(rng, &mut bytes, other),
        }
    }
    bytes.truncate(INPUT_BYTES_MAX);
    bytes
}

fn change_bytes(rng: &mut ChaCha20Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = rng.random_range(0..=bytes.len());
    let len = rng.random_range(1..=16_usize);
    let part = at..at.saturating_add(len).min(bytes.len());
    match rng.random_range(0..7) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(part)),
        2 => {
            let copy: Vec<u8> = bytes.get(part).unwrap_or_default().to_vec();
            drop(bytes.splice(at..at, copy));
        }
        3 => {
            let from = rng.random_range(0..=other.len());
            let copy = other.get(from..from.saturating_add(len * 4).min(other.len())).unwrap_or_default();
            drop(bytes.splice(at..at, copy.iter().copied()));
        }
        4 => bytes.insert(at, rng.random()),
        5 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.random();
            }
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.random_range(0..8);
            }
        }
    }
}

/// An item of CBOR. A string of bytes that is CBOR itself, an array or a map, is looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Number(u64),
    Negative(u64),
    Bytes(Vec<u8>),
    Inside(Box<Node>),
    Text(Vec<u8>),
    Array(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Other(u8),
}

impl Node {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let node = Self::take(&mut rest, 0)?;
        rest.is_empty().then_some(node)
    }

    fn take(rest: &mut &[u8], depth: usize) -> Option<Self> {
        if depth > DEPTH_MAX {
            return None;
        }
        let (head, after) = rest.split_first()?;
        *rest = after;
        let (major, low) = (head >> 5, head & 31);
        let size = match low {
            0..24 => 0,
            24..28 => 1_usize << (low - 24),
            _ => return None,
        };
        let (number, after) = rest.split_at_checked(size)?;
        *rest = after;
        let value = if size == 0 {
            u64::from(low)
        } else {
            number.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
        };
        // Nothing has more items than bytes.
        let count =
            usize::try_from(value).ok().filter(|count| !(2..=5).contains(&major) || *count <= rest.len());
        Some(match major {
            0 => Self::Number(value),
            1 => Self::Negative(value),
            2 | 3 => {
                let (string, after) = rest.split_at_checked(count?)?;
                *rest = after;
                let inside = (major == 2).then(|| Self::read(string)).flatten();
                match inside {
                    Some(inside @ (Self::Array(_) | Self::Map(_))) => Self::Inside(Box::new(inside)),
                    _ if major == 2 => Self::Bytes(string.to_vec()),
                    _ => Self::Text(string.to_vec()),
                }
            }
            4 => Self::Array((0..count?).map(|_| Self::take(rest, depth + 1)).collect::<Option<_>>()?),
            5 => {
                let pair = |_| Some((Self::take(rest, depth + 1)?, Self::take(rest, depth + 1)?));
                Self::Map((0..count?).map(pair).collect::<Option<_>>()?)
            }
            7 if size == 0 => Self::Other(*head),
            _ => return None,
        })
    }

    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(value) => head(to, 0, *value),
            Self::Negative(value) => head(to, 1, *value),
            Self::Bytes(bytes) => string(to, 2, bytes),
            Self::Inside(node) => {
                let mut bytes = Vec::new();
                node.write(&mut bytes);
                string(to, 2, &bytes);
            }
            Self::Text(text) => string(to, 3, text),
            Self::Array(items) => {
                head(to, 4, items.len() as u64);
                items.iter().for_each(|item| item.write(to));
            }
            Self::Map(items) => {
                head(to, 5, items.len() as u64);
                for (key, value) in items {
                    key.write(to);
                    value.write(to);
                }
            }
            Self::Other(byte) => to.push(*byte),
        }
    }

    fn count(&self) -> usize {
        1 + match self {
            Self::Inside(node) => node.count(),
            Self::Array(items) => items.iter().map(Self::count).sum(),
            Self::Map(items) => items.iter().map(|(key, value)| key.count() + value.count()).sum(),
            _ => 0,
        }
    }

    /// The node with this number, in the order in which they are written.
    fn nth(&mut self, mut n: usize) -> Option<&mut Self> {
        if n == 0 {
            return Some(self);
        }
        n -= 1;
        let children: Vec<&mut Self> = match self {
            Self::Inside(node) => vec![node],
            Self::Array(items) => items.iter_mut().collect(),
            Self::Map(items) => items.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
            _ => return None,
        };
        for child in children {
            let count = child.count();
            if n < count {
                return child.nth(n);
            }
            n -= count;
        }
        None
    }

    fn change(&mut self, rng: &mut ChaCha20Rng, other: Option<&Self>) {
        let count = self.count();
        // From elsewhere in this one, or from the other one.
        let mut from = other.filter(|_| rng.random()).unwrap_or(self).clone();
        let from_count = from.count();
        let given = from.nth(rng.random_range(0..from_count)).cloned();
        let Some(node) = self.nth(rng.random_range(0..count)) else { return };
        if rng.random_ratio(1, 6)
            && let Some(given) = given
        {
            *node = given;
            return;
        }
        match node {
            Self::Number(value) | Self::Negative(value) => {
                *value = match rng.random_range(0..3) {
                    0 => value.wrapping_add(1),
                    1 => value.wrapping_sub(1),
                    _ => NUMBERS.choose(rng).copied().unwrap_or_default(),
                };
            }
            Self::Bytes(bytes) | Self::Text(bytes) => change_bytes(rng, bytes, &[]),
            Self::Inside(inside) => {
                let mut bytes = Vec::new();
                inside.write(&mut bytes);
                *node = Self::Bytes(bytes);
            }
            Self::Array(items) => change_list(rng, items, given),
            Self::Map(items) => {
                let key = Self::Number(rng.random_range(0..24));
                change_list(rng, items, given.map(|given| (key, given)));
            }
            Self::Other(byte) => *byte = 0xe0 | rng.random_range(20..24),
        }
    }
}

fn change_list<T: Clone>(rng: &mut ChaCha20Rng, items: &mut Vec<T>, given: Option<T>) {
    let at = rng.random_range(0..=items.len());
    match rng.random_range(0..4) {
        0 if at < items.len() => drop(items.remove(at)),
        1 if at < items.len() => {
            let last = items.len() - 1;
            items.swap(at, last);
        }
        2 => {
            if let Some(again) = items.get(at).cloned() {
                // Limits of lists are reached by doubling.
                let times = if rng.random_ratio(1, 8) { 64 } else { 1 };
                drop(items.splice(at..at, vec![again; times]));
            }
        }
        _ => items.splice(at..at, given).for_each(drop),
    }
}

fn head(to: &mut Vec<u8>, major: u8, value: u64) {
    let bytes = value.to_be_bytes();
    let (code, size) = match value {
        0..24 => (bytes[7], 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    to.push(major << 5 | code);
    to.extend(bytes.iter().skip(8 - size));
}

fn string(to: &mut Vec<u8>, major: u8, bytes: &[u8]) {
    head(to, major, bytes.len() as u64);
    to.extend(bytes);
}

/// What a target that takes several strings of bytes is given: an array of them.
#[must_use]
pub fn parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    minicbor::decode::<Vec<Bytes>>(bytes).ok().map(|parts| parts.into_iter().map(Vec::from).collect())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for (bytes, nodes) in [
            (&[0x83, 1, 0x43, 0x82, 1, 2, 0x61, b'a'][..], 7),
            (&[0xa1, 0x18, 0x18, 0xf6], 3),
            (&[0x58, 0x18], 0),
        ] {
            let node = Node::read(bytes);
            assert_eq!(node.as_ref().map_or(0, Node::count), nodes);
            let mut again = Vec::new();
            if let Some(node) = node {
                node.write(&mut again);
                assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn much_of_what_comes_of_cbor_is_another_one() {
        let seed = [0x83, 1, 0x43, 0x82, 1, 2, 0x61, b'a'];
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let all: Vec<_> = (0..200).map(|_| mutate(&mut rng, &seed, &[0x82, 5, 6])).collect();
        let sound =
            all.iter().filter(|bytes| bytes.as_slice() != seed && Node::read(bytes).is_some()).count();
        assert!(sound > 50, "{sound}");
    }
}
