//! What the server answers about sessions and polls, held against the OpenAPI document.

use crate::hearings::{ENDED, applicant, notice};
use crate::openapi::Checker;
use crate::polls::{CLOSES, questions};
use crate::refusals::with;
use crate::world::{CLOSED, Person, World};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    answers_about_sessions_are_what_the_document_says,
    answers_about_polls_are_what_the_document_says,
}

const HEARING: &str = "/api/v1/hearings/{id}";
const RECEIPT: &str = "/api/v1/receipts/{receipt}";

async fn answers_about_sessions_are_what_the_document_says(world: &World) {
    let checker = Checker::of(world).await;
    let draft = world.open().await;
    let (public, editor) = (world.public(), world.staff("editor"));
    let (moderator, approver) = (world.staff("moderator"), world.staff("approver"));
    let (list, of_list) = (
        draft.path("/hearings"),
        "/api/v1/consultations/{number}/hearings",
    );
    let created = editor.post(&list, notice()).await;
    checker.check("post", of_list, &created);
    checker.check("post", of_list, &editor.post(&list, json!({})).await);
    checker.check("post", of_list, &public.post(&list, notice()).await);
    checker.check("get", of_list, &editor.get(&list).await);
    let path = format!(
        "/api/v1/hearings/{}",
        created.json()["id"].as_str().unwrap()
    );
    checker.check("get", HEARING, &public.get(&path).await);
    checker.check("get", HEARING, &editor.get(&path).await);
    checker.check("put", HEARING, &editor.put(&path, notice()).await);
    let post = async |who: &Person<'_>, act: &str, body: Value| {
        let answer = who.post(&format!("{path}/{act}"), body).await;
        checker.check("post", &format!("{HEARING}/{act}"), &answer);
        answer
    };
    assert_eq!(post(&editor, "publish", Value::Null).await.status, 403);
    assert_eq!(post(&approver, "publish", Value::Null).await.status, 200);
    let mut receipts = Vec::new();
    for n in 0..4 {
        let person = public.clone().with("idempotency-key", &format!("k{n}"));
        let category = if n < 3 { "residents" } else { "observers" };
        let sent = post(&person, "applications", applicant(category, n)).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        receipts.push(sent.json());
    }
    assert_eq!(post(&public, "applications", json!({})).await.status, 400);
    let own = |n: usize| {
        format!(
            "/api/v1/receipts/{}",
            receipts[n]["receipt"].as_str().unwrap()
        )
    };
    checker.check("get", RECEIPT, &public.get(&own(0)).await);
    checker.check(
        "put",
        RECEIPT,
        &public.put(&own(0), applicant("residents", 0)).await,
    );
    let of_seat = "/api/v1/receipts/{receipt}/seat";
    for n in [0, 3] {
        let seat = public
            .post(&format!("{}/seat", own(n)), json!({"comes": true}))
            .await;
        assert_eq!(seat.status == 200, n == 3, "{seat:?}");
        checker.check("post", of_seat, &seat);
    }
    let applications = format!("{path}/applications");
    for person in [&moderator, &public] {
        let answer = person.get(&applications).await;
        checker.check("get", &format!("{HEARING}/applications"), &answer);
    }
    for receipt in &receipts[..2] {
        let number = receipt["number"].as_str().unwrap();
        for (act, body) in [
            ("review", json!({"eligible": true})),
            ("contact", Value::Null),
        ] {
            let answer = moderator
                .post(&format!("/api/v1/applications/{number}/{act}"), body)
                .await;
            assert_eq!(answer.status, 200, "{answer:?}");
            checker.check(
                "post",
                &format!("/api/v1/applications/{{number}}/{act}"),
                &answer,
            );
        }
    }
    checker.check("delete", RECEIPT, &public.delete(&own(2)).await);
    let (draw, of_draw) = (format!("{path}/draw"), format!("{HEARING}/draw"));
    checker.check("get", &of_draw, &public.get(&draw).await);
    world.set_clock(ENDED);
    let source = json!({"seed_source": "双色球"});
    assert_eq!(post(&approver, "freeze", source.clone()).await.status, 200);
    assert_eq!(post(&approver, "freeze", source).await.status, 409);
    checker.check("get", &of_draw, &public.get(&draw).await);
    assert_eq!(
        post(&approver, "draw", json!({"seed": "7"})).await.status,
        200
    );
    checker.check("get", &of_draw, &public.get(&draw).await);
    let papers = json!({"papers": [{"title": "草案", "address": "/c", "delivered_at": ENDED}]});
    assert_eq!(post(&editor, "papers", papers).await.status, 200);
    let said = json!({"speaker": "甲", "text": "乙", "clause": draft.clause("第一条")});
    let minutes = json!({"attendance": "三人", "statements": [said], "corrections_until": CLOSED});
    assert_eq!(
        post(&approver, "minutes", minutes.clone()).await.status,
        409
    );
    world.set_clock("2026-04-02T01:00:00Z");
    assert_eq!(post(&approver, "minutes", minutes).await.status, 200);
    assert_eq!(
        post(&approver, "report", json!({"report": "丙"}))
            .await
            .status,
        200
    );
    checker.check("get", HEARING, &public.get(&path).await);
    checker.check("get", of_list, &public.get(&list).await);
    world.set_clock(ENDED);
    let other = world
        .announced(
            &draft,
            with(
                notice(),
                "/applications_close_at",
                json!("2026-03-30T00:00:00Z"),
            ),
        )
        .await;
    let off = approver
        .post(&format!("{other}/cancel"), json!({"reason": "改期"}))
        .await;
    checker.check("post", &format!("{HEARING}/cancel"), &off);
}

