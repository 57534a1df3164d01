//! What may be kept, for how long and by whom; and that nobody ever reads what has changed.

use crate::steps::SECOND_DRAFT;
use crate::world::{Answer, CLOSED, Draft, LISTED, Person, World, comment};
use axum::body::Bytes;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    what_is_held_is_confirmed_and_what_has_changed_is_sent,
    every_change_shows_on_the_next_request,
    the_clock_alone_makes_a_page_new,
    each_language_and_coding_has_its_own_entry,
    what_one_person_reads_is_kept_by_nobody,
    reading_in_public_sets_no_cookie,
    a_frame_stands_on_listed_origins_only,
    an_inline_widget_is_read_by_listed_origins_only,
}

/// Everything public about an open consultation.
fn public_paths(draft: &Draft) -> Vec<String> {
    let (c, api) = (format!("/c/{}", draft.number), draft.path(""));
    let clause = draft.clause("第二条");
    vec![
        "/".into(),
        "/u/transport".into(),
        c.clone(),
        format!("{c}/draft/1"),
        format!("{c}/comments"),
        format!("{c}/comments?clause={clause}"),
        format!("{c}/comment"),
        format!("/embed{c}"),
        format!("/embed{c}?view=comments"),
        format!("/embed{c}?view=draft&mode=inline"),
        "/embed/u/transport".into(),
        "/embed/u/transport?mode=inline".into(),
        "/api/v1/consultations".into(),
        "/api/v1/consultations?unit=transport&state=open".into(),
        api.clone(),
        format!("{api}/drafts/1"),
        format!("{api}/comments"),
        format!("{api}/comments?clause={clause}"),
        "/api/v1/units".into(),
        "/api/v1/units/transport".into(),
        "/api/v1/openapi.json".into(),
        "/embed/v1.js".into(),
        "/assets/site.css".into(),
    ]
}

