//! Sending, reading, editing and withdrawing a comment.

use crate::world::{CLOSED, Person, World, comment};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_comment_comes_back_with_its_receipt_and_counts_add_up,
    the_same_key_sends_once_however_often_and_however_fast,
    a_sender_edits_until_closing_and_withdraws_once,
    comments_are_taken_only_while_the_round_is_open,
    contact_data_is_for_moderators_alone,
}

async fn a_comment_comes_back_with_its_receipt_and_counts_add_up(world: &World) {
    let draft = world.open().await;
    let person = world.public();
    let clause = draft.clause("第二条");
    let two = comment(&[
        (Some(&clause), "太贵", Some("每小时二元")),
        (None, "总体支持", None),
    ]);
    let receipt = person.comments(&draft, "k1", two).await;
    let number = receipt["number"].as_str().unwrap();
    assert_eq!(number, format!("{}-1", draft.number));
    assert!(
        receipt["received_at"]
            .as_str()
            .unwrap()
            .starts_with("2026-03-02T01:00:00")
    );

    let path = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    let own = person.get(&path).await;
    assert_eq!(own.status, 200);
    assert_eq!(own.header("cache-control"), "no-store");
    let own = own.json();
    assert_eq!(
        (&own["state"], &own["editable"]),
        (&json!("received"), &json!(true))
    );
    assert_eq!(own["points"][0]["proposed"], "每小时二元");
    // Forgiving of case, hyphens and look-alikes.
    let loose = path.to_lowercase().replace('-', "%20");
    assert_eq!(person.get(&loose).await.status, 200);

    let listed = |query: &'static str| {
        let path = draft.path(&format!("/comments{query}"));
        let person = world.public();
        async move {
            person.get(&path).await.json()["items"]
                .as_array()
                .unwrap()
                .len()
        }
    };
    assert_eq!(listed("").await, 0, "nothing is public before review");
    let moderation = format!("/api/v1/comments/{number}/moderation");
    let done = world
        .staff("moderator")
        .post(&moderation, json!({"decision": "publish"}))
        .await;
    assert_eq!(done.status, 204, "{done:?}");
    assert_eq!(listed("").await, 1);

    let held = person
        .comments(&draft, "k2", comment(&[(None, "广告", None)]))
        .await;
    let moderation = format!(
        "/api/v1/comments/{}/moderation",
        held["number"].as_str().unwrap()
    );
    let moderator = world.staff("moderator");
    let unreasoned = moderator
        .post(&moderation, json!({"decision": "hold"}))
        .await;
    assert_eq!(unreasoned.faults(), ["reason required"]);
    let hold = json!({"decision": "hold", "reason": "advertising"});
    assert_eq!(moderator.post(&moderation, hold).await.status, 204);
    person
        .comments(&draft, "k3", comment(&[(None, "还在等", None)]))
        .await;

    let counts = person.get(&draft.path("")).await.json()["counts"].clone();
    assert_eq!(
        counts["comments"],
        json!({"received": 3, "waiting": 1, "published": 1, "held": 1, "withdrawn": 0})
    );
    assert_eq!(
        counts["points"],
        json!({"received": 4, "waiting": 1, "published": 2, "held": 1, "withdrawn": 0})
    );
    assert_eq!(
        counts["held_for"],
        json!([{"reason": "advertising", "comments": 1}])
    );

    let by_clause = person
        .get(&draft.path(&format!("/comments?clause={clause}")))
        .await
        .json();
    assert_eq!(by_clause["items"][0]["author"]["name"], "朱**");
    let now = &by_clause["items"][0]["points"][0]["clause_now"];
    assert_eq!(now[0]["clause"], clause);
    for (stage, expected) in [(1, 1), (2, 0)] {
        let path = draft.path(&format!("/comments?stage={stage}"));
        let listed = person.get(&path).await.json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(expected));
    }
    assert!(!by_clause.to_string().contains("朱小明"));
}

async fn the_same_key_sends_once_however_often_and_however_fast(world: &World) {
    let draft = world.open().await;
    let body = comment(&[(None, "一次", None)]);
    let tries = (0..8).map(|_| {
        let person = world.public();
        let (draft, body) = (&draft, body.clone());
        async move { person.comments(draft, "same-key", body).await }
    });
    let receipts: Vec<Value> = futures_join(tries).await;
    assert!(
        receipts.windows(2).all(|pair| pair[0] == pair[1]),
        "{receipts:?}"
    );
    let counts = world.public().get(&draft.path("")).await.json()["counts"]["comments"].clone();
    assert_eq!(counts["received"], 1);

    let other = world
        .public()
        .with("idempotency-key", "same-key")
        .post(&draft.path("/comments"), comment(&[(None, "另一件", None)]))
        .await;
    assert_eq!(
        (other.status.as_u16(), other.problem().as_str()),
        (409, "key_reused")
    );

    for key in ["", "有", &"k".repeat(201), "a b"] {
        let person = world.public().with("idempotency-key", key);
        let refused = person.post(&draft.path("/comments"), body.clone()).await;
        assert_eq!(refused.status, 400, "{key:?}");
        assert_eq!(refused.problem(), "idempotency_key");
    }
    let without = world.public().post(&draft.path("/comments"), body).await;
    assert_eq!(without.problem(), "idempotency_key");
}

