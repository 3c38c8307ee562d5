//! Pictures and files: who sees them where, who takes them back, and what is refused.

use nestpost_protocol::id::{BlobId, CircleId, ItemId, PersonId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::state::Circle;

use super::Family;
use crate::app::command::{NoArgs, SealedArgs, StaffRole, TakenFile};
use crate::app::fixture::{DAY, TODAY, view};
use crate::app::item::{
    ALT_CHARS_MAX, AT_MAX, BlobRef, Description, FILE_NAME_CHARS_MAX, Item, PICTURE_BYTES_MAX, Photo,
    Removal, THUMB_BYTES_MAX,
};
use crate::app::view::{
    Attachment, Bulletin, ItemState, Media, MediaTarget, Message, Picture, PictureAudience, TransferStage,
};
use crate::app::{AppError, Command, Query, Reply, media_index, media_refs};
use crate::crypto::{BlobSecret, DeviceKeys};
use crate::media::MediaFault;
use crate::transfers::{MediaKind, SET_FILES_MAX, TRANSFERS_MAX};

const SET: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";
const OTHER_SET: &str = "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";

/// The id that the host draws for the n-th file.
fn drawn(n: usize) -> String {
    ItemId::new(u128::try_from(n + 1).expect("small").to_be_bytes()).to_string()
}

fn blob_of(id: &str, part: u8) -> BlobId {
    let item: ItemId = id.parse().expect("an id");
    let mut bytes = [part; 32];
    bytes[..16].copy_from_slice(item.as_bytes());
    BlobId::new(bytes)
}

fn sealed(id: &str, part: u8) -> SealedArgs {
    let secret = BlobSecret::from_bytes([part; 32]);
    SealedArgs { id: blob_of(id, part).to_string(), secret, bytes: 90_000, sealed: 91_000 }
}

fn file(n: usize, kind: MediaKind) -> TakenFile {
    let secret = BlobSecret::from_bytes([9; 32]);
    let (name, alt) = (format!("IMG_{n}.jpg"), String::new());
    TakenFile { id: drawn(n), kind, name, alt, secret, bytes: 4_000_000 }
}

fn ready(id: &str, kind: MediaKind) -> Command {
    let picture = kind == MediaKind::Picture;
    Command::MediaReady {
        id: id.into(),
        full: sealed(id, 1),
        thumb: picture.then(|| sealed(id, 2)),
        width: picture.then_some(1600),
        height: picture.then_some(1200),
        hash: picture.then(|| "3807".into()),
    }
}

fn take(to: &MediaTarget, set: &str, files: Vec<TakenFile>) -> Command {
    Command::TakeMedia { to: to.clone(), set: set.into(), files }
}

impl Family {
    fn group_target(&self) -> MediaTarget {
        MediaTarget::Group(self.group.clone())
    }

    fn child_target(&self) -> MediaTarget {
        MediaTarget::Child(self.child.clone())
    }

    fn thread_of(&self, device: &DeviceKeys) -> String {
        view!(self.world, device, Threads, Query::Threads(NoArgs {})).remove(0).id
    }

    /// Taken in, prepared and sent, as far as the relay's answer.
    fn send(&mut self, by: &DeviceKeys, to: &MediaTarget, set: &str, numbers: &[usize], kind: MediaKind) {
        let files = numbers.iter().map(|n| file(*n, kind)).collect();
        self.world.act(by, take(to, set, files));
        for n in numbers {
            let id = drawn(*n);
            self.world.act(by, ready(&id, kind));
            self.world.act(by, Command::MediaSent { id });
        }
    }

    /// The same, and the relay keeps it.
    fn place(&mut self, by: &DeviceKeys, to: &MediaTarget, set: &str, numbers: &[usize], kind: MediaKind) {
        self.send(by, to, set, numbers, kind);
        self.world.hold(by);
    }

    fn pictures(&self, device: &DeviceKeys) -> Vec<Picture> {
        view!(self.world, device, Pictures, Query::Pictures(NoArgs {}))
    }

    fn ids(&self, device: &DeviceKeys) -> Vec<String> {
        self.pictures(device).into_iter().map(|p| p.id).collect()
    }

    fn on_the_way(&self, device: &DeviceKeys) -> Media {
        view!(self.world, device, Transfers, Query::Transfers(NoArgs {}))
    }

    fn bulletins(&self, device: &DeviceKeys) -> Vec<Bulletin> {
        view!(self.world, device, Bulletins, Query::Bulletins(NoArgs {}))
    }

    fn messages(&self, device: &DeviceKeys, thread: &str) -> Vec<Message> {
        view!(self.world, device, Thread, Query::Thread { id: thread.into() }).messages
    }

    fn remove(&mut self, device: &DeviceKeys, n: usize) -> Result<Reply, AppError> {
        self.world.attempt(device, &Command::RemoveMedia { id: drawn(n) })
    }
}

#[test]
fn a_picture_is_shown_from_here_at_once_and_to_others_once_it_is_kept() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    family.world.act(&educator, take(&to, SET, vec![file(0, MediaKind::Picture)]));
    let state = |family: &Family| {
        let picture = family.pictures(&educator).remove(0);
        let stage = picture.transfer.map(|t| (t.stage, t.name));
        (picture.state, stage, picture.width)
    };
    let name = || Some("IMG_0.jpg".to_owned());
    assert_eq!(state(&family), (ItemState::Local, Some((TransferStage::Kept, name())), 0));
    family.world.act(&educator, ready(&drawn(0), MediaKind::Picture));
    assert_eq!(state(&family), (ItemState::Local, Some((TransferStage::Ready, name())), 1600));
    family.world.act(&educator, Command::MediaSent { id: drawn(0) });
    assert_eq!(state(&family), (ItemState::Local, Some((TransferStage::Sent, name())), 1600));
    assert!(family.pictures(&family.mother).is_empty());
    assert_eq!(family.world.house(&educator).waiting(), 1);
    family.world.hold(&educator);
    assert_eq!(state(&family), (ItemState::Relay, None, 1600));
    assert_eq!(family.world.house(&educator).waiting(), 0);
    for device in [&family.mother, &family.father, &family.director] {
        let seen = family.pictures(device).remove(0);
        assert_eq!((seen.id, seen.set, seen.width, seen.height), (drawn(0), SET.into(), 1600, 1200));
        assert_eq!((seen.hash.as_str(), seen.author.as_str(), seen.mine), ("3807", "Eva Educator", false));
        assert_eq!((seen.audience, seen.audience_name.as_str()), (PictureAudience::Group, "Igel"));
    }
    assert!(family.pictures(&family.stranger).is_empty(), "another group's");
}

