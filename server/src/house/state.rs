//! What a house is at this moment: folded from the store, moved on by each commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nestpost_protocol::admit::{Admitted, AdmittedRecord};
use nestpost_protocol::blob::HoldFact;
use nestpost_protocol::codec;
use nestpost_protocol::epoch::EpochBody;
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, HouseId, Incarnation, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::{Header, Kind, Position, Record};
use nestpost_protocol::retention::{Class, Months};

use super::lost::Judged;
use crate::clock::Day;
use crate::store::{
    BlobChange, Commit, Committed, Elsewhere, Erasure, Fill, Mailbox, NewEntry, NewRecord, NewWrap, Past,
    StoreError, StoredDocument, StoredHouse,
};

/// Folded state of a house.
#[derive(Debug, Default)]
pub(crate) struct HouseState {
    /// This life of the history; none before it is founded.
    pub(crate) incarnation: Option<Incarnation>,
    pub(crate) past: Option<Past>,
    pub(crate) log: LogState,
    pub(crate) epochs: Epochs,
    /// Last position of each circle that has records.
    pub(crate) tails: HashMap<CircleId, Position>,
    /// Last (sequence, record) of each device in each circle.
    pub(crate) authors: HashMap<(CircleId, DeviceId), (u64, RecordId)>,
    pub(crate) documents: HashMap<DocumentId, StoredDocument>,
    /// The store's number of the last wrap in each mailbox.
    pub(crate) mailboxes: HashMap<Mailbox, i64>,
    /// Day of each invite, by its number in the log.
    pub(crate) invites: HashMap<u64, Day>,
    pub(crate) bytes: u64,
    pub(crate) elsewhere: Elsewhere,
    /// Places of records that were lost and that somebody may bring.
    pub(crate) lost: BTreeMap<CircleId, BTreeSet<u64>>,
}

impl HouseState {
    /// Folds what the store holds. Every signature and rule is checked again: a store that was tampered with is not
    /// served.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the history breaks a rule.
    pub(crate) fn fold(stored: StoredHouse) -> Result<Self, StoreError> {
        let mut log = LogState::new();
        for (link, entry) in &stored.entries {
            log.admit(link, Some(entry)).map_err(|error| {
                tracing::error!(seq = link.seq, %error, "stored log entry breaks a rule");
                StoreError::Corrupt
            })?;
        }
        let mut epochs = Epochs::new();
        for (record, readers) in &stored.epochs {
            let header: Header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                .map_err(|_| StoreError::Corrupt)?;
            let body = EpochBody::decode(&record.body).map_err(|_| StoreError::Corrupt)?;
            epochs.admit(&log, &header, body, Some(readers)).map_err(|error| {
                tracing::error!(%error, "stored epoch breaks a rule");
                StoreError::Corrupt
            })?;
        }
        let mut lost: BTreeMap<CircleId, BTreeSet<u64>> = BTreeMap::new();
        for (circle, n) in stored.lost {
            lost.entry(circle).or_default().insert(n);
        }
        Ok(Self {
            lost,
            incarnation: Some(stored.incarnation),
            past: stored.past,
            log,
            epochs,
            tails: stored.tails.into_iter().collect(),
            authors: stored
                .authors
                .into_iter()
                .map(|(circle, device, seq, id)| ((circle, device), (seq, id)))
                .collect(),
            documents: stored.documents.into_iter().map(|document| (document.document, document)).collect(),
            mailboxes: stored.wraps.into_iter().collect(),
            invites: stored.invites.into_iter().collect(),
            bytes: stored.bytes,
            elsewhere: stored.elsewhere,
        })
    }

    pub(crate) fn tail(&self, circle: &CircleId) -> Position {
        self.tails.get(circle).copied().unwrap_or(Position::START)
    }

    /// Whether the days of the invite with this number in the log are over.
    pub(crate) fn invite_expired(&self, invite: u64, today: Day) -> bool {
        let days = self.log.invites().find(|fact| fact.seq == invite).map_or(0, |fact| fact.body.days);
        self.invites.get(&invite).is_none_or(|day| day.is_older_than(days, today))
    }

    /// What an admitted frame adds to the store: its records at the next positions of their circles.
    pub(crate) fn commit(&self, house: HouseId, frame: Frame, admitted: &Admitted) -> Commit {
        let mut tails: HashMap<CircleId, Position> = HashMap::new();
        let mut documents = Vec::new();
        let mut records = Vec::with_capacity(admitted.records.len());
        for (record, new) in frame.records.into_iter().zip(&admitted.records) {
            let header = &new.header;
            let tail = tails.entry(header.circle).or_insert_with(|| self.tail(&header.circle));
            *tail = tail.next(&new.id);
            if let (true, Some(document)) = (new.begins, header.document) {
                let Header { circle, side, class, month, .. } = *header;
                documents.push(StoredDocument { document, circle, side, class, month, successor: None });
            }
            records.push(NewRecord {
                circle: header.circle,
                position: *tail,
                id: new.id,
                author: header.author,
                author_seq: header.seq,
                record,
                // Epochs stay, and what must not come back; a hold is of no use once it is over, and its body names blobs.
                expires: (!matches!(header.kind, Kind::Epoch | Kind::Erase) && header.class != Class::Long)
                    .then_some(header.month),
                readers: new.readers.clone(),
            });
        }
        let entries = frame.entries.into_iter().zip(&admitted.links).map(|(entry, link)| {
            let invite = match admitted.log.entry(link.seq).map(|entry| &entry.kind) {
                Some(Body::Invite(invite)) => Some(invite.key),
                _ => None,
            };
            NewEntry { link: *link, entry, invite }
        });
        let wraps = frame.wraps.into_iter().zip(&admitted.wraps).map(|(wrap, (id, head))| NewWrap {
            id: *id,
            mailbox: Mailbox::of(&head.addressee),
            wrap,
        });
        Commit {
            house,
            founds: None,
            day: Day::from_index(0),
            resumes: self.elsewhere != Elsewhere::Here,
            dissolves: self.log.dissolved().is_none() && admitted.log.dissolved().is_some(),
            entries: entries.collect(),
            records,
            stubs: Vec::new(),
            fills: Vec::new(),
            documents,
            wraps: wraps.collect(),
            blobs: admitted.records.iter().flat_map(blob_changes).collect(),
            erasures: admitted.records.iter().filter_map(erasure).collect(),
        }
    }

