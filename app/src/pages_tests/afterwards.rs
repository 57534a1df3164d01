//! What participants read after a session, at `/r` and in letters.

use super::sessions::{hearing, own, ticket};
use super::*;
use crate::hearings::{Afterwards, own_page, review_page};
use crate::i18n::time;
use crate::notify::{Enclosed, letter};
use domain::hearings::form::ApplicationForm;
use domain::hearings::{
    ApplicationState, Correction, CorrectionAnswer, Fill, Hearing, OwnApplication, OwnMinutes,
    OwnOpinion, Reply, SessionState,
};
use domain::notify::LetterKind;

/// A participant with one correction answered and one that waits, and a published opinion.
fn participant() -> OwnApplication {
    let asked = |text: &str, answer: Option<&str>| Correction {
        text: text.into(),
        asked_at: at("2026-12-23T01:00:00Z"),
        answer: answer.map(|text| CorrectionAnswer {
            accepted: true,
            text: text.into(),
            answered_at: at("2026-12-24T01:00:00Z"),
        }),
    };
    OwnApplication {
        hearing_state: SessionState::Held,
        editable: false,
        can_confirm: false,
        minutes: Some(OwnMinutes {
            confirmed_at: None,
            corrections: vec![
                asked("“六元”应为“五元”。", Some("第一段更正为“五元”。")),
                asked("还漏了一句。", None),
            ],
            corrections_until: Some(at("2026-12-27T16:00:00Z")),
            correctable: true,
        }),
        can_opine: false,
        opinion: Some(OwnOpinion {
            text: "材料应当提前公开。".into(),
            sent_at: at("2026-12-23T02:00:00Z"),
            reply: Some(Reply {
                text: "已写入规程。".into(),
                replied_at: at("2026-12-24T02:00:00Z"),
                published: true,
            }),
        }),
        ..own(ApplicationState::Confirmed)
    }
}

/// Their pages, for the rules that every page keeps to.
pub(super) fn pages(cx: &PageContext) -> Vec<(String, String)> {
    let held = hearing(SessionState::Held);
    let mine = participant();
    let may_write = OwnApplication {
        can_opine: true,
        opinion: None,
        ..mine.clone()
    };
    let mut wrong = Violations::new();
    wrong.add("correction", Fault::Required);
    wrong.add("opinion", Fault::Required);
    let typed = Afterwards {
        correction: Some(""),
        opinion: Some(""),
        wrong: Some(&wrong),
        unsaved: None,
    };
    let unsaved = Afterwards {
        correction: Some("太晚的话"),
        unsaved: Some("请稍后再试。"),
        ..Afterwards::default()
    };
    let page = |own, typed| own_page(cx, "CODE", &held, None, own, None, typed);
    [
        ("after", page(&mine, Afterwards::default())),
        ("after-write", page(&may_write, Afterwards::default())),
        ("after-wrong", page(&may_write, typed)),
        ("after-unsaved", page(&mine, unsaved)),
    ]
    .map(|(name, html)| (format!("application-{name}"), html))
    .into()
}

#[test]
fn a_correction_that_waits_stands_in_the_field_to_be_changed_and_an_answer_beside_what_was_asked() {
    let cx = context();
    let held = hearing(SessionState::Held);
    let html = own_page(
        &cx,
        "CODE",
        &held,
        None,
        &participant(),
        None,
        Afterwards::default(),
    );
    let field = html.split("<textarea id=\"correction\"").nth(1).unwrap();
    assert!(
        field
            .split("</textarea>")
            .next()
            .unwrap()
            .contains("还漏了一句。")
    );
    assert!(html.contains("第一段更正为“五元”。") && html.contains("已写入规程。"));
    // What is published cannot be changed.
    assert!(!html.contains("id=\"opinion\""));
}

#[test]
fn the_page_counts_corrections_and_opinions_as_they_are() {
    let mut held = hearing(SessionState::Held);
    let minutes = held.minutes.as_mut().unwrap();
    minutes.corrections_asked = 9;
    minutes.corrections_refused = 3;
    minutes.corrections.push(minutes.corrections[0].clone());
    let html = crate::hearings::hearing_page(&english(), &held);
    assert!(html.contains("9 corrections were asked for: 2 accepted, 3 refused, 4 waiting"));
    assert!(html.contains("3 opinions received, 2 answered, 1 published."));
}

fn english() -> PageContext {
    PageContext {
        lang: Lang::En,
        ..context()
    }
}

