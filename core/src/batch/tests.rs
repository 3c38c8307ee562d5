use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, ItemId, LinkHash};
use nestpost_protocol::record::{HEADER_VERSION, Kind, LogHead, Position, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, Month};

use super::*;
use crate::document::{Document, Value};

fn header() -> Header {
    Header {
        version: HEADER_VERSION,
        suite: Suite::X25519,
        sealing: Sealing::Content,
        house: HouseId::new([1; 32]),
        circle: CircleId::new([2; 16]),
        epoch: 3,
        document: Some(DocumentId::new([4; 16])),
        side: Side::Staff,
        kind: Kind::Batch,
        author: DeviceId::new([5; 32]),
        seq: 6,
        prev: None,
        log: LogHead { seq: 0, hash: LinkHash::new([0; 32]) },
        seen: Position::START,
        class: Class::Long,
        month: Month::NEVER,
        body_hash: Hash::new([0; 32]),
        body_len: 0,
    }
}

fn changes(count: u8) -> Vec<Vec<u8>> {
    let mut document = Document::new([9; 16]);
    (0..count).map(|i| document.put(&ItemId::new([i; 16]), &Value::Bytes(vec![i])).unwrap()).collect()
}

#[test]
fn round_trip() {
    let batch = Batch::new(&header(), [7; 16], changes(3)).unwrap();
    let opened = Batch::open(&batch.encode(), &header()).unwrap();
    assert_eq!(opened, batch);
    assert_eq!(opened.into_changes(), changes(3));
}

#[test]
fn every_repeated_field_of_the_header_is_compared() {
    let plaintext = Batch::new(&header(), [7; 16], changes(1)).unwrap().encode();
    let differ: [fn(&mut Header); 6] = [
        |h| h.house = HouseId::new([9; 32]),
        |h| h.circle = CircleId::new([9; 16]),
        |h| h.document = Some(DocumentId::new([9; 16])),
        |h| h.author = DeviceId::new([9; 32]),
        |h| h.epoch += 1,
        |h| h.seq += 1,
    ];
    for (field, change) in differ.iter().enumerate() {
        let mut other = header();
        change(&mut other);
        assert_eq!(Batch::open(&plaintext, &other), Err(BatchError::Header), "field {field}");
    }
}

#[test]
fn the_id_is_that_of_the_set_of_changes() {
    let forward = Batch::new(&header(), [7; 16], changes(3)).unwrap();
    let mut reversed = changes(3);
    reversed.reverse();
    let backward = Batch::new(&header(), [8; 16], reversed).unwrap();
    assert_eq!(forward.id, backward.id);
    assert_ne!(forward.id, Batch::new(&header(), [7; 16], changes(2)).unwrap().id);

    let mut lying = forward;
    lying.changes.pop();
    assert_eq!(Batch::open(&lying.encode(), &header()), Err(BatchError::Id));
}

#[test]
fn what_is_no_batch() {
    let twice = [changes(1), changes(1)].concat();
    assert_eq!(Batch::new(&header(), [7; 16], twice), Err(BatchError::Id));
    assert_eq!(Batch::new(&header(), [7; 16], vec![]), Err(DecodeError::OutOfRange.into()));
    assert_eq!(Batch::new(&header(), [7; 16], vec![vec![1, 2, 3]]), Err(BatchError::Id));
    let too_many = vec![vec![]; BATCH_CHANGES_MAX + 1];
    assert_eq!(Batch::new(&header(), [7; 16], too_many), Err(DecodeError::OutOfRange.into()));
    assert_eq!(Batch::open(b"", &header()), Err(DecodeError::Malformed.into()));
    let trailing = [Batch::new(&header(), [7; 16], changes(1)).unwrap().encode(), vec![0]].concat();
    assert_eq!(Batch::open(&trailing, &header()), Err(DecodeError::Trailing.into()));
}
