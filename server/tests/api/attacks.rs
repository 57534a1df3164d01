//! What a hostile reader of the code would try: walls that only seem to stand, input that gets
//! lost on a side path, pages that disappear or stand still.

use crate::steps::SECOND_DRAFT;
use crate::world::{CLOSED, Draft, LISTED, World, comment};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    an_inline_widget_does_not_believe_a_claimed_host,
    a_feedback_stays_readable_during_the_next_round,
    a_list_gains_what_opens_by_the_clock,
    one_point_taken_back_loses_no_other_answer,
    an_answer_that_was_not_touched_is_not_overwritten,
    a_named_change_stays_where_the_form_has_no_field_for_it,
    a_comment_refused_for_haste_comes_back_whole,
    an_edit_that_comes_too_late_gives_the_words_back,
    a_version_not_yet_public_shows_in_no_answer,
    a_database_that_is_away_is_asked_for_again,
}

async fn an_inline_widget_does_not_believe_a_claimed_host(world: &World) {
    let draft = world.open().await;
    let query = form_urlencoded::byte_serialize(LISTED.as_bytes()).collect::<String>();
    for path in [
        format!("/embed/c/{}", draft.number),
        "/embed/u/transport".into(),
    ] {
        let path = format!("{path}?mode=inline&host={query}");
        let listed = world.public().with("origin", LISTED);
        let evil = world.public().with("origin", "https://evil.example");
        // Twice: the second answer comes from memory.
        for _ in 0..2 {
            let answer = listed.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), LISTED);
            let answer = evil.get(&path).await;
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}

async fn a_feedback_stays_readable_during_the_next_round(world: &World) {
    let (draft, _) = world.answered().await;
    let page = format!("/c/{}/feedback", draft.number);
    let api = draft.path("/feedback");
    assert_eq!(world.public().get(&page).await.status, 200);
    let round = json!({
        "version": 2,
        "opens_at": CLOSED,
        "closes_at": "2026-06-10T16:00:00Z",
    });
    let published = world
        .staff("approver")
        .post(&draft.path("/publish"), round)
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let after = world.public().get(&page).await;
    assert_eq!(after.status, 200, "it was public and stays so");
    assert!(after.text().contains("写明每小时不超过二元。"));
    assert_eq!(world.public().get(&api).await.status, 200);
}

async fn a_list_gains_what_opens_by_the_clock(world: &World) {
    // One that is open already, so that the list is not empty.
    world.open().await;
    let later = world.prepared().await;
    let round = json!({
        "version": 1,
        "opens_at": "2026-03-02T03:00:00Z",
        "closes_at": "2026-04-10T16:00:00Z",
    });
    let published = world
        .staff("approver")
        .post(&later.path("/publish"), round)
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let link = format!("/c/{}", later.number);
    for list in ["/?state=open", "/u/transport?state=open"] {
        let before = world.public().get(list).await.text();
        assert!(!before.contains(&link), "{list}");
    }
    world.set_clock("2026-03-02T03:00:01Z");
    for list in ["/?state=open", "/u/transport?state=open"] {
        let after = world.public().get(list).await.text();
        assert!(after.contains(&link), "{list}");
    }
}

/// Three comments of one point each: number, receipt and point.
async fn three(world: &World, draft: &Draft) -> Vec<(String, String, String)> {
    let mut sent = Vec::new();
    for key in ["one", "two", "three"] {
        let body = comment(&[(None, key, None)]);
        let receipt = world.public().comments(draft, key, body).await;
        let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
        sent.push((text("number"), text("receipt")));
    }
    for (number, _) in &sent {
        world.publish(number).await;
    }
    let points = world.points(draft).await;
    sent.into_iter()
        .zip(points)
        .map(|((number, receipt), point)| (number, receipt, point))
        .collect()
}

/// The hidden fields of the form of answers, as the page gave them.
fn marks(page: &str) -> Vec<(String, String)> {
    let of = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    page.split("<input")
        .filter_map(|tag| Some((of(tag, "name")?, of(tag, "value")?)))
        .filter(|(name, _)| name.ends_with(".was"))
        .collect()
}