#[test]
fn what_is_said_twice_is_done_once() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    let files = || vec![file(0, MediaKind::Picture)];
    family.world.act(&educator, take(&to, SET, files()));
    family.world.act(&educator, ready(&drawn(0), MediaKind::Picture));
    // The host starts anew and says everything once more, and something that was never heard of.
    family.world.act(&educator, take(&to, SET, files()));
    family.world.act(&educator, ready(&drawn(0), MediaKind::Picture));
    family.world.act(&educator, ready(&drawn(7), MediaKind::Picture));
    family.world.act(&educator, Command::MediaFailed { id: drawn(7), fault: MediaFault::Lost });
    family.world.act(&educator, Command::MediaSent { id: drawn(7) });
    let stage =
        |family: &Family| family.on_the_way(&educator).pictures.remove(0).transfer.expect("there").stage;
    assert_eq!(stage(&family), TransferStage::Ready);
    for _ in 0..2 {
        family.world.act(&educator, Command::MediaSent { id: drawn(0) });
        family.world.act(&educator, ready(&drawn(0), MediaKind::Picture));
        family.world.act(&educator, Command::MediaFailed { id: drawn(0), fault: MediaFault::Lost });
        assert_eq!(stage(&family), TransferStage::Sent, "what the relay has does not fail here");
    }
    family.world.hold(&educator);
    family.world.act(&educator, take(&to, SET, files()));
    assert!(family.on_the_way(&educator).pictures.is_empty(), "it is an item already");
    assert_eq!(family.ids(&educator), [drawn(0)]);
}

#[test]
fn what_is_set_aside_says_why_and_stays_until_it_is_taken_away() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    let files = vec![file(0, MediaKind::Picture), file(1, MediaKind::Picture)];
    family.world.act(&educator, take(&to, SET, files));
    family.world.act(&educator, Command::MediaFailed { id: drawn(0), fault: MediaFault::Undecodable });
    let failed = family.on_the_way(&educator).pictures.remove(0);
    let transfer = failed.transfer.expect("on its way");
    assert_eq!((transfer.stage, transfer.fault), (TransferStage::Failed, Some(MediaFault::Undecodable)));
    assert_eq!(transfer.name.as_deref(), Some("IMG_0.jpg"));
    assert!(failed.may_remove);
    assert_eq!(family.ids(&educator), [drawn(1)], "it is among what fails only");
    let transfers = family.world.house(&educator).transfers;
    assert_eq!((transfers.queued(), transfers.failed()), (1, 1));
    family.world.act(&educator, ready(&drawn(0), MediaKind::Picture));
    assert_eq!(family.world.house(&educator).transfers.failed(), 1, "it does not come back");
    family.remove(&educator, 0).expect("taken away");
    assert_eq!(family.on_the_way(&educator).pictures.len(), 1);
}

