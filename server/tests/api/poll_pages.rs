//! A poll as the public meets it without scripts: read, answered, checked, counted once, and its
//! results beside a count by hand.

use crate::world::{Answer, LISTED, PASSWORD, World, at};
use backend::{Moment, Viewer, polls, staff};
use domain::polls::{IdentityLevel, PollNumber, PublishPoll, Questionnaire, RawPoll};
use domain::staff::Identity;
use testing::on_both_databases;

on_both_databases! {
    a_ballot_goes_by_plain_forms_and_is_counted_once_however_often_it_is_pressed,
    a_refused_ballot_comes_back_with_everything_and_links_to_its_faults,
    without_scripts_the_answers_are_always_shown_once_more_before_they_are_sent,
    answers_to_questions_that_were_corrected_meanwhile_are_not_counted_and_not_lost,
    a_one_time_code_is_good_for_one_ballot,
    results_show_from_the_closing_on_and_agree_with_a_count_by_hand,
    a_poll_is_listed_with_its_consultation_and_answered_in_a_frame,
    what_comes_too_late_is_given_back,
}

const OPENS: &str = "2026-03-02T01:00:00Z";
const CLOSES: &str = "2026-03-10T16:00:00Z";

fn questionnaire() -> Questionnaire {
    let raw: RawPoll = serde_json::from_str(
        r#"{"title": "停车调查", "method": "网上自愿作答。", "questions": [
            {"code": "view", "kind": "single", "text": "是否赞成？", "required": true,
             "options": [{"code": "for", "text": "赞成"}, {"code": "against", "text": "反对"}]},
            {"code": "why", "kind": "long_text", "text": "为什么？", "required": true,
             "show_if": {"question": "view", "any_of": ["against"]}},
            {"code": "when", "kind": "multiple", "text": "何时？", "max": 2,
             "options": [{"code": "am", "text": "早上"}, {"code": "pm", "text": "下午"}, {"code": "night", "text": "夜里"}]},
            {"code": "ease", "kind": "scale", "text": "方便吗？"},
            {"code": "rank", "kind": "ranking", "text": "先做什么？",
             "options": [{"code": "build", "text": "新建"}, {"code": "share", "text": "共享"}]},
            {"code": "grid", "kind": "matrix", "text": "满意吗？",
             "rows": [{"code": "staff", "text": "人员"}, {"code": "price", "text": "价格"}],
             "options": [{"code": "good", "text": "满意"}, {"code": "bad", "text": "不满意"}]},
            {"code": "cars", "kind": "number", "text": "几辆车？", "min": 0, "max": 10}]}"#,
    )
    .unwrap();
    raw.parse().unwrap()
}

async fn identity(world: &World, who: &str) -> Identity {
    let mut moment = Moment::new(at(OPENS), server::edge::random());
    let email = format!("{who}@example.org");
    let (backend, agent) = (&world.backend, "test");
    let token = staff::log_in(backend, &mut moment, &email, PASSWORD, "127.0.0.1", agent)
        .await
        .unwrap();
    let found = staff::identify_session(backend, at(OPENS), &token).await;
    found.unwrap().unwrap().0
}

/// An open poll of an open consultation, and who may change it.
async fn open_poll(world: &World, asked: &Questionnaire) -> (PollNumber, Identity) {
    let consultation = world.open().await.number.parse().unwrap();
    let mut moment = Moment::new(at(OPENS), server::edge::random());
    let backend = &world.backend;
    let (unit, _) = backend::units::find(backend, "transport")
        .await
        .unwrap()
        .unwrap();
    let editor = identity(world, "editor").await;
    let permit = editor.edit(unit).unwrap();
    let id = polls::create(backend, &mut moment, &permit, consultation, asked)
        .await
        .unwrap();
    let approver = identity(world, "approver").await;
    let permit = approver.approve(unit).unwrap();
    let period = PublishPoll {
        opens_at: at(OPENS),
        closes_at: at(CLOSES),
    };
    polls::publish(backend, &mut moment, &permit, id, &period)
        .await
        .unwrap();
    (id, approver)
}

const ANSWERS: [(&str, &str); 10] = [
    ("a.view", "against"),
    ("a.why", "夜里要出诊，\"不能\"停。"),
    ("a.when", "am"),
    ("a.when", "night"),
    ("a.ease", "2"),
    ("a.rank.build", "2"),
    ("a.rank.share", "1"),
    ("a.grid.staff", "good"),
    ("a.grid.price", ""),
    ("a.cars", "１"),
];

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or("");
    value.split('"').next().unwrap().replace("&quot;", "\"")
}

