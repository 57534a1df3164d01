//! Staff answer one point. Until the feedback is published, an answer may be given anew.

use crate::audit::{self, Act};
use crate::comments::is_answered;
use crate::comments::queue::stored_number;
use crate::comments::store::lock;
use crate::db::Tx;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment};
use domain::comments::CommentNumber;
use domain::feedback::{NewResponse, Response};
use domain::id::{ClauseId, ConsultationId, PointId};
use domain::problem::Fault;
use domain::staff::{Permit, right};

sql! {
    HOME = "select consultation.year, consultation.serial
        from point join consultation on consultation.id = point.consultation_id
        where point.id = $1 and consultation.unit_id = $2";
    COMMENT = "select comment.serial, comment.stage, comment.state, draft.version
        from point
        join comment on comment.id = point.comment_id
        join round on round.id = comment.round_id
        join draft on draft.id = round.draft_id
        where point.id = $1";
    CHANGED_CLAUSE = "select clause.label
        from clause join draft on draft.id = clause.draft_id
        where draft.consultation_id = $1 and clause.id = $2 and draft.version >= $3
        order by draft.version desc
        limit 1";
    RESPOND = "insert into response (point_id, disposition, reason, change_clause_id, responded_at,
            responded_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (point_id) do update
        set disposition = excluded.disposition, reason = excluded.reason,
            change_clause_id = excluded.change_clause_id, responded_at = excluded.responded_at,
            responded_by = excluded.responded_by";
}

row! { struct CommentRow { serial: i64, stage: i64, state: String, version: i64 } }

/// Answers a point, or answers it anew.
///
/// Fails with `AlreadyAnswered` once the feedback is published, `AlreadyWithdrawn` for a point
/// that was taken back, or `Invalid` for a changed clause that stands neither in the version
/// commented on nor in a newer one.
pub async fn respond(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    point: PointId,
    response: NewResponse,
) -> Result<Response, Error> {
    let mut tx = backend.db().write().await?;
    let home: Option<(i64, i64)> = fetch_optional!(tx, HOME, (i64, i64), point.0, permit.unit().0)?;
    let (year, serial) = home.ok_or(Error::NotFound)?;
    let number = stored_number(year, serial)?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.life.withdrawn_at.is_some() {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    // An edit may have replaced the points before the row was ours.
    let comment = fetch_optional!(tx, COMMENT, CommentRow, point.0)?.ok_or(Error::NotFound)?;
    if is_answered(&mut tx, locked.id, comment.stage).await? {
        return Err(Conflict::AlreadyAnswered.into());
    }
    if comment.state == "withdrawn" {
        return Err(Conflict::AlreadyWithdrawn.into());
    }
    let change_label = match response.change {
        Some(clause) => Some(label(&mut tx, locked.id, clause, comment.version).await?),
        None => None,
    };
    execute!(
        tx,
        RESPOND,
        point.0,
        response.disposition.code(),
        response.reason.clone(),
        response.change.map(|clause| clause.0),
        moment.millis(),
        permit.account().0,
    )?;
    let subject = CommentNumber {
        consultation: number,
        serial: comment.serial,
    }
    .to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "point.answered",
        subject: &subject,
        detail: response.disposition.code(),
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await?;
    Ok(Response {
        disposition: response.disposition,
        reason: response.reason,
        change: response.change,
        change_label,
    })
}

async fn label(
    tx: &mut Tx,
    consultation: ConsultationId,
    clause: ClauseId,
    version: i64,
) -> Result<String, Error> {
    let found: Option<(String,)> = fetch_optional!(
        tx,
        CHANGED_CLAUSE,
        (String,),
        consultation.0,
        clause.0,
        version
    )?;
    let (label,) = found.ok_or_else(|| Error::invalid("change.clause", Fault::UnknownClause))?;
    Ok(label)
}
