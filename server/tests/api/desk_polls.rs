//! Polls at the desk, over HTTP: questions, codes and what people wrote, all kept as typed.

use crate::desk_sessions::led_to;
use crate::world::{Draft, World};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    a_poll_is_composed_published_corrected_and_counted,
    codes_are_shown_once_and_good_for_one_ballot,
    a_poll_is_due_in_a_field_of_livelihood_until_it_is_there,
    why_no_poll_is_held_is_public_once_the_consultation_is_and_until_there_is_one,
}

/// A poll with one choice and words, as typed.
const POLL: [(&str, &str); 13] = [
    ("title", "停车调查"),
    ("method", "网上征集"),
    ("identity", "none"),
    ("results", "by_hand"),
    ("phase", "before"),
    ("questions.0.code", "q1"),
    ("questions.0.kind", "single"),
    ("questions.0.text", "您有车吗？"),
    ("questions.0.required", "on"),
    ("questions.0.options", "yes | 有\r\nno | 没有"),
    ("questions.1.code", "q2"),
    ("questions.1.kind", "long_text"),
    ("questions.1.text", "为什么？"),
];

pub async fn composed(world: &World, draft: &Draft, identity: &'static str) -> String {
    let editor = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/polls/new", draft.number);
    let mut pairs = POLL.to_vec();
    pairs.extend([
        ("identity", identity),
        ("questions.1.show_if", "q1"),
        ("questions.1.any_of", "有"),
        ("action", "save"),
    ]);
    let created = editor.submit(&new, &pairs).await;
    assert_eq!(created.status, 303, "{}", created.text());
    let path = led_to(created.header("location"));
    let approver = world.at_the_desk("approver").await;
    let period = [
        ("opens_at", "2026-03-01T09:00"),
        ("closes_at", "2026-03-12T00:00"),
        ("action", "publish"),
    ];
    let published = approver.submit(&path, &period).await;
    assert_eq!(published.status, 303, "{}", published.text());
    path
}

async fn vote(world: &World, poll: &str, code: Option<String>, person: u8) -> Result<(), String> {
    use domain::polls::{RawAnswer, RawBallot};
    let number = poll.rsplit('/').next().unwrap().parse().unwrap();
    let text = |text: &str| Some(RawAnswer::Text(text.into()));
    let ballot = RawBallot {
        answers: [
            ("q1".to_owned(), text("yes")),
            ("q2".to_owned(), text("没有车位")),
        ]
        .into(),
        code,
        version: None,
    };
    let mut moment = backend::Moment::new(world.now(), [person; 32]);
    let key = format!("key-{person}");
    let now = moment.now;
    backend::polls::vote(&world.backend, &mut moment, || now, number, &ballot, &key)
        .await
        .map(|_| ())
        .map_err(|error| format!("{error:?}"))
}

