//! What two of the staff erase is in no file any more: not the relay's, not a device's, not between their rows.

use std::path::PathBuf;

use nestpost_core::app::command::StaffRole;
use nestpost_core::app::view::MediaTarget;

use super::*;

const CANARY: &str = "Kanarienvogel";
const AGE: &[u8] = b"age-encryption.org/v1\n";

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Files in which these bytes stand.
fn holding(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .filter(|path| fs::read(path).is_ok_and(|bytes| contains(&bytes, needle)))
        .collect()
}

/// Sealed bodies in a device's file: CBOR says before each how long it is.
fn bodies(file: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(file).unwrap();
    let starts = (3..bytes.len()).filter(|at| bytes[*at..].starts_with(AGE) && bytes[at - 3] == 0x59);
    let sized = starts.map(|at| (at, usize::from(u16::from_be_bytes([bytes[at - 2], bytes[at - 1]]))));
    sized.filter_map(|(at, size)| Some(bytes.get(at..at + size)?.to_vec())).collect()
}

/// Somebody more of the staff.
async fn colleague(kita: &Kita) -> Device {
    let groups = vec![kita.group.clone()];
    let staff = Command::CreateStaff { name: "Erik".into(), role: StaffRole::Educator, groups, until: None };
    let person = id(&kita.director, staff).await;
    settled(&kita.director).await;
    let invite = Command::CreateInvite { person: person.clone(), valid_days: 30 };
    let Reply::Letter(letter) = kita.director.command(invite).await.unwrap() else { panic!("no letter") };
    settled(&kita.director).await;
    let options = options(kita.folder.path(), "colleague", &kita.director_line);
    let colleague = Device::join(options, &letter.code).await.unwrap();
    let waits =
        |view: &View| matches!(view, View::PendingJoins(joins) if joins.iter().any(|j| j.person == person));
    let View::PendingJoins(joins) =
        kita.director.until_view(Query::PendingJoins(NoArgs {}), waits).await.unwrap()
    else {
        panic!("no joins");
    };
    let join = joins.into_iter().find(|join| join.person == person).unwrap();
    kita.director.command(Command::ConfirmJoin { join: join.id }).await.unwrap();
    settled(&colleague).await;
    colleague
}

async fn until_messages(device: &Device, thread: &str, wanted: &[&str]) {
    let is = |view: &View| match view {
        View::Thread(detail) => {
            let mut texts: Vec<_> = detail.messages.iter().map(|message| message.text.as_str()).collect();
            texts.retain(|text| !text.is_empty());
            texts == wanted
        }
        _ => false,
    };
    device.until_view(Query::Thread { id: thread.to_owned() }, is).await.unwrap();
}

#[tokio::test]
async fn what_two_of_the_staff_erase_is_in_no_file_any_more() {
    let kita = Kita::open().await;
    let colleague = colleague(&kita).await;
    let there = |view: &View| matches!(view, View::Threads(threads) if !threads.is_empty());
    let View::Threads(threads) = kita.guardian.until_view(Query::Threads(NoArgs {}), there).await.unwrap()
    else {
        panic!("no threads");
    };
    let thread = threads[0].id.clone();
    let say = |text: &str| Command::SendMessage { thread: thread.clone(), text: text.into(), set: None };
    let rows = kita.folder.path().join("guardian/rows.redb");
    let before = bodies(&rows);
    let message = id(&kita.guardian, say(CANARY)).await;
    settled(&kita.guardian).await;
    let mut sealed = bodies(&rows);
    sealed.retain(|body| !before.contains(body));
    sealed.dedup();
    let [sealed] = sealed.as_slice() else { panic!("{} records", sealed.len()) };
    kita.guardian.command(say("Bleibt")).await.unwrap();
    settled(&kita.guardian).await;
    let set = Device::new_set();
    kita.guardian.add_media(MediaTarget::Thread(thread.clone()), &set, vec![picture(1)]).await.unwrap();
    let message_of = Command::SendMessage { thread: thread.clone(), text: String::new(), set: Some(set) };
    kita.guardian.command(message_of).await.unwrap();
    let devices = [&kita.guardian, &kita.director, &colleague];
    let mut picture = String::new();
    for device in devices {
        until_messages(device, &thread, &[CANARY, "Bleibt"]).await;
        let shows = |view: &View| match view {
            View::Thread(detail) => {
                let mut shown = detail.messages.iter().flat_map(|message| &message.media.pictures);
                shown.any(|picture| picture.transfer.is_none())
            }
            _ => false,
        };
        let view = device.until_view(Query::Thread { id: thread.clone() }, shows).await.unwrap();
        let View::Thread(detail) = view else { panic!("no thread") };
        picture = detail.messages.iter().flat_map(|m| &m.media.pictures).next().unwrap().id.clone();
        device.picture(&picture, Size::Full).await.unwrap();
        settled(device).await;
    }

    // What is sealed, to be recognised.
    let folder = kita.folder.path();
    let middle = sealed.len() / 2;
    let mut needles = vec![sealed[middle..middle + 32].to_vec()];
    let sizes = |path: &PathBuf| fs::metadata(path).unwrap().len();
    let blobs =
        files(&folder.join("relay")).into_iter().filter(|path| contains(&fs::read(path).unwrap(), AGE));
    let mut blobs: Vec<_> = blobs.filter(|path| !path.to_string_lossy().contains("sqlite")).collect();
    blobs.sort_by_key(sizes);
    let photo = fs::read(blobs.last().expect("a sealed picture")).unwrap();
    needles.push(photo[photo.len() / 2..photo.len() / 2 + 32].to_vec());
    for needle in &needles {
        assert!(holding(folder, needle).len() >= 3, "{:?}", holding(folder, needle));
    }

    for item in [&message, &picture] {
        kita.director.command(Command::EraseItem { item: item.clone() }).await.unwrap();
        settled(&kita.director).await;
    }
    let wished = |view: &View| matches!(view, View::Erasures(all) if all.wished.len() == 2);
    colleague.until_view(Query::Erasures(NoArgs {}), wished).await.unwrap();
    for item in [&message, &picture] {
        colleague.command(Command::EraseItem { item: item.clone() }).await.unwrap();
    }
    for device in devices {
        until_messages(device, &thread, &["Bleibt"]).await;
        if !std::ptr::eq(device, &kita.guardian) {
            let gone = |view: &View| match view {
                View::Erasures(all) => all.erased.iter().map(|one| one.count).sum::<u32>() >= 2,
                _ => false,
            };
            device.until_view(Query::Erasures(NoArgs {}), gone).await.unwrap();
        }
        settled(device).await;
    }
    // Files of pictures go once a device has looked at what still names them.
    let tidied = async {
        while holding(folder, &needles[1]).iter().any(|path| !path.starts_with(folder.join("relay"))) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), tidied).await.unwrap();
    let Kita { folder, stop, relay, director, guardian, .. } = kita;
    for device in [director, guardian, colleague] {
        device.close().await;
    }
    let _ = stop.send(());
    relay.await.unwrap();
    // The relay hands the picture out no more, and deletes its file within the hour.
    let config = nestpost_server::Config::new(folder.path().join("relay"));
    nestpost_server::Relay::open(config).await.unwrap().sweep().await.unwrap();
    for needle in &needles {
        assert_eq!(holding(folder.path(), needle), Vec::<PathBuf>::new());
    }
}
