//! One body of code for two databases.
//!
//! A use case opens [`Db::read`], [`Db::snapshot`] or [`Db::write`] and runs statements with the
//! macros `execute!`, `fetch_one!`, `fetch_optional!` and `fetch_all!` (see `macros.rs`). The same
//! SQL text runs on SQLite and PostgreSQL; a statement has twin texts only where it must.

#[macro_use]
mod macros;
mod migrate;
mod statement;

pub use statement::{Registered, Statement, every_statement};

use crate::error::Error;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};
use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

/// The database, chosen at start by the scheme of its URL.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file. SQLite has one writer at a time, so writes queue for one connection and reads
    /// have their own.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection to run statements on.
#[derive(Debug)]
pub struct Conn(Held);

#[derive(Debug)]
enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// The native connection beneath; for the macros.
#[derive(Debug)]
pub enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A transaction that may write. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx(Conn);

impl Conn {
    /// The driver, for the statement macros.
    pub fn driver(&mut self) -> Driver<'_> {
        match &mut self.0 {
            Held::Sqlite(conn) => Driver::Sqlite(conn),
            Held::Postgres(conn) => Driver::Postgres(conn),
            Held::SqliteTx(tx) => Driver::Sqlite(tx),
            Held::PostgresTx(tx) => Driver::Postgres(tx),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Tx {
    /// Makes everything durable, then returns.
    pub async fn commit(self) -> Result<(), Error> {
        match self.0.0 {
            Held::SqliteTx(tx) => tx.commit().await?,
            Held::PostgresTx(tx) => tx.commit().await?,
            Held::Sqlite(_) | Held::Postgres(_) => unreachable!("a Tx holds a transaction"),
        }
        Ok(())
    }
}

/// Begins a transaction on PostgreSQL, to its end also if nobody waits for it any more. Given up half
/// way, the driver would hand the connection on inside the transaction: the next write would meet one
/// that only reads, and reads would stay at its instant.
async fn begun(
    pool: &PgPool,
    statement: &'static str,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    let begins = tokio::spawn(async move { pool.begin_with(statement).await });
    match begins.await {
        Ok(begun) => begun,
        Err(_) => Err(sqlx::Error::WorkerCrashed),
    }
}

/// Connections to PostgreSQL per process. With several processes their sum must stay below the
/// server's `max_connections`.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Read connections to the SQLite file; more than cores only queue.
const SQLITE_READERS: u32 = 4;

impl Db {
    /// Connects and brings the schema up to date. `sqlite:PATH` makes the file if it is missing.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let db = if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await?
        } else {
            return Err(Error::Internal(
                "the database URL must begin with sqlite: or postgres:".into(),
            ));
        };
        migrate::run(&db).await?;
        Ok(db)
    }

    async fn open_sqlite(url: &str) -> Result<Self, Error> {
        // WAL with full synchronisation: a commit is on the disk before it is acknowledged
        // (https://www.sqlite.org/pragma.html#pragma_synchronous).
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory");
        if let Some(folder) = options.get_filename().parent() {
            std::fs::create_dir_all(folder).map_err(|e| {
                Error::Internal(format!("cannot make the folder {}: {e}", folder.display()))
            })?;
        }
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    async fn open_postgres(url: &str) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("yanlu")
            .options([
                ("synchronous_commit", "on"),
                // A process that stands still must not hold a consultation's row, and with it
                // everybody's comments, for hours.
                ("lock_timeout", "15s"),
                ("idle_in_transaction_session_timeout", "60s"),
                ("statement_timeout", "120s"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// `sqlite` or `postgres`, for logs and measurements.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// A connection for single reads.
    pub async fn read(&self) -> Result<Conn, Error> {
        Ok(Conn(match self {
            Self::Sqlite { read, .. } => Held::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        }))
    }

    /// Several reads that must agree with each other: all see the same instant.
    pub async fn snapshot(&self) -> Result<Conn, Error> {
        Ok(Conn(match self {
            Self::Sqlite { read, .. } => Held::SqliteTx(read.begin().await?),
            Self::Postgres(pool) => Held::PostgresTx(
                begun(pool, "begin isolation level repeatable read, read only").await?,
            ),
        }))
    }

    /// A transaction that may write. On SQLite it takes the write lock at once: upgrading a read
    /// transaction fails with BUSY_SNAPSHOT whatever the busy timeout.
    pub async fn write(&self) -> Result<Tx, Error> {
        Ok(Tx(Conn(match self {
            Self::Sqlite { write, .. } => {
                Held::SqliteTx(write.begin_with("begin immediate").await?)
            }
            Self::Postgres(pool) => Held::PostgresTx(begun(pool, "begin").await?),
        })))
    }

    /// The one connection that writes to SQLite, for asking it what it has seen. Writers wait while
    /// it is held.
    pub(crate) async fn writer(&self) -> Result<Conn, Error> {
        Ok(Conn(match self {
            Self::Sqlite { write, .. } => Held::Sqlite(write.acquire().await?),
            Self::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        }))
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
