//! Pictures and files between native devices, over a real relay.

mod address;
mod erased;
mod proxy;
mod wiped;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GenericImageView as _, Rgb, RgbImage};
use nestpost_client::{ChosenFile, ClientError, Clock, Device, Options, Size};
use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{AbsenceKind, GroupSymbol, MediaTarget, Picture};
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_core::engine::FoundArgs;
use nestpost_core::media::MediaFault;
use nestpost_core::transfers::MediaKind;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use proxy::{Cut, Proxy};

/// A house with a director and a guardian, each on a line of their own.
struct Kita {
    folder: TempDir,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    relay: JoinHandle<()>,
    director_line: Proxy,
    guardian_line: Proxy,
    director: Device,
    guardian: Device,
    group: String,
    child: String,
    sheet: String,
}

async fn relay(data: &Path) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    relay_at("127.0.0.1:0".parse().unwrap(), data).await
}

async fn relay_at(address: SocketAddr, data: &Path) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let relay = nestpost_server::Relay::open(nestpost_server::Config::new(data.to_owned())).await.unwrap();
    let shutdown = async {
        let _ = stopped.await;
    };
    let task = tokio::spawn(async move {
        nestpost_server::serve_relay(listener, relay, shutdown).await.unwrap();
    });
    (address, stop, task)
}

fn options(folder: &Path, name: &str, line: &Proxy) -> Options {
    Options { origin: line.origin(), folder: folder.join(name), clock: Clock::system() }
}

async fn id(device: &Device, command: Command) -> String {
    match device.command(command).await.unwrap() {
        Reply::Id { id } => id,
        Reply::Person { person } => person,
        other => panic!("no id: {other:?}"),
    }
}

async fn settled(device: &Device) {
    device.until(|house| house.link == "online" && house.waiting == 0).await.unwrap();
}

impl Kita {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (address, stop, relay) = relay(&folder.path().join("relay")).await;
        let (director_line, guardian_line) = (Proxy::start(address).await, Proxy::start(address).await);
        let args = FoundArgs {
            house_name: "Kita Test".into(),
            director_name: "Dora".into(),
            help_line: "1".into(),
            notice: "Notice".into(),
            setup_code: None,
        };
        let (director, sheet) =
            Device::found(options(folder.path(), "director", &director_line), args).unwrap();
        director.until(|house| house.stage == "member").await.unwrap();
        let group =
            id(&director, Command::CreateGroup { name: "Igel".into(), symbol: GroupSymbol::Hedgehog }).await;
        settled(&director).await;
        let child = id(&director, Command::CreateChild { name: "Mila".into(), group: group.clone() }).await;
        settled(&director).await;
        let command = Command::CreateGuardian { name: "Lena".into(), child: child.clone(), relation: None };
        let person = id(&director, command).await;
        settled(&director).await;
        let Reply::Letter(letter) =
            director.command(Command::CreateInvite { person, valid_days: 30 }).await.unwrap()
        else {
            panic!("no letter");
        };
        settled(&director).await;
        let guardian =
            Device::join(options(folder.path(), "guardian", &guardian_line), &letter.code).await.unwrap();
        let waits = |view: &View| matches!(view, View::PendingJoins(joins) if !joins.is_empty());
        let view = director.until_view(Query::PendingJoins(NoArgs {}), waits).await.unwrap();
        let View::PendingJoins(joins) = view else { panic!("no joins") };
        director.command(Command::ConfirmJoin { join: joins[0].id.clone() }).await.unwrap();
        guardian.until(|house| house.stage == "member").await.unwrap();
        settled(&guardian).await;
        Self {
            folder,
            address,
            stop,
            relay,
            director_line,
            guardian_line,
            director,
            guardian,
            group,
            child,
            sheet,
        }
    }

    fn to_group(&self) -> MediaTarget {
        MediaTarget::Group(self.group.clone())
    }

    /// Both devices have a ticket from then on.
    async fn one_picture_seen(&self) -> String {
        self.director.add_media(self.to_group(), &Device::new_set(), vec![picture(1)]).await.unwrap();
        let seen = until_pictures(&self.guardian, 1).await;
        self.guardian.picture(&seen[0].id, Size::Thumb).await.unwrap();
        settled(&self.director).await;
        seen[0].id.clone()
    }

    /// Time enough for a part of somebody else's picture, if nothing kept it: the relay stores one thing after another.
    async fn guardian_is_busy(&self, picture: &str) {
        let there = |view: &View| matches!(view, View::Threads(threads) if !threads.is_empty());
        let view = self.guardian.until_view(Query::Threads(NoArgs {}), there).await.unwrap();
        let View::Threads(threads) = view else { panic!("no threads") };
        for text in ["one", "two", "three"] {
            let (thread, text) = (threads[0].id.clone(), text.to_owned());
            self.guardian.command(Command::SendMessage { thread, text, set: None }).await.unwrap();
            settled(&self.guardian).await;
        }
        self.guardian.picture(picture, Size::Full).await.unwrap();
    }

    async fn close(self) {
        self.director.close().await;
        self.guardian.close().await;
        let _ = self.stop.send(());
        self.relay.await.unwrap();
    }

    fn blobs_of(&self, device: &str) -> Vec<std::path::PathBuf> {
        let Ok(entries) = fs::read_dir(self.folder.path().join(device).join("blob")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn drawn(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let wave = (x * y / 64 + seed * 40) % 256;
        Rgb([x * 255 / width, y * 255 / height, wave].map(|value| u8::try_from(value).unwrap()))
    };
    let mut jpeg = Vec::new();
    let image = DynamicImage::from(RgbImage::from_fn(width, height, pixel));
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).unwrap();
    jpeg
}

