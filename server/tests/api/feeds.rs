//! What people subscribe to: a unit's sessions and polls as Atom, its sessions as iCalendar, and one
//! session's file.

use crate::hearings::notice;
use crate::polls::{CLOSES, OPENS, questions};
use crate::world::{Answer, World};
use atom_syndication::{Entry, Feed};
use icalendar::{Calendar, CalendarComponent, Component, Event, EventLike};
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    a_calendar_library_reads_a_units_sessions,
    a_calendar_file_is_what_the_rules_of_the_format_ask,
    a_feed_reader_reads_what_a_unit_announced,
    polls_stand_in_the_feed_among_the_sessions_and_not_in_the_calendar,
    a_poll_in_the_feed_is_updated_when_what_it_says_changes_and_not_before,
    a_poll_that_is_not_published_or_of_another_unit_is_in_no_feed,
    what_is_not_public_or_has_no_time_is_in_no_calendar,
    a_change_shows_and_nothing_new_is_not_sent_again,
}

const UNIT: &str = "/u/transport/calendar.ics";

async fn calendar(world: &World, path: &str) -> (Answer, Vec<Event>) {
    let answer = world.public().get(path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    let calendar: Calendar = answer.text().parse().unwrap();
    let events = calendar
        .components
        .into_iter()
        .map(|component| match component {
            CalendarComponent::Event(event) => event,
            other => panic!("{other:?}"),
        })
        .collect();
    (answer, events)
}

async fn a_calendar_library_reads_a_units_sessions(world: &World) {
    let draft = world.open().await;
    let mut awkward = notice();
    let title = "听证会; 停车, 收费\\标准：关于进一步规范城市道路停车收费管理的若干意见（征求意见稿）的听证会";
    awkward["title"] = json!(title);
    awkward["place"] = json!("区政府\n3 楼, 会议室");
    let path = world.announced(&draft, awkward).await;
    let second = world.announced(&draft, notice()).await;
    let (_, events) = calendar(world, UNIT).await;
    assert_eq!(events.len(), 2);
    let id = path.rsplit_once('/').unwrap().1;
    let of_one = format!("/hearings/{id}/event.ics");
    let (answer, one) = calendar(world, &of_one).await;
    let name = format!("attachment; filename=\"{id}.ics\"");
    assert_eq!(answer.header("content-disposition"), name);
    let [event] = one.as_slice() else {
        panic!("{one:?}")
    };
    assert!(events.contains(event), "the same in both: {events:?}");
    let host = world.public_url.strip_prefix("http://").unwrap();
    assert_eq!(event.get_uid(), Some(format!("{id}@{host}").as_str()));
    assert_eq!(event.get_summary(), Some(title));
    assert_eq!(event.get_location(), Some("区政府\n3 楼, 会议室"));
    assert_eq!(event.property_value("DTSTART"), Some("20260402T010000Z"));
    assert_eq!(event.property_value("DTEND"), Some("20260402T040000Z"));
    assert_eq!(event.property_value("DTSTAMP"), Some("20260302T010000Z"));
    assert_eq!(event.property_value("STATUS"), Some("CONFIRMED"));
    let page = format!("{}/hearings/{id}", world.public_url);
    assert_eq!(event.get_url(), Some(page.as_str()));
    let about = event.get_description().unwrap();
    assert!(
        about.starts_with("听证会\n报名时间：2026年3月2日"),
        "{about}"
    );
    assert!(about.ends_with(&page), "{about}");

    world.set_clock("2026-03-05T01:00:00Z");
    let off = json!({"reason": "改期"});
    let off = world
        .staff("approver")
        .post(&format!("{second}/cancel"), off)
        .await;
    assert_eq!(off.status, 200, "{off:?}");
    let (_, events) = calendar(world, UNIT).await;
    let off = events
        .iter()
        .find(|event| *event.get_summary().as_ref().unwrap() == "已取消：停车收费听证会");
    let off = off.unwrap_or_else(|| panic!("{events:?}"));
    assert_eq!(off.property_value("STATUS"), Some("CANCELLED"));
    assert_eq!(
        off.get_sequence(),
        Some(3 * 24 * 60 * 60),
        "newer than what was sent before"
    );
    let (_, english) = calendar(world, &format!("{UNIT}?lang=en")).await;
    let kind = english[0]
        .get_description()
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(kind, "Hearing");
}

async fn a_calendar_file_is_what_the_rules_of_the_format_ask(world: &World) {
    let draft = world.open().await;
    let mut awkward = notice();
    awkward["title"] = json!(format!("停车; 收费, {}", "很长的题目".repeat(30)));
    world.announced(&draft, awkward).await;
    let (answer, _) = calendar(world, UNIT).await;
    let text = answer.text();
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"),
        "{text}"
    );
    assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{text}");
    assert_eq!(
        text.matches('\n').count(),
        text.matches("\r\n").count(),
        "lines end with CRLF"
    );
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    let unfolded = text.replace("\r\n ", "");
    let names: Vec<&str> = unfolded
        .lines()
        .map(|line| line.split([':', ';']).next().unwrap())
        .collect();
    for once in [
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "METHOD", "CALSCALE",
    ] {
        assert_eq!(
            names.iter().filter(|name| **name == once).count(),
            1,
            "{once} in {unfolded}"
        );
    }
    assert!(
        unfolded.contains("SUMMARY:停车\\; 收费\\, 很长"),
        "{unfolded}"
    );
    assert!(unfolded.contains("\\n报名时间："), "{unfolded}");
}

