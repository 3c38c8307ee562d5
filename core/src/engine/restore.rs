//! A relay whose data was put back from a backup: it is shown what it signed, given back what it lost, and followed once two
//! of the house have said so. What the house then goes on without is taken out here, and one's own of it is sent again.
//!
//! ```text
//! same life, relay has less than it signed → Lost → the relay ends all lines, another life
//! another life → Compare … → restart, lost rows at hand → Compare … → wait: GiveBack … → `restored`
//!              → Compare … → all there: live; else restart without the rest → live
//! ```

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::epoch::{Wrap, WrapHead};
use nestpost_protocol::id::{Accumulator, CircleId, DeviceId, ItemId};
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, Link, LogState, OpenEntry};
use nestpost_protocol::message::{
    Asked, ClientMessage, Cursor, Cursors, GiveBack, LOG, Row, SignedPosition, Stands, log_position,
};
use nestpost_protocol::record::{Kind, LogHead, Position};
use nestpost_protocol::sorted::SortedSet;
use nestpost_protocol::{limit, stands};

use crate::batch::Batch;
use crate::house::Alarm;
use crate::store::{Loaded, RecordRow, Table, Write, key_number, number_key};

use super::edit::PendingRow;
use super::frame::order;
use super::load::{LoadError, LogRow};
use super::meta::{Length, Lost, is_meta};
use super::noted::Arrived;
use super::outbox::{Intent, OUTBOX_KEY};
use super::session::Session;
use super::snapshot::SNAPSHOT_KEY_BYTES;
use super::{After, Config, Engine, Secrets};

/// Numbers of a chain that are asked about at a time: four messages find one record of 100,000.
const ASKED_AT_ONCE: u64 = 48;
/// Stands for whatever a change of this device's own was about, where only the change is known.
pub(super) const UNNAMED: ItemId = ItemId::new([0; 16]);
/// Bytes of rows in one message.
pub(super) const GIVEN_BYTES_TARGET: usize = 256 << 10;

/// What this device knows of a relay that lost something.
#[derive(Debug, Clone, Default)]
pub(super) struct Restore {
    /// Links that the relay has shown.
    shown: Option<u64>,
    search: Vec<Search>,
    /// Where chains stand at the relay, by circle.
    ends: Vec<Cursor>,
    /// The relay's log from where it parts from this one.
    fork: Option<Fork>,
    /// At hand, to be given back.
    entries: Vec<OpenEntry>,
    rows: Vec<(CircleId, Row)>,
    /// At hand, of what the relay said it lost.
    pub(super) fills: Vec<(CircleId, Row)>,
    /// Of these: sent on this line.
    pub(super) brought: SortedSet<(CircleId, u64)>,
    /// It was shown what it lost: whatever it says now comes on top of less than this device has.
    silent: bool,
    /// Records came that were not taken.
    passed: bool,
    /// Circles in which the relay has something else in a place that is taken here: nothing of them is taken on this line.
    apart: Vec<CircleId>,
    /// A message is under way, and where the chain ended when it was sent.
    giving: Option<u64>,
    /// Chains that go no further for now.
    done: Vec<CircleId>,
    /// Circles whose unsigned end was let go when this engine was built, and whether the relay was shown since what it signed last.
    let_go: Vec<(CircleId, bool)>,
    /// When the entries of the log came here.
    pub(super) log_days: Days,
}

/// On which days the numbers of a chain came: the first of each day.
#[derive(Debug, Clone, Default)]
pub(super) struct Days(Vec<(u64, u32)>);

impl Days {
    pub(super) fn note(&mut self, n: u64, day: u32) {
        if self.0.last().is_none_or(|(_, last)| *last != day) {
            self.0.push((n, day));
        }
    }

