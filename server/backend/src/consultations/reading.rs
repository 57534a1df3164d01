//! One consultation as its page shows it, and the parts of it that other features need.

use super::livelihood;
use crate::comments::standing::{ClauseTally, RoundOf};
use crate::comments::store::maybe_instant;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Viewer};
use domain::Timestamp;
use domain::comments::{AuthorKind, CommentState, HoldReason};
use domain::consultations::{
    ByState, Consultation, Counts, HeldFor, Life, Number, Round, Unit, VersionInfo,
};
use domain::id::{ConsultationId, DraftId, RoundId, UnitId};
use serde::Deserialize;
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    UNIT_OF = "select unit_id from consultation where year = $1 and serial = $2";
    PUBLIC_UNIT_OF = "select unit.slug
        from consultation
        join unit on unit.id = consultation.unit_id
        where consultation.year = $1 and consultation.serial = $2
        and consultation.round_id is not null";
    FIND = "select consultation.id, consultation.unit_id, consultation.title, consultation.summary,
            consultation.explanation, consultation.explanation_html, consultation.contact,
            consultation.other_ways, consultation.stage, consultation.feedback_at,
            consultation.withdrawn_at, consultation.withdrawn_reason, consultation.no_poll_reason,
            unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent,
            draft.version, round.draft_id, round.opens_at, round.closes_at,
            round.reason_for_short_period
        from consultation
        join unit on unit.id = consultation.unit_id
        left join unit parent on parent.id = unit.parent_id
        left join round on round.id = consultation.round_id
        left join draft on draft.id = round.draft_id
        where consultation.year = $1 and consultation.serial = $2";
    CURRENT = "select consultation.id, consultation.unit_id, consultation.stage,
            consultation.feedback_at, consultation.withdrawn_at, consultation.round_id,
            round.draft_id, draft.version, round.opens_at, round.closes_at,
            round.reason_for_short_period
        from consultation
        left join round on round.id = consultation.round_id
        left join draft on draft.id = round.draft_id
        where consultation.year = $1 and consultation.serial = $2";
    // What hangs on a consultation ($1), in all its stages, and on its unit ($2), in one row.
    BELONGINGS = {
        sqlite: "select json_object('versions', (select json_group_array(json_object('id', hex(id),
                    'version', version, 'filename', filename, 'created_at', created_at,
                    'published_at', published_at)) from draft where consultation_id = $1),
                'rounds', (select json_group_array(json_object('id', hex(round.id),
                    'draft_id', hex(round.draft_id), 'version', draft.version, 'stage', round.stage))
                    from round join draft on draft.id = round.draft_id
                    where round.consultation_id = $1),
                'tallies', (select json_group_array(json_object('stage', stage, 'state', state,
                    'kind', kind, 'hold_reason', hold_reason, 'comments', comments, 'points', points))
                    from tally where consultation_id = $1),
                'clause_tallies', (select json_group_array(json_object('round', hex(round_id),
                    'clause', hex(clause_id), 'points', points))
                    from clause_tally where consultation_id = $1 and points > 0),
                'origins', (select json_group_array(origin) from unit_origin where unit_id = $2))",
        postgres: "select cast(json_build_object('versions', (select coalesce(json_agg(json_build_object('id', id,
                    'version', version, 'filename', filename, 'created_at', created_at,
                    'published_at', published_at)), '[]') from draft where consultation_id = $1),
                'rounds', (select coalesce(json_agg(json_build_object('id', round.id,
                    'draft_id', round.draft_id, 'version', draft.version, 'stage', round.stage)), '[]')
                    from round join draft on draft.id = round.draft_id
                    where round.consultation_id = $1),
                'tallies', (select coalesce(json_agg(json_build_object('stage', stage, 'state', state,
                    'kind', kind, 'hold_reason', hold_reason, 'comments', comments, 'points', points)), '[]')
                    from tally where consultation_id = $1),
                'clause_tallies', (select coalesce(json_agg(json_build_object('round', round_id,
                    'clause', clause_id, 'points', points)), '[]')
                    from clause_tally where consultation_id = $1 and points > 0),
                'origins', (select coalesce(json_agg(origin), '[]')
                    from unit_origin where unit_id = $2)) as text)",
    };
    TALLIES = "select stage, state, kind, hold_reason, comments, points from tally
        where consultation_id = $1 and stage = $2";
}

