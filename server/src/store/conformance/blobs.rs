//! What every store must do with blobs.

use nestpost_protocol::blob::{HoldFact, Manifest};
use nestpost_protocol::id::BlobId;

use super::*;

const BLOB: BlobId = BlobId::new([11; 32]);
const SECOND: BlobId = BlobId::new([12; 32]);
const THIRD: BlobId = BlobId::new([13; 32]);
const ELSEWHERE: CircleId = CircleId::new([21; 16]);
const SEPTEMBER: Month = Month::new(2026, 9);
const OCTOBER: Month = Month::new(2026, 10);

pub(super) async fn run<S, F>(mut fresh: impl FnMut() -> F)
where
    S: Store,
    F: Future<Output = S>,
{
    a_blob_is_read_back(&fresh().await).await;
    a_reservation_weighs_once_and_is_over_after_some_days(&fresh().await).await;
    reserved_again_it_may_begin_afresh(&fresh().await).await;
    a_device_has_what_it_reserved_until_somebody_holds_it(&fresh().await).await;
    a_hold_is_kept_with_its_frame_or_not_at_all(&fresh().await).await;
    the_later_month_and_the_first_author_count(&fresh().await).await;
    the_last_hold_keeps_the_blob(&fresh().await).await;
    what_is_deleted_is_asked_for_until_it_is_buried(&fresh().await).await;
    what_is_unknown_is_deleted_and_what_is_known_is_not(&fresh().await).await;
}

fn manifest(bytes: u64) -> Manifest {
    let parts = bytes.div_ceil(1 << 20);
    Manifest { bytes, parts: (0..parts).map(|n| Hash::new([u8::try_from(n).unwrap(); 32])).collect() }
}

fn reservation(blob: BlobId, reserver: DeviceId) -> Reservation {
    Reservation { house: HOUSE, blob, manifest: manifest(3 << 20), reserver, day: TODAY, afresh: false }
}

fn hold(blob: BlobId, circle: CircleId, expires: Option<Month>) -> BlobChange {
    let hold = HoldFact { circle, side: Side::Staff, author: DEVICE };
    BlobChange::Hold { blob, hold, record: RecordId::new([31; 32]), expires }
}

fn release(blob: BlobId, circle: CircleId) -> BlobChange {
    BlobChange::Release { blob, circle, side: Side::Staff }
}

fn changes(blobs: Vec<BlobChange>) -> Commit {
    Commit { blobs, ..empty() }
}

async fn find(store: &dyn Store, blob: BlobId) -> Option<StoredBlob> {
    store.blobs(HOUSE, &[blob]).await.unwrap().pop().map(|(id, found)| {
        assert_eq!(id, blob);
        found
    })
}

async fn weight(store: &dyn Store) -> u64 {
    store.load(HOUSE).await.unwrap().unwrap().bytes
}

const fn days_later(days: i64) -> Day {
    Day::from_index(TODAY.index() + days)
}

