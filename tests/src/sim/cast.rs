//! The house before anything goes wrong: who there is, and with which devices. There is one for each number of devices; worlds
//! begin as copies of it, as most of the time would go into founding.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{GroupSymbol, Letter};
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_core::engine::{Engine, FoundArgs};

use super::disk::Disk;
use super::phone::{Asked, Phone};
use super::stage::{Stage, Violation};
use crate::relay::MemoryRelay;

const GROUPS_MAX: usize = 3;

/// A house in which everybody is at work and nothing is under way.
struct House {
    relay: MemoryRelay,
    /// Name, seed, local key, storage.
    devices: Vec<(String, [u8; 32], [u8; 32], Disk)>,
}

thread_local! {
    static HOUSES: RefCell<BTreeMap<usize, Rc<House>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The house with so many devices, founded when it is wanted first.
fn house(devices: usize) -> Result<Rc<House>, Violation> {
    if let Some(house) = HOUSES.with_borrow(|houses| houses.get(&devices).cloned()) {
        return Ok(house);
    }
    let mut stage = Stage::new(devices as u64, false);
    // Bugs are for the worlds.
    #[cfg(feature = "mutants")]
    let rule = nestpost_protocol::mutant::choose(None);
    stage.build(devices);
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
    let house = Rc::new(House { devices: devices_of.collect(), relay });
    HOUSES.with_borrow_mut(|houses| houses.insert(devices, Rc::clone(&house)));
    Ok(house)
}

impl Stage {
    /// A house with so many devices, everybody at work.
    pub(super) fn cast(&mut self, devices: usize) {
        let house = match house(devices) {
            Ok(house) => house,
            Err(violation) => return self.violation = Some(violation),
        };
        self.relays = vec![house.relay.fork()];
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
            Ok(founded) => self.adopt(phone, founded.engine),
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
