use age::secrecy::SecretString;
use proptest::prelude::*;

use super::*;
use crate::crypto::DeviceKeys;
use crate::crypto::seal;
use crate::testing::cases;

/// Bytes that look like nothing else, and like no padding.
fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// Any plaintext as a passphrase file.
fn stock(secret: &BlobSecret, factor: u8, plaintext: &[u8]) -> Vec<u8> {
    locked(secret.expose_passphrase(), factor, plaintext)
}

fn locked(passphrase: String, factor: u8, plaintext: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase));
    recipient.set_work_factor(factor);
    age::encrypt(&recipient, plaintext).unwrap()
}

fn id_of(bytes: &[u8]) -> BlobId {
    Manifest::of(bytes).unwrap().id()
}

/// Pushes in pieces of the given lengths, over and over. Returns what was handed out, and how it ended.
fn pushed(mut opener: BlobOpener, mut bytes: &[u8], pieces: &[usize]) -> (Vec<u8>, Result<(), OpenError>) {
    let mut out = Vec::new();
    for piece in pieces.iter().cycle() {
        if bytes.is_empty() {
            break;
        }
        let (now, later) = bytes.split_at((*piece).min(bytes.len()));
        match opener.push(now) {
            Ok(opened) => out.extend_from_slice(&opened),
            Err(error) => return (out, Err(error)),
        }
        bytes = later;
    }
    (out, opener.finish())
}

/// Lengths around everything that has an edge: the smallest size class, a padded length of one full chunk, of two, and a
/// part of the relay's.
const EDGES: [usize; 13] =
    [0, 1, 1022, 1023, 1024, 65_534, 65_535, 65_536, 131_071, 131_072, 350_000, 1_048_000, 1_100_000];

#[test]
fn it_opens_as_what_was_sealed_and_its_length_was_known() {
    for len in EDGES {
        let content = content(len);
        let (bytes, sealed) = seal(&content).unwrap();
        assert_eq!(sealed_bytes(len as u64), Some(bytes.len() as u64), "{len}");
        assert_eq!(sealed.sealed_bytes(), bytes.len() as u64, "{len}");
        assert_eq!(sealed.manifest, Manifest::of(&bytes).unwrap(), "{len}");
        assert_eq!(open(&bytes, &sealed.secret, len as u64, sealed.id()).as_ref(), Ok(&content), "{len}");
    }
}

#[test]
fn every_blob_has_another_secret_and_another_id() {
    let [(_, a), (_, b)] = [seal(b"the same").unwrap(), seal(b"the same").unwrap()];
    assert_ne!(a.secret, b.secret);
    assert_ne!(a.id(), b.id());
}

#[test]
fn its_length_tells_the_size_class_alone() {
    let [short, long] = [100_000, 100_300].map(|len| seal(&content(len)).unwrap().0.len());
    assert_eq!(short, long);
}

#[test]
fn tampering_is_noticed_at_every_byte_and_cut() {
    let (bytes, sealed) = seal(b"a small picture").unwrap();
    // Without the id, which would tell as well.
    let opens = |bytes: &[u8]| {
        let opener = BlobOpener::new(&sealed.secret, 15, None).unwrap();
        let (out, end) = pushed(opener, bytes, &[100]);
        assert!(b"a small picture".starts_with(&out), "something else was handed out");
        end.is_ok()
    };
    assert!(opens(&bytes));
    // Every byte of the header, the first of the payload, and the tag; of the padding in between one in a while.
    let places =
        (0..bytes.len()).filter(|at| *at < HEADER_BYTES + 32 || at % 23 == 0 || bytes.len() - at < 20);
    for at in places {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        assert!(!opens(&bad), "byte {at}");
        assert!(!opens(&bytes[..at]), "cut to {at}");
    }
    assert!(!opens(&[&bytes[..], &[0]].concat()), "one byte more");
    assert!(!opens(&[&bytes[..], &bytes[..]].concat()), "twice");
}

#[test]
fn chunks_have_their_place() {
    let content = content(200_000);
    let (bytes, sealed) = seal(&content).unwrap();
    let (header, payload) = bytes.split_at(HEADER_BYTES);
    let mut chunks: Vec<&[u8]> = payload.chunks(SEALED_CHUNK_BYTES).collect();
    assert_eq!(chunks.len(), 4);
    chunks.swap(1, 2);
    let swapped = [header, &chunks.concat()].concat();
    let opener = BlobOpener::new(&sealed.secret, 200_000, None).unwrap();
    let (out, end) = pushed(opener, &swapped, &[1000]);
    assert_eq!((out.len(), end), (CHUNK_BYTES, Err(OpenError::Broken)));
    assert!(content.starts_with(&out));
}

