//! The layer that gives refusals their body, and turns a panic into one.
//!
//! It stands outside all routes, so that an unknown path, a wrong method and what axum itself
//! refuses read like everything else.

use crate::desk;
use crate::edge;
use crate::problem::Refusal;
use crate::site;
use crate::state::AppState;
use app::i18n::{Lang, T};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};
use std::any::Any;
use std::sync::Arc;

/// Renders refusals in the language of the request.
pub async fn render(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let lang = edge::lang(&uri, request.headers());
    let method = request.method().clone();
    let mut response = next.run(request).await;
    let refusal = response.extensions_mut().remove::<Arc<Refusal>>();
    let refusal = match refusal {
        Some(refusal) => refusal,
        // An answer that only a layer gave: it has a status and at most a line of plain text.
        None if is_bare(&response) => Arc::new(Refusal::of_status(response.status())),
        None => return response,
    };
    if uri.path().starts_with("/desk") && matches!(*refusal, Refusal::SignIn) {
        return to_login(&uri, &method);
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let (kind, body) = if is_api(uri.path()) {
        ("application/problem+json", problem_json(&refusal, lang))
    } else if uri.path().starts_with("/desk") {
        (
            "text/html; charset=utf-8",
            desk::error_page(&state, &uri, lang, &refusal),
        )
    } else {
        (
            "text/html; charset=utf-8",
            site::error_page(&state, &uri, lang, &refusal, &mut parts.headers),
        )
    };
    parts
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    parts.headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.tag()),
    );
    parts
        .headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(body))
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/api"
}

fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && plain
}

fn problem_json(refusal: &Refusal, lang: Lang) -> String {
    serde_json::to_string(&refusal.problem(T(lang)))
        .expect("a problem has string keys and no maps, which always serialises")
}

/// The desk asks to sign in, and comes back to a page that was only read.
fn to_login(uri: &Uri, method: &http::Method) -> Response {
    let mut target = String::from("/desk/login");
    if method == http::Method::GET
        && let Some(wanted) = uri.path_and_query()
    {
        let next: String = form_urlencoded::byte_serialize(wanted.as_str().as_bytes()).collect();
        target.push_str("?next=");
        target.push_str(&next);
    }
    let location =
        HeaderValue::from_str(&target).unwrap_or_else(|_| HeaderValue::from_static("/desk/login"));
    (
        http::StatusCode::SEE_OTHER,
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
    )
        .into_response()
}

/// Notes a panic and answers like any other failure of ours.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into());
    tracing::error!(cause, "a handler panicked");
    Refusal::Internal.into_response()
}
