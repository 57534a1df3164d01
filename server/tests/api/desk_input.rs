//! What staff typed at the desk is never lost: not to a colleague, not to a consultation that moved
//! on, not to a database that fails.

use crate::steps::SECOND_DRAFT;
use crate::world::{Answer, CLOSED, Draft, Person, World};
use serde_json::json;
use testing::{meddle, on_both_databases};

on_both_databases! {
    a_colleagues_answer_is_not_replaced_unseen,
    answers_that_nothing_can_take_are_given_back,
    a_failing_database_takes_nothing_that_was_typed,
    a_version_that_came_after_the_last_look_is_looked_at_first,
}

/// The value of a hidden field.
#[track_caller]
fn hidden(page: &str, name: &str) -> String {
    let tag = page
        .split("<input")
        .find(|tag| tag.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    let value = tag.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// Two published comments of one point each.
async fn two_points(world: &World, draft: &Draft) -> [String; 2] {
    for key in ["a", "b"] {
        let number = world.one_comment(draft, key, "太贵").await;
        world.publish(&number).await;
    }
    world.points(draft).await.try_into().unwrap()
}

/// Posts refusals of these points with a reason each, as the page showed them.
async fn refuse(desk: &Person<'_>, draft: &Draft, page: &str, reasons: &[(&str, &str)]) -> Answer {
    let mut pairs = Vec::new();
    for (point, reason) in reasons {
        let was = format!("{point}.was");
        pairs.push((was.clone(), hidden(page, &was)));
        pairs.push((format!("{point}.disposition"), "not_adopted".into()));
        pairs.push((format!("{point}.reason"), (*reason).to_owned()));
    }
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let path = format!("/desk/c/{}/points", draft.number);
    desk.submit(&path, &pairs).await
}

async fn points_page(desk: &Person<'_>, draft: &Draft) -> String {
    let path = format!("/desk/c/{}/points", draft.number);
    desk.get(&path).await.text()
}

/// The reason that is stored for a point.
async fn reason(world: &World, draft: &Draft, index: usize) -> String {
    let queue = world.staff("editor").get(&draft.path("/queue")).await;
    let response = queue.json()["items"][index]["points"][0]["response"].clone();
    response["reason"].as_str().unwrap_or_default().to_owned()
}

async fn a_colleagues_answer_is_not_replaced_unseen(world: &World) {
    let draft = world.open().await;
    let [first, second] = two_points(world, &draft).await;
    let desk = world.at_the_desk("editor").await;
    let shown = points_page(&desk, &draft).await;
    let theirs = json!({"disposition": "not_adopted", "reason": "同事的理由"});
    assert_eq!(world.respond(&first, theirs).await.status, 200);
    let both = [(first.as_str(), "我的理由"), (second.as_str(), "另一理由")];
    let answer = refuse(&desk, &draft, &shown, &both).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let text = answer.text();
    assert!(
        text.contains("我的理由") && text.contains("同事的理由"),
        "{text}"
    );
    assert_eq!(reason(world, &draft, 0).await, "同事的理由");
    assert_eq!(
        reason(world, &draft, 1).await,
        "另一理由",
        "it clashed with none"
    );
    // Seen, it may be replaced.
    let answer = refuse(&desk, &draft, &text, &both[..1]).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(reason(world, &draft, 0).await, "我的理由");
}

async fn answers_that_nothing_can_take_are_given_back(world: &World) {
    let draft = world.open().await;
    let [first, second] = two_points(world, &draft).await;
    let desk = world.at_the_desk("editor").await;
    let shown = points_page(&desk, &draft).await;
    let given_up = json!({"reason": "上位法已改。"});
    let approver = world.staff("approver");
    let answer = approver.post(&draft.path("/withdraw"), given_up).await;
    assert_eq!(answer.status, 204);
    let both = [(first.as_str(), "我的理由"), (second.as_str(), "另一理由")];
    let answer = refuse(&desk, &draft, &shown, &both).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let text = answer.text();
    assert!(
        text.contains("我的理由") && text.contains("另一理由"),
        "{text}"
    );
}

async fn a_failing_database_takes_nothing_that_was_typed(world: &World) {
    let draft = world.open().await;
    let [first, second] = two_points(world, &draft).await;
    let desk = world.at_the_desk("editor").await;
    let shown = points_page(&desk, &draft).await;
    meddle(
        &world.database_url,
        "alter table audit rename to audit_away",
    )
    .await;
    let both = [
        (first.as_str(), "我的\n理由"),
        (second.as_str(), "另一理由"),
    ];
    let answer = refuse(&desk, &draft, &shown, &both).await;
    assert_eq!(answer.status, 500, "{answer:?}");
    for point in [&first, &second] {
        let field = format!("{point}.reason");
        assert!(!hidden(&answer.text(), &field).is_empty(), "{field}");
    }
    meddle(
        &world.database_url,
        "alter table audit_away rename to audit",
    )
    .await;
    let answer = refuse(&desk, &draft, &answer.text(), &both).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(reason(world, &draft, 1).await, "另一理由");

    world.set_clock(CLOSED);
    let approver = world.at_the_desk("approver").await;
    meddle(
        &world.database_url,
        "alter table audit rename to audit_away",
    )
    .await;
    let texts = [
        ("asked", "问了什么"),
        ("heard", "听到什么"),
        ("changed", "改了什么"),
        ("new_version", "1"),
        ("action", "publish"),
    ];
    let path = format!("/desk/c/{}/feedback", draft.number);
    let answer = approver.submit(&path, &texts).await;
    assert_eq!(answer.status, 500, "{answer:?}");
    for (name, value) in texts {
        assert_eq!(hidden(&answer.text(), name), value);
    }
    meddle(
        &world.database_url,
        "alter table audit_away rename to audit",
    )
    .await;
    assert_eq!(approver.submit(&path, &texts).await.status, 303);
}

async fn a_version_that_came_after_the_last_look_is_looked_at_first(world: &World) {
    let draft = world.open().await;
    for point in two_points(world, &draft).await {
        let noted = json!({"disposition": "support_noted"});
        assert_eq!(world.respond(&point, noted).await.status, 200);
    }
    world.one_comment(&draft, "late", "还没有看").await;
    world.set_clock(CLOSED);
    let path = format!("/desk/c/{}/feedback", draft.number);
    let approver = world.at_the_desk("approver").await;
    let texts = [("asked", "问"), ("heard", "听"), ("changed", "改")];
    let with = |more: &[(&'static str, &'static str)]| [&texts[..], more].concat();
    let look = approver.submit(&path, &with(&[("action", "review")])).await;
    assert_eq!(look.status, 200, "{look:?}");
    assert_eq!(hidden(&look.text(), "new_version"), "1");
    assert!(look.text().contains("1 comment is not reviewed yet"));
    let editor = world.staff("editor");
    let left = editor.get(&draft.path("/unanswered")).await.json();
    let late = left["items"][0]["point"].as_str().unwrap().to_owned();
    let noted = json!({"disposition": "support_noted"});
    assert_eq!(world.respond(&late, noted).await.status, 200);

    let uploaded = json!({"text": SECOND_DRAFT});
    let added = editor.post(&draft.path("/drafts"), uploaded).await;
    assert_eq!(added.status, 201);
    let seen = |version| with(&[("new_version", version), ("action", "publish")]);
    let refused = approver.submit(&path, &seen("1")).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(refused.text().contains("version 2"), "{}", refused.text());
    assert_eq!(
        world.public().get(&draft.path("/feedback")).await.status,
        404
    );
    // Without a version nothing was looked at.
    let unseen = approver
        .submit(&path, &with(&[("action", "publish")]))
        .await;
    assert_eq!(hidden(&unseen.text(), "new_version"), "2");
    assert_eq!(approver.submit(&path, &seen("2")).await.status, 303);
    let account = world.public().get(&draft.path("/feedback")).await.json();
    assert_eq!(account["new_version"], 2);

    // The API asks for no version, and refuses a wrong one.
    let again = json!({"asked": "问", "heard": "听", "changed": "改", "new_version": 7});
    let again = world
        .staff("approver")
        .post(&draft.path("/feedback"), again)
        .await;
    assert_eq!(again.problem(), "already_answered");
}
