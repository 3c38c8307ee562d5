//! What every store must do, as one list of checks. Each takes an empty store.

use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::epoch::{Addressee, Reader, ReaderList, Wrap};
use nestpost_protocol::id::{
    Accumulator, CircleId, DeviceId, DocumentId, Hash, HouseId, Incarnation, InviteKey, PersonId, RecordId,
    Salt, Signature, WrapId,
};
use nestpost_protocol::log::{Class as EntryClass, Link, OpenEntry};
use nestpost_protocol::record::{
    HEADER_VERSION, Header, Kind, LogHead, Position, Record, Sealing, Side, Suite,
};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::snapshot::{LastRecord, Written};

use super::*;

mod blobs;

const TODAY: Day = Day::from_index(20_000);
const HOUSE: HouseId = HouseId::new([1; 32]);
const CIRCLE: CircleId = CircleId::new([2; 16]);
const DEVICE: DeviceId = DeviceId::new([3; 32]);
const OTHER: DeviceId = DeviceId::new([4; 32]);
const PAGE: PageLimit = PageLimit { rows_max: 100, bytes_target: 1 << 20 };

/// Runs every check, each on a store of its own.
pub(crate) async fn run<S, F>(mut fresh: impl FnMut() -> F)
where
    S: Store,
    F: Future<Output = S>,
{
    a_frame_is_read_back(&fresh().await).await;
    a_frame_is_kept_as_a_whole_or_not_at_all(&fresh().await).await;
    one_bad_frame_harms_no_other(&fresh().await).await;
    pages_end_at_rows_or_bytes(&fresh().await).await;
    own_bodies_are_left_out(&fresh().await).await;
    wraps_go_to_their_mailbox_until_acknowledged(&fresh().await).await;
    what_expired_leaves_a_stub(&fresh().await).await;
    what_was_erased_leaves_a_stub(&fresh().await).await;
    what_was_lost_comes_back_into_its_own_place(&fresh().await).await;
    the_latest_snapshot_of_a_document_is_kept(&fresh().await).await;
    devices_that_wrote_in_a_document_are_found(&fresh().await).await;
    a_dissolved_house_is_forgotten_whole(&fresh().await).await;
    a_closed_store_says_so(&fresh().await).await;
    blobs::run(&mut fresh).await;
}

async fn commit(store: &dyn Store, frame: Commit) -> Result<Committed, StoreError> {
    store.commit(Arc::new(frame)).await
}

fn link(seq: u64) -> Link {
    Link { house: Some(HOUSE), seq, prev: None, class: EntryClass::All, commitment: Hash::new([9; 32]) }
}

fn entry(seq: u64) -> NewEntry {
    let entry = OpenEntry { entry: Bytes::from(vec![5; 100]), salt: Salt::new([6; 32]) };
    NewEntry { link: link(seq), entry, invite: None }
}

fn record(n: u64, author: DeviceId) -> NewRecord {
    let byte = u8::try_from(n).unwrap();
    NewRecord {
        circle: CIRCLE,
        position: Position { n, acc: Accumulator::new([byte; 32]) },
        id: RecordId::new([byte; 32]),
        author,
        author_seq: n,
        record: Record {
            header: Bytes::from(vec![7; 10]),
            signature: Signature::new([8; 64]),
            body: Bytes::from(vec![byte; 90]),
        },
        expires: None,
        readers: None,
    }
}

fn wrap(byte: u8, mailbox: Mailbox) -> NewWrap {
    let wrap = Wrap {
        head: Bytes::from(vec![byte; 20]),
        signature: Signature::new([byte; 64]),
        file: Bytes::from(vec![byte; 40]),
    };
    NewWrap { id: WrapId::new([byte; 32]), mailbox, wrap }
}

fn empty() -> Commit {
    Commit { day: TODAY, ..Commit::nothing(HOUSE) }
}

fn founding() -> Commit {
    Commit { founds: Some(Incarnation::new([7; 16])), entries: vec![entry(0)], ..empty() }
}

