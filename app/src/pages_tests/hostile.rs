//! What is typed to break a page comes out as text.

use super::{data_of, wrong};
use crate::testing::*;
use crate::{comments, consultations, errors, feedback, receipts};
use domain::comments::form::CommentForm;
use domain::comments::{CommentState, RawPoint};
use domain::consultations::State;

#[test]
fn hostile_text_comes_out_as_text_in_every_field() {
    const EVIL: &str =
        "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{202E}</textarea>";
    let cx = context();
    let mut one = consultation(State::Open);
    one.title = EVIL.into();
    one.summary = EVIL.into();
    one.contact = Some(EVIL.into());
    one.other_ways = Some(EVIL.into());
    one.unit.name = EVIL.into();
    let mut text = draft();
    for clause in &mut text.clauses {
        clause.label = EVIL.into();
        clause.text = EVIL.into();
    }
    let form = CommentForm {
        name: EVIL.into(),
        contact: EVIL.into(),
        points: vec![RawPoint {
            clause: Some(EVIL.into()),
            text: EVIL.into(),
            proposed: Some(EVIL.into()),
        }],
        key: EVIL.into(),
        ..CommentForm::default()
    };
    let said = comment(
        1,
        Some(EVIL),
        vec![point(1, Some((30, EVIL)), EVIL, Some(EVIL))],
    );
    let mut account = feedback();
    account.asked = EVIL.into();
    account.points[0].text = EVIL.into();
    account.points[0].html = domain::text::to_html(EVIL);
    account.behind[0].text = EVIL.into();
    let mut summary = feedback_summary();
    summary.asked = EVIL.into();
    account.points[5].response.reason = Some(EVIL.into());
    let mut mine = own(CommentState::Received, false);
    mine.name = Some(EVIL.into());
    mine.points[0].text = EVIL.into();
    mine.points[0].html = domain::text::to_html(EVIL);
    let counts = clause_counts();
    let latest = [said];
    let pages = [
        consultations::consultation_page(
            &cx,
            data_of(&one, &text, &counts, &latest, Some(&summary)),
        ),
        comments::form_page(&cx, &one, &text, &form, Some(&wrong())),
        comments::review_page(&cx, &one, &text, &form, None),
        feedback::feedback_page(&cx, account_of(&one, &account)),
        receipts::own_page(&cx, EVIL, &mine, None),
        receipts::entry_page(&cx, EVIL, Some(receipts::Unopened::Malformed)),
        errors::error_page(&cx, EVIL, EVIL),
    ];
    for html in pages {
        assert!(html.contains("&lt;script>") || html.contains("&lt;script&gt;"));
        assert!(!html.contains("<script>alert"));
        assert!(!html.contains("<img src=x"));
        assert!(!html.contains("</textarea></textarea>"));
    }
}

#[test]
fn direction_overrides_do_not_reach_the_reader() {
    let cx = context();
    let mut one = consultation(State::Open);
    one.title = "a\u{202E}b".into();
    one.summary = "c\u{2066}d".into();
    let (text, counts) = (draft(), clause_counts());
    let html = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    assert!(html.contains("ab") && html.contains("cd"));
    assert!(!html.contains(['\u{202E}', '\u{2066}']));
}
