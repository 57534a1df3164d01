//! Drafts: a text goes in, its clauses are found, and each keeps its identity from version to
//! version. A version that was published never changes.

mod adding;
mod clauses;
mod comparing;
mod correcting;
mod decoding;
mod kept;
mod links;
mod traces;
mod versions;
mod words;

pub use adding::{NewDraft, add};
pub(crate) use clauses::{clause_labels, clause_set};
pub use comparing::changes;
pub(crate) use comparing::redline;
pub use correcting::correct_match;
pub(crate) use correcting::publish;
pub(crate) use kept::Kept;
pub(crate) use traces::trace;
pub use versions::{Original, get, original};
pub(crate) use versions::{Version, read, versions};

use crate::error::Error;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Runs what takes long beside the threads that answer requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(format!("work aside broke off: {e}")))
}

/// The same for work that anyone can ask for, a few at a time. The turn belongs to the work: who
/// asks and goes away gives nobody a turn before the work has ended.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let turn = Arc::clone(turns)
        .acquire_owned()
        .await
        .map_err(|e| Error::Internal(format!("no turns are given: {e}")))?;
    aside(move || {
        let done = work();
        drop(turn);
        done
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn who_goes_away_frees_no_turn_before_the_work_has_ended() {
        let turns = Arc::new(Semaphore::new(1));
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (end, may_end) = mpsc::channel::<()>();
        let theirs = Arc::clone(&turns);
        let asking = tokio::spawn(async move {
            in_turn(&theirs, move || {
                begun.send(()).expect("somebody waits for it");
                may_end.recv().expect("somebody ends it");
            })
            .await
        });
        has_begun.await.expect("the work begins");
        asking.abort();
        assert!(asking.await.expect_err("it was cancelled").is_cancelled());
        assert_eq!(turns.available_permits(), 0);
        end.send(()).expect("the work still goes on");
        assert_eq!(in_turn(&turns, || 7).await.expect("it is our turn"), 7);
    }
}
