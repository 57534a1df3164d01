//! The figures of a poll, counted by the database from the cells of its ballots, and the ballots as
//! open data.

use super::store;
use crate::consultations::sees_all;
use crate::db::Conn;
use crate::error::Error;
use crate::{Backend, Viewer};
use domain::Timestamp;
use domain::id::{PollId, UnitId};
use domain::polls::results::Counted;
use domain::polls::{PollNumber, PollResults};
use sqlx::types::Uuid;
use std::collections::{BTreeMap, HashMap};

/// Answers in words shown with one question.
const SHOWN_TEXTS: i64 = 500;

sql! {
    FIND = "select poll.id, poll.version, poll.ballots, poll.published_at, poll.opens_at,
            poll.closes_at, poll.results_at, consultation.unit_id,
            coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at
        from poll
        join consultation on consultation.id = poll.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and poll.serial = $3";
    CELLS = "select question, cell, cast(count(*) as bigint) as times from ballot_cell
        where poll_id = $1
        group by question, cell";
    TEXTS = "select question, body from (
            select question, body, row_number() over (partition by question order by id desc) as place
            from ballot_text
            where poll_id = $1 and state = 'published') as newest
        where place <= $2
        order by question, place";
    WITHHELD = "select question, cast(count(*) as bigint) as times from ballot_text
        where poll_id = $1 and state <> 'published'
        group by question";
    BALLOTS = "select ballot_id, question, cell from ballot_cell
        where poll_id = $1 and cell <> ''
        order by ballot_id, question, cell";
}

row! { struct FoundRow {
    id: Uuid, version: i64, ballots: i64, published_at: Option<i64>, opens_at: Option<i64>,
    closes_at: Option<i64>, cancelled_at: Option<i64>, results_at: Option<i64>, unit_id: Uuid,
} }
row! { struct CellRow { question: String, cell: String, times: i64 } }
row! { struct TimesRow { question: String, times: i64 } }
row! { struct TextRow { question: String, body: String } }
row! { struct BallotRow { ballot_id: Uuid, question: String, cell: String } }

/// What came out of a poll, if the viewer may know it: everyone when the unit said, its staff at
/// any time.
pub async fn results(
    backend: &Backend,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<PollResults>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(row) = visible(&mut conn, now, number, viewer).await? else {
        return Ok(None);
    };
    let id = PollId(row.id);
    let poll = store::questionnaire(&mut conn, id, row.version).await?;
    let mut counted: HashMap<String, Counted> = HashMap::new();
    for row in fetch_all!(conn, CELLS, CellRow, id.0)? {
        let question = counted.entry(row.question).or_default();
        if row.cell.is_empty() {
            question.answered = row.times;
        } else {
            question.cells.insert(row.cell, row.times);
        }
    }
    for row in fetch_all!(conn, WITHHELD, TimesRow, id.0)? {
        counted.entry(row.question).or_default().texts_withheld = row.times;
    }
    let asks_words = |code: &str| {
        poll.questions
            .iter()
            .any(|q| q.kind.is_text() && q.code == code)
    };
    for row in fetch_all!(conn, TEXTS, TextRow, id.0, SHOWN_TEXTS)? {
        if asks_words(&row.question) {
            counted
                .entry(row.question)
                .or_default()
                .texts
                .push(row.body);
        }
    }
    Ok(Some(PollResults {
        id: number,
        title: poll.title.clone(),
        method: poll.method.clone(),
        identity: poll.identity,
        versions: store::versions(&mut conn, id).await?,
        ballots: row.ballots,
        questions: domain::polls::results::results(&poll, &counted),
    }))
}

async fn visible(
    conn: &mut Conn,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<FoundRow>, Error> {
    let found = fetch_optional!(
        conn,
        FIND,
        FoundRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(row) = found else { return Ok(None) };
    if sees_all(viewer, UnitId(row.unit_id)) {
        return Ok(Some(row));
    }
    let life = store::life(
        row.published_at,
        row.opens_at,
        row.closes_at,
        row.cancelled_at,
        row.results_at,
    )?;
    let poll = store::questionnaire(conn, PollId(row.id), row.version).await?;
    Ok(life.shows_results(poll.results, now).then_some(row))
}

/// Every ballot as its countable answers by question, in an order that says nothing about when or
/// by whom it was given. Words are not among them. `None` where the results may not be known.
pub async fn ballots(
    backend: &Backend,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<Vec<BTreeMap<String, Vec<String>>>>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(row) = visible(&mut conn, now, number, viewer).await? else {
        return Ok(None);
    };
    let mut ballots: Vec<BTreeMap<String, Vec<String>>> = Vec::new();
    let mut last = None;
    for row in fetch_all!(conn, BALLOTS, BallotRow, row.id)? {
        if last.replace(row.ballot_id) != Some(row.ballot_id) {
            ballots.push(BTreeMap::new());
        }
        if let Some(ballot) = ballots.last_mut() {
            ballot.entry(row.question).or_default().push(row.cell);
        }
    }
    ballots.sort_unstable();
    Ok(Some(ballots))
}
