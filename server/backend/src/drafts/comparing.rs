//! What became of each clause between any two versions.

use super::versions::{Text, Version, readable, text};
use super::{links, words};
use crate::db::Conn;
use crate::error::Error;
use crate::{Backend, Viewer};
use domain::consultations::Number;
use domain::drafts::align::{self, Link, Links};
use domain::drafts::{Change, Changes, ClauseChange};
use domain::id::DraftId;
use std::collections::HashMap;

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
    let all = super::versions::versions(&mut conn, current.id).await?;
    let (old, new, ties) = compared(&mut conn, &all, from, to).await?;
    drop(conn);
    let (from, to) = (from.version, to.version);
    let changes = told(old, new, ties).await?;
    Ok(Some(Changes { from, to, changes }))
}

/// Two versions and, where it is stored, how they hang together.
pub(crate) async fn compared(
    conn: &mut Conn,
    all: &[Version],
    from: Version,
    to: Version,
) -> Result<(Text, Text, Option<Links>), Error> {
    let ties = stored_links(conn, all, from.id, to.id).await?;
    Ok((text(conn, from).await?, text(conn, to).await?, ties))
}

/// The changes with their words, worked out aside; versions that no stored links join are aligned
/// afresh.
pub(crate) async fn told(old: Text, new: Text, ties: Option<Links>) -> Result<Vec<Change>, Error> {
    super::aside(move || {
        let (old, new) = (&old.clauses, &new.clauses);
        let ties = ties.unwrap_or_else(|| align::links(old, new, &align::align(old, new)));
        align::changes(old, new, &ties, &words::words)
    })
    .await
}

/// The links from one version to another along the versions that followed each other, in either
/// direction; `None` if none leads there.
async fn stored_links(
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
