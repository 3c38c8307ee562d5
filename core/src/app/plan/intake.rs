//! The intake: opened and closed by directors, seen to by staff.

use nestpost_protocol::id::RecordId;
use nestpost_protocol::intake;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::retention::Class;

use super::Draft;
use crate::app::item::{Handled, Item};
use crate::app::{AppError, IntakeChange, Reply};

/// Opens it. Where it is open, its links are new ones.
pub(super) fn create(draft: &mut Draft<'_>) -> Result<Reply, AppError> {
    let circle = draft.scene.house.sole(Sort::Intake).unwrap_or_else(|| draft.circle(Sort::Intake, None));
    draft.intake = Some(IntakeChange { circle, open: true });
    Ok(Reply::empty())
}

/// Closes it. Closed already: nothing to do.
pub(super) fn close(draft: &mut Draft<'_>) -> Result<Reply, AppError> {
    let house = draft.scene.house;
    let circle = draft.scene.sole(Sort::Intake)?;
    if intake::mark(&house.log, &house.epochs).is_some() {
        draft.intake = Some(IntakeChange { circle, open: false });
    }
    Ok(Reply::empty())
}

/// Somebody sees to it.
pub(super) fn take(draft: &mut Draft<'_>, inquiry: &str) -> Result<Reply, AppError> {
    handled(draft, inquiry, Item::InquiryTaken)
}

/// It goes from the house's devices; at the relay, with its month.
pub(super) fn delete(draft: &mut Draft<'_>, inquiry: &str) -> Result<Reply, AppError> {
    handled(draft, inquiry, Item::InquiryDeleted)
}

fn handled(draft: &mut Draft<'_>, inquiry: &str, item: fn(Handled) -> Item) -> Result<Reply, AppError> {
    let inquiry: RecordId = inquiry.parse().map_err(|_| AppError::NotFound)?;
    if !draft.scene.house.inquiries.contains_key(&inquiry) {
        return Err(AppError::NotFound);
    }
    let staff = draft.scene.sole(Sort::Staff)?;
    draft.scene.writes(&staff)?;
    let at = draft.now.millis();
    draft.add(staff, Class::Short, item(Handled { inquiry, at }).value());
    Ok(Reply::empty())
}
