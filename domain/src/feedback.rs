//! The answer: a response to every point, and the published account of a round.

use crate::Timestamp;
use crate::comments::PublicAuthor;
use crate::consultations::Counts;
use crate::drafts::Change;
use crate::hearings::HearingNumber;
use crate::id::{ClauseId, PointId};
use crate::limits;
use crate::problem::{Fault, Violations};
use crate::text;
use serde::{Deserialize, Serialize};

crate::codes! {
    /// What became of a point.
    pub enum Disposition {
        Adopted = "adopted",
        AdoptedInSubstance = "adopted_in_substance",
        PartlyAdopted = "partly_adopted",
        AlreadyCovered = "already_covered",
        ForLaterStudy = "for_later_study",
        NotAdopted = "not_adopted",
        Referred = "referred",
        OutOfScope = "out_of_scope",
        SupportNoted = "support_noted",
        Duplicate = "duplicate",
        Unclear = "unclear",
    }
}

impl Disposition {
    /// Whether a public reason must stand beside it: which part was adopted, why not, who it went
    /// to.
    pub const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::PartlyAdopted | Self::NotAdopted | Self::Referred
        )
    }

    /// Whether a reader understands it better with a reason, though it may stand without: where it
    /// is covered, which point it repeats. Adoption speaks through the changed text, support needs
    /// none.
    pub const fn gains_by_reason(self) -> bool {
        matches!(
            self,
            Self::AlreadyCovered
                | Self::ForLaterStudy
                | Self::OutOfScope
                | Self::Duplicate
                | Self::Unclear
        )
    }

    /// Whether the draft changes because of it, so that a changed clause can be named.
    pub const fn changes_text(self) -> bool {
        matches!(
            self,
            Self::Adopted | Self::AdoptedInSubstance | Self::PartlyAdopted
        )
    }
}

/// The clause of the new version in which an adopted point shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawChange {
    pub clause: String,
}

/// The body of `PUT /points/{id}/response`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawResponse {
    pub disposition: Disposition,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub change: Option<RawChange>,
}

/// A response, parsed. That the clause is in a version of this draft is checked by the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResponse {
    pub disposition: Disposition,
    pub reason: Option<String>,
    pub change: Option<ClauseId>,
}

impl RawResponse {
    pub fn parse(&self) -> Result<NewResponse, Violations> {
        let mut wrong = Violations::new();
        let reason = wrong
            .keep(
                "reason",
                text::lines(self.reason.as_deref().unwrap_or(""), limits::REASON),
            )
            .flatten();
        if wrong.0.is_empty() && reason.is_none() && self.disposition.needs_reason() {
            wrong.add("reason", Fault::Required);
        }
        let named = self
            .change
            .as_ref()
            .map(|change| change.clause.trim())
            .filter(|id| !id.is_empty());
        let change = match named {
            Some(id) if self.disposition.changes_text() => wrong.keep(
                "change.clause",
                id.parse().map_err(|_| Fault::UnknownClause),
            ),
            // A change cannot stand behind a point that was not adopted.
            Some(_) => wrong.keep("change.clause", Err(Fault::Unknown)),
            None => None,
        };
        wrong.into_result(|| NewResponse {
            disposition: self.disposition,
            reason,
            change,
        })
    }
}

/// A response as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Response {
    pub disposition: Disposition,
    pub reason: Option<String>,
    /// The clause of the new version in which the point shows.
    pub change: Option<ClauseId>,
    pub change_label: Option<String>,
}

/// The three short texts, as staff give them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawFeedback {
    /// What was asked.
    #[serde(default)]
    pub asked: String,
    /// What was heard.
    #[serde(default)]
    pub heard: String,
    /// What was changed.
    #[serde(default)]
    pub changed: String,
    /// The newest version that was looked at before publishing, also where that is the one that
    /// was commented on. If given, a newer one is not published unseen.
    #[serde(default)]
    pub new_version: Option<i64>,
}

/// The same, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeedback {
    pub asked: String,
    pub heard: String,
    pub changed: String,
    pub new_version: Option<i64>,
}

impl RawFeedback {
    pub fn parse(&self) -> Result<NewFeedback, Violations> {
        let mut wrong = Violations::new();
        let mut keep = |field: &str, raw: &str| {
            wrong
                .keep(field, text::required_lines(raw, limits::FEEDBACK_TEXT))
                .unwrap_or_default()
        };
        let asked = keep("asked", &self.asked);
        let heard = keep("heard", &self.heard);
        let changed = keep("changed", &self.changed);
        wrong.into_result(|| NewFeedback {
            asked,
            heard,
            changed,
            new_version: self.new_version,
        })
    }
}

