//! Staff compose a poll, publish it, correct it by a new version, call it off.

use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::comments::store::lock as lock_consultation;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, freshness};
use domain::consultations::{Number, State};
use domain::polls::{PollNumber, PollState, PublishPoll, Questionnaire, ResultsShown};
use domain::problem::{Fault, Violations};
use domain::staff::{Permit, right};
use domain::{limits, text};

sql! {
    LAST = "select cast(coalesce(max(serial), 0) as bigint) from poll where consultation_id = $1";
    INSERT = "insert into poll (id, consultation_id, serial, title, created_at, created_by, version,
            ballots)
        values ($1, $2, $3, $4, $5, $6, 1, 0)";
    INSERT_VERSION = "insert into poll_version (poll_id, version, questionnaire, correction,
            published_at, ballots)
        values ($1, $2, $3, $4, $5, 0)";
    UPDATE = "update poll set title = $2 where id = $1";
    UPDATE_VERSION = "update poll_version set questionnaire = $3
        where poll_id = $1 and version = $2";
    PUBLISH = "update poll set published_at = $2, opens_at = $3, closes_at = $4 where id = $1";
    PUBLISH_VERSION = "update poll_version set published_at = $3
        where poll_id = $1 and version = $2";
    NEXT_VERSION = "update poll set version = $2, title = $3 where id = $1";
    CANCEL = "update poll set cancelled_at = $2, cancelled_reason = $3 where id = $1";
    SHOW_RESULTS = "update poll set results_at = $2 where id = $1";
}

/// Prepares a poll of a consultation.
pub async fn create(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    consultation: Number,
    questionnaire: &Questionnaire,
) -> Result<PollNumber, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_consultation(&mut tx, consultation)
        .await?
        .filter(|locked| locked.unit == permit.unit())
        .ok_or(Error::NotFound)?;
    if locked.life.state_at(moment.now) == State::Withdrawn {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    let (last,): (i64,) = fetch_one!(tx, LAST, (i64,), locked.id.0)?;
    let number = PollNumber {
        consultation,
        serial: last + 1,
    };
    let id = moment.id();
    execute!(
        tx,
        INSERT,
        id,
        locked.id.0,
        number.serial,
        questionnaire.title.as_str(),
        moment.millis(),
        permit.account().0,
    )?;
    execute!(
        tx,
        INSERT_VERSION,
        id,
        1_i64,
        json(questionnaire)?,
        None::<String>,
        None::<i64>
    )?;
    record_by(
        &mut tx,
        moment,
        permit,
        "poll.created",
        number,
        &questionnaire.title,
    )
    .await?;
    tx.commit().await?;
    Ok(number)
}

