//! The one writer: takes what waits, keeps it in one transaction, then tells everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use nestpost_protocol::codec;
use nestpost_protocol::id::{BlobId, DeviceId, HouseId, WrapId};
use nestpost_protocol::limit;
use nestpost_protocol::record::Header;
use nestpost_protocol::retention::Month;
use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::read::{blob, id, number};
use super::{blobs, database, int, lost, snapshots};
use crate::clock::Day;
use crate::store::{
    Anew, Commit, Committed, Elsewhere, Erasure, NewEntry, NewRecord, NewSnapshot, NewWrap, Reservation,
    StoreError, StoredDocument,
};

/// Jobs in one transaction.
const GROUP_MAX: usize = 64;

pub(super) enum Task {
    Commit(Arc<Commit>),
    BeginAnew(HouseId, Anew),
    Snapshot(Box<NewSnapshot>),
    Acknowledge { house: HouseId, device: DeviceId, wraps: Vec<WrapId> },
    Reserve(Reservation),
    NotePart { house: HouseId, blob: BlobId, part: u32 },
    Expire(Month, Day),
    ForgetDissolved(Day),
    Doom { house: HouseId, ids: Vec<BlobId> },
    Buried(Vec<(HouseId, BlobId)>),
}

pub(super) enum Outcome {
    Committed(Committed),
    Kept { added: u64, freed: u64 },
    Reserved(u64),
    Expired(Vec<(HouseId, u64)>),
    Forgotten(Vec<HouseId>),
    Done,
}

pub(super) struct Job {
    pub(super) task: Task,
    pub(super) reply: oneshot::Sender<Result<Outcome, StoreError>>,
}

/// How much there was when the store was opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    record: i64,
    wrap: i64,
}

impl Opened {
    pub(super) async fn at(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let row = sqlx::query(
            "select (select coalesce(max(ord), 0) from records), (select coalesce(max(n), 0) from wraps)",
        )
        .fetch_one(connection)
        .await
        .map_err(database)?;
        let number = |index| row.try_get(index).map_err(database);
        Ok(Self { record: number(0)?, wrap: number(1)? })
    }
}

/// Until every sender is gone.
pub(super) async fn run(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Job>, opened: Opened) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
        let outcomes = match transaction(&mut connection, opened, &group).await {
            Ok(outcomes) => outcomes,
            // One job's failure may have taken the transaction with it: each alone, so that it harms nobody else.
            Err(_) if group.len() > 1 => {
                let mut outcomes = Vec::with_capacity(group.len());
                for job in &group {
                    outcomes.push(alone(&mut connection, opened, job).await);
                }
                outcomes
            }
            Err(error) => vec![Err(error)],
        };
        let deletes = |job: &Job| match &job.task {
            Task::Expire(..) | Task::ForgetDissolved(_) | Task::Buried(_) => true,
            Task::Commit(frame) => !frame.erasures.is_empty(),
            _ => false,
        };
        if group.iter().any(deletes) {
            truncate_log(&mut connection).await;
        }
        for (job, outcome) in group.drain(..).zip(outcomes) {
            // Whoever asked may have gone: the frame is kept all the same.
            let _ = job.reply.send(outcome);
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the database failed");
    }
}

/// What was overwritten would stay readable in the write-ahead log, and in the file until the log is copied back.
async fn truncate_log(connection: &mut SqliteConnection) {
    let row = sqlx::query("pragma wal_checkpoint(truncate)").fetch_one(connection).await;
    match row.and_then(|row| row.try_get::<i64, _>(0)) {
        Ok(0) => {}
        Ok(_) => tracing::info!("somebody was reading: what expired leaves the disk with the next sweep"),
        Err(error) => tracing::warn!(%error, "checkpoint after expiry failed"),
    }
}

type Outcomes = Vec<Result<Outcome, StoreError>>;

async fn alone(connection: &mut SqliteConnection, opened: Opened, job: &Job) -> Result<Outcome, StoreError> {
    let mut outcomes = transaction(connection, opened, std::slice::from_ref(job)).await?;
    outcomes.pop().unwrap_or(Err(StoreError::Closed))
}

