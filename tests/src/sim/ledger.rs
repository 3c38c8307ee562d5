//! What people were told that their device has stored, and letters that lie about.

use std::collections::BTreeSet;

use nestpost_core::app::Reply;
use nestpost_core::docs::Sent;
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::retention::{Class, Month};

use super::phone::Asked;
use super::stage::Stage;

/// A text that somebody wrote.
pub(super) struct Text {
    pub(super) phone: usize,
    /// What it says, in no other text.
    pub(super) says: String,
    /// Once it was stored.
    pub(super) place: Option<(CircleId, ItemId)>,
    /// How long it is kept, and the month at whose end it expires.
    pub(super) kept: (Class, Month),
    /// Who read the circle then.
    pub(super) readers: BTreeSet<PersonId>,
    /// Its device lost what it had stored before the relay had it.
    pub(super) excused: bool,
    pub(super) taken_back: bool,
    /// It was there when the relay had that it is restricted.
    pub(super) held: bool,
}

/// All of it.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) texts: Vec<Text>,
    /// Codes of letters that nobody has opened, with the device that wrote them.
    pub(super) papers: Vec<(usize, String)>,
    /// Persons that were made and have no letter.
    pub(super) awaited: Vec<String>,
    /// Persons that were made, and by which device.
    pub(super) made: Vec<(usize, PersonId)>,
    /// Persons that were removed, and by which device.
    pub(super) removed: Vec<(usize, PersonId)>,
}

impl Stage {
    /// A text that will be written; its number, and what it says.
    pub(super) fn new_text(&mut self, phone: usize) -> (usize, String) {
        let number = self.ledger.texts.len();
        let says = format!("text {number} of this world");
        self.ledger.texts.push(Text {
            phone,
            says: says.clone(),
            place: None,
            kept: (Class::Long, Month::NEVER),
            readers: BTreeSet::new(),
            excused: false,
            taken_back: false,
            held: false,
        });
        (number, says)
    }

    /// A command was carried out, and its outcome is stored.
    pub(super) fn done(&mut self, phone: usize, asked: &Asked, reply: Reply) {
        match (asked, reply) {
            (Asked::Text(number), Reply::Id { id }) => self.written(phone, *number, &id),
            (Asked::TakeBack(number), _) => {
                if let Some(text) = self.ledger.texts.get_mut(*number) {
                    text.taken_back = true;
                }
            }
            (Asked::Letter, Reply::Letter(letter)) => {
                self.ledger.papers.push((phone, letter.code.clone()));
            }
            (Asked::Guardian, Reply::Person { person }) => {
                self.ledger.made.extend(person.parse().map(|id| (phone, id)));
                self.ledger.awaited.push(person);
            }
            (Asked::Removed(person), _) => {
                self.ledger.removed.extend(person.parse().map(|id| (phone, id)));
            }
            (Asked::Reply, reply) => self.reply = Some(reply),
            _ => {}
        }
    }

    fn written(&mut self, phone: usize, number: usize, id: &str) {
        let Ok(item) = id.parse::<ItemId>() else { return };
        let Some(engine) = &self.phone(phone).engine else { return };
        let docs = &engine.house().docs;
        let place = docs.all().find(|(_, held)| held.document.item(&item).is_some());
        let Some(fact) = place.map(|(_, held)| held.fact) else {
            // It was ended meanwhile, and has emptied itself.
            if engine.house().person().is_none() {
                return;
            }
            return self.violated("stored", format!("text {number} was stored and is nowhere"));
        };
        let readers = access::readers(&engine.house().log, &fact.circle);
        if let Some(text) = self.ledger.texts.get_mut(number) {
            text.place = Some((fact.circle, item));
            text.kept = (fact.class, fact.month);
            text.readers = readers.iter().copied().collect();
        }
    }

    /// A device is about to lose what it has stored: what the relay does not have of it is lost.
    pub(super) fn excuse(&mut self, phone: usize) {
        self.kept.backed.retain(|(by, ..)| *by != phone);
        let mut lost = Vec::new();
        for (number, text) in self.ledger.texts.iter().enumerate() {
            let Some((circle, item)) = text.place.filter(|_| text.phone == phone) else { continue };
            let engine = self.phone(phone).engine.as_ref();
            let at_relay = engine.is_some_and(|engine| {
                engine.house().docs.item(&circle, &item).is_some_and(|at| at.sent == Sent::Relay)
            });
            // What a relay was put back from, it may lack all the same.
            if !at_relay || self.kept.put_back {
                lost.push(number);
            }
        }
        for number in lost {
            if let Some(text) = self.ledger.texts.get_mut(number) {
                text.excused = true;
            }
        }
    }
}
