//! The draw: first the list of tickets is fixed and its hash published, with the name of a number
//! that nobody knows yet; later the number decides. What is published is enough to repeat it
//! ([`domain::hearings::draw`]).

use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::comments::store::maybe_instant;
use crate::db::Tx;
use crate::error::{Conflict, Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Moment, freshness, notify};
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Draw, Fill, HearingNumber, SessionState, draw,
};
use domain::id::HearingId;
use domain::staff::{Permit, right};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

sql! {
    UNREVIEWED = "select serial, category from application
        where hearing_id = $1 and state = 'received'
        order by serial";
    ELIGIBLE = "select serial, category from application
        where hearing_id = $1 and state = 'eligible'
        order by serial";
    FREEZE = "update hearing
        set seed_source = $2, tickets = $3, tickets_hash = $4, frozen_at = $5, updated_at = $5,
            seed_known_at = $6
        where id = $1";
    // Frozen before anybody said from when: then it was known at once.
    KNOWN_AT = "select coalesce(hearing.seed_known_at, hearing.frozen_at, 0), unit.zone from hearing
        join consultation on consultation.id = hearing.consultation_id
        join unit on unit.id = consultation.unit_id
        where hearing.id = $1";
    DRAW = "update hearing set seed = $2, result = $3, drawn_at = $4, updated_at = $4 where id = $1";
    PLACE = {
        sqlite: "update application
            set state = drawn.state, rank = drawn.rank, updated_at = $3
            from (select value ->> 'serial' as serial, value ->> 'state' as state,
                value ->> 'rank' as rank from json_each($2)) as drawn
            where application.hearing_id = $1 and application.serial = drawn.serial
            and application.state = 'eligible'",
        postgres: "update application
            set state = drawn.state, rank = drawn.rank, updated_at = $3
            from jsonb_to_recordset(cast($2 as jsonb))
                as drawn (serial bigint, state text, rank bigint)
            where application.hearing_id = $1 and application.serial = drawn.serial
            and application.state = 'eligible'",
    };
    PUBLISHED = "select hearing.notice, hearing.seed_source, hearing.tickets, hearing.tickets_hash,
            hearing.frozen_at, hearing.seed_known_at, hearing.seed, hearing.result,
            hearing.drawn_at
        from hearing
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3
        and hearing.published_at is not null and hearing.frozen_at is not null";
}

row! { struct DrawRow {
    notice: String, seed_source: Option<String>, tickets: Option<String>,
    tickets_hash: Option<String>, frozen_at: Option<i64>, seed_known_at: Option<i64>,
    seed: Option<String>, result: Option<String>, drawn_at: Option<i64>,
} }

/// By category: tickets in an order.
type Tickets = BTreeMap<String, Vec<String>>;

/// The result as it is kept, as it was published.
#[derive(Default, Serialize, Deserialize)]
struct Drawn {
    chosen: Tickets,
    reserves: Tickets,
}

#[derive(Serialize)]
struct Placed {
    serial: i64,
    state: &'static str,
    rank: i64,
}

/// Fixes the list of eligible tickets and publishes its hash, together with the public number that
/// will decide, where it will be found, and from when it can be known (`None`: from now on, for
/// whoever commits to it in another way). Gives the draw as it is published.
///
/// `seed_known_at` must be later than now: what is known already decides nothing.
///
/// Fails with `StillApplying` before the period has ended, `Unreviewed` while an application in a
/// category that is drawn waits for review, `NothingToDraw`, or `ListFrozen` the second time.
pub async fn freeze(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
    seed_source: &str,
    seed_known_at: Option<Timestamp>,
) -> Result<Draw, Error> {
    let seed_source = draw::named(seed_source, seed_known_at, moment.now)?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Closed => {}
        SessionState::Frozen | SessionState::Drawn => return Err(Conflict::ListFrozen.into()),
        SessionState::Cancelled | SessionState::Held => return Err(locked.over().into()),
        SessionState::Preparing | SessionState::Announced | SessionState::Applying => {
            return Err(Conflict::StillApplying.into());
        }
    }
    let drawn = |category: &str| {
        let found = locked.notice.category(category);
        found.is_some_and(|category| category.fill == Fill::Draw)
    };
    if !locked.notice.has_draw() {
        return Err(Conflict::NothingToDraw.into());
    }
    let ticket = |serial| ApplicationNumber {
        hearing: number,
        serial,
    };
    let waiting: Vec<(i64, String)> = fetch_all!(tx, UNREVIEWED, (i64, String), locked.id.0)?;
    let waiting: Vec<ApplicationNumber> = waiting
        .into_iter()
        .filter(|(_, category)| drawn(category))
        .map(|(serial, _)| ticket(serial))
        .collect();
    if !waiting.is_empty() {
        return Err(Conflict::Unreviewed(waiting).into());
    }
    let mut tickets: Tickets = locked
        .notice
        .categories
        .iter()
        .filter(|category| category.fill == Fill::Draw)
        .map(|category| (category.code.clone(), Vec::new()))
        .collect();
    let eligible: Vec<(i64, String)> = fetch_all!(tx, ELIGIBLE, (i64, String), locked.id.0)?;
    for (serial, category) in eligible {
        if let Some(list) = tickets.get_mut(&category) {
            list.push(ticket(serial).to_string());
        }
    }
    for list in tickets.values_mut() {
        list.sort_unstable();
    }
    let hash = draw::tickets_hash(&list_text(&tickets));
    execute!(
        tx,
        FREEZE,
        locked.id.0,
        seed_source.as_str(),
        json(&tickets)?,
        hash.as_str(),
        moment.millis(),
        seed_known_at.unwrap_or(moment.now).as_millisecond()
    )?;
    record_by(&mut tx, moment, permit, "hearing.frozen", number, &hash).await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    published(backend, number).await?.ok_or(Error::NotFound)
}

