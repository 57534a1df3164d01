//! Clients that are too large, too slow or broken, byte by byte on the connection. None of them
//! depends on the database, so they run on one.

use crate::world::{Draft, World};
use domain::limits;
use serde_json::Value;
use std::time::Duration;
use testing::{Database, in_time};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const UPLOAD: usize = 50 * 1024 * 1024;

/// A connection on which anything can be said.
struct Wire {
    stream: TcpStream,
    heard: Vec<u8>,
}

/// The head of an answer, and its body by its length.
#[derive(Debug)]
struct Heard {
    head: String,
    body: Vec<u8>,
}

impl Wire {
    async fn to(world: &World) -> Self {
        let stream = TcpStream::connect(world.address).await.unwrap();
        Self {
            stream,
            heard: Vec::new(),
        }
    }

    async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        in_time(self.stream.write_all(bytes.as_ref()))
            .await
            .unwrap();
    }

    /// One answer.
    async fn hear(&mut self) -> Heard {
        loop {
            if let Some(heard) = self.whole_answer() {
                return heard;
            }
            let more = in_time(self.stream.read_buf(&mut self.heard))
                .await
                .unwrap();
            let so_far = String::from_utf8_lossy(&self.heard);
            assert!(more > 0, "the connection closed after {so_far:?}");
        }
    }

    fn whole_answer(&mut self) -> Option<Heard> {
        let text = String::from_utf8_lossy(&self.heard).into_owned();
        let end = text.find("\r\n\r\n")?;
        let head = text[..end].to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).map_or(0, |rest| {
            rest.split("\r\n").next().unwrap().parse().unwrap()
        });
        let begin = end + 4;
        let body = self.heard.get(begin..begin + length)?.to_vec();
        self.heard.drain(..begin + length);
        Some(Heard { head, body })
    }

    /// Waits until the server closes, and gives what it said before.
    async fn end(mut self) -> String {
        loop {
            match in_time(self.stream.read_buf(&mut self.heard)).await {
                Ok(0) | Err(_) => return String::from_utf8_lossy(&self.heard).into_owned(),
                Ok(_) => {}
            }
        }
    }
}

