//! What every page must keep to, checked on every page in every language, and what single pages
//! must say.

use crate::comments::{self, CommentsData};
use crate::consultations::{self, ConsultationData, ListData};
use crate::i18n::{Lang, T};
use crate::page::{Chrome, PageContext, To};
use crate::testing::*;
use crate::{drafts, embed, errors, feedback, receipts};
use domain::comments::form::CommentForm;
use domain::comments::{CommentState, RawPoint, Receipt};
use domain::consultations::{Page, State};
use domain::feedback::Disposition;
use domain::problem::{Fault, Violations};

fn data_of<'a>(
    consultation: &'a domain::consultations::Consultation,
    draft: &'a domain::drafts::Draft,
    counts: &'a drafts::ClauseCounts,
    latest: &'a [domain::comments::PublicComment],
    feedback: Option<&'a domain::feedback::Feedback>,
) -> ConsultationData<'a> {
    ConsultationData {
        consultation,
        draft: Some(draft),
        clause_counts: counts,
        latest,
        feedback,
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
    let (draft, counts, feedback, latest) = (draft(), clause_counts(), feedback(), comments(3));
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
        let feedback = (*state == State::Answered).then_some(&feedback);
        let data = data_of(&one, &draft, &counts, &latest, feedback);
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
        comments::review_page(cx, &open, &draft, &filled_form()),
    );
    let receipt = Receipt {
        number: own(CommentState::Received, false).number,
        receipt: "7K3M-9QTX-0042-ABCD-5".into(),
        received_at: at("2026-11-24T04:00:00Z"),
    };
    add("receipt", comments::receipt_page(cx, &open, &receipt));
    let list_of = |comments, clause| CommentsData {
        consultation: &open,
        draft: Some(&draft),
        clause_counts: &counts,
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
        receipts::review_page(cx, "CODE", &mine, &draft, &CommentForm::of(&mine)),
    );
    add("withdraw", receipts::withdraw_page(cx, "CODE", &mine));
    add(
        "feedback",
        feedback::feedback_page(cx, &answered, &feedback, None),
    );
    add(
        "feedback-refused",
        feedback::feedback_page(cx, &answered, &feedback, Some(Disposition::NotAdopted)),
    );
    add(
        "error",
        errors::error_page(cx, "没有找到", "这个地址没有内容。"),
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
            let feedback = (state == "answered").then_some(&feedback);
            let data = embed::WidgetData {
                consultation: data_of(one, &draft, &counts, &latest, feedback),
                comments: Some(&many),
                clause: None,
                continued: false,
                disposition: None,
                form: None,
                wrong: None,
            };
            let html = embed::consultation_widget(cx, embed::Part::read(part), data);
            add(&format!("widget-{part}-{state}"), html);
        }
    }
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
fn only_a_page_with_an_island_loads_the_boot_script() {
    let mut with = 0;
    for (name, html) in everywhere() {
        let has_island = html.contains("<leptos-island");
        assert_eq!(has_island, html.contains("/assets/boot.js"), "{name}");
        with += usize::from(has_island);
        assert_eq!(
            name.ends_with("Frame"),
            html.contains("/assets/frame.js"),
            "{name}"
        );
    }
    assert!(with > 0);
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
    account.points[5].response.reason = Some(EVIL.into());
    let mut mine = own(CommentState::Received, false);
    mine.name = Some(EVIL.into());
    mine.points[0].text = EVIL.into();
    let counts = clause_counts();
    let latest = [said];
    let pages = [
        consultations::consultation_page(
            &cx,
            data_of(&one, &text, &counts, &latest, Some(&account)),
        ),
        comments::form_page(&cx, &one, &text, &form, Some(&wrong())),
        comments::review_page(&cx, &one, &text, &form),
        feedback::feedback_page(&cx, &one, &account, None),
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

/// The bold numbers of one bar: the sum first, then its parts.
fn bar(html: &str, caption: &str) -> Vec<i64> {
    let end = html.find(caption).unwrap_or_else(|| panic!("{caption}"));
    let start = html[..end].rfind("<figcaption>").unwrap();
    let figure = &html[start..start + html[start..].find("</figure>").unwrap()];
    figure
        .split("<b>")
        .skip(1)
        .map(|rest| {
            rest.split("</b>")
                .next()
                .unwrap()
                .replace(',', "")
                .parse()
                .unwrap()
        })
        .collect()
}

#[test]
fn the_numbers_on_the_page_add_up_for_people_and_points_apart() {
    let cx = context();
    let (one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    let html = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    let comments = bar(&html, cx.t().count_comments());
    assert_eq!(comments, [128, 97, 9, 17, 5]);
    assert_eq!(comments[0], comments[1..].iter().sum::<i64>());
    let points = bar(&html, cx.t().count_points());
    assert_eq!(points, [240, 190, 14, 28, 8]);
    assert_eq!(points[0], points[1..].iter().sum::<i64>());
}

#[test]
fn feedback_shows_every_point_once_and_a_refusal_with_its_reason() {
    let cx = context();
    let (one, account) = (consultation(State::Answered), feedback());
    let html = feedback::feedback_page(&cx, &one, &account, None);
    let answered = bar(&html, cx.t().feedback_points_answered());
    assert_eq!(answered[0], 22);
    assert_eq!(answered[0], answered[1..].iter().sum::<i64>());
    assert_eq!(html.matches("<div class=\"answer\">").count(), 22);
    for point in account
        .points
        .iter()
        .filter(|p| p.response.disposition.needs_reason())
    {
        let reason = point.response.reason.as_deref().unwrap();
        assert!(html.contains(reason), "{reason}");
    }
    let refused = feedback::feedback_page(&cx, &one, &account, Some(Disposition::NotAdopted));
    assert_eq!(refused.matches("<div class=\"answer\">").count(), 2);
    assert!(refused.contains("理由5") && !refused.contains("理由3"));
}

#[test]
fn the_page_says_until_when_in_the_zone_of_the_unit_and_what_comes_next() {
    let (text, counts) = (draft(), clause_counts());
    let one = consultation(State::Open);
    let cx = context();
    let html = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    assert!(html.contains("2026年12月3日 24:00（北京时间）"));
    assert!(html.contains("还剩 9 天"));
    assert!(html.contains(T(Lang::ZhHans).next_open()));
    assert!(html.contains("href=\"/c/2026-0012/comment\""));
    let closed = consultation(State::Closed);
    let html = consultations::consultation_page(&cx, data_of(&closed, &text, &counts, &[], None));
    assert!(!html.contains("/comment\"") && !html.contains("还剩"));
}

#[test]
fn every_clause_of_the_draft_can_be_linked_to_and_commented_on() {
    let cx = context();
    let (one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    let html = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    let mut seen = 0;
    for clause in text.all_clauses() {
        let anchor = crate::page::clause_anchor(clause.id);
        assert!(
            html.contains(&format!(" id=\"{anchor}\"")),
            "{}",
            clause.label
        );
        if !clause.kind.is_heading() && !clause.label.is_empty() {
            assert!(
                html.contains(&format!("/comment?clause={}", clause.id)),
                "{}",
                clause.label
            );
            seen += 1;
        }
        for line in clause.text.lines() {
            assert!(html.contains(line), "{line}");
        }
    }
    assert!(seen > 10);
    assert!(
        html.contains("第三条的意见（19）"),
        "an article counts its paragraphs and items"
    );
}

#[test]
fn a_refused_form_keeps_every_value_and_leads_to_the_fields() {
    let cx = context();
    let (one, text) = (consultation(State::Open), draft());
    let html = comments::form_page(&cx, &one, &text, &filled_form(), Some(&wrong()));
    for kept in [
        "value=\"朱小明\"",
        "value=\"zhu@example.org\"",
        "请写明须经业主大会同意。",
        "经业主大会同意，可以向社会开放。",
        "支持公开收费标准。",
    ] {
        assert!(html.contains(kept), "{kept}");
    }
    let chosen = format!("<option value=\"{}\" selected", clause_id(32));
    assert!(html.contains(&chosen), "the chosen item is in the list");
    for id in ["name", "points.0.text", "points.1.clause"] {
        assert!(html.contains(&format!("href=\"#{id}\"")), "{id}");
        assert!(html.contains(&format!("id=\"{id}-error\"")), "{id}");
    }
    assert!(html.contains("意见点 1：超出 12 个字"));
}

#[test]
fn a_form_that_comes_too_late_gives_the_words_back() {
    let cx = context();
    let (closed, text) = (consultation(State::Closed), draft());
    let html = comments::form_page(&cx, &closed, &text, &filled_form(), None);
    assert!(!html.contains("<form"));
    for word in [
        "请写明须经业主大会同意。",
        "经业主大会同意，可以向社会开放。",
        "支持公开收费标准。",
    ] {
        assert!(html.contains(word), "{word}");
    }
}

#[test]
fn the_first_button_of_the_form_never_removes_anything() {
    let cx = context();
    let (one, text) = (consultation(State::Open), draft());
    let html = comments::form_page(&cx, &one, &text, &filled_form(), None);
    let first = html.find("<button").unwrap();
    assert!(
        html[first..]
            .split('>')
            .next()
            .unwrap()
            .contains("value=\"review\"")
    );
}

#[test]
fn a_review_carries_every_value_and_sends_once() {
    let cx = context();
    let (one, text) = (consultation(State::Open), draft());
    let html = comments::review_page(&cx, &one, &text, &filled_form());
    let fields = filled_form().pairs();
    assert!(fields.len() > 8);
    for (name, _) in fields {
        assert_eq!(
            html.matches(&format!("name=\"{name}\"")).count(),
            1,
            "{name}"
        );
    }
    assert!(
        html.contains("朱**") && html.contains("第三条第（二）项") && html.contains("整个草案")
    );
}

#[test]
fn answers_show_on_the_own_page_only_after_the_feedback() {
    let cx = context();
    let mut early = own(CommentState::Published, true);
    early.answered = false;
    assert!(!receipts::own_page(&cx, "C", &early, None).contains("class=\"answer\""));
    let late = receipts::own_page(&cx, "C", &own(CommentState::Published, true), None);
    assert_eq!(late.matches("class=\"answer\"").count(), 2);
    assert!(!late.contains("value=\"edit\"") && !late.contains("value=\"withdraw\""));
}

#[test]
fn the_redline_is_readable_without_colour() {
    let cx = context();
    let one = consultation(State::Open);
    let html = drafts::changes_page(&cx, &one, &changes(), true);
    assert!(!html.contains("第一条"), "unchanged clauses are left out");
    assert!(html.contains("<ins>") && html.contains("<del>"));
    assert!(html.contains(cx.t().draft_inserted()) && html.contains(cx.t().draft_deleted()));
    let all = drafts::changes_page(&cx, &one, &changes(), false);
    assert!(all.contains("第一条"));
}

#[test]
fn a_fragment_is_self_contained_and_links_absolutely() {
    let cx = PageContext {
        chrome: Chrome::Fragment,
        ..context()
    };
    for (name, html) in all_pages(&cx) {
        let first = html.split('>').next().unwrap();
        assert!(
            first.starts_with("<div lang=\"zh-Hans\""),
            "{name}: {first}"
        );
        assert!(first.contains("class=\"yanlu fragment\""), "{name}");
        assert!(html.contains("data-css=\"/assets/site.css\""), "{name}");
        for attribute in ["href=\"/", "action=\"/"] {
            assert!(!html.contains(attribute), "{name}: {attribute}");
        }
    }
}

#[test]
fn a_frame_has_no_navigation_of_ours_and_keeps_its_forms() {
    let here = "/embed/c/2026-0012?view=comment&host=https%3A%2F%2Fa.example";
    let cx = PageContext {
        chrome: Chrome::Frame,
        here: here.into(),
        ..context()
    };
    let (one, text) = (consultation(State::Open), draft());
    let html = comments::form_page(&cx, &one, &text, &CommentForm::default(), None);
    assert!(!html.contains("<header") && !html.contains("<footer"));
    assert!(
        html.contains(
            "action=\"/embed/c/2026-0012?view=comment&amp;host=https%3A%2F%2Fa.example\""
        )
    );
}

#[test]
fn fifty_comments_stay_lean() {
    let cx = PageContext {
        chrome: Chrome::Frame,
        ..context()
    };
    let (one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    let many = Page {
        items: comments(50),
        next: None,
    };
    let data = CommentsData {
        consultation: &one,
        draft: Some(&text),
        clause_counts: &counts,
        clause: None,
        continued: false,
        comments: &many,
    };
    let html = comments::list_page(&cx, data);
    let words: usize = many
        .items
        .iter()
        .flat_map(|c| &c.points)
        .map(|p| p.text.len() + p.proposed.as_ref().map_or(0, String::len))
        .sum();
    let markup = html.len() - words;
    assert!(
        markup < 50 * 600,
        "{markup} bytes around the words of 50 comments"
    );
}
