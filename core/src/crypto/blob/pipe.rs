//! What connects age's readers and writers, which keep their other end to themselves, to bytes that come and go bit by bit.

use std::io::{Read, Result, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes between two owners. An empty one reads as the end; whoever feeds a reader sees to it that it finds all it asks for.
#[derive(Clone, Default)]
pub(super) struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    /// Everything in it.
    pub(super) fn take(&self) -> Vec<u8> {
        self.with(std::mem::take)
    }

    pub(super) fn len(&self) -> usize {
        self.with(|bytes| bytes.len())
    }

    pub(super) fn extend(&self, more: &[u8]) {
        self.with(|bytes| bytes.extend_from_slice(more));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.with(|bytes| {
            let read = bytes.as_slice().read(into)?;
            bytes.drain(..read);
            Ok(read)
        })
    }
}
