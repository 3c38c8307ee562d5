use proptest::prelude::*;

use nestpost_protocol::id::{BlobId, DeviceId, Signature};

use super::profile::Profile;
use super::*;
use crate::crypto::BlobSecret;
use crate::document::Scalar;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn bulletin(title: &str, body: &str) -> Bulletin {
    Bulletin { title: title.into(), body: body.into(), at: 1, set: None }
}

fn blob(n: u8) -> BlobRef {
    BlobRef { id: BlobId::new([n; 32]), secret: BlobSecret::from_bytes([n + 1; 32]), bytes: 300 }
}

fn photo() -> Photo {
    Photo {
        set: ItemId::new([11; 16]),
        full: blob(12),
        thumb: blob(14),
        width: 1600,
        height: 1200,
        hash: vec![0x38, 7].into(),
        alt: "Zug".into(),
        at: 8,
        order: 1,
    }
}

fn file() -> File {
    File { set: ItemId::new([11; 16]), blob: blob(12), name: "Plan.pdf".into(), at: 9, order: 0 }
}

fn samples() -> Vec<Item> {
    let (from, to) = (day("2026-11-21"), day("2026-11-23"));
    vec![
        Item::Bulletin(Bulletin {
            title: "Laternenfest".into(),
            body: "Freitag, 17 Uhr".into(),
            at: 1,
            set: None,
        }),
        Item::Message(Message { text: "Guten Morgen".into(), at: 2, set: None }),
        Item::Absence(Absence { kind: AbsenceKind::Sick, from, to, note: "Fieber".into(), at: 3 }),
        Item::Withdrawal(Withdrawal { absence: ItemId::new([4; 16]), at: 4 }),
        Item::Seen(Seen { items: vec![ItemId::new([5; 16]), ItemId::new([6; 16])], at: 5 }),
        Item::Published(Published {
            child: CircleId::new([7; 16]),
            kind: AbsenceKind::Away,
            from,
            to,
            reporter: Some(PersonId::new([8; 16])),
        }),
        Item::PublishedEnd(PublishedEnd { absence: ItemId::new([9; 16]) }),
        Item::Letter(Letter { invite: InviteKey::new([10; 32]), at: 6, days: 14 }),
        Item::Bulletin(Bulletin { set: Some(ItemId::new([11; 16])), ..bulletin("Fest", "") }),
        Item::Message(Message { text: String::new(), at: 7, set: Some(ItemId::new([11; 16])) }),
        Item::Photo(photo()),
        Item::File(file()),
        Item::Removal(Removal { item: ItemId::new([16; 16]), at: 10 }),
        Item::Description(Description { item: ItemId::new([17; 16]), text: "Laterne".into(), at: 11 }),
        Item::LetIn(LetIn { join: Hash::new([18; 32]), at: 12 }),
        Item::Wish(Wish {
            item: ItemId::new([19; 16]),
            device: DeviceId::new([20; 32]),
            signature: Signature::new([21; 64]),
            at: 13,
        }),
        Item::Restriction(Restriction { item: ItemId::new([22; 16]), on: true, at: 14 }),
    ]
}

