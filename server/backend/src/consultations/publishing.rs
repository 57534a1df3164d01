//! What makes a consultation public, and what ends it: acts of the approver.

use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, drafts, freshness, notify};
use domain::consultations::{Number, Publish, Round, State};
use domain::id::DraftId;
use domain::limits;
use domain::problem::{Fault, Violations};
use domain::staff::{Permit, right};
use domain::text;
use sqlx::types::Uuid;

sql! {
    DRAFT = "select id from draft where consultation_id = $1 and version = $2";
    OPEN_ROUND = "insert into round (id, consultation_id, draft_id, stage, opens_at, closes_at,
            reason_for_short_period, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SET_ROUND = "update consultation set round_id = $2, stage = $3, feedback_at = null
        where id = $1";
    WITHDRAW = "update consultation set withdrawn_at = $2, withdrawn_reason = $3 where id = $1";
}

/// Publishes a version for comment: for the first time, or for a new round once the last one has
/// closed. The version becomes public and cannot change any more. A round after a published
/// feedback begins a new stage with counts of its own.
///
/// Fails with `RoundStillOpen` before the last round has closed, or `Invalid` for an unknown
/// version, one older than the last round's, or a period that breaks the rule.
pub async fn publish(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: Number,
    publish: Publish,
) -> Result<Round, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    match locked.life.state_at(moment.now) {
        State::Preparing | State::Closed | State::Answered => {}
        State::Published | State::Open => return Err(Conflict::RoundStillOpen.into()),
        State::Withdrawn => return Err(Conflict::ConsultationWithdrawn.into()),
    }
    let found: Option<(Uuid,)> = fetch_optional!(tx, DRAFT, (Uuid,), locked.id.0, publish.version)?;
    let last = locked.life.round.as_ref().map_or(0, |round| round.version);
    let mut wrong = Violations::new();
    let version = match found {
        Some(_) if publish.version < last => Err(Fault::TooEarly),
        found => found.ok_or(Fault::Unknown),
    };
    let draft = wrong.keep("version", version).map(|(id,)| DraftId(id));
    let round = publish
        .round(moment.now)
        .map_err(|more| wrong.0.extend(more.0))
        .ok();
    let (Some(draft), Some(round)) = (draft, round) else {
        return Err(wrong.into());
    };
    drafts::publish(&mut tx, moment, locked.id, draft).await?;
    let stage = locked.stage + i64::from(locked.life.feedback_at.is_some());
    let id = moment.id();
    execute!(
        tx,
        OPEN_ROUND,
        id,
        locked.id.0,
        draft.0,
        stage,
        round.opens_at.as_millisecond(),
        round.closes_at.as_millisecond(),
        round.reason_for_short_period.clone(),
        moment.millis(),
        permit.account().0,
    )?;
    execute!(tx, SET_ROUND, locked.id.0, id, stage)?;
    let (subject, detail) = (
        number.to_string(),
        format!(
            "{}: {} – {}",
            round.version, round.opens_at, round.closes_at
        ),
    );
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "consultation.published",
        subject: &subject,
        detail: &detail,
    };
    audit::record(&mut tx, moment, act).await?;
    freshness::raise(&mut tx, locked.id).await?;
    tx.commit().await?;
    backend.changed(number);
    Ok(round)
}

/// Gives a consultation up, in whatever state it is, with a public reason. What was public stays
/// readable.
pub async fn withdraw(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: Number,
    reason: String,
) -> Result<(), Error> {
    let reason = text::required_lines(&reason, limits::REASON)
        .map_err(|fault| Error::invalid("reason", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    if locked.life.withdrawn_at.is_some() {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    execute!(tx, WITHDRAW, locked.id.0, moment.millis(), reason.as_str())?;
    notify::tell_given_up(&mut tx, moment, locked.id).await?;
    let subject = number.to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "consultation.withdrawn",
        subject: &subject,
        detail: &reason,
    };
    audit::record(&mut tx, moment, act).await?;
    freshness::raise(&mut tx, locked.id).await?;
    tx.commit().await?;
    backend.changed(number);
    Ok(())
}
