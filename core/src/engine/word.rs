//! What a director says of a copy before a second one agrees. Nothing else can be written to it, so the relay shows it to
//! the other ones; it is said again as often as the copy grows.

use nestpost_protocol::id::Nonce;
use nestpost_protocol::label;
use nestpost_protocol::limit;
use nestpost_protocol::log::entry::{Cosignature, cosign_input};
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::{Body, KindNumber};
use nestpost_protocol::message::{ClientMessage, Word};

use crate::crypto;
use crate::house::Copied;
use crate::time::Timestamp;

use super::Engine;
use super::meta::Said;
use super::session::Session;

impl Engine {
    /// This device's signature as the second one under what somebody else says.
    pub(super) fn cosign(&self, kind: KindNumber, body: &[u8]) -> Cosignature {
        let nonce = Nonce::new(crypto::random::bytes());
        let input = cosign_input(self.house.log.house(), kind, body, nonce);
        let signature = self.secrets.keys.sign(label::COSIGN, &input);
        Cosignature { device: self.house.me, nonce, signature }
    }

    pub(super) fn give_word(&mut self, now: Timestamp, body: &Restored) {
        let (life, origin, at) = (body.incarnation, body.origin.clone(), now.millis());
        self.meta.said = Some(Said { life, origin, at });
        self.write_meta();
        self.say_word();
    }

    pub(super) fn take_word_back(&mut self) {
        self.meta.said = None;
        self.write_meta();
        let me = self.house.me;
        self.house.words.retain(|word| word.cosignature.device != me);
        self.send_words(Vec::new());
    }

    /// Of the copy as it is now.
    pub(super) fn say_word(&mut self) {
        let (Some(Said { life, origin, at }), Some(copy)) = (&self.meta.said, self.house.copy) else {
            return;
        };
        let Copied { incarnation, relay, log, positions, .. } = copy;
        let body = Restored { incarnation, log, positions, relay, origin: origin.clone() };
        let me = self.house.me;
        let known = self.house.words.iter().find(|word| word.cosignature.device == me);
        if incarnation != *life || known.is_some_and(|known| known.body == body) {
            return;
        }
        let (kind, bytes) = Body::Restored(body.clone()).encode();
        let word = Word { body, cosignature: self.cosign(kind, &bytes), at: *at };
        self.house.words.retain(|word| word.cosignature.device != me);
        self.house.words.push(word.clone());
        self.send_words(vec![word]);
    }

    fn send_words(&mut self, words: Vec<Word>) {
        if self.session == Session::Elsewhere {
            self.send(&ClientMessage::Words(words));
        }
    }

    /// All that directors say now.
    pub(super) fn take_words(&mut self, words: Vec<Word>) {
        let holds = |word: &Word| word.check(&self.house.log).is_some();
        if words.len() > limit::WORDS_MAX || !words.iter().all(holds) {
            return self.garbage();
        }
        self.house.words = words;
        self.changed = true;
    }
}
