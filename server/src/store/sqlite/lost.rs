//! Places of records that are not here: gone, or lost and taken from whoever has them.

use nestpost_protocol::id::{CircleId, HouseId};
use sqlx::SqliteConnection;

use super::read::{blob, id, number};
use super::{database, int};
use crate::store::{Fill, NewRecord, NewStub, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

pub(super) async fn load(connection: &mut SqliteConnection, house: &[u8]) -> Result<Vec<(CircleId, u64)>> {
    let rows = sqlx::query("select circle, n from records where house = $1 and lost is not null")
        .bind(house)
        .fetch_all(connection)
        .await
        .map_err(database)?;
    rows.iter().map(|row| Ok((id!(row, 0, CircleId), number(row, 1)?))).collect()
}

pub(super) async fn insert_stub(
    connection: &mut SqliteConnection,
    house: HouseId,
    stub: &NewStub,
) -> Result<()> {
    sqlx::query("insert into records (house, circle, n, id, acc, lost) values ($1, $2, $3, $4, $5, $6)")
        .bind(house.as_bytes().as_slice())
        .bind(stub.circle.as_bytes().as_slice())
        .bind(int(stub.position.n))
        .bind(stub.id.as_bytes().as_slice())
        .bind(stub.position.acc.as_bytes().as_slice())
        .bind(stub.lost.then_some(1_i64))
        .execute(connection)
        .await
        .map_err(database)
        .map(|_| ())
}

pub(super) async fn fill(connection: &mut SqliteConnection, house: HouseId, fill: &Fill) -> Result<()> {
    let done = match fill {
        Fill::Gone(circle, n) => sqlx::query(
            "update records set lost = null where house = $1 and circle = $2 and n = $3 and lost is not null",
        )
        .bind(house.as_bytes().as_slice())
        .bind(circle.as_bytes().as_slice())
        .bind(int(*n))
        .execute(connection)
        .await,
        Fill::Back(record) => back(connection, house, record).await,
    };
    if done.map_err(database)?.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// The author's chain does not go back for it.
async fn back(
    connection: &mut SqliteConnection,
    house: HouseId,
    new: &NewRecord,
) -> std::result::Result<sqlx::sqlite::SqliteQueryResult, sqlx::Error> {
    sqlx::query(
        "insert into authors (house, circle, device, seq, id) values ($1, $2, $3, $4, $5)
         on conflict (house, circle, device) do update set seq = excluded.seq, id = excluded.id
         where excluded.seq > authors.seq",
    )
    .bind(house.as_bytes().as_slice())
    .bind(new.circle.as_bytes().as_slice())
    .bind(new.author.as_bytes().as_slice())
    .bind(int(new.author_seq))
    .bind(new.id.as_bytes().as_slice())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "update records set author = $4, header = $5, signature = $6, body = $7, expires = $8, lost = null
         where house = $1 and circle = $2 and n = $3 and id = $9 and lost is not null",
    )
    .bind(house.as_bytes().as_slice())
    .bind(new.circle.as_bytes().as_slice())
    .bind(int(new.position.n))
    .bind(new.author.as_bytes().as_slice())
    .bind(new.record.header.as_slice())
    .bind(new.record.signature.as_bytes().as_slice())
    .bind(new.record.body.as_slice())
    .bind(new.expires.map(|month| i64::from(month.index())))
    .bind(new.id.as_bytes().as_slice())
    .execute(connection)
    .await
}