async fn a_feed_reader_reads_what_a_unit_announced(world: &World) {
    let empty = world.public().get("/u/commerce/feed.atom").await;
    let empty = atom_syndication::Feed::read_from(&empty.body[..]).unwrap();
    assert!(empty.entries.is_empty());
    let draft = world.open().await;
    let mut unknown = notice();
    unknown["title"] = json!("座谈会 <b> & 其他");
    unknown["kind"] = json!("seminar");
    for field in ["starts_at", "ends_at", "place"] {
        unknown.as_object_mut().unwrap().remove(field);
    }
    world.announced(&draft, unknown).await;
    world.set_clock("2026-03-03T01:00:00Z");
    let path = world.announced(&draft, notice()).await;
    let answer = world.public().get("/u/transport/feed.atom").await;
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let feed = atom_syndication::Feed::read_from(&answer.body[..]).unwrap();
    assert_eq!(
        feed.title.value,
        "Bureau of transport：听证会、座谈会、列席会议和民意调查"
    );
    assert_eq!(feed.lang.as_deref(), Some("zh-Hans"));
    assert_eq!(feed.authors[0].name, "Bureau of transport");
    assert_eq!(feed.updated.to_rfc3339(), "2026-03-03T01:00:00+00:00");
    assert_eq!(feed.links[0].rel, "self");
    assert_eq!(feed.links[0].href, feed.id);
    let [newest, oldest] = feed.entries.as_slice() else {
        panic!("{feed:?}")
    };
    let page = format!(
        "{}/hearings/{}",
        world.public_url,
        path.rsplit_once('/').unwrap().1
    );
    assert_eq!((&newest.id, &newest.links[0].href), (&page, &page));
    assert_eq!(newest.links[1].href, format!("{page}/event.ics"));
    assert_eq!(oldest.title.value, "座谈会 <b> & 其他");
    assert_eq!(oldest.categories[0].term, "seminar");
    assert_eq!(oldest.links.len(), 1, "no calendar file without a time");
    let about = oldest.content.as_ref().unwrap().value.as_deref().unwrap();
    assert!(about.contains("时间：另行公告\n地点：另行公告"), "{about}");
    let english = world.public().get("/u/transport/feed.atom?lang=en").await;
    assert!(
        english.text().contains("When: to be announced"),
        "{english:?}"
    );
}

const FEED: &str = "/u/transport/feed.atom";

