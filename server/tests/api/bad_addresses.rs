//! Addresses, methods and queries that lead nowhere: a problem detail under `/api`, a page
//! elsewhere.

use crate::refusals::{Case, check};
use crate::world::World;
use axum::body::Bytes;
use domain::limits;
use http::Method;
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    a_bad_address_or_query_is_refused_in_the_callers_language,
}

async fn a_bad_address_or_query_is_refused_in_the_callers_language(world: &World) {
    let draft = world.open().await;
    let of = |name, who: &str, method, path: &str, refused| Case {
        name,
        person: if who.is_empty() {
            world.public()
        } else {
            world.staff(who)
        },
        method,
        path: path.to_owned(),
        kind: None,
        body: Bytes::new(),
        refused,
    };
    let bad = |name, path: &str| of(name, "", Method::GET, path, (400, "query", &[]));
    let none = |name, path: &str| of(name, "", Method::GET, path, (404, "not_found", &[]));
    let wrong = |method, path: &str| {
        of(
            "a wrong method",
            "editor",
            method,
            path,
            (405, "method_not_allowed", &[]),
        )
    };
    let in_queue = |query: &str| draft.path(&format!("/queue?{query}"));
    let queue = |name, query: &str| {
        of(
            name,
            "editor",
            Method::GET,
            &in_queue(query),
            (400, "query", &[]),
        )
    };
    let long = "x".repeat(limits::QUERY + 1);
    let list = "/api/v1/consultations";
    check(vec![
        bad("an unknown state", &format!("{list}?state=asleep")),
        bad("a NUL state", &format!("{list}?state=%00")),
        bad("a key that is none", &format!("{list}?after=x")),
        bad(
            "a key twice",
            &format!("{list}?after=2026-0001&after=2026-0001"),
        ),
        bad(
            "a clause by label",
            &draft.path("/comments?clause=%E7%AC%AC"),
        ),
        bad(
            "a comment key that is none",
            &draft.path("/comments?after=x"),
        ),
        bad(
            "a comment key beyond all",
            &draft.path("/comments?after=99999999999999999999"),
        ),
        bad("broken UTF-8", &draft.path("/comments?clause=%FF%FE")),
        bad(
            "an account key that is none",
            &draft.path("/feedback?after=1-2"),
        ),
        bad(
            "an unknown disposition",
            &draft.path("/feedback?disposition=x"),
        ),
        queue("an unknown state", "state=asleep"),
        queue("an unknown clause", "clause=x"),
        queue("a wrong flag", "unanswered=perhaps"),
        queue("a key that is none", "after=-x"),
        of(
            "a long search",
            "editor",
            Method::GET,
            &in_queue(&format!("q={long}")),
            (422, "invalid", &["q too_long"]),
        ),
        none("no such path", "/api/v1/nothing"),
        none("no such version", "/api/v2/consultations"),
        none("the root", "/api"),
        none("a slash too many", &format!("{list}/")),
        none("no such number", &draft.path("").replace("0001", "0999")),
        none("another spelling", &draft.path("").replace("0001", "00001")),
        none("a huge number", "/api/v1/consultations/2026-999999999"),
        none("a year of five digits", "/api/v1/consultations/20260-0001"),
        none("a NUL number", "/api/v1/consultations/%00"),
        none("broken UTF-8 in the path", "/api/v1/consultations/%FF%FE"),
        none(
            "a path upwards",
            "/api/v1/consultations/..%2F..%2Fetc%2Fpasswd",
        ),
        none("no such draft", &draft.path("/drafts/9")),
        none("draft 0", &draft.path("/drafts/0")),
        none("draft -1", &draft.path("/drafts/-1")),
        none("a huge draft", &draft.path("/drafts/99999999999999999999")),
        none("a draft by name", &draft.path("/drafts/first")),
        none("no such changes", &draft.path("/drafts/1/changes/9")),
        none("feedback that is not there", &draft.path("/feedback")),
        none("no such unit", "/api/v1/units/nowhere"),
        none("a NUL unit", "/api/v1/units/%00"),
        none("broken UTF-8 in a unit", "/api/v1/units/%C3%28"),
        none("a unit with quotes", "/api/v1/units/'%20or%201=1--"),
        wrong(Method::DELETE, list),
        wrong(Method::PATCH, &draft.path("")),
        wrong(Method::PUT, &draft.path("/comments")),
        wrong(Method::POST, &draft.path("/queue")),
        wrong(Method::GET, &draft.path("/publish")),
        wrong(Method::POST, "/api/v1/receipts/0000-0000-0000-0000-0"),
        wrong(Method::TRACE, "/api/v1/openapi.json"),
        wrong(Method::OPTIONS, list),
    ])
    .await;
    // What finds nothing is no error.
    for path in [
        format!("{list}?unit=nowhere"),
        format!("{list}?unit=%00"),
        format!("{list}?unit=%FF"),
        format!("{list}?after=0000-0001"),
        draft.path("/comments?clause=01890000-0000-7000-8000-000000000001"),
        draft.path("/comments?after=-5"),
        in_queue("q=%00%FF"),
        in_queue("q=';drop%20table%20comment;--"),
        in_queue("after=9223372036854775807"),
    ] {
        let answer = world.staff("editor").get(&path).await;
        assert_eq!(answer.status, 200, "{path} {answer:?}");
        assert_eq!(answer.json()["items"], json!([]), "{path}");
    }
    // The parameter is named, in words of ours.
    for (path, name) in [
        (format!("{list}?state=open&state=open"), "state"),
        (format!("{list}?after=x"), "after"),
    ] {
        let answer = world.public().get(&path).await.json();
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("“{name}”")), "{detail}");
        assert!(!detail.contains("deserialize"), "{detail}");
    }
    let allowed = world
        .public()
        .send(Method::DELETE, list, None, Bytes::new())
        .await;
    assert_eq!(allowed.header("allow"), "GET,HEAD,POST");
    // Elsewhere the same is said by a page.
    for (method, path, status) in [
        (Method::GET, "/nothing", 404),
        (Method::GET, "/c/2026-0999", 404),
        (Method::GET, "/c/%FF", 404),
        (Method::GET, "/u/%00", 404),
        (Method::GET, "/embed/c/2026-0999", 404),
        (Method::GET, "/assets/..%2F..%2FCargo.toml", 404),
        (Method::PUT, "/", 405),
        (Method::DELETE, "/r", 405),
        (Method::PATCH, "/c/2026-0001/comment", 405),
    ] {
        for (language, lang) in [("zh", "zh-Hans"), ("zh-TW", "zh-Hant"), ("en", "en")] {
            let person = world.public().with("accept-language", language);
            let page = person.send(method.clone(), path, None, Bytes::new()).await;
            assert_eq!(page.status, status, "{method} {path}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            let says = format!("<html lang=\"{lang}\"");
            assert!(page.text().contains(&says), "{path} {}", page.text());
            assert!(page.text().contains("</html>"), "a whole page: {path}");
        }
    }
}
