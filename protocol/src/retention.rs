//! How long a document is kept. The relay deletes by this even if no client ever acts.
//!
//! Every document has one class and, except in `long`, one month at whose end it expires, rounded so that all
//! documents of a class and month look alike (Art. 5(1)(e) GDPR: storage limitation).

use minicbor::{Decode, Encode};

/// Retention class of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Class {
    /// At most 75 days: the end of the month after the one it was begun in.
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

/// Whether a document of `class` that expires after `month` may still be written to in the month `now` (relay clock).
/// A month further away than the class allows is refused too: nobody keeps longer than the class says. One month of
/// grace either way covers clocks that are a day wrong at a month's end.
#[must_use]
pub const fn writable(class: Class, month: Month, now: Month) -> bool {
    match class {
        Class::Long => month.0 == Month::NEVER.0,
        Class::Short | Class::Year => month.0 >= now.0 && month.0 <= expiry(class, now).0 + 1,
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
    fn short_is_at_most_seventy_five_days() {
        // Begun on the first of a 31-day month, followed by a 31-day month: 62 days.
        assert_eq!(expiry(Class::Short, Month::new(2026, 7)), Month::new(2026, 8));
        assert!(writable(Class::Short, Month::new(2026, 8), Month::new(2026, 8)));
        assert!(!writable(Class::Short, Month::new(2026, 8), Month::new(2026, 9)));
        assert!(expired(Class::Short, Month::new(2026, 8), Month::new(2026, 9)));
        assert!(!expired(Class::Short, Month::new(2026, 8), Month::new(2026, 8)));
    }

    #[test]
    fn nobody_keeps_longer_than_the_class() {
        assert!(!writable(Class::Short, Month::new(2027, 1), Month::new(2026, 8)));
        assert!(!writable(Class::Long, Month::new(2027, 1), Month::new(2026, 8)));
        assert!(writable(Class::Long, Month::NEVER, Month::new(2026, 8)));
    }
}
