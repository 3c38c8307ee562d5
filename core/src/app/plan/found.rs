//! What follows `found` in a house's first frame.

use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::found::Second;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::retention::Class;
use rand::RngCore as _;
use rand_chacha::ChaCha20Rng;

use super::{member, optional, rebase, required};
use crate::app::item::profile::{self, Profile};
use crate::app::item::{HELP_LINE_CHARS_MAX, NAME_CHARS_MAX, NOTICE_CHARS_MAX};
use crate::app::{AppError, Edit, Plan, Reply};
use crate::engine::FoundArgs;
use crate::time::Timestamp;

/// Whether a house may be called this. Asked before any key is made.
///
/// # Errors
/// [`AppError::Empty`], [`AppError::TooLong`].
pub fn check_found(args: &FoundArgs) -> Result<(), AppError> {
    profiles(args).map(|_| ())
}

/// The entries after `found` and the first edits: the circles that every house has once, its directors and its name.
/// `log` holds `found` alone.
///
/// # Errors
/// As [`check_found`]; [`AppError::Internal`] when nothing is founded.
pub fn found_plan(
    args: &FoundArgs,
    log: &LogState,
    _now: Timestamp,
    rng: &mut ChaCha20Rng,
) -> Result<Plan, AppError> {
    let (house_profile, director_profile) = profiles(args)?;
    let (house, found) = log.house().zip(log.founded()).ok_or(AppError::Internal)?;
    let mut entries = Vec::new();
    let mut circle = |sort| {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let circle = CircleId::new(id);
        entries.push(Body::Circle(CircleNew::new(circle, sort)));
        circle
    };
    let directors = circle(Sort::Directors);
    let content = circle(Sort::House);
    circle(Sort::Staff);
    let (Second::Director(second, _) | Second::Sheet(second, _)) = found.second;
    for person in [found.director, second] {
        entries.push(Body::Member(member(directors, Who::Person(person))));
    }
    rebase(&mut entries, log);
    let edit = |item: ItemId, profile: Profile| Edit {
        circle: content,
        class: Class::Long,
        item,
        value: profile.value(),
    };
    let edits = vec![
        edit(profile::house_id(&house), house_profile),
        edit(profile::person_id(&found.director), director_profile),
    ];
    Ok(Plan {
        entries,
        cosignatures: Vec::new(),
        proposes: None,
        wishes: Vec::new(),
        horizon: None,
        intake: None,
        edits,
        transfers: Vec::new(),
        reply: Reply::empty(),
    })
}

fn profiles(args: &FoundArgs) -> Result<(Profile, Profile), AppError> {
    let house = Profile::House {
        name: required(&args.house_name, NAME_CHARS_MAX)?,
        help_line: optional(&args.help_line, HELP_LINE_CHARS_MAX)?,
        notice: optional(&args.notice, NOTICE_CHARS_MAX)?,
    };
    let director = Profile::Staff { name: required(&args.director_name, NAME_CHARS_MAX)? };
    Ok((house, director))
}
