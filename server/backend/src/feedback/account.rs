//! The account of a stage: what came in, what became of it, and which words changed because of it.
//! The same numbers serve the public page and, before publication, the desk.

use super::because;
use super::publishing::count_missing;
use crate::Backend;
use crate::comments::published::public_author;
use crate::consultations::{counts, current};
use crate::db::Conn;
use crate::drafts::{self, Version};
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::Timestamp;
use domain::comments::CommentNumber;
use domain::consultations::{Counts, Number};
use domain::drafts::Clause;
use domain::feedback::{
    AnsweredPoint, ChangeBecause, Disposition, DispositionCount, Feedback, FeedbackPreview,
    Response,
};
use domain::id::{ClauseId, ConsultationId, DraftId, PointId};
use domain::staff::{Permit, right};
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
    // Points on the draft as a whole stand last.
    POINTS = "select point.id, point.clause_id, clause.label, point.body, point.proposed,
            comment.serial, comment.kind, comment.display, comment.name,
            response.disposition, response.reason, response.change_clause_id
        from comment
        join point on point.comment_id = comment.id
        join response on response.point_id = point.id
        join round on round.id = comment.round_id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        where comment.consultation_id = $1 and comment.stage = $2 and comment.state = 'published'
        order by coalesce(clause.position, 9223372036854775807), comment.serial, point.position";
}

row! { struct FeedbackRow {
    stage: i64, asked: String, heard: String, changed: String, draft_id: Uuid,
    new_draft_id: Option<Uuid>, published_at: i64,
} }
row! { struct PointRow {
    id: Uuid, clause_id: Option<Uuid>, label: Option<String>, body: String,
    proposed: Option<String>, serial: i64, kind: String, display: String, name: Option<String>,
    disposition: String, reason: Option<String>, change_clause_id: Option<Uuid>,
} }

/// From which version to which an account tells.
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

/// What an account says besides the three texts.
struct Account {
    counts: Counts,
    dispositions: Vec<DispositionCount>,
    changes: Vec<ChangeBecause>,
    points: Vec<AnsweredPoint>,
}

/// The account that was published last, if one was by `now`.
pub async fn published(
    backend: &Backend,
    now: Timestamp,
    number: Number,
) -> Result<Option<Feedback>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = current(&mut conn, number).await? else {
        return Ok(None);
    };
    let row = fetch_optional!(conn, LAST, FeedbackRow, found.id.0)?;
    let Some(row) = row.filter(|row| row.published_at <= now.as_millisecond()) else {
        return Ok(None);
    };
    let all = drafts::versions(&mut conn, found.id).await?;
    let from = among(&all, DraftId(row.draft_id))?;
    let to = row
        .new_draft_id
        .map(|id| among(&all, DraftId(id)))
        .transpose()?;
    let (version, new_version) = (from.version, to.map(|to| to.version));
    let account = account(
        backend,
        conn,
        number,
        found.id,
        row.stage,
        Span { from, to },
    )
    .await?;
    Ok(Some(Feedback {
        published_at: instant(row.published_at)?,
        asked: row.asked,
        heard: row.heard,
        changed: row.changed,
        version,
        new_version,
        counts: account.counts,
        dispositions: account.dispositions,
        changes: account.changes,
        points: account.points,
    }))
}

/// The account of the current stage as far as it has come.
///
/// Fails with `NotFound` before the first round.
pub async fn preview(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
) -> Result<FeedbackPreview, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|c| c.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    let span = span(&mut conn, found.id, found.stage)
        .await?
        .ok_or(Error::NotFound)?;
    let unanswered = count_missing(&mut conn, found.id, found.stage).await?;
    let (version, new_version) = (span.from.version, span.to.map(|to| to.version));
    let account = account(backend, conn, number, found.id, found.stage, span).await?;
    Ok(FeedbackPreview {
        version,
        new_version,
        counts: account.counts,
        dispositions: account.dispositions,
        changes: account.changes,
        points: account.points,
        unanswered,
    })
}

async fn account(
    backend: &Backend,
    mut conn: Conn,
    number: Number,
    consultation: ConsultationId,
    stage: i64,
    span: Span,
) -> Result<Account, Error> {
    let counts = counts(&mut conn, consultation, stage).await?;
    let rows = fetch_all!(conn, POINTS, PointRow, consultation.0, stage)?;
    let (labels, changes) = match span.to {
        Some(to) => {
            let all = drafts::versions(&mut conn, consultation).await?;
            let from = span.from;
            let old = drafts::read(backend, &mut conn, from.id, from.version).await?;
            let new = drafts::read(backend, &mut conn, to.id, to.version).await?;
            let places = because::Places::new(&old.clauses, &new.clauses);
            // The redline takes a while; the connection is not needed for it.
            let changes = drafts::redline(backend, conn, &all, from, to).await?;
            (labels(&new.clauses), Some((places, changes)))
        }
        None => (drafts::clause_labels(&mut conn, span.from.id).await?, None),
    };
    let is_new = span.to.is_some();
    let mut points = Vec::with_capacity(rows.len());
    for row in rows {
        points.push(row.answered(number, &labels, is_new)?);
    }
    let changes = match changes {
        Some((places, changes)) => because::because(&places, &changes, &mut points),
        None => Vec::new(),
    };
    let dispositions = Disposition::ALL.iter().map(|disposition| DispositionCount {
        disposition: *disposition,
        points: points
            .iter()
            .filter(|p| p.response.disposition == *disposition)
            .count() as i64,
    });
    let dispositions = dispositions.filter(|count| count.points > 0).collect();
    Ok(Account {
        counts,
        dispositions,
        changes,
        points,
    })
}

fn labels(clauses: &[Clause]) -> HashMap<ClauseId, String> {
    let all = clauses.iter().flat_map(Clause::walk);
    all.map(|clause| (clause.id, clause.label.clone()))
        .collect()
}

impl PointRow {
    /// `labels` are those of the version that came out, or else of the one commented on.
    fn answered(
        self,
        number: Number,
        labels: &HashMap<ClauseId, String>,
        is_new: bool,
    ) -> Result<AnsweredPoint, Error> {
        let clause = self.clause_id.map(ClauseId);
        let change = self.change_clause_id.map(ClauseId);
        let label = |clause: Option<ClauseId>| clause.and_then(|id| labels.get(&id)).cloned();
        Ok(AnsweredPoint {
            id: PointId(self.id),
            comment: CommentNumber {
                consultation: number,
                serial: self.serial,
            }
            .to_string(),
            author: public_author(&self.kind, &self.display, self.name)?,
            clause,
            clause_label: self.label,
            new_clause_label: label(clause).filter(|_| is_new),
            text: self.body,
            proposed: self.proposed,
            response: Response {
                disposition: self
                    .disposition
                    .parse()
                    .map_err(|_| corrupt("response.disposition"))?,
                reason: self.reason,
                change,
                change_label: label(change),
            },
        })
    }
}
