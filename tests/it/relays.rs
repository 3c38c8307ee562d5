//! What every relay must do, as one list: the one in memory, with which houses are simulated, and the real one on its store. Clients
//! on real sockets, frames signed by hand.
//!
//! Not in it: what the one in memory does not have (blobs, quotas, rates, its own day, expiry), which are the real one's own tests.

use nestpost_protocol::access;
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::{Addressee, Wrap};
use nestpost_protocol::id::{CircleId, HouseId, LinkHash, RecordId};
use nestpost_protocol::label;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::message::{
    ByeCode, ClientMessage, Cursors, Hello, InviteStage, LOG, RefusalCode, RelayMessage, Stage, WantedRows,
    log_position,
};
use nestpost_protocol::record::{Header, Kind, LogHead, Position, Record};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::snapshot::{LastRecord, SnapshotBody};

mod copies;
mod place;
mod support;

use copies::{brought, taken_back, words};
use place::{Memory, Place, Real};
use support::client::{fold, holds, nothing};
use support::house::{Secret, document};
use support::{Client, Device, House, Kita};

/// Each case, for each of the two.
macro_rules! list {
    ($($case:ident as $name:ident,)*) => {
        mod real {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                $case::<Real>().await;
            })*
        }

        mod memory {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                $case::<Memory>().await;
            })*
        }
    };
}

list! {
    founded as a_founded_house_reaches_its_director_with_signed_positions,
    equal as who_has_everything_is_told_nothing,
    strangers as whoever_does_not_belong_gets_the_same_answer,
    replayed as a_recorded_hello_opens_no_second_session,
    delivered as rows_come_before_the_acknowledgement_and_to_everybody_who_reads,
    known as what_is_known_is_acknowledged_again_before_any_other_check,
    whole as a_frame_is_taken_as_a_whole_or_not_at_all,
    chained as a_chain_refusal_names_the_last_record_of_the_device,
    forked as what_was_never_held_is_a_fork_and_what_was_once_held_is_not,
    headed as of_two_entries_at_one_head_the_second_is_refused_with_the_first_as_proof,
    stale as a_stale_circle_takes_content_only_with_its_new_epoch,
    wrapped as an_epoch_needs_a_wrap_for_every_reader,
    written as who_may_not_write_hears_the_same_of_every_circle,
    foreign as nobody_hands_in_what_somebody_else_wrote,
    forged as a_forged_record_is_malformed,
    fixed as a_document_keeps_what_its_first_record_fixed,
    mailed as wraps_come_until_they_are_acknowledged_and_again_to_who_lost_everything,
    resumed as a_history_comes_from_where_one_left_off,
    let_in as a_letter_leads_to_the_door_and_a_confirmation_inside,
    at_the_door as at_the_door_nothing_but_a_join_is_taken,
    complained as whoever_may_wrap_hears_a_complaint_once_and_until_it_is_answered,
    spared as whoever_comes_new_gets_the_snapshot_first_and_the_records_on_demand,
    wanted as nobody_hands_in_a_snapshot_of_another_or_asks_for_what_is_not_theirs,
    restarted as what_was_acknowledged_is_there_after_a_restart,
    taken_back as a_relay_takes_back_what_its_backup_lacks_and_forgets_what_came_before_it_knew,
    brought as what_nobody_had_is_brought_later_by_whoever_has_it_unless_it_was_erased,
    words as what_one_director_says_of_a_copy_is_heard_by_the_others_alone,
}

struct Scene<P> {
    place: P,
    house: House,
    director: Device,
    desk: Client,
}

async fn scene<P: Place>() -> Scene<P> {
    let place = P::start().await;
    let house = Client::new_house(place.address()).await;
    let director = house.names.director.clone();
    let desk = Client::member(place.address(), &house, &director).await;
    Scene { place, house, director, desk }
}

impl<P: Place> Scene<P> {
    /// Somebody of the staff.
    async fn educator(&mut self) -> Device {
        let educator = Device::new("educator");
        self.house.admit(&mut self.desk, self.place.address(), &educator, Role::Educator).await;
        let team = self.house.names.team;
        self.house.let_read(&mut self.desk, team, &educator).await;
        educator
    }