/// The responses of the queue, by point.
async fn response(world: &World, draft: &Draft, point: &str) -> Value {
    let queue = world
        .staff("editor")
        .get(&draft.path("/queue"))
        .await
        .json();
    let items = queue["items"].as_array().unwrap().clone();
    let mut points = items
        .iter()
        .flat_map(|item| item["points"].as_array().unwrap().clone());
    points.find(|one| one["id"] == point).unwrap()["response"].clone()
}

async fn one_point_taken_back_loses_no_other_answer(world: &World) {
    let draft = world.open().await;
    let sent = three(world, &draft).await;
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/points", draft.number);
    let page = desk.get(&path).await.text();
    let mut pairs = marks(&page);
    assert_eq!(pairs.len(), 3, "{page}");
    // While the answers are written, the first is withdrawn and the second reworded.
    let own = |code: &str| format!("/api/v1/receipts/{code}");
    assert_eq!(world.public().delete(&own(&sent[0].1)).await.status, 200);
    let anew = comment(&[(None, "改", None)]);
    let edited = world.public().put(&own(&sent[1].1), anew).await;
    assert_eq!(edited.status, 200);
    for (_, _, point) in &sent {
        pairs.push((format!("{point}.disposition"), "support_noted".into()));
        pairs.push((format!("{point}.reason"), String::new()));
    }
    // The fields of a point stand together, as on the page.
    pairs.sort();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = desk.submit(&path, &pairs).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    assert!(
        answer.text().contains("2 answers were not saved"),
        "{}",
        answer.text()
    );
    let saved = response(world, &draft, &sent[2].2).await;
    assert_eq!(saved["disposition"], "support_noted");
}

async fn an_answer_that_was_not_touched_is_not_overwritten(world: &World) {
    let draft = world.open().await;
    let sent = three(world, &draft).await;
    let noted = json!({"disposition": "support_noted"});
    assert_eq!(world.respond(&sent[0].2, noted).await.status, 200);
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/points", draft.number);
    let mut pairs = marks(&desk.get(&path).await.text());
    // A colleague answers the first anew and the second for the first time.
    let anew = json!({"disposition": "not_adopted", "reason": "与上位法不符。"});
    for point in [&sent[0].2, &sent[1].2] {
        assert_eq!(world.respond(point, anew.clone()).await.status, 200);
    }
    // The form still holds what was shown, and an answer to the third.
    for (point, disposition) in [
        (&sent[0].2, "support_noted"),
        (&sent[1].2, ""),
        (&sent[2].2, "support_noted"),
    ] {
        pairs.push((format!("{point}.disposition"), disposition.into()));
        pairs.push((format!("{point}.reason"), String::new()));
    }
    pairs.sort();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = desk.submit(&path, &pairs).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    for (point, disposition) in [
        (&sent[0].2, "not_adopted"),
        (&sent[1].2, "not_adopted"),
        (&sent[2].2, "support_noted"),
    ] {
        assert_eq!(
            response(world, &draft, point).await["disposition"],
            disposition
        );
    }
}

async fn a_named_change_stays_where_the_form_has_no_field_for_it(world: &World) {
    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let sent = three(world, &draft).await;
    let second = json!({"text": SECOND_DRAFT});
    let second = world
        .staff("editor")
        .post(&draft.path("/drafts"), second)
        .await;
    assert_eq!(second.status, 201, "{second:?}");
    let adopted = json!({"disposition": "adopted", "change": {"clause": clause}});
    for (_, _, point) in &sent[..2] {
        assert_eq!(world.respond(point, adopted.clone()).await.status, 200);
    }
    // The second version goes out for comment itself, so the form has no newer one to name.
    world.set_clock(CLOSED);
    let round = json!({"version": 2, "opens_at": CLOSED, "closes_at": "2026-06-10T16:00:00Z"});
    let published = world
        .staff("approver")
        .post(&draft.path("/publish"), round)
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/points", draft.number);
    let page = desk.get(&path).await.text();
    assert!(!page.contains("change.clause"), "{page}");
    let mut pairs = marks(&page);
    for (point, reason) in [(&sent[0].2, ""), (&sent[1].2, "已采纳。")] {
        pairs.push((format!("{point}.disposition"), "adopted".into()));
        pairs.push((format!("{point}.reason"), reason.into()));
    }
    pairs.sort();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = desk.submit(&path, &pairs).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    for (_, _, point) in &sent[..2] {
        assert_eq!(response(world, &draft, point).await["change"], clause);
    }
    assert_eq!(
        response(world, &draft, &sent[1].2).await["reason"],
        "已采纳。"
    );
}

