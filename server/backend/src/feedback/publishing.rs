//! The account becomes public: after closing, and only when no point is without a response.

use super::account;
use super::key::UnansweredKey;
use super::points::Wanted;
use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::consultations::current;
use crate::db::Conn;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, drafts, freshness, notify};
use domain::comments::CommentNumber;
use domain::consultations::{Number, Page, State};
use domain::feedback::{Feedback, NewFeedback, Unanswered};
use domain::hearings::HearingNumber;
use domain::id::{ConsultationId, PointId};
use domain::limits;
use domain::staff::{Permit, right};
use sqlx::types::Uuid;

/// Points that a refusal lists at most; staff answer these and see the next.
const LISTED: usize = 500;

sql! {
    // Held and withdrawn comments need no answer.
    UNANSWERED = "select point.id, comment.serial, point.position, clause.label
        from comment
        join point on point.comment_id = comment.id
        join round on round.id = comment.round_id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        where comment.consultation_id = $1 and comment.stage = $2
        and comment.state in ('received', 'published')
        and (comment.serial, point.position) > ($3, $4)
        and not exists (select 1 from response where response.point_id = point.id)
        order by comment.serial, point.position
        limit $5";
    COUNT_UNANSWERED = "select cast(count(*) as bigint)
        from comment
        join point on point.comment_id = comment.id
        where comment.consultation_id = $1 and comment.stage = $2
        and comment.state in ('received', 'published')
        and not exists (select 1 from response where response.point_id = point.id)";
    // An observed meeting brings no points: it may be held on what the feedback led to.
    SESSIONS = "select serial from hearing
        where consultation_id = $1 and kind <> 'observation' and published_at is not null
        and cancelled_at is null and minutes_at is null
        order by serial";
    INSERT = "insert into feedback (id, consultation_id, stage, asked, heard, changed, draft_id,
            new_draft_id, published_at, published_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ANSWER = "update consultation set feedback_at = $2 where id = $1";
}

row! { struct UnansweredRow { id: Uuid, serial: i64, position: i64, label: Option<String> } }

/// A page of at most `limit` points without a response, oldest comments first. `after` is the
/// `next` of the page before.
///
/// Fails with `NotFound` for a key that no page gave.
pub async fn unanswered(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Unanswered>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|c| c.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    let after = UnansweredKey::after(after)?;
    missing(&mut conn, number, (found.id, found.stage), after, limit).await
}

/// How many points have no response.
pub async fn unanswered_count(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
) -> Result<i64, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|c| c.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    count_missing(&mut conn, found.id, found.stage).await
}

async fn missing(
    conn: &mut Conn,
    number: Number,
    (consultation, stage): (ConsultationId, i64),
    [serial, position]: [i64; 2],
    limit: usize,
) -> Result<Page<Unanswered>, Error> {
    let rows = fetch_all!(
        conn,
        UNANSWERED,
        UnansweredRow,
        consultation.0,
        stage,
        serial,
        position,
        limit as i64 + 1
    );
    let mut rows = rows?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| UnansweredKey::new([row.serial, row.position]).to_string());
    let items = rows.into_iter().map(|row| Unanswered {
        point: PointId(row.id),
        comment: CommentNumber {
            consultation: number,
            serial: row.serial,
        }
        .to_string(),
        clause_label: row.label,
    });
    Ok(Page {
        items: items.collect(),
        next,
    })
}

/// How many points have no response.
pub(super) async fn count_missing(
    conn: &mut Conn,
    consultation: ConsultationId,
    stage: i64,
) -> Result<i64, Error> {
    let (missing,): (i64,) = fetch_one!(conn, COUNT_UNANSWERED, (i64,), consultation.0, stage)?;
    Ok(missing)
}

/// Publishes the feedback and, if the text has changed, the newest version with it. From then on
/// the consultation is answered and its numbers stand.
///
/// Fails with `NoRound`, `RoundStillOpen`, `AlreadyAnswered`, `SessionsToCome` while an announced hearing
/// or seminar has neither minutes nor been called off (what is said there is answered here),
/// `Unanswered` with what is missing, or `NewerVersion` if the newest version is not the one that was
/// looked at.
pub async fn publish(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: Number,
    texts: NewFeedback,
) -> Result<Feedback, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    match locked.life.state_at(moment.now) {
        State::Closed => {}
        State::Preparing => return Err(Conflict::NoRound.into()),
        State::Published | State::Open => return Err(Conflict::RoundStillOpen.into()),
        State::Answered => return Err(Conflict::AlreadyAnswered.into()),
        State::Withdrawn => return Err(Conflict::ConsultationWithdrawn.into()),
    }
    let sessions: Vec<(i64,)> = fetch_all!(tx, SESSIONS, (i64,), locked.id.0)?;
    if !sessions.is_empty() {
        let named = sessions.into_iter().map(|(serial,)| HearingNumber {
            consultation: number,
            serial,
        });
        return Err(Conflict::SessionsToCome(named.collect()).into());
    }
    let total = count_missing(&mut tx, locked.id, locked.stage).await?;
    if total > 0 {
        let of = (locked.id, locked.stage);
        let first = missing(&mut tx, number, of, UnansweredKey::after(None)?, LISTED).await?;
        let listed = first.items;
        return Err(Conflict::Unanswered { total, listed }.into());
    }
    let span = account::span(&mut tx, locked.id, locked.stage)
        .await?
        .ok_or(Conflict::NoRound)?;
    let newest = span.to.unwrap_or(span.from).version;
    if texts
        .new_version
        .is_some_and(|looked_at| looked_at != newest)
    {
        return Err(Conflict::NewerVersion(newest).into());
    }
    if let Some(newest) = span.to {
        drafts::publish(&mut tx, moment, locked.id, newest.id).await?;
    }
    execute!(
        tx,
        INSERT,
        moment.id(),
        locked.id.0,
        locked.stage,
        texts.asked,
        texts.heard,
        texts.changed,
        span.from.id.0,
        span.to.map(|newest| newest.id.0),
        moment.millis(),
        permit.account().0,
    )?;
    execute!(tx, ANSWER, locked.id.0, moment.millis())?;
    notify::tell_answered(&mut tx, moment, locked.id).await?;
    let (subject, detail) = (
        number.to_string(),
        span.to
            .map_or(String::new(), |newest| newest.version.to_string()),
    );
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "feedback.published",
        subject: &subject,
        detail: &detail,
    };
    audit::record(&mut tx, moment, act).await?;
    freshness::raise(&mut tx, locked.id).await?;
    tx.commit().await?;
    backend.changed(number);
    let wanted = Wanted {
        disposition: None,
        clause: None,
        after: None,
        limit: limits::PAGE,
    };
    account::published(backend, moment.now, number, wanted)
        .await?
        .ok_or(Error::NotFound)
}