fn picture(seed: u32) -> ChosenFile {
    let name = format!("IMG_{seed}.jpg");
    ChosenFile { kind: MediaKind::Picture, name, alt: format!("Bild {seed}"), bytes: drawn(1000, 800, seed) }
}

/// Bytes that nothing makes shorter.
fn pdf(bytes: usize) -> ChosenFile {
    let noise = (0..bytes).scan(1u32, |state, _| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(state.to_be_bytes()[0])
    });
    let bytes = b"%PDF-1.7\n".iter().copied().chain(noise).chain(*b"\nstartxref\n0\n%%EOF\n").collect();
    ChosenFile { kind: MediaKind::File, name: "Elternbrief.pdf".into(), alt: String::new(), bytes }
}

fn pictures(view: &View) -> Vec<Picture> {
    match view {
        View::Pictures(pictures) => pictures.clone(),
        _ => Vec::new(),
    }
}

async fn until_pictures(device: &Device, count: usize) -> Vec<Picture> {
    let there = |view: &View| {
        let pictures = pictures(view);
        pictures.len() == count && pictures.iter().all(|picture| picture.transfer.is_none())
    };
    pictures(&device.until_view(Query::Pictures(NoArgs {}), there).await.unwrap())
}

#[tokio::test]
async fn what_one_device_chooses_another_sees_as_it_is() {
    let kita = Kita::open().await;
    let set = Device::new_set();
    let letter = pdf(100_000);
    let chosen = vec![picture(1), picture(2), letter.clone()];
    let taken = kita.director.add_media(kita.to_group(), &set, chosen).await.unwrap();
    assert!(taken.iter().all(Result::is_ok));
    let command = Command::PostBulletin {
        group: Some(kita.group.clone()),
        title: "Herbst".into(),
        body: "Seht her.".into(),
        set: Some(set),
    };
    kita.director.command(command).await.unwrap();
    settled(&kita.director).await;
    let there = |view: &View| match view {
        View::Bulletins(all) => {
            all.iter().any(|one| one.media.pictures.len() == 2 && one.media.files.len() == 1)
        }
        _ => false,
    };
    let View::Bulletins(bulletins) =
        kita.guardian.until_view(Query::Bulletins(NoArgs {}), there).await.unwrap()
    else {
        panic!("no bulletins");
    };
    let media = &bulletins.iter().find(|one| one.title == "Herbst").unwrap().media;
    assert_eq!(media.pictures.iter().map(|one| one.alt.as_str()).collect::<Vec<_>>(), ["Bild 1", "Bild 2"]);
    for one in &media.pictures {
        assert!(!one.hash.is_empty());
        for (size, width, height) in [(Size::Full, 1000, 800), (Size::Thumb, 720, 576)] {
            let jpeg = kita.guardian.picture(&one.id, size).await.unwrap();
            assert_eq!(jpeg, kita.director.picture(&one.id, size).await.unwrap());
            assert_eq!(image::load_from_memory(&jpeg).unwrap().dimensions(), (width, height));
        }
    }
    let file = &media.files[0];
    assert_eq!((file.name.as_str(), file.bytes), ("Elternbrief.pdf", letter.bytes.len() as u64));
    assert_eq!(kita.guardian.file(&file.id).await.unwrap(), letter.bytes);
    // What was fetched is here from now on, and what was sent was never fetched.
    kita.guardian.set_offline(true).await.unwrap();
    assert_eq!(kita.guardian.file(&file.id).await.unwrap(), letter.bytes);
    assert_eq!(kita.guardian_line.asked("GET").len(), 5);
    assert_eq!(kita.director_line.asked("GET").len(), 0);
    assert_eq!(fs::read_dir(kita.folder.path().join("director/original")).unwrap().count(), 0);
    kita.close().await;
}

