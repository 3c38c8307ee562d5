//! How long a document is kept. The relay deletes by this even if no client ever acts.
//!
//! Every document has one class and, except in `long`, one month at whose end it expires, rounded so that all
//! documents of a class and month look alike (Art. 5(1)(e) GDPR: storage limitation).

use minicbor::{Decode, Encode};

/// Retention class of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Class {
    /// The end of the month after the one it was begun in: at most 62 days.
    #[n(0)]
    Short,
    /// The end of the twelfth month after the one it was begun in.
    #[n(1)]
    Year,
    /// Until erased.
    #[n(2)]
    Long,
}

/// A civil month, counted from January of year 0: `year * 12 + (month − 1)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Month(#[n(0)] u32);

impl Month {
    /// No expiry; the only value allowed with [`Class::Long`].
    pub const NEVER: Self = Self(0);

    /// `month` from 1 to 12.
    #[must_use]
    pub const fn new(year: u16, month: u8) -> Self {
        Self(year as u32 * 12 + (month as u32).saturating_sub(1))
    }

    /// From the raw count of months.
    #[must_use]
    pub const fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// The raw count of months.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }

    /// Year and month (1 to 12).
    #[must_use]
    pub const fn civil(self) -> (u32, u32) {
        (self.0 / 12, self.0 % 12 + 1)
    }
}

/// The month at whose end a document of `class` begun in `begun` expires.
#[must_use]
pub const fn expiry(class: Class, begun: Month) -> Month {
    match class {
        Class::Short => Month(begun.0 + 1),
        Class::Year => Month(begun.0 + 12),
        Class::Long => Month::NEVER,
    }
}

/// The month of a clock, and that of the same clock a day later: another clock may be wrong by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// Today's.
    pub today: Month,
    /// Tomorrow's.
    pub tomorrow: Month,
}

impl Months {
    /// On a day that is not a month's last.
    #[must_use]
    pub const fn within(month: Month) -> Self {
        Self { today: month, tomorrow: month }
    }
}

/// Whether a document of `class` that expires after `month` may still be written to `now` (relay clock). A month further
/// away than the class allows is refused too: nobody keeps longer than the class says. The writer's clock may be a day
/// ahead; one that is behind only begins a document that expires sooner.
#[must_use]
pub const fn writable(class: Class, month: Month, now: Months) -> bool {
    match class {
        Class::Long => month.0 == Month::NEVER.0,
        Class::Short | Class::Year => month.0 >= now.today.0 && month.0 <= expiry(class, now.tomorrow).0,
    }
}

/// Whether a document that expires at the end of `month` is gone in the month `now`.
#[must_use]
pub const fn expired(class: Class, month: Month, now: Month) -> bool {
    match class {
        Class::Long => false,
        Class::Short | Class::Year => month.0 < now.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_is_at_most_two_months() {
        // Begun on the first of a 31-day month, followed by a 31-day month: 62 days.
        assert_eq!(expiry(Class::Short, Month::new(2026, 7)), Month::new(2026, 8));
        assert!(writable(Class::Short, Month::new(2026, 8), Months::within(Month::new(2026, 8))));
        assert!(!writable(Class::Short, Month::new(2026, 8), Months::within(Month::new(2026, 9))));
        assert!(expired(Class::Short, Month::new(2026, 8), Month::new(2026, 9)));
        assert!(!expired(Class::Short, Month::new(2026, 8), Month::new(2026, 8)));
    }

    #[test]
    fn nobody_keeps_longer_than_the_class() {
        let august = Month::new(2026, 8);
        assert!(writable(Class::Short, Month::new(2026, 9), Months::within(august)));
        assert!(!writable(Class::Short, Month::new(2026, 10), Months::within(august)));
        assert!(!writable(Class::Year, Month::new(2027, 9), Months::within(august)));
        assert!(!writable(Class::Long, Month::new(2027, 1), Months::within(august)));
        assert!(writable(Class::Long, Month::NEVER, Months::within(august)));
    }

    #[test]
    fn a_clock_that_is_a_day_ahead_is_served_and_two_days_are_not() {
        let last_day = Months { today: Month::new(2026, 8), tomorrow: Month::new(2026, 9) };
        assert!(writable(Class::Short, Month::new(2026, 10), last_day));
        assert!(!writable(Class::Short, Month::new(2026, 11), last_day));
    }
}