#[test]
fn those_of_a_set_stand_together_in_their_order_and_newer_sets_first() {
    let mut family = Family::new();
    let (educator, director, to) = (family.educator.clone(), family.director.clone(), family.group_target());
    // The host takes them in one after another; two sets overlap in time.
    for (n, set) in [(4, SET), (5, OTHER_SET), (3, SET), (6, OTHER_SET), (2, SET)] {
        let by = if set == SET { &educator } else { &director };
        family.place(by, &to, set, &[n], MediaKind::Picture);
        family.world.pass(1);
    }
    for device in [&educator, &family.mother] {
        assert_eq!(family.ids(device), [4, 3, 2, 5, 6].map(drawn));
    }
    family.world.pass(1000);
    let child = family.child_target();
    family.place(&educator, &child, "00000000000000000000000000000001", &[7], MediaKind::Picture);
    assert_eq!(family.ids(&family.mother), [7, 4, 3, 2, 5, 6].map(drawn));
    assert_eq!(family.pictures(&family.mother)[0].audience, PictureAudience::Child);
}

#[test]
fn a_home_shows_the_newest_few() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    let numbers: Vec<usize> = (0..14).collect();
    family.place(&educator, &to, SET, &numbers, MediaKind::Picture);
    let home = view!(family.world, &family.mother, ParentHome, Query::ParentHome { day: TODAY.into() });
    let ids: Vec<_> = home.pictures.into_iter().map(|p| p.id).collect();
    assert_eq!(ids, (0..12).map(drawn).collect::<Vec<_>>());
}

#[test]
fn pictures_and_files_stand_with_their_bulletin_as_they_come() {
    let mut family = Family::new();
    let (educator, to, group) = (family.educator.clone(), family.group_target(), family.group.clone());
    family.send(&educator, &to, SET, &[0, 1], MediaKind::Picture);
    family.send(&educator, &to, SET, &[2], MediaKind::File);
    let post = |group: Option<String>, set: &str| Command::PostBulletin {
        group,
        title: "Laternen".into(),
        body: "Schön war's".into(),
        set: Some(set.into()),
    };
    family.world.act(&educator, post(Some(group), SET));
    let media = |family: &Family, device: &DeviceKeys| family.bulletins(device).remove(0).media;
    assert_eq!(media(&family, &educator).pictures.len(), 2, "shown from here");
    assert_eq!(media(&family, &family.mother), Media::default(), "the text is there before they are");
    family.world.hold(&educator);
    let seen = media(&family, &family.mother);
    assert_eq!(seen.pictures.iter().map(|p| p.id.clone()).collect::<Vec<_>>(), [drawn(0), drawn(1)]);
    let [Attachment { id, name, bytes, state, .. }] = seen.files.as_slice() else { panic!("one file") };
    assert_eq!((id, name.as_str(), *bytes, *state), (&drawn(2), "IMG_2.jpg", 90_000, ItemState::Relay));
    // Seen with its bulletin.
    let bulletin = family.bulletins(&family.mother).remove(0).id;
    let mother = family.mother.clone();
    family.world.act(&mother, Command::MarkSeen { items: vec![bulletin] });
    let states = |media: Media| {
        let files = media.files.iter().map(|f| f.state);
        media.pictures.iter().map(|p| p.state).chain(files).collect::<Vec<_>>()
    };
    assert_eq!(states(media(&family, &educator)), [ItemState::House; 3]);
    assert_eq!(family.pictures(&educator)[0].state, ItemState::Relay, "by itself it was not on screen");
    family.world.act(&mother, Command::MarkSeen { items: vec![drawn(1)] });
    let alone: Vec<_> = family.pictures(&educator).into_iter().map(|p| p.state).collect();
    assert_eq!(alone, [ItemState::Relay, ItemState::House]);

    family.world.act(&educator, post(None, SET));
    let house = family.bulletins(&educator).into_iter().find(|b| b.group_name.is_none()).expect("posted");
    assert_eq!(house.media, Media::default(), "a set of another circle attaches to nothing");
}

#[test]
fn the_house_is_shown_files_and_a_child_pictures() {
    let mut family = Family::new();
    let (director, stranger) = (family.director.clone(), family.stranger.clone());
    let house = MediaTarget::House(true);
    let no = Err(AppError::NotAllowed);
    assert_eq!(family.world.attempt(&director, &take(&house, SET, vec![file(0, MediaKind::Picture)])), no);
    let child = family.child_target();
    assert_eq!(family.world.attempt(&director, &take(&child, SET, vec![file(0, MediaKind::File)])), no);
    family.place(&director, &house, SET, &[0], MediaKind::File);
    let (title, body) = ("Speiseplan".into(), "Anbei".into());
    family.world.act(&director, Command::PostBulletin { group: None, title, body, set: Some(SET.into()) });
    assert_eq!(family.bulletins(&stranger)[0].media.files.len(), 1);
    // A modified client of the house's own shows a picture to everybody: nobody's app shows it.
    let circle = family.world.house(&director).sole(Sort::House);
    let forged = photo(&drawn(5), "Haus");
    family.world.forge(&director, circle.expect("a house"), ItemId::new([5; 16]), forged);
    assert!(family.pictures(&stranger).is_empty());
    assert_eq!(family.bulletins(&stranger)[0].media.pictures, []);
}