row! { struct FoundRow {
    id: Uuid, unit_id: Uuid, title: String, summary: String, explanation: String,
    explanation_html: String, contact: Option<String>, other_ways: Option<String>, stage: i64,
    feedback_at: Option<i64>, withdrawn_at: Option<i64>, withdrawn_reason: Option<String>,
    no_poll_reason: Option<String>,
    slug: String, name: String, zone: String, lang: String, parent: Option<String>, version: Option<i64>,
    draft_id: Option<Uuid>, opens_at: Option<i64>, closes_at: Option<i64>, reason_for_short_period: Option<String>,
} }
row! { struct CurrentRow {
    id: Uuid, unit_id: Uuid, stage: i64, feedback_at: Option<i64>, withdrawn_at: Option<i64>,
    round_id: Option<Uuid>, draft_id: Option<Uuid>, version: Option<i64>, opens_at: Option<i64>,
    closes_at: Option<i64>, reason_for_short_period: Option<String>,
} }
row! {
    #[derive(Deserialize)]
    struct TallyRow {
        stage: i64, state: String, kind: String, hold_reason: String, comments: i64, points: i64,
    }
}

#[derive(Deserialize)]
struct VersionRow {
    id: Uuid,
    version: i64,
    filename: Option<String>,
    created_at: i64,
    published_at: Option<i64>,
}

#[derive(Deserialize)]
struct Belongings {
    versions: Vec<VersionRow>,
    rounds: Vec<RoundOf>,
    tallies: Vec<TallyRow>,
    clause_tallies: Vec<ClauseTally>,
    origins: Vec<String>,
}

/// The slug of the unit to which a consultation belongs that everyone may know of.
pub async fn public_unit_of(backend: &Backend, number: Number) -> Result<Option<String>, Error> {
    let mut conn = backend.db().read().await?;
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let found: Option<(String,)> = fetch_optional!(conn, PUBLIC_UNIT_OF, (String,), year, serial)?;
    Ok(found.map(|(slug,)| slug))
}

/// The unit a consultation belongs to, public or not: for asking whether somebody has a right there.
pub async fn unit_of(backend: &Backend, number: Number) -> Result<Option<UnitId>, Error> {
    let mut conn = backend.db().read().await?;
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let found: Option<(Uuid,)> = fetch_optional!(conn, UNIT_OF, (Uuid,), year, serial)?;
    Ok(found.map(|(unit,)| UnitId(unit)))
}

/// A consultation with its versions and counts, if the viewer may know of it.
pub async fn find(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    viewer: Viewer<'_>,
) -> Result<Option<Consultation>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = read(&mut conn, now, number, viewer).await?;
    Ok(found.map(|found| found.consultation))
}

/// A consultation with what other features ask by.
pub(super) struct Found {
    pub id: ConsultationId,
    /// The draft of the round that runs or ran last.
    pub draft: Option<DraftId>,
    pub consultation: Consultation,
    /// The ids of the versions that are shown.
    pub versions: HashMap<i64, DraftId>,
    pub rounds: Vec<RoundOf>,
    pub clause_tallies: Vec<ClauseTally>,
    /// Where its unit embeds, in alphabetical order.
    pub origins: Vec<String>,
    tallies: Vec<TallyRow>,
}

impl Found {
    /// What came in during one stage.
    pub fn counts(&self, stage: i64) -> Result<Counts, Error> {
        sum(self.tallies.iter().filter(|row| row.stage == stage))
    }
}

pub(super) async fn read(
    conn: &mut Conn,
    now: Timestamp,
    number: Number,
    viewer: Viewer<'_>,
) -> Result<Option<Found>, Error> {
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let Some(row) = fetch_optional!(conn, FIND, FoundRow, year, serial)? else {
        return Ok(None);
    };
    let sees_all = sees_all(viewer, UnitId(row.unit_id));
    if row.version.is_none() && !sees_all {
        return Ok(None);
    }
    let id = ConsultationId(row.id);
    let (json,): (String,) = fetch_one!(conn, BELONGINGS, (String,), id.0, row.unit_id)?;
    let mut belongings: Belongings =
        serde_json::from_str(&json).map_err(|_| corrupt("a consultation's belongings"))?;
    belongings.origins.sort_unstable();
    belongings
        .versions
        .sort_unstable_by_key(|version| version.version);
    belongings
        .versions
        .retain(|version| sees_all || version.published_at.is_some());
    let ids = belongings.versions.iter();
    let ids = ids.map(|one| (one.version, DraftId(one.id))).collect();
    let versions = belongings
        .versions
        .into_iter()
        .map(VersionRow::info)
        .collect::<Result<_, Error>>()?;
    let counts = sum(belongings
        .tallies
        .iter()
        .filter(|one| one.stage == row.stage))?;
    let life = Life {
        round: stored_round(
            row.version,
            row.opens_at,
            row.closes_at,
            row.reason_for_short_period,
        )?,
        feedback_at: maybe_instant(row.feedback_at)?,
        withdrawn_at: maybe_instant(row.withdrawn_at)?,
    };
    // Few have a reason: the pages of all others ask nothing more.
    let no_poll = match row.no_poll_reason {
        Some(reason) => livelihood::no_poll(conn, id, reason).await?,
        None => None,
    };
    let consultation = Consultation {
        number,
        unit: Unit {
            slug: row.slug,
            name: row.name,
            zone: row.zone,
            lang: row.lang,
            parent: row.parent,
        },
        title: row.title,
        summary: row.summary,
        explanation: row.explanation,
        explanation_html: row.explanation_html,
        contact: row.contact,
        other_ways: row.other_ways,
        state: life.state_at(now),
        round: life.round,
        versions,
        stage: row.stage,
        counts,
        feedback_at: life.feedback_at,
        withdrawn_reason: row.withdrawn_reason,
        no_poll,
    };
    Ok(Some(Found {
        id,
        draft: row.draft_id.map(DraftId),
        consultation,
        versions: ids,
        rounds: belongings.rounds,
        clause_tallies: belongings.clause_tallies,
        origins: belongings.origins,
        tallies: belongings.tallies,
    }))
}

