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

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(of: &serde_json::Value) -> Vec<Write> {
        let hex = |value: &serde_json::Value| {
            value.as_str().map(|text| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap())
        };
        let rows = of.as_array().unwrap().iter();
        rows.map(|row| {
            let table = Table::from_name(row[0].as_str().unwrap()).unwrap();
            Write { table, key: hex(&row[1]).unwrap(), value: hex(&row[2]) }
        })
        .collect()
    }

    /// The browser's storage and the native one pass it too.
    #[test]
    fn it_passes_the_list_that_every_storage_of_a_device_passes() {
        let list: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../histories/storage.json")).unwrap();
        for listed in list {
            let mut disk = Disk::default();
            let steps = listed["steps"].as_array().unwrap();
            for (id, step) in (0..).zip(steps) {
                disk.hand_over(id, writes(&step["store"]));
            }
            for step in steps {
                if step["fails"] == true {
                    disk.refuse();
                } else {
                    disk.sync();
                }
            }
            let rows: Vec<_> =
                disk.load().into_iter().map(|row| (row.table, row.key, Some(row.value))).collect();
            let expected: Vec<_> =
                writes(&listed["rows"]).into_iter().map(|row| (row.table, row.key, row.value)).collect();
            assert_eq!(rows, expected, "{}", listed["says"]);
        }
    }
}