/// `Err`: nothing of the group was kept.
async fn transaction(
    connection: &mut SqliteConnection,
    opened: Opened,
    group: &[Job],
) -> Result<Outcomes, StoreError> {
    statement(connection, "begin immediate").await?;
    let outcomes = match jobs(connection, opened, group).await {
        Ok(outcomes) => outcomes,
        Err(error) => {
            rollback(connection).await;
            return Err(error);
        }
    };
    if let Err(error) = statement(connection, "commit").await {
        rollback(connection).await;
        return Err(error);
    }
    Ok(outcomes)
}

async fn jobs(
    connection: &mut SqliteConnection,
    opened: Opened,
    group: &[Job],
) -> Result<Outcomes, StoreError> {
    let mut outcomes = Vec::with_capacity(group.len());
    for job in group {
        statement(connection, "savepoint job").await?;
        match task(connection, opened, &job.task).await {
            Ok(outcome) => outcomes.push(Ok(outcome)),
            // Where SQLite has rolled back everything by itself (a full disk), the savepoint is gone too.
            Err(error) if statement(connection, "rollback to job").await.is_err() => return Err(error),
            Err(error) => outcomes.push(Err(error)),
        }
        statement(connection, "release job").await?;
    }
    Ok(outcomes)
}

async fn rollback(connection: &mut SqliteConnection) {
    // SQLite has often rolled back by itself; then this fails, and that is fine.
    if let Err(error) = statement(connection, "rollback").await {
        tracing::debug!(%error, "nothing to roll back");
    }
}

async fn statement(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    sqlx::query(sql).execute(connection).await.map_err(database).map(|_| ())
}

async fn task(connection: &mut SqliteConnection, opened: Opened, task: &Task) -> Result<Outcome, StoreError> {
    match task {
        Task::Commit(frame) => commit(connection, frame).await.map(Outcome::Committed),
        Task::Snapshot(new) => {
            snapshots::keep(connection, new).await.map(|(added, freed)| Outcome::Kept { added, freed })
        }
        Task::BeginAnew(house, anew) => {
            begin_anew(connection, opened, *house, anew).await.map(|()| Outcome::Done)
        }
        Task::Acknowledge { house, device, wraps } => {
            acknowledge(connection, *house, *device, wraps).await.map(|()| Outcome::Done)
        }
        Task::Reserve(new) => blobs::reserve(connection, new).await.map(Outcome::Reserved),
        Task::NotePart { house, blob, part } => {
            blobs::note_part(connection, *house, *blob, *part).await.map(|()| Outcome::Done)
        }
        Task::Expire(now, today) => expire(connection, *now, *today).await.map(Outcome::Expired),
        Task::ForgetDissolved(before) => forget_dissolved(connection, *before).await.map(Outcome::Forgotten),
        Task::Doom { house, ids } => blobs::doom(connection, *house, ids).await.map(|()| Outcome::Done),
        Task::Buried(ids) => blobs::buried(connection, ids).await.map(|()| Outcome::Done),
    }
}

