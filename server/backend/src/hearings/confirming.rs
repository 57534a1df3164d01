//! Participants confirm that the minutes say what was said, or ask for a correction while the unit
//! takes them; staff read what was asked.

use super::own::{finish, hold};
use super::record::Kept;
use super::store;
use crate::error::{Conflict, Error, corrupt};
use crate::{Backend, Moment};
use domain::hearings::{ApplicationNumber, HearingNumber, OwnApplication};
use domain::receipts::ReceiptCode;
use domain::staff::{Permit, right};
use domain::{limits, text};

sql! {
    MINUTES = "select minutes from hearing where id = $1 and minutes_at is not null";
    CONFIRM = "update application set minutes_confirmed_at = $2, updated_at = $2 where id = $1";
    CORRECT = "update application
        set correction = $2, minutes_confirmed_at = null, updated_at = $3
        where id = $1";
    CORRECTIONS = "select serial, name, correction, minutes_confirmed_at from application
        where hearing_id = $1 and correction is not null
        order by serial";
}

row! { struct CorrectionRow {
    serial: i64, name: Option<String>, correction: String, minutes_confirmed_at: Option<i64>,
} }

/// A correction of the minutes that a participant asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub number: ApplicationNumber,
    pub name: String,
    pub text: String,
    /// Whether the participant has confirmed the minutes since.
    pub settled: bool,
}

/// Confirms the minutes, or asks for a correction of them. What was asked stays on record when the
/// minutes are confirmed later.
///
/// Fails with `NoMinutes` before they are published, `NoSeat` for who had none, `CorrectionsClosed`
/// for a correction after the unit takes them, or `Invalid`.
pub async fn confirm_minutes(
    backend: &Backend,
    moment: &Moment,
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
    match correction {
        None => {
            execute!(tx, CONFIRM, held.id.0, moment.millis())?;
        }
        Some(correction) => {
            let kept = Kept::read(&minutes.ok_or_else(|| corrupt("hearing.minutes"))?)?;
            if kept
                .corrections_until
                .is_none_or(|until| until <= moment.now)
            {
                return Err(Conflict::CorrectionsClosed.into());
            }
            let correction = text::required_lines(correction, limits::REASON)
                .map_err(|fault| Error::invalid("correction", fault))?;
            execute!(tx, CORRECT, held.id.0, correction, moment.millis())?;
        }
    }
    finish(backend, tx, moment, held, code).await
}

/// The corrections that participants of a session asked for, in the order of their applications.
pub async fn corrections(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: HearingNumber,
) -> Result<Vec<Correction>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let home = store::home(&mut conn, permit.unit(), number).await?;
    let rows = fetch_all!(conn, CORRECTIONS, CorrectionRow, home.id.0)?;
    let corrections = rows.into_iter().map(|row| Correction {
        number: ApplicationNumber {
            hearing: number,
            serial: row.serial,
        },
        name: row.name.unwrap_or_default(),
        text: row.correction,
        settled: row.minutes_confirmed_at.is_some(),
    });
    Ok(corrections.collect())
}
