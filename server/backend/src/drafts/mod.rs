//! Drafts: a text goes in, its clauses are found, and each keeps its identity from version to
//! version. A version that was published never changes.

mod adding;
mod clauses;
mod comparing;
mod correcting;
mod decoding;
mod kept;
mod links;
mod versions;
mod words;

pub use adding::{NewDraft, add};
pub(crate) use clauses::{clause_labels, clause_set};
pub use comparing::changes;
pub(crate) use comparing::{compared, told};
pub use correcting::correct_match;
pub(crate) use correcting::publish;
pub(crate) use kept::Kept;
pub use versions::{Original, clause_counts, get, original};
pub(crate) use versions::{Version, read, versions};

use crate::error::Error;

/// Runs what takes long beside the threads that answer requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(format!("work aside broke off: {e}")))
}
