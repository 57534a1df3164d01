//! Everything that can be wrong with a comment, a receipt, and the size of what is said.

use crate::refusals::{Case, JSON, check, good, with};
use crate::world::{Draft, World};
use axum::body::Bytes;
use domain::limits;
use http::Method;
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_bad_comment_is_refused_in_the_callers_language,
    limits_are_counted_in_graphemes_and_reached_exactly,
    what_is_not_known_is_ignored_and_what_is_not_text_is_dropped,
}

/// A person with a family of four: one grapheme, 25 bytes.
const FAMILY: &str = "👨‍👩‍👧‍👦";

async fn a_bad_comment_is_refused_in_the_callers_language(world: &World) {
    let draft = world.open().await;
    let other = world.open().await;
    let person = world.public().with("idempotency-key", "k");
    let case = |name, body: Bytes, refused| Case {
        name,
        person: person.clone(),
        method: Method::POST,
        path: draft.path("/comments"),
        kind: JSON,
        body,
        refused,
    };
    let raw = |name, body: &'static [u8], refused| case(name, Bytes::from_static(body), refused);
    let edit = |name, pointer, new, fields| {
        let body = with(good(), pointer, new);
        case(name, body.to_string().into(), (422, "invalid", fields))
    };
    let long = |n: usize| json!("字".repeat(n + 1));
    let point = |value: Value| json!([value]);
    let many: Vec<_> = (0..=limits::POINTS_PER_COMMENT)
        .map(|_| json!({"text": "x"}))
        .collect();
    let deep = ["{\"author\":", &"[".repeat(100_000)].concat();
    let cases = vec![
        raw("no body", b"", (400, "malformed", &[])),
        raw("half of a body", b"{\"author\":", (400, "malformed", &[])),
        raw(
            "two bodies",
            b"{}{}",
            (422, "invalid", &["author required"]),
        ),
        raw(
            "broken UTF-8",
            b"{\"author\":\"\xff\xfe\"}",
            (400, "not_utf8", &[]),
        ),
        raw("UTF-16", b"{\0}\0", (400, "malformed", &[])),
        raw(
            "half of a surrogate pair",
            br#"{"contact":"\ud800"}"#,
            (422, "invalid", &["contact malformed"]),
        ),
        raw("a list", b"[]", (422, "invalid", &[" malformed"])),
        raw("nothing", b"null", (422, "invalid", &[" malformed"])),
        raw("a number", b"1e400", (422, "invalid", &[" malformed"])),
        raw(
            "an empty object",
            b"{}",
            (422, "invalid", &["author required"]),
        ),
        case("a deep body", deep.into(), (400, "malformed", &[])),
        edit(
            "a robot",
            "/author/kind",
            json!("robot"),
            &["author.kind unknown"],
        ),
        edit(
            "no kind",
            "/author/kind",
            json!(null),
            &["author.kind malformed"],
        ),
        edit(
            "a shy display",
            "/author/display",
            json!("Shown"),
            &["author.display unknown"],
        ),
        edit(
            "no name",
            "/author/name",
            json!(" \u{3000}\t"),
            &["author.name required"],
        ),
        edit(
            "a numeric name",
            "/author/name",
            json!(7),
            &["author.name malformed"],
        ),
        edit(
            "a long name",
            "/author/name",
            long(limits::NAME),
            &["author.name too_long"],
        ),
        edit(
            "a long contact",
            "/contact",
            long(limits::CONTACT),
            &["contact too_long"],
        ),
        edit(
            "a listed contact",
            "/contact",
            json!([]),
            &["contact malformed"],
        ),
        edit("no points", "/points", json!([]), &["points required"]),
        edit(
            "points in words",
            "/points",
            json!("x"),
            &["points malformed"],
        ),
        edit(
            "too many points",
            "/points",
            json!(many),
            &["points too_many"],
        ),
        edit(
            "an empty point",
            "/points",
            point(json!({})),
            &["points.0.text required"],
        ),
        edit(
            "a blank point",
            "/points",
            point(json!({"text": "\u{200b}\n"})),
            &["points.0.text required"],
        ),
        edit(
            "a numeric text",
            "/points/0/text",
            json!(7),
            &["points.0.text malformed"],
        ),
        edit(
            "a long text",
            "/points/0/text",
            long(limits::POINT_TEXT),
            &["points.0.text too_long"],
        ),
        edit(
            "long wording",
            "/points/0/proposed",
            long(limits::PROPOSED_TEXT),
            &["points.0.proposed too_long"],
        ),
        edit(
            "an unknown clause",
            "/points/0/clause",
            json!("01890000-0000-7000-8000-000000000001"),
            &["points.0.clause unknown_clause"],
        ),
        edit(
            "a clause by label",
            "/points/0/clause",
            json!("第二条"),
            &["points.0.clause unknown_clause"],
        ),
        edit(
            "another draft's clause",
            "/points/0/clause",
            json!(other.clause("第二条")),
            &["points.0.clause unknown_clause"],
        ),
        edit(
            "a NUL clause",
            "/points/0/clause",
            json!("\0"),
            &["points.0.clause unknown_clause"],
        ),
        edit(
            "everything at once",
            "",
            json!({
                "author": {"kind": "individual", "display": "shown"},
                "contact": "1".repeat(limits::CONTACT + 1),
                "points": [{"text": "x", "clause": "y"}, {}],
            }),
            &[
                "author.name required",
                "contact too_long",
                "points.0.clause unknown_clause",
                "points.1.text required",
            ],
        ),
        Case {
            kind: None,
            ..case("no type", "{}".into(), (415, "media_type", &[]))
        },
        Case {
            kind: Some("text/plain"),
            ..case("another type", "{}".into(), (415, "media_type", &[]))
        },
        Case {
            person: world.public(),
            ..case(
                "no key",
                good().to_string().into(),
                (400, "idempotency_key", &[]),
            )
        },
        Case {
            path: world.prepared().await.path("/comments"),
            ..case(
                "before publication",
                good().to_string().into(),
                (404, "not_found", &[]),
            )
        },
        case(
            "a large body",
            vec![b' '; limits::BODY_BYTES + 1].into(),
            (413, "too_large", &[]),
        ),
    ];
    check(cases).await;
    receipts(world, &draft).await;
    let counts = world.public().get(&draft.path("")).await.json()["counts"]["comments"].clone();
    assert_eq!(counts["received"], 1, "only the one that was withdrawn");
}

