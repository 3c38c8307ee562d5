//! The SQL of blobs.

use std::collections::BTreeMap;

use nestpost_protocol::blob::{HoldFact, Manifest};
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, Hash, HouseId, PersonId, RecordId};
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Month;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row as _, SqliteConnection};

use super::read::{blob, id, number};
use super::{database, int};
use crate::clock::Day;
use crate::store::{BlobChange, Parts, RESERVATION_DAYS, Reservation, Reserved, StoreError, StoredBlob};

type Result<T> = std::result::Result<T, StoreError>;

/// Stored as the day of a reservation once nobody holds a blob any more: long over.
const NO_DAY: i64 = 0;

/// The first day of which a reservation still counts.
const fn first_open_day(today: Day) -> i64 {
    today.index().saturating_sub(RESERVATION_DAYS as i64)
}

fn person_bytes(side: &Side) -> Option<Vec<u8>> {
    match side {
        Side::Staff => None,
        Side::Person(person) => Some(person.as_bytes().to_vec()),
    }
}

fn side(row: &SqliteRow, index: usize) -> Result<Side> {
    let person: Option<&[u8]> = row.try_get(index).map_err(database)?;
    person.map_or(Ok(Side::Staff), |person| {
        PersonId::from_slice(person).map(Side::Person).map_err(|_| StoreError::Corrupt)
    })
}

pub(super) async fn find(
    pool: &SqlitePool,
    house: HouseId,
    ids: &[BlobId],
) -> Result<Vec<(BlobId, StoredBlob)>> {
    // One transaction, so that a blob and its holds are of one moment.
    let mut transaction = pool.begin().await.map_err(database)?;
    let connection = &mut *transaction;
    let mut found = Vec::new();
    for id in ids {
        let row = sqlx::query(
            "select bytes, parts, here, reserver, reserved from blobs where house = $1 and blob = $2",
        )
        .bind(house.as_bytes().as_slice())
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(database)?;
        let Some(row) = row else { continue };
        let holds = holds(connection, house, id).await?;
        found.push((*id, stored(&row, holds)?));
    }
    transaction.rollback().await.map_err(database)?;
    Ok(found)
}

fn stored(row: &SqliteRow, holds: Vec<HoldFact>) -> Result<StoredBlob> {
    let (hashes, rest) = blob(row, 1)?.as_chunks::<{ Hash::LEN }>();
    if !rest.is_empty() {
        return Err(StoreError::Corrupt);
    }
    let parts = hashes.iter().map(|hash| Hash::new(*hash)).collect();
    let reserved: Option<i64> = row.try_get(4).map_err(database)?;
    Ok(StoredBlob {
        manifest: Manifest { bytes: number(row, 0)?, parts },
        here: Parts::from_bits(u32::try_from(number(row, 2)?).map_err(|_| StoreError::Corrupt)?),
        reserver: id!(row, 3, DeviceId),
        reserved: reserved.map(Day::from_index),
        holds,
    })
}

async fn holds(connection: &mut SqliteConnection, house: HouseId, blob: &BlobId) -> Result<Vec<HoldFact>> {
    let rows = sqlx::query("select circle, person, author from holds where house = $1 and blob = $2")
        .bind(house.as_bytes().as_slice())
        .bind(blob.as_bytes().as_slice())
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter()
        .map(|row| {
            let (circle, author) = (id!(row, 0, CircleId), id!(row, 2, DeviceId));
            Ok(HoldFact { circle, side: side(row, 1)?, author })
        })
        .collect()
}

pub(super) async fn reserved(
    pool: &SqlitePool,
    house: HouseId,
    device: DeviceId,
    today: Day,
) -> Result<Reserved> {
    let row = sqlx::query(
        "select count(*), coalesce(sum(bytes), 0) from blobs
         where house = $1 and reserver = $2 and reserved is not null and reserved >= $3",
    )
    .bind(house.as_bytes().as_slice())
    .bind(device.as_bytes().as_slice())
    .bind(first_open_day(today))
    .fetch_one(pool)
    .await
    .map_err(database)?;
    Ok(Reserved { count: number(&row, 0)?, bytes: number(&row, 1)? })
}

