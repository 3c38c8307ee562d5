//! What people do with their devices, as their screens would let them.

use nestpost_core::app::command::{Custody, NoArgs, Relation};
use nestpost_core::app::view::{
    AbsenceKind, AttendanceEvent, ChildEntry, Group, People, PersonEntry, PersonStage, Role, Thread,
};
use nestpost_core::app::{Command, Query, View};

use super::phone::{Asked, Phone};
use super::plan::DEVICES_MAX;
use super::stage::Stage;

/// People that are removed, and devices that are ended: the others go on in a house that is still one.
const REMOVED_MAX: u64 = 2;

impl Stage {
    fn groups(&self, phone: usize) -> Vec<Group> {
        match self.query(phone, &Query::Groups(NoArgs {})) {
            Some(View::Groups(groups)) => groups,
            _ => Vec::new(),
        }
    }

    fn threads(&self, phone: usize) -> Vec<Thread> {
        match self.query(phone, &Query::Threads(NoArgs {})) {
            Some(View::Threads(threads)) => threads,
            _ => Vec::new(),
        }
    }

    fn people(&self, phone: usize) -> People {
        match self.query(phone, &Query::People(NoArgs {})) {
            Some(View::People(people)) => people,
            _ => People { staff: Vec::new(), children: Vec::new() },
        }
    }

    fn role(&self, phone: usize) -> Option<Role> {
        let device = self.phone(phone);
        device.is_member().then(|| device.engine.as_ref().map(|engine| engine.summary().role)).flatten()
    }

    /// A day near the present one, as people write it.
    fn day(&self, later: u64) -> String {
        let day = self.now.plus(later * 86_400_000).millis() / 1_000;
        let second = i64::try_from(day).unwrap_or_default();
        jiff::Timestamp::from_second(second)
            .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
            .unwrap_or_default()
    }

    /// Somebody does something.
    pub(super) fn act(&mut self) {
        let Some(phone) = self.somebody() else { return };
        let Some(role) = self.role(phone) else { return };
        let guardian = role == Role::Guardian;
        match (self.dice.below(100), guardian) {
            (0..=29, _) => self.message(phone),
            (30..=54, true) => self.absence(phone),
            (30..=54, false) => self.bulletin(phone),
            (55..=62, _) => self.take_back(phone),
            (63..=72, _) => self.look(phone),
            (73..=82, false) => self.attend(phone),
            (83..=89, false) => self.care(phone),
            (90..=93, false) if role == Role::Director => self.rename(phone),
            (94..=98, false) if role == Role::Director => self.restrict(phone),
            _ => self.message(phone),
        }
    }

    fn somebody(&mut self) -> Option<usize> {
        let there: Vec<usize> =
            (0..self.phones.len()).filter(|phone| self.phone(*phone).is_member()).collect();
        self.dice.pick(&there).copied()
    }

    pub(super) fn directors(&self) -> Vec<usize> {
        (0..self.phones.len()).filter(|phone| self.role(*phone) == Some(Role::Director)).collect()
    }

    fn a_director(&mut self) -> Option<usize> {
        let there = self.directors();
        self.dice.pick(&there).copied()
    }

    fn message(&mut self, phone: usize) {
        let threads: Vec<Thread> = self.threads(phone).into_iter().filter(|thread| !thread.ended).collect();
        let Some(thread) = self.dice.pick(&threads).map(|thread| thread.id.clone()) else { return };
        let (number, text) = self.new_text(phone);
        self.tally.act("message");
        self.command(phone, Command::SendMessage { thread, text, set: None }, Asked::Text(number));
    }

    fn bulletin(&mut self, phone: usize) {
        let groups = self.groups(phone);
        let group = if self.dice.chance(300) { None } else { self.dice.pick(&groups).map(|g| g.id.clone()) };
        let (number, body) = self.new_text(phone);
        self.tally.act("bulletin");
        let title = "Aushang".to_owned();
        self.command(phone, Command::PostBulletin { group, title, body, set: None }, Asked::Text(number));
    }

