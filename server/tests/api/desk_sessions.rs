//! Sessions at the desk, over HTTP: rows that come and go without scripts, seats that add up, the
//! draw, the check-in list, all kept as typed.

use crate::desk_polls::composed;
use crate::world::{Draft, Person, World};
use serde_json::Value;
use testing::on_both_databases;

on_both_databases! {
    rows_of_a_notice_come_and_go_and_nothing_typed_is_lost,
    a_notice_that_does_not_add_up_is_not_published_by_a_forged_press,
    a_session_goes_from_its_notice_to_its_report,
    what_changed_after_the_look_is_not_decided,
    a_reason_is_asked_for_and_those_who_decided_before_are_told,
    a_unit_never_sees_another_units_sessions_and_polls,
}

/// The form of a notice, without its rows.
const NOTICE: [(&str, &str); 9] = [
    ("kind", "hearing"),
    ("title", "停车收费听证会"),
    ("matter", "路侧停车收费"),
    ("applications_open_at", "2026-03-01T09:00"),
    ("applications_close_at", "2026-03-10T00:00"),
    ("starts_at", "2026-03-20T09:00"),
    ("place", "三楼听证室"),
    ("total", "3"),
    ("cooldown", "2"),
];

const ROWS: [(&str, &str); 8] = [
    ("categories.0.code", "residents"),
    ("categories.0.name", "居民代表"),
    ("categories.0.quota", "2"),
    ("categories.0.fill", "draw"),
    ("categories.0.in_total", "on"),
    ("categories.1.code", "observers"),
    ("categories.1.name", "旁听人员"),
    ("categories.1.quota", "1"),
];

pub fn notice<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&NOTICE[..], &ROWS[..], more].concat()
}

/// The last part of where an answer leads, without what was done.
pub fn led_to(location: &str) -> String {
    let path = location.split(['?', '#']).next().unwrap_or_default();
    path.to_owned()
}

/// A session with two seats to draw and one for observers, open for applications.
async fn applying(world: &World, draft: &Draft) -> String {
    let editor = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/hearings/new", draft.number);
    let more = [
        ("categories.1.fill", "first_come"),
        ("categories.1.in_total", "on"),
        ("action", "save"),
    ];
    let created = editor.submit(&new, &notice(&more)).await;
    assert_eq!(created.status, 303, "{}", created.text());
    let path = led_to(created.header("location"));
    let approver = world.at_the_desk("approver").await;
    let published = approver.submit(&path, &[("action", "publish")]).await;
    assert_eq!(published.status, 303, "{}", published.text());
    path
}

async fn apply(world: &World, session: &str, category: &str, people: std::ops::Range<i64>) {
    use backend::hearings;
    use domain::hearings::RawApplication;
    let number = session.rsplit('/').next().unwrap().parse().unwrap();
    for person in people {
        let raw = RawApplication {
            category: category.into(),
            name: format!("朱小明{person}"),
            contact: format!("1380000{person:04}"),
            ..RawApplication::default()
        };
        let mut moment = backend::Moment::new(world.now(), [person as u8; 32]);
        let key = format!("key-{category}-{person}");
        hearings::apply(&world.backend, &mut moment, number, raw, &key, "zh-Hans")
            .await
            .unwrap();
    }
}

/// The presses, with what the page of applications says that was seen of each.
async fn looked<'a>(
    desk: &Person<'_>,
    path: &str,
    press: &[(&'a str, &'a str)],
) -> Vec<(String, String)> {
    let text = desk.get(path).await.text();
    let shown = text
        .split("<input type=\"hidden\" name=\"application.")
        .skip(1);
    let seen = shown.map(|field| {
        let (serial, rest) = field.split_once(".seen\" value=\"").expect("what was seen");
        let (seen, _) = rest.split_once('"').expect("a value");
        (format!("application.{serial}.seen"), seen.to_owned())
    });
    let press = press
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    seen.chain(press).collect()
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}

