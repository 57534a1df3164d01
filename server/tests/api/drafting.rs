//! From a text to a published version: clauses, warnings, comparisons, and the round.

use crate::steps::SECOND_DRAFT;
use crate::world::{Draft, World};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_draft_becomes_clauses_and_says_what_looks_wrong,
    a_file_in_gb18030_is_read_like_one_in_utf8,
    two_versions_are_compared_clause_by_clause,
    a_doubtful_match_is_corrected_before_publication_only,
    a_short_period_needs_a_public_reason,
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
