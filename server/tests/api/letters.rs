//! Letters on their way: into a folder, to a mail server that takes, refuses or is not there.

use crate::hearings::{applicant, notice};
use crate::world::World;
use domain::notify::Letters;
use serde_json::{Value, json};
use server::notify::{Outbox, Sent};
use std::path::Path;
use std::sync::{Arc, Mutex};
use testing::on_both_databases;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

on_both_databases! {
    a_letter_in_the_folder_says_what_happened_and_how_to_answer,
    a_mail_server_gets_each_letter_once_in_the_applicants_language,
    a_refused_address_is_given_up_and_a_busy_server_asked_again,
    without_a_server_letters_wait,
}

/// A session whose two seats are filled by hand, with these people accepted; who has no address is
/// not written to. Gives its path.
async fn seated(world: &World, contacts: &[(&str, &str)]) -> (String, Vec<Value>) {
    let draft = world.open().await;
    let mut raw = notice();
    raw["pricing"] = json!(false);
    raw["total"] = json!(5);
    raw["categories"] =
        json!([{"code": "experts", "name": "专家", "quota": 5, "fill": "appointment"}]);
    let path = world.announced(&draft, raw).await;
    world.set_clock("2026-03-04T00:00:00Z");
    let mut receipts = Vec::new();
    for (n, (contact, lang)) in contacts.iter().enumerate() {
        let mut person = applicant("experts", n);
        person["contact"] = json!(contact);
        let sent = world
            .public()
            .with("accept-language", lang)
            .with("idempotency-key", &format!("k{n}"))
            .post(&format!("{path}/applications"), person)
            .await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let receipt = sent.json();
        let number = receipt["number"].as_str().unwrap();
        let review = format!("/api/v1/applications/{number}/review");
        let accepted = json!({"eligible": true});
        let answer = world.staff("moderator").post(&review, accepted).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        receipts.push(receipt);
    }
    (path, receipts)
}

async fn letters(world: &World, path: &str) -> Letters {
    let answer = world.staff("editor").get(&format!("{path}/letters")).await;
    serde_json::from_value(answer.json()).unwrap()
}

async fn send(world: &World, outbox: &Outbox) -> Sent {
    outbox
        .send_due(&world.backend, &world.clock())
        .await
        .unwrap()
}

fn outbox(smtp: Option<&str>, folder: &Path) -> Outbox {
    let from = Some("yanlu@district.example");
    Outbox::new(smtp, folder, from, "https://yanlu.example").unwrap()
}

/// The body of a message, whichever way it was made fit for the wire.
fn body(message: &str) -> String {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    if head.contains("base64") {
        let packed: String = body.split_whitespace().collect();
        return String::from_utf8(unpack(&packed)).unwrap();
    }
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (head.contains("quoted-printable"), first, tail) {
            (true, b'=', [a, b, tail @ ..]) => {
                let hex = std::str::from_utf8(&[*a, *b]).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                tail
            }
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8(bytes).unwrap()
}

/// Base64 (RFC 4648 section 4).
fn unpack(packed: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = packed
        .bytes()
        .take_while(|sign| *sign != b'=')
        .flat_map(|sign| {
            let value = alphabet.iter().position(|known| *known == sign).unwrap();
            (0..6).rev().map(move |bit| (value >> bit & 1) as u8)
        })
        .collect();
    bits.chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit))
        .collect()
}

async fn a_letter_in_the_folder_says_what_happened_and_how_to_answer(world: &World) {
    let contacts = [("li@example.org", "en"), ("13800000001", "en")];
    let (path, receipts) = seated(world, &contacts).await;
    let folder = tempfile::tempdir().unwrap();
    let outbox = outbox(None, &folder.path().join("outbox"));
    let round = send(world, &outbox).await;
    assert_eq!((round.sent, round.failed), (1, 0));
    assert_eq!(send(world, &outbox).await, Sent::default(), "once");
    let files: Vec<_> = std::fs::read_dir(folder.path().join("outbox"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let message = std::fs::read_to_string(&files[0]).unwrap();
    for head in [
        "To: li@example.org",
        "<yanlu@district.example>",
        "Auto-Submitted: auto-generated",
        "Content-Language: en",
        "Date: Wed, 04 Mar 2026 00:00:00 +0000",
    ] {
        assert!(message.contains(head), "{head} in {message}");
    }
    let text = body(&message);
    let code = receipts[0]["receipt"].as_str().unwrap();
    let session = path.rsplit('/').next().unwrap();
    for said in [
        "has a seat",
        code,
        receipts[0]["number"].as_str().unwrap(),
        &format!("https://yanlu.example/hearings/{session}"),
        "https://yanlu.example/r",
        "区政府, 3 楼",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    // Nothing that the applicant typed.
    assert!(!text.contains("申请人0") && !text.contains("收费应当合理"));
    let found = letters(world, &path).await;
    assert_eq!((found.sent, found.without_address), (1, 1));
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(&files[0]).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

/// A mail server of its own: what it says to a recipient depends on the address.
struct MailServer {
    url: String,
    took: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let took = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&took);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&taken)));
            }
        });
        Self { url, took }
    }

    fn took(&self) -> Vec<String> {
        self.took.lock().unwrap().clone()
    }
}