async fn rows_of_a_notice_come_and_go_and_nothing_typed_is_lost(world: &World) {
    let draft = world.open().await;
    let desk = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/hearings/new", draft.number);
    let page = desk.get(&new).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains("name=\"categories.1.code\" value=\"observers\"")
    );

    let more = [("preset", "deputies"), ("action", "add")];
    let text = desk.submit(&new, &notice(&more)).await.text();
    assert!(text.contains("name=\"categories.2.code\" value=\"deputies\""));
    for (_, value) in NOTICE {
        assert!(text.contains(value), "{value} is lost");
    }
    assert!(text.contains("居民代表"), "{text}");
    assert!(text.contains("The categories make 2 seats, but 3 are announced."));

    let text = desk
        .submit(&new, &notice(&[("action", "remove.0")]))
        .await
        .text();
    assert!(text.contains("name=\"categories.0.code\" value=\"observers\""));
    assert!(!text.contains("居民代表"));

    // A refused one comes back with its faults at their fields.
    let mut wrong = notice(&[("action", "save")]);
    wrong.retain(|(name, _)| *name != "categories.0.quota");
    wrong.push(("categories.0.quota", "many"));
    wrong.push(("applications_open_at", "soon"));
    let page = desk.submit(&new, &wrong).await;
    assert_eq!(page.status, 422);
    let text = page.text();
    for field in ["categories.0.quota", "applications_open_at"] {
        assert!(text.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(text.contains(&format!("id=\"{field}\"")), "{field}");
    }
    assert!(text.contains("value=\"many\"") && text.contains("value=\"soon\""));
}

async fn a_notice_that_does_not_add_up_is_not_published_by_a_forged_press(world: &World) {
    let draft = world.open().await;
    let editor = world.at_the_desk("editor").await;
    let new = format!("/desk/c/{}/hearings/new", draft.number);
    // Two seats and an observer beside them: three are announced, two are there.
    let created = editor.submit(&new, &notice(&[("action", "save")])).await;
    assert_eq!(created.status, 303, "{}", created.text());
    let path = led_to(created.header("location"));
    let approver = world.at_the_desk("approver").await;
    let text = approver.get(&path).await.text();
    let says = "make 2, not the announced 3";
    assert!(text.contains(says), "{text}");
    assert!(!text.contains("value=\"publish\""));
    let forged = approver.submit(&path, &[("action", "publish")]).await;
    assert_eq!(forged.status, 422);
    assert!(forged.text().contains(says));
    let refused = editor.submit(&path, &[("action", "publish")]).await;
    assert_eq!(refused.status, 403, "an editor does not publish");
    // Calling it off asks for its reason.
    let page = approver
        .submit(&path, &[("action", "cancel"), ("reason", " ")])
        .await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("href=\"#reason\""));
}

