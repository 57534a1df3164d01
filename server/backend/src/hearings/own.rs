//! What the holder of an application's receipt can do: read where it stands, change it until the
//! period ends, take it back, confirm or decline a seat, confirm the minutes.

use super::applying::{begin, clauses, needs_json, points_json};
pub use super::confirming::confirm_minutes;
pub use super::opinions::opine;
use super::record::Kept;
use super::reviewing::stored_points;
use super::store::{self, Locked, lock};
use super::{confirming, opinions};
use crate::comments::queue::stored_number;
use crate::comments::store::maybe_instant;
use crate::db::{Conn, Tx};
use crate::error::{Conflict, Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Moment, freshness};
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Fill, HearingNumber, OwnApplication, OwnMinutes,
    RawApplication, SessionLife, SessionState, normalised_contact, normalised_name,
};
use domain::id::{ApplicationId, HearingId};
use domain::notify::mail_address;
use domain::receipts::ReceiptCode;
use sqlx::types::Uuid;

sql! {
    HOME = "select consultation.year, consultation.serial, hearing.serial as hearing_serial
        from application
        join hearing on hearing.id = application.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where application.receipt_hash = $1";
    FIND = "select application.id, application.hearing_id, application.serial, application.category,
            application.state, application.reason, application.rank, application.name,
            application.contact, application.district, application.statement, application.points,
            application.needs, application.needs_note, application.publish_name,
            application.received_at, application.minutes_confirmed_at,
            hearing.serial as hearing_serial, hearing.title, hearing.notice, hearing.published_at,
            hearing.opens_at, hearing.closes_at, hearing.frozen_at, hearing.drawn_at,
            hearing.minutes_at, hearing.minutes,
            coalesce(hearing.cancelled_at, case when hearing.minutes_at is null
                then consultation.withdrawn_at end) as cancelled_at,
            consultation.year as consultation_year, consultation.serial as consultation_serial
        from application
        join hearing on hearing.id = application.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where application.receipt_hash = $1";
    HELD = "select id, serial, category, state, rank, contact_key, name_key from application where receipt_hash = $1";
    REPLACE = "update application
        set category = $2, state = $3, rank = $4, name = $5, contact = $6, contact_key = $7,
            name_key = $8, district = $9, statement = $10, points = $11, needs = $12,
            needs_note = $13, publish_name = $14, updated_at = $15, lang = $16, mailable = $17,
            reason = null
        where id = $1";
    // What is taken back keeps its number and its state, and nothing of the person.
    WITHDRAW = "update application
        set state = 'withdrawn', name = null, contact = null, contact_key = null, name_key = null,
            district = null, statement = null, points = '[]', needs = '[]', needs_note = null,
            publish_name = 0, reason = null, mailable = 0, request_hash = $3, updated_at = $2
        where id = $1";
    // The number and what became of it stay, and nothing else of the person.
    ERASE = "update application
        set name = null, contact = null, contact_key = null, name_key = null, district = null,
            statement = null, points = '[]', needs = '[]', needs_note = null, publish_name = 0,
            mailable = 0, request_hash = $3, updated_at = $2
        where id = $1";
    HIDE_NAME = "update application set publish_name = 0, updated_at = $2 where id = $1";
    DROP_OPINION = "delete from opinion where application_id = $1 and published_at is null";
    SET_STATE = "update application set state = $2, updated_at = $3 where id = $1";
}

row! { struct FoundRow {
    id: Uuid, hearing_id: Uuid, serial: i64, category: String, state: String,
    reason: Option<String>, rank: Option<i64>, name: Option<String>, contact: Option<Vec<u8>>,
    district: Option<String>, statement: Option<String>, points: String, needs: String,
    needs_note: Option<String>, publish_name: i64, received_at: i64,
    minutes_confirmed_at: Option<i64>, hearing_serial: i64,
    title: String, notice: String, published_at: Option<i64>, opens_at: i64, closes_at: i64,
    frozen_at: Option<i64>, drawn_at: Option<i64>, minutes_at: Option<i64>,
    minutes: Option<String>, cancelled_at: Option<i64>, consultation_year: i64,
    consultation_serial: i64,
} }
row! { struct HeldRow {
    id: Uuid, serial: i64, category: String, state: String, rank: Option<i64>,
    contact_key: Option<Vec<u8>>, name_key: Option<String>,
} }

/// The application that a receipt opens, as its sender sees it; `None` for an unknown code.
pub async fn open(
    backend: &Backend,
    now: Timestamp,
    code: &ReceiptCode,
) -> Result<Option<OwnApplication>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let hash = backend.keys().receipt_hash(code);
    let Some(row) = fetch_optional!(conn, FIND, FoundRow, hash)? else {
        return Ok(None);
    };
    row.own(backend, &mut conn, now).await.map(Some)
}

