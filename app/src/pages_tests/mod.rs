//! What every page must keep to, checked on every page in every language, and what single pages
//! must say.

mod afterwards;
mod draws;
mod elsewhere;
mod hostile;
mod sessions;
mod single;

use crate::comments::{self, CommentsData};
use crate::consultations::{self, ConsultationData, ListData};
use crate::i18n::{Lang, T};
use crate::page::{Chrome, PageContext, To};
use crate::testing::*;
use crate::{drafts, embed, errors, feedback, receipts};
use domain::comments::form::CommentForm;
use domain::comments::{ClausePlace, CommentState, RawPoint, Receipt};
use domain::consultations::{Counts, Page, State};
use domain::feedback::Disposition;
use domain::problem::{Fault, Violations};

fn data_of<'a>(
    consultation: &'a domain::consultations::Consultation,
    draft: &'a domain::drafts::Draft,
    counts: &'a drafts::ClauseCounts,
    latest: &'a [domain::comments::PublicComment],
    feedback: Option<&'a domain::feedback::FeedbackSummary>,
) -> ConsultationData<'a> {
    ConsultationData {
        consultation,
        draft: Some(draft),
        clause_counts: counts,
        latest,
        feedback,
        sessions: &[],
        polls: &[],
    }
}

fn wrong() -> Violations {
    let mut wrong = Violations::new();
    wrong.add("author.name", Fault::Required);
    wrong.add(
        "points.0.text",
        Fault::TooLong {
            limit: 5000,
            length: 5012,
        },
    );
    wrong.add("points.1.clause", Fault::UnknownClause);
    wrong
}

fn filled_form() -> CommentForm {
    CommentForm {
        name: "朱小明".into(),
        contact: "zhu@example.org".into(),
        points: vec![
            RawPoint {
                clause: Some(clause_id(32).to_string()),
                text: "请写明须经业主大会同意。".into(),
                proposed: Some("经业主大会同意，可以向社会开放。".into()),
            },
            RawPoint {
                clause: None,
                text: "支持公开收费标准。".into(),
                proposed: None,
            },
        ],
        key: "key-1".into(),
        ..CommentForm::default()
    }
}

