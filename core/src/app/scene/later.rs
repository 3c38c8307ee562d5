//! Plans and proposals, as directors wrote them into the circle of the staff.

use nestpost_protocol::access;
use nestpost_protocol::id::{ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::order::Order;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, Cosignature};

use super::Scene;
use crate::app::AppError;
use crate::app::day::Day;
use crate::app::item::{How, Item, Orders, PlanEnd, Planned};
use crate::app::plan::brought_about;
use crate::docs::ItemRef;

/// A plan.
#[derive(Clone)]
pub(in crate::app) struct PlanFact {
    pub(in crate::app) item: ItemId,
    pub(in crate::app) planned: Planned,
    pub(in crate::app) by: Option<PersonId>,
    /// As the latest director who is still in office signed them.
    pub(in crate::app) orders: Option<Vec<Order>>,
    pub(in crate::app) end: Option<PlanEnd>,
}

/// What waits for a second director.
pub(in crate::app) struct ProposalFact {
    pub(in crate::app) item: ItemId,
    pub(in crate::app) body: Body,
    pub(in crate::app) cosignature: Cosignature,
    pub(in crate::app) by: PersonId,
    /// Whom it is about.
    pub(in crate::app) person: Option<PersonId>,
    pub(in crate::app) at: u64,
    /// From when on it is to be so, where not at once.
    pub(in crate::app) day: Option<Day>,
}

impl ProposalFact {
    /// Whether what was proposed for a day is to be so by now.
    pub(in crate::app) fn is_due(&self, today: Day) -> bool {
        self.day.is_some_and(|day| day <= today)
    }
}

impl Scene<'_> {
    /// All plans, in no order.
    pub(in crate::app) fn plans(&self) -> Vec<PlanFact> {
        let Ok(staff) = self.sole(Sort::Staff) else { return Vec::new() };
        let (mut plans, mut orders, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (at, item) in self.items(&staff) {
            match item {
                Item::Planned(planned) if self.directed(&at) => plans.push((at, planned)),
                Item::Orders(signed) if self.by_director(&at) => orders.push((at.item, signed)),
                // That it is done or makes no sense any more, all staff may say.
                Item::PlanEnd(end) if end.how != How::Withdrawn || self.directed(&at) => ends.push(end),
                _ => {}
            }
        }
        let fact = |(at, planned): (ItemRef<'_>, Planned)| PlanFact {
            item: at.item,
            planned,
            by: self.author(&at),
            orders: latest(&orders, &at.item),
            end: ends.iter().filter(|end| end.plan == at.item).min_by_key(|end| end.how).cloned(),
        };
        plans.into_iter().map(fact).collect()
    }

    /// Plans that nobody has carried out or taken back.
    pub(in crate::app) fn open_plans(&self) -> Vec<PlanFact> {
        let mut plans = self.plans();
        plans.retain(|plan| plan.end.is_none());
        plans
    }

    /// Whether the device that wrote an item is a director's.
    fn by_director(&self, at: &ItemRef<'_>) -> bool {
        let role = at.author.and_then(|device| access::role_of(&self.house.log, &device));
        role.is_some_and(|(_, role)| role == Role::Director)
    }

    /// What directors say of the copy that is here.
    pub(in crate::app) fn words(&self) -> Vec<ProposalFact> {
        let house = self.house;
        let said = house.words.iter().filter(|word| {
            house.copy.is_some_and(|copy| {
                (copy.incarnation, copy.relay, copy.log)
                    == (word.body.incarnation, word.body.relay, word.body.log)
            })
        });
        let mut words: Vec<ProposalFact> = Vec::new();
        for word in said {
            let (cosignature, at) = (word.cosignature.clone(), word.at);
            let Some((by, _)) = access::role_of(&house.log, &cosignature.device) else { continue };
            let (item, body) = (ItemId::new(*by.as_bytes()), Body::Restored(word.body.clone()));
            if words.iter().all(|known| known.by != by) {
                words.push(ProposalFact { item, body, cosignature, by, person: None, at, day: None });
            }
        }
        words
    }

    /// What waits for a second director. Whom it is about is not shown it.
    pub(in crate::app) fn proposals(&self) -> Vec<ProposalFact> {
        let Ok(staff) = self.sole(Sort::Staff) else { return Vec::new() };
        let log = &self.house.log;
        let (mut all, mut over) = (self.words(), Vec::new());
        for (at, item) in self.items(&staff) {
            match item {
                Item::ProposalEnd(end) if self.directed(&at) => over.push(end.proposal),
                Item::Proposal(proposal)
                    if self.by_director(&at) && at.author == Some(proposal.cosignature.device) =>
                {
                    let Ok(body) = Body::decode(proposal.kind, &proposal.body) else { continue };
                    let person = match &body {
                        Body::RoleEnd(end) => Some(end.person),
                        Body::DeviceEnd(end) => log.device(&end.device).map(|device| device.person),
                        Body::Dissolve(_) => None,
                        _ => continue,
                    };
                    let Some(by) = self.author(&at) else { continue };
                    let (item, cosignature, at, day) =
                        (at.item, proposal.cosignature, proposal.at, proposal.day);
                    if person != Some(self.me) && !brought_about(log, &body) {
                        all.push(ProposalFact { item, body, cosignature, by, person, at, day });
                    }
                }
                _ => {}
            }
        }
        all.retain(|fact| !over.contains(&fact.item));
        if !all.is_empty() {
            // Somebody who was removed and came back: what was signed then counts no more.
            let entries = (0..log.len()).filter_map(|seq| log.entry(seq));
            for nonce in entries.flat_map(|entry| entry.cosignatures.iter().map(|c| c.nonce)) {
                all.retain(|fact| fact.cosignature.nonce != nonce);
            }
        }
        all.sort_by_key(|fact| (fact.at, fact.item));
        all
    }

    /// # Errors
    /// [`AppError::NotFound`], also when it is over.
    pub(in crate::app) fn find_proposal(&self, id: &str) -> Result<ProposalFact, AppError> {
        let item: ItemId = id.parse().map_err(|_| AppError::NotFound)?;
        self.proposals().into_iter().find(|fact| fact.item == item).ok_or(AppError::NotFound)
    }
}

fn latest(orders: &[(ItemId, Orders)], plan: &ItemId) -> Option<Vec<Order>> {
    let of_plan = orders.iter().filter(|(_, signed)| signed.plan == *plan);
    of_plan.max_by_key(|(item, signed)| (signed.at, *item)).map(|(_, signed)| signed.orders.clone())
}