    /// Refused with this code, and everything is as before: the next honest frame is taken.
    async fn refused(&mut self, adjust: impl FnOnce(&mut Header)) -> RefusalCode {
        let mut draft = self.house.draft();
        let mut header = draft.header(&self.director, self.house.names.house);
        adjust(&mut header);
        draft.record(&self.director, header, vec![1; 50]);
        let code = self.desk.refusal(&draft).await;
        self.write(50).await;
        code
    }

    async fn write(&mut self, bytes: usize) -> RecordId {
        let mut draft = self.house.draft();
        let id = draft.batch(&self.director, self.house.names.house, bytes);
        self.desk.commit(&mut self.house, draft).await;
        id
    }
}

async fn founded<P: Place>() {
    let place = P::start().await;
    let mut client = Client::connect(place.address()).await;
    let house = House::found(client.challenge.relay);
    let ack = client.found(house.now.frame.clone(), None).await.unwrap();
    assert_eq!(ack.placed.len(), 4);
    assert!(ack.positions.iter().all(|position| position.holds(&client.challenge.relay)));
    // On the same socket.
    client.catch_up(house.id(), &house.names.director, nothing()).await;
    let log = fold(&client.inbox);
    assert_eq!(log.head(), house.now.log.head());
    let synced = client.inbox.synced.as_ref().unwrap();
    assert_eq!((synced.log, synced.positions.len()), (house.now.log.head(), 5));
    for position in &synced.positions {
        assert!(position.holds(&log.relay().unwrap()));
        let held = match position.claim.circle {
            LOG => log_position(&log),
            circle => house.now.tail(circle),
        };
        assert_eq!((position.claim.n, position.claim.acc), (held.n, held.acc));
    }
    let rows = client.inbox.rows.get(&house.names.team).unwrap();
    assert!(rows.iter().all(|row| row.record.is_none() && !row.gone && row.readers.is_some()));
    assert!(client.inbox.wraps.len() >= 4, "{}", client.inbox.wraps.len());
}

async fn equal<P: Place>() {
    let Scene { place, house, mut desk, .. } = scene::<P>().await;
    let names = &house.names;
    let wraps = desk.inbox.wraps.iter().map(Wrap::id).collect();
    desk.send(&ClientMessage::WrapAck(wraps)).await;
    desk.ticket().await;
    let mut client = Client::connect(place.address()).await;
    let held = holds(&house.now, &[names.team, names.directors, names.house, names.staff]);
    let welcome = client.login(house.id(), &names.director, &held).await;
    assert!(welcome.equal);
    assert_eq!(welcome.stage, Stage::Member);
    // The next message is the answer to what is asked next.
    client.ticket().await;
    assert!(client.inbox.order.is_empty(), "{:?}", client.inbox.order);
    let less = holds(&house.now, &[names.team, names.directors, names.staff]);
    let mut client = Client::connect(place.address()).await;
    assert!(!client.login(house.id(), &names.director, &less).await.equal);
}

async fn strangers<P: Place>() {
    let Scene { place, house, director, .. } = scene::<P>().await;
    let (stranger, state) = (Device::new("stranger"), nothing());
    for case in ["no house", "not a member", "wrong signature", "no invite", "an invite's key alone"] {
        let mut client = Client::connect(place.address()).await;
        let mut forged = client.hello(house.id(), &director, &state);
        forged.signature = client.hello(house.id(), &stranger, &state).signature;
        let mut keyed = client.invite_hello(&Secret::new("letter"));
        keyed.signature = client.invite_hello(&Secret::new("never sent")).signature;
        let message = match case {
            "no house" => ClientMessage::Hello(client.hello(HouseId::new([9; 32]), &director, &state)),
            "not a member" => ClientMessage::Hello(client.hello(house.id(), &stranger, &state)),
            "wrong signature" => ClientMessage::Hello(forged),
            "no invite" => ClientMessage::InviteHello(client.invite_hello(&Secret::new("never sent"))),
            _ => ClientMessage::InviteHello(keyed),
        };
        client.send(&message).await;
        assert_eq!(client.receive().await, RelayMessage::Bye(ByeCode::NotFound), "{case}");
        assert!(client.try_receive().await.is_none(), "{case}");
    }
}

