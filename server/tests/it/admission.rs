//! What a frame must be to be kept, and what a refusal says.

use nestpost_protocol::epoch::Addressee;
use nestpost_protocol::id::{Accumulator, LinkHash, RecordId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::record::{Header, LogHead, Position};
use nestpost_protocol::retention::{Class, Month};

use crate::support::client::{holds, nothing};
use crate::support::house::{circle, document};
use crate::support::{Client, Device, House, TestRelay};

struct Scene {
    relay: TestRelay,
    house: House,
    director: Device,
    desk: Client,
}

async fn scene() -> Scene {
    let relay = TestRelay::start().await;
    let house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let desk = Client::member(relay.address, &house, &director).await;
    Scene { relay, house, director, desk }
}

/// Refused with this code, and everything is as before: the next honest frame is taken.
async fn refused(scene: &mut Scene, adjust: impl FnOnce(&mut Header)) -> RefusalCode {
    let mut draft = scene.house.draft();
    let mut header = draft.header(&scene.director, scene.house.names.house);
    adjust(&mut header);
    draft.record(&scene.director, header, vec![1; 50]);
    let code = scene.desk.refusal(&draft).await;
    let mut honest = scene.house.draft();
    honest.batch(&scene.director, scene.house.names.house, 50);
    scene.desk.commit(&mut scene.house, honest).await;
    code
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let mut scene = scene().await;
    let mut draft = scene.house.draft();
    let one = draft.batch(&scene.director, scene.house.names.house, 100);
    let header = Header {
        document: Some(document("staff room")),
        ..draft.header(&scene.director, scene.house.names.staff)
    };
    let two = draft.record(&scene.director, header, vec![2; 100]).id();
    let frame = draft.frame.clone();
    let first = scene.desk.commit(&mut scene.house, draft).await;
    let again = scene.desk.submit(frame.clone()).await.unwrap();
    assert_eq!((&first.placed, &first.positions), (&again.placed, &again.positions));
    assert_eq!(first.placed.iter().map(|placed| placed.record).collect::<Vec<_>>(), [one, two]);

    // Together with something new: what is known keeps its place, the rest follows.
    let mut draft = scene.house.draft();
    let three = draft.batch(&scene.director, scene.house.names.house, 100);
    draft.frame.records.insert(0, frame.records.first().unwrap().clone());
    let mixed = scene.desk.commit(&mut scene.house, draft).await;
    let placed: Vec<_> = mixed.placed.iter().map(|placed| (placed.record, placed.n)).collect();
    assert_eq!(placed, [(one, 2), (three, 3)]);
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_known_record_is_acknowledged_before_any_other_check() {
    let mut scene = scene().await;
    let educator = Device::new("educator");
    scene.house.admit(&mut scene.desk, scene.relay.address, &educator, Role::Educator).await;
    let team = scene.house.names.team;
    scene.house.let_read(&mut scene.desk, team, &educator).await;
    let mut draft = scene.house.draft();
    draft.batch(&scene.director, scene.house.names.house, 100);
    let frame = draft.frame.clone();
    scene.desk.commit(&mut scene.house, draft).await;
    // The circle turns stale; the old frame is still acknowledged.
    let mut draft = scene.house.draft();
    draft.entry(&scene.director, Body::RoleEnd(RoleEnd { person: educator.person }));
    draft.epoch(&scene.director, scene.house.names.team);
    scene.desk.commit(&mut scene.house, draft).await;
    assert_eq!(scene.desk.submit(frame).await.unwrap().placed.len(), 1);
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_chain_refusal_names_the_last_record_of_the_device() {
    let mut scene = scene().await;
    let house = scene.house.names.house;
    let mut draft = scene.house.draft();
    let last = draft.batch(&scene.director, house, 10);
    let copy = scene.house.draft();
    scene.desk.commit(&mut scene.house, draft).await;
    // A copied device goes on from before.
    let mut stale_copy = copy;
    stale_copy.batch(&scene.director, house, 11);
    let refused = scene.desk.submit(stale_copy.frame).await.unwrap_err();
    assert_eq!(refused.code, RefusalCode::Chain);
    assert_eq!((refused.seq, refused.prev, refused.circle), (Some(2), Some(last), Some(house)));
    // And a sequence that leaves one out, or another previous record.
    assert_eq!(self::refused(&mut scene, |header| header.seq += 1).await, RefusalCode::Chain);
    assert_eq!(
        self::refused(&mut scene, |header| header.prev = Some(RecordId::new([1; 32]))).await,
        RefusalCode::Chain
    );
    scene.relay.stop().await;
}

#[tokio::test]
async fn what_was_never_held_is_a_fork_and_what_was_once_held_is_not() {
    let mut scene = scene().await;
    let house = scene.house.names.house;
    let old_head = scene.house.now.head();
    let old_position = scene.house.now.tail(house);
    let other = LinkHash::new([4; 32]);
    assert_eq!(
        refused(&mut scene, |header| header.log = LogHead { hash: other, ..header.log }).await,
        RefusalCode::Fork
    );
    assert_eq!(
        refused(&mut scene, |header| header.seen =
            Position { acc: Accumulator::new([1; 32]), ..header.seen })
        .await,
        RefusalCode::Fork
    );
    assert_eq!(refused(&mut scene, |header| header.seen.n += 1).await, RefusalCode::Fork);
    let mut draft = scene.house.draft();
    draft.role(&scene.director, Device::new("x").person, Role::Educator);
    scene.desk.commit(&mut scene.house, draft).await;
    // Behind, but honest.
    let mut draft = scene.house.draft();
    let header = Header { log: old_head, seen: old_position, ..draft.header(&scene.director, house) };
    draft.record(&scene.director, header, vec![1; 9]);
    scene.desk.commit(&mut scene.house, draft).await;
    scene.relay.stop().await;
}

#[tokio::test]
async fn of_two_entries_at_one_head_the_second_is_refused_with_the_first_as_proof() {
    let mut scene = scene().await;
    let mut other = Client::member(scene.relay.address, &scene.house, &scene.director).await;
    let (mut one, mut two) = (scene.house.draft(), scene.house.draft());
    one.role(&scene.director, Device::new("one").person, Role::Educator);
    two.role(&scene.director, Device::new("two").person, Role::Educator);
    let loser = two.frame.clone();
    scene.desk.commit(&mut scene.house, one).await;
    assert_eq!(other.submit(loser).await.unwrap_err().code, RefusalCode::Head);
    // The winner's entry came before the refusal.
    assert_eq!(other.inbox.links.last().map(|link| link.seq), Some(scene.house.now.head().seq));
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_stale_circle_takes_content_only_with_its_new_epoch() {
    let mut scene = scene().await;
    let names = (scene.house.names.team, scene.house.names.house);
    let educator = Device::new("educator");
    scene.house.admit(&mut scene.desk, scene.relay.address, &educator, Role::Educator).await;
    scene.house.let_read(&mut scene.desk, names.0, &educator).await;
    // Without a new epoch for the team, nobody leaves it.
    let mut draft = scene.house.draft();
    draft.entry(&scene.director, Body::RoleEnd(RoleEnd { person: educator.person }));
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Stale);
    draft.epoch(&scene.director, names.0);
    scene.desk.commit(&mut scene.house, draft).await;

    let mut draft = scene.house.draft();
    draft.batch(&scene.director, names.1, 10);
    let refused = scene.desk.submit(draft.frame).await.unwrap_err();
    assert_eq!((refused.code, refused.circle), (RefusalCode::Stale, Some(names.1)));
    let mut draft = scene.house.draft();
    draft.epoch(&scene.director, names.1);
    draft.batch(&scene.director, names.1, 10);
    scene.desk.commit(&mut scene.house, draft).await;
    assert_eq!(self::refused(&mut scene, |header| header.epoch = 1).await, RefusalCode::Epoch);
    scene.relay.stop().await;
}

#[tokio::test]
async fn an_epoch_needs_a_wrap_for_every_reader() {
    let mut scene = scene().await;
    let mut draft = scene.house.draft();
    draft.epoch(&scene.director, scene.house.names.team);
    draft.frame.wraps.pop();
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Readers);
    let mut draft = scene.house.draft();
    draft.epoch(&scene.director, scene.house.names.team);
    draft.frame.readers.clear();
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Readers);
    scene.relay.stop().await;
}

#[tokio::test]
async fn who_may_not_write_hears_the_same_as_of_a_circle_that_is_not_there() {
    let mut scene = scene().await;
    scene.house.add_parents(&mut scene.desk).await;
    let parent = Device::new("parent");
    scene.house.admit(&mut scene.desk, scene.relay.address, &parent, Role::Guardian).await;
    scene.house.let_read(&mut scene.desk, circle("parents"), &parent).await;
    let mut phone = Client::member(scene.relay.address, &scene.house, &parent).await;
    for target in
        [scene.house.names.house, scene.house.names.staff, scene.house.names.team, circle("no such")]
    {
        let mut draft = scene.house.draft();
        draft.batch(&parent, target, 10);
        assert_eq!(phone.refusal(&draft).await, RefusalCode::NotAllowed);
    }
    // An entry only a director may write.
    let mut draft = scene.house.draft();
    let body = Body::RoleEnd(RoleEnd { person: scene.director.person });
    let entry = draft.signed_entry(&parent, &body, None);
    draft.frame.entries.push(entry);
    assert_eq!(phone.refusal(&draft).await, RefusalCode::Rule);
    // What somebody else signed.
    let mut draft = scene.house.draft();
    draft.batch(&scene.director, scene.house.names.house, 10);
    assert_eq!(phone.refusal(&draft).await, RefusalCode::NotAllowed);
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_forged_record_is_malformed() {
    let mut scene = scene().await;
    let mut draft = scene.house.draft();
    draft.batch(&scene.director, scene.house.names.house, 100);
    let record = draft.frame.records.first_mut().unwrap();
    record.body.push(0);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Malformed);
    let mut draft = scene.house.draft();
    let header = draft.header(&scene.director, scene.house.names.house);
    // Signed by another key than the header's author.
    draft.record(&Device::new("mallory"), header, vec![1; 10]);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Malformed);
    scene.relay.stop().await;
}

