//! Who guesses learns nothing and not fast: numbers that are not public, passwords, and edits by
//! the hundred.

use crate::world::{Answer, LISTED, PASSWORD, World, comment};
use axum::body::Bytes;
use http::Method;
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    what_is_not_public_looks_like_what_is_not_there,
    the_old_password_is_guessed_no_faster_at_the_desk,
    edits_have_a_smaller_allowance_than_comments,
}

/// Everything that an answer says, its number and the time apart.
fn said(answer: &Answer, number: &str) -> (u16, Vec<String>, String) {
    let headers = answer.headers.iter();
    let mut headers: Vec<String> = headers
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let text = answer.text().replace(number, "NUMBER");
    (answer.status.as_u16(), headers, text)
}

/// All that can be asked about a number from outside.
async fn asked(world: &World, number: &str) -> Vec<(String, (u16, Vec<String>, String))> {
    let public = world.public();
    let listed = world.public().with("origin", LISTED);
    let framed = world
        .public()
        .with("referer", "https://evil.example/page")
        .with("sec-fetch-dest", "iframe");
    let api = format!("/api/v1/consultations/{number}");
    let embed = format!("/embed/c/{number}");
    let mut answers = Vec::new();
    for host in ["https://evil.example", LISTED] {
        for mode in ["", "&mode=inline"] {
            let path = format!("{embed}?host={host}{mode}");
            answers.push((path.clone(), public.get(&path).await));
        }
    }
    for person in [&public, &listed, &framed] {
        for path in [
            embed.clone(),
            format!("{embed}?mode=inline"),
            format!("/c/{number}"),
            format!("/c/{number}/draft/1/original"),
            api.clone(),
            format!("{api}/comments"),
            format!("{api}/drafts/1"),
        ] {
            answers.push((path.clone(), person.get(&path).await));
        }
        let preflight = person.clone().with("access-control-request-method", "POST");
        let path = format!("{api}/comments");
        let asking = preflight.send(Method::OPTIONS, &path, None, Bytes::new());
        answers.push((format!("OPTIONS {path}"), asking.await));
        let sending = person.clone().with("idempotency-key", "key");
        let sent = sending.post(&path, comment(&[(None, "太贵", None)])).await;
        answers.push((format!("POST {path}"), sent));
        let form = [("points.0.text", "太贵"), ("action", "review")];
        answers.push((format!("POST {embed}"), person.submit(&embed, &form).await));
    }
    answers
        .into_iter()
        .map(|(path, answer)| (path.replace(number, "NUMBER"), said(&answer, number)))
        .collect()
}

async fn what_is_not_public_looks_like_what_is_not_there(world: &World) {
    let hidden = world.prepared().await;
    let given_up = world.prepared().await;
    let reason = json!({"reason": "上位法已改"});
    let approver = world.staff("approver");
    let done = approver.post(&given_up.path("/withdraw"), reason).await;
    assert_eq!(done.status, 204, "{done:?}");
    let nothing = asked(world, "2026-0999").await;
    assert!(nothing.iter().any(|(_, (status, ..))| *status == 404));
    for number in [&hidden.number, &given_up.number] {
        for (unknown, known) in nothing.iter().zip(asked(world, number).await) {
            assert_eq!(*unknown, known);
        }
    }
    let public = world.open().await;
    let path = format!("/embed/c/{}?host=https://evil.example", public.number);
    let refused = world.public().get(&path).await;
    assert_eq!(refused.status, 403, "what is public names its reason");
}

async fn the_old_password_is_guessed_no_faster_at_the_desk(world: &World) {
    let desk = world.at_the_desk("editor").await;
    let change = async |old: &str| {
        let form = [("old", old), ("new", "another good password")];
        desk.submit("/desk/account", &form).await.status.as_u16()
    };
    for _ in 0..5 {
        assert_eq!(change("a guess").await, 422);
    }
    assert_eq!(change("a guess").await, 429);
    assert_eq!(change(PASSWORD).await, 429, "right or wrong");
}

async fn edits_have_a_smaller_allowance_than_comments(world: &World) {
    let draft = world.open().await;
    let body = || comment(&[(None, "太贵", None)]);
    let nobody = "/api/v1/receipts/nonsense";
    let mut edits = 0;
    while world.public().put(nobody, body()).await.status == 404 {
        edits += 1;
        assert!(edits < 300, "no end to it");
    }
    let refused = world.public().put(nobody, body()).await;
    assert_eq!(refused.problem(), "too_many");
    world.public().comments(&draft, "key", body()).await;
}