async fn a_poll_is_composed_published_corrected_and_counted(world: &World) {
    let draft = world.open().await;
    let editor = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/polls/new", draft.number);
    let mut pairs = POLL.to_vec();
    pairs.push(("action", "add"));
    let text = editor.submit(&new, &pairs).await.text();
    assert!(text.contains("name=\"questions.2.code\" value=\"q3\""));
    assert!(text.contains("yes | 有"), "kept: {text}");
    pairs.retain(|(name, _)| *name != "questions.0.options");
    pairs.extend([("questions.0.options", "yes | 有"), ("action", "save")]);
    let page = editor.submit(&new, &pairs).await;
    assert_eq!(page.status, 422, "one option is no choice");
    assert!(page.text().contains("href=\"#questions.0.options\""));

    let path = composed(world, &draft, "none").await;
    for person in 1..4 {
        vote(world, &path, None, person).await.unwrap();
    }
    let approver = world.at_the_desk("approver").await;
    let text = approver.get(&path).await.text();
    assert!(
        text.contains("Only for who chose “有” at “您有车吗？”"),
        "{text}"
    );

    let edit = format!("{path}/edit");
    let mut corrected = POLL.to_vec();
    corrected.push(("questions.1.text", "请说明原因"));
    corrected.push(("action", "save"));
    let page = approver.submit(&edit, &corrected).await;
    assert_eq!(page.status, 422, "a correction says what it corrects");
    assert!(page.text().contains("href=\"#correction\""));
    corrected.push(("correction", "第二题文字更正。"));
    assert_eq!(approver.submit(&edit, &corrected).await.status, 303);
    let text = approver.get(&path).await.text();
    assert!(text.contains("第二题文字更正。") && text.contains("Version 1, 3 ballots"));

    let moderator = world.at_the_desk("moderator").await;
    let texts = format!("{path}/texts");
    let page = moderator.submit(&texts, &[("action", "publish")]).await;
    assert_eq!(page.status, 422, "nothing ticked");
    let listed = moderator.get(&texts).await.text();
    assert!(listed.contains("为什么？") && !listed.contains("请说明原因"));
    let id = listed.split("id=\"text-").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let publish = format!("publish.{id}");
    let pressed = moderator
        .submit(&texts, &[("action", publish.as_str())])
        .await;
    assert_eq!(pressed.status, 303, "{}", pressed.text());

    let early = approver.submit(&path, &[("action", "results")]).await;
    assert_eq!(early.status, 409, "still open");
    world.set_clock("2026-03-12T01:00:00Z");
    let approver = world.at_the_desk("approver").await;
    let shown = approver.submit(&path, &[("action", "results")]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    let text = approver.get(&format!("{path}/results")).await.text();
    assert!(
        text.contains("3 ballots") && text.contains("100.0 %"),
        "{text}"
    );
    assert!(text.contains("1 published, 2 not"), "{text}");
}

async fn codes_are_shown_once_and_good_for_one_ballot(world: &World) {
    let draft = world.open().await;
    let path = composed(world, &draft, "one_time_code").await;
    let desk = world.at_the_desk("approver").await;
    let codes = format!("{path}/codes");
    for count in ["", "0", "5001", "many"] {
        let page = desk
            .submit(&codes, &[("count", count), ("action", "make")])
            .await;
        assert_eq!(page.status, 422, "{count:?}");
        assert!(page.text().contains("href=\"#count\""));
    }
    let page = desk
        .submit(&codes, &[("count", "3"), ("action", "make")])
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let made: Vec<String> = text
        .split("<li><b>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(made.len(), 3, "{text}");
    let later = desk.get(&codes).await.text();
    assert!(made.iter().all(|code| !later.contains(code)), "shown once");
    // The answer is loaded again: the form of then is sent once more.
    let pairs = [("given", "0"), ("count", "3"), ("action", "make")];
    let reloaded = desk.submit(&codes, &pairs).await;
    assert_eq!(reloaded.status, 409);
    assert!(!reloaded.text().contains("<li><b>") && later.contains("name=\"given\" value=\"3\""));
    vote(world, &path, Some(made[0].clone()), 1).await.unwrap();
    let again = vote(world, &path, Some(made[0].clone()), 2).await;
    assert!(again.unwrap_err().contains("Taken"));
}

async fn a_poll_is_due_in_a_field_of_livelihood_until_it_is_there(world: &World) {
    let draft = world.open().await;
    let editor = world.at_the_desk("editor").await;
    let status = format!("/desk/c/{}", draft.number);
    let path = format!("{status}/livelihood");
    let press = [
        ("field", "health"),
        ("field", "environment"),
        ("field", "x"),
    ];
    assert_eq!(editor.submit(&path, &press).await.status, 303);
    let text = editor.get(&status).await.text();
    assert!(text.contains("Health, Environmental protection"), "{text}");
    assert!(text.contains("A poll is due before the decision"));

    let reason = [("field", "health"), ("no_poll_reason", "上级已统一调查。")];
    assert_eq!(editor.submit(&path, &reason).await.status, 303);
    let text = editor.get(&status).await.text();
    assert!(text.contains("上级已统一调查。") && !text.contains("A poll is due"));

    assert_eq!(editor.submit(&path, &press).await.status, 303);
    composed(world, &draft, "none").await;
    let text = editor.get(&status).await.text();
    assert!(
        text.contains("A poll before the decision is public"),
        "{text}"
    );
}

async fn why_no_poll_is_held_is_public_once_the_consultation_is_and_until_there_is_one(
    world: &World,
) {
    let (draft, other) = (world.prepared().await, world.open().await);
    let editor = world.at_the_desk("editor").await;
    let desk = format!("/desk/c/{}/livelihood", draft.number);
    let said = [
        ("field", "environment"),
        ("field", "health"),
        ("no_poll_reason", "上级已统一<b>调查</b>。"),
    ];
    assert_eq!(editor.submit(&desk, &said).await.status, 303);
    let (page, api) = (format!("/c/{}", draft.number), draft.path(""));
    for path in [&page, &api] {
        assert_eq!(world.public().get(path).await.status, 404, "{path}");
    }
    let round = json!({"version": 1, "opens_at": "2026-03-02T01:00:00Z",
        "closes_at": "2026-04-10T16:00:00Z"});
    let published = world.run("approver", &api, "publish", round).await;
    assert_eq!(published.status, 200, "{published:?}");
    let shown = async |said: bool| {
        let told = world.public().get(&api).await.json()["no_poll"].clone();
        let html = world.public().get(&page).await.text();
        let escaped = html.contains("上级已统一&lt;b&gt;调查&lt;/b&gt;。");
        assert_eq!(escaped, said, "{html}");
        assert_eq!(
            html.contains("due before the decision: Health, Environmental protection"),
            said,
            "{html}"
        );
        let reason = json!({"reason": "上级已统一<b>调查</b>。",
            "fields": ["health", "environment"]});
        assert_eq!(told, if said { reason } else { Value::Null });
        html
    };
    shown(true).await;
    let silent = world.public().get(&other.path("")).await.json();
    assert_eq!(silent["no_poll"], Value::Null, "{silent}");
    let silent = world.public().get(&format!("/c/{}", other.number)).await;
    assert!(!silent.text().contains("id=\"polls\""));
    let feed = world.public().get("/u/transport/feed.atom").await.text();
    assert!(!feed.contains("上级已统一"), "{feed}");

    // A poll that evaluates is none before the decision; one that is called off was none.
    let poll = |phase: &str| {
        let mut poll = crate::polls::questions();
        poll["phase"] = phase.into();
        poll
    };
    world.asked(&draft, poll("after")).await;
    assert!(shown(true).await.contains("停车收费民意调查"));
    let before = world.poll(&draft, poll("before")).await;
    shown(true).await;
    let period = json!({"opens_at": "2026-03-02T01:00:00Z",
        "closes_at": "2026-03-16T16:00:00Z"});
    let published = world.run("approver", &before, "publish", period).await;
    assert_eq!(published.status, 200, "{published:?}");
    assert!(shown(false).await.contains("id=\"polls\""));
    let reason = json!({"reason": "问题有误"});
    let off = world.run("approver", &before, "cancel", reason).await;
    assert_eq!(off.status, 200, "{off:?}");
    shown(true).await;
}
