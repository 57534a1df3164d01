//! Letters to applicants: written down with what they tell of, in the same transaction, and sent
//! later by whichever process comes first. A letter knows its application and what it is about, no
//! address and no words: those are read when it is sent, and say what is true then.
//!
//! Only what the unit does writes letters, never what is done with a receipt: nobody can make the
//! system write to a stranger at will.

mod sending;

pub use sending::{Due, drop_moot, failed, figures, forget_old, next, sent};

use crate::db::Tx;
use crate::error::Error;
use crate::moment::Moment;
use domain::hearings::ApplicationState;
use domain::id::{ApplicationId, ConsultationId, HearingId};
use domain::notify::LetterKind;

sql! {
    // One that nobody has tried to send yet will say the same.
    ONE = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where id = $1 and mailable = 1
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    // Of one category, or of all where none is named.
    MANY = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where hearing_id = $1 and mailable = 1 and ($4 = '' or category = $4)
        and state in (select value from json_each(cast($5 as text)))
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    SESSIONS = "select id from hearing
        where consultation_id = $1 and published_at is not null and cancelled_at is null
        and ($2 = 1 or minutes_at is null)";
}

/// Writes a letter to one applicant down, if they gave an address.
pub(crate) async fn tell(
    tx: &mut Tx,
    moment: &Moment,
    application: ApplicationId,
    kind: LetterKind,
) -> Result<(), Error> {
    execute!(tx, ONE, application.0, kind.code(), moment.millis())?;
    Ok(())
}

/// The same for those of a session whom this kind of letter is for.
pub(crate) async fn tell_all(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    kind: LetterKind,
) -> Result<(), Error> {
    tell_many(tx, moment, hearing, "", kind).await
}

/// Tells who was in the draw of a category where they stand after it.
pub(crate) async fn tell_drawn(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    category: &str,
) -> Result<(), Error> {
    tell_many(tx, moment, hearing, category, LetterKind::Stands).await
}

async fn tell_many(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    category: &str,
    kind: LetterKind,
) -> Result<(), Error> {
    let all = ApplicationState::ALL.iter().copied();
    let states: Vec<_> = all.filter(|state| kind.is_for(*state)).collect();
    let states = serde_json::to_string(&states)
        .map_err(|e| Error::Internal(format!("states as JSON: {e}")))?;
    let (code, now) = (kind.code(), moment.millis());
    execute!(tx, MANY, hearing.0, code, now, category, states)?;
    Ok(())
}

/// Tells everyone who applied to a session of a consultation that it is answered, whether they had
/// a seat or not.
pub(crate) async fn tell_answered(
    tx: &mut Tx,
    moment: &Moment,
    consultation: ConsultationId,
) -> Result<(), Error> {
    for hearing in sessions(tx, consultation, true).await? {
        tell_all(tx, moment, hearing, LetterKind::Answered).await?;
    }
    Ok(())
}

/// Tells who applied to the sessions of a consultation that they are called off with it. What was
/// held before stays.
pub(crate) async fn tell_given_up(
    tx: &mut Tx,
    moment: &Moment,
    consultation: ConsultationId,
) -> Result<(), Error> {
    for hearing in sessions(tx, consultation, false).await? {
        tell_all(tx, moment, hearing, LetterKind::Cancelled).await?;
    }
    Ok(())
}

async fn sessions(
    tx: &mut Tx,
    consultation: ConsultationId,
    held_too: bool,
) -> Result<Vec<HearingId>, Error> {
    let held_too = i64::from(held_too);
    let rows = fetch_all!(tx, SESSIONS, (sqlx::types::Uuid,), consultation.0, held_too)?;
    Ok(rows.into_iter().map(|(id,)| HearingId(id)).collect())
}