async fn a_session_goes_from_its_notice_to_its_report(world: &World) {
    let draft = world.open().await;
    let path = applying(world, &draft).await;
    apply(world, &path, "residents", 1..5).await;
    apply(world, &path, "observers", 5..7).await;
    let moderator = world.at_the_desk("moderator").await;
    let approver = world.at_the_desk("approver").await;
    let applications = format!("{path}/applications");

    let ticks = [
        ("application", "1"),
        ("application", "2"),
        ("application", "3"),
    ];
    let press = [&ticks[..], &[("action", "eligible")]].concat();
    let press = looked(&moderator, &applications, &press).await;
    let reviewed = moderator.submit(&applications, &pairs(&press)).await;
    assert_eq!(reviewed.status, 303, "{}", reviewed.text());
    assert!(reviewed.header("location").contains("n=3"));
    let contact = moderator
        .submit(&applications, &[("action", "contact.1")])
        .await;
    assert!(contact.text().contains("13800000001"), "looked up");

    // Applications still come: nothing is fixed yet.
    let draw = format!("{path}/draw");
    let press = [
        ("action", "freeze"),
        ("seed_source", "双色球第2026031期"),
        ("seed_known_at", "2026-03-12T21:15"),
    ];
    assert_eq!(approver.submit(&draw, &press).await.status, 409);
    world.set_clock("2026-03-10T01:00:00Z");
    let moderator = world.at_the_desk("moderator").await;
    let approver = world.at_the_desk("approver").await;
    let waits = approver.submit(&draw, &press).await;
    assert_eq!(waits.status, 409);
    assert!(waits.text().contains("wait"), "number 4 is not reviewed");
    let press_4 = [
        ("action", "ineligible.4"),
        ("application.4.reason", "不住在本市"),
    ];
    let press_4 = looked(&moderator, &applications, &press_4).await;
    let refused = moderator.submit(&applications, &pairs(&press_4)).await;
    assert_eq!(refused.status, 303);
    // From when the number is known is asked for, and all of it looked at once more.
    let review = |known| {
        [
            ("action", "review-freeze"),
            ("seed_source", "双色球第2026031期"),
            ("seed_known_at", known),
        ]
    };
    for unsaid in ["", "2026-03-10T08:00"] {
        let page = approver.submit(&draw, &review(unsaid)).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("href=\"#seed_known_at\""));
        assert!(page.text().contains("value=\"双色球第2026031期\""), "kept");
    }
    let page = approver.submit(&draw, &review("2026-03-12T21:15")).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("value=\"freeze\""));
    let frozen = approver.submit(&draw, &press).await;
    assert_eq!(frozen.status, 303, "{}", frozen.text());
    let text = approver.get(&draw).await.text();
    let number = path.rsplit('/').next().unwrap();
    let hash = domain::hearings::draw::tickets_hash(&domain::hearings::draw::list_text(
        (1..=3)
            .map(|n| format!("{number}-{n:04}"))
            .collect::<Vec<_>>()
            .iter()
            .map(|ticket| ("residents", ticket.as_str())),
    ));
    assert!(text.contains(&hash), "{text}");
    let number_known = [("action", "draw"), ("seed", "03 08 + 11")];
    let early = approver.submit(&draw, &number_known).await;
    assert_eq!(early.status, 409);
    assert!(early.text().contains("12 March 2026 21:15"), "says when");
    world.set_clock("2026-03-12T13:15:00Z");
    let approver = world.at_the_desk("approver").await;
    let editor = world.at_the_desk("editor").await;
    let review = [("action", "review"), ("seed", "０３ 08 + 11")];
    let page = approver.submit(&draw, &review).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains("<code class=\"seed\">03 08 + 11</code>")
    );
    assert!(!approver.get(&draw).await.text().contains("03 08 + 11"));
    let unseen = [("action", "review"), ("seed", "03 08 + 11\u{200B}")];
    let page = approver.submit(&draw, &unseen).await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("U+200B") && page.text().contains("href=\"#seed\""));
    let drawn = approver.submit(&draw, &number_known).await;
    assert_eq!(drawn.status, 303, "{}", drawn.text());
    let again = approver
        .submit(&draw, &[("action", "draw"), ("seed", "again")])
        .await;
    assert_eq!(again.status, 409);

    // Two drawn, one observer: three at the door, each with a code.
    let text = editor.get(&format!("{path}/checkin")).await.text();
    assert_eq!(text.matches("<span class=\"qr\">").count(), 3, "{text}");
    assert!(text.contains("3 people"));

    let papers = format!("{path}/papers");
    let late = [
        ("papers.0.title", "听证方案"),
        ("papers.0.address", ""),
        ("papers.0.delivered_at", "2026-03-16T09:00"),
        ("action", "save"),
    ];
    assert_eq!(editor.submit(&papers, &late).await.status, 303);
    let text = editor.get(&papers).await.text();
    assert!(text.contains("fewer than 7 days"), "{text}");

    let minutes = format!("{path}/minutes");
    let mut said = vec![
        ("attendance", "应到三人，实到三人。"),
        ("statements.0.speaker", "朱小明"),
        ("statements.0.display", "masked"),
        ("statements.0.clause", "第九条"),
        ("statements.0.text", "收费太高。"),
        ("action", "review"),
    ];
    let text = approver.get(&minutes).await.text();
    assert!(
        text.contains("Minutes are published after it has begun"),
        "{text}"
    );
    world.set_clock("2026-03-20T02:00:00Z");
    let approver = world.at_the_desk("approver").await;
    let page = approver.submit(&minutes, &said).await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("href=\"#statements.0.clause\""));
    said[3] = ("statements.0.clause", "第二条");
    let look = approver.submit(&minutes, &said).await;
    assert_eq!(look.status, 200);
    assert!(look.text().contains("朱**") && look.text().contains("value=\"publish\""));
    said[5] = ("action", "publish");
    let published = approver.submit(&minutes, &said).await;
    assert_eq!(published.status, 303, "{}", published.text());
    let public = world.public().get(&draft.path("")).await.json();
    assert_eq!(
        public["counts"]["comments"]["published"], 1,
        "in the ledger"
    );

    let report = format!("{path}/report");
    let press = [("report", "会议情况和处理意见。"), ("action", "publish")];
    assert_eq!(approver.submit(&report, &press).await.status, 303);
    let text = approver.get(&path).await.text();
    assert!(text.contains("Held"), "{text}");
}