    pub(super) fn of(&self, n: u64) -> u32 {
        let next = self.0.partition_point(|(first, _)| *first <= n);
        next.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0, |(_, day)| *day)
    }

    /// How many of the numbers after `from`, up to `to`, came on which day.
    fn count(&self, from: u64, to: u64, counts: &mut Vec<(u32, u64)>) {
        for (at, (first, day)) in self.0.iter().enumerate() {
            let next = self.0.get(at + 1).map_or(u64::MAX, |(next, _)| *next);
            let count = next.min(to.saturating_add(1)).saturating_sub((*first).max(from.saturating_add(1)));
            match counts.binary_search_by_key(day, |(known, _)| *known) {
                _ if count == 0 => {}
                Ok(at) => counts.iter_mut().skip(at).take(1).for_each(|(_, all)| *all += count),
                Err(at) => counts.insert(at, (*day, count)),
            }
        }
    }
}

/// Where two histories of a chain part: after `same`, and before `other`.
#[derive(Debug, Clone)]
struct Search {
    circle: CircleId,
    same: u64,
    other: u64,
    at: Vec<u64>,
}

#[derive(Debug, Clone)]
struct Fork {
    from: u64,
    links: Vec<(Link, Option<OpenEntry>)>,
}

impl Restore {
    /// A line on which the relay has shown so much of its log.
    pub(super) fn begin(&mut self, log: Option<LogHead>) {
        let Self { entries, rows, fills, log_days, let_go, .. } = std::mem::take(self);
        let shown = log.map(|head| head.seq.saturating_add(1));
        *self = Self { shown, entries, rows, fills, log_days, let_go, ..Self::default() };
    }

    /// Another line.
    pub(super) const fn new_line(&mut self) {
        self.silent = false;
    }

    /// Whether nothing more is heard on this line.
    pub(super) const fn is_silent(&self) -> bool {
        self.silent
    }

    pub(super) fn shown(&self) -> u64 {
        self.shown.unwrap_or(u64::MAX)
    }

    pub(super) fn show(&mut self, links: u64) {
        self.shown = self.shown.map(|shown| shown.max(links));
    }

    /// Whether the relay's log is shorter than this one, or another.
    fn is_behind(&self, log: &LogState) -> bool {
        self.fork.is_some() || self.shown() < log.len()
    }

    /// Whether records are passed over for now: what this device knows of who was taken out, the relay does not, and takes
    /// anything from them.
    pub(super) fn passes_over(&mut self, log: &LogState) -> bool {
        let behind = self.is_behind(log);
        self.passed |= behind;
        behind
    }

    /// Whether rows of a circle would stand on another history than theirs.
    pub(super) fn is_apart(&self, circle: &CircleId) -> bool {
        self.apart.contains(circle)
    }

    pub(super) fn set_apart(&mut self, circle: CircleId) {
        if !self.is_apart(&circle) {
            self.apart.push(circle);
        }
    }

    /// The number from which the relay's log is another one; none: never.
    pub(super) fn fork_from(&self) -> u64 {
        self.fork.as_ref().map_or(u64::MAX, |fork| fork.from)
    }

    /// A link of the relay's log where that parts from this one.
    pub(super) fn takes_fork(&mut self, link: &Link, entry: Option<&OpenEntry>) -> bool {
        match &mut self.fork {
            Some(fork) if link.seq >= fork.from => {
                fork.links.push((*link, entry.cloned()));
                true
            }
            _ => false,
        }
    }

    /// Where circles stand at the relay, if it was asked.
    pub(super) fn cursors(&self) -> Option<Vec<Cursor>> {
        let circles = self.ends.iter().filter(|end| end.circle != LOG && end.position.n > 0).copied();
        (!self.ends.is_empty()).then(|| circles.collect())
    }

    fn end(&self, circle: &CircleId) -> Option<Position> {
        self.ends.iter().find(|end| end.circle == *circle).map(|end| end.position)
    }

    pub(super) fn set_end(&mut self, cursor: &Cursor) {
        match self.ends.binary_search_by(|end| end.circle.cmp(&cursor.circle)) {
            Ok(at) => {
                if let Some(end) = self.ends.get_mut(at).filter(|end| end.position.n < cursor.position.n) {
                    end.position = cursor.position;
                    // Somebody else gave what was missing in between.
                    self.done.retain(|done| *done != cursor.circle);
                }
            }
            Err(at) => self.ends.insert(at, *cursor),
        }
    }
}

