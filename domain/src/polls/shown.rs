//! Polls as they are read, and the answers to what was sent.

use super::results::QuestionResult;
use super::{Cells, IdentityLevel, PollNumber, PollState, Questionnaire, RawAnswers, TextState};
use crate::Timestamp;
use crate::consultations::{Number, Unit};
use crate::problem::{Fault, Violations};
use crate::receipts::ReceiptCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What staff ask for when they publish a poll.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishPoll {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opens_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub closes_at: Timestamp,
}

/// An earlier or later wording of the questions: a published poll never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollVersion {
    pub version: i64,
    /// What was corrected, in public; `null` for the first.
    pub correction: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Timestamp>,
    /// Ballots that were given on it; `null` while how many answered is not public.
    pub ballots: Option<i64>,
}

/// A poll as its page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Poll {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012-p1"))]
    pub id: PollNumber,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub consultation: Number,
    /// Empty while the consultation is not public, except for its staff.
    pub consultation_title: String,
    /// Whether the consultation has a page that everyone may read.
    pub consultation_public: bool,
    pub unit: Unit,
    pub state: PollState,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub opens_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub closes_at: Option<Timestamp>,
    /// The version that is answered now.
    pub version: i64,
    pub versions: Vec<PollVersion>,
    #[serde(flatten)]
    pub questionnaire: Questionnaire,
    /// Ballots so far; `null` while how many answered is not public.
    pub ballots: Option<i64>,
    /// Whether everyone may read the results now.
    pub results_public: bool,
    pub cancelled_reason: Option<String>,
}

impl Poll {
    /// Whether ballots are taken.
    pub fn is_open(&self) -> bool {
        self.state == PollState::Open
    }
}

/// A poll in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedPoll {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: PollNumber,
    pub title: String,
    pub state: PollState,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub opens_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub closes_at: Option<Timestamp>,
    /// Ballots so far; `null` while how many answered is not public.
    pub ballots: Option<i64>,
    pub results_public: bool,
}

/// A published poll as its unit's feed tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedPoll {
    pub listed: ListedPoll,
    pub identity: IdentityLevel,
    /// Who was asked, how, until when.
    pub method: Option<String>,
    pub published_at: Timestamp,
    /// When what a reader sees last changed: its publication or correction, its being called off,
    /// its results. Never later than now.
    pub updated_at: Timestamp,
}

/// A ballot as it arrives: the body of `POST /polls/{id}/ballots`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawBallot {
    /// By the question's code
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, super::RawAnswer>))]
    pub answers: RawAnswers,
    /// The one-time code, where the poll asks for one
    #[serde(default)]
    pub code: Option<String>,
    /// The version that was answered; refused if a correction came meanwhile. Left out: the newest
    #[serde(default)]
    pub version: Option<i64>,
}

impl RawBallot {
    /// Checks the answers, and the spelling of the one-time code where the poll asks for one. Faults
    /// name the field, `code` or `answers.CODE`, all of them at once; whether the code is good is the
    /// database's to say.
    pub fn parse(&self, asked: &Questionnaire) -> Result<(Cells, Option<ReceiptCode>), Violations> {
        let mut wrong = Violations::new();
        let code = match asked.identity {
            IdentityLevel::None => None,
            IdentityLevel::OneTimeCode | IdentityLevel::Invited => {
                wrong.keep("code", self.one_time_code())
            }
        };
        let cells = asked.ballot(&self.answers).unwrap_or_else(|more| {
            wrong.0.extend(more.0);
            Cells::default()
        });
        wrong.into_result(|| (cells, code))
    }

    fn one_time_code(&self) -> Result<ReceiptCode, Fault> {
        let typed = self.code.as_deref().map(str::trim).unwrap_or_default();
        if typed.is_empty() {
            return Err(Fault::Required);
        }
        ReceiptCode::read(typed).map_err(|_| Fault::Malformed)
    }
}

/// The answer to a ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BallotReceipt {
    /// The secret code that shows that the ballot is counted.
    pub receipt: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
}

/// What the holder of a ballot's receipt sees. What was answered is not shown: a receipt must not
/// prove to anyone else how a person answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnBallot {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub poll: PollNumber,
    pub poll_title: String,
    pub version: i64,
    /// The newest version of the poll.
    pub newest_version: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    pub results_public: bool,
}

/// How many one-time codes a poll has, and how many of them were used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeCount {
    pub given: i64,
    pub used: i64,
}

/// What came out of a poll.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollResults {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: PollNumber,
    pub title: String,
    /// Who was asked, how, until when.
    pub method: Option<String>,
    /// How far it was made sure that a person answers once.
    pub identity: IdentityLevel,
    /// Codes given out, and used; `null` where the poll asks for none.
    pub codes: Option<CodeCount>,
    /// Why the poll was called off before its end: these are the ballots that had come until then.
    pub cancelled_reason: Option<String>,
    pub versions: Vec<PollVersion>,
    pub ballots: i64,
    pub questions: Vec<QuestionResult>,
}

/// A ballot as open data: what was chosen in it. Words and numbers, which are typed freely, are not
/// among it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenBallot {
    /// The version on which it was given: what a code asked there.
    pub version: i64,
    /// Codes by question: an option, a step, `row:option` or `option:place`.
    pub answers: BTreeMap<String, Vec<String>>,
}

/// An answer in words, for staff to read before everyone does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewedText {
    pub id: crate::id::TextId,
    pub question: String,
    /// The question as the version asked it on which it was answered.
    pub question_text: String,
    pub text: String,
    pub state: TextState,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::RawPoll;

    #[test]
    fn what_is_wrong_with_the_code_is_told_with_what_is_wrong_with_the_answers() {
        let faults = |identity: &str, ballot: &str| {
            let poll = format!(
                r#"{{"title": "t", "identity": "{identity}", "questions": [
                    {{"code": "one", "kind": "scale", "text": "?", "required": true}}]}}"#
            );
            let raw: RawPoll = serde_json::from_str(&poll).unwrap();
            let ballot: RawBallot = serde_json::from_str(ballot).unwrap();
            let read = ballot.parse(&raw.parse().unwrap());
            let wrong = read.map(|(_, code)| code.is_some());
            wrong.map_err(|wrong| {
                let told = wrong.0.into_iter();
                told.map(|v| format!("{} {}", v.field, v.fault.code()))
                    .collect::<Vec<_>>()
            })
        };
        let good = r#"{"answers": {"one": 3}, "code": "0000-0000-0000-0000-0"}"#;
        for identity in ["one_time_code", "invited"] {
            assert_eq!(faults(identity, good), Ok(true));
            for (ballot, code) in [
                (r#"{"code": "0000"}"#, "code malformed"),
                (r#"{"code": "0000-0000-0000-0000-1"}"#, "code malformed"),
                (r#"{"code": " "}"#, "code required"),
                ("{}", "code required"),
            ] {
                let told = [code, "answers.one required"].map(Into::into).to_vec();
                assert_eq!(faults(identity, ballot), Err(told), "{ballot}");
            }
        }
        assert_eq!(faults("none", good), Ok(false), "nobody asked for it");
    }
}
