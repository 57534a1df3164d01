//! Ballots as open data, once the poll has ended: row by row, page by page, in an order that says
//! nothing about when they came.

use super::store;
use crate::consultations::sees_all;
use crate::error::{Conflict, Error};
use crate::{Backend, Viewer};
use domain::Timestamp;
use domain::id::PollId;
use domain::polls::{OpenBallot, PollNumber, PollState};
use std::collections::{BTreeMap, HashSet};

/// Ballots read at once.
const BALLOTS: i64 = 1_000;

sql! {
    // The hash of a receipt is as good as a random number, and there is one for each ballot.
    PAGE = "select given.receipt_hash, given.version, ballot_cell.question, ballot_cell.cell
        from (select id, version, receipt_hash from ballot
            where poll_id = $1 and receipt_hash > $2
            order by receipt_hash
            limit $3) as given
        left join ballot_cell on ballot_cell.ballot_id = given.id and ballot_cell.cell <> ''
        order by given.receipt_hash, ballot_cell.question, ballot_cell.cell";
}

row! { struct CellRow {
    receipt_hash: Vec<u8>, version: i64, question: Option<String>, cell: Option<String>,
} }

/// The ballots of a poll that has ended, to be read page by page ([`OpenBallots::next`]). They do not
/// change any more.
#[derive(Debug)]
pub struct OpenBallots {
    poll: PollId,
    /// How many there are, those with nothing that is given away included.
    pub ballots: i64,
    /// Codes of the questions that are given away: of the newest version in their order, then what
    /// only earlier ones asked.
    pub columns: Vec<String>,
    /// Version and code of the questions whose answers are chosen.
    chosen: HashSet<(i64, String)>,
    /// The last ballot that was read; `None` at the end.
    after: Option<Vec<u8>>,
}

/// The ballots of a poll: for everyone once it has ended and its results are public, for its staff
/// once it has ended. `None` where the viewer may not know them.
///
/// Fails with `PollStillOpen` before the end, for its staff too: who reads the rows twice knows which
/// came in between.
pub async fn ballots(
    backend: &Backend,
    now: Timestamp,
    number: PollNumber,
    viewer: Viewer<'_>,
) -> Result<Option<OpenBallots>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = store::find(&mut conn, number).await? else {
        return Ok(None);
    };
    let life = found.life;
    match life.state_at(now) {
        _ if life.period.is_none() => return Ok(None),
        PollState::Announced | PollState::Open => return Err(Conflict::PollStillOpen.into()),
        PollState::Preparing | PollState::Closed | PollState::Cancelled => {}
    }
    let questionnaires = store::questionnaires(&mut conn, found.id).await?;
    let newest = store::questionnaire(&mut conn, found.id, found.version).await?;
    if !sees_all(viewer, found.unit) && !life.shows_results(newest.results, now) {
        return Ok(None);
    }
    let mut columns: Vec<String> = Vec::new();
    let mut chosen = HashSet::new();
    let versions: Vec<_> = (1..).zip(&questionnaires).collect();
    for (version, asked) in versions.into_iter().rev() {
        for question in asked.questions.iter().filter(|one| one.kind.is_chosen()) {
            if !columns.contains(&question.code) {
                columns.push(question.code.clone());
            }
            chosen.insert((version, question.code.clone()));
        }
    }
    Ok(Some(OpenBallots {
        poll: found.id,
        ballots: found.ballots,
        columns,
        chosen,
        after: Some(Vec::new()),
    }))
}

impl OpenBallots {
    /// The next ballots with at least one answer that was chosen; `None` after the last.
    pub async fn next(&mut self, backend: &Backend) -> Result<Option<Vec<OpenBallot>>, Error> {
        let Some(after) = self.after.take() else {
            return Ok(None);
        };
        let mut conn = backend.db().read().await?;
        let rows = fetch_all!(conn, PAGE, CellRow, self.poll.0, after, BALLOTS)?;
        let mut given: Vec<OpenBallot> = Vec::new();
        let mut read = 0;
        for row in rows {
            if self.after.as_ref() != Some(&row.receipt_hash) {
                self.after = Some(row.receipt_hash);
                read += 1;
                given.push(OpenBallot {
                    version: row.version,
                    answers: BTreeMap::new(),
                });
            }
            let (Some(question), Some(cell)) = (row.question, row.cell) else {
                continue;
            };
            let answer = (row.version, question);
            if let (true, Some(ballot)) = (self.chosen.contains(&answer), given.last_mut()) {
                ballot.answers.entry(answer.1).or_default().push(cell);
            }
        }
        if read < BALLOTS {
            self.after = None;
        }
        given.retain(|ballot| !ballot.answers.is_empty());
        Ok((read > 0).then_some(given))
    }
}
