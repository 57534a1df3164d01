//! What the results of a poll say, alone and beside another poll.

use super::*;
use crate::polls::charts::bins;
use domain::polls::results::results;

/// A poll that was corrected twice: `view` got another option and then its words back, `ease` other
/// steps and `cars` was dropped; `new` came with the second correction.
fn corrected() -> (Poll, PollResults) {
    let questions = |view: &str, rest: &str| {
        let json = format!(
            r#"{{"title": "夜间停车怎么管", "questions": [
                {{"kind": "single", "code": "view", "text": "赞成<限时>停车吗？",
                 "options": [{{"code": "for", "text": "{view}"}}, {{"code": "against", "text": "反对"}}]}}, {rest}]}}"#
        );
        let raw: RawPoll = serde_json::from_str(&json).unwrap();
        raw.parse().unwrap()
    };
    let when = |most: i64| {
        format!(
            r#"{{"kind": "multiple", "code": "when", "text": "何时停车？", "max": {most},
                "options": [{{"code": "am", "text": "早上"}}, {{"code": "pm", "text": "下午"}}, {{"code": "night", "text": "夜里"}}]}}"#
        )
    };
    let ease = |most: i64, end: &str| {
        format!(
            r#"{{"kind": "scale", "code": "ease", "text": "方便吗？", "hint": "1 至 {most}", "max": {most}, "max_label": "{end}"}}"#
        )
    };
    let cars = r#"{"kind": "number", "code": "cars", "text": "几辆车？"}"#;
    let new = r#"{"kind": "short_text", "code": "new", "text": "哪条街？"}"#;
    let asked = [
        ("赞成", [ease(5, "很方便"), when(2), cars.into()]),
        ("同意", [ease(5, "很方便"), when(3), cars.into()]),
        ("赞成", [ease(7, "方便极了"), when(3), new.into()]),
    ];
    let cells = [
        [
            ("view", "for", 4),
            ("ease", "5", 3),
            ("when", "am", 1),
            ("cars", "2", 2),
        ],
        [
            ("view", "for", 2),
            ("ease", "5", 2),
            ("when", "pm", 2),
            ("cars", "1", 1),
        ],
        [
            ("view", "against", 1),
            ("ease", "7", 1),
            ("when", "pm", 1),
            ("new", "", 1),
        ],
    ];
    let versions: Vec<CountedVersion> = (1..)
        .zip(asked.iter().zip(cells))
        .map(|(version, ((view, rest), cells))| CountedVersion {
            version,
            questionnaire: questions(view, &rest.join(",")),
            ballots: [5, 3, 2][version as usize - 1],
            counted: cells
                .into_iter()
                .map(|(code, cell, n)| {
                    let counted = Counted {
                        answered: n,
                        cells: [(cell.to_owned(), n)].into(),
                        ..Counted::default()
                    };
                    (code.to_owned(), counted)
                })
                .collect(),
        })
        .collect();
    let of = |version: &CountedVersion| PollVersion {
        version: version.version,
        correction: (version.version > 1).then(|| "更正".into()),
        published_at: Some(at("2026-11-19T00:00:00Z")),
        ballots: Some(version.ballots),
    };
    let poll = Poll {
        version: 3,
        versions: versions.iter().map(of).collect(),
        questionnaire: versions[2].questionnaire.clone(),
        ballots: Some(10),
        ..poll(PollState::Closed)
    };
    let results = PollResults {
        id: poll.id,
        title: poll.questionnaire.title.clone(),
        method: None,
        identity: IdentityLevel::None,
        codes: None,
        cancelled_reason: None,
        versions: poll.versions.clone(),
        ballots: 10,
        questions: results(&versions),
    };
    (poll, results)
}

/// For the rules that hold for all pages.
pub fn pages(cx: &PageContext) -> Vec<(String, String)> {
    let (poll, results) = corrected();
    let alone = ResultsData::of(&poll, Some(&results));
    let with = With {
        poll: &poll,
        results: Some(&results),
    };
    let beside = ResultsData {
        with: Some(with),
        ..alone
    };
    vec![
        ("poll-results-corrected".into(), results_page(cx, alone)),
        ("poll-comparison-corrected".into(), results_page(cx, beside)),
    ]
}

