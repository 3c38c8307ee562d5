//! A relay whose data is put back from a backup, and the people who say that the house goes on with it.

use std::collections::BTreeMap;

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, RecordId};

use super::phone::Asked;
use super::stage::Stage;

/// How often it is put back to what it was before much was written, in a thousand.
const EARLY: u32 = 300;

impl Stage {
    /// One step of it: a backup is made, or put back, or somebody says something of the copy.
    pub(super) fn restore(&mut self) {
        if self.relay_mut(0).awaits() {
            return self.speak_of_copy();
        }
        // Once in a world.
        if self.kept.put_back {
            return;
        }
        let Some(backup) = self.kept.copy.take() else {
            let early = self.house.early.take().filter(|_| self.dice.chance(EARLY));
            self.kept.copy = Some(early.unwrap_or_else(|| self.relay_mut(0).backup()));
            return;
        };
        self.excuse_forgetful();
        self.note_backed();
        self.kept.put_back = true;
        self.fault(usize::MAX, "relay put back", |stage, _| {
            stage.drop_all_lines(0);
            stage.relay_mut(0).put_back(&backup);
        });
    }

    /// Staff's devices that have everything that the relay has, and have heard that it has it.
    fn note_backed(&mut self) {
        let relay = self.relays.first().expect("there is a relay");
        let log = relay.log();
        let circles = log.circles().map(|circle| (circle.id, relay.ids(&circle.id)));
        let before: BTreeMap<CircleId, Vec<RecordId>> = circles.collect();
        let mut backed = Vec::new();
        for (number, phone) in self.phones.iter().enumerate() {
            let is_quiet = phone.line.as_ref().is_some_and(|line| line.up.is_empty() && line.down.is_empty())
                && phone.disk.waiting() == 0
                && !phone.forgets;
            let Some(engine) = phone.engine.as_ref().filter(|_| is_quiet) else { continue };
            let knows_all = engine.summary().link == "online" && engine.bare_rows() == 0;
            if knows_all && access::is_staff(log, &phone.id) && engine.house().log.head() == log.head() {
                let visible = access::visible(log, &phone.id).into_iter();
                backed
                    .extend(visible.filter_map(|circle| Some((number, circle, before.get(&circle)?.len()))));
            }
        }
        (self.kept.before, self.kept.backed) = (before, backed);
    }

    /// Everything that somebody who is there had heard of stands in its old place again.
    fn check_given(&mut self) {
        let mut found = Vec::new();
        let relay = self.relays.first().expect("there is a relay");
        for (phone, circle, count) in &self.kept.backed {
            let is_there = access::visible(relay.log(), &self.phone(*phone).id).contains(circle);
            let (ids, before) = (relay.ids(circle), self.kept.before.get(circle));
            let had = before.and_then(|before| before.get(..*count)).unwrap_or_default();
            if is_there && ids.get(..*count) != Some(had) {
                found.push(format!("{} had {count} records of a circle", self.phone(*phone).name));
            }
        }
        self.judge("given", found);
    }

    /// Nobody has it any more if the relay does not: whoever wrote it lost it, or may have.
    fn excuse_forgetful(&mut self) {
        for number in 0..self.ledger.texts.len() {
            let author = self.ledger.texts.get(number).map(|text| text.phone);
            let forgets = author.is_some_and(|phone| self.phone(phone).forgets || self.phone(phone).lost);
            if let Some(text) = self.ledger.texts.get_mut(number).filter(|_| forgets) {
                text.excused = true;
            }
        }
    }

    /// Directors whose device has noticed.
    fn who_knows(&self) -> Vec<usize> {
        let knows = |phone: &usize| {
            self.phone(*phone).engine.as_ref().is_some_and(|engine| engine.house().copy.is_some())
        };
        self.directors().into_iter().filter(knows).collect()
    }

    fn proposals(&self, phone: usize, mine: bool) -> Vec<String> {
        match self.query(phone, &Query::Proposals(NoArgs {})) {
            Some(View::Proposals(all)) => {
                all.into_iter().filter(|entry| entry.mine == mine).map(|entry| entry.id).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A director says that the house goes on, agrees, or takes it back.
    fn speak_of_copy(&mut self) {
        let directors = self.who_knows();
        let Some(phone) = self.dice.pick(&directors).copied() else { return };
        let (own, others) = (self.proposals(phone, true), self.proposals(phone, false));
        let command = match (own.into_iter().next(), others.into_iter().next()) {
            (_, Some(proposal)) => Command::Agree { proposal },
            (Some(proposal), None) if self.dice.chance(300) => Command::Decline { proposal },
            _ => {
                let sheet = self.dice.chance(300).then(|| self.house.sheet.clone());
                Command::ConfirmMove { origin: None, sheet }
            }
        };
        self.tally.act("speak of copy");
        self.command(phone, command, Asked::Other);
    }

    /// Whoever can says that the house goes on.
    pub(super) fn go_on(&mut self) {
        if !self.relay_mut(0).awaits() {
            return;
        }
        self.check_given();
        if let Some(phone) = self.who_knows().first().copied() {
            let sheet = Some(self.house.sheet.clone());
            self.tally.act("confirm copy");
            self.command(phone, Command::ConfirmMove { origin: None, sheet }, Asked::Other);
        }
    }
}