#[tokio::test]
async fn what_is_no_picture_is_set_aside_at_once() {
    let kita = Kita::open().await;
    let of = |kind, bytes: &[u8]| ChosenFile {
        kind,
        name: "name".into(),
        alt: String::new(),
        bytes: bytes.to_vec(),
    };
    let chosen = vec![
        of(MediaKind::Picture, b""),
        of(MediaKind::Picture, b"a text"),
        of(MediaKind::File, b"a text"),
        of(MediaKind::Picture, b"GIF89a\x08\0\x08\0\0\0\0;"),
        picture(1),
    ];
    let taken = kita.director.add_media(kita.to_group(), &Device::new_set(), chosen).await.unwrap();
    let faults: Vec<Option<MediaFault>> = taken.iter().map(|one| one.as_ref().err().copied()).collect();
    assert_eq!(
        faults,
        [
            Some(MediaFault::Empty),
            Some(MediaFault::NotAPicture),
            Some(MediaFault::NotAPdf),
            Some(MediaFault::FormatUnsupported),
            None
        ]
    );
    until_pictures(&kita.guardian, 1).await;
    // Where a guardian does not write, nothing is taken.
    let refused = kita.guardian.add_media(kita.to_group(), &Device::new_set(), vec![picture(2)]).await;
    assert!(matches!(refused, Err(ClientError::App(_))));
    kita.close().await;
}

#[tokio::test]
async fn what_was_chosen_offline_survives_the_end_of_the_program() {
    let mut kita = Kita::open().await;
    kita.director.set_offline(true).await.unwrap();
    let to = MediaTarget::Child(kita.child.clone());
    kita.director.add_media(to, &Device::new_set(), vec![picture(1), picture(2)]).await.unwrap();
    assert_eq!(kita.director.summary().media.queued, 2);
    kita.director.close().await;
    // What was being written when it ended.
    let blobs = kita.folder.path().join("director/blob");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(blobs.join("half.new"), "half").unwrap();
    kita.director = Device::open(options(kita.folder.path(), "director", &kita.director_line)).unwrap();
    let seen = until_pictures(&kita.guardian, 2).await;
    assert!(seen.iter().all(|one| one.may_download), "their own child");
    assert!(kita.guardian.picture(&seen[0].id, Size::Full).await.is_ok());
    settled(&kita.director).await;
    assert_eq!(kita.director.summary().media.queued, 0);
    assert_eq!(kita.blobs_of("director").len(), 4);
    kita.close().await;
}

#[tokio::test]
async fn a_paused_device_prepares_but_sends_nothing() {
    let kita = Kita::open().await;
    let seen = kita.one_picture_seen().await;
    let puts = kita.director_line.asked("P").len();
    kita.director.command(Command::PauseMedia { paused: true }).await.unwrap();
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(2)]).await.unwrap();
    let ready = |view: &View| match view {
        View::Transfers(media) => media.pictures.iter().all(|one| one.width > 0),
        _ => false,
    };
    kita.director.until_view(Query::Transfers(NoArgs {}), ready).await.unwrap();
    // A text passes.
    let command =
        Command::PostBulletin { group: None, title: "Hallo".into(), body: "Welt".into(), set: None };
    kita.director.command(command).await.unwrap();
    kita.director.until(|house| house.waiting == house.media.queued).await.unwrap();
    kita.guardian_is_busy(&seen).await;
    assert_eq!(kita.director.summary().media.queued, 1);
    assert_eq!(kita.director_line.asked("P").len(), puts);
    kita.director.command(Command::PauseMedia { paused: false }).await.unwrap();
    until_pictures(&kita.guardian, 2).await;
    kita.close().await;
}

