//! The epochs of a house's circles: which are admitted, which are current, which are stale.

use std::sync::Arc;

use crate::access::{EpochTargets, View, lists_are_for_staff};
use crate::epoch::{Addressee, EpochBody, IntakeKeys, KeyEpoch, ReaderList};
use crate::id::{CircleId, DeviceId, Hash};
use crate::intake::IntakeStep;
use crate::limit;
use crate::log::LogState;
use crate::log::kind::circle::Sort;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::state::fact::Circle;
use crate::record::{Header, Kind};
use crate::sorted::{SortedMap, SortedSet};

/// Why an epoch is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EpochError {
    /// The record is no epoch, or header and body contradict each other.
    #[error("epoch record contradicts itself")]
    Header,
    /// No such circle at that place of the log.
    #[error("no such circle")]
    Circle,
    /// The number is not the next one.
    #[error("epoch number is not the next one")]
    Number,
    /// The log head it is made for is not one of this history, or (at the relay) not the current one.
    #[error("epoch is not made for this log head")]
    Head,
    /// The author may not make epochs of this circle.
    #[error("author may not make this epoch")]
    NotAllowed,
    /// The key circles it names are not the circle's, or not at their current epochs.
    #[error("epoch names the wrong key circles")]
    Keys,
    /// The reader list is missing, is not what the body commits to, or is not the circle's readers.
    #[error("epoch's reader list is not the circle's")]
    Readers,
    /// Links where there must be none, or to somebody who is not to read what is older.
    #[error("epoch carries links it must not carry")]
    Links,
    /// Somebody reads from now on since the previous epoch, and this one is no horizon.
    #[error("epoch must be a horizon")]
    Horizon,
    /// Keys for outsiders where there must be none, or under a signature that does not hold.
    #[error("epoch's keys for outsiders do not hold")]
    Intake,
}

/// Why a circle's current epoch must not be written under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staleness {
    /// There is no epoch yet.
    Missing,
    /// Its author reads the circle no more.
    Author(DeviceId),
    /// A device that holds it reads the circle no more.
    Device(DeviceId),
    /// A key circle that it names has a newer epoch, is stale itself, or reads the circle no more.
    Key(CircleId),
    /// Somebody came later who reads from then on only.
    Horizon,
}

/// An admitted epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochFact {
    /// Its number.
    pub number: u32,
    /// Its body.
    pub body: EpochBody,
    /// Who made it.
    pub author: DeviceId,
    /// The devices in its reader list, where this device was shown it.
    pub devices: Option<SortedSet<DeviceId>>,
    /// What its maker saw of the log, where the list says so.
    pub staff: Option<Hash>,
}

/// Every epoch of a house that was admitted. A clone shares everything.
#[derive(Debug, Clone, Default)]
pub struct Epochs {
    circles: Arc<SortedMap<CircleId, Arc<Vec<EpochFact>>>>,
}

/// How strictly an epoch is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// By a relay, as the newest.
    New,
    /// By whoever replays history: other circles may be ahead or behind, and reader lists unseen.
    Replay,
}

impl Epochs {
    /// No epochs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an epoch that a relay has placed, in the order of its circle. The log may be ahead of it: rules are
    /// asked as of the head it names. `readers` is absent where this device is not shown the list.
    ///
    /// # Errors
    /// [`EpochError`]; nothing is changed.
    pub fn admit(
        &mut self,
        log: &LogState,
        header: &Header,
        body: EpochBody,
        readers: Option<&ReaderList>,
    ) -> Result<(), EpochError> {
        self.take(log, header, body, readers, Mode::Replay)
    }

    /// Takes a new epoch as a relay does: for the log's present head, naming key circles at their present epochs, with
    /// its reader list.
    ///
    /// # Errors
    /// [`EpochError`]; nothing is changed.
    pub fn admit_new(
        &mut self,
        log: &LogState,
        header: &Header,
        body: EpochBody,
        readers: &ReaderList,
    ) -> Result<(), EpochError> {
        self.take(log, header, body, Some(readers), Mode::New)
    }

