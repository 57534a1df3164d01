//! The comments of the demonstration, as its files hold them.

use backend::Error;
use domain::comments::{AuthorKind, Display, RawAuthor, RawComment, RawPoint};
use domain::drafts::Draft;
use domain::feedback::Disposition;
use domain::id::ClauseId;
use serde::Deserialize;
use std::collections::HashMap;

/// A comment of the demonstration, with what became of it.
#[derive(Debug, Deserialize)]
pub(super) struct Sample {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub kind: Option<AuthorKind>,
    #[serde(default)]
    pub display: Option<Display>,
    #[serde(default)]
    pub contact: Option<String>,
    /// `publish` unless it says `wait`, `withdraw` or `hold:` and a reason.
    #[serde(default)]
    pub decision: Option<String>,
    pub points: Vec<SamplePoint>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SamplePoint {
    /// The label of the clause.
    #[serde(default)]
    pub clause: Option<String>,
    pub text: String,
    #[serde(default)]
    pub proposed: Option<String>,
    #[serde(default)]
    pub disposition: Option<Disposition>,
    #[serde(default)]
    pub reason: Option<String>,
    /// The label of the changed clause in the new version.
    #[serde(default)]
    pub change: Option<String>,
}

pub(super) fn samples(json: &str) -> Result<Vec<Sample>, Error> {
    serde_json::from_str(json).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn by_label(draft: &Draft) -> HashMap<String, ClauseId> {
    draft
        .all_clauses()
        .map(|clause| (clause.label.clone(), clause.id))
        .collect()
}

pub(super) fn raw_comment(sample: &Sample, clauses: &HashMap<String, ClauseId>) -> RawComment {
    RawComment {
        author: RawAuthor {
            kind: sample.kind.unwrap_or(AuthorKind::Individual),
            name: sample.name.clone(),
            display: sample.display.unwrap_or(Display::Masked),
        },
        contact: sample.contact.clone(),
        points: sample
            .points
            .iter()
            .map(|point| RawPoint {
                clause: point
                    .clause
                    .as_ref()
                    .and_then(|label| clauses.get(label))
                    .map(ToString::to_string),
                text: point.text.clone(),
                proposed: point.proposed.clone(),
            })
            .collect(),
    }
}
