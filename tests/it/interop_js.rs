//! What real engines wrote opens in the TypeScript library `age-encryption` and in the JavaScript Automerge, without any
//! code of ours; and what that library seals opens here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use data_encoding::HEXLOWER;
use nestpost_core::app::Command;
use nestpost_core::batch::Batch;
use nestpost_core::crypto::{BlobSecret, EpochSecret, OpenError, blob, wrap_epoch};
use nestpost_core::document::{Document, Scalar, Value};
use nestpost_core::pad;
use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::{CircleId, HouseId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::Kind;
use serde_json::{Value as Json, json};

use crate::engine::{Kita, kita};

/// Hands an order to `web-demo/test/interop/stock.mjs` and returns what it printed.
fn stock(folder: &Path, order: &Json) -> Json {
    let web = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../web-demo"));
    for package in ["age-encryption", "@automerge/automerge"] {
        let there = web.join("node_modules").join(package).is_dir();
        assert!(there, "{package} is not installed: run `npm ci --ignore-scripts` in web-demo");
    }
    let paper = folder.join("order.json");
    std::fs::write(&paper, order.to_string()).unwrap();
    let output = Process::new("node")
        .current_dir(web)
        .arg("test/interop/stock.mjs")
        .arg(paper)
        .output()
        .expect("node is installed");
    assert!(output.status.success(), "node said: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What follows a plaintext: 0x80, then zeros.
fn without_padding(padded: &[u8]) -> &[u8] {
    let end = padded.iter().rposition(|byte| *byte != 0).expect("padding has a mark");
    assert_eq!(padded[end], 0x80);
    &padded[..end]
}

fn scalar(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Text(text) => json!({ "text": text }),
        Scalar::Int(number) => json!({ "int": number }),
        Scalar::Bytes(bytes) => json!({ "bytes": HEXLOWER.encode(bytes) }),
        Scalar::Bool(truth) => json!({ "bool": truth }),
    }
}

fn described(document: &Document) -> Json {
    let items = document.items().into_iter().map(|(item, value, _)| {
        let value = match value {
            Value::Bytes(bytes) => json!({ "bytes": HEXLOWER.encode(&bytes) }),
            Value::Map(fields) => fields.iter().map(|(name, value)| (name.clone(), scalar(value))).collect(),
        };
        (item.to_string(), value)
    });
    Json::Object(items.collect())
}

#[test]
fn what_a_house_wrote_opens_in_age_encryption_and_in_automerge_for_javascript() {
    let Kita { mut world, group, child } = kita();
    let text = "Um fünf am Tor, mit Laterne 🏮";
    let post =
        Command::PostBulletin { group: Some(group), title: "Laternen".into(), body: text.into(), set: None };
    world.command("erik", post).unwrap();
    let note = Command::ReportAbsence {
        child,
        kind: nestpost_core::app::view::AbsenceKind::Sick,
        from: crate::engine::DAY.into(),
        to: crate::engine::DAY.into(),
        note: "Fieber".into(),
    };
    world.command("maria", note).unwrap();
    world.settle();

    let folder = tempfile::tempdir().unwrap();
    let engine = world.engine("erik");
    let circles: Vec<(CircleId, Sort)> =
        engine.house().log.circles().map(|circle| (circle.id, circle.sort)).collect();
    let mut headers = Vec::new();
    let mut open = Vec::new();
    let mut sorts = Vec::new();
    for (circle, sort) in circles {
        let secrets: BTreeMap<u32, String> = engine.expose_content_secrets(&circle).into_iter().collect();
        for record in world.relay.records(&circle) {
            let header = record.check().unwrap();
            // Circles that Erik does not read have no secrets here.
            let Some(secret) = secrets.get(&header.epoch).filter(|_| header.kind == Kind::Batch) else {
                continue;
            };
            let file = folder.path().join(format!("record-{}.age", open.len()));
            std::fs::write(&file, record.body.as_slice()).unwrap();
            open.push(json!({ "file": file, "passphrase": secret }));
            headers.push(header);
            sorts.push(sort);
        }
    }
    for sort in [Sort::House, Sort::Group, Sort::Child, Sort::Private] {
        assert!(sorts.contains(&sort), "nothing was written in {sort:?}");
    }
    let held: Vec<_> = engine.house().docs.all().collect();
    let documents: Vec<PathBuf> = held
        .iter()
        .map(|(id, held)| {
            let file = folder.path().join(format!("{id}.automerge"));
            std::fs::write(&file, held.document.save()).unwrap();
            file
        })
        .collect();
    let said = stock(folder.path(), &json!({ "open": open, "seal": [], "documents": documents }));

    // Every record, opened there, is the batch that its header promises; together they are every document.
    let mut built: BTreeMap<_, Document> = BTreeMap::new();
    for (header, opened) in headers.iter().zip(said["opened"].as_array().unwrap()) {
        let padded = HEXLOWER.decode(opened.as_str().unwrap().as_bytes()).unwrap();
        let batch = Batch::open(without_padding(&padded), header).unwrap();
        let document = built.entry(batch.document).or_insert_with(|| Document::new([0; 16]));
        document.apply(&batch.into_changes()).unwrap();
    }
    assert_eq!(built.len(), held.len());
    let read_there = said["documents"].as_array().unwrap();
    for ((id, held), there) in held.iter().zip(read_there) {
        let here = described(&held.document);
        assert_eq!(*there, here, "Automerge for JavaScript reads something else");
        assert_eq!(described(&built[id]), here, "the opened records are not the document");
    }
    let everything = said["documents"].to_string();
    for written in [text, "Laternen", "Fieber"] {
        let bytes = HEXLOWER.encode(written.as_bytes());
        assert!(everything.contains(written) || everything.contains(&bytes), "{written}");
    }
}

#[test]
fn what_age_encryption_seals_opens_here_under_the_one_work_factor() {
    let folder = tempfile::tempdir().unwrap();
    let (house, circle) = (HouseId::new([1; 32]), CircleId::new([2; 16]));
    let keys = EpochSecret::generate().keys(&house, &circle, 1);
    let text = "Mia kommt heute später, Grüße".as_bytes();
    let mut plain = text.to_vec();
    plain.push(0x80);
    plain.resize(1024, 0);
    let file = |factor: u8| folder.path().join(format!("sealed-{factor}.age"));
    let seal = |factor: u8| {
        json!({
            "file": file(factor),
            "passphrase": keys.expose_content_secret(),
            "workFactor": factor,
            "plain": HEXLOWER.encode(&plain),
        })
    };
    stock(folder.path(), &json!({ "open": [], "seal": [seal(1), seal(2)], "documents": [] }));
    assert_eq!(keys.open(&std::fs::read(file(1)).unwrap()).unwrap(), text);
    assert_eq!(keys.open(&std::fs::read(file(2)).unwrap()), Err(OpenError::Broken));
}

#[test]
fn a_picture_opens_in_age_encryption_and_one_that_it_sealed_opens_here() {
    let folder = tempfile::tempdir().unwrap();
    let picture: Vec<u8> = (0..131_071u32).flat_map(|n| n.to_le_bytes().into_iter().take(1)).collect();
    let (bytes, known) = blob::seal(&picture).unwrap();
    let ours = folder.path().join("ours.age");
    std::fs::write(&ours, &bytes).unwrap();
    let secret = BlobSecret::generate();
    let mut padded = picture.clone();
    padded.push(0x80);
    padded.resize(pad::padded_len(picture.len()), 0);
    let theirs = |factor: u8| folder.path().join(format!("theirs-{factor}.age"));
    let seal = |factor: u8| {
        json!({
            "file": theirs(factor),
            "passphrase": secret.expose_passphrase(),
            "workFactor": factor,
            "plain": HEXLOWER.encode(&padded),
        })
    };
    let open = json!([{ "file": ours, "passphrase": known.secret.expose_passphrase() }]);
    let said = stock(folder.path(), &json!({ "open": open, "seal": [seal(1), seal(2)], "documents": [] }));

    let opened = HEXLOWER.decode(said["opened"][0].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(opened.len(), padded.len());
    assert!(without_padding(&opened) == picture);
    let open = |factor: u8| {
        let bytes = std::fs::read(theirs(factor)).unwrap();
        let id = Manifest::of(&bytes).unwrap().id();
        blob::open(&bytes, &secret, picture.len() as u64, id)
    };
    assert!(open(1).unwrap() == picture);
    assert_eq!(open(2), Err(OpenError::Broken));
}

#[test]
fn age_encryption_opens_a_wrap_with_the_exported_identity() {
    let folder = tempfile::tempdir().unwrap();
    let (house, circle) = (HouseId::new([1; 32]), CircleId::new([2; 16]));
    let team = EpochSecret::generate().keys(&house, &circle, 1);
    let secret = EpochSecret::generate();
    let file = folder.path().join("wrap.age");
    std::fs::write(&file, wrap_epoch(&secret, &house, &circle, 7, &team.recipient()).unwrap()).unwrap();
    let open = json!([{ "file": file, "identity": team.expose_identity() }]);
    let said = stock(folder.path(), &json!({ "open": open, "seal": [], "documents": [] }));
    let opened = HEXLOWER.decode(said["opened"][0].as_str().unwrap().as_bytes()).unwrap();
    let carried = |bytes: &[u8]| opened.windows(bytes.len()).any(|window| window == bytes);
    assert!(carried(secret.expose_bytes()) && carried(house.as_bytes()) && carried(circle.as_bytes()));
}
