use proptest::prelude::*;

use super::*;

const HOUSE: HouseId = HouseId::new([0xab; 32]);

#[test]
fn the_same_bytes_look_the_same_for_ever() {
    // Printed letters and sheets hang on these.
    let secret = InviteSecret::from_bytes([0x5a; 16]);
    insta::assert_snapshot!(
        [
            format_invite(&secret),
            format_link("https://kita.example", &HOUSE, &secret),
            format_sheet(&DeviceKeys::from_seed([0x5a; 32])),
            fingerprint(&HOUSE),
            join_digits(&Hash::new([1; 32])).join(" "),
        ]
        .join("\n"),
        @"
    B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B8G1
    https://kita.example/#j=NENTQAXBNENTQAXBNENTQAXBNENTQAXBNENTQAXBNENTQAXBNENG.B9D5MPJTB9D5MPJTB9D5MPJTB8G1
    B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D0-TSNT
    JZKZ-X115-12JN-KTHN
    303 106 841 463 747 347
    "
    );
}

#[test]
fn reading_forgives() {
    let secret = InviteSecret::from_bytes(*b"\0\0\x02\x10nestpost1234");
    let printed = format_invite(&secret);
    assert!(printed.contains('0') && printed.contains('1'), "{printed}");
    let expected = InviteCode { house: None, secret };
    for typed in [
        printed.clone(),
        printed.to_lowercase(),
        printed.replace('-', ""),
        printed.replace('-', " – "),
        printed.replace('0', "O").replace('1', "I"),
        printed.replace('0', "o").replace('1', "l"),
        format!("  {printed}\n"),
        format!("#j={printed}"),
    ] {
        assert_eq!(InviteCode::parse(&typed).as_ref(), Ok(&expected), "{typed}");
    }
}

#[test]
fn links_name_their_house() {
    let secret = InviteSecret::generate();
    for origin in ["https://kita.example", "https://kita.example/", "http://127.0.0.1:8080"] {
        let link = format_link(origin, &HOUSE, &secret);
        assert!(link.starts_with(&format!("{}/#j=", origin.trim_end_matches('/'))), "{link}");
        let expected = InviteCode { house: Some(HOUSE), secret: secret.clone() };
        assert_eq!(InviteCode::parse(&link).as_ref(), Ok(&expected));
        let (_, fragment) = link.split_once("#j=").unwrap();
        assert_eq!(InviteCode::parse(fragment), Ok(expected));
    }
}

#[test]
fn what_is_no_code() {
    let printed = format_invite(&InviteSecret::from_bytes([9; 16]));
    let sheet = format_sheet(&DeviceKeys::from_seed([9; 32]));
    for typed in [
        "",
        "-",
        ".",
        "#j=",
        "K7QX",
        &printed[1..],
        &format!("{printed}0"),
        &sheet,
        "ÜÜÜÜ-ÜÜÜÜ",
        &format!("x.{printed}"),
    ] {
        assert_eq!(InviteCode::parse(typed), Err(CodeError::Mistyped), "{typed}");
    }
    assert!(parse_sheet(&printed).is_err());
    assert_eq!(parse_sheet(&sheet), Ok(DeviceKeys::from_seed([9; 32])));
    assert_eq!(CodeError::Mistyped.code(), "code_mistyped");
}

#[test]
fn a_code_is_followed_while_it_is_typed() {
    let printed = format_invite(&InviteSecret::from_bytes([9; 16]));
    for at in 0..printed.len() {
        assert_eq!(state(&printed[..at].to_lowercase()), CodeState::Partial, "{at}");
    }
    assert_eq!(state(&printed), CodeState::Complete);
    assert_eq!(state(&format!("{printed}0")), CodeState::Mistyped);
    assert_eq!(state("K7QX-U"), CodeState::Mistyped);
    assert_eq!(state("K7QX-ß"), CodeState::Mistyped);
    let slip = if printed.starts_with('0') { "1" } else { "0" };
    assert_eq!(state(&format!("{slip}{}", &printed[1..])), CodeState::Mistyped);
}

#[test]
fn slips_are_noticed() {
    // 10 bits of checksum: of all single wrong symbols of a code, about one in a thousand gets through.
    let symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let (mut slips, mut unnoticed) = (0, 0);
    for seed in 0..8 {
        let code: Vec<char> = format_invite(&InviteSecret::from_bytes([seed * 31; 16])).chars().collect();
        for at in (0..code.len()).filter(|at| code[*at] != '-') {
            for symbol in symbols.chars().filter(|symbol| *symbol != code[at]) {
                let mut wrong = code.clone();
                wrong[at] = symbol;
                slips += 1;
                unnoticed += u32::from(InviteCode::parse(&wrong.iter().collect::<String>()).is_ok());
            }
        }
    }
    assert!(slips > 6_000 && unnoticed < slips / 300, "{unnoticed} of {slips}");
}

#[test]
fn digits_and_fingerprints_have_their_shape() {
    let digits = join_digits(&Hash::new([1; 32]));
    assert!(
        digits.iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit())),
        "{digits:?}"
    );
    assert_ne!(digits, join_digits(&Hash::new([2; 32])));
    let groups: Vec<usize> = fingerprint(&HOUSE).split('-').map(str::len).collect();
    assert_eq!(groups, [4; 4]);
}

proptest! {
    #[test]
    fn codes_come_back(secret: [u8; 16], seed: [u8; 32]) {
        let secret = InviteSecret::from_bytes(secret);
        prop_assert_eq!(InviteCode::parse(&format_invite(&secret)).unwrap().secret, secret);
        let keys = DeviceKeys::from_seed(seed);
        prop_assert_eq!(parse_sheet(&format_sheet(&keys)).unwrap(), keys);
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,80}") {
        let _ = InviteCode::parse(&text);
        let _ = parse_sheet(&text);
    }
}
