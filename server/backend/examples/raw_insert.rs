//! The yardstick beside which the intake is measured: single-row inserts into one small table,
//! each in a transaction of its own, on a SQLite file with the durability that the product uses.
//! `raw_insert FILE SECONDS` prints the commits and the seconds.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::error::Error;
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("raw_insert FILE SECONDS")?;
    let seconds: u64 = arguments.next().ok_or("raw_insert FILE SECONDS")?.parse()?;
    let mut conn = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    sqlx::query(
        "create table if not exists raw (id integer primary key, body text not null) strict",
    )
    .execute(&mut conn)
    .await?;
    let body = "x".repeat(200);
    let started = Instant::now();
    let mut commits = 0u64;
    while started.elapsed() < Duration::from_secs(seconds) {
        sqlx::query("insert into raw (body) values ($1)")
            .bind(&body)
            .execute(&mut conn)
            .await?;
        commits += 1;
    }
    println!("{commits} {:.3}", started.elapsed().as_secs_f64());
    conn.close().await?;
    Ok(())
}