async fn a_frame_is_read_back(store: &dyn Store) {
    assert!(!store.has_house(HOUSE).await.unwrap());
    assert!(store.load(HOUSE).await.unwrap().is_none());
    let list = ReaderList {
        staff: None,
        salt: Salt::new([1; 32]),
        rows: vec![Reader { addressee: Addressee::Device(DEVICE), wrap: Hash::new([2; 32]) }],
    };
    let document = |byte, side| StoredDocument {
        document: DocumentId::new([byte; 16]),
        circle: CIRCLE,
        side,
        class: Class::Short,
        month: Month::new(2026, 12),
        successor: None,
    };
    let documents = vec![document(1, Side::Staff), document(2, Side::Person(PersonId::new([5; 16])))];
    let frame = Commit {
        entries: vec![entry(0), NewEntry { invite: Some(InviteKey::new([4; 32])), ..entry(1) }],
        records: vec![NewRecord { readers: Some(list.clone()), ..record(1, DEVICE) }, record(2, OTHER)],
        documents: documents.clone(),
        wraps: vec![wrap(1, Mailbox::Device(DEVICE)), wrap(2, Mailbox::Circle(CIRCLE))],
        ..founding()
    };
    let bytes = frame.bytes();
    assert_eq!(bytes, 2 * 100 + 2 * 100 + 2 * 60);
    let committed = commit(store, frame.clone()).await.unwrap();
    assert_eq!(committed.wraps.len(), 2);

    assert!(store.has_house(HOUSE).await.unwrap());
    let house = store.load(HOUSE).await.unwrap().unwrap();
    assert_eq!(house.incarnation, Incarnation::new([7; 16]));
    assert_eq!(house.bytes, bytes);
    assert_eq!(house.entries.iter().map(|(link, _)| link.seq).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(house.entries.first().unwrap().1, entry(0).entry);
    assert_eq!(house.epochs, [(record(1, DEVICE).record, list.clone())]);
    assert_eq!(house.tails, [(CIRCLE, record(2, OTHER).position)]);
    assert_eq!(house.authors.len(), 2);
    assert_eq!(house.documents, documents);
    assert_eq!(house.wraps.len(), 2);
    assert_eq!(house.invites, [(1, Day::from_index(20_000))]);

    let rows = store.records(HOUSE, CIRCLE, 0, None, PAGE).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows.first().unwrap().record, Some(record(1, DEVICE).record));
    assert_eq!(rows.first().unwrap().readers, Some(list));
    assert_eq!(rows.get(1).unwrap().readers, None);
    let entries = store.entries(HOUSE, &[0, 1, 2], PAGE).await.unwrap();
    assert_eq!(entries.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [0, 1]);
    let ids = [RecordId::new([2; 32]), RecordId::new([99; 32])];
    assert_eq!(store.known(HOUSE, &ids).await.unwrap(), [(RecordId::new([2; 32]), CIRCLE, 2)]);
    assert_eq!(store.accumulator(HOUSE, CIRCLE, 1).await.unwrap(), Some(Accumulator::new([1; 32])));
    assert_eq!(store.accumulator(HOUSE, CIRCLE, 3).await.unwrap(), None);
    let invite = StoredInvite { house: HOUSE, seq: 1, day: TODAY };
    assert_eq!(store.invite(InviteKey::new([4; 32])).await.unwrap(), Some(invite));
    assert_eq!(store.invite(InviteKey::new([5; 32])).await.unwrap(), None);
    store.ping().await.unwrap();
}

async fn a_frame_is_kept_as_a_whole_or_not_at_all(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    commit(store, Commit { records: vec![record(1, DEVICE)], ..empty() }).await.unwrap();
    // The second record claims a position that is taken: neither the first nor the entry may stay.
    let taken = NewRecord { id: RecordId::new([77; 32]), ..record(1, DEVICE) };
    let frame = Commit { entries: vec![entry(1)], records: vec![record(2, DEVICE), taken], ..empty() };
    assert!(matches!(commit(store, frame).await, Err(StoreError::Conflict)));
    let house = store.load(HOUSE).await.unwrap().unwrap();
    assert_eq!(house.entries.len(), 1);
    assert_eq!(house.tails, [(CIRCLE, record(1, DEVICE).position)]);
    assert_eq!(house.bytes, 200);
    // An id stands in a house once, a number in the log once, a house once.
    let again = NewRecord { position: record(2, DEVICE).position, ..record(1, DEVICE) };
    assert!(matches!(
        commit(store, Commit { records: vec![again], ..empty() }).await,
        Err(StoreError::Conflict)
    ));
    assert!(matches!(
        commit(store, Commit { entries: vec![entry(0)], ..empty() }).await,
        Err(StoreError::Conflict)
    ));
    assert!(matches!(commit(store, founding()).await, Err(StoreError::Conflict)));
}