/// The parts of a page that show a question, in their order.
fn shown(html: &str) -> Vec<&str> {
    let parts = html.split("<section class=\"outcome\">").skip(1);
    parts
        .map(|part| part.split("</section>").next().unwrap())
        .collect()
}

#[test]
fn what_was_asked_otherwise_stands_apart_with_its_words_and_its_versions() {
    let (poll, results) = corrected();
    let data = ResultsData::of(&poll, Some(&results));
    for (t, html) in in_every_language(|cx| results_page(cx, data)) {
        let parts = shown(&html);
        let [
            view,
            view_before,
            ease,
            ease_before,
            when,
            when_before,
            new,
            cars,
        ] = parts.as_slice()
        else {
            panic!("{} parts: {html}", parts.len())
        };
        let asked_in = |versions: &[i64]| {
            let names = versions.iter().map(|version| t.poll_in_version(*version));
            t.poll_asked_in(names.collect::<Vec<_>>().join(t.list_comma()))
        };
        for (part, versions, n, of) in [
            (view, vec![1, 3], 5, 7),
            (view_before, vec![2], 2, 3),
            (ease, vec![3], 1, 2),
            (ease_before, vec![1, 2], 5, 8),
            (when, vec![2, 3], 3, 5),
            (when_before, vec![1], 1, 5),
            (new, vec![3], 1, 2),
            (cars, vec![1, 2], 3, 8),
        ] {
            assert!(part.contains(&asked_in(&versions)), "{versions:?}: {part}");
            assert!(
                part.contains(&t.poll_answered(n, of)),
                "{n} of {of}: {part}"
            );
        }
        for part in [view_before, ease_before, when_before] {
            assert!(part.contains(t.poll_asked_otherwise()), "{part}");
        }
        assert!(cars.contains(t.poll_asked_no_more()), "{cars}");
        assert_eq!(html.matches(t.poll_asked_otherwise()).count(), 3);
        assert!(view.contains("1. ") && view.contains("赞成&lt;限时&gt;停车吗？"));
        assert!(view_before.contains("赞成&lt;限时&gt;停车吗？") && !view_before.contains("1. "));
        assert!(view.contains(">赞成<") && view.contains("80%") && !view.contains("同意"));
        assert!(view_before.contains(">同意<") && view_before.contains("100%"));
        assert!(ease.contains("方便极了") && ease.contains("1 至 7"));
        assert!(ease_before.contains("很方便") && ease_before.contains("1 至 5"));
        assert!(when.contains(t.poll_choose_any()));
        assert!(
            when_before.contains(&t.poll_choose_at_most(2)),
            "{when_before}"
        );
    }
}

#[test]
fn a_poll_whose_correction_changed_no_question_says_nothing_of_versions() {
    let (poll, results) = (poll(PollState::Closed), outcome());
    let data = ResultsData::of(&poll, Some(&results));
    for (t, html) in in_every_language(|cx| results_page(cx, data)) {
        assert!(!html.contains(&t.poll_asked_in(t.poll_in_version(1))));
        assert!(!html.contains(t.poll_asked_otherwise()) && !html.contains(t.poll_asked_no_more()));
        assert_eq!(shown(&html).len(), 8);
    }
}

#[test]
fn a_comparison_takes_what_is_asked_now_and_names_what_it_leaves_out() {
    let (poll, results) = corrected();
    let (later, mut after) = (poll.clone(), results.clone());
    after
        .questions
        .retain(|result| result.earlier.is_none() || result.code == "view");
    let data = ResultsData {
        with: Some(With {
            poll: &later,
            results: Some(&after),
        }),
        ..ResultsData::of(&poll, Some(&results))
    };
    for (t, html) in in_every_language(|cx| results_page(cx, data)) {
        assert_eq!(shown(&html).len(), 3, "view, ease and when");
        assert!(!shown(&html).concat().contains("同意"));
        assert!(html.contains(&t.poll_with_n(5, t.poll_first_poll())));
        let (_, left_out) = html.split_once(t.poll_compare_left_out()).unwrap();
        let left_out = left_out.split("</section>").next().unwrap();
        assert!(left_out.contains(t.poll_compare_left_out_why()));
        let items: Vec<&str> = left_out.split("<li>").skip(1).collect();
        assert_eq!(items.len(), 4 + 1, "{left_out}");
        let of_version = t.poll_asked_in(t.poll_in_version(2));
        for (item, poll) in [
            (items[0], t.poll_first_poll()),
            (items[4], t.poll_second_poll()),
        ] {
            assert!(item.contains("赞成&lt;限时&gt;停车吗？"), "{item}");
            assert!(item.contains(&t.form_place(poll)), "{item}");
            assert!(
                item.contains(&t.poll_with_n(2, of_version.clone())),
                "{item}"
            );
        }
    }
}

