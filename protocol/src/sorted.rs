//! Maps and sets in the order of their keys, with little code of their own.
//!
//! What `std`'s trees are to `core` and `protocol`, by the same names: each pair of types that a tree of `std` is used with
//! costs a phone some five kilobytes of code, and there are hundreds of pairs. Here rows lie sorted in short vectors, and what
//! does not depend on their types exists once. Finding takes O(log n) comparisons; putting in and taking out moves at
//! most [`CHUNK_ROWS_MAX`] rows, and now and then a list of the chunks, so a few hundred thousand rows are no burden. Rows
//! that come in ascending order are appended.
//!
//! Order, equality and what stands for what are those of `std`'s trees (`tests` below compare); where rows are split is
//! nobody's business.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Bound, Index, RangeBounds};
use std::slice;

use minicbor::encode::{self, Write};
use minicbor::{Decode, Decoder, Encode, Encoder, decode};

/// Rows that lie side by side. More are slower to move, fewer make a longer list of chunks.
const CHUNK_ROWS_MAX: usize = 128;

type Chunk<K, V> = Vec<(K, V)>;

/// Values by their keys, in the keys' order.
#[derive(Clone)]
pub struct SortedMap<K, V> {
    /// None of them empty; all of them together ascend.
    chunks: Vec<Chunk<K, V>>,
}

/// Keys in their order.
#[derive(Clone)]
pub struct SortedSet<T> {
    rows: SortedMap<T, ()>,
}

/// Where a row stands, or would stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    chunk: usize,
    row: usize,
}

/// The last row of a chunk.
const LAST: usize = usize::MAX;

/// A binary search, once for all types.
fn search(rows: usize, order: &mut dyn FnMut(usize) -> Ordering) -> Result<usize, usize> {
    let (mut from, mut to) = (0, rows);
    while from < to {
        let middle = from + (to - from) / 2;
        match order(middle) {
            Ordering::Less => from = middle + 1,
            Ordering::Greater => to = middle,
            Ordering::Equal => return Ok(middle),
        }
    }
    Err(from)
}

/// Where the row is that is equal, or else belongs. `look` compares a row, and says how many its chunk has.
fn locate(chunks: usize, look: &mut dyn FnMut(At) -> (Ordering, usize)) -> Result<At, At> {
    let (Ok(chunk) | Err(chunk)) = search(chunks, &mut |chunk| look(At { chunk, row: LAST }).0);
    let chunk = chunk.min(chunks.saturating_sub(1));
    let rows = look(At { chunk, row: LAST }).1;
    match search(rows, &mut |row| look(At { chunk, row }).0) {
        Ok(row) => Ok(At { chunk, row }),
        Err(row) => Err(At { chunk, row }),
    }
}

