//! What observers made of a session: an opinion from each, the unit's reply, and both in public.
//! Who only listens says it afterwards, in writing.

use super::{ApplicationNumber, LISTENERS, Notice, SessionKind};
use crate::Timestamp;
use crate::problem::Violations;
use crate::{limits, text};
use serde::{Deserialize, Serialize};

/// The category of who sits in and does not speak; the press (the other listeners) reports instead.
const OBSERVERS: &str = LISTENERS[0];

impl Notice {
    /// Whether a category's participants give their opinion afterwards: everyone at an observed
    /// meeting, and the observers of a hearing or a seminar.
    pub fn asks_opinions_of(&self, category: &str) -> bool {
        self.kind == SessionKind::Observation || category == OBSERVERS
    }

    /// Whether any category does.
    pub fn asks_opinions(&self) -> bool {
        self.categories
            .iter()
            .any(|category| self.asks_opinions_of(&category.code))
    }
}

/// The opinions on a session, as everyone reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Opinions {
    /// All that came in.
    pub received: i64,
    /// Those that have a reply.
    pub answered: i64,
    /// Those that are public with it, in the order in which they came.
    pub published: Vec<Opinion>,
}

/// One opinion with its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Opinion {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub ticket: ApplicationNumber,
    /// `null` without consent to publish it.
    pub name: Option<String>,
    pub text: String,
    pub reply: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replied_at: Timestamp,
}

/// An opinion as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnOpinion {
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Timestamp,
    pub reply: Option<Reply>,
}

/// A reply to an opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replied_at: Timestamp,
    /// Whether opinion and reply are on the session's page.
    pub published: bool,
}

/// An opinion as staff read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceivedOpinion {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: ApplicationNumber,
    pub name: String,
    /// Whether the name may be published.
    pub publish_name: bool,
    #[serde(flatten)]
    pub opinion: OwnOpinion,
}

/// What an observer sends: the body of `POST /receipts/{receipt}/opinion`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawOpinion {
    #[serde(default)]
    pub text: String,
}

impl RawOpinion {
    /// The text. The fault is in the field `opinion`.
    pub fn parse(&self) -> Result<String, Violations> {
        let mut wrong = Violations::new();
        let said = text::required_lines(&self.text, limits::STATEMENT);
        let said = wrong.keep("opinion", said);
        wrong.into_result(|| said.unwrap_or_default())
    }
}

/// What the unit replies: the body of `POST /applications/{number}/opinion`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawReply {
    #[serde(default)]
    pub reply: String,
    /// Whether opinion and reply are published; `true` if left out
    #[serde(default = "yes")]
    pub publish: bool,
}

fn yes() -> bool {
    true
}

impl RawReply {
    /// The reply's text. The fault is in the field `reply`.
    pub fn parse(&self) -> Result<String, Violations> {
        let mut wrong = Violations::new();
        let said = text::required_lines(&self.reply, limits::REASON);
        let said = wrong.keep("reply", said);
        wrong.into_result(|| said.unwrap_or_default())
    }
}