async fn replayed<P: Place>() {
    let Scene { place, house, director, .. } = scene::<P>().await;
    let mut client = Client::connect(place.address()).await;
    let hello = client.hello(house.id(), &director, &nothing());
    client.send(&ClientMessage::Hello(hello.clone())).await;
    assert!(matches!(client.receive().await, RelayMessage::Welcome(_)));
    // On a new socket the nonce is another.
    let mut thief = Client::connect(place.address()).await;
    thief.send(&ClientMessage::Hello(hello.clone())).await;
    assert_eq!(thief.bye().await, ByeCode::NotFound);
    // On the same one it is out of order.
    client.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(client.bye().await, ByeCode::Malformed);
}

async fn delivered<P: Place>() {
    let mut scene = scene::<P>().await;
    let (sheet, target) = (scene.house.names.sheet.clone(), scene.house.names.house);
    let mut other = Client::member(scene.place.address(), &scene.house, &sheet).await;
    let mut draft = scene.house.draft();
    let id = draft.batch(&scene.director, target, 100);
    let record = draft.frame.records.first().unwrap().clone();
    scene.desk.inbox.rows.clear();
    let ack = scene.desk.commit(&mut scene.house, draft).await;
    // Its own row without the bytes, in the inbox when the acknowledgement arrived.
    let row = scene.desk.inbox.rows.get(&target).unwrap().first().unwrap();
    assert_eq!((row.n, row.id, row.record.is_none(), row.gone), (2, id, true, false));
    let signed = ack.positions.first().unwrap();
    let tail = scene.house.now.tail(target);
    assert!(signed.holds(&scene.desk.challenge.relay));
    assert_eq!((signed.claim.circle, signed.claim.n, signed.claim.acc), (target, tail.n, tail.acc));

    other.inbox.rows.clear();
    other.inbox.signed.clear();
    other.receive_until(|inbox| inbox.rows.contains_key(&target) && !inbox.signed.is_empty()).await;
    let row = other.inbox.rows.get(&target).unwrap().first().unwrap();
    assert_eq!(row.record.as_ref(), Some(&record));
    let word = other.inbox.signed.last().unwrap().claim;
    assert_eq!((word.circle, word.n, word.acc), (target, tail.n, tail.acc));
}

async fn known<P: Place>() {
    let mut scene = scene::<P>().await;
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
    // The circle turns stale; the old frame is still acknowledged.
    let educator = scene.educator().await;
    let mut draft = scene.house.draft();
    draft.entry(&scene.director, Body::RoleEnd(RoleEnd { person: educator.person }));
    draft.epoch(&scene.director, scene.house.names.team);
    scene.desk.commit(&mut scene.house, draft).await;
    assert_eq!(scene.desk.submit(frame).await.unwrap().placed.len(), 2);
}

async fn whole<P: Place>() {
    let mut scene = scene::<P>().await;
    let names = (scene.house.names.house, scene.house.names.staff);
    let mut draft = scene.house.draft();
    draft.role(&scene.director, Device::new("x").person, Role::Educator);
    draft.batch(&scene.director, names.0, 10);
    let header = Header { epoch: 9, ..draft.header(&scene.director, names.1) };
    draft.record(&scene.director, header, vec![1; 10]);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Epoch);
    let mut other = Client::connect(scene.place.address()).await;
    other.catch_up(scene.house.id(), &scene.director, nothing()).await;
    assert_eq!(fold(&other.inbox).head(), scene.house.now.log.head());
    let rows = other.inbox.rows.get(&names.0).unwrap();
    assert_eq!(rows.len() as u64, scene.house.now.tail(names.0).n);
}

