use age::secrecy::SecretString;
use nestpost_protocol::id::{CircleId, Hash, HouseId, Recipient};
use nestpost_protocol::{label as wire, verify};

use super::*;

const HOUSE: HouseId = HouseId::new([1; 32]);
const CIRCLE: CircleId = CircleId::new([2; 16]);

fn secret(byte: u8) -> EpochSecret {
    EpochSecret::from_bytes([byte; 32])
}

fn keys(byte: u8, number: u32) -> EpochKeys {
    secret(byte).keys(&HOUSE, &CIRCLE, number)
}

#[test]
fn no_label_begins_another() {
    for (i, a) in label::ALL.iter().enumerate() {
        for (j, b) in label::ALL.iter().enumerate() {
            assert!(i == j || (!b.starts_with(&[a, &[0][..]].concat()) && a != b), "{i} begins {j}");
        }
    }
}

#[test]
fn derivations_never_change() {
    // Existing houses hang on these bytes. A new derivation is a new label, not a new value here.
    let device = DeviceKeys::from_seed([7; 32]);
    let epoch = keys(3, 4);
    let invite = InviteSecret::from_bytes([5; 16]);
    insta::assert_snapshot!(
        [
            device.id().to_string(),
            device.card().recipient.to_string(),
            epoch.recipient().to_string(),
            epoch.commitment().to_string(),
            epoch.expose_content_secret(),
            epoch.expose_identity(),
            invite.key().to_string(),
            invite.mac(&HOUSE).to_string(),
        ]
        .join("\n"),
        @"
    8c9899d6becb2b1e4b29e3f31e3d83075f80080a9f5c1f19acccf99aa2081167
    84c1a9c62e7cb945c54a7f463da39ffd37fc510cb4464c0b4066fbbe4626f07c
    a2b44c4fc33764f7651df438e2ab8d7e620592972c28f6d9cfd203d1310dcf7f
    a62df3c964f68a7dd98825c3c81fb111e603322009c2a70edd1c3d1eb75da319
    nestpost-content-10yn83qaujcpds8mhtu43yyg7mezkxmnms6ay38ts9uyr6ntl3y3sv3agku
    AGE-SECRET-KEY-1CDN7XL493WRVDNGR3R7KJJ8RKL4LXMKNU4KCNSTSZATEPGG8P73QPFQNC4
    7b5eb5fd3576571f069b02c362ef8b008b92fe644156dcb43ed4c1705d0c5324
    64ea93544e798a05956bc98358c1a57bdf095028e0d16df2301eea140fe1621d
    "
    );
}

#[test]
fn debug_prints_no_secret() {
    let device = DeviceKeys::from_seed([7; 32]);
    let invite = InviteSecret::from_bytes([5; 16]);
    let local = LocalKey::from_bytes([9; 32]);
    insta::assert_snapshot!(
        format!("{device:?}\n{:?}\n{:?}\n{invite:?}\n{local:?}\n{:?}", secret(3), keys(3, 4), Opener::Device(&device)),
        @"
    DeviceKeys { id: DeviceId(8c9899d6…), .. }
    EpochSecret(Secret(…))
    EpochKeys { recipient: Recipient(a2b44c4f…), .. }
    InviteSecret(…)
    LocalKey(…)
    Device(DeviceKeys { id: DeviceId(8c9899d6…), .. })
    "
    );
}

#[test]
fn errors_say_no_more_than_they_should() {
    insta::assert_snapshot!(
        [
            OpenError::NotForUs.to_string(),
            OpenError::Broken.to_string(),
            SealError::Recipient.to_string(),
            SealError::Age.to_string(),
            SealError::Length.to_string(),
        ]
        .join("\n"),
        @"
    sealed for somebody else
    sealed data is broken
    not a usable age recipient
    sealing failed
    not as many bytes as announced
    "
    );
}

#[test]
fn signatures_hold_for_their_context_alone() {
    let device = DeviceKeys::from_seed([7; 32]);
    let signature = device.sign(wire::RECORD, b"header");
    let check =
        |context, message: &[u8]| verify::verify(device.id().as_bytes(), context, message, &signature);
    assert_eq!(check(wire::RECORD, b"header"), Ok(()));
    assert!(check(wire::ENTRY, b"header").is_err());
    assert!(check(wire::RECORD, b"headex").is_err());
}