impl Heard {
    #[track_caller]
    fn refused(&self, status: u16, code: &str) {
        let begins = format!("http/1.1 {status}");
        assert!(self.head.starts_with(&begins), "{self:?}");
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["type"], format!("urn:yanlu:problem:{code}"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
}

/// A world on SQLite with an open round.
async fn with_world(test: impl AsyncFnOnce(&World, &Draft)) {
    let database = Database::sqlite();
    let world = in_time(World::on(&database)).await;
    let draft = in_time(world.open()).await;
    in_time(test(&world, &draft)).await;
    in_time(world.end()).await;
    database.remove().await;
}

fn head(method: &str, path: &str, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept-language: en\r\nidempotency-key: k\r\n{more}\r\n"
    )
}

/// The server answers as ever, and kept nothing.
async fn is_well(world: &World, draft: &Draft) {
    let seen = world.public().get(&draft.path("")).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.json()["counts"]["comments"]["received"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announced_upload_of_50_megabytes_is_refused_before_it_is_sent() {
    with_world(async |world, draft| {
        let comments = draft.path("/comments");
        let chunk = vec![b'x'; 65_536];
        for path in [comments.as_str(), "/api/v1/nothing", "/c/2026-0001/comment"] {
            let mut wire = Wire::to(world).await;
            let length = format!("content-length: {UPLOAD}\r\n");
            wire.say(head("POST", path, &length)).await;
            let heard = wire.hear().await;
            assert!(heard.head.starts_with("http/1.1 413"), "{path} {heard:?}");
            // Who sends it all the same is listened to, so that the answer is not lost.
            for _ in 0..UPLOAD / 65_536 {
                wire.say(&chunk).await;
            }
            wire.say(head("GET", "/livez", "")).await;
            let alive = wire.hear().await;
            assert!(alive.head.starts_with("http/1.1 200"), "{alive:?}");
        }
        let mut wire = Wire::to(world).await;
        let length = format!("content-length: {UPLOAD}\r\nexpect: 100-continue\r\n");
        wire.say(head("POST", &comments, &length)).await;
        wire.hear().await.refused(413, "too_large");
        is_well(world, draft).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_streamed_upload_is_refused_as_soon_as_it_is_too_large() {
    with_world(async |world, draft| {
        let mut wire = Wire::to(world).await;
        let streamed = "transfer-encoding: chunked\r\n";
        wire.say(head("POST", &draft.path("/comments"), streamed))
            .await;
        let chunk = ["10000\r\n", &" ".repeat(65_536), "\r\n"].concat();
        let too_many = limits::BODY_BYTES / 65_536 + 1;
        for _ in 0..too_many {
            wire.say(&chunk).await;
        }
        wire.hear().await.refused(413, "too_large");
        for _ in too_many..UPLOAD / 65_536 {
            wire.say(&chunk).await;
        }
        wire.say("0\r\n\r\n").await;
        wire.say(head("GET", "/livez", "")).await;
        let alive = wire.hear().await;
        assert!(alive.head.starts_with("http/1.1 200"), "{alive:?}");
        is_well(world, draft).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_heard_though_its_body_is_still_being_sent() {
    with_world(async |world, draft| {
        // Nobody is signed in, so that nothing is read; the body is within every limit.
        let mut wire = Wire::to(world).await;
        let body = vec![b'x'; limits::DRAFT_BYTES];
        let length = format!("content-length: {}\r\n", body.len());
        wire.say(head("POST", &draft.path("/drafts"), &length))
            .await;
        wire.say(&body[..100]).await;
        wire.hear().await.refused(401, "sign_in");
        wire.say(&body[100..]).await;
        wire.say(head("GET", "/livez", "")).await;
        assert!(wire.hear().await.head.starts_with("http/1.1 200"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_is_given_up_while_others_are_served() {
    with_world(async |world, draft| {
        let path = draft.path("/comments");
        let silent = async { Wire::to(world).await.end().await };
        let undecided = async {
            let mut wire = Wire::to(world).await;
            wire.say("PRI * HT").await;
            wire.end().await
        };
        let trickling_head = async {
            let mut wire = Wire::to(world).await;
            wire.say("GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
            trickle(wire).await
        };
        let silent_body = async {
            let mut wire = Wire::to(world).await;
            wire.say(head("POST", &path, "content-length: 100\r\n"))
                .await;
            wire.say("{\"author\"").await;
            wire.hear().await.refused(408, "timeout");
        };
        let idle = async {
            let mut wire = Wire::to(world).await;
            wire.say(head("GET", "/livez", "")).await;
            assert!(wire.hear().await.head.starts_with("http/1.1 200"));
            wire.end().await
        };
        let (silent, undecided, trickling, (), idle) =
            tokio::join!(silent, undecided, trickling_head, silent_body, idle);
        assert_eq!([silent, undecided, idle], ["", "", ""], "nothing to say");
        assert!(!trickling.contains(" 200 "), "{trickling}");
        is_well(world, draft).await;
    })
    .await;
}

/// Says one more byte whenever a second has passed without an answer, until the server closes.
async fn trickle(mut wire: Wire) -> String {
    loop {
        let heard = timeout(
            Duration::from_secs(1),
            wire.stream.read_buf(&mut wire.heard),
        )
        .await;
        match heard {
            Err(_) => {
                if wire.stream.write_all(b"x").await.is_err() {
                    return wire.end().await;
                }
            }
            Ok(Ok(0) | Err(_)) => return wire.end().await,
            Ok(Ok(_)) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_http_is_refused_and_harms_nobody() {
    with_world(async |world, draft| {
        let nonsense: [&[u8]; 10] = [
            b"GET /c/\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
            b"GET /c/\0 HTTP/1.1\r\nhost: x\r\n\r\n",
            b"GET /c/2026-0001?q=\xe4\xb8 HTTP/1.1\r\nhost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: x\r\nx-\xff: 1\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n",
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
            b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a greeting in TLS\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
        ];
        for bytes in nonsense {
            let mut wire = Wire::to(world).await;
            wire.say(bytes).await;
            wire.stream.shutdown().await.unwrap();
            let said = wire.end().await;
            let text = String::from_utf8_lossy(bytes).into_owned();
            let status = said.split(' ').nth(1).unwrap_or("400");
            assert!(status.starts_with('4'), "{text:?} {said}");
        }
        // Headers may be in any bytes that HTTP allows.
        for header in [
            "accept-language",
            "user-agent",
            "referer",
            "cookie",
            "origin",
            "x-forwarded-for",
            "if-none-match",
        ] {
            let mut wire = Wire::to(world).await;
            wire.say(format!(
                "GET /c/{} HTTP/1.1\r\nhost: x\r\n{header}: ",
                draft.number
            ))
            .await;
            wire.say(b"\xff\xfe,;=\"\r\n\r\n").await;
            let heard = wire.hear().await;
            assert!(heard.head.starts_with("http/1.1 200"), "{header} {heard:?}");
        }
        let mut wire = Wire::to(world).await;
        let long = format!("x-long: {}\r\n", "x".repeat(1024 * 1024));
        wire.say(head("GET", "/", &long)).await;
        let said = wire.end().await;
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 431"),
            "{said}"
        );
        is_well(world, draft).await;
    })
    .await;
}