/// Awaits all at once.
async fn futures_join<T, F: Future<Output = T>>(tries: impl Iterator<Item = F>) -> Vec<T> {
    let mut pending: Vec<_> = tries.map(|one| Some(Box::pin(one))).collect();
    let mut done: Vec<Option<T>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (slot, result) in pending.iter_mut().zip(&mut done) {
            if let Some(one) = slot
                && let std::task::Poll::Ready(value) = one.as_mut().poll(context)
            {
                *result = Some(value);
                *slot = None;
            }
        }
        if done.iter().all(Option::is_some) {
            let values = done.iter_mut().filter_map(Option::take).collect();
            std::task::Poll::Ready(values)
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}

async fn a_sender_edits_until_closing_and_withdraws_once(world: &World) {
    let draft = world.open().await;
    let person = world.public();
    let receipt = person
        .comments(&draft, "k", comment(&[(None, "初稿", None)]))
        .await;
    let path = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    let number = receipt["number"].as_str().unwrap();
    let moderation = format!("/api/v1/comments/{number}/moderation");
    world
        .staff("moderator")
        .post(&moderation, json!({"decision": "publish"}))
        .await;

    world.set_clock("2026-03-10T00:00:00Z");
    let edited = person.put(&path, comment(&[(None, "改过的", None)])).await;
    assert_eq!(edited.status, 200, "{edited:?}");
    let edited = edited.json();
    assert_eq!(edited["state"], "received", "an edit is reviewed again");
    assert_eq!(edited["points"][0]["text"], "改过的");
    assert_eq!(edited["revisions"][0]["points"][0]["text"], "初稿");
    let nothing = person.put(&path, comment(&[(None, "  ", None)])).await;
    assert_eq!(nothing.faults(), ["points.0.text required"]);

    world.set_clock(CLOSED);
    let late = person.put(&path, comment(&[(None, "太晚", None)])).await;
    assert_eq!(
        (late.status.as_u16(), late.problem().as_str()),
        (409, "not_editable")
    );
    let withdrawn = person.delete(&path).await;
    assert_eq!(withdrawn.status, 200, "{withdrawn:?}");
    assert_eq!(withdrawn.json()["state"], "withdrawn");
    let twice = person.delete(&path).await;
    assert_eq!(
        (twice.status.as_u16(), twice.problem().as_str()),
        (409, "already_withdrawn")
    );

    let mistyped = flip(&path);
    assert_eq!(person.get(&mistyped).await.problem(), "receipt_mistyped");
    assert_eq!(
        person.get("/api/v1/receipts/hello").await.problem(),
        "receipt_malformed"
    );
    let unknown = person.get("/api/v1/receipts/0000-0000-0000-0000-0").await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.problem().as_str()),
        (404, "not_found")
    );
}

/// One sign of the code changed.
fn flip(path: &str) -> String {
    let at = path.len() - 8;
    let sign = if &path[at..=at] == "7" { "8" } else { "7" };
    format!("{}{sign}{}", &path[..at], &path[at + 1..])
}

async fn comments_are_taken_only_while_the_round_is_open(world: &World) {
    let prepared = world.prepared().await;
    let person = world.public().with("idempotency-key", "k");
    let body = comment(&[(None, "x", None)]);
    let hidden = person.post(&prepared.path("/comments"), body.clone()).await;
    assert_eq!(hidden.status, 404, "what is not public does not exist");

    let draft = world.open().await;
    world.set_clock("2026-04-10T15:59:59.999Z");
    let state = person.get(&draft.path("")).await.json()["state"].clone();
    assert_eq!(state, "open");
    assert_eq!(
        person
            .post(&draft.path("/comments"), body.clone())
            .await
            .status,
        201
    );
    world.set_clock(CLOSED);
    let late = person
        .clone()
        .with("idempotency-key", "k2")
        .post(&draft.path("/comments"), body.clone())
        .await;
    assert_eq!(
        (late.status.as_u16(), late.problem().as_str()),
        (409, "round_not_open")
    );
    // The answer that was lost is still given after closing.
    let again = person.post(&draft.path("/comments"), body).await;
    assert_eq!(again.status, 201, "{again:?}");
    let state = person.get(&draft.path("")).await.json()["state"].clone();
    assert_eq!(state, "closed");
}

async fn contact_data_is_for_moderators_alone(world: &World) {
    let draft = world.open().await;
    let mut body = comment(&[(None, "请回电", None)]);
    body["contact"] = json!("13800001111");
    let receipt = world.public().comments(&draft, "k", body).await;
    let path = format!(
        "/api/v1/comments/{}/contact",
        receipt["number"].as_str().unwrap()
    );
    let queue = world.staff("moderator").get(&draft.path("/queue")).await;
    assert_eq!(queue.json()["items"].as_array().unwrap().len(), 1);
    assert!(!queue.text().contains("13800001111"));
    let look = async |person: Person<'_>| person.post(&path, Value::Null).await;
    let seen = look(world.staff("moderator")).await;
    assert_eq!(seen.json()["contact"], "13800001111");
    assert_eq!(look(world.staff("editor")).await.status, 403);
    assert_eq!(look(world.staff("stranger")).await.status, 403);
    assert_eq!(look(world.public()).await.status, 401);

    // A link elsewhere cannot make a moderator's browser look.
    let record = async || {
        let desk = world.at_the_desk("moderator").await;
        let record = desk.get("/desk/audit").await.text();
        record.matches("read contact details").count()
    };
    let before = record().await;
    assert_ne!(before, 0, "the look is on record");
    let desk = world.at_the_desk("moderator").await;
    assert_eq!(desk.get(&path).await.status, 405);
    let elsewhere = desk.with("origin", "https://evil.example");
    assert_eq!(look(elsewhere.clone()).await.problem(), "origin");
    assert_eq!(
        look(elsewhere.with("sec-fetch-site", "cross-site"))
            .await
            .status,
        403
    );
    assert_eq!(record().await, before);
}