#[tokio::test]
async fn what_is_small_goes_first() {
    let kita = Kita::open().await;
    let seen = kita.one_picture_seen().await;
    let puts = kita.director_line.asked("PUT").len();

    kita.director_line.hold_records(true);
    let command =
        Command::PostBulletin { group: None, title: "Hallo".into(), body: "Welt".into(), set: None };
    kita.director.command(command).await.unwrap();
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(2)]).await.unwrap();
    kita.director_line.until_asked("POST", 3).await;
    kita.guardian_is_busy(&seen).await;
    assert_eq!(kita.director_line.asked("PUT").len(), puts);
    kita.director_line.hold_records(false);
    until_pictures(&kita.guardian, 2).await;
    kita.close().await;
}

#[tokio::test]
async fn an_upload_that_breaks_goes_on_with_the_parts_that_are_missing() {
    let kita = Kita::open().await;
    kita.director_line.cut(Cut { method: "PUT", nth: 3, bytes: 300_000 });
    let (letter, set) = (pdf(3_500_000), Device::new_set());
    kita.director.add_media(MediaTarget::House(true), &set, vec![letter.clone()]).await.unwrap();
    let command =
        Command::PostBulletin { group: None, title: "Brief".into(), body: "Anbei.".into(), set: Some(set) };
    kita.director.command(command).await.unwrap();
    settled(&kita.director).await;
    let puts = kita.director_line.asked("PUT");
    let of = |part: usize| puts.iter().filter(|line| line.ends_with(&format!("/{part}"))).count();
    assert_eq!([of(0), of(1), of(2), of(3)], [1, 1, 2, 1], "{puts:?}");
    assert_eq!(kita.director_line.asked("POST").len(), 2);
    let attached = |view: &View| matches!(view, View::Bulletins(all) if all.iter().any(|one| !one.media.files.is_empty()));
    let View::Bulletins(bulletins) =
        kita.guardian.until_view(Query::Bulletins(NoArgs {}), attached).await.unwrap()
    else {
        panic!("no bulletins");
    };
    assert_eq!(kita.guardian.file(&bulletins[0].media.files[0].id).await.unwrap(), letter.bytes);
    kita.close().await;
}

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_broke_off() {
    let kita = Kita::open().await;
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(1)]).await.unwrap();
    let seen = until_pictures(&kita.guardian, 1).await;
    kita.guardian_line.cut(Cut { method: "GET", nth: 1, bytes: 50_000 });
    let jpeg = kita.guardian.picture(&seen[0].id, Size::Full).await.unwrap();
    assert!(jpeg.len() > 60_000, "{} bytes", jpeg.len());
    assert_eq!(jpeg, kita.director.picture(&seen[0].id, Size::Full).await.unwrap());
    let asked = kita.guardian_line.asked("GET");
    let from = asked[1].split_once("range: bytes=").unwrap().1.trim_end_matches('-');
    assert!(asked.len() == 2 && (40_000..50_000).contains(&from.parse().unwrap()), "{asked:?}");
    kita.close().await;
}

#[tokio::test]
async fn what_is_damaged_here_is_fetched_again_or_set_aside() {
    let kita = Kita::open().await;
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(1)]).await.unwrap();
    let seen = until_pictures(&kita.guardian, 1).await;
    let jpeg = kita.guardian.picture(&seen[0].id, Size::Full).await.unwrap();
    let file = kita.blobs_of("guardian").pop().unwrap();
    let sealed = fs::read(&file).unwrap();
    fs::write(&file, &sealed[..sealed.len() - 1]).unwrap();
    assert_eq!(kita.guardian.picture(&seen[0].id, Size::Full).await.unwrap(), jpeg);
    assert_eq!(fs::read(&file).unwrap(), sealed);

    kita.director.command(Command::PauseMedia { paused: true }).await.unwrap();
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(2)]).await.unwrap();
    let ready = |view: &View| matches!(view, View::Transfers(media) if media.pictures.iter().all(|one| one.width > 0));
    kita.director.until_view(Query::Transfers(NoArgs {}), ready).await.unwrap();
    for file in kita.blobs_of("director") {
        fs::remove_file(file).unwrap();
    }
    kita.director.command(Command::PauseMedia { paused: false }).await.unwrap();
    kita.director.until(|house| house.media.failed == 1).await.unwrap();
    kita.close().await;
}

#[tokio::test]
async fn what_was_taken_back_is_gone() {
    let kita = Kita::open().await;
    kita.director.add_media(kita.to_group(), &Device::new_set(), vec![picture(1)]).await.unwrap();
    let seen = until_pictures(&kita.guardian, 1).await;
    kita.director.command(Command::RemoveMedia { id: seen[0].id.clone() }).await.unwrap();
    settled(&kita.director).await;
    until_pictures(&kita.guardian, 0).await;
    let gone = kita.guardian.picture(&seen[0].id, Size::Full).await;
    assert!(matches!(gone, Err(ClientError::Gone)));
    assert!(matches!(kita.guardian.picture("no id", Size::Full).await, Err(ClientError::Gone)));
    kita.close().await;
}