async fn chained<P: Place>() {
    let mut scene = scene::<P>().await;
    let house = scene.house.names.house;
    let mut copy = scene.house.draft();
    let last = scene.write(10).await;
    // A copied device goes on from before.
    copy.batch(&scene.director, house, 11);
    let refused = scene.desk.submit(copy.frame).await.unwrap_err();
    assert_eq!(refused.code, RefusalCode::Chain);
    assert_eq!((refused.seq, refused.prev, refused.circle), (Some(2), Some(last), Some(house)));
    // And a sequence that leaves one out, or another previous record.
    assert_eq!(scene.refused(|header| header.seq += 1).await, RefusalCode::Chain);
    let other = Some(RecordId::new([1; 32]));
    assert_eq!(scene.refused(|header| header.prev = other).await, RefusalCode::Chain);
}

async fn forked<P: Place>() {
    let mut scene = scene::<P>().await;
    let house = scene.house.names.house;
    let (head, position) = (scene.house.now.head(), scene.house.now.tail(house));
    let hash = LinkHash::new([4; 32]);
    let other = |header: &mut Header| header.log = LogHead { hash, ..header.log };
    assert_eq!(scene.refused(other).await, RefusalCode::Fork);
    assert_eq!(scene.refused(|header| header.seen.n += 1).await, RefusalCode::Fork);
    let mut draft = scene.house.draft();
    draft.role(&scene.director, Device::new("x").person, Role::Educator);
    scene.desk.commit(&mut scene.house, draft).await;
    // Behind, but honest.
    let mut draft = scene.house.draft();
    let header = Header { log: head, seen: position, ..draft.header(&scene.director, house) };
    draft.record(&scene.director, header, vec![1; 9]);
    scene.desk.commit(&mut scene.house, draft).await;
}

async fn headed<P: Place>() {
    let mut scene = scene::<P>().await;
    let mut other = Client::member(scene.place.address(), &scene.house, &scene.director).await;
    let (mut one, mut two) = (scene.house.draft(), scene.house.draft());
    one.role(&scene.director, Device::new("one").person, Role::Educator);
    two.role(&scene.director, Device::new("two").person, Role::Educator);
    let loser = two.frame.clone();
    scene.desk.commit(&mut scene.house, one).await;
    assert_eq!(other.submit(loser).await.unwrap_err().code, RefusalCode::Head);
    // The winner's entry came before the refusal.
    assert_eq!(other.inbox.links.last().map(|link| link.seq), Some(scene.house.now.head().seq));
}

async fn stale<P: Place>() {
    let mut scene = scene::<P>().await;
    let educator = scene.educator().await;
    let names = (scene.house.names.team, scene.house.names.house);
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
    assert_eq!(scene.refused(|header| header.epoch = 1).await, RefusalCode::Epoch);
}

async fn wrapped<P: Place>() {
    let mut scene = scene::<P>().await;
    let mut draft = scene.house.draft();
    draft.epoch(&scene.director, scene.house.names.team);
    draft.frame.wraps.pop();
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Readers);
    let mut draft = scene.house.draft();
    draft.epoch(&scene.director, scene.house.names.team);
    draft.frame.readers.clear();
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Readers);
}

async fn written<P: Place>() {
    let mut scene = scene::<P>().await;
    let parents = scene.house.add_parents(&mut scene.desk).await;
    let parent = Device::new("parent");
    scene.house.admit(&mut scene.desk, scene.place.address(), &parent, Role::Guardian).await;
    scene.house.let_read(&mut scene.desk, parents, &parent).await;
    let mut phone = Client::member(scene.place.address(), &scene.house, &parent).await;
    let names = &scene.house.names;
    for target in [names.house, names.staff, names.team, CircleId::new([99; 16])] {
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
}

async fn foreign<P: Place>() {
    let mut scene = scene::<P>().await;
    let educator = scene.educator().await;
    let names = (scene.house.names.team, scene.house.names.house);
    let mut tablet = Client::member(scene.place.address(), &scene.house, &educator).await;
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
}

async fn forged<P: Place>() {
    let mut scene = scene::<P>().await;
    let mut draft = scene.house.draft();
    draft.batch(&scene.director, scene.house.names.house, 100);
    draft.frame.records.first_mut().unwrap().body.push(0);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Malformed);
    let mut draft = scene.house.draft();
    let header = draft.header(&scene.director, scene.house.names.house);
    // Signed by another key than the header's author.
    draft.record(&Device::new("mallory"), header, vec![1; 10]);
    assert_eq!(scene.desk.refusal(&draft).await, RefusalCode::Malformed);
}

