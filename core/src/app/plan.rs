//! From a command to log entries and edits. Whether the person may is asked of one table ([`rights`]) and of the
//! protocol's access functions; the relay and every reader ask again.

mod apart;
mod belong;
pub(super) mod contacts;
pub(super) mod erase;
pub(super) mod found;
pub(super) mod greeting;
mod intake;
mod later;
mod media;
pub(super) mod people;
mod place;
mod post;
mod readmit;
mod rights;
mod seen;
mod structure;

pub(super) use contacts::returned;
pub(super) use later::projected;
pub use later::{brought_about, later};
use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::entry::Cosignature;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::retention::Class;
use rand::RngCore as _;
use rand_chacha::ChaCha20Rng;
pub(super) use rights::admits;

use super::item::fits;
use super::scene::Scene;
use super::{AppError, Command, Edit, IntakeChange, Plan, Proposed, Reply};
use crate::document::Value;
use crate::house::House;
use crate::time::Timestamp;
use crate::transfers::TransferEdit;
use erase::Wished;
pub(super) use erase::{ends, is_restricted, restriction, wishes};

/// What a command comes to here and now. Nothing is changed yet.
///
/// # Errors
/// [`AppError`]: not allowed, not found, or a field that does not fit.
pub fn plan(
    command: &Command,
    house: &House,
    now: Timestamp,
    rng: &mut ChaCha20Rng,
) -> Result<Plan, AppError> {
    let scene = Scene::new(house)?;
    if !rights::may(scene.role, command) || (scene.is_open() && !rights::is_open(command)) {
        return Err(AppError::NotAllowed);
    }
    if house.log.dissolved().is_some() {
        return Err(AppError::Dissolved);
    }
    let mut draft = Draft::new(scene, now, rng);
    let reply = match command {
        Command::CreateGroup { name, symbol } => structure::create_group(&mut draft, name, *symbol),
        Command::CreateChild { name, group } => structure::create_child(&mut draft, name, group),
        Command::CreateGuardian { name, child, relation } => {
            belong::create_guardian(&mut draft, name, child, *relation)
        }
        Command::CreateProtected { name, child, relation, named, contacts, untimed } => {
            let with = belong::Shielded { named, contacts, untimed: *untimed };
            belong::create_protected(&mut draft, name, child, *relation, &with)
        }
        Command::AddGuardianToChild { person, child, relation } => {
            belong::add_guardian(&mut draft, person, child, *relation)
        }
        Command::SetGuardian { person, child, relation } => {
            belong::set_guardian(&mut draft, person, child, *relation)
        }
        Command::ProtectGuardian { person, child, named, on, contacts, untimed } => {
            let with = belong::Shielded { named, contacts, untimed: *untimed };
            belong::protect_guardian(&mut draft, person, child, *on, &with)
        }
        Command::MoveChild { child, group } => belong::move_child(&mut draft, child, group),
        Command::ChildLeaves { child } => belong::child_leaves(&mut draft, child),
        Command::RemovePerson { person, sheet } => {
            belong::remove_person(&mut draft, person, sheet.as_deref())
        }
        Command::ReadmitPerson { person } => readmit::readmit_person(&mut draft, person),
        Command::AddDevice { answer } => belong::add_device(&mut draft, answer),
        Command::Horizon { circle } => belong::horizon(&mut draft, circle.as_deref()),
        Command::CreateGuarded { name, members } => belong::create_guarded(&mut draft, name, members),
        Command::CreateCouncil { members } => belong::create_council(&mut draft, members),
        Command::CreateIntake(_) => intake::create(&mut draft),
        Command::CloseIntake(_) => intake::close(&mut draft),
        Command::TakeInquiry { inquiry } => intake::take(&mut draft, inquiry),
        Command::DeleteInquiry { inquiry } => intake::delete(&mut draft, inquiry),
        Command::ConfirmMove { origin, sheet } => {
            belong::confirm_move(&mut draft, origin.as_deref(), sheet.as_deref())
        }
        Command::DissolveHouse { sheet } => belong::dissolve(&mut draft, sheet.as_deref()),
        Command::EndDevice { device, sheet } => belong::end_device(&mut draft, device, sheet.as_deref()),
        Command::CreateStaff { name, role, groups, until } => {
            structure::create_staff(&mut draft, name, *role, groups, until.as_deref())
        }
        Command::PlanGuardian { person, child, relation, day } => {
            later::plan_guardian(&mut draft, person, child, *relation, day)
        }
        Command::PlanMove { child, group, day } => later::plan_move(&mut draft, child, group, day),
        Command::PlanLeave { child, day } => later::plan_leave(&mut draft, child, day),
        Command::PlanEnd { person, day, sheet } => later::plan_end(&mut draft, person, day, sheet.as_deref()),
        Command::CancelPlan { plan } => later::cancel(&mut draft, plan),
        Command::Agree { proposal } => later::agree(&mut draft, proposal),
        Command::Decline { proposal } => later::decline(&mut draft, proposal),
        Command::GrantPin { place, valid_days } => place::grant_pin(&mut draft, place, *valid_days),
        Command::EndPlace { place } => place::end(&mut draft, place),
        Command::SetCare { child, allergies, contacts, untimed } => {
            place::set_care(&mut draft, child, allergies, contacts, *untimed)
        }
        Command::Attend { child, day, event } => place::attend(&mut draft, child, day, *event),
        Command::CreateInvite { person, valid_days } => {
            people::create_invite(&mut draft, person, *valid_days)
        }
        Command::PairDevice { name } => people::pair_device(&mut draft, name),
        Command::DrawSheet(_) => people::draw_sheet(&draft),
        Command::RenewSheet { code } => people::renew_sheet(&mut draft, code),
        Command::NameDevice { device, name } => people::name_device(&draft.scene, device, name),
        Command::RevokeInvite { invite } => people::revoke_invite(&mut draft, invite),
        Command::ConfirmJoin { join } => people::confirm_join(&mut draft, join),
        Command::DeclineJoin { join } => people::decline_join(&mut draft, join),
        Command::UpdateHouse { name, help_line, notice } => {
            post::update_house(&mut draft, name, help_line, notice)
        }
        Command::PostBulletin { group, title, body, set } => {
            post::post_bulletin(&mut draft, group.as_deref(), title, body, set.as_deref())
        }
        Command::PostNote { circle, title, body } => post::post_note(&mut draft, circle, title, body),
        Command::RemoveItem { item } => post::remove_item(&mut draft, item),
        Command::EraseItem { item } => erase::erase(&mut draft, item),
        Command::RestrictItem { item, on } => erase::restrict(&mut draft, item, *on),
        Command::SendMessage { thread, text, set } => {
            post::send_message(&mut draft, thread, text, set.as_deref())
        }
        Command::ReportAbsence { child, kind, from, to, note } => {
            post::report_absence(&mut draft, child, *kind, [from, to], note)
        }
        Command::WithdrawAbsence { absence } => post::withdraw_absence(&mut draft, absence),
        Command::MarkSeen { items } => seen::mark_seen(&mut draft, items),
        Command::DescribePicture { id, alt } => media::describe(&mut draft, id, alt),
        Command::SharePicture { id, to } => media::share(&mut draft, id, to),
        Command::RetryMedia { id } => media::retry(&mut draft, id),
        Command::RemoveMedia { id } => media::remove(&mut draft, id),
        Command::TakeMedia { to, set, files } => media::take(&mut draft, to, set, files),
        Command::MediaReady { id, full, thumb, width, height, hash } => {
            let shape = media::Shape { width: *width, height: *height, hash: hash.as_deref() };
            media::ready(&mut draft, id, full, thumb.as_ref(), &shape)
        }
        Command::MediaFailed { id, fault } => media::failed(&mut draft, id, *fault),
        Command::MediaSent { id } => media::sent(&mut draft, id),
        // The sheet's seed is the engine's, and so is what waits; it answers these before they come here.
        Command::RecoverySheet(_) => Err(AppError::NotFound),
        Command::ConfirmSheetPrinted(_)
        | Command::PauseMedia { .. }
        | Command::ForgetOvertaken { .. }
        | Command::RetryUnsent(_) => Ok(Reply::empty()),
    }?;
    let Draft { mut entries, cosignatures, proposes, wishes, horizon, intake, edits, transfers, .. } = draft;
    rebase(&mut entries, &house.log);
    Ok(Plan { entries, cosignatures, proposes, wishes, horizon, intake, edits, transfers, reply })
}