impl Search {
    const fn new(circle: CircleId) -> Self {
        Self { circle, same: 0, other: u64::MAX, at: Vec::new() }
    }

    /// Whether there is something to ask.
    const fn is_open(&self) -> bool {
        self.other == u64::MAX || !self.at.is_empty()
    }

    /// What the relay says of it, beside what stands here.
    fn learn(&mut self, len: u64, here: &dyn Fn(u64) -> Option<Accumulator>, stands: &Stands) {
        let end = stands.end;
        if self.other == u64::MAX {
            self.other = end.n.min(len).saturating_add(1);
            if end.n == 0 || here(end.n) == Some(end.acc) {
                self.same = end.n;
            }
        }
        // Of what it has not, or does not show this device any more, it says nothing.
        let said = stands.at.iter().copied().map(Some).chain(std::iter::repeat(None));
        for (n, acc) in self.at.iter().zip(said) {
            if acc.is_some() && here(*n) == acc {
                self.same = self.same.max(*n);
            } else {
                self.other = self.other.min(*n);
            }
        }
        self.spread();
    }

    /// Numbers to ask about next: evenly between what is the same and what is not, the last one included.
    fn spread(&mut self) {
        let span = self.other.saturating_sub(self.same).saturating_sub(1);
        let count = span.min(ASKED_AT_ONCE);
        self.at = (1..=count).map(|i| self.same + (i * span).div_ceil(count)).collect();
    }
}

fn length(lengths: &[Length], circle: &CircleId) -> Option<u64> {
    lengths.iter().find(|length| length.circle == *circle).map(|length| length.n)
}

impl Engine {
    pub(super) fn chain_end(&self, circle: &CircleId) -> Position {
        if *circle == LOG {
            return log_position(&self.house.log);
        }
        self.circles.get(circle).map_or(Position::START, super::CircleState::position)
    }

    pub(super) fn chain_at(&self, circle: &CircleId, n: u64) -> Option<Accumulator> {
        if *circle == LOG {
            let link = self.house.log.link(n.checked_sub(1)?)?;
            return Some(Accumulator::new(*link.hash().as_bytes()));
        }
        self.circles.get(circle)?.at(n).map(|position| position.acc)
    }

    fn signed(&self, circle: &CircleId) -> Option<SignedPosition> {
        if *circle == LOG { self.log_signed } else { self.circles.get(circle)?.signed }
    }

    /// Positions under the relay's signature, of what it has sent.
    pub(super) fn take_signed(&mut self, positions: &[SignedPosition]) {
        let relay = self.relay.or(self.house.log.relay());
        for signed in positions {
            self.check_position(signed, relay.as_ref());
            let claim = &signed.claim;
            let position = Position { n: claim.n, acc: claim.acc };
            self.restore.set_end(&Cursor { circle: claim.circle, position });
        }
        if self.session == Session::Elsewhere {
            self.look_at_copy();
            self.give_back();
        }
    }

    /// What was passed over is asked for on a new line, once the relay's log has come up with this one.
    pub(super) fn ask_again(&mut self) {
        if self.restore.passed && !self.restore.is_behind(&self.house.log) {
            self.close();
        }
    }

    /// Shows the relay what it signed in its present life and does not have, if there is something.
    pub(super) fn shows_lost(&mut self, end: impl Fn(&Self, &CircleId) -> Option<u64>) -> bool {
        let life = self.meta.incarnation;
        // Of what this device does not read any more the relay says nothing.
        let visible = access::visible(&self.house.log, &self.house.me);
        let signed =
            self.log_signed.into_iter().chain(self.circles.values().filter_map(|state| state.signed));
        let lost = signed
            .filter(|signed| Some(signed.claim.incarnation) == life)
            .filter(|signed| signed.claim.circle == LOG || visible.contains(&signed.claim.circle))
            .find(|signed| end(self, &signed.claim.circle).is_some_and(|end| end < signed.claim.n));
        let Some(lost) = lost.filter(|_| stands!(LostShown)) else { return false };
        self.show_lost(lost);
        true
    }

