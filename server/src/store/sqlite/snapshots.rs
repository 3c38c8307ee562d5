//! Snapshots of documents, and the records that they stand for.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::id::{CircleId, DocumentId, HouseId, RecordId, Signature};
use nestpost_protocol::limit;
use nestpost_protocol::record::{Header, Kind, Record};
use nestpost_protocol::retention::Month;
use nestpost_protocol::snapshot::{LastRecord, Written};
use sqlx::sqlite::SqlitePool;
use sqlx::{Row as _, SqliteConnection};

use super::read::{Page, blob, bytes, id, is_lost, number};
use super::{database, int};
use crate::store::{NewSnapshot, PageLimit, StoreError, StoredRow, StoredSnapshot};

type Result<T> = std::result::Result<T, StoreError>;

/// Puts it in the place of the one before. Returns the bytes that this adds, and those it frees.
pub(super) async fn keep(connection: &mut SqliteConnection, new: &NewSnapshot) -> Result<(u64, u64)> {
    let freed = forget(connection, new.house, new.document).await?;
    sqlx::query(
        "insert into snapshots (house, document, circle, covers, header, signature, body, expires)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.house.as_bytes().as_slice())
    .bind(new.document.as_bytes().as_slice())
    .bind(new.circle.as_bytes().as_slice())
    .bind(int(new.covers))
    .bind(new.record.header.as_slice())
    .bind(new.record.signature.as_bytes().as_slice())
    .bind(new.record.body.as_slice())
    .bind(new.expires.map(|month| i64::from(month.index())))
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    let added = new.bytes();
    sqlx::query("update houses set bytes = max(bytes + $2 - $3, 0) where house = $1")
        .bind(new.house.as_bytes().as_slice())
        .bind(int(added))
        .bind(int(freed))
        .execute(connection)
        .await
        .map_err(database)?;
    Ok((added, freed))
}

/// Forgets that of a document. Returns the bytes freed.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    house: HouseId,
    document: DocumentId,
) -> Result<u64> {
    let row = sqlx::query(
        "delete from snapshots where house = $1 and document = $2 returning length(header) + length(body)",
    )
    .bind(house.as_bytes().as_slice())
    .bind(document.as_bytes().as_slice())
    .fetch_optional(connection)
    .await
    .map_err(database)?;
    row.map_or(Ok(0), |row| number(&row, 0))
}

/// Forgets those whose documents expired.
pub(super) async fn expire(
    connection: &mut SqliteConnection,
    now: Month,
    freed: &mut BTreeMap<HouseId, u64>,
) -> Result<()> {
    let rows = sqlx::query(
        "delete from snapshots where expires is not null and expires < $1
         returning house, length(header) + length(body)",
    )
    .bind(i64::from(now.index()))
    .fetch_all(connection)
    .await
    .map_err(database)?;
    for row in &rows {
        *freed.entry(id!(row, 0, HouseId)).or_default() += number(row, 1)?;
    }
    Ok(())
}

pub(super) async fn page(
    pool: &SqlitePool,
    house: HouseId,
    circle: CircleId,
    after: Option<DocumentId>,
    limit: PageLimit,
) -> Result<Vec<StoredSnapshot>> {
    let after = after.map(|document| document.as_bytes().to_vec()).unwrap_or_default();
    let mut rows = sqlx::query(
        "select document, covers, header, signature, body from snapshots
         where house = $1 and circle = $2 and document > $3 order by document limit $4",
    )
    .bind(house.as_bytes().as_slice())
    .bind(circle.as_bytes().as_slice())
    .bind(after)
    .bind(i64::try_from(limit.rows_max).unwrap_or(i64::MAX))
    .fetch(pool);
    let mut page = Page::new(limit);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(database)? {
        let record =
            Record { header: bytes(&row, 2)?, signature: id!(&row, 3, Signature), body: bytes(&row, 4)? };
        let size = record.header.len() + record.body.len();
        found.push(StoredSnapshot { document: id!(&row, 0, DocumentId), covers: number(&row, 1)?, record });
        if page.add(size) {
            break;
        }
    }
    Ok(found)
}

/// Every device's last record in a document. A record names its document in its header: field 6, 16 random bytes, which
/// stand in no other.
pub(super) async fn written(
    pool: &SqlitePool,
    house: HouseId,
    circle: CircleId,
    document: DocumentId,
) -> Result<Vec<Written>> {
    let named = [&[6, 0x50][..], document.as_bytes()].concat();
    let rows = sqlx::query(
        "select n, id, header from records
         where house = $1 and circle = $2 and body is not null and instr(header, $3) > 0 order by n",
    )
    .bind(house.as_bytes().as_slice())
    .bind(circle.as_bytes().as_slice())
    .bind(named)
    .fetch_all(pool)
    .await
    .map_err(database)?;
    let mut written = BTreeMap::new();
    for row in &rows {
        let header: Header =
            codec::decode(blob(row, 2)?, limit::RECORD_HEADER_BYTES_MAX).map_err(|_| StoreError::Corrupt)?;
        if header.document == Some(document) && matches!(header.kind, Kind::Batch | Kind::Rewrite) {
            let (device, seq) = (header.author, header.seq);
            let last = LastRecord { device, seq, record: id!(row, 1, RecordId) };
            written.insert(device, Written { last, n: number(row, 0)? });
        }
    }
    Ok(written.into_values().collect())
}

/// These positions of a circle, in the order asked for; unknown ones are left out.
pub(super) async fn rows(
    pool: &SqlitePool,
    house: HouseId,
    circle: CircleId,
    ns: &[u64],
    limit: PageLimit,
) -> Result<Vec<StoredRow>> {
    let mut connection = pool.acquire().await.map_err(database)?;
    let mut page = Page::new(limit);
    let mut found = Vec::new();
    for n in ns {
        let row = sqlx::query(
            "select id, header, signature, body, lost from records where house = $1 and circle = $2 and n = $3",
        )
        .bind(house.as_bytes().as_slice())
        .bind(circle.as_bytes().as_slice())
        .bind(int(*n))
        .fetch_optional(&mut *connection)
        .await
        .map_err(database)?;
        let Some(row) = row else { continue };
        let body: Option<&[u8]> = row.try_get(3).map_err(database)?;
        let record = match body {
            None => None,
            Some(body) => Some(Record {
                header: bytes(&row, 1)?,
                signature: id!(&row, 2, Signature),
                body: Bytes::from(body.to_vec()),
            }),
        };
        let size = record.as_ref().map_or(0, |record| record.header.len() + record.body.len());
        let gone = record.is_none();
        let (id, lost) = (id!(&row, 0, RecordId), is_lost(&row, 4)?);
        found.push(StoredRow { n: *n, id, record, gone, lost, readers: None });
        if page.add(size) {
            break;
        }
    }
    Ok(found)
}