/// Whether the viewer sees what the unit has not published.
pub(crate) fn sees_all(viewer: Viewer<'_>, unit: UnitId) -> bool {
    matches!(viewer, Viewer::Staff(permit) if permit.unit() == unit)
}

impl VersionRow {
    fn info(self) -> Result<VersionInfo, Error> {
        Ok(VersionInfo {
            version: self.version,
            filename: self.filename,
            created_at: instant(self.created_at)?,
            published_at: maybe_instant(self.published_at)?,
        })
    }
}

/// The round of an outer join.
pub(super) fn stored_round(
    version: Option<i64>,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    reason_for_short_period: Option<String>,
) -> Result<Option<Round>, Error> {
    let (Some(version), Some(opens_at), Some(closes_at)) = (version, opens_at, closes_at) else {
        return Ok(None);
    };
    Ok(Some(Round {
        version,
        opens_at: instant(opens_at)?,
        closes_at: instant(closes_at)?,
        reason_for_short_period,
    }))
}

/// A consultation as other features need it: whose it is and where it stands.
#[derive(Debug)]
pub(crate) struct Current {
    pub id: ConsultationId,
    pub unit: UnitId,
    /// Rounds up to a published feedback make one stage.
    pub stage: i64,
    /// The round that runs or ran last, with its draft; `life` has its instants.
    pub round: Option<(RoundId, DraftId)>,
    pub life: Life,
}

impl Current {
    /// Whether everyone may know of it.
    pub fn is_public(&self) -> bool {
        self.round.is_some()
    }

    /// Whether the viewer sees what is not published.
    pub fn shows_all_to(&self, viewer: Viewer<'_>) -> bool {
        sees_all(viewer, self.unit)
    }
}

/// Reads a consultation without taking its row; to change it, take
/// [`crate::comments::store::lock`] instead.
pub(crate) async fn current(conn: &mut Conn, number: Number) -> Result<Option<Current>, Error> {
    let (year, serial) = (i64::from(number.year), i64::from(number.serial));
    let Some(row) = fetch_optional!(conn, CURRENT, CurrentRow, year, serial)? else {
        return Ok(None);
    };
    Ok(Some(Current {
        id: ConsultationId(row.id),
        unit: UnitId(row.unit_id),
        stage: row.stage,
        round: row.round_id.map(RoundId).zip(row.draft_id.map(DraftId)),
        life: Life {
            round: stored_round(
                row.version,
                row.opens_at,
                row.closes_at,
                row.reason_for_short_period,
            )?,
            feedback_at: maybe_instant(row.feedback_at)?,
            withdrawn_at: maybe_instant(row.withdrawn_at)?,
        },
    }))
}

/// The counts of one stage. They add up because every change of state moves the tallies with it.
pub(crate) async fn counts(
    conn: &mut Conn,
    consultation: ConsultationId,
    stage: i64,
) -> Result<Counts, Error> {
    sum(fetch_all!(conn, TALLIES, TallyRow, consultation.0, stage)?.iter())
}

fn sum<'a>(rows: impl Iterator<Item = &'a TallyRow> + Clone) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in rows.clone() {
        let state: CommentState = row.state.parse().map_err(|_| corrupt("tally.state"))?;
        add(&mut counts.comments, state, row.comments);
        add(&mut counts.points, state, row.points);
        match row.kind.parse().map_err(|_| corrupt("tally.kind"))? {
            AuthorKind::Individual => counts.individuals += row.comments,
            AuthorKind::Organisation => counts.organisations += row.comments,
        }
    }
    for reason in HoldReason::ALL {
        let held = rows
            .clone()
            .filter(|row| row.state == "held" && row.hold_reason == reason.code());
        let comments = held.map(|row| row.comments).sum();
        if comments > 0 {
            counts.held_for.push(HeldFor {
                reason: *reason,
                comments,
            });
        }
    }
    Ok(counts)
}

fn add(sums: &mut ByState, state: CommentState, number: i64) {
    sums.received += number;
    *match state {
        CommentState::Received => &mut sums.waiting,
        CommentState::Published => &mut sums.published,
        CommentState::Held => &mut sums.held,
        CommentState::Withdrawn => &mut sums.withdrawn,
    } += number;
}