pub(super) async fn doomed(pool: &SqlitePool, count_max: usize) -> Result<Vec<(HouseId, BlobId)>> {
    let rows = sqlx::query("select house, blob from blob_deletions limit $1")
        .bind(i64::try_from(count_max).unwrap_or(i64::MAX))
        .fetch_all(pool)
        .await
        .map_err(database)?;
    rows.iter().map(|row| Ok((id!(row, 0, HouseId), id!(row, 1, BlobId)))).collect()
}

pub(super) async fn reserve(connection: &mut SqliteConnection, new: &Reservation) -> Result<u64> {
    let (house, blob) = (new.house.as_bytes().as_slice(), new.blob.as_bytes().as_slice());
    let hashes: Vec<u8> = new.manifest.parts.iter().flat_map(|hash| *hash.as_bytes()).collect();
    let inserted = sqlx::query(
        "insert into blobs (house, blob, bytes, parts, here, reserver, reserved)
         values ($1, $2, $3, $4, 0, $5, $6) on conflict (house, blob) do nothing",
    )
    .bind(house)
    .bind(blob)
    .bind(int(new.manifest.bytes))
    .bind(hashes)
    .bind(new.reserver.as_bytes().as_slice())
    .bind(new.day.index())
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    if inserted.rows_affected() > 0 {
        // Parts of a blob of the same id may lie there still. They are written again.
        sqlx::query("delete from blob_deletions where house = $1 and blob = $2")
            .bind(house)
            .bind(blob)
            .execute(&mut *connection)
            .await
            .map_err(database)?;
        sqlx::query("update houses set bytes = bytes + $2 where house = $1")
            .bind(house)
            .bind(int(new.manifest.bytes))
            .execute(connection)
            .await
            .map_err(database)?;
        return Ok(new.manifest.bytes);
    }
    let renewed = sqlx::query(
        "update blobs set reserver = $3, reserved = $4, here = case when $5 then 0 else here end
         where house = $1 and blob = $2 and reserved is not null",
    )
    .bind(house)
    .bind(blob)
    .bind(new.reserver.as_bytes().as_slice())
    .bind(new.day.index())
    .bind(new.afresh)
    .execute(connection)
    .await
    .map_err(database)?;
    if renewed.rows_affected() > 0 { Ok(0) } else { Err(StoreError::Conflict) }
}

pub(super) async fn note_part(
    connection: &mut SqliteConnection,
    house: HouseId,
    blob: BlobId,
    part: u32,
) -> Result<()> {
    let noted = sqlx::query("update blobs set here = here | $3 where house = $1 and blob = $2")
        .bind(house.as_bytes().as_slice())
        .bind(blob.as_bytes().as_slice())
        .bind(i64::from(Parts::only(part).bits()))
        .execute(connection)
        .await
        .map_err(database)?;
    if noted.rows_affected() > 0 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A hold or a release of an admitted frame.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    house: HouseId,
    change: &BlobChange,
) -> Result<()> {
    match change {
        BlobChange::Hold { blob, hold, record, expires } => {
            begin_hold(connection, house, blob, hold, record, *expires).await
        }
        BlobChange::Release { blob, circle, side } => end_hold(connection, house, blob, circle, side).await,
    }
}

