//! How long an answer of the API may be kept. What everyone reads carries an ETag and may be kept
//! by anyone who asks again before using it; what one person reads is kept by nobody.

use crate::assets::is_known;
use crate::edge::session_token;
use crate::problem::Refusal;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

/// Marks every successful reading that has not said itself how it may be kept.
pub async fn layer(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let is_reading = request.method() == Method::GET;
    let asked = request.headers().clone();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(header::CACHE_CONTROL) {
        return Ok(response);
    }
    if !is_reading || is_personal(&state, &asked) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(response);
    }
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    validated(response, &asked).await
}

/// An answer that does not change while it bears this tag, made only for who has it not yet. `public` is
/// whether everyone gets the same.
pub fn unchanging(
    public: bool,
    etag: &str,
    asked: &HeaderMap,
    answer: impl FnOnce() -> Response,
) -> Result<Response, Refusal> {
    let known = public && is_known(asked, etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer()
    };
    let headers = response.headers_mut();
    if public {
        let etag = HeaderValue::try_from(etag).map_err(|_| Refusal::Internal)?;
        headers.insert(header::ETAG, etag);
    }
    keep(headers, public);
    Ok(response)
}

/// Says how an answer may be kept. `public` is whether everyone gets the same.
pub fn keep(headers: &mut HeaderMap, public: bool) {
    let how = if public {
        "public, no-cache"
    } else {
        "no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(how));
    if public {
        let vary = HeaderValue::from_static("authorization, cookie, origin");
        headers.append(header::VARY, vary);
    }
}

/// Whether the answer may differ from what everyone gets.
fn is_personal(state: &AppState, asked: &HeaderMap) -> bool {
    asked.contains_key(header::AUTHORIZATION)
        || session_token(asked, state.config.session_cookie()).is_some()
}

/// The answer with its ETag; without a body if the caller has it already.
async fn validated(response: Response, asked: &HeaderMap) -> Result<Response, Refusal> {
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| {
        tracing::error!(%error, "an answer broke off");
        Refusal::Internal
    })?;
    let body = body.to_bytes();
    let digest: String = Sha256::digest(&body)[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{digest}\"");
    let known = is_known(asked, &etag);
    let etag = HeaderValue::try_from(etag).expect("hexadecimal digits make a header");
    parts.headers.insert(header::ETAG, etag);
    keep(&mut parts.headers, true);
    if known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
