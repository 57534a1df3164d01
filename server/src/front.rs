//! What stands before the routes: the shortest way from a request for a public page to an answer
//! from memory, and the refusal of bodies that are too large before anything looks at them.

use crate::drain::drained;
use crate::problem::Refusal;
use crate::site::{self, Reading};
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use domain::limits;
use http::{Method, Request, header};
use std::convert::Infallible;
use std::time::Instant;
use tower::ServiceExt;

/// No route takes a body larger than this, a draft as JSON or in the desk's form, but for a paper that
/// staff attach.
const LARGEST_BODY: u64 = if limits::DRAFT_JSON_BYTES > limits::DRAFT_FORM_BYTES {
    limits::DRAFT_JSON_BYTES as u64
} else {
    limits::DRAFT_FORM_BYTES as u64
};

/// Answers a request.
pub async fn answer(state: AppState, router: Router, request: Request<Body>) -> Response {
    let began = Instant::now();
    let read_only = matches!(*request.method(), Method::GET | Method::HEAD);
    if read_only
        && let Some(reading) = Reading::of(request.uri(), request.headers())
        && let Some(response) = site::from_memory(&state, &reading, request.headers()).await
    {
        count("page", response.status().as_u16(), began);
        return response;
    }
    let mut request = drained(request);
    if announces_too_much(&request)
        && let Some(limit) = limit_of(request.uri().path())
    {
        request.extensions_mut().insert(TooLarge(limit));
    }
    let kind = kind(request.uri().path());
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => {
            let never: Infallible = never;
            match never {}
        }
    };
    count(kind, response.status().as_u16(), began);
    response
}

fn announces_too_much(request: &Request<Body>) -> bool {
    request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
        .is_some_and(|length| length > LARGEST_BODY)
}

/// How many bytes the route takes, for the refusal. `None` for the desk's forms for drafts and papers,
/// which refuse by themselves, at the field with the file.
fn limit_of(path: &str) -> Option<usize> {
    let draft = path.ends_with("/draft") || path.ends_with("/drafts");
    match (draft, kind(path)) {
        (true, "desk") => None,
        (false, "desk") if path.ends_with("/papers/attach") => None,
        (true, "api") => Some(limits::DRAFT_BYTES),
        _ => Some(limits::BODY_BYTES),
    }
}

/// Marks a request whose body was larger than any route takes, with what its route takes.
#[derive(Clone, Copy, Debug)]
struct TooLarge(usize);

/// Refuses what was marked, inside the layers that give a refusal its words.
pub async fn refuse_marked(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Result<Response, Refusal> {
    if let Some(TooLarge(limit)) = request.extensions().get() {
        return Err(Refusal::TooLarge(*limit));
    }
    Ok(next.run(request).await)
}

fn kind(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("api") => "api",
        Some("desk") => "desk",
        Some("assets") => "asset",
        Some("livez" | "readyz" | "metrics") => "health",
        _ => "page",
    }
}

fn count(kind: &'static str, status: u16, began: Instant) {
    let class = match status {
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    metrics::counter!("yanlu_requests_total", "kind" => kind, "status" => class).increment(1);
    metrics::histogram!("yanlu_request_seconds", "kind" => kind)
        .record(began.elapsed().as_secs_f64());
}
