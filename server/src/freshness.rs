//! Asks how far the data has moved on, as seldom as possible.
//!
//! SQLite has one serving process, which counts changes itself. On PostgreSQL other processes
//! write too, so each request needs a query that started after it arrived; all requests that wait
//! share the next one.

use crate::problem::Refusal;
use backend::{Backend, Scope};
use quick_cache::sync::Cache;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// Scopes asked about lately.
const SCOPES: usize = 10_000;
/// How long a database may take to say one number. After that it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub struct Freshness {
    checks: Cache<Scope, Arc<Checks>>,
}

/// The queries about one scope: at most one runs, at most one waits for its turn.
#[derive(Debug, Default)]
struct Checks {
    turn: tokio::sync::Mutex<()>,
    waiting: Mutex<Option<Arc<OnceCell<Known>>>>,
}

/// What a query found; `None` if there was no answer. All who wait for it hear the same, so that a
/// database that is away keeps nobody waiting longer than the first.
type Known = Option<i64>;

impl Default for Freshness {
    fn default() -> Self {
        Self {
            checks: Cache::new(SCOPES),
        }
    }
}

impl Freshness {
    /// The revision of a scope, no older than this call.
    pub async fn of(&self, backend: &Backend, scope: Scope) -> Result<i64, Refusal> {
        if let Some(known) = backend.local_revision(scope) {
            return Ok(known);
        }
        let checks = self
            .checks
            .get_or_insert_with(&scope, || Ok::<_, Refusal>(Arc::default()))?;
        let check = {
            let mut waiting = checks
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(waiting.get_or_insert_with(Arc::default))
        };
        let revision = check
            .get_or_init(|| async {
                let _turn = checks.turn.lock().await;
                // From here on the query runs; who comes later needs another one.
                {
                    let mut waiting = checks
                        .waiting
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    if waiting.as_ref().is_some_and(|w| Arc::ptr_eq(w, &check)) {
                        *waiting = None;
                    }
                }
                asked(backend, scope).await
            })
            .await;
        revision.ok_or(Refusal::Overloaded)
    }
}

async fn asked(backend: &Backend, scope: Scope) -> Known {
    match timeout(PATIENCE, backend.revision(scope)).await {
        Ok(Ok(revision)) => Some(revision),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database did not say how far it is");
            None
        }
        Err(_) => {
            tracing::error!("the database did not say in time how far it is");
            None
        }
    }
}
