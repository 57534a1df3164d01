//! The OpenAPI document: complete, sound in itself, and true of what the server answers.

use crate::steps::three_texts;
use crate::world::{Answer, CLOSED, World, comment, facts};
use axum::body::Bytes;
use boon::{Compiler, Schemas};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    the_document_names_every_call_of_the_contract,
    every_reference_leads_somewhere_and_every_operation_has_its_own_name,
    the_codes_are_those_of_the_contract,
    real_answers_are_what_the_document_says,
}

async fn document(world: &World) -> Value {
    let answer = world.public().get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    answer.json()
}

/// Method, path under `/api/v1`, whether it is for staff, and its successful status.
const CONTRACT: [(&str, &str, bool, &str); 46] = [
    ("post", "/consultations", true, "201"),
    ("post", "/consultations/{number}/drafts", true, "201"),
    (
        "get",
        "/consultations/{number}/drafts/{a}/changes/{b}",
        false,
        "200",
    ),
    ("post", "/consultations/{number}/publish", true, "200"),
    ("get", "/consultations/{number}/queue", true, "200"),
    ("post", "/comments/{number}/moderation", true, "204"),
    ("put", "/points/{id}/response", true, "200"),
    ("post", "/consultations/{number}/feedback", true, "201"),
    ("get", "/consultations", false, "200"),
    ("get", "/consultations/{number}", false, "200"),
    (
        "get",
        "/consultations/{number}/drafts/{version}",
        false,
        "200",
    ),
    ("post", "/consultations/{number}/comments", false, "201"),
    ("get", "/consultations/{number}/comments", false, "200"),
    ("get", "/consultations/{number}/feedback", false, "200"),
    ("get", "/receipts/{receipt}", false, "200"),
    ("put", "/receipts/{receipt}", false, "200"),
    ("delete", "/receipts/{receipt}", false, "200"),
    ("get", "/units", false, "200"),
    ("post", "/consultations/{number}/hearings", true, "201"),
    ("get", "/consultations/{number}/hearings", false, "200"),
    ("get", "/hearings/{id}", false, "200"),
    ("put", "/hearings/{id}", true, "200"),
    ("post", "/hearings/{id}/publish", true, "200"),
    ("post", "/hearings/{id}/cancel", true, "200"),
    ("post", "/hearings/{id}/applications", false, "201"),
    ("get", "/hearings/{id}/applications", true, "200"),
    ("post", "/applications/{number}/review", true, "200"),
    ("post", "/hearings/{id}/participants", true, "201"),
    ("post", "/applications/{number}/contact", true, "200"),
    ("post", "/hearings/{id}/freeze", true, "200"),
    ("post", "/hearings/{id}/draw", true, "200"),
    ("get", "/hearings/{id}/draw", false, "200"),
    ("post", "/hearings/{id}/papers", true, "200"),
    ("post", "/hearings/{id}/minutes", true, "200"),
    ("post", "/hearings/{id}/report", true, "200"),
    ("post", "/receipts/{receipt}/seat", false, "200"),
    ("post", "/consultations/{number}/polls", true, "201"),
    ("get", "/consultations/{number}/polls", false, "200"),
    ("get", "/polls/{id}", false, "200"),
    ("put", "/polls/{id}", true, "200"),
    ("post", "/polls/{id}/publish", true, "200"),
    ("post", "/polls/{id}/corrections", true, "200"),
    ("post", "/polls/{id}/codes", true, "201"),
    ("post", "/polls/{id}/ballots", false, "201"),
    ("get", "/polls/{id}/results", false, "200"),
    ("get", "/polls/{id}/texts", true, "200"),
];