async fn fixed<P: Place>() {
    let mut scene = scene::<P>().await;
    let month = |month| move |header: &mut Header| header.month = month;
    assert_eq!(scene.refused(month(Month::new(2027, 10))).await, RefusalCode::Expired);
    assert_eq!(scene.refused(month(Month::new(2026, 9))).await, RefusalCode::Document);
    let year = |header: &mut Header| (header.class, header.month) = (Class::Year, Month::new(2027, 9));
    assert_eq!(scene.refused(year).await, RefusalCode::Document);
}

/// What somebody is sent who comes with nothing, and says so or not.
async fn come<P: Place>(
    place: &P,
    house: &House,
    device: &Device,
    say: impl FnOnce(Hello) -> Hello,
) -> Client {
    let mut client = Client::connect(place.address()).await;
    let hello = say(client.hello(house.id(), device, &nothing()));
    client.send(&ClientMessage::Hello(hello)).await;
    let RelayMessage::Welcome(_) = client.receive().await else { panic!("no welcome") };
    client.send(&ClientMessage::Cursors(nothing())).await;
    client.receive_until(|inbox| inbox.synced.is_some()).await;
    client
}

async fn mailed<P: Place>() {
    let Scene { place, house, director, mut desk } = scene::<P>().await;
    let mut wraps: Vec<_> = desk.inbox.wraps.iter().map(Wrap::id).collect();
    assert!(!wraps.is_empty());
    let again = Client::member(place.address(), &house, &director).await;
    assert_eq!(again.inbox.wraps.len(), wraps.len(), "nobody has said that they came");
    desk.send(&ClientMessage::WrapAck(wraps.clone())).await;
    desk.ticket().await;
    let again = Client::member(place.address(), &house, &director).await;
    assert!(again.inbox.wraps.is_empty());
    assert!(again.inbox.rows.values().flatten().all(|row| row.record.is_none()));
    let lost = come(&place, &house, &director, |hello| Hello { full: true, ..hello }).await;
    assert!(lost.inbox.rows.values().flatten().all(|row| row.record.is_some()));
    let mut again: Vec<_> = lost.inbox.wraps.iter().map(Wrap::id).collect();
    again.sort_unstable();
    wraps.sort_unstable();
    assert_eq!(again, wraps);
}

async fn resumed<P: Place>() {
    let mut scene = scene::<P>().await;
    let target = scene.house.names.house;
    scene.write(10).await;
    let half = scene.house.draft();
    let late = [scene.write(20).await, scene.write(30).await];
    let names = &scene.house.names;
    let cursors = holds(&half, &[names.team, names.directors, names.staff, target]);
    let mut client = Client::connect(scene.place.address()).await;
    client.catch_up(scene.house.id(), &scene.house.names.sheet, cursors).await;
    let rows = client.inbox.rows.remove(&target).unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), late);
    assert!(client.inbox.rows.is_empty() && client.inbox.links.is_empty(), "nothing else is new");
}

