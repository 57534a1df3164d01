//! `/livez`, `/readyz` and `/metrics`, for whoever watches over the server.

use crate::problem::Refusal;
use crate::state::AppState;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header;
use metrics_exporter_prometheus::PrometheusHandle;
use std::time::Duration;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// Ready means: the database answers.
async fn ready(State(state): State<AppState>) -> Result<&'static str, Refusal> {
    state.backend.ready().await.map_err(|error| {
        tracing::warn!(%error, "not ready");
        Refusal::Overloaded
    })?;
    Ok("ready\n")
}

/// Every duration is kept one by one until it is summed up, also where nobody asks for `/metrics`.
const UPKEEP: Duration = Duration::from_secs(5);

/// Sums up what was measured, for as long as the server runs.
pub async fn keep_small(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

/// Counts and durations in the Prometheus text format; no addresses, numbers or names.
async fn metrics(State(state): State<AppState>) -> Result<impl IntoResponse, Refusal> {
    let metrics = state.metrics.as_ref().ok_or(Refusal::NotFound)?;
    metrics.run_upkeep();
    Ok((
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        metrics.render(),
    ))
}