async fn what_is_held_is_confirmed_and_what_has_changed_is_sent(world: &World) {
    let draft = world.open().await;
    let number = world.one_comment(&draft, "k", "太贵").await;
    world.publish(&number).await;
    let person = world.public();
    for path in public_paths(&draft) {
        let first = person.get(&path).await;
        assert_eq!(first.status, 200, "{path}");
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with('"'), "{path} {first:?}");
        let control = first.header("cache-control");
        assert!(control.starts_with("public"), "{path} {control}");
        // Twice: once rendered, once from memory.
        for _ in 0..2 {
            let weak = format!("\"other\", W/{etag}");
            for held in [etag.as_str(), &weak, "*"] {
                let again = person.clone().with("if-none-match", held).get(&path).await;
                assert_eq!(again.status, 304, "{path} {held}");
                assert!(again.body.is_empty(), "{path}");
                assert_eq!(again.header("etag"), etag, "{path}");
                assert_eq!(again.header("vary"), first.header("vary"), "{path}");
            }
            let other = person.clone().with("if-none-match", "\"other\"");
            let other = other.get(&path).await;
            assert_eq!((other.status, &other.body), (first.status, &first.body));
        }
        let head = person.send(Method::HEAD, &path, None, Bytes::new()).await;
        assert_eq!(head.status, 200, "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
}

/// The ETags of these paths.
async fn etags(world: &World, paths: &[String]) -> Vec<String> {
    let mut etags = Vec::new();
    for path in paths {
        let answer = world.public().get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        etags.push(answer.header("etag").to_owned());
    }
    etags
}

async fn every_change_shows_on_the_next_request(world: &World) {
    let draft = world.open().await;
    let c = format!("/c/{}", draft.number);
    let person = world.public();
    let paths = [
        "/".to_owned(),
        "/u/transport".to_owned(),
        c.clone(),
        format!("{c}/comments"),
        format!("/embed{c}?view=comments"),
        format!("/embed{c}?mode=inline&view=comments"),
        "/embed/u/transport".to_owned(),
        draft.path(""),
        draft.path("/comments"),
        "/api/v1/consultations".to_owned(),
    ];
    let comments_only = [3, 4, 5, 8];
    let mut before = etags(world, &paths).await;
    let number = world.one_comment(&draft, "k", "停车太贵了").await;
    let after = etags(world, &paths).await;
    // The number of comments received is shown wherever numbers are.
    for counted in [2, 7, 9] {
        assert_ne!(after[counted], before[counted], "{}", paths[counted]);
    }
    for path in &paths {
        assert!(!person.get(path).await.text().contains("停车太贵了"));
    }
    before = after;
    world.publish(&number).await;
    let after = etags(world, &paths).await;
    for shown in comments_only {
        assert_ne!(after[shown], before[shown], "{}", paths[shown]);
        let text = person.get(&paths[shown]).await.text();
        assert!(text.contains("停车太贵了"), "{}", paths[shown]);
    }
    world.hold(&number, "repeated").await;
    for shown in comments_only {
        let text = person.get(&paths[shown]).await.text();
        assert!(!text.contains("停车太贵了"), "{}", paths[shown]);
    }

    let new = json!({"origins": ["https://new.example"]});
    let administrator = world.staff("administrator");
    let set = administrator
        .put("/api/v1/units/transport/origins", new)
        .await;
    assert_eq!(set.status, 200, "{set:?}");
    let framed = person.get(&format!("/embed{c}")).await;
    let policy = framed.header("content-security-policy");
    assert!(
        policy.ends_with("frame-ancestors 'self' https://new.example"),
        "{policy}"
    );

    let second = json!({"text": SECOND_DRAFT});
    let path = draft.path("/drafts");
    assert_eq!(world.staff("editor").post(&path, second).await.status, 201);
    assert!(
        !person.get(&c).await.text().contains("残疾人"),
        "not public yet"
    );
    world.set_clock(CLOSED);
    let round = json!({"version": 2, "opens_at": CLOSED, "closes_at": "2026-06-01T00:00:00Z"});
    let path = draft.path("/publish");
    assert_eq!(world.staff("approver").post(&path, round).await.status, 200);
    assert!(person.get(&c).await.text().contains("残疾人"));
    let path = draft.path("/withdraw");
    let reason = json!({"reason": "上位法已改"});
    assert_eq!(
        world.staff("approver").post(&path, reason).await.status,
        204
    );
    for path in [c.clone(), format!("/embed{c}"), draft.path("")] {
        let text = person.get(&path).await.text();
        assert!(text.contains("上位法已改"), "{path} {text}");
    }
}

async fn the_clock_alone_makes_a_page_new(world: &World) {
    let draft = world.open().await;
    let c = format!("/c/{}", draft.number);
    let paths = [
        c.clone(),
        format!("/embed{c}?view=comment"),
        "/".into(),
        draft.path(""),
    ];
    let open = etags(world, &paths).await;
    assert_eq!(etags(world, &paths).await, open);
    let midnight = "2026-03-02T16:00:00Z";
    world.set_clock(midnight);
    let next_day = etags(world, &paths[..1]).await;
    assert_ne!(next_day[0], open[0], "one day fewer is left");
    world.set_clock("2026-04-10T15:59:59.999Z");
    let last = etags(world, &paths).await;
    world.set_clock(CLOSED);
    let closed = etags(world, &paths).await;
    for (path, (last, closed)) in paths.iter().zip(last.iter().zip(&closed)) {
        assert_ne!(last, closed, "{path}");
    }
}

async fn each_language_and_coding_has_its_own_entry(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}", draft.number);
    let mut seen = BTreeSet::new();
    for (accept, lang) in [
        ("zh-CN", "zh-Hans"),
        ("zh-HK", "zh-Hant"),
        ("en", "en"),
        ("fr", "zh-Hans"),
    ] {
        let person = world.public().with("accept-language", accept);
        for coding in ["identity", "gzip", "br", "gzip, br;q=0.5, zstd"] {
            let page = person
                .clone()
                .with("accept-encoding", coding)
                .get(&path)
                .await;
            assert_eq!(page.status, 200);
            assert_eq!(page.header("content-language"), lang, "{accept}");
            let vary = page.header("vary");
            assert!(
                vary.contains("accept-language") && vary.contains("accept-encoding"),
                "{vary}"
            );
            let encoded = page.header("content-encoding").to_owned();
            let expected = if coding.contains("br") { "br" } else { coding };
            assert_eq!(encoded, if expected == "identity" { "" } else { expected });
            seen.insert((lang, encoded, page.header("etag").to_owned()));
            // What one variant is called says nothing of another.
            let etag = page.header("etag");
            let other = world
                .public()
                .with("accept-language", "en")
                .with("if-none-match", etag);
            let other = other.with("accept-encoding", "identity").get(&path).await;
            let same = lang == "en" && coding == "identity";
            assert_eq!(other.status == 304, same, "{accept} {coding}");
        }
    }
    assert_eq!(seen.len(), 9, "three languages in three codings: {seen:?}");
    let chosen = world.public().with("accept-language", "en");
    let chosen = chosen.get(&format!("{path}?lang=zh-Hant")).await;
    assert_eq!(chosen.header("content-language"), "zh-Hant");
    assert!(chosen.text().contains("<html lang=\"zh-Hant\""));
}

