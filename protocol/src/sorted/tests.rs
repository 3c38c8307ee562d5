//! The same calls on a tree of `std` and on ours, with the same answers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{CHUNK_ROWS_MAX, SortedMap, SortedSet};

#[derive(Debug, Clone)]
enum Call {
    Insert(u16, u8),
    Entry(u16),
    Remove(u16),
    Change(u16, u8),
    PopFirst,
    PopLast,
    Retain(u16),
    SplitOff(u16),
    Append(Vec<u16>),
    Ascending(u16, u16),
}

/// From few keys, so that calls meet, to many, so that chunks split.
fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop_oneof![Just(8_u16), Just(300), Just(u16::MAX)].prop_flat_map(|keys| {
        let key = move || 0..keys;
        let call = prop_oneof![
            8 => (key(), any::<u8>()).prop_map(|(key, value)| Call::Insert(key, value)),
            4 => key().prop_map(Call::Entry),
            4 => key().prop_map(Call::Remove),
            2 => (key(), any::<u8>()).prop_map(|(key, value)| Call::Change(key, value)),
            1 => Just(Call::PopFirst),
            1 => Just(Call::PopLast),
            1 => (2_u16..9).prop_map(Call::Retain),
            1 => key().prop_map(Call::SplitOff),
            1 => vec(key(), 0..400).prop_map(Call::Append),
            1 => (key(), 0_u16..400).prop_map(|(from, many)| Call::Ascending(from, many)),
        ];
        vec(call, 0..60)
    })
}

/// No chunk is empty or too long, and all rows ascend.
fn assert_sound(map: &SortedMap<u16, u8>) {
    assert!(map.chunks.iter().all(|chunk| (1..=CHUNK_ROWS_MAX).contains(&chunk.len())));
    assert!(map.keys().is_sorted_by(|a, b| a < b));
}

fn assert_same(map: &SortedMap<u16, u8>, tree: &BTreeMap<u16, u8>) {
    assert_sound(map);
    assert!(map.iter().eq(tree) && map.iter().rev().eq(tree.iter().rev()));
    assert!(map.keys().eq(tree.keys()) && map.values().eq(tree.values()));
    assert_eq!((map.len(), map.is_empty(), map.iter().len()), (tree.len(), tree.is_empty(), tree.len()));
    assert_eq!(
        (map.first_key_value(), map.last_key_value()),
        (tree.first_key_value(), tree.last_key_value())
    );
}

/// Takes from both ends in turn.
fn from_both_ends<T>(mut rows: impl DoubleEndedIterator<Item = T>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(row) = rows.next() {
        all.push(row);
        all.extend(rows.next_back());
        all.extend(rows.next_back());
    }
    all
}

