//! Staff read applications, say who meets the conditions, and seat those whom a body recommended
//! or the unit appoints. Applications of one person are shown beside each other, never dropped.

use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::comments::queue::stored_number;
use crate::db::Conn;
use crate::error::{Conflict, Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Moment, freshness, notify};
use domain::comments::RawPoint;
use domain::consultations::Page;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Fill, HearingNumber, RawReview, ReviewedApplication,
    SessionState,
};
use domain::id::{ApplicationId, HearingId, UnitId};
use domain::limits;
use domain::notify::LetterKind;
use domain::staff::{Permit, right};
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    LIST = "select serial, category, state, reason, name, district, statement, points,
            needs, needs_note, publish_name, received_at, updated_at, mailable,
            case when state = 'reserve' and rank is not null then 1 +
                (select count(*) from application before
                    where before.hearing_id = application.hearing_id
                    and before.category = application.category
                    and before.state = 'reserve' and before.rank < application.rank) end as reserve,
            (select string_agg(cast(same.serial as text), ' ') from (
                select other.serial from application other
                where other.hearing_id = application.hearing_id and other.serial <> application.serial
                and (other.contact_key = application.contact_key or other.name_key = application.name_key)
                order by other.serial
                limit 20) as same) as same_person,
            (select count(*) from letter where letter.application_id = application.id
                and letter.dropped_at is not null and letter.failure is not null) as undelivered
        from application
        where hearing_id = $1 and serial > $2
        and ($3 = '' or state = $3) and ($4 = '' or category = $4)
        order by serial
        limit $5";
    // Seats in the unit's sessions before this one, as far back as its notice says.
    SAT = "select one.serial, consultation.year, consultation.serial as consultation_serial,
            hearing.serial as hearing_serial
        from application one
        join application other
            on other.contact_key = one.contact_key or other.name_key = one.name_key
        join hearing on hearing.id = other.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where one.hearing_id = $1
        and one.serial in (select cast(value as bigint) from json_each(cast($2 as text)))
        and other.state in ('chosen', 'confirmed')
        and hearing.id in (select before.id from hearing before
            join consultation home on home.id = before.consultation_id
            where home.unit_id = $3 and before.published_at is not null
            and before.cancelled_at is null and before.id <> $1
            and before.published_at < coalesce((select published_at from hearing where id = $1), 9223372036854775807)
            order by before.published_at desc
            limit $4)
        order by one.serial, hearing.published_at desc";
    FIND = "select id, category, state, rank, updated_at from application where hearing_id = $1 and serial = $2";
    DECIDE = "update application
        set state = $2, reason = $3, reviewed_at = $4, updated_at = $4, rank = $5
        where id = $1";
    CONTACT = "select id, contact from application where hearing_id = $1 and serial = $2";
}

row! { struct ListedRow {
    serial: i64, category: String, state: String, reason: Option<String>,
    name: Option<String>, district: Option<String>, statement: Option<String>,
    points: String, needs: String, needs_note: Option<String>, publish_name: i64, received_at: i64,
    updated_at: i64, mailable: i64, reserve: Option<i64>, same_person: Option<String>, undelivered: i64,
} }
row! { struct SatRow { serial: i64, year: i64, consultation_serial: i64, hearing_serial: i64 } }
row! { struct FoundRow { id: Uuid, category: String, state: String, rank: Option<i64>, updated_at: i64 } }

/// Which applications are wanted.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    pub state: Option<ApplicationState>,
    pub category: Option<String>,
    /// The `next` of the page before.
    pub after: Option<i64>,
}

/// A page of the applications to a session, in the order in which they came.
pub async fn applications(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: HearingNumber,
    filter: &ApplicationFilter,
) -> Result<Page<ReviewedApplication>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let store::Home {
        id: hearing,
        notice,
    } = store::home(&mut conn, permit.unit(), number).await?;
    // Nobody applies for what the notice does not name, and no database is asked for it.
    let known = |code: &String| notice.category(code).is_some();
    if filter.category.as_ref().is_some_and(|code| !known(code)) {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    }
    let limit = limits::PAGE as i64;
    let mut rows = fetch_all!(
        conn,
        LIST,
        ListedRow,
        hearing.0,
        filter.after.unwrap_or(0),
        filter.state.map_or("", ApplicationState::code),
        filter.category.as_deref().unwrap_or(""),
        limit + 1
    )?;
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| row.serial.to_string());
    let mut sat_in = HashMap::new();
    if notice.cooldown > 0 {
        let serials: Vec<i64> = rows.iter().map(|row| row.serial).collect();
        let unit = permit.unit();
        sat_in = sat(&mut conn, unit, hearing, &serials, notice.cooldown).await?;
    }
    let items = rows.into_iter().map(|row| {
        let sat_in = sat_in.remove(&row.serial).unwrap_or_default();
        row.reviewed(number, sat_in)
    });
    let items = items.collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// In which of the unit's last sessions, `cooldown` of them, applicants had a seat, by the serial
/// numbers of their applications to this one.
async fn sat(
    conn: &mut Conn,
    unit: UnitId,
    hearing: HearingId,
    serials: &[i64],
    cooldown: i64,
) -> Result<HashMap<i64, Vec<HearingNumber>>, Error> {
    let list = serde_json::to_string(serials)
        .map_err(|e| Error::Internal(format!("numbers as JSON: {e}")))?;
    let rows = fetch_all!(conn, SAT, SatRow, hearing.0, list, unit.0, cooldown)?;
    let mut sat: HashMap<i64, Vec<_>> = HashMap::new();
    for row in rows {
        sat.entry(row.serial).or_default().push(HearingNumber {
            consultation: stored_number(row.year, row.consultation_serial)?,
            serial: row.hearing_serial,
        });
    }
    Ok(sat)
}