/// The item of a picture with the blobs of `id`.
fn photo(id: &str, alt: &str) -> crate::document::Value {
    let blob =
        |part| BlobRef { id: blob_of(id, part), secret: BlobSecret::from_bytes([part; 32]), bytes: 90_000 };
    Item::Photo(Photo {
        set: SET.parse().expect("an id"),
        full: blob(1),
        thumb: blob(2),
        width: 4,
        height: 3,
        hash: Vec::new().into(),
        alt: alt.into(),
        at: AT_MAX,
        order: 0,
    })
    .value()
}

#[test]
fn in_a_thread_both_sides_send_and_nobody_attaches_to_the_others_message() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let thread = family.thread_of(&mother);
    let to = MediaTarget::Thread(thread.clone());
    let say = |set: Option<&str>| Command::SendMessage {
        thread: thread.clone(),
        text: " ".into(),
        set: set.map(Into::into),
    };
    assert_eq!(family.world.attempt(&mother, &say(None)), Err(AppError::Empty));
    family.place(&mother, &to, SET, &[0, 1], MediaKind::Picture);
    family.world.act(&mother, say(Some(SET)));
    // A document that only the house's side would attach.
    family.place(&educator, &to, SET, &[2], MediaKind::File);
    let message = family.messages(&educator, &thread).remove(0);
    assert_eq!((message.text.as_str(), message.media.pictures.len()), ("", 2));
    assert_eq!(message.media.files, []);
    let picture = &message.media.pictures[0];
    assert_eq!((picture.audience, picture.audience_name.as_str()), (PictureAudience::Thread, "Mila"));
    assert!(!picture.may_share && !picture.may_remove && !picture.may_download && !picture.mine);
    assert!(family.pictures(&mother).is_empty() && family.pictures(&educator).is_empty());
    assert!(family.messages(&mother, &thread)[0].media.pictures[0].may_remove);

    // Kept no longer than what a guardian writes.
    family.world.pass(75 * DAY);
    family.world.expire();
    assert_eq!(media_index(&family.world.house(&educator)).len(), 1, "the house's own file");
}

#[test]
fn pictures_are_for_whom_their_author_writes_to() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let fathers = MediaTarget::Thread(family.thread_of(&family.father));
    let strangers = MediaTarget::Child(family.other_child.clone());
    let one = |to: &MediaTarget| take(to, SET, vec![file(0, MediaKind::Picture)]);
    for (device, to, error) in [
        (&mother, family.group_target(), AppError::NotAllowed),
        (&mother, family.child_target(), AppError::NotAllowed),
        (&mother, fathers, AppError::NotFound),
        (&mother, MediaTarget::House(true), AppError::NotAllowed),
        (&mother, strangers.clone(), AppError::NotFound),
        (&educator, strangers, AppError::NotFound),
        (&educator, MediaTarget::Group("x".into()), AppError::NotFound),
    ] {
        assert_eq!(family.world.attempt(device, &one(&to)), Err(error), "{to:?}");
    }
    let to = family.child_target();
    family.place(&educator, &to, SET, &[0], MediaKind::Picture);
    assert_eq!(family.ids(&family.father), [drawn(0)]);
    assert!(family.pictures(&family.stranger).is_empty());
    let share = Command::SharePicture { id: drawn(0), to: family.group_target() };
    assert_eq!(family.world.attempt(&mother, &share), Err(AppError::NotAllowed));
}

#[test]
fn a_guardian_may_keep_pictures_of_their_own_child_only() {
    let mut family = Family::new();
    let educator = family.educator.clone();
    let (group, child) = (family.group_target(), family.child_target());
    family.place(&educator, &child, SET, &[0], MediaKind::Picture);
    family.world.pass(1);
    family.place(&educator, &group, OTHER_SET, &[1], MediaKind::Picture);
    let may = |family: &Family, device: &DeviceKeys| {
        family.pictures(device).into_iter().map(|p| (p.id, p.may_download)).collect::<Vec<_>>()
    };
    assert_eq!(may(&family, &family.mother), [(drawn(1), false), (drawn(0), true)]);
    assert_eq!(may(&family, &educator), [(drawn(1), false), (drawn(0), false)]);
    // What was shared with the child may be kept, wherever else it stands.
    family.world.act(&educator, Command::SharePicture { id: drawn(1), to: child });
    family.world.hold(&educator);
    assert!(may(&family, &family.mother).iter().all(|(_, may)| *may));
}

