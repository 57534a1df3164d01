//! What single screens must say.

use super::*;

#[test]
fn who_may_not_do_a_thing_is_not_offered_it() {
    let reader = desk(Lang::En, &[]);
    let t = T(Lang::En);
    let forms = |html: &str| html.matches("method=\"post\"").count() - 1;
    let queue = queue_of(&reader, &Chosen::default(), None);
    assert_eq!(forms(&queue), 0);
    let answers = points_of(&reader, State::Closed, &HashMap::new(), None);
    assert_eq!(forms(&answers), 0);
    assert_eq!(
        forms(&feedback_of(&reader, &[], &RawFeedback::default(), false)),
        0
    );
    let preview = preview_of(&reader, Some(2));
    assert!(!preview.contains(&counterpart_field(2)) && !preview.contains("/round?"));
    let step = RoundStep::Form(None);
    let round = round_page(
        &reader,
        &consultation(State::Preparing),
        &RoundForm::default(),
        step,
    );
    assert_eq!(forms(&round), 0);
    assert!(round.contains(t.desk_round_needs_approver()));
    let status = |desk: &Desk| {
        let data = StatusData {
            consultation: &consultation(State::Open),
            work: Work::default(),
            livelihood: &livelihood(),
            polls_before: false,
            origins: &[],
        };
        status_page(desk, data)
    };
    assert!(!status(&reader).contains("/withdraw"));
    assert!(status(&desk(Lang::En, &[Role::Approver])).contains("/withdraw"));
    assert!(!status(&reader).contains("/desk/unit"));
    assert!(status(&desk(Lang::En, &[Role::Administrator])).contains("/desk/unit"));
}

#[test]
fn a_moderator_decides_on_everything_but_what_was_withdrawn() {
    let html = queue_of(
        &desk(Lang::En, &[Role::Moderator]),
        &Chosen::default(),
        None,
    );
    for (serial, publish, hold) in [
        (1, true, true),
        (2, false, true),
        (3, true, true),
        (4, false, false),
    ] {
        let has = |act: &str| html.contains(&format!("value=\"{act}.{serial}\""));
        assert_eq!((has("publish"), has("hold")), (publish, hold), "{serial}");
    }
    assert!(
        html.contains("value=\"advertising\" selected"),
        "the reason it was held for"
    );
}

#[test]
fn a_refused_decision_keeps_every_tick_and_reason() {
    let chosen = Chosen {
        ticked: [1, 3].into(),
        reasons: HashMap::from([(2, "personal_data".into())]),
        reason: "no_substance".into(),
    };
    let wrong = wrong("hold.1", Fault::Required);
    let html = queue_of(&desk(Lang::En, &ALL), &chosen, Some(&wrong));
    assert_eq!(html.matches("type=\"checkbox\"").count(), 3);
    assert_eq!(html.matches(" checked").count(), 2);
    assert!(html.contains("value=\"personal_data\" selected"));
    assert!(html.contains("value=\"no_substance\" selected"));
    assert!(html.contains("href=\"#hold.1\""));
    assert!(html.contains("aria-describedby=\"hold.1-error\""));
    let says = T(Lang::En).fault_hold_required();
    assert_eq!(html.matches(says).count(), 2, "above and at the field");
    assert!(html.contains("name=\"seen.1\" value=\"2026-11-01T00:00:00Z\""));
}

#[test]
fn proposed_wording_is_shown_against_what_stands() {
    let html = queue_of(&desk(Lang::ZhHans, &ALL), &Chosen::default(), None);
    assert!(html.contains("<ins>") && html.contains("<del>"));
}

#[test]
fn points_to_answer_come_first_and_reasons_are_marked() {
    let html = points_of(
        &desk(Lang::En, &[Role::Editor]),
        State::Closed,
        &HashMap::new(),
        None,
    );
    let at = |id| {
        html.find(&format!("id=\"{}\"", answer_field(id, "disposition")))
            .unwrap()
    };
    assert!(
        at(point_id(1)) < at(point_id(2)),
        "the unanswered one stands second in the comment"
    );
    assert!(html.contains("Not adopted (reason required)"));
    assert!(html.contains("(reason advised)"));
    assert!(html.contains("value=\"adopted\" selected"));
    assert!(html.contains("<datalist"));
    assert!(
        !html.contains(&answer_field(point_id(5), "disposition")),
        "withdrawn"
    );
}

#[test]
fn a_refused_answer_keeps_what_was_typed_at_its_point() {
    let typed = HashMap::from([(
        point_id(3),
        AnswerForm {
            disposition: "not_adopted".into(),
            reason: "my half-written reason".into(),
            change: "第九条".into(),
        },
    )]);
    let field = answer_field(point_id(3), "reason");
    let wrong = wrong(&field, Fault::Required);
    let html = points_of(&desk(Lang::En, &ALL), State::Closed, &typed, Some(&wrong));
    assert!(html.contains("my half-written reason") && html.contains("第九条"));
    assert!(html.contains(&format!("href=\"#{field}\"")));
    assert!(html.contains("Point 1 of comment 2026-0012-2"));
    assert!(html.contains(T(Lang::En).fault_reason_required()));
}