    fn take(
        &mut self,
        log: &LogState,
        header: &Header,
        body: EpochBody,
        readers: Option<&ReaderList>,
        mode: Mode,
    ) -> Result<(), EpochError> {
        if header.kind != Kind::Epoch || header.epoch != body.number || Some(header.house) != log.house() {
            return Err(EpochError::Header);
        }
        let circle = log.circle(&header.circle).ok_or(EpochError::Circle)?;
        let head_fits = match mode {
            Mode::New => log.head() == Some(body.log),
            Mode::Replay => log.knows_head(&body.log),
        };
        if !head_fits && crate::stands!(EpochHead) {
            return Err(EpochError::Head);
        }
        if circle.seq > body.log.seq {
            return Err(EpochError::Circle);
        }
        let previous = self.current(&header.circle);
        let next = previous.map_or(1, |last| last.number.saturating_add(1));
        if body.number != next && crate::stands!(EpochNumber) {
            return Err(EpochError::Number);
        }
        if previous.is_some_and(|last| last.body.log.seq > body.log.seq) {
            return Err(EpochError::Head);
        }
        let view = View::at(log, body.log.seq);
        // Who may not make keys may not wrap them for others either, so histories seldom miss this alone.
        if !view.may_rotate(&header.author, &header.circle) {
            return Err(EpochError::NotAllowed);
        }
        let leads_nowhere = circle.sort == Sort::Parents && crate::stands!(ParentsLinks);
        if (leads_nowhere || body.number == 1) && !body.links.is_empty() {
            return Err(EpochError::Links);
        }
        check_horizon(view, circle, &body, previous)?;
        check_intake(view, header, circle, &body, previous)?;
        let targets = self.named(log, &header.circle, &body, mode)?;
        let devices = match readers {
            Some(list) => Some(listed(list, &body, &targets)?),
            None => None,
        };
        let staff = readers.and_then(|list| list.staff);
        // In replay a digest that differs is a word against the relay, not against the epoch.
        let differs = mode == Mode::New && staff != log.staff_digest(body.log.seq);
        if staff.is_some() && (differs || !lists_are_for_staff(circle.sort)) {
            return Err(EpochError::Readers);
        }
        let fact = EpochFact { number: body.number, body, author: header.author, devices, staff };
        let epochs = Arc::make_mut(&mut self.circles).entry(header.circle).or_default();
        Arc::make_mut(epochs).push(fact);
        Ok(())
    }

    /// Checks the key circles that the body names; answers the devices and key circles that must be in the list.
    fn named(
        &self,
        log: &LogState,
        circle: &CircleId,
        body: &EpochBody,
        mode: Mode,
    ) -> Result<EpochTargets, EpochError> {
        let view = View::at(log, body.log.seq);
        let mut targets = view.targets(circle);
        let named: SortedSet<CircleId> = body.keys.iter().map(|key| key.circle).collect();
        for key in targets.keys.clone() {
            if named.contains(&key) {
                continue;
            }
            targets.keys.remove(&key);
            let is_parents = log.circle(&key).is_some_and(|key| key.sort == Sort::Parents);
            match (self.current(&key), mode) {
                // Nobody holds a key circle that has no epoch; whoever makes its first wraps this one to it.
                (None, _) => {}
                // Its readers stand here by device, because its keys are stale and the author cannot renew them.
                (Some(_), _) if is_parents && self.may_stand_in(log, &key, body, mode) => {
                    if crate::stands!(LeftOut) {
                        targets.devices.extend(view.targets(&key).devices);
                    }
                }
                (Some(first), Mode::Replay) if self.was_missing(first, &key, body) => {}
                _ if self.is_covered(log, circle, &key, body) => {}
                (Some(_), _) if !crate::stands!(EpochKeys) => {}
                (Some(_), _) => return Err(EpochError::Keys),
            }
        }
        if named.iter().any(|key| !targets.keys.contains(key)) {
            return Err(EpochError::Keys);
        }
        if body.keys.iter().all(|key| self.was_current(log, key, body, mode)) {
            Ok(targets)
        } else {
            Err(EpochError::Keys)
        }
    }