async fn commit(connection: &mut SqliteConnection, frame: &Commit) -> Result<Committed, StoreError> {
    let house = frame.house;
    if let Some(incarnation) = frame.founds {
        sqlx::query("insert into houses (house, incarnation, bytes) values ($1, $2, 0)")
            .bind(house.as_bytes().as_slice())
            .bind(incarnation.as_bytes().as_slice())
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    for entry in &frame.entries {
        insert_entry(connection, frame, entry).await?;
    }
    for document in &frame.documents {
        insert_document(connection, house, document).await?;
    }
    for record in &frame.records {
        insert_record(connection, house, record).await?;
    }
    for stub in &frame.stubs {
        lost::insert_stub(connection, house, stub).await?;
    }
    for fill in &frame.fills {
        lost::fill(connection, house, fill).await?;
    }
    let mut committed = Committed::default();
    for erasure in &frame.erasures {
        committed.freed += erase(connection, house, erasure).await?;
    }
    for change in &frame.blobs {
        blobs::change(connection, house, change).await?;
    }
    for wrap in &frame.wraps {
        if let Some(n) = insert_wrap(connection, house, wrap).await? {
            committed.wraps.push((wrap.mailbox, n));
        }
    }
    sqlx::query("update houses set bytes = max(bytes + $2 - $3, 0) where house = $1")
        .bind(house.as_bytes().as_slice())
        .bind(int(frame.bytes()))
        .bind(int(committed.freed))
        .execute(&mut *connection)
        .await
        .map_err(database)?;
    if frame.resumes {
        sqlx::query("update houses set elsewhere = null, past = null where house = $1")
            .bind(house.as_bytes().as_slice())
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    if frame.dissolves {
        sqlx::query("update houses set dissolved = $2 where house = $1")
            .bind(house.as_bytes().as_slice())
            .bind(frame.day.index())
            .execute(connection)
            .await
            .map_err(database)?;
    }
    Ok(committed)
}

/// What came since the store was opened came on top of a history that lacked something.
async fn begin_anew(
    connection: &mut SqliteConnection,
    opened: Opened,
    house: HouseId,
    anew: &Anew,
) -> Result<(), StoreError> {
    let key = house.as_bytes().as_slice();
    // Each author goes on from before their first such record.
    let rows = sqlx::query(
        "select circle, author, header from records where house = $1 and ord > $2 and header is not null
         order by ord desc",
    )
    .bind(key)
    .bind(opened.record)
    .fetch_all(&mut *connection)
    .await
    .map_err(database)?;
    for row in &rows {
        let header: Header =
            codec::decode(blob(row, 2)?, limit::RECORD_HEADER_BYTES_MAX).map_err(|_| StoreError::Corrupt)?;
        let sql = match header.prev {
            Some(_) => {
                "update authors set seq = $4, id = $5 where house = $1 and circle = $2 and device = $3"
            }
            None => "delete from authors where house = $1 and circle = $2 and device = $3",
        };
        sqlx::query(sql)
            .bind(key)
            .bind(blob(row, 0)?)
            .bind(blob(row, 1)?)
            .bind(int(header.seq.saturating_sub(1)))
            .bind(header.prev.map(|prev| prev.as_bytes().to_vec()))
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    for (sql, from) in [
        (
            "update houses set bytes = max(0, bytes - (select coalesce(sum(length(header) + length(body)), 0)
             from records where house = $1 and ord > $2)) where house = $1",
            opened.record,
        ),
        (
            "update houses set bytes = max(0, bytes - (select coalesce(sum(length(header) + length(body)), 0)
             from snapshots where house = $1 and covers > $2)) where house = $1",
            -1,
        ),
        // A cache: whoever keeps documents makes others.
        ("delete from snapshots where house = $1 and covers > $2", -1),
        (
            "delete from reader_lists where house = $1
             and id in (select id from records where house = $1 and ord > $2)",
            opened.record,
        ),
        ("delete from records where house = $1 and ord > $2", opened.record),
        (
            "delete from wrap_acks where wrap in (select n from wraps where house = $1 and n > $2)",
            opened.wrap,
        ),
        ("delete from wraps where house = $1 and n > $2", opened.wrap),
        ("delete from invites where house = $1 and seq >= $2", int(anew.log_from)),
        ("delete from log where house = $1 and seq >= $2", int(anew.log_from)),
    ] {
        sqlx::query(sql).bind(key).bind(from).execute(&mut *connection).await.map_err(database)?;
    }
    sqlx::query("update houses set incarnation = $2, past = $3, elsewhere = $4 where house = $1")
        .bind(key)
        .bind(anew.incarnation.as_bytes().as_slice())
        .bind([anew.past.incarnation.as_bytes().as_slice(), anew.past.start.as_bytes()].concat())
        .bind(Elsewhere::Awaits.number())
        .execute(connection)
        .await
        .map_err(database)
        .map(|_| ())
}