/// What the form of a page sends along unseen.
fn carried(page: &str) -> Vec<(String, String)> {
    page.split("<input type=\"hidden\"")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
        .collect()
}

async fn press(world: &World, path: &str, pairs: &[(String, String)], action: &str) -> Answer {
    let mut all: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    all.push(("action", action));
    world.public().submit(path, &all).await
}

fn receipt(page: &str) -> String {
    let code = page.split("<code>").nth(1).expect("a receipt");
    code.split("</code>").next().unwrap().to_owned()
}

async fn counted(world: &World, id: PollNumber) -> i64 {
    let found = polls::find(&world.backend, at(CLOSES), id, Viewer::Public).await;
    found.unwrap().unwrap().ballots.expect("public by then")
}

async fn a_ballot_goes_by_plain_forms_and_is_counted_once_however_often_it_is_pressed(
    world: &World,
) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    let path = format!("/polls/{id}");
    let page = world.public().get(&path).await;
    assert_eq!(
        (page.status.as_u16(), page.header("cache-control")),
        (200, "public, no-cache")
    );
    assert!(
        page.text().contains("name=\"key\" value=\"\""),
        "a page for everyone holds no key"
    );
    let mut pairs = ANSWERS.to_vec();
    pairs.extend([("version", "1"), ("key", ""), ("action", "check")]);
    let check = world.public().submit(&path, &pairs).await;
    assert_eq!(
        (check.status.as_u16(), check.header("cache-control")),
        (200, "no-store")
    );
    let carried = carried(&check.text());
    let key = carried.iter().find(|(name, _)| name == "key").unwrap();
    assert!(!key.1.is_empty());
    for (name, value) in ANSWERS {
        let pair = (name.to_owned(), value.to_owned());
        assert!(carried.contains(&pair), "{pair:?}");
    }
    assert_eq!(counted(world, id).await, 0, "nothing is counted by looking");
    let changed = press(world, &path, &carried, "change").await.text();
    assert!(changed.contains("夜里要出诊") && changed.contains(&key.1));
    let shown = press(world, &path, &carried, "check").await.text();
    assert!(shown.contains(&key.1) && !shown.contains("<code>"));
    assert_eq!(counted(world, id).await, 0, "also once it was changed");
    let first = press(world, &path, &carried, "send").await;
    let again = press(world, &path, &carried, "send").await;
    assert_eq!(receipt(&first.text()), receipt(&again.text()));
    assert_eq!(counted(world, id).await, 1);
    // Another person's answers from the same page are another ballot, and asked about first.
    let mut other = carried.clone();
    other.retain(|(name, _)| name != "a.ease");
    let asked = press(world, &path, &other, "send").await;
    assert_eq!(asked.status, 200);
    assert!(!asked.text().contains("<code>"));
    let taken = press(world, &path, &self::carried(&asked.text()), "send").await;
    assert_ne!(receipt(&first.text()), receipt(&taken.text()));
    assert_eq!(counted(world, id).await, 2);
    let code = receipt(&first.text());
    let own = world
        .public()
        .submit("/r", &[("code", &code), ("action", "open")])
        .await;
    assert_eq!(
        (own.status.as_u16(), own.header("cache-control")),
        (200, "no-store")
    );
    assert!(own.text().contains("停车调查") && !own.text().contains("反对"));
}

async fn a_refused_ballot_comes_back_with_everything_and_links_to_its_faults(world: &World) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    let pairs = [
        ("a.view", "against"),
        ("a.why", " "),
        ("a.when", "am"),
        ("a.when", "pm"),
        ("a.when", "night"),
        ("a.rank.build", "1"),
        ("a.rank.share", "1"),
        ("a.cars", "两辆"),
        ("action", "send"),
    ];
    for language in ["zh-CN", "zh-TW", "en"] {
        let person = world.public().with("accept-language", language);
        let refused = person.submit(&format!("/polls/{id}"), &pairs).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        for field in [
            "answers.why",
            "answers.when",
            "answers.rank",
            "answers.cars",
        ] {
            assert!(page.contains(&format!("href=\"#{field}\"")), "{field}");
            assert!(page.contains(&format!("id=\"{field}\"")), "{field}");
        }
        // The view, three times of day, and "no answer" to the scale and to two rows.
        assert_eq!(page.matches(" checked").count(), 4 + 3);
        assert_eq!(page.matches(" selected").count(), 2);
        assert!(page.contains("value=\"两辆\""));
    }
    assert_eq!(counted(world, id).await, 0);
}

