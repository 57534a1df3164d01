//! Participants whom staff enter themselves, and forms that come back with what was typed.

use crate::desk_sessions::{led_to, notice};
use crate::openapi::Checker;
use crate::world::{Draft, World};
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    those_recommended_are_entered_and_reviewed_after_the_list_is_fixed,
    a_participant_is_entered_by_the_api_as_at_the_desk,
    a_refused_form_gives_back_what_was_typed,
}

/// A session with two seats to draw and one for whom a body recommends, open for applications.
async fn applying(world: &World, draft: &Draft) -> String {
    let editor = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/hearings/new", draft.number);
    let more = [
        ("categories.1.code", "deputies"),
        ("categories.1.fill", "recommendation"),
        ("categories.1.in_total", "on"),
        ("action", "save"),
    ];
    let mut pairs = notice(&more);
    pairs.retain(|pair| *pair != ("categories.1.code", "observers"));
    let created = editor.submit(&new, &pairs).await;
    assert_eq!(created.status, 303, "{}", created.text());
    let path = led_to(created.header("location"));
    let approver = world.at_the_desk("approver").await;
    let published = approver.submit(&path, &[("action", "publish")]).await;
    assert_eq!(published.status, 303, "{}", published.text());
    path
}

fn entry<'a>(name: &'a str, contact: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("action", "enter"),
        ("entry.category", "deputies"),
        ("entry.name", name),
        ("entry.contact", contact),
    ]
}

async fn those_recommended_are_entered_and_reviewed_after_the_list_is_fixed(world: &World) {
    let draft = world.open().await;
    let path = applying(world, &draft).await;
    let applications = format!("{path}/applications");
    let moderator = world.at_the_desk("moderator").await;
    let page = moderator.submit(&applications, &entry("李代表", " ")).await;
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(text.contains("href=\"#entry.contact\"") && text.contains("value=\"李代表\""));
    let entered = moderator
        .submit(&applications, &entry("李代表", "li@example.org"))
        .await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    let text = moderator.get(&applications).await.text();
    assert!(
        text.contains("李代表") && text.contains("class=\"entry chosen\""),
        "{text}"
    );
    let reader = world.at_the_desk("editor").await.get(&applications).await;
    assert!(!reader.text().contains("value=\"enter\""));

    world.set_clock("2026-03-10T01:00:00Z");
    let moderator = world.at_the_desk("moderator").await;
    let approver = world.at_the_desk("approver").await;
    let press = [
        ("action", "freeze"),
        ("seed_source", "双色球第2026031期"),
        ("seed_known_at", "2026-03-12T21:15"),
    ];
    let frozen = approver.submit(&format!("{path}/draw"), &press).await;
    assert_eq!(frozen.status, 303, "{}", frozen.text());
    let text = moderator.get(&applications).await.text();
    assert!(text.contains("value=\"ineligible.1\""), "{text}");
    let entered = moderator
        .submit(&applications, &entry("王代表", "wang@example.org"))
        .await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    let text = moderator.get(&applications).await.text();
    assert!(
        text.contains("class=\"entry reserve\""),
        "one seat, and it is taken"
    );
}

async fn a_participant_is_entered_by_the_api_as_at_the_desk(world: &World) {
    let draft = world.open().await;
    let mut seats = crate::hearings::notice();
    seats["categories"][1]["fill"] = json!("appointment");
    let path = world.announced(&draft, seats).await;
    let number = path.rsplit('/').next().unwrap();
    let document = Checker::of(world).await;
    let enter = async |category: &str, name: &str| {
        let contact = format!("{name}@example.org");
        let body = json!({"category": category, "name": name, "contact": contact});
        let answer = world.act("moderator", &path, "participants", body).await;
        let of = "/api/v1/hearings/{id}/participants";
        document.check("post", of, &answer);
        answer
    };
    let first = enter("operators", "li").await;
    assert_eq!(first.status, 201);
    let expected = json!({"number": format!("{number}-0001"), "state": "chosen"});
    assert_eq!(first.json(), expected);
    let second = enter("operators", "wang").await;
    assert_eq!(
        second.json()["state"],
        "reserve",
        "one seat, and it is taken"
    );
    assert_eq!(enter("operators", "li").await.faults(), ["name taken"]);
    assert_eq!(
        enter("residents", "zhao").await.faults(),
        ["category unknown"],
        "those are drawn"
    );
    assert_eq!(
        enter("", "").await.faults(),
        ["category required", "name required"]
    );
    let listed = format!("{path}/applications");
    let listed = world.staff("editor").get(&listed).await.json();
    let names: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["li", "wang"]);
    let screen = format!("/desk/hearings/{number}/applications");
    let page = world.at_the_desk("moderator").await.get(&screen).await;
    assert!(page.text().contains("class=\"entry chosen\""));
}

async fn a_refused_form_gives_back_what_was_typed(world: &World) {
    let draft = world.open().await;
    let path = applying(world, &draft).await;
    let words = "费了一小时写下的话";
    for (who, form, action, field) in [
        ("editor", path.clone(), "cancel", "reason"),
        ("moderator", format!("{path}/edit"), "save", "place"),
        (
            "editor",
            format!("{path}/applications"),
            "ineligible.1",
            "application.1.reason",
        ),
        ("editor", format!("{path}/draw"), "freeze", "seed_source"),
        (
            "moderator",
            format!("{path}/papers"),
            "save",
            "papers.0.title",
        ),
        ("editor", format!("{path}/minutes"), "publish", "attendance"),
        ("editor", format!("{path}/report"), "publish", "report"),
        (
            "moderator",
            format!("/desk/c/{}/hearings/new", draft.number),
            "save",
            "title",
        ),
    ] {
        let person = world.at_the_desk(who).await;
        let page = person
            .submit(&form, &[("action", action), (field, words)])
            .await;
        assert_eq!(page.status, 403, "{form}");
        let text = page.text();
        assert!(text.contains(words), "{form}: {text}");
        assert!(
            text.contains(&format!("action=\"{form}\"")),
            "to be sent again: {text}"
        );
    }
}
