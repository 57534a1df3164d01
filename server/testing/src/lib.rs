//! A database of its own for each test, on SQLite and on PostgreSQL, and a limit on how long a
//! test may take.

mod standstill;

pub use standstill::Standstill;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{env, process};
use tempfile::TempDir;
use tokio::time::timeout;

/// Longer than any test takes on a busy machine: what passes it waits for something that will
/// never come, and must not keep everything behind it waiting as well.
const LIMIT: Duration = Duration::from_secs(120);

/// Makes of each `async fn name(world: &World)` one test for each database. `World` is what
/// the caller has in scope: `World::on(&Database)` makes it, `World::end(self)` takes it down.
///
/// PostgreSQL needs `YANLU_TEST_POSTGRES_URL`, the address of a server on which databases may be
/// made and dropped, unless `YANLU_TEST_ONLY=sqlite` says that it is left out on purpose.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            async fn on(database: $crate::Database) {
                let world = $crate::in_time(super::World::on(&database)).await;
                $crate::in_time(super::$name(&world)).await;
                $crate::in_time(world.end()).await;
                database.remove().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on($crate::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::Database::postgres().await {
                    on(database).await;
                }
            }
        }
    )+};
}

/// An empty database.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server { admin: String, name: String },
}

impl Database {
    /// # Panics
    /// If there is no room for a temporary folder.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("yanlu.db").display());
        Self {
            url,
            place: Place::Folder(folder),
        }
    }

    /// `None` only where PostgreSQL is left out on purpose.
    ///
    /// # Panics
    /// If no PostgreSQL is named, or it does not answer.
    pub async fn postgres() -> Option<Self> {
        if env::var("YANLU_TEST_ONLY").as_deref() == Ok("sqlite") {
            return None;
        }
        let admin = env::var("YANLU_TEST_POSTGRES_URL").expect(
            "set YANLU_TEST_POSTGRES_URL (cargo xtask test does), or YANLU_TEST_ONLY=sqlite",
        );
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("yanlu_test_{}_{count}", process::id());
        runs(
            &admin,
            format!("drop database if exists {name} with (force)"),
        )
        .await;
        runs(&admin, format!("create database {name}")).await;
        let (server, _) = admin.rsplit_once('/').expect("an address with a database");
        Some(Self {
            url: format!("{server}/{name}"),
            place: Place::Server { admin, name },
        })
    }

    /// # Panics
    /// If it cannot be removed.
    pub async fn remove(self) {
        match self.place {
            Place::Folder(folder) => folder.close().expect("the folder goes"),
            Place::Server { admin, name } => {
                runs(&admin, format!("drop database {name} with (force)")).await;
            }
        }
    }
}

/// # Panics
/// If it takes longer than any test may.
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(LIMIT, work)
        .await
        .unwrap_or_else(|_| panic!("this took longer than {LIMIT:?}: something waits for ever"))
}

async fn runs(admin: &str, sql: String) {
    let mut conn = PgConnection::connect(admin)
        .await
        .expect("PostgreSQL answers");
    conn.execute(AssertSqlSafe(sql))
        .await
        .expect("the database is made or dropped");
    conn.close().await.expect("the connection closes");
}

/// Does something to a database behind the product's back.
///
/// # Panics
/// If the database refuses it.
pub async fn meddle(url: &str, statement: &'static str) {
    let outcome = if url.starts_with("sqlite") {
        let mut conn = SqliteConnection::connect(url).await.expect("it connects");
        conn.execute(statement).await.map(drop)
    } else {
        let mut conn = PgConnection::connect(url).await.expect("it connects");
        conn.execute(statement).await.map(drop)
    };
    outcome.unwrap_or_else(|e| panic!("{statement}: {e}"));
}