async fn what_one_person_reads_is_kept_by_nobody(world: &World) {
    let draft = world.open().await;
    let mut body = comment(&[(None, "请回电", None)]);
    body["contact"] = json!("13800001111");
    let sent = world.public().with("idempotency-key", "k");
    let sent = sent.post(&draft.path("/comments"), body).await;
    assert_eq!(sent.header("cache-control"), "no-store");
    let receipt = sent.json();
    let code = receipt["receipt"].as_str().unwrap();
    let number = receipt["number"].as_str().unwrap();
    let moderator = world.staff("moderator");
    let desk = world.at_the_desk("moderator").await;
    let refused = world.public().get("/api/v1/nothing").await;
    let mut answers: Vec<(String, Answer)> = vec![("a refusal".into(), refused)];
    let own = format!("/api/v1/receipts/{code}");
    answers.push((own.clone(), world.public().get(&own).await));
    for path in [
        draft.path("/queue"),
        draft.path(""),
        draft.path("/comments"),
        "/api/v1/consultations".into(),
    ] {
        answers.push((path.clone(), moderator.get(&path).await));
        answers.push((path.clone(), desk.get(&path).await));
    }
    let contact = format!("/api/v1/comments/{number}/contact");
    answers.push((contact.clone(), moderator.post(&contact, Value::Null).await));
    for path in [
        "/desk".to_owned(),
        format!("/desk/c/{}/queue", draft.number),
        "/desk/account".into(),
        "/r".into(),
    ] {
        answers.push((path.clone(), desk.get(&path).await));
    }
    let form = [("code", code)];
    answers.push(("/r".into(), world.public().submit("/r", &form).await));
    let form = [("points.0.text", "x"), ("action", "add")];
    let path = format!("/c/{}/comment", draft.number);
    answers.push((path.clone(), world.public().submit(&path, &form).await));
    for (path, answer) in answers {
        assert_eq!(
            answer.header("cache-control"),
            "no-store",
            "{path} {answer:?}"
        );
        assert_eq!(answer.header("etag"), "", "{path}");
    }
    // The address of a page with a receipt is told to nobody, and holds no code.
    let page = world.public().submit("/r", &[("code", code)]).await;
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(!page.text().contains(&format!("?code={code}")));
}

