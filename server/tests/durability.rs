//! An acknowledged comment is never lost: the program itself, on both databases, killed in the
//! middle of a burst of comments and started again. Needs the built browser files, as the program
//! does (`cargo xtask build`).

use axum::body::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use testing::{Database, in_time};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Connections that send at the same time.
const SENDERS: usize = 48;
/// The server is killed once so many comments are acknowledged.
const ENOUGH: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_comment_is_lost_on_sqlite() {
    killed_in_a_burst(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_comment_is_lost_on_postgres() {
    if let Some(database) = Database::postgres().await {
        killed_in_a_burst(database).await;
    }
}

/// An installation: its database, its folder and the program in it.
struct Installation {
    database: Database,
    folder: TempDir,
}

/// A running server.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Installation {
    fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { database, folder }
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yanlu"));
        command
            .env("YANLU_DATABASE_URL", &self.database.url)
            .env("YANLU_DATA_DIR", self.folder.path())
            .kill_on_drop(true);
        command
    }

    /// Runs a command and gives what it prints.
    async fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self
            .program()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        let output = in_time(child.wait_with_output()).await.unwrap();
        assert!(output.status.success(), "{arguments:?} {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts the server and waits until it listens.
    async fn serve(&self) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut child = self
            .program()
            .args(["serve", "--limits", "off", "--listen", &address.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = in_time(said.next_line()).await.unwrap();
        let first = first.expect("the server says where it listens before it ends");
        assert!(first.contains(&address.to_string()), "{first}");
        Server { child, address }
    }
}

impl Server {
    /// As a power cut would: nothing is flushed, nobody is told.
    async fn kill(mut self) {
        self.child.start_kill().unwrap();
        let status = in_time(self.child.wait()).await.unwrap();
        assert!(!status.success());
    }

    async fn connect(&self) -> Connection {
        Connection::to(self.address).await.unwrap()
    }
}

/// One connection, used for one request after another.
struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    async fn to(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
        // Ends with the connection; what goes wrong shows at the request.
        tokio::spawn(connection);
        Some(Self(sender))
    }

    /// The whole answer, or nothing if the connection broke before its end.
    async fn send(&mut self, call: Call<'_>) -> Option<(StatusCode, Value)> {
        let mut request = Request::builder()
            .method(call.method)
            .uri(call.path)
            .header(header::HOST, "127.0.0.1")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some((name, value)) = call.header {
            request = request.header(name, value);
        }
        let body = call.body.map(Value::to_string).unwrap_or_default();
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        self.0.ready().await.ok()?;
        let response = self.0.send_request(request).await.ok()?;
        let status = response.status();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Some((status, value))
    }

    async fn get(&mut self, path: &str) -> (StatusCode, Value) {
        let call = Call {
            method: Method::GET,
            path,
            header: None,
            body: None,
        };
        in_time(self.send(call)).await.unwrap()
    }
}

struct Call<'a> {
    method: Method,
    path: &'a str,
    header: Option<(&'static str, &'a str)>,
    body: Option<&'a Value>,
}

/// A consultation that takes comments.
#[derive(Clone)]
struct Consultation {
    path: String,
    clause: String,
    bearer: String,
}

impl Consultation {
    /// Made the way an operator and a program make it.
    async fn open(installation: &Installation, server: &Server) -> Self {
        let unit = ["unit", "add", "--slug", "transport", "--name", "交通运输局"];
        assert_eq!(installation.run(&unit, "").await, "transport");
        let account = [
            "account",
            "add",
            "--unit",
            "transport",
            "--email",
            "a@example.org",
            "--role",
            "editor",
            "approver",
            "--password-stdin",
        ];
        installation.run(&account, "correct horse battery").await;
        let token = ["token", "add", "--email", "a@example.org"];
        let bearer = format!("Bearer {}", installation.run(&token, "").await);
        let mut staff = server.connect().await;
        let mut post = async |path: &str, body: Value| {
            let call = Call {
                method: Method::POST,
                path,
                header: Some(("authorization", &bearer)),
                body: Some(&body),
            };
            let (status, answer) = in_time(staff.send(call)).await.unwrap();
            assert!(status.is_success(), "{path} {status} {answer}");
            answer
        };
        let facts = json!({"unit": "transport", "title": "停车办法", "summary": "收费", "explanation": "说明"});
        let created = post("/api/v1/consultations", facts).await;
        let path = format!(
            "/api/v1/consultations/{}",
            created["number"].as_str().unwrap()
        );
        let draft = json!({"text": "第一条 停车应当付费。\n第二条 违反的，处罚款。\n"});
        let draft = post(&format!("{path}/drafts"), draft).await;
        let clause = draft["clauses"][0]["id"].as_str().unwrap().to_owned();
        let round = json!({"version": 1, "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2999-01-01T00:00:00Z"});
        post(&format!("{path}/publish"), round).await;
        Self {
            path,
            clause,
            bearer,
        }
    }

