//! Steps that write: bulletins, notes, messages, pictures, and taking them back.

use nestpost_core::app::command::{NoArgs, SealedArgs, TakenFile};
use nestpost_core::app::view::MediaTarget;
use nestpost_core::app::{Command, Query, View};
use nestpost_core::crypto::BlobSecret;
use nestpost_core::inquiry::Words;
use nestpost_core::transfers::MediaKind;
use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{BlobId, CircleId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;

use super::super::evidence;
use super::super::scenario::CircleName;
use super::{Post, Result, Runner, id_of, not_a_writer, reason};

impl Runner {
    fn fresh(&self, name: &str) -> Result {
        if self.posts.contains_key(name) { Err(reason::EXISTS) } else { Ok(()) }
    }

    pub(super) fn post(&mut self, by: &str, circle: &CircleName, name: &str) -> Result {
        self.fresh(name)?;
        let id = self.circle(circle)?;
        self.write(by, id, name)
    }

    /// By the public link, which is the same as long as no director ends it.
    pub(super) fn outside(&mut self, name: &str) -> Result {
        self.fresh(name)?;
        let circle = self.circle(&CircleName::Intake)?;
        let director = self.director.clone().ok_or(reason::NOT_FOUND)?;
        let device = self.person(&director)?.devices.first().cloned().ok_or(reason::NO_DEVICE)?;
        if self.link.is_none() {
            let asked = self.world.query(&device, &Query::Intake(NoArgs {}));
            let Ok(View::Intake(intake)) = asked else { return Err(reason::INTERNAL) };
            self.link = intake.link;
        }
        let link = self.link.clone().ok_or(reason::INTERNAL)?;
        let words = Words::new(name, name, name, self.world.now).map_err(|_| reason::INTERNAL)?;
        // Nobody of the staff has made new keys yet since somebody left.
        self.world.write_from_outside(&link, words).map_err(|_| reason::NOT_A_WRITER)?;
        let last = self.world.relay.records(&circle).last().map(|record| evidence::item_of(&record.id()));
        let item = last.ok_or(reason::INTERNAL)?;
        self.posts.insert(name.to_owned(), Post { circle, item, photo: false });
        Ok(())
    }

    fn write(&mut self, by: &str, circle: CircleId, name: &str) -> Result {
        let known = self.world.relay.log().circle(&circle).ok_or(reason::NOT_FOUND)?;
        let (title, body) = (name.to_owned(), name.to_owned());
        let group = known.team.map(|team| team.to_string());
        let id = circle.to_string();
        let command = match known.sort {
            Sort::House | Sort::Group => Command::PostBulletin { group, title, body, set: None },
            Sort::Private => Command::SendMessage { thread: id, text: body, set: None },
            _ => Command::PostNote { circle: id, title, body },
        };
        let reply = self.give(by, command).map_err(not_a_writer)?;
        let item = id_of(reply)?.parse().map_err(|_| reason::INTERNAL)?;
        self.posts.insert(name.to_owned(), Post { circle, item, photo: false });
        Ok(())
    }

    /// Where one writes oneself, there. A guardian who may only read answers in a thread of their own.
    pub(super) fn reply(&mut self, by: &str, to: &str, name: &str) -> Result {
        self.fresh(name)?;
        let post = self.posts.get(to).ok_or(reason::NOT_FOUND)?;
        let (circle, item, photo) = (post.circle, post.item, post.photo);
        let device = self.device(by)?;
        if !self.person(by)?.offline {
            self.connect(std::slice::from_ref(&device));
        }
        let places = self.places(circle, item, photo);
        if !evidence::shows(&self.world, &device, &places) {
            return Err(reason::NOT_FOUND);
        }
        let id = self.person(by)?.id;
        let sort = self.world.relay.log().circle(&circle).map(|c| c.sort);
        if evidence::is_staff(&self.world, &id) || matches!(sort, Some(Sort::Guarded | Sort::Council)) {
            return self.write(by, circle, name);
        }
        let thread = self.thread_about(&device, &id, &circle).ok_or(reason::NOT_A_WRITER)?;
        self.write(by, thread, name)
    }

    /// The thread of a guardian about the child that a circle is about; of a group's or the house's, the first of theirs.
    fn thread_about(&self, device: &str, guardian: &PersonId, circle: &CircleId) -> Option<CircleId> {
        let log = &self.world.engine(device).house().log;
        let about = log.circle(circle)?;
        let mut own = log.circles().filter(|c| c.sort == Sort::Private && c.guardian == Some(*guardian));
        let open =
            |c: &nestpost_protocol::log::state::Circle| c.members.contains_key(&Who::Person(*guardian));
        let thread = own.find(|c| {
            open(c)
                && match about.sort {
                    Sort::Private => c.id == *circle,
                    Sort::Guarded | Sort::Council => false,
                    Sort::Child => c.child == Some(*circle),
                    Sort::Group => about.team.is_some_and(|team| c.members.contains_key(&Who::Circle(team))),
                    _ => true,
                }
        });
        thread.map(|c| c.id)
    }

    pub(super) fn photo(&mut self, by: &str, circle: &CircleName, name: &str) -> Result {
        self.fresh(name)?;
        let id = self.circle(circle)?;
        let item = ItemId::new(first16(name));
        let to = self.target(circle, &id).map_err(not_a_writer)?;
        let blob = |size: &str| SealedArgs {
            id: BlobId::new(sha256(&[b"blob", name.as_bytes(), size.as_bytes()])).to_string(),
            secret: BlobSecret::from_bytes(sha256(&[b"secret", name.as_bytes(), size.as_bytes()])),
            bytes: 90_000,
            sealed: 91_000,
        };
        let file = TakenFile {
            id: item.to_string(),
            kind: MediaKind::Picture,
            name: "1.jpg".into(),
            alt: String::new(),
            secret: BlobSecret::from_bytes([9; 32]),
            bytes: 4_000_000,
        };
        let set = ItemId::new(first16(&format!("set {name}"))).to_string();
        self.give(by, Command::TakeMedia { to, set, files: vec![file] }).map_err(not_a_writer)?;
        let ready = Command::MediaReady {
            id: item.to_string(),
            full: blob("full"),
            thumb: Some(blob("thumb")),
            width: Some(1600),
            height: Some(1200),
            hash: Some("3807".into()),
        };
        self.give(by, ready)?;
        self.posts.insert(name.to_owned(), Post { circle: id, item, photo: true });
        Ok(())
    }

    fn target(&self, name: &CircleName, id: &CircleId) -> Result<MediaTarget> {
        Ok(match name {
            CircleName::Group(group) => MediaTarget::Group(self.find_group(group)?.to_string()),
            CircleName::Child(_) => MediaTarget::Child(id.to_string()),
            CircleName::Private(..) => MediaTarget::Thread(id.to_string()),
            _ => return Err(reason::NOT_ALLOWED),
        })
    }

    pub(super) fn share(&mut self, by: &str, post: &str, circle: &CircleName) -> Result {
        let item = self.posts.get(post).filter(|post| post.photo).ok_or(reason::NOT_FOUND)?.item;
        let id = self.circle(circle)?;
        let to = self.target(circle, &id)?;
        self.give(by, Command::SharePicture { id: item.to_string(), to }).map(|_| ())
    }

    pub(super) fn erase(&mut self, by: &str, post: &str) -> Result {
        let Post { item, photo, .. } = self.posts.get(post).ok_or(reason::NOT_FOUND)?;
        let command = if *photo {
            Command::RemoveMedia { id: item.to_string() }
        } else {
            Command::RemoveItem { item: item.to_string() }
        };
        self.give(by, command).map(|_| ())
    }
}

fn first16(text: &str) -> [u8; 16] {
    sha256(&[b"item", text.as_bytes()]).first_chunk::<16>().copied().unwrap_or_default()
}
