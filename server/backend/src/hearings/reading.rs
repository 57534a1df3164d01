//! Sessions as everyone reads them, and as staff see what is not public yet.

use super::store;
use crate::comments::queue::stored_number;
use crate::comments::store::maybe_instant;
use crate::consultations::sees_all;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Viewer, markdown};
use domain::Timestamp;
use domain::consultations::{Number, Unit};
use domain::hearings::{
    ApplicationNumber, DrawInShort, Hearing, HearingNumber, ListedHearing, Participant,
    SessionLife, SessionState,
};
use domain::id::{HearingId, UnitId};
use sqlx::types::Uuid;

sql! {
    // With its consultation a session is called off, unless it was held before.
    FIND = "select hearing.id, hearing.notice, hearing.published_at, hearing.opens_at,
            hearing.closes_at, hearing.frozen_at, hearing.drawn_at, hearing.minutes_at,
            coalesce(hearing.cancelled_at, case when hearing.minutes_at is null
                then consultation.withdrawn_at end) as cancelled_at,
            coalesce(hearing.cancelled_reason, case when hearing.minutes_at is null
                then consultation.withdrawn_reason end) as cancelled_reason,
            hearing.seed_source, hearing.seed_known_at, hearing.seed,
            hearing.tickets, hearing.tickets_hash, hearing.report,
            consultation.unit_id, consultation.title, consultation.round_id,
            unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent
        from hearing
        join consultation on consultation.id = hearing.consultation_id
        join unit on unit.id = consultation.unit_id
        left join unit parent on parent.id = unit.parent_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3";
    // Called off with its consultation, a session changed when that was given up.
    LIST = "select consultation.year, consultation.serial as consultation_serial,
            consultation.unit_id, hearing.serial, hearing.kind, hearing.title, hearing.notice,
            hearing.published_at, hearing.opens_at, hearing.closes_at, hearing.frozen_at,
            hearing.drawn_at, hearing.minutes_at,
            case when hearing.minutes_at is null and hearing.cancelled_at is null
                and consultation.withdrawn_at > hearing.updated_at
                then consultation.withdrawn_at else hearing.updated_at end as updated_at,
            coalesce(hearing.cancelled_at, case when hearing.minutes_at is null
                then consultation.withdrawn_at end) as cancelled_at
        from hearing
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2
        order by hearing.serial";
    OF_UNIT = "select consultation.year, consultation.serial as consultation_serial,
            consultation.unit_id, hearing.serial, hearing.kind, hearing.title, hearing.notice,
            hearing.published_at, hearing.opens_at, hearing.closes_at, hearing.frozen_at,
            hearing.drawn_at, hearing.minutes_at,
            case when hearing.minutes_at is null and hearing.cancelled_at is null
                and consultation.withdrawn_at > hearing.updated_at
                then consultation.withdrawn_at else hearing.updated_at end as updated_at,
            coalesce(hearing.cancelled_at, case when hearing.minutes_at is null
                then consultation.withdrawn_at end) as cancelled_at
        from hearing
        join consultation on consultation.id = hearing.consultation_id
        join unit on unit.id = consultation.unit_id
        where unit.slug = $1 and hearing.published_at is not null
        order by hearing.published_at desc, hearing.id desc
        limit 100";
    PARTICIPANTS = "select serial, category, state, name, publish_name from application
        where hearing_id = $1 and state in ('chosen', 'confirmed')
        order by category, serial";
    HELD_IN_YEAR = "select cast(count(*) as bigint) from hearing
        join consultation on consultation.id = hearing.consultation_id
        where consultation.unit_id = $1 and hearing.kind = 'observation'
        and hearing.published_at is not null and hearing.cancelled_at is null
        and (consultation.withdrawn_at is null or hearing.minutes_at is not null)
        and coalesce(hearing.starts_at, hearing.published_at) >= $2
        and coalesce(hearing.starts_at, hearing.published_at) < $3";
}

