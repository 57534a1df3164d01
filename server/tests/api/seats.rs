//! Seats that are taken, changed, given back, and never given twice.

use crate::hearings::{ENDED, applicant, notice, own};
use crate::world::{Person, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    ten_first_come_seats_are_given_ten_times_whoever_comes_at_once,
    a_receipt_opens_changes_and_takes_back_an_application,
    who_gives_a_seat_back_lets_the_first_reserve_move_up,
    a_retry_is_the_same_application,
}

/// Applies, and sends the same again where the server was too busy, as its answer asks.
async fn applies_until_taken(person: Person<'_>, path: String, n: usize) -> Value {
    let person = person.with("idempotency-key", &format!("at once {n}").replace(' ', "-"));
    loop {
        let answer = person.post(&path, applicant("observers", n)).await;
        if answer.status != 503 {
            assert_eq!(answer.status, 201, "{answer:?}");
            return answer.json();
        }
    }
}

async fn ten_first_come_seats_are_given_ten_times_whoever_comes_at_once(world: &World) {
    let draft = world.open().await;
    let mut notice = notice();
    notice["categories"][2]["quota"] = json!(10);
    let path = world.announced(&draft, notice).await;
    let beside = match world.backend.db_kind() {
        "postgres" => Some(world.beside().await),
        _ => None,
    };
    let servers: Vec<&World> = std::iter::once(world).chain(&beside).collect();
    // As many as one address may send at once to each server.
    let all = 280 * servers.len();
    let mut sending = Vec::with_capacity(all);
    for n in 0..all {
        let person = servers[n % servers.len()].public();
        sending.push(applies_until_taken(
            person,
            format!("{path}/applications"),
            n,
        ));
    }
    let receipts = together(sending).await;
    assert_eq!(receipts.len(), all);
    let seated: Vec<&Value> = receipts.iter().filter(|r| r["state"] == "chosen").collect();
    assert_eq!(seated.len(), 10);
    let places: BTreeSet<i64> = receipts
        .iter()
        .filter_map(|r| r["reserve"].as_i64())
        .collect();
    assert_eq!(
        places,
        (1..=all as i64 - 10).collect(),
        "each has a place of its own"
    );
    let numbers: BTreeSet<&str> = receipts
        .iter()
        .map(|r| r["number"].as_str().unwrap())
        .collect();
    assert_eq!(numbers.len(), all, "each has a number of its own");
    for server in &servers {
        let seats = server.public().get(&path).await.json()["seats"][2].clone();
        assert_eq!(seats["seated"], 10, "{seats}");
        assert_eq!(seats["reserves"], all - 10, "{seats}");
    }
    // Two who had seats go; two move up, and no more.
    for gone in &seated[..2] {
        let path = format!("/api/v1/receipts/{}", gone["receipt"].as_str().unwrap());
        assert_eq!(world.public().delete(&path).await.status, 200);
    }
    let seats = world.public().get(&path).await.json()["seats"][2].clone();
    assert_eq!(
        (&seats["seated"], &seats["withdrawn"]),
        (&json!(10), &json!(2)),
        "{seats}"
    );
    if let Some(beside) = beside {
        beside.end().await;
    }
}

/// Runs all at once and gives the results in order.
async fn together<T>(work: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = work.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        let mut waits = false;
        for (one, done) in &mut running {
            if done.is_none() {
                match one.as_mut().poll(cx) {
                    std::task::Poll::Ready(result) => *done = Some(result),
                    std::task::Poll::Pending => waits = true,
                }
            }
        }
        match waits {
            true => std::task::Poll::Pending,
            false => std::task::Poll::Ready(()),
        }
    })
    .await;
    running.into_iter().filter_map(|(_, done)| done).collect()
}