async fn the_document_names_every_call_of_the_contract(world: &World) {
    let document = document(world).await;
    assert_eq!(
        document["openapi"]
            .as_str()
            .unwrap()
            .split('.')
            .take(2)
            .collect::<Vec<_>>(),
        ["3", "1"]
    );
    for (method, path, is_staff, status) in CONTRACT {
        let operation = &document["paths"][format!("/api/v1{path}")][method];
        let what = format!("{method} {path}");
        assert!(operation.is_object(), "{what}");
        assert_eq!(operation["security"].is_array(), is_staff, "{what}");
        assert!(
            operation["responses"][status].is_object(),
            "{what} {operation}"
        );
        let in_path: Vec<_> = path
            .split('{')
            .skip(1)
            .map(|part| part.split('}').next().unwrap())
            .collect();
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for name in in_path {
            let told = parameters.iter().any(|told| {
                told["name"] == name && told["in"] == "path" && told["required"] == true
            });
            assert!(told, "{what} does not tell of {name}");
        }
    }
    let queries = |path: &str| -> BTreeSet<String> {
        let parameters = document["paths"][path]["get"]["parameters"]
            .as_array()
            .unwrap();
        let of_query = parameters.iter().filter(|told| told["in"] == "query");
        of_query
            .map(|told| told["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let named = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        queries("/api/v1/consultations"),
        named(&["unit", "state", "after"])
    );
    let queue = queries("/api/v1/consultations/{number}/queue");
    assert!(queue.is_superset(&named(&["state", "clause", "q", "after"])));
    let comments = queries("/api/v1/consultations/{number}/comments");
    assert_eq!(comments, named(&["clause", "stage", "after"]));
}

/// Every value in the document, with the pointer to it.
fn walk<'d>(value: &'d Value, pointer: &str, visit: &mut impl FnMut(&str, &'d Value)) {
    visit(pointer, value);
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(inner, &format!("{pointer}/{name}"), visit);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk(inner, &format!("{pointer}/{index}"), visit);
            }
        }
        _ => {}
    }
}

async fn every_reference_leads_somewhere_and_every_operation_has_its_own_name(world: &World) {
    let document = document(world).await;
    let mut references = 0;
    walk(&document, "", &mut |pointer, value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let target = target
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{pointer}: {target}"));
            assert!(
                document.pointer(target).is_some(),
                "{pointer} leads to {target}"
            );
            references += 1;
        }
    });
    assert!(references > 100, "{references}");
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(
                names.insert(name.to_owned()),
                "{method} {path}: {name} is taken"
            );
            assert!(operation["summary"].is_string(), "{method} {path}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                // Required by OpenAPI 3.1, section 4.8.17.
                let description = response["description"].as_str().unwrap_or("");
                assert!(!description.is_empty(), "{method} {path} {status}");
                if status.starts_with('4') || status.starts_with('5') {
                    let problem =
                        &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(
                        problem, "#/components/schemas/Problem",
                        "{method} {path} {status}"
                    );
                }
            }
        }
    }
    assert!(names.len() >= CONTRACT.len());
}

async fn the_codes_are_those_of_the_contract(world: &World) {
    let document = document(world).await;
    let expected = [
        ("AuthorKind", "individual, organisation"),
        ("Display", "shown, masked, anonymous"),
        ("CommentState", "received, published, held, withdrawn"),
        ("Decision", "publish, hold"),
        (
            "Disposition",
            "adopted, adopted_in_substance, partly_adopted, already_covered, for_later_study, \
             not_adopted, referred, out_of_scope, support_noted, duplicate, unclear",
        ),
        (
            "HoldReason",
            "illegal, no_substance, advertising, not_government_business, in_proceedings, \
             petition_finished, repeated, personal_data, other",
        ),
        (
            "ClauseChange",
            "same, reworded, moved, moved_reworded, split, merged, added, removed",
        ),
        ("SessionKind", "hearing, seminar, observation"),
        ("Fill", "draw, first_come, recommendation, appointment"),
        (
            "ApplicationState",
            "received, eligible, ineligible, chosen, reserve, confirmed, declined, withdrawn",
        ),
        (
            "QuestionKind",
            "single, multiple, scale, ranking, matrix, short_text, long_text, number, section",
        ),
        ("IdentityLevel", "none, one_time_code, invited"),
    ];
    for (name, codes) in expected {
        let codes: Vec<_> = codes.split(',').map(str::trim).collect();
        let schema = &document["components"]["schemas"][name];
        assert_eq!(schema["enum"], json!(codes), "{name}");
        assert_eq!(schema["type"], "string", "{name}");
    }
}

/// Holds answers against the document. Fields that the document does not name are faults too.
pub struct Checker {
    document: Value,
}

const HOME: &str = "https://yanlu.example/openapi.json";

impl Checker {
    pub async fn of(world: &World) -> Self {
        let mut document = document(world).await;
        join(&mut document["components"]["schemas"]);
        close(&mut document["components"]["schemas"]);
        Self { document }
    }