async fn let_in<P: Place>() {
    let Scene { place, mut house, director, mut desk } = scene::<P>().await;
    let (parent, secret) = (Device::new("parent"), Secret::new("letter"));
    let mut draft = house.draft();
    draft.role(&director, parent.person, Role::Guardian);
    draft.invite(&director, parent.person, &secret, 14);
    desk.commit(&mut house, draft).await;
    let mut door = Client::connect(place.address()).await;
    let info = door.visit(&secret).await;
    assert_eq!((info.house, info.head, info.stage), (house.id(), house.now.head(), InviteStage::Open));
    // Two want in at once; the second hears that the letter was used, with the new head.
    let mut late = Client::connect(place.address()).await;
    late.visit(&secret).await;
    let mut draft = house.draft();
    let join = draft.join(&parent, &secret);
    let frame = draft.frame.clone();
    door.commit(&mut house, draft).await;
    let mut race = house.draft();
    let body = race.join_body(&Device::new("thief"), &secret);
    race.frame.entries.push(race.signed_entry(&Device::new("thief"), &body, None));
    late.send(&submission(race.frame)).await;
    let RelayMessage::InviteInfo(info) = late.receive().await else { panic!("no news before the refusal") };
    assert_eq!((info.stage, info.head), (InviteStage::Used, house.now.head()));
    let RelayMessage::Refused(refused) = late.receive().await else { panic!("no refusal") };
    assert_eq!(refused.code, RefusalCode::InviteUsed);
    // The answer got lost: the same join again is the same join.
    let mut again = Client::connect(place.address()).await;
    assert_eq!(again.visit(&secret).await.stage, InviteStage::Used);
    again.submit(frame).await.unwrap();
    // While joining: its own two entries, nothing else, and it writes nothing.
    let mut phone = Client::connect(place.address()).await;
    let state = Cursors { log: Some(house.now.head()), circles: Vec::new() };
    let welcome = phone.login(house.id(), &parent, &state).await;
    assert_eq!((welcome.stage, welcome.equal, welcome.log), (Stage::Joining, false, None));
    phone.send(&ClientMessage::Cursors(nothing())).await;
    phone.receive_until(|inbox| inbox.synced.is_some()).await;
    assert_eq!(phone.inbox.entries.len(), 2);
    assert!(phone.inbox.links.is_empty() && phone.inbox.rows.is_empty() && phone.inbox.wraps.is_empty());
    let synced = phone.inbox.synced.take().unwrap();
    assert!(synced.log.is_none() && synced.positions.is_empty());
    let mut early = house.draft();
    early.batch(&parent, house.names.house, 10);
    assert_eq!(phone.refusal(&early).await, RefusalCode::NotAllowed);
    // Confirmed: everything, on the open socket.
    let mut draft = house.draft();
    draft.confirm(&director, join);
    desk.commit(&mut house, draft).await;
    phone.receive_until(|inbox| inbox.synced.is_some()).await;
    assert_eq!(fold(&phone.inbox).head(), house.now.log.head());
    // Ended: the open session is closed, and the next login hears why, with the proof alone.
    let mut draft = house.draft();
    draft.entry(&director, Body::DeviceEnd(DeviceEnd { device: parent.id() }));
    desk.commit(&mut house, draft).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    let mut phone = Client::connect(place.address()).await;
    let hello = phone.hello(house.id(), &parent, &nothing());
    phone.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    let shown: Vec<u64> = phone.inbox.entries.keys().copied().collect();
    assert_eq!(shown, Vec::from_iter(access::farewell(&house.now.log, &parent.id())));
    assert!(phone.inbox.links.is_empty() && phone.inbox.rows.is_empty() && phone.inbox.wraps.is_empty());
}

fn submission(frame: nestpost_protocol::message::Frame) -> ClientMessage {
    ClientMessage::Submit(nestpost_protocol::message::Submit { id: 1, frame })
}

async fn at_the_door<P: Place>() {
    let Scene { place, mut house, director, mut desk } = scene::<P>().await;
    let (secret, other) = (Secret::new("letter"), Secret::new("other"));
    let parent = Device::new("parent");
    let mut draft = house.draft();
    draft.role(&director, parent.person, Role::Guardian);
    draft.invite(&director, parent.person, &secret, 14);
    draft.invite(&director, parent.person, &other, 14);
    desk.commit(&mut house, draft).await;
    // The director's own entry, a join with another invite, a join with luggage.
    let mut drafts = [house.draft(), house.draft(), house.draft()];
    drafts[0].role(&director, Device::new("friend").person, Role::Director);
    drafts[1].join(&parent, &other);
    drafts[2].join(&parent, &secret);
    drafts[2].batch(&director, house.names.house, 10);
    for draft in drafts {
        let mut door = Client::connect(place.address()).await;
        door.visit(&secret).await;
        door.send(&submission(draft.frame)).await;
        assert!(matches!(door.receive().await, RelayMessage::InviteInfo(_)));
        let RelayMessage::Refused(refused) = door.receive().await else { panic!("no refusal") };
        assert_eq!(refused.code, RefusalCode::NotAllowed);
    }
}

