//! All routes, and the layers around them.

use crate::problem::Refusal;
use crate::state::AppState;
use crate::{api, cors, desk, feeds, front, headers, health, refuse, site};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use domain::limits;
use http::StatusCode;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use tower_http::trace::TraceLayer;

/// A client that sends nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(15);
/// A request that is not answered by then is given up, however slowly its body arrives.
const WHOLE_REQUEST: Duration = Duration::from_secs(60);

/// Everything that the server answers. Layers are listed from the inside out.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(site::routes())
        .merge(desk::routes())
        .merge(api::router(&state))
        .merge(feeds::router(&state))
        .merge(health::routes())
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(from_fn(front::refuse_marked))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            WHOLE_REQUEST,
        ))
        .layer(CatchPanicLayer::custom(refuse::panicked))
        .layer(from_fn_with_state(state.clone(), cors::layer))
        .layer(from_fn_with_state(state.clone(), refuse::render))
        .layer(from_fn_with_state(state.clone(), headers::layer))
        // The route's pattern, never the path: a receipt in a log would open a comment.
        .layer(
            TraceLayer::new_for_http().make_span_with(|request: &Request| {
                let route = request
                    .extensions()
                    .get::<MatchedPath>()
                    .map_or("-", MatchedPath::as_str);
                tracing::info_span!("request", method = %request.method(), route)
            }),
        )
        .with_state(state)
}