impl<K, V> SortedMap<K, V> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Drops all rows.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// All rows.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { front: [].iter(), chunks: self.chunks.iter(), back: [].iter() }
    }

    /// All rows, their values to change.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut(self.chunks.iter_mut().flatten())
    }

    /// All keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// All values, to change.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.chunks.iter_mut().flatten().map(|(_, value)| value)
    }

    /// All keys, taken out.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> {
        self.chunks.into_iter().flatten().map(|(key, _)| key)
    }

    /// All values, taken out.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.chunks.into_iter().flatten().map(|(_, value)| value)
    }

    /// The lowest row.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The highest row.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    /// Takes the lowest row out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.take(At { chunk: 0, row: 0 }))
    }

    /// Takes the highest row out.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        let row = self.chunks.last_mut()?.pop();
        self.chunks.pop_if(|chunk| chunk.is_empty());
        row
    }

    /// Keeps the rows that fit.
    pub fn retain(&mut self, mut fits: impl FnMut(&K, &mut V) -> bool) {
        for chunk in &mut self.chunks {
            chunk.retain_mut(|(key, value)| fits(key, value));
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }

    /// The rows from one place to before another.
    fn between(&self, from: At, to: At) -> Iter<'_, K, V> {
        let rows = |chunk: usize| self.chunks.get(chunk).map_or(&[][..], Vec::as_slice);
        let from = from.min(to);
        let same = from.chunk == to.chunk;
        let first = rows(from.chunk);
        let end = if same { to.row } else { first.len() };
        let last = if same { &[][..] } else { rows(to.chunk) };
        Iter {
            front: first.get(from.row..end).unwrap_or_default().iter(),
            chunks: self.chunks.get(from.chunk + 1..to.chunk).unwrap_or_default().iter(),
            back: last.get(..to.row).unwrap_or_default().iter(),
        }
    }

    fn row(&self, at: At) -> Option<&(K, V)> {
        self.chunks.get(at.chunk)?.get(at.row)
    }

    #[expect(clippy::indexing_slicing, reason = "`find` or `put` has just said that a row stands there")]
    fn row_mut(&mut self, at: At) -> &mut (K, V) {
        &mut self.chunks[at.chunk][at.row]
    }

    /// Puts a row where `find` said that it belongs. Says where it stands.
    #[expect(clippy::indexing_slicing, reason = "the chunk was looked up, or made, one line before")]
    fn put(&mut self, mut at: At, row: (K, V)) -> At {
        let Some(chunk) = self.chunks.get_mut(at.chunk) else {
            self.chunks.push(vec![row]);
            return at;
        };
        if chunk.len() >= CHUNK_ROWS_MAX {
            // What comes in ascending order leaves full chunks behind.
            let half = if at.row < CHUNK_ROWS_MAX { CHUNK_ROWS_MAX / 2 } else { CHUNK_ROWS_MAX };
            let upper = chunk.split_off(half);
            self.chunks.insert(at.chunk + 1, upper);
            if at.row >= half {
                at = At { chunk: at.chunk + 1, row: at.row - half };
            }
        }
        self.chunks[at.chunk].insert(at.row, row);
        at
    }

    #[expect(clippy::indexing_slicing, reason = "`find` has just said that a row stands there")]
    fn take(&mut self, at: At) -> (K, V) {
        let chunk = &mut self.chunks[at.chunk];
        let row = chunk.remove(at.row);
        if chunk.is_empty() {
            self.chunks.remove(at.chunk);
        }
        row
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where the row with this key is, or else belongs. A place past the end is that behind the last row.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<At, At>
    where
        K: Borrow<Q>,
    {
        locate(self.chunks.len(), &mut |at| {
            let rows = self.chunks.get(at.chunk).map_or(&[][..], Vec::as_slice);
            let row = if at.row == LAST { rows.last() } else { rows.get(at.row) };
            (row.map_or(Ordering::Greater, |(found, _)| found.borrow().cmp(key)), rows.len())
        })
    }

    /// The value under a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The row with a key.
    #[must_use]
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.row(self.find(key).ok()?).map(|(key, value)| (key, value))
    }

    /// The value under a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| &mut self.row_mut(at).1)
    }

    /// Whether there is a row with this key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value under a key. Returns what stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.row_mut(at).1, value)),
            Err(at) => {
                self.put(at, (key, value));
                None
            }
        }
    }

    /// Takes out the value under a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.remove_entry(key).map(|(_, value)| value)
    }

    /// Takes out the row with a key.
    pub fn remove_entry<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| self.take(at))
    }

    /// What stands under a key, or may be put there.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let at = self.find(&key);
        Entry { map: self, key, at }
    }

    /// The rows whose keys lie within bounds; none for bounds the wrong way round.
    pub fn range<Q: Ord + ?Sized, R: RangeBounds<Q>>(&self, bounds: R) -> Iter<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let from = match bounds.start_bound() {
            Bound::Unbounded => At { chunk: 0, row: 0 },
            Bound::Included(key) => self.find(key).unwrap_or_else(|at| at),
            Bound::Excluded(key) => self.find(key).map_or_else(|at| at, At::next),
        };
        let to = match bounds.end_bound() {
            Bound::Unbounded => At { chunk: self.chunks.len(), row: 0 },
            Bound::Included(key) => self.find(key).map_or_else(|at| at, At::next),
            Bound::Excluded(key) => self.find(key).unwrap_or_else(|at| at),
        };
        self.between(from, to)
    }

    /// Takes out every row from this key on.
    #[must_use]
    pub fn split_off<Q: Ord + ?Sized>(&mut self, key: &Q) -> Self
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).unwrap_or_else(|at| at);
        let Some(chunk) = self.chunks.get_mut(at.chunk) else { return Self::new() };
        let first = chunk.split_off(at.row);
        let mut upper = self.chunks.split_off(at.chunk + 1);
        upper.insert(0, first);
        for chunks in [&mut self.chunks, &mut upper] {
            chunks.retain(|chunk| !chunk.is_empty());
        }
        Self { chunks: upper }
    }

    /// Moves all rows of another map here.
    pub fn append(&mut self, other: &mut Self) {
        self.extend(std::mem::take(other));
    }
}