proptest! {
    #[test]
    fn a_map_answers_as_a_tree_does(calls in calls(), asked in vec(any::<u16>(), 20)) {
        let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
        for call in calls {
            match call {
                Call::Insert(key, value) => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                Call::Entry(key) => {
                    *map.entry(key).and_modify(|value| *value /= 2).or_default() |= 1;
                    *tree.entry(key).and_modify(|value| *value /= 2).or_default() |= 1;
                }
                Call::Remove(key) => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                Call::Change(key, value) => {
                    let (here, there) = (map.get_mut(&key), tree.get_mut(&key));
                    prop_assert_eq!(&here, &there);
                    here.into_iter().chain(there).for_each(|found| *found = value);
                }
                Call::PopFirst => prop_assert_eq!(map.pop_first(), tree.pop_first()),
                Call::PopLast => prop_assert_eq!(map.pop_last(), tree.pop_last()),
                Call::Retain(by) => {
                    map.retain(|key, value| { *value ^= 1; key % by != 0 });
                    tree.retain(|key, value| { *value ^= 1; key % by != 0 });
                }
                Call::SplitOff(key) => {
                    let (upper, there) = (map.split_off(&key), tree.split_off(&key));
                    assert_same(&upper, &there);
                    assert_same(&map, &tree);
                    // So that there is something left to call.
                    if map.len() < upper.len() {
                        (map, tree) = (upper, there);
                    }
                }
                Call::Append(keys) => {
                    let rows = || keys.iter().map(|key| (*key, 7));
                    map.append(&mut rows().collect());
                    tree.append(&mut rows().collect());
                }
                Call::Ascending(from, many) => {
                    let rows = || (from..from.saturating_add(many)).map(|key| (key, 9));
                    map.extend(rows());
                    tree.extend(rows());
                }
            }
            assert_same(&map, &tree);
        }
        for pair in asked.windows(2) {
            let (from, to) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            prop_assert_eq!(map.get(&from), tree.get(&from));
            prop_assert_eq!(map.contains_key(&to), tree.contains_key(&to));
            for from in [Bound::Unbounded, Bound::Included(from), Bound::Excluded(from)] {
                for to in [Bound::Unbounded, Bound::Included(to), Bound::Excluded(to)] {
                    // A tree panics at this one; ours has nothing there.
                    if matches!((from, to), (Bound::Excluded(from), Bound::Excluded(to)) if from == to) {
                        prop_assert_eq!(map.range((from, to)).next(), None);
                        continue;
                    }
                    let (here, there) = (map.range((from, to)), tree.range((from, to)));
                    prop_assert_eq!(here.len(), there.clone().count());
                    prop_assert_eq!(from_both_ends(here.clone()), from_both_ends(there.clone()));
                    prop_assert!(here.rev().eq(there.rev()));
                }
            }
            if from < to {
                prop_assert_eq!(map.range(to..from).next(), None);
                prop_assert_eq!(map.range(to..from).next_back(), None);
            }
        }
        prop_assert_eq!(from_both_ends(map.clone().into_iter()), from_both_ends(tree.clone().into_iter()));
        prop_assert!(map.clone().into_keys().eq(tree.clone().into_keys()));
        prop_assert!(map.clone().into_values().eq(tree.clone().into_values()));
        for (here, there) in map.iter_mut().zip(tree.iter_mut()) {
            *here.1 = here.1.wrapping_add(1);
            *there.1 = there.1.wrapping_add(1);
        }
        map.values_mut().zip(tree.values_mut()).for_each(|(here, there)| { *here /= 3; *there /= 3; });
        assert_same(&map, &tree);
        // However the rows came, what holds the same is the same.
        let again: SortedMap<u16, u8> = tree.iter().rev().map(|(key, value)| (*key, *value)).collect();
        prop_assert_eq!(&again, &map);
        if let Some((key, value)) = map.pop_last() {
            prop_assert_ne!(&again, &map);
            map.insert(key, value.wrapping_add(1));
            prop_assert_ne!(&again, &map);
            map.insert(key, value);
        }
        prop_assert_eq!(format!("{map:?}"), format!("{tree:?}"));
    }

    #[test]
    fn a_set_answers_as_a_tree_does(here in vec(0_u16..400, 0..500), other in vec(0_u16..400, 0..300)) {
        let (set, tree) = (SortedSet::from_iter(here.clone()), BTreeSet::from_iter(here));
        let (others, trees) = (SortedSet::from_iter(other.clone()), BTreeSet::from_iter(other.clone()));
        prop_assert!(set.iter().eq(&tree) && set.iter().rev().eq(tree.iter().rev()));
        prop_assert!(set.difference(&others).eq(tree.difference(&trees)));
        prop_assert!(set.intersection(&others).eq(tree.intersection(&trees)));
        prop_assert_eq!(set.is_disjoint(&others), tree.is_disjoint(&trees));
        prop_assert_eq!(set.is_subset(&others), tree.is_subset(&trees));
        prop_assert_eq!(set.is_superset(&others), tree.is_superset(&trees));
        prop_assert!(set.is_superset(&set.intersection(&others).copied().collect()));
        prop_assert_eq!((set.first(), set.last(), set.len()), (tree.first(), tree.last(), tree.len()));
        prop_assert!(set.range(90..).eq(tree.range(90..)));
        prop_assert_eq!(format!("{set:?}"), format!("{tree:?}"));
        let (mut set, mut tree) = (set, tree);
        for key in &other {
            prop_assert_eq!(set.contains(key), tree.contains(key));
            prop_assert_eq!(set.get(key), tree.get(key));
            prop_assert_eq!(if key % 2 == 0 { set.remove(key) } else { set.insert(*key) },
                if key % 2 == 0 { tree.remove(key) } else { tree.insert(*key) });
        }
        let written = minicbor::to_vec(&set).unwrap();
        prop_assert_eq!(&written, &minicbor::to_vec(&tree).unwrap());
        prop_assert_eq!(&minicbor::decode::<SortedSet<u16>>(&written).unwrap(), &set);
        prop_assert_eq!(set.take(&7), tree.take(&7));
        prop_assert_eq!((set.pop_first(), set.pop_last()), (tree.pop_first(), tree.pop_last()));
        set.retain(|key| key % 3 != 0);
        tree.retain(|key| key % 3 != 0);
        prop_assert_eq!(set.split_off(&200).into_iter().collect::<Vec<_>>(), Vec::from_iter(tree.split_off(&200)));
        prop_assert!(set.into_iter().eq(tree));
    }
}

#[test]
fn ascending_rows_fill_their_chunks() {
    let rows = 40 * CHUNK_ROWS_MAX;
    let set: SortedSet<usize> = (0..rows).collect();
    assert_eq!(set.rows.chunks.len(), 40);
    assert!(set.rows.chunks.iter().all(|chunk| chunk.len() == CHUNK_ROWS_MAX));
}

#[test]
fn a_key_is_found_by_what_it_borrows() {
    let mut map = SortedMap::from([("b".to_owned(), 2), ("a".to_owned(), 1)]);
    assert_eq!((map.get("a"), map.get("c")), (Some(&1), None));
    assert_eq!(map.range::<str, _>((Bound::Excluded("a"), Bound::Unbounded)).count(), 1);
    assert_eq!((map["b"], map.remove("b")), (2, Some(2)));
    map.clear();
    assert_eq!(map, SortedMap::default());
}