#[test]
fn results_give_every_figure_with_its_n_as_chart_and_as_table() {
    let (poll, results) = (poll(PollState::Closed), outcome());
    let data = ResultsData::of(&poll, Some(&results));
    for (t, html) in in_every_language(|cx| results_page(cx, data)) {
        assert!(html.contains(&t.poll_answered(4, 5)) && html.contains(&t.poll_ballots(5)));
        for figure in ["60%", "40%", "75%", "100%", "66.7%", "33.3%", "20%"] {
            assert!(
                html.contains(&format!("{figure}<")) || html.contains(&format!("({figure})")),
                "{figure}"
            );
        }
        assert!(html.contains(&t.poll_figures(0.0, 1.1, 1.0, 2.5)));
        assert!(html.contains(&t.poll_mean_rank(1.0)) && html.contains(&t.poll_mean_rank(2.5)));
        assert_eq!(
            html.matches("<table").count(),
            6,
            "one table for each chart"
        );
        assert_eq!(html.matches("role=\"img\"").count(), 1 + 2 + 3);
        assert!(
            html.contains("夜里有&lt;急救&gt;车。") && html.contains(&t.poll_texts_withheld(1))
        );
        assert!(html.contains("/api/v1/polls/2026-0012-p1/results.csv"));
        assert!(html.contains(t.identity_level(IdentityLevel::None)));
        assert!(html.contains(&t.poll_version_ballots(3)));
    }
}

#[test]
fn two_polls_stand_side_by_side_each_with_its_own_n() {
    let (mut before, mut results) = (poll(PollState::Closed), outcome());
    let (after, later) = (before.clone(), results.clone());
    before.questionnaire.title = "决策之前".into();
    results.questions[0].n = 40;
    results.questions[0].counts[0].percent = 12.5;
    // The same code, another question.
    before.questionnaire.questions[3].options[0].text = "清晨".into();
    let data = ResultsData {
        with: Some(With {
            poll: &after,
            results: Some(&later),
        }),
        ..ResultsData::of(&before, Some(&results))
    };
    for (t, html) in in_every_language(|cx| results_page(cx, data)) {
        assert!(html.contains(&t.poll_with_n(40, t.poll_first_poll())));
        assert!(html.contains(&t.poll_with_n(5, t.poll_second_poll())));
        assert!(html.contains("12.5%") && html.contains("60%"));
        assert!(html.contains(">1. "), "numbered as in its poll");
        let (compared, left_out) = html.split_once(t.poll_compare_left_out()).unwrap();
        assert!(!compared.contains("哪些时段最难停车？"));
        let why = t.poll_compare_differs(t.poll_differs_options());
        assert_eq!(left_out.matches(&why).count(), 2, "{left_out}");
        assert!(!html.contains("为什么反对"), "words are not compared");
    }
}

#[test]
fn many_numbers_are_drawn_in_ranges_that_hold_each_of_them_once() {
    let raw: RawPoll = serde_json::from_str(
        r#"{"title": "t", "questions": [{"code": "km", "kind": "number", "text": "?"}]}"#,
    )
    .unwrap();
    let cells = (0..=20).map(|n| (n.to_string(), 1)).collect();
    let counted = Counted {
        answered: 21,
        cells,
        ..Counted::default()
    };
    let figures = results(&[CountedVersion {
        version: 1,
        questionnaire: raw.parse().unwrap(),
        ballots: 21,
        counted: HashMap::from([("km".into(), counted)]),
    }]);
    let bins = bins(T(Lang::En), &figures[0]);
    let counts: Vec<i64> = bins.iter().map(|bin| bin.count).collect();
    assert_eq!(counts, [2, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
    assert_eq!(bins[0].text, "from 0 to below 2");
    assert_eq!(bins[9].text, "from 18 to 20");
}