#[test]
fn a_blob_that_was_cut_between_chunks_is_not_taken_for_a_shorter_one() {
    // The first chunk ends as the padding of a shorter content would: only the end, which age marks, tells.
    let mut content = content(131_071);
    content[65_535] = 0x80;
    let (bytes, sealed) = seal(&content).unwrap();
    let cut = &bytes[..usize::try_from(sealed_bytes(65_535).unwrap()).unwrap()];
    assert_eq!(cut.len(), HEADER_BYTES + SEALED_CHUNK_BYTES);
    let opener = BlobOpener::new(&sealed.secret, 65_535, None).unwrap();
    assert_eq!(pushed(opener, cut, &[4096]), (Vec::new(), Err(OpenError::Broken)));
    // And the one that ends there is none that goes on.
    let (bytes, sealed) = seal(&content[..65_535]).unwrap();
    let longer = [&bytes[..], &bytes[HEADER_BYTES..]].concat();
    let opener = BlobOpener::new(&sealed.secret, 131_071, None).unwrap();
    assert_eq!(pushed(opener, &longer, &[4096]).1, Err(OpenError::Broken));
}

#[test]
fn secret_id_and_length_must_be_the_blobs_own() {
    let content = content(70_000);
    let (bytes, sealed) = seal(&content).unwrap();
    let (_, other) = seal(&content).unwrap();
    let open = |secret, len, id| open(&bytes, secret, len, id);
    assert_eq!(open(&other.secret, 70_000, sealed.id()), Err(OpenError::NotForUs));
    assert_eq!(open(&sealed.secret, 70_000, other.id()), Err(OpenError::Broken));
    // 69,999 and 70,001 have the same size class.
    for len in [0, 1000, 69_999, 70_001, 140_000, BLOB_PLAIN_BYTES_MAX, BLOB_PLAIN_BYTES_MAX + 1, u64::MAX] {
        assert_eq!(open(&sealed.secret, len, sealed.id()), Err(OpenError::Broken), "{len}");
    }
    assert_eq!(open(&sealed.secret, 70_000, sealed.id()), Ok(content));
}

#[test]
fn another_file_under_the_same_secret_is_not_the_blob() {
    let (_, sealed) = seal(b"a picture").unwrap();
    let other = stock(&sealed.secret, 1, &pad::pad(b"a painted"));
    assert_eq!(open(&other, &sealed.secret, 9, sealed.id()), Err(OpenError::Broken));
    assert_eq!(open(&other, &sealed.secret, 9, id_of(&other)).unwrap(), b"a painted");
}

#[test]
fn any_other_work_factor_and_any_recipient_is_refused() {
    let secret = BlobSecret::generate();
    for factor in [2, 3, 10] {
        let file = stock(&secret, factor, &pad::pad(b"text"));
        assert_eq!(open(&file, &secret, 4, id_of(&file)), Err(OpenError::Broken), "factor {factor}");
    }
    let file = seal::seal_to(&DeviceKeys::generate().card().recipient, &pad::pad(b"text")).unwrap();
    let mut opener = BlobOpener::new(&secret, 4, None).unwrap();
    assert_eq!(opener.push(&file), Err(OpenError::Broken));
}

#[test]
fn a_passphrase_without_our_prefix_is_another() {
    let secret = BlobSecret::generate();
    let ours = secret.expose_passphrase();
    let bare = ours.trim_start_matches("nestpost-blob-").to_owned();
    assert_ne!(bare, ours);
    for passphrase in [bare, secret.expose_hex(), ours.replace("-blob-", "-content-")] {
        let file = locked(passphrase, 1, &pad::pad(b"text"));
        assert_eq!(open(&file, &secret, 4, id_of(&file)), Err(OpenError::NotForUs));
    }
}

#[test]
fn another_padding_is_refused() {
    let secret = BlobSecret::generate();
    let padded = pad::pad(b"text");
    for (at, byte) in [(4, 0), (4, 0x81), (5, 1), (5, 0x80), (1023, 1)] {
        let mut padded = padded.clone();
        padded[at] = byte;
        let file = stock(&secret, 1, &padded);
        assert_eq!(open(&file, &secret, 4, id_of(&file)), Err(OpenError::Broken), "{byte} at {at}");
    }
    for plaintext in [&b"text"[..], b"text\x80", &[&padded[..], &[0]].concat(), &padded[..1023]] {
        let file = stock(&secret, 1, plaintext);
        assert_eq!(open(&file, &secret, 4, id_of(&file)), Err(OpenError::Broken), "{}", plaintext.len());
    }
}

#[test]
fn a_broken_opener_stays_broken() {
    let (bytes, sealed) = seal(&content(70_000)).unwrap();
    let mut opener = BlobOpener::new(&sealed.secret, 70_000, None).unwrap();
    let mut bad = bytes.clone();
    bad[40] ^= 1;
    assert!(opener.push(&bad[..HEADER_BYTES]).is_err());
    assert_eq!(opener.push(&bytes), Err(OpenError::Broken));
    assert_eq!(opener.finish(), Err(OpenError::Broken));
    // Everything came and was authentic, and is no blob all the same.
    let mut padded = pad::pad(b"text");
    padded[1023] = 1;
    let mut opener = BlobOpener::new(&sealed.secret, 4, None).unwrap();
    assert_eq!(opener.push(&stock(&sealed.secret, 1, &padded)), Err(OpenError::Broken));
    assert_eq!(opener.finish(), Err(OpenError::Broken));
}

