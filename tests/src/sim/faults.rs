//! What goes wrong.

use nestpost_core::engine::Input;

use super::lies::is_answer;
use super::plan::{Plan, Trouble};
use super::stage::Stage;

const DAY_MS: u64 = 86_400_000;
/// How often a relay that lies does so, in a thousand steps.
const LIES: u32 = 10;
/// How often what comes twice does so, in a thousand messages.
const LATE: u32 = 250;

impl Stage {
    /// One thing that happens while things go wrong.
    pub(super) fn step(&mut self, plan: &Plan) {
        let troubles = plan.troubles.clone();
        for (trouble, often) in troubles {
            if self.dice.chance(often) {
                self.trouble(trouble);
            }
        }
        if let Some(lie) = plan.lie.filter(|_| self.dice.chance(LIES)) {
            self.lie(lie);
        }
        match self.dice.below(100) {
            0..=11 => self.act(),
            // Guests come as long as there are letters.
            12 if plan.written => self.at_the_door(),
            12..=15 => self.pass_a_little(),
            16..=20 => self.reconnect(),
            21..=22 => {
                self.send_stray();
            }
            _ => self.move_something(),
        }
    }

    /// A message arrives, or a transaction is stored, on some device that waits for one.
    fn move_something(&mut self) {
        let mut ready = Vec::new();
        for (number, phone) in self.phones.iter().enumerate() {
            if let Some(line) = &phone.line {
                if !line.up.is_empty() {
                    ready.push((number, 0));
                }
                if !line.down.is_empty() && phone.engine.is_some() {
                    ready.push((number, 1));
                }
            }
            if phone.disk.waiting() > 0 && phone.engine.is_some() {
                ready.push((number, 2));
            }
        }
        let Some((phone, what)) = self.dice.pick(&ready).copied() else { return self.reconnect() };
        match what {
            0 => self.send_up(phone),
            1 => {
                let comes = self.dice.chance(LATE);
                if let Some(line) = self.phone_mut(phone).line.as_mut().filter(|_| comes) {
                    line.down.extend(line.late.take());
                }
                self.send_down(phone)
            }
            _ => self.sync(phone),
        };
    }

    fn pass_a_little(&mut self) {
        let ms = self.dice.between(100, 20_000);
        self.note(usize::MAX, "time passes");
        self.pass(ms);
    }

    /// Whoever can switches on and connects.
    fn reconnect(&mut self) {
        for phone in 0..self.phones.len() {
            if self.phone(phone).away_until <= self.now && self.dice.chance(600) {
                self.start(phone);
                self.connect(phone);
            }
        }
    }

    /// Some device that is on.
    fn victim(&mut self) -> Option<usize> {
        let on: Vec<usize> =
            (0..self.phones.len()).filter(|phone| self.phone(*phone).engine.is_some()).collect();
        self.dice.pick(&on).copied()
    }

    fn trouble(&mut self, trouble: Trouble) {
        let Some(phone) = self.victim() else { return };
        match trouble {
            Trouble::Break => self.fault(phone, "line breaks", Self::drop_line),
            Trouble::Twice => self.twice(phone),
            Trouble::Overtake => self.overtake(phone),
            Trouble::Lose => self.lose(phone),
            Trouble::Away => self.go_away(phone),
            Trouble::Die => {
                let kept = self.dice.below(self.phone(phone).disk.waiting() + 1);
                self.fault(phone, "program dies", |stage, phone| stage.die(phone, kept));
            }
            Trouble::Power => {
                let lost = self.dice.below(self.phone(phone).disk.unflushed() + 1);
                self.kept.backed.retain(|(by, ..)| *by != phone);
                self.fault(phone, "machine dies", |stage, phone| {
                    stage.die(phone, 0);
                    stage.phone_mut(phone).disk.cut_power(lost);
                });
            }
            Trouble::Full => self.fill(phone),
            Trouble::Clock => {
                let ms = i64::try_from(DAY_MS).unwrap_or_default();
                let skew = if self.dice.chance(500) { ms } else { -ms };
                self.fault(phone, "clock is wrong", |stage, phone| stage.phone_mut(phone).skew_ms = skew);
            }
            Trouble::RelayDies => self.fault(usize::MAX, "relay dies", |stage, _| {
                stage.drop_all_lines(0);
                // What it takes now it does not forget.
                stage.kept.backed.clear();
                stage.relay_mut(0).die();
            }),
            Trouble::RelayFull => self.fault(usize::MAX, "relay full", |stage, _| {
                let relay = stage.relay_mut(0);
                relay.full = !relay.full;
            }),
            Trouble::PutBack => self.put_back(phone),
            Trouble::Copy => self.copy(phone),
            Trouble::Wipe => self.wipe(phone),
            Trouble::Members => self.change_members(),
            Trouble::Hostile => self.be_hostile(),
            Trouble::Restore => self.restore(),
            Trouble::Snapshots => self.lie_with_snapshot(),
        }
    }

