//! What connects age's readers and writers, which keep their other end to themselves, to bytes that come and go bit by bit.
//! Everything sealed and opened goes through it: age's code for a second kind of reader would weigh as much again.

use std::io::{BufRead, Cursor, Read, Result, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes between two owners, in the order they came. An empty one reads as the end; whoever feeds a reader sees to it that
/// it finds all it asks for.
#[derive(Clone, Default)]
pub(super) struct Pipe {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// What this end has taken out and not given on.
    taken: Cursor<Vec<u8>>,
}

impl Pipe {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let pipe = Self::default();
        pipe.extend(bytes);
        pipe
    }

    /// Everything in it.
    pub(super) fn drain(&self) -> Vec<u8> {
        self.with(std::mem::take)
    }

    pub(super) fn len(&self) -> usize {
        self.with(|bytes| bytes.len())
    }

    pub(super) fn extend(&self, more: &[u8]) {
        self.with(|bytes| bytes.extend_from_slice(more));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        act(&mut self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pipe {
    fn write(&mut self, more: &[u8]) -> Result<usize> {
        self.extend(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl BufRead for Pipe {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.taken.fill_buf()?.is_empty() {
            self.taken = Cursor::new(self.drain());
        }
        self.taken.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.taken.consume(amount);
    }
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