#[test]
fn content_round_trip_is_padded() {
    let keys = keys(3, 1);
    for len in [0, 1, 1023, 1024, 1025, 70_000] {
        let plaintext = vec![0x80; len];
        let file = keys.seal(&plaintext).unwrap();
        assert_eq!(keys.open(&file).unwrap(), plaintext, "{len}");
    }
    let [short, long] = [1, 1000].map(|len| keys.seal(&vec![b'x'; len]).unwrap().len());
    assert_eq!(short, long, "a length shows");
}

#[test]
fn another_epoch_circle_or_house_does_not_open() {
    let file = keys(3, 1).seal(b"text").unwrap();
    assert_eq!(keys(3, 2).open(&file), Err(OpenError::NotForUs));
    assert_eq!(secret(3).keys(&HOUSE, &CircleId::new([9; 16]), 1).open(&file), Err(OpenError::NotForUs));
    assert_eq!(secret(3).keys(&HouseId::new([9; 32]), &CIRCLE, 1).open(&file), Err(OpenError::NotForUs));
    assert_eq!(keys(4, 1).open(&file), Err(OpenError::NotForUs));
}

#[test]
fn tampering_is_noticed_at_every_byte() {
    let keys = keys(3, 1);
    let file = keys.seal(b"text").unwrap();
    for at in 0..file.len() {
        let mut bad = file.clone();
        bad[at] ^= 1;
        assert!(keys.open(&bad).is_err(), "byte {at}");
    }
    for len in 0..file.len() {
        assert!(keys.open(&file[..len]).is_err(), "cut to {len}");
    }
    assert!(keys.open(&[&file[..], &[0]].concat()).is_err(), "one byte more");
}

#[test]
fn any_other_work_factor_is_refused() {
    let keys = keys(3, 1);
    for log_n in [2, 3, 10] {
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(keys.expose_content_secret()));
        recipient.set_work_factor(log_n);
        let file = age::encrypt(&recipient, &crate::pad::pad(b"text")).unwrap();
        assert_eq!(keys.open(&file), Err(OpenError::Broken), "factor {log_n}");
    }
    // Factors 0 and 01 exist in no valid file.
    let file = keys.seal(b"text").unwrap();
    let line_end = b"age-encryption.org/v1\n-> scrypt 0123456789012345678901 1".len();
    assert_eq!(&file[line_end - 2..=line_end], b" 1\n");
    let mut zero = file.clone();
    zero[line_end - 1] = b'0';
    assert_eq!(keys.open(&zero), Err(OpenError::Broken));
    let leading = [&file[..line_end - 1], b"0", &file[line_end - 1..]].concat();
    assert_eq!(keys.open(&leading), Err(OpenError::Broken));
}

#[test]
fn a_recipient_file_is_no_content() {
    let keys = keys(3, 1);
    let file = seal::seal_to(&keys.recipient(), &crate::pad::pad(b"anyone could write this")).unwrap();
    assert_eq!(keys.open(&file), Err(OpenError::Broken));
}

#[test]
fn unpadded_content_is_refused() {
    let keys = keys(3, 1);
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(keys.expose_content_secret()));
    recipient.set_work_factor(1);
    let file = age::encrypt(&recipient, b"text").unwrap();
    assert_eq!(keys.open(&file), Err(OpenError::Broken));
}

#[test]
fn stock_age_opens_what_an_exported_secret_opens() {
    let keys = keys(3, 1);
    let file = keys.seal(b"text").unwrap();
    let identity = age::scrypt::Identity::new(SecretString::from(keys.expose_content_secret()));
    let plaintext = age::decrypt(&identity, &file).unwrap();
    assert!(plaintext.starts_with(b"text\x80\0"));
    let wrap = wrap_epoch(&secret(4), &HOUSE, &CIRCLE, 1, &keys.recipient()).unwrap();
    let identity: age::x25519::Identity = keys.expose_identity().parse().unwrap();
    assert!(age::decrypt(&identity, &wrap).is_ok());
}

#[test]
fn wraps_open_for_their_addressee_alone() {
    let device = DeviceKeys::generate();
    let team = keys(8, 2);
    let commitment = keys(3, 5).commitment();
    for (opener, to, other) in [
        (Opener::Device(&device), device.card().recipient, Opener::Epoch(&team)),
        (Opener::Epoch(&team), team.recipient(), Opener::Device(&device)),
    ] {
        let file = wrap_epoch(&secret(3), &HOUSE, &CIRCLE, 5, &to).unwrap();
        let open = |opener| unwrap_epoch(opener, &file, &HOUSE, &CIRCLE, 5, Some(&commitment));
        assert_eq!(open(opener), Ok(secret(3)));
        assert_eq!(open(other), Err(OpenError::NotForUs));
        assert!(file.len() <= nestpost_protocol::limit::WRAP_BYTES_MAX);
    }
}

