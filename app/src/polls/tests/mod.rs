//! What the pages of a poll must say and keep, in every language and with every kind of question.

mod listing;
mod results;

use super::*;
use crate::i18n::{Lang, T};
use crate::page::{Chrome, PageContext};
use crate::testing::{at, context, number, unit};
use domain::polls::form::BallotForm;
use domain::polls::results::{self as outcomes, Counted, CountedVersion};
use domain::polls::*;
use domain::problem::Violations;
use std::collections::HashMap;

/// One question of every kind, two sections, conditions, options in a random order.
pub fn questionnaire() -> Questionnaire {
    let raw: RawPoll = serde_json::from_str(
        r#"{"title": "夜间停车怎么管", "intro": "请居民和商户回答。", "method": "网上自愿作答，十日内。",
        "questions": [
            {"kind": "section", "code": "s1", "text": "现状", "hint": "说说您现在怎样停车。"},
            {"kind": "single", "code": "view", "text": "您是否赞成夜间限时停车？", "required": true, "random": true,
             "options": [{"code": "for", "text": "赞成"}, {"code": "against", "text": "反对"}, {"code": "unsure", "text": "说不清"}]},
            {"kind": "long_text", "code": "why", "text": "为什么反对？", "required": true,
             "show_if": {"question": "view", "any_of": ["against", "unsure"]}},
            {"kind": "multiple", "code": "when", "text": "哪些时段最难停车？", "min": 1, "max": 2,
             "options": [{"code": "am", "text": "早上"}, {"code": "pm", "text": "下午"}, {"code": "night", "text": "夜里"}]},
            {"kind": "scale", "code": "ease", "text": "现在停车方便吗？", "min_label": "很不方便", "max_label": "很方便"},
            {"kind": "section", "code": "s2", "text": "建议"},
            {"kind": "ranking", "code": "rank", "text": "哪些措施更要紧？", "required": true,
             "options": [{"code": "build", "text": "新建"}, {"code": "share", "text": "共享"}, {"code": "fine", "text": "处罚"}]},
            {"kind": "matrix", "code": "grid", "text": "您对下列服务满意吗？",
             "rows": [{"code": "staff", "text": "人员"}, {"code": "price", "text": "价格"}],
             "options": [{"code": "good", "text": "满意"}, {"code": "bad", "text": "不满意"}]},
            {"kind": "short_text", "code": "street", "text": "您住在哪条街？"},
            {"kind": "number", "code": "cars", "text": "家里有几辆车？", "min": 0, "max": 10}
        ]}"#,
    )
    .unwrap();
    raw.parse().unwrap()
}

pub fn poll(state: PollState) -> Poll {
    Poll {
        id: PollNumber {
            consultation: number(),
            serial: 1,
        },
        consultation: number(),
        consultation_title: "机动车停车管理办法".into(),
        consultation_public: true,
        unit: unit(),
        state,
        opens_at: Some(at("2026-11-20T00:00:00Z")),
        closes_at: Some(at("2026-12-01T16:00:00Z")),
        version: 2,
        versions: vec![
            PollVersion {
                version: 1,
                correction: None,
                published_at: Some(at("2026-11-19T00:00:00Z")),
                ballots: Some(2),
            },
            PollVersion {
                version: 2,
                correction: Some("第二题补上“说不清”。".into()),
                published_at: Some(at("2026-11-21T00:00:00Z")),
                ballots: Some(3),
            },
        ],
        questionnaire: questionnaire(),
        ballots: Some(5),
        results_public: state == PollState::Closed,
        cancelled_reason: (state == PollState::Cancelled).then(|| "事项撤回。".into()),
    }
}

/// What five ballots said, counted by hand.
pub fn outcome() -> PollResults {
    let counted = |answered: i64, cells: &[(&str, i64)]| Counted {
        answered,
        cells: cells
            .iter()
            .map(|(cell, n)| ((*cell).to_owned(), *n))
            .collect(),
        ..Counted::default()
    };
    let mut all = HashMap::from([
        ("view".to_owned(), counted(5, &[("for", 3), ("against", 2)])),
        ("when".to_owned(), counted(4, &[("am", 3), ("night", 4)])),
        ("ease".to_owned(), counted(4, &[("1", 3), ("5", 1)])),
        (
            "rank".to_owned(),
            counted(
                2,
                &[
                    ("share:1", 2),
                    ("build:2", 1),
                    ("build:3", 1),
                    ("fine:2", 1),
                    ("fine:3", 1),
                ],
            ),
        ),
        (
            "grid".to_owned(),
            counted(3, &[("staff:good", 2), ("staff:bad", 1), ("price:bad", 3)]),
        ),
        (
            "cars".to_owned(),
            counted(5, &[("0", 1), ("1", 3), ("2.5", 1)]),
        ),
    ]);
    let mut why = counted(2, &[]);
    why.texts = vec!["夜里有<急救>车。".into()];
    why.texts_withheld = 1;
    all.insert("why".into(), why);
    let poll = poll(PollState::Closed);
    PollResults {
        id: poll.id,
        title: poll.questionnaire.title.clone(),
        method: poll.questionnaire.method.clone(),
        identity: poll.questionnaire.identity,
        codes: None,
        cancelled_reason: None,
        versions: poll.versions.clone(),
        ballots: 5,
        questions: outcomes::results(&[
            CountedVersion {
                version: 1,
                questionnaire: poll.questionnaire.clone(),
                ballots: 2,
                counted: HashMap::new(),
            },
            CountedVersion {
                version: 2,
                questionnaire: poll.questionnaire,
                ballots: 3,
                counted: all,
            },
        ]),
    }
}

