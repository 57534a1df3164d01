//! Everything that can be wrong with a session, an application and who acts on them.

use crate::hearings::{ENDED, applicant, notice};
use crate::world::{CLOSED, World};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    the_notice_of_a_session_is_refused_by_field,
    bad_applications_reviews_and_draws_are_refused_in_words,
    another_unit_sees_nothing_unpublished_and_touches_nothing,
    each_role_of_a_session_is_refused_what_is_not_its_own,
}

async fn the_notice_of_a_session_is_refused_by_field(world: &World) {
    let draft = world.open().await;
    let editor = world.staff("editor");
    let at = draft.path("/hearings");
    for (pointer, new, faults) in [
        ("/kind", json!("party"), vec!["kind unknown"]),
        ("/title", json!(" "), vec!["title required"]),
        ("/starts_at", json!("tomorrow"), vec!["starts_at malformed"]),
        (
            "/starts_at",
            json!("2026-03-03T00:00:00Z"),
            vec!["starts_at too_early"],
        ),
        ("/total", json!("three"), vec!["total malformed"]),
        ("/total", json!(0), vec!["total out_of_range"]),
        ("/categories", json!([]), vec!["categories required"]),
        (
            "/categories/0/quota",
            json!(-1),
            vec!["categories.0.quota out_of_range"],
        ),
        (
            "/categories/0/quota",
            json!(1e30),
            vec!["categories.0.quota malformed"],
        ),
        (
            "/categories/1/code",
            json!("residents"),
            vec!["categories.1.code taken"],
        ),
        (
            "/categories/1/code",
            json!("居民"),
            vec!["categories.1.code malformed"],
        ),
        (
            "/categories/0/fill",
            json!("luck"),
            vec!["categories.0.fill unknown"],
        ),
        (
            "/applications_close_at",
            json!("2026-03-01T00:00:00Z"),
            vec!["applications_close_at too_early"],
        ),
    ] {
        let refused = editor
            .post(&at, crate::refusals::with(notice(), pointer, new))
            .await;
        assert_eq!(refused.status, 422, "{pointer}: {refused:?}");
        assert_eq!(refused.faults(), faults, "{pointer}");
    }
    for empty in [json!({}), json!([]), Value::Null] {
        let refused = editor.post(&at, empty).await;
        assert_eq!(refused.problem(), "invalid", "{refused:?}");
    }
    let mut poor = notice();
    poor["categories"][0]["quota"] = json!(1);
    poor["categories"][1]["quota"] = json!(2);
    let path = world.hearing(&draft, poor).await;
    let refused = world.act("approver", &path, "publish", json!({})).await;
    assert_eq!(refused.faults(), ["categories too_few_consumers"]);
    let path = world.announced(&draft, notice()).await;
    let again = world.act("approver", &path, "publish", json!({})).await;
    assert_eq!(again.problem(), "hearing_published");
    let mut more = notice();
    more["total"] = json!(4);
    more["categories"][0]["quota"] = json!(3);
    assert_eq!(editor.put(&path, more).await.problem(), "hearing_published");
    let mut moved = notice();
    moved["place"] = json!("图书馆");
    let refused = editor.put(&path, moved.clone()).await;
    assert_eq!(refused.problem(), "forbidden", "it is public");
    let changed = world.staff("approver").put(&path, moved).await.json();
    assert_eq!(changed["place"], "图书馆");
    assert_eq!(changed["earlier"]["notices"][0]["place"], notice()["place"]);
    let reason = world.act("approver", &path, "cancel", json!({})).await;
    assert_eq!(reason.faults(), ["reason required"]);
    let off = world
        .act("approver", &path, "cancel", json!({"reason": "改期"}))
        .await;
    assert_eq!(off.json()["cancelled_reason"], "改期", "{off:?}");
}

