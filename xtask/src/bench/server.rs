//! The release binary under measurement, filled through its own command line and API.

use super::http::{Answer, request};
use super::wrk::Cpu;
use crate::postgres::free_port;
use crate::process::{self, command};
use crate::{Outcome, root};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Whether pages are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    On,
    Off,
}

/// A running `yanlu serve`. Dropping it ends it.
pub struct Server {
    child: Child,
    port: u16,
    database: String,
    data: PathBuf,
}

const PASSWORD: &str = "a long enough password";

impl Server {
    pub fn start(kind: &str, database: &str, folder: &Path, cache: Cache) -> Outcome<Self> {
        let port = free_port()?;
        let data = folder.join(format!("data-{kind}"));
        let log = fs::File::create(folder.join(format!("server-{port}.log")))
            .map_err(|e| format!("The server's log cannot be written ({e})."))?;
        let mut serve = yanlu(database, &data, &["serve", "--listen"]);
        serve
            .arg(format!("127.0.0.1:{port}"))
            .args(["--public-url", &format!("http://127.0.0.1:{port}")])
            .env("YANLU_LIMITS", "off")
            .stdout(Stdio::null())
            .stderr(log);
        if cache == Cache::Off {
            serve.env("YANLU_PAGE_CACHE_MB", "0");
        }
        let child = serve
            .spawn()
            .map_err(|e| format!("target/release/yanlu could not be started ({e})."))?;
        let server = Self {
            child,
            port,
            database: database.into(),
            data,
        };
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            if matches!(
                server.ask("GET", "/readyz", None, None),
                Ok(Answer { status: 200, .. })
            ) {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("The server was not ready after half a minute.".into())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Memory in use, in kilobytes (VmRSS).
    pub fn resident_kb(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .map_err(|e| format!("The server's memory cannot be read ({e})."))?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok())
            .ok_or_else(|| "The server's memory cannot be read.".into())
    }

    pub fn get(&self, path: &str) -> Outcome<Vec<u8>> {
        let answer = self.ask("GET", path, None, None)?;
        if answer.status == 200 {
            Ok(answer.body)
        } else {
            Err(format!("GET {path} answered {}.", answer.status))
        }
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Outcome<Answer> {
        let authorization = format!("Bearer {}", token.unwrap_or(""));
        let key = format!("{method}-{path}-{}", now().as_nanosecond());
        let key: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let mut headers = vec![
            ("content-type", "application/json"),
            ("idempotency-key", &key),
        ];
        if token.is_some() {
            headers.push(("authorization", &authorization));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        request(self.port, method, path, &headers, body.as_bytes())
    }

    fn call(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Outcome<Value> {
        let answer = self.ask(method, path, token, Some(body))?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.status / 100 != 2 {
            return Err(format!(
                "{method} {path} answered {}: {text}",
                answer.status
            ));
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|e| format!("{method} {path}: not JSON ({e})"))
    }

    /// An open consultation with so many published comments; gives its number.
    pub fn seed(&self, comments: usize) -> Outcome<String> {
        self.admin(
            &["unit", "add", "--slug", "transport", "--name", "交通运输局"],
            "",
        )?;
        let account = [
            "account",
            "add",
            "--unit",
            "transport",
            "--email",
            "bench@example.org",
        ];
        let roles = [
            "--role",
            "editor",
            "moderator",
            "approver",
            "--password-stdin",
        ];
        self.admin(&[&account[..], &roles[..]].concat(), PASSWORD)?;
        let token = self.admin(&["token", "add", "--email", "bench@example.org"], "")?;
        let token = Some(token.trim());
        let facts = json!({ "unit": "transport", "title": "停车条例（草案）公开征求意见",
            "summary": "规范停车秩序。", "explanation": "为规范停车秩序，起草本条例。" });
        let created = self.call("POST", "/api/v1/consultations", token, &facts)?;
        let number = created["number"].as_str().unwrap_or_default().to_owned();
        let at = |path: &str| format!("/api/v1/consultations/{number}/{path}");
        let draft = self.call("POST", &at("drafts"), token, &json!({ "text": DRAFT }))?;
        let (opens, closes) = (now(), now() + SignedDuration::from_hours(40 * 24));
        let round = json!({ "version": draft["version"], "opens_at": opens, "closes_at": closes });
        self.call("POST", &at("publish"), token, &round)?;
        let articles: Vec<&Value> = draft["clauses"]
            .as_array()
            .map(|clauses| clauses.iter().filter(|c| c["kind"] == "article").collect())
            .unwrap_or_default();
        for index in 0..comments {
            let clause = &articles[index % articles.len()]["id"];
            let comment = json!({ "author": { "kind": "individual", "name": "朱小明", "display": "masked" },
                "points": [{ "clause": clause, "text": format!("{}. {SAYING}", index + 1) }] });
            let receipt = self.call("POST", &at("comments"), None, &comment)?;
            let comment = receipt["number"].as_str().unwrap_or_default();
            let path = format!("/api/v1/comments/{comment}/moderation");
            self.call("POST", &path, token, &json!({ "decision": "publish" }))?;
        }
        Ok(number)
    }

    /// Comments received, as the product counts them.
    pub fn received(&self, number: &str) -> Outcome<u64> {
        let body = self.get(&format!("/api/v1/consultations/{number}"))?;
        let value: Value = serde_json::from_slice(&body).map_err(|e| format!("not JSON ({e})"))?;
        value["counts"]["comments"]["received"]
            .as_u64()
            .ok_or_else(|| "no count".into())
    }

    fn admin(&self, arguments: &[&str], input: &str) -> Outcome<String> {
        let mut child = yanlu(&self.database, &self.data, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("target/release/yanlu could not be started ({e})."))?;
        if let Some(mut stdin) = child.stdin.take() {
            writeln!(stdin, "{input}").map_err(|e| format!("no input taken ({e})"))?;
        }
        let output = child
            .wait_with_output()
            .map_err(|e| format!("no output ({e})"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(format!("yanlu {} failed.", arguments.join(" ")))
        }
    }
}

fn yanlu(database: &str, data: &Path, arguments: &[&str]) -> std::process::Command {
    let program = root().join("target/release/yanlu");
    let mut yanlu = command(&program.to_string_lossy(), arguments);
    yanlu
        .env("YANLU_DATABASE_URL", database)
        .env("YANLU_DATA_DIR", data);
    yanlu
}

impl Cpu for Server {
    fn ticks(&self) -> Outcome<u64> {
        super::wrk::process_ticks(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = process::output(
            process::BRIEF,
            &command("kill", &[&self.child.id().to_string()]),
        );
        if asked.is_none() || self.child.wait().is_err() {
            eprintln!(
                "The server (process {}) could not be stopped.",
                self.child.id()
            );
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement runs by the real clock"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

const SAYING: &str = "建议在本条中明确老旧小区周边道路夜间停车的时段和收费办法，\
    并说明居民如何申请、由谁批准、多少日内答复，避免各街道执行不一；\
    同时为残疾人和接送老人就医的车辆保留位置。";

const DRAFT: &str = "# 停车条例（草案）\n\n第一章 总则\n\n第一条 为了规范停车秩序，制定本条例。\n\n\
    第二条 本市行政区域内的停车活动适用本条例。\n\n第三条 停车坚持有偿使用、共享利用。\n\n\
    第二章 停车泊位\n\n第四条 新建建筑应当配建停车位。\n\n第五条 居住区周边道路可以设置临时停车位。\n";
