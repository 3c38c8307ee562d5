//! A civil day of the house's calendar.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use minicbor::{Decode, Decoder, Encode, Encoder};
use nestpost_protocol::retention::{Class, Month};

use crate::time::Timestamp;

/// A day, `YYYY-MM-DD` at the edge and the number `yyyymmdd` inside items. Years 2000 to 2999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

const SECONDS_A_DAY: i64 = 86_400;

/// Not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day")]
pub struct BadDay;

impl Day {
    fn new(date: Date) -> Result<Self, BadDay> {
        if (2000..=2999).contains(&date.year()) { Ok(Self(date)) } else { Err(BadDay) }
    }

    /// From year, month and day of the month.
    ///
    /// # Errors
    /// [`BadDay`] when there is no such day.
    pub fn from_civil(year: i16, month: i8, day: i8) -> Result<Self, BadDay> {
        Self::new(Date::new(year, month, day).map_err(|_| BadDay)?)
    }

    /// The day (UTC) of a moment. Within a day of every European calendar, which is all its callers need: the page
    /// passes the day that people mean.
    ///
    /// # Errors
    /// [`BadDay`] for a clock outside the years.
    pub fn of(now: Timestamp) -> Result<Self, BadDay> {
        let ms = i64::try_from(now.millis()).map_err(|_| BadDay)?;
        Self::of_second(ms.div_euclid(1000))
    }

    fn of_second(second: i64) -> Result<Self, BadDay> {
        let moment = jiff::Timestamp::from_second(second).map_err(|_| BadDay)?;
        Self::new(Offset::UTC.to_datetime(moment).date())
    }

    /// The day `days` later (earlier, where negative); this one, where that is past the calendar's end.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self::of_second(self.second() + i64::from(days) * SECONDS_A_DAY).unwrap_or(self)
    }

    /// The month it falls into.
    #[must_use]
    pub fn month(self) -> Month {
        Month::new(u16::try_from(self.0.year()).unwrap_or(0), u8::try_from(self.0.month()).unwrap_or(1))
    }

    /// Its beginning (UTC), milliseconds.
    #[must_use]
    pub fn start(self) -> u64 {
        u64::try_from(self.second()).unwrap_or_default() * 1000
    }

    /// Its beginning (UTC), seconds. Every year of the calendar lies within jiff's.
    fn second(self) -> i64 {
        let midnight = Offset::UTC.to_timestamp(self.0.to_datetime(Time::midnight()));
        midnight.map_or(0, jiff::Timestamp::as_second)
    }

    /// How long something said at `at` about days up to this one is kept: `short`, unless it would then be gone
    /// before the day itself.
    #[must_use]
    pub fn class(self, at: Timestamp) -> Class {
        if self.month().index() <= at.month().index() + 1 { Class::Short } else { Class::Year }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.0;
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

impl FromStr for Day {
    type Err = BadDay;
    fn from_str(text: &str) -> Result<Self, BadDay> {
        // Only the plain form. jiff's own parser would read every ISO 8601 form of a date, and weigh 20 KB on a phone.
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or(BadDay);
        let (year, month, day) = (part()?, part()?, part()?);
        let month = month.parse().map_err(|_| BadDay)?;
        let day =
            Self::from_civil(year.parse().map_err(|_| BadDay)?, month, day.parse().map_err(|_| BadDay)?)?;
        if day.to_string() == text { Ok(day) } else { Err(BadDay) }
    }
}

impl<C> Encode<C> for Day {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let number =
            i32::from(self.0.year()) * 10_000 + i32::from(self.0.month()) * 100 + i32::from(self.0.day());
        e.i32(number)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Day {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let number = d.i32()?;
        let part = |n: i32| i8::try_from(n).map_err(|_| BadDay);
        let read = || {
            let year = i16::try_from(number / 10_000).map_err(|_| BadDay)?;
            Self::from_civil(year, part(number / 100 % 100)?, part(number % 100)?)
        };
        read().map_err(|_| minicbor::decode::Error::message("not a day").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn only_the_plain_form_is_read() {
        assert_eq!(day("2026-11-21").to_string(), "2026-11-21");
        for bad in [
            "",
            "2026-11-31",
            "2026-1-1",
            "20261121",
            "1999-12-31",
            "3000-01-01",
            "2026-11-21T00:00",
            "morgen",
        ] {
            assert_eq!(bad.parse::<Day>(), Err(BadDay), "{bad}");
        }
    }

    #[test]
    fn days_survive_encoding_and_nothing_else_is_a_day() {
        for text in ["2000-01-01", "2024-02-29", "2999-12-31"] {
            let bytes = minicbor::to_vec(day(text)).expect("encodes");
            assert_eq!(minicbor::decode::<Day>(&bytes).expect("decodes"), day(text));
        }
        for number in [0, -20_260_101, 20_261_301, 20_260_230, 19_991_231, i32::MAX] {
            let bytes = minicbor::to_vec(number).expect("encodes");
            assert!(minicbor::decode::<Day>(&bytes).is_err(), "{number}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_years_to_the_calendar_s_end() {
        assert_eq!(day("2024-02-28").plus(2), day("2024-03-01"));
        assert_eq!(day("2026-01-01").plus(-1), day("2025-12-31"));
        assert_eq!(day("2026-11-21").plus(365), day("2027-11-21"));
        assert_eq!(day("2999-12-31").plus(1), day("2999-12-31"));
        assert_eq!(day("2026-11-21").start(), 1_795_219_200_000);
        assert_eq!(Day::of(Timestamp::from_millis(1_795_305_599_999)), Ok(day("2026-11-21")));
    }

    #[test]
    fn an_absence_far_ahead_is_kept_until_it_is_over() {
        let at = Timestamp::from_millis(1_795_219_200_000); // 2026-11-21
        assert_eq!(day("2026-12-31").class(at), Class::Short);
        assert_eq!(day("2027-01-01").class(at), Class::Year);
    }
}