async fn what_changed_after_the_look_is_not_decided(world: &World) {
    let draft = world.open().await;
    let path = applying(world, &draft).await;
    apply(world, &path, "residents", 1..3).await;
    let desk = world.at_the_desk("moderator").await;
    let applications = format!("{path}/applications");
    let looked_at = looked(&desk, &applications, &[]).await;
    assert_eq!(looked_at.len(), 2);
    // A colleague decides meanwhile.
    world.set_clock("2026-03-04T01:00:00Z");
    let desk = world.at_the_desk("moderator").await;
    let first = [
        ("action", "ineligible.1"),
        ("application.1.reason", "不住在本市"),
    ];
    let first = [&pairs(&looked_at)[..], &first].concat();
    assert_eq!(desk.submit(&applications, &first).await.status, 303);
    let all = [
        ("application", "1"),
        ("application", "2"),
        ("action", "eligible"),
    ];
    for seen in [pairs(&looked_at), Vec::new()] {
        let press = [&seen[..], &all].concat();
        let page = desk.submit(&applications, &press).await;
        assert_eq!(page.status, 422);
        let text = page.text();
        assert!(text.contains("has changed since you looked"), "{text}");
        assert!(!text.contains(" checked"), "it is read and ticked anew");
    }
    let only = format!("{applications}?state=eligible");
    let only = desk.get(&only).await.text();
    assert!(only.contains("id=\"application-2\"") && !only.contains("id=\"application-1\""));
}

async fn a_reason_is_asked_for_and_those_who_decided_before_are_told(world: &World) {
    let draft = world.open().await;
    let path = applying(world, &draft).await;
    apply(world, &path, "residents", 1..3).await;
    let desk = world.at_the_desk("moderator").await;
    let applications = format!("{path}/applications");
    for (pairs, field) in [
        (vec![("action", "eligible")], "ticked"),
        (
            vec![("action", "ineligible"), ("application", "1")],
            "ticked.reason",
        ),
        (vec![("action", "ineligible.2")], "application.2.reason"),
    ] {
        let page = desk.submit(&applications, &pairs).await;
        assert_eq!(page.status, 422, "{pairs:?}");
        let text = page.text();
        assert!(text.contains(&format!("href=\"#{field}\"")), "{text}");
        assert!(text.contains(&format!("id=\"{field}\"")), "{field}");
    }
    let press = [
        ("application", "1"),
        ("application", "99"),
        ("action", "eligible"),
    ];
    let press = looked(&desk, &applications, &press).await;
    let page = desk.submit(&applications, &pairs(&press)).await;
    assert_eq!(page.status, 422, "number 99 is not there");
    assert!(page.text().contains("-0099"), "and is named");
    let only = desk
        .get(&format!("{applications}?state=eligible&category=residents"))
        .await
        .text();
    assert!(only.contains("id=\"application-1\"") && !only.contains("id=\"application-2\""));
}

async fn a_unit_never_sees_another_units_sessions_and_polls(world: &World) {
    let draft = world.open().await;
    let at_desk = |path: String| path.replace("/api/v1/", "/desk/");
    let session = applying(world, &draft).await;
    let hidden_session = at_desk(world.hearing(&draft, crate::hearings::notice()).await);
    let no_session = format!("/desk/hearings/{}-h99", draft.number);
    let poll = composed(world, &draft, "one_time_code").await;
    let hidden_poll = at_desk(world.poll(&draft, crate::polls::questions()).await);
    let no_poll = format!("/desk/polls/{}-p99", draft.number);
    let stranger = world.at_the_desk("stranger").await;
    let of_sessions = [
        "",
        "/edit",
        "/applications",
        "/draw",
        "/checkin",
        "/papers",
        "/minutes",
        "/report",
        "/corrections",
        "/opinions",
    ];
    let of_polls = ["", "/edit", "/codes", "/texts", "/results"];
    // What is public may be known of; what is prepared is as if it were not there.
    for (path, screens, says) in [
        (session, &of_sessions[..], 403),
        (hidden_session, &of_sessions, 404),
        (no_session, &of_sessions, 404),
        (poll, &of_polls, 403),
        (hidden_poll, &of_polls, 404),
        (no_poll, &of_polls, 404),
    ] {
        for screen in screens {
            let address = format!("{path}{screen}");
            let status = stranger.get(&address).await.status;
            assert_eq!(status, says, "{address}");
            if *screen == "/checkin" || *screen == "/results" {
                continue;
            }
            let press = [("action", "publish"), ("reason", "x")];
            let status = stranger.submit(&address, &press).await.status;
            assert_eq!(status, says, "{address}");
        }
    }
    let nobody: Person<'_> = world.public();
    let answer = nobody
        .get(&format!("/desk/c/{}/hearings", draft.number))
        .await;
    assert_eq!(answer.status, 303, "to sign in");
    let found: Value = world.public().get(&draft.path("")).await.json();
    assert_eq!(found["number"], draft.number.as_str());
}
