//! Polls as everyone reads them, and as staff see what is not public yet.

use super::store;
use crate::comments::queue::stored_number;
use crate::comments::store::maybe_instant;
use crate::consultations::sees_all;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Viewer};
use domain::Timestamp;
use domain::consultations::{Number, Unit};
use domain::id::{PollId, UnitId};
use domain::polls::{
    AnnouncedPoll, ListedPoll, OwnBallot, Poll, PollLife, PollNumber, PollState, Questionnaire,
};
use domain::receipts::ReceiptCode;
use sqlx::types::Uuid;

sql! {
    // With its consultation a poll is called off, unless it had closed before.
    FIND = "select poll.id, poll.version, poll.published_at, poll.opens_at, poll.closes_at,
            poll.results_at, poll.ballots, coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at,
            coalesce(poll.cancelled_reason, consultation.withdrawn_reason) as cancelled_reason,
            consultation.unit_id, consultation.title, consultation.round_id,
            unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent
        from poll
        join consultation on consultation.id = poll.consultation_id
        join unit on unit.id = consultation.unit_id
        left join unit parent on parent.id = unit.parent_id
        where consultation.year = $1 and consultation.serial = $2 and poll.serial = $3";
    LIST = "select consultation.year, consultation.serial as consultation_serial,
            consultation.unit_id, poll.serial, poll.title, poll.published_at, poll.opens_at,
            poll.closes_at, poll.results_at, poll.ballots, poll_version.questionnaire,
            poll_version.published_at as worded_at, coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at
        from poll
        join poll_version on poll_version.poll_id = poll.id and poll_version.version = poll.version
        join consultation on consultation.id = poll.consultation_id
        where consultation.year = $1 and consultation.serial = $2
        order by poll.serial";
    OF_UNIT = "select consultation.year, consultation.serial as consultation_serial,
            consultation.unit_id, poll.serial, poll.title, poll.published_at, poll.opens_at,
            poll.closes_at, poll.results_at, poll.ballots, poll_version.questionnaire,
            poll_version.published_at as worded_at, coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at
        from poll
        join poll_version on poll_version.poll_id = poll.id and poll_version.version = poll.version
        join consultation on consultation.id = poll.consultation_id
        join unit on unit.id = consultation.unit_id
        where unit.slug = $1 and poll.published_at is not null
        order by poll.published_at desc, poll.id desc
        limit 100";
    OWN = "select ballot.version as given_on, ballot.received_at, poll.id, poll.serial,
            poll.version, poll.title, poll.published_at, poll.opens_at, poll.closes_at,
            poll.results_at, consultation.year, consultation.serial as consultation_serial,
            coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at
        from ballot
        join poll on poll.id = ballot.poll_id
        join consultation on consultation.id = poll.consultation_id
        where ballot.receipt_hash = $1";
}

row! { struct FoundRow {
    id: Uuid, version: i64, published_at: Option<i64>, opens_at: Option<i64>,
    closes_at: Option<i64>, results_at: Option<i64>, cancelled_at: Option<i64>,
    cancelled_reason: Option<String>, ballots: i64, unit_id: Uuid, title: String,
    round_id: Option<Uuid>, slug: String, name: String, zone: String, lang: String,
    parent: Option<String>,
} }
row! { struct ListedRow {
    year: i64, consultation_serial: i64, unit_id: Uuid, serial: i64, title: String,
    published_at: Option<i64>, opens_at: Option<i64>, closes_at: Option<i64>,
    results_at: Option<i64>, cancelled_at: Option<i64>, ballots: i64, questionnaire: String,
    worded_at: Option<i64>,
} }
row! { struct OwnRow {
    given_on: i64, received_at: i64, id: Uuid, serial: i64, version: i64, title: String,
    published_at: Option<i64>, opens_at: Option<i64>, closes_at: Option<i64>,
    results_at: Option<i64>, cancelled_at: Option<i64>, year: i64, consultation_serial: i64,
} }

