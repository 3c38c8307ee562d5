//! Pictures and files, as far as they concern an engine: rows of what is on its way, and what a driver needs to send and
//! fetch. The bytes themselves never pass through here.

use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::id::{BlobId, ItemId};
use nestpost_protocol::limit;
use nestpost_protocol::message::ClientMessage;
use serde::Serialize;

use crate::app::item::BlobRef;
use crate::app::{self, AppError};
use crate::crypto::BlobSecret;
use crate::house::{Alarm, Stage};
use crate::store::{Loaded, Table, Write, key_number, number_key};
use crate::transfers::{MediaKind, Prepared, Release, Row, SealedBlob, Stage as Sending, TransferEdit};

use super::session::Session;
use super::{Engine, Output};

const ROW_BYTES_MAX: usize = 64 << 10;

/// Something of this device on its way, for whoever prepares and sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// The item it becomes, hex.
    pub id: String,
    /// `kept`, `ready`, `sent`; or `failed`, where something of it is still here.
    pub stage: &'static str,
    /// `picture` or `file`.
    pub kind: MediaKind,
    /// Name of the file it came from.
    pub name: String,
    /// The circle that is to hold it, hex.
    pub circle: String,
    /// While it lies here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<OriginalKey>,
    /// Once it is prepared: the blob itself, then the small one. Of what is shared, `sealed` is 0.
    pub blobs: Vec<OwnBlobKey>,
    /// Place in its set.
    pub order: u16,
}

/// What opens an original on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OriginalKey {
    /// Hex.
    #[serde(with = "app::command::secret_hex")]
    pub secret: BlobSecret,
    /// Its length, bytes.
    pub bytes: u64,
}

/// What opens a blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlobKey {
    /// Hex.
    pub id: String,
    /// Hex.
    #[serde(with = "app::command::secret_hex")]
    pub secret: BlobSecret,
    /// Length of what is sealed, bytes.
    pub bytes: u64,
}

/// What opens a blob that was sealed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnBlobKey {
    /// Hex.
    pub id: String,
    /// Hex.
    #[serde(with = "app::command::secret_hex")]
    pub secret: BlobSecret,
    /// Length of what is sealed, bytes.
    pub bytes: u64,
    /// Length at the relay, bytes; 0 of what is only shared.
    pub sealed: u64,
}

/// What opens a picture or file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaKeys {
    /// Itself.
    pub full: BlobKey,
    /// Of a picture, the small one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<BlobKey>,
}

/// Which blobs belong to which item; no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaRow {
    /// Hex.
    pub item: String,
    /// The blob itself, hex.
    pub full: String,
    /// Of a picture, the small one, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<String>,
    /// Claimed time, milliseconds.
    pub at: u64,
}

/// Whether somebody waits for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ticket {
    #[default]
    Unwanted,
    Wanted,
    Asked,
}

impl From<&SealedBlob> for OwnBlobKey {
    fn from(sealed: &SealedBlob) -> Self {
        let BlobRef { id, secret, bytes } = &sealed.blob;
        Self { id: id.to_string(), secret: secret.clone(), bytes: *bytes, sealed: sealed.sealed }
    }
}

impl From<BlobRef> for BlobKey {
    fn from(blob: BlobRef) -> Self {
        Self { id: blob.id.to_string(), secret: blob.secret, bytes: blob.bytes }
    }
}

impl Engine {
    /// What is on its way, in the order of sending, and what was set aside and may be tried again.
    #[must_use]
    pub fn transfers(&self) -> Vec<Upload> {
        let under_way = self.house.transfers.all().filter_map(|transfer| {
            let stage = match &transfer.stage {
                Sending::Kept(_) => "kept",
                Sending::Ready(_) => "ready",
                Sending::Sent(_) => "sent",
                Sending::Failed(_, Some(_)) => "failed",
                Sending::Failed(_, None) => return None,
            };
            let original = transfer
                .original()
                .map(|original| OriginalKey { secret: original.secret.clone(), bytes: original.bytes });
            Some(Upload {
                id: transfer.item.to_string(),
                stage,
                kind: transfer.kind,
                name: transfer.name.clone(),
                circle: transfer.circle.to_string(),
                original,
                blobs: transfer
                    .prepared()
                    .into_iter()
                    .flat_map(|p| p.blobs())
                    .map(OwnBlobKey::from)
                    .collect(),
                order: transfer.order,
            })
        });
        under_way.collect()
    }