    pub(super) fn show_lost(&mut self, lost: SignedPosition) {
        self.alarm(Alarm::RelayRewound);
        self.restore.silent = true;
        self.send(&ClientMessage::Lost(lost));
    }

    /// The relay's log has another link with this number: what it signed beyond, it does not have.
    pub(super) fn shows_lost_log(&mut self, seq: u64) -> bool {
        let life = self.meta.incarnation.filter(|_| !self.meta.renewed);
        let signed =
            self.log_signed.filter(|signed| Some(signed.claim.incarnation) == life && signed.claim.n > seq);
        if let Some(lost) = signed {
            self.show_lost(lost);
        }
        signed.is_some()
    }

    /// Another life of the history: where do the two part?
    pub(super) fn compare(&mut self) {
        self.session = Session::Comparing;
        let visible = access::visible(&self.house.log, &self.house.me);
        self.restore.search = std::iter::once(LOG).chain(visible).map(Search::new).collect();
        self.ask();
    }

    fn ask(&mut self) {
        let open = self.restore.search.iter().filter(|search| search.is_open());
        let asked = open.map(|search| Asked { circle: search.circle, at: search.at.clone() }).collect();
        self.send(&ClientMessage::Compare(asked));
    }

    pub(super) fn compared(&mut self, stands: Vec<Stands>) {
        let mut search = std::mem::take(&mut self.restore.search);
        for stands in stands {
            let Some(of) = search.iter_mut().find(|search| search.circle == stands.circle) else {
                return self.garbage();
            };
            let circle = stands.circle;
            of.learn(self.chain_end(&circle).n, &|n| self.chain_at(&circle, n), &stands);
            self.restore.set_end(&Cursor { circle, position: stands.end });
        }
        let is_open = search.iter().any(Search::is_open);
        self.restore.search = search;
        if is_open { self.ask() } else { self.go_from() }
    }

    /// What both have stays. Of the rest, what the relay lacks is given back until two have said that the house goes on, and
    /// then it goes on without.
    fn go_from(&mut self) {
        let search = std::mem::take(&mut self.restore.search);
        let more = |search: &&Search| self.chain_end(&search.circle).n > search.same;
        let is_prefix =
            |search: &&Search| self.restore.end(&search.circle).is_some_and(|end| end.n == search.same);
        let lengths = |search: &Search| Length { circle: search.circle, n: search.same };
        let excess: Vec<Length> = search.iter().filter(more).map(lengths).collect();
        let lacking: Vec<Length> = search.iter().filter(more).filter(is_prefix).map(lengths).collect();
        if self.is_agreed() {
            if !excess.is_empty() {
                return self.cut(excess);
            }
            self.settle_life();
        } else if let Some(life) = self.meta.incarnation
            && !lacking.is_empty()
            && self.meta.lost.as_ref().is_none_or(|lost| lost.life != life)
        {
            self.meta.lost = Some(Lost { life, beyond: lacking });
            self.write_meta();
            self.after.push(After::Restart);
            return;
        }
        let log = length(&excess, &LOG);
        if let Some(from) = log.filter(|from| self.restore.end(&LOG).is_some_and(|end| end.n > *from)) {
            self.restore.fork = Some(Fork { from, links: Vec::new() });
        }
        let mut cursors = Cursors { log: self.house.log.head(), circles: Vec::new() };
        if let Some(len) = log {
            let seq = len.checked_sub(1);
            let head = seq.and_then(|seq| Some(LogHead { seq, hash: self.house.log.link(seq)?.hash() }));
            cursors.log = head;
        }
        for Search { circle, same, .. } in search {
            if let Some(acc) = self.chain_at(&circle, same).filter(|_| circle != LOG) {
                cursors.circles.push(Cursor { circle, position: Position { n: same, acc } });
            }
        }
        self.session = Session::CatchingUp;
        self.send(&ClientMessage::Cursors(cursors));
    }

