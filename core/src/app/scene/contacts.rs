//! Whom to call for a child: what was said, and what of it counts.

use nestpost_protocol::id::{CircleId, DocumentId, ItemId};
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedSet;

use super::Scene;
use crate::app::item::{Contacts, Item};
use crate::docs::Sent;

/// A text on whom to call.
pub(in crate::app) struct Said {
    pub(in crate::app) item: ItemId,
    /// Where it stands; nowhere yet while it waits for a decision.
    document: Option<DocumentId>,
    sent: Sent,
    pub(in crate::app) contacts: Contacts,
}

impl Scene<'_> {
    /// All that was said in a circle of whom to call for a child, whether it counts or not.
    pub(in crate::app) fn contacts_said(&self, circle: &CircleId, child: &CircleId) -> Vec<Said> {
        let mut all = Vec::new();
        if !self.reads(circle) {
            return all;
        }
        let written = self.house.docs.items_like(circle, Item::is_contacts);
        let written = written.filter(|at| at.side == Side::Staff);
        let written = written.map(|at| (at.item, Some(at.document), at.sent, at.value));
        let decided = self.house.decided.iter().filter(|edit| edit.circle == *circle);
        let decided = decided.map(|edit| (edit.item, None, Sent::Local, &edit.value));
        for (item, document, sent, value) in written.chain(decided) {
            if let Some(Item::Contacts(contacts)) = Item::read(value)
                && contacts.child == *child
            {
                let at = all.partition_point(|said: &Said| said.item < item);
                all.insert(at, Said { item, document, sent, contacts });
            }
        }
        all
    }

    /// Those that count.
    pub(in crate::app) fn contacts_now(&self, circle: &CircleId, child: &CircleId) -> Vec<ItemId> {
        now(&self.contacts_said(circle, child)).map(|said| said.item).collect()
    }

    /// Whom to call for a child, as it stands in one circle.
    pub(in crate::app) fn contacts_in(&self, circle: &CircleId, child: &CircleId) -> String {
        let said = self.contacts_said(circle, child);
        joined(now(&said).map(|said| said.contacts.text.as_str()))
    }

    /// Whom to call for a child that not everybody may know who reads of it: what went from its circle for protected guardians.
    pub(in crate::app) fn contacts_apart(&self, child: &CircleId) -> String {
        joined(self.kept_apart(child).iter().map(|(_, kept)| kept.as_str()))
    }

    /// The same, with the circle of each.
    pub(in crate::app) fn kept_apart(&self, child: &CircleId) -> Vec<(CircleId, String)> {
        let protected = self.house.log.persons().map(|(person, _)| person);
        let circles = protected.filter_map(|person| Some(self.apart(person)?.id));
        circles.map(|circle| (circle, self.contacts_in(&circle, child))).collect()
    }
}

fn now(said: &[Said]) -> impl Iterator<Item = &Said> {
    let replaced = replaced(said.iter());
    said.iter().filter(move |one| !replaced.contains(&one.item))
}

fn replaced<'a>(said: impl Iterator<Item = &'a Said>) -> SortedSet<ItemId> {
    said.flat_map(|one| one.contacts.replaces.iter().copied()).collect()
}

/// Line by line, each once.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in texts.flat_map(str::lines) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// What may go of all that was said: what is replaced by something that the relay has, and of which nothing that it replaced counts again
/// when it is gone.
pub(in crate::app) fn superseded(said: &[Said], stays: impl Fn(&ItemId) -> bool) -> SortedSet<ItemId> {
    let here = || said.iter().filter(|one| one.sent == Sent::Relay);
    let replaced_here = replaced(here());
    let may_go = |item: &ItemId| replaced_here.contains(item) && !stays(item);
    let mut goes: SortedSet<ItemId> = here().map(|one| one.item).filter(may_go).collect();
    loop {
        let rest = replaced(here().filter(|one| !goes.contains(&one.item)));
        let counts_again = |one: &Said, before: &Said| {
            let with_it = goes.contains(&before.item) && before.document == one.document;
            one.contacts.replaces.contains(&before.item) && !with_it && !rest.contains(&before.item)
        };
        let mut going = said.iter().filter(|one| goes.contains(&one.item));
        let Some(early) = going.find(|one| said.iter().any(|before| counts_again(one, before))) else {
            return goes;
        };
        let early = early.item;
        goes.remove(&early);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was said first comes first: where it stands, and what it replaces.
    fn going(said: &[(u8, &[u8])], kept: &[u8]) -> Vec<u8> {
        let id = |n: u8| ItemId::new([n; 16]);
        let all: Vec<Said> = (1..)
            .zip(said)
            .map(|(n, (document, replaces))| Said {
                item: id(n),
                document: Some(DocumentId::new([*document; 16])),
                sent: if kept.contains(&0) { Sent::Local } else { Sent::Relay },
                contacts: Contacts {
                    child: CircleId::new([9; 16]),
                    text: String::new(),
                    replaces: replaces.iter().map(|n| id(*n)).collect(),
                },
            })
            .collect();
        let goes = superseded(&all, |item| kept.iter().any(|n| id(*n) == *item));
        (1..=9).filter(|n| goes.contains(&id(*n))).collect()
    }

    #[test]
    fn what_is_replaced_goes_so_that_nothing_counts_again() {
        assert_eq!(going(&[(1, &[]), (1, &[1]), (1, &[2])], &[]), [1, 2], "together");
        assert_eq!(going(&[(1, &[]), (2, &[1]), (2, &[2])], &[]), [1], "from another document first");
        assert_eq!(
            going(&[(1, &[]), (2, &[1]), (2, &[2, 1])], &[]),
            [1, 2],
            "unless something else replaces it"
        );
        assert_eq!(going(&[(1, &[]), (1, &[1]), (1, &[1])], &[]), [1], "side by side");
        assert_eq!(
            going(&[(1, &[]), (1, &[1]), (1, &[2])], &[1]),
            [0; 0],
            "what is to stay is still replaced"
        );
        assert_eq!(going(&[(1, &[]), (1, &[1]), (1, &[2, 1])], &[1]), [2]);
        assert_eq!(going(&[(1, &[]), (1, &[1])], &[0]), [0; 0], "not before the relay has what replaces it");
    }
}
