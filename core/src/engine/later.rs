//! What waits for its day or for a second director: signed here, carried out where it is due.

use nestpost_protocol::erase::second_input;
use nestpost_protocol::id::{ItemId, Nonce};
use nestpost_protocol::label;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::order::{Order, order_input};
use nestpost_protocol::log::{Body, Cosignature, KindNumber};
use nestpost_protocol::retention::Class;

use crate::app::item::{Item, Orders, Proposal, Wish};
use crate::app::{self, AppError, Edit, Proposed};
use crate::crypto;
use crate::time::Timestamp;

use super::Engine;

impl Engine {
    /// Signs what a second director is to agree to, and tells them.
    pub(super) fn propose(&mut self, now: Timestamp, proposed: &Proposed) -> Result<(), AppError> {
        let Proposed { item, body, day } = proposed;
        let (kind, bytes) = body.encode();
        let cosignature = self.cosign(kind, &bytes);
        let proposal = Proposal { kind, body: bytes.into(), cosignature, at: now.millis(), day: *day };
        self.tell_staff(now, Class::Year, *item, Item::Proposal(proposal))
    }

    /// Signs that an item is to be erased, beside it.
    pub(super) fn wish(&mut self, now: Timestamp, wish: &app::Wished) -> Result<(), AppError> {
        let house = self.house.log.house().ok_or(AppError::NotFound)?;
        let input = second_input(house, wish.circle, wish.item);
        let signature = self.secrets.keys.sign(label::ERASE, &input);
        let (item, device) = (wish.item, self.house.me);
        let value = Item::Wish(Wish { item, device, signature, at: now.millis() }).value();
        let (circle, class) = (wish.circle, wish.class);
        let id = ItemId::new(self.random());
        self.write(now, &Edit { circle, class, item: id, value })
    }

    /// Signs orders whose day comes, carries out those whose day has come.
    pub(super) fn do_plans(&mut self, now: Timestamp) {
        let later = app::later(&self.house, now);
        for (plan, acts, second) in later.sign {
            let orders = acts.iter().filter_map(|act| self.order(act, second.as_ref())).collect();
            let item = ItemId::new(self.random());
            let signed = Item::Orders(Orders { plan, at: now.millis(), orders });
            // Without room for it, again another time.
            let _ = self.tell_staff(now, Class::Long, item, signed);
        }
        for edit in &later.edits {
            self.changed |= self.write(now, edit).is_ok();
        }
        for bodies in later.execute {
            let waits = self.intents.iter().any(|intent| intent.bodies == bodies);
            if !waits && !bodies.iter().any(|body| self.vain.contains(&nonce(body))) {
                let _ = self.intend(bodies, Vec::new(), None);
            }
        }
    }

    /// What somebody decided earlier and cannot be carried out here: not tried again by this device until it starts anew,
    /// or the orders are new.
    pub(super) fn give_up_orders(&mut self, bodies: &[Body]) -> bool {
        let orders = bodies.iter().filter(|body| matches!(body, Body::Order(..)));
        let nonces: Vec<_> = orders.map(nonce).collect();
        self.vain.extend(&nonces);
        !nonces.is_empty()
    }

    fn order(&self, act: &Body, second: Option<&Cosignature>) -> Option<Order> {
        let house = self.house.log.house()?;
        let (kind, bytes): (KindNumber, Vec<u8>) = act.encode();
        let nonce = Nonce::new(crypto::random::bytes());
        let signature = self.secrets.keys.sign(label::ORDER, &order_input(house, kind, &bytes, nonce));
        let (device, body) = (self.house.me, bytes.into());
        Some(Order {
            kind,
            body,
            nonce,
            device,
            signature,
            cosignatures: second.map(|second| vec![second.clone()]),
        })
    }

    fn tell_staff(&mut self, now: Timestamp, class: Class, id: ItemId, item: Item) -> Result<(), AppError> {
        let circle = self.house.sole(Sort::Staff).ok_or(AppError::NotFound)?;
        self.write(now, &Edit { circle, class, item: id, value: item.value() })?;
        self.changed = true;
        Ok(())
    }
}

fn nonce(body: &Body) -> Nonce {
    match body {
        Body::Order(order, _) => order.nonce,
        _ => Nonce::new([0; 32]),
    }
}
