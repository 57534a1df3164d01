//! The staff's way from a queue of comments to published feedback, as a program goes it.

use crate::steps::three_texts;
use crate::world::{CLOSED, World, comment};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    the_queue_filters_by_state_clause_and_text_and_goes_on_by_key,
    each_disposition_asks_for_what_its_reader_needs,
    feedback_waits_for_closing_and_for_every_answer,
    everyone_reads_the_feedback_and_senders_their_answers,
    a_consultation_is_given_up_with_a_public_reason,
}

async fn the_queue_filters_by_state_clause_and_text_and_goes_on_by_key(world: &World) {
    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let person = world.public();
    for n in 1..=103 {
        let about = (n % 2 == 0).then_some(clause.as_str());
        let text = format!("第{n}件 100%_Ａbc");
        let body = comment(&[(about, &text, None)]);
        person.comments(&draft, &format!("k{n}"), body).await;
    }
    world.publish(&format!("{}-4", draft.number)).await;
    world.hold(&format!("{}-6", draft.number), "repeated").await;

    let numbers = |query: String| {
        let staff = world.staff("moderator");
        let first = draft.path(&format!("/queue?{query}"));
        async move {
            let (mut path, mut numbers, mut pages) = (first.clone(), Vec::new(), 0);
            loop {
                let page = staff.get(&path).await;
                assert_eq!(page.status, 200, "{page:?}");
                let page = page.json();
                pages += 1;
                let items = page["items"].as_array().unwrap().clone();
                assert!(items.len() <= 50);
                numbers.extend(items.iter().map(|item| {
                    let number = item["number"].as_str().unwrap();
                    number.rsplit('-').next().unwrap().parse::<u32>().unwrap()
                }));
                match page["next"].as_str() {
                    Some(next) => path = format!("{first}&after={next}"),
                    None => return (numbers, pages),
                }
            }
        }
    };
    let all: Vec<u32> = (1..=103).collect();
    let even = || all.iter().copied().filter(|n| n % 2 == 0);
    assert_eq!(numbers(String::new()).await, (all.clone(), 3));
    let received = numbers("state=received".into()).await.0;
    assert_eq!(received.len(), 101);
    assert_eq!(numbers("state=published".into()).await.0, [4]);
    assert_eq!(numbers("state=held".into()).await.0, [6]);
    assert_eq!(numbers("state=withdrawn".into()).await.0, [0; 0]);
    let on_clause: Vec<u32> = even().collect();
    assert_eq!(
        numbers(format!("clause={clause}")).await,
        (on_clause.clone(), 2)
    );
    let both = numbers(format!("clause={clause}&state=received")).await.0;
    let waiting: Vec<u32> = on_clause
        .into_iter()
        .filter(|n| ![4, 6].contains(n))
        .collect();
    assert_eq!(both, waiting);
    // Full-width letters and case do not matter; the signs of a pattern are plain signs.
    assert_eq!(numbers("q=aBC".into()).await.0, all);
    assert_eq!(numbers("q=100%25_".into()).await.0, all);
    assert_eq!(numbers("q=1%250".into()).await.0, [0; 0]);
    let seventh = form_urlencoded::byte_serialize("第7件".as_bytes()).collect::<String>();
    assert_eq!(numbers(format!("q={seventh}")).await.0, [7]);
    let sender = form_urlencoded::byte_serialize("朱小明".as_bytes()).collect::<String>();
    assert_eq!(numbers(format!("q={sender}")).await.0, all);
    let empty = "state=&clause=&q=&unanswered=".to_owned();
    assert_eq!(numbers(empty).await.0, all);
}

