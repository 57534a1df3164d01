//! What the page of a draw must say.

use super::sessions::{drawing, hearing};
use crate::hearings;
use crate::testing::*;
use domain::hearings::{Category, Draw, SessionState};

#[test]
fn a_ticket_is_found_by_its_number_or_its_last_digits() {
    let cx = context();
    let (one, done) = (hearing(SessionState::Drawn), drawing(true));
    let page = |sought: &str| hearings::draw_page(&cx, &one, &done, "{}", Some(sought));
    let first = &done.chosen["residents"][0];
    let said = cx.t().draw_found_chosen("消费者代表（居民）", 1, first);
    let digits = first.rsplit('-').next().unwrap();
    for sought in [first.as_str(), digits, digits.trim_start_matches('0')] {
        assert!(page(sought).contains(&said), "{sought}");
    }
    let reserve = &done.reserves["residents"][1];
    let said = cx.t().draw_found_reserve("消费者代表（居民）", 2, reserve);
    assert!(page(reserve).contains(&said));
    for nothing in ["13", "x", "2026-0013-h1-0001", "0"] {
        assert!(
            page(nothing).contains(&cx.t().draw_find_none(nothing)),
            "{nothing}"
        );
    }
}

#[test]
fn categories_stand_as_in_the_notice_and_say_if_nobody_is_left_to_move_up() {
    let cx = context();
    let (mut one, mut done) = (hearing(SessionState::Drawn), drawing(true));
    // By its code it would come first.
    one.notice.categories.push(Category {
        code: "affected".into(),
        name: "利害关系人".into(),
        quota: 3,
        ..one.notice.categories[0].clone()
    });
    let page = |done: &Draw| hearings::draw_page(&cx, &one, done, "{}", None);
    let after = |html: &str, name: &str| {
        let result = html.find("id=\"result\"").unwrap();
        result + html[result..].find(name).unwrap()
    };
    let alone = vec![done.chosen["residents"][0].clone()];
    for by in [&mut done.tickets, &mut done.chosen] {
        by.insert("affected".into(), alone.clone());
    }
    let html = page(&done);
    assert!(after(&html, "消费者代表") < after(&html, "利害关系人"));
    assert!(html.contains(&cx.t().draw_reserves(2)));
    assert!(html.contains(cx.t().draw_no_reserves()) && !html.contains(cx.t().draw_nobody()));
    for by in [&mut done.tickets, &mut done.chosen] {
        by.insert("affected".into(), Vec::new());
    }
    let html = page(&done);
    assert!(html.contains(cx.t().draw_nobody()) && !html.contains(cx.t().draw_no_reserves()));
}
