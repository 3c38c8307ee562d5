//! Who is connected to a house, so that one device cannot take every seat.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use nestpost_protocol::id::DeviceId;
use tokio::sync::oneshot;

/// The sessions of one house.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<Seats>>);

#[derive(Debug, Default)]
struct Seats {
    next: u64,
    count: usize,
    devices: HashMap<DeviceId, VecDeque<(u64, oneshot::Sender<()>)>>,
}

/// A seat; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Mutex<Seats>>,
    device: DeviceId,
    number: u64,
    evicted: oneshot::Receiver<()>,
}

impl Sessions {
    /// Takes a seat. A device with too many sessions loses its oldest (a phone that changed networks leaves dead ones
    /// behind); `None`: the house is full.
    pub(crate) fn enter(&self, device: DeviceId, device_max: usize, house_max: usize) -> Option<Seat> {
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seats.devices.get(&device).is_some_and(|taken| taken.len() >= device_max)
            && let Some((_, oldest)) = seats.devices.get_mut(&device).and_then(VecDeque::pop_front)
        {
            seats.count -= 1;
            // It may be leaving by itself at this moment.
            let _ = oldest.send(());
        }
        if seats.count >= house_max {
            return None;
        }
        let number = seats.next;
        seats.next += 1;
        seats.count += 1;
        let (evict, evicted) = oneshot::channel();
        seats.devices.entry(device).or_default().push_back((number, evict));
        Some(Seat { seats: Arc::clone(&self.0), device, number, evicted })
    }
}

impl Seat {
    /// Resolves when a newer session of the same device needs the seat.
    pub(crate) async fn evicted(&mut self) {
        if (&mut self.evicted).await.is_err() {
            // The sender lives as long as the seat.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(taken) = seats.devices.get_mut(&self.device) else { return };
        let before = taken.len();
        taken.retain(|(number, _)| *number != self.number);
        let gone = before - taken.len();
        if taken.is_empty() {
            seats.devices.remove(&self.device);
        }
        seats.count -= gone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: DeviceId = DeviceId::new([1; 32]);
    const B: DeviceId = DeviceId::new([2; 32]);

    #[tokio::test]
    async fn a_device_with_too_many_sessions_loses_its_oldest() {
        let sessions = Sessions::default();
        let mut first = sessions.enter(A, 2, 10).unwrap();
        let second = sessions.enter(A, 2, 10).unwrap();
        let _third = sessions.enter(A, 2, 10).unwrap();
        first.evicted().await;
        drop(first);
        drop(second);
        assert_eq!(sessions.0.lock().unwrap().count, 1);
    }

    #[test]
    fn a_full_house_takes_nobody_until_somebody_leaves() {
        let sessions = Sessions::default();
        let seat = sessions.enter(A, 4, 2).unwrap();
        let _other = sessions.enter(B, 4, 2).unwrap();
        assert!(sessions.enter(B, 4, 2).is_none());
        drop(seat);
        assert!(sessions.enter(B, 4, 2).is_some());
    }
}
