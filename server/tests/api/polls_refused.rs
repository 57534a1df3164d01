//! Everything that can be wrong with a poll, a ballot and who acts on them.

use crate::polls::{CLOSES, OPENS, questions};
use crate::world::World;
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_one_time_code_is_good_for_one_ballot,
    bad_polls_and_ballots_are_refused_by_field,
    another_unit_sees_and_touches_no_poll,
}

async fn a_one_time_code_is_good_for_one_ballot(world: &World) {
    let draft = world.open().await;
    let open_to_all = world.asked(&draft, questions()).await;
    let none = world
        .run("approver", &open_to_all, "codes", json!({"count": 1}))
        .await;
    assert_eq!(none.problem(), "no_codes");
    let mut poll = questions();
    poll["identity"] = json!("one_time_code");
    let path = world.asked(&draft, poll).await;
    for (count, fault) in [
        (json!(0), "count out_of_range"),
        (json!(5_001), "count out_of_range"),
        (json!(-1), "count malformed"),
    ] {
        let refused = world
            .run("approver", &path, "codes", json!({"count": count}))
            .await;
        assert_eq!(refused.faults(), [fault]);
    }
    let made = world
        .run("approver", &path, "codes", json!({"count": 2}))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.header("cache-control"), "no-store");
    let code = made.json()["codes"][0].clone();
    let send = async |code: Value, key: &str| {
        let ballot = json!({"answers": {"fee": "yes"}, "code": code});
        let person = world.public().with("idempotency-key", key);
        person.post(&format!("{path}/ballots"), ballot).await
    };
    assert_eq!(send(Value::Null, "a").await.faults(), ["code required"]);
    assert_eq!(
        send(json!("nonsense"), "b").await.faults(),
        ["code malformed"]
    );
    let both = json!({"answers": {}, "code": "nonsense"});
    let both = world.public().post(&format!("{path}/ballots"), both).await;
    assert_eq!(both.faults(), ["code malformed", "answers.fee required"]);
    assert_eq!(
        send(json!("0000-0000-0000-0000-0"), "c").await.faults(),
        ["code unknown"]
    );
    let first = send(code.clone(), "d").await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(
        send(code.clone(), "d").await.json(),
        first.json(),
        "a retry is the same ballot"
    );
    assert_eq!(send(code, "e").await.faults(), ["code taken"]);
    let counted = world.staff("editor").get(&path).await.json();
    assert_eq!(counted["ballots"], 1);
    assert_eq!(
        send(json!("x"), "with blank").await.problem(),
        "idempotency_key"
    );
}

