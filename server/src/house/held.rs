//! What the rules ask of the relay beyond log and epochs, gathered before they run.

use std::collections::{BTreeMap, BTreeSet};

use nestpost_protocol::admit::{self, DocumentFact};
use nestpost_protocol::blob::{BlobFact, HoldBody};
use nestpost_protocol::codec;
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, DocumentId, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::{Header, Kind, Position};
use nestpost_protocol::retention::Months;

use super::state::HouseState;
use super::{Desk, House};
use crate::clock::Day;
use crate::store::StoreError;

/// Positions and blobs that were looked up in the store, and the relay's date.
#[derive(Debug)]
pub(crate) struct Held {
    positions: BTreeSet<(CircleId, Position)>,
    blobs: BTreeMap<BlobId, BlobFact>,
    today: Day,
    pub(crate) months: Months,
}

impl Held {
    /// Looks up every position that the frame's records name and that is not simply the present one, and every blob that
    /// its holds and releases name.
    pub(crate) async fn gather(house: &House, desk: &Desk<'_>, frame: &Frame) -> Result<Self, StoreError> {
        let mut wanted = BTreeSet::new();
        let mut named = BTreeSet::new();
        {
            let state = house.state();
            for record in &frame.records {
                let Ok(header) = codec::decode::<Header>(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                else {
                    continue;
                };
                let tail = state.tail(&header.circle);
                if header.seen != tail && header.seen.n >= 1 && header.seen.n <= tail.n {
                    wanted.insert((header.circle, header.seen));
                }
                if matches!(header.kind, Kind::Hold | Kind::Release)
                    && let Ok(body) = HoldBody::decode(&record.body)
                {
                    named.extend(body.blobs);
                }
            }
        }
        let mut positions = BTreeSet::new();
        for (circle, position) in wanted {
            if desk.store.accumulator(house.id(), circle, position.n).await? == Some(position.acc) {
                positions.insert((circle, position));
            }
        }
        let (today, months) = (desk.clock.day(), desk.clock.months());
        let mut blobs = BTreeMap::new();
        if !named.is_empty() {
            let named: Vec<BlobId> = named.into_iter().collect();
            let found = desk.store.blobs(house.id(), &named).await?;
            blobs.extend(found.into_iter().filter_map(|(id, blob)| Some((id, blob.fact(today)?))));
        }
        Ok(Self { positions, blobs, today, months })
    }

    pub(crate) const fn with<'a>(&'a self, state: &'a HouseState) -> HeldIn<'a> {
        HeldIn { held: self, state }
    }
}

/// [`Held`] together with the state it belongs to.
pub(crate) struct HeldIn<'a> {
    held: &'a Held,
    state: &'a HouseState,
}

impl admit::Held for HeldIn<'_> {
    fn document(&self, document: &DocumentId) -> Option<DocumentFact> {
        self.state.documents.get(document).map(|fact| DocumentFact {
            circle: fact.circle,
            side: fact.side,
            class: fact.class,
            month: fact.month,
            moved: fact.successor.is_some(),
        })
    }

    fn last(&self, circle: &CircleId, author: &DeviceId) -> Option<(u64, RecordId)> {
        self.state.authors.get(&(*circle, *author)).copied()
    }

    fn end(&self, circle: &CircleId) -> Position {
        self.state.tail(circle)
    }

    fn held(&self, circle: &CircleId, position: &Position) -> bool {
        self.state.tail(circle) == *position || self.held.positions.contains(&(*circle, *position))
    }

    fn invite_expired(&self, invite: u64) -> bool {
        self.state.invite_expired(invite, self.held.today)
    }

    fn blob(&self, blob: &BlobId) -> Option<BlobFact> {
        self.held.blobs.get(blob).cloned()
    }
}