async fn feed(world: &World, path: &str) -> Feed {
    let answer = world.public().get(path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Feed::read_from(&answer.body[..]).unwrap()
}

fn titles(feed: &Feed) -> Vec<&str> {
    let entries = feed.entries.iter();
    entries.map(|entry| entry.title.value.as_str()).collect()
}

fn said(entry: &Entry) -> &str {
    entry.content.as_ref().unwrap().value.as_deref().unwrap()
}

async fn polls_stand_in_the_feed_among_the_sessions_and_not_in_the_calendar(world: &World) {
    let draft = world.open().await;
    let mut awkward = questions();
    awkward["title"] = json!("调查 <b> & 其他");
    awkward["method"] = json!("网上作答。\n<i>自愿</i>");
    let path = world.asked(&draft, awkward).await;
    world.set_clock("2026-03-03T01:00:00Z");
    world.announced(&draft, notice()).await;
    world.set_clock("2026-03-04T01:00:00Z");
    let mut newest = questions();
    newest["identity"] = json!("invited");
    world.asked(&draft, newest).await;
    let read = feed(world, FEED).await;
    assert_eq!(
        titles(&read),
        ["停车收费民意调查", "停车收费听证会", "调查 <b> & 其他"],
        "newest first"
    );
    assert_eq!(read.updated.to_rfc3339(), "2026-03-04T01:00:00+00:00");
    let poll = &read.entries[2];
    let id = path.rsplit_once('/').unwrap().1;
    let page = format!("{}/polls/{id}", world.public_url);
    assert_eq!((&poll.id, &poll.links[0].href), (&page, &page));
    assert_eq!(poll.links.len(), 1, "no results yet");
    assert_eq!(poll.published.unwrap(), poll.updated);
    let category = &poll.categories[0];
    assert_eq!(
        (category.term.as_str(), category.label.as_deref()),
        ("poll", Some("民意调查"))
    );
    assert_eq!(
        said(poll),
        "作答时间：2026年3月2日 09:00（北京时间）至2026年3月16日 24:00（北京时间）\n\
         谁可以作答：任何人可以作答，不核验是否重复\n调查方法：网上作答。\n<i>自愿</i>"
    );
    let english = feed(world, "/u/transport/feed.atom?lang=en").await;
    let category = &english.entries[0].categories[0];
    assert_eq!(category.label.as_deref(), Some("Poll"));
    assert!(said(&english.entries[0]).contains("Who may answer: "));
    let (calendar, events) = calendar(world, UNIT).await;
    assert_eq!(events.len(), 1, "{calendar:?}");
    let page = world
        .public()
        .get(poll.id.strip_prefix(&world.public_url).unwrap())
        .await;
    assert_eq!(page.status, 200, "{page:?}");
}

async fn a_poll_in_the_feed_is_updated_when_what_it_says_changes_and_not_before(world: &World) {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    let mut by_hand = questions();
    by_hand["title"] = json!("由单位公布");
    by_hand["results"] = json!("by_hand");
    let by_hand = world.asked(&draft, by_hand).await;
    let mut at_once = questions();
    at_once["title"] = json!("随时可见");
    at_once["results"] = json!("at_once");
    let at_once = world.asked(&draft, at_once).await;
    // In the order of their numbers: title, when updated, how many links.
    let seen = async || {
        let mut read = feed(world, FEED).await;
        read.entries.sort_by(|a, b| a.id.cmp(&b.id));
        let entries = read.entries.iter().map(|entry| {
            let updated = entry.updated.to_rfc3339().replace("+00:00", "Z");
            (entry.title.value.clone(), updated, entry.links.len())
        });
        entries.collect::<Vec<_>>()
    };
    let entry =
        |title: &str, updated: &str, links: usize| (title.to_owned(), updated.to_owned(), links);
    world.set_clock("2026-03-03T01:00:00Z");
    assert_eq!(world.votes(&path, json!({"fee": "yes"})).await.status, 201);
    assert_eq!(
        seen().await,
        [
            entry("停车收费民意调查", OPENS, 1),
            entry("由单位公布", OPENS, 1),
            entry("随时可见", OPENS, 2),
        ],
        "a ballot is no news, and the closing is to come"
    );
    let mut corrected = questions();
    corrected["title"] = json!("停车民意调查");
    corrected["correction"] = json!("题目有误。");
    let corrected = world.run("approver", &path, "corrections", corrected).await;
    assert_eq!(corrected.status, 200, "{corrected:?}");
    world.set_clock("2026-03-04T01:00:00Z");
    let reason = json!({"reason": "问题有误"});
    let off = world.run("approver", &at_once, "cancel", reason).await;
    assert_eq!(off.status, 200, "{off:?}");
    world.set_clock("2026-03-05T01:00:00Z");
    let changed = [
        entry("停车民意调查", "2026-03-03T01:00:00Z", 1),
        entry("由单位公布", OPENS, 1),
        // What had come before it was called off stays public.
        entry("已取消：随时可见", "2026-03-04T01:00:00Z", 2),
    ];
    assert_eq!(seen().await, changed);
    world.set_clock("2026-03-17T01:00:00Z");
    let [_, by_hand_waits, off] = changed;
    let closed = entry("停车民意调查", CLOSES, 2);
    assert_eq!(
        seen().await,
        [closed.clone(), by_hand_waits, off.clone()],
        "the closing is when the results came"
    );
    let shown = world.run("approver", &by_hand, "results", json!({})).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    let published = entry("由单位公布", "2026-03-17T01:00:00Z", 2);
    world.set_clock("2026-03-18T01:00:00Z");
    assert_eq!(seen().await, [closed, published, off]);
    let read = feed(world, FEED).await;
    assert_eq!(read.updated.to_rfc3339(), "2026-03-17T01:00:00+00:00");
    let by_hand = read.entries.iter().find(|one| one.id.ends_with("-p2"));
    let newest = by_hand.unwrap();
    assert!(newest.links[1].href.ends_with("/results"), "{newest:?}");
    assert!(said(newest).ends_with("结果已经公布。"), "{newest:?}");
}

async fn a_poll_that_is_not_published_or_of_another_unit_is_in_no_feed(world: &World) {
    let draft = world.open().await;
    world.poll(&draft, questions()).await;
    let given_up = world.poll(&draft, questions()).await;
    let reason = json!({"reason": "不办了"});
    let off = world.run("approver", &given_up, "cancel", reason).await;
    assert_eq!(off.status, 200, "{off:?}");
    let mut published = questions();
    published["title"] = json!("已发布");
    world.asked(&draft, published).await;
    assert_eq!(titles(&feed(world, FEED).await), ["已发布"]);
    for unit in ["commerce", "city"] {
        let path = format!("/u/{unit}/feed.atom");
        assert_eq!(titles(&feed(world, &path).await), [""; 0], "{unit}");
    }
    let withdrawn = world.staff("approver");
    let withdrawn = withdrawn
        .post(&draft.path("/withdraw"), json!({"reason": "上位法已改"}))
        .await;
    assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
    assert_eq!(titles(&feed(world, FEED).await), ["已取消：已发布"]);
}

async fn what_is_not_public_or_has_no_time_is_in_no_calendar(world: &World) {
    let draft = world.open().await;
    let hidden = world.hearing(&draft, notice()).await;
    let mut unknown = notice();
    for field in ["starts_at", "ends_at"] {
        unknown.as_object_mut().unwrap().remove(field);
    }
    let unknown = world.announced(&draft, unknown).await;
    let (_, events) = calendar(world, UNIT).await;
    assert!(events.is_empty(), "{events:?}");
    let feed = world.public().get("/u/transport/feed.atom").await.text();
    assert_eq!(feed.matches("<entry>").count(), 1, "{feed}");
    for path in [hidden, unknown] {
        let id = path.rsplit_once('/').unwrap().1;
        let event = world
            .public()
            .get(&format!("/hearings/{id}/event.ics"))
            .await;
        assert_eq!(event.status, 404, "{event:?}");
    }
    for path in [
        "/u/nobody/feed.atom",
        "/u/nobody/calendar.ics",
        "/hearings/x/event.ics",
        "/u/%00/feed.atom",
    ] {
        assert_eq!(world.public().get(path).await.status, 404, "{path}");
    }
}

async fn a_change_shows_and_nothing_new_is_not_sent_again(world: &World) {
    let draft = world.open().await;
    let path = world.announced(&draft, notice()).await;
    let id = path.rsplit_once('/').unwrap().1;
    let paths = [
        UNIT.to_owned(),
        FEED.into(),
        format!("/hearings/{id}/event.ics"),
    ];
    let mut etags = Vec::new();
    for path in &paths {
        let answer = world.public().get(path).await;
        assert_eq!(answer.header("cache-control"), "public, no-cache", "{path}");
        let etag = answer.header("etag").to_owned();
        let again = world.public().with("if-none-match", &etag).get(path).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.body.is_empty(), "{path}");
        etags.push(etag);
    }
    let mut moved = notice();
    moved["place"] = json!("图书馆");
    assert_eq!(world.staff("approver").put(&path, moved).await.status, 200);
    for (path, etag) in paths.iter().zip(&etags) {
        let answer = world.public().with("if-none-match", etag).get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains("图书馆"), "{path}");
    }
}
