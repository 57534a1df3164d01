//! A server of its own for each test, with a clock that the test moves, and the people who talk to
//! it over HTTP.

use axum::body::Bytes;
use backend::units::NewUnit;
use backend::{Backend, Keys, staff, units};
use domain::Timestamp;
use domain::staff::Role;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use server::assets::Assets;
use server::config::{Config, Limits};
use server::edge::Clock;
use server::serve::serve;
use server::state::AppState;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testing::Database;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server and everything around it.
pub struct World {
    pub address: SocketAddr,
    pub public_url: String,
    pub backend: Backend,
    pub database_url: String,
    clock: Arc<AtomicI64>,
    tokens: HashMap<&'static str, String>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// The staff of two departments, by what they are called in tests.
const STAFF: [(&str, &str, &[Role]); 5] = [
    ("editor", "transport", &[Role::Editor]),
    ("moderator", "transport", &[Role::Moderator]),
    ("approver", "transport", &[Role::Approver]),
    (
        "stranger",
        "commerce",
        &[Role::Editor, Role::Moderator, Role::Approver],
    ),
    ("administrator", "city", &[Role::Administrator]),
];

pub const PASSWORD: &str = "correct horse battery";
pub const LISTED: &str = "https://transport.example";

impl World {
    pub async fn on(database: &Database) -> Self {
        let clock = Arc::new(AtomicI64::new(at("2026-03-02T01:00:00Z").as_millisecond()));
        let backend = opened(&database.url).await;
        let tokens = staffed(&backend, &Clock::Settable(Arc::clone(&clock))).await;
        Self::serving(backend, database.url.clone(), clock, tokens).await
    }

    /// Another server on the same database, with the same clock and the same people. SQLite has
    /// one serving process; this is for PostgreSQL.
    pub async fn beside(&self) -> Self {
        let backend = opened(&self.database_url).await;
        let (clock, tokens) = (Arc::clone(&self.clock), self.tokens.clone());
        Self::serving(backend, self.database_url.clone(), clock, tokens).await
    }

    async fn serving(
        backend: Backend,
        database_url: String,
        clock: Arc<AtomicI64>,
        tokens: HashMap<&'static str, String>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public_url = format!("http://{address}");
        let config = Config {
            public_url: public_url.clone(),
            trusted_proxies: Vec::new(),
            limits: Limits::On,
            page_cache_mb: 8,
            demo_url: None,
        };
        let names = [
            "site.css",
            "sessions.css",
            "desk.css",
            "boot.js",
            "frame.js",
            "desk_boot.js",
            "embed/v1.js",
        ];
        let files = names.map(|name| (name.to_owned(), Bytes::from_static(b"/* test */")));
        let assets = Assets::of(HashMap::new(), files);
        let settable = Clock::Settable(Arc::clone(&clock));
        let state = AppState::new(backend.clone(), config, settable, assets, None);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(serve(listener, state, async {
            let _gone = stopped.await;
        }));
        Self {
            address,
            public_url,
            backend,
            database_url,
            clock,
            tokens,
            stop,
            running,
        }
    }

    /// Moves the clock.
    pub fn set_clock(&self, instant: &str) {
        self.clock
            .store(at(instant).as_millisecond(), Ordering::Release);
    }

    /// The clock, for what runs beside the server.
    pub fn clock(&self) -> Clock {
        Clock::Settable(Arc::clone(&self.clock))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.clock.load(Ordering::Acquire)).unwrap()
    }

    pub async fn end(self) {
        drop(self.stop);
        self.running.await.unwrap();
        self.backend.close().await;
    }

    /// Anyone, without an account.
    pub fn public(&self) -> Person<'_> {
        Person {
            world: self,
            headers: vec![("accept-language".into(), "en".into())],
        }
    }

    /// One of the staff, with a bearer token.
    pub fn staff(&self, who: &str) -> Person<'_> {
        self.public()
            .with("authorization", &format!("Bearer {}", self.tokens[who]))
    }

    /// A consultation with the sample draft, not public yet.
    pub async fn prepared(&self) -> Draft {
        let editor = self.staff("editor");
        let created = editor
            .post("/api/v1/consultations", facts("transport"))
            .await;
        assert_eq!(created.status, 201, "{created:?}");
        let number = created.json()["number"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/consultations/{number}/drafts");
        let drafted = editor
            .post(&path, json!({"text": DRAFT, "filename": "draft.md"}))
            .await;
        assert_eq!(drafted.status, 201, "{drafted:?}");
        let clauses = drafted.json()["clauses"].as_array().unwrap().clone();
        Draft { number, clauses }
    }

    /// The same, open from now until 10 April.
    pub async fn open(&self) -> Draft {
        let draft = self.prepared().await;
        let path = format!("/api/v1/consultations/{}/publish", draft.number);
        let round = json!({
            "version": 1,
            "opens_at": "2026-03-02T01:00:00Z",
            "closes_at": "2026-04-10T16:00:00Z",
        });
        let published = self.staff("approver").post(&path, round).await;
        assert_eq!(published.status, 200, "{published:?}");
        draft
    }
}

