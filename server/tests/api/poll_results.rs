//! The results of a poll as data: counted once per change, and never older than what they show.

use crate::polls::{CLOSES, questions};
use crate::world::World;
use serde_json::json;
use testing::{meddle, on_both_databases};

on_both_databases! {
    results_are_counted_once_and_every_change_shows_on_the_next_request,
    codes_that_are_made_show_with_the_results_on_the_next_request,
    the_clock_alone_makes_results_public,
}

async fn results_are_counted_once_and_every_change_shows_on_the_next_request(world: &World) {
    let draft = world.open().await;
    let mut poll = questions();
    poll["results"] = json!("at_once");
    let path = world.asked(&draft, poll).await;
    let (json, table) = (format!("{path}/results"), format!("{path}/results.csv"));
    let person = world.public();
    let mut before = [String::new(), String::new()];
    let ballot = json!({"fee": "yes", "where": ["street"], "more": "多建车库"});
    for ballots in 1..3 {
        assert_eq!(world.votes(&path, ballot.clone()).await.status, 201);
        for (path, before) in [&json, &table].into_iter().zip(&mut before) {
            let counted = person.get(path).await;
            assert_eq!(counted.header("cache-control"), "public, no-cache");
            let etag = counted.header("etag").to_owned();
            assert_ne!(etag, *before, "{path}: a ballot came");
            let held = person.clone().with("if-none-match", &etag);
            assert_eq!(held.get(path).await.status, 304, "{path}");
            let packed = person.clone().with("accept-encoding", "br");
            let packed = packed.get(path).await;
            assert_eq!(packed.header("content-encoding"), "br", "{path}");
            *before = etag;
        }
        assert_eq!(person.get(&json).await.json()["ballots"], ballots);
    }
    // On SQLite, what another process writes is noticed after a while.
    if !world.database_url.starts_with("sqlite") {
        meddle(&world.database_url, "delete from ballot_cell").await;
        for (path, etag) in [&json, &table].into_iter().zip(&before) {
            assert_eq!(person.get(path).await.header("etag"), etag, "counted again");
        }
    }
    let moderator = world.staff("moderator");
    let texts = moderator.get(&format!("{path}/texts")).await.json();
    let id = texts["items"][0]["id"].as_str().unwrap();
    let decide = format!("texts/{id}/moderation");
    for (decision, shown) in [("publish", true), ("hold", false)] {
        let decision = json!({"decision": decision});
        let done = world.run("moderator", &path, &decide, decision).await;
        assert_eq!(done.status, 204, "{done:?}");
        for path in [&json, &table] {
            let told = person.get(path).await.text().contains("多建车库");
            assert_eq!(told, shown, "{path}");
        }
    }
    let reason = json!({"reason": "问题有误"});
    assert_eq!(
        world.run("approver", &path, "cancel", reason).await.status,
        200
    );
    let off = person.get(&json).await.json();
    assert_eq!(off["cancelled_reason"], "问题有误");
}

async fn codes_that_are_made_show_with_the_results_on_the_next_request(world: &World) {
    let draft = world.open().await;
    let mut poll = questions();
    poll["results"] = json!("at_once");
    poll["identity"] = json!("one_time_code");
    let path = world.asked(&draft, poll).await;
    let results = format!("{path}/results");
    let page = results.replace("/api/v1", "");
    for given in [0, 2, 4] {
        if given > 0 {
            let made = world.run("approver", &path, "codes", json!({"count": 2}));
            assert_eq!(made.await.status, 201);
        }
        let told = world.public().get(&results).await.json();
        assert_eq!(told["codes"]["given"], given);
        let told = world.public().get(&page).await.text();
        assert!(
            told.contains(&format!("Codes given out: {given}.")),
            "{told}"
        );
    }
}

async fn the_clock_alone_makes_results_public(world: &World) {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    assert_eq!(world.votes(&path, json!({"fee": "yes"})).await.status, 201);
    for name in ["results", "results.csv"] {
        let path = format!("{path}/{name}");
        let staff = world.staff("editor").get(&path).await;
        assert_eq!(
            (staff.status.as_u16(), staff.header("cache-control")),
            (200, "no-store")
        );
        let early = world.public().get(&path).await;
        assert_eq!(early.problem(), "not_found", "what staff read is theirs");
    }
    world.set_clock(CLOSES);
    for name in ["results", "results.csv"] {
        let late = world.public().get(&format!("{path}/{name}")).await;
        assert_eq!(late.status, 200, "{name}");
    }
}