/// The encodings are part of what other versions of the app read.
#[test]
fn encodings_stay_what_they_are() {
    let lines: Vec<String> = samples()
        .iter()
        .map(|item| {
            let Value::Bytes(bytes) = item.value() else { panic!("an immutable item is a byte value") };
            base16ct::lower::encode_string(&bytes)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    a2000101a3006c4c617465726e656e66657374016f467265697461672c203137205568720201
    a2000201a2006c477574656e204d6f7267656e0102
    a2000301a50000011a01352901021a0135290303664669656265720403
    a2000401a20050040404040404040404040404040404040104
    a2000501a20082500505050505050505050505050505050550060606060606060606060606060606060105
    a2000601a50050070707070707070707070707070707070101021a01352901031a01352903045008080808080808080808080808080808
    a2000701a1005009090909090909090909090909090909
    a2000801a30058200a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0106020e
    a2000101a40064466573740160020103500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b
    a2000201a30060010702500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b
    a2000901a900500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b01a30058200c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0158200d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0219012c02a30058200e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0158200f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0219012c03190640041904b00542380706635a756707080801
    a2000a01a500500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b01a30058200c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0158200d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0219012c0268506c616e2e70646603090400
    a2000b01a2005010101010101010101010101010101010010a
    a2000c01a300501111111111111111111111111111111101674c617465726e65020b
    a2001301a20058201212121212121212121212121212121212121212121212121212121212121212010c
    a200181e01a4005013131313131313131313131313131313015820141414141414141414141414141414141414141414141414141414141414141402584015151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515151515030d
    a200181f01a300501616161616161616161616161616161601f5020e
    ");
}

#[test]
fn what_was_written_is_read() {
    for item in samples() {
        assert_eq!(Item::read(&item.value()), Some(item));
    }
}

#[test]
fn unknown_keys_are_skipped_and_unknown_kinds_ignored() {
    // {0: 2, 1: {0: "hi", 1: 7, 9: [1]}, 5: true}
    let newer =
        [0xA3, 0x00, 0x02, 0x01, 0xA3, 0x00, 0x62, b'h', b'i', 0x01, 0x07, 0x09, 0x81, 0x01, 0x05, 0xF5];
    assert_eq!(
        Item::read(&Value::Bytes(newer.to_vec())),
        Some(Item::Message(Message { text: "hi".into(), at: 7, set: None }))
    );
    let mut unknown = newer.to_vec();
    unknown[2] = 0x17;
    assert_eq!(Item::read(&Value::Bytes(unknown)), None);
}

#[test]
fn texts_are_read_at_their_limit_and_not_one_past_it() {
    // The longest characters there are, so that the byte limit is tested with it.
    let long = |n| "\u{1F986}".repeat(n);
    let bulletin = |t, b| Item::Bulletin(Bulletin { title: long(t), body: long(b), at: AT_MAX, set: None });
    let absence = |n| {
        let at = day("2026-11-21");
        Item::Absence(Absence { kind: AbsenceKind::Sick, from: at, to: at, note: long(n), at: 0 })
    };
    let seen = |n| Item::Seen(Seen { items: vec![ItemId::new([1; 16]); n], at: 0 });
    let message = |n| Item::Message(Message { text: long(n), at: 0, set: None });
    let told = |at| Item::Message(Message { text: long(1), at, set: None });
    for (at, past) in [
        (bulletin(TITLE_CHARS_MAX, TEXT_CHARS_MAX), bulletin(TITLE_CHARS_MAX + 1, 1)),
        (bulletin(1, TEXT_CHARS_MAX), bulletin(1, TEXT_CHARS_MAX + 1)),
        (message(TEXT_CHARS_MAX), message(TEXT_CHARS_MAX + 1)),
        (told(AT_MAX), told(AT_MAX + 1)),
        (absence(NOTE_CHARS_MAX), absence(NOTE_CHARS_MAX + 1)),
        (seen(SEEN_ITEMS_MAX), seen(SEEN_ITEMS_MAX + 1)),
    ] {
        assert_eq!(Item::read(&at.value()).as_ref(), Some(&at));
        assert_eq!(Item::read(&past.value()), None);
    }
}

#[test]
fn pictures_and_files_are_read_at_their_limits_and_not_one_past_them() {
    let text = |n| "\u{1F986}".repeat(n);
    let with = |change: &dyn Fn(&mut Photo)| {
        let mut photo = photo();
        change(&mut photo);
        Item::Photo(photo)
    };
    let named = |n| Item::File(File { name: text(n), ..file() });
    let sized = |bytes| Item::File(File { blob: BlobRef { bytes, ..blob(1) }, ..file() });
    let said = |n| Item::Description(Description { item: ItemId::new([1; 16]), text: text(n), at: 0 });
    for (at, past) in [
        (with(&|p| p.alt = text(ALT_CHARS_MAX)), with(&|p| p.alt = text(ALT_CHARS_MAX + 1))),
        (
            with(&|p| p.hash = vec![1; HASH_BYTES_MAX].into()),
            with(&|p| p.hash = vec![1; HASH_BYTES_MAX + 1].into()),
        ),
        (with(&|p| p.width = SIDE_PIXELS_MAX), with(&|p| p.width = SIDE_PIXELS_MAX + 1)),
        (with(&|p| p.height = 1), with(&|p| p.height = 0)),
        (with(&|p| p.full.bytes = PICTURE_BYTES_MAX), with(&|p| p.full.bytes = PICTURE_BYTES_MAX + 1)),
        (with(&|p| p.thumb.bytes = THUMB_BYTES_MAX), with(&|p| p.thumb.bytes = THUMB_BYTES_MAX + 1)),
        (named(FILE_NAME_CHARS_MAX), named(FILE_NAME_CHARS_MAX + 1)),
        (sized(FILE_BYTES_MAX), sized(FILE_BYTES_MAX + 1)),
        (said(ALT_CHARS_MAX), said(ALT_CHARS_MAX + 1)),
        (with(&|p| p.at = AT_MAX), with(&|p| p.at = AT_MAX + 1)),
        (Item::File(File { at: AT_MAX, ..file() }), Item::File(File { at: AT_MAX + 1, ..file() })),
    ] {
        assert_eq!(Item::read(&at.value()).as_ref(), Some(&at));
        assert_eq!(Item::read(&past.value()), None);
    }
}

#[test]
fn remarks_are_known_at_a_glance() {
    for item in samples() {
        let is_remark = matches!(item, Item::Removal(_) | Item::Description(_));
        assert_eq!(Item::is_remark(&item.value()), is_remark, "{item:?}");
        let ends = is_remark || matches!(item, Item::Wish(_) | Item::Restriction(_) | Item::PublishedEnd(_));
        assert_eq!(Item::ends_something(&item.value()), ends, "{item:?}");
    }
    assert!(!Item::is_remark(&Value::Bytes(vec![0xA2])));
}

#[test]
fn a_secret_is_not_printed_with_its_item() {
    let text = format!("{:?}", Item::Photo(photo()));
    assert!(!text.contains("13, 13") && text.contains("BlobSecret(Secret(…))"), "{text}");
}

#[test]
fn an_absence_that_ends_before_it_begins_is_none() {
    let (from, to) = (day("2026-11-22"), day("2026-11-21"));
    let item = Item::Absence(Absence { kind: AbsenceKind::Sick, from, to, note: String::new(), at: 0 });
    assert_eq!(Item::read(&item.value()), None);
}

#[test]
fn profiles_are_read_back_and_limits_hold() {
    let name = |n| "ß".repeat(n);
    for profile in [
        Profile::House {
            name: name(NAME_CHARS_MAX),
            help_line: "0341 1".into(),
            notice: name(NOTICE_CHARS_MAX),
        },
        Profile::Group { name: "Igel".into(), symbol: "hedgehog".into() },
        Profile::Staff { name: "A".into() },
        Profile::Child { name: "B".into(), left: false },
        Profile::Guardian { name: "C".into() },
    ] {
        assert_eq!(Profile::read(&profile.value()), Some(profile));
    }
    assert_eq!(Profile::read(&Profile::Child { name: name(NAME_CHARS_MAX + 1), left: false }.value()), None);
    let notice = name(NOTICE_CHARS_MAX + 1);
    assert_eq!(
        Profile::read(&Profile::House { name: "A".into(), help_line: String::new(), notice }.value()),
        None
    );
}

#[test]
fn a_symbol_of_a_newer_app_does_not_hide_the_group() {
    let Value::Map(mut map) = (Profile::Group { name: "Drachen".into(), symbol: "fox".into() }).value()
    else {
        panic!("a profile is a map")
    };
    map.insert("symbol".into(), Scalar::Text("dragon".into()));
    let read = Profile::read(&Value::Map(map));
    assert_eq!(read, Some(Profile::Group { name: "Drachen".into(), symbol: "hedgehog".into() }));
}

proptest! {
    /// Another device may write whatever it likes.
    #[test]
    fn any_bytes_are_an_item_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Some(item) = Item::read(&Value::Bytes(bytes)) {
            prop_assert_eq!(Item::read(&item.value()), Some(item));
        }
    }
}
