//! A database that stands still: somebody else's transaction for which every write waits, and on
//! PostgreSQL every read of a consultation as well.

use sqlx::{Connection, PgConnection, SqliteConnection};

/// Holds everything up until [`Standstill::end`].
#[derive(Debug)]
pub enum Standstill {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Standstill {
    /// # Panics
    /// If the database cannot be reached.
    pub async fn begin(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let mut conn = SqliteConnection::connect(url).await.expect("the file");
            let begun = sqlx::query("begin immediate").execute(&mut conn).await;
            begun.expect("nobody writes");
            return Self::Sqlite(conn);
        }
        let mut conn = PgConnection::connect(url).await.expect("the server");
        for statement in ["begin", "lock table consultation in access exclusive mode"] {
            let done = sqlx::query(statement).execute(&mut conn).await;
            done.expect("nobody holds it for long");
        }
        Self::Postgres(conn)
    }

    /// # Panics
    /// If the connection was lost.
    pub async fn end(self) {
        let ended = match self {
            Self::Sqlite(conn) => conn.close().await,
            Self::Postgres(conn) => conn.close().await,
        };
        ended.expect("the connection closes, and with it the transaction");
    }
}