/// The same for the holder of a receipt.
async fn receipts(world: &World, draft: &Draft) {
    let gone = world.public().comments(draft, "gone", good()).await;
    let code = gone["receipt"].as_str().unwrap();
    let path = format!("/api/v1/receipts/{code}");
    let empty = with(good(), "/points/0", json!({}));
    let empty = world.public().put(&path, empty).await;
    assert_eq!(empty.faults(), ["points.0.text required"]);
    assert_eq!(world.public().delete(&path).await.status, 200);
    let mistyped = format!("/api/v1/receipts/0000-0000-0000-0001-{}", "0");
    let of = |name, method, path: &str, refused| Case {
        name,
        person: world.public(),
        method,
        path: path.to_owned(),
        kind: JSON,
        body: good().to_string().into(),
        refused,
    };
    let unknown = "/api/v1/receipts/0000-0000-0000-0000-0";
    check(vec![
        of(
            "withdrawn twice",
            Method::DELETE,
            &path,
            (409, "already_withdrawn", &[]),
        ),
        of(
            "edited after withdrawal",
            Method::PUT,
            &path,
            (409, "already_withdrawn", &[]),
        ),
        of(
            "mistyped",
            Method::GET,
            &mistyped,
            (404, "receipt_mistyped", &[]),
        ),
        of(
            "no code",
            Method::GET,
            "/api/v1/receipts/hello",
            (404, "receipt_malformed", &[]),
        ),
        of(
            "a NUL code",
            Method::GET,
            "/api/v1/receipts/%00",
            (404, "receipt_malformed", &[]),
        ),
        of(
            "an unknown code",
            Method::PUT,
            unknown,
            (404, "not_found", &[]),
        ),
    ])
    .await;
}

async fn limits_are_counted_in_graphemes_and_reached_exactly(world: &World) {
    let draft = world.open().await;
    let point = |_| {
        json!({
            "clause": draft.clause("第二条"),
            "text": "🅰".repeat(limits::POINT_TEXT),
            "proposed": "字".repeat(limits::PROPOSED_TEXT),
        })
    };
    let body = json!({
        "author": {"kind": "organisation", "display": "shown", "name": FAMILY.repeat(limits::NAME)},
        "contact": "é".repeat(limits::CONTACT),
        "points": (0..limits::POINTS_PER_COMMENT).map(point).collect::<Vec<_>>(),
    });
    let receipt = world.public().comments(&draft, "full", body.clone()).await;
    let path = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    let own = world.public().get(&path).await.json();
    for field in ["name", "contact"] {
        let sent = body.pointer(&format!("/author/{field}"));
        assert_eq!(&own[field], sent.unwrap_or(&body["contact"]), "{field}");
    }
    let points = own["points"].as_array().unwrap();
    assert_eq!(points.len(), limits::POINTS_PER_COMMENT);
    for (kept, sent) in points.iter().zip(body["points"].as_array().unwrap()) {
        for field in ["clause", "text", "proposed"] {
            assert_eq!(kept[field], sent[field]);
        }
    }
    let more = FAMILY.repeat(limits::NAME + 1);
    let person = world.public().with("idempotency-key", "more");
    let refused = person
        .post(
            &draft.path("/comments"),
            with(body, "/author/name", json!(more)),
        )
        .await;
    let problem = refused.json();
    assert_eq!(refused.faults(), ["author.name too_long"]);
    let message = problem["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("101") && message.contains("100"),
        "{message}"
    );
}

async fn what_is_not_known_is_ignored_and_what_is_not_text_is_dropped(world: &World) {
    let draft = world.open().await;
    let mut body = good();
    body["admin"] = json!(true);
    body["points"][0]["state"] = json!("published");
    body["points"][0]["text"] = json!("a\0b\u{7}c\r\nd\u{202e}e\u{301}\u{9b}");
    body["author"]["name"] = json!("朱\u{0}\u{1b}[31m\u{202e}小明\n");
    let person = world.public();
    let receipt = person.comments(&draft, "k", body).await;
    let path = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    let own = person.get(&path).await.json();
    assert_eq!(own["state"], "received");
    // As it came, in NFC, without what no keyboard makes; direction controls go at the edge.
    assert_eq!(own["points"][0]["text"], "abc\nd\u{202e}é");
    assert_eq!(own["name"], "朱[31m\u{202e}小明");
    world.publish(receipt["number"].as_str().unwrap()).await;
    let list = person.get(&draft.path("/comments")).await.json();
    let html = list["items"][0]["points"][0]["html"].as_str().unwrap();
    assert_eq!(html, "<p dir=\"auto\">abc<br>dé</p>");
}