/// Fits the entries of a plan to the log: `member` names the seq of its `circle` entry, and circles made by the same
/// plan get theirs only when they are admitted.
pub(super) fn rebase(entries: &mut [Body], log: &LogState) {
    let made: Vec<(CircleId, u64)> = (log.len()..)
        .zip(entries.iter())
        .filter_map(|(seq, body)| if let Body::Circle(c) = body { Some((c.circle, seq)) } else { None })
        .collect();
    for body in entries {
        if let Body::Member(member) = body {
            let known = log.circle(&member.circle).map(|c| c.seq);
            let new = made.iter().find(|(c, _)| *c == member.circle).map(|(_, seq)| *seq);
            member.circle_seq = known.or(new).unwrap_or(member.circle_seq);
        }
    }
}

/// A plan in the making.
struct Draft<'a> {
    scene: Scene<'a>,
    now: Timestamp,
    rng: &'a mut ChaCha20Rng,
    entries: Vec<Body>,
    cosignatures: Vec<(usize, Cosignature)>,
    proposes: Option<Proposed>,
    wishes: Vec<Wished>,
    horizon: Option<CircleId>,
    intake: Option<IntakeChange>,
    edits: Vec<Edit>,
    transfers: Vec<TransferEdit>,
}

impl<'a> Draft<'a> {
    const fn new(scene: Scene<'a>, now: Timestamp, rng: &'a mut ChaCha20Rng) -> Self {
        Self {
            scene,
            now,
            rng,
            entries: Vec::new(),
            cosignatures: Vec::new(),
            proposes: None,
            wishes: Vec::new(),
            horizon: None,
            intake: None,
            edits: Vec::new(),
            transfers: Vec::new(),
        }
    }
}