async fn a_blob_is_read_back(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    assert_eq!(find(store, BLOB).await, None);
    store.reserve(reservation(BLOB, DEVICE)).await.unwrap();
    let blob = find(store, BLOB).await.unwrap();
    let expected = StoredBlob {
        manifest: manifest(3 << 20),
        here: Parts::default(),
        reserver: DEVICE,
        reserved: Some(TODAY),
        holds: Vec::new(),
    };
    assert_eq!(blob, expected);
    assert_eq!(blob.missing().parts, [0, 1, 2]);
    store.note_part(HOUSE, BLOB, 1).await.unwrap();
    store.note_part(HOUSE, BLOB, 1).await.unwrap();
    assert_eq!(find(store, BLOB).await.unwrap().missing().parts, [0, 2]);
    store.note_part(HOUSE, BLOB, 0).await.unwrap();
    store.note_part(HOUSE, BLOB, 2).await.unwrap();
    let blob = find(store, BLOB).await.unwrap();
    assert!(blob.fact(TODAY).unwrap().complete);
    assert!(matches!(store.note_part(HOUSE, SECOND, 0).await, Err(StoreError::Conflict)));

    let person = Side::Person(PersonId::new([5; 16]));
    let theirs = HoldFact { circle: CIRCLE, side: person, author: OTHER };
    let change = BlobChange::Hold { blob: BLOB, hold: theirs, record: RecordId::new([1; 32]), expires: None };
    commit(store, changes(vec![hold(BLOB, CIRCLE, None), change])).await.unwrap();
    let mut blob = find(store, BLOB).await.unwrap();
    blob.holds.sort_by_key(|hold| hold.author);
    assert_eq!(blob.holds, [HoldFact { circle: CIRCLE, side: Side::Staff, author: DEVICE }, theirs]);
    assert_eq!(blob.reserved, None);
    let found = store.blobs(HOUSE, &[SECOND, BLOB]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(store.blobs(HouseId::new([9; 32]), &[BLOB]).await.unwrap().is_empty());
}

async fn a_reservation_weighs_once_and_is_over_after_some_days(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    let before = weight(store).await;
    assert_eq!(store.reserve(reservation(BLOB, DEVICE)).await.unwrap(), 3 << 20);
    assert_eq!(store.reserve(reservation(BLOB, DEVICE)).await.unwrap(), 0);
    assert_eq!(weight(store).await, before + (3 << 20));
    let blob = find(store, BLOB).await.unwrap();
    assert!(blob.is_open(days_later(3)) && blob.fact(days_later(3)).is_some());
    assert!(!blob.is_open(days_later(4)) && blob.fact(days_later(4)).is_none());

    assert_eq!(store.expire(SEPTEMBER, days_later(3)).await.unwrap(), []);
    let later = Reservation { day: days_later(2), ..reservation(BLOB, DEVICE) };
    assert_eq!(store.reserve(later).await.unwrap(), 0);
    assert_eq!(store.expire(SEPTEMBER, days_later(5)).await.unwrap(), []);
    assert_eq!(store.expire(SEPTEMBER, days_later(6)).await.unwrap(), [(HOUSE, 3 << 20)]);
    assert_eq!(find(store, BLOB).await, None);
    assert_eq!(weight(store).await, before);
    assert!(matches!(store.note_part(HOUSE, BLOB, 0).await, Err(StoreError::Conflict)));
}

async fn reserved_again_it_may_begin_afresh(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    store.reserve(reservation(BLOB, DEVICE)).await.unwrap();
    store.note_part(HOUSE, BLOB, 0).await.unwrap();
    store.reserve(reservation(BLOB, OTHER)).await.unwrap();
    let blob = find(store, BLOB).await.unwrap();
    assert_eq!((blob.reserver, blob.missing().parts.len()), (OTHER, 2));
    store.reserve(Reservation { afresh: true, ..reservation(BLOB, OTHER) }).await.unwrap();
    assert_eq!(find(store, BLOB).await.unwrap().missing().parts.len(), 3);
    // Not once somebody holds it.
    commit(store, changes(vec![hold(BLOB, CIRCLE, None)])).await.unwrap();
    assert!(matches!(store.reserve(reservation(BLOB, DEVICE)).await, Err(StoreError::Conflict)));
    assert_eq!(find(store, BLOB).await.unwrap().reserver, OTHER);
}

async fn a_device_has_what_it_reserved_until_somebody_holds_it(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    store.reserve(reservation(BLOB, DEVICE)).await.unwrap();
    store.reserve(Reservation { day: days_later(1), ..reservation(SECOND, DEVICE) }).await.unwrap();
    store.reserve(reservation(THIRD, OTHER)).await.unwrap();
    let ask = async |day| store.reserved(HOUSE, DEVICE, day).await.unwrap();
    assert_eq!(ask(TODAY).await, Reserved { count: 2, bytes: 6 << 20 });
    assert_eq!(ask(days_later(4)).await, Reserved { count: 1, bytes: 3 << 20 });
    commit(store, changes(vec![hold(SECOND, CIRCLE, None)])).await.unwrap();
    assert_eq!(ask(TODAY).await.count, 1);
    // Released, it waits for its end; that is no reservation.
    commit(store, changes(vec![release(SECOND, CIRCLE)])).await.unwrap();
    assert_eq!(ask(TODAY).await.count, 1);
}

async fn a_hold_is_kept_with_its_frame_or_not_at_all(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    store.reserve(reservation(BLOB, DEVICE)).await.unwrap();
    let frame = Commit { records: vec![record(1, DEVICE)], ..changes(vec![hold(BLOB, CIRCLE, None)]) };
    let unknown = Commit { blobs: vec![hold(BLOB, CIRCLE, None), hold(SECOND, CIRCLE, None)], ..frame };
    assert!(matches!(commit(store, unknown).await, Err(StoreError::Conflict)));
    assert!(find(store, BLOB).await.unwrap().is_open(TODAY));
    let taken = Commit { entries: vec![entry(0)], ..changes(vec![hold(BLOB, CIRCLE, None)]) };
    assert!(matches!(commit(store, taken).await, Err(StoreError::Conflict)));
    assert!(find(store, BLOB).await.unwrap().holds.is_empty());
    let frame = Commit { records: vec![record(1, DEVICE)], ..changes(vec![hold(BLOB, CIRCLE, None)]) };
    commit(store, frame).await.unwrap();
    assert_eq!(find(store, BLOB).await.unwrap().holds.len(), 1);
}

async fn the_later_month_and_the_first_author_count(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    for blob in [BLOB, SECOND, THIRD] {
        store.reserve(reservation(blob, DEVICE)).await.unwrap();
    }
    let again = |blob, expires| {
        let hold = HoldFact { circle: CIRCLE, side: Side::Staff, author: OTHER };
        BlobChange::Hold { blob, hold, record: RecordId::new([32; 32]), expires }
    };
    let (short, long) = (Some(SEPTEMBER), Some(OCTOBER));
    let first = vec![hold(BLOB, CIRCLE, short), hold(SECOND, CIRCLE, long), hold(THIRD, CIRCLE, None)];
    commit(store, changes(first)).await.unwrap();
    commit(store, changes(vec![again(BLOB, long), again(SECOND, short), again(THIRD, short)])).await.unwrap();
    let holds = find(store, BLOB).await.unwrap().holds;
    assert_eq!(holds, [HoldFact { circle: CIRCLE, side: Side::Staff, author: DEVICE }]);
    assert_eq!(store.expire(OCTOBER, TODAY).await.unwrap(), []);
    assert_eq!(store.expire(Month::new(2026, 11), TODAY).await.unwrap(), [(HOUSE, 6 << 20)]);
    assert_eq!(store.expire(Month::new(2226, 11), days_later(73_000)).await.unwrap(), []);
    assert!(find(store, THIRD).await.is_some());
}

async fn the_last_hold_keeps_the_blob(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    for blob in [BLOB, SECOND] {
        store.reserve(reservation(blob, DEVICE)).await.unwrap();
    }
    let first = vec![
        hold(BLOB, CIRCLE, Some(SEPTEMBER)),
        hold(BLOB, ELSEWHERE, Some(OCTOBER)),
        hold(SECOND, CIRCLE, Some(OCTOBER)),
    ];
    commit(store, changes(first)).await.unwrap();
    // The days of the reservation are no matter any more.
    assert_eq!(store.expire(SEPTEMBER, days_later(20)).await.unwrap(), []);
    assert_eq!(store.expire(OCTOBER, days_later(20)).await.unwrap(), []);
    let holds = find(store, BLOB).await.unwrap().holds;
    assert_eq!(holds.iter().map(|hold| hold.circle).collect::<Vec<_>>(), [ELSEWHERE]);

    commit(store, changes(vec![release(SECOND, ELSEWHERE)])).await.unwrap();
    assert!(find(store, SECOND).await.unwrap().fact(TODAY).is_some());
    commit(store, changes(vec![release(BLOB, ELSEWHERE), release(SECOND, CIRCLE)])).await.unwrap();
    for blob in [BLOB, SECOND] {
        let known = find(store, blob).await.unwrap();
        assert!(known.fact(TODAY).is_none() && known.reserved.is_some(), "nobody holds it any more");
    }
    // Taken back before it is collected.
    store.reserve(reservation(SECOND, DEVICE)).await.unwrap();
    assert_eq!(store.expire(OCTOBER, TODAY).await.unwrap(), [(HOUSE, 3 << 20)]);
    assert_eq!(find(store, BLOB).await, None);
    assert!(find(store, SECOND).await.is_some());
    // Released and held in one frame: held.
    commit(store, changes(vec![hold(SECOND, CIRCLE, None)])).await.unwrap();
    commit(store, changes(vec![release(SECOND, CIRCLE), hold(SECOND, ELSEWHERE, None)])).await.unwrap();
    assert_eq!(store.expire(OCTOBER, days_later(20)).await.unwrap(), []);
}

async fn what_is_deleted_is_asked_for_until_it_is_buried(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    assert_eq!(store.doomed(10).await.unwrap(), []);
    for blob in [BLOB, SECOND, THIRD] {
        store.reserve(reservation(blob, DEVICE)).await.unwrap();
    }
    store.expire(SEPTEMBER, days_later(4)).await.unwrap();
    let all = [(HOUSE, BLOB), (HOUSE, SECOND), (HOUSE, THIRD)];
    assert_eq!(store.doomed(10).await.unwrap(), all);
    assert_eq!(store.doomed(2).await.unwrap().len(), 2);
    // What comes again is not deleted.
    store.reserve(reservation(SECOND, DEVICE)).await.unwrap();
    assert_eq!(store.doomed(10).await.unwrap(), [(HOUSE, BLOB), (HOUSE, THIRD)]);
    store.buried(&[(HOUSE, BLOB), (HOUSE, SECOND)]).await.unwrap();
    assert_eq!(store.doomed(10).await.unwrap(), [(HOUSE, THIRD)]);
}

async fn what_is_unknown_is_deleted_and_what_is_known_is_not(store: &dyn Store) {
    commit(store, founding()).await.unwrap();
    store.reserve(reservation(BLOB, DEVICE)).await.unwrap();
    store.doom(HOUSE, &[BLOB, SECOND]).await.unwrap();
    store.doom(HOUSE, &[SECOND]).await.unwrap();
    assert_eq!(store.doomed(10).await.unwrap(), [(HOUSE, SECOND)]);
}