async fn without_scripts_the_answers_are_always_shown_once_more_before_they_are_sent(
    world: &World,
) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    let path = format!("/polls/{id}");
    // What the form's own button sends, whatever the page came with.
    let button = |page: &str| {
        let buttons = page.split("<button").skip(1);
        let first = buttons.map(|tag| tag.split('>').next().unwrap());
        let first = first.filter(|tag| attribute(tag, "name") == "action");
        attribute(first.last().expect("a button"), "value")
    };
    let plain = world.public().get(&path).await.text();
    assert_eq!(button(&plain), "check");
    let wrong = [("a.view", "against"), ("a.why", ""), ("action", "check")];
    let refused = world.public().submit(&path, &wrong).await;
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert_eq!(button(&page), "check", "after an error as before it");
    let mut pairs = carried(&page);
    pairs.retain(|(name, _)| !name.starts_with("a."));
    pairs.push(("a.view".into(), "for".into()));
    let check = press(world, &path, &pairs, &button(&page)).await.text();
    assert!(!check.contains("<code>"), "{check}");
    assert_eq!(counted(world, id).await, 0);
    let sent = press(world, &path, &carried(&check), "send").await.text();
    receipt(&sent);
    assert_eq!(counted(world, id).await, 1);
}

async fn answers_to_questions_that_were_corrected_meanwhile_are_not_counted_and_not_lost(
    world: &World,
) {
    let (id, approver) = open_poll(world, &questionnaire()).await;
    let path = format!("/polls/{id}");
    let before = world.public().get(&path).await.text();
    let mut corrected = questionnaire();
    corrected.questions[0].text = "是否赞成限时停车？".into();
    let mut moment = Moment::new(at(OPENS), server::edge::random());
    let (unit, _) = backend::units::find(&world.backend, "transport")
        .await
        .unwrap()
        .unwrap();
    let permit = approver.approve(unit).unwrap();
    polls::correct(
        &world.backend,
        &mut moment,
        &permit,
        id,
        &corrected,
        "第一题写明限时。",
    )
    .await
    .unwrap();
    let version = carried(&before)
        .into_iter()
        .find(|(name, _)| name == "version")
        .unwrap();
    let mut pairs = ANSWERS.to_vec();
    pairs.extend([
        ("version", version.1.as_str()),
        ("key", "k-1"),
        ("action", "send"),
    ]);
    let refused = world.public().submit(&path, &pairs).await;
    assert_eq!(refused.status, 409);
    let page = refused.text();
    assert!(
        page.contains("限时停车") && page.contains("第一题写明限时") && page.contains("夜里要出诊")
    );
    assert_eq!(counted(world, id).await, 0);
    pairs.retain(|(name, _)| *name != "version");
    pairs.push(("version", "2"));
    let taken = world.public().submit(&path, &pairs).await;
    assert_eq!(taken.status, 200);
    receipt(&taken.text());
    assert!(
        world
            .public()
            .get(&path)
            .await
            .text()
            .contains("第一题写明限时")
    );
}

async fn a_one_time_code_is_good_for_one_ballot(world: &World) {
    let asked = Questionnaire {
        identity: IdentityLevel::OneTimeCode,
        ..questionnaire()
    };
    let (id, approver) = open_poll(world, &asked).await;
    let path = format!("/polls/{id}");
    let (unit, _) = backend::units::find(&world.backend, "transport")
        .await
        .unwrap()
        .unwrap();
    let mut moment = Moment::new(at(OPENS), server::edge::random());
    let permit = approver.approve(unit).unwrap();
    let codes = polls::add_codes(&world.backend, &mut moment, &permit, id, 2, None)
        .await
        .unwrap();
    let vote = async |code: &str, key: &str| {
        let pairs = [
            ("a.view", "for"),
            ("code", code),
            ("key", key),
            ("action", "send"),
        ];
        world.public().submit(&path, &pairs).await
    };
    for nothing in ["", "  ", "not a code", "7K3M-9QTX-0042-ABCD-5"] {
        let refused = vote(nothing, "k-0").await;
        assert_eq!(refused.status, 422, "{nothing}");
        assert!(refused.text().contains("href=\"#code\""), "{nothing}");
    }
    let both = [("code", "7K3M"), ("action", "send")];
    let both = world.public().submit(&path, &both).await;
    assert_eq!(both.status, 422, "there is nothing to look at once more");
    for fault in ["#code", "#answers.view"] {
        assert!(
            both.text().contains(&format!("href=\"{fault}\"")),
            "{fault}"
        );
    }
    assert_eq!(vote(&codes[0].to_lowercase(), "k-1").await.status, 200);
    let twice = vote(&codes[0], "k-2").await;
    assert_eq!(twice.status, 422);
    assert!(
        twice.text().contains(&codes[0]),
        "the code stays in its field"
    );
    assert_eq!(vote(&codes[1], "k-3").await.status, 200);
    assert_eq!(counted(world, id).await, 2);
}