    /// The relay's log is another one from some entry on. It is followed if two who were not taken out meanwhile, as far as
    /// this device knows, have said so. Whether it is.
    pub(super) fn follows_fork(&mut self) -> bool {
        let Some(Fork { from, links }) = self.restore.fork.take() else { return false };
        let mut log = self.house.log.until(from);
        let revoked = self.revoked_from(from, &log);
        let holds = links.iter().all(|(link, entry)| log.admit(link, entry.as_ref()).is_ok());
        let said = (from..log.len()).filter_map(|seq| log.entry(seq)).any(|entry| {
            let mut by = entry.cosignatures.iter().map(|cosignature| cosignature.device);
            matches!(&entry.kind, Body::Restored(body) if Some(body.incarnation) == self.meta.incarnation)
                && !revoked.contains(&entry.body.author)
                && !by.any(|device| revoked.contains(&device))
        });
        // Or if nobody but this device itself has said what it would go without: it says it again.
        let me = self.house.me;
        let own = (from..self.house.log.len())
            .all(|seq| self.house.log.entry(seq).is_some_and(|entry| entry.body.author == me));
        if links.is_empty() || !holds || !(said || own) {
            self.restore.fork = Some(Fork { from, links });
            return false;
        }
        // Everything else is found out on the next line, with that log.
        self.cut(vec![Length { circle: LOG, n: from }]);
        true
    }

    /// Devices that entries from this one on took out, of those that a log knows.
    fn revoked_from(&self, from: u64, known: &LogState) -> Vec<DeviceId> {
        let mut revoked = Vec::new();
        for entry in (from..self.house.log.len()).filter_map(|seq| self.house.log.entry(seq)) {
            match entry.kind.act() {
                Body::DeviceEnd(end) => revoked.push(end.device),
                Body::RoleEnd(end) => {
                    revoked.extend(known.person(&end.person).into_iter().flat_map(|person| &person.devices));
                }
                _ => {}
            }
        }
        revoked
    }

    fn cut(&mut self, lengths: Vec<Length>) {
        self.meta.cut.extend(lengths);
        self.write_meta();
        self.after.push(After::Restart);
    }

    /// The house goes on with this life. Whether circles rested until now: what was passed over comes on a new line.
    pub(super) fn wakes_circles(&mut self) -> bool {
        let rested = !self.meta.suspended.is_empty();
        self.settle_life();
        if rested {
            self.close();
        }
        rested
    }

    /// The house goes on with this life, and everything here is part of it.
    pub(super) fn settle_life(&mut self) {
        self.meta.renewed = false;
        self.meta.lost = None;
        self.restore.entries.clear();
        self.restore.rows.clear();
        self.forget_signed();
        self.clear_alarm(Alarm::RelayRewound);
        self.write_meta();
    }

    /// How much is here that the relay does not have.
    pub(super) fn missing(&self) -> u64 {
        let ends = self.restore.ends.iter();
        ends.map(|end| self.chain_end(&end.circle).n.saturating_sub(end.position.n)).sum()
    }

    /// Whether something is here that is no part of the history which the relay has.
    pub(super) fn has_other(&self) -> bool {
        self.missing() > 0 || !self.restore.apart.is_empty()
    }

    /// How much is here that the relay does not have, by the day on which it came here.
    pub(super) fn missing_by_day(&self) -> Vec<(u32, u64)> {
        let mut counts = Vec::new();
        for Cursor { circle, position } in &self.restore.ends {
            let of_circle = self.circles.get(circle).map(|state| &state.days);
            let days = if *circle == LOG { Some(&self.restore.log_days) } else { of_circle };
            if let Some(days) = days {
                days.count(position.n, self.chain_end(circle).n, &mut counts);
            }
        }
        counts
    }

    // ---- given back ----

