//! What single pages must say.

use super::*;

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
    let html = feedback::feedback_page(&cx, account_of(&one, &account));
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
    let data = feedback::FeedbackData {
        disposition: Some(Disposition::NotAdopted),
        ..account_of(&one, &account)
    };
    let refused = feedback::feedback_page(&cx, data);
    let chosen = "disposition=not_adopted#points\" aria-current=\"true\"";
    assert!(refused.contains(chosen), "{refused}");
}

#[test]
fn a_long_feedback_goes_on_by_key_and_names_a_few_points_behind_each_change() {
    let cx = context();
    let (one, mut account) = (consultation(State::Answered), feedback());
    account.next = Some("3-17-0".into());
    account.changes[0].total = 4_002;
    account.counts.comments.waiting = 3;
    let clause = account.changes[0].change.to.unwrap();
    let html = feedback::feedback_page(&cx, account_of(&one, &account));
    let page = "/c/2026-0012/feedback";
    assert!(html.contains(&format!("href=\"{page}?after=3-17-0#points\"")));
    assert!(html.contains(&format!("href=\"{page}?clause={clause}#points\"")));
    assert!(html.contains(&cx.t().feedback_behind_more(4_000)));
    assert!(html.contains(&cx.t().feedback_method_waiting(3)));
    let continued = feedback::FeedbackData {
        clause: Some(clause),
        continued: true,
        ..account_of(&one, &account)
    };
    let html = feedback::feedback_page(&cx, continued);
    assert!(!html.contains(cx.t().feedback_method()), "said once");
    let next = format!("href=\"{page}?clause={clause}&amp;after=3-17-0#points\"");
    assert!(html.contains(&next), "{html}");
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
fn a_clause_that_is_not_in_the_draft_is_not_taken_for_the_draft_as_a_whole() {
    let cx = context();
    let (one, text) = (consultation(State::Open), draft());
    let gone = clause_id(999).to_string();
    let form = CommentForm::about(Some(gone.clone()));
    let html = comments::form_page(&cx, &one, &text, &form, None);
    let chosen = html.split(" selected").next().unwrap();
    let chosen = chosen.rsplit("<option").next().unwrap();
    assert!(chosen.contains(&gone), "{chosen}");
    assert!(html.contains(cx.t().comment_clause_gone()));
}

#[test]
fn a_flood_is_not_counted_in_its_refusal() {
    let mut wrong = Violations::new();
    let fault = Fault::TooMany {
        limit: 50,
        length: 101,
    };
    wrong.add("points", fault);
    for lang in Lang::ALL {
        let sentence = T(lang).fault(&wrong.0[0]);
        assert!(sentence.contains("50"), "{sentence}");
        assert!(!sentence.contains("101"), "{sentence}");
    }
}

#[test]
fn a_receipt_tells_the_browser_what_was_sent() {
    let cx = context();
    let receipt = Receipt {
        number: own(CommentState::Received, false).number,
        receipt: "7K3M-9QTX-0042-ABCD-5".into(),
        received_at: at("2026-11-24T04:00:00Z"),
    };
    let html = comments::receipt_page(&cx, &consultation(State::Open), &receipt, &filled_form());
    let told = html.split("<yanlu-kept").nth(1).unwrap();
    let told = told.split("</yanlu-kept>").next().unwrap();
    assert!(told.contains("data-sent=\"yanlu:2026-0012\"") && told.contains(" hidden"));
    assert_eq!(told.matches("<p>").count(), 3);
    assert!(told.contains("<p>支持公开收费标准。</p>"));
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
    let html = comments::review_page(&cx, &one, &text, &filled_form(), None);
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
    let mut sheeted = [0, 0];
    for (name, html) in all_pages(&cx) {
        let first = html.split('>').next().unwrap();
        assert!(
            first.starts_with("<div lang=\"zh-Hans\""),
            "{name}: {first}"
        );
        assert!(first.contains("class=\"yanlu fragment\""), "{name}");
        let sheets = ["/assets/site.css", "/assets/sessions.css"];
        let asked = sheets.map(|sheet| html.matches(&format!("data-css=\"{sheet}\"")).count());
        assert_eq!(
            asked.iter().sum::<usize>(),
            1,
            "{name}: one sheet, as the loader takes it"
        );
        sheeted[usize::from(asked[1] == 1)] += 1;
        for attribute in ["href=\"/", "action=\"/"] {
            assert!(!html.contains(attribute), "{name}: {attribute}");
        }
    }
    assert!(sheeted[0] > 10 && sheeted[1] > 10, "{sheeted:?}");
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
        stage: one.stage,
        counts: &one.counts,
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

#[test]
fn a_point_names_its_clause_as_it_was_and_leads_to_where_it_stands_now() {
    let cx = context();
    let (one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    let place = |n, name: &str| ClausePlace {
        clause: clause_id(n),
        name: name.into(),
    };
    let about = |now: Vec<ClausePlace>| {
        let mut said = point(1, Some((99, "第七条")), "写清楚。", None);
        said.clause_now = now;
        let latest = [comment(1, None, vec![said])];
        consultations::consultation_page(&cx, data_of(&one, &text, &counts, &latest, None))
    };
    let way = |n, text: &str| {
        format!(
            "<a href=\"/c/2026-0012#clause-{}\">{text}</a>",
            clause_id(n)
        )
    };
    let same = about(vec![place(30, "第七条")]);
    assert!(same.contains(&way(30, "第七条")) && !same.contains("现为"));
    let split = about(vec![place(30, "第九条"), place(40, "第十条")]);
    assert!(split.contains("第七条 · "), "the old name");
    assert!(split.contains(&way(30, "现为第九条")) && split.contains(&way(40, "现为第十条")));
    let gone = about(vec![]);
    assert!(gone.contains("现文本中已无此条") && !gone.contains(&clause_id(99).to_string()));
}

#[test]
fn each_stage_has_a_list_and_numbers_of_its_own() {
    let cx = context();
    let (mut one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    one.stage = 2;
    one.counts = Counts::default();
    let page = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    assert!(page.contains("href=\"/c/2026-0012/comments?stage=1\""));
    let (earlier, none) = (
        crate::testing::counts(),
        Page {
            items: vec![],
            next: None,
        },
    );
    let list = |stage, counts| {
        let data = CommentsData {
            consultation: &one,
            draft: Some(&text),
            clause_counts: &clause_counts(),
            stage,
            counts,
            clause: None,
            continued: false,
            comments: &none,
        };
        comments::list_page(&cx, data)
    };
    let old = list(1, &earlier);
    assert_eq!(bar(&old, cx.t().count_comments()), [128, 97, 9, 17, 5]);
    assert!(old.contains("第 1 阶段收到的意见") && old.contains("本阶段的意见"));
    assert!(old.contains(&format!("stage=1&amp;clause={}", clause_id(30))));
    assert!(
        !old.contains("/comment\""),
        "nobody comments on what is past"
    );
    let new = list(2, &one.counts);
    assert!(new.contains(cx.t().count_none()) && new.contains("/comments?stage=1\""));
}

#[test]
fn unnumbered_text_can_be_commented_on_and_a_title_cannot() {
    let cx = context();
    let (one, mut text, mut counts) = (consultation(State::Open), draft(), clause_counts());
    text.clauses[0].text = "为了规范停车秩序，方便群众出行，我们起草了本办法。".into();
    let preamble = text.clauses[0].id;
    counts.insert(preamble, 4);
    let html = consultations::consultation_page(&cx, data_of(&one, &text, &counts, &[], None));
    assert!(html.contains(&format!("/comment?clause={preamble}")));
    assert!(html.contains("为了规范停车秩序，方便群众出行，我们起草…的意见（4）"));
    let form = comments::form_page(&cx, &one, &text, &CommentForm::default(), None);
    assert!(form.contains(&format!("<option value=\"{preamble}\"")));
    let titled = draft();
    let form = comments::form_page(&cx, &one, &titled, &CommentForm::default(), None);
    assert!(!form.contains(&format!("<option value=\"{}\"", titled.clauses[0].id)));
}

#[test]
fn what_a_unit_writes_is_marked_where_the_page_speaks_another_language() {
    let (one, text, counts) = (consultation(State::Open), draft(), clause_counts());
    let (answered, account) = (consultation(State::Answered), feedback());
    let many = Page {
        items: comments(3),
        next: None,
    };
    let pages = |lang| {
        let cx = PageContext { lang, ..context() };
        let list = CommentsData {
            consultation: &one,
            draft: Some(&text),
            clause_counts: &counts,
            stage: one.stage,
            counts: &one.counts,
            clause: None,
            continued: false,
            comments: &many,
        };
        let whole = data_of(&one, &text, &counts, &many.items, None);
        [
            consultations::consultation_page(&cx, whole),
            comments::list_page(&cx, list),
            feedback::feedback_page(&cx, account_of(&answered, &account)),
        ]
    };
    for html in pages(Lang::ZhHans) {
        let marks = html.matches(" lang=\"").count();
        // The page itself and the names of the languages.
        assert_eq!(marks, 4, "{html}");
    }
    for (lang, own) in [(Lang::En, "en"), (Lang::ZhHant, "zh-Hant")] {
        let [whole, list, account] = pages(lang);
        for mark in [
            "<h1 dir=\"auto\" lang=\"zh-Hans\">",
            "<div lang=\"zh-Hans\" class=\"prose\">",
            "<div lang=\"zh-Hans\" class=\"law\">",
        ] {
            assert!(whole.contains(mark), "{mark} {whole}");
        }
        let by = format!("<p lang=\"{own}\" class=\"by\">");
        assert_eq!(
            list.matches("<ol lang=\"zh-Hans\" class=\"comments\">")
                .count(),
            1
        );
        assert_eq!(list.matches(&by).count(), 3, "our own words between them");
        assert!(account.contains("<tr lang=\"zh-Hans\">") && account.contains(&by));
    }
}