#[test]
fn sealing_takes_exactly_what_was_announced() {
    let mut sealer = BlobSealer::new(10).unwrap();
    sealer.push(&[1; 6]).unwrap();
    assert_eq!(sealer.push(&[1; 5]), Err(SealError::Length));
    let mut sealer = BlobSealer::new(10).unwrap();
    sealer.push(&[1; 9]).unwrap();
    assert_eq!(sealer.finish(), Err(SealError::Length));
    assert!(BlobSealer::new(BLOB_PLAIN_BYTES_MAX).is_ok());
    assert!(matches!(BlobSealer::new(BLOB_PLAIN_BYTES_MAX + 1), Err(SealError::Length)));
}

#[test]
fn neither_way_holds_more_than_a_chunk() {
    let content = content(1_000_000);
    let mut sealer = BlobSealer::new(1_000_000).unwrap();
    let (mut bytes, mut taken) = (Vec::new(), 0);
    for piece in content.chunks(10_000) {
        bytes.append(&mut sealer.push(piece).unwrap());
        taken += piece.len();
        let held = taken.saturating_sub(bytes.len());
        assert!(held <= CHUNK_BYTES, "the sealer holds {held}");
    }
    let (rest, sealed) = sealer.finish().unwrap();
    bytes.extend_from_slice(&rest);
    let mut opener = BlobOpener::new(&sealed.secret, 1_000_000, Some(sealed.id())).unwrap();
    let (mut opened, mut taken) = (0, 0);
    for piece in bytes.chunks(10_000) {
        opened += opener.push(piece).unwrap().len();
        taken += piece.len();
        let held = taken.min(1_000_000) - opened;
        assert!(held <= SEALED_CHUNK_BYTES + 16 * TAG_BYTES + HEADER_BYTES, "the opener holds {held}");
    }
    assert_eq!(opener.finish(), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(32)))]

    #[test]
    fn any_split_seals_and_opens_to_the_same(
        len in prop_oneof![0usize..3000, 60_000usize..70_000, 120_000usize..300_000],
        sealing in prop::collection::vec(1usize..90_000, 1..8),
        opening in prop::collection::vec(1usize..90_000, 1..8),
    ) {
        let content = content(len);
        let mut sealer = BlobSealer::new(len as u64).unwrap();
        let (mut bytes, mut rest) = (Vec::new(), &content[..]);
        for piece in sealing.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            bytes.append(&mut sealer.push(now).unwrap());
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let (last, sealed) = sealer.finish().unwrap();
        bytes.extend_from_slice(&last);
        prop_assert_eq!(sealed.id(), id_of(&bytes));
        let opener = BlobOpener::new(&sealed.secret, len as u64, Some(sealed.id())).unwrap();
        prop_assert_eq!(pushed(opener, &bytes, &opening), (content, Ok(())));
    }

    #[test]
    fn nothing_but_the_content_is_ever_handed_out(
        len in prop_oneof![0usize..3000, 60_000usize..200_000],
        place: prop::sample::Index,
        what in 0u8..4,
        bit in 0u8..8,
        pieces in prop::collection::vec(1usize..90_000, 1..4),
    ) {
        let content = content(len);
        let (mut bytes, sealed) = seal(&content).unwrap();
        let at = place.index(bytes.len());
        match what {
            0 => bytes[at] ^= 1 << bit,
            1 => bytes.truncate(at),
            2 => bytes.insert(at, bit),
            _ => { bytes.remove(at); }
        }
        let opener = BlobOpener::new(&sealed.secret, len as u64, None).unwrap();
        let (out, end) = pushed(opener, &bytes, &pieces);
        prop_assert!(end.is_err());
        prop_assert!(content.starts_with(&out));
    }

    #[test]
    fn a_manifest_built_bit_by_bit_is_that_of_the_whole(
        len in 1usize..3_000_000,
        pieces in prop::collection::vec(1usize..1_500_000, 1..4),
    ) {
        let bytes = vec![7; len];
        let (mut builder, mut rest) = (ManifestBuilder::default(), &bytes[..]);
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            builder.push(now);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(builder.finish(), Manifest::of(&bytes).unwrap());
    }

    #[test]
    fn arbitrary_bytes_never_open(bytes in prop::collection::vec(any::<u8>(), 0..2000), len in 0u64..2000) {
        let secret = BlobSecret::from_bytes([1; 32]);
        let header = b"age-encryption.org/v1\n-> scrypt ";
        for file in [bytes.clone(), [&header[..], &bytes].concat()] {
            let (out, end) = pushed(BlobOpener::new(&secret, len, None).unwrap(), &file, &[64]);
            prop_assert!(out.is_empty() && end.is_err());
        }
    }
}
