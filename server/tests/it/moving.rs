//! A house moves to another relay with everything it has.

use nestpost_protocol::access;
use nestpost_protocol::id::{Hash, Incarnation, RelayKey};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::restored::{Restored, positions};
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Cosignature, entry::cosign_input};
use nestpost_protocol::message::{ByeCode, ClientMessage, Cursor, RefusalCode, Word};
use nestpost_protocol::{id::Nonce, label};
use nestpost_server::moving::{self, MoveError};
use nestpost_server::{Config, DATABASE_FILE, OpenError};

use crate::support::client::{fold, nothing};
use crate::support::{Blob, Client, Courier, Device, House, Kita, TestRelay};

/// What the director sees of a copy.
fn restored(house: &House, by: &Device, incarnation: Incarnation, relay: Option<RelayKey>) -> Restored {
    let visible = access::visible(&house.now.log, &by.id());
    let circles: Vec<Cursor> = visible
        .into_iter()
        .filter_map(|circle| Some(Cursor { circle, position: *house.now.tails.get(&circle)? }))
        .collect();
    let log = house.now.log.head().unwrap();
    Restored { incarnation, log, positions: positions(&incarnation, &circles), relay, origin: None }
}

#[tokio::test]
async fn a_house_goes_on_elsewhere_once_two_have_said_so_and_nobody_joins_again() {
    let old = TestRelay::start().await;
    let mut kita = Kita::on(&old).await;
    let (director, sheet) = (kita.director.clone(), kita.house.names.sheet.clone());
    let blob = Blob::new("picture", 100);
    let courier = kita.courier(old.address).await;
    kita.share(&courier, kita.child, &blob).await;
    courier.missing(kita.child, &Blob::new("never sent", 100)).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, kita.child, 50);
    kita.desk.commit(&mut kita.house, draft).await;
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("house");
    let name = moving::fingerprint(&kita.house.id());
    let running = moving::export(&Config::new(old.folder.path()), &name, &file).await;
    assert!(matches!(running, Err(MoveError::Open(OpenError::InUse { .. }))));

    let folder = old.stop().await;
    let config = Config::new(folder.path());
    assert!(matches!(moving::export(&config, "0000-0000-0000-0000", &file).await, Err(MoveError::Unknown)));
    assert_eq!(moving::export(&config, &name.to_lowercase(), &file).await.unwrap(), name);
    assert!(matches!(moving::export(&config, &name, &file).await, Err(MoveError::FileExists { .. })));
    let target = tempfile::tempdir().unwrap();
    assert_eq!(moving::import(&Config::new(target.path()), &file).await.unwrap(), name);
    assert!(matches!(moving::import(&Config::new(target.path()), &file).await, Err(MoveError::HouseExists)));
    assert!(matches!(moving::reopen(&Config::new(target.path()), &name).await, Err(MoveError::Unknown)));

    // Everybody reads at the new one, and nobody writes.
    let new = TestRelay::start_in(target, |_| {}).await;
    let mut desk = Client::connect(new.address).await;
    let welcome = desk.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(fold(&desk.inbox).head(), kita.house.now.log.head());
    let mut parent = Client::connect(new.address).await;
    parent.catch_up(kita.house.id(), &kita.parent, nothing()).await;
    let rows = &parent.inbox.rows[&kita.child];
    assert_eq!(rows.len() as u64, kita.house.now.tails[&kita.child].n);
    assert!(rows.iter().all(|row| row.record.is_some()));
    let fetched = Courier::for_device(new.address, &kita.house, &kita.parent).await;
    assert_eq!(fetched.get(&blob).await.body, blob.sealed);
    let mut early = kita.house.draft();
    early.batch(&director, kita.child, 10);
    assert_eq!(desk.refusal(&early).await, RefusalCode::Elsewhere);

    let key = Some(desk.challenge.relay);
    let right = restored(&kita.house, &director, welcome.incarnation, key);
    for wrong in [
        Restored { incarnation: Incarnation::new([1; 16]), ..right.clone() },
        Restored { positions: Hash::new([1; 32]), ..right.clone() },
        Restored { relay: None, ..right.clone() },
        Restored { relay: Some(RelayKey::new([1; 32])), ..right.clone() },
        Restored { origin: Some("no origin".to_owned()), ..right.clone() },
    ] {
        let mut draft = kita.house.draft();
        draft.entry_with(&director, Body::Restored(wrong), Some(&sheet));
        assert_eq!(desk.refusal(&draft).await, RefusalCode::Rule);
    }
    let mut draft = kita.house.draft();
    draft.entry_with(&director, Body::Restored(right), Some(&sheet));
    desk.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, kita.child, 10);
    desk.commit(&mut kita.house, draft).await;
    // Once is enough.
    let again = restored(&kita.house, &director, Incarnation::new([9; 16]), key);
    let mut draft = kita.house.draft();
    draft.entry_with(&director, Body::Restored(again), Some(&sheet));
    assert_eq!(desk.refusal(&draft).await, RefusalCode::Rule);
    let new = TestRelay::start_in(new.stop().await, |_| {}).await;
    let mut reader = Client::connect(new.address).await;
    reader.catch_up(kita.house.id(), &kita.educator, nothing()).await;
    assert_eq!(fold(&reader.inbox).relay(), key);

    // The old one serves what it had, and takes nothing.
    let old = TestRelay::start_in(folder, |_| {}).await;
    let mut late = Client::connect(old.address).await;
    late.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(late.refusal(&early).await, RefusalCode::Elsewhere);
    drop(late);
    let folder = old.stop().await;
    assert_eq!(moving::reopen(&config, &name).await.unwrap(), name);
    let old = TestRelay::start_in(folder, |_| {}).await;
    let mut back = Client::connect(old.address).await;
    back.catch_up(kita.house.id(), &director, nothing()).await;
    assert!(back.submit(early.frame.clone()).await.is_ok());
}