#[test]
fn a_shared_picture_is_shown_once_with_the_names_of_all_who_see_it() {
    let mut family = Family::new();
    let educator = family.educator.clone();
    let (group, child) = (family.group_target(), family.child_target());
    family.place(&educator, &group, SET, &[0], MediaKind::Picture);
    let share = || Command::SharePicture { id: drawn(0), to: child.clone() };
    family.world.act(&educator, share());
    family.world.act(&educator, share());
    assert_eq!(family.on_the_way(&educator).pictures.len(), 1, "once");
    let only = |family: &Family, device: &DeviceKeys| {
        let mut all = family.pictures(device);
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    let seen = only(&family, &educator);
    assert_eq!((seen.id, seen.state, seen.transfer), (drawn(0), ItemState::Relay, None));
    assert_eq!(seen.shared_with, ["Mila"], "said from the moment it was decided");
    family.world.hold(&educator);
    family.world.act(&educator, share());
    assert!(family.on_the_way(&educator).pictures.is_empty(), "it is there already");
    for device in [&educator, &family.mother, &family.director] {
        let seen = only(&family, device);
        assert_eq!(
            (seen.id, seen.audience, seen.shared_with),
            (drawn(0), PictureAudience::Group, vec!["Mila".into()])
        );
    }
    // Both guardians of another child of the group would see it in the group alone: the stranger's group is another.
    assert!(family.pictures(&family.stranger).is_empty());
    let far = MediaTarget::Child(family.other_child.clone());
    let director = family.director.clone();
    family.world.act(&director, Command::SharePicture { id: drawn(0), to: far });
    family.world.hold(&director);
    let seen = only(&family, &family.stranger);
    assert_eq!((seen.audience, seen.audience_name.as_str()), (PictureAudience::Child, "Emil"));
    assert_eq!(seen.shared_with, [""; 0], "and learns of no other child");
    assert_ne!(seen.id, drawn(0));
    assert_eq!(only(&family, &family.mother).shared_with, ["Mila"]);
    assert_eq!(only(&family, &director).shared_with, ["Emil", "Mila"]);
}

#[test]
fn what_is_private_or_not_sent_is_not_shared() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let to = MediaTarget::Thread(family.thread_of(&mother));
    family.place(&mother, &to, SET, &[0], MediaKind::Picture);
    let group = family.group_target();
    family.send(&educator, &group, OTHER_SET, &[1], MediaKind::Picture);
    family.place(&educator, &MediaTarget::Group(family.group.clone()), OTHER_SET, &[2], MediaKind::File);
    let share = |n: usize, to: &MediaTarget| Command::SharePicture { id: drawn(n), to: to.clone() };
    let (child, thread) = (family.child_target(), to);
    assert_eq!(
        family.world.attempt(&educator, &share(0, &child)),
        Err(AppError::NotAllowed),
        "a family's own"
    );
    assert_eq!(family.world.attempt(&educator, &share(2, &child)), Err(AppError::NotAllowed), "a file");
    assert_eq!(family.world.attempt(&educator, &share(1, &thread)), Err(AppError::NotAllowed), "to a thread");
    assert_eq!(family.world.attempt(&educator, &share(9, &child)), Err(AppError::NotFound));
    family.send(&educator, &group, OTHER_SET, &[3], MediaKind::Picture);
    assert_eq!(family.world.attempt(&educator, &share(3, &child)), Err(AppError::NotAllowed), "on its way");
}

#[test]
fn its_author_or_a_director_takes_it_back_wherever_it_stands() {
    let mut family = Family::new();
    let (educator, director, mother) =
        (family.educator.clone(), family.director.clone(), family.mother.clone());
    let (group, child) = (family.group_target(), family.child_target());
    let circle_of = |family: &Family, to: &MediaTarget| match to {
        MediaTarget::Child(child) => child.parse::<CircleId>().expect("an id"),
        _ => {
            let team: CircleId = family.group.parse().expect("an id");
            family
                .world
                .log
                .circles()
                .find(|c| c.sort == Sort::Group && c.team == Some(team))
                .expect("a group")
                .id
        }
    };
    family.place(&director, &group, SET, &[0], MediaKind::Picture);
    family.place(&educator, &group, SET, &[1, 2], MediaKind::Picture);
    for n in [0, 1] {
        family.world.act(&educator, Command::SharePicture { id: drawn(n), to: child.clone() });
        family.world.hold(&educator);
    }
    assert_eq!(family.remove(&mother, 0), Err(AppError::NotAllowed));
    let may = |family: &Family, device: &DeviceKeys| {
        family.pictures(device).into_iter().map(|p| p.may_remove).collect::<Vec<_>>()
    };
    assert_eq!(may(&family, &mother), [false; 3]);
    assert_eq!(may(&family, &director), [true; 3]);
    assert_eq!(may(&family, &educator), [true; 3], "of the director's, the share");
    let (in_group, in_child) = (circle_of(&family, &group), circle_of(&family, &child));

    // Of another's picture one takes back what one shared oneself.
    family.remove(&educator, 0).expect("done");
    let both = |n: usize, circle| [1, 2].map(|part| (circle, blob_of(&drawn(n), part))).to_vec();
    assert_eq!(std::mem::take(&mut family.world.released), both(0, in_child));
    assert_eq!(family.ids(&mother), [0, 1, 2].map(drawn));
    assert_eq!(family.pictures(&mother)[0].shared_with, [""; 0]);
    assert_eq!(may(&family, &educator), [false, true, true]);

    family.remove(&educator, 1).expect("done");
    let gone = std::mem::take(&mut family.world.released);
    assert_eq!(gone, [both(1, in_group), both(1, in_child)].concat());
    family.remove(&director, 2).expect("done");
    for device in [&mother, &educator, &director] {
        assert_eq!(family.ids(device), [drawn(0)]);
        let house = family.world.house(device);
        let refs = |n: usize| media_refs(&house, &drawn(n).parse().expect("an id"));
        assert!(refs(0).is_some() && refs(1).is_none() && refs(2).is_none());
        assert_eq!(media_index(&house).len(), 1);
    }
    assert_eq!(family.remove(&educator, 1), Err(AppError::NotFound));
}