async fn one_bad_frame_harms_no_other(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    // Polled together, they are likely to share a transaction.
    let (one, bad, two) = tokio::join!(
        commit(store, Commit { records: vec![record(1, DEVICE)], ..empty() }),
        commit(store, founding()),
        commit(store, Commit { records: vec![record(2, DEVICE)], ..empty() }),
    );
    one.unwrap();
    assert!(matches!(bad, Err(StoreError::Conflict)));
    two.unwrap();
    assert_eq!(store.load(HOUSE).await.unwrap().unwrap().tails, [(CIRCLE, record(2, DEVICE).position)]);
}

async fn pages_end_at_rows_or_bytes(store: &dyn Store) {
    let records = (1..=10).map(|n| record(n, DEVICE)).collect();
    commit(store, Commit { records, entries: (0..5).map(entry).collect(), ..founding() }).await.unwrap();
    let page = |rows_max, bytes_target| PageLimit { rows_max, bytes_target };
    let count = async |after, limit| store.records(HOUSE, CIRCLE, after, None, limit).await.unwrap().len();
    assert_eq!(count(0, page(3, 1 << 20)).await, 3);
    assert_eq!(count(8, page(3, 1 << 20)).await, 2);
    // Each counts 100 bytes; a page holds at least one.
    assert_eq!(count(0, page(100, 250)).await, 3);
    assert_eq!(count(0, page(100, 1)).await, 1);
    assert_eq!(store.entries(HOUSE, &[0, 1, 2, 3], page(100, 150)).await.unwrap().len(), 2);
}

async fn own_bodies_are_left_out(store: &dyn Store) {
    commit(store, Commit { records: vec![record(1, DEVICE), record(2, OTHER)], ..founding() }).await.unwrap();
    let rows = store.records(HOUSE, CIRCLE, 0, Some(DEVICE), PAGE).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.record.is_some(), row.gone)).collect();
    assert_eq!(seen, [(false, false), (true, false)]);
}

async fn wraps_go_to_their_mailbox_until_acknowledged(store: &dyn Store) {
    let mine = Mailbox::Device(DEVICE);
    let team = Mailbox::Circle(CIRCLE);
    let wraps = vec![wrap(1, mine), wrap(2, Mailbox::Device(OTHER)), wrap(3, team), wrap(4, mine)];
    let committed = commit(store, Commit { wraps, ..founding() }).await.unwrap();
    let numbers: Vec<i64> = committed.wraps.iter().map(|(_, n)| *n).collect();
    assert!(numbers.is_sorted());

    let ask = async |mailbox, device, after, all| {
        let found = store.wraps(HOUSE, mailbox, device, after, all, PAGE).await.unwrap();
        found.into_iter().map(|w| (w.n, *w.wrap.head.first().unwrap())).collect::<Vec<_>>()
    };
    let heads = |found: Vec<(i64, u8)>| found.into_iter().map(|(_, head)| head).collect::<Vec<_>>();
    assert_eq!(heads(ask(mine, DEVICE, 0, false).await), [1, 4]);
    let first = ask(mine, DEVICE, 0, false).await.first().unwrap().0;
    assert_eq!(heads(ask(mine, DEVICE, first, false).await), [4]);

    store
        .acknowledge(HOUSE, DEVICE, &[WrapId::new([1; 32]), WrapId::new([3; 32]), WrapId::new([99; 32])])
        .await
        .unwrap();
    store.acknowledge(HOUSE, DEVICE, &[WrapId::new([1; 32])]).await.unwrap();
    assert_eq!(heads(ask(mine, DEVICE, 0, false).await), [4]);
    assert_eq!(heads(ask(mine, DEVICE, 0, true).await), [1, 4]);
    // Another reader of the same key circle has not stored it yet.
    assert_eq!(heads(ask(team, DEVICE, 0, false).await), [0_u8; 0]);
    assert_eq!(heads(ask(team, OTHER, 0, false).await), [3]);

    // A known wrap is skipped.
    let ids = [WrapId::new([1; 32]), WrapId::new([99; 32])];
    assert_eq!(store.known_wraps(HOUSE, &ids).await.unwrap(), [WrapId::new([1; 32])]);
    let again = commit(store, Commit { wraps: vec![wrap(1, mine)], ..empty() }).await.unwrap();
    assert_eq!(again.wraps, []);
    assert_eq!(heads(ask(mine, OTHER, 0, true).await), [1, 4]);
}

