//! Everything that one public page of a consultation shows, read at one instant: its numbers, its
//! text and its comments agree with each other.

use super::reading;
use crate::comments::published::{self, Wanted};
use crate::comments::standing::Standing;
use crate::error::Error;
use crate::{Backend, Viewer, drafts};
use domain::Timestamp;
use domain::comments::PublicComment;
use domain::consultations::{Consultation, Counts, Number, Page};
use domain::drafts::Draft;
use domain::id::ClauseId;
use std::collections::HashMap;
use std::sync::Arc;

/// A public consultation with what hangs on it.
#[derive(Debug)]
pub struct Dossier {
    pub consultation: Consultation,
    /// The version that was asked for, or the one under consultation.
    pub draft: Option<Arc<Draft>>,
    /// The stage whose comments and numbers these are: the wanted one, or the current.
    pub stage: i64,
    /// What came in during that stage.
    pub counts: Counts,
    /// Published points of that stage by the clause of the draft on which they stand.
    pub clause_counts: HashMap<ClauseId, i64>,
    /// Where its unit embeds.
    pub origins: Vec<String>,
    /// Those that were wanted.
    pub comments: Option<Page<PublicComment>>,
}

/// Reads a public consultation as one of its versions shows it, or else the one under
/// consultation, with the comments that `wanted` asks for once it has seen it. `None` if there is
/// none that everyone may know of, or no such version or stage.
pub async fn dossier<'a>(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    version: Option<i64>,
    wanted: impl FnOnce(&Consultation) -> Option<Wanted<'a>>,
) -> Result<Option<Dossier>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = reading::read(&mut conn, now, number, Viewer::Public).await? else {
        return Ok(None);
    };
    let wanted = wanted(&found.consultation);
    let current = found.consultation.stage;
    let stage = wanted.and_then(|wanted| wanted.stage).unwrap_or(current);
    if !(1..=current).contains(&stage) {
        return Ok(None);
    }
    let shown = match version {
        Some(version) => match found.versions.get(&version) {
            Some(id) => Some((*id, version)),
            None => return Ok(None),
        },
        None => found.draft.zip(found.consultation.current_version()),
    };
    let counts = found.counts(stage)?;
    let mut dossier = Dossier {
        draft: None,
        stage,
        counts,
        clause_counts: HashMap::new(),
        origins: found.origins,
        consultation: found.consultation,
        comments: None,
    };
    if let Some((id, version)) = shown {
        let draft = drafts::read(backend, &mut conn, id, version).await?;
        let text = Arc::clone(&draft);
        let rounds = found.rounds;
        let standing = Standing::read(backend, &mut conn, found.id, rounds, id, text).await?;
        dossier.clause_counts = standing.counts(&found.clause_tallies, stage);
        dossier.draft = Some(draft);
        if let Some(wanted) = wanted {
            let page = published::page(backend, &mut conn, found.id, number, &standing, &wanted);
            dossier.comments = Some(page.await?);
        }
    }
    Ok(Some(dossier))
}
