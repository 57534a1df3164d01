//! Where the clauses that were commented on stand in the version that is shown. Clauses move, are
//! split and are merged from round to round; lists, filters, counts and links all ask here, so that
//! they agree.

use crate::Backend;
use crate::consultations::Current;
use crate::db::Conn;
use crate::drafts;
use crate::error::Error;
use domain::comments::ClausePlace;
use domain::drafts::align::Trace;
use domain::drafts::{Clause, Draft};
use domain::id::{ClauseId, ConsultationId, DraftId};
use serde::Deserialize;
use sqlx::types::Uuid;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

sql! {
    ROUNDS = "select round.id, round.draft_id, draft.version, round.stage
        from round join draft on draft.id = round.draft_id
        where round.consultation_id = $1";
}

/// A round with what was commented on in it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct RoundOf {
    id: Uuid,
    draft_id: Uuid,
    version: i64,
    stage: i64,
}

/// Published points on one clause in one round.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct ClauseTally {
    round: Uuid,
    clause: Uuid,
    points: i64,
}

/// The rounds of a consultation seen from one version.
pub(crate) struct Standing {
    rounds: Vec<RoundOf>,
    shown: DraftId,
    text: Arc<Draft>,
    /// From the version of each round to the one that is shown, where they differ.
    traces: HashMap<DraftId, Arc<Trace>>,
}

impl Standing {
    /// Seen from the version under consultation; `None` before the first round.
    pub async fn now(
        backend: &Backend,
        conn: &mut Conn,
        current: &Current,
    ) -> Result<Option<Self>, Error> {
        let Some(((_, draft), round)) = current.round.zip(current.life.round.as_ref()) else {
            return Ok(None);
        };
        let text = drafts::read(backend, conn, draft, round.version).await?;
        let rows = fetch_all!(conn, ROUNDS, (Uuid, Uuid, i64, i64), current.id.0)?;
        let rounds = rows
            .into_iter()
            .map(|(id, draft_id, version, stage)| RoundOf {
                id,
                draft_id,
                version,
                stage,
            });
        let rounds = rounds.collect();
        let standing = Self::read(backend, conn, current.id, rounds, draft, text).await?;
        Ok(Some(standing))
    }

    /// Seen from the version `shown`, whose text is `text`.
    pub async fn read(
        backend: &Backend,
        conn: &mut Conn,
        consultation: ConsultationId,
        rounds: Vec<RoundOf>,
        shown: DraftId,
        text: Arc<Draft>,
    ) -> Result<Self, Error> {
        let mut traces = HashMap::new();
        for round in &rounds {
            let from = DraftId(round.draft_id);
            if from != shown && !traces.contains_key(&from) {
                let trace = drafts::trace(backend, conn, consultation, from, shown).await?;
                traces.insert(from, trace);
            }
        }
        Ok(Self {
            rounds,
            shown,
            text,
            traces,
        })
    }

    /// The clauses of the version shown in which a clause of a round's version stands.
    fn stands<'a>(&'a self, round: &RoundOf, clause: &'a ClauseId) -> &'a [ClauseId] {
        let from = DraftId(round.draft_id);
        if from == self.shown {
            return std::slice::from_ref(clause);
        }
        let trace = self.traces.get(&from);
        trace
            .and_then(|trace| trace.get(clause))
            .map_or(&[], Vec::as_slice)
    }

    /// Published points of a stage by the clause on which they stand now.
    pub fn counts(&self, tallies: &[ClauseTally], stage: i64) -> HashMap<ClauseId, i64> {
        let rounds: HashMap<Uuid, &RoundOf> = self.rounds.iter().map(|r| (r.id, r)).collect();
        let mut counts = HashMap::new();
        for tally in tallies {
            let round = rounds.get(&tally.round).filter(|r| r.stage == stage);
            let clause = ClauseId(tally.clause);
            for id in round.map_or(&[][..], |round| self.stands(round, &clause)) {
                *counts.entry(*id).or_default() += tally.points;
            }
        }
        counts
    }

    /// What was written on a clause and its parts. For a clause of the version shown that is all
    /// that stands there now; for any other what was written on that clause itself.
    pub async fn on(
        &self,
        backend: &Backend,
        conn: &mut Conn,
        clause: ClauseId,
    ) -> Result<Written, Error> {
        let mut written = HashSet::new();
        let here = with_parts(&self.text, clause);
        for round in &self.rounds {
            let from = DraftId(round.draft_id);
            let ids: Vec<ClauseId> = match (here.is_empty(), self.traces.get(&from)) {
                (true, _) => {
                    let text = drafts::read(backend, conn, from, round.version).await?;
                    with_parts(&text, clause).into_iter().collect()
                }
                (false, None) => here.iter().copied().collect(),
                (false, Some(trace)) => trace
                    .iter()
                    .filter(|(_, stands)| stands.iter().any(|id| here.contains(id)))
                    .map(|(id, _)| *id)
                    .collect(),
            };
            written.extend(ids.into_iter().map(|id| (round.id, id.0)));
        }
        Ok(Written(written))
    }

    /// The places of a clause that was commented on in a round, with their names.
    pub fn places(&self, names: &Names<'_>, round: Uuid, clause: ClauseId) -> Vec<ClausePlace> {
        let round = self.rounds.iter().find(|one| one.id == round);
        let stands = round.map_or(&[][..], |round| self.stands(round, &clause));
        let named = stands.iter().filter_map(|id| {
            let clause = names.0.get(id)?;
            Some(ClausePlace {
                clause: *id,
                name: clause.name(),
            })
        });
        named.collect()
    }

    /// The clauses of the version shown by their ids.
    pub fn names(&self) -> Names<'_> {
        Names(self.text.all_clauses().map(|one| (one.id, one)).collect())
    }
}

/// The clauses of a version by their ids.
pub(crate) struct Names<'a>(HashMap<ClauseId, &'a Clause>);

/// A clause of a text with its paragraphs and items; nothing if it does not stand there.
pub(crate) fn with_parts(text: &Draft, clause: ClauseId) -> HashSet<ClauseId> {
    let found = text.all_clauses().find(|one| one.id == clause);
    let parts = found.map(Clause::walk).unwrap_or_default();
    parts.into_iter().map(|part| part.id).collect()
}

/// Clauses by the round in which they were commented on.
pub(crate) struct Written(HashSet<(Uuid, Uuid)>);

impl Written {
    pub fn contains(&self, round: Uuid, clause: Uuid) -> bool {
        self.0.contains(&(round, clause))
    }

    /// As one parameter of a statement: each round's id with a clause's id after it.
    pub fn list(&self) -> Result<String, Error> {
        let pairs = self.0.iter().map(|(round, clause)| {
            let mut pair = round.simple().to_string();
            pair.push_str(&clause.simple().to_string());
            pair
        });
        let pairs: Vec<String> = pairs.collect();
        serde_json::to_string(&pairs).map_err(|e| Error::Internal(format!("ids as JSON: {e}")))
    }
}
