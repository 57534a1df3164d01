//! Listens, answers and stops in order: no new connections, running requests finish, the intake
//! writes what it has accepted, the database closes.

use crate::edge::Peer;
use crate::front;
use crate::router::router;
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long the head of a request may take, and an unused connection stay open.
const HEAD: Duration = Duration::from_secs(20);
/// How long running requests may take to finish once the server is asked to stop.
const FINISH: Duration = Duration::from_secs(20);

/// Serves the site until `stop` resolves, then finishes what runs.
pub async fn serve(listener: TcpListener, state: AppState, stop: impl Future<Output = ()>) {
    let router = router(state.clone());
    accept(listener, stop, move |request| {
        let (state, router) = (state.clone(), router.clone());
        async move { front::answer(state, router, request).await }
    })
    .await;
}

/// Serves a router of its own, such as the demonstration's department site.
pub async fn serve_router(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    use tower::ServiceExt;
    accept(listener, stop, move |request| {
        let router = router.clone();
        async move {
            router
                .oneshot(request)
                .await
                .unwrap_or_else(|never: Infallible| match never {})
        }
    })
    .await;
}

async fn accept<F, A>(listener: TcpListener, stop: impl Future<Output = ()>, answer: F)
where
    F: Fn(Request<Body>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = axum::response::Response> + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD)
        .max_concurrent_streams(100);
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    refused(&error).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone at once");
            continue;
        }
        let answer = answer.clone();
        let asked = Arc::new(Notify::new());
        let first_asked = Arc::clone(&asked);
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(address));
            asked.notify_one();
            let answer = answer(request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), service)
            .into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                // A client that goes away or sends nonsense is its own affair.
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(error, "a connection ended early");
                },
                () = silent(&first_asked) => tracing::debug!("a connection asked nothing"),
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FINISH, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Resolves if no request has come by the time its head may take. (The limit of the protocol's own
/// reader begins only once it knows which protocol is spoken.)
async fn silent(asked: &Notify) {
    if tokio::time::timeout(HEAD, asked.notified()).await.is_ok() {
        std::future::pending().await
    }
}

/// Too many open files, most likely: waiting lets some close.
async fn refused(error: &io::Error) {
    if !matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    ) {
        tracing::warn!(%error, "cannot accept a connection");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Resolves when the operator or the system asks to stop.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::warn!("signals cannot be watched; only SIGKILL will stop the server");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
}
