//! Whom to call for a child, and what of it goes when a guardian comes under protection.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::retention::Class;

use super::{Draft, optional};
use crate::app::item::profile::contacts_id;
use crate::app::item::{CONTACTS_CHARS_MAX, CONTACTS_REPLACES_MAX, Contacts, Item, TEXT_CHARS_MAX, fits};
use crate::app::scene::Scene;
use crate::app::scene::contacts::Said;
use crate::app::{AppError, Edit};
use crate::document::Value;

impl Draft<'_> {
    /// Whom to call from now on: it replaces all that counts, and of what counts no more as much as it can name, so that less depends on
    /// the order in which that is erased.
    fn say_contacts(&mut self, circle: CircleId, child: CircleId, text: String, by: Option<&CircleId>) {
        let mut replaces = self.scene.contacts_now(&circle, &child);
        let id = match by {
            Some(apart) => contacts_id(&child, apart, &replaces),
            None => ItemId::new(self.bytes()),
        };
        let said = self.scene.contacts_said(&circle, &child);
        let others = said.into_iter().map(|one| one.item).filter(|item| !replaces.contains(item));
        let others: Vec<ItemId> = others.collect();
        replaces.extend(others);
        replaces.truncate(CONTACTS_REPLACES_MAX);
        self.edit(circle, Class::Long, id, Item::Contacts(Contacts { child, text, replaces }).value());
    }
}

/// Whom to call, where that is not what is said already.
pub(super) fn set(draft: &mut Draft<'_>, child: CircleId, contacts: &str) -> Result<(), AppError> {
    let text = optional(contacts, CONTACTS_CHARS_MAX)?;
    if text != draft.scene.contacts_in(&child, &child) {
        draft.say_contacts(child, child, text, None);
    }
    Ok(())
}

/// Whom to call for a child of theirs, without somebody who is protected. What went is kept in their circle; and in that of no other
/// protected guardian, as far as this device writes there.
pub(super) fn leave_out(
    draft: &mut Draft<'_>,
    apart: CircleId,
    person: &PersonId,
    child: CircleId,
    contacts: &str,
) -> Result<(), AppError> {
    let before = draft.scene.contacts_in(&child, &child);
    let text = optional(contacts, CONTACTS_CHARS_MAX)?;
    if text == before {
        return Ok(());
    }
    let went = without(&before, &|piece| pieces(&text).contains(&piece));
    draft.say_contacts(child, child, text, Some(&apart));
    if went.is_empty() {
        return Ok(());
    }
    if !fits(&went, TEXT_CHARS_MAX) {
        return Err(AppError::TooLong);
    }
    let log = &draft.scene.house.log;
    let protected = log.persons().map(|(other, _)| other).filter(|other| *other != person);
    let others: Vec<CircleId> =
        protected.filter_map(|other| draft.scene.apart(other)).map(|c| c.id).collect();
    for circle in others.into_iter().filter(|circle| *circle != apart) {
        let kept = draft.scene.contacts_in(&circle, &child);
        let rest = without(&kept, &|piece| is_in(piece, &went));
        if rest != without(&kept, &|_| false) && draft.scene.writes(&circle).is_ok() {
            draft.say_contacts(circle, child, rest, None);
        }
    }
    // Beside what was kept when they were protected before.
    let kept = Item::Contacts(Contacts { child, text: went, replaces: Vec::new() });
    draft.add(apart, Class::Long, kept.value());
    Ok(())
}

/// What a device of the house says unasked: what came back beside something else, by whoever had not heard that it went for a protected
/// guardian, goes again.
pub(in crate::app) fn returned(scene: &Scene<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    if !scene.house.log.persons().any(|(person, _)| scene.apart(person).is_some()) {
        return edits;
    }
    for child in scene.circles(Sort::Child).map(|circle| circle.id) {
        let now = scene.contacts_now(&child, &child);
        if now.len() < 2 || scene.writes(&child).is_err() {
            continue;
        }
        let kept = scene.kept_apart(&child);
        let said = scene.contacts_said(&child, &child).into_iter().filter(|one| now.contains(&one.item));
        for Said { item: before, contacts, .. } in said {
            let text = without(&contacts.text, &|piece| kept.iter().any(|(_, kept)| is_in(piece, kept)));
            let of =
                kept.iter().find(|(_, kept)| pieces(&contacts.text).iter().any(|piece| is_in(piece, kept)));
            if let Some((apart, _)) = of {
                let replaces = vec![before];
                let item = contacts_id(&child, apart, &replaces);
                let value = Item::Contacts(Contacts { child, text, replaces }).value();
                edits.push(Edit { circle: child, class: Class::Long, item, value });
            }
        }
    }
    edits
}