fn answered() -> BallotForm {
    let (form, _) = BallotForm::read([
        ("a.view", "against"),
        ("a.why", "</textarea>夜里<b>出诊</b>"),
        ("a.when", "am"),
        ("a.when", "night"),
        ("a.ease", "5"),
        ("a.rank.build", "2"),
        ("a.rank.share", "1"),
        ("a.rank.fine", "2"),
        ("a.grid.staff", "good"),
        ("a.street", "东门\"街"),
        ("a.cars", "许多"),
        ("key", "key-1"),
    ]);
    form
}

fn wrong() -> Violations {
    let asked = questionnaire();
    asked.ballot(&answered().answers(&asked)).unwrap_err()
}

fn answering<'a>(poll: &'a Poll, form: &'a BallotForm) -> Answering<'a> {
    Answering {
        poll,
        form,
        wrong: None,
        unsent: None,
    }
}

/// Every page of a poll, for the rules that hold for all pages.
pub fn pages(cx: &PageContext) -> Vec<(String, String)> {
    let (empty, full, wrong) = (BallotForm::default(), answered(), wrong());
    let (open, over) = (poll(PollState::Open), poll(PollState::Closed));
    let results = outcome();
    let mut coded = open.clone();
    coded.questionnaire.identity = IdentityLevel::OneTimeCode;
    let mut pages = Vec::new();
    for state in [
        PollState::Announced,
        PollState::Open,
        PollState::Closed,
        PollState::Cancelled,
    ] {
        let poll = poll(state);
        pages.push((
            format!("poll-{state}"),
            poll_page(cx, answering(&poll, &empty)),
        ));
    }
    let refused = Answering {
        wrong: Some(&wrong),
        ..answering(&open, &full)
    };
    let too_late = Answering {
        unsent: Some("调查已截止。"),
        ..answering(&over, &full)
    };
    let check = |counted_before, unsent| Check {
        poll: &open,
        form: &full,
        counted_before,
        unsent,
    };
    let receipt = BallotReceipt {
        receipt: "7K3M-9QTX-0042-ABCD-5".into(),
        received_at: at("2026-11-24T04:00:00Z"),
    };
    let own = OwnBallot {
        poll: open.id,
        poll_title: open.questionnaire.title.clone(),
        version: 2,
        newest_version: 2,
        received_at: at("2026-11-24T04:00:00Z"),
        results_public: false,
    };
    let data = |poll, results, with| ResultsData {
        poll,
        results,
        with,
        others: &[],
    };
    let with = With {
        poll: &over,
        results: Some(&results),
    };
    let mut add = |name: &str, html: String| pages.push((format!("poll-{name}"), html));
    add("coded", poll_page(cx, answering(&coded, &empty)));
    add("wrong", poll_page(cx, refused));
    add("too-late", poll_page(cx, too_late));
    add("check", check_page(cx, check(false, None)));
    add("check-again", check_page(cx, check(true, None)));
    add(
        "check-unsent",
        check_page(cx, check(false, Some("稍后再试。"))),
    );
    add("receipt", receipt_page(cx, &open, &receipt));
    add("own", own_page(cx, &own));
    add(
        "results",
        results_page(cx, data(&over, Some(&results), None)),
    );
    add("results-not-yet", results_page(cx, data(&open, None, None)));
    add(
        "comparison",
        results_page(cx, data(&over, Some(&results), Some(with))),
    );
    add(
        "comparison-hidden",
        results_page(
            cx,
            data(
                &over,
                Some(&results),
                Some(With {
                    results: None,
                    ..with
                }),
            ),
        ),
    );
    add("widget-open", crate::embed::poll_widget(cx, &open, None));
    add(
        "widget-closed",
        crate::embed::poll_widget(cx, &over, Some(&results)),
    );
    pages.extend(listing::pages(cx));
    pages.extend(results::pages(cx));
    pages
}

fn in_every_language(page: impl Fn(&PageContext) -> String) -> Vec<(T, String)> {
    Lang::ALL
        .map(|lang| {
            let cx = PageContext { lang, ..context() };
            (T(lang), page(&cx))
        })
        .into()
}