impl At {
    fn next(self) -> Self {
        Self { row: self.row + 1, ..self }
    }
}

/// What stands under a key, or may be put there.
#[must_use]
pub struct Entry<'a, K, V> {
    map: &'a mut SortedMap<K, V>,
    key: K,
    at: Result<At, At>,
}

impl<'a, K, V> Entry<'a, K, V> {
    /// The value, put there if there is none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, made if there is none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let at = match self.at {
            Ok(at) => at,
            Err(at) => self.map.put(at, (self.key, make())),
        };
        &mut self.map.row_mut(at).1
    }

    /// The value, an empty one if there is none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value if there is one.
    pub fn and_modify(self, change: impl FnOnce(&mut V)) -> Self {
        if let Ok(at) = self.at {
            change(&mut self.map.row_mut(at).1);
        }
        self
    }
}

/// Rows in the order of their keys.
pub struct Iter<'a, K, V> {
    front: slice::Iter<'a, (K, V)>,
    chunks: slice::Iter<'a, Chunk<K, V>>,
    back: slice::Iter<'a, (K, V)>,
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { front: self.front.clone(), chunks: self.chunks.clone(), back: self.back.clone() }
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.front.next() {
                return Some((key, value));
            }
            match self.chunks.next() {
                Some(chunk) => self.front = chunk.iter(),
                None => return self.back.next().map(|(key, value)| (key, value)),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rows =
            self.front.len() + self.back.len() + self.chunks.as_slice().iter().map(Vec::len).sum::<usize>();
        (rows, Some(rows))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.back.next_back() {
                return Some((key, value));
            }
            match self.chunks.next_back() {
                Some(chunk) => self.back = chunk.iter(),
                None => return self.front.next_back().map(|(key, value)| (key, value)),
            }
        }
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Rows in the order of their keys, their values to change.
pub struct IterMut<'a, K, V>(std::iter::Flatten<slice::IterMut<'a, Chunk<K, V>>>);

impl<'a, K, V> Iterator for IterMut<'a, K, V> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for IterMut<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (&*key, value))
    }
}

impl<'a, K, V> IntoIterator for &'a mut SortedMap<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Chunk<K, V>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.chunks.into_iter().flatten()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, rows: I) {
        for (key, value) in rows {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        let mut map = Self::new();
        map.extend(rows);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(rows: [(K, V); N]) -> Self {
        rows.into_iter().collect()
    }
}

/// Panics where there is no such key, as a tree of `std` does.
impl<Q: Ord + ?Sized, K: Borrow<Q> + Ord, V> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    #[expect(clippy::expect_used, reason = "as every index")]
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("a row with this key")
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self).finish()
    }
}

