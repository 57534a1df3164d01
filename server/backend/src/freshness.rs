//! How a cache knows that what it holds is still true.
//!
//! Every publicly visible change raises the consultation's `revision` in its own transaction.
//! With SQLite one process serves, so it also counts in memory and a cache need not ask the
//! database at all; changes by the command line are noticed within half a second. With PostgreSQL
//! other processes write too, and a cache asks [`Backend::revision`].

use crate::Backend;
use crate::db::{Db, Tx};
use crate::error::Error;
use domain::consultations::Number;
use domain::id::ConsultationId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

/// What a cached page depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One consultation with its drafts, comments and feedback.
    Consultation(Number),
    /// Lists over many consultations.
    Everything,
}

sql! {
    RAISE = "update consultation set revision = revision + 1 where id = $1";
    OF_ONE = "select revision from consultation where year = $1 and serial = $2";
    // Nothing is ever deleted and no revision falls, so the sum grows with every change.
    OF_ALL = "select cast((select coalesce(sum(revision), 0) + count(*) from consultation)
        + (select coalesce(sum(revision), 0) + count(*) from unit) as bigint)";
    SQLITE_DATA_VERSION = { sqlite: "pragma data_version", postgres: "select cast(0 as bigint)" };
}

/// Revisions counted by this process since it started.
#[derive(Debug, Default)]
pub(crate) struct LocalRevisions {
    of_one: RwLock<HashMap<Number, Arc<AtomicI64>>>,
    of_all: AtomicI64,
    /// Raised when another process wrote to the same file.
    foreign: AtomicI64,
}

impl LocalRevisions {
    fn counter(&self, number: Number) -> Arc<AtomicI64> {
        let known = self
            .of_one
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&number)
            .cloned();
        known.unwrap_or_else(|| {
            let mut counters = self.of_one.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(counters.entry(number).or_default())
        })
    }

    fn raise(&self, number: Number) {
        self.counter(number).fetch_add(1, Ordering::AcqRel);
        self.of_all.fetch_add(1, Ordering::AcqRel);
    }

    fn current(&self, scope: Scope) -> i64 {
        let own = match scope {
            // Only numbers that were changed are remembered, so a reader's guess costs no memory.
            Scope::Consultation(number) => self
                .of_one
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&number)
                .map_or(0, |counter| counter.load(Ordering::Acquire)),
            Scope::Everything => self.of_all.load(Ordering::Acquire),
        };
        own + self.foreign.load(Ordering::Acquire)
    }
}

impl Backend {
    /// The revision that this process knows without asking, if it is the only one that serves.
    /// Grows with every publicly visible change, once that is committed.
    pub fn local_revision(&self, scope: Scope) -> Option<i64> {
        match self.db() {
            Db::Sqlite { .. } => Some(self.revisions().current(scope)),
            Db::Postgres(_) => None,
        }
    }

    /// The revision in the database, whichever process wrote last. Zero for what does not exist.
    pub async fn revision(&self, scope: Scope) -> Result<i64, Error> {
        let mut conn = self.db().read().await?;
        let found: Option<(i64,)> = match scope {
            Scope::Consultation(number) => fetch_optional!(
                conn,
                OF_ONE,
                (i64,),
                i64::from(number.year),
                i64::from(number.serial)
            )?,
            Scope::Everything => fetch_optional!(conn, OF_ALL, (i64,))?,
        };
        Ok(found.map_or(0, |(revision,)| revision))
    }

    /// Tells the caches of this process that units changed, after the commit. Widgets carry their
    /// unit's origins, so everything is asked anew.
    pub(crate) fn changed_lists(&self) {
        self.revisions().foreign.fetch_add(1, Ordering::AcqRel);
    }

    /// Tells the caches of this process, after the commit.
    pub(crate) fn changed(&self, number: Number) {
        self.revisions().raise(number);
    }
}

/// Marks a publicly visible change, inside its transaction. Call [`Backend::changed`] after the
/// commit.
pub(crate) async fn raise(tx: &mut Tx, consultation: ConsultationId) -> Result<(), Error> {
    execute!(tx, RAISE, consultation.0)?;
    Ok(())
}

const WATCH_EVERY: Duration = Duration::from_millis(500);

/// Notices that another process (the command line) wrote to the SQLite file, until the database
/// closes.
pub(crate) fn watch_other_processes(backend: &Backend) {
    let Db::Sqlite { write, .. } = backend.db() else {
        return;
    };
    let mut closing = write.close_event();
    let weak = Arc::downgrade(&backend.0);
    tokio::spawn(async move {
        // Closing waits for every connection, so the watch gives up its own at once.
        if let Ok(Err(error)) = closing.do_until(watch(weak)).await {
            tracing::error!(%error, "changes by the command line will not be noticed");
        }
    });
}

/// What the connection that writes has seen of others. `data_version` changes with every commit but
/// the connection's own, and this process commits on that one alone, so that only other processes
/// change it (<https://www.sqlite.org/pragma.html#pragma_data_version>).
#[derive(Debug, Default)]
struct Watch {
    seen: Option<i64>,
}

impl Watch {
    /// Whether another process wrote since the last look. Holds the connection for one question.
    async fn look(&mut self, db: &Db) -> Result<bool, Error> {
        let mut conn = db.writer().await?;
        let (version,) = fetch_one!(conn, SQLITE_DATA_VERSION, (i64,))?;
        let before = self.seen.replace(version);
        Ok(before.is_some_and(|before| before != version))
    }
}

async fn watch(backend: Weak<crate::Inner>) -> Result<(), Error> {
    let mut watch = Watch::default();
    while let Some(inner) = backend.upgrade() {
        match watch.look(&inner.db).await {
            Ok(true) => {
                inner.revisions.foreign.fetch_add(1, Ordering::AcqRel);
            }
            Ok(false) => {}
            // A long write goes before; the next look sees what this one would have seen.
            Err(error) if error.is_passing() => {}
            Err(error) => return Err(error),
        }
        drop(inner);
        tokio::time::sleep(WATCH_EVERY).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, Moment, units};
    use domain::Timestamp;
    use testing::Database;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn only_what_another_process_wrote_is_noticed() {
        let file = Database::sqlite();
        let open = async || {
            let keys = Keys::from_secret(&[1; 32]);
            Backend::open(&file.url, keys).await.expect("it opens")
        };
        let (ours, other) = (open().await, open().await);
        let mut moment = Moment::new(Timestamp::UNIX_EPOCH, [2; 32]);
        let mut add = async |backend: &Backend, slug: &str| {
            let new = units::NewUnit {
                slug: slug.into(),
                name: slug.into(),
                zone: "UTC".into(),
                ..units::NewUnit::default()
            };
            units::add(backend, &mut moment, new).await.expect("added");
        };
        let mut watch = Watch::default();
        let mut look = async || watch.look(ours.db()).await.expect("it looks");
        assert!(!look().await, "the first look");
        add(&ours, "own").await;
        assert!(!look().await, "our own write");
        add(&other, "other").await;
        assert!(look().await, "the other's write");
        assert!(!look().await, "it is noticed once");
        for backend in [ours, other] {
            backend.close().await;
        }
        file.remove().await;
    }
}
