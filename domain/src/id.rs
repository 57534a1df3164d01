//! Typed identifiers. All are UUIDs (version 7 where we make them), so that ids of different
//! things cannot be confused and sort by creation.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A unit: the department, street or town that consults.
    UnitId,
    /// A member of staff.
    AccountId,
    /// A consultation, whose public name is its [`crate::consultations::Number`].
    ConsultationId,
    /// One version of a draft.
    DraftId,
    /// A clause; the same from version to version.
    ClauseId,
    /// A period in which comments are taken.
    RoundId,
    /// What one sender sent at one time.
    CommentId,
    /// One distinct thing said in a comment.
    PointId,
    /// A staff session.
    SessionId,
    /// A session that people apply to attend.
    HearingId,
    /// An application for a seat.
    ApplicationId,
    /// A poll.
    PollId,
    /// What one person answered at one time.
    BallotId,
    /// An answer in words.
    TextId,
}
