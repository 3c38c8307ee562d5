use proptest::prelude::*;

use super::*;

const A: DeviceId = DeviceId::new([1; 32]);
const B: DeviceId = DeviceId::new([2; 32]);
const DOC: DocumentId = DocumentId::new([3; 16]);
const START: [u8; 16] = [4; 16];

fn item(byte: u8) -> ItemId {
    ItemId::new([byte; 16])
}

fn bytes(text: &str) -> Value {
    Value::Bytes(text.as_bytes().to_vec())
}

fn map(fields: &[(&str, Scalar)]) -> Value {
    Value::Map(fields.iter().map(|(name, scalar)| ((*name).to_owned(), scalar.clone())).collect())
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn of(device: &DeviceId) -> Document {
    Document::new(Document::actor(device, &DOC, &START))
}

/// Exactly what a reader with an empty document sees.
fn read(changes: &[Vec<u8>]) -> Document {
    let mut reader = Document::new([0; 16]);
    let applied = reader.apply(changes).unwrap();
    assert_eq!(applied.refused, Vec::<usize>::new());
    reader
}

#[test]
fn values_come_back_as_they_were_written() {
    let values = [
        bytes("signed"),
        bytes(""),
        map(&[]),
        map(&[
            ("text", text("Grüße")),
            ("number", Scalar::Int(-5)),
            ("bytes", Scalar::Bytes(vec![0, 255])),
            ("truth", Scalar::Bool(true)),
        ]),
    ];
    let mut writer = of(&A);
    let changes: Vec<_> = (0..).zip(&values).map(|(i, value)| writer.put(&item(i), value).unwrap()).collect();
    let reader = read(&changes);
    let actor = Document::actor(&A, &DOC, &START);
    let expected: Vec<_> = (0..).zip(values).map(|(i, value)| (item(i), value, actor)).collect();
    assert_eq!(reader.items(), expected);
    assert_eq!(writer.items(), expected);
    assert_eq!((reader.change_count(), reader.missing()), (4, 0));
    let loaded = Document::load([9; 16], &reader.save()).unwrap();
    assert_eq!(loaded.items(), expected);
}

#[test]
fn only_changed_fields_are_written() {
    let [mut a, mut b] = [of(&A), of(&B)];
    let created = a.put(&item(1), &map(&[("title", text("Ausflug")), ("body", text("Montag"))])).unwrap();
    b.apply(std::slice::from_ref(&created)).unwrap();
    // Each changes another field, both without the other's change.
    let by_a = a.put(&item(1), &map(&[("title", text("Ausflug!")), ("body", text("Montag"))])).unwrap();
    let by_b = b.put(&item(1), &map(&[("body", text("Dienstag"))])).unwrap();
    let both = read(&[created, by_a, by_b]);
    assert_eq!(
        both.item(&item(1)).unwrap().0,
        map(&[("title", text("Ausflug!")), ("body", text("Dienstag"))])
    );
    assert_eq!(both.item(&item(1)).unwrap().1, Document::actor(&A, &DOC, &START));
    assert_eq!(a.put(&item(1), &map(&[("title", text("Ausflug!"))])), Err(EditError::Unchanged));
    a.put(&item(2), &bytes("x")).unwrap();
    assert_eq!(a.put(&item(2), &bytes("x")), Err(EditError::Unchanged));
}

#[test]
fn the_winning_value_names_its_writer() {
    let [mut a, mut b] = [of(&A), of(&B)];
    let first = a.put(&item(1), &bytes("a")).unwrap();
    b.apply(std::slice::from_ref(&first)).unwrap();
    let second = b.put(&item(1), &bytes("b")).unwrap();
    let reader = read(&[second, first]);
    assert_eq!(reader.item(&item(1)), Some((bytes("b"), Document::actor(&B, &DOC, &START))));
}

#[test]
fn changes_carry_no_time() {
    let change = of(&A).put(&item(1), &bytes("x")).unwrap();
    assert_eq!(Change::from_bytes(change).unwrap().timestamp(), 0);
}

#[test]
fn actors_differ_by_device_document_and_start() {
    let actor = Document::actor(&A, &DOC, &START);
    assert_ne!(actor, Document::actor(&B, &DOC, &START));
    assert_ne!(actor, Document::actor(&A, &DocumentId::new([9; 16]), &START));
    assert_ne!(actor, Document::actor(&A, &DOC, &[9; 16]));
}

#[test]
fn a_change_by_another_actor_is_refused() {
    let [mut a, mut b] = [of(&A), of(&B)];
    let [mine, foreign] = [a.put(&item(1), &bytes("a")).unwrap(), b.put(&item(2), &bytes("b")).unwrap()];
    let mut reader = Document::new([0; 16]);
    let applied = reader.apply_from(&A, &DOC, &START, &[mine.clone(), foreign]).unwrap();
    assert_eq!(
        applied,
        Applied { hashes: vec![change_hash(&mine).unwrap()], ops: vec![1], refused: vec![1] }
    );
    assert_eq!(reader.items().len(), 1);
}

#[test]
fn a_bad_change_costs_only_itself() {
    let mut a = of(&A);
    let mut changes: Vec<_> = (0..9).map(|i| a.put(&item(i), &bytes("a")).unwrap()).collect();
    // A clone of the device wrote another change with the same (actor, sequence).
    let clash = {
        let mut clone = of(&A);
        for change in &changes[..4] {
            clone.apply(std::slice::from_ref(change)).unwrap();
        }
        clone.put(&item(99), &bytes("clash")).unwrap()
    };
    changes.insert(7, clash);
    changes.insert(2, b"rubbish".to_vec());
    let mut reader = Document::new([0; 16]);
    let applied = reader.apply(&changes).unwrap();
    assert_eq!(applied.refused, vec![2, 8]);
    assert_eq!((reader.items().len(), applied.hashes.len(), reader.missing()), (9, 9, 0));
}

#[test]
fn changes_without_their_cause_wait() {
    let mut a = of(&A);
    let changes: Vec<_> = (0..3).map(|i| a.put(&item(i), &bytes("a")).unwrap()).collect();
    let mut reader = Document::new([0; 16]);
    reader.apply(&changes[1..]).unwrap();
    assert_eq!((reader.missing(), reader.items().len()), (2, 0));
    reader.apply(&changes[..1]).unwrap();
    assert_eq!((reader.missing(), reader.items().len()), (0, 3));
}

#[test]
fn limits() {
    let mut a = of(&A);
    let half = CHANGE_BYTES_MAX / 2;
    assert!(a.put(&item(1), &Value::Bytes(vec![0; half])).is_ok());
    assert_eq!(a.put(&item(2), &Value::Bytes(vec![0; half + 1])), Err(EditError::TooLarge));
    let fields = |count: usize| Value::Map((0..count).map(|i| (i.to_string(), Scalar::Bool(true))).collect());
    assert!(a.put(&item(3), &fields(ITEM_FIELDS_MAX)).is_ok());
    assert_eq!(a.put(&item(4), &fields(ITEM_FIELDS_MAX + 1)), Err(EditError::TooLarge));
    assert_eq!(a.apply(&vec![vec![]; APPLY_CHANGES_MAX + 1]), Err(ApplyError::TooMany));
    assert_eq!(a.items().len(), 2, "a refused edit leaves nothing behind");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::testing::cases(48)))]

    #[test]
    fn readers_converge_whatever_the_order(
        edits in proptest::collection::vec((0..3u8, 0..4u8, 0..3u8, any::<bool>()), 1..20),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let mut writers: Vec<Document> = (0..3).map(|i| Document::new([i + 10; 16])).collect();
        let mut changes: Vec<Vec<u8>> = Vec::new();
        for (writer, key, value, heard) in edits {
            let writer = &mut writers[usize::from(writer)];
            if heard {
                writer.apply(&changes).unwrap();
            }
            let value = map(&[("v", Scalar::Int(value.into()))]);
            match writer.put(&item(key), &value) {
                Ok(change) => changes.push(change),
                Err(error) => prop_assert_eq!(error, EditError::Unchanged),
            }
        }
        let straight = read(&changes);
        let mut rotated = changes.clone();
        rotated.rotate_left(shuffle.index(changes.len().max(1)));
        rotated.reverse();
        let mut one_by_one = Document::new([1; 16]);
        for change in rotated.iter().chain(&changes) {
            one_by_one.apply(std::slice::from_ref(change)).unwrap();
        }
        prop_assert_eq!(straight.items(), one_by_one.items());
        prop_assert_eq!(one_by_one.missing(), 0);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let framed = [&[0x85, 0x6f, 0x4a, 0x83][..], &bytes].concat();
        let mut document = Document::new([0; 16]);
        prop_assert_eq!(document.apply(&[bytes, framed]).unwrap().refused, vec![0, 1]);
    }
}