#[tokio::test]
async fn nobody_hands_in_what_somebody_else_wrote() {
    let mut scene = scene().await;
    let educator = Device::new("educator");
    scene.house.admit(&mut scene.desk, scene.relay.address, &educator, Role::Educator).await;
    let names = (scene.house.names.team, scene.house.names.house);
    scene.house.let_read(&mut scene.desk, names.0, &educator).await;
    let mut tablet = Client::member(scene.relay.address, &scene.house, &educator).await;

    let mut entry = scene.house.draft();
    entry.role(&scene.director, Device::new("x").person, Role::Educator);
    assert_eq!(tablet.refusal(&entry).await, RefusalCode::Rule);
    let mut record = scene.house.draft();
    record.batch(&scene.director, names.1, 10);
    assert_eq!(tablet.refusal(&record).await, RefusalCode::NotAllowed);
    let mut wrap = scene.house.draft();
    let made = wrap.wrap(&scene.director, names.0, 1, Addressee::Device(educator.id()));
    wrap.frame.wraps.push(made);
    assert_eq!(tablet.refusal(&wrap).await, RefusalCode::NotAllowed);

    // All three are good where they come from.
    for draft in [wrap, record, entry] {
        scene.desk.commit(&mut scene.house, draft).await;
    }
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_document_keeps_what_its_first_record_fixed() {
    let mut scene = scene().await;
    assert_eq!(refused(&mut scene, |header| header.month = Month::new(2027, 10)).await, RefusalCode::Expired);
    assert_eq!(refused(&mut scene, |header| header.month = Month::new(2026, 9)).await, RefusalCode::Document);
    let year = |header: &mut Header| (header.class, header.month) = (Class::Year, Month::new(2027, 9));
    assert_eq!(refused(&mut scene, year).await, RefusalCode::Document);
    let past = |header: &mut Header| {
        header.document = Some(document("old"));
        header.month = Month::new(2026, 8);
    };
    assert_eq!(refused(&mut scene, past).await, RefusalCode::Expired);
    scene.relay.stop().await;
}

#[tokio::test]
async fn a_frame_is_taken_as_a_whole_or_not_at_all() {
    let mut scene = scene().await;
    let names = (scene.house.names.house, scene.house.names.staff);
    let mut draft = scene.house.draft();
    draft.role(&scene.director, Device::new("x").person, Role::Educator);
    draft.batch(&scene.director, names.0, 10);
    let header = Header { epoch: 9, ..draft.header(&scene.director, names.1) };
    draft.record(&scene.director, header, vec![1; 10]);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Epoch);
    let held =
        holds(&scene.house.now, &[scene.house.names.team, scene.house.names.directors, names.0, names.1]);
    let mut other = Client::connect(scene.relay.address).await;
    assert!(other.login(scene.house.id(), &scene.director, &held).await.equal);
    scene.relay.stop().await;
}

