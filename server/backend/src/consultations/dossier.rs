//! Everything that one public page of a consultation shows, read at one instant: its numbers, its
//! text and its comments agree with each other.

use super::reading;
use crate::comments::published::{self, Wanted};
use crate::error::Error;
use crate::{Backend, Viewer, drafts};
use domain::Timestamp;
use domain::comments::PublicComment;
use domain::consultations::{Consultation, Number, Page};
use domain::drafts::Draft;
use domain::id::ClauseId;
use std::collections::HashMap;
use std::sync::Arc;

/// A public consultation with what hangs on it.
#[derive(Debug)]
pub struct Dossier {
    pub consultation: Consultation,
    /// The version under consultation.
    pub draft: Option<Arc<Draft>>,
    /// Published points by clause.
    pub clause_counts: HashMap<ClauseId, i64>,
    /// Where its unit embeds.
    pub origins: Vec<String>,
    /// Those that were wanted.
    pub comments: Option<Page<PublicComment>>,
}

/// Reads a public consultation, with the comments that `wanted` asks for once it has seen it.
/// `None` if there is none that everyone may know of.
pub async fn dossier<'a>(
    backend: &Backend,
    now: Timestamp,
    number: Number,
    wanted: impl FnOnce(&Consultation) -> Option<Wanted<'a>>,
) -> Result<Option<Dossier>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = reading::read(&mut conn, now, number, Viewer::Public).await? else {
        return Ok(None);
    };
    let consultation = found.consultation;
    let draft = match found.draft.zip(consultation.current_version()) {
        Some((id, version)) => Some(drafts::read(backend, &mut conn, id, version).await?),
        None => None,
    };
    let comments = match wanted(&consultation) {
        Some(wanted) => Some(published::page(&mut conn, found.id, number, &wanted).await?),
        None => None,
    };
    Ok(Some(Dossier {
        origins: found.origins,
        clause_counts: found.clause_counts,
        consultation,
        draft,
        comments,
    }))
}
