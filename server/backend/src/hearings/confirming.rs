//! Participants confirm that the minutes say what was said, or ask for a correction while the unit
//! takes them. The unit accepts it, then its words stand in public beneath the minutes, or says why
//! not; the minutes themselves stand as they were published.

use super::own::{finish, hold};
use super::record::Kept;
use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::comments::store::maybe_instant;
use crate::db::Conn;
use crate::error::{Conflict, Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Moment, freshness, notify};
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, AskedCorrection, Corrected, Correction, CorrectionAnswer, HearingNumber,
    OwnApplication, RawCorrectionAnswer,
};
use domain::id::{ApplicationId, HearingId};
use domain::notify::LetterKind;
use domain::receipts::ReceiptCode;
use domain::staff::{Permit, right};
use domain::{limits, text};
use sqlx::types::Uuid;

sql! {
    MINUTES = "select minutes from hearing where id = $1 and minutes_at is not null";
    CONFIRM = "update application set minutes_confirmed_at = $2, updated_at = $2 where id = $1";
    DOUBT = "update application set minutes_confirmed_at = null, updated_at = $2 where id = $1";
    REPLACE = "update minutes_correction set body = $2, asked_at = $3
        where application_id = $1 and answered_at is null";
    ASKED = "select cast(count(*) as bigint) from minutes_correction where application_id = $1";
    ASK = "insert into minutes_correction (id, hearing_id, application_id, asked_at, body)
        values ($1, $2, $3, $4, $5)";
    OWN = "select asked_at, body, accepted, answer, answered_at from minutes_correction
        where application_id = $1
        order by asked_at, id";
    OF_SESSION = "select application.serial, application.name, application.minutes_confirmed_at,
            minutes_correction.asked_at, minutes_correction.body, minutes_correction.accepted,
            minutes_correction.answer, minutes_correction.answered_at
        from minutes_correction
        join application on application.id = minutes_correction.application_id
        where minutes_correction.hearing_id = $1
        order by minutes_correction.asked_at, minutes_correction.id";
    PUBLIC = "select accepted, answer, answered_at from minutes_correction
        where hearing_id = $1
        order by answered_at, id";
    WAITS = "select minutes_correction.id, minutes_correction.application_id,
            minutes_correction.asked_at
        from minutes_correction
        join application on application.id = minutes_correction.application_id
        where application.hearing_id = $1 and application.serial = $2
        and minutes_correction.answered_at is null";
    ANSWER = "update minutes_correction set accepted = $2, answer = $3, answered_at = $4
        where id = $1";
}

row! { struct CorrectionRow {
    asked_at: i64, body: String, accepted: Option<i64>, answer: Option<String>,
    answered_at: Option<i64>,
} }
row! { struct AskedRow {
    serial: i64, name: Option<String>, minutes_confirmed_at: Option<i64>, asked_at: i64,
    body: String, accepted: Option<i64>, answer: Option<String>, answered_at: Option<i64>,
} }
row! { struct PublicRow {
    accepted: Option<i64>, answer: Option<String>, answered_at: Option<i64>,
} }

impl CorrectionRow {
    fn correction(self) -> Result<Correction, Error> {
        let answered_at = maybe_instant(self.answered_at)?;
        Ok(Correction {
            text: self.body,
            asked_at: instant(self.asked_at)?,
            answer: answered_at.map(|answered_at| CorrectionAnswer {
                accepted: self.accepted == Some(1),
                text: self.answer.unwrap_or_default(),
                answered_at,
            }),
        })
    }
}

/// What a participant asked to have corrected, oldest first.
pub(super) async fn of_participant(
    conn: &mut Conn,
    application: ApplicationId,
) -> Result<Vec<Correction>, Error> {
    let rows = fetch_all!(conn, OWN, CorrectionRow, application.0)?;
    rows.into_iter().map(CorrectionRow::correction).collect()
}

/// What everyone may know of the corrections of a session's minutes.
pub(super) struct PublicCorrections {
    pub asked: i64,
    pub refused: i64,
    pub made: Vec<Corrected>,
}

pub(super) async fn public(
    conn: &mut Conn,
    hearing: HearingId,
) -> Result<PublicCorrections, Error> {
    let rows = fetch_all!(conn, PUBLIC, PublicRow, hearing.0)?;
    let mut public = PublicCorrections {
        asked: rows.len() as i64,
        refused: 0,
        made: Vec::new(),
    };
    for row in rows {
        match (row.accepted, row.answered_at) {
            (Some(1), Some(at)) => public.made.push(Corrected {
                text: row.answer.unwrap_or_default(),
                corrected_at: instant(at)?,
            }),
            (Some(_), _) => public.refused += 1,
            _ => {}
        }
    }
    Ok(public)
}