#[test]
fn answers_stand_still_once_the_feedback_is_published() {
    let html = points_of(
        &desk(Lang::En, &ALL),
        State::Answered,
        &HashMap::new(),
        None,
    );
    assert!(!html.contains("<textarea"));
    assert!(html.contains(&T(Lang::En).desk_changed_in("第三条")));
}

#[test]
fn feedback_says_what_is_missing_and_where_to_answer_it() {
    let unanswered = [Unanswered {
        point: point_id(1),
        comment: "2026-0012-17".into(),
        clause_label: Some("第三条".into()),
    }];
    let html = feedback_of(
        &desk(Lang::En, &ALL),
        &unanswered,
        &RawFeedback::default(),
        false,
    );
    let href = format!(
        "/desk/c/2026-0012/points?unanswered=on&amp;after=16#{}",
        answer_field(point_id(1), "disposition")
    );
    assert!(html.contains(&href), "{href}");
    assert!(html.contains("1 point has no response yet"));
    assert!(
        html.contains("/queue?state=received"),
        "the comment not reviewed yet"
    );
}

#[test]
fn publication_shows_a_last_look_that_carries_every_value() {
    let texts = RawFeedback {
        asked: "asked text".into(),
        heard: "heard text".into(),
        changed: "changed text".into(),
        new_version: None,
    };
    let html = feedback_of(&desk(Lang::En, &ALL), &[], &texts, true);
    for name in ["asked", "heard", "changed"] {
        assert!(html.contains(&format!("name=\"{name}\" value=\"{name} text\"")));
    }
    assert!(
        html.contains("name=\"new_version\" value=\"2\""),
        "what was seen"
    );
    let t = T(Lang::En);
    assert!(html.contains(&t.desk_feedback_unshown(3)));
    assert!(html.contains(&t.desk_feedback_unshown_more(2)));
    assert!(html.contains("/points?after=16#"), "where to look");
    let waiting = consultation(State::Closed).counts.comments.waiting;
    assert!(waiting > 0 && html.contains(&t.desk_feedback_still_waiting(waiting)));
    assert!(html.contains("value=\"publish\"") && html.contains("value=\"change\""));
    let form = feedback_of(&desk(Lang::En, &ALL), &[], &texts, false);
    assert!(
        !form.contains("value=\"publish\""),
        "never published unseen"
    );
}

#[test]
fn a_short_period_names_its_days_and_asks_for_the_reason() {
    let form = RoundForm {
        version: "1".into(),
        opens_at: "2026-12-01T09:00".into(),
        closes_at: "tomorrow".into(),
        reason_for_short_period: "flood".into(),
    };
    let mut wrong = wrong("closes_at", Fault::Malformed);
    let short = Fault::ShortPeriodReason {
        days: 12,
        rule_days: 30,
    };
    wrong.add("reason_for_short_period", short);
    let step = RoundStep::Form(Some(&wrong));
    let html = round_page(
        &desk(Lang::En, &ALL),
        &consultation(State::Closed),
        &form,
        step,
    );
    assert!(html.contains("12 days"));
    assert!(html.contains(T(Lang::En).desk_time_malformed()));
    for value in ["2026-12-01T09:00", "tomorrow", "flood"] {
        assert!(html.contains(value), "{value}");
    }
    assert!(html.contains("China Standard Time"), "whose time it is");
}

#[test]
fn warnings_stand_before_the_tree_and_doubtful_matches_before_certain_ones() {
    let html = preview_of(&desk(Lang::ZhHans, &ALL), None);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(at("第 7 行") < at("id=\"tree\""));
    assert!(at("40%") < at("98%"));
    // The doubtful one gets its choices at once, the certain one on request.
    assert!(html.contains(&format!("name=\"{}\"", counterpart_field(1))));
    assert!(!html.contains(&format!("name=\"{}\"", counterpart_field(2))));
    assert!(preview_of(&desk(Lang::ZhHans, &ALL), Some(2)).contains(&counterpart_field(2)));
}

#[test]
fn a_chosen_language_is_carried_through_links_and_forms() {
    let mut desk = desk(Lang::En, &ALL);
    desk.page.here = "/desk?lang=en".into();
    assert_eq!(desk.to("/desk/c/new"), "/desk/c/new?lang=en");
    assert_eq!(
        desk.to("/desk/unit?unit=a#account"),
        "/desk/unit?unit=a&lang=en#account"
    );
    for (name, html) in every_screen(&desk) {
        for action in html.split("method=\"post\" action=\"").skip(1) {
            let action = action.split('"').next().unwrap();
            assert!(action.ends_with("lang=en"), "{name}: {action}");
        }
    }
}