impl ListedRow {
    fn reviewed(
        self,
        hearing: HearingNumber,
        sat_in: Vec<HearingNumber>,
    ) -> Result<ReviewedApplication, Error> {
        let mut same: Vec<i64> = self
            .same_person
            .iter()
            .flat_map(|serials| serials.split(' '))
            .map(|serial| serial.parse().map_err(|_| corrupt("application.serial")))
            .collect::<Result<_, _>>()?;
        same.sort_unstable();
        let same = same
            .into_iter()
            .map(|serial| ApplicationNumber { hearing, serial });
        Ok(ReviewedApplication {
            number: ApplicationNumber {
                hearing,
                serial: self.serial,
            },
            category: self.category,
            state: store::state(&self.state)?,
            reason: self.reason,
            reserve: self.reserve,
            name: self.name.unwrap_or_default(),
            district: self.district,
            statement: self.statement,
            points: stored_points(&self.points)?,
            needs: serde_json::from_str(&self.needs).map_err(|_| corrupt("application.needs"))?,
            needs_note: self.needs_note,
            publish_name: self.publish_name != 0,
            received_at: instant(self.received_at)?,
            seen: instant(self.updated_at)?,
            mailable: self.mailable != 0,
            undelivered: self.undelivered != 0,
            same_person: same.collect(),
            sat_in,
        })
    }
}

pub(super) fn stored_points(json: &str) -> Result<Vec<RawPoint>, Error> {
    serde_json::from_str(json).map_err(|_| corrupt("application.points"))
}

/// Says whether an application meets the conditions, with a reason where it does not. Where staff
/// fill seats by hand, who meets them is seated as far as seats go, and a reserve beyond.
///
/// Fails with `ChangedSince` if the application is not what was seen; `ListFrozen` once the tickets are fixed, where they are drawn; `AlreadyWithdrawn` for
/// what was taken back or given back; `HearingOver` for what is called off or held.
pub async fn review(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: ApplicationNumber,
    review: RawReview,
) -> Result<ApplicationState, Error> {
    let reason = review.reason()?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number.hearing).await?;
    let found =
        fetch_optional!(tx, FIND, FoundRow, locked.id.0, number.serial)?.ok_or(Error::NotFound)?;
    let category = locked
        .notice
        .category(&found.category)
        .ok_or_else(|| corrupt("application.category"))?;
    let session = locked.life.state_at(moment.now);
    if !category.fill.is_reviewed_in(session) {
        return Err(match session {
            SessionState::Cancelled | SessionState::Held => locked.over().into(),
            SessionState::Frozen | SessionState::Drawn => Conflict::ListFrozen.into(),
            _ => Error::NotFound,
        });
    }
    let before = store::state(&found.state)?;
    if matches!(
        before,
        ApplicationState::Withdrawn | ApplicationState::Declined
    ) {
        return Err(Conflict::AlreadyWithdrawn.into());
    }
    let seen = review.seen.map(|seen| seen.as_millisecond());
    if seen.is_some_and(|seen| seen != found.updated_at) {
        return Err(Conflict::ChangedSince.into());
    }
    // The place by arrival stays, so that a refusal that was an error costs nobody their turn.
    let (state, rank) = if !review.eligible {
        (ApplicationState::Ineligible, found.rank)
    } else if before.is_seated() || before == ApplicationState::Reserve {
        (before, found.rank)
    } else if category.fill == Fill::Draw {
        (ApplicationState::Eligible, None)
    } else {
        let (state, place) = store::arrive(&mut tx, locked.id, category).await?;
        (state, found.rank.or(Some(place)))
    };
    execute!(
        tx,
        DECIDE,
        found.id,
        state.code(),
        reason.clone(),
        moment.millis(),
        rank
    )?;
    if before.is_seated() && !state.is_seated() {
        store::move_up(&mut tx, &locked, number.hearing, &found.category, moment).await?;
    }
    // In a draw, to be eligible is not to have anything yet.
    if state != before && state != ApplicationState::Eligible {
        notify::tell(&mut tx, moment, ApplicationId(found.id), LetterKind::Stands).await?;
    }
    let act = if review.eligible {
        "application.eligible"
    } else {
        "application.ineligible"
    };
    record_by(
        &mut tx,
        moment,
        permit,
        act,
        number,
        reason.as_deref().unwrap_or(""),
    )
    .await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.hearing.consultation);
    Ok(state)
}

/// An applicant's contact data, decrypted. Looking is an act on record.
pub async fn contact(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: ApplicationNumber,
) -> Result<Option<String>, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number.hearing).await?;
    let found: Option<(Uuid, Option<Vec<u8>>)> = fetch_optional!(
        tx,
        CONTACT,
        (Uuid, Option<Vec<u8>>),
        locked.id.0,
        number.serial
    )?;
    let (id, sealed) = found.ok_or(Error::NotFound)?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let contact = backend.keys().unseal(id, &sealed)?;
    record_by(
        &mut tx,
        moment,
        permit,
        "application.contact_read",
        number,
        "",
    )
    .await?;
    tx.commit().await?;
    Ok(Some(contact))
}