    /// The comment that belongs to a key; its text says so.
    fn comment(&self, key: &str) -> Value {
        json!({
            "author": {"kind": "individual", "name": "朱小明", "display": "masked"},
            "contact": "13800001111",
            "points": [
                {"clause": self.clause, "text": format!("{key} 太贵"), "proposed": "免费"},
                {"text": format!("{key} 支持")},
            ],
        })
    }

    /// Sends it; the receipt, if the whole acknowledgement came.
    async fn send(&self, connection: &mut Connection, key: &str) -> Option<Receipt> {
        let call = Call {
            method: Method::POST,
            path: &format!("{}/comments", self.path),
            header: Some(("idempotency-key", key)),
            body: Some(&self.comment(key)),
        };
        let (status, answer) = connection.send(call).await?;
        assert_eq!(status, 201, "{answer}");
        Some(Receipt {
            number: answer["number"].as_str()?.to_owned(),
            code: answer["receipt"].as_str()?.to_owned(),
        })
    }

    /// Every comment that is stored, by number, with the text of its first point.
    async fn stored(&self, server: &Server) -> BTreeMap<String, String> {
        let mut staff = server.connect().await;
        let (mut stored, mut after) = (BTreeMap::new(), String::new());
        loop {
            let call = Call {
                method: Method::GET,
                path: &format!("{}/queue?after={after}", self.path),
                header: Some(("authorization", &self.bearer)),
                body: None,
            };
            let (status, page) = in_time(staff.send(call)).await.unwrap();
            assert_eq!(status, 200, "{page}");
            for item in page["items"].as_array().unwrap() {
                let number = item["number"].as_str().unwrap().to_owned();
                assert_eq!(item["points"].as_array().unwrap().len(), 2, "{item}");
                let text = item["points"][0]["text"].as_str().unwrap().to_owned();
                assert_eq!(stored.insert(number, text), None, "{item}");
            }
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => return stored,
            }
        }
    }
}

/// What a sender keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Receipt {
    number: String,
    code: String,
}

/// What senders know when the server is gone.
#[derive(Default)]
struct Sent {
    acknowledged: BTreeMap<String, Receipt>,
    /// Sent, but no whole answer came.
    unknown: BTreeSet<String>,
}

/// Sends over many connections until the server is gone.
async fn burst(server: Server, consultation: &Consultation) -> Sent {
    let sent = Arc::new(Mutex::new(Sent::default()));
    let enough = Arc::new(Notify::new());
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let mut connection = server.connect().await;
        let (consultation, sent) = (consultation.clone(), Arc::clone(&sent));
        let enough = Arc::clone(&enough);
        senders.spawn(async move {
            for n in 0.. {
                let key = format!("sender-{sender}-{n}");
                let receipt = consultation.send(&mut connection, &key).await;
                let mut sent = sent.lock().unwrap();
                let Some(receipt) = receipt else {
                    sent.unknown.insert(key);
                    return;
                };
                sent.acknowledged.insert(key, receipt);
                if sent.acknowledged.len() == ENOUGH {
                    enough.notify_one();
                }
            }
        });
    }
    in_time(enough.notified()).await;
    server.kill().await;
    while let Some(ended) = in_time(senders.join_next()).await {
        ended.unwrap();
    }
    let mut sent = sent.lock().unwrap();
    std::mem::take(&mut *sent)
}