    fn may_stand_in(&self, log: &LogState, key: &CircleId, _body: &EpochBody, mode: Mode) -> bool {
        match mode {
            Mode::New => self.stale(log, key).is_some(),
            // It may have been renewed since.
            Mode::Replay => true,
        }
    }

    /// Whether an epoch of the house leaves out a team because it names the keys of its parents, which that team holds.
    fn is_covered(&self, log: &LogState, circle: &CircleId, team: &CircleId, body: &EpochBody) -> bool {
        let leads = |key: &KeyEpoch| {
            let made = self.get(&key.circle, key.epoch);
            // Of what a relay has not shown yet nobody knows.
            log.circle(&key.circle).is_some_and(|key| key.team == Some(*team))
                && made.is_none_or(|made| made.body.keys.iter().any(|named| named.circle == *team))
        };
        // A horizon leads teams back one by one.
        let may =
            log.circle(circle).is_some_and(|circle| circle.sort == Sort::House) && body.horizon.is_none();
        may && body.keys.iter().any(leads)
    }

    /// Whether this key circle had no epoch yet when the body was made.
    fn was_missing(&self, current: &EpochFact, key: &CircleId, body: &EpochBody) -> bool {
        let first = self.get(key, 1).unwrap_or(current);
        first.body.log.seq >= body.log.seq
    }

    fn was_current(&self, log: &LogState, key: &KeyEpoch, body: &EpochBody, mode: Mode) -> bool {
        match mode {
            Mode::New => {
                self.current(&key.circle).is_some_and(|current| current.number == key.epoch)
                    && self.stale(log, &key.circle).is_none()
            }
            Mode::Replay => {
                let made_before =
                    self.get(&key.circle, key.epoch).is_none_or(|made| made.body.log.seq <= body.log.seq);
                let next = key.epoch.checked_add(1).and_then(|next| self.get(&key.circle, next));
                key.epoch > 0 && made_before && next.is_none_or(|next| next.body.log.seq >= body.log.seq)
            }
        }
    }

    /// The newest epoch of a circle.
    #[must_use]
    pub fn current(&self, circle: &CircleId) -> Option<&EpochFact> {
        self.circles.get(circle)?.last()
    }