#[tokio::test]
async fn many_devices_write_at_once_and_every_position_is_taken_once() {
    let mut scene = scene().await;
    let educator = Device::new("educator");
    scene.house.admit(&mut scene.desk, scene.relay.address, &educator, Role::Educator).await;
    let (team, house) = (scene.house.names.team, scene.house.names.house);
    scene.house.let_read(&mut scene.desk, team, &educator).await;
    let mut tablet = Client::member(scene.relay.address, &scene.house, &educator).await;
    // Each continues its own chain and sees what it saw at the start: nobody waits for the other.
    let write = async |client: &mut Client, device: &Device| {
        let mut draft = scene.house.draft();
        let seen = draft.tail(house);
        for _ in 0..20 {
            draft.frame = nestpost_protocol::message::Frame::default();
            let header = Header { seen, ..draft.header(device, house) };
            draft.record(device, header, vec![1; 30]);
            client.submit(draft.frame.clone()).await.unwrap();
        }
    };
    tokio::join!(write(&mut scene.desk, &scene.director), write(&mut tablet, &educator));
    let mut reader = Client::connect(scene.relay.address).await;
    reader.catch_up(scene.house.id(), &scene.house.names.sheet, nothing()).await;
    let rows = reader.inbox.rows.get(&house).unwrap();
    let numbers: Vec<u64> = rows.iter().map(|row| row.n).collect();
    assert_eq!(numbers, (1..=41).collect::<Vec<_>>());
    let mut position = Position::START;
    for row in rows {
        position = position.next(&row.id);
    }
    let signed =
        reader.inbox.synced.as_ref().unwrap().positions.iter().find(|p| p.claim.circle == house).unwrap();
    assert_eq!((signed.claim.n, signed.claim.acc), (position.n, position.acc));
    scene.relay.stop().await;
}