impl Draft<'_> {
    fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    fn person(&mut self) -> PersonId {
        PersonId::new(self.bytes())
    }

    fn circle(&mut self, sort: Sort, team: Option<CircleId>) -> CircleId {
        let circle = CircleId::new(self.bytes());
        self.entries.push(Body::Circle(CircleNew { team, ..CircleNew::new(circle, sort) }));
        circle
    }

    fn private(&mut self, child: CircleId, guardian: PersonId) -> CircleId {
        let circle = CircleId::new(self.bytes());
        let (child, guardian) = (Some(child), Some(guardian));
        self.entries.push(Body::Circle(CircleNew {
            child,
            guardian,
            ..CircleNew::new(circle, Sort::Private)
        }));
        circle
    }

    fn member(&mut self, circle: CircleId, who: Who) {
        self.entries.push(Body::Member(member(circle, who)));
    }

    fn edit(&mut self, circle: CircleId, class: Class, item: ItemId, value: Value) {
        self.edits.push(Edit { circle, class, item, value });
    }

    /// A new item; returns its id as the page knows it.
    fn add(&mut self, circle: CircleId, class: Class, value: Value) -> Reply {
        let item = ItemId::new(self.bytes());
        self.edit(circle, class, item, value);
        Reply::Id { id: item.to_string() }
    }
}

fn member(circle: CircleId, who: Who) -> Member {
    Member { circle, circle_seq: 0, who, history: History::All }
}

/// A text that must say something, without the blanks around it.
fn required(text: &str, chars_max: usize) -> Result<String, AppError> {
    let text = optional(text, chars_max)?;
    if text.is_empty() { Err(AppError::Empty) } else { Ok(text) }
}

/// A text that may be empty.
fn optional(text: &str, chars_max: usize) -> Result<String, AppError> {
    let text = text.trim();
    if fits(text, chars_max) { Ok(text.to_owned()) } else { Err(AppError::TooLong) }
}