async fn insert_entry(
    connection: &mut SqliteConnection,
    frame: &Commit,
    new: &NewEntry,
) -> Result<(), StoreError> {
    let house = frame.house.as_bytes().as_slice();
    sqlx::query("insert into log (house, seq, link, entry, salt) values ($1, $2, $3, $4, $5)")
        .bind(house)
        .bind(int(new.link.seq))
        .bind(codec::encode(&new.link))
        .bind(new.entry.entry.as_slice())
        .bind(new.entry.salt.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(database)?;
    if let Some(key) = new.invite {
        sqlx::query(
            "insert into invites (key, house, seq, day) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(key.as_bytes().as_slice())
        .bind(house)
        .bind(int(new.link.seq))
        .bind(frame.day.index())
        .execute(connection)
        .await
        .map_err(database)?;
    }
    Ok(())
}

async fn insert_document(
    connection: &mut SqliteConnection,
    house: HouseId,
    new: &StoredDocument,
) -> Result<(), StoreError> {
    sqlx::query("insert into documents (house, document, circle, person, class, month) values ($1, $2, $3, $4, $5, $6)")
        .bind(house.as_bytes().as_slice())
        .bind(new.document.as_bytes().as_slice())
        .bind(new.circle.as_bytes().as_slice())
        .bind(new.person().map(|person| person.as_bytes().to_vec()))
        .bind(super::read::class_number(new.class))
        .bind(i64::from(new.month.index()))
        .execute(connection)
        .await
        .map_err(database)
        .map(|_| ())
}

async fn insert_record(
    connection: &mut SqliteConnection,
    house: HouseId,
    new: &NewRecord,
) -> Result<(), StoreError> {
    let house = house.as_bytes().as_slice();
    sqlx::query(
        "insert into records (house, circle, n, id, acc, author, header, signature, body, expires)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(house)
    .bind(new.circle.as_bytes().as_slice())
    .bind(int(new.position.n))
    .bind(new.id.as_bytes().as_slice())
    .bind(new.position.acc.as_bytes().as_slice())
    .bind(new.author.as_bytes().as_slice())
    .bind(new.record.header.as_slice())
    .bind(new.record.signature.as_bytes().as_slice())
    .bind(new.record.body.as_slice())
    .bind(new.expires.map(|month| i64::from(month.index())))
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query(
        "insert into authors (house, circle, device, seq, id) values ($1, $2, $3, $4, $5)
         on conflict (house, circle, device) do update set seq = excluded.seq, id = excluded.id",
    )
    .bind(house)
    .bind(new.circle.as_bytes().as_slice())
    .bind(new.author.as_bytes().as_slice())
    .bind(int(new.author_seq))
    .bind(new.id.as_bytes().as_slice())
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    if let Some(list) = &new.readers {
        sqlx::query("insert into reader_lists (house, id, list) values ($1, $2, $3)")
            .bind(house)
            .bind(new.id.as_bytes().as_slice())
            .bind(codec::encode(list))
            .execute(connection)
            .await
            .map_err(database)?;
    }
    Ok(())
}

/// Leaves of a document's records nothing but stubs, the record apart that says so. Returns the bytes freed. A record names
/// its document in its header: field 6, 16 random bytes, which stand in no other.
async fn erase(
    connection: &mut SqliteConnection,
    house: HouseId,
    erasure: &Erasure,
) -> Result<u64, StoreError> {
    let named = [&[6, 0x50][..], erasure.document.as_bytes()].concat();
    let row = sqlx::query(
        "select coalesce(sum(length(header) + length(body)), 0) from records
         where house = $1 and circle = $2 and id <> $3 and body is not null and instr(header, $4) > 0",
    )
    .bind(house.as_bytes().as_slice())
    .bind(erasure.circle.as_bytes().as_slice())
    .bind(erasure.record.as_bytes().as_slice())
    .bind(named.as_slice())
    .fetch_one(&mut *connection)
    .await
    .map_err(database)?;
    let freed = number(&row, 0)?;
    sqlx::query(
        "update records set author = null, header = null, signature = null, body = null
         where house = $1 and circle = $2 and id <> $3 and body is not null and instr(header, $4) > 0",
    )
    .bind(house.as_bytes().as_slice())
    .bind(erasure.circle.as_bytes().as_slice())
    .bind(erasure.record.as_bytes().as_slice())
    .bind(named.as_slice())
    .execute(&mut *connection)
    .await
    .map_err(database)?;
    sqlx::query("update documents set successor = $3 where house = $1 and document = $2")
        .bind(house.as_bytes().as_slice())
        .bind(erasure.document.as_bytes().as_slice())
        .bind(erasure.successor.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(database)?;
    Ok(freed + snapshots::forget(connection, house, erasure.document).await?)
}

/// The number it was given; `None` if it was known.
async fn insert_wrap(
    connection: &mut SqliteConnection,
    house: HouseId,
    new: &NewWrap,
) -> Result<Option<i64>, StoreError> {
    let row = sqlx::query(
        "insert into wraps (house, id, addressee, head, signature, file) values ($1, $2, $3, $4, $5, $6)
         on conflict (house, id) do nothing returning n",
    )
    .bind(house.as_bytes().as_slice())
    .bind(new.id.as_bytes().as_slice())
    .bind(new.mailbox.as_bytes())
    .bind(new.wrap.head.as_slice())
    .bind(new.wrap.signature.as_bytes().as_slice())
    .bind(new.wrap.file.as_slice())
    .fetch_optional(connection)
    .await
    .map_err(database)?;
    row.map(|row| row.try_get(0).map_err(database)).transpose()
}

async fn acknowledge(
    connection: &mut SqliteConnection,
    house: HouseId,
    device: DeviceId,
    wraps: &[WrapId],
) -> Result<(), StoreError> {
    for id in wraps {
        sqlx::query(
            "insert into wrap_acks (wrap, device) select n, $3 from wraps where house = $1 and id = $2
             on conflict do nothing",
        )
        .bind(house.as_bytes().as_slice())
        .bind(id.as_bytes().as_slice())
        .bind(device.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(database)?;
    }
    Ok(())
}

async fn expire(
    connection: &mut SqliteConnection,
    now: Month,
    today: Day,
) -> Result<Vec<(HouseId, u64)>, StoreError> {
    let mut freed = BTreeMap::new();
    expire_records(connection, now, &mut freed).await?;
    snapshots::expire(connection, now, &mut freed).await?;
    blobs::expire(connection, now, today, &mut freed).await?;
    for (house, bytes) in &freed {
        sqlx::query("update houses set bytes = max(bytes - $2, 0) where house = $1")
            .bind(house.as_bytes().as_slice())
            .bind(int(*bytes))
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    Ok(freed.into_iter().collect())
}

/// Deletes of everything that references something before that.
async fn forget_dissolved(
    connection: &mut SqliteConnection,
    before: Day,
) -> Result<Vec<HouseId>, StoreError> {
    let rows = sqlx::query("select house from houses where dissolved is not null and dissolved < $1")
        .bind(before.index())
        .fetch_all(&mut *connection)
        .await
        .map_err(database)?;
    let houses = rows.iter().map(|row| Ok(id!(row, 0, HouseId))).collect::<Result<Vec<_>, StoreError>>()?;
    for house in &houses {
        for sql in [
            "delete from wrap_acks where wrap in (select n from wraps where house = $1)",
            "delete from wraps where house = $1",
            "delete from snapshots where house = $1",
            "delete from reader_lists where house = $1",
            "delete from records where house = $1",
            "delete from authors where house = $1",
            "delete from documents where house = $1",
            "delete from invites where house = $1",
            "delete from log where house = $1",
            "insert into blob_deletions (house, blob) select house, blob from blobs where house = $1
             on conflict do nothing",
            "delete from holds where house = $1",
            "delete from blobs where house = $1",
            "delete from houses where house = $1",
        ] {
            sqlx::query(sql)
                .bind(house.as_bytes().as_slice())
                .execute(&mut *connection)
                .await
                .map_err(database)?;
        }
    }
    Ok(houses)
}

async fn expire_records(
    connection: &mut SqliteConnection,
    now: Month,
    freed: &mut BTreeMap<HouseId, u64>,
) -> Result<(), StoreError> {
    let now = i64::from(now.index());
    let rows = sqlx::query(
        "select house, sum(length(header) + length(body)) from records
         where expires is not null and expires < $1 and body is not null group by house",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await
    .map_err(database)?;
    for row in &rows {
        *freed.entry(id!(row, 0, HouseId)).or_default() += number(row, 1)?;
    }
    sqlx::query(
        "update records set author = null, header = null, signature = null, body = null
         where expires is not null and expires < $1 and body is not null",
    )
    .bind(now)
    .execute(connection)
    .await
    .map_err(database)
    .map(|_| ())
}