/// Confirms the minutes, or asks for a correction of them. While it waits for an answer, asking
/// again replaces it; what was answered stands, also when the minutes are confirmed later.
///
/// Fails with `NoMinutes` before they are published, `NoSeat` for who had none, `CorrectionsClosed`
/// for a correction after the unit takes them or after very many, or `Invalid`.
pub async fn confirm_minutes(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
    correction: Option<&str>,
) -> Result<OwnApplication, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    let minutes: Option<(Option<String>,)> =
        fetch_optional!(tx, MINUTES, (Option<String>,), held.locked.id.0)?;
    let (minutes,) = minutes.ok_or(Conflict::NoMinutes)?;
    if !held.state.is_seated() {
        return Err(Conflict::NoSeat.into());
    }
    let Some(correction) = correction else {
        execute!(tx, CONFIRM, held.id.0, moment.millis())?;
        return finish(backend, tx, moment, held, code).await;
    };
    let kept = Kept::read(&minutes.ok_or_else(|| corrupt("hearing.minutes"))?)?;
    if !kept.takes_corrections(moment.now) {
        return Err(Conflict::CorrectionsClosed.into());
    }
    let correction = text::required_lines(correction, limits::REASON)
        .map_err(|fault| Error::invalid("correction", fault))?;
    let waits = execute!(tx, REPLACE, held.id.0, correction.as_str(), moment.millis())?;
    if waits == 0 {
        let (asked,): (i64,) = fetch_one!(tx, ASKED, (i64,), held.id.0)?;
        if asked >= limits::CORRECTIONS_PER_PARTICIPANT {
            return Err(Conflict::CorrectionsClosed.into());
        }
        execute!(
            tx,
            ASK,
            moment.id(),
            held.locked.id.0,
            held.id.0,
            moment.millis(),
            correction
        )?;
    }
    execute!(tx, DOUBT, held.id.0, moment.millis())?;
    finish(backend, tx, moment, held, code).await
}

/// The corrections that participants of a session asked for, in the order in which they did.
pub async fn corrections(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: HearingNumber,
) -> Result<Vec<AskedCorrection>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let home = store::home(&mut conn, permit.unit(), number).await?;
    let rows = fetch_all!(conn, OF_SESSION, AskedRow, home.id.0)?;
    let asked = rows.into_iter().map(|row| {
        let correction = CorrectionRow {
            asked_at: row.asked_at,
            body: row.body,
            accepted: row.accepted,
            answer: row.answer,
            answered_at: row.answered_at,
        };
        Ok(AskedCorrection {
            number: ApplicationNumber {
                hearing: number,
                serial: row.serial,
            },
            name: row.name.unwrap_or_default(),
            correction: correction.correction()?,
            confirmed: row.minutes_confirmed_at.is_some(),
        })
    });
    asked.collect()
}

/// Answers the correction of a participant that waits. Accepted, the answer is public beneath the
/// minutes and says what is corrected; refused, it says to the participant why. `seen` is the
/// `asked_at` of what was read; `None` decides whatever it says now.
///
/// Fails with `NoCorrection` where none waits, `ChangedSince` if it is not what was seen, or `Invalid`.
pub async fn answer_correction(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: ApplicationNumber,
    answer: &RawCorrectionAnswer,
    seen: Option<Timestamp>,
) -> Result<(), Error> {
    let words = text::required_lines(&answer.text, limits::REASON)
        .map_err(|fault| Error::invalid("text", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number.hearing).await?;
    let waits: Option<(Uuid, Uuid, i64)> =
        fetch_optional!(tx, WAITS, (Uuid, Uuid, i64), locked.id.0, number.serial)?;
    let (id, application, asked_at) = waits.ok_or(Conflict::NoCorrection)?;
    if seen.is_some_and(|seen| seen.as_millisecond() != asked_at) {
        return Err(Conflict::ChangedSince.into());
    }
    let accepted = i64::from(answer.accepted);
    execute!(tx, ANSWER, id, accepted, words, moment.millis())?;
    notify::tell(
        &mut tx,
        moment,
        ApplicationId(application),
        LetterKind::Correction,
    )
    .await?;
    let act = if answer.accepted {
        "correction.accepted"
    } else {
        "correction.refused"
    };
    record_by(&mut tx, moment, permit, act, number, "").await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.hearing.consultation);
    Ok(())
}
