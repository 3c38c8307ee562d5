//! The house before anything goes wrong: who there is, and with which devices. For each number of devices there is one, and one in
//! which much was written; worlds begin as copies of it, as most of the time would go into founding.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{GroupSymbol, Letter};
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_core::code;
use nestpost_core::engine::{Engine, FoundArgs};

use super::disk::Disk;
use super::phone::{Asked, Phone};
use super::stage::{Stage, Violation};
use crate::relay::{Backup, MemoryRelay};

const GROUPS_MAX: usize = 3;
/// Bulletins of a house in which much was written: there is a snapshot, and one more makes the next due.
const WRITTEN: usize = 63;
/// So many of them go out at a time.
const AT_A_TIME: usize = 9;
/// Letters that lie about in it.
const GUESTS: usize = 2;

/// A house in which everybody is at work and nothing is under way.
struct House {
    relay: MemoryRelay,
    /// Name, seed, local key, storage.
    devices: Vec<(String, [u8; 32], [u8; 32], Disk)>,
    kept: Kept,
}

/// What lies about in a house besides.
#[derive(Clone, Default)]
pub(super) struct Kept {
    /// Of the relay, before much was written.
    pub(super) early: Option<Backup>,
    /// As it is typed in.
    pub(super) sheet: String,
    /// Letters of the first director that nobody has opened.
    pub(super) papers: Vec<String>,
}

/// How many devices it has, and whether much was written in it.
type Sort = (usize, bool);