async fn each_disposition_asks_for_what_its_reader_needs(world: &World) {
    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let number = world.one_comment(&draft, "k", "太贵").await;
    world.publish(&number).await;
    let point = world.points(&draft).await.remove(0);
    let bare = [
        ("adopted", false),
        ("adopted_in_substance", false),
        ("partly_adopted", true),
        ("already_covered", false),
        ("for_later_study", false),
        ("not_adopted", true),
        ("referred", true),
        ("out_of_scope", false),
        ("support_noted", false),
        ("duplicate", false),
        ("unclear", false),
    ];
    for (disposition, needs_reason) in bare {
        let without = json!({"disposition": disposition});
        let answer = world.respond(&point, without).await;
        if needs_reason {
            assert_eq!(answer.faults(), ["reason required"], "{disposition}");
        } else {
            assert_eq!(answer.status, 200, "{disposition} {answer:?}");
        }
        let with = json!({"disposition": disposition, "reason": "因为。"});
        let answer = world.respond(&point, with).await;
        assert_eq!(answer.status, 200, "{disposition} {answer:?}");
        let answer = answer.json();
        assert_eq!(
            (&answer["disposition"], &answer["reason"]),
            (&json!(disposition), &json!("因为。"))
        );
        let changed =
            json!({"disposition": disposition, "reason": "因为。", "change": {"clause": clause}});
        let answer = world.respond(&point, changed).await;
        if disposition.contains("adopted") && disposition != "not_adopted" {
            assert_eq!(answer.json()["change_label"], "第二条", "{disposition}");
        } else {
            assert_eq!(answer.faults(), ["change.clause unknown"], "{disposition}");
        }
    }
    for unknown in ["01890000-0000-7000-8000-000000000001", "第二条"] {
        let change = json!({"disposition": "adopted", "change": {"clause": unknown}});
        let answer = world.respond(&point, change).await;
        assert_eq!(answer.faults(), ["change.clause unknown_clause"]);
    }
    let answer = json!({"disposition": "ignored"});
    let answer = world.respond(&point, answer).await;
    assert_eq!(answer.faults(), ["disposition unknown"]);
    let queue = world
        .staff("editor")
        .get(&draft.path("/queue"))
        .await
        .json();
    assert_eq!(
        queue["items"][0]["points"][0]["response"]["disposition"],
        "unclear"
    );
    let list = world.public().get(&draft.path("/comments")).await.json();
    assert_eq!(
        list["items"][0]["points"][0]["response"],
        Value::Null,
        "answers are public with the feedback, not before"
    );
}