async fn bad_applications_reviews_and_draws_are_refused_in_words(world: &World) {
    let draft = world.open().await;
    let path = world.announced(&draft, notice()).await;
    let at = format!("{path}/applications");
    let person = world.public().with("idempotency-key", "k");
    for (body, faults) in [
        (
            json!({}),
            vec!["category required", "name required", "contact required"],
        ),
        (
            json!({"category": "kings", "name": "n", "contact": "c"}),
            vec!["category unknown"],
        ),
        (
            json!({"category": "residents", "name": "字".repeat(101), "contact": "c"}),
            vec!["name too_long"],
        ),
        (
            json!({"category": "residents", "name": "n", "contact": "c", "points": [{"clause": "x", "text": "y"}]}),
            vec!["points.0.clause unknown_clause"],
        ),
        (
            json!({"category": "residents", "name": "n", "contact": "c", "publish_name": "yes"}),
            vec!["publish_name malformed"],
        ),
        (
            json!({"category": ["residents"]}),
            vec!["category malformed"],
        ),
    ] {
        let refused = person.post(&at, body.clone()).await;
        assert_eq!(refused.faults(), faults, "{body}");
    }
    let without = world.public().post(&at, applicant("residents", 1)).await;
    assert_eq!(without.problem(), "idempotency_key");
    for nowhere in [
        "/api/v1/hearings/2026-0001-h9",
        "/api/v1/hearings/x",
        "/api/v1/hearings/2026-0001-h01",
    ] {
        assert_eq!(world.public().get(nowhere).await.problem(), "not_found");
        let refused = person
            .post(
                &format!("{nowhere}/applications"),
                applicant("residents", 1),
            )
            .await;
        assert_eq!(refused.problem(), "not_found", "{nowhere}");
    }
    let (moderator, approver) = (world.staff("moderator"), world.staff("approver"));
    let sent = world.applies(&path, "residents", 1).await;
    let review = format!(
        "/api/v1/applications/{}/review",
        sent["number"].as_str().unwrap()
    );
    let why = moderator.post(&review, json!({"eligible": false})).await;
    assert_eq!(why.faults(), ["reason required"]);
    assert_eq!(
        moderator.post(&review, json!({})).await.faults(),
        ["eligible required"]
    );
    let nobody = review.replace("-0001/", "-0009/");
    assert_eq!(
        moderator
            .post(&nobody, json!({"eligible": true}))
            .await
            .problem(),
        "not_found"
    );
    for unnamed in ["nobody", "%00", "x%27"] {
        let none = moderator.get(&format!("{at}?category={unnamed}")).await;
        assert_eq!(none.json(), json!({"items": [], "next": null}), "{unnamed}");
    }
    for (query, name) in [("state=asleep", "state"), ("after=x", "after")] {
        let refused = moderator.get(&format!("{at}?{query}")).await;
        assert_eq!(refused.problem(), "query", "{name}");
    }
    let early = approver
        .post(&format!("{path}/freeze"), json!({"seed_source": "x"}))
        .await;
    assert_eq!(early.problem(), "still_applying");
    let empty = approver.post(&format!("{path}/freeze"), json!({})).await;
    assert_eq!(empty.faults(), ["seed_source required"]);
    let number = approver
        .post(&format!("{path}/draw"), json!({"seed": 7}))
        .await;
    assert_eq!(number.faults(), ["seed malformed"]);
    let long = json!({"seed": "7".repeat(501)});
    let long = approver.post(&format!("{path}/draw"), long).await;
    assert_eq!(long.faults(), ["seed too_long"]);
    let papers = json!({"papers": [{"title": " ", "delivered_at": "2026-03-25T01:00:00Z"}]});
    let papers = world
        .staff("editor")
        .post(&format!("{path}/papers"), papers)
        .await;
    assert_eq!(papers.faults(), ["papers.0.title required"]);
    world.set_clock(ENDED);
    let early = json!({"attendance": "三人"});
    let early = approver.post(&format!("{path}/minutes"), early).await;
    assert_eq!(early.problem(), "not_begun");
    world.set_clock("2026-04-02T01:00:00Z");
    let clause = json!({"attendance": "三人", "statements": [{"speaker": "甲", "text": "乙", "clause": "x"}]});
    let minutes = approver.post(&format!("{path}/minutes"), clause).await;
    assert_eq!(minutes.faults(), ["statements.0.clause unknown_clause"]);
}