thread_local! {
    static HOUSES: RefCell<BTreeMap<Sort, Rc<House>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The house of this sort, founded when it is wanted first.
fn house(devices: usize, written: bool) -> Result<Rc<House>, Violation> {
    let sort = (devices, written);
    if let Some(house) = HOUSES.with_borrow(|houses| houses.get(&sort).cloned()) {
        return Ok(house);
    }
    let mut stage = Stage::new(devices as u64, false);
    // Bugs are for the worlds.
    #[cfg(feature = "mutants")]
    let rule = nestpost_protocol::mutant::choose(None);
    stage.build(devices);
    if written {
        stage.write_much();
    }
    #[cfg(feature = "mutants")]
    nestpost_protocol::mutant::choose(rule);
    if let Some(violation) = stage.violation {
        return Err(violation);
    }
    let relay = stage.relays.remove(0);
    let devices_of = stage.phones.iter().map(|phone| {
        let (seed, local) = phone.expose_secrets();
        (phone.name.clone(), seed, local, phone.disk.clone())
    });
    let house = Rc::new(House { devices: devices_of.collect(), relay, kept: stage.house });
    HOUSES.with_borrow_mut(|houses| houses.insert(sort, Rc::clone(&house)));
    Ok(house)
}

impl Stage {
    /// A house with so many devices, everybody at work.
    pub(super) fn cast(&mut self, devices: usize, written: bool) {
        let house = match house(devices, written) {
            Ok(house) => house,
            Err(violation) => return self.violation = Some(violation),
        };
        self.relays = vec![house.relay.fork()];
        self.house = house.kept.clone();
        self.ledger.papers = self.house.papers.iter().map(|code| (0, code.clone())).collect();
        for (name, seed, local, disk) in &house.devices {
            let mut phone = Phone::new(name.clone(), *seed, *local);
            phone.disk = disk.clone();
            self.phones.push(phone);
        }
        self.settled();
    }

    fn build(&mut self, devices: usize) {
        self.found();
        let groups: Vec<String> =
            (0..1 + self.dice.below(GROUPS_MAX.min(1 + devices / 6))).map(|n| self.new_group(n)).collect();
        let mut people = Vec::new();
        let mut child = None;
        for number in 1..devices {
            let group = self.dice.pick(&groups).cloned().unwrap_or_default();
            // Of three, one works here and two are parents of a child.
            let person = match (number % 3, &child) {
                (1, _) => {
                    let role = if number == 4 { StaffRole::Director } else { StaffRole::Educator };
                    let groups = vec![group];
                    let name = format!("staff {number}");
                    self.ask(Command::CreateStaff { name, role, groups, until: None })
                }
                (2, _) | (_, None) => {
                    let name = format!("child {number}");
                    let made = self.ask(Command::CreateChild { name, group });
                    let Some(Reply::Id { id }) = made else { return self.unexpected() };
                    child = Some(id.clone());
                    self.ask(Command::CreateGuardian {
                        name: format!("parent {number}"),
                        child: id,
                        relation: None,
                    })
                }
                (_, Some(child)) => {
                    let (name, child) = (format!("parent {number}"), child.clone());
                    self.ask(Command::CreateGuardian { name, child, relation: None })
                }
            };
            let Some(Reply::Person { person }) = person else { return self.unexpected() };
            people.push(person);
        }
        self.settled();
        let letters: Vec<Letter> = people.into_iter().filter_map(|person| self.letter(person)).collect();
        self.settled();
        for (number, letter) in letters.iter().enumerate() {
            self.open_letter(format!("device {}", number + 1), &letter.code);
        }
        self.settled();
        self.confirm_all(0);
        self.settled();
    }

    /// Bulletins to everybody, in as few records as that takes, and letters that nobody has opened.
    fn write_much(&mut self) {
        self.house.early = Some(self.relay_mut(0).backup());
        for number in 0..WRITTEN {
            let (title, body) = ("Aushang".to_owned(), format!("bulletin {number}"));
            self.command(0, Command::PostBulletin { group: None, title, body, set: None }, Asked::Other);
            if number % AT_A_TIME == AT_A_TIME - 1 {
                self.settled();
            }
        }
        let made =
            self.ask(Command::CreateChild { name: "child of guests".into(), group: self.first_group() });
        let Some(Reply::Id { id: child }) = made else { return self.unexpected() };
        for number in 0..GUESTS {
            let (name, child) = (format!("guest {number}"), child.clone());
            let made = self.ask(Command::CreateGuardian { name, child, relation: None });
            let Some(Reply::Person { person }) = made else { return self.unexpected() };
            self.settled();
            let Some(letter) = self.letter(person) else { return self.unexpected() };
            self.house.papers.push(letter.code);
        }
        self.settled();
    }

    fn first_group(&self) -> String {
        match self.query(0, &Query::Groups(NoArgs {})) {
            Some(View::Groups(groups)) => groups.into_iter().next().map(|group| group.id).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn unexpected(&mut self) {
        self.violated("halt", "the house could not be set up".into());
    }

    /// Nothing goes wrong yet.
    fn settled(&mut self) {
        if !self.settle() {
            self.unexpected();
        }
    }

    fn found(&mut self) {
        let phone = Phone::new("device 0".into(), self.dice.bytes(), self.dice.bytes());
        let args = FoundArgs {
            house_name: "Kita Spatzennest".into(),
            director_name: "Dora".into(),
            help_line: "0351 123".into(),
            notice: "Wer, was, wozu.".into(),
            setup_code: None,
        };
        let founded = Engine::found(&Phone::config(self.dice.bytes()), phone.secrets(), args);
        match founded {
            Ok(founded) => {
                self.house.sheet = code::format_sheet(&founded.sheet);
                self.adopt(phone, founded.engine)
            }
            Err(_) => return self.unexpected(),
        };
        self.settled();
    }

    fn new_group(&mut self, number: usize) -> String {
        let symbol = GroupSymbol::Hedgehog;
        match self.ask(Command::CreateGroup { name: format!("group {number}"), symbol }) {
            Some(Reply::Id { id }) => id,
            _ => String::new(),
        }
    }

    /// The first director does something, and it is stored at once.
    fn ask(&mut self, command: Command) -> Option<Reply> {
        self.command(0, command, Asked::Reply);
        self.settled();
        self.reply.take()
    }

    fn letter(&mut self, person: String) -> Option<Letter> {
        match self.ask(Command::CreateInvite { person, valid_days: 14 }) {
            Some(Reply::Letter(letter)) => Some(*letter),
            _ => None,
        }
    }

    /// A new device at the door, if the letter opens.
    pub(super) fn open_letter(&mut self, name: String, code: &str) -> Option<usize> {
        let visitor = self.visit(code).ok()?;
        let phone = Phone::new(name, self.dice.bytes(), self.dice.bytes());
        let engine = Engine::join(&Phone::config(self.dice.bytes()), phone.secrets(), &visitor);
        Some(self.adopt(phone, engine))
    }

    /// Whoever stands at the door and shows the same digits is let in by this device.
    pub(super) fn confirm_all(&mut self, by: usize) {
        let Some(View::PendingJoins(joins)) = self.query(by, &Query::PendingJoins(NoArgs {})) else { return };
        for join in joins {
            let same = self.phones.iter().any(|phone| {
                let digits = phone.engine.as_ref().and_then(|engine| engine.summary().digits);
                digits.is_some_and(|digits| digits.as_slice() == join.digits.as_slice())
            });
            if same {
                self.command(by, Command::ConfirmJoin { join: join.id }, Asked::Other);
            }
        }
    }
}
