//! Views: pure reads of the house, narrowed to what this device's person may see.

mod absence;
mod acts;
mod bulletin;
mod day;
mod erase;
mod evidence;
mod family;
mod intake;
mod later;
mod note;
mod people;
mod picture;
mod place;
mod thread;
mod unsent;

use nestpost_protocol::id::{BlobId, DeviceId, ItemId, PersonId, RecordId};
use nestpost_protocol::log::LogState;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::state::Person;
use nestpost_protocol::sorted::SortedSet;

use picture::Gallery;

use super::day::Day;
use super::item::BlobRef;
use super::scene::Scene;
use super::view::{About, PlacePart};
use super::{AppError, Query, View};
use crate::house::House;
use crate::time::Timestamp;

/// How long something counts as unread, milliseconds: seen marks are kept for a month at least, what they are about up
/// to a year, and what was read in spring must not turn up as new in summer.
const UNREAD_MAX: u64 = 28 * 24 * 60 * 60 * 1000;

/// Reads a view.
///
/// # Errors
/// [`AppError::NotAllowed`] for who does not belong or is not staff where only staff may look,
/// [`AppError::NotFound`], [`AppError::BadDay`].
pub fn query(query: &Query, house: &House, now: Timestamp) -> Result<View, AppError> {
    let scene = Scene::new(house)?;
    if scene.is_open() && !is_open(query) {
        return Err(AppError::NotAllowed);
    }
    let day = |text: &str| text.parse::<Day>().map_err(|_| AppError::BadDay);
    Ok(match query {
        Query::ParentHome { day: text } => View::ParentHome(day::parent_home(&scene, day(text)?, now)),
        Query::Bulletins(_) => View::Bulletins(bulletin::all(&scene, &Gallery::new(&scene), now)),
        Query::Pictures(_) => View::Pictures(picture::all(&scene, &Gallery::new(&scene), &scene.marks())),
        Query::Transfers(_) => View::Transfers(picture::transfers(&scene)),
        Query::Notes { circle } => View::Notes(note::of_circle(&scene, circle)?),
        Query::Relation { person, child } => View::Relation(people::relation(&scene, person, child)?),
        Query::Family { child } => View::Family(family::of_child(&scene, child, now)?),
        Query::Reach { person, child, relation } => {
            View::Reach(family::reach(&scene, person, child, *relation)?)
        }
        Query::Boards(_) => View::Boards(family::boards(&scene)),
        Query::Devices { person } => View::Devices(people::devices(&scene, person)?),
        Query::Threads(_) => View::Threads(thread::all(&scene, now)),
        Query::Thread { id } => View::Thread(Box::new(thread::one(&scene, id, now)?)),
        Query::Absences { child } => View::Absences(absence::of_child_id(&scene, child)?),
        Query::Groups(_) => View::Groups(scene.groups().iter().map(|team| scene.group(team)).collect()),
        Query::GroupDay { group, day: text } => View::GroupDay(day::group_day(&scene, group, day(text)?)?),
        Query::People(_) => View::People(people::all(&scene, now)?),
        Query::Plans(_) => View::Plans(later::plans(&scene, now)?),
        Query::Proposals(_) => View::Proposals(later::proposals(&scene, now)?),
        Query::Missing(_) => View::Missing(later::missing(&scene)),
        Query::Overtaken(_) => View::Overtaken(acts::overtaken(&scene, now)),
        Query::Intake(_) => View::Intake(intake::intake(&scene)?),
        Query::ConfirmedLately(_) => View::ConfirmedLately(acts::confirmed_lately(&scene, now)?),
        Query::AdminLog(_) => View::AdminLog(acts::admin_log(&scene, now)?),
        Query::Evidence(_) => View::Evidence(evidence::evidence(&scene)),
        Query::Erasures(_) => View::Erasures(erase::erasures(&scene)?),
        Query::Unsent(_) => View::Unsent(unsent::unsent(&scene)),
        Query::PendingJoins(_) => View::PendingJoins(people::pending_joins(&scene)),
        Query::DirectorHome { day: text } => {
            View::DirectorHome(people::director_home(&scene, day(text)?, now)?)
        }
        Query::Place(_) => View::Place(place::place(&scene)?),
        Query::EmergencyList { group } => View::EmergencyList(place::emergency(&scene, group)?),
    })
}

/// What a tablet shows to whoever stands before it.
const fn is_open(query: &Query) -> bool {
    matches!(query, Query::Place(_) | Query::Groups(_) | Query::GroupDay { .. } | Query::EmergencyList { .. })
}

/// The blobs of a picture or file that this device reads: itself, and of a picture the small one.
#[must_use]
pub fn media_refs(house: &House, item: &ItemId) -> Option<(BlobRef, Option<BlobRef>)> {
    let medium = Scene::new(house).ok().filter(|scene| !scene.is_open())?.medium(item)?;
    Some((medium.full?, medium.thumb))
}

/// Item, claimed time and blobs of all pictures and files that stand in circles, newest first.
#[must_use]
pub fn media_index(house: &House) -> Vec<(ItemId, u64, BlobId, Option<BlobId>)> {
    let Some(scene) = Scene::new(house).ok().filter(|scene| !scene.is_open()) else { return Vec::new() };
    let sent = scene.all_media().into_iter().filter(|medium| medium.transfer.is_none());
    let mut all: Vec<_> =
        sent.filter_map(|m| Some((m.id, m.at, m.blob()?, m.thumb.map(|thumb| thumb.id)))).collect();
    all.sort_by_key(|(id, at, ..)| (std::cmp::Reverse(*at), *id));
    all
}

/// What the page's header shows, as far as it has arrived.
#[must_use]
pub fn about(house: &House) -> About {
    let Ok(scene) = Scene::new(house) else { return About::default() };
    let (name, help_line, notice) = scene.house_profile();
    let place = (scene.role == Role::Place)
        .then(|| if scene.is_open() { PlacePart::Open } else { PlacePart::Pin })
        // A tablet of a house of before has one part, and no PINs.
        .filter(|part| *part == PlacePart::Open || scene.is_pin(&scene.me));
    About {
        name,
        help_line,
        notice,
        place,
        person: scene.me.to_string(),
        person_name: scene.person_name(&scene.me),
    }
}

/// How many proposals wait for the director whose device this is.
#[must_use]
pub fn proposals(house: &House) -> u32 {
    Scene::new(house).map_or(0, |scene| later::waiting(&scene))
}

/// What staff deleted of what outsiders wrote.
#[must_use]
pub fn deleted_inquiries(house: &House) -> SortedSet<RecordId> {
    Scene::new(house).map(|scene| intake::deleted(&scene)).unwrap_or_default()
}

/// How many directors could act today.
#[must_use]
pub fn directors(house: &House) -> usize {
    acting_directors(&house.log).count()
}

/// Directors who could act today: those with a device. A recovery sheet is none.
pub(super) fn acting_directors(log: &LogState) -> impl Iterator<Item = PersonId> {
    let acts = |device: &DeviceId| log.device(device).is_some_and(|known| !known.sheet);
    let directs =
        move |person: &Person| person.role == Some(Role::Director) && person.devices.iter().any(acts);
    log.persons().filter(move |(_, person)| directs(person)).map(|(id, _)| *id)
}

/// Whether something of that claimed time may still count as unread.
fn recent(at: u64, now: Timestamp) -> bool {
    now.millis().saturating_sub(at) < UNREAD_MAX
}