impl FoundRow {
    async fn own(
        self,
        backend: &Backend,
        conn: &mut Conn,
        now: Timestamp,
    ) -> Result<OwnApplication, Error> {
        let notice = store::notice(&self.notice)?;
        let hearing = HearingNumber {
            consultation: stored_number(self.consultation_year, self.consultation_serial)?,
            serial: self.hearing_serial,
        };
        let life = SessionLife {
            published_at: maybe_instant(self.published_at)?,
            opens_at: instant(self.opens_at)?,
            closes_at: instant(self.closes_at)?,
            frozen_at: maybe_instant(self.frozen_at)?,
            drawn_at: maybe_instant(self.drawn_at)?,
            minutes_at: maybe_instant(self.minutes_at)?,
            cancelled_at: maybe_instant(self.cancelled_at)?,
        };
        let state = store::state(&self.state)?;
        let session = life.state_at(now);
        let contact = match &self.contact {
            Some(sealed) => backend.keys().unseal(self.id, sealed)?,
            None => String::new(),
        };
        let id = HearingId(self.hearing_id);
        let reserve = store::place(conn, id, &self.category, state, self.rank).await?;
        let found = notice.category(&self.category);
        let minutes = match &self.minutes {
            Some(json) if state.is_seated() => {
                let kept = Kept::read(json)?;
                Some(OwnMinutes {
                    confirmed_at: maybe_instant(self.minutes_confirmed_at)?,
                    corrections: confirming::of_participant(conn, ApplicationId(self.id)).await?,
                    corrections_until: kept.corrections_until,
                    correctable: kept.takes_corrections(now),
                })
            }
            _ => None,
        };
        let asked = opinions::is_asked(&notice, session, &self.category, state, now);
        let opinion = opinions::of_participant(conn, ApplicationId(self.id)).await?;
        let replied = opinion.as_ref().is_some_and(|own| own.reply.is_some());
        Ok(OwnApplication {
            number: ApplicationNumber {
                hearing,
                serial: self.serial,
            },
            hearing_title: self.title,
            hearing_state: session,
            starts_at: notice.starts_at,
            place: notice.place.clone(),
            category_name: found.map_or_else(String::new, |category| category.name.clone()),
            editable: is_editable(state, session),
            can_confirm: can_confirm(state, session, notice.starts_at, now),
            category: self.category,
            state,
            reason: self.reason,
            reserve,
            received_at: instant(self.received_at)?,
            editable_until: life.closes_at,
            name: self.name.unwrap_or_default(),
            contact,
            district: self.district,
            statement: self.statement,
            points: stored_points(&self.points)?,
            needs: serde_json::from_str(&self.needs).map_err(|_| corrupt("application.needs"))?,
            needs_note: self.needs_note,
            publish_name: self.publish_name != 0,
            minutes,
            can_opine: asked && !replied,
            opinion,
        })
    }
}

/// What was found not eligible may be put right, and is reviewed anew.
fn is_editable(state: ApplicationState, session: SessionState) -> bool {
    let gone = matches!(
        state,
        ApplicationState::Declined | ApplicationState::Withdrawn
    );
    session == SessionState::Applying && !gone
}

/// A seat is confirmed or given back from when it is given until the session begins.
fn can_confirm(
    state: ApplicationState,
    session: SessionState,
    starts_at: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let over = matches!(session, SessionState::Cancelled | SessionState::Held);
    state.is_seated() && !over && starts_at.is_none_or(|starts| now < starts)
}

/// An application about to be changed, with its session held.
pub(super) struct Held {
    pub number: ApplicationNumber,
    pub locked: Locked,
    pub id: ApplicationId,
    pub state: ApplicationState,
    pub category: String,
    /// The place by arrival or by the draw.
    rank: Option<i64>,
    /// By what a person is found again: contact and name, as they are compared.
    person: (Option<Vec<u8>>, Option<String>),
}

impl Held {
    /// Writes down what the applicant did.
    async fn changed(&self, tx: &mut Tx, moment: &Moment, act: &'static str) -> Result<(), Error> {
        store::seat_changed(tx, moment, &self.locked, self.number, act).await
    }
}

pub(super) async fn hold(
    backend: &Backend,
    tx: &mut Tx,
    code: &ReceiptCode,
) -> Result<Held, Error> {
    let hash = backend.keys().receipt_hash(code);
    let home: Option<(i64, i64, i64)> =
        fetch_optional!(tx, HOME, (i64, i64, i64), hash.as_slice())?;
    let (year, serial, hearing_serial) = home.ok_or(Error::NotFound)?;
    let hearing = HearingNumber {
        consultation: stored_number(year, serial)?,
        serial: hearing_serial,
    };
    let locked = lock(tx, hearing).await?.ok_or(Error::NotFound)?;
    let found = fetch_optional!(tx, HELD, HeldRow, hash)?.ok_or(Error::NotFound)?;
    let state = store::state(&found.state)?;
    if state == ApplicationState::Withdrawn {
        return Err(Conflict::AlreadyWithdrawn.into());
    }
    Ok(Held {
        number: ApplicationNumber {
            hearing,
            serial: found.serial,
        },
        locked,
        id: ApplicationId(found.id),
        category: found.category,
        rank: found.rank,
        person: (found.contact_key, found.name_key),
        state,
    })
}

