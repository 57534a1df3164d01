//! What this process remembers of published versions, which never change, and how much of what
//! takes long it works out at one time.

use domain::drafts::align::Trace;
use domain::drafts::{Change, Draft};
use domain::id::{ClauseId, DraftId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Ids of all kept sets together: some 20 MB at most.
const IDS: u64 = 500_000;
/// Bytes of all kept texts together.
const TEXT_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of all kept redlines together.
const REDLINE_BYTES: u64 = 16 * 1024 * 1024;
/// Ids of all kept traces together.
const TRACED: u64 = 200_000;
/// Comparisons that anyone may ask for, at one time: the other threads answer meanwhile.
const COMPARISONS: usize = 2;

/// From one version to another.
pub(crate) type Way = (DraftId, DraftId);

/// By draft: the ids of all clauses with their parts, and the text. By two drafts: what became of
/// each clause, in words and by its id.
#[derive(Debug)]
pub(crate) struct Kept {
    pub ids: Cache<DraftId, Arc<HashSet<ClauseId>>, Weight>,
    pub texts: Cache<DraftId, Arc<Draft>, Weight>,
    pub redlines: Cache<Way, Arc<Vec<Change>>, Weight>,
    pub traces: Cache<Way, Arc<Trace>, Weight>,
    /// The turns of those who compare; what is not kept is compared within them too.
    pub turns: Arc<Semaphore>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            ids: Cache::with_weighter(1_000, IDS, Weight),
            texts: Cache::with_weighter(100, TEXT_BYTES, Weight),
            redlines: Cache::with_weighter(100, REDLINE_BYTES, Weight),
            traces: Cache::with_weighter(100, TRACED, Weight),
            turns: Arc::new(Semaphore::new(COMPARISONS)),
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

impl Weighter<Way, Arc<Vec<Change>>> for Weight {
    fn weight(&self, _: &Way, changes: &Arc<Vec<Change>>) -> u64 {
        let bytes = |change: &Change| -> usize {
            let runs = change.inline.iter().map(|run| run.text.len() + 32);
            let path = change.path.iter().map(|heading| heading.len() + 24);
            runs.chain(path).sum::<usize>() + 300
        };
        changes.iter().map(bytes).sum::<usize>() as u64 + 1
    }
}

impl Weighter<Way, Arc<Trace>> for Weight {
    fn weight(&self, _: &Way, trace: &Arc<Trace>) -> u64 {
        let ids: usize = trace.values().map(|stands| stands.len() + 2).sum();
        ids as u64 + 1
    }
}