#[test]
fn a_letter_says_what_holds_now_and_none_is_sent_of_what_is_over() {
    let enclosed = Enclosed {
        public_url: "https://yanlu.example",
        receipt: "7K3M-9QTX-0042-ABCD-5",
    };
    let drawn = hearing(SessionState::Drawn);
    let held = hearing(SessionState::Held);
    for lang in Lang::ALL {
        let t = T(lang);
        let of = |kind, hearing, own: &OwnApplication| letter(t, kind, hearing, own, enclosed);
        let chosen = OwnApplication {
            hearing_state: SessionState::Drawn,
            ..own(ApplicationState::Chosen)
        };
        let told = of(LetterKind::Stands, &drawn, &chosen).unwrap();
        for said in [
            enclosed.receipt,
            &ticket(7).to_string(),
            "https://yanlu.example/hearings/",
            "https://yanlu.example/r\n",
        ] {
            assert!(told.text.contains(said), "{said} in {}", told.text);
        }
        let (code, link) = (enclosed.receipt, "https://yanlu.example/r");
        let (at_code, at_link) = (told.text.find(code), told.text.find(&format!("{link}\n")));
        assert!(
            at_code < at_link,
            "each behind its own words: {}",
            told.text
        );
        let place = drawn.notice.place.as_deref().unwrap();
        let when = t.instant(
            drawn.notice.starts_at.unwrap(),
            &time::zone("Asia/Shanghai"),
        );
        let order = [&*drawn.notice.title, &when, place, "/hearings/"].map(|it| told.text.find(it));
        assert!(
            order.is_sorted() && order[0].is_some(),
            "{order:?} in {}",
            told.text
        );
        assert!(!told.subject.contains('\n'));
        // Nothing that the applicant typed: it may be a stranger who reads it.
        for typed in ["朱小明", "zhu@example.org", "首小时收费"] {
            assert!(!told.text.contains(typed), "{typed}");
        }
        for gone in [
            ApplicationState::Confirmed,
            ApplicationState::Declined,
            ApplicationState::Received,
        ] {
            let own = own(gone);
            assert_eq!(of(LetterKind::Stands, &drawn, &own), None, "{gone}");
        }
        let over = OwnApplication {
            hearing_state: SessionState::Cancelled,
            ..chosen.clone()
        };
        assert_eq!(of(LetterKind::Stands, &drawn, &over), None);
        assert_eq!(of(LetterKind::Changed, &drawn, &over), None);
        assert!(of(LetterKind::Cancelled, &drawn, &over).is_some());
        assert_eq!(of(LetterKind::Cancelled, &drawn, &chosen), None);
        let reserve = own(ApplicationState::Reserve);
        let told = of(LetterKind::Stands, &drawn, &reserve).unwrap();
        assert!(told.text.contains('2'), "its place: {}", told.text);
        let refused = own(ApplicationState::Ineligible);
        let told = of(LetterKind::Stands, &drawn, &refused).unwrap();
        assert!(told.text.contains("居住地不在本市。"));
        let mine = participant();
        for (kind, said) in [
            (LetterKind::Correction, "第一段更正为“五元”。"),
            (LetterKind::Opinion, "已写入规程。"),
            (LetterKind::Answered, "https://yanlu.example/c/2026-0012"),
        ] {
            let told = of(kind, &held, &mine).unwrap();
            assert!(told.text.contains(said), "{said} in {}", told.text);
        }
        assert!(of(LetterKind::Minutes, &held, &mine).is_some());
        assert!(of(LetterKind::Report, &held, &mine).is_some());
        let mut confirmed = mine.clone();
        confirmed.minutes.as_mut().unwrap().confirmed_at = Some(at("2026-12-24T01:00:00Z"));
        assert_eq!(of(LetterKind::Minutes, &held, &confirmed), None);
        assert_eq!(of(LetterKind::Correction, &drawn, &chosen), None);
    }
}

#[test]
fn a_report_is_shown_as_it_was_rendered() {
    let cx = context();
    let html = crate::hearings::hearing_page(&cx, &hearing(SessionState::Held));
    assert!(html.contains("<strong>处理建议</strong>"));
    assert!(!html.contains("**处理建议**"));
}

#[test]
fn who_has_no_seat_is_led_to_the_written_comment_and_told_what_can_still_be_changed() {
    let cx = english();
    let of = |session: &Hearing, mine: &OwnApplication| {
        own_page(
            &cx,
            "CODE",
            session,
            None,
            mine,
            None,
            Afterwards::default(),
        )
    };
    let closed = hearing(SessionState::Closed);
    let mut drawn = hearing(SessionState::Drawn);
    for (state, led) in [
        (ApplicationState::Ineligible, true),
        (ApplicationState::Reserve, true),
        (ApplicationState::Confirmed, false),
    ] {
        let html = of(&closed, &own(state));
        assert_eq!(html.contains(cx.t().application_write()), led, "{state}");
    }
    for editable in [true, false] {
        let mine = OwnApplication {
            editable,
            ..own(ApplicationState::Ineligible)
        };
        let says = of(&closed, &mine).contains(cx.t().application_means_ineligible_edit());
        assert_eq!(says, editable);
    }
    // A draw is shown to those who were in it.
    let mine = own(ApplicationState::Reserve);
    assert!(of(&drawn, &mine).contains(cx.t().draw_open()));
    drawn.notice.categories[0].fill = Fill::FirstCome;
    assert!(!of(&drawn, &mine).contains(cx.t().draw_open()));
}

#[test]
fn before_it_is_sent_an_application_says_where_letters_go() {
    let (cx, open) = (english(), hearing(SessionState::Applying));
    let of = |contact: &str| {
        let form = ApplicationForm {
            contact: contact.into(),
            ..ApplicationForm::default()
        };
        review_page(&cx, &open, None, &form, None)
    };
    let t = cx.t();
    let told = |html: &str| html.contains(t.apply_contact_mistyped());
    let good = of("邮箱：zhu.hao@example.org");
    assert!(good.contains(&t.apply_letters_to("zhu.hao@example.org")) && !told(&good));
    let slip = of("zhu,hao@example.org");
    assert!(told(&slip) && !slip.contains(&t.apply_letters_to("hao@example.org")));
    assert!(!told(&of("138 0013 8000")));
}