/// Every page that there is, by name.
fn all_pages(cx: &PageContext) -> Vec<(String, String)> {
    let (draft, counts, latest) = (draft(), clause_counts(), comments(3));
    let (feedback, summary) = (feedback(), feedback_summary());
    let many = Page {
        items: comments(50),
        next: Some("450".into()),
    };
    let none = Page {
        items: vec![],
        next: None,
    };
    let open = consultation(State::Open);
    let answered = consultation(State::Answered);
    let mut pages = Vec::new();
    let mut add = |name: &str, html: String| pages.push((name.to_owned(), html));
    let listed = Page {
        items: vec![
            listed(12, State::Open),
            listed(11, State::Published),
            listed(9, State::Answered),
            listed(8, State::Withdrawn),
        ],
        next: Some("8".into()),
    };
    let list = ListData {
        items: &listed,
        state: None,
        continued: false,
    };
    let empty = Page {
        items: vec![],
        next: None,
    };
    let empty_list = ListData {
        items: &empty,
        state: Some(State::Open),
        continued: false,
    };
    add("home", consultations::home_page(cx, list));
    add("home-empty", consultations::home_page(cx, empty_list));
    add("unit", consultations::unit_page(cx, &unit(), list));
    for state in State::ALL {
        let one = consultation(*state);
        let summary = (*state == State::Answered).then_some(&summary);
        let data = data_of(&one, &draft, &counts, &latest, summary);
        add(
            &format!("consultation-{state}"),
            consultations::consultation_page(cx, data),
        );
    }
    let mut bare = consultation(State::Open);
    bare.counts = Default::default();
    bare.contact = None;
    bare.other_ways = None;
    bare.versions.truncate(1);
    let no_counts = Default::default();
    let data = data_of(&bare, &draft, &no_counts, &[], None);
    add(
        "consultation-bare",
        consultations::consultation_page(cx, data),
    );
    add("version", drafts::version_page(cx, &open, &draft, &counts));
    add(
        "changes",
        drafts::changes_page(cx, &open, &changes(), false),
    );
    add(
        "changes-only",
        drafts::changes_page(cx, &open, &changes(), true),
    );
    let form = CommentForm::about(Some(clause_id(32).to_string()));
    add("form", comments::form_page(cx, &open, &draft, &form, None));
    add(
        "form-wrong",
        comments::form_page(cx, &open, &draft, &filled_form(), Some(&wrong())),
    );
    add(
        "form-closed",
        comments::form_page(cx, &consultation(State::Closed), &draft, &form, None),
    );
    add(
        "review",
        comments::review_page(cx, &open, &draft, &filled_form(), None),
    );
    let receipt = Receipt {
        number: own(CommentState::Received, false).number,
        receipt: "7K3M-9QTX-0042-ABCD-5".into(),
        received_at: at("2026-11-24T04:00:00Z"),
    };
    add(
        "receipt",
        comments::receipt_page(cx, &open, &receipt, &filled_form()),
    );
    let list_of = |comments, clause| CommentsData {
        consultation: &open,
        draft: Some(&draft),
        clause_counts: &counts,
        stage: open.stage,
        counts: &open.counts,
        clause,
        continued: false,
        comments,
    };
    add("comments", comments::list_page(cx, list_of(&many, None)));
    add(
        "comments-clause",
        comments::list_page(cx, list_of(&many, Some(clause_id(30)))),
    );
    add(
        "comments-empty",
        comments::list_page(cx, list_of(&none, None)),
    );
    add("find", receipts::entry_page(cx, "", None));
    for wrong in [
        receipts::Unopened::Malformed,
        receipts::Unopened::Mistyped,
        receipts::Unopened::NotFound,
    ] {
        add(
            &format!("find-{wrong:?}"),
            receipts::entry_page(cx, "7k3m", Some(wrong)),
        );
    }
    for state in CommentState::ALL {
        add(
            &format!("own-{state}"),
            receipts::own_page(cx, "CODE", &own(*state, false), None),
        );
    }
    add(
        "own-answered",
        receipts::own_page(
            cx,
            "CODE",
            &own(CommentState::Published, true),
            Some(receipts::Done::Saved),
        ),
    );
    let mine = own(CommentState::Received, false);
    add(
        "edit",
        receipts::edit_page(
            cx,
            "CODE",
            &mine,
            &draft,
            &CommentForm::of(&mine),
            Some(&wrong()),
        ),
    );
    add(
        "edit-review",
        receipts::review_page(cx, "CODE", &mine, &draft, &CommentForm::of(&mine), None),
    );
    add("withdraw", receipts::withdraw_page(cx, "CODE", &mine));
    add(
        "feedback",
        feedback::feedback_page(cx, account_of(&answered, &feedback)),
    );
    add(
        "feedback-refused",
        feedback::feedback_page(
            cx,
            feedback::FeedbackData {
                disposition: Some(Disposition::NotAdopted),
                ..account_of(&answered, &feedback)
            },
        ),
    );
    let mut long = feedback.clone();
    long.next = Some("3-17-0".into());
    add(
        "feedback-continued",
        feedback::feedback_page(
            cx,
            feedback::FeedbackData {
                clause: Some(clause_id(30)),
                continued: true,
                ..account_of(&answered, &long)
            },
        ),
    );
    add(
        "error",
        errors::error_page(cx, "没有找到", "这个地址没有内容。"),
    );
    let filled = filled_form();
    let unsent = errors::Unsent {
        to: &To::Receipt,
        fields: &filled.pairs(),
        words: &filled.words().collect::<Vec<_>>(),
        code: Some("CODE"),
        action: "save",
    };
    add(
        "unsent",
        errors::unsent_page(cx, "请求过于频繁", "请稍后再试。", unsent),
    );
    add(
        "refused",
        embed::refused_page(
            cx,
            Some("https://other.example"),
            &To::Consultation(number()),
        ),
    );
    add("widget-list", embed::list_widget(cx, &unit(), list));
    for part in ["overview", "draft", "comment", "comments", "feedback", ""] {
        for (state, one) in [("open", &open), ("answered", &answered)] {
            let is_answered = state == "answered";
            let summary = is_answered.then_some(&summary);
            let data = embed::WidgetData {
                consultation: data_of(one, &draft, &counts, &latest, summary),
                feedback: is_answered.then_some(&feedback),
                comments: Some(&many),
                stage: one.stage,
                counts: &one.counts,
                clause: None,
                continued: false,
                disposition: None,
                poll: None,
                form: None,
                wrong: None,
            };
            let html = embed::consultation_widget(cx, embed::Part::read(part), data);
            add(&format!("widget-{part}-{state}"), html);
        }
    }
    pages.extend(sessions::pages(cx));
    pages.extend(afterwards::pages(cx));
    pages.extend(crate::polls::tests::pages(cx));
    pages
}

fn everywhere() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        for chrome in [Chrome::Page, Chrome::Frame, Chrome::Fragment] {
            let cx = PageContext {
                lang,
                chrome,
                ..context()
            };
            for (name, html) in all_pages(&cx) {
                all.push((format!("{name} {} {chrome:?}", lang.tag()), html));
            }
        }
    }
    all
}