row! { struct FoundRow {
    id: Uuid, notice: String, published_at: Option<i64>, opens_at: i64, closes_at: i64,
    frozen_at: Option<i64>, drawn_at: Option<i64>, minutes_at: Option<i64>,
    cancelled_at: Option<i64>, cancelled_reason: Option<String>, seed_source: Option<String>,
    seed_known_at: Option<i64>, seed: Option<String>, tickets: Option<String>, tickets_hash: Option<String>,
    report: Option<String>, unit_id: Uuid, title: String, round_id: Option<Uuid>, slug: String,
    name: String, zone: String, lang: String,
    parent: Option<String>,
} }
row! { struct ListedRow {
    year: i64, consultation_serial: i64, unit_id: Uuid, serial: i64, kind: String, title: String,
    notice: String, published_at: Option<i64>, opens_at: i64, closes_at: i64,
    frozen_at: Option<i64>, drawn_at: Option<i64>, minutes_at: Option<i64>,
    cancelled_at: Option<i64>, updated_at: i64,
} }
row! { struct ParticipantRow {
    serial: i64, category: String, state: String, name: Option<String>, publish_name: i64,
} }

/// A session, if the viewer may know of it.
pub async fn find(
    backend: &Backend,
    now: Timestamp,
    number: HearingNumber,
    viewer: Viewer<'_>,
) -> Result<Option<Hearing>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = fetch_optional!(
        conn,
        FIND,
        FoundRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(mut row) = found else {
        return Ok(None);
    };
    let sees_all = sees_all(viewer, UnitId(row.unit_id));
    if row.published_at.is_none() && !sees_all {
        return Ok(None);
    }
    // What is prepared has no title yet for anybody else.
    if row.round_id.is_none() && !sees_all {
        row.title.clear();
    }
    row.hearing(&mut conn, now, number).await.map(Some)
}

impl FoundRow {
    async fn hearing(
        self,
        conn: &mut Conn,
        now: Timestamp,
        number: HearingNumber,
    ) -> Result<Hearing, Error> {
        let id = HearingId(self.id);
        let life = SessionLife {
            published_at: maybe_instant(self.published_at)?,
            opens_at: instant(self.opens_at)?,
            closes_at: instant(self.closes_at)?,
            frozen_at: maybe_instant(self.frozen_at)?,
            drawn_at: maybe_instant(self.drawn_at)?,
            minutes_at: maybe_instant(self.minutes_at)?,
            cancelled_at: maybe_instant(self.cancelled_at)?,
        };
        let notice = store::notice(&self.notice)?;
        let state = life.state_at(now);
        let seats = store::counts(conn, id, &notice).await?;
        let draw = self.draw(&life)?;
        // While applications come, who has a seat may still change by the minute.
        let settled = match state {
            SessionState::Drawn | SessionState::Held => true,
            SessionState::Closed => !notice.has_draw(),
            _ => false,
        };
        let participants = if settled {
            participants(conn, id, number).await?
        } else {
            Vec::new()
        };
        let papers = super::record::papers(conn, id).await?;
        let minutes = super::record::minutes(conn, id).await?;
        let earlier = super::earlier::of(conn, id).await?;
        let opinions = if notice.asks_opinions() {
            Some(super::opinions::public(conn, id, number).await?)
        } else {
            None
        };
        Ok(Hearing {
            id: number,
            consultation: number.consultation,
            consultation_title: self.title,
            consultation_public: self.round_id.is_some(),
            unit: Unit {
                slug: self.slug,
                name: self.name,
                zone: self.zone,
                lang: self.lang,
                parent: self.parent,
            },
            state,
            notice,
            published_at: life.published_at,
            cancelled_reason: self.cancelled_reason,
            seats,
            draw,
            participants,
            papers,
            minutes,
            report_html: self.report.as_deref().map(markdown::to_html),
            report: self.report,
            earlier,
            opinions,
        })
    }