async fn killed_in_a_burst(database: Database) {
    let installation = Installation::on(database);
    let server = installation.serve().await;
    let consultation = Consultation::open(&installation, &server).await;
    let Sent {
        mut acknowledged,
        unknown,
    } = burst(server, &consultation).await;
    assert!(acknowledged.len() >= ENOUGH);
    assert!(!unknown.is_empty(), "the server was killed too late");

    let server = installation.serve().await;
    let mut person = server.connect().await;
    let before = consultation.stored(&server).await;
    for (key, receipt) in &acknowledged {
        let path = format!("/api/v1/receipts/{}", receipt.code);
        let (status, own) = person.get(&path).await;
        assert_eq!(status, 200, "{key}: {receipt:?} is lost");
        assert_eq!(own["number"], receipt.number.as_str());
        assert_eq!(own["points"][0]["text"], format!("{key} 太贵"));
        assert_eq!(own["points"][1]["text"], format!("{key} 支持"));
        assert_eq!(own["contact"], "13800001111");
        assert_eq!(before.get(&receipt.number), Some(&format!("{key} 太贵")));
    }
    counted(&mut person, &consultation, before.len()).await;

    // Who heard nothing sends the same again, and again; who heard, too.
    let keys: Vec<String> = acknowledged.keys().chain(&unknown).cloned().collect();
    for key in keys {
        let first = in_time(consultation.send(&mut person, &key)).await.unwrap();
        let second = in_time(consultation.send(&mut person, &key)).await.unwrap();
        assert_eq!(first, second, "{key}");
        let known = acknowledged
            .entry(key.clone())
            .or_insert_with(|| first.clone());
        assert_eq!(*known, first, "{key}");
    }
    let after = consultation.stored(&server).await;
    let expected: BTreeMap<String, String> = acknowledged
        .iter()
        .map(|(key, receipt)| (receipt.number.clone(), format!("{key} 太贵")))
        .collect();
    assert_eq!(
        after, expected,
        "each key has exactly one comment, and there is no other"
    );
    let serials: BTreeSet<usize> = after
        .keys()
        .map(|number| number.rsplit('-').next().unwrap().parse().unwrap())
        .collect();
    assert!(
        serials.into_iter().eq(1..=after.len()),
        "numbers have no gap"
    );
    counted(&mut person, &consultation, after.len()).await;
    server.kill().await;
    installation.database.remove().await;
}

/// The public counts are what is stored.
async fn counted(person: &mut Connection, consultation: &Consultation, comments: usize) {
    let (status, seen) = person.get(&consultation.path).await;
    assert_eq!(status, 200);
    let counts = &seen["counts"];
    assert_eq!(counts["comments"]["received"], comments);
    assert_eq!(counts["comments"]["waiting"], comments);
    assert_eq!(counts["points"]["received"], comments * 2);
    assert_eq!(counts["individuals"], comments);
}

/// The most memory that the program has held so far, in bytes (Linux).
fn peak_memory(server: &Server) -> usize {
    let process = server.child.id().unwrap();
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_of_50_megabytes_are_not_held_in_memory() {
    const UPLOAD: usize = 50 * 1024 * 1024;
    const AT_ONCE: usize = 8;
    let installation = Installation::on(Database::sqlite());
    let server = installation.serve().await;
    let consultation = Consultation::open(&installation, &server).await;
    let before = peak_memory(&server);
    let mut uploads = JoinSet::new();
    for _ in 0..AT_ONCE {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = format!(
            "POST {}/comments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             connection: close\r\ntransfer-encoding: chunked\r\n\r\n",
            consultation.path
        );
        uploads.spawn(async move {
            stream.write_all(head.as_bytes()).await.unwrap();
            let chunk = ["10000\r\n", &" ".repeat(65_536), "\r\n"].concat();
            for _ in 0..UPLOAD / 65_536 {
                stream.write_all(chunk.as_bytes()).await.unwrap();
            }
            stream.write_all(b"0\r\n\r\n").await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        });
    }
    while let Some(answer) = in_time(uploads.join_next()).await {
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
    let grown = peak_memory(&server) - before;
    assert!(grown < AT_ONCE * UPLOAD / 4, "grown by {grown} bytes");
    server.kill().await;
    installation.database.remove().await;
}
