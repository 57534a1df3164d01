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
use domain::id::{ApplicationId, ConsultationId, HearingId};
use domain::notify::LetterKind;

sql! {
    // One that nobody has tried to send yet will say the same.
    ONE = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where id = $1 and mailable = 1
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    SEATED = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where hearing_id = $1 and mailable = 1 and state in ('chosen', 'confirmed')
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    HOPING = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where hearing_id = $1 and mailable = 1
        and state in ('received', 'eligible', 'chosen', 'reserve', 'confirmed')
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    ALL = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $2, $3, $3, 0 from application
        where hearing_id = $1 and mailable = 1 and state <> 'withdrawn'
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $2 and letter.attempts = 0 and letter.dropped_at is null)";
    DRAWN = "insert into letter (application_id, kind, queued_at, due_at, attempts)
        select id, $3, $4, $4, 0 from application
        where hearing_id = $1 and category = $2 and mailable = 1 and state in ('chosen', 'reserve')
        and not exists (select 1 from letter where letter.application_id = application.id
            and letter.kind = $3 and letter.attempts = 0 and letter.dropped_at is null)";
    SESSIONS = "select id from hearing
        where consultation_id = $1 and published_at is not null and cancelled_at is null
        and ($2 = 1 or minutes_at is null)";
}

/// Which applicants of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom {
    /// Who has a seat.
    Seated,
    /// Who has a seat or may still get one.
    Hoping,
    /// Everyone who did not take the application back.
    All,
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

/// The same for those of a session.
pub(crate) async fn tell_all(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    kind: LetterKind,
    whom: Whom,
) -> Result<(), Error> {
    let (kind, now) = (kind.code(), moment.millis());
    match whom {
        Whom::Seated => execute!(tx, SEATED, hearing.0, kind, now)?,
        Whom::Hoping => execute!(tx, HOPING, hearing.0, kind, now)?,
        Whom::All => execute!(tx, ALL, hearing.0, kind, now)?,
    };
    Ok(())
}

/// Tells who was in the draw of a category where they stand after it.
pub(crate) async fn tell_drawn(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    category: &str,
) -> Result<(), Error> {
    let kind = LetterKind::Stands.code();
    execute!(tx, DRAWN, hearing.0, category, kind, moment.millis())?;
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
        tell_all(tx, moment, hearing, LetterKind::Answered, Whom::All).await?;
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
        tell_all(tx, moment, hearing, LetterKind::Cancelled, Whom::Hoping).await?;
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