async fn answers_about_polls_are_what_the_document_says(world: &World) {
    let checker = Checker::of(world).await;
    let draft = world.open().await;
    let (public, editor) = (world.public(), world.staff("editor"));
    let (moderator, approver) = (world.staff("moderator"), world.staff("approver"));
    let (list, of_list) = (draft.path("/polls"), "/api/v1/consultations/{number}/polls");
    let mut poll = questions();
    poll["results"] = json!("by_hand");
    poll["identity"] = json!("one_time_code");
    let created = editor.post(&list, poll.clone()).await;
    checker.check("post", of_list, &created);
    checker.check("post", of_list, &editor.post(&list, json!({})).await);
    let path = format!("/api/v1/polls/{}", created.json()["id"].as_str().unwrap());
    let of = |rest: &str| format!("/api/v1/polls/{{id}}{rest}");
    checker.check("get", &of(""), &public.get(&path).await);
    checker.check("put", &of(""), &editor.put(&path, poll.clone()).await);
    let post = async |who: &Person<'_>, act: &str, body: Value| {
        let answer = who.post(&format!("{path}/{act}"), body).await;
        checker.check("post", &of(&format!("/{act}")), &answer);
        answer
    };
    let period = json!({"opens_at": "2026-03-02T01:00:00Z", "closes_at": CLOSES});
    assert_eq!(post(&approver, "publish", period).await.status, 200);
    poll["correction"] = json!("错字");
    assert_eq!(post(&approver, "corrections", poll).await.status, 200);
    let codes = post(&approver, "codes", json!({"count": 1})).await;
    assert_eq!(codes.status, 201, "{codes:?}");
    let answers = json!({"fee": "yes", "where": ["yard"], "rate": 5, "rank": ["a", "b", "c"],
        "grid": {"r1": "good"}, "km": 3, "word": "好", "more": "很好"});
    let ballot = json!({"answers": answers, "code": codes.json()["codes"][0]});
    let sent = post(&public, "ballots", ballot.clone()).await;
    assert_eq!(sent.status, 201, "{sent:?}");
    assert_eq!(post(&public, "ballots", ballot).await.status, 422);
    let own = format!(
        "/api/v1/receipts/{}",
        sent.json()["receipt"].as_str().unwrap()
    );
    checker.check("get", RECEIPT, &public.get(&own).await);
    checker.check("delete", RECEIPT, &public.delete(&own).await);
    let texts = moderator.get(&format!("{path}/texts")).await;
    checker.check("get", &of("/texts"), &texts);
    let text = texts.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let decided = format!("{path}/texts/{text}/moderation");
    let decided = moderator
        .post(&decided, json!({"decision": "publish"}))
        .await;
    checker.check("post", &of("/texts/{text}/moderation"), &decided);
    world.set_clock(CLOSES);
    checker.check(
        "get",
        &of("/results"),
        &public.get(&format!("{path}/results")).await,
    );
    assert_eq!(post(&approver, "results", Value::Null).await.status, 200);
    for rest in ["", "/results", "/ballots"] {
        let answer = public.get(&format!("{path}{rest}")).await;
        assert_eq!(answer.status, 200, "{rest} {answer:?}");
        checker.check("get", &of(rest), &answer);
    }
    checker.check("get", of_list, &public.get(&list).await);
    world.set_clock("2026-03-02T01:00:00Z");
    let other = world.asked(&draft, questions()).await;
    let reason = json!({"reason": "错题"});
    let off = approver.post(&format!("{other}/cancel"), reason).await;
    assert_eq!(off.status, 200, "{off:?}");
    checker.check("post", &of("/cancel"), &off);
}