fn word(house: &House, by: &Device, body: &Restored) -> Vec<Word> {
    let (kind, bytes) = Body::Restored(body.clone()).encode();
    let nonce = Nonce::new(rand::random());
    let signature = by.sign(label::COSIGN, &cosign_input(house.now.log.house(), kind, &bytes, nonce));
    vec![Word { body: body.clone(), cosignature: Cosignature { device: by.id(), nonce, signature }, at: 7 }]
}

/// The same house on another relay.
async fn moved(old: TestRelay, house: &House) -> TestRelay {
    let folder = old.stop().await;
    let files = tempfile::tempdir().unwrap();
    let (file, target) = (files.path().join("house"), tempfile::tempdir().unwrap());
    moving::export(&Config::new(folder.path()), &moving::fingerprint(&house.id()), &file).await.unwrap();
    moving::import(&Config::new(target.path()), &file).await.unwrap();
    TestRelay::start_in(target, |_| {}).await
}

#[tokio::test]
async fn what_one_director_says_of_a_copy_is_shown_to_the_others_alone_and_one_of_them_agrees() {
    let old = TestRelay::start().await;
    let mut kita = Kita::on(&old).await;
    let (director, second) = (kita.director.clone(), Device::of("second", "second"));
    kita.house.admit(&mut kita.desk, old.address, &second, Role::Director).await;
    let new = moved(old, &kita.house).await;
    let mut desk = Client::connect(new.address).await;
    let life = desk.catch_up(kita.house.id(), &director, nothing()).await.incarnation;
    let mut office = Client::connect(new.address).await;
    office.catch_up(kita.house.id(), &second, nothing()).await;
    let mut tablet = Client::connect(new.address).await;
    tablet.catch_up(kita.house.id(), &kita.educator, nothing()).await;

    let body = restored(&kita.house, &director, life, Some(desk.challenge.relay));
    let said = word(&kita.house, &director, &body);
    desk.send(&ClientMessage::Words(said.clone())).await;
    office.receive_until(|inbox| inbox.words == said).await;
    desk.receive_until(|inbox| inbox.words == said).await;
    let mut late = Client::connect(new.address).await;
    late.catch_up(kita.house.id(), &second, nothing()).await;
    late.receive_until(|inbox| inbox.words == said).await;
    tablet.ticket().await;
    assert!(tablet.inbox.words.is_empty(), "directors only");
    drop(late);

    // Taken back; and what is not of this copy, or not a director's, is not shown.
    desk.send(&ClientMessage::Words(vec![])).await;
    office.receive_until(|inbox| inbox.words.is_empty()).await;
    let other = Restored { positions: Hash::new([1; 32]), ..body.clone() };
    desk.send(&ClientMessage::Words(word(&kita.house, &director, &other))).await;
    tablet.send(&ClientMessage::Words(word(&kita.house, &kita.educator, &body))).await;
    tablet.ticket().await;
    desk.send(&ClientMessage::Words(said.clone())).await;
    office.receive_until(|inbox| !inbox.words.is_empty()).await;
    assert_eq!(office.inbox.words, said);
    // Nobody says it for somebody else, nor twice.
    for wrong in
        [said.clone(), [word(&kita.house, &second, &body), word(&kita.house, &second, &body)].concat()]
    {
        let mut other = Client::connect(new.address).await;
        other.catch_up(kita.house.id(), &second, nothing()).await;
        other.send(&ClientMessage::Words(wrong)).await;
        assert_eq!(other.bye().await, ByeCode::Malformed);
    }

    // What the first one saw counts, whatever the second one sees.
    let mut draft = kita.house.draft();
    draft.entry_with(&second, Body::Restored(body), Some(&director));
    office.commit(&mut kita.house, draft).await;
    desk.receive_until(|inbox| inbox.words.is_empty()).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, kita.child, 10);
    desk.commit(&mut kita.house, draft).await;
    desk.send(&ClientMessage::Words(said)).await;
    desk.ticket().await;
    assert!(desk.inbox.words.is_empty(), "it is over");
}

#[tokio::test]
async fn a_file_that_was_tampered_with_is_not_taken_in() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", 100);
    let courier = kita.courier(relay.address).await;
    kita.share(&courier, kita.child, &blob).await;
    let name = moving::fingerprint(&kita.house.id());
    let folder = relay.stop().await;
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("house");
    moving::export(&Config::new(folder.path()), &name, &file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let header = &kita.house.now.frame.records[0].body;
    for part in [&blob.sealed[..], header] {
        let at = whole.windows(part.len()).position(|window| window == part).unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let target = tempfile::tempdir().unwrap();
        assert!(moving::import(&Config::new(target.path()), &file).await.is_err());
        let relay = TestRelay::start_in(target, |_| {}).await;
        let mut nobody = Client::connect(relay.address).await;
        let hello = nobody.hello(kita.house.id(), &kita.director, &nothing());
        nobody.send(&nestpost_protocol::message::ClientMessage::Hello(hello)).await;
        assert_eq!(nobody.bye().await, nestpost_protocol::message::ByeCode::NotFound);
    }
    let _ = DATABASE_FILE;
}