/// For the eye: `cargo test -p app --features ssr -- --ignored sample` writes every page.
#[test]
#[ignore = "writes files to look at; checks nothing by itself"]
fn sample_pages_are_written_to_look_at() {
    let folder = std::path::PathBuf::from(
        std::env::var("YANLU_SAMPLES").expect("YANLU_SAMPLES names a folder"),
    );
    for lang in Lang::ALL {
        for chrome in [Chrome::Page, Chrome::Frame] {
            let mut cx = PageContext {
                lang,
                chrome,
                ..context()
            };
            cx.assets.css = "site.css".into();
            for (name, html) in all_pages(&cx) {
                let file = format!("{name}.{}.{chrome:?}.html", lang.tag());
                std::fs::write(folder.join(file), html).unwrap();
            }
        }
    }
}

#[test]
fn no_page_needs_what_the_content_policy_forbids() {
    for (name, html) in everywhere() {
        for forbidden in [" style=", "<style", "javascript:", " onclick=", "<script>"] {
            assert!(!html.contains(forbidden), "{name} has {forbidden}");
        }
        let scripts = html.matches("<script").count();
        assert_eq!(
            scripts,
            html.matches("<script type=\"module\" src=\"/assets/")
                .count(),
            "{name}"
        );
    }
}

#[test]
fn only_a_page_with_work_for_it_loads_the_boot_script() {
    let mut with = (0, 0);
    for (name, html) in everywhere() {
        let has_island = html.contains("<leptos-island");
        let tells_of_keeping = html.contains("<yanlu-kept");
        let scripted = has_island || tells_of_keeping;
        assert_eq!(scripted, html.contains("/assets/boot.js"), "{name}");
        with.0 += usize::from(has_island);
        with.1 += usize::from(tells_of_keeping);
        assert_eq!(
            name.ends_with("Frame"),
            html.contains("/assets/frame.js"),
            "{name}"
        );
    }
    assert!(with.0 > 0 && with.1 > 0);
}

#[test]
fn a_form_is_sent_in_utf_8_whatever_the_host_page_is_written_in() {
    let mut forms = 0;
    for (name, html) in everywhere() {
        for form in html.split("<form ").skip(1) {
            let attributes = form.split('>').next().unwrap();
            assert!(attributes.contains(" accept-charset=\"utf-8\""), "{name}");
            forms += 1;
        }
    }
    assert!(forms > 50);
}

#[test]
fn a_page_with_something_wrong_says_so_in_its_title_and_takes_the_reading_position_there() {
    for lang in Lang::ALL {
        let cx = PageContext { lang, ..context() };
        let wrong = T(lang).form_wrong_page("");
        let mut found = 0;
        for (name, html) in all_pages(&cx) {
            let title = html.split("<title>").nth(1).unwrap();
            let expected = html.contains("role=\"alert\"");
            assert_eq!(title.starts_with(wrong.trim()), expected, "{name}");
            assert_eq!(html.contains(" autofocus"), expected, "{name}");
            found += usize::from(expected);
        }
        assert!(found >= 5, "{found}");
    }
}

#[test]
fn no_marker_of_the_view_and_no_empty_element_of_text_is_left() {
    for (name, html) in everywhere() {
        let outside: String = match (html.find("<leptos-island"), html.find("</leptos-island>")) {
            (Some(start), Some(end)) => format!("{}{}", &html[..start], &html[end..]),
            _ => html.clone(),
        };
        assert!(!outside.contains("<!>"), "{name}");
        for tag in [
            "h1", "h2", "h3", "h4", "p", "a", "li", "dt", "dd", "label", "legend", "summary", "th",
        ] {
            let close = format!("</{tag}>");
            for (at, _) in html.match_indices(&close) {
                assert!(
                    !html[..at].ends_with('>') || !opens(&html[..at], tag),
                    "{name}: empty {tag}"
                );
            }
        }
    }
}

fn opens(before: &str, tag: &str) -> bool {
    let start = before.rfind('<').unwrap_or(0);
    let last = &before[start + 1..before.len() - 1];
    last == tag || last.starts_with(&format!("{tag} "))
}

#[test]
fn every_page_says_its_language_and_has_one_main_heading() {
    for lang in Lang::ALL {
        let cx = PageContext { lang, ..context() };
        for (name, html) in all_pages(&cx) {
            assert!(
                html.contains(&format!("<html lang=\"{}\"", lang.tag())),
                "{name}"
            );
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            assert!(html.contains("<title>"), "{name}");
        }
    }
}

#[test]
fn every_label_and_description_points_to_an_element_of_the_page() {
    for (name, html) in everywhere() {
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            let opening = format!(" {attribute}=\"");
            for (at, _) in html.match_indices(&opening) {
                let value = html[at + opening.len()..].split('"').next().unwrap();
                for id in value.split(' ') {
                    assert!(
                        html.contains(&format!(" id=\"{id}\"")),
                        "{name}: {attribute}={id}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_id_stands_once_on_a_page() {
    for (name, html) in everywhere() {
        let mut seen = std::collections::HashSet::new();
        for (at, _) in html.match_indices(" id=\"") {
            let id = html[at + 5..].split('"').next().unwrap();
            assert!(seen.insert(id.to_owned()), "{name}: {id}");
        }
    }
}
