//! What directors say of a copy before a second one agrees. In memory only: it is said again with each login.

use std::sync::{Mutex, MutexGuard, PoisonError};

use nestpost_protocol::access;
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::Word;

use super::state::HouseState;
use super::{Desk, House};
use crate::store::Elsewhere;

/// One of each device at most.
#[derive(Debug, Default)]
pub(crate) struct Words(Mutex<Vec<Word>>);

impl Words {
    fn all(&self) -> MutexGuard<'_, Vec<Word>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl House {
    /// A director's device says it, or takes it back with none. Whether it made sense.
    pub(crate) fn say(&self, desk: &Desk<'_>, device: &DeviceId, mut said: Vec<Word>) -> bool {
        let word = said.pop();
        {
            let state = self.state();
            if !said.is_empty() || word.as_ref().is_some_and(|word| word.cosignature.device != *device) {
                return false;
            }
            let mut all = self.words.all();
            all.retain(|known| known.cosignature.device != *device && is_of(&state, desk, known));
            // Of what is over by now nobody needs to hear.
            if all.len() < limit::WORDS_MAX {
                all.extend(word.filter(|word| word.check(&state.log).is_some() && is_of(&state, desk, word)));
            }
        }
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        true
    }

    /// Of the copy as it is now, for a director's device.
    pub(crate) fn words_for(&self, desk: &Desk<'_>, device: &DeviceId) -> Vec<Word> {
        let state = self.state();
        let directs = access::role_of(&state.log, device).is_some_and(|(_, role)| role == Role::Director);
        let mut words = self.words.all().clone();
        words.retain(|word| directs && word.check(&state.log).is_some() && is_of(&state, desk, word));
        words
    }
}

fn is_of(state: &HouseState, desk: &Desk<'_>, word: &Word) -> bool {
    let by = [word.cosignature.device];
    state.elsewhere == Elsewhere::Awaits
        && state.incarnation.is_some_and(|life| {
            word.body.is_of(&state.log, &by, &life, &desk.relay, |circle| state.tail(circle))
        })
}