#[test]
fn what_to_do_next_follows_from_what_waits() {
    let desk = desk(Lang::En, &ALL);
    let t = T(Lang::En);
    let step = |state, waiting, unanswered| {
        let listed = domain::consultations::Listed {
            number: number(),
            unit: unit("transport"),
            title: "t".into(),
            summary: "s".into(),
            state,
            round: consultation(state).round,
            received: 4,
        };
        let rows = [Row {
            listed,
            work: Work {
                waiting,
                unanswered,
            },
        }];
        let data = OverviewData {
            rows: &rows,
            next: None,
            continued: false,
            yearly: &[],
        };
        overview_page(&desk, data)
    };
    assert!(step(State::Preparing, 0, None).contains(t.desk_next_prepare()));
    assert!(step(State::Open, 2, Some(3)).contains(&t.desk_next_moderate(2)));
    assert!(step(State::Closed, 0, Some(3)).contains(&t.desk_next_answer(3)));
    assert!(step(State::Closed, 0, Some(0)).contains(t.desk_next_feedback()));
    let received = QueueFilter {
        state: Some(CommentState::Received),
        q: Some("停 &".into()),
        ..QueueFilter::default()
    };
    let of_queue = crate::queue::address(number(), &received);
    assert_eq!(
        of_queue,
        "/desk/c/2026-0012/queue?state=received&q=%E5%81%9C%20%26"
    );
}

#[test]
fn every_form_is_sent_in_utf_8() {
    let mut forms = 0;
    for (name, html) in every_screen(&desk(Lang::ZhHans, &ALL)) {
        for form in html.split("<form ").skip(1) {
            let attributes = form.split('>').next().unwrap();
            assert!(attributes.contains(" accept-charset=\"utf-8\""), "{name}");
            forms += 1;
        }
    }
    assert!(forms > 10);
}

#[test]
fn a_screen_with_something_wrong_says_so_in_its_title_and_leads_there() {
    for lang in Lang::ALL {
        let marker = T(lang).form_wrong_page("");
        let mut found = 0;
        for (name, html) in every_screen(&desk(lang, &ALL)) {
            let title = html.split("<title>").nth(1).unwrap();
            let expected = html.contains("id=\"errors\"");
            assert_eq!(title.starts_with(marker.trim()), expected, "{name}");
            assert_eq!(html.contains(" autofocus"), expected, "{name}");
            found += usize::from(expected);
        }
        assert!(found > 0);
    }
}

#[test]
fn an_answer_that_cannot_be_saved_is_given_back_and_a_colleagues_stands_beside_it() {
    let typed = HashMap::from([(
        point_id(2),
        AnswerForm {
            disposition: "not_adopted".into(),
            reason: "my reason".into(),
            change: String::new(),
        },
    )]);
    let lost = [AnswerForm {
        disposition: "unclear".into(),
        reason: "a reason without a point".into(),
        change: String::new(),
    }];
    let html = points_page(
        &desk(Lang::En, &ALL),
        PointsData {
            consultation: &consultation(State::Closed),
            draft: Some(&draft(1)),
            new_draft: None,
            filter: &QueueFilter::default(),
            comments: &queue(),
            typed: &typed,
            wrong: None,
            saved: 0,
            gone: 1,
            clashed: &HashSet::from([point_id(2)]),
            refused: Some("The feedback is published."),
            lost: &lost,
        },
    );
    let t = T(Lang::En);
    for text in [
        "my reason",
        "a reason without a point",
        "The feedback is published.",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.contains(&t.desk_points_gone(1)) && html.contains(&t.desk_points_clashed(1)));
    assert!(html.contains(t.desk_colleague_answered()));
}

#[test]
fn the_record_says_what_was_set_in_words_and_in_the_units_time() {
    let desk = desk(Lang::ZhHans, &ALL);
    let t = T(Lang::ZhHans);
    let said = |act: &str, detail: &str| {
        let row = AuditRow {
            at: at("2026-11-01T00:00:00Z"),
            email: None,
            act: act.into(),
            subject: String::new(),
            detail: detail.into(),
        };
        let rows = Page {
            items: vec![row],
            next: None,
        };
        audit::audit_page(&desk, &unit("transport"), &rows, false)
    };
    let roles = [t.role(Role::Editor), t.role(Role::Moderator)].join("、");
    assert!(said("account.roles_set", "editor moderator").contains(&roles));
    let held = t.hold_reason(HoldReason::Repeated);
    assert!(said("comment.held", "repeated").contains(held));
    let moved = said(
        "hearing.updated",
        "starts_at: 2026-12-01T01:00:00Z → 2026-12-02T01:30:00Z; place: <b>",
    );
    assert!(moved.contains("2026年12月1日 09:00 → 2026年12月2日 09:30; place: &lt;b&gt;"));
    assert!(said("hearing.created", "not a code").contains("not a code"));
    assert!(said("comment.held", "a code from before").contains("a、code"));
}