async fn what_expired_leaves_a_stub(store: &dyn Store) {
    let until = |n, month| NewRecord { expires: Some(month), ..record(n, DEVICE) };
    let records = vec![until(1, Month::new(2026, 8)), until(2, Month::new(2026, 9)), record(3, DEVICE)];
    commit(store, Commit { records, ..founding() }).await.unwrap();
    assert_eq!(store.expire(Month::new(2026, 8), TODAY).await.unwrap(), []);
    assert_eq!(store.expire(Month::new(2026, 9), TODAY).await.unwrap(), [(HOUSE, 100)]);
    assert_eq!(store.expire(Month::new(2026, 9), TODAY).await.unwrap(), []);
    let rows = store.records(HOUSE, CIRCLE, 0, None, PAGE).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.n, row.id, row.record.is_some(), row.gone)).collect();
    let id = |byte| RecordId::new([byte; 32]);
    assert_eq!(seen, [(1, id(1), false, true), (2, id(2), true, false), (3, id(3), true, false)]);
    assert_eq!(store.accumulator(HOUSE, CIRCLE, 1).await.unwrap(), Some(Accumulator::new([1; 32])));
    let house = store.load(HOUSE).await.unwrap().unwrap();
    assert_eq!(house.bytes, 300);
    assert_eq!(house.authors, [(CIRCLE, DEVICE, 3, id(3))]);
}

async fn what_was_lost_comes_back_into_its_own_place(store: &dyn Store) {
    let stub = |n, lost| {
        let NewRecord { circle, position, id, .. } = record(n, DEVICE);
        NewStub { circle, position, id, lost }
    };
    let stubs = vec![stub(1, true), stub(2, true), stub(3, false), stub(4, true)];
    commit(store, Commit { stubs, ..founding() }).await.unwrap();
    commit(store, Commit { records: vec![record(5, DEVICE)], ..empty() }).await.unwrap();
    let lost = async || {
        let mut lost = store.load(HOUSE).await.unwrap().unwrap().lost;
        lost.sort_unstable();
        lost
    };
    assert_eq!(lost().await, [(CIRCLE, 1), (CIRCLE, 2), (CIRCLE, 4)]);
    let rows = async || {
        let all = store.records(HOUSE, CIRCLE, 0, None, PAGE).await.unwrap();
        assert_eq!(store.rows(HOUSE, CIRCLE, &[1, 2, 3, 4, 5], PAGE).await.unwrap(), all);
        all.iter().map(|row| (row.gone, row.lost)).collect::<Vec<_>>()
    };
    let (here, gone, away) = ((false, false), (true, false), (true, true));
    assert_eq!(rows().await, [away, away, gone, away, here]);

    let before = store.load(HOUSE).await.unwrap().unwrap();
    let back = |new: NewRecord| Commit { fills: vec![Fill::Back(Box::new(new))], ..empty() };
    let other = NewRecord { id: RecordId::new([99; 32]), ..record(1, DEVICE) };
    for wrong in [back(other), back(record(3, DEVICE)), back(record(5, DEVICE)), back(record(6, DEVICE))] {
        assert!(matches!(commit(store, wrong).await, Err(StoreError::Conflict)));
    }
    let fills = vec![
        Fill::Back(Box::new(record(1, DEVICE))),
        Fill::Gone(CIRCLE, 2),
        Fill::Back(Box::new(record(4, OTHER))),
    ];
    commit(store, Commit { fills, ..empty() }).await.unwrap();
    assert_eq!(rows().await, [here, gone, gone, here, here]);
    assert_eq!(lost().await, []);
    let after = store.load(HOUSE).await.unwrap().unwrap();
    assert_eq!((after.bytes, &after.tails), (before.bytes + 200, &before.tails));
    let mut authors = after.authors;
    authors.sort_unstable_by_key(|(_, device, ..)| *device);
    let last = |n, device| (CIRCLE, device, n, record(n, device).id);
    assert_eq!(authors, [last(5, DEVICE), last(4, OTHER)], "nobody's chain goes back");
    assert!(matches!(commit(store, back(record(1, DEVICE))).await, Err(StoreError::Conflict)), "once");
}

