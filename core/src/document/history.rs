//! Who wrote what in a document, and upon what. A change names by their hashes those it builds upon, so whoever signs one
//! change vouches for all that lie before it.

use automerge::{Automerge, ChangeHash};

use nestpost_protocol::sorted::SortedMap;

/// The changes of a document.
#[derive(Debug)]
pub struct History {
    changes: Vec<Node>,
    /// Where a change stands.
    places: SortedMap<ChangeHash, usize>,
}

#[derive(Debug)]
struct Node {
    /// None: of a length that no device uses.
    actor: Option<[u8; 16]>,
    hash: ChangeHash,
    deps: Vec<ChangeHash>,
}

impl History {
    pub(super) fn of(document: &Automerge) -> Self {
        let changes: Vec<Node> = document
            .get_changes_meta(&[])
            .into_iter()
            .map(|change| Node {
                actor: change.actor.to_bytes().try_into().ok(),
                hash: change.hash,
                deps: change.deps,
            })
            .collect();
        let places = changes.iter().enumerate().map(|(place, node)| (node.hash, place)).collect();
        Self { changes, places }
    }

    /// Hash of every change.
    pub fn hashes(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        self.changes.iter().map(|node| node.hash.0)
    }

    /// Hashes of the changes of these actors.
    pub fn hashes_of<'a>(
        &'a self,
        is_theirs: &'a dyn Fn(&[u8; 16]) -> bool,
    ) -> impl Iterator<Item = [u8; 32]> + 'a {
        let theirs = move |node: &&Node| node.actor.as_ref().is_some_and(is_theirs);
        self.changes.iter().filter(theirs).map(|node| node.hash.0)
    }

    /// Whether every change is by one of these actors.
    #[must_use]
    pub fn is_by(&self, knows: &dyn Fn(&[u8; 16]) -> bool) -> bool {
        self.changes.iter().all(|node| node.actor.as_ref().is_some_and(knows))
    }

    /// Whether whoever signed these changes vouches for every change of these actors. All of them must be here.
    #[must_use]
    pub fn vouches(&self, tips: &[[u8; 32]], is_theirs: &dyn Fn(&[u8; 16]) -> bool) -> bool {
        let Some(before) = self.before(tips) else { return false };
        self.changes
            .iter()
            .zip(before)
            .all(|(node, is_before)| is_before || !node.actor.as_ref().is_some_and(is_theirs))
    }

    /// Of these changes, those that none of the others builds upon.
    #[must_use]
    pub fn latest(&self, tips: &[[u8; 32]]) -> Vec<bool> {
        let place = |tip: &[u8; 32]| self.places.get(&ChangeHash(*tip)).copied();
        let below = self.reach(tips.iter().filter_map(place).flat_map(|place| self.below(place)).collect());
        let is_below = |place: usize| below.get(place) == Some(&true);
        tips.iter().map(|tip| place(tip).is_some_and(|place| !is_below(place))).collect()
    }

    /// Which changes are these, or lie before them. None where one of these is not here.
    fn before(&self, tips: &[[u8; 32]]) -> Option<Vec<bool>> {
        let places: Option<Vec<usize>> =
            tips.iter().map(|tip| self.places.get(&ChangeHash(*tip)).copied()).collect();
        places.map(|places| self.reach(places))
    }

    fn below(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let deps = self.changes.get(place).map(|node| node.deps.as_slice()).unwrap_or_default();
        deps.iter().filter_map(|hash| self.places.get(hash).copied())
    }

    fn reach(&self, mut open: Vec<usize>) -> Vec<bool> {
        let mut marked = vec![false; self.changes.len()];
        while let Some(place) = open.pop() {
            let Some(mark) = marked.get_mut(place) else { continue };
            if !std::mem::replace(mark, true) {
                open.extend(self.below(place));
            }
        }
        marked
    }
}