    pub(super) fn keep_entry(&mut self, row: &LogRow) {
        let from = self.meta.lost.as_ref().and_then(|lost| length(&lost.beyond, &LOG));
        if let Some(entry) = row.entry.as_ref().filter(|_| from.is_some_and(|from| row.link.seq >= from)) {
            self.restore.entries.push(entry.clone());
        }
    }

    pub(super) fn keep_row(&mut self, circle: CircleId, row: &Row) {
        let from = self.meta.lost.as_ref().and_then(|lost| length(&lost.beyond, &circle));
        if from.is_some_and(|from| row.n > from) {
            self.restore.rows.push((circle, row.clone()));
        }
        self.keep_wanted(circle, row);
    }

    /// The next piece of what the relay lacks: the log first, then key circles, then what they open.
    pub(super) fn give_back(&mut self) {
        if self.restore.giving.is_some() || self.session != Session::Elsewhere || !self.meta.renewed {
            return;
        }
        let mut chains: Vec<(u8, CircleId)> = Vec::new();
        for end in &self.restore.ends {
            let circle = end.circle;
            let rank = self.house.log.circle(&circle).map(|known| order(known.sort).saturating_add(1));
            if !self.restore.done.contains(&circle) && self.chain_end(&circle).n > end.position.n {
                chains.push((rank.unwrap_or(0), circle));
            }
        }
        chains.sort_unstable();
        if let Some(piece) = chains.into_iter().find_map(|(_, circle)| self.piece(circle)) {
            self.restore.giving = Some(piece.from.saturating_sub(1));
            self.send(&ClientMessage::GiveBack(piece));
        }
    }

    fn piece(&self, circle: CircleId) -> Option<GiveBack> {
        let end = self.restore.end(&circle)?;
        let signed = self.signed(&circle).filter(|signed| signed.claim.n > end.n)?;
        let to = signed.claim.n;
        if to - end.n > limit::GIVEN_BACK_MAX as u64
            || (end.n > 0 && self.chain_at(&circle, end.n)? != end.acc)
        {
            return None;
        }
        let (from, links) = (end.n.saturating_add(1), Vec::new());
        let mut piece =
            GiveBack { signed, from, ids: Vec::new(), links, entries: Vec::new(), rows: Vec::new() };
        let mut bytes = 0;
        if circle == LOG {
            piece.links = (end.n..to).filter_map(|seq| self.house.log.link(seq).copied()).collect();
            let next = self.restore.entries.iter().filter_map(|open| Some((open.link().ok()?.seq, open)));
            for ((seq, open), wanted) in next.filter(|(seq, _)| *seq >= end.n).zip(end.n..) {
                bytes += open.entry.len();
                if seq != wanted || bytes > GIVEN_BYTES_TARGET {
                    break;
                }
                piece.entries.push(open.clone());
            }
        } else {
            let range = usize::try_from(end.n).ok()?..usize::try_from(to).ok()?;
            piece.ids = self.circles.get(&circle)?.ids.get(range)?.to_vec();
            for (_, row) in self.restore.rows.iter().filter(|(of, row)| *of == circle && row.n > end.n) {
                bytes += row.record.as_ref().map_or(0, |record| record.body.len());
                if bytes > GIVEN_BYTES_TARGET && !piece.rows.is_empty() {
                    break;
                }
                piece.rows.push(row.clone());
            }
        }
        (!(piece.entries.is_empty() && piece.rows.is_empty()) && stands!(GivenBack)).then_some(piece)
    }

    /// How far that has brought it.
    pub(super) fn given(&mut self, cursor: &Cursor) {
        let before = self.restore.giving.take();
        if before.is_none_or(|before| cursor.position.n <= before) {
            self.restore.done.push(cursor.circle);
        }
        self.restore.set_end(cursor);
        if cursor.circle == LOG {
            self.restore.show(cursor.position.n);
            self.ask_again();
        }
        self.look_at_copy();
        self.give_back();
    }

    // ---- without what nobody gave back ----

