//! The one error of the use cases. Each variant is something a caller tells a person differently;
//! what is nobody's fault but ours is `Database` or `Internal` and never shown.

use domain::Timestamp;
use domain::feedback::Unanswered;
use domain::hearings::{ApplicationNumber, HearingNumber};
use domain::problem::{Fault, Violation, Violations};
use domain::staff::Forbidden;
use std::borrow::Cow;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the asker may not know of it.
    #[error("not found")]
    NotFound,
    /// The asker lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The input breaks rules, field by field.
    #[error("the input breaks {} rules", .0.0.len())]
    Invalid(Violations),
    /// The state of things does not allow it now.
    #[error("{0}")]
    Conflict(#[from] Conflict),
    /// Too many failures; try again after so many seconds.
    #[error("too many attempts, try again in {retry_after_s} s")]
    TooManyAttempts { retry_after_s: u64 },
    /// The intake is full, or did not get an answer in time; the client may send the same again.
    #[error("overloaded")]
    Overloaded,
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("{0}")]
    Internal(String),
}

/// What stands in the way.
#[derive(Debug, thiserror::Error)]
pub enum Conflict {
    /// Comments are taken only while the round is open.
    #[error("the round is not open")]
    RoundNotOpen,
    /// Feedback can be published only after the round has closed.
    #[error("the round has not closed yet")]
    RoundStillOpen,
    /// Nothing has been published for comment.
    #[error("there is no round")]
    NoRound,
    /// The version was published before; a published version never changes.
    #[error("the version is published and cannot change")]
    VersionPublished,
    /// The sender has withdrawn the comment or the application already.
    #[error("it is withdrawn")]
    AlreadyWithdrawn,
    /// The feedback is published; what it says cannot change any more.
    #[error("the feedback is published")]
    AlreadyAnswered,
    /// The comment or application is not what the decision was made on.
    #[error("it has changed since it was seen")]
    ChangedSince,
    /// The consultation was given up.
    #[error("the consultation is withdrawn")]
    ConsultationWithdrawn,
    /// The round, or the period for applications, is over, so what was sent stands.
    #[error("it can no longer be edited")]
    NotEditable,
    /// As many earlier texts of the comment are kept as there can be.
    #[error("the comment has been edited too often")]
    EditedTooOften,
    /// The consultation is public, so its facts can no longer be edited.
    #[error("the consultation is public and cannot be edited")]
    ConsultationPublic,
    /// The idempotency key came before with other content.
    #[error("the idempotency key was used for something else")]
    KeyReused,
    /// The session is called off or over.
    #[error("the session is over")]
    HearingOver,
    /// The notice is public, so its seats and conditions stand.
    #[error("the notice is published")]
    HearingPublished,
    /// Applications are taken only in their period.
    #[error("applications are not taken now")]
    NotApplying,
    /// Applications are still taken.
    #[error("applications are still taken")]
    StillApplying,
    /// As many applications as there can be have come.
    #[error("no more applications can be taken")]
    HearingFull,
    /// The list of tickets is fixed.
    #[error("the list of tickets is fixed")]
    ListFrozen,
    /// The list of tickets is not fixed yet.
    #[error("the list of tickets is not fixed yet")]
    NotFrozen,
    /// The number that decides can be known only from this instant, said when the list was fixed.
    #[error("the number is not known before {from}")]
    SeedNotKnown {
        from: Timestamp,
        /// The unit's, in which people are told.
        zone: String,
    },
    /// Applications that wait for review.
    #[error("{} applications wait for review", .0.len())]
    Unreviewed(Vec<ApplicationNumber>),
    /// No category is filled by a draw.
    #[error("nothing is drawn")]
    NothingToDraw,
    /// The draw is done; its result stands.
    #[error("the draw is done")]
    AlreadyDrawn,
    /// There is no seat to confirm or to give back.
    #[error("there is no seat to confirm")]
    NoSeat,
    /// The session has not begun yet, so nothing was said at it.
    #[error("the session has not begun yet")]
    NotBegun,
    /// The minutes are public and stand.
    #[error("the minutes are published")]
    MinutesPublished,
    /// What was listed of a session that is over stands; papers can only be added.
    #[error("the papers stand")]
    PapersStand,
    /// Corrections of the minutes are taken only until the day that they name.
    #[error("corrections of the minutes are not taken any more")]
    CorrectionsClosed,
    /// There is no correction that waits for an answer.
    #[error("no correction waits")]
    NoCorrection,
    /// An opinion is given by who had a seat and is asked, from when the session begins.
    #[error("no opinion can be given now")]
    NoOpinion,
    /// The opinion has its reply, so both stand.
    #[error("the opinion was replied to")]
    OpinionAnswered,
    /// A report comes after the minutes.
    #[error("the minutes are not published yet")]
    NoMinutes,
    /// The poll is public, so its questions stand; it can be corrected.
    #[error("the poll is published")]
    PollPublished,
    /// The poll is not public yet, so there is nothing to correct.
    #[error("the poll is not published")]
    PollNotPublished,
    /// Ballots are taken only in the period.
    #[error("the poll is not open")]
    PollNotOpen,
    /// Ballots are still taken.
    #[error("the poll is still open")]
    PollStillOpen,
    /// The poll has ended or was called off.
    #[error("the poll is over")]
    PollOver,
    /// The ballot answers questions that have been corrected meanwhile.
    #[error("the poll was corrected")]
    PollCorrected,
    /// Codes were made since the form for more was shown.
    #[error("codes were made meanwhile")]
    CodesMadeMeanwhile,
    /// A ballot counts as it was sent.
    #[error("a ballot is final")]
    BallotFinal,
    /// The poll asks for no one-time code.
    #[error("the poll asks for no codes")]
    NoCodes,
    /// Another version than this one was looked at before publishing.
    #[error("the newest version is {0}")]
    NewerVersion(i64),
    /// Announced sessions whose minutes would bring points that the feedback could not answer any more.
    #[error("{} sessions are still to come", .0.len())]
    SessionsToCome(Vec<HearingNumber>),
    /// So many points have no response; the first of them are listed.
    #[error("{total} points have no response")]
    Unanswered { total: i64, listed: Vec<Unanswered> },
}