async fn feedback_waits_for_closing_and_for_every_answer(world: &World) {
    let prepared = world.prepared().await;
    let approver = world.staff("approver");
    let no_round = approver
        .post(&prepared.path("/feedback"), three_texts())
        .await;
    assert_eq!(no_round.problem(), "no_round");

    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let two = comment(&[(Some(&clause), "太贵", None), (None, "支持", None)]);
    let sent = world.public().comments(&draft, "k1", two).await;
    world.publish(sent["number"].as_str().unwrap()).await;
    let waiting = world.one_comment(&draft, "k2", "还没有看").await;
    let path = draft.path("/feedback");
    let open = approver.post(&path, three_texts()).await;
    assert_eq!(
        (open.status.as_u16(), open.problem().as_str()),
        (409, "round_still_open")
    );
    world.set_clock(CLOSED);
    let texts = approver.post(&path, json!({"asked": "问"})).await;
    assert_eq!(texts.faults(), ["heard required", "changed required"]);

    let refused = approver.post(&path, three_texts()).await;
    assert_eq!(
        (refused.status.as_u16(), refused.problem().as_str()),
        (409, "unanswered")
    );
    let points = world.points(&draft).await;
    let listed = |answer: &Value| -> BTreeSet<String> {
        let points = answer.as_array().unwrap().iter();
        points
            .map(|point| point["point"].as_str().unwrap().to_owned())
            .collect()
    };
    let missing = refused.json()["unanswered"].clone();
    assert_eq!(missing.as_array().unwrap().len(), 3);
    assert!(points.iter().all(|point| listed(&missing).contains(point)));
    assert_eq!(missing[0]["clause_label"], "第二条");
    assert_eq!(missing[2]["comment"], waiting);
    let same = world.staff("editor").get(&draft.path("/unanswered")).await;
    assert_eq!(same.json(), json!({"items": missing, "next": null}));

    for point in &points {
        let noted = json!({"disposition": "support_noted"});
        assert_eq!(world.respond(point, noted).await.status, 200);
    }
    let refused = approver.post(&path, three_texts()).await;
    let left = refused.json()["unanswered"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    // What is held needs no answer.
    world.hold(&waiting, "no_substance").await;
    assert_eq!(world.public().get(&path).await.status, 404);
    let published = approver.post(&path, three_texts()).await;
    assert_eq!(published.status, 201, "{published:?}");
    let again = approver.post(&path, three_texts()).await;
    assert_eq!(again.problem(), "already_answered");
    let late = json!({"disposition": "adopted"});
    assert_eq!(
        world.respond(&points[0], late).await.problem(),
        "already_answered"
    );
    let moderation = format!("/api/v1/comments/{waiting}/moderation");
    let publish = json!({"decision": "publish"});
    let late = world.staff("moderator").post(&moderation, publish).await;
    assert_eq!(late.problem(), "already_answered");
}

async fn everyone_reads_the_feedback_and_senders_their_answers(world: &World) {
    let (draft, code) = world.answered().await;
    let person = world.public();
    let feedback = person.get(&draft.path("/feedback")).await.json();
    assert_eq!(feedback["heard"], "收费太贵。");
    assert_eq!(
        (&feedback["version"], &feedback["new_version"]),
        (&json!(1), &json!(2))
    );
    let of = |counts: &Value| {
        ["received", "waiting", "published", "held", "withdrawn"]
            .map(|state| counts[state].as_i64().unwrap())
    };
    assert_eq!(of(&feedback["counts"]["comments"]), [3, 0, 1, 1, 1]);
    assert_eq!(of(&feedback["counts"]["points"]), [4, 0, 2, 1, 1]);
    let sum: i64 = feedback["dispositions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| count["points"].as_i64().unwrap())
        .sum();
    assert_eq!(sum, 2);
    assert_eq!(feedback["points"].as_array().unwrap().len(), 2);
    assert_eq!(feedback["points"][0]["response"]["change_label"], "第二条");
    assert_eq!(feedback["points"][0]["author"]["name"], "朱**");
    let because = &feedback["changes"][0];
    assert_eq!(because["change"]["label"], "第二条");
    assert_eq!(because["points"], json!([feedback["points"][0]["id"]]));

    let seen = person.get(&draft.path("")).await.json();
    assert_eq!(seen["state"], "answered");
    assert_eq!(seen["versions"].as_array().unwrap().len(), 2);
    let redline = person.get(&draft.path("/drafts/1/changes/2")).await;
    assert_eq!(redline.status, 200, "the new version is public with it");

    let own = person.get(&format!("/api/v1/receipts/{code}")).await.json();
    assert_eq!(
        (&own["answered"], &own["editable"]),
        (&json!(true), &json!(false))
    );
    let answers: Vec<_> = own["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["response"]["disposition"].clone())
        .collect();
    assert_eq!(answers, [json!("adopted"), json!("support_noted")]);
    let page = person.submit("/r", &[("code", &code)]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Adopted"), "{}", page.text());

    // The address that was given away before leads to the feedback, and all others to it.
    let home = format!("/c/{}", draft.number);
    let link = format!("{home}/feedback");
    for (old, leads_to) in [
        ("", &link),
        ("/draft/1", &home),
        ("/comments", &home),
        ("/comment", &home),
    ] {
        let page = person.get(&format!("{home}{old}")).await;
        assert_eq!(page.status, 200, "{old}");
        let leads = page.text().contains(&format!("href=\"{leads_to}\""));
        assert!(leads, "{old} does not lead to {leads_to}");
    }
    let page = person.get(&link).await.text();
    for text in ["停车怎么收费。", "收费太贵。", "写明每小时不超过二元。"] {
        assert!(page.contains(text), "{text}");
    }
}

async fn a_consultation_is_given_up_with_a_public_reason(world: &World) {
    let draft = world.open().await;
    let approver = world.staff("approver");
    let path = draft.path("/withdraw");
    let bare = approver.post(&path, json!({})).await;
    assert_eq!(bare.faults(), ["reason required"]);
    let done = approver
        .post(&path, json!({"reason": "上位法已改。"}))
        .await;
    assert_eq!(done.status, 204, "{done:?}");
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(
        (&seen["state"], &seen["withdrawn_reason"]),
        (&json!("withdrawn"), &json!("上位法已改。"))
    );
    let person = world.public().with("idempotency-key", "k");
    let late = person
        .post(&draft.path("/comments"), comment(&[(None, "晚了", None)]))
        .await;
    assert_eq!(late.problem(), "consultation_withdrawn");
    let again = approver.post(&path, json!({"reason": "又"})).await;
    assert_eq!(again.problem(), "consultation_withdrawn");
}
