//! The fields of people's livelihood that a consultation touches, and whether the poll that is due
//! before its decision is there.

use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::db::Conn;
use crate::error::{Conflict, Error, corrupt};
use crate::{Backend, Moment, freshness};
use domain::consultations::{Number, State};
use domain::id::ConsultationId;
use domain::livelihood::{Livelihood, LivelihoodField, NoPoll};
use domain::polls::PollPhase;
use domain::staff::{Permit, right};
use serde::Deserialize;
use sqlx::types::Uuid;

sql! {
    FIND = "select id, no_poll_reason from consultation where year = $1 and serial = $2";
    FIELDS = "select field from consultation_field where consultation_id = $1";
    ASKED = "select poll_version.questionnaire from poll
        join poll_version on poll_version.poll_id = poll.id and poll_version.version = poll.version
        where poll.consultation_id = $1 and poll.published_at is not null
        and poll.cancelled_at is null";
    DROP_FIELDS = "delete from consultation_field where consultation_id = $1";
    ADD_FIELD = "insert into consultation_field (consultation_id, field) values ($1, $2)";
    SET_REASON = "update consultation set no_poll_reason = $2 where id = $1";
}

row! { struct FoundRow { id: Uuid, no_poll_reason: Option<String> } }

/// What of a questionnaire decides whether it counts.
#[derive(Deserialize)]
struct Asked {
    phase: PollPhase,
}

/// The fields with the public reason, and whether a poll that asks before the decision is published
/// and not called off.
pub async fn read(backend: &Backend, number: Number) -> Result<(Livelihood, bool), Error> {
    let mut conn = backend.db().snapshot().await?;
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let found = fetch_optional!(conn, FIND, FoundRow, year, serial)?.ok_or(Error::NotFound)?;
    let fields = fields(&mut conn, ConsultationId(found.id)).await?;
    let before = asks_before(&mut conn, ConsultationId(found.id)).await?;
    let livelihood = Livelihood {
        fields,
        no_poll_reason: found.no_poll_reason,
    };
    Ok((livelihood, before))
}

/// What a consultation with a reason for holding no poll says of it in public: nothing once there
/// is one after all.
pub(super) async fn no_poll(
    conn: &mut Conn,
    consultation: ConsultationId,
    reason: String,
) -> Result<Option<NoPoll>, Error> {
    if asks_before(conn, consultation).await? {
        return Ok(None);
    }
    let fields = fields(conn, consultation).await?;
    Ok(Some(NoPoll { reason, fields }))
}

async fn asks_before(conn: &mut Conn, consultation: ConsultationId) -> Result<bool, Error> {
    let mut before = false;
    for (json,) in fetch_all!(conn, ASKED, (String,), consultation.0)? {
        let asked: Asked =
            serde_json::from_str(&json).map_err(|_| corrupt("poll_version.questionnaire"))?;
        before |= asked.phase == PollPhase::Before;
    }
    Ok(before)
}

/// The fields that a consultation touches, in the order of the list.
async fn fields(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<LivelihoodField>, Error> {
    let rows: Vec<(String,)> = fetch_all!(conn, FIELDS, (String,), consultation.0)?;
    let mut fields = rows
        .iter()
        .map(|(code,)| {
            code.parse()
                .map_err(|_| corrupt("consultation_field.field"))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    fields.sort_unstable();
    Ok(fields)
}

/// Says which fields a consultation touches, and in public why no poll is held.
pub async fn set(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    number: Number,
    livelihood: &Livelihood,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number)
        .await?
        .filter(|locked| locked.unit == permit.unit())
        .ok_or(Error::NotFound)?;
    if locked.life.state_at(moment.now) == State::Withdrawn {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    execute!(tx, DROP_FIELDS, locked.id.0)?;
    for field in &livelihood.fields {
        execute!(tx, ADD_FIELD, locked.id.0, field.code())?;
    }
    execute!(
        tx,
        SET_REASON,
        locked.id.0,
        livelihood.no_poll_reason.clone()
    )?;
    let subject = number.to_string();
    let codes: Vec<&str> = livelihood.fields.iter().map(|field| field.code()).collect();
    let detail = codes.join(" ");
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "consultation.fields_set",
        subject: &subject,
        detail: &detail,
    };
    audit::record(&mut tx, moment, act).await?;
    freshness::raise(&mut tx, locked.id).await?;
    tx.commit().await?;
    backend.changed(number);
    Ok(())
}