async fn bad_polls_and_ballots_are_refused_by_field(world: &World) {
    let draft = world.open().await;
    let editor = world.staff("editor");
    for (pointer, new, faults) in [
        ("/title", json!(""), vec!["title required"]),
        ("/questions", json!([]), vec!["questions required"]),
        ("/questions", json!("q"), vec!["questions malformed"]),
        (
            "/questions/1/kind",
            json!("riddle"),
            vec!["questions.1.kind unknown"],
        ),
        (
            "/questions/1/code",
            json!("s"),
            vec!["questions.1.code taken", "questions.2.show_if unknown"],
        ),
        (
            "/questions/1/options/0/text",
            json!(" "),
            vec!["questions.1.options.0.text required"],
        ),
        (
            "/questions/2/max",
            json!(9),
            vec!["questions.2.max unknown"],
        ),
        (
            "/questions/2/show_if/question",
            json!("rate"),
            vec!["questions.2.show_if unknown"],
        ),
        (
            "/questions/5/rows",
            json!([]),
            vec!["questions.5.rows required"],
        ),
        (
            "/questions/6/min",
            json!(600),
            vec!["questions.6.max unknown"],
        ),
    ] {
        let poll = crate::refusals::with(questions(), pointer, new);
        let refused = editor.post(&draft.path("/polls"), poll).await;
        assert_eq!(refused.faults(), faults, "{pointer}");
    }
    let path = world.asked(&draft, questions()).await;
    for (answers, fault) in [
        (json!({}), "answers.fee required"),
        (json!({"fee": "maybe"}), "answers.fee unknown"),
        (json!({"fee": 1}), "answers.fee malformed"),
        (json!({"fee": {"a": "b"}}), "answers.fee malformed"),
        (
            json!({"fee": "yes", "where": ["street", "yard", "hall"]}),
            "answers.where too_many",
        ),
        (
            json!({"fee": "yes", "rate": 6}),
            "answers.rate out_of_range",
        ),
        (
            json!({"fee": "yes", "rank": ["a"]}),
            "answers.rank not_a_ranking",
        ),
        (
            json!({"fee": "yes", "grid": {"r9": "good"}}),
            "answers.grid unknown",
        ),
        (json!({"fee": "yes", "km": "far"}), "answers.km malformed"),
        (
            json!({"fee": "yes", "word": "字".repeat(201)}),
            "answers.word too_long",
        ),
        (
            json!({"fee": "yes", "nothing": 1}),
            "answers.nothing unknown",
        ),
        (json!({"fee": true}), "answers.fee malformed"),
        (json!([]), "answers malformed"),
        (json!("yes"), "answers malformed"),
    ] {
        let refused = world.votes(&path, answers.clone()).await;
        assert_eq!(refused.faults(), [fault], "{answers}");
    }
    for body in [json!([]), Value::Null, json!(7)] {
        let refused = world.public().post(&format!("{path}/ballots"), body).await;
        assert_eq!(refused.problem(), "invalid");
    }
    for nowhere in ["2026-0001-p9", "2026-0001-p01", "2026-0001-h1", "x"] {
        let path = format!("/api/v1/polls/{nowhere}");
        assert_eq!(world.public().get(&path).await.problem(), "not_found");
        assert_eq!(
            world.votes(&path, json!({"fee": "yes"})).await.problem(),
            "not_found"
        );
    }
    let results = world.staff("editor").get(&path).await.json();
    assert_eq!(results["ballots"], 0, "nothing was counted");
}

async fn another_unit_sees_and_touches_no_poll(world: &World) {
    let draft = world.open().await;
    let stranger = world.staff("stranger");
    let text = "texts/00000000-0000-7000-8000-000000000000/moderation";
    let period = json!({"opens_at": OPENS, "closes_at": CLOSES});
    let mut corrected = questions();
    corrected["correction"] = json!("x");
    let calls = [
        ("approver", "publish", period),
        ("approver", "corrections", corrected),
        ("approver", "codes", json!({"count": 1})),
        ("approver", "cancel", json!({"reason": "x"})),
        ("approver", "results", Value::Null),
        ("moderator", text, json!({"decision": "hold"})),
    ];
    let hidden = world.poll(&draft, questions()).await;
    let public = world.asked(&draft, questions()).await;
    for (path, problem) in [(&hidden, "not_found"), (&public, "forbidden")] {
        for (role, act, body) in &calls {
            let refused = world.run("stranger", path, act, body.clone()).await;
            assert_eq!(refused.problem(), problem, "{act}");
            let refused = world
                .public()
                .post(&format!("{path}/{act}"), body.clone())
                .await;
            assert_eq!(refused.problem(), "sign_in", "{act}");
            for who in ["editor", "moderator", "approver"] {
                if who != *role {
                    let refused = world.run(who, path, act, body.clone()).await;
                    assert_eq!(refused.problem(), "forbidden", "{who}: {act}");
                }
            }
        }
        assert_eq!(stranger.put(path, questions()).await.problem(), problem);
        assert_eq!(
            stranger.get(&format!("{path}/texts")).await.problem(),
            problem
        );
        assert_eq!(
            stranger.get(&format!("{path}/results")).await.problem(),
            "not_found"
        );
    }
    assert_eq!(stranger.get(&hidden).await.problem(), "not_found");
    let created = stranger.post(&draft.path("/polls"), questions()).await;
    assert_eq!(created.problem(), "forbidden");
    let listed = stranger.get(&draft.path("/polls")).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
}