async fn reading_in_public_sets_no_cookie(world: &World) {
    let (draft, _) = world.answered().await;
    let mut paths = public_paths(&draft);
    paths.extend([
        format!("/c/{}/feedback", draft.number),
        draft.path("/feedback"),
        "/r".into(),
        "/nothing".into(),
        "/livez".into(),
        "/desk/login".into(),
    ]);
    for path in paths {
        let answer = world.public().get(&path).await;
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
}

/// The origins on which an answer may be framed, as the browser is told.
fn ancestors(answer: &Answer) -> &str {
    let policy = answer.header("content-security-policy");
    let (_, ancestors) = policy.split_once("frame-ancestors ").unwrap();
    ancestors
}

async fn a_frame_stands_on_listed_origins_only(world: &World) {
    let draft = world.open().await;
    let page = format!("/c/{}", draft.number);
    let widgets = [
        format!("/embed{page}"),
        format!("/embed{page}?view=comments"),
        "/embed/u/transport".into(),
    ];
    for path in &widgets {
        for person in [
            world.public(),
            world.public().framed(),
            world.public().framed_on(&world.public_url),
        ] {
            let frame = person.get(path).await;
            assert_eq!(frame.status, 200, "{path}");
            assert_eq!(ancestors(&frame), "'self' https://transport.example");
            assert_eq!(frame.header("x-frame-options"), "");
        }
        let separator = if path.contains('?') { '&' } else { '?' };
        let host = |origin: &str| format!("{path}{separator}host={origin}");
        assert_eq!(world.public().get(&host(LISTED)).await.status, 200);
        let evil = world
            .public()
            .framed_on("https://evil.example")
            .get(path)
            .await;
        let claimed = world.public().get(&host("https://evil.example")).await;
        let foreign = world
            .public()
            .framed_on("https://commerce.example")
            .get(path)
            .await;
        let alike = world
            .public()
            .framed_on("https://transport.example.evil.example")
            .get(path)
            .await;
        for refused in [evil, claimed, foreign, alike] {
            assert_eq!(refused.status, 403, "{path}");
            assert_eq!(refused.header("cache-control"), "no-store");
            // The explanation itself may stand there: it says why, with the link.
            assert_eq!(ancestors(&refused), "*");
            let link = if path.contains("/u/") {
                "/u/transport"
            } else {
                &page
            };
            let text = refused.text();
            assert!(text.contains(&format!("{link}\"")), "{text}");
            assert!(text.contains(".example"), "{text}");
            assert!(!text.contains("停车应当付费"), "nothing of the widget");
        }
    }
    for path in [
        page,
        "/".into(),
        "/r".into(),
        "/desk/login".into(),
        "/u/transport".into(),
        "/nothing".into(),
    ] {
        let answer = world.public().get(&path).await;
        assert_eq!(ancestors(&answer), "'none'", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
}

async fn an_inline_widget_is_read_by_listed_origins_only(world: &World) {
    let draft = world.open().await;
    let inline = format!("/embed/c/{}?mode=inline", draft.number);
    let comments = draft.path("/comments");
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    let listed = world.public().with("origin", LISTED);
    let evil = world.public().with("origin", "https://evil.example");
    let foreign = world.public().with("origin", "https://commerce.example");
    for path in [inline.as_str(), &comments, &draft.path("")] {
        // Twice: the second answer comes from memory.
        for _ in 0..2 {
            let answer = listed.get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(allowed(&answer), LISTED, "{path}");
            assert!(
                answer.header("vary").contains("origin"),
                "{path} {answer:?}"
            );
            assert_eq!(answer.header("access-control-allow-credentials"), "");
            for stranger in [&evil, &foreign] {
                assert_eq!(allowed(&stranger.get(path).await), "", "{path}");
            }
        }
    }
    assert_eq!(evil.get(&inline).await.status, 403);
    let answer = preflight_of(&listed, &comments).await;
    assert_eq!(
        (answer.status.as_u16(), allowed(&answer).as_str()),
        (204, LISTED)
    );
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("POST")
    );
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("idempotency-key")
    );
    for stranger in [&evil, &foreign] {
        assert_eq!(allowed(&preflight_of(stranger, &comments).await), "");
    }
    let staff = preflight_of(&listed, &draft.path("/queue")).await;
    let headers = staff.header("access-control-allow-headers");
    assert!(
        !headers.contains("authorization"),
        "staff calls are for programs: {headers}"
    );
    let sent = listed.clone().with("idempotency-key", "k");
    let sent = sent
        .post(&comments, comment(&[(None, "从别处", None)]))
        .await;
    assert_eq!(
        (sent.status.as_u16(), allowed(&sent).as_str()),
        (201, LISTED)
    );
    let receipt: Value = sent.json();
    let own = format!("/api/v1/receipts/{}", receipt["receipt"].as_str().unwrap());
    assert_eq!(allowed(&listed.get(&own).await), LISTED);
    assert_eq!(allowed(&evil.get(&own).await), "");
}

/// What a browser asks before it posts JSON to another origin.
async fn preflight_of(person: &Person<'_>, path: &str) -> Answer {
    let asking = person
        .clone()
        .with("access-control-request-method", "POST")
        .with(
            "access-control-request-headers",
            "content-type,idempotency-key",
        );
    asking.send(Method::OPTIONS, path, None, Bytes::new()).await
}