    /// Moves on by what was taken back; the house goes on waiting.
    pub(super) fn take_back(&mut self, judged: Judged, commit: &Commit, freed: u64) {
        self.log = judged.log;
        self.epochs = judged.epochs;
        self.move_on(commit, freed);
        for stub in &commit.stubs {
            let tail = self.tails.entry(stub.circle).or_insert(stub.position);
            *tail = (*tail).max(stub.position);
            if stub.lost {
                self.lost.entry(stub.circle).or_default().insert(stub.position.n);
            }
        }
    }

    /// A record for the place where it was lost; what was erased, or has expired, leaves its stub.
    pub(super) fn fill_with(
        &self,
        commit: &mut Commit,
        position: Position,
        id: RecordId,
        record: Record,
        header: &Header,
        months: Months,
    ) {
        let Header { circle, side, class, month, author, seq, .. } = *header;
        let known = header.document.and_then(|document| self.documents.get(&document));
        let is_over = class != Class::Long && month < months.today;
        if is_over || known.is_some_and(|known| known.successor.is_some()) {
            return commit.fills.push(Fill::Gone(circle, position.n));
        }
        if let Some(document) = header.document
            && known.is_none()
            && commit.documents.iter().all(|begun| begun.document != document)
        {
            commit.documents.push(StoredDocument { document, circle, side, class, month, successor: None });
        }
        let expires = (class != Class::Long).then_some(month);
        let (author_seq, readers) = (seq, None);
        commit.fills.push(Fill::Back(Box::new(NewRecord {
            circle,
            position,
            id,
            author,
            author_seq,
            record,
            expires,
            readers,
        })));
    }

    /// Moves on by what took the places of lost records.
    pub(super) fn fill(&mut self, commit: &Commit) {
        self.move_on(commit, 0);
        for fill in &commit.fills {
            let (circle, n) = match fill {
                Fill::Back(record) => {
                    let last = self.authors.entry((record.circle, record.author));
                    let last = last.or_insert((record.author_seq, record.id));
                    if record.author_seq > last.0 {
                        *last = (record.author_seq, record.id);
                    }
                    (record.circle, record.position.n)
                }
                Fill::Gone(circle, n) => (*circle, *n),
            };
            if let Some(of_circle) = self.lost.get_mut(&circle) {
                of_circle.remove(&n);
                if of_circle.is_empty() {
                    self.lost.remove(&circle);
                }
            }
        }
    }

    /// Moves on by a frame that is durable.
    pub(crate) fn apply(&mut self, admitted: Admitted, commit: &Commit, committed: &Committed) {
        self.log = admitted.log;
        self.epochs = admitted.epochs;
        for (mailbox, n) in &committed.wraps {
            let last = self.mailboxes.entry(*mailbox).or_default();
            *last = (*last).max(*n);
        }
        self.move_on(commit, committed.freed);
        // A copy takes no frame but the one that ends its waiting.
        self.elsewhere = Elsewhere::Here;
        self.past = None;
    }

    fn move_on(&mut self, commit: &Commit, freed: u64) {
        for record in &commit.records {
            self.tails.insert(record.circle, record.position);
            self.authors.insert((record.circle, record.author), (record.author_seq, record.id));
        }
        self.documents.extend(commit.documents.iter().map(|document| (document.document, *document)));
        for erasure in &commit.erasures {
            if let Some(document) = self.documents.get_mut(&erasure.document) {
                document.successor = Some(erasure.successor);
            }
        }
        let invites = commit.entries.iter().filter(|entry| entry.invite.is_some());
        self.invites.extend(invites.map(|entry| (entry.link.seq, commit.day)));
        self.bytes = self.bytes.saturating_add(commit.bytes()).saturating_sub(freed);
    }
}

fn erasure(new: &AdmittedRecord) -> Option<Erasure> {
    let (document, successor) = (new.header.document?, new.moved_to?);
    Some(Erasure { circle: new.header.circle, document, successor, record: new.id })
}

/// What a hold or a release changes about the blobs that it names.
pub(super) fn blob_changes(new: &AdmittedRecord) -> impl Iterator<Item = BlobChange> + '_ {
    let Header { circle, side, author, class, month, kind, .. } = new.header;
    let expires = (class != Class::Long).then_some(month);
    let held = new.blobs.iter().filter(move |_| kind == Kind::Hold).map(move |blob| BlobChange::Hold {
        blob: *blob,
        hold: HoldFact { circle, side, author },
        record: new.id,
        expires,
    });
    let ended =
        new.ended.iter().map(move |(blob, side)| BlobChange::Release { blob: *blob, circle, side: *side });
    held.chain(ended)
}