#[test]
fn a_removal_by_somebody_else_removes_nothing() {
    let mut family = Family::new();
    let (educator, director, mother) =
        (family.educator.clone(), family.director.clone(), family.mother.clone());
    let thread = family.thread_of(&mother);
    let circle: CircleId = thread.parse().expect("an id");
    let child: CircleId = family.child.parse().expect("an id");
    family.place(&director, &family.child_target(), SET, &[0], MediaKind::Picture);
    family.place(&educator, &MediaTarget::Thread(thread), OTHER_SET, &[1], MediaKind::Picture);
    let removal =
        |n: usize| Item::Removal(Removal { item: drawn(n).parse().expect("an id"), at: AT_MAX }).value();
    // Another educator's word, another side's, another circle's.
    family.world.forge(&educator, child, ItemId::new([1; 16]), removal(0));
    family.world.forge(&mother, circle, ItemId::new([2; 16]), removal(1));
    family.world.forge(&director, circle, ItemId::new([3; 16]), removal(0));
    assert_eq!(family.ids(&mother), [drawn(0)]);
    assert_eq!(media_index(&family.world.house(&mother)).len(), 2);
    let one = |n: usize| media_refs(&family.world.house(&mother), &drawn(n).parse().expect("an id"));
    assert!(one(0).is_some() && one(1).is_some());
    family.world.forge(&director, child, ItemId::new([4; 16]), removal(0));
    assert!(family.ids(&mother).is_empty(), "a director's counts");
    // As with a release: of either side, where they write.
    family.place(
        &mother,
        &MediaTarget::Thread(family.thread_of(&mother)),
        OTHER_SET,
        &[2],
        MediaKind::Picture,
    );
    family.world.forge(&educator, circle, ItemId::new([5; 16]), removal(2));
    let hers = |family: &Family| media_refs(&family.world.house(&mother), &drawn(2).parse().expect("an id"));
    assert!(hers(&family).is_some());
    family.remove(&director, 2).expect("a director takes back what a guardian sent, too");
    let blobs = [1, 2].map(|part| (circle, blob_of(&drawn(2), part)));
    assert_eq!(std::mem::take(&mut family.world.released), blobs);
    assert!(hers(&family).is_none());
}