async fn a_comment_refused_for_haste_comes_back_whole(world: &World) {
    let draft = world.open().await;
    // Whoever sits behind this address has used up its allowance.
    let nothing = "/api/v1/consultations/2026-0999/comments";
    let hasty = world.public().with("idempotency-key", "k");
    let mut last = 404;
    for _ in 0..400 {
        let sent = hasty.post(nothing, comment(&[(None, "x", None)])).await;
        last = sent.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    let path = format!("/c/{}/comment", draft.number);
    let pairs = [
        ("kind", "individual"),
        ("display", "anonymous"),
        ("contact", "13800000000"),
        ("key", "a-key-of-ours"),
        ("points.0.text", "停车太贵，\n请降价"),
        ("points.0.proposed", "每小时二元"),
        ("action", "send"),
    ];
    let answer = world.public().submit(&path, &pairs).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert_ne!(answer.header("retry-after"), "");
    let page = answer.text();
    for kept in [
        "13800000000",
        "a-key-of-ours",
        "停车太贵",
        "请降价",
        "每小时二元",
    ] {
        assert!(page.contains(kept), "{kept}");
    }
    assert!(page.contains("value=\"send\""), "{page}");
}

async fn an_edit_that_comes_too_late_gives_the_words_back(world: &World) {
    let draft = world.open().await;
    let sent = comment(&[(None, "太贵", None)]);
    let receipt = world.public().comments(&draft, "key", sent).await;
    let code = receipt["receipt"].as_str().unwrap();
    world.set_clock(CLOSED);
    for action in ["review", "save"] {
        let pairs = [
            ("code", code),
            ("kind", "individual"),
            ("display", "anonymous"),
            ("points.0.text", "改了很久的话"),
            ("action", action),
        ];
        let answer = world.public().submit("/r", &pairs).await;
        assert_eq!(answer.status, 409, "{action}");
        assert!(answer.text().contains("改了很久的话"), "{action}");
    }
}

async fn a_version_not_yet_public_shows_in_no_answer(world: &World) {
    let (draft, code) = world.answered().await;
    let own = format!("/api/v1/receipts/{code}");
    let labels = async || {
        let listed = world.public().get(&draft.path("/comments")).await.json();
        let own = world.public().get(&own).await.json();
        let label = |point: &Value| point["response"]["change_label"].clone();
        [
            label(&listed["items"][0]["points"][0]),
            label(&own["points"][0]),
        ]
    };
    assert_eq!(labels().await, [json!("第二条"), json!("第二条")]);
    // In the next version, which nobody outside has seen, the clause has another number.
    let (head, rest) = SECOND_DRAFT.split_once("第一条").unwrap();
    let third = format!("{head}第一条 停车应当让行。\n\n第二条{rest}")
        .replace("第三条 残", "第四条 残")
        .replace("第二条 停车应当付费", "第三条 停车应当付费");
    let third = json!({"text": third});
    let added = world
        .staff("editor")
        .post(&draft.path("/drafts"), third)
        .await;
    assert_eq!(added.status, 201, "{added:?}");
    let clauses = added.json()["clauses"].as_array().unwrap().clone();
    let moved = clauses
        .iter()
        .find(|one| one["id"] == draft.clause("第二条"));
    assert_eq!(moved.unwrap()["label"], "第三条", "{clauses:?}");
    assert_eq!(labels().await, [json!("第二条"), json!("第二条")]);
}

async fn a_database_that_is_away_is_asked_for_again(world: &World) {
    let draft = world.open().await;
    world.backend.close().await;
    let person = world.public().with("idempotency-key", "key");
    let sent = comment(&[(None, "太贵", None)]);
    for answer in [
        person.get("/api/v1/units").await,
        person.get(&draft.path("/comments")).await,
        person.post(&draft.path("/comments"), sent).await,
        // Where the request comes from is asked of the database as well.
        person.with("origin", LISTED).get(&draft.path("")).await,
    ] {
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.problem(), "overloaded");
        assert_ne!(answer.header("retry-after"), "");
    }
    let path = format!("/c/{}", draft.number);
    assert_eq!(world.public().get(&path).await.status, 503);
}
