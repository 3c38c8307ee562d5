//! One house from one database into another: out into a file of its own, and in again.
//!
//! The file is a database with the same tables, so that one of an older version is brought up to date like any other.

use std::path::Path;

use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{Accumulator, BlobId, CircleId, HouseId, Incarnation, RecordId};
use nestpost_protocol::record::{Record, accumulate};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::read::{blob, bytes, id, number};
use super::{MIGRATIONS, connect_options, database, read};
use crate::clock::Day;
use crate::store::{Elsewhere, StoreError, StoredHouse};

type Result<T> = std::result::Result<T, StoreError>;

/// Tables with a house of their own, in an order in which nothing is missing that is referred to, with the columns that travel.
const TABLES: [(&str, &str); 8] = [
    ("log", "house, seq, link, entry, salt"),
    ("records", "house, circle, n, id, acc, author, header, signature, body, expires, lost"),
    ("authors", "house, circle, device, seq, id"),
    ("documents", "house, document, circle, person, class, month, successor"),
    ("reader_lists", "house, id, list"),
    ("wraps", "house, id, addressee, head, signature, file"),
    ("invites", "key, house, seq, day"),
    ("blobs", "house, blob, bytes, parts, here, reserver, reserved"),
];
const HOLDS: (&str, &str) = ("holds", "house, blob, circle, person, author, record, expires");

/// A database that is opened for this alone.
pub struct Copier(SqliteConnection);

impl Copier {
    /// Opens a database, or makes one, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(path: &Path, create: bool) -> Result<Self> {
        let options = connect_options(path).create_if_missing(create);
        let mut connection = options.connect().await.map_err(database)?;
        MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
        Ok(Self(connection))
    }

    /// Every house in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn houses(&mut self) -> Result<Vec<HouseId>> {
        let rows = sqlx::query("select house from houses").fetch_all(&mut self.0).await.map_err(database)?;
        rows.iter().map(|row| Ok(id!(row, 0, HouseId))).collect()
    }

    /// Says where a house goes on. Taken elsewhere, it is deleted some time after that day, as a dissolved one is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark(&mut self, house: HouseId, elsewhere: Elsewhere, day: Option<Day>) -> Result<()> {
        sqlx::query("update houses set elsewhere = $2, dissolved = $3 where house = $1")
            .bind(house.as_bytes().as_slice())
            .bind(elsewhere.number())
            .bind(day.map(Day::index))
            .execute(&mut self.0)
            .await
            .map_err(database)
            .map(|_| ())
    }

    /// A house that was taken elsewhere goes on here. Whether it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reopen(&mut self, house: HouseId) -> Result<bool> {
        sqlx::query(
            "update houses set elsewhere = null, dissolved = null where house = $1 and elsewhere = $2",
        )
        .bind(house.as_bytes().as_slice())
        .bind(Elsewhere::Taken.number())
        .execute(&mut self.0)
        .await
        .map_err(database)
        .map(|done| done.rows_affected() > 0)
    }

    /// Copies a house into an empty database, all or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn copy_out(&mut self, house: HouseId, to: &Path) -> Result<()> {
        sqlx::query("attach database $1 as other")
            .bind(path_text(to)?)
            .execute(&mut self.0)
            .await
            .map_err(database)?;
        let copied = copy(&mut self.0, house, "main", "other").await;
        detach(&mut self.0).await?;
        copied
    }

    /// Takes a house from such a file, as a copy that waits, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is here already.
    pub async fn copy_in(&mut self, house: HouseId, from: &Path, life: Incarnation) -> Result<()> {
        sqlx::query("attach database $1 as other")
            .bind(path_text(from)?)
            .execute(&mut self.0)
            .await
            .map_err(database)?;
        let copied = copy(&mut self.0, house, "other", "main").await;
        detach(&mut self.0).await?;
        copied?;
        sqlx::query("update houses set incarnation = $2, elsewhere = $3, dissolved = null where house = $1")
            .bind(house.as_bytes().as_slice())
            .bind(life.as_bytes().as_slice())
            .bind(Elsewhere::Awaits.number())
            .execute(&mut self.0)
            .await
            .map_err(database)
            .map(|_| ())
    }

    /// Blobs that circles keep: id, length, and how many parts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kept_blobs(&mut self, house: HouseId) -> Result<Vec<(BlobId, u64, u32)>> {
        let rows = sqlx::query(
            "select blob, bytes, length(parts) / 32 from blobs where house = $1 and reserved is null order by blob",
        )
        .bind(house.as_bytes().as_slice())
        .fetch_all(&mut self.0)
        .await
        .map_err(database)?;
        rows.iter()
            .map(|row| {
                let parts = u32::try_from(number(row, 2)?).map_err(|_| StoreError::Corrupt)?;
                Ok((id!(row, 0, BlobId), number(row, 1)?, parts))
            })
            .collect()
    }

    /// Keeps the sealed bytes of a part in the file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_part(&mut self, blob: BlobId, part: u32, bytes: &[u8]) -> Result<()> {
        sqlx::query("create table if not exists parts (blob blob not null, part integer not null, bytes blob not null, primary key (blob, part)) strict")
            .execute(&mut self.0)
            .await
            .map_err(database)?;
        sqlx::query("insert into parts (blob, part, bytes) values ($1, $2, $3)")
            .bind(blob.as_bytes().as_slice())
            .bind(i64::from(part))
            .bind(bytes)
            .execute(&mut self.0)
            .await
            .map_err(database)
            .map(|_| ())
    }

    /// A part, if it is there and is what its blob says it is.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if not.
    pub async fn part(&mut self, house: HouseId, blob: BlobId, part: u32) -> Result<Vec<u8>> {
        let row = sqlx::query(
            "select p.bytes, substr(b.parts, 1 + 32 * $3, 32) from parts p
             join blobs b on b.house = $1 and b.blob = p.blob where p.blob = $2 and p.part = $3",
        )
        .bind(house.as_bytes().as_slice())
        .bind(blob.as_bytes().as_slice())
        .bind(i64::from(part))
        .fetch_optional(&mut self.0)
        .await
        .map_err(database)?
        .ok_or(StoreError::Corrupt)?;
        let (sealed, hash): (Vec<u8>, Vec<u8>) =
            (row.try_get(0).map_err(database)?, row.try_get(1).map_err(database)?);
        if sha256(&[&sealed]).as_slice() == hash { Ok(sealed) } else { Err(StoreError::Corrupt) }
    }

    /// Everything needed to fold the house, and that each record stands where its circle's chain says.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a record does not hold.
    pub async fn checked(&mut self, house: HouseId, path: &Path) -> Result<Option<StoredHouse>> {
        self.check_chains(house).await?;
        let pool: SqlitePool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(connect_options(path))
            .await
            .map_err(database)?;
        let loaded = read::load(&pool, house).await;
        pool.close().await;
        loaded
    }

    async fn check_chains(&mut self, house: HouseId) -> Result<()> {
        let rows = sqlx::query(
            "select circle, n, id, acc, header, signature, body from records where house = $1 order by circle, n",
        )
        .bind(house.as_bytes().as_slice())
        .fetch_all(&mut self.0)
        .await
        .map_err(database)?;
        let mut last: Option<(CircleId, u64, Accumulator)> = None;
        for row in &rows {
            let (circle, n, record) = (id!(row, 0, CircleId), number(row, 1)?, id!(row, 2, RecordId));
            let (before, acc) = match last {
                Some((same, n, acc)) if same == circle => (n, acc),
                _ => (0, Accumulator::ZERO),
            };
            let acc = accumulate(&acc, n, &record);
            let there: Option<&[u8]> = row.try_get(6).map_err(database)?;
            let holds = match there {
                None => true,
                Some(_) => {
                    let signature = id!(row, 5, nestpost_protocol::id::Signature);
                    let kept = Record { header: bytes(row, 4)?, signature, body: bytes(row, 6)? };
                    kept.id() == record && kept.check().is_ok_and(|header| header.circle == circle)
                }
            };
            if n != before + 1 || blob(row, 3)? != acc.as_bytes().as_slice() || !holds {
                return Err(StoreError::Corrupt);
            }
            last = Some((circle, n, acc));
        }
        Ok(())
    }

    /// Ends what was begun.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close(self) -> Result<()> {
        self.0.close().await.map_err(database)
    }
}

fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or(StoreError::Corrupt)
}

async fn detach(connection: &mut SqliteConnection) -> Result<()> {
    sqlx::query("detach database other").execute(connection).await.map_err(database).map(|_| ())
}

/// In one transaction. Numbers of records and wraps are the other database's own; their order stays.
async fn copy(connection: &mut SqliteConnection, house: HouseId, from: &str, to: &str) -> Result<()> {
    let mut steps = vec![format!(
        "insert into {to}.houses (house, incarnation, bytes)
         select house, incarnation, bytes from {from}.houses where house = $1"
    )];
    for (table, columns) in TABLES.into_iter().chain([HOLDS]) {
        let only = match table {
            "blobs" => "and reserved is null",
            "records" => "order by ord",
            "wraps" => "order by n",
            _ => "",
        };
        steps.push(format!(
            "insert into {to}.{table} ({columns}) select {columns} from {from}.{table} where house = $1 {only}"
        ));
    }
    steps.push(format!(
        "insert into {to}.wrap_acks (wrap, device) select there.n, acks.device from {from}.wrap_acks acks
         join {from}.wraps here on here.n = acks.wrap
         join {to}.wraps there on there.house = here.house and there.id = here.id where here.house = $1"
    ));
    steps.push(format!(
        "update {to}.houses set bytes = bytes - coalesce((select sum(bytes) from {from}.blobs
         where house = $1 and reserved is not null), 0) where house = $1"
    ));
    let mut transaction = connection.begin().await.map_err(database)?;
    for step in steps {
        sqlx::query(sqlx::AssertSqlSafe(step))
            .bind(house.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await
            .map_err(database)?;
    }
    transaction.commit().await.map_err(database)?;
    Ok(())
}