/// How many points got one disposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DispositionCount {
    pub disposition: Disposition,
    pub points: i64,
}

/// A point with its answer, in the published account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnsweredPoint {
    pub id: PointId,
    /// Number of the comment it belongs to.
    pub comment: String,
    pub author: PublicAuthor,
    /// The session at which it was said; `null` for what was written.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "2026-0012-h1"))]
    pub hearing: Option<HearingNumber>,
    pub clause: Option<ClauseId>,
    pub clause_label: Option<String>,
    /// The clause's label in the new version, where it has one there.
    pub new_clause_label: Option<String>,
    pub text: String,
    /// `text`, rendered and sanitised when it was written.
    pub html: String,
    pub proposed: Option<String>,
    /// `proposed`, rendered and sanitised when it was written.
    pub proposed_html: Option<String>,
    pub response: Response,
}

/// A change of the text, with the points that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeBecause {
    pub change: Change,
    /// The first of the points, by clause and then by time; each stands in `behind`.
    pub points: Vec<PointId>,
    /// How many points led to it.
    pub total: i64,
}

/// The published account of a round, without its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackSummary {
    pub published_at: Timestamp,
    pub asked: String,
    pub heard: String,
    pub changed: String,
    /// By disposition, in the order of the list; sums to the points answered.
    pub dispositions: Vec<DispositionCount>,
}

/// The published account of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Timestamp,
    pub asked: String,
    pub heard: String,
    pub changed: String,
    /// The version that was commented on.
    pub version: i64,
    /// The version that came out of it, if the text changed.
    pub new_version: Option<i64>,
    pub counts: Counts,
    /// By disposition, in the order of the list; sums to the points answered.
    pub dispositions: Vec<DispositionCount>,
    /// What changed because of comments, in the order of the text.
    pub changes: Vec<ChangeBecause>,
    /// The points that `changes` names.
    pub behind: Vec<AnsweredPoint>,
    /// A page of the published points with their answers, by clause and then by time.
    pub points: Vec<AnsweredPoint>,
    /// What to pass as `after` to see more points.
    pub next: Option<String>,
}

/// The account as far as it has come: what staff look at before they publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackPreview {
    /// The version that was commented on.
    pub version: i64,
    /// The version that would be published with the feedback, if there is a newer one.
    pub new_version: Option<i64>,
    pub counts: Counts,
    /// By disposition, in the order of the list; points answered so far.
    pub dispositions: Vec<DispositionCount>,
    /// Points that still need a response.
    pub unanswered: i64,
}

/// What a last look before publication shows besides the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackReview {
    /// How many changes of the text have points behind them.
    pub changes: i64,
    /// The first adopted points behind which no change shows: none at their clause, none named.
    pub unshown: Vec<AnsweredPoint>,
    /// How many such points there are.
    pub unshown_total: i64,
}

/// A point without a response: why feedback cannot be published yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unanswered {
    pub point: PointId,
    /// Number of the comment it belongs to.
    pub comment: String,
    pub clause_label: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(disposition: Disposition, reason: Option<&str>, change: Option<&str>) -> RawResponse {
        RawResponse {
            disposition,
            reason: reason.map(Into::into),
            change: change.map(|clause| RawChange {
                clause: clause.into(),
            }),
        }
    }

    #[test]
    fn refusing_referring_and_part_adopting_need_a_reason() {
        use Disposition::*;
        let need = [PartlyAdopted, NotAdopted, Referred];
        for disposition in need {
            let wrong = raw(disposition, Some("  "), None).parse().unwrap_err();
            assert_eq!(wrong.0[0].field, "reason", "{disposition}");
            assert!(!disposition.gains_by_reason(), "{disposition}");
        }
        for disposition in Disposition::ALL.iter().filter(|one| !need.contains(one)) {
            assert!(
                raw(*disposition, None, None).parse().is_ok(),
                "{disposition}"
            );
        }
    }

    #[test]
    fn only_adopted_points_name_a_change() {
        let id = "01890000-0000-7000-8000-000000000001";
        assert!(
            raw(Disposition::Adopted, None, Some(id))
                .parse()
                .unwrap()
                .change
                .is_some()
        );
        let refused = raw(Disposition::NotAdopted, Some("r"), Some(id))
            .parse()
            .unwrap_err();
        assert_eq!(refused.0[0].field, "change.clause");
        assert!(raw(Disposition::Adopted, None, Some("x")).parse().is_err());
    }

    #[test]
    fn feedback_needs_all_three_texts() {
        let wrong = RawFeedback::default().parse().unwrap_err();
        let fields: Vec<_> = wrong.0.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["asked", "heard", "changed"]);
    }
}
