use proptest::prelude::*;

use super::*;
use crate::media::limit::{PICTURE_BYTES_MAX, PICTURE_SIDE_MAX};
use crate::media::{Format, sample, sniff};
use crate::testing::cases;

const SECRET: &[u8] = b"52.5186N 13.4081E";

fn clean(bytes: &[u8]) -> Result<Vec<u8>, MediaFault> {
    clean_jpeg(bytes, PICTURE_SIDE_MAX, PICTURE_BYTES_MAX).map(|clean| clean.bytes)
}

fn pictures() -> [Vec<u8>; 3] {
    [sample::jpeg(40, 30), sample::progressive(), sample::with_restarts()]
}

fn pixels(bytes: &[u8]) -> image::DynamicImage {
    image::load_from_memory_with_format(bytes, image::ImageFormat::Jpeg).unwrap()
}

fn carries(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Where segments begin, the end of the image among them, and the markers there. A third walk, of this test alone.
pub(super) fn places(bytes: &[u8]) -> Vec<(usize, u8)> {
    let mut places = Vec::new();
    let mut at = 2;
    loop {
        assert_eq!(bytes[at], 0xff);
        let marker = bytes[at + 1];
        places.push((at, marker));
        if marker == 0xd9 {
            return places;
        }
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        if marker == 0xda {
            while bytes[at] != 0xff || matches!(bytes[at + 1], 0 | 0xd0..=0xd7) {
                at += 1;
            }
        }
    }
}

/// A JFIF header first, then tables, frame, scans, and the end at the end.
fn assert_nothing_else(bytes: &[u8]) {
    let places = places(bytes);
    let markers: Vec<u8> = places.iter().map(|(_, marker)| *marker).collect();
    assert!(bytes.starts_with(START));
    assert_eq!(places.last().map(|(at, _)| at + 2), Some(bytes.len()));
    let inner = &markers[1..markers.len() - 1];
    assert!(
        inner.iter().all(|marker| [0xdb, 0xc0, 0xc1, 0xc2, 0xc4, 0xdd, 0xda].contains(marker)),
        "{markers:x?}"
    );
}

/// What cameras and programs write beside a picture.
fn baggage() -> Vec<(u8, Vec<u8>)> {
    let tagged = |tag: &[u8]| [tag, SECRET].concat();
    vec![
        (0xe0, tagged(b"JFXX\0\x10")),
        (0xe0, [&b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01"[..], &[9; 3], SECRET].concat()),
        (0xe1, tagged(b"Exif\0\0II*\0\x08\0\0\0")),
        (0xe1, tagged(b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>")),
        (0xe1, tagged(b"http://ns.adobe.com/xmp/extension/\0")),
        (0xe2, tagged(b"ICC_PROFILE\0\x01\x01")),
        (0xe2, tagged(b"MPF\0II*\0")),
        (0xec, tagged(b"Ducky\0")),
        (0xed, tagged(b"Photoshop 3.0\08BIM\x04\x04")),
        (0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec()),
        (0xfe, tagged(b"Mia in the garden")),
    ]
}

#[test]
fn a_picture_is_the_same_without_its_baggage() {
    for picture in pictures() {
        let bare = clean(&picture).unwrap();
        assert_nothing_else(&bare);
        assert_eq!(pixels(&bare), pixels(&picture));
        let laden = sample::with_segments(&picture, &baggage());
        assert!(carries(&laden, SECRET));
        assert_eq!(clean(&laden).as_ref(), Ok(&bare));
        // Cleaning what is clean changes nothing.
        assert_eq!(clean(&bare).as_ref(), Ok(&bare));
    }
}

#[test]
fn the_header_that_stays_says_nothing() {
    let [picture, ..] = pictures();
    let told =
        sample::with_segments(&picture[..2], &[(0xe0, b"JFIF\0\x01\x02\x02\x12\x34\x56\x78\0\0".to_vec())]);
    let told = [&told[..], &picture[20..]].concat();
    assert_eq!(clean(&told), clean(&picture));
}

#[test]
fn nothing_stays_behind_the_end() {
    for picture in pictures() {
        let bare = clean(&picture).unwrap();
        let second = sample::with_segments(&sample::jpeg(16, 16), &baggage());
        for more in [&second[..], SECRET, b"\0\0\0\x18ftypmp42", END] {
            assert_eq!(clean(&[&picture[..], more].concat()).as_ref(), Ok(&bare));
        }
    }
}

#[test]
fn a_second_picture_inside_is_no_picture() {
    let [picture, ..] = pictures();
    let frame = places(&picture).into_iter().find(|(_, marker)| *marker == 0xc0).unwrap().0;
    let twice = [&picture[..frame], &picture[frame..frame + 19], &picture[frame..]].concat();
    assert_eq!(clean(&twice), Err(MediaFault::Undecodable));
}

#[test]
fn what_has_no_end_no_frame_or_no_scan_is_refused() {
    for picture in pictures() {
        for len in 1..picture.len() {
            assert_eq!(clean(&picture[..len]), Err(MediaFault::Undecodable), "cut to {len}");
        }
        for (at, marker) in places(&picture) {
            // Arithmetic coding, lossless, hierarchical; or a table that is missing its name.
            let mut other = picture.clone();
            if matches!(marker, 0xc0..=0xc2) {
                for wrong in [0xc3, 0xc5, 0xc9, 0xca, 0xe7] {
                    other[at + 1] = wrong;
                    assert_eq!(clean(&other), Err(MediaFault::Undecodable), "{wrong:x}");
                }
            }
        }
    }
    assert_eq!(clean(b"\xff\xd8\xff\xd9"), Err(MediaFault::Undecodable));
    assert_eq!(clean(b""), Err(MediaFault::Empty));
    assert_eq!(clean(b"a text"), Err(MediaFault::Undecodable));
}

#[test]
fn no_table_has_room_for_more_than_a_table() {
    for picture in pictures() {
        for (at, marker) in places(&picture) {
            if !matches!(marker, 0xdb | 0xc4 | 0xc0 | 0xc2 | 0xda | 0xdd) {
                continue;
            }
            let length = usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
            let body = [&picture[at + 4..at + 2 + length], SECRET].concat();
            let laden =
                [&picture[..at], &sample::segment(marker, &body), &picture[at + 2 + length..]].concat();
            assert_eq!(clean(&laden), Err(MediaFault::Undecodable), "{marker:x}");
        }
    }
}

#[test]
fn bytes_that_fill_the_room_between_segments_go_too() {
    for picture in pictures() {
        let mut filled = picture.clone();
        for (at, _) in places(&picture).into_iter().rev() {
            filled.splice(at..at, [0xff; 3]);
        }
        assert_eq!(clean(&filled), clean(&picture));
    }
}

#[test]
fn bytes_that_fill_the_room_inside_a_scan_go_too() {
    for picture in pictures() {
        let mut filled = picture.clone();
        let scan = places(&picture).into_iter().find(|(_, marker)| *marker == 0xda).unwrap().0;
        let stuffed = (scan..picture.len()).filter(|at| picture[*at] == 0xff && picture[at + 1] != 0xd9);
        for at in stuffed.collect::<Vec<_>>().into_iter().rev() {
            filled.splice(at..at, [0xff; 2]);
        }
        assert_eq!(clean(&filled), clean(&picture));
    }
}

#[test]
fn what_does_not_belong_between_segments_is_not_passed_over() {
    for picture in pictures() {
        for (at, _) in places(&picture) {
            // A stray byte would be data of the scan where one went before.
            for stray in [&b"\xff\x01"[..], b"\xff\x31", b"\xff\xd8", b"\xff\xbf\x12\x34"] {
                let broken = [&picture[..at], stray, &picture[at..]].concat();
                assert_eq!(clean(&broken), Err(MediaFault::Undecodable), "{stray:x?} at {at}");
            }
        }
        let stray = [&picture[..2], &b"stray"[..], &picture[2..]].concat();
        assert_eq!(clean(&stray), Err(MediaFault::Undecodable));
    }
}

#[test]
fn sides_and_bytes_have_their_limits() {
    let picture = sample::jpeg(48, 32);
    let len = clean(&picture).unwrap().len();
    let clean = |side, bytes| clean_jpeg(&picture, side, bytes).map(|clean| (clean.width, clean.height));
    assert_eq!(clean(48, len), Ok((48, 32)));
    assert_eq!(clean(47, len), Err(MediaFault::TooManyPixels));
    assert_eq!(clean(48, len - 1), Err(MediaFault::TooLarge));
    let upright = sample::jpeg(32, 48);
    assert_eq!(clean_jpeg(&upright, 47, usize::MAX), Err(MediaFault::TooManyPixels));
    assert_eq!(clean_jpeg(&sample::resized_jpeg(0, 8), 100, usize::MAX), Err(MediaFault::Undecodable));
    assert_eq!(clean_jpeg(&sample::resized_jpeg(8, 0), 100, usize::MAX), Err(MediaFault::Undecodable));
}

#[test]
fn more_scans_than_any_encoder_writes_are_refused() {
    let picture = sample::with_restarts();
    let scan = places(&picture).into_iter().find(|(_, marker)| *marker == 0xda).unwrap().0;
    let scans = |count: usize| {
        let body = &picture[scan..picture.len() - 2];
        [&picture[..scan], &body.repeat(count), &END[..]].concat()
    };
    assert!(clean(&scans(SCANS_MAX)).is_ok());
    assert_eq!(clean(&scans(SCANS_MAX + 1)), Err(MediaFault::Undecodable));
}

/// Cameras' own files, where a folder of them is named: each is cleaned and looks the same, but for the odd damaged one.
#[test]
fn cameras_pictures_are_the_same_without_their_baggage() {
    let Some(folder) = std::env::var_os("NESTPOST_PHOTOS") else { return };
    let (mut cleaned, mut damaged) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        if sniff(&bytes) != Format::Jpeg {
            continue;
        }
        match (clean_jpeg(&bytes, u32::MAX, usize::MAX), image::load_from_memory(&bytes)) {
            (Ok(clean), Ok(seen)) => {
                assert_nothing_else(&clean.bytes);
                assert_eq!((clean.width, clean.height), (seen.width(), seen.height()), "{}", path.display());
                assert!(pixels(&clean.bytes) == seen, "{} looks different", path.display());
                cleaned += 1;
            }
            (Ok(_), Err(_)) => {}
            (Err(MediaFault::Undecodable), _) => damaged += 1,
            (Err(fault), _) => panic!("{}: {fault:?}", path.display()),
        }
    }
    println!("{cleaned} cleaned, {damaged} damaged");
    assert!(cleaned > 2 * damaged);
}

fn any_baggage() -> impl Strategy<Value = (u8, Vec<u8>)> {
    // Everything with a length that is no part of a picture.
    let markers: Vec<u8> = [0xc8, 0xcc, 0xdc, 0xde, 0xdf].into_iter().chain(0xe0..=0xfe).collect();
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::sample::select(baggage()).prop_map(|(_, body)| body),
        // Bodies that look like segments themselves.
        Just(sample::segment(0xe1, SECRET)),
        Just([&b"\xff\xd9"[..], SECRET].concat()),
    ];
    (prop::sample::select(markers), bodies)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn whatever_is_put_wherever_is_gone(
        picture in prop::sample::select(pictures().to_vec()),
        more in prop::collection::vec((any::<prop::sample::Index>(), any_baggage()), 1..6),
        trail in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let places = places(&picture);
        let mut laden = picture.clone();
        let mut more: Vec<_> = more.into_iter().map(|(place, baggage)| (places[place.index(places.len())].0, baggage)).collect();
        more.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, (marker, body)) in more {
            laden.splice(at..at, sample::segment(marker, &body));
        }
        laden.extend_from_slice(&trail);
        let bare = clean(&laden);
        prop_assert_eq!(&bare, &clean(&picture));
        assert_nothing_else(&bare.unwrap());
    }

    #[test]
    fn damaged_pictures_never_panic_and_never_carry_more(
        picture in prop::sample::select(pictures().to_vec()),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..8),
    ) {
        let mut bytes = sample::with_segments(&picture, &baggage());
        for (place, byte, what) in hits {
            let at = place.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        if let Ok(bare) = clean(&bytes) {
            assert_nothing_else(&bare);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        for bytes in [bytes.clone(), [&b"\xff\xd8\xff"[..], &bytes].concat()] {
            if let Ok(bare) = clean(&bytes) {
                assert_nothing_else(&bare);
            }
        }
    }
}