async fn talk(stream: tokio::net::TcpStream, taken: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut message: Option<String> = None;
    write.write_all(b"220 here\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match (&mut message, line.as_str()) {
            (Some(text), ".") => {
                taken.lock().unwrap().push(std::mem::take(text));
                message = None;
                "250 taken"
            }
            (Some(text), line) => {
                text.push_str(line.strip_prefix('.').unwrap_or(line));
                text.push_str("\r\n");
                continue;
            }
            (None, "DATA") => {
                message = Some(String::new());
                "354 go on"
            }
            (None, line) if line.starts_with("RCPT TO:<gone@") => "550 no such mailbox",
            (None, line) if line.starts_with("RCPT TO:<full@") => "452 mailbox full",
            (None, "QUIT") => return,
            (None, _) => "250 fine",
        };
        if write
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}

async fn a_mail_server_gets_each_letter_once_in_the_applicants_language(world: &World) {
    let contacts = [
        ("en@example.org", "en"),
        ("hans@example.org", "zh-CN"),
        ("hant@example.org", "zh-TW"),
    ];
    seated(world, &contacts).await;
    let server = MailServer::start().await;
    let outbox = outbox(Some(&server.url), Path::new("unused"));
    assert_eq!(send(world, &outbox).await.sent, 3);
    let took = server.took();
    let said: Vec<bool> = took
        .iter()
        .zip(["has a seat", "获得了一个名额", "獲得了一個名額"])
        .map(|(message, words)| body(message).contains(words))
        .collect();
    assert_eq!(said, [true; 3], "{took:?}");
    let ids: std::collections::BTreeSet<&str> = took
        .iter()
        .map(|message| {
            let id = message
                .lines()
                .find(|line| line.starts_with("Message-ID: <letter-"));
            id.unwrap()
        })
        .collect();
    assert_eq!(ids.len(), 3);
}

async fn a_refused_address_is_given_up_and_a_busy_server_asked_again(world: &World) {
    let contacts = [
        ("gone@example.org", "en"),
        ("full@example.org", "en"),
        ("li@example.org", "en"),
    ];
    let (path, _) = seated(world, &contacts).await;
    let server = MailServer::start().await;
    let outbox = outbox(Some(&server.url), Path::new("unused"));
    let round = send(world, &outbox).await;
    assert_eq!((round.sent, round.failed, round.stopped), (1, 2, false));
    let found = letters(world, &path).await;
    assert_eq!((found.sent, found.failed, found.waiting), (1, 1, 1));
    let session = path.rsplit('/').next().unwrap();
    let desk = world.at_the_desk("editor").await;
    let text = desk.get(&format!("/desk/hearings/{session}")).await.text();
    assert!(text.contains("1 could not be delivered"));
    let list = desk
        .get(&format!("/desk/hearings/{session}/applications"))
        .await
        .text();
    assert_eq!(list.matches("not delivered, please call").count(), 1);
    // A minute later it is tried again.
    world.set_clock("2026-03-04T00:01:00Z");
    assert_eq!(send(world, &outbox).await.failed, 1);
    assert_eq!(server.took().len(), 1);
}

async fn without_a_server_letters_wait(world: &World) {
    let contacts = [("a@example.org", "en"), ("b@example.org", "en")];
    let (path, _) = seated(world, &contacts).await;
    // A port on which nobody listens.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", closed.local_addr().unwrap());
    drop(closed);
    let nobody = outbox(Some(&url), Path::new("unused"));
    let round = send(world, &nobody).await;
    assert_eq!((round.sent, round.failed, round.stopped), (0, 1, true));
    let found = letters(world, &path).await;
    assert_eq!((found.waiting, found.failed), (2, 0));
    let server = MailServer::start().await;
    let outbox = outbox(Some(&server.url), Path::new("unused"));
    // The one that was tried waits its minute, the other goes at once.
    assert_eq!(send(world, &outbox).await.sent, 1);
    world.set_clock("2026-03-04T00:02:00Z");
    assert_eq!(send(world, &outbox).await.sent, 1);
    assert_eq!(letters(world, &path).await.sent, 2);
}