    fn absence(&mut self, phone: usize) {
        let threads = self.threads(phone);
        let Some(child) = self.dice.pick(&threads).map(|thread| thread.child.clone()) else { return };
        let (number, note) = self.new_text(phone);
        self.tally.act("absence");
        let (from, to) = (self.day(0), self.day(2));
        let command = Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note };
        self.command(phone, command, Asked::Text(number));
    }

    fn take_back(&mut self, phone: usize) {
        let own: Vec<(usize, String)> = self
            .ledger
            .texts
            .iter()
            .enumerate()
            .filter(|(_, text)| text.phone == phone && !text.taken_back)
            .filter_map(|(number, text)| Some((number, text.place?.1.to_string())))
            .collect();
        let Some((number, item)) = self.dice.pick(&own).cloned() else { return };
        self.tally.act("take back");
        self.command(phone, Command::RemoveItem { item }, Asked::TakeBack(number));
    }

    fn look(&mut self, phone: usize) {
        let Some(View::Bulletins(all)) = self.query(phone, &Query::Bulletins(NoArgs {})) else { return };
        let items: Vec<String> = all.into_iter().map(|bulletin| bulletin.id).take(3).collect();
        if !items.is_empty() {
            self.tally.act("look");
            self.command(phone, Command::MarkSeen { items }, Asked::Other);
        }
    }

    fn a_child(&mut self, phone: usize) -> Option<ChildEntry> {
        let children = self.people(phone).children;
        self.dice.pick(&children).cloned()
    }

    fn attend(&mut self, phone: usize) {
        let groups = self.groups(phone);
        let Some(group) = self.dice.pick(&groups).map(|group| group.id.clone()) else { return };
        let day = self.day(0);
        let Some(View::GroupDay(there)) = self.query(phone, &Query::GroupDay { group, day: day.clone() })
        else {
            return;
        };
        let Some(child) = self.dice.pick(&there.children).map(|child| child.id.clone()) else { return };
        let event = if self.dice.chance(500) { AttendanceEvent::Came } else { AttendanceEvent::Left };
        self.tally.act("attend");
        self.command(phone, Command::Attend { child, day, event }, Asked::Other);
    }

    fn care(&mut self, phone: usize) {
        let Some(child) = self.a_child(phone).map(|child| child.id) else { return };
        let allergies = format!("allergy {}", self.dice.below(1_000));
        self.tally.act("care");
        let command = Command::SetCare { child, allergies, contacts: String::new(), untimed: false };
        self.command(phone, command, Asked::Other);
    }

    fn rename(&mut self, phone: usize) {
        let name = format!("Kita {}", self.dice.below(1_000));
        self.tally.act("rename");
        let (help_line, notice) = ("0351 123".into(), "Wer, was, wozu.".into());
        self.command(phone, Command::UpdateHouse { name, help_line, notice }, Asked::Other);
    }

    /// Who belongs, and who reads what, changes.
    pub(super) fn change_members(&mut self) {
        match self.dice.below(16) {
            0..=2 => self.newcomer(),
            3 | 4 => self.another_device(),
            5..=8 => self.at_the_door(),
            9 => self.remove(),
            10 => self.move_child(),
            11 => self.change_right(),
            12..=14 => self.horizon(),
            _ => self.end_device(),
        }
    }

    fn newcomer(&mut self) {
        let Some(by) = self.a_director() else { return };
        if self.phones.len() >= DEVICES_MAX {
            return;
        }
        let Some(child) = self.a_child(by).map(|child| child.id) else { return };
        self.tally.act("newcomer");
        let name = format!("newcomer {}", self.phones.len());
        self.command(by, Command::CreateGuardian { name, child, relation: None }, Asked::Guardian);
    }

    fn another_device(&mut self) {
        let Some(phone) = self.somebody() else { return };
        if self.phones.len() >= DEVICES_MAX || self.role(phone) == Some(Role::Place) {
            return;
        }
        self.tally.act("another device");
        self.command(phone, Command::PairDevice { name: "Tablet".into() }, Asked::Letter);
    }

    /// Letters are written, opened, and whoever stands at the door is let in.
    pub(super) fn at_the_door(&mut self) {
        let Some(by) = self.a_director() else { return };
        if let Some(person) = self.ledger.awaited.pop() {
            self.tally.act("letter");
            return self.command(by, Command::CreateInvite { person, valid_days: 14 }, Asked::Letter);
        }
        if let Some(paper) = self.ledger.papers.pop() {
            let name = format!("device {}", self.phones.len());
            match self.open_letter(name, &paper.1) {
                Some(_) => {
                    self.tally.act("letter opened");
                    self.tally.devices += 1;
                }
                // The relay has not heard of it.
                None => self.ledger.papers.insert(0, paper),
            }
            return;
        }
        for phone in 0..self.phones.len() {
            if self.role(phone).is_some() {
                self.confirm_all(phone);
            }
        }
    }

    fn remove(&mut self) {
        let Some(by) = self.a_director() else { return };
        if self.tally.acts.get("remove").copied().unwrap_or_default() >= REMOVED_MAX {
            return;
        }
        let People { staff, children } = self.people(by);
        let staff = staff.into_iter().filter(|person| person.role == Role::Educator);
        let guardians = children.into_iter().flat_map(|child| child.guardians);
        let there: Vec<PersonEntry> =
            staff.chain(guardians).filter(|person| person.stage == PersonStage::Member).collect();
        let Some(person) = self.dice.pick(&there).map(|person| person.person.clone()) else { return };
        self.tally.act("remove");
        let asked = Asked::Removed(person.clone());
        self.command(by, Command::RemovePerson { person, sheet: None }, asked);
    }

    fn end_device(&mut self) {
        let Some(by) = self.a_director() else { return };
        let removed =
            ["remove", "end device"].map(|act| self.tally.acts.get(act).copied().unwrap_or_default());
        // The first is the one whose sheet nobody has printed.
        let others: Vec<String> =
            self.phones.iter().skip(1).map(|phone: &Phone| phone.id.to_string()).collect();
        let Some(device) = self.dice.pick(&others).cloned() else { return };
        if removed.iter().sum::<u64>() < REMOVED_MAX {
            self.tally.act("end device");
            self.command(by, Command::EndDevice { device, sheet: None }, Asked::Other);
        }
    }

    fn move_child(&mut self) {
        let Some(by) = self.a_director() else { return };
        let groups = self.groups(by);
        let Some(group) = self.dice.pick(&groups).map(|group| group.id.clone()) else { return };
        let Some(child) = self.a_child(by).map(|child| child.id) else { return };
        self.tally.act("move child");
        self.command(by, Command::MoveChild { child, group }, Asked::Other);
    }

    fn change_right(&mut self) {
        let Some(by) = self.a_director() else { return };
        let Some(child) = self.a_child(by) else { return };
        let Some(person) = self.dice.pick(&child.guardians).map(|guardian| guardian.person.clone()) else {
            return;
        };
        let custody = if self.dice.chance(500) { Custody::None } else { Custody::Joint };
        let relation = Relation { custody, ..Relation::USUAL };
        self.tally.act("change right");
        self.command(by, Command::SetGuardian { person, child: child.id, relation }, Asked::Other);
    }

    fn horizon(&mut self) {
        let Some(by) = self.a_director() else { return };
        let log = self.phone(by).engine.as_ref().map(|engine| &engine.house().log);
        let circles: Vec<String> = log
            .into_iter()
            .flat_map(|log| log.circles())
            .filter(|circle| circle.sort == nestpost_protocol::log::kind::circle::Sort::Group)
            .map(|circle| circle.id.to_string())
            .collect();
        let Some(circle) = self.dice.pick(&circles).cloned() else { return };
        self.tally.act("horizon");
        self.command(by, Command::Horizon { circle: Some(circle) }, Asked::Other);
    }
}
