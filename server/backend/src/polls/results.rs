//! The figures of a poll, counted by the database from the cells of its ballots.

use super::store::Found;
use super::{codes, store};
use crate::consultations::sees_all;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::{Backend, Viewer};
use domain::Timestamp;
use domain::id::PollId;
use domain::polls::results::{Counted, CountedVersion};
use domain::polls::{IdentityLevel, PollNumber, PollResults};
use std::collections::HashMap;

/// Answers in words shown with one question.
const SHOWN_TEXTS: usize = 500;

sql! {
    // Of a poll that was never corrected, the index alone is counted.
    CELLS = "select cast(1 as bigint) as version, question, cell, cast(count(*) as bigint) as times
        from ballot_cell
        where poll_id = $1
        group by question, cell";
    CELLS_BY_VERSION = "select ballot.version, ballot_cell.question, ballot_cell.cell,
            cast(count(*) as bigint) as times
        from ballot_cell
        join ballot on ballot.id = ballot_cell.ballot_id
        where ballot_cell.poll_id = $1
        group by ballot.version, ballot_cell.question, ballot_cell.cell";
    TEXTS = "select version, question, body from (
            select ballot.version, ballot_text.question, ballot_text.body, row_number() over (
                    partition by ballot.version, ballot_text.question
                    order by ballot_text.id desc) as place
            from ballot_text
            join ballot on ballot.id = ballot_text.ballot_id
            where ballot_text.poll_id = $1 and ballot_text.state = 'published') as newest
        where place <= $2
        order by version, question, place";
    WITHHELD = "select ballot.version, ballot_text.question, cast(count(*) as bigint) as times
        from ballot_text
        join ballot on ballot.id = ballot_text.ballot_id
        where ballot_text.poll_id = $1 and ballot_text.state <> 'published'
        group by ballot.version, ballot_text.question";
}

row! { struct CellRow { version: i64, question: String, cell: String, times: i64 } }
row! { struct TimesRow { version: i64, question: String, times: i64 } }
row! { struct TextRow { version: i64, question: String, body: String } }

/// What came out of a poll, if the viewer may know it: everyone when the unit said, its staff at
/// any time.
pub async fn results(
    backend: &Backend,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<PollResults>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = visible(&mut conn, now, number, viewer).await? else {
        return Ok(None);
    };
    let id = found.id;
    let versions = store::versions(&mut conn, id).await?;
    let questionnaires = store::questionnaires(&mut conn, id).await?;
    let mut counted: Vec<CountedVersion> = versions
        .iter()
        .zip(questionnaires)
        .map(|(version, questionnaire)| CountedVersion {
            version: version.version,
            questionnaire,
            ballots: version.ballots.unwrap_or_default(),
            counted: HashMap::new(),
        })
        .collect();
    count(&mut conn, id, &mut counted).await?;
    let mut questions = domain::polls::results::results(&counted);
    for question in &mut questions {
        question.texts.truncate(SHOWN_TEXTS);
    }
    let poll = counted.pop().ok_or_else(|| corrupt("poll_version"))?;
    let poll = poll.questionnaire;
    let codes = match poll.identity {
        IdentityLevel::None => None,
        IdentityLevel::OneTimeCode | IdentityLevel::Invited => {
            Some(codes::counted(&mut conn, id).await?)
        }
    };
    Ok(Some(PollResults {
        id: number,
        title: poll.title,
        method: poll.method,
        identity: poll.identity,
        codes,
        cancelled_reason: found.cancelled_reason,
        versions,
        ballots: found.ballots,
        questions,
    }))
}

/// Counts the ballots of each version.
async fn count(
    conn: &mut Conn,
    poll: PollId,
    versions: &mut [CountedVersion],
) -> Result<(), Error> {
    let cells = if versions.len() == 1 {
        fetch_all!(conn, CELLS, CellRow, poll.0)?
    } else {
        fetch_all!(conn, CELLS_BY_VERSION, CellRow, poll.0)?
    };
    for row in cells {
        let question = of(versions, row.version, row.question)?;
        if row.cell.is_empty() {
            question.answered = row.times;
        } else {
            question.cells.insert(row.cell, row.times);
        }
    }
    for row in fetch_all!(conn, WITHHELD, TimesRow, poll.0)? {
        of(versions, row.version, row.question)?.texts_withheld = row.times;
    }
    for row in fetch_all!(conn, TEXTS, TextRow, poll.0, SHOWN_TEXTS as i64)? {
        let question = of(versions, row.version, row.question)?;
        question.texts.push(row.body);
    }
    Ok(())
}

/// What was counted of a question on the ballots of a version.
fn of(
    versions: &mut [CountedVersion],
    version: i64,
    question: String,
) -> Result<&mut Counted, Error> {
    let found = versions.iter_mut().find(|one| one.version == version);
    let found = found.ok_or_else(|| corrupt("ballot.version"))?;
    Ok(found.counted.entry(question).or_default())
}

async fn visible(
    conn: &mut Conn,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<Found>, Error> {
    let Some(found) = store::find(conn, number).await? else {
        return Ok(None);
    };
    if sees_all(viewer, found.unit) {
        return Ok(Some(found));
    }
    let poll = store::questionnaire(conn, found.id, found.version).await?;
    let shows = found.life.shows_results(poll.results, now);
    Ok(shows.then_some(found))
}
