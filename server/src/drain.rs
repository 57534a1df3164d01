//! Bodies that nobody reads to the end: too large, refused before they were looked at, or sent to
//! an address that takes none. The refusal goes out at once; what the client is still sending is
//! read and thrown away beside it, so that it hears the refusal instead of finding the connection
//! closed.

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{Request, header};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// How much is thrown away, and for how long; then the connection closes.
const BYTES: usize = 128 * 1024 * 1024;
const TIME: Duration = Duration::from_secs(60);

/// The request with a body that is drained where a handler leaves it.
pub fn drained(request: Request<Body>) -> Request<Body> {
    // Who asks before sending and is refused does not send.
    let asks_first = request.headers().contains_key(header::EXPECT);
    if asks_first || request.body().is_end_stream() {
        return request;
    }
    request.map(|body| Body::new(Drained { body: Some(body) }))
}

struct Drained {
    /// `None` once it has ended.
    body: Option<Body>,
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !body.is_end_stream());
        if let (Some(rest), Ok(runtime)) = (rest, tokio::runtime::Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(TIME, drain(rest)));
        }
    }
}

async fn drain(mut body: Body) {
    let mut seen = 0;
    while let Some(Ok(frame)) = body.frame().await {
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > BYTES {
            return;
        }
    }
}
