//! Which role may give which command. One table; the log's own rules and the circles' sides stand behind it.

use nestpost_protocol::access;
use nestpost_protocol::id::PersonId;
use nestpost_protocol::log::kind::role::Role;

use crate::app::Command;
use crate::app::scene::Scene;

const DIRECTOR: &[Role] = &[Role::Director];
const DOOR: &[Role] = &[Role::Director, Role::Educator];
/// Whoever lets others in, and everybody who may let in another device of their own.
const DEVICES: &[Role] = &[Role::Director, Role::Educator, Role::Guardian];
const STAFF: &[Role] = &[Role::Director, Role::Educator, Role::Place];
const OWN: &[Role] = &[Role::Director, Role::Educator, Role::Place, Role::Guardian, Role::Sheet];
const SHEETS: &[Role] = &[Role::Director, Role::Educator, Role::Guardian, Role::Sheet];
const ALL: &[Role] = &[Role::Director, Role::Educator, Role::Place, Role::Guardian];

/// Whether a role gives this command at all.
pub(super) fn may(role: Role, command: &Command) -> bool {
    let who = match command {
        Command::CreateGroup { .. }
        | Command::CreateChild { .. }
        | Command::CreateGuardian { .. }
        | Command::CreateProtected { .. }
        | Command::AddGuardianToChild { .. }
        | Command::CreateStaff { .. }
        | Command::SetGuardian { .. }
        | Command::ProtectGuardian { .. }
        | Command::MoveChild { .. }
        | Command::ChildLeaves { .. }
        | Command::RemovePerson { .. }
        | Command::ReadmitPerson { .. }
        | Command::PlanGuardian { .. }
        | Command::PlanMove { .. }
        | Command::PlanLeave { .. }
        | Command::PlanEnd { .. }
        | Command::CancelPlan { .. }
        | Command::Agree { .. }
        | Command::Decline { .. }
        | Command::RestrictItem { .. }
        | Command::CreateCouncil { .. }
        | Command::CreateIntake(_)
        | Command::CloseIntake(_)
        | Command::DissolveHouse { .. }
        | Command::ConfirmMove { .. }
        | Command::UpdateHouse { .. }
        | Command::GrantPin { .. }
        | Command::EndPlace { .. }
        | Command::RecoverySheet(_)
        | Command::ConfirmSheetPrinted(_) => DIRECTOR,
        Command::AddDevice { .. } | Command::EndDevice { .. } | Command::ForgetOvertaken { .. } => OWN,
        Command::DrawSheet(_) | Command::RenewSheet { .. } => SHEETS,
        Command::PairDevice { .. }
        | Command::RevokeInvite { .. }
        | Command::ConfirmJoin { .. }
        | Command::DeclineJoin { .. }
        | Command::NameDevice { .. } => DEVICES,
        Command::CreateInvite { .. }
        | Command::CreateGuarded { .. }
        | Command::SetCare { .. }
        | Command::EraseItem { .. }
        | Command::TakeInquiry { .. }
        | Command::DeleteInquiry { .. } => DOOR,
        Command::PostBulletin { .. }
        | Command::SharePicture { .. }
        | Command::Horizon { .. }
        | Command::Attend { .. } => STAFF,
        Command::SendMessage { .. }
        | Command::PostNote { .. }
        | Command::RemoveItem { .. }
        | Command::ReportAbsence { .. }
        | Command::WithdrawAbsence { .. }
        | Command::MarkSeen { .. }
        | Command::DescribePicture { .. }
        | Command::RetryMedia { .. }
        | Command::RemoveMedia { .. }
        | Command::PauseMedia { .. }
        | Command::RetryUnsent(_)
        | Command::TakeMedia { .. }
        | Command::MediaReady { .. }
        | Command::MediaFailed { .. }
        | Command::MediaSent { .. } => ALL,
    };
    who.contains(&role)
}

/// What a tablet does for whoever stands before it.
pub(super) const fn is_open(command: &Command) -> bool {
    matches!(command, Command::Attend { .. })
}

/// Whether the person at this device may invite and confirm somebody else: a director anyone, an educator the guardians of children
/// that a group of theirs cares for, but for protected ones.
pub(in crate::app) fn admits(scene: &Scene<'_>, person: &PersonId) -> bool {
    let Some(other) = scene.role_of(person) else { return false };
    match scene.role {
        Role::Director => matches!(other, Role::Director | Role::Educator | Role::Place | Role::Guardian),
        // Nobody but directors reads all that a protected guardian does and has its keys to give.
        Role::Educator => {
            let log = &scene.house.log;
            other == Role::Guardian && !log.is_protected(person) && access::cares_for(log, &scene.me, person)
        }
        Role::Guardian | Role::Place | Role::Applicant | Role::Sheet => false,
    }
}
