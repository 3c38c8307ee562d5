//! All reading SQL, one function per query.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::epoch::{ReaderList, Wrap};
use nestpost_protocol::id::{
    Accumulator, CircleId, DeviceId, DocumentId, HouseId, Incarnation, InviteKey, PersonId, RecordId, Salt,
    Signature, WrapId,
};
use nestpost_protocol::limit;
use nestpost_protocol::log::{Link, OpenEntry};
use nestpost_protocol::record::{Position, Record, Side};
use nestpost_protocol::retention::{Class, Month};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row, SqliteConnection};

use super::{database, int, lost};
use crate::clock::Day;
use crate::store::{
    Elsewhere, Mailbox, PageLimit, Past, StoreError, StoredDocument, StoredHouse, StoredInvite, StoredRow,
    StoredWrap,
};

type Result<T> = std::result::Result<T, StoreError>;

/// Bytes of a column of fixed length, as an id.
macro_rules! id {
    ($row:expr, $index:expr, $type:ty) => {
        <$type>::from_slice(blob($row, $index)?).map_err(|_| StoreError::Corrupt)?
    };
}
pub(super) use id;

pub(super) fn blob(row: &SqliteRow, index: usize) -> Result<&[u8]> {
    row.try_get(index).map_err(database)
}

pub(super) fn number(row: &SqliteRow, index: usize) -> Result<u64> {
    let value: i64 = row.try_get(index).map_err(database)?;
    u64::try_from(value).map_err(|_| StoreError::Corrupt)
}

pub(super) fn bytes(row: &SqliteRow, index: usize) -> Result<Bytes> {
    blob(row, index).map(|slice| Bytes::from(slice.to_vec()))
}

pub(super) const fn class_number(class: Class) -> i64 {
    match class {
        Class::Short => 0,
        Class::Year => 1,
        Class::Long => 2,
    }
}

fn class(value: u64) -> Result<Class> {
    match value {
        0 => Ok(Class::Short),
        1 => Ok(Class::Year),
        2 => Ok(Class::Long),
        _ => Err(StoreError::Corrupt),
    }
}

fn reader_list(row: &SqliteRow, index: usize) -> Result<Option<ReaderList>> {
    let list: Option<&[u8]> = row.try_get(index).map_err(database)?;
    list.map(|list| codec::decode(list, limit::MESSAGE_BYTES_MAX).map_err(|_| StoreError::Corrupt))
        .transpose()
}

fn open_entry(row: &SqliteRow, entry: usize, salt: usize) -> Result<OpenEntry> {
    Ok(OpenEntry { entry: bytes(row, entry)?, salt: id!(row, salt, Salt) })
}

pub(super) async fn has_house(pool: &SqlitePool, house: HouseId) -> Result<bool> {
    sqlx::query("select 1 from houses where house = $1")
        .bind(house.as_bytes().as_slice())
        .fetch_optional(pool)
        .await
        .map_err(database)
        .map(|row| row.is_some())
}

/// One transaction, so that all parts are of one moment.
pub(super) async fn load(pool: &SqlitePool, house: HouseId) -> Result<Option<StoredHouse>> {
    let mut transaction = pool.begin().await.map_err(database)?;
    let connection = &mut *transaction;
    let key = house.as_bytes().as_slice();
    let Some(row) = sqlx::query("select incarnation, bytes, elsewhere, past from houses where house = $1")
        .bind(key)
        .fetch_optional(&mut *connection)
        .await
        .map_err(database)?
    else {
        return Ok(None);
    };
    let stored = StoredHouse {
        incarnation: id!(&row, 0, Incarnation),
        past: past(&row, 3)?,
        bytes: number(&row, 1)?,
        elsewhere: Elsewhere::from_number(row.try_get(2).map_err(database)?)?,
        entries: load_log(connection, key).await?,
        epochs: load_epochs(connection, key).await?,
        tails: load_tails(connection, key).await?,
        authors: load_authors(connection, key).await?,
        documents: load_documents(connection, key).await?,
        wraps: load_mailboxes(connection, key).await?,
        invites: load_invites(connection, key).await?,
        lost: lost::load(connection, key).await?,
    };
    transaction.rollback().await.map_err(database)?;
    Ok(Some(stored))
}

