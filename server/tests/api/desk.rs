//! The staff desk over HTTP: what it refuses, it refuses in the right words and gives back what was
//! typed; what it publishes, somebody has seen.

use crate::world::{World, comment};
use axum::body::Bytes;
use domain::limits;
use http::Method;
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    a_press_without_a_tick_or_a_reason_says_what_is_missing,
    what_changed_after_the_look_is_not_published,
    a_wrong_password_and_a_wrong_line_are_named_at_their_fields,
    a_missing_role_is_named_in_the_readers_language,
    what_stands_in_the_way_takes_nothing_that_was_typed,
    a_file_of_any_size_is_refused_at_its_field,
    a_unit_says_in_which_language_its_pages_are_written,
    a_session_is_prolonged_by_use_and_ended_by_an_administrator,
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = after.unwrap_or_else(|| panic!("no {name} in {page}"));
    value.split('"').next().unwrap().to_owned()
}

async fn a_press_without_a_tick_or_a_reason_says_what_is_missing(world: &World) {
    let draft = world.open().await;
    world.one_comment(&draft, "k", "太贵").await;
    let desk = world.at_the_desk("moderator").await;
    let path = format!("/desk/c/{}/queue", draft.number);
    let tick = "Nothing is ticked.";
    let reason = "Choose a reason for holding.";
    let ticked = ("comment", "1");
    for (pairs, field, says) in [
        (vec![("action", "publish")], "ticked", tick),
        (vec![("action", "hold"), ticked], "hold.ticked", reason),
        (vec![("action", "hold.1")], "hold.1", reason),
    ] {
        let page = desk.submit(&path, &pairs).await;
        assert_eq!(page.status, 422, "{pairs:?}");
        let text = page.text();
        assert!(text.contains(&format!("href=\"#{field}\"")), "{text}");
        assert!(text.contains(&format!("id=\"{field}\"")), "{field}");
        assert_eq!(text.matches(says).count(), 2, "above and there: {text}");
    }
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["counts"]["comments"]["waiting"], 1);
}

async fn what_changed_after_the_look_is_not_published(world: &World) {
    let draft = world.open().await;
    let receipt = world
        .public()
        .comments(&draft, "k", comment(&[(None, "无害的话", None)]))
        .await;
    let desk = world.at_the_desk("moderator").await;
    let path = format!("/desk/c/{}/queue", draft.number);
    let page = desk.get(&path).await.text();
    let looked = hidden(&page, "seen.1");
    let own = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    let edited = comment(&[(None, "没人看过的话", None)]);
    let edited = world.public().put(&own, edited).await;
    assert_eq!(edited.status, 200, "{edited:?}");
    for action in ["publish", "publish.1"] {
        for seen in [looked.as_str(), "", "nonsense"] {
            let pairs = [("comment", "1"), ("seen.1", seen), ("action", action)];
            let page = desk.submit(&path, &pairs).await;
            assert_eq!(page.status, 422, "{action} {seen}");
            let text = page.text();
            assert!(text.contains("has changed since you looked"), "{text}");
            assert!(text.contains("没人看过的话"), "it is shown anew");
            assert!(!text.contains(" checked"), "and ticked anew");
        }
    }
    let number = receipt["number"].as_str().unwrap();
    let api = format!("/api/v1/comments/{number}/moderation");
    let decision = json!({"decision": "publish", "seen": looked});
    let refused = world.staff("moderator").post(&api, decision).await;
    assert_eq!(refused.problem(), "changed_since");
    let counts = world.public().get(&draft.path("")).await.json();
    assert_eq!(counts["counts"]["comments"]["waiting"], 1);

    let queue = world.staff("moderator").get(&draft.path("/queue")).await;
    let listed = queue.json()["items"][0]["seen"].clone();
    let now = hidden(&desk.get(&path).await.text(), "seen.1");
    assert_eq!(listed, now.as_str(), "the API says the same");
    let pairs = [("comment", "1"), ("seen.1", &now), ("action", "publish")];
    assert_eq!(desk.submit(&path, &pairs).await.status, 303);
    let counts = world.public().get(&draft.path("")).await.json();
    assert_eq!(counts["counts"]["comments"]["published"], 1);
}

async fn a_wrong_password_and_a_wrong_line_are_named_at_their_fields(world: &World) {
    let desk = world.at_the_desk("administrator").await;
    let pairs = [
        ("action", "password"),
        ("old", "not it"),
        ("new", "another long one"),
    ];
    let page = desk.submit("/desk/account", &pairs).await;
    assert_eq!(page.status, 422);
    let says = "This is not your current password.";
    assert_eq!(page.text().matches(says).count(), 2, "above and there");

    let typed = "https://a.example\r\n\r\nb.example/path";
    let pairs = [("action", "origins"), ("origins", typed)];
    let page = desk.submit("/desk/unit", &pairs).await;
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(text.contains("href=\"#origins\"") && text.contains("id=\"origins\""));
    assert!(
        text.contains("(line 3)") && text.contains("Line 3 is not"),
        "{text}"
    );
    assert!(text.contains("b.example/path"), "what was typed is kept");
}

async fn a_missing_role_is_named_in_the_readers_language(world: &World) {
    let draft = world.prepared().await;
    let path = draft.path("/drafts");
    let moderator = world.staff("moderator");
    for (lang, role) in [("zh-CN", "编辑"), ("zh-TW", "編輯"), ("en", "“Editor”")] {
        let asker = moderator.clone().with("accept-language", lang);
        let refused = asker.post(&path, json!({"text": "第一条 甲。"})).await;
        assert_eq!(refused.status, 403);
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains(role) && !detail.contains("editor"),
            "{detail}"
        );
    }
}

