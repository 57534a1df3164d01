//! What a session needed to know of people is deleted some time after it
//! ([`limits::APPLICATION_DAYS`]; Personal Information Protection Law art. 19 and 47).

use super::store::lock;
use crate::audit::{self, Act};
use crate::comments::queue::stored_number;
use crate::error::Error;
use crate::{Backend, Moment};
use domain::hearings::HearingNumber;
use domain::limits;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

sql! {
    // Over is a session with its minutes, when it was called off, or else some time after it began, or
    // after applications closed if nobody ever said when it would begin.
    DUE = "select consultation.year, consultation.serial, hearing.serial as hearing_serial
        from hearing
        join consultation on consultation.id = hearing.consultation_id
        where coalesce(hearing.minutes_at, hearing.cancelled_at, consultation.withdrawn_at,
            hearing.starts_at, hearing.closes_at) <= $1
        and exists (select 1 from application
            where application.hearing_id = hearing.id and (application.contact is not null
                or application.name is not null
                and application.state not in ('chosen', 'confirmed')))
        order by hearing.id";
    // Who had a seat stays in the session's record, and is still found by the cool-down of later
    // sessions, by name and through a hash.
    FORGET = "update application
        set contact = null, mailable = 0, needs = '[]', needs_note = null, request_hash = $2,
            contact_key = case when state in ('chosen', 'confirmed') then contact_key end,
            name_key = case when state in ('chosen', 'confirmed') then name_key end,
            name = case when state in ('chosen', 'confirmed') then name end,
            district = case when state in ('chosen', 'confirmed') then district end,
            statement = case when state in ('chosen', 'confirmed') then statement end,
            points = case when state in ('chosen', 'confirmed') then points else '[]' end,
            publish_name = case when state in ('chosen', 'confirmed') then publish_name
                else cast(0 as bigint) end
        where hearing_id = $1
        and (contact is not null or name is not null and state not in ('chosen', 'confirmed'))";
}

/// Deletes contact data and access needs of the applicants of sessions that have been over for long
/// enough, and of those who had no seat in the end also who they were and what they wanted to say. To
/// be called daily; says how many applications it was. Of those who had a seat name and statement stay:
/// they belong to the session's record.
pub async fn forget_old(backend: &Backend, moment: &Moment) -> Result<u64, Error> {
    let before = moment.millis() - limits::APPLICATION_DAYS * DAY;
    let mut conn = backend.db().read().await?;
    let due: Vec<(i64, i64, i64)> = fetch_all!(conn, DUE, (i64, i64, i64), before)?;
    drop(conn);
    let mut forgotten = 0;
    for (year, serial, hearing_serial) in due {
        let number = HearingNumber {
            consultation: stored_number(year, serial)?,
            serial: hearing_serial,
        };
        let mut tx = backend.db().write().await?;
        let Some(locked) = lock(&mut tx, number).await? else {
            continue;
        };
        let applications = execute!(tx, FORGET, locked.id.0, Vec::<u8>::new())?;
        let (subject, detail) = (number.to_string(), applications.to_string());
        let act = Act {
            unit: locked.home.unit,
            account: None,
            act: "hearing.contacts_deleted",
            subject: &subject,
            detail: &detail,
        };
        audit::record(&mut tx, moment, act).await?;
        tx.commit().await?;
        forgotten += applications;
    }
    Ok(forgotten)
}
