//! The rows of sessions and applications: locking, reading, and the states that seats pass through.

use crate::audit::{self, Act};
use crate::comments::store::{self as ledger, maybe_instant};
use crate::db::{Conn, Tx};
use crate::error::{Conflict, Error, corrupt};
use crate::moment::{Moment, instant};
use crate::notify;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Category, HearingNumber, Notice, SeatCount, SessionLife,
    SessionState,
};
use domain::id::{ApplicationId, HearingId, UnitId};
use domain::notify::LetterKind;
use sqlx::types::Uuid;
use std::collections::BTreeMap;

sql! {
    FIND = "select id, notice, published_at, opens_at, closes_at, frozen_at, drawn_at, minutes_at,
            cancelled_at, last_application, tickets
        from hearing
        where consultation_id = $1 and serial = $2";
    OF_STAFF = "select hearing.id, hearing.notice from hearing
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3
        and consultation.unit_id = $4";
    COUNTS = "select category, state, cast(count(*) as bigint) as applications from application
        where hearing_id = $1
        group by category, state";
}

row! { struct LockedRow {
    id: Uuid, notice: String, published_at: Option<i64>, opens_at: i64, closes_at: i64,
    frozen_at: Option<i64>, drawn_at: Option<i64>, minutes_at: Option<i64>,
    cancelled_at: Option<i64>, last_application: i64, tickets: Option<String>,
} }
row! { struct HomeRow { id: Uuid, notice: String } }
row! { struct CountRow { category: String, state: String, applications: i64 } }

/// A session that nobody else changes until this transaction ends.
pub(super) struct Locked {
    pub id: HearingId,
    /// Its consultation, whose row is held.
    pub home: ledger::Locked,
    pub notice: Notice,
    pub life: SessionLife,
    pub last_application: i64,
    /// The frozen tickets by category, once there are any.
    pub tickets: Option<BTreeMap<String, Vec<String>>>,
}

impl Locked {
    /// What stands in the way of everything once the session is called off or held.
    pub fn over(&self) -> Conflict {
        let given_up = self.home.life.withdrawn_at.is_some() && self.life.minutes_at.is_none();
        if given_up {
            Conflict::ConsultationWithdrawn
        } else {
            Conflict::HearingOver
        }
    }
}

/// Holds a session until the transaction ends, by the row of its consultation, as every change of
/// comments does: what changes both cannot wait for each other, and no seat is given twice,
/// whichever process gives it.
pub(super) async fn lock(tx: &mut Tx, number: HearingNumber) -> Result<Option<Locked>, Error> {
    let Some(home) = ledger::lock(tx, number.consultation).await? else {
        return Ok(None);
    };
    let row = fetch_optional!(tx, FIND, LockedRow, home.id.0, number.serial)?;
    let Some(row) = row else { return Ok(None) };
    let tickets = row.tickets.as_deref().map(serde_json::from_str).transpose();
    // With its consultation a session is called off, unless it was held before.
    let given_up = home.life.withdrawn_at.filter(|_| row.minutes_at.is_none());
    Ok(Some(Locked {
        id: HearingId(row.id),
        notice: notice(&row.notice)?,
        life: SessionLife {
            published_at: maybe_instant(row.published_at)?,
            opens_at: instant(row.opens_at)?,
            closes_at: instant(row.closes_at)?,
            frozen_at: maybe_instant(row.frozen_at)?,
            drawn_at: maybe_instant(row.drawn_at)?,
            minutes_at: maybe_instant(row.minutes_at)?,
            cancelled_at: maybe_instant(row.cancelled_at)?.or(given_up),
        },
        last_application: row.last_application,
        tickets: tickets.map_err(|_| corrupt("hearing.tickets"))?,
        home,
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
        .filter(|locked| locked.home.unit == unit)
        .ok_or(Error::NotFound)
}

/// A session as its own staff read it.
pub(super) struct Home {
    pub id: HearingId,
    pub notice: Notice,
}

/// Finds a session for staff of its unit; `NotFound` for anybody else's.
pub(super) async fn home(
    conn: &mut Conn,
    unit: UnitId,
    number: HearingNumber,
) -> Result<Home, Error> {
    let found = fetch_optional!(
        conn,
        OF_STAFF,
        HomeRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial,
        unit.0
    )?;
    let row = found.ok_or(Error::NotFound)?;
    Ok(Home {
        id: HearingId(row.id),
        notice: notice(&row.notice)?,
    })
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
    NEXT_PLACE = "update hearing set last_place = last_place + 1 where id = $1
        returning last_place";
    BEFORE = "select cast(count(*) as bigint) from application
        where hearing_id = $1 and category = $2 and state = 'reserve' and rank < $3";
}

/// Seats of a category that are taken.
async fn seated(tx: &mut Tx, hearing: HearingId, category: &str) -> Result<i64, Error> {
    let (seated,): (i64,) = fetch_one!(tx, SEATED, (i64,), hearing.0, category)?;
    Ok(seated)
}

/// What comes to who arrives now where seats go by arrival: a free seat, or else a place behind all
/// who came before.
pub(super) async fn arrive(
    tx: &mut Tx,
    hearing: HearingId,
    category: &Category,
) -> Result<(ApplicationState, i64), Error> {
    let state = if seated(tx, hearing, &category.code).await? < category.quota {
        ApplicationState::Chosen
    } else {
        ApplicationState::Reserve
    };
    let (place,): (i64,) = fetch_one!(tx, NEXT_PLACE, (i64,), hearing.0)?;
    Ok((state, place))
}

/// Gives free seats of a category to its first reserves, and tells them; who got one. Nobody is called to a session
/// that is over or has begun.
pub(super) async fn move_up(
    tx: &mut Tx,
    locked: &Locked,
    number: HearingNumber,
    category: &str,
    moment: &Moment,
) -> Result<Vec<ApplicationNumber>, Error> {
    let quota = locked.notice.category(category).map_or(0, |c| c.quota);
    let mut moved = Vec::new();
    let now = moment.now;
    let begun = locked.notice.starts_at.is_some_and(|starts| starts <= now);
    let state = locked.life.state_at(now);
    if begun || matches!(state, SessionState::Cancelled | SessionState::Held) {
        return Ok(moved);
    }
    while seated(tx, locked.id, category).await? < quota {
        let first: Option<(Uuid, i64)> =
            fetch_optional!(tx, FIRST_RESERVE, (Uuid, i64), locked.id.0, category)?;
        let Some((id, serial)) = first else { break };
        execute!(tx, SEAT, id, moment.millis())?;
        notify::tell(tx, moment, ApplicationId(id), LetterKind::Stands).await?;
        let ticket = ApplicationNumber {
            hearing: number,
            serial,
        };
        seat_changed(tx, moment, locked, ticket, "application.moved_up").await?;
        moved.push(ticket);
    }
    Ok(moved)
}

/// Writes down what became of a seat without staff: the ticket alone says whose.
pub(super) async fn seat_changed(
    tx: &mut Tx,
    moment: &Moment,
    locked: &Locked,
    ticket: ApplicationNumber,
    act: &'static str,
) -> Result<(), Error> {
    let act = Act {
        unit: locked.home.unit,
        account: None,
        act,
        subject: &ticket.to_string(),
        detail: "",
    };
    audit::record(tx, moment, act).await
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
