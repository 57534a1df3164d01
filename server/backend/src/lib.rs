//! Use cases and their SQL, by feature. Knows neither Leptos nor axum.
//!
//! Everything starts with a [`Backend`]; each feature module holds its use cases as functions.
//! Time and randomness come in as a [`Moment`], rights as a [`domain::staff::Permit`].

#[macro_use]
pub mod db;
pub mod audit;
pub mod comments;
pub mod consultations;
pub mod drafts;
mod error;
pub mod feedback;
mod freshness;
pub mod hearings;
mod keys;
mod markdown;
mod moment;
pub mod notify;
pub mod polls;
pub mod receipts;
pub mod staff;
mod turns;
pub mod units;

pub use error::{Conflict, Error};
pub use freshness::Scope;
pub use keys::Keys;
pub use moment::Moment;

use comments::intake::{self, Entrance};
use db::Db;
use freshness::LocalRevisions;
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::task::JoinHandle;
use turns::Turns;

/// The database, the keys and what this process remembers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Backend(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    keys: Keys,
    revisions: LocalRevisions,
    intake: Entrance,
    /// Bytes that may still wait before the intake.
    room: Arc<Semaphore>,
    turns: Turns,
    published: drafts::Kept,
    /// What closes the intake, and the intake itself.
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// Whose eyes a thing is shown to.
#[derive(Clone, Copy, Debug)]
pub enum Viewer<'a> {
    /// Everyone: published things only.
    Public,
    /// Staff of a unit: that unit's unpublished things as well.
    Staff(&'a domain::staff::Permit<domain::staff::right::See>),
}

impl Backend {
    /// Connects, brings the schema up to date and checks that the secret is the one that this
    /// database was begun with.
    pub async fn open(database_url: &str, keys: Keys) -> Result<Self, Error> {
        let db = Db::open(database_url).await?;
        keys::check(&db, &keys).await?;
        let (intake, waiting) = intake::entrance();
        let (close, closing) = oneshot::channel();
        let backend = Self(Arc::new(Inner {
            db,
            keys,
            revisions: LocalRevisions::default(),
            intake,
            room: Arc::new(Semaphore::new(intake::BYTES_WAITING)),
            turns: Turns::default(),
            published: drafts::Kept::default(),
            running: Mutex::new(None),
        }));
        let task = tokio::spawn(intake::run(backend.clone(), waiting, closing));
        *backend.0.running.lock().await = Some((close, task));
        freshness::watch_other_processes(&backend);
        Ok(backend)
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Error> {
        let mut conn = self.db().read().await?;
        let _: (i64,) = fetch_one!(conn, PING, (i64,))?;
        Ok(())
    }

    /// Finishes what was accepted and closes every connection.
    pub async fn close(&self) {
        if let Some((close, task)) = self.0.running.lock().await.take() {
            let _already_gone = close.send(());
            if let Err(error) = task.await {
                tracing::error!(%error, "the intake ended badly");
            }
        }
        self.0.db.close().await;
    }

    /// `sqlite` or `postgres`.
    pub fn db_kind(&self) -> &'static str {
        self.0.db.kind()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn intake(&self) -> &Entrance {
        &self.0.intake
    }

    pub(crate) fn room(&self) -> &Arc<Semaphore> {
        &self.0.room
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    pub(crate) fn published(&self) -> &drafts::Kept {
        &self.0.published
    }

    pub(crate) fn revisions(&self) -> &LocalRevisions {
        &self.0.revisions
    }
}

sql! {
    PING = "select cast(1 as bigint)";
}