/// Changes a poll that is not public yet. A public one is corrected ([`correct`]).
pub async fn update(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    number: PollNumber,
    questionnaire: &Questionnaire,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        PollState::Preparing => {}
        PollState::Cancelled => return Err(locked.over().into()),
        _ => return Err(Conflict::PollPublished.into()),
    }
    execute!(tx, UPDATE, locked.id.0, questionnaire.title.as_str())?;
    execute!(
        tx,
        UPDATE_VERSION,
        locked.id.0,
        locked.version,
        json(questionnaire)?
    )?;
    record_by(
        &mut tx,
        moment,
        permit,
        "poll.updated",
        number,
        &questionnaire.title,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a poll public. From then on its questions do not change.
pub async fn publish(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
    publish: &PublishPoll,
) -> Result<(), Error> {
    if publish.closes_at <= publish.opens_at.max(moment.now) {
        return Err(Error::invalid("closes_at", Fault::TooEarly));
    }
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        PollState::Preparing => {}
        PollState::Cancelled => return Err(locked.over().into()),
        _ => return Err(Conflict::PollPublished.into()),
    }
    // An opening in the past becomes now: nobody could answer before.
    let opens_at = publish.opens_at.max(moment.now);
    execute!(
        tx,
        PUBLISH,
        locked.id.0,
        moment.millis(),
        opens_at.as_millisecond(),
        publish.closes_at.as_millisecond()
    )?;
    execute!(
        tx,
        PUBLISH_VERSION,
        locked.id.0,
        locked.version,
        moment.millis()
    )?;
    let detail = format!("{opens_at} – {}", publish.closes_at);
    record_by(&mut tx, moment, permit, "poll.published", number, &detail).await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// Corrects a public poll by a new version that says in public what it corrects. Ballots given
/// before keep the version on which they were given. A code stays with its kind of question: another
/// kind under the same code is `Invalid`.
pub async fn correct(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
    questionnaire: &Questionnaire,
    correction: &str,
) -> Result<i64, Error> {
    let correction = text::required_lines(correction, limits::REASON)
        .map_err(|fault| Error::invalid("correction", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        PollState::Announced | PollState::Open => {}
        PollState::Preparing => return Err(Conflict::PollNotPublished.into()),
        PollState::Closed | PollState::Cancelled => return Err(locked.over().into()),
    }
    let before = store::questionnaire(&mut tx, locked.id, locked.version).await?;
    let mut wrong = Violations::new();
    for (index, question) in questionnaire.questions.iter().enumerate() {
        let earlier = before.question(&question.code);
        if earlier.is_some_and(|earlier| earlier.kind != question.kind) {
            wrong.add(format!("questions.{index}.kind"), Fault::Taken);
        }
    }
    wrong.into_result(|| ())?;
    // What was promised about answering once and about the results holds for every ballot.
    let questionnaire = Questionnaire {
        identity: before.identity,
        results: before.results,
        phase: before.phase,
        ..questionnaire.clone()
    };
    let version = locked.version + 1;
    execute!(
        tx,
        INSERT_VERSION,
        locked.id.0,
        version,
        json(&questionnaire)?,
        Some(correction.as_str()),
        Some(moment.millis())
    )?;
    execute!(
        tx,
        NEXT_VERSION,
        locked.id.0,
        version,
        questionnaire.title.as_str()
    )?;
    record_by(
        &mut tx,
        moment,
        permit,
        "poll.corrected",
        number,
        &correction,
    )
    .await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(version)
}

/// Calls a poll off, with a public reason. One that has closed stands, with its results; of one that
/// had opened the number of ballots and, as promised, the results are public as they are.
pub async fn cancel(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
    reason: &str,
) -> Result<(), Error> {
    let reason = text::required_lines(reason, limits::REASON)
        .map_err(|fault| Error::invalid("reason", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        PollState::Closed | PollState::Cancelled => return Err(locked.over().into()),
        PollState::Preparing | PollState::Announced | PollState::Open => {}
    }
    execute!(tx, CANCEL, locked.id.0, moment.millis(), reason.as_str())?;
    record_by(&mut tx, moment, permit, "poll.cancelled", number, &reason).await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// Publishes the results of a poll that waits for it, once it has closed or was called off after it
/// opened.
pub async fn publish_results(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        PollState::Closed => {}
        PollState::Cancelled if locked.life.has_opened(moment.now) => {}
        PollState::Cancelled => return Err(locked.over().into()),
        PollState::Preparing => return Err(Conflict::PollNotPublished.into()),
        PollState::Announced | PollState::Open => return Err(Conflict::PollStillOpen.into()),
    }
    let poll = store::questionnaire(&mut tx, locked.id, locked.version).await?;
    if poll.results != ResultsShown::ByHand || locked.life.results_at.is_some() {
        return Ok(());
    }
    execute!(tx, SHOW_RESULTS, locked.id.0, moment.millis())?;
    record_by(
        &mut tx,
        moment,
        permit,
        "poll.results_published",
        number,
        "",
    )
    .await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

fn json(questionnaire: &Questionnaire) -> Result<String, Error> {
    serde_json::to_string(questionnaire)
        .map_err(|e| Error::Internal(format!("questions as JSON: {e}")))
}