    pub(super) fn fault(&mut self, phone: usize, name: &'static str, happens: impl FnOnce(&mut Self, usize)) {
        self.tally.fault(name);
        self.note(phone, name);
        happens(self, phone);
    }

    fn twice(&mut self, phone: usize) {
        let up = self.dice.chance(300);
        let Some(line) = &mut self.phone_mut(phone).line else { return };
        // An answer that comes again is not one to what was sent since.
        let answer = line.down.iter().find(|bytes| is_answer(bytes)).cloned();
        let first = if up { line.up.front().cloned() } else { answer.or_else(|| line.down.front().cloned()) };
        let Some(first) = first else { return };
        if up {
            line.up.push_front(first);
        } else {
            line.late = Some(first);
        }
        self.fault(phone, "message twice", |_, _| {});
    }

    fn overtake(&mut self, phone: usize) {
        let up = self.dice.chance(500);
        let Some(line) = &mut self.phone_mut(phone).line else { return };
        let queue = if up { &mut line.up } else { &mut line.down };
        if queue.len() > 1 {
            queue.swap(0, 1);
            self.fault(phone, "message overtakes", |_, _| {});
        }
    }

    fn lose(&mut self, phone: usize) {
        let up = self.dice.chance(500);
        let Some(line) = &mut self.phone_mut(phone).line else { return };
        let queue = if up { &mut line.up } else { &mut line.down };
        if queue.pop_front().is_some() {
            self.fault(phone, "message lost", |_, _| {});
        }
    }

    fn go_away(&mut self, phone: usize) {
        let ms = if self.dice.chance(300) {
            // Weeks, in which time goes on for everybody else.
            let weeks = self.dice.between(1, 3) * 7 * DAY_MS;
            self.note_held();
            self.pass(weeks / 2);
            weeks
        } else {
            self.dice.between(1_000, 120_000)
        };
        self.fault(phone, "no network", |stage, phone| {
            stage.drop_line(phone);
            let until = stage.now.plus(ms);
            stage.phone_mut(phone).away_until = until;
        });
    }

    fn fill(&mut self, phone: usize) {
        let Some(id) = self.phone_mut(phone).disk.refuse() else { return };
        self.fault(phone, "storage full", |stage, phone| {
            stage.feed(phone, Input::StoreFailed(id));
            // What the device did not store ends the engine.
            stage.die(phone, 0);
        });
    }

    fn put_back(&mut self, phone: usize) {
        let device = self.phone_mut(phone);
        let Some(backup) = device.backup.take() else {
            device.backup = Some(device.disk.clone());
            return;
        };
        self.excuse(phone);
        self.fault(phone, "storage put back", |stage, phone| {
            stage.die(phone, 0);
            let device = stage.phone_mut(phone);
            device.forgets = true;
            device.disk = backup;
            device.disk.crash(0);
        });
    }

    fn copy(&mut self, phone: usize) {
        let name = format!("copy of {}", self.phone(phone).name);
        let copy = self.phone(phone).copy(name);
        self.phone_mut(phone).forgets = true;
        self.phones.push(copy);
        self.tally.devices += 1;
        self.fault(phone, "device copied", |_, _| {});
    }

    fn wipe(&mut self, phone: usize) {
        // The last director would leave a house that nobody can let anybody into.
        if phone == 0 {
            return;
        }
        self.excuse(phone);
        self.fault(phone, "storage wiped", |stage, phone| {
            stage.die(phone, 0);
            let device = stage.phone_mut(phone);
            device.disk = Default::default();
            device.lost = true;
        });
    }
}
