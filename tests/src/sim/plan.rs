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
}

const ALL: [Trouble; 16] = [
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
    pub(super) steps: usize,
    /// What may go wrong, with how often in a thousand steps.
    pub(super) troubles: Vec<(Trouble, u32)>,
    /// How the relay lies, if it does.
    pub(super) lie: Option<Lie>,
}

pub(super) const DEVICES_MAX: usize = 40;
/// Devices of the houses that there are; most are small.
const SIZES: [usize; 10] = [3, 4, 5, 6, 8, 10, 12, 15, 24, DEVICES_MAX];
const SMALL: usize = 5;
const MIDDLE: usize = 8;
const STEPS: (u64, u64) = (100, 600);

impl Plan {
    pub(super) fn draw(dice: &mut Dice, steps: Option<usize>) -> Self {
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
        let lies = [Lie::Rewind, Lie::Fork, Lie::Replay, Lie::Withhold];
        let lie = if dice.chance(200) { dice.pick(&lies).copied() } else { None };
        Self {
            lie,
            devices: SIZES.get(size).copied().unwrap_or(DEVICES_MAX),
            steps: steps.unwrap_or(drawn),
            troubles,
        }
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
            Self::Away | Self::Power | Self::Full | Self::RelayDies | Self::RelayFull | Self::Hostile => 12,
            Self::Clock | Self::PutBack | Self::Copy | Self::Wipe => 3,
        }
    }
}