impl<T> SortedSet<T> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { rows: SortedMap::new() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// All of them.
    pub fn iter(&self) -> Keys<'_, T> {
        Keys(self.rows.iter())
    }

    /// The lowest.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// The highest.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.iter().next_back()
    }

    /// Takes the lowest out.
    pub fn pop_first(&mut self) -> Option<T> {
        self.rows.pop_first().map(|(key, ())| key)
    }

    /// Takes the highest out.
    pub fn pop_last(&mut self) -> Option<T> {
        self.rows.pop_last().map(|(key, ())| key)
    }

    /// Keeps those that fit.
    pub fn retain(&mut self, mut fits: impl FnMut(&T) -> bool) {
        self.rows.retain(|key, ()| fits(key));
    }
}

impl<T: Ord> SortedSet<T> {
    /// Whether it is there.
    #[must_use]
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.rows.contains_key(key)
    }

    /// What is there and equal.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&T>
    where
        T: Borrow<Q>,
    {
        self.rows.get_key_value(key).map(|(key, ())| key)
    }

    /// Puts it there. Says whether it is new.
    pub fn insert(&mut self, key: T) -> bool {
        self.rows.insert(key, ()).is_none()
    }

    /// Takes it out. Says whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.rows.remove(key).is_some()
    }

    /// Takes it out.
    pub fn take<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<T>
    where
        T: Borrow<Q>,
    {
        self.rows.remove_entry(key).map(|(key, ())| key)
    }

    /// Those within bounds.
    pub fn range<Q: Ord + ?Sized, R: RangeBounds<Q>>(&self, bounds: R) -> Keys<'_, T>
    where
        T: Borrow<Q>,
    {
        Keys(self.rows.range(bounds))
    }

    /// Takes out every one from this key on.
    #[must_use]
    pub fn split_off<Q: Ord + ?Sized>(&mut self, key: &Q) -> Self
    where
        T: Borrow<Q>,
    {
        Self { rows: self.rows.split_off(key) }
    }

    /// Moves all of another set here.
    pub fn append(&mut self, other: &mut Self) {
        self.rows.append(&mut other.rows);
    }

    /// Those that the other lacks.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl DoubleEndedIterator<Item = &'a T> + Clone {
        self.iter().filter(|key| !other.contains(*key))
    }

    /// Those that the other has too.
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl DoubleEndedIterator<Item = &'a T> + Clone {
        self.iter().filter(|key| other.contains(*key))
    }

    /// Whether the other has none of them.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        !self.iter().any(|key| other.contains(key))
    }

    /// Whether the other has all of them.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|key| other.contains(key))
    }

    /// Whether all of the other are here.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }
}

/// Keys in their order.
pub struct Keys<'a, T>(Iter<'a, T, ()>);

impl<T> Clone for Keys<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T> Iterator for Keys<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, ())| key)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> DoubleEndedIterator for Keys<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, ())| key)
    }
}

impl<T> ExactSizeIterator for Keys<'_, T> {}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = Keys<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A row of a set as what it stands for.
type Key<T> = fn((T, ())) -> T;

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::iter::Map<<SortedMap<T, ()> as IntoIterator>::IntoIter, Key<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter().map(|(key, ())| key)
    }
}

impl<T: Ord> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<'a, T: Ord + Copy> Extend<&'a T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, keys: I) {
        self.extend(keys.into_iter().copied());
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(keys: I) -> Self {
        let mut set = Self::new();
        set.extend(keys);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(keys: [T; N]) -> Self {
        keys.into_iter().collect()
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: PartialEq> PartialEq for SortedSet<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl<T: Eq> Eq for SortedSet<T> {}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_set().entries(self).finish()
    }
}

/// An array in ascending order, as a tree of `std` is written.
impl<C, T: Encode<C>> Encode<C> for SortedSet<T> {
    fn encode<W: Write>(&self, to: &mut Encoder<W>, context: &mut C) -> Result<(), encode::Error<W::Error>> {
        to.array(self.len() as u64)?;
        self.iter().try_for_each(|key| key.encode(to, context))
    }
}

impl<'b, C, T: Decode<'b, C> + Ord> Decode<'b, C> for SortedSet<T> {
    fn decode(from: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
        from.array_iter_with(context)?.collect()
    }
}

#[cfg(test)]
mod tests;