#[test]
fn every_kind_of_question_is_one_plain_form_that_needs_no_script() {
    let poll = poll(PollState::Open);
    for (t, html) in in_every_language(|cx| poll_page(cx, answering(&poll, &BallotForm::default())))
    {
        assert_eq!(html.matches("<form").count(), 1);
        for (name, value) in [
            ("a.view", "for"),
            ("a.view", "unsure"),
            ("a.when", "night"),
            ("a.ease", "5"),
            ("a.grid.price", "bad"),
        ] {
            assert!(
                html.contains(&format!("name=\"{name}\" value=\"{value}\"")),
                "{name}={value}"
            );
        }
        for name in ["a.rank.build", "a.rank.fine", "a.why", "a.street", "a.cars"] {
            assert_eq!(
                html.matches(&format!(" name=\"{name}\"")).count(),
                1,
                "{name}"
            );
        }
        assert_eq!(html.matches("type=\"checkbox\"").count(), 3);
        assert!(
            !html.contains(" disabled"),
            "nothing is hidden without a script"
        );
        let either = [t.poll_quoted("反对"), t.poll_quoted("说不清")].join(t.poll_or());
        assert!(html.contains(&t.poll_only_if(1, either)));
        assert!(html.contains(&t.poll_choose_at_most(2)));
        assert!(html.contains(t.poll_required()) && html.contains("很不方便"));
        assert!(html.contains("第二题补上") && html.contains("网上自愿作答"));
        assert!(html.contains(t.identity_level(IdentityLevel::None)));
    }
}

#[test]
fn a_refused_ballot_comes_back_whole_with_each_fault_at_its_question() {
    let (poll, form, wrong) = (poll(PollState::Open), answered(), wrong());
    let fields: Vec<&str> = wrong.0.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["answers.rank", "answers.cars"]);
    let refused = Answering {
        wrong: Some(&wrong),
        ..answering(&poll, &form)
    };
    for (t, html) in in_every_language(|cx| poll_page(cx, refused)) {
        for field in fields.iter() {
            assert!(html.contains(&format!("<a href=\"#{field}\">")), "{field}");
            assert!(html.contains(&format!(" id=\"{field}\"")), "{field}");
            assert!(html.contains(&format!(" id=\"{field}-error\"")), "{field}");
        }
        assert!(html.contains(t.poll_fault_number()) && html.contains(t.fault_not_a_ranking()));
        assert_eq!(html.matches(" checked").count(), 6, "{html}");
        assert_eq!(html.matches(" selected").count(), 3);
        assert!(html.contains("value=\"许多\"") && html.contains("value=\"东门&quot;街\""));
        assert!(html.contains("&lt;/textarea&gt;夜里&lt;b&gt;出诊"));
        assert!(html.contains("name=\"key\" value=\"key-1\"") && html.contains("data-kept"));
    }
}

#[test]
fn before_sending_every_answer_is_said_in_words_and_carried_along() {
    let (poll, form) = (poll(PollState::Open), answered());
    let check = Check {
        poll: &poll,
        form: &form,
        counted_before: false,
        unsent: None,
    };
    for (t, html) in in_every_language(|cx| check_page(cx, check)) {
        for (name, value) in &form.values {
            let value = value.replace('"', "&quot;").replace('<', "&lt;");
            let found = html.contains(&format!("name=\"{name}\" value=\"{value}\""))
                || html.contains(&format!(
                    "name=\"{name}\" value=\"{}\"",
                    value.replace('>', "&gt;")
                ));
            assert!(found, "{name}={value}");
        }
        assert!(html.contains("反对") && html.contains("夜里") && html.contains("满意"));
        assert!(html.contains("name=\"version\" value=\"2\""));
        assert!(html.contains(t.poll_send()) && html.contains(t.poll_change()));
    }
}

#[test]
fn a_receipt_says_that_the_ballot_counts_and_not_what_it_says() {
    let poll = poll(PollState::Open);
    let receipt = BallotReceipt {
        receipt: "7K3M-9QTX-0042-ABCD-5".into(),
        received_at: at("2026-11-24T04:00:00Z"),
    };
    for (t, html) in in_every_language(|cx| receipt_page(cx, &poll, &receipt)) {
        assert!(html.contains("7K3M-9QTX-0042-ABCD-5") && html.contains(t.poll_receipt_secret()));
        assert!(html.contains("data-sent=\"yanlu:2026-0012-p1\"") && html.contains("noindex"));
        assert!(!html.contains("反对"));
    }
}

#[test]
fn before_the_results_are_public_the_page_says_when_they_come() {
    let poll = poll(PollState::Open);
    for (t, html) in in_every_language(|cx| results_page(cx, ResultsData::of(&poll, None))) {
        assert!(html.contains(t.poll_results_not_yet()));
        let when = t.deadline(
            poll.closes_at.unwrap(),
            &crate::i18n::time::zone("Asia/Shanghai"),
        );
        assert!(html.contains(&t.poll_results_come_at_closing(when)));
        assert!(!html.contains("%<"), "{html}");
    }
}

#[test]
fn in_a_frame_the_form_stays_in_the_frame() {
    let poll = poll(PollState::Open);
    let cx = PageContext {
        chrome: Chrome::Frame,
        here: "/embed/c/2026-0012?view=poll&host=https%3A%2F%2Fa.example".into(),
        ..context()
    };
    let html = crate::embed::poll_widget(&cx, &poll, None);
    assert!(
        html.contains(
            "action=\"/embed/polls/2026-0012-p1?lang=zh-Hans&amp;host=https%3A%2F%2Fa.example\""
        ),
        "{html}"
    );
}
