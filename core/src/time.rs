//! Time as the driver tells it. Nothing here reads a clock.

use jiff::tz::Offset;
use nestpost_protocol::retention::{Month, Months};

/// Milliseconds since 1970-01-01T00:00Z, as the driver claims. Never decides anything on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms)
    }

    /// As milliseconds.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// `ms` milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Days (UTC) since 1970-01-01.
    #[must_use]
    pub fn day(self) -> u32 {
        u32::try_from(self.0 / DAY_MS).unwrap_or(u32::MAX)
    }

    /// The civil month (UTC) this falls into; the month documents are begun in.
    #[must_use]
    pub fn month(self) -> Month {
        let seconds = i64::try_from(self.0 / 1000).unwrap_or(i64::MAX);
        let civil = jiff::Timestamp::from_second(seconds).map(|t| Offset::UTC.to_datetime(t).date());
        match civil {
            Ok(date) => {
                Month::new(u16::try_from(date.year()).unwrap_or(0), u8::try_from(date.month()).unwrap_or(1))
            }
            Err(_) => Month::NEVER,
        }
    }

    /// The months (UTC) of this moment and of a day later.
    #[must_use]
    pub fn months(self) -> Months {
        Months { today: self.month(), tomorrow: self.plus(DAY_MS).month() }
    }
}

/// Milliseconds of a day.
pub(crate) const DAY_MS: u64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_the_calendar() {
        assert_eq!(Timestamp::from_millis(0).month(), Month::new(1970, 1));
        assert_eq!(Timestamp::from_millis(1_772_323_199_000).month(), Month::new(2026, 2));
        assert_eq!(Timestamp::from_millis(1_772_323_200_000).month(), Month::new(2026, 3));
    }
}