/// A poll, if the viewer may know of it.
pub async fn find(
    backend: &Backend,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<Poll>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = fetch_optional!(
        conn,
        FIND,
        FoundRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(row) = found else { return Ok(None) };
    let sees_all = sees_all(viewer, UnitId(row.unit_id));
    if row.published_at.is_none() && !sees_all {
        return Ok(None);
    }
    let life = store::life(
        row.published_at,
        row.opens_at,
        row.closes_at,
        row.cancelled_at,
        row.results_at,
    )?;
    let id = PollId(row.id);
    let questionnaire = store::questionnaire(&mut conn, id, row.version).await?;
    let results_public = life.shows_results(questionnaire.results, now);
    let state = life.state_at(now);
    let mut versions = store::versions(&mut conn, id).await?;
    let called_off = state == PollState::Cancelled && life.has_opened(now);
    let tells = results_public || called_off || sees_all;
    if !tells {
        // How many have answered is part of the result.
        for version in &mut versions {
            version.ballots = None;
        }
    }
    Ok(Some(Poll {
        id: number,
        consultation: number.consultation,
        // Of what is not public not even the name.
        consultation_title: if row.round_id.is_some() || sees_all {
            row.title
        } else {
            String::new()
        },
        consultation_public: row.round_id.is_some(),
        unit: Unit {
            slug: row.slug,
            name: row.name,
            zone: row.zone,
            lang: row.lang,
            parent: row.parent,
        },
        state,
        opens_at: maybe_instant(row.opens_at)?,
        closes_at: maybe_instant(row.closes_at)?,
        version: row.version,
        versions,
        questionnaire,
        ballots: tells.then_some(row.ballots),
        results_public,
        cancelled_reason: row
            .cancelled_reason
            .filter(|_| state == PollState::Cancelled),
    }))
}

/// The polls of a consultation that the viewer may know of, in the order in which they were
/// prepared.
pub async fn list(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    viewer: Viewer<'_>,
) -> Result<Vec<ListedPoll>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let rows = fetch_all!(conn, LIST, ListedRow, year, serial)?;
    let mut listed = Vec::new();
    for row in rows {
        let sees_all = sees_all(viewer, UnitId(row.unit_id));
        if row.published_at.is_none() && !sees_all {
            continue;
        }
        let (life, questionnaire) = (row.life()?, store::parsed(&row.questionnaire)?);
        listed.push(row.listed(&life, &questionnaire, now, sees_all)?);
    }
    Ok(listed)
}

/// The published polls of a unit, newest first; at most a hundred.
pub async fn of_unit(
    backend: &Backend,
    now: Timestamp,
    slug: &str,
) -> Result<Vec<AnnouncedPoll>, Error> {
    if !crate::units::is_slug(slug) {
        return Ok(Vec::new());
    }
    let mut conn = backend.db().read().await?;
    let rows = fetch_all!(conn, OF_UNIT, ListedRow, slug)?;
    rows.into_iter().map(|row| row.announced(now)).collect()
}

impl ListedRow {
    fn life(&self) -> Result<PollLife, Error> {
        store::life(
            self.published_at,
            self.opens_at,
            self.closes_at,
            self.cancelled_at,
            self.results_at,
        )
    }

    fn listed(
        self,
        life: &PollLife,
        questionnaire: &Questionnaire,
        now: Timestamp,
        sees_all: bool,
    ) -> Result<ListedPoll, Error> {
        let results_public = life.shows_results(questionnaire.results, now);
        let state = life.state_at(now);
        let called_off = state == PollState::Cancelled && life.has_opened(now);
        Ok(ListedPoll {
            id: PollNumber {
                consultation: stored_number(self.year, self.consultation_serial)?,
                serial: self.serial,
            },
            title: self.title,
            state,
            opens_at: maybe_instant(self.opens_at)?,
            closes_at: maybe_instant(self.closes_at)?,
            ballots: (results_public || called_off || sees_all).then_some(self.ballots),
            results_public,
        })
    }

    fn announced(self, now: Timestamp) -> Result<AnnouncedPoll, Error> {
        let (life, questionnaire) = (self.life()?, store::parsed(&self.questionnaire)?);
        let published = self.published_at.ok_or_else(|| corrupt("poll"))?;
        let published_at = instant(published)?;
        let changes = [
            maybe_instant(self.worded_at)?,
            life.cancelled_at,
            life.results_since(questionnaire.results, now),
        ];
        let last = changes.into_iter().flatten().max();
        Ok(AnnouncedPoll {
            listed: self.listed(&life, &questionnaire, now, false)?,
            identity: questionnaire.identity,
            method: questionnaire.method,
            published_at,
            updated_at: last.map_or(published_at, |last| last.max(published_at)),
        })
    }
}

/// The ballot that a receipt opens: that it is counted, not what it says. `None` for an unknown
/// code.
pub async fn own(
    backend: &Backend,
    now: Timestamp,
    code: &ReceiptCode,
) -> Result<Option<OwnBallot>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let hash = backend.keys().receipt_hash(code);
    let Some(row) = fetch_optional!(conn, OWN, OwnRow, hash)? else {
        return Ok(None);
    };
    let life = store::life(
        row.published_at,
        row.opens_at,
        row.closes_at,
        row.cancelled_at,
        row.results_at,
    )?;
    let poll = store::questionnaire(&mut conn, PollId(row.id), row.version).await?;
    Ok(Some(OwnBallot {
        poll: PollNumber {
            consultation: stored_number(row.year, row.consultation_serial)?,
            serial: row.serial,
        },
        poll_title: row.title,
        version: row.given_on,
        newest_version: row.version,
        received_at: instant(row.received_at)?,
        results_public: life.shows_results(poll.results, now),
    }))
}