async fn what_stands_in_the_way_takes_nothing_that_was_typed(world: &World) {
    let draft = world.open().await;
    let desk = world.at_the_desk("editor").await;
    let of = |rest: &str| format!("/desk/c/{}{rest}", draft.number);
    let facts = [
        ("title", "停车办法"),
        ("summary", "写了很久的概要"),
        ("explanation", "写了一下午的说明"),
        ("contact", "科室电话"),
        ("other_ways", "来信"),
    ];
    let page = desk.submit(&of("/edit"), &facts).await;
    assert_eq!(page.status, 409, "{page:?}");
    for (_, value) in facts {
        assert!(page.text().contains(value), "{value} is lost");
    }
    assert!(page.text().contains("role=\"alert\""), "and it says why");

    let mut foreign = facts.to_vec();
    foreign.push(("unit", "commerce"));
    let page = desk.submit("/desk/c/new", &foreign).await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("写了一下午的说明"));

    let approver = world.staff("approver");
    let withdrawn = approver
        .post(&draft.path("/withdraw"), json!({"reason": "上位法已改"}))
        .await;
    assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
    let form = "--edge\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n\
        第一条 贴了很久的文稿。\r\n--edge--\r\n";
    let kind = Some("multipart/form-data; boundary=edge");
    let body = Bytes::from_static(form.as_bytes());
    let page = desk.send(Method::POST, &of("/draft"), kind, body).await;
    assert_eq!(page.status, 409, "{page:?}");
    assert!(page.text().contains("role=\"alert\""), "it says why");

    let desk = world.at_the_desk("approver").await;
    let again = [("reason", "想了很久的理由")];
    let page = desk.submit(&of("/withdraw"), &again).await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("想了很久的理由"));
}

async fn a_file_of_any_size_is_refused_at_its_field(world: &World) {
    let draft = world.prepared().await;
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/draft", draft.number);
    for size in [limits::DRAFT_BYTES + 1, 3 << 20, 5 << 20, 50 << 20] {
        let file = vec![b'x'; size];
        for (lang, says) in [
            ("zh-CN", "超过了 2 MiB"),
            ("zh-TW", "超過 2 MiB。請刪去"),
            ("en", "Larger than 2 MiB"),
        ] {
            let reader = desk.clone().with("accept-language", lang);
            let page = reader.upload(&path, "draft.txt", &file).await;
            assert_eq!(page.status, 422, "{size} {lang}");
            let text = page.text();
            assert!(text.contains("href=\"#file\""), "{size} {text}");
            assert_eq!(text.matches(says).count(), 2, "{size} above and there");
        }
    }
    let editor = world.staff("editor");
    for size in [limits::DRAFT_BYTES + 1, limits::DRAFT_JSON_BYTES, 6 << 20] {
        let body = json!({"text": "x".repeat(size)});
        let refused = editor.post(&draft.path("/drafts"), body).await;
        assert_eq!(refused.problem(), "too_large");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("2 MiB"), "{size} {detail}");
    }
}

async fn a_unit_says_in_which_language_its_pages_are_written(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}", draft.number);
    let in_lang = async |lang: &str| {
        let reader = world.public().with("accept-language", lang);
        reader.get(&path).await.text()
    };
    let text = in_lang("zh-CN").await;
    assert!(text.contains("<h1 dir=\"auto\">停车办法"), "{text}");
    for lang in ["en", "zh-TW"] {
        let text = in_lang(lang).await;
        assert!(
            text.contains("<h1 dir=\"auto\" lang=\"zh-Hans\">停车办法"),
            "{text}"
        );
        assert!(text.contains("lang=\"zh-Hans\" class=\"law\""), "{text}");
    }
    let desk = world.at_the_desk("administrator").await;
    let unit = "/desk/unit?unit=transport";
    let refused = desk
        .submit(unit, &[("action", "lang"), ("lang", "Tibetan!")])
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("href=\"#lang\""));
    let set = desk
        .submit(unit, &[("action", "lang"), ("lang", "bo")])
        .await;
    assert_eq!(set.status, 303, "{set:?}");
    assert!(
        in_lang("zh-CN")
            .await
            .contains("<h1 dir=\"auto\" lang=\"bo\">")
    );
    let found = world.public().get("/api/v1/units/transport").await.json();
    assert_eq!(found["lang"], "bo");
}

async fn a_session_is_prolonged_by_use_and_ended_by_an_administrator(world: &World) {
    let editor = world.at_the_desk("editor").await;
    let left = async || editor.get("/desk/session").await.json()["seconds"].clone();
    assert_eq!(left().await, 30 * 60);
    world.set_clock("2026-03-02T01:20:00Z");
    assert!(
        editor
            .get("/desk")
            .await
            .text()
            .contains("Signed in until 09:50")
    );
    assert_eq!(left().await, 30 * 60);
    let desk = world.at_the_desk("administrator").await;
    let unit = "/desk/unit?unit=transport";
    assert!(desk.get(unit).await.text().contains("1 session"));
    let end = [("action", "end_sessions"), ("email", "editor@example.org")];
    assert_eq!(desk.submit(unit, &end).await.status, 303);
    let gone = editor.get("/desk/session").await;
    assert_eq!(gone.status, 303);
    assert!(gone.header("location").starts_with("/desk/login"));
    let foreign = [
        ("action", "end_sessions"),
        ("email", "stranger@example.org"),
    ];
    assert_eq!(desk.submit(unit, &foreign).await.status, 404);
}
