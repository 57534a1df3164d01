//! The account of a stage: what came in, what became of it, and which words changed because of it.

use super::because::{Places, Redline};
use super::points::{self, Labels, Stage, Wanted};
use crate::Backend;
use crate::comments::standing::with_parts;
use crate::consultations::{counts, current};
use crate::db::Conn;
use crate::drafts::{self, Version};
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::Timestamp;
use domain::consultations::Number;
use domain::feedback::{Feedback, FeedbackSummary};
use domain::id::{ClauseId, ConsultationId, DraftId};
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    // The last one: a new round after a feedback leaves that readable.
    LAST = "select stage, asked, heard, changed, draft_id, new_draft_id, published_at from feedback
        where consultation_id = $1
        order by stage desc
        limit 1";
    FIRST_DRAFT = "select draft_id from round
        where consultation_id = $1 and stage = $2
        order by created_at, id
        limit 1";
}

row! { struct FeedbackRow {
    stage: i64, asked: String, heard: String, changed: String, draft_id: Uuid,
    new_draft_id: Option<Uuid>, published_at: i64,
} }

/// From which version to which an account tells.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The first version that was commented on in the stage.
    pub from: Version,
    /// The version that came out of it, if there is a newer one.
    pub to: Option<Version>,
}

/// The span of a stage as it stands; `None` if it has had no round.
pub(super) async fn span(
    conn: &mut Conn,
    consultation: ConsultationId,
    stage: i64,
) -> Result<Option<Span>, Error> {
    let first: Option<(Uuid,)> =
        fetch_optional!(conn, FIRST_DRAFT, (Uuid,), consultation.0, stage)?;
    let Some((first,)) = first else {
        return Ok(None);
    };
    let all = drafts::versions(conn, consultation).await?;
    let from = among(&all, DraftId(first))?;
    let to = all
        .first()
        .copied()
        .filter(|newest| newest.version > from.version);
    Ok(Some(Span { from, to }))
}

fn among(all: &[Version], wanted: DraftId) -> Result<Version, Error> {
    all.iter()
        .copied()
        .find(|one| one.id == wanted)
        .ok_or_else(|| corrupt("draft"))
}

async fn last(
    conn: &mut Conn,
    now: Timestamp,
    number: Number,
) -> Result<Option<(ConsultationId, FeedbackRow)>, Error> {
    let Some(found) = current(conn, number).await? else {
        return Ok(None);
    };
    let row = fetch_optional!(conn, LAST, FeedbackRow, found.id.0)?;
    let row = row.filter(|row| row.published_at <= now.as_millisecond());
    Ok(row.map(|row| (found.id, row)))
}

/// The account that was published last without its points and changes, if one was by `now`.
pub async fn summary(
    backend: &Backend,
    now: Timestamp,
    number: Number,
) -> Result<Option<FeedbackSummary>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some((consultation, row)) = last(&mut conn, now, number).await? else {
        return Ok(None);
    };
    Ok(Some(FeedbackSummary {
        published_at: instant(row.published_at)?,
        dispositions: points::dispositions(&mut conn, consultation, row.stage).await?,
        asked: row.asked,
        heard: row.heard,
        changed: row.changed,
    }))
}

/// The account that was published last, with a page of its points, if one was by `now`.
///
/// Fails with `NotFound` for a key that no page gave.
pub async fn published(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    wanted: Wanted<'_>,
) -> Result<Option<Feedback>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some((consultation, row)) = last(&mut conn, now, number).await? else {
        return Ok(None);
    };
    let all = drafts::versions(&mut conn, consultation).await?;
    let from = among(&all, DraftId(row.draft_id))?;
    let to = row
        .new_draft_id
        .map(|id| among(&all, DraftId(id)))
        .transpose()?;
    // It stands once published, so it need not be of the same instant as the numbers.
    let redline = redline(backend, conn, &all, Span { from, to }).await?;
    let mut conn = backend.db().snapshot().await?;
    let old_labels = match &redline {
        Some(_) => HashMap::new(),
        None => drafts::clause_labels(&mut conn, from.id).await?,
    };
    let labels = labels(redline.as_ref(), &old_labels);
    let clauses = match (wanted.clause, &redline) {
        (None, _) => None,
        (Some(clause), Some(redline)) if redline.stands(clause) => Some(redline.concerned(clause)),
        (Some(clause), _) => {
            let text = drafts::read(backend, &mut conn, from.id, from.version).await?;
            let parts = with_parts(&text, clause);
            Some(parts.into_iter().map(|part| part.0).collect())
        }
    };
    let of = Stage {
        number,
        consultation,
        stage: row.stage,
    };
    let (mut points, next) =
        points::page(&mut conn, of, &wanted, clauses.as_deref(), &labels).await?;
    let (mut behind, mut changes) = (Vec::new(), Vec::new());
    if let Some(redline) = &redline {
        let groups = points::adopted(&mut conn, of).await?;
        behind = points::first_adopted(&mut conn, of, &labels).await?;
        changes = redline.because(&groups, &mut behind);
        redline.label(&mut behind);
        redline.label(&mut points);
    }
    Ok(Some(Feedback {
        published_at: instant(row.published_at)?,
        asked: row.asked,
        heard: row.heard,
        changed: row.changed,
        version: from.version,
        new_version: to.map(|to| to.version),
        counts: counts(&mut conn, consultation, row.stage).await?,
        dispositions: points::dispositions(&mut conn, consultation, row.stage).await?,
        changes,
        behind,
        points,
        next,
    }))
}

/// The labels by which an account names clauses.
pub(super) fn labels<'a>(
    redline: Option<&'a Redline>,
    old: &'a HashMap<ClauseId, String>,
) -> Labels<'a> {
    Labels {
        of: redline.map_or(old, |redline| &redline.labels),
        is_new: redline.is_some(),
    }
}

/// What changed from the version commented on to the one that came out, if one did. The connection
/// is given back before the work begins.
pub(super) async fn redline(
    backend: &Backend,
    mut conn: Conn,
    all: &[Version],
    span: Span,
) -> Result<Option<Redline>, Error> {
    let Some(to) = span.to else {
        return Ok(None);
    };
    let from = span.from;
    let old = drafts::read(backend, &mut conn, from.id, from.version).await?;
    let new = drafts::read(backend, &mut conn, to.id, to.version).await?;
    let changes = drafts::redline(backend, conn, all, from, to).await?;
    Ok(Some(Places::new(&old.clauses, &new.clauses).with(changes)))
}