#[test]
fn a_removal_counts_if_its_author_directed_the_house_when_it_was_written() {
    let mut family = Family::new();
    let (educator, mother, group) = (family.educator.clone(), family.mother.clone(), family.group.clone());
    let deputy = family.world.staff("Dana Deputy", StaffRole::Director, &[]);
    let keys = family.world.admit(&deputy);
    let person: PersonId = deputy.parse().expect("an id");
    let to = family.group_target();
    family.place(&educator, &to, SET, &[0, 1, 2, 3], MediaKind::Picture);
    let team: CircleId = group.parse().expect("an id");
    let in_group = |c: &&Circle| c.sort == Sort::Group && c.team == Some(team);
    let circle = family.world.log.circles().find(in_group).expect("a group").id;
    let removal =
        |n: usize| Item::Removal(Removal { item: drawn(n).parse().expect("an id"), at: AT_MAX }).value();
    family.remove(&keys, 0).expect("a director's");
    // Only here so far: it is not sent before the director leaves.
    family.world.set_offline(&keys, true);
    family.remove(&keys, 1).expect("a director's");
    assert_eq!(family.ids(&keys), [2, 3].map(drawn));
    family.world.agree(&Body::RoleEnd(RoleEnd { person }));
    assert_eq!(family.ids(&mother), [1, 2, 3].map(drawn), "what a director took back stays so");

    // Back as an educator, of the same group.
    let (director, role) = (family.director.clone(), Role::Educator);
    family.world.append(&director, &Body::Role(RoleGrant { person, role }), Vec::new());
    let circle_seq = family.world.log.circle(&team).expect("a team").seq;
    let (who, history) = (Who::Person(person), History::All);
    let member = Body::Member(Member { circle: team, circle_seq, who, history });
    family.world.append(&director, &member, Vec::new());
    assert_eq!(family.ids(&keys), [1, 2, 3].map(drawn), "what was not sent in time counts no more");
    assert_eq!(family.remove(&keys, 2), Err(AppError::NotAllowed));
    family.world.forge(&keys, circle, ItemId::new([4; 16]), removal(2));
    for device in [&mother, &educator, &family.director] {
        assert_eq!(family.ids(device), [1, 2, 3].map(drawn));
    }
    // And as a director once more: what was written in between does not come to count.
    family.world.append(&director, &Body::RoleEnd(RoleEnd { person }), Vec::new());
    let role = Role::Director;
    family.world.append(&director, &Body::Role(RoleGrant { person, role }), Vec::new());
    assert_eq!(family.ids(&mother), [1, 2, 3].map(drawn));
}

#[test]
fn a_circle_that_names_a_blob_twice_lets_go_with_the_last() {
    let mut family = Family::new();
    let (educator, director) = (family.educator.clone(), family.director.clone());
    let (group, child) = (family.group_target(), family.child_target());
    family.place(&director, &group, SET, &[0], MediaKind::Picture);
    // Two devices share it before either hears of the other.
    let twin = photo(&drawn(0), "");
    let circle: CircleId = family.child.parse().expect("an id");
    family.world.act(&educator, Command::SharePicture { id: drawn(0), to: child });
    family.world.hold(&educator);
    family.world.forge(&director, circle, ItemId::new([8; 16]), twin);
    family.remove(&educator, 0).expect("done");
    assert_eq!(family.world.released, [], "the other's item still needs it");
    assert_eq!(family.pictures(&family.mother)[0].shared_with, ["Mila"]);
    family.remove(&director, 0).expect("done");
    assert_eq!(family.world.released.len(), 4);
    assert!(family.pictures(&family.mother).is_empty());
}

#[test]
fn removing_what_is_on_its_way_sends_nothing() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    family.send(&educator, &to, SET, &[0, 1], MediaKind::Picture);
    family.remove(&educator, 0).expect("done");
    assert_eq!(family.world.released, []);
    family.world.hold(&educator);
    assert_eq!(family.ids(&family.mother), [drawn(1)]);
}

#[test]
fn a_picture_is_described_by_its_own_side_and_the_latest_word_counts() {
    let mut family = Family::new();
    let (educator, director, mother) =
        (family.educator.clone(), family.director.clone(), family.mother.clone());
    let (group, child) = (family.group_target(), family.child_target());
    let describe = |n: usize, alt: &str| Command::DescribePicture { id: drawn(n), alt: alt.into() };
    let alt = |family: &Family, device: &DeviceKeys| family.pictures(device)[0].alt.clone();
    family.send(&educator, &group, SET, &[0], MediaKind::Picture);
    family.world.act(&educator, describe(0, " Zwei Laternen "));
    assert_eq!(alt(&family, &educator), "Zwei Laternen");
    family.world.hold(&educator);
    assert_eq!(alt(&family, &mother), "Zwei Laternen");
    family.world.pass(1);
    family.world.act(&director, describe(0, "Drei Laternen"));
    family.world.act(&educator, Command::SharePicture { id: drawn(0), to: child });
    family.world.hold(&educator);
    assert_eq!(alt(&family, &mother), "Drei Laternen");
    family.world.pass(1);
    family.world.act(&educator, describe(0, ""));
    let all = family.world.house(&mother);
    let texts: Vec<_> =
        crate::app::scene::Scene::new(&all).expect("hers").all_media().into_iter().map(|m| m.text).collect();
    assert_eq!(texts, ["", ""], "the share too");
    // Never by the other side, whatever its client says.
    assert_eq!(family.world.attempt(&mother, &describe(0, "X")), Err(AppError::NotAllowed));
    let thread = family.thread_of(&mother);
    let circle: CircleId = thread.parse().expect("an id");
    family.place(&educator, &MediaTarget::Thread(thread.clone()), OTHER_SET, &[1], MediaKind::Picture);
    let (text, set) = ("Hier".into(), Some(OTHER_SET.into()));
    family.world.act(&educator, Command::SendMessage { thread: thread.clone(), text, set });
    let item = Description { item: drawn(1).parse().expect("an id"), text: "X".into(), at: AT_MAX };
    family.world.forge(&mother, circle, ItemId::new([1; 16]), Item::Description(item).value());
    assert_eq!(family.messages(&educator, &thread)[0].media.pictures[0].alt, "");
    let long = "ü".repeat(ALT_CHARS_MAX + 1);
    assert_eq!(family.world.attempt(&educator, &describe(0, &long)), Err(AppError::TooLong));
}

