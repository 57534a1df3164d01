//! What remains of a session: the minutes, and what was corrected in them.

use super::ApplicationNumber;
use crate::comments::{AuthorKind, Display, mask};
use crate::id::ClauseId;
use crate::problem::{Fault, Violations};
use crate::{Timestamp, limits, text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One statement, as staff write it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawStatement {
    #[serde(default)]
    pub speaker: String,
    /// `masked` if left out
    #[serde(default)]
    pub display: Option<Display>,
    /// The clause it is about; none for the matter as a whole
    #[serde(default)]
    pub clause: Option<String>,
    #[serde(default)]
    pub text: String,
}

/// The minutes as staff give them: the body of `POST /hearings/{id}/minutes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawMinutes {
    /// Who was there, how it went
    #[serde(default)]
    pub attendance: String,
    #[serde(default)]
    pub statements: Vec<RawStatement>,
    /// Until when participants may ask for corrections
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub corrections_until: Option<Timestamp>,
}

/// One statement, parsed. It enters the ledger of points like a written comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStatement {
    pub speaker: String,
    pub display: Display,
    pub clause: Option<ClauseId>,
    pub text: String,
}

/// The minutes, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMinutes {
    pub attendance: String,
    pub statements: Vec<NewStatement>,
    pub corrections_until: Option<Timestamp>,
}

impl RawMinutes {
    /// Checks every field. Faults name fields as `attendance`, `statements.0.speaker`.
    pub fn parse(&self, clauses: &HashSet<ClauseId>) -> Result<NewMinutes, Violations> {
        let mut wrong = Violations::new();
        let attendance = wrong.keep(
            "attendance",
            text::required_lines(&self.attendance, limits::SUMMARY),
        );
        if self.statements.len() > limits::STATEMENTS_PER_SESSION {
            let (limit, length) = (limits::STATEMENTS_PER_SESSION, self.statements.len());
            wrong.add("statements", Fault::TooMany { limit, length });
        }
        let statements = self
            .statements
            .iter()
            .take(limits::STATEMENTS_PER_SESSION)
            .enumerate()
            .filter_map(|(index, raw)| raw.parse(index, clauses, &mut wrong))
            .collect();
        wrong.into_result(|| NewMinutes {
            attendance: attendance.unwrap_or_default(),
            statements,
            corrections_until: self.corrections_until,
        })
    }
}

impl RawStatement {
    fn parse(
        &self,
        index: usize,
        clauses: &HashSet<ClauseId>,
        wrong: &mut Violations,
    ) -> Option<NewStatement> {
        let field = |name: &str| format!("statements.{index}.{name}");
        let speaker = wrong.keep(
            field("speaker"),
            text::required_line(&self.speaker, limits::NAME),
        );
        let said = wrong.keep(
            field("text"),
            text::required_lines(&self.text, limits::POINT_TEXT),
        );
        let named = self
            .clause
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let clause = match named {
            None => Some(None),
            Some(id) => wrong.keep(
                field("clause"),
                id.parse()
                    .ok()
                    .filter(|id| clauses.contains(id))
                    .map(Some)
                    .ok_or(Fault::UnknownClause),
            ),
        };
        Some(NewStatement {
            speaker: speaker?,
            display: self.display.unwrap_or(Display::Masked),
            clause: clause?,
            text: said?,
        })
    }
}

/// One statement as everyone reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statement {
    /// Already masked where it must be; `null` if anonymous.
    pub speaker: Option<String>,
    pub clause: Option<ClauseId>,
    pub clause_label: Option<String>,
    pub text: String,
}

/// The minutes as everyone reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Minutes {
    pub attendance: String,
    /// In the order in which they were made.
    pub statements: Vec<Statement>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub corrections_until: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Timestamp,
    /// Participants who confirmed that the minutes say what was said.
    pub confirmed: i64,
    /// Corrections that participants asked for: all of them, and those that the unit refused.
    pub corrections_asked: i64,
    pub corrections_refused: i64,
    /// What was corrected, in the unit's words, in the order in which it was.
    pub corrections: Vec<Corrected>,
}

/// One correction of published minutes. The minutes themselves stand as they were published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Corrected {
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub corrected_at: Timestamp,
}

/// A correction that a participant asked for, and what the unit said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Timestamp,
    /// `null` while it waits for an answer.
    pub answer: Option<CorrectionAnswer>,
}

/// What the unit said to a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionAnswer {
    /// Then `text` is public beneath the minutes.
    pub accepted: bool,
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub answered_at: Timestamp,
}

/// A correction as staff read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedCorrection {
    /// Whose it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: ApplicationNumber,
    pub name: String,
    #[serde(flatten)]
    pub correction: Correction,
    /// Whether the participant has confirmed the minutes since.
    pub confirmed: bool,
}

/// What staff say to a correction: the body of `POST /applications/{number}/correction`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawCorrectionAnswer {
    pub accepted: bool,
    /// What is corrected, as it is published; or, to the participant alone, why nothing is
    #[serde(default)]
    pub text: String,
}

/// A participant on the minutes: the body of `POST /receipts/{receipt}/minutes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawCorrection {
    /// What should be corrected; left out, the minutes are confirmed
    #[serde(default)]
    pub correction: Option<String>,
}

/// A speaker as the public reads it.
pub fn shown_speaker(display: Display, speaker: &str) -> Option<String> {
    match display {
        Display::Shown => Some(speaker.to_owned()),
        Display::Masked => Some(mask(AuthorKind::Individual, speaker)),
        Display::Anonymous => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_say_who_was_there_and_each_statement_who_said_what() {
        let raw = RawMinutes {
            statements: vec![
                RawStatement::default(),
                RawStatement {
                    speaker: "朱小明".into(),
                    clause: Some("x".into()),
                    text: "同意。".into(),
                    ..RawStatement::default()
                },
            ],
            ..RawMinutes::default()
        };
        let wrong = raw.parse(&HashSet::new()).unwrap_err();
        let fields: Vec<_> = wrong
            .0
            .iter()
            .map(|v| (v.field.as_str(), v.fault.code()))
            .collect();
        assert_eq!(
            fields,
            [
                ("attendance", "required"),
                ("statements.0.speaker", "required"),
                ("statements.0.text", "required"),
                ("statements.1.clause", "unknown_clause"),
            ]
        );
        assert_eq!(
            shown_speaker(Display::Masked, "朱小明").as_deref(),
            Some("朱**")
        );
        assert_eq!(shown_speaker(Display::Anonymous, "朱小明"), None);
    }
}
