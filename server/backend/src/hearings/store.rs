//! The rows of sessions and applications: locking, reading, and the states that seats pass through.

use crate::comments::store::maybe_instant;
use crate::db::{Conn, Tx};
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, ApplicationState, HearingNumber, Notice, SeatCount, SessionLife,
};
use domain::id::{ConsultationId, HearingId, UnitId};
use sqlx::types::Uuid;
use std::collections::BTreeMap;

sql! {
    // An update that changes nothing takes the row's lock on both databases.
    LOCK = "update hearing set last_application = last_application
        where serial = $3 and consultation_id = (
            select id from consultation where year = $1 and serial = $2)
        returning id, consultation_id, notice, published_at, opens_at, closes_at, frozen_at,
            drawn_at, minutes_at, cancelled_at, last_application, tickets,
            (select unit_id from consultation where consultation.id = hearing.consultation_id) as unit_id";
    COUNTS = "select category, state, cast(count(*) as bigint) as applications from application
        where hearing_id = $1
        group by category, state";
}

row! { struct LockedRow {
    id: Uuid, consultation_id: Uuid, notice: String, published_at: Option<i64>, opens_at: i64,
    closes_at: i64, frozen_at: Option<i64>, drawn_at: Option<i64>, minutes_at: Option<i64>,
    cancelled_at: Option<i64>, last_application: i64,
    tickets: Option<String>, unit_id: Uuid,
} }
row! { struct CountRow { category: String, state: String, applications: i64 } }

/// A session whose row this transaction holds.
pub(super) struct Locked {
    pub id: HearingId,
    pub consultation: ConsultationId,
    pub unit: UnitId,
    pub notice: Notice,
    pub life: SessionLife,
    pub last_application: i64,
    /// The frozen tickets by category, once there are any.
    pub tickets: Option<BTreeMap<String, Vec<String>>>,
}

/// Takes a session's row until the transaction ends. All changes of its applications do, so that
/// no seat is given twice, whichever process gives it.
pub(super) async fn lock(tx: &mut Tx, number: HearingNumber) -> Result<Option<Locked>, Error> {
    let row = fetch_optional!(
        tx,
        LOCK,
        LockedRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(row) = row else { return Ok(None) };
    let tickets = row.tickets.as_deref().map(serde_json::from_str).transpose();
    Ok(Some(Locked {
        id: HearingId(row.id),
        consultation: ConsultationId(row.consultation_id),
        unit: UnitId(row.unit_id),
        notice: notice(&row.notice)?,
        life: SessionLife {
            published_at: maybe_instant(row.published_at)?,
            opens_at: instant(row.opens_at)?,
            closes_at: instant(row.closes_at)?,
            frozen_at: maybe_instant(row.frozen_at)?,
            drawn_at: maybe_instant(row.drawn_at)?,
            minutes_at: maybe_instant(row.minutes_at)?,
            cancelled_at: maybe_instant(row.cancelled_at)?,
        },
        last_application: row.last_application,
        tickets: tickets.map_err(|_| corrupt("hearing.tickets"))?,
    }))
}

/// The same for staff of its unit; `NotFound` for anybody else's.
pub(super) async fn lock_of(
    tx: &mut Tx,
    unit: UnitId,
    number: HearingNumber,
) -> Result<Locked, Error> {
    let locked = lock(tx, number).await?;
    locked
        .filter(|locked| locked.unit == unit)
        .ok_or(Error::NotFound)
}

/// A stored notice.
pub(super) fn notice(json: &str) -> Result<Notice, Error> {
    serde_json::from_str(json).map_err(|_| corrupt("hearing.notice"))
}

/// How many apply for each category of a notice, in its order.
pub(super) async fn counts(
    conn: &mut Conn,
    hearing: HearingId,
    notice: &Notice,
) -> Result<Vec<SeatCount>, Error> {
    let rows = fetch_all!(conn, COUNTS, CountRow, hearing.0)?;
    let mut counts: Vec<SeatCount> = notice
        .categories
        .iter()
        .map(|category| SeatCount {
            category: category.code.clone(),
            quota: category.quota,
            ..SeatCount::default()
        })
        .collect();
    for row in rows {
        let state = state(&row.state)?;
        if let Some(count) = counts.iter_mut().find(|c| c.category == row.category) {
            count.add(state, row.applications);
        }
    }
    Ok(counts)
}

pub(super) fn state(code: &str) -> Result<ApplicationState, Error> {
    code.parse().map_err(|_| corrupt("application.state"))
}

sql! {
    SEATED = "select cast(count(*) as bigint) from application
        where hearing_id = $1 and category = $2 and state in ('chosen', 'confirmed')";
    FIRST_RESERVE = "select id, serial from application
        where hearing_id = $1 and category = $2 and state = 'reserve'
        order by rank, serial
        limit 1";
    SEAT = "update application set state = 'chosen', updated_at = $2 where id = $1";
    BEFORE = "select cast(count(*) as bigint) from application
        where hearing_id = $1 and category = $2 and state = 'reserve' and rank < $3";
}

/// Seats of a category that are taken.
pub(super) async fn seated(tx: &mut Tx, hearing: HearingId, category: &str) -> Result<i64, Error> {
    let (seated,): (i64,) = fetch_one!(tx, SEATED, (i64,), hearing.0, category)?;
    Ok(seated)
}

/// Gives free seats of a category to its first reserves; who got one. With the session's row held,
/// so that a seat is given once.
pub(super) async fn move_up(
    tx: &mut Tx,
    locked: &Locked,
    number: HearingNumber,
    category: &str,
    now: Timestamp,
) -> Result<Vec<ApplicationNumber>, Error> {
    let quota = locked.notice.category(category).map_or(0, |c| c.quota);
    let mut moved = Vec::new();
    while seated(tx, locked.id, category).await? < quota {
        let first: Option<(Uuid, i64)> =
            fetch_optional!(tx, FIRST_RESERVE, (Uuid, i64), locked.id.0, category)?;
        let Some((id, serial)) = first else { break };
        execute!(tx, SEAT, id, now.as_millisecond())?;
        moved.push(ApplicationNumber {
            hearing: number,
            serial,
        });
    }
    Ok(moved)
}

/// The place of a reserve among the reserves of its category, from 1.
pub(super) async fn place(
    conn: &mut Conn,
    hearing: HearingId,
    category: &str,
    state: ApplicationState,
    rank: Option<i64>,
) -> Result<Option<i64>, Error> {
    let (ApplicationState::Reserve, Some(rank)) = (state, rank) else {
        return Ok(None);
    };
    let (before,): (i64,) = fetch_one!(conn, BEFORE, (i64,), hearing.0, category, rank)?;
    Ok(Some(before + 1))
}
