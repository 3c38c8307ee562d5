//! Frames as they are sent: what a packed one stands for, and packs that stand for nothing.

use nestpost_protocol::codec::encode;
use nestpost_protocol::message::Frame;
use nestpost_protocol::pack::PackedWrap;

use super::{Case, Given, Input};
use crate::house::*;

/// Share, sealed file key and MAC of an age file.
const KEYS_BYTES: usize = 96;

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let mut push = |name: &str, frame: &Frame, expect: &str| {
        cases.push(Case {
            name: format!("bytes-packed-frame{name}"),
            given: Given::Nothing,
            input: Input::Bytes("packed-frame", encode(frame)),
            expect: expect.to_owned(),
        });
    };
    // An epoch that names a key circle and gives its keys to somebody by device too.
    let names_keys = |frame: &&Frame| {
        let packed = (*frame).clone().packed();
        let rows = packed.packs.iter().flatten().flat_map(|pack| &pack.rows);
        rows.clone().any(|row| row.addressee.is_none()) && rows.clone().any(|row| row.addressee.is_some())
    };
    let frame = kita.house.frames.iter().find(names_keys).expect("a frame with such an epoch");
    let packed = frame.clone().packed();
    push("", &packed, "ok");
    let with = |change: &dyn Fn(&mut nestpost_protocol::pack::Pack)| {
        let mut changed = packed.clone();
        changed.packs.iter_mut().flatten().for_each(change);
        changed
    };
    push("-of-no-record", &with(&|pack| pack.record = 99), "OutOfRange");
    let unnamed = |row: &mut PackedWrap| row.addressee = None;
    push("-with-more-keys-than-named", &with(&|pack| pack.rows.iter_mut().for_each(unnamed)), "OutOfRange");
    let age = |bytes: usize| {
        move |row: &mut PackedWrap| {
            (row.sealed, row.others) = (vec![7; bytes].into(), Some(Vec::new()));
        }
    };
    push("-with-an-age-file", &with(&|pack| pack.rows.iter_mut().for_each(age(KEYS_BYTES + 80))), "ok");
    let cut = with(&|pack| pack.rows.iter_mut().for_each(age(KEYS_BYTES - 1)));
    push("-with-an-age-file-cut", &cut, "OutOfRange");
}
