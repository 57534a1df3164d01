//! Every refusal, for people and programs: one enum, a sentence per variant, rendered as problem
//! details (RFC 9457) under `/api` and as a page elsewhere, in the caller's language.
//!
//! A handler returns `Result<_, Refusal>`; the language is only known to the layer in
//! [`crate::refuse`], which renders what [`Refusal::into_response`] leaves in the extensions.

mod words;

pub use words::fault_text;

use app::i18n::{T, size};
use axum::response::{IntoResponse, Response};
use backend::Conflict;
use domain::feedback::Unanswered;
use domain::problem::{Fault, Violation, Violations};
use domain::receipts::ReceiptError;
use domain::staff::Role;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use words::{conflict_text, number};

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("not found")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is not what its content type says.
    #[error("malformed body: {0}")]
    Malformed(String),
    #[error("not UTF-8")]
    NotUtf8,
    /// The parameter of the query with this name cannot be read.
    #[error("query: {0}")]
    Query(String),
    /// The body has another content type than the expected one.
    #[error("expected {0}")]
    MediaType(&'static str),
    /// The body is larger than so many bytes.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    #[error("the request did not arrive in time")]
    Timeout,
    #[error("invalid fields")]
    Invalid(Violations),
    #[error("no usable idempotency key")]
    IdempotencyKey,
    #[error("receipt code: {0}")]
    Receipt(ReceiptError),
    /// Nobody is signed in.
    #[error("sign-in needed")]
    SignIn,
    /// A write by cookie from another site's page.
    #[error("wrong origin")]
    Origin,
    #[error("the role {0} is needed")]
    Forbidden(Role),
    /// A widget on a site that the unit has not listed.
    #[error("{0} is not listed")]
    Host(String),
    #[error("{0}")]
    Conflict(Conflict),
    #[error("too many requests")]
    TooMany { retry_after_s: u64 },
    #[error("overloaded")]
    Overloaded,
    /// Logged where it arose; nothing of it is shown.
    #[error("internal error")]
    Internal,
}

impl From<backend::Error> for Refusal {
    fn from(error: backend::Error) -> Self {
        use backend::Error;
        match error {
            Error::NotFound => Self::NotFound,
            Error::Forbidden(forbidden) => Self::Forbidden(forbidden.needed),
            Error::Invalid(violations) => Self::Invalid(violations),
            Error::Conflict(conflict) => Self::Conflict(conflict),
            Error::TooManyAttempts { retry_after_s } => Self::TooMany { retry_after_s },
            Error::Overloaded => Self::Overloaded,
            error if error.is_passing() => {
                tracing::error!(%error, "the database did not answer");
                Self::Overloaded
            }
            error @ (Error::Database(_) | Error::Internal(_)) => {
                tracing::error!(%error, "a use case failed");
                Self::Internal
            }
        }
    }
}

impl From<domain::staff::Forbidden> for Refusal {
    fn from(forbidden: domain::staff::Forbidden) -> Self {
        Self::Forbidden(forbidden.needed)
    }
}

