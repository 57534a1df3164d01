//! The security headers of every answer, and where a page may be framed.

use crate::config::Config;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// On whose pages an answer may stand in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Framing<'a> {
    /// Nowhere: everything outside `/embed`.
    Nowhere,
    /// Our own pages and these origins.
    On(&'a [String]),
    /// Anywhere: the page that explains why a widget is not shown.
    Anywhere,
}

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors ";

const REFERRER: HeaderName = header::REFERRER_POLICY;
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Sets what is not set yet.
pub fn secure(headers: &mut HeaderMap, config: &Config, framing: Framing) {
    let mut policy = String::from(POLICY);
    match framing {
        Framing::Nowhere => policy.push_str("'none'"),
        Framing::Anywhere => policy.push('*'),
        Framing::On(origins) => {
            policy.push_str("'self'");
            for origin in origins {
                policy.push(' ');
                policy.push_str(origin);
            }
        }
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER, "strict-origin-when-cross-origin");
    set(
        PERMISSIONS,
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    );
    match framing {
        Framing::Nowhere => {
            set(header::X_FRAME_OPTIONS, "DENY");
            set(OPENER, "same-origin");
            set(RESOURCE, "same-origin");
        }
        // A host page that isolates itself (COEP) takes frames with this header only.
        Framing::On(_) | Framing::Anywhere => set(RESOURCE, "cross-origin"),
    }
    if config.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(policy);
    }
}

/// Gives every answer that has not said where it may be framed the strict default.
pub async fn layer(
    State(state): State<crate::state::AppState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if !response
        .headers()
        .contains_key(header::CONTENT_SECURITY_POLICY)
    {
        secure(response.headers_mut(), &state.config, Framing::Nowhere);
    }
    response
}

/// For pages that show what a receipt opens, and the desk: nothing is stored, and no other site
/// learns the address. (`no-referrer` would also take the `Origin` from our own forms, which tells
/// them from those of other sites: Fetch, "append a request Origin header".)
pub fn secret(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER, HeaderValue::from_static("same-origin"));
    response
}