/// After the round of [`World::open`].
pub const CLOSED: &str = "2026-04-10T16:00:00Z";

pub const DRAFT: &str = "# 停车办法\n\n## 第一章 总则\n\n第一条 为了规范停车，制定本办法。\n\n\
    第二条 停车应当付费，收费标准由区人民政府制定。\n\n## 第二章 罚则\n\n第三条 违反本办法的，处五十元罚款。\n";

async fn opened(database_url: &str) -> Backend {
    let keys = Keys::from_secret(&[7; 32]);
    Backend::open(database_url, keys).await.unwrap()
}

async fn staffed(backend: &Backend, clock: &Clock) -> HashMap<&'static str, String> {
    let mut moment = clock.moment();
    for (slug, parent, origins) in [
        ("city", None, vec![]),
        ("transport", Some("city"), vec![LISTED.to_owned()]),
        (
            "commerce",
            Some("city"),
            vec!["https://commerce.example".to_owned()],
        ),
    ] {
        let new = NewUnit {
            slug: slug.into(),
            name: format!("Bureau of {slug}"),
            parent: parent.map(Into::into),
            zone: "Asia/Shanghai".into(),
            lang: String::new(),
            origins,
        };
        units::add(backend, &mut moment, new).await.unwrap();
    }
    let mut tokens = HashMap::new();
    for (who, unit, roles) in STAFF {
        let email = format!("{who}@example.org");
        staff::add_account(backend, &mut moment, unit, &email, roles, PASSWORD)
            .await
            .unwrap();
        tokens.insert(
            who,
            staff::add_token(backend, &mut moment, &email)
                .await
                .unwrap(),
        );
    }
    tokens
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn facts(unit: &str) -> Value {
    json!({
        "unit": unit,
        "title": "停车办法",
        "summary": "停车怎么收费。",
        "explanation": "## 说明\n\n见正文。",
    })
}

/// A consultation's number and the clauses of its first version.
pub struct Draft {
    pub number: String,
    pub clauses: Vec<Value>,
}

impl Draft {
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/consultations/{}{rest}", self.number)
    }

    /// The id of the clause with this label.
    pub fn clause(&self, label: &str) -> String {
        let found = self.clauses.iter().find(|clause| clause["label"] == label);
        let found = found.unwrap_or_else(|| panic!("no {label} in {:?}", self.clauses));
        found["id"].as_str().unwrap().to_owned()
    }
}

/// Someone who talks to the server.
#[derive(Clone)]
pub struct Person<'w> {
    world: &'w World,
    headers: Vec<(String, String)>,
}

impl Person<'_> {
    /// The same person with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(kept, _)| kept != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(
            Method::POST,
            path,
            Some("application/json"),
            body.to_string().into(),
        )
        .await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(
            Method::PUT,
            path,
            Some("application/json"),
            body.to_string().into(),
        )
        .await
    }

    /// A form as a browser without scripts posts it.
    pub async fn submit(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let kind = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, path, kind, body.into()).await
    }

    /// Sends a comment and expects it to be taken.
    pub async fn comments(&self, draft: &Draft, key: &str, comment: Value) -> Value {
        let person = self.clone().with("idempotency-key", key);
        let answer = person.post(&draft.path("/comments"), comment).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Bytes,
    ) -> Answer {
        let stream = TcpStream::connect(self.world.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.world.address.to_string());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request.body(Full::new(body)).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        connection.abort();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// The refusal's code, after checking that it is a whole problem detail.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        for text in ["title", "detail"] {
            assert!(!problem[text].as_str().unwrap().is_empty(), "{problem}");
        }
        let kind = problem["type"].as_str().unwrap();
        kind.strip_prefix("urn:yanlu:problem:").unwrap().to_owned()
    }

    /// The fields that need correction.
    #[track_caller]
    pub fn faults(&self) -> Vec<String> {
        assert_eq!(self.problem(), "invalid", "{self:?}");
        self.json()["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                format!(
                    "{} {}",
                    error["field"].as_str().unwrap(),
                    error["code"].as_str().unwrap()
                )
            })
            .collect()
    }
}

/// A comment with these points, `(clause, text, proposed)`.
pub fn comment(points: &[(Option<&str>, &str, Option<&str>)]) -> Value {
    let points: Vec<Value> = points
        .iter()
        .map(|(clause, text, proposed)| json!({"clause": clause, "text": text, "proposed": proposed}))
        .collect();
    json!({
        "author": {"kind": "individual", "name": "朱小明", "display": "masked"},
        "points": points,
    })
}