async fn a_receipt_opens_changes_and_takes_back_an_application(world: &World) {
    let draft = world.open().await;
    let public = world.public();
    let path = world.announced(&draft, notice()).await;
    let sent = world.applies(&path, "residents", 1).await;
    let mine = own(&public, &sent["receipt"]).await;
    assert_eq!(mine["number"], sent["number"]);
    assert_eq!(mine["contact"], "13800000001");
    assert_eq!(mine["category_name"], "居民");
    assert_eq!(mine["editable"], true);
    assert_eq!(world.review(&sent["number"], true).await, "eligible");

    let at = format!("/api/v1/receipts/{}", sent["receipt"].as_str().unwrap());
    let mut new = applicant("operators", 1);
    new["points"] = json!([{"clause": draft.clause("第三条"), "text": "罚款太高"}]);
    let changed = public.put(&at, new.clone()).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = changed.json();
    assert_eq!(
        (&changed["category"], &changed["state"]),
        (&json!("operators"), &json!("received"))
    );
    assert_eq!(changed["points"][0]["text"], "罚款太高");
    let bad = public
        .put(
            &at,
            json!({"category": "kings", "name": "", "contact": "x"}),
        )
        .await;
    assert_eq!(bad.faults(), ["category unknown", "name required"]);
    let typed = public.put(&at, json!({"category": 1})).await;
    assert_eq!(typed.faults(), ["category malformed"]);
    // A comment's receipt takes comments as before.
    let comment = json!({"author": {"kind": "individual", "display": "anonymous"}, "points": []});
    let unknown = public
        .put("/api/v1/receipts/0000-0000-0000-0000-0", comment)
        .await;
    assert_eq!(unknown.problem(), "not_found");
    let unread = public
        .put("/api/v1/receipts/0000-0000-0000-0000-0", json!({}))
        .await;
    assert_eq!(unread.faults(), ["author required"]);

    let gone = public.delete(&at).await;
    assert_eq!(gone.status, 200, "{gone:?}");
    let gone = gone.json();
    assert_eq!(
        (&gone["state"], &gone["name"], &gone["contact"]),
        (&json!("withdrawn"), &json!(""), &json!(""))
    );
    assert_eq!(public.delete(&at).await.problem(), "already_withdrawn");
    let late = world.applies(&path, "residents", 2).await;
    world.set_clock(ENDED);
    let at = format!("/api/v1/receipts/{}", late["receipt"].as_str().unwrap());
    assert_eq!(public.put(&at, new).await.problem(), "not_editable");
    assert_eq!(own(&public, &late["receipt"]).await["editable"], false);
}

async fn who_gives_a_seat_back_lets_the_first_reserve_move_up(world: &World) {
    let draft = world.open().await;
    let public = world.public();
    let path = world.announced(&draft, notice()).await;
    let first = world.applies(&path, "observers", 1).await;
    let second = world.applies(&path, "observers", 2).await;
    let third = world.applies(&path, "observers", 3).await;
    let seat = |sent: &Value| {
        format!(
            "/api/v1/receipts/{}/seat",
            sent["receipt"].as_str().unwrap()
        )
    };
    let none = public.post(&seat(&second), json!({"comes": true})).await;
    assert_eq!(none.problem(), "no_seat");
    let comes = public.post(&seat(&first), json!({"comes": true})).await;
    assert_eq!(comes.json()["state"], "confirmed", "{comes:?}");
    assert_eq!(comes.header("cache-control"), "no-store");
    let goes = public.post(&seat(&first), json!({"comes": false})).await;
    assert_eq!(goes.json()["state"], "declined", "{goes:?}");
    assert_eq!(own(&public, &second["receipt"]).await["state"], "chosen");
    assert_eq!(own(&public, &third["receipt"]).await["reserve"], 1);
    let missing = public.post(&seat(&second), json!({})).await;
    assert_eq!(missing.faults(), ["comes required"]);
    let unknown = "/api/v1/receipts/0000-0000-0000-0000-0/seat";
    assert_eq!(
        public.post(unknown, json!({"comes": true})).await.problem(),
        "not_found"
    );
    // Once the session begins, a seat is what it is.
    world.set_clock("2026-04-02T01:00:00Z");
    assert_eq!(
        public
            .post(&seat(&second), json!({"comes": true}))
            .await
            .problem(),
        "no_seat"
    );
}

async fn a_retry_is_the_same_application(world: &World) {
    let draft = world.open().await;
    let path = world.announced(&draft, notice()).await;
    let first = world.applies(&path, "residents", 1).await;
    let at = format!("{path}/applications");
    let person = world.public().with("idempotency-key", "k1");
    let other = person.post(&at, applicant("residents", 2)).await;
    assert_eq!(other.problem(), "key_reused");
    world.set_clock(ENDED);
    assert_eq!(world.applies(&path, "residents", 1).await, first);
    let late = world.public().with("idempotency-key", "late");
    assert_eq!(
        late.post(&at, applicant("residents", 3)).await.problem(),
        "not_applying"
    );
}
