//! Lists of consultations, newest first: the public ones, and those of a person's units.

use super::reading::stored_round;
use crate::Backend;
use crate::comments::queue::{id_list, stored_number};
use crate::comments::store::maybe_instant;
use crate::error::Error;
use crate::units::is_slug;
use domain::consultations::{Life, Listed, Number, Page, State, Unit};
use domain::staff::Identity;
use domain::{Timestamp, limits};

/// Which public consultations are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Slug of a unit.
    pub unit: Option<String>,
    pub state: Option<State>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

sql! {
    // The state as `Life::state_at` says it, from instants and the clock.
    PUBLIC = "select consultation.year, consultation.serial, consultation.title,
            consultation.summary, consultation.feedback_at, consultation.withdrawn_at,
            unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent,
            draft.version, round.opens_at, round.closes_at, round.reason_for_short_period,
            cast(coalesce((select sum(tally.comments) from tally
                where tally.consultation_id = consultation.id
                and tally.stage = consultation.stage), 0) as bigint) as received
        from consultation
        join unit on unit.id = consultation.unit_id
        left join unit parent on parent.id = unit.parent_id
        join round on round.id = consultation.round_id
        join draft on draft.id = round.draft_id
        where ($1 = '' or unit.slug = $1)
        and ($2 = '' or $2 = case
            when consultation.withdrawn_at is not null then 'withdrawn'
            when consultation.feedback_at is not null then 'answered'
            when $3 < round.opens_at then 'published'
            when $3 < round.closes_at then 'open'
            else 'closed' end)
        and (consultation.year, consultation.serial) < ($4, $5)
        order by consultation.year desc, consultation.serial desc
        limit $6";
    OF_UNITS = "select consultation.year, consultation.serial, consultation.title,
            consultation.summary, consultation.feedback_at, consultation.withdrawn_at,
            unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent,
            draft.version, round.opens_at, round.closes_at, round.reason_for_short_period,
            cast(coalesce((select sum(tally.comments) from tally
                where tally.consultation_id = consultation.id
                and tally.stage = consultation.stage), 0) as bigint) as received
        from consultation
        join unit on unit.id = consultation.unit_id
        left join unit parent on parent.id = unit.parent_id
        left join round on round.id = consultation.round_id
        left join draft on draft.id = round.draft_id
        where consultation.unit_id in (select unhex(value) from json_each(cast($1 as text)))
        and (consultation.year, consultation.serial) < ($2, $3)
        order by consultation.year desc, consultation.serial desc
        limit $4";
    NEXT_CHANGE = "select min(at) from (
            select min(opens_at) as at from round where opens_at > $1
            union all
            select min(closes_at) as at from round where closes_at > $1) as instants";
}

row! { struct ListedRow {
    year: i64, serial: i64, title: String, summary: String, feedback_at: Option<i64>,
    withdrawn_at: Option<i64>, slug: String, name: String, zone: String, lang: String, parent: Option<String>,
    version: Option<i64>, opens_at: Option<i64>, closes_at: Option<i64>,
    reason_for_short_period: Option<String>, received: i64,
} }

/// Public consultations. A unit that does not exist has none.
pub async fn list(
    backend: &Backend,
    now: Timestamp,
    filter: ListFilter,
) -> Result<Page<Listed>, Error> {
    let (year, serial) = before(filter.after.as_deref())?;
    let unit = filter.unit.unwrap_or_default();
    if !unit.is_empty() && !is_slug(&unit) {
        return page(Vec::new(), now);
    }
    let state = filter.state.map_or("", State::code);
    let clock = now.as_millisecond();
    let limit = limits::PAGE as i64 + 1;
    let mut conn = backend.db().read().await?;
    let rows = fetch_all!(
        conn, PUBLIC, ListedRow, unit, state, clock, year, serial, limit
    )?;
    page(rows, now)
}

/// Every consultation of the units whose desk this person sees, public or not.
pub async fn list_for_staff(
    backend: &Backend,
    now: Timestamp,
    identity: &Identity,
    after: Option<&str>,
) -> Result<Page<Listed>, Error> {
    let (year, serial) = before(after)?;
    let units: Vec<_> = identity.units().into_iter().map(|unit| unit.0).collect();
    let limit = limits::PAGE as i64 + 1;
    let mut conn = backend.db().read().await?;
    let units = id_list(&units)?;
    let rows = fetch_all!(conn, OF_UNITS, ListedRow, units, year, serial, limit)?;
    page(rows, now)
}

/// The next instant at which some round opens or closes by itself, and a list may gain what it
/// does not hold yet.
pub async fn next_change(backend: &Backend, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let mut conn = backend.db().read().await?;
    let (at,): (Option<i64>,) =
        fetch_one!(conn, NEXT_CHANGE, (Option<i64>,), now.as_millisecond())?;
    maybe_instant(at)
}

/// The number before which a page begins.
fn before(after: Option<&str>) -> Result<(i64, i64), Error> {
    match after {
        None => Ok((i64::MAX, i64::MAX)),
        Some(key) => {
            let number: Number = key.parse().map_err(|_| Error::NotFound)?;
            Ok((i64::from(number.year), i64::from(number.serial)))
        }
    }
}

fn page(mut rows: Vec<ListedRow>, now: Timestamp) -> Result<Page<Listed>, Error> {
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let items = rows
        .into_iter()
        .map(|row| row.listed(now))
        .collect::<Result<Vec<Listed>, Error>>()?;
    let next = items
        .last()
        .filter(|_| more)
        .map(|listed| listed.number.to_string());
    Ok(Page { items, next })
}

impl ListedRow {
    fn listed(self, now: Timestamp) -> Result<Listed, Error> {
        let life = Life {
            round: stored_round(
                self.version,
                self.opens_at,
                self.closes_at,
                self.reason_for_short_period,
            )?,
            feedback_at: maybe_instant(self.feedback_at)?,
            withdrawn_at: maybe_instant(self.withdrawn_at)?,
        };
        Ok(Listed {
            number: stored_number(self.year, self.serial)?,
            unit: Unit {
                slug: self.slug,
                name: self.name,
                zone: self.zone,
                lang: self.lang,
                parent: self.parent,
            },
            title: self.title,
            summary: self.summary,
            state: life.state_at(now),
            round: life.round,
            received: self.received,
        })
    }
}
