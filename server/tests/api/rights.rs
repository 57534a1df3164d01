//! Who may do what: each role only its own, another unit's staff nothing, nobody without a token.

use crate::steps::three_texts;
use crate::world::{Answer, Draft, Person, World, comment, facts};
use axum::body::Bytes;
use http::Method;
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    each_role_is_refused_what_is_not_its_own,
    another_units_staff_see_nothing_unpublished_and_touch_nothing_public,
    who_administers_a_unit_below_does_not_read_its_desk,
    a_missing_or_wrong_token_is_refused_in_words,
    a_session_acts_for_our_own_pages_alone,
    a_signed_out_session_opens_nothing,
}

/// A staff call with a body that would be taken.
struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
    /// Who may; nobody for calls that any role of the unit may make.
    role: Option<&'static str>,
}

impl Call {
    async fn by(&self, person: &Person<'_>) -> Answer {
        let kind = self.body.as_ref().map(|_| "application/json");
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        person
            .send(self.method.clone(), &self.path, kind, Bytes::from(body))
            .await
    }
}

fn call(method: Method, path: String, body: Option<Value>, role: Option<&'static str>) -> Call {
    Call {
        method,
        path,
        body,
        role,
    }
}

/// Every staff call about a consultation, on one of its comments and points.
fn calls(draft: &Draft, number: &str, point: &str) -> Vec<Call> {
    let clause = draft.clause("第一条");
    let round = json!({
        "version": 1,
        "opens_at": "2026-03-02T01:00:00Z",
        "closes_at": "2026-04-10T16:00:00Z",
    });
    let of = |rest: &str| draft.path(rest);
    let comment = |rest: &str| format!("/api/v1/comments/{number}/{rest}");
    let (editor, moderator, approver) = (Some("editor"), Some("moderator"), Some("approver"));
    let noted = json!({"disposition": "support_noted"});
    let text = json!({"text": "第一条 甲。"});
    let nothing = json!({"counterpart": null});
    let publish = json!({"decision": "publish"});
    let reason = json!({"reason": "不办了"});
    let matched = of(&format!("/drafts/1/matches/{clause}"));
    vec![
        call(Method::PUT, of(""), Some(facts("transport")), editor),
        call(Method::POST, of("/drafts"), Some(text), editor),
        call(Method::PUT, matched, Some(nothing), editor),
        call(
            Method::PUT,
            format!("/api/v1/points/{point}/response"),
            Some(noted),
            editor,
        ),
        call(
            Method::POST,
            comment("moderation"),
            Some(publish),
            moderator,
        ),
        call(Method::POST, comment("contact"), None, moderator),
        call(Method::POST, of("/publish"), Some(round), approver),
        call(Method::POST, of("/feedback"), Some(three_texts()), approver),
        call(Method::POST, of("/withdraw"), Some(reason), approver),
        call(Method::GET, of("/queue"), None, None),
        call(Method::GET, of("/unanswered"), None, None),
    ]
}

/// Calls about the unit itself.
fn unit_calls() -> Vec<Call> {
    let path = || "/api/v1/units/transport/origins".to_owned();
    let new = json!({"origins": ["https://new.example"]});
    let new_consultation = Some(facts("transport"));
    vec![
        call(
            Method::POST,
            "/api/v1/consultations".into(),
            new_consultation,
            Some("editor"),
        ),
        call(Method::PUT, path(), Some(new), Some("administrator")),
        call(Method::GET, path(), None, None),
    ]
}

async fn sent(world: &World, draft: &Draft) -> (String, String) {
    let mut body = comment(&[(None, "请回电", None)]);
    body["contact"] = json!("13800001111");
    let receipt = world.public().comments(draft, "k", body).await;
    let number = receipt["number"].as_str().unwrap().to_owned();
    let queue = world
        .staff("editor")
        .get(&draft.path("/queue"))
        .await
        .json();
    let point = queue["items"][0]["points"][0]["id"].as_str().unwrap();
    (number, point.to_owned())
}

