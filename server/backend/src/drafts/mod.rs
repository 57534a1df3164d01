//! Drafts: a text goes in, its clauses are found, and each keeps its identity from version to
//! version. A version that was published never changes.

mod clauses;

pub(crate) use clauses::{ClauseSets, clause_ids, clause_labels, clause_set};
