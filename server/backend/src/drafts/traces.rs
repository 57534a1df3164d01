//! Where the clauses of one version stand in another: what lists, filters and counts of comments
//! follow.

use super::comparing::stored_links;
use super::versions::{Version, read, versions};
use crate::Backend;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use domain::drafts::align::{self, Trace};
use domain::id::{ConsultationId, DraftId};
use std::sync::Arc;

/// The trace from a version to another of the same consultation; remembered between published
/// ones.
pub(crate) async fn trace(
    backend: &Backend,
    conn: &mut Conn,
    consultation: ConsultationId,
    from: DraftId,
    to: DraftId,
) -> Result<Arc<Trace>, Error> {
    let (kept, way) = (&backend.published().traces, (from, to));
    if let Some(trace) = kept.get(&way) {
        return Ok(trace);
    }
    let all = versions(conn, consultation).await?;
    let (from, to) = (among(&all, from)?, among(&all, to)?);
    let ties = stored_links(conn, &all, from.id, to.id).await?;
    let old = read(backend, conn, from.id, from.version).await?;
    let new = read(backend, conn, to.id, to.version).await?;
    // Published versions always hang together; only the others may have to be aligned first.
    let ties = match ties {
        Some(ties) => ties,
        None => {
            let (old, new) = (Arc::clone(&old), Arc::clone(&new));
            super::in_turn(&backend.published().turns, move || {
                let (old, new) = (&old.clauses, &new.clauses);
                align::links(old, new, &align::align(old, new))
            })
            .await?
        }
    };
    let trace = Arc::new(align::trace(&old.clauses, &new.clauses, &ties));
    if from.is_published && to.is_published {
        kept.insert(way, Arc::clone(&trace));
    }
    Ok(trace)
}

fn among(all: &[Version], wanted: DraftId) -> Result<Version, Error> {
    let found = all.iter().find(|version| version.id == wanted);
    found.copied().ok_or_else(|| corrupt("draft"))
}