/// Enters the number that has become known and seats those whom it chooses. Who withdrew since the
/// list was fixed keeps their place in the published order and is passed over: the first reserve
/// moves up.
///
/// Fails with `NotFrozen` before the list is fixed, `SeedNotKnown` before the instant that was named
/// with it, `AlreadyDrawn` the second time, `Invalid` for a seed that not everyone can see and type
/// again ([`draw::seed`]).
pub async fn draw(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
    seed: &str,
) -> Result<Draw, Error> {
    let seed = draw::seed(seed).map_err(|fault| Error::invalid("seed", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Frozen => {}
        SessionState::Drawn => return Err(Conflict::AlreadyDrawn.into()),
        SessionState::Cancelled | SessionState::Held => return Err(locked.over().into()),
        _ => return Err(Conflict::NotFrozen.into()),
    }
    let (known, zone): (i64, String) = fetch_one!(tx, KNOWN_AT, (i64, String), locked.id.0)?;
    let from = instant(known)?;
    if moment.now < from {
        return Err(Conflict::SeedNotKnown { from, zone }.into());
    }
    let tickets = locked
        .tickets
        .clone()
        .ok_or_else(|| corrupt("hearing.tickets"))?;
    let mut drawn = Drawn::default();
    for (category, tickets) in &tickets {
        let order = draw::order(&seed, tickets);
        let quota = locked.notice.category(category).map_or(0, |c| c.quota);
        let seats = usize::try_from(quota).unwrap_or(0).min(order.len());
        place(&mut tx, moment, locked.id, &order, seats).await?;
        let (chosen, reserves) = order.split_at(seats);
        drawn.chosen.insert(category.clone(), chosen.to_vec());
        drawn.reserves.insert(category.clone(), reserves.to_vec());
    }
    execute!(
        tx,
        DRAW,
        locked.id.0,
        seed.as_str(),
        json(&drawn)?,
        moment.millis()
    )?;
    for category in tickets.keys() {
        store::move_up(&mut tx, &locked, number, category, moment).await?;
        notify::tell_drawn(&mut tx, moment, locked.id, category).await?;
    }
    record_by(&mut tx, moment, permit, "hearing.drawn", number, &seed).await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    published(backend, number).await?.ok_or(Error::NotFound)
}

async fn place(
    tx: &mut Tx,
    moment: &Moment,
    hearing: HearingId,
    order: &[String],
    seats: usize,
) -> Result<(), Error> {
    let mut placed = Vec::with_capacity(order.len());
    for (index, ticket) in order.iter().enumerate() {
        let ticket: ApplicationNumber = ticket.parse().map_err(|_| corrupt("a ticket"))?;
        let state = if index < seats {
            ApplicationState::Chosen
        } else {
            ApplicationState::Reserve
        };
        placed.push(Placed {
            serial: ticket.serial,
            state: state.code(),
            rank: index as i64 + 1,
        });
    }
    execute!(tx, PLACE, hearing.0, json(&placed)?, moment.millis())?;
    Ok(())
}

/// What everyone may know of a session's draw; `None` before the list is fixed.
pub async fn published(backend: &Backend, number: HearingNumber) -> Result<Option<Draw>, Error> {
    let mut conn = backend.db().read().await?;
    let found = fetch_optional!(
        conn,
        PUBLISHED,
        DrawRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    found.map(DrawRow::draw).transpose()
}

impl DrawRow {
    fn draw(self) -> Result<Draw, Error> {
        let missing = || corrupt("a draw");
        let tickets: Tickets = read(self.tickets.as_deref().ok_or_else(missing)?)?;
        let drawn: Drawn = match &self.result {
            Some(result) => read(result)?,
            None => Drawn::default(),
        };
        let notice = store::notice(&self.notice)?;
        let quotas = tickets
            .keys()
            .map(|code| (code.clone(), notice.category(code).map_or(0, |c| c.quota)))
            .collect();
        Ok(Draw {
            algorithm: draw::ALGORITHM.to_owned(),
            seed_source: self.seed_source.ok_or_else(missing)?,
            seed_known_at: instant(self.seed_known_at.or(self.frozen_at).ok_or_else(missing)?)?,
            seed: self.seed,
            list: list_text(&tickets),
            tickets,
            tickets_hash: self.tickets_hash.ok_or_else(missing)?,
            quotas,
            chosen: drawn.chosen,
            reserves: drawn.reserves,
            frozen_at: instant(self.frozen_at.ok_or_else(missing)?)?,
            drawn_at: maybe_instant(self.drawn_at)?,
        })
    }
}

fn list_text(tickets: &Tickets) -> String {
    draw::list_text(
        tickets
            .iter()
            .flat_map(|(category, list)| list.iter().map(move |t| (&**category, &**t))),
    )
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::Internal(format!("a draw as JSON: {e}")))
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|_| corrupt("a draw"))
}