    /// The answer to `method` on this path of the document.
    #[track_caller]
    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        let status = answer.status.as_str();
        let what = format!("{method} {path} {status}");
        let response = &self.document["paths"][path][method]["responses"][status];
        assert!(
            response.is_object(),
            "{what} is not in the document: {answer:?}"
        );
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            assert!(answer.body.is_empty(), "{what}: {answer:?}");
            return;
        };
        let kind = answer.header("content-type");
        assert!(content.contains_key(kind), "{what} as {kind}");
        let escape = |part: &str| {
            part.replace('~', "~0")
                .replace('/', "~1")
                .replace('{', "%7B")
                .replace('}', "%7D")
        };
        let place = format!(
            "{HOME}#/paths/{}/{method}/responses/{status}/content/{}/schema",
            escape(path),
            escape(kind)
        );
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource(HOME, self.document.clone()).unwrap();
        let mut schemas = Schemas::new();
        let schema = compiler.compile(&place, &mut schemas).unwrap();
        let body = answer.json();
        let fits = schemas
            .validate(&body, schema)
            .map_err(|error| error.to_string());
        assert_eq!(fits, Ok(()), "{what}: {body:#}");
    }
}

/// Makes one object of a schema that is put together from several: closed, none would let the
/// fields of the others in.
fn join(schemas: &mut Value) {
    let all = schemas.clone();
    for schema in schemas.as_object_mut().unwrap().values_mut() {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array).cloned() else {
            continue;
        };
        let mut joined = json!({"type": "object", "properties": {}, "required": []});
        for part in parts {
            let named = part.get("$ref").and_then(Value::as_str);
            let part = named.map_or(&part, |target| &all[target.rsplit('/').next().unwrap()]);
            for (name, field) in part["properties"].as_object().unwrap() {
                joined["properties"][name] = field.clone();
            }
            let required = part["required"].as_array().cloned().unwrap_or_default();
            joined["required"].as_array_mut().unwrap().extend(required);
        }
        *schema = joined;
    }
}