#[test]
fn an_id_that_a_guardian_chose_shadows_nobody_elses_picture() {
    let mut family = Family::new();
    let (educator, mother) = (family.educator.clone(), family.mother.clone());
    family.place(&educator, &family.group_target(), SET, &[0], MediaKind::Picture);
    let id: ItemId = drawn(0).parse().expect("an id");
    let circle: CircleId = family.thread_of(&mother).parse().expect("an id");
    family.world.forge(&mother, circle, id, photo(&drawn(9), "X"));
    let (full, _) = media_refs(&family.world.house(&educator), &id).expect("there");
    assert_eq!(full.id, blob_of(&drawn(0), 1));
    assert_eq!(family.pictures(&educator).len(), 1);
}

#[test]
fn sets_names_and_rows_have_limits() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    let files =
        |from: usize, count: usize| (from..from + count).map(|n| file(n, MediaKind::Picture)).collect();
    let too_long = Err(AppError::TooLong);
    assert_eq!(family.world.attempt(&educator, &take(&to, SET, files(0, SET_FILES_MAX + 1))), too_long);
    family.world.act(&educator, take(&to, SET, files(0, SET_FILES_MAX)));
    assert_eq!(family.world.attempt(&educator, &take(&to, SET, files(SET_FILES_MAX, 1))), too_long);
    for set in 1..4 {
        let id = ItemId::new([set; 16]).to_string();
        family.world.act(&educator, take(&to, &id, files(usize::from(set) * SET_FILES_MAX, SET_FILES_MAX)));
    }
    assert_eq!(family.world.house(&educator).transfers.len(), TRANSFERS_MAX);
    assert_eq!(family.world.attempt(&educator, &take(&to, OTHER_SET, files(TRANSFERS_MAX, 1))), too_long);
    assert_eq!(family.world.attempt(&educator, &take(&to, "set", vec![])), Err(AppError::NotFound));

    let mut family = Family::new();
    let named = |name: String, alt: String| TakenFile { name, alt, ..file(0, MediaKind::File) };
    let long = format!(" {}.pdf", "ä".repeat(FILE_NAME_CHARS_MAX));
    family.world.act(&educator, take(&to, SET, vec![named(long, String::new())]));
    let name = family.on_the_way(&educator).files.remove(0).name;
    assert_eq!(name.chars().count(), FILE_NAME_CHARS_MAX);
    assert!(name.starts_with("ää") && name.ends_with("ä.pdf"), "{name}");
    let alt = |n: usize| take(&to, SET, vec![TakenFile { id: drawn(1), ..named("a".into(), "ü".repeat(n)) }]);
    assert_eq!(family.world.attempt(&educator, &alt(ALT_CHARS_MAX + 1)), too_long);
    family.world.act(&educator, alt(ALT_CHARS_MAX));
}

#[test]
fn what_no_reader_would_take_is_set_aside_here() {
    let mut family = Family::new();
    let (educator, to) = (family.educator.clone(), family.group_target());
    let files = (0..5).map(|n| file(n, MediaKind::Picture)).collect();
    family.world.act(&educator, take(&to, SET, files));
    let prepared = |n: usize, full: u64, thumb: u64, width: u16| {
        let id = drawn(n);
        Command::MediaReady {
            full: SealedArgs { bytes: full, ..sealed(&id, 1) },
            thumb: Some(SealedArgs { bytes: thumb, ..sealed(&id, 2) }),
            width: Some(width),
            height: Some(1),
            hash: None,
            id,
        }
    };
    family.world.act(&educator, prepared(0, PICTURE_BYTES_MAX, THUMB_BYTES_MAX, 4096));
    family.world.act(&educator, prepared(1, PICTURE_BYTES_MAX + 1, 1, 1));
    family.world.act(&educator, prepared(2, 1, THUMB_BYTES_MAX + 1, 1));
    family.world.act(&educator, prepared(3, 1, 1, 4097));
    let faults: Vec<_> =
        family.on_the_way(&educator).pictures.into_iter().map(|p| p.transfer.expect("there").fault).collect();
    let (large, many) = (Some(MediaFault::TooLarge), Some(MediaFault::TooManyPixels));
    assert_eq!(faults, [None, large, large, many, None]);
    // Not a picture's at all: the host's mistake, and it stays as it was.
    assert_eq!(family.world.attempt(&educator, &ready(&drawn(4), MediaKind::File)), Err(AppError::Internal));
}
