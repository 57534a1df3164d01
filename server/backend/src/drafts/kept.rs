//! What this process remembers of published versions, which never change.

use domain::drafts::Draft;
use domain::id::{ClauseId, DraftId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::HashSet;
use std::sync::Arc;

/// Ids of all kept sets together: some 20 MB at most.
const IDS: u64 = 500_000;
/// Bytes of all kept texts together.
const TEXT_BYTES: u64 = 8 * 1024 * 1024;

/// By draft: the ids of all clauses with their parts, and the text.
#[derive(Debug)]
pub(crate) struct Kept {
    pub ids: Cache<DraftId, Arc<HashSet<ClauseId>>, Weight>,
    pub texts: Cache<DraftId, Arc<Draft>, Weight>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            ids: Cache::with_weighter(1_000, IDS, Weight),
            texts: Cache::with_weighter(100, TEXT_BYTES, Weight),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Weight;

impl Weighter<DraftId, Arc<HashSet<ClauseId>>> for Weight {
    fn weight(&self, _: &DraftId, ids: &Arc<HashSet<ClauseId>>) -> u64 {
        ids.len() as u64 + 1
    }
}

impl Weighter<DraftId, Arc<Draft>> for Weight {
    fn weight(&self, _: &DraftId, draft: &Arc<Draft>) -> u64 {
        let clauses = draft.all_clauses();
        // A clause's own fields, beside its text.
        clauses.map(|one| one.text.len() as u64 + 250).sum::<u64>() + 1
    }
}