/// Forbids what a schema does not name, in it and in all below.
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("type") == Some(&json!("object")) && fields.contains_key("properties") {
                fields.insert("additionalProperties".into(), json!(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

async fn real_answers_are_what_the_document_says(world: &World) {
    let checker = Checker::of(world).await;
    let of = |rest: &str| format!("/api/v1/consultations{rest}");
    let in_one = |rest: &str| of(&format!("/{{number}}{rest}"));
    let (public, editor) = (world.public(), world.staff("editor"));
    let created = editor.post(&of(""), facts("transport")).await;
    assert_eq!(created.status, 201);
    checker.check("post", &of(""), &created);
    let bad = editor.post(&of(""), json!({"unit": "transport"})).await;
    checker.check("post", &of(""), &bad);
    checker.check("post", &of(""), &public.post(&of(""), json!({})).await);
    checker.check(
        "put",
        &in_one(""),
        &editor.put(&of("/2026-0001"), facts("transport")).await,
    );

    let (draft, code) = world.answered().await;
    let text = json!({"text": "第一条 甲：\n（一）乙；\n（二）丙。\n第三条 丁。"});
    let added = editor.post(&draft.path("/drafts"), text).await;
    assert_eq!(added.status, 201);
    checker.check("post", &in_one("/drafts"), &added);
    let reads = [
        ("", &in_one("")),
        ("/drafts/1", &in_one("/drafts/{version}")),
        ("/drafts/9", &in_one("/drafts/{version}")),
        ("/drafts/1/changes/2", &in_one("/drafts/{a}/changes/{b}")),
        ("/comments", &in_one("/comments")),
        ("/comments?after=x", &in_one("/comments")),
        ("/feedback", &in_one("/feedback")),
    ];
    for (rest, path) in reads {
        checker.check("get", path, &public.get(&draft.path(rest)).await);
        checker.check("get", path, &editor.get(&draft.path(rest)).await);
        let stranger = public.clone().with("authorization", "Bearer wrong");
        let refused = stranger.get(&draft.path(rest)).await;
        checker.check("get", path, &refused);
    }
    for rest in ["/queue", "/unanswered"] {
        checker.check("get", &in_one(rest), &editor.get(&draft.path(rest)).await);
        checker.check("get", &in_one(rest), &public.get(&draft.path(rest)).await);
        let stranger = world.staff("stranger");
        checker.check("get", &in_one(rest), &stranger.get(&draft.path(rest)).await);
    }
    checker.check("get", &of(""), &public.get(&of("")).await);
    checker.check("get", &of(""), &public.get(&of("?state=asleep")).await);
    for (rest, path) in [("", ""), ("/transport", "/{unit}"), ("/nowhere", "/{unit}")] {
        let answer = public.get(&format!("/api/v1/units{rest}")).await;
        checker.check("get", &format!("/api/v1/units{path}"), &answer);
    }
    let origins = editor.get("/api/v1/units/transport/origins").await;
    checker.check("get", "/api/v1/units/{unit}/origins", &origins);
    let receipt = "/api/v1/receipts/{receipt}";
    let own = format!("/api/v1/receipts/{code}");
    checker.check("get", receipt, &public.get(&own).await);
    checker.check("get", receipt, &public.get("/api/v1/receipts/x").await);
    let late = public.put(&own, comment(&[(None, "x", None)])).await;
    assert_eq!(late.status, 409);
    checker.check("put", receipt, &late);
    checker.check("delete", receipt, &public.delete(&own).await);
    deciding(world, &checker).await;
}

/// The calls that change something, on a consultation of their own.
async fn deciding(world: &World, checker: &Checker) {
    world.set_clock("2026-03-02T01:00:00Z");
    let draft = world.prepared().await;
    let of = |rest: &str| format!("/api/v1/consultations/{{number}}{rest}");
    let approver = world.staff("approver");
    let round = json!({"version": 1, "opens_at": "2026-03-02T01:00:00Z", "closes_at": CLOSED});
    let path = draft.path("/publish");
    let answer = approver.post(&path, round.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    checker.check("post", &of("/publish"), &answer);
    checker.check("post", &of("/publish"), &approver.post(&path, round).await);

    let body = comment(&[(None, "太贵", Some("便宜点"))]);
    let person = world.public().with("idempotency-key", "k");
    let sent = person.post(&draft.path("/comments"), body.clone()).await;
    checker.check("post", &of("/comments"), &sent);
    let without = world
        .public()
        .post(&draft.path("/comments"), body.clone())
        .await;
    checker.check("post", &of("/comments"), &without);
    let number = sent.json()["number"].as_str().unwrap().to_owned();
    let receipt = "/api/v1/receipts/{receipt}";
    let own = format!(
        "/api/v1/receipts/{}",
        sent.json()["receipt"].as_str().unwrap()
    );
    checker.check("put", receipt, &person.put(&own, body).await);
    let moderation = "/api/v1/comments/{number}/moderation";
    let decided = json!({"decision": "hold", "reason": "other"});
    let path = format!("/api/v1/comments/{number}/moderation");
    let moderator = world.staff("moderator");
    checker.check(
        "post",
        moderation,
        &moderator.post(&path, decided.clone()).await,
    );
    checker.check("post", moderation, &approver.post(&path, decided).await);
    checker.check("get", receipt, &person.get(&own).await);
    let path = format!("/api/v1/comments/{number}/contact");
    checker.check(
        "post",
        "/api/v1/comments/{number}/contact",
        &moderator.post(&path, Value::Null).await,
    );
    world.publish(&number).await;

    world.set_clock(CLOSED);
    let unanswered = approver.post(&draft.path("/feedback"), three_texts()).await;
    assert_eq!(unanswered.status, 409);
    checker.check("post", &of("/feedback"), &unanswered);
    let point = unanswered.json()["unanswered"][0]["point"]
        .as_str()
        .unwrap()
        .to_owned();
    let adopted = json!({"disposition": "adopted", "change": {"clause": draft.clause("第二条")}});
    checker.check(
        "put",
        "/api/v1/points/{id}/response",
        &world.respond(&point, adopted).await,
    );
    let published = approver.post(&draft.path("/feedback"), three_texts()).await;
    assert_eq!(published.status, 201);
    checker.check("post", &of("/feedback"), &published);
    let given_up = approver
        .post(&draft.path("/withdraw"), json!({"reason": "上位法已改"}))
        .await;
    checker.check("post", &of("/withdraw"), &given_up);
    let large = Bytes::from(vec![b' '; domain::limits::BODY_BYTES + 1]);
    let path = draft.path("/withdraw");
    let kind = Some("application/json");
    checker.check(
        "post",
        &of("/withdraw"),
        &approver.send(Method::POST, &path, kind, large).await,
    );
}