/// Replaces what an application says, until the period ends. What was reviewed is reviewed anew.
/// A place by order of arrival is kept by the same person in the same category: who goes to another, or
/// names another person or contact, arrives anew, so that no seat can be handed on. `lang` is
/// the language (BCP 47) in which the applicant is written to from now on.
///
/// Fails with `NotEditable` once the period has ended, `AlreadyWithdrawn`, or `Invalid`.
pub async fn edit(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
    raw: RawApplication,
    lang: &str,
) -> Result<OwnApplication, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    if !is_editable(held.state, held.locked.life.state_at(moment.now)) {
        return Err(Conflict::NotEditable.into());
    }
    let clauses = clauses(backend, &mut tx, &held.locked).await?;
    let new = raw.parse(&held.locked.notice, &clauses)?;
    let keys = backend.keys();
    let contact_key = keys.person(&normalised_contact(&new.contact));
    let name_key = normalised_name(&new.name);
    let same = held.person == (Some(contact_key.clone()), Some(name_key.clone()));
    let stays = new.category == held.category;
    let fill = held.locked.notice.category(&new.category).map(|c| c.fill);
    let (state, rank) = match fill {
        Some(Fill::FirstCome) if stays && held.state == ApplicationState::Ineligible => {
            (ApplicationState::Received, held.rank.filter(|_| same))
        }
        Some(Fill::FirstCome) if stays && same => (held.state, held.rank),
        _ => begin(&mut tx, &held.locked, &new.category).await?,
    };
    let sealed = keys.seal(held.id.0, &new.contact, moment)?;
    execute!(
        tx,
        REPLACE,
        held.id.0,
        new.category.as_str(),
        state.code(),
        rank,
        new.name.as_str(),
        sealed,
        contact_key,
        name_key,
        new.district.clone(),
        new.statement.clone(),
        points_json(&new)?,
        needs_json(&new)?,
        new.needs_note.clone(),
        i64::from(new.publish_name),
        moment.millis(),
        lang,
        i64::from(mail_address(&new.contact).is_some()),
    )?;
    if held.state.is_seated() && !(stays && state.is_seated()) {
        let (locked, hearing) = (&held.locked, held.number.hearing);
        held.changed(&mut tx, moment, "application.seat_left")
            .await?;
        store::move_up(&mut tx, locked, hearing, &held.category, moment).await?;
    }
    finish(backend, tx, moment, held, code).await
}

/// Takes an application back: nothing of the person is kept, the number stays counted, and a seat
/// goes to the first reserve. After the session the same is deleted; that the seat was held stays,
/// as do minutes, which are the unit's record (Personal Information Protection Law art. 15 and 47).
pub async fn withdraw(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
) -> Result<OwnApplication, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    execute!(tx, DROP_OPINION, held.id.0)?;
    if held.locked.life.state_at(moment.now) == SessionState::Held {
        execute!(tx, ERASE, held.id.0, moment.millis(), Vec::<u8>::new())?;
        held.changed(&mut tx, moment, "application.erased").await?;
        return finish(backend, tx, moment, held, code).await;
    }
    execute!(tx, WITHDRAW, held.id.0, moment.millis(), Vec::<u8>::new())?;
    held.changed(&mut tx, moment, "application.withdrawn")
        .await?;
    leave(&mut tx, moment, &held).await?;
    finish(backend, tx, moment, held, code).await
}

/// Takes the consent to publish the name back, at any time: it is not on the session's page any more
/// (Personal Information Protection Law art. 15: as easily as it was given).
pub async fn hide_name(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
) -> Result<OwnApplication, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    execute!(tx, HIDE_NAME, held.id.0, moment.millis())?;
    finish(backend, tx, moment, held, code).await
}

/// Confirms a seat (`true`) or gives it back; then the first reserve moves up.
///
/// Fails with `NoSeat` where there is none to confirm.
pub async fn confirm(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
    comes: bool,
) -> Result<OwnApplication, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    let session = held.locked.life.state_at(moment.now);
    let starts_at = held.locked.notice.starts_at;
    if !can_confirm(held.state, session, starts_at, moment.now) {
        return Err(Conflict::NoSeat.into());
    }
    let state = if comes {
        ApplicationState::Confirmed
    } else {
        ApplicationState::Declined
    };
    execute!(tx, SET_STATE, held.id.0, state.code(), moment.millis())?;
    if !comes {
        held.changed(&mut tx, moment, "application.declined")
            .await?;
        leave(&mut tx, moment, &held).await?;
    }
    finish(backend, tx, moment, held, code).await
}

/// Lets the first reserve have the seat that became free.
async fn leave(tx: &mut Tx, moment: &Moment, held: &Held) -> Result<(), Error> {
    if held.state.is_seated() {
        let hearing = held.number.hearing;
        store::move_up(tx, &held.locked, hearing, &held.category, moment).await?;
    }
    Ok(())
}

pub(super) async fn finish(
    backend: &Backend,
    mut tx: Tx,
    moment: &Moment,
    held: Held,
    code: &ReceiptCode,
) -> Result<OwnApplication, Error> {
    freshness::raise(&mut tx, held.locked.home.id).await?;
    tx.commit().await?;
    backend.changed(held.number.hearing.consultation);
    open(backend, moment.now, code)
        .await?
        .ok_or(Error::NotFound)
}
