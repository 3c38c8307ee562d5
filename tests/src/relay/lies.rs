//! A relay that dies, or lies.

use nestpost_protocol::record::{Header, Position, Record};

use super::{Backup, MemoryRelay, Stored};

impl MemoryRelay {
    /// It is as it was when it had admitted so many frames, and does not say so. Every line is gone.
    pub fn rewind(&mut self, backup: &Backup, frames: usize) {
        self.sessions.clear();
        self.house.clone_from(&backup.0);
        self.frames.truncate(frames);
        self.lengths.truncate(frames);
    }

    /// It dies. What it has acknowledged is there when it comes back; every line is gone.
    pub fn die(&mut self) {
        if let Some(before) = self.before.take() {
            self.house = before.0;
        }
        self.start_again();
    }

    /// Another one that says it is this one, and goes its own way from here. Nobody is connected to it yet.
    #[must_use]
    pub fn fork(&self) -> Self {
        let mut fork = Self::new(self.month);
        fork.key = self.key.clone();
        (fork.starts, fork.lives, fork.next) = (self.starts, self.lives, self.next);
        fork.house.clone_from(&self.house);
        fork.opened.clone_from(&self.opened);
        fork.frames.clone_from(&self.frames);
        fork.lengths.clone_from(&self.lengths);
        fork
    }

    /// A record that it should have refused takes its place.
    pub fn slip_in(&mut self, record: Record) {
        let Header { circle, author, .. } = record.check().unwrap();
        let rows = self.house.as_mut().unwrap().circles.entry(circle).or_default();
        let id = record.id();
        let position = rows.last().map_or(Position::START, |r| r.position).next(&id);
        rows.push(Stored { id, author, record: Some(record), readers: None, position });
        self.push_all();
    }
}