    fn draw(&self, life: &SessionLife) -> Result<Option<DrawInShort>, Error> {
        let (Some(source), Some(hash), Some(tickets), Some(frozen_at)) = (
            &self.seed_source,
            &self.tickets_hash,
            &self.tickets,
            life.frozen_at,
        ) else {
            return Ok(None);
        };
        let tickets: std::collections::BTreeMap<String, Vec<String>> =
            serde_json::from_str(tickets).map_err(|_| corrupt("hearing.tickets"))?;
        Ok(Some(DrawInShort {
            seed_source: source.clone(),
            seed_known_at: maybe_instant(self.seed_known_at)?.unwrap_or(frozen_at),
            seed: self.seed.clone(),
            tickets_hash: hash.clone(),
            tickets: tickets.values().map(|list| list.len() as i64).sum(),
            frozen_at,
            drawn_at: life.drawn_at,
        }))
    }
}

async fn participants(
    conn: &mut Conn,
    hearing: HearingId,
    number: HearingNumber,
) -> Result<Vec<Participant>, Error> {
    let rows = fetch_all!(conn, PARTICIPANTS, ParticipantRow, hearing.0)?;
    Ok(rows
        .into_iter()
        .map(|row| Participant {
            ticket: ApplicationNumber {
                hearing: number,
                serial: row.serial,
            },
            category: row.category,
            name: row.name.filter(|_| row.publish_name != 0),
            confirmed: row.state == "confirmed",
        })
        .collect())
}

/// The sessions of a consultation that the viewer may know of, in the order in which they were
/// prepared.
pub async fn list(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    viewer: Viewer<'_>,
) -> Result<Vec<ListedHearing>, Error> {
    let mut conn = backend.db().read().await?;
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let rows = fetch_all!(conn, LIST, ListedRow, year, serial)?;
    rows.into_iter()
        .filter(|row| row.published_at.is_some() || sees_all(viewer, UnitId(row.unit_id)))
        .map(|row| row.listed(now))
        .collect()
}

/// The published sessions of a unit, newest first; at most a hundred.
pub async fn of_unit(
    backend: &Backend,
    now: Timestamp,
    slug: &str,
) -> Result<Vec<ListedHearing>, Error> {
    if !crate::units::is_slug(slug) {
        return Ok(Vec::new());
    }
    let mut conn = backend.db().read().await?;
    let rows = fetch_all!(conn, OF_UNIT, ListedRow, slug)?;
    rows.into_iter().map(|row| row.listed(now)).collect()
}

impl ListedRow {
    fn listed(self, now: Timestamp) -> Result<ListedHearing, Error> {
        let notice = store::notice(&self.notice)?;
        let life = SessionLife {
            published_at: maybe_instant(self.published_at)?,
            opens_at: instant(self.opens_at)?,
            closes_at: instant(self.closes_at)?,
            frozen_at: maybe_instant(self.frozen_at)?,
            drawn_at: maybe_instant(self.drawn_at)?,
            minutes_at: maybe_instant(self.minutes_at)?,
            cancelled_at: maybe_instant(self.cancelled_at)?,
        };
        Ok(ListedHearing {
            id: HearingNumber {
                consultation: stored_number(self.year, self.consultation_serial)?,
                serial: self.serial,
            },
            kind: self.kind.parse().map_err(|_| corrupt("hearing.kind"))?,
            title: self.title,
            state: life.state_at(now),
            starts_at: notice.starts_at,
            ends_at: notice.ends_at,
            place: notice.place,
            applications_open_at: life.opens_at,
            applications_close_at: life.closes_at,
            total: notice.total,
            published_at: life.published_at,
            updated_at: instant(self.updated_at)?,
        })
    }
}

/// Observed meetings of a unit between two instants, called-off ones left out: the yearly counter
/// (at least three a year, Nanjing's practice after 国办发〔2016〕80号).
pub async fn observed(
    backend: &Backend,
    unit: UnitId,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64, Error> {
    let mut conn = backend.db().read().await?;
    let (from, to) = (from.as_millisecond(), to.as_millisecond());
    let (held,): (i64,) = fetch_one!(conn, HELD_IN_YEAR, (i64,), unit.0, from, to)?;
    Ok(held)
}