fn complaint(kita: &Kita, of: &Device, circle: CircleId) -> Complaint {
    let head = ComplaintHead { house: kita.house.id(), circle, epoch: 1, device: of.id() };
    let head = codec::encode(&head);
    Complaint { signature: of.sign(label::COMPLAINT, &head), head: head.into() }
}

/// Complaints that came before the answer to something else.
async fn heard(client: &mut Client) -> Vec<Complaint> {
    client.send(&ClientMessage::Ticket).await;
    let mut heard = Vec::new();
    loop {
        match client.answer().await {
            RelayMessage::Ticket(_) => return heard,
            RelayMessage::Complaints(complaints) => heard.extend(complaints),
            other => panic!("unexpected {other:?}"),
        }
    }
}

async fn complained<P: Place>() {
    let place = P::start().await;
    let mut kita = Kita::at(place.address()).await;
    let said = complaint(&kita, &kita.parent, kita.child);
    let mut parent = Client::member(place.address(), &kita.house, &kita.parent).await;
    let mut stranger = Client::member(place.address(), &kita.house, &kita.stranger).await;
    for _ in 0..2 {
        parent.send(&ClientMessage::Complaint(said.clone())).await;
    }
    // Somebody else's, a circle that is not read: nobody hears of it, and nobody is told off.
    let foreign = complaint(&kita, &kita.stranger, kita.other_child);
    parent.send(&ClientMessage::Complaint(foreign)).await;
    parent.send(&ClientMessage::Complaint(complaint(&kita, &kita.parent, kita.other_child))).await;
    assert_eq!(heard(&mut parent).await, []);
    let RelayMessage::Complaints(first) = kita.desk.answer().await else { panic!("nothing heard") };
    assert_eq!(first, std::slice::from_ref(&said));
    assert_eq!(heard(&mut kita.desk).await, []);
    assert_eq!(heard(&mut stranger).await, []);
    // Who comes later hears it too.
    let mut educator = Client::member(place.address(), &kita.house, &kita.educator).await;
    assert_eq!(heard(&mut educator).await, [said]);
    let mut draft = kita.house.draft();
    let wrap = draft.wrap(&kita.director, kita.child, 1, Addressee::Device(kita.parent.id()));
    draft.frame.wraps.push(wrap);
    kita.desk.commit(&mut kita.house, draft).await;
    let mut educator = Client::member(place.address(), &kita.house, &kita.educator).await;
    assert_eq!(heard(&mut educator).await, []);
    let mut forged = complaint(&kita, &kita.parent, kita.child);
    forged.signature = kita.stranger.sign(label::COMPLAINT, &forged.head);
    parent.send(&ClientMessage::Complaint(forged)).await;
    assert_eq!(parent.bye().await, ByeCode::Malformed);
}

/// A snapshot of the document that all batches go to.
fn snapshot(house: &House, author: &Device, circle: CircleId, last: LastRecord, byte: u8) -> Record {
    let mut draft = house.draft();
    let header = Header { kind: Kind::Snapshot, seq: 1, prev: None, ..draft.header(author, circle) };
    let body = SnapshotBody { last: vec![last], sealed: Bytes::from(vec![byte; 2_000]) };
    draft.record(author, header, codec::encode(&body))
}