#[test]
fn a_wrap_for_something_else_is_broken() {
    let device = DeviceKeys::generate();
    let to = device.card().recipient;
    let file = wrap_epoch(&secret(3), &HOUSE, &CIRCLE, 5, &to).unwrap();
    let open = |house: &HouseId, circle: &CircleId, number, commitment: Option<&Hash>| {
        unwrap_epoch(Opener::Device(&device), &file, house, circle, number, commitment)
    };
    assert_eq!(open(&HOUSE, &CIRCLE, 5, None), Ok(secret(3)));
    assert_eq!(open(&HouseId::new([9; 32]), &CIRCLE, 5, None), Err(OpenError::Broken));
    assert_eq!(open(&HOUSE, &CircleId::new([9; 16]), 5, None), Err(OpenError::Broken));
    assert_eq!(open(&HOUSE, &CIRCLE, 6, None), Err(OpenError::Broken));
    assert_eq!(open(&HOUSE, &CIRCLE, 5, Some(&keys(4, 5).commitment())), Err(OpenError::Broken));
}

#[test]
fn links_lead_back_only() {
    let [older, newer] = [keys(3, 1), keys(4, 2)];
    let link = seal_link(&secret(3), &HOUSE, &CIRCLE, 1, &newer.recipient()).unwrap();
    let open = |with| open_link(with, &link, &HOUSE, &CIRCLE, 1, Some(&older.commitment()));
    assert_eq!(open(&newer), Ok(secret(3)));
    assert_eq!(open(&older), Err(OpenError::NotForUs));
}

#[test]
fn a_recipient_of_small_order_is_an_error() {
    // A joining device presents its own recipient; age panics on these, and whatever it sealed would be open to all.
    let one = {
        let mut u = [0; 32];
        u[0] = 1;
        u
    };
    let order_eight = [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ];
    for point in [[0; 32], one, order_eight, [0xff; 32].map(|b: u8| b)] {
        let sealed = wrap_epoch(&secret(3), &HOUSE, &CIRCLE, 1, &Recipient::new(point));
        // 2^255 - 1 reduces to 18, an ordinary point: the last one shows that the check does not refuse everything.
        assert_eq!(sealed.is_ok(), point == [0xff; 32], "{point:?}");
    }
}

#[test]
fn an_invite_proves_house_and_possession() {
    let [invite, other] = [InviteSecret::generate(), InviteSecret::generate()];
    assert!(invite.authenticates(&HOUSE, &invite.mac(&HOUSE)));
    assert!(!invite.authenticates(&HouseId::new([9; 32]), &invite.mac(&HOUSE)));
    assert!(!other.authenticates(&HOUSE, &invite.mac(&HOUSE)));
    let proof = invite.sign(wire::JOIN, b"device");
    assert!(verify::verify(invite.key().as_bytes(), wire::JOIN, b"device", &proof).is_ok());
    assert!(verify::verify(other.key().as_bytes(), wire::JOIN, b"device", &proof).is_err());
    let greeting = invite.seal_greeting("Willkommen".as_bytes()).unwrap();
    assert_eq!(invite.open_greeting(&greeting).unwrap(), "Willkommen".as_bytes());
    assert_eq!(other.open_greeting(&greeting), Err(OpenError::NotForUs));
}

#[test]
fn local_rows_open_with_the_same_key() {
    let local = LocalKey::generate();
    let row = local.seal(b"outbox").unwrap();
    assert_eq!(LocalKey::from_bytes(*local.expose_bytes()).open(&row).unwrap(), b"outbox");
    assert_eq!(LocalKey::generate().open(&row), Err(OpenError::NotForUs));
}

#[test]
fn equality_is_that_of_the_secret() {
    assert_eq!(DeviceKeys::from_seed([7; 32]), DeviceKeys::from_seed([7; 32]));
    assert_ne!(DeviceKeys::from_seed([7; 32]), DeviceKeys::from_seed([8; 32]));
    assert_ne!(secret(1), secret(2));
    assert_ne!(LocalKey::generate(), LocalKey::generate());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(crate::testing::cases(64)))]

    #[test]
    fn arbitrary_bytes_never_open(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let header = b"age-encryption.org/v1\n-> scrypt ";
        for file in [bytes.clone(), [&header[..], &bytes].concat()] {
            proptest::prop_assert!(keys(3, 1).open(&file).is_err());
            proptest::prop_assert!(
                unwrap_epoch(Opener::Epoch(&keys(3, 1)), &file, &HOUSE, &CIRCLE, 1, None).is_err()
            );
        }
    }
}
