//! The relay's clock: days and months, nothing finer is ever stored. It can only take away (expire), never admit.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use nestpost_protocol::retention::{Month, Months};

/// Days since 1970-01-01 (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i64);

impl Day {
    /// From the raw count of days.
    #[must_use]
    pub const fn from_index(index: i64) -> Self {
        Self(index)
    }

    /// The raw count of days.
    #[must_use]
    pub const fn index(self) -> i64 {
        self.0
    }

    /// So many days earlier.
    #[must_use]
    pub const fn before(self, days: u16) -> Self {
        Self(self.0.saturating_sub(days as i64))
    }

    /// Whether more than `days` days have passed since `self` on the day `today`.
    #[must_use]
    pub const fn is_older_than(self, days: u16, today: Self) -> bool {
        today.0.saturating_sub(self.0) > days as i64
    }
}

/// Where the relay takes its date from; tests bring their own.
pub trait Clock: Send + Sync + 'static {
    /// Today, UTC.
    fn today(&self) -> Date;

    /// Today as a count of days.
    fn day(&self) -> Day {
        let epoch = Date::constant(1970, 1, 1);
        Day(self.today().since(epoch).map_or(0, |span| i64::from(span.get_days())))
    }

    /// The current month.
    fn month(&self) -> Month {
        month_of(self.today())
    }

    /// The months of today and tomorrow.
    fn months(&self) -> Months {
        let today = self.today();
        Months { today: month_of(today), tomorrow: month_of(today.tomorrow().unwrap_or(today)) }
    }
}

fn month_of(date: Date) -> Month {
    Month::new(u16::try_from(date.year()).unwrap_or(0), u8::try_from(date.month()).unwrap_or(1))
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn today(&self) -> Date {
        jiff::Timestamp::now().to_zoned(TimeZone::UTC).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(Date);
    impl Clock for At {
        fn today(&self) -> Date {
            self.0
        }
    }

    #[test]
    fn days_and_months_count_from_their_epochs() {
        let clock = At(Date::constant(2026, 9, 1));
        assert_eq!(clock.day(), Day::from_index(20_697));
        assert_eq!(clock.month(), Month::new(2026, 9));
        assert_eq!(clock.months(), Months::within(Month::new(2026, 9)));
        let eve = At(Date::constant(2026, 12, 31));
        assert_eq!(eve.months(), Months { today: Month::new(2026, 12), tomorrow: Month::new(2027, 1) });
    }

    #[test]
    fn an_invite_of_fourteen_days_holds_on_the_fourteenth() {
        let day = Day::from_index(100);
        assert!(!day.is_older_than(14, Day::from_index(114)));
        assert!(day.is_older_than(14, Day::from_index(115)));
    }
}
