//! Comments as they are read: by everyone, by their senders, by staff.

use super::{AuthorKind, CommentNumber, CommentState, Display, HoldReason, RawPoint};
use crate::Timestamp;
use crate::consultations::Number;
use crate::feedback::Response;
use crate::hearings::HearingNumber;
use crate::id::{ClauseId, PointId};
use serde::{Deserialize, Serialize};

/// The answer to a sent comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012-345"))]
    pub number: CommentNumber,
    /// The secret code that opens the comment again.
    pub receipt: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
}

/// A sender as the public reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicAuthor {
    pub kind: AuthorKind,
    /// Already masked where the sender asked for it; `null` if anonymous.
    pub name: Option<String>,
    pub display: Display,
}

/// A clause of the version under consultation in which a commented clause stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClausePlace {
    pub clause: ClauseId,
    /// Its label there, or its first words if it has none.
    pub name: String,
}

/// A point as the public reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicPoint {
    pub id: PointId,
    pub clause: Option<ClauseId>,
    /// The label of the clause in the version that was commented on.
    pub clause_label: Option<String>,
    /// Where the clause stands in the version under consultation: several places if it was split,
    /// none if it was removed.
    pub clause_now: Vec<ClausePlace>,
    pub text: String,
    /// `text`, rendered and sanitised when it was written.
    pub html: String,
    pub proposed: Option<String>,
    /// `proposed`, rendered and sanitised when it was written.
    pub proposed_html: Option<String>,
    /// The answer, once the feedback is published.
    pub response: Option<Response>,
}

/// A published comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicComment {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: CommentNumber,
    pub author: PublicAuthor,
    /// The session at which it was said; `null` for what was written.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "2026-0012-h1"))]
    pub hearing: Option<HearingNumber>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    pub points: Vec<PublicPoint>,
}

/// A point as its sender and the staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPoint {
    pub id: PointId,
    pub clause: Option<ClauseId>,
    pub clause_label: Option<String>,
    pub text: String,
    /// `text`, rendered and sanitised when it was written.
    pub html: String,
    pub proposed: Option<String>,
    /// `proposed`, rendered and sanitised when it was written.
    pub proposed_html: Option<String>,
    /// For the sender only after publication of the feedback; for staff at once.
    pub response: Option<Response>,
}

/// An earlier wording of a comment: edits replace, nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replaced_at: Timestamp,
    pub points: Vec<RawPoint>,
}

/// What the holder of a receipt sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnComment {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: CommentNumber,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub consultation: Number,
    pub consultation_title: String,
    /// The draft version it was written on.
    pub version: i64,
    /// The stage in which it was sent; see [`crate::consultations::Consultation::stage`].
    pub stage: i64,
    pub state: CommentState,
    pub hold_reason: Option<HoldReason>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// Until when it can be edited; in the past once the round has closed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub editable_until: Timestamp,
    /// Whether it can be edited now.
    pub editable: bool,
    pub kind: AuthorKind,
    pub display: Display,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub points: Vec<OwnPoint>,
    pub revisions: Vec<Revision>,
    /// Whether the feedback, and with it the responses, is published.
    pub answered: bool,
}

/// A comment in the staff queue. Contact data is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuedComment {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: CommentNumber,
    pub state: CommentState,
    pub hold_reason: Option<HoldReason>,
    pub kind: AuthorKind,
    pub display: Display,
    /// The name as given, for staff.
    pub name: Option<String>,
    /// The session at which it was said; `null` for what was written.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "2026-0012-h1"))]
    pub hearing: Option<HearingNumber>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// When its text or state last changed: goes back with a decision, which so is about what was
    /// seen.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seen: Timestamp,
    pub points: Vec<OwnPoint>,
}

/// What staff ask the queue for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFilter {
    #[serde(default)]
    pub state: Option<CommentState>,
    #[serde(default)]
    pub clause: Option<ClauseId>,
    /// Text that a point, its proposed wording or the sender's name contains.
    #[serde(default)]
    pub q: Option<String>,
    #[serde(default)]
    pub after: Option<String>,
    /// Only comments with a point that has no response yet.
    #[serde(default)]
    pub unanswered: bool,
}