/// Every staff call about a session, with a body that would be taken, and who may make it.
fn calls(path: &str, number: &str) -> Vec<(&'static str, String, Value)> {
    let of = |rest: &str| format!("{path}/{rest}");
    let application = |rest: &str| format!("/api/v1/applications/{number}/{rest}");
    vec![
        ("approver", of("publish"), json!({})),
        ("approver", of("freeze"), json!({"seed_source": "x"})),
        ("approver", of("draw"), json!({"seed": "x"})),
        ("approver", of("minutes"), json!({"attendance": "x"})),
        ("approver", of("report"), json!({"report": "x"})),
        ("approver", of("cancel"), json!({"reason": "x"})),
        ("editor", of("papers"), json!({"papers": []})),
        (
            "moderator",
            application("review"),
            json!({"eligible": true}),
        ),
        ("moderator", application("contact"), Value::Null),
        ("moderator", of("participants"), json!({})),
    ]
}

async fn another_unit_sees_nothing_unpublished_and_touches_nothing(world: &World) {
    let draft = world.open().await;
    let stranger = world.staff("stranger");
    let hidden = world.hearing(&draft, notice()).await;
    assert_eq!(stranger.get(&hidden).await.problem(), "not_found");
    assert_eq!(
        stranger.get(&draft.path("/hearings")).await.json(),
        json!([])
    );
    assert_eq!(stranger.put(&hidden, notice()).await.problem(), "not_found");
    let list = format!("{hidden}/applications");
    assert_eq!(stranger.get(&list).await.problem(), "not_found");
    let number = format!("{}-0001", hidden.rsplit_once('/').unwrap().1);
    for (_, path, body) in calls(&hidden, &number) {
        assert_eq!(
            stranger.post(&path, body).await.problem(),
            "not_found",
            "{path}"
        );
    }
    let public = world.announced(&draft, notice()).await;
    let sent = world.applies(&public, "residents", 1).await;
    let number = sent["number"].as_str().unwrap();
    let before = world.staff("editor").get(&public).await.json();
    let list = format!("{public}/applications");
    assert_eq!(stranger.get(&list).await.problem(), "forbidden");
    assert_eq!(world.public().get(&list).await.problem(), "sign_in");
    assert_eq!(stranger.put(&public, notice()).await.problem(), "forbidden");
    let created = stranger.post(&draft.path("/hearings"), notice()).await;
    assert_eq!(created.problem(), "forbidden");
    for (_, path, body) in calls(&public, number) {
        assert_eq!(
            stranger.post(&path, body.clone()).await.problem(),
            "forbidden",
            "{path}"
        );
        assert_eq!(
            world.public().post(&path, body).await.problem(),
            "sign_in",
            "{path}"
        );
    }
    assert_eq!(
        world.staff("editor").get(&public).await.json(),
        before,
        "nothing happened"
    );
    let nowhere = "/api/v1/consultations/2026-9999/hearings";
    assert_eq!(world.public().get(nowhere).await.problem(), "not_found");
}

async fn each_role_of_a_session_is_refused_what_is_not_its_own(world: &World) {
    let draft = world.open().await;
    let path = world.announced(&draft, notice()).await;
    let sent = world.applies(&path, "residents", 1).await;
    let number = sent["number"].as_str().unwrap();
    let mut refused = 0;
    for (role, path, body) in calls(&path, number) {
        for who in ["editor", "moderator", "approver"] {
            if who != role {
                let answer = world.staff(who).post(&path, body.clone()).await;
                assert_eq!(answer.problem(), "forbidden", "{who}: {path}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 10 * 2);
    for who in ["moderator", "approver"] {
        let created = world
            .staff(who)
            .post(&draft.path("/hearings"), notice())
            .await;
        assert_eq!(created.problem(), "forbidden", "{who}");
        assert_eq!(
            world
                .staff(who)
                .get(&format!("{path}/applications"))
                .await
                .status,
            200
        );
    }
    world.set_clock(CLOSED);
    let held = world
        .act("approver", &path, "minutes", json!({"attendance": "x"}))
        .await;
    assert_eq!(held.status, 200, "{held:?}");
}
