//! Staff prepare a session, publish its notice, or call it off.

use super::earlier::{self, Amending};
use super::store::lock_of;
use crate::audit::record_by;
use crate::comments::store::lock as lock_consultation;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, freshness, notify};
use domain::Timestamp;
use domain::consultations::{Number, State};
use domain::hearings::{HearingNumber, Notice, SessionState};
use domain::notify::LetterKind;
use domain::staff::{Permit, right};
use domain::{limits, text};

sql! {
    LAST = "select cast(coalesce(max(serial), 0) as bigint) from hearing where consultation_id = $1";
    INSERT = "insert into hearing (id, consultation_id, serial, kind, title, notice, starts_at,
            opens_at, closes_at, created_at, created_by, updated_at, last_application,
            last_place)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, 0, 0)";
    UPDATE = "update hearing
        set kind = $2, title = $3, notice = $4, starts_at = $5, opens_at = $6, closes_at = $7,
            updated_at = $8
        where id = $1";
    PUBLISH = "update hearing set published_at = $2, updated_at = $2 where id = $1";
    CANCEL = "update hearing set cancelled_at = $2, cancelled_reason = $3, updated_at = $2
        where id = $1";
}

/// Prepares a session of a consultation.
pub async fn create(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    consultation: Number,
    notice: Notice,
) -> Result<HearingNumber, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_consultation(&mut tx, consultation)
        .await?
        .filter(|locked| locked.unit == permit.unit())
        .ok_or(Error::NotFound)?;
    if locked.life.state_at(moment.now) == State::Withdrawn {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    let (last,): (i64,) = fetch_one!(tx, LAST, (i64,), locked.id.0)?;
    let number = HearingNumber {
        consultation,
        serial: last + 1,
    };
    execute!(
        tx,
        INSERT,
        moment.id(),
        locked.id.0,
        number.serial,
        notice.kind.code(),
        notice.title.as_str(),
        json(&notice)?,
        notice.starts_at.map(|at| at.as_millisecond()),
        notice.applications_open_at.as_millisecond(),
        notice.applications_close_at.as_millisecond(),
        moment.millis(),
        permit.account().0,
    )?;
    record_by(
        &mut tx,
        moment,
        permit,
        "hearing.created",
        number,
        &notice.title,
    )
    .await?;
    tx.commit().await?;
    Ok(number)
}

/// Changes a notice. Before publication everything; after it, until the minutes, only when and where
/// the session takes place and what concerns the day itself: who applied must find the seats and
/// conditions as they were. What is public takes an approver; what it said stays readable
/// ([`domain::hearings::Earlier`]), and the record says what was changed.
///
/// Fails with `HearingPublished` for anything else, `HearingOver` for what is called off or held.
pub async fn update(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Amending,
    number: HearingNumber,
    notice: Notice,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    let state = locked.life.state_at(moment.now);
    let public = locked.life.published_at.is_some();
    if matches!(state, SessionState::Cancelled | SessionState::Held) {
        return Err(locked.over().into());
    }
    let same_offer = Notice {
        starts_at: notice.starts_at,
        ends_at: notice.ends_at,
        place: notice.place.clone(),
        attendance: notice.attendance,
        bring: notice.bring.clone(),
        discipline: notice.discipline.clone(),
        contact: notice.contact.clone(),
        ..locked.notice.clone()
    };
    if state != SessionState::Preparing && same_offer != notice {
        return Err(Conflict::HearingPublished.into());
    }
    permit.suffices(public)?;
    execute!(
        tx,
        UPDATE,
        locked.id.0,
        notice.kind.code(),
        notice.title.as_str(),
        json(&notice)?,
        notice.starts_at.map(|at| at.as_millisecond()),
        notice.applications_open_at.as_millisecond(),
        notice.applications_close_at.as_millisecond(),
        moment.millis(),
    )?;
    let detail = if public {
        changes(&locked.notice, &notice)
    } else {
        notice.title.clone()
    };
    if public && notice != locked.notice {
        let before = json(&locked.notice)?;
        earlier::keep(&mut tx, moment, locked.id, "notice", before).await?;
    }
    permit
        .record(&mut tx, moment, "hearing.updated", number, &detail)
        .await?;
    if state != SessionState::Preparing && when_and_where(&notice) != when_and_where(&locked.notice)
    {
        notify::tell_all(&mut tx, moment, locked.id, LetterKind::Changed).await?;
    }
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// What a change of a published notice changes, for the record: old → new.
fn changes(before: &Notice, after: &Notice) -> String {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pairs = |notice: &Notice| {
        [
            ("starts_at", instant(notice.starts_at)),
            ("ends_at", instant(notice.ends_at)),
            ("place", text(&notice.place)),
            ("attendance", notice.attendance.to_string()),
            ("bring", text(&notice.bring)),
            ("discipline", text(&notice.discipline)),
            ("contact", text(&notice.contact)),
        ]
    };
    let changed: Vec<String> = pairs(before)
        .into_iter()
        .zip(pairs(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| format!("{name}: {old} → {new}"))
        .collect();
    changed.join("; ")
}

/// What who means to come must know of.
fn when_and_where(notice: &Notice) -> impl PartialEq {
    (
        notice.starts_at,
        notice.ends_at,
        notice.place.clone(),
        notice.attendance,
    )
}

/// Makes the notice public. What keeps it from that is named by field: seats that do not add up,
/// too few consumers, a period that is over.
pub async fn publish(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Preparing => {}
        SessionState::Cancelled => return Err(locked.over().into()),
        _ => return Err(Conflict::HearingPublished.into()),
    }
    locked.notice.publishable(moment.now)?;
    execute!(tx, PUBLISH, locked.id.0, moment.millis())?;
    record_by(&mut tx, moment, permit, "hearing.published", number, "").await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// Calls a session off, with a public reason.
pub async fn cancel(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
    reason: &str,
) -> Result<(), Error> {
    let reason = text::required_lines(reason, limits::REASON)
        .map_err(|fault| Error::invalid("reason", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Cancelled | SessionState::Held => {
            return Err(locked.over().into());
        }
        _ => {}
    }
    execute!(tx, CANCEL, locked.id.0, moment.millis(), reason.as_str())?;
    notify::tell_all(&mut tx, moment, locked.id, LetterKind::Cancelled).await?;
    record_by(
        &mut tx,
        moment,
        permit,
        "hearing.cancelled",
        number,
        &reason,
    )
    .await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

fn json(notice: &Notice) -> Result<String, Error> {
    serde_json::to_string(notice).map_err(|e| Error::Internal(format!("a notice as JSON: {e}")))
}