async fn results_show_from_the_closing_on_and_agree_with_a_count_by_hand(world: &World) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    let path = format!("/polls/{id}");
    let ballots: [&[(&str, &str)]; 3] = [
        &[
            ("a.view", "for"),
            ("a.when", "am"),
            ("a.ease", "5"),
            ("a.cars", "1"),
        ],
        &[
            ("a.view", "for"),
            ("a.when", "am"),
            ("a.when", "pm"),
            ("a.ease", "1"),
            ("a.cars", "2"),
        ],
        &[
            ("a.view", "against"),
            ("a.why", "理由"),
            ("a.rank.build", "2"),
            ("a.rank.share", "1"),
            ("a.grid.staff", "bad"),
        ],
    ];
    for (index, ballot) in ballots.iter().enumerate() {
        let key = format!("k-{index}");
        let mut pairs = ballot.to_vec();
        pairs.extend([("key", key.as_str()), ("action", "send")]);
        assert_eq!(world.public().submit(&path, &pairs).await.status, 200);
    }
    let results = format!("{path}/results");
    let early = world.public().get(&results).await;
    assert_eq!(early.status, 200);
    assert!(!early.text().contains("66.7%") && !early.text().contains("3 ballots"));
    world.set_clock(CLOSES);
    let late = world.public().get(&results).await.text();
    assert!(late.contains("3 ballots counted"));
    for figure in ["66.7%", "33.3%", "100%", "50%"] {
        assert!(late.contains(figure), "{figure}");
    }
    assert!(late.contains("Answered on 2 of 3 ballots (n = 2)"));
    assert!(late.contains("Mean 3, median 3; from 1 to 5"));
    assert!(late.contains("Mean 1.5, median 1.5; from 1 to 2"));
    assert!(late.contains("Mean place 1<") && late.contains("Mean place 2<"));
    assert!(
        !late.contains("理由"),
        "words are read before they are shown"
    );
    assert!(late.contains("1 answer in words not published"));
    let closed = world.public().get(&path).await.text();
    assert!(!closed.contains("<form class=\"poll\"") && closed.contains("/results"));
}

async fn a_poll_is_listed_with_its_consultation_and_answered_in_a_frame(world: &World) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    let number = id.consultation;
    let page = world.public().get(&format!("/c/{number}")).await.text();
    assert!(page.contains(&format!("href=\"/polls/{id}\"")));
    let host = LISTED.replace(':', "%3A").replace('/', "%2F");
    let widget = format!("/embed/c/{number}?view=poll&host={host}");
    let widget = world.public().get(&widget).await;
    assert_eq!(widget.status, 200);
    assert!(widget.header("content-security-policy").contains(LISTED));
    let sheet = widget.text().contains("/assets/sessions.css");
    assert!(sheet, "a poll has a style of its own");
    let action = attribute(widget.text().split("<form").nth(1).unwrap(), "action");
    let action = action.replace("&amp;", "&");
    assert!(
        action.starts_with(&format!("/embed/polls/{id}?")),
        "{action}"
    );
    let check = world.public().submit(&action, &ANSWERS).await;
    assert_eq!(check.status, 200, "{}", check.text());
    assert!(check.header("content-security-policy").contains(LISTED));
    let taken = press(world, &action, &carried(&check.text()), "send").await;
    receipt(&taken.text());
    let stranger = format!("/embed/polls/{id}?host=https%3A%2F%2Fother.example");
    assert_eq!(world.public().submit(&stranger, &ANSWERS).await.status, 403);
    assert_eq!(world.public().get(&stranger).await.status, 403);
    world.set_clock(CLOSES);
    let widget = world
        .public()
        .get(&format!("/embed/c/{number}?view=poll"))
        .await;
    assert!(widget.text().contains("1 ballot counted"));
    let page = world.public().get(&format!("/c/{number}")).await.text();
    assert!(page.contains(&format!("href=\"/polls/{id}/results\"")));
}

async fn what_comes_too_late_is_given_back(world: &World) {
    let (id, _) = open_poll(world, &questionnaire()).await;
    world.set_clock(CLOSES);
    let mut pairs = ANSWERS.to_vec();
    pairs.extend([("key", "k-1"), ("action", "send")]);
    let late = world.public().submit(&format!("/polls/{id}"), &pairs).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("夜里要出诊"));
    assert_eq!(counted(world, id).await, 0);
    let none = world.public().submit("/polls/2026-9999-p1", &pairs).await;
    assert_eq!(none.status, 404);
    assert!(
        none.text().contains("夜里要出诊"),
        "nothing that was typed is lost"
    );
}