    /// An epoch of a circle.
    #[must_use]
    pub fn get(&self, circle: &CircleId, number: u32) -> Option<&EpochFact> {
        self.circles.get(circle)?.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Every epoch of a circle, oldest first.
    pub fn of(&self, circle: &CircleId) -> impl Iterator<Item = &EpochFact> {
        self.circles.get(circle).into_iter().flat_map(|epochs| epochs.iter())
    }

    /// Whether the maker of some epoch saw entries for all staff that are not here, or did not see some that are: proof
    /// that a relay withholds. Only for devices that are shown such lists; a guardian's has nothing to compare.
    #[must_use]
    pub fn contradicts(&self, log: &LogState) -> bool {
        let wrong = |epoch: &EpochFact| {
            epoch.staff.is_some_and(|staff| log.staff_digest(epoch.body.log.seq) != Some(staff))
        };
        self.circles.values().flat_map(|epochs| epochs.iter()).any(wrong)
    }

    /// Why the circle's keys must be renewed before anything is written; none: they are fresh.
    ///
    /// Every device that could have been given the current epoch counts, whether through its reader list or by a wrap
    /// made later (which nobody else can see): that is, every device that read the circle at any time since.
    #[must_use]
    pub fn stale(&self, log: &LogState, circle: &CircleId) -> Option<Staleness> {
        self.stale_at_depth(log, circle, 0)
    }

    fn stale_at_depth(&self, log: &LogState, circle: &CircleId, depth: u8) -> Option<Staleness> {
        let Some(epoch) = self.current(circle) else { return Some(Staleness::Missing) };
        let now = View::now(log);
        if !now.reads(&epoch.author, circle) {
            return Some(Staleness::Author(epoch.author));
        }
        let listed = epoch.devices.iter().flatten().find(|device| !now.reads(device, circle)).copied();
        let departed =
            || View::departed(log, circle, epoch.body.log.seq).filter(|_| crate::stands!(StaleDeparted));
        if let Some(device) = listed.or_else(departed).filter(|_| crate::stands!(StaleReader)) {
            return Some(Staleness::Device(device));
        }
        if now.cut(circle) > Some(epoch.body.log.seq) {
            return Some(Staleness::Horizon);
        }
        // What leads to these keys is stale, or leads here no more. Nobody holds them through it who is not among those above:
        // whoever left a key circle and reads here no more has departed from here too. So no history finds this missing. It
        // stays since it asks for epochs alone, and lets newcomers find one way instead of many.
        let keys = now.targets(circle).keys;
        epoch.body.keys.iter().find_map(|key| {
            let current = self.current(&key.circle).is_some_and(|current| current.number == key.epoch);
            let fresh = current
                && keys.contains(&key.circle)
                && depth < 4
                && self.stale_at_depth(log, &key.circle, depth + 1).is_none();
            (!fresh).then_some(Staleness::Key(key.circle))
        })
    }

    /// The key circles that an epoch of this circle, made now, names: each at its current epoch, those without one
    /// and stale `parents` left out. With the devices it must be wrapped to, those standing in for stale `parents`
    /// included. None while a `team` or `directors` among them is stale: that one has to be renewed first.
    #[must_use]
    pub fn plan(&self, log: &LogState, circle: &CircleId) -> Option<EpochPlan> {
        let EpochTargets { keys, mut devices } = View::now(log).targets(circle);
        let mut named = Vec::new();
        for key in keys {
            let Some(current) = self.current(&key) else { continue };
            if self.stale(log, &key).is_none() {
                named.push(KeyEpoch { circle: key, epoch: current.number });
            } else if log.circle(&key).is_some_and(|key| key.sort == Sort::Parents) {
                devices.extend(View::now(log).targets(&key).devices);
            } else {
                return None;
            }
        }
        let view = View::now(log);
        let previous = self.current(circle);
        let is_content = log.circle(circle).is_some_and(|circle| !circle.sort.is_key());
        let staff = match (previous, is_content) {
            (Some(last), true) => {
                let entitled = |key: &&KeyEpoch| looks_back(view, circle, &key.circle, last.body.log.seq);
                named.iter().filter(entitled).copied().collect()
            }
            _ => Vec::new(),
        };
        let horizon = is_content && crosses(view, circle, previous);
        Some(EpochPlan { keys: named, devices, horizon, staff })
    }

    /// What an epoch of the house need not name: teams that hold the keys of their parents, which it names. Half of what
    /// would be sent.
    #[must_use]
    pub fn covered(&self, log: &LogState, circle: &CircleId, keys: &[KeyEpoch]) -> SortedSet<CircleId> {
        if log.circle(circle).is_none_or(|circle| circle.sort != Sort::House) {
            return SortedSet::new();
        }
        let parents = keys.iter().filter_map(|key| {
            let team = log.circle(&key.circle).filter(|key| key.sort == Sort::Parents)?.team?;
            let made = self.get(&key.circle, key.epoch)?;
            made.body.keys.iter().any(|named| named.circle == team).then_some(team)
        });
        parents.collect()
    }
}

/// Whether somebody came since the last epoch who reads from then on only.
fn crosses(view: View<'_>, circle: &CircleId, last: Option<&EpochFact>) -> bool {
    last.is_some_and(|last| view.cut(circle) > Some(last.body.log.seq))
}

/// Whether a key circle is of the circle's staff side and reads what lies before an epoch made after `last`.
fn looks_back(view: View<'_>, circle: &CircleId, key: &CircleId, last: u64) -> bool {
    view.is_staff_key(key)
        && view
            .memberships(circle)
            .any(|(who, membership)| who == Who::Circle(*key) && membership.since() <= Some(last))
}

/// A content circle's first epoch after somebody came who reads from then on only is a horizon; its links lead staff
/// back, and nobody else. `parents` epochs lead nowhere anyway.
fn check_horizon(
    view: View<'_>,
    circle: &Circle,
    body: &EpochBody,
    previous: Option<&EpochFact>,
) -> Result<(), EpochError> {
    let Some(back) = &body.horizon else {
        let missing = !circle.sort.is_key() && crosses(view, &circle.id, previous);
        return if missing { Err(EpochError::Horizon) } else { Ok(()) };
    };
    let Some(last) = previous.filter(|_| !circle.sort.is_key() && body.links.is_empty()) else {
        return Err(EpochError::Links);
    };
    let fits = |key: &KeyEpoch| {
        body.keys.contains(key) && looks_back(view, &circle.id, &key.circle, last.body.log.seq)
    };
    if back.iter().all(|link| fits(&link.to)) { Ok(()) } else { Err(EpochError::Links) }
}

/// Only a director opens or closes an intake, or ends its links; whoever else renews its keys signs them under the old ones.
fn check_intake(
    view: View<'_>,
    header: &Header,
    circle: &Circle,
    body: &EpochBody,
    previous: Option<&EpochFact>,
) -> Result<(), EpochError> {
    if circle.sort != Sort::Intake {
        return if body.intake.is_none() { Ok(()) } else { Err(EpochError::Intake) };
    }
    let before = previous.and_then(|last| last.body.intake);
    match (body.intake, before) {
        (None, None) => Ok(()),
        (Some(keys @ IntakeKeys { by: Some(_), .. }), before) => {
            let step = IntakeStep { number: body.number, recipient: body.recipient, keys };
            let follows = before.is_some_and(|last| step.follows(&header.house, &circle.id, &last.key));
            if follows { Ok(()) } else { Err(EpochError::Intake) }
        }
        _ => match view.role_of(&header.author) {
            Some((_, Role::Director)) => Ok(()),
            _ => Err(EpochError::NotAllowed),
        },
    }
}

/// What a new epoch has to name and to be wrapped to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EpochPlan {
    /// [`EpochBody::keys`], sorted; one wrap for each.
    pub keys: Vec<KeyEpoch>,
    /// One wrap for each.
    pub devices: SortedSet<DeviceId>,
    /// Whether it must be a horizon.
    pub horizon: bool,
    /// To whom a horizon's links may lead back, in the order of [`EpochBody::horizon`]; none for key circles and for a
    /// first epoch.
    pub staff: Vec<KeyEpoch>,
}

/// The devices of a reader list that is exactly what the body commits to and the log asks for.
fn listed(
    list: &ReaderList,
    body: &EpochBody,
    targets: &EpochTargets,
) -> Result<SortedSet<DeviceId>, EpochError> {
    let sorted = list.rows.windows(2).all(|pair| matches!(pair, [a, b] if a.addressee < b.addressee));
    if list.rows.len() > limit::READERS_MAX || !sorted || list.root() != body.root {
        return Err(EpochError::Readers);
    }
    let mut devices = SortedSet::new();
    let mut keys = Vec::new();
    for row in &list.rows {
        match row.addressee {
            Addressee::Device(device) => {
                devices.insert(device);
            }
            Addressee::Epoch(key) => keys.push(key),
        }
    }
    let right = devices == targets.devices && keys == body.keys;
    if right || !crate::stands!(EpochReaders) { Ok(devices) } else { Err(EpochError::Readers) }
}
