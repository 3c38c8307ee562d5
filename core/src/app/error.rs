//! What a command or query can fail with.

use serde::{Serialize, Serializer};

/// Each has a stable code for which the page has one sentence (`ErrorCode` of the contract). What the person wrote
/// stays with the page in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// Not for this person or device.
    #[error("not allowed")]
    NotAllowed,
    /// No such thing, or none that this device may see.
    #[error("not found")]
    NotFound,
    /// A text that must say something says nothing.
    #[error("a text is missing")]
    Empty,
    /// A text or list is over its limit.
    #[error("text too long")]
    TooLong,
    /// Not a day, days in the wrong order, or too far away.
    #[error("day out of range")]
    BadDay,
    /// Needs the relay, and there is no line.
    #[error("offline")]
    Offline,
    /// Takes a second director, or the recovery sheet.
    #[error("needs a second signature")]
    NeedsSecond,
    /// Nobody would be left who can direct the house.
    #[error("the last director cannot go")]
    LastDirector,
    /// The house is dissolved.
    #[error("the house is dissolved")]
    Dissolved,
    /// It makes something new, which nobody can sign for a later day.
    #[error("cannot be planned for a day")]
    NotPlannable,
    /// Somebody else changed the same thing first.
    #[error("somebody else was first")]
    LostRace,
    /// The relay refused it.
    #[error("refused by the relay")]
    RelayRefused,
    /// The relay's disk is full.
    #[error("relay full")]
    RelayFull,
    /// The house's quota is used up.
    #[error("quota full")]
    QuotaFull,
    /// The relay no longer speaks this version.
    #[error("app outdated")]
    AppOutdated,
    /// The device could not store it.
    #[error("storage full")]
    StorageFull,
    /// A fault of the app.
    #[error("internal fault")]
    Internal,
}

impl AppError {
    /// All of them, for tests and for whoever translates them.
    pub const ALL: [Self; 17] = [
        Self::NotAllowed,
        Self::NotFound,
        Self::Empty,
        Self::TooLong,
        Self::BadDay,
        Self::Offline,
        Self::NeedsSecond,
        Self::LastDirector,
        Self::Dissolved,
        Self::NotPlannable,
        Self::LostRace,
        Self::RelayRefused,
        Self::RelayFull,
        Self::QuotaFull,
        Self::AppOutdated,
        Self::StorageFull,
        Self::Internal,
    ];

    /// Its code at the edge.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::NotFound => "not_found",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::BadDay => "bad_day",
            Self::Offline => "offline",
            Self::NeedsSecond => "needs_second",
            Self::LastDirector => "last_director",
            Self::Dissolved => "dissolved",
            Self::NotPlannable => "not_plannable",
            Self::LostRace => "lost_race",
            Self::RelayRefused => "relay_refused",
            Self::RelayFull => "relay_full",
            Self::QuotaFull => "quota_full",
            Self::AppOutdated => "app_outdated",
            Self::StorageFull => "storage_full",
            Self::Internal => "internal",
        }
    }
}

impl Serialize for AppError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