impl From<Violations> for Refusal {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl Refusal {
    /// A single fault in a single field.
    pub fn field(field: impl Into<String>, fault: Fault) -> Self {
        Self::Invalid(Violations(vec![Violation {
            field: field.into(),
            fault,
        }]))
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Receipt(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed(_) | Self::NotUtf8 | Self::Query(_) | Self::IdempotencyKey => {
                StatusCode::BAD_REQUEST
            }
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Origin | Self::Forbidden(_) | Self::Host(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code behind `type`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Malformed(_) => "malformed",
            Self::NotUtf8 => "not_utf8",
            Self::Query(_) => "query",
            Self::MediaType(_) => "media_type",
            Self::TooLarge(_) => "too_large",
            Self::Timeout => "timeout",
            Self::Invalid(_) => "invalid",
            Self::IdempotencyKey => "idempotency_key",
            Self::Receipt(ReceiptError::Malformed) => "receipt_malformed",
            Self::Receipt(ReceiptError::Mistyped) => "receipt_mistyped",
            Self::SignIn => "sign_in",
            Self::Origin => "origin",
            Self::Forbidden(_) => "forbidden",
            Self::Host(_) => "host",
            Self::TooMany { .. } => "too_many",
            Self::Overloaded => "overloaded",
            Self::Internal => "internal",
            Self::Conflict(conflict) => match conflict {
                Conflict::RoundNotOpen => "round_not_open",
                Conflict::RoundStillOpen => "round_still_open",
                Conflict::NoRound => "no_round",
                Conflict::VersionPublished => "version_published",
                Conflict::AlreadyWithdrawn => "already_withdrawn",
                Conflict::AlreadyAnswered => "already_answered",
                Conflict::ChangedSince => "changed_since",
                Conflict::ConsultationWithdrawn => "consultation_withdrawn",
                Conflict::NotEditable => "not_editable",
                Conflict::EditedTooOften => "edited_too_often",
                Conflict::ConsultationPublic => "consultation_public",
                Conflict::HearingOver => "hearing_over",
                Conflict::HearingPublished => "hearing_published",
                Conflict::NotApplying => "not_applying",
                Conflict::StillApplying => "still_applying",
                Conflict::HearingFull => "hearing_full",
                Conflict::ListFrozen => "list_frozen",
                Conflict::NotFrozen => "not_frozen",
                Conflict::SeedNotKnown { .. } => "seed_not_known",
                Conflict::NothingToDraw => "nothing_to_draw",
                Conflict::AlreadyDrawn => "already_drawn",
                Conflict::NoSeat => "no_seat",
                Conflict::NotBegun => "not_begun",
                Conflict::MinutesPublished => "minutes_published",
                Conflict::PapersStand => "papers_stand",
                Conflict::CorrectionsClosed => "corrections_closed",
                Conflict::NoMinutes => "no_minutes",
                Conflict::NoCorrection => "no_correction",
                Conflict::NoOpinion => "no_opinion",
                Conflict::OpinionAnswered => "opinion_answered",
                Conflict::PollPublished => "poll_published",
                Conflict::PollNotPublished => "poll_not_published",
                Conflict::PollNotOpen => "poll_not_open",
                Conflict::PollStillOpen => "poll_still_open",
                Conflict::PollOver => "poll_over",
                Conflict::PollCorrected => "poll_corrected",
                Conflict::CodesMadeMeanwhile => "codes_made_meanwhile",
                Conflict::BallotFinal => "ballot_final",
                Conflict::NoCodes => "no_codes",
                Conflict::Unreviewed(_) => "unreviewed",
                Conflict::KeyReused => "key_reused",
                Conflict::NewerVersion(_) => "newer_version",
                Conflict::SessionsToCome(_) => "sessions_to_come",
                Conflict::Unanswered { .. } => "unanswered",
            },
        }
    }

    /// What happened, and what to do about it.
    pub fn title_and_detail(&self, t: T) -> (String, String) {
        let (title, detail): (&str, String) = match self {
            Self::NotFound => (t.problem_not_found_title(), t.problem_not_found().into()),
            Self::MethodNotAllowed => (
                t.problem_method_not_allowed_title(),
                t.problem_method_not_allowed().into(),
            ),
            Self::Malformed(reason) => (t.problem_malformed_title(), t.problem_malformed(reason)),
            Self::NotUtf8 => (t.problem_not_utf8_title(), t.problem_not_utf8().into()),
            Self::Query(name) => (t.problem_query_title(), t.problem_query(name)),
            Self::MediaType(expected) => {
                (t.problem_media_type_title(), t.problem_media_type(expected))
            }
            Self::TooLarge(limit) => (
                t.problem_too_large_title(),
                t.problem_too_large(size(*limit)),
            ),
            Self::Timeout => (t.problem_timeout_title(), t.problem_timeout().into()),
            Self::Invalid(violations) => (
                t.problem_invalid_title(),
                t.problem_invalid(number(violations.0.len())),
            ),
            Self::IdempotencyKey => (
                t.problem_idempotency_key_title(),
                t.problem_idempotency_key().into(),
            ),
            Self::Receipt(ReceiptError::Malformed) => (
                t.problem_receipt_malformed_title(),
                t.problem_receipt_malformed().into(),
            ),
            Self::Receipt(ReceiptError::Mistyped) => (
                t.problem_receipt_mistyped_title(),
                t.problem_receipt_mistyped().into(),
            ),
            Self::SignIn => (t.problem_sign_in_title(), t.problem_sign_in().into()),
            Self::Origin => (t.problem_origin_title(), t.problem_origin().into()),
            Self::Forbidden(role) => (
                t.problem_forbidden_title(),
                t.problem_forbidden(t.role(*role)),
            ),
            Self::Host(host) => (t.problem_host_title(), t.problem_host(host)),
            Self::TooMany { retry_after_s } => (
                t.problem_too_many_title(),
                t.problem_too_many(i64::try_from(*retry_after_s).unwrap_or(i64::MAX)),
            ),
            Self::Overloaded => (t.problem_overloaded_title(), t.problem_overloaded().into()),
            Self::Internal => (t.problem_internal_title(), t.problem_internal().into()),
            Self::Conflict(conflict) => conflict_text(t, conflict),
        };
        (title.to_owned(), detail)
    }

    /// As a problem detail in this language.
    pub fn problem(&self, t: T) -> Problem {
        let (title, detail) = self.title_and_detail(t);
        let errors = match self {
            Self::Invalid(violations) => violations
                .0
                .iter()
                .map(|violation| FieldError {
                    field: violation.field.clone(),
                    code: violation.fault.code().into(),
                    message: fault_text(t, &violation.fault),
                })
                .collect(),
            _ => Vec::new(),
        };
        let unanswered = match self {
            Self::Conflict(Conflict::Unanswered { listed, .. }) => listed.clone(),
            _ => Vec::new(),
        };
        Problem {
            kind: format!("urn:yanlu:problem:{}", self.code()),
            title,
            status: self.status().as_u16(),
            detail,
            errors,
            unanswered,
        }
    }

    /// The refusal that fits a bare answer which some layer gave by status alone.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge(domain::limits::BODY_BYTES),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::MediaType("application/json"),
            StatusCode::REQUEST_TIMEOUT => Self::Timeout,
            StatusCode::UNAUTHORIZED => Self::SignIn,
            StatusCode::SERVICE_UNAVAILABLE => Self::Overloaded,
            status if status.is_client_error() => Self::Malformed(status.to_string()),
            _ => Self::Internal,
        }
    }
}

impl IntoResponse for Refusal {
    /// Status and headers only: [`crate::refuse`] adds the body.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        match &self {
            Self::TooMany { retry_after_s } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
            }
            Self::Overloaded => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
            }
            Self::SignIn => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Bearer realm=\"yanlu\""),
                );
            }
            _ => {}
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Problem details (RFC 9457), in the caller's language.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// `urn:yanlu:problem:` and a code that never changes its meaning.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What to do, in a sentence or two.
    pub detail: String,
    /// The fields that need correction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The first points that still need a response (`urn:yanlu:problem:unanswered`); `detail` says
    /// how many there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<Unanswered>,
}

/// One thing wrong with one field.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// As in the JSON body: `points.2.text`.
    pub field: String,
    pub code: String,
    pub message: String,
}