    /// Whether a record comes from a device that was taken out by an entry which the house went on without.
    pub(super) fn is_revoked(&self, arrived: &Arrived) -> bool {
        let Arrived { header, n, .. } = arrived;
        self.meta.revoked.contains(&header.author)
            && access::role_of(&self.house.log, &header.author).is_some()
            && *n > length(&self.meta.counted, &header.circle).unwrap_or(0)
    }

    /// The engine without what is to be cut: one's own of it waits to be sent again, and what a director took away is taken
    /// away again.
    pub(super) fn without_cut(mut self, config: &Config, rows: Vec<Loaded>) -> Result<Self, LoadError> {
        let cut = self.meta.cut.clone();
        let mut writes = Vec::new();
        if !self.may_have_been_admitted(&cut) {
            writes.push(Write::delete(Table::Outbox, OUTBOX_KEY.to_vec()));
        }
        let mut fresh: Vec<Loaded> = Vec::new();
        let mut next_key = self.next_key;
        let mut put = |table, value| {
            next_key += 1;
            fresh.push(Loaded { table, key: number_key(next_key), value });
        };
        let log_from = length(&cut, &LOG);
        let before = log_from.map(|from| self.house.log.until(from));
        let is_unknown = |circle: &CircleId| before.as_ref().is_some_and(|log| log.circle(circle).is_none());
        let mut epochs: Vec<(CircleId, u32)> = Vec::new();
        // What waits already, as no answer has come, is not to wait twice: a batch holds nothing twice.
        let waiting = self.house.docs.all().flat_map(|(_, held)| &held.pending);
        let mut again: SortedSet<Vec<u8>> = waiting.map(|pending| pending.change.clone()).collect();
        for row in &rows {
            let gone = match row.table {
                Table::Log => {
                    log_from.is_some_and(|from| key_number(&row.key).is_some_and(|seq| seq >= from))
                }
                // Whole documents may hold what is cut.
                Table::Record if row.key.len() == SNAPSHOT_KEY_BYTES => row
                    .key
                    .first_chunk::<16>()
                    .map(|circle| CircleId::new(*circle))
                    .is_some_and(|circle| length(&cut, &circle).is_some() || is_unknown(&circle)),
                Table::Record => match decode_row(row) {
                    Some(stored) => {
                        let gone = length(&cut, &stored.circle).is_some_and(|from| stored.row.n > from)
                            || is_unknown(&stored.circle);
                        if gone {
                            epochs.extend(made_epoch(&stored));
                            for pending in self.own_changes(&stored, &mut again) {
                                put(Table::Pending, pending);
                            }
                        }
                        gone
                    }
                    None => false,
                },
                // They open what will be another epoch.
                Table::Wrap => {
                    decode_wrap(row).is_some_and(|head| epochs.contains(&(head.circle, head.epoch)))
                }
                _ => false,
            };
            if gone {
                writes.push(Write::delete(row.table, row.key.clone()));
            }
        }
        // With what stands beside it while an engine runs.
        self.write_meta();
        let mut meta = self.meta.clone();
        if let (Some(from), Some(before)) = (log_from, &before) {
            let bodies = self.said_again(from, before);
            let intent = Intent {
                key: 0,
                bodies,
                cosignatures: Vec::new(),
                horizon: None,
                intake: None,
                since: from,
                decision: None,
                edits: Vec::new(),
            };
            if !intent.bodies.is_empty()
                && let Ok(sealed) = self.secrets.local.seal(&intent.encode())
            {
                put(Table::Intent, sealed);
            }
            meta.revoked.extend(self.revoked_from(from, before));
            let counted = self.circles.iter().map(|(circle, state)| Length {
                circle: *circle,
                n: length(&cut, circle).unwrap_or(state.position().n),
            });
            meta.counted = counted.collect();
        }
        meta.cut.clear();
        let sealed = self.seal_meta(&meta).ok_or(LoadError::Meta)?;
        writes.push(sealed);
        writes.extend(fresh.iter().map(|row| Write::put(row.table, row.key.clone(), row.value.clone())));

        let mut written: Vec<(Table, &[u8])> =
            writes.iter().map(|write| (write.table, write.key.as_slice())).collect();
        written.sort_unstable();
        let is_written = |row: &Loaded| written.binary_search(&(row.table, row.key.as_slice())).is_ok();
        let mut rest: Vec<Loaded> = rows.into_iter().filter(|row| !is_written(row)).collect();
        rest.extend(writes.iter().filter_map(|write| {
            let (table, key) = (write.table, write.key.clone());
            write.value.clone().map(|value| Loaded { table, key, value })
        }));
        rest.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        let mut engine = Self::load(config, self.secrets, &rest, false)?;
        engine.writes = writes;
        engine.note_let_go(&cut);
        Ok(engine)
    }

