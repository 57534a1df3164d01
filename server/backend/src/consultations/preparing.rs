//! Staff begin a consultation and edit its facts until it is public.

use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::db::Tx;
use crate::error::{Conflict, Error, corrupt};
use crate::{Backend, Moment, freshness, markdown};
use domain::consultations::{Facts, Number, State};
use domain::id::UnitId;
use domain::staff::{Permit, right};
use jiff::tz::TimeZone;

sql! {
    ZONE = "select zone from unit where id = $1";
    NEXT_SERIAL = "insert into consultation_number (year, last_serial) values ($1, 1)
        on conflict (year) do update set last_serial = consultation_number.last_serial + 1
        returning last_serial";
    INSERT = "insert into consultation (id, unit_id, year, serial, title, summary, explanation,
            explanation_html, contact, other_ways, created_at, stage, last_comment, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, 0, 0)";
    UPDATE = "update consultation
        set title = $2, summary = $3, explanation = $4, explanation_html = $5, contact = $6,
            other_ways = $7
        where id = $1";
}

/// Begins a consultation in the permit's unit. Its number runs by the year of the unit's own
/// calendar; refused input takes no number.
pub async fn create(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    facts: Facts,
) -> Result<Number, Error> {
    let html = markdown::to_html(&facts.explanation);
    let mut tx = backend.db().write().await?;
    let number = next_number(&mut tx, moment, permit.unit()).await?;
    execute!(
        tx,
        INSERT,
        moment.id(),
        permit.unit().0,
        i64::from(number.year),
        i64::from(number.serial),
        facts.title.as_str(),
        facts.summary,
        facts.explanation,
        html,
        facts.contact,
        facts.other_ways,
        moment.millis(),
    )?;
    let subject = number.to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "consultation.created",
        subject: &subject,
        detail: &facts.title,
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await?;
    Ok(number)
}

async fn next_number(tx: &mut Tx, moment: &Moment, unit: UnitId) -> Result<Number, Error> {
    let found: Option<(String,)> = fetch_optional!(tx, ZONE, (String,), unit.0)?;
    let (zone,) = found.ok_or(Error::NotFound)?;
    let zone = TimeZone::get(&zone).map_err(|_| corrupt("unit.zone"))?;
    let year = moment.now.to_zoned(zone).year();
    let (serial,): (i64,) = fetch_one!(tx, NEXT_SERIAL, (i64,), i64::from(year))?;
    let serial = u32::try_from(serial).map_err(|_| corrupt("consultation_number.last_serial"))?;
    Ok(Number { year, serial })
}

/// Replaces the facts while only staff see them. What was public is superseded, never edited.
pub async fn update(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    number: Number,
    facts: Facts,
) -> Result<(), Error> {
    let html = markdown::to_html(&facts.explanation);
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    match locked.life.state_at(moment.now) {
        State::Preparing => {}
        State::Withdrawn => return Err(Conflict::ConsultationWithdrawn.into()),
        _ => return Err(Conflict::ConsultationPublic.into()),
    }
    execute!(
        tx,
        UPDATE,
        locked.id.0,
        facts.title.as_str(),
        facts.summary,
        facts.explanation,
        html,
        facts.contact,
        facts.other_ways,
    )?;
    let subject = number.to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "consultation.updated",
        subject: &subject,
        detail: &facts.title,
    };
    audit::record(&mut tx, moment, act).await?;
    freshness::raise(&mut tx, locked.id).await?;
    tx.commit().await?;
    backend.changed(number);
    Ok(())
}