impl Error {
    /// A single fault in a single field.
    pub fn invalid(field: impl Into<String>, fault: Fault) -> Self {
        Self::Invalid(Violations(vec![Violation {
            field: field.into(),
            fault,
        }]))
    }

    /// Whether the database could not be reached, was lost on the way, or did not answer in time
    /// (SQLSTATE class 08, 57P: starting or stopping; 55P03, 57014: a limit on waiting ran out).
    pub fn is_unreachable(&self) -> bool {
        let Self::Database(error) = self else {
            return matches!(self, Self::Overloaded);
        };
        matches!(
            error,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)
        ) || code(error).is_some_and(|code| {
            code.len() == 5
                && ["08", "57P", "55P03", "57014"]
                    .iter()
                    .any(|class| code.starts_with(class))
        })
    }

    /// Whether it passes by itself, so that the same may be asked again: a database that is away
    /// or full (SQLSTATE class 53), two that waited for each other (40), or a file that another
    /// process holds (5, SQLITE_BUSY).
    pub fn is_passing(&self) -> bool {
        let Self::Database(error) = self else {
            return self.is_unreachable();
        };
        self.is_unreachable()
            || code(error).is_some_and(|code| {
                code == "5"
                    || code.len() == 5 && ["40", "53"].iter().any(|class| code.starts_with(class))
            })
    }

    /// Turns a broken uniqueness rule into a fault of a field. `constraint` is the name in the
    /// PostgreSQL schema; `columns` is how SQLite reports the same rule, `table.column`.
    pub fn on_taken(error: sqlx::Error, constraint: &str, columns: &str, field: &str) -> Self {
        if is_taken(&error, constraint, columns) {
            Self::invalid(field, Fault::Taken)
        } else {
            Self::Database(error)
        }
    }
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// Whether an error is this broken uniqueness rule.
pub(crate) fn is_taken(error: &sqlx::Error, constraint: &str, columns: &str) -> bool {
    error.as_database_error().is_some_and(|e| {
        e.is_unique_violation()
            && (e.constraint() == Some(constraint) || e.message().contains(columns))
    })
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

/// A value in the database that the product never wrote.
pub(crate) fn corrupt(what: &str) -> Error {
    Error::Internal(format!("unreadable value in the database: {what}"))
}