async fn what_was_erased_leaves_a_stub(store: &dyn Store) {
    let document = |byte| StoredDocument {
        document: DocumentId::new([byte; 16]),
        circle: CIRCLE,
        side: Side::Staff,
        class: Class::Year,
        month: Month::new(2027, 9),
        successor: None,
    };
    let named = |n, byte: u8, circle| {
        let header = Bytes::from([&[1, 6, 0x50][..], &[byte; 16]].concat());
        let plain = record(n, DEVICE);
        NewRecord { circle, record: Record { header, ..plain.record.clone() }, ..plain }
    };
    let elsewhere = CircleId::new([9; 16]);
    let records = vec![
        named(1, 1, CIRCLE),
        named(2, 2, CIRCLE),
        NewRecord { id: RecordId::new([91; 32]), ..named(1, 1, elsewhere) },
    ];
    let documents = vec![document(1), document(2)];
    commit(store, Commit { records, documents, ..founding() }).await.unwrap();
    let id = |byte| RecordId::new([byte; 32]);
    let erasure = Erasure {
        circle: CIRCLE,
        document: DocumentId::new([1; 16]),
        successor: DocumentId::new([3; 16]),
        record: id(3),
    };
    let before = store.load(HOUSE).await.unwrap().unwrap().bytes;
    let frame = Commit {
        records: vec![named(3, 1, CIRCLE), named(4, 3, CIRCLE)],
        documents: vec![document(3)],
        erasures: vec![erasure],
        ..empty()
    };
    let added = frame.bytes();
    let freed = commit(store, frame).await.unwrap().freed;
    assert_eq!(freed, 109);
    let rows = store.records(HOUSE, CIRCLE, 0, None, PAGE).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.id, row.record.is_some(), row.gone)).collect();
    let expected = [(id(1), false, true), (id(2), true, false), (id(3), true, false), (id(4), true, false)];
    assert_eq!(seen, expected);
    assert!(store.records(HOUSE, elsewhere, 0, None, PAGE).await.unwrap()[0].record.is_some());
    let house = store.load(HOUSE).await.unwrap().unwrap();
    assert_eq!(house.bytes, before + added - freed);
    let successors: Vec<_> = house.documents.iter().map(|document| document.successor).collect();
    assert_eq!(successors, [Some(DocumentId::new([3; 16])), None, None]);
    assert_eq!(store.known(HOUSE, &[id(1)]).await.unwrap(), [(id(1), CIRCLE, 1)]);
}

fn snapshot(document: u8, covers: u64, bytes: usize, expires: Option<Month>) -> NewSnapshot {
    let plain = record(covers, DEVICE).record;
    let record = Record { body: Bytes::from(vec![document; bytes]), ..plain };
    let document = DocumentId::new([document; 16]);
    NewSnapshot { house: HOUSE, circle: CIRCLE, document, covers, record, expires }
}

async fn the_latest_snapshot_of_a_document_is_kept(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    let bytes = async || store.load(HOUSE).await.unwrap().unwrap().bytes;
    let before = bytes().await;
    assert_eq!(store.keep_snapshot(snapshot(2, 3, 90, None)).await.unwrap(), (100, 0));
    assert_eq!(store.keep_snapshot(snapshot(1, 4, 40, Some(Month::new(2026, 9)))).await.unwrap(), (50, 0));
    assert_eq!(store.keep_snapshot(snapshot(2, 5, 70, None)).await.unwrap(), (80, 100));
    assert_eq!(bytes().await, before + 130);
    let elsewhere = NewSnapshot { circle: CircleId::new([9; 16]), ..snapshot(3, 1, 1, None) };
    store.keep_snapshot(elsewhere).await.unwrap();

    let page = async |after: Option<u8>, rows_max, bytes_target| {
        let after = after.map(|byte| DocumentId::new([byte; 16]));
        let found =
            store.snapshots(HOUSE, CIRCLE, after, PageLimit { rows_max, bytes_target }).await.unwrap();
        found.iter().map(|kept| (kept.document.as_bytes()[0], kept.covers)).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 9, 999).await, [(1, 4), (2, 5)]);
    assert_eq!(page(None, 1, 999).await, [(1, 4)]);
    assert_eq!(page(None, 9, 1).await, [(1, 4)]);
    assert_eq!(page(Some(1), 9, 999).await, [(2, 5)]);
    assert_eq!(page(Some(2), 9, 999).await, []);
    let found = store.snapshots(HOUSE, CIRCLE, None, PAGE).await.unwrap();
    assert_eq!(found.last().unwrap().record, snapshot(2, 5, 70, None).record);

    // With its document.
    let freed = store.expire(Month::new(2026, 10), TODAY).await.unwrap();
    assert_eq!(freed, [(HOUSE, 50)]);
    assert_eq!(page(None, 9, 999).await, [(2, 5)]);
}

