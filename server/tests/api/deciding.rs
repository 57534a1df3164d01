//! The staff's way from a draft to published feedback, as a program goes it.

use crate::steps::{SECOND_DRAFT, three_texts};
use crate::world::{CLOSED, Draft, World, comment};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    a_draft_becomes_clauses_and_says_what_looks_wrong,
    a_file_in_gb18030_is_read_like_one_in_utf8,
    two_versions_are_compared_clause_by_clause,
    a_doubtful_match_is_corrected_before_publication_only,
    a_short_period_needs_a_public_reason,
    the_queue_filters_by_state_clause_and_text_and_goes_on_by_key,
    each_disposition_asks_for_what_its_reader_needs,
    feedback_waits_for_closing_and_for_every_answer,
    everyone_reads_the_feedback_and_senders_their_answers,
    a_consultation_is_given_up_with_a_public_reason,
}

async fn a_draft_becomes_clauses_and_says_what_looks_wrong(world: &World) {
    let draft = world.prepared().await;
    let article = &draft.clauses[2];
    assert_eq!(article["label"], "第一条");
    assert_eq!(article["kind"], "article");
    assert_eq!(article["path"], json!(["第一章 总则"]));
    assert_eq!(article["text"], "为了规范停车，制定本办法。");
    assert_eq!(draft.clauses[0]["kind"], "text");
    assert_eq!(draft.clauses.len(), 6, "{:?}", draft.clauses);

    let doubtful = "第一条 甲。\n第三条 乙。\n第三条 丙。\n";
    let editor = world.staff("editor");
    let added = editor
        .post(&draft.path("/drafts"), json!({"text": doubtful}))
        .await;
    assert_eq!(added.status, 201, "{added:?}");
    let location = draft.path("/drafts/2");
    assert_eq!(added.header("location"), location);
    let added = added.json();
    assert_eq!(added["version"], 2);
    let warnings: Vec<_> = added["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| {
            (
                warning["kind"].as_str().unwrap(),
                warning["label"].as_str().unwrap(),
                warning["line"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        warnings,
        [
            ("missing_number", "第二条", 2),
            ("repeated_number", "第三条", 3)
        ]
    );
    let read = editor.get(&location).await;
    assert_eq!(read.json(), added, "what was answered is what is kept");
    let public = world.public().get(&location).await;
    assert_eq!(public.status, 404, "{public:?}");
}

/// 第一条 为了规范停车，制定本办法。 and 第三条 停车应当付费。 on lines of their own.
const IN_GB18030: &[u8] = b"\xb5\xda\xd2\xbb\xcc\xf5 \xce\xaa\xc1\xcb\xb9\xe6\xb7\xb6\xcd\xa3\xb3\xb5\xa3\xac\xd6\xc6\
    \xb6\xa8\xb1\xbe\xb0\xec\xb7\xa8\xa1\xa3\r\n\xb5\xda\xc8\xfd\xcc\xf5 \xcd\xa3\xb3\xb5\xd3\xa6\xb5\xb1\xb8\xb6\xb7\xd1\xa1\xa3\r\n";

async fn a_file_in_gb18030_is_read_like_one_in_utf8(world: &World) {
    let draft = world.prepared().await;
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/draft", draft.number);
    let uploaded = desk.upload(&path, "draft.txt", IN_GB18030).await;
    assert_eq!(uploaded.status, 303, "{uploaded:?}");
    let utf8 = "第一条 为了规范停车，制定本办法。\n第三条 停车应当付费。\n";
    let uploaded = desk.upload(&path, "draft.txt", utf8.as_bytes()).await;
    assert_eq!(uploaded.status, 303, "{uploaded:?}");

    let editor = world.staff("editor");
    let version = |version: u8| {
        let (editor, path) = (editor.clone(), draft.path(&format!("/drafts/{version}")));
        async move { editor.get(&path).await.json() }
    };
    let (gb, utf) = (version(2).await, version(3).await);
    assert_eq!(gb["clauses"][0]["text"], "为了规范停车，制定本办法。");
    assert_eq!(gb["clauses"][1]["label"], "第三条");
    assert_eq!(gb["warnings"][0]["label"], "第二条");
    for part in ["clauses", "warnings", "filename"] {
        assert_eq!(gb[part], utf[part]);
    }
    // The original is kept byte by byte.
    let original = format!("/c/{}/draft/2/original", draft.number);
    let original = desk.get(&original).await;
    assert_eq!(original.body, IN_GB18030);
}

/// The second version, added.
async fn revised(world: &World, draft: &Draft) -> Value {
    let path = draft.path("/drafts");
    let added = world
        .staff("editor")
        .post(&path, json!({"text": SECOND_DRAFT}))
        .await;
    assert_eq!(added.status, 201, "{added:?}");
    added.json()
}

async fn two_versions_are_compared_clause_by_clause(world: &World) {
    let draft = world.open().await;
    let second = revised(world, &draft).await;
    let path = draft.path("/drafts/1/changes/2");
    assert_eq!(world.public().get(&path).await.status, 404);
    let changes = world.staff("editor").get(&path).await.json();
    assert_eq!((&changes["from"], &changes["to"]), (&json!(1), &json!(2)));
    let changes = changes["changes"].as_array().unwrap();
    let of = |label: &str| {
        changes
            .iter()
            .find(|change| change["label"] == label)
            .unwrap_or_else(|| panic!("no {label} in {changes:?}"))
    };
    assert_eq!(of("第一条")["kind"], "same");
    assert_eq!(of("第二条")["kind"], "reworded");
    assert_eq!(of("第三条")["kind"], "added");
    assert_eq!(of("第三条")["from"], Value::Null);
    let renumbered = of("第四条");
    assert_eq!(renumbered["from"], draft.clause("第三条"));
    assert_eq!(renumbered["from_label"], "第三条");

    let kept = second["clauses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|clause| clause["label"] == "第二条")
        .unwrap();
    assert_eq!(kept["id"], draft.clause("第二条"), "a clause lives on");
    let inline = of("第二条")["inline"].as_array().unwrap();
    let side = |dropped: &str| -> String {
        let runs = inline.iter().filter(|run| run["op"] != dropped);
        runs.map(|run| run["text"].as_str().unwrap()).collect()
    };
    assert_eq!(
        side("insert"),
        "停车应当付费，收费标准由区人民政府制定。",
        "without what was inserted it reads as before"
    );
    assert_eq!(
        side("delete"),
        "停车应当付费，收费标准由区人民政府制定，每小时不超过二元。"
    );
}

async fn a_doubtful_match_is_corrected_before_publication_only(world: &World) {
    let draft = world.open().await;
    let second = revised(world, &draft).await;
    let id = |label: &str| {
        let clauses = second["clauses"].as_array().unwrap();
        let found = clauses.iter().find(|clause| clause["label"] == label);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let editor = world.staff("editor");
    let path = draft.path(&format!("/drafts/2/matches/{}", id("第三条")));
    let unknown = json!({"counterpart": "01890000-0000-7000-8000-000000000001"});
    let refused = editor.put(&path, unknown).await;
    assert_eq!(refused.faults(), ["counterpart unknown_clause"]);
    // 第四条 is what 第三条 was; let it be new instead.
    let path = draft.path(&format!("/drafts/2/matches/{}", id("第四条")));
    let corrected = editor.put(&path, json!({"counterpart": null})).await;
    assert_eq!(corrected.status, 204, "{corrected:?}");
    let changes = editor.get(&draft.path("/drafts/1/changes/2")).await.json();
    let kinds: Vec<_> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["label"].as_str().unwrap(), &change["kind"]))
        .collect();
    assert!(kinds.contains(&("第四条", &json!("added"))), "{kinds:?}");
    assert!(kinds.contains(&("第三条", &json!("removed"))), "{kinds:?}");

    let published = draft.path(&format!("/drafts/1/matches/{}", draft.clause("第三条")));
    let refused = editor.put(&published, json!({"counterpart": null})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.problem().as_str()),
        (409, "version_published")
    );
}

async fn a_short_period_needs_a_public_reason(world: &World) {
    let draft = world.prepared().await;
    let approver = world.staff("approver");
    let path = draft.path("/publish");
    let round = |closes: &str, reason: Option<&str>| {
        json!({
            "version": 1,
            "opens_at": "2026-03-03T00:00:00+08:00",
            "closes_at": closes,
            "reason_for_short_period": reason,
        })
    };
    let short = "2026-03-20T00:00:00+08:00";
    for blank in [None, Some(""), Some(" \u{3000}")] {
        let refused = approver.post(&path, round(short, blank)).await;
        assert_eq!(
            refused.faults(),
            ["reason_for_short_period short_period_reason"]
        );
    }
    let early = approver
        .post(&path, round("2026-03-02T00:00:00+08:00", None))
        .await;
    assert_eq!(early.faults(), ["closes_at too_early"]);
    let mut unknown = round(short, Some("防汛"));
    unknown["version"] = json!(7);
    let unknown = approver.post(&path, unknown).await;
    assert_eq!(unknown.faults(), ["version unknown"]);
    assert_eq!(world.public().get(&draft.path("")).await.status, 404);

    let published = approver
        .post(&path, round(short, Some("防汛需要，尽快实施")))
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["state"], "published");
    assert_eq!(
        seen["round"]["reason_for_short_period"],
        "防汛需要，尽快实施"
    );
    let again = approver.post(&path, round(short, Some("防汛"))).await;
    assert_eq!(
        (again.status.as_u16(), again.problem().as_str()),
        (409, "round_still_open")
    );
    world.set_clock("2026-03-02T16:00:00Z");
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["state"], "open", "it opens by itself");
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
        ("already_covered", true),
        ("for_later_study", true),
        ("not_adopted", true),
        ("referred", true),
        ("out_of_scope", true),
        ("support_noted", false),
        ("duplicate", true),
        ("unclear", true),
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
    assert_eq!(same.json(), missing);

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