    /// What opens a picture or file; none when it is gone, or not for this device.
    #[must_use]
    pub fn media(&self, item: &ItemId) -> Option<MediaKeys> {
        let (full, thumb) = app::media_refs(&self.house, item)?;
        Some(MediaKeys { full: full.into(), thumb: thumb.map(BlobKey::from) })
    }

    /// All pictures and files that this device reads, newest first.
    #[must_use]
    pub fn media_index(&self) -> Vec<MediaRow> {
        let rows = app::media_index(&self.house).into_iter().map(|(item, at, full, thumb)| MediaRow {
            item: item.to_string(),
            full: full.to_string(),
            thumb: thumb.map(|id| id.to_string()),
            at,
        });
        rows.collect()
    }

    // ---- rows ----

    pub(super) fn change_transfer(&mut self, edit: TransferEdit) -> Result<(), AppError> {
        match edit {
            TransferEdit::Put(transfer) => {
                let key = match self.house.transfers.key_of(&transfer.item) {
                    Some(key) => key,
                    None => self.next_key(),
                };
                self.put_row(key, Row::Transfer(transfer))
            }
            TransferEdit::Drop(item) => {
                let Some(key) = self.house.transfers.key_of(&item) else { return Ok(()) };
                let held = self.outgoing.as_ref().is_some_and(|outgoing| outgoing.holds_row(key));
                // The relay may keep it already: it is told to let go, once it has answered.
                if let Some(Row::Transfer(transfer)) = self.drop_row(key)
                    && held
                {
                    let (circle, class) = (transfer.circle, transfer.class);
                    let blobs = transfer.prepared().into_iter().flat_map(Prepared::blobs);
                    let blobs: Vec<BlobId> = blobs.map(|sealed| sealed.blob.id).collect();
                    if !blobs.is_empty() {
                        self.change_transfer(TransferEdit::Release(Release { circle, class, blobs }))?;
                    }
                }
                Ok(())
            }
            TransferEdit::Release(release) => {
                let key = self.next_key();
                self.put_row(key, Row::Release(release))
            }
        }
    }

    pub(super) fn put_row(&mut self, key: u64, row: Row) -> Result<(), AppError> {
        let sealed = self.secrets.local.seal(&codec::encode(&row)).map_err(|_| AppError::Internal)?;
        self.writes.push(Write::put(Table::Transfer, number_key(key), sealed));
        self.house.transfers.put(key, row);
        self.changed = true;
        Ok(())
    }

    pub(super) fn drop_row(&mut self, key: u64) -> Option<Row> {
        let row = self.house.transfers.remove(key)?;
        self.doubts.remove(&key);
        self.writes.push(Write::delete(Table::Transfer, number_key(key)));
        self.changed = true;
        Some(row)
    }

    pub(super) fn load_transfer(&mut self, row: &Loaded) {
        let Some(key) = key_number(&row.key) else { return };
        self.next_key = self.next_key.max(key);
        let opened = self.secrets.local.open(&row.value).ok();
        match opened.and_then(|bytes| codec::decode::<Row>(&bytes, ROW_BYTES_MAX).ok()) {
            Some(row) => self.house.transfers.put(key, row),
            None => self.alarm(Alarm::Quarantined),
        }
    }

    /// The person stops the sending of pictures and files, or lets it go on.
    pub(super) fn pause_media(&mut self, paused: bool) {
        self.house.transfers.paused = paused;
        self.meta.media_paused = paused;
        self.write_meta();
        self.changed = true;
    }

    // ---- tickets ----

    pub(super) fn ticket_wanted(&mut self) {
        if self.ticket == Ticket::Unwanted {
            self.ticket = Ticket::Wanted;
        }
    }

    /// Asks for the ticket that somebody waits for, once there is somebody to ask.
    pub(super) fn ask_ticket(&mut self) {
        let live = self.session == Session::Live && self.house.stage == Stage::Member;
        if live && self.ticket == Ticket::Wanted {
            self.ticket = Ticket::Asked;
            self.send(&ClientMessage::Ticket);
        }
    }

    pub(super) fn take_ticket(&mut self, bytes: Bytes) {
        if self.ticket != Ticket::Asked || bytes.len() > limit::TICKET_BYTES_MAX {
            return self.garbage();
        }
        self.ticket = Ticket::Unwanted;
        self.out.push_back(Output::Ticket(bytes.into()));
    }

    /// The line is gone, and with it the question.
    pub(super) fn ask_ticket_again(&mut self) {
        if self.ticket == Ticket::Asked {
            self.ticket = Ticket::Wanted;
        }
    }
}
