//! New inputs from old ones as the CBOR that most of them are, so that lengths and order stay right and what lies deep inside is
//! reached. Whatever is done to plain bytes, libFuzzer does.

use ciborium::Value;
use rand::Rng;
use rand::seq::IndexedRandom as _;

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

/// An input that comes from another one, unless that is no CBOR. `bytes` changes a string of bytes.
pub fn mutate(rng: &mut impl Rng, input: &[u8], bytes: &dyn Fn(&mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut value = read(input)?;
    for _ in 0..rng.random_range(1..=4) {
        change(rng, &mut value, bytes);
    }
    write(&value)
}

fn read(mut bytes: &[u8]) -> Option<Value> {
    let value = ciborium::from_reader(&mut bytes).ok()?;
    bytes.is_empty().then_some(value)
}

fn write(value: &Value) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).ok()?;
    Some(bytes)
}

fn children(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Map(items) => items.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        _ => Vec::new(),
    }
}

fn count(value: &mut Value) -> usize {
    1 + children(value).into_iter().map(count).sum::<usize>()
}

/// The value with this number, in the order in which they are written.
fn nth(value: &mut Value, mut n: usize) -> Option<&mut Value> {
    if n == 0 {
        return Some(value);
    }
    n -= 1;
    for child in children(value) {
        let count = count(child);
        if n < count {
            return nth(child, n);
        }
        n -= count;
    }
    None
}

fn change(rng: &mut impl Rng, whole: &mut Value, bytes: &dyn Fn(&mut Vec<u8>)) {
    let count = count(whole);
    let given = nth(whole, rng.random_range(0..count)).cloned().unwrap_or(Value::Null);
    let Some(value) = nth(whole, rng.random_range(0..count)) else { return };
    if rng.random_ratio(1, 6) {
        *value = given;
        return;
    }
    match value {
        Value::Integer(number) => {
            let is = i128::from(*number);
            let next = match rng.random_range(0..3) {
                0 => is + 1,
                1 => is - 1,
                _ => NUMBERS.choose(rng).map_or(0, |number| i128::from(*number)),
            };
            *number = next.try_into().unwrap_or(*number);
        }
        Value::Bytes(string) => {
            // Which is CBOR itself now and then.
            let inside = read(string).filter(|inside| inside.is_array() || inside.is_map());
            match inside.filter(|_| rng.random_ratio(3, 4)) {
                Some(mut inside) => {
                    change(rng, &mut inside, bytes);
                    *string = write(&inside).unwrap_or_default();
                }
                None => bytes(string),
            }
        }
        Value::Text(text) => {
            let mut string = std::mem::take(text).into_bytes();
            bytes(&mut string);
            *text = String::from_utf8_lossy(&string).into_owned();
        }
        Value::Array(items) => change_list(rng, items, given),
        Value::Map(items) => {
            let key = Value::from(rng.random_range(0..24_u8));
            change_list(rng, items, (key, given));
        }
        Value::Null => *value = Value::Bool(rng.random()),
        _ => *value = Value::Null,
    }
}

fn change_list<T: Clone>(rng: &mut impl Rng, items: &mut Vec<T>, given: T) {
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
        _ => items.insert(at, given),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// An array of a number, CBOR within a string of bytes, and a text.
    const SEED: [u8; 8] = [0x83, 1, 0x43, 0x82, 1, 2, 0x61, b'a'];

    #[test]
    fn what_comes_of_cbor_is_another_one() {
        let mut rng = ChaCha8Rng::from_seed([1; 32]);
        let grow = |bytes: &mut Vec<u8>| bytes.push(7);
        let all: BTreeSet<_> = (0..200).filter_map(|_| mutate(&mut rng, &SEED, &grow)).collect();
        assert!(all.len() > 100, "{}", all.len());
        assert!(all.iter().all(|bytes| read(bytes).is_some()));
        let inside = |value: Value| value.into_array().ok()?.into_iter().nth(1)?.into_bytes().ok();
        let changed =
            |bytes: &Vec<u8>| read(bytes).and_then(inside).is_some_and(|inside| inside[..] != SEED[3..6]);
        assert!(all.iter().any(changed), "what is inside of a string of bytes changes too");
    }

    #[test]
    fn what_is_no_cbor_is_left_to_others() {
        let mut rng = ChaCha8Rng::from_seed([1; 32]);
        for bytes in [&[0x58, 0x18][..], &[1, 2], &[]] {
            assert_eq!(mutate(&mut rng, bytes, &|_| ()), None);
        }
    }
}
