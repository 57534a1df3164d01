//! What became of each clause between any two versions.

use super::versions::{Version, read, readable, versions};
use super::{links, words};
use crate::db::Conn;
use crate::error::Error;
use crate::{Backend, Viewer};
use domain::consultations::Number;
use domain::drafts::align::{self, Link, Links};
use domain::drafts::{Change, Changes, ClauseChange};
use domain::id::DraftId;
use std::collections::HashMap;
use std::sync::Arc;

/// The changes from version `from` to version `to`, if the viewer may read both. Either may be
/// the newer one.
pub async fn changes(
    backend: &Backend,
    number: Number,
    from: i64,
    to: i64,
    viewer: Viewer<'_>,
) -> Result<Option<Changes>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some((current, readable)) = readable(&mut conn, number, viewer).await? else {
        return Ok(None);
    };
    let one = |wanted: i64| readable.iter().find(|one| one.version == wanted).copied();
    let (Some(from), Some(to)) = (one(from), one(to)) else {
        return Ok(None);
    };
    // A way between two public versions may lead over one that never was public.
    let all = versions(&mut conn, current.id).await?;
    let changes = redline(backend, conn, &all, from, to).await?;
    Ok(Some(Changes {
        from: from.version,
        to: to.version,
        changes: changes.to_vec(),
    }))
}

/// The changes from one version to another with their words; remembered between published
/// versions. Of many who ask for the same at once, one works it out and the others wait for it,
/// without a connection.
pub(crate) async fn redline(
    backend: &Backend,
    mut conn: Conn,
    all: &[Version],
    from: Version,
    to: Version,
) -> Result<Arc<Vec<Change>>, Error> {
    let (kept, way) = (&backend.published().redlines, (from.id, to.id));
    if let Some(changes) = kept.get(&way) {
        return Ok(changes);
    }
    let old = read(backend, &mut conn, from.id, from.version).await?;
    let new = read(backend, &mut conn, to.id, to.version).await?;
    let ties = stored_links(&mut conn, all, from.id, to.id).await?;
    drop(conn);
    let told = || {
        super::in_turn(&backend.published().turns, move || {
            let (old, new) = (&old.clauses, &new.clauses);
            let ties = ties.unwrap_or_else(|| align::links(old, new, &align::align(old, new)));
            Arc::new(align::changes(old, new, &ties, &words::words))
        })
    };
    if !(from.is_published && to.is_published) {
        return told().await;
    }
    match kept.get_value_or_guard_async(&way).await {
        Ok(changes) => Ok(changes),
        Err(guard) => {
            let changes = told().await?;
            // Refused only if the entry was removed meanwhile; then nothing is kept.
            let _kept = guard.insert(Arc::clone(&changes));
            Ok(changes)
        }
    }
}

/// The links from one version to another along the versions that followed each other, in either
/// direction; `None` if none leads there.
pub(super) async fn stored_links(
    conn: &mut Conn,
    all: &[Version],
    from: DraftId,
    to: DraftId,
) -> Result<Option<Links>, Error> {
    let (way, back) = match (way(all, from, to), way(all, to, from)) {
        (Some(way), _) => (way, false),
        (None, Some(way)) => (way, true),
        (None, None) => return Ok(None),
    };
    let Some((first, onward)) = way.split_first() else {
        return Ok(None);
    };
    let mut steps = links::of_drafts(conn, &way).await?;
    let mut step = |draft: &DraftId| steps.remove(draft).unwrap_or_default();
    let whole = onward.iter().fold(step(first), |sofar, next| {
        align::compose(&sofar, &{ step(next) })
    });
    Ok(Some(if back {
        whole.into_iter().map(reversed).collect()
    } else {
        whole
    }))
}

/// The versions after `from` up to `to`, each following the one before. Empty from a version to
/// itself.
pub(super) fn way(all: &[Version], from: DraftId, to: DraftId) -> Option<Vec<DraftId>> {
    let follows: HashMap<DraftId, Option<DraftId>> = all
        .iter()
        .map(|version| (version.id, version.follows))
        .collect();
    let mut way = Vec::new();
    let mut at = to;
    while at != from {
        way.push(at);
        at = (*follows.get(&at)?)?;
    }
    way.reverse();
    Some(way)
}

fn reversed(link: Link) -> Link {
    let kind = match link.kind {
        ClauseChange::Split => ClauseChange::Merged,
        ClauseChange::Merged => ClauseChange::Split,
        kind => kind,
    };
    Link {
        old: link.new,
        new: link.old,
        kind,
        ..link
    }
}
