//! What the page shows of a house whichever screen is open.

use nestpost_protocol::log::kind::role::Role;
use serde::Serialize;

use crate::app::{self, Greeting, view};
use crate::code;
use crate::house::{Alarm, LinkState, Stage};

use super::Engine;

/// One house of this device; `House` of the page's contract, less the slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Name; from the greeting until the house's own profile can be read.
    pub name: String,
    /// As printed on letters; empty until the house has an id.
    pub fingerprint: String,
    /// Role of this device's person; from the greeting while joining.
    pub role: view::Role,
    /// `joining`, `member` or `ended`.
    pub stage: &'static str,
    /// `offline`, `connecting` or `online`.
    pub link: &'static str,
    /// How many items exist only here, pictures and files included.
    pub waiting: usize,
    /// Pictures and files on their way.
    pub media: MediaSummary,
    /// The house is over: nothing is written any more. Absent while it goes on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dissolved: bool,
    /// What a person must know.
    pub alarms: Vec<AlarmView>,
    /// The groups of digits to compare at the door, while joining.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<[String; 6]>,
    /// While joining: what another device of the same person calls this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// This device's person.
    pub me: Me,
    /// Of a group's tablet: which part of it this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<view::PlacePart>,
    /// Where the house is reached now, if two have said so and it is elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone number for help.
    pub help_line: String,
    /// Art. 13 notice.
    pub notice: String,
    /// Why joining or founding ended, as an error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Pictures and files of this device on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MediaSummary {
    /// On their way.
    pub queued: usize,
    /// Set aside.
    pub failed: usize,
    /// The person stopped them.
    pub paused: bool,
}

/// A person, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    /// Hex; empty while joining.
    pub person: String,
    /// Empty until known.
    pub name: String,
}

/// An alarm with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmView {
    /// Selects the sentence.
    pub code: &'static str,
    /// How many.
    pub count: u32,
}

impl Alarm {
    /// Stable code of the page's contract.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SheetMissing => "sheet_missing",
            Self::OneDirector => "one_director",
            Self::Dissolved => "dissolved",
            Self::Overtaken => "overtaken",
            Self::Proposal => "proposal",
            Self::DeviceCopied => "device_copied",
            Self::RelayRewound => "relay_rewound",
            Self::LogDoubted => "log_doubted",
            Self::RelayMoved => "relay_moved",
            Self::RelayRestored => "relay_restored",
            Self::AppOutdated => "app_outdated",
            Self::StorageFull => "storage_full",
            Self::QuotaFull => "quota_full",
            Self::Refused => "refused",
            Self::Quarantined => "quarantined",
            Self::RelayGarbage => "relay_garbage",
            Self::HouseUnknown => "house_unknown",
            Self::AddressNew => "address_new",
            Self::DeviceNew => "device_new",
        }
    }
}

impl Engine {
    /// The house as the page's header shows it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let about = app::about(&self.house);
        let greeting = self.meta.joining.as_ref().and_then(|j| Greeting::decode(&j.greeting).ok());
        let founding = self.meta.founding.as_ref();
        let name = first([
            about.name,
            greeting.as_ref().map(|g| g.house_name.clone()).unwrap_or_default(),
            founding.map(|f| f.house_name.clone()).unwrap_or_default(),
        ]);
        let my_name =
            first([about.person_name, founding.map(|f| f.director_name.clone()).unwrap_or_default()]);
        let help_line = first([
            about.help_line,
            greeting.as_ref().map(|g| g.help_line.clone()).unwrap_or_default(),
            founding.map(|f| f.help_line.clone()).unwrap_or_default(),
        ]);
        let notice = first([about.notice, greeting.as_ref().map(|g| g.notice.clone()).unwrap_or_default()]);
        let role = self
            .house
            .person()
            .and_then(|(_, role)| view::Role::of(role))
            // What is still shown after the end is a guardian's.
            .or_else(|| (!about.person.is_empty()).then_some(view::Role::Guardian))
            .or_else(|| greeting.as_ref().map(|g| g.role))
            .unwrap_or(view::Role::Director);
        Summary {
            name,
            fingerprint: self.house.id.as_ref().map(code::fingerprint).unwrap_or_default(),
            role,
            stage: match self.house.stage {
                Stage::Founding | Stage::Presenting | Stage::Joining => "joining",
                Stage::Member => "member",
                Stage::Ended => "ended",
            },
            link: match self.house.link {
                LinkState::Offline => "offline",
                LinkState::Connecting => "connecting",
                LinkState::Online => "online",
            },
            waiting: self.house.waiting() + self.intents.len(),
            media: MediaSummary {
                queued: self.house.transfers.queued(),
                failed: self.house.transfers.failed(),
                paused: self.house.transfers.paused,
            },
            dissolved: self.house.log.dissolved().is_some(),
            alarms: self.alarms(),
            digits: self.digits(),
            device_name: greeting.map(|g| g.device_name).filter(|name| !name.is_empty()),
            place: about.place,
            address: Some(self.house.address()).filter(|now| *now != self.house.origin).map(str::to_owned),
            me: Me { person: about.person, name: my_name },
            help_line,
            notice,
            failed: self.meta.joining.as_ref().and_then(|j| j.failed.clone()),
        }
    }

    fn alarms(&self) -> Vec<AlarmView> {
        let mut alarms: Vec<AlarmView> = self
            .house
            .alarms
            .iter()
            .map(|(alarm, count)| AlarmView { code: alarm.code(), count: *count })
            .collect();
        if self.house.log.dissolved().is_some() {
            // That something is refused now goes without saying.
            alarms.retain(|alarm| alarm.code != Alarm::Refused.code());
            alarms.push(AlarmView { code: Alarm::Dissolved.code(), count: 1 });
            return alarms;
        }
        if !self.house.overtaken.is_empty() {
            let count = u32::try_from(self.house.overtaken.len()).unwrap_or(u32::MAX);
            alarms.push(AlarmView { code: Alarm::Overtaken.code(), count });
        }
        let proposals = app::proposals(&self.house);
        if proposals > 0 {
            alarms.push(AlarmView { code: Alarm::Proposal.code(), count: proposals });
        }
        if self.meta.sheet_open && self.house.stage == Stage::Member {
            alarms.push(AlarmView { code: Alarm::SheetMissing.code(), count: 1 });
        }
        if self.house.address() != self.house.origin {
            alarms.push(AlarmView { code: Alarm::AddressNew.code(), count: 1 });
        }
        let unnamed = self.unnamed_devices();
        if unnamed > 0 {
            alarms.push(AlarmView { code: Alarm::DeviceNew.code(), count: unnamed });
        }
        let directs = self.house.person().is_some_and(|(_, role)| role == Role::Director);
        if directs && app::directors(&self.house) == 1 {
            alarms.push(AlarmView { code: Alarm::OneDirector.code(), count: 1 });
        }
        alarms
    }
}

impl Engine {
    /// Other devices of this person that they call nothing here.
    fn unnamed_devices(&self) -> u32 {
        let me = self.house.me;
        let own = self.house.person().and_then(|(person, _)| self.house.log.person(&person));
        let own = own.into_iter().flat_map(|person| &person.devices);
        let count = own.filter(|device| **device != me && !self.house.names.contains_key(*device)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

fn first<const N: usize>(candidates: [String; N]) -> String {
    candidates.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}
