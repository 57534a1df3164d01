//! Everything that can be wrong with what staff send.

use crate::refusals::{Case, JSON, check, with};
use crate::steps::three_texts;
use crate::world::{World, facts};
use domain::limits;
use http::Method;
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_bad_staff_call_is_refused_in_the_callers_language,
}

async fn a_bad_staff_call_is_refused_in_the_callers_language(world: &World) {
    let draft = world.prepared().await;
    let open = world.open().await;
    let number = world.one_comment(&open, "k", "太贵").await;
    world.publish(&number).await;
    let point = world.points(&open).await.remove(0);
    let of = |name, who: &str, method, path: &str, body: Value, refused| Case {
        name,
        person: world.staff(who),
        method,
        path: path.to_owned(),
        kind: JSON,
        body: body.to_string().into(),
        refused,
    };
    let create = |name, pointer, new, refused| {
        let body = with(facts("transport"), pointer, new);
        of(
            name,
            "editor",
            Method::POST,
            "/api/v1/consultations",
            body,
            refused,
        )
    };
    let publish = |name, pointer, new, fields| {
        let round = json!({"version": 1, "opens_at": "2026-03-03T00:00:00Z", "closes_at": "2026-05-03T00:00:00Z"});
        let body = with(round, pointer, new);
        of(
            name,
            "approver",
            Method::POST,
            &draft.path("/publish"),
            body,
            (422, "invalid", fields),
        )
    };
    let moderation = format!("/api/v1/comments/{number}/moderation");
    let moderate = |name, body, fields| {
        of(
            name,
            "moderator",
            Method::POST,
            &moderation,
            body,
            (422, "invalid", fields),
        )
    };
    let response = format!("/api/v1/points/{point}/response");
    let respond = |name, body, fields| {
        of(
            name,
            "editor",
            Method::PUT,
            &response,
            body,
            (422, "invalid", fields),
        )
    };
    let add = |name, body, refused| {
        of(
            name,
            "editor",
            Method::POST,
            &draft.path("/drafts"),
            body,
            refused,
        )
    };
    let origins = |name, body, fields| {
        let path = "/api/v1/units/transport/origins";
        of(
            name,
            "administrator",
            Method::PUT,
            path,
            body,
            (422, "invalid", fields),
        )
    };
    let long = |n: usize| json!("字".repeat(n + 1));
    let nowhere = "/api/v1/points/01890000-0000-7000-8000-000000000001/response";
    let noted = || json!({"disposition": "support_noted"});
    let missing = draft.path("/drafts").replace("2026-0001", "2026-0999");
    let text = |text: &str| json!({"text": text});
    check(vec![
        create(
            "no unit",
            "/unit",
            json!(""),
            (422, "invalid", &["unit required"]),
        ),
        create(
            "an unknown unit",
            "/unit",
            json!("nowhere"),
            (422, "invalid", &["unit unknown"]),
        ),
        create(
            "a NUL unit",
            "/unit",
            json!("a\0b"),
            (422, "invalid", &["unit unknown"]),
        ),
        create(
            "a foreign unit",
            "/unit",
            json!("commerce"),
            (403, "forbidden", &[]),
        ),
        create(
            "no title",
            "/title",
            json!("\u{200b}"),
            (422, "invalid", &["title required"]),
        ),
        create(
            "a null title",
            "/title",
            json!(null),
            (422, "invalid", &["title malformed"]),
        ),
        create(
            "a long title",
            "/title",
            long(limits::TITLE),
            (422, "invalid", &["title too_long"]),
        ),
        create(
            "a long summary",
            "/summary",
            long(limits::SUMMARY),
            (422, "invalid", &["summary too_long"]),
        ),
        create(
            "a long explanation",
            "/explanation",
            long(limits::EXPLANATION),
            (422, "invalid", &["explanation too_long"]),
        ),
        add("no text", json!({}), (422, "invalid", &["text required"])),
        add(
            "a blank text",
            text("\u{3000}\n"),
            (422, "invalid", &["text required"]),
        ),
        add(
            "controls alone",
            text("\0\u{7}"),
            (422, "invalid", &["text required"]),
        ),
        add(
            "a numeric text",
            json!({"text": 1}),
            (422, "invalid", &["text malformed"]),
        ),
        add(
            "a long filename",
            json!({"text": "第一条 甲。", "filename": "n".repeat(201)}),
            (422, "invalid", &["filename too_long"]),
        ),
        add(
            "a large text",
            text(&"a".repeat(limits::DRAFT_BYTES + 1)),
            (413, "too_large", &[]),
        ),
        of(
            "no consultation",
            "editor",
            Method::POST,
            &missing,
            text("第一条 甲。"),
            (404, "not_found", &[]),
        ),
        publish("version 7", "/version", json!(7), &["version unknown"]),
        publish("version -1", "/version", json!(-1), &["version unknown"]),
        publish(
            "a version in words",
            "/version",
            json!("1"),
            &["version malformed"],
        ),
        publish(
            "half a version",
            "/version",
            json!(1.5),
            &["version malformed"],
        ),
        publish(
            "a huge version",
            "/version",
            json!(u64::MAX),
            &["version malformed"],
        ),
        publish(
            "no instant",
            "/opens_at",
            json!("tomorrow"),
            &["opens_at malformed"],
        ),
        publish(
            "a local time",
            "/opens_at",
            json!("2026-03-03T00:00:00"),
            &["opens_at malformed"],
        ),
        publish(
            "February 30",
            "/closes_at",
            json!("2026-02-30T00:00:00Z"),
            &["closes_at malformed"],
        ),
        publish(
            "the year 10000",
            "/closes_at",
            json!("10000-01-01T00:00:00Z"),
            &["closes_at malformed"],
        ),
        publish(
            "the past",
            "/closes_at",
            json!("-009999-01-01T00:00:00Z"),
            &["closes_at malformed"],
        ),
        publish(
            "an end before the beginning",
            "/closes_at",
            json!("2026-03-02T00:00:00Z"),
            &["closes_at too_early"],
        ),
        moderate(
            "an unknown decision",
            json!({"decision": "burn"}),
            &["decision unknown"],
        ),
        moderate(
            "an unknown reason",
            json!({"decision": "hold", "reason": "dull"}),
            &["reason unknown"],
        ),
        moderate("no decision", json!({}), &["decision required"]),
        respond("no disposition", json!({}), &["disposition required"]),
        respond(
            "a long reason",
            json!({"disposition": "unclear", "reason": long(limits::REASON)}),
            &["reason too_long"],
        ),
        respond(
            "a numeric change",
            json!({"disposition": "adopted", "change": 7}),
            &["change malformed"],
        ),
        of(
            "no point",
            "editor",
            Method::PUT,
            nowhere,
            noted(),
            (404, "not_found", &[]),
        ),
        of(
            "no comment",
            "moderator",
            Method::POST,
            "/api/v1/comments/2026-0001-99/moderation",
            json!({"decision": "publish"}),
            (404, "not_found", &[]),
        ),
        of(
            "too long texts",
            "approver",
            Method::POST,
            &open.path("/feedback"),
            with(three_texts(), "/asked", long(limits::FEEDBACK_TEXT)),
            (422, "invalid", &["asked too_long"]),
        ),
        of(
            "a still open round",
            "approver",
            Method::POST,
            &open.path("/feedback"),
            three_texts(),
            (409, "round_still_open", &[]),
        ),
        of(
            "no reason",
            "approver",
            Method::POST,
            &open.path("/withdraw"),
            json!({"reason": " "}),
            (422, "invalid", &["reason required"]),
        ),
        origins(
            "no origin",
            json!({"origins": ["https://x/y", "ftp://x", "\0"]}),
            &[
                "origins.0 malformed",
                "origins.1 malformed",
                "origins.2 malformed",
            ],
        ),
        origins(
            "origins in words",
            json!({"origins": "https://x"}),
            &["origins malformed"],
        ),
        origins(
            "too many origins",
            json!({"origins": vec!["https://x"; limits::ORIGINS_PER_UNIT + 1]}),
            &["origins too_many"],
        ),
    ])
    .await;
    let unchanged = world.staff("editor").get(&draft.path("")).await.json();
    assert_eq!(unchanged["versions"].as_array().unwrap().len(), 1);
}