async fn spared<P: Place>() {
    let mut scene = scene::<P>().await;
    let (sheet, target) = (scene.house.names.sheet.clone(), scene.house.names.house);
    let ids = [scene.write(100).await, scene.write(200).await, scene.write(300).await];
    let seq = scene.house.now.header(&scene.director, target).seq - 1;
    let last = LastRecord { device: scene.director.id(), seq, record: ids[2] };
    // One that leaves something out is not kept; of two that do not, the later one is.
    let left_out = LastRecord { seq: seq - 1, record: ids[1], ..last };
    for (last, byte) in [(last, 1), (last, 2), (left_out, 3)] {
        let record = snapshot(&scene.house, &scene.director, target, last, byte);
        scene.desk.send(&ClientMessage::Snapshot(record)).await;
    }
    scene.desk.ticket().await;
    // Somebody goes on writing.
    let later = scene.write(400).await;
    let takes = |hello| Hello { snapshots: true, ..hello };
    let mut client = come(&scene.place, &scene.house, &sheet, takes).await;
    let kept = client.inbox.snapshots.first().expect("a snapshot");
    assert_eq!(client.inbox.snapshots.len(), 1);
    assert_eq!(SnapshotBody::decode(&kept.body).unwrap().sealed.first(), Some(&2));
    let at = |name| client.inbox.order.iter().position(|message| *message == name).unwrap();
    assert!(at("snapshots") < client.inbox.order.iter().rposition(|message| *message == "records").unwrap());
    let rows = client.inbox.rows.get(&target).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.record.is_some(), row.gone, row.document)).collect();
    let bare = (false, false, Some(document("journal")));
    // The epoch, three batches that it covers, and what came since.
    assert_eq!(seen, [(true, false, None), bare, bare, bare, (true, false, None)]);
    assert_eq!(rows.last().unwrap().id, later);
    // The records, when they are asked for.
    let wanted: Vec<u64> = rows[1..4].iter().map(|row| row.n).collect();
    client.send(&ClientMessage::Rows(WantedRows { circle: target, rows: wanted })).await;
    let RelayMessage::Rows(page) = client.answer().await else { panic!("no rows") };
    let found: Vec<_> = page.rows.iter().map(|row| row.record.as_ref().unwrap().id()).collect();
    assert_eq!(found, ids);
    // Whoever does not say so is spared nothing.
    let plain = come(&scene.place, &scene.house, &sheet, |hello| hello).await;
    assert!(plain.inbox.snapshots.is_empty());
    assert!(plain.inbox.rows.get(&target).unwrap().iter().all(|row| row.record.is_some()));
}

async fn wanted<P: Place>() {
    let mut scene = scene::<P>().await;
    let (sheet, target) = (scene.house.names.sheet.clone(), scene.house.names.house);
    let record = scene.write(100).await;
    let seq = scene.house.now.header(&scene.director, target).seq - 1;
    let last = LastRecord { device: scene.director.id(), seq, record };
    let mut other = Client::member(scene.place.address(), &scene.house, &sheet).await;
    for author in [&scene.director, &sheet] {
        other.send(&ClientMessage::Snapshot(snapshot(&scene.house, author, target, last, 1))).await;
    }
    other.ticket().await;
    let takes = |hello| Hello { snapshots: true, ..hello };
    assert!(come(&scene.place, &scene.house, &sheet, takes).await.inbox.snapshots.is_empty());
    let mut forged = snapshot(&scene.house, &sheet, target, last, 3);
    forged.signature = sheet.sign(b"another context", &forged.header);
    other.send(&ClientMessage::Snapshot(forged)).await;
    assert_eq!(other.bye().await, ByeCode::Malformed);
    let unknown = CircleId::new([99; 16]);
    for (circle, rows) in [(unknown, vec![1]), (target, vec![]), (target, vec![2, 1]), (target, vec![1; 513])]
    {
        let mut other = Client::member(scene.place.address(), &scene.house, &sheet).await;
        other.send(&ClientMessage::Rows(WantedRows { circle, rows })).await;
        assert_eq!(other.bye().await, ByeCode::Malformed);
    }
}

async fn restarted<P: Place>() {
    let mut scene = scene::<P>().await;
    let ids = [scene.write(100).await, scene.write(200).await];
    let Scene { place, house, director, mut desk } = scene;
    let place = place.again().await;
    assert!(desk.try_receive().await.is_none_or(|message| matches!(message, RelayMessage::Bye(_))));
    let reader = come(&place, &house, &house.names.sheet, |hello| hello).await;
    let rows = reader.inbox.rows.get(&house.names.house).unwrap();
    assert_eq!(rows[1..].iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    let end = house.now.tail(house.names.house);
    let position = rows.iter().fold(Position::START, |position, row| position.next(&row.id));
    assert_eq!(position, end);
    // Its author goes on.
    let mut house = house;
    let mut desk = Client::member(place.address(), &house, &director).await;
    let mut draft = house.draft();
    draft.batch(&director, house.names.house, 10);
    desk.commit(&mut house, draft).await;
}