fn past(row: &SqliteRow, index: usize) -> Result<Option<Past>> {
    let Some(bytes) = row.try_get::<Option<&[u8]>, _>(index).map_err(database)? else { return Ok(None) };
    let (incarnation, start) = bytes.split_at_checked(16).ok_or(StoreError::Corrupt)?;
    let id = |bytes| Incarnation::from_slice(bytes).map_err(|_| StoreError::Corrupt);
    Ok(Some(Past { incarnation: id(incarnation)?, start: id(start)? }))
}

async fn load_log(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(Link, OpenEntry)>> {
    let rows = sqlx::query("select link, entry, salt from log where house = $1 order by seq")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter()
        .map(|row| {
            let link =
                codec::decode(blob(row, 0)?, limit::ENTRY_BYTES_MAX).map_err(|_| StoreError::Corrupt)?;
            Ok((link, open_entry(row, 1, 2)?))
        })
        .collect()
}

async fn load_epochs(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(Record, ReaderList)>> {
    let rows = sqlx::query(
        "select r.header, r.signature, r.body, l.list from records r
         join reader_lists l on l.house = r.house and l.id = r.id
         where r.house = $1 and r.body is not null order by r.ord",
    )
    .bind(house)
    .fetch_all(connection)
    .await
    .map_err(database)?;
    rows.iter()
        .map(|row| {
            let record =
                Record { header: bytes(row, 0)?, signature: id!(row, 1, Signature), body: bytes(row, 2)? };
            Ok((record, reader_list(row, 3)?.ok_or(StoreError::Corrupt)?))
        })
        .collect()
}

async fn load_tails(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(CircleId, Position)>> {
    // SQLite takes `acc` from the row of the maximum.
    let rows = sqlx::query("select circle, max(n), acc from records where house = $1 group by circle")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter()
        .map(|row| {
            Ok((id!(row, 0, CircleId), Position { n: number(row, 1)?, acc: id!(row, 2, Accumulator) }))
        })
        .collect()
}

async fn load_authors(
    connection: &mut SqliteConnection,
    house: &[u8],
) -> Result<Vec<(CircleId, DeviceId, u64, RecordId)>> {
    let rows = sqlx::query("select circle, device, seq, id from authors where house = $1")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter()
        .map(|row| Ok((id!(row, 0, CircleId), id!(row, 1, DeviceId), number(row, 2)?, id!(row, 3, RecordId))))
        .collect()
}

async fn load_documents(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<StoredDocument>> {
    let rows = sqlx::query(
        "select document, circle, person, class, month, successor from documents where house = $1",
    )
    .bind(house)
    .fetch_all(connection)
    .await
    .map_err(database)?;
    rows.iter()
        .map(|row| {
            let person: Option<&[u8]> = row.try_get(2).map_err(database)?;
            let side = match person {
                None => Side::Staff,
                Some(person) => Side::Person(PersonId::from_slice(person).map_err(|_| StoreError::Corrupt)?),
            };
            let month = u32::try_from(number(row, 4)?).map_err(|_| StoreError::Corrupt)?;
            let successor: Option<&[u8]> = row.try_get(5).map_err(database)?;
            let successor = successor.map(DocumentId::from_slice).transpose();
            Ok(StoredDocument {
                document: id!(row, 0, DocumentId),
                circle: id!(row, 1, CircleId),
                side,
                class: class(number(row, 3)?)?,
                month: Month::from_index(month),
                successor: successor.map_err(|_| StoreError::Corrupt)?,
            })
        })
        .collect()
}

async fn load_mailboxes(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(Mailbox, i64)>> {
    let rows = sqlx::query("select addressee, max(n) from wraps where house = $1 group by addressee")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter()
        .map(|row| Ok((Mailbox::from_bytes(blob(row, 0)?)?, row.try_get(1).map_err(database)?)))
        .collect()
}

async fn load_invites(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(u64, Day)>> {
    let rows = sqlx::query("select seq, day from invites where house = $1")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter().map(|row| Ok((number(row, 0)?, Day::from_index(row.try_get(1).map_err(database)?)))).collect()
}

/// Adds up a page and says when it is full.
pub(super) struct Page {
    limit: PageLimit,
    rows: usize,
    bytes: usize,
}

impl Page {
    pub(super) const fn new(limit: PageLimit) -> Self {
        Self { limit, rows: 0, bytes: 0 }
    }

    /// Counts one more row; whether the page is full with it.
    pub(super) const fn add(&mut self, bytes: usize) -> bool {
        self.rows += 1;
        self.bytes += bytes;
        self.rows >= self.limit.rows_max || self.bytes >= self.limit.bytes_target
    }
}

pub(super) async fn entries(
    pool: &SqlitePool,
    house: HouseId,
    seqs: &[u64],
    limit: PageLimit,
) -> Result<Vec<(u64, OpenEntry)>> {
    let mut connection = pool.acquire().await.map_err(database)?;
    let mut page = Page::new(limit);
    let mut entries = Vec::new();
    for seq in seqs {
        let row = sqlx::query("select entry, salt from log where house = $1 and seq = $2")
            .bind(house.as_bytes().as_slice())
            .bind(int(*seq))
            .fetch_optional(&mut *connection)
            .await
            .map_err(database)?;
        let Some(row) = row else { continue };
        let entry = open_entry(&row, 0, 1)?;
        let full = page.add(entry.entry.len());
        entries.push((*seq, entry));
        if full {
            break;
        }
    }
    Ok(entries)
}

pub(super) async fn records(
    pool: &SqlitePool,
    house: HouseId,
    circle: CircleId,
    after: u64,
    without: Option<DeviceId>,
    limit: PageLimit,
) -> Result<Vec<StoredRow>> {
    let without = without.map(|device| device.as_bytes().to_vec());
    let mut rows = sqlx::query(
        "select r.n, r.id, r.body is null, l.list,
                case when r.author = $4 then null else r.header end, r.signature,
                case when r.author = $4 then null else r.body end, r.lost
         from records r left join reader_lists l on l.house = r.house and l.id = r.id
         where r.house = $1 and r.circle = $2 and r.n > $3 order by r.n limit $5",
    )
    .bind(house.as_bytes().as_slice())
    .bind(circle.as_bytes().as_slice())
    .bind(int(after))
    .bind(without)
    .bind(i64::try_from(limit.rows_max).unwrap_or(i64::MAX))
    .fetch(pool);
    let mut page = Page::new(limit);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(database)? {
        let body: Option<&[u8]> = row.try_get(6).map_err(database)?;
        let record = match body {
            None => None,
            Some(body) => Some(Record {
                header: bytes(&row, 4)?,
                signature: id!(&row, 5, Signature),
                body: Bytes::from(body.to_vec()),
            }),
        };
        let readers = reader_list(&row, 3)?;
        let size = record.as_ref().map_or(0, |r| r.header.len() + r.body.len())
            + readers.as_ref().map_or(0, |list| list.rows.len() * 96);
        found.push(StoredRow {
            n: number(&row, 0)?,
            id: id!(&row, 1, RecordId),
            record,
            gone: row.try_get(2).map_err(database)?,
            lost: is_lost(&row, 7)?,
            readers,
        });
        if page.add(size) {
            break;
        }
    }
    Ok(found)
}

/// Whether a record was lost.
pub(super) fn is_lost(row: &SqliteRow, index: usize) -> Result<bool> {
    row.try_get::<Option<i64>, _>(index).map_err(database).map(|lost| lost.is_some())
}

pub(super) async fn known(
    pool: &SqlitePool,
    house: HouseId,
    ids: &[RecordId],
) -> Result<Vec<(RecordId, CircleId, u64)>> {
    let mut connection = pool.acquire().await.map_err(database)?;
    let mut found = Vec::new();
    for id in ids {
        let row = sqlx::query("select circle, n from records where house = $1 and id = $2")
            .bind(house.as_bytes().as_slice())
            .bind(id.as_bytes().as_slice())
            .fetch_optional(&mut *connection)
            .await
            .map_err(database)?;
        if let Some(row) = row {
            found.push((*id, id!(&row, 0, CircleId), number(&row, 1)?));
        }
    }
    Ok(found)
}

pub(super) async fn known_wraps(pool: &SqlitePool, house: HouseId, ids: &[WrapId]) -> Result<Vec<WrapId>> {
    let mut connection = pool.acquire().await.map_err(database)?;
    let mut found = Vec::new();
    for id in ids {
        let row = sqlx::query("select 1 from wraps where house = $1 and id = $2")
            .bind(house.as_bytes().as_slice())
            .bind(id.as_bytes().as_slice())
            .fetch_optional(&mut *connection)
            .await
            .map_err(database)?;
        if row.is_some() {
            found.push(*id);
        }
    }
    Ok(found)
}

pub(super) async fn accumulator(
    pool: &SqlitePool,
    house: HouseId,
    circle: CircleId,
    n: u64,
) -> Result<Option<Accumulator>> {
    let row = sqlx::query("select acc from records where house = $1 and circle = $2 and n = $3")
        .bind(house.as_bytes().as_slice())
        .bind(circle.as_bytes().as_slice())
        .bind(int(n))
        .fetch_optional(pool)
        .await
        .map_err(database)?;
    row.map(|row| Ok(id!(&row, 0, Accumulator))).transpose()
}

pub(super) async fn wraps(
    pool: &SqlitePool,
    house: HouseId,
    mailbox: Mailbox,
    device: DeviceId,
    after: i64,
    all: bool,
    limit: PageLimit,
) -> Result<Vec<StoredWrap>> {
    let mut rows = sqlx::query(
        "select w.n, w.head, w.signature, w.file from wraps w
         where w.house = $1 and w.addressee = $2 and w.n > $3
           and ($4 or not exists (select 1 from wrap_acks a where a.wrap = w.n and a.device = $5))
         order by w.n limit $6",
    )
    .bind(house.as_bytes().as_slice())
    .bind(mailbox.as_bytes())
    .bind(after)
    .bind(all)
    .bind(device.as_bytes().as_slice())
    .bind(i64::try_from(limit.rows_max).unwrap_or(i64::MAX))
    .fetch(pool);
    let mut page = Page::new(limit);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(database)? {
        let wrap = Wrap { head: bytes(&row, 1)?, signature: id!(&row, 2, Signature), file: bytes(&row, 3)? };
        let size = wrap.head.len() + wrap.file.len();
        found.push(StoredWrap { n: row.try_get(0).map_err(database)?, wrap });
        if page.add(size) {
            break;
        }
    }
    Ok(found)
}

pub(super) async fn invite(pool: &SqlitePool, key: InviteKey) -> Result<Option<StoredInvite>> {
    let row = sqlx::query("select house, seq, day from invites where key = $1")
        .bind(key.as_bytes().as_slice())
        .fetch_optional(pool)
        .await
        .map_err(database)?;
    row.map(|row| {
        Ok(StoredInvite {
            house: id!(&row, 0, HouseId),
            seq: number(&row, 1)?,
            day: Day::from_index(row.try_get(2).map_err(database)?),
        })
    })
    .transpose()
}

pub(super) async fn columns(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'",
    )
    .fetch_all(connection)
    .await
    .map_err(database)?;
    let mut columns = BTreeSet::new();
    for row in &rows {
        let table: String = row.try_get(0).map_err(database)?;
        let column: String = row.try_get(1).map_err(database)?;
        columns.insert(format!("{table}.{column}"));
    }
    Ok(columns.into_iter().collect())
}