async fn begin_hold(
    connection: &mut SqliteConnection,
    house: HouseId,
    blob: &BlobId,
    hold: &HoldFact,
    record: &RecordId,
    expires: Option<Month>,
) -> Result<()> {
    let (house, blob) = (house.as_bytes().as_slice(), blob.as_bytes().as_slice());
    // A hold without a month outlives every other.
    sqlx::query(
        "insert into holds (house, blob, circle, person, author, record, expires)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (house, blob, circle, coalesce(person, x'')) do update
         set record = excluded.record, expires = excluded.expires
         where expires is not null and (excluded.expires is null or excluded.expires > expires)",
    )
    .bind(house)
    .bind(blob)
    .bind(hold.circle.as_bytes().as_slice())
    .bind(person_bytes(&hold.side))
    .bind(hold.author.as_bytes().as_slice())
    .bind(record.as_bytes().as_slice())
    .bind(expires.map(|month| i64::from(month.index())))
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query("update blobs set reserved = null where house = $1 and blob = $2")
        .bind(house)
        .bind(blob)
        .execute(connection)
        .await
        .map_err(database)
        .map(|_| ())
}

async fn end_hold(
    connection: &mut SqliteConnection,
    house: HouseId,
    blob: &BlobId,
    circle: &CircleId,
    side: &Side,
) -> Result<()> {
    let (house, blob) = (house.as_bytes().as_slice(), blob.as_bytes().as_slice());
    sqlx::query(
        "delete from holds where house = $1 and blob = $2 and circle = $3
         and coalesce(person, x'') = coalesce($4, x'')",
    )
    .bind(house)
    .bind(blob)
    .bind(circle.as_bytes().as_slice())
    .bind(person_bytes(side))
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query(
        "update blobs set reserved = $3 where house = $1 and blob = $2 and reserved is null
         and not exists (select 1 from holds h where h.house = blobs.house and h.blob = blobs.blob)",
    )
    .bind(house)
    .bind(blob)
    .bind(NO_DAY)
    .execute(connection)
    .await
    .map_err(database)
    .map(|_| ())
}

/// Ends holds that expired before `now`, then forgets every blob that is neither held nor reserved. Adds up the bytes.
pub(super) async fn expire(
    connection: &mut SqliteConnection,
    now: Month,
    today: Day,
    freed: &mut BTreeMap<HouseId, u64>,
) -> Result<()> {
    let now = i64::from(now.index());
    sqlx::query(
        "update blobs set reserved = $2 where reserved is null
         and (house, blob) in (select house, blob from holds where expires is not null and expires < $1)
         and not exists (select 1 from holds h where h.house = blobs.house and h.blob = blobs.blob
                         and (h.expires is null or h.expires >= $1))",
    )
    .bind(now)
    .bind(NO_DAY)
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query("delete from holds where expires is not null and expires < $1")
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(database)?;

    let first = first_open_day(today);
    let rows = sqlx::query(
        "select house, sum(bytes) from blobs where reserved is not null and reserved < $1 group by house",
    )
    .bind(first)
    .fetch_all(&mut *connection)
    .await
    .map_err(database)?;
    for row in &rows {
        *freed.entry(id!(row, 0, HouseId)).or_default() += number(row, 1)?;
    }
    sqlx::query(
        "insert into blob_deletions (house, blob)
         select house, blob from blobs where reserved is not null and reserved < $1
         on conflict do nothing",
    )
    .bind(first)
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query("delete from blobs where reserved is not null and reserved < $1")
        .bind(first)
        .execute(connection)
        .await
        .map_err(database)
        .map(|_| ())
}

pub(super) async fn doom(connection: &mut SqliteConnection, house: HouseId, ids: &[BlobId]) -> Result<()> {
    for id in ids {
        sqlx::query(
            "insert into blob_deletions (house, blob) select $1, $2
             where not exists (select 1 from blobs where house = $1 and blob = $2)
             on conflict do nothing",
        )
        .bind(house.as_bytes().as_slice())
        .bind(id.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(database)?;
    }
    Ok(())
}

pub(super) async fn buried(connection: &mut SqliteConnection, blobs: &[(HouseId, BlobId)]) -> Result<()> {
    for (house, blob) in blobs {
        sqlx::query("delete from blob_deletions where house = $1 and blob = $2")
            .bind(house.as_bytes().as_slice())
            .bind(blob.as_bytes().as_slice())
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    Ok(())
}