async fn devices_that_wrote_in_a_document_are_found(store: &dyn Store) {
    let in_document = |n, author, document: u8, kind| {
        let header = Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: Sealing::Content,
            house: HOUSE,
            circle: CIRCLE,
            epoch: 1,
            document: Some(DocumentId::new([document; 16])),
            side: Side::Staff,
            kind,
            author,
            seq: n + 10,
            prev: Some(RecordId::new([1; 32])),
            log: LogHead::founding(&HOUSE),
            seen: Position::START,
            class: Class::Long,
            month: Month::NEVER,
            body_hash: Hash::new([0; 32]),
            body_len: 0,
        };
        let plain = record(n, author);
        let header = codec::encode(&header).into();
        NewRecord { record: Record { header, ..plain.record.clone() }, ..plain }
    };
    let records = vec![
        in_document(1, DEVICE, 1, Kind::Batch),
        in_document(2, OTHER, 1, Kind::Batch),
        in_document(3, OTHER, 2, Kind::Batch),
        in_document(4, DEVICE, 1, Kind::Batch),
        in_document(5, OTHER, 1, Kind::Hold),
    ];
    commit(store, Commit { records, ..founding() }).await.unwrap();
    let last = |n: u8, device| {
        let last = LastRecord { device, seq: u64::from(n) + 10, record: RecordId::new([n; 32]) };
        Written { last, n: n.into() }
    };
    let document = |byte| DocumentId::new([byte; 16]);
    let written = store.written(HOUSE, CIRCLE, document(1)).await.unwrap();
    assert_eq!(written, [last(4, DEVICE), last(2, OTHER)]);
    assert_eq!(store.written(HOUSE, CIRCLE, document(2)).await.unwrap(), [last(3, OTHER)]);
    assert_eq!(store.written(HOUSE, CircleId::new([9; 16]), document(1)).await.unwrap(), []);

    let rows = store.rows(HOUSE, CIRCLE, &[4, 2, 99], PAGE).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.n, row.record.is_some())).collect::<Vec<_>>(),
        [(4, true), (2, true)]
    );
    let one = PageLimit { rows_max: 9, bytes_target: 1 };
    assert_eq!(store.rows(HOUSE, CIRCLE, &[4, 2], one).await.unwrap().len(), 1);
}

async fn a_dissolved_house_is_forgotten_whole(store: &dyn Store) {
    let other = HouseId::new([99; 32]);
    for house in [HOUSE, other] {
        let document = StoredDocument {
            document: DocumentId::new([1; 16]),
            circle: CIRCLE,
            side: Side::Staff,
            class: Class::Short,
            month: Month::new(2026, 9),
            successor: None,
        };
        let records = vec![NewRecord {
            readers: Some(ReaderList { staff: None, salt: Salt::new([1; 32]), rows: Vec::new() }),
            ..record(1, DEVICE)
        }];
        let invite = NewEntry { invite: Some(InviteKey::new([house.as_bytes()[0]; 32])), ..entry(1) };
        let wraps = vec![wrap(1, Mailbox::Device(DEVICE))];
        let frame = Commit {
            house,
            records,
            wraps,
            documents: vec![document],
            entries: vec![entry(0), invite],
            ..founding()
        };
        commit(store, frame).await.unwrap();
        store.acknowledge(house, DEVICE, &[WrapId::new([1; 32])]).await.unwrap();
    }
    assert_eq!(store.forget_dissolved(TODAY).await.unwrap(), []);
    commit(store, Commit { dissolves: true, entries: vec![entry(2)], ..empty() }).await.unwrap();
    assert_eq!(store.forget_dissolved(TODAY).await.unwrap(), [], "not before its day is over");
    assert!(store.has_house(HOUSE).await.unwrap());
    let tomorrow = Day::from_index(TODAY.index() + 1);
    assert_eq!(store.forget_dissolved(tomorrow).await.unwrap(), [HOUSE]);
    assert!(!store.has_house(HOUSE).await.unwrap());
    assert!(store.load(HOUSE).await.unwrap().is_none());
    assert!(store.invite(InviteKey::new([1; 32])).await.unwrap().is_none());
    assert!(store.records(HOUSE, CIRCLE, 0, None, PAGE).await.unwrap().is_empty());
    let left = store.load(other).await.unwrap().unwrap();
    assert_eq!((left.entries.len(), left.epochs.len(), left.documents.len()), (2, 1, 1));
    // What it was called is free again.
    commit(store, Commit { entries: vec![entry(0)], ..founding() }).await.unwrap();
}

async fn a_closed_store_says_so(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    store.close().await;
    assert!(matches!(commit(store, empty()).await, Err(StoreError::Closed)));
    assert!(store.ping().await.is_err());
}
