//! A device's storage, as a browser's or a file's: a transaction is there as a whole or not at all, and after every earlier
//! one. What was handed over and is not durable is lost when the device dies.

use std::collections::{BTreeMap, VecDeque};

use nestpost_core::store::{Loaded, Table, Write};

type Key = (Table, Vec<u8>);

/// Tables that are flushed before a transaction counts as stored, as in `web-demo/src/platform/storage.ts`. The others survive
/// the death of a browser, but not that of the machine.
const FLUSHED: [Table; 6] =
    [Table::Meta, Table::Wrap, Table::Pending, Table::Intent, Table::Outbox, Table::Transfer];

/// The storage of one device.
#[derive(Clone, Default)]
pub(super) struct Disk {
    rows: BTreeMap<Key, Vec<u8>>,
    /// Handed over.
    waiting: VecDeque<(u64, Vec<Write>)>,
    /// What each transaction since the last flush took the place of.
    unflushed: Vec<Vec<(Key, Option<Vec<u8>>)>>,
}

impl Disk {
    /// Takes a transaction, which is not stored yet.
    pub(super) fn hand_over(&mut self, id: u64, writes: Vec<Write>) {
        self.waiting.push_back((id, writes));
    }

    /// How many transactions wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The oldest transaction is stored.
    pub(super) fn sync(&mut self) -> Option<u64> {
        let (id, writes) = self.waiting.pop_front()?;
        self.write(writes);
        Some(id)
    }

    /// The oldest transaction does not fit, and nothing that was handed over after it is stored.
    pub(super) fn refuse(&mut self) -> Option<u64> {
        let first = self.waiting.front().map(|(id, _)| *id);
        self.waiting.clear();
        first
    }

    /// The program dies: `kept` of what waits was stored all the same.
    pub(super) fn crash(&mut self, kept: usize) {
        for _ in 0..kept {
            self.sync();
        }
        self.waiting.clear();
    }

    /// The machine dies: so many transactions, the latest, were never flushed.
    pub(super) fn cut_power(&mut self, lost: usize) {
        self.waiting.clear();
        for _ in 0..lost {
            for (key, before) in self.unflushed.pop().into_iter().flatten().rev() {
                match before {
                    Some(value) => self.rows.insert(key, value),
                    None => self.rows.remove(&key),
                };
            }
        }
        self.unflushed.clear();
    }

    /// How many transactions are stored and not flushed.
    pub(super) fn unflushed(&self) -> usize {
        self.unflushed.len()
    }

    fn write(&mut self, writes: Vec<Write>) {
        let flushes = writes.iter().any(|write| FLUSHED.contains(&write.table));
        let mut before = Vec::new();
        for Write { table, key, value } in writes {
            let key = (table, key);
            let old = match value {
                Some(value) => self.rows.insert(key.clone(), value),
                None => self.rows.remove(&key),
            };
            before.push((key, old));
        }
        if flushes {
            self.unflushed.clear();
        } else {
            self.unflushed.push(before);
        }
    }

    /// A stored value.
    pub(super) fn get(&self, table: Table, key: &[u8]) -> Option<&[u8]> {
        self.rows.get(&(table, key.to_vec())).map(Vec::as_slice)
    }

    /// All stored rows, in order.
    pub(super) fn load(&self) -> Vec<Loaded> {
        let rows = self.rows.iter();
        rows.map(|((table, key), value)| Loaded { table: *table, key: key.clone(), value: value.clone() })
            .collect()
    }
}
