//! Which calls a script on a department's page may make to us: reading a public consultation with
//! its sessions and polls, sending a comment, an application or a ballot to it, and opening a
//! receipt; from the unit's listed origins only, and never with cookies.

use crate::edge;
use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use backend::{consultations, units};
use domain::consultations::Number;
use domain::hearings::HearingNumber;
use domain::polls::PollNumber;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// What a path is about, as far as other origins are concerned.
enum Open {
    /// A consultation: its unit's origins. May it be written to?
    Consultation(Number, bool),
    /// A receipt: it does not say which unit, so any listed origin.
    Receipt,
}

fn open(path: &str) -> Option<Open> {
    let rest = path.strip_prefix("/api/v1/")?;
    let mut parts = rest.split('/');
    match parts.next()? {
        "consultations" => {
            let number = parts.next()?.parse().ok()?;
            let writable = parts.next() == Some("comments") && parts.next().is_none();
            Some(Open::Consultation(number, writable))
        }
        "hearings" => {
            let number: HearingNumber = parts.next()?.parse().ok()?;
            let writable = parts.next() == Some("applications") && parts.next().is_none();
            Some(Open::Consultation(number.consultation, writable))
        }
        "polls" => {
            let number: PollNumber = parts.next()?.parse().ok()?;
            let writable = parts.next() == Some("ballots") && parts.next().is_none();
            Some(Open::Consultation(number.consultation, writable))
        }
        "receipts" => Some(Open::Receipt),
        _ => None,
    }
}

/// Whether an origin may call.
async fn is_listed(state: &AppState, open: &Open, origin: &str) -> Result<bool, Refusal> {
    let all = units::all_origins(&state.backend).await?;
    match open {
        Open::Receipt => Ok(all
            .iter()
            .any(|(_, origins)| origins.iter().any(|listed| listed == origin))),
        Open::Consultation(number, _) => {
            // What is not public looks like what is not there.
            let Some(slug) = consultations::public_unit_of(&state.backend, *number).await? else {
                return Ok(false);
            };
            Ok(all.iter().any(|(listed_slug, origins)| {
                *listed_slug == slug && origins.iter().any(|listed| listed == origin)
            }))
        }
    }
}

/// Answers preflights and lets listed origins read the answers.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let origin = edge::text_header(request.headers(), &header::ORIGIN).to_owned();
    let open = open(request.uri().path());
    let (Some(open), false) = (open, origin.is_empty() || origin == state.config.public_url) else {
        return next.run(request).await;
    };
    // A browser asks before it sends a method or header that no plain form could.
    let preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let listed = match is_listed(&state, &open, &origin).await {
        Ok(listed) => listed,
        Err(refusal) => return refusal.into_response(),
    };
    let mut response = if preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if listed {
        allow(headers, &origin);
        if preflight {
            let methods = match open {
                Open::Receipt => "GET, PUT, POST, DELETE",
                Open::Consultation(_, true) => "GET, POST",
                Open::Consultation(_, false) => "GET",
            };
            let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
            set(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            set(
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "content-type, idempotency-key",
            );
            set(header::ACCESS_CONTROL_MAX_AGE, "600");
        }
    }
    response
}

/// Lets this origin read the answer. Never with credentials.
pub fn allow(headers: &mut HeaderMap, origin: &str) {
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag, retry-after"),
        );
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
    }
}