    /// Changes in a record of this device's own, as rows that wait.
    fn own_changes(&self, stored: &RecordRow, again: &mut SortedSet<Vec<u8>>) -> Vec<Vec<u8>> {
        let header = stored.row.record.as_ref().and_then(|record| record.check().ok());
        let own = header.filter(|header| header.author == self.house.me && header.kind == Kind::Batch);
        let own = own.filter(|_| stands!(SentAgain));
        let (Some(header), Some(record)) = (own, &stored.row.record) else { return Vec::new() };
        let opened = self.open_record(record).and_then(|plain| Batch::open(&plain, &header).ok());
        let (Some(batch), Some(document)) = (opened, header.document) else { return Vec::new() };
        let start = batch.start;
        let fresh = batch.into_changes().into_iter().filter(|change| again.insert(change.clone()));
        let rows = fresh.map(|change| PendingRow {
            circle: header.circle,
            document,
            side: header.side,
            class: header.class,
            month: header.month,
            item: UNNAMED,
            start: start.to_vec().into(),
            change: change.into(),
        });
        rows.filter_map(|row| self.secrets.local.seal(&codec::encode(&row)).ok()).collect()
    }

    /// What entries from this one on took away, for a director to say once more; and what this device itself said.
    fn said_again(&self, from: u64, before: &LogState) -> Vec<Body> {
        let directs = access::role_of(before, &self.house.me).is_some_and(|(_, role)| role == Role::Director);
        let mut bodies = Vec::new();
        for entry in (from..self.house.log.len()).filter_map(|seq| self.house.log.entry(seq)) {
            let body = entry.kind.act();
            let stands = match body {
                Body::DeviceEnd(end) => before.device(&end.device).is_some_and(|device| device.is_live()),
                Body::RoleEnd(end) => before.person(&end.person).is_some_and(|person| person.role.is_some()),
                Body::MemberEnd(end) => {
                    before.circle(&end.circle).is_some_and(|circle| circle.members.contains_key(&end.who))
                }
                Body::InviteEnd(end) => end.invite < from,
                _ => false,
            };
            let own = entry.body.author == self.house.me;
            if (directs && stands) || own {
                bodies.push(body.clone());
            }
        }
        bodies
    }
}

fn decode_row(row: &Loaded) -> Option<RecordRow> {
    codec::decode(&row.value, limit::MESSAGE_BYTES_MAX).ok()
}

fn decode_wrap(row: &Loaded) -> Option<WrapHead> {
    codec::decode::<Wrap>(&row.value, limit::MESSAGE_BYTES_MAX).ok()?.check().ok()
}

fn made_epoch(stored: &RecordRow) -> Option<(CircleId, u32)> {
    let header = stored.row.record.as_ref()?.check().ok()?;
    (header.kind == Kind::Epoch).then_some((header.circle, header.epoch))
}

/// Whether the rows are those of an engine that was to be cut.
pub(super) fn is_to_be_cut(secrets: &Secrets, rows: &[Loaded]) -> bool {
    rows.iter().find(|row| is_meta(row)).is_some_and(|row| super::meta::cuts(secrets, &row.value))
}

mod let_go;
#[cfg(test)]
mod tests;
