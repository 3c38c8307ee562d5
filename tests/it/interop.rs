//! Interop with the stock `age` tool (Debian's package, the Go implementation): what a person exports opens with it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use expectrl::{Eof, Expect as _, Session};
use nestpost_core::crypto::{BlobSecret, DeviceKeys, EpochKeys, EpochSecret, blob, wrap_epoch};
use nestpost_core::pad;
use nestpost_protocol::id::{CircleId, HouseId};

const HOUSE: HouseId = HouseId::new([1; 32]);
const CIRCLE: CircleId = CircleId::new([2; 16]);
const TEXT: &str = "Mia kommt heute später, Grüße";

fn keys() -> EpochKeys {
    EpochSecret::generate().keys(&HOUSE, &CIRCLE, 1)
}

/// `age --decrypt` asks for a passphrase on its terminal only, so it gets one.
fn decrypt_with_passphrase(sealed: &Path, opened: &Path, passphrase: &str) -> String {
    let mut command = Command::new("age");
    command.arg("--decrypt").arg("--output").arg(opened).arg(sealed);
    let mut session = Session::spawn(command).expect("age is installed (Debian package `age`)");
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect("passphrase:").expect("age asks for the passphrase");
    session.send_line(passphrase).expect("age listens");
    let said = session.expect(Eof).expect("age ends");
    String::from_utf8_lossy(said.as_bytes()).into_owned()
}

#[test]
fn stock_age_opens_content_with_the_exported_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sealed, opened) = (folder.path().join("body.age"), folder.path().join("body"));
    let keys = keys();
    std::fs::write(&sealed, keys.seal(TEXT.as_bytes()).expect("seals")).expect("writes");

    let said = decrypt_with_passphrase(&sealed, &opened, &keys.expose_content_secret());
    let plaintext = std::fs::read(&opened).unwrap_or_else(|_| panic!("age said: {said}"));
    // What follows the text is the padding: 0x80, then zeros up to 1 KiB.
    assert_eq!(plaintext.len(), 1024);
    let (text, padding) = plaintext.split_at(TEXT.len());
    assert_eq!(text, TEXT.as_bytes());
    assert_eq!((padding[0], padding[1..].iter().all(|byte| *byte == 0)), (0x80, true));
}

#[test]
fn stock_age_refuses_another_epochs_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sealed, opened) = (folder.path().join("body.age"), folder.path().join("body"));
    std::fs::write(&sealed, keys().seal(TEXT.as_bytes()).expect("seals")).expect("writes");

    let said = decrypt_with_passphrase(&sealed, &opened, &keys().expose_content_secret());
    assert!(said.contains("incorrect passphrase"), "age said: {said}");
    assert!(!opened.exists());
}

#[test]
fn stock_age_opens_a_picture_with_its_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sealed, opened) = (folder.path().join("blob.age"), folder.path().join("blob"));
    // Several chunks, and no whole number of them.
    let picture: Vec<u8> = (0..200_000u32).flat_map(|n| n.to_le_bytes().into_iter().take(1)).collect();
    let (bytes, known) = blob::seal(&picture).expect("seals");
    std::fs::write(&sealed, bytes).expect("writes");

    let said = decrypt_with_passphrase(&sealed, &opened, &BlobSecret::generate().expose_passphrase());
    assert!(said.contains("incorrect passphrase"), "age said: {said}");
    let said = decrypt_with_passphrase(&sealed, &opened, &known.secret.expose_passphrase());
    let plaintext = std::fs::read(&opened).unwrap_or_else(|_| panic!("age said: {said}"));
    assert_eq!(plaintext.len(), pad::padded_len(picture.len()));
    let (content, padding) = plaintext.split_at(picture.len());
    assert!(content == picture);
    assert_eq!((padding[0], padding[1..].iter().all(|byte| *byte == 0)), (0x80, true));
}

#[test]
fn stock_age_opens_a_wrap_with_the_exported_identity() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, identity) = (folder.path().join("wrap.age"), folder.path().join("identity.txt"));
    let (team, secret) = (keys(), EpochSecret::generate());
    let wrap = wrap_epoch(&secret, &HOUSE, &CIRCLE, 7, &team.recipient()).expect("wraps");
    std::fs::write(&file, wrap).expect("writes");
    std::fs::write(&identity, team.expose_identity()).expect("writes");

    let open = || Command::new("age").arg("--decrypt").arg("--identity").arg(&identity).arg(&file).output();
    let output = open().expect("age is installed (Debian package `age`)");
    assert!(output.status.success(), "age said: {}", String::from_utf8_lossy(&output.stderr));
    let carried = |bytes: &[u8]| output.stdout.windows(bytes.len()).any(|window| window == bytes);
    assert!(carried(secret.expose_bytes()) && carried(HOUSE.as_bytes()) && carried(CIRCLE.as_bytes()));

    // Somebody else's key opens nothing.
    let stranger = EpochSecret::generate().keys(&HOUSE, &CIRCLE, 1);
    std::fs::write(&identity, stranger.expose_identity()).expect("writes");
    assert!(!open().expect("age runs").status.success());
}

#[test]
fn stock_age_seals_what_a_device_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let device = DeviceKeys::generate();
    let recipient = bech32::encode_lower::<bech32::Bech32>(
        bech32::Hrp::parse("age").expect("a prefix"),
        device.card().recipient.as_bytes(),
    )
    .expect("a recipient");
    let (plain, file) = (folder.path().join("plain"), folder.path().join("file.age"));
    std::fs::write(&plain, b"not a wrap").expect("writes");
    let mut command = Command::new("age");
    command.arg("--recipient").arg(&recipient).arg("--output").arg(&file).arg(&plain);
    assert!(command.status().expect("age is installed (Debian package `age`)").success());
    // It opens, and is then refused for what it carries; for another device it would not open at all.
    let sealed = std::fs::read(&file).expect("reads");
    let open = |device: &DeviceKeys| {
        let opener = nestpost_core::crypto::Opener::Device(device);
        nestpost_core::crypto::unwrap_epoch(opener, &sealed, &HOUSE, &CIRCLE, 1, None).expect_err("no wrap")
    };
    assert_eq!(open(&device), nestpost_core::crypto::OpenError::Broken);
    assert_eq!(open(&DeviceKeys::generate()), nestpost_core::crypto::OpenError::NotForUs);
}