/// What a device here says of whom to call, when what it replaces was erased meanwhile: of that nothing is said again, and what was
/// added is. None: nothing is left to say. `gone`: what was erased.
#[must_use]
pub fn still_said(value: &Value, gone: &[(ItemId, Value)]) -> Option<Option<Value>> {
    let Some(Item::Contacts(mut said)) = Item::read(value) else { return None };
    let before = gone.iter().filter(|(item, _)| said.replaces.contains(item));
    let before: Vec<String> = before
        .filter_map(|(_, value)| match Item::read(value)? {
            Item::Contacts(before) => Some(before.text),
            _ => None,
        })
        .collect();
    if before.is_empty() {
        return None;
    }
    let is_old = |piece: &str| before.iter().any(|text| is_in(piece, text));
    said.text = without(&said.text, &is_old);
    Some((!said.text.is_empty()).then(|| Item::Contacts(said).value()))
}

/// Lines, and what semicolons part.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';']).map(str::trim).filter(|part| !part.is_empty())
}

fn pieces(text: &str) -> Vec<&str> {
    parts(text).flat_map(pieces_of).collect()
}

/// What commas part.
fn pieces_of(part: &str) -> impl Iterator<Item = &str> {
    part.split(',').map(str::trim).filter(|piece| !piece.is_empty())
}

/// A text without some of its pieces.
fn without(text: &str, goes: &dyn Fn(&str) -> bool) -> String {
    let rest = parts(text).map(|part| pieces_of(part).filter(|piece| !goes(piece)).collect::<Vec<_>>());
    rest.filter(|pieces| !pieces.is_empty()).map(|pieces| pieces.join(", ")).collect::<Vec<_>>().join("\n")
}

/// Whether a text has a piece like it.
fn is_in(piece: &str, text: &str) -> bool {
    pieces(text).iter().any(|other| is_alike(piece, other))
}

/// Whether two pieces are the same, or one number stands in both.
fn is_alike(one: &str, other: &str) -> bool {
    let others = numbers(other);
    let known = |number: &String| others.iter().any(|other| is_same(number, other) || is_same(other, number));
    one == other || numbers(one).iter().any(known)
}

/// With or without the code of a country before it.
fn is_same(number: &str, other: &str) -> bool {
    let within = other.trim_start_matches('0');
    number == other || (within.len() >= NUMBER_DIGITS_MIN && number.ends_with(within))
}

/// Shortest telephone number.
const NUMBER_DIGITS_MIN: usize = 5;

fn numbers(text: &str) -> Vec<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '/' | '-')).collect();
    let runs = digits.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| run.len() >= NUMBER_DIGITS_MIN).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_of_a_text_is_what_the_new_one_does_not_say() {
        let went = |before: &str, now: &str| without(before, &|piece| pieces(now).contains(&piece));
        let both = "Frank 0341 111, Maria 0341 222; Oma\n Büro, 12 bis 14 Uhr ";
        assert_eq!(went(both, "Maria 0341 222\nBüro, 12 bis 14 Uhr"), "Frank 0341 111\nOma");
        assert_eq!(went(both, ""), "Frank 0341 111, Maria 0341 222\nOma\nBüro, 12 bis 14 Uhr");
        assert_eq!(went(both, both), "");
        assert_eq!(went(both, "Frank"), went(both, ""), "a part of a name is another piece");
    }

    #[test]
    fn a_number_is_known_again_however_it_is_written() {
        for (one, other) in [
            ("Maria 0341 55 01-20", "Mutter: 0341/550120 abends"),
            ("+49 341 550120", "0341 550120"),
            ("0341 550120", "0049 (341) 1 oder +49341550120"),
            ("Oma", "Oma"),
        ] {
            assert!(is_alike(one, other) && is_alike(other, one), "{one}, {other}");
        }
        for (one, other) in [
            ("Maria 0341 550120", "Frank 0341 550121"),
            ("Maria 12", "Frank 12"),
            ("0341 550120", "0000000"),
            ("Oma", "Opa"),
        ] {
            assert!(!is_alike(one, other) && !is_alike(other, one), "{one}, {other}");
        }
    }
}