/// After a feast: as many at once as somebody chooses, one of them broken.
#[tokio::test]
async fn three_hundred_pictures_come_in_order_can_be_paused_and_keep_no_sick_note_waiting() {
    const COUNT: usize = 300;
    const BROKEN: usize = 137;
    let kita = Kita::open().await;
    let name = |n: usize| format!("Bild {n:03}");
    let mut chosen: Vec<ChosenFile> = (0..COUNT)
        .map(|n| {
            let bytes = drawn(96, 72, u32::try_from(n).unwrap());
            ChosenFile { kind: MediaKind::Picture, name: format!("IMG_{n}.jpg"), alt: name(n), bytes }
        })
        .collect();
    // Its header says what it is; only whoever decodes it finds that its tables are none.
    let broken = &mut chosen[BROKEN].bytes;
    let tables = broken.windows(2).position(|two| two == [0xff, 0xc4]).unwrap();
    broken[tables + 4..tables + 21].fill(0xff);
    let expected: Vec<String> = (0..COUNT).filter(|n| *n != BROKEN).map(name).collect();

    kita.director.set_offline(true).await.unwrap();
    let taken = kita.director.add_media(kita.to_group(), &Device::new_set(), chosen).await.unwrap();
    assert_eq!(taken.iter().filter(|one| one.is_ok()).count(), COUNT);
    assert_eq!(kita.director.summary().media.queued, COUNT);
    kita.director.set_offline(false).await.unwrap();

    // They come in the order in which they were chosen, from the first on.
    let alts = |view: &View| pictures(view).into_iter().map(|one| one.alt).collect::<Vec<_>>();
    let some = |view: &View| alts(view).len() >= 30;
    let view = kita.guardian.until_view(Query::Pictures(NoArgs {}), some).await.unwrap();
    assert_eq!(alts(&view), expected[..alts(&view).len()]);

    // Paused: what is under way ends, and nothing else begins.
    kita.director.command(Command::PauseMedia { paused: true }).await.unwrap();
    let seen = pictures(&view)[0].id.clone();
    kita.guardian_is_busy(&seen).await;
    let (asked, left) = (kita.director_line.asked("P").len(), kita.director.summary().media.queued);
    assert!(left > COUNT / 4, "{left} left");
    kita.guardian_is_busy(&seen).await;
    assert_eq!(kita.director_line.asked("P").len(), asked);

    // They go on, fewer and fewer; what is urgent overtakes them.
    kita.director.command(Command::PauseMedia { paused: false }).await.unwrap();
    kita.director_line.until_asked("P", asked + 1).await;
    let (child, from, to) = (kita.child.clone(), "2026-11-21".to_owned(), "2026-11-21".to_owned());
    let note = Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note: "Fieber".into() };
    kita.director.command(note).await.unwrap();
    let told = |view: &View| matches!(view, View::Absences(all) if !all.is_empty());
    let absences = Query::Absences { child: kita.child.clone() };
    kita.guardian.until_view(absences, told).await.unwrap();
    let left_then = kita.director.summary().media.queued;
    assert!(left_then > left / 2, "{left_then} of {left} were left");
    let mut counts = vec![left];
    kita.director
        .until(|house| {
            counts.push(house.media.queued);
            house.media.queued == 0 && house.waiting == 0
        })
        .await
        .unwrap();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert!(counts.len() > 20, "{counts:?}");

    let all = |view: &View| alts(view).len() == expected.len();
    let view = kita.guardian.until_view(Query::Pictures(NoArgs {}), all).await.unwrap();
    assert_eq!(alts(&view), expected);
    let View::Transfers(media) = kita.director.query(Query::Transfers(NoArgs {})).await.unwrap() else {
        panic!("no transfers");
    };
    let [aside] = media.pictures.as_slice() else { panic!("{} set aside", media.pictures.len()) };
    let transfer = aside.transfer.as_ref().unwrap();
    assert_eq!((transfer.fault, aside.alt.clone()), (Some(MediaFault::Undecodable), name(BROKEN)));
    assert_eq!(fs::read_dir(kita.folder.path().join("director/original")).unwrap().count(), 0);
    kita.close().await;
}
