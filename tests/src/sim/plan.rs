//! What a world is like, drawn from its seed: each has a few kinds of trouble only, so that rare ones meet.

use super::dice::Dice;

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Lines break.
    Break,
    /// Messages come twice.
    Twice,
    /// Messages overtake each other.
    Overtake,
    /// Messages are lost on lines that hold.
    Lose,
    /// Devices have no network for a while, or for weeks.
    Away,
    /// Programs die.
    Die,
    /// Machines die.
    Power,
    /// Storage is full.
    Full,
    /// Clocks are wrong.
    Clock,
    /// The relay dies.
    RelayDies,
    /// The relay has no room for a while.
    RelayFull,
    /// Storage is put back to what it was.
    PutBack,
    /// A device is copied.
    Copy,
    /// Everything on a device is lost.
    Wipe,
    /// Who belongs changes.
    Members,
    /// A member writes what no app writes.
    Hostile,
    /// The relay is put back to what it was, and people say that the house goes on.
    Restore,
    /// The relay hands out snapshots that are old, or that a member made up.
    Snapshots,
}

const ALL: [Trouble; 18] = [
    Trouble::Break,
    Trouble::Twice,
    Trouble::Overtake,
    Trouble::Lose,
    Trouble::Away,
    Trouble::Die,
    Trouble::Power,
    Trouble::Full,
    Trouble::Clock,
    Trouble::RelayDies,
    Trouble::RelayFull,
    Trouble::PutBack,
    Trouble::Copy,
    Trouble::Wipe,
    Trouble::Members,
    Trouble::Hostile,
    Trouble::Restore,
    Trouble::Snapshots,
];

/// How a relay lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lie {
    /// It forgets, and does not say so.
    Rewind,
    /// It tells some people another story.
    Fork,
    /// It says again what it said before.
    Replay,
    /// It keeps back what it has.
    Withhold,
}

impl Lie {
    /// Whether everything is as it was once it lies no more.
    pub(super) const fn is_mended(self) -> bool {
        matches!(self, Self::Replay | Self::Withhold)
    }
}

/// A world.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) devices: usize,
    /// Much was written before, and there are guests with letters.
    pub(super) written: bool,
    pub(super) steps: usize,
    /// What may go wrong, with how often in a thousand steps.
    pub(super) troubles: Vec<(Trouble, u32)>,
    /// How the relay lies, if it does.
    pub(super) lie: Option<Lie>,
}

/// Not in one world with a relay that is put back: devices that forget as well, and lines that hold and lose something.
const APART: [Trouble; 7] = [
    Trouble::Twice,
    Trouble::Overtake,
    Trouble::Lose,
    Trouble::Power,
    Trouble::PutBack,
    Trouble::Copy,
    Trouble::Wipe,
];

pub(super) const DEVICES_MAX: usize = 40;
/// Devices of the houses that there are; most are small.
const SIZES: [usize; 10] = [3, 4, 5, 6, 8, 10, 12, 15, 24, DEVICES_MAX];
const SMALL: usize = 5;
const MIDDLE: usize = 8;
/// How often a kind of trouble that is wanted comes, in a thousand steps, at least.
const DIRECTED_MIN: u32 = 15;
const STEPS: (u64, u64) = (100, 600);
/// Devices of a house in which much was written, at most.
const WRITTEN_MAX: usize = 12;

impl Plan {
    /// Drawn, with these kinds of trouble whatever is drawn, and often.
    pub(super) fn draw(dice: &mut Dice, steps: Option<usize>, with: &[Trouble]) -> Self {
        let size = match dice.below(100) {
            0..=74 => dice.below(SMALL),
            75..=96 => dice.below(MIDDLE),
            _ => dice.below(SIZES.len()),
        };
        let drawn = usize::try_from(dice.between(STEPS.0, STEPS.1)).unwrap_or_default();
        let mut troubles = Vec::new();
        for trouble in ALL {
            if dice.chance(450) {
                troubles.push((trouble, u32::try_from(dice.between(1, trouble.often_max())).unwrap_or(1)));
            }
        }
        if !with.is_empty() {
            let often = |trouble: &Trouble| {
                (*trouble, u32::try_from(trouble.often_max()).unwrap_or(1).max(DIRECTED_MIN))
            };
            troubles.retain(|(trouble, _)| !with.contains(trouble));
            troubles.extend(with.iter().map(often));
        }
        let put_back = |troubles: &[(Trouble, u32)]| troubles.iter().any(|(t, _)| *t == Trouble::Restore);
        if put_back(&troubles) && with.iter().any(|trouble| APART.contains(trouble)) {
            troubles.retain(|(trouble, _)| *trouble != Trouble::Restore);
        } else if put_back(&troubles) {
            troubles.retain(|(trouble, _)| !APART.contains(trouble));
        }
        let lies = [Lie::Rewind, Lie::Fork, Lie::Replay, Lie::Withhold];
        let lie = if dice.chance(200) { dice.pick(&lies).copied() } else { None };
        let devices = SIZES.get(size).copied().unwrap_or(DEVICES_MAX);
        let written = devices <= WRITTEN_MAX
            && (dice.chance(400) || with.iter().any(|t| matches!(t, Trouble::Snapshots | Trouble::Members)));
        Self { lie, devices, written, steps: steps.unwrap_or(drawn), troubles }
    }

    /// Whether everything is as it ought to be once everything works.
    pub(super) fn is_mended(&self) -> bool {
        self.lie.is_none_or(Lie::is_mended)
    }

    pub(super) fn has(&self, trouble: Trouble) -> bool {
        self.troubles.iter().any(|(other, _)| *other == trouble)
    }
}

impl Trouble {
    /// In a thousand steps, at most.
    const fn often_max(self) -> u64 {
        match self {
            Self::Break | Self::Twice | Self::Overtake | Self::Lose | Self::Die => 25,
            Self::Members => 30,
            Self::Restore | Self::Snapshots => 20,
            Self::Away | Self::Power | Self::Full | Self::RelayDies | Self::RelayFull | Self::Hostile => 12,
            Self::Clock | Self::PutBack | Self::Copy | Self::Wipe => 3,
        }
    }
}