/// What can be seen of a consultation, by its unit's staff.
async fn everything(world: &World, draft: &Draft) -> Vec<Value> {
    let staff = world.staff("editor");
    let origins = "/api/v1/units/transport/origins".to_owned();
    let list = "/api/v1/consultations".to_owned();
    let mut seen = Vec::new();
    for path in [draft.path(""), draft.path("/queue"), origins, list] {
        let answer = staff.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        seen.push(answer.json());
    }
    seen
}

async fn each_role_is_refused_what_is_not_its_own(world: &World) {
    let draft = world.open().await;
    let (number, point) = sent(world, &draft).await;
    let before = everything(world, &draft).await;
    let mut refused = 0;
    for call in calls(&draft, &number, &point).iter().chain(&unit_calls()) {
        for who in ["editor", "moderator", "approver", "administrator"] {
            // The administrator's own unit is the one above: no role in this one.
            let any_role = who != "administrator" || call.path.ends_with("/origins");
            if call.role.is_none() && any_role {
                assert_eq!(call.by(&world.staff(who)).await.status, 200);
            } else if call.role != Some(who) {
                let answer = call.by(&world.staff(who)).await;
                let what = format!("{who}: {} {}", call.method, call.path);
                assert_eq!(answer.status, 403, "{what}");
                assert_eq!(answer.problem(), "forbidden", "{what}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 11 * 3 + 2);
    assert_eq!(everything(world, &draft).await, before, "nothing happened");

    let administrator = world.staff("administrator");
    let path = "/api/v1/units/transport/origins";
    let new = json!({"origins": ["https://new.example/"]});
    let set = administrator.put(path, new).await;
    assert_eq!(set.json(), json!({"origins": ["https://new.example"]}));
}

async fn another_units_staff_see_nothing_unpublished_and_touch_nothing_public(world: &World) {
    let draft = world.open().await;
    let (number, point) = sent(world, &draft).await;
    let before = everything(world, &draft).await;
    let stranger = world.staff("stranger");
    for call in calls(&draft, &number, &point).iter().chain(&unit_calls()) {
        let answer = call.by(&stranger).await;
        assert_eq!(answer.status, 403, "{} {}", call.method, call.path);
        assert_eq!(answer.problem(), "forbidden");
    }
    assert_eq!(everything(world, &draft).await, before, "nothing happened");
    assert_eq!(stranger.get(&draft.path("")).await.status, 200);

    let hidden = world.prepared().await;
    let on_hidden = calls(&hidden, &format!("{}-1", hidden.number), &point);
    let of_point = |call: &&Call| !call.path.contains("/points/");
    for call in on_hidden.iter().filter(of_point) {
        let answer = call.by(&stranger).await;
        assert_eq!(answer.status, 404, "{} {}", call.method, call.path);
        assert_eq!(answer.problem(), "not_found");
    }
    for rest in [
        "",
        "/drafts/1",
        "/drafts/1/changes/1",
        "/comments",
        "/feedback",
    ] {
        let path = hidden.path(rest);
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
        assert_eq!(world.public().get(&path).await.status, 404, "{path}");
    }
    let own = world.staff("moderator").get(&hidden.path("")).await;
    assert_eq!(own.status, 200);
    assert!(own.header("cache-control").contains("no-store"), "{own:?}");

    let desk = world.at_the_desk("stranger").await;
    for rest in [
        "",
        "/edit",
        "/draft",
        "/round",
        "/queue",
        "/points",
        "/feedback",
    ] {
        let hidden = desk.get(&format!("/desk/c/{}{rest}", hidden.number)).await;
        assert_eq!(hidden.status, 404, "{rest}");
        let public = desk.get(&format!("/desk/c/{}{rest}", draft.number)).await;
        assert_eq!(public.status, 403, "{rest}");
        assert!(!public.text().contains("请回电"));
    }
    let original = format!("/c/{}/draft/1/original", hidden.number);
    assert_eq!(desk.get(&original).await.status, 404);
}

async fn who_administers_a_unit_below_does_not_read_its_desk(world: &World) {
    let public = world.open().await;
    let hidden = world.prepared().await;
    let administrator = world.staff("administrator");
    for rest in ["", "/drafts/1", "/queue", "/unanswered"] {
        let path = hidden.path(rest);
        assert_eq!(administrator.get(&path).await.status, 404, "{path}");
    }
    let desk = world.at_the_desk("administrator").await;
    for rest in ["", "/edit", "/draft", "/draft/1", "/queue", "/points"] {
        let screen = desk.get(&format!("/desk/c/{}{rest}", hidden.number)).await;
        assert_eq!(screen.status, 404, "{rest}");
        let screen = desk.get(&format!("/desk/c/{}{rest}", public.number)).await;
        assert_eq!(screen.status, 403, "{rest}");
    }
    let overview = desk.get("/desk").await;
    assert_eq!(overview.status, 200);
    for number in [&hidden.number, &public.number] {
        assert!(!overview.text().contains(number), "{number}");
    }
    for path in ["/desk/unit?unit=transport", "/desk/audit?unit=transport"] {
        let screen = desk.get(path).await;
        assert_eq!(screen.status, 200, "{path}");
        assert!(screen.text().contains("Bureau of transport"), "{path}");
    }
}

async fn a_missing_or_wrong_token_is_refused_in_words(world: &World) {
    let draft = world.open().await;
    let (number, point) = sent(world, &draft).await;
    let public = world.public();
    let wrong = [
        "Bearer wrong",
        "Bearer ",
        "Bearer",
        "Basic dXNlcjpwYXNz",
        "Bearer \u{505c}",
    ];
    for call in calls(&draft, &number, &point).iter().chain(&unit_calls()) {
        let answer = call.by(&public).await;
        assert_eq!(answer.status, 401, "{} {}", call.method, call.path);
        assert_eq!(answer.problem(), "sign_in");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        let answer = call
            .by(&public.clone().with("authorization", wrong[0]))
            .await;
        assert_eq!(answer.status, 401, "{} {}", call.method, call.path);
    }
    for token in wrong {
        let person = public.clone().with("authorization", token);
        for path in [draft.path("/queue"), draft.path("")] {
            let answer = person.get(&path).await;
            assert_eq!(answer.problem(), "sign_in", "{token} {path}");
            assert_eq!(answer.status, 401, "{token} {path}");
        }
    }
}

async fn a_session_acts_for_our_own_pages_alone(world: &World) {
    let draft = world.open().await;
    let (number, _) = sent(world, &draft).await;
    let path = format!("/api/v1/comments/{number}/moderation");
    let publish = || json!({"decision": "publish"});
    let desk = world.at_the_desk("moderator").await;
    let strange = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "https://transport.example"),
        ("origin", ""),
    ];
    for (name, value) in strange {
        let elsewhere = desk.clone().with(name, value);
        let refused = elsewhere.post(&path, publish()).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem().as_str()),
            (403, "origin"),
            "{value}"
        );
        let queue = format!("/desk/c/{}/queue", draft.number);
        let form = [("number", number.as_str()), ("decision", "publish")];
        let page = elsewhere.submit(&queue, &form).await;
        assert_eq!(page.status, 403, "{value}");
        assert!(page.header("content-type").starts_with("text/html"));
        let cross = elsewhere.with("sec-fetch-site", "cross-site");
        assert_eq!(cross.post(&path, publish()).await.problem(), "origin");
        assert_eq!(
            cross.get(&draft.path("/queue")).await.status,
            200,
            "reading"
        );
    }
    let evil = world.public().with("origin", "https://evil.example");
    let login = [("email", "moderator@example.org"), ("password", "x")];
    assert_eq!(evil.submit("/desk/login", &login).await.status, 403);
    let queue = desk.get(&draft.path("/queue?state=received")).await.json();
    assert_eq!(
        queue["items"].as_array().unwrap().len(),
        1,
        "nothing happened"
    );

    let done = desk.post(&path, publish()).await;
    assert_eq!(done.status, 204, "{done:?}");
}

async fn a_signed_out_session_opens_nothing(world: &World) {
    let draft = world.open().await;
    let desk = world.at_the_desk("editor").await;
    let queue = draft.path("/queue");
    assert_eq!(desk.get(&queue).await.status, 200);
    let out = desk.submit("/desk/logout", &[]).await;
    assert_eq!(out.status, 303, "{out:?}");
    assert_eq!(desk.get(&queue).await.problem(), "sign_in");
    let page = desk.get("/desk").await;
    assert_eq!(page.status, 303);
    assert!(page.header("location").starts_with("/desk/login"));
}
