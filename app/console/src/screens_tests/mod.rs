//! What the screens must say and must not show, whoever looks at them.

mod afterwards;
mod applications;
mod draws;
mod polls;
mod sessions;
mod single;

use crate::consultations::*;
use crate::desk::Desk;
use crate::drafts::*;
use crate::feedback::*;
use crate::login::*;
use crate::overview::*;
use crate::points::*;
use crate::queue::*;
use crate::round::*;
use crate::testing::*;
use crate::{account, audit, problem, unit};
use app::i18n::{Lang, T};
use domain::comments::{CommentState, HoldReason, QueueFilter};
use domain::consultations::{NewConsultation, Page, State};
use domain::feedback::{FeedbackPreview, FeedbackReview, RawFeedback, Unanswered};
use domain::problem::{Fault, Violations};
use domain::staff::{AccountRow, AuditRow, Role, SessionRow};
use std::collections::{HashMap, HashSet};

const ALL: [Role; 4] = [
    Role::Editor,
    Role::Moderator,
    Role::Approver,
    Role::Administrator,
];

fn wrong(field: &str, fault: Fault) -> Violations {
    let mut wrong = Violations::new();
    wrong.add(field, fault);
    wrong
}

fn queue_of(desk: &Desk, chosen: &Chosen, wrong: Option<&Violations>) -> String {
    queue_page(
        desk,
        QueueData {
            consultation: &consultation(State::Open),
            draft: Some(&draft(1)),
            filter: &QueueFilter::default(),
            comments: &queue(),
            chosen,
            wrong,
            refused: &[],
            contact: None,
        },
    )
}

fn points_of(
    desk: &Desk,
    state: State,
    typed: &HashMap<domain::id::PointId, AnswerForm>,
    wrong: Option<&Violations>,
) -> String {
    points_page(
        desk,
        PointsData {
            consultation: &consultation(state),
            draft: Some(&draft(1)),
            new_draft: Some(&draft(2)),
            filter: &QueueFilter::default(),
            comments: &queue(),
            typed,
            wrong,
            saved: 0,
            gone: 0,
            clashed: &HashSet::new(),
            refused: None,
            lost: &[],
        },
    )
}

fn preview_of(desk: &Desk, correcting: Option<usize>) -> String {
    preview_page(
        desk,
        PreviewData {
            consultation: &consultation(State::Preparing),
            draft: &draft(2),
            before: Some((&draft(1), &changes())),
            correcting,
            wrong: None,
        },
    )
}

fn account_preview(unanswered: i64) -> FeedbackPreview {
    FeedbackPreview {
        version: 1,
        new_version: Some(2),
        counts: consultation(State::Closed).counts,
        dispositions: vec![],
        unanswered,
    }
}

fn feedback_of(desk: &Desk, unanswered: &[Unanswered], form: &RawFeedback, review: bool) -> String {
    let look = FeedbackReview {
        changes: 2,
        unshown: vec![adopted_point()],
        unshown_total: 3,
    };
    feedback_page(
        desk,
        FeedbackData {
            consultation: &consultation(State::Closed),
            preview: Some(&account_preview(unanswered.len() as i64)),
            unanswered,
            form,
            wrong: None,
            review: review.then_some(&look),
            refused: None,
        },
    )
}

/// Every screen, with hostile text wherever somebody could have typed it.
fn every_screen(desk: &Desk) -> Vec<(&'static str, String)> {
    let open = consultation(State::Open);
    let closed = consultation(State::Closed);
    let facts = NewConsultation {
        unit: HOSTILE.into(),
        title: HOSTILE.into(),
        summary: HOSTILE.into(),
        explanation: HOSTILE.into(),
        contact: Some(HOSTILE.into()),
        other_ways: Some(HOSTILE.into()),
    };
    let round_form = RoundForm {
        version: HOSTILE.into(),
        opens_at: HOSTILE.into(),
        closes_at: HOSTILE.into(),
        reason_for_short_period: HOSTILE.into(),
    };
    let texts = RawFeedback {
        asked: HOSTILE.into(),
        heard: HOSTILE.into(),
        changed: HOSTILE.into(),
        new_version: None,
    };
    let typed = HashMap::from([(
        point_id(1),
        AnswerForm {
            disposition: HOSTILE.into(),
            reason: HOSTILE.into(),
            change: HOSTILE.into(),
        },
    )]);
    let listed = domain::consultations::Listed {
        number: number(),
        unit: unit("transport"),
        title: HOSTILE.into(),
        summary: HOSTILE.into(),
        state: State::Open,
        round: open.round.clone(),
        received: 4,
    };
    let rows = [Row {
        listed,
        work: Work {
            waiting: 1,
            unanswered: Some(3),
        },
    }];
    let audit = Page {
        items: vec![AuditRow {
            at: at("2026-11-01T00:00:00Z"),
            email: None,
            act: HOSTILE.into(),
            subject: HOSTILE.into(),
            detail: HOSTILE.into(),
        }],
        next: None,
    };
    let sessions = [SessionRow {
        id: "01990000-0000-7000-8000-000000000001".parse().unwrap(),
        created_at: at("2026-11-01T00:00:00Z"),
        last_seen_at: at("2026-11-01T00:00:00Z"),
        user_agent: HOSTILE.into(),
        current: false,
    }];
    let accounts = [AccountRow {
        email: HOSTILE.into(),
        roles: vec![Role::Editor],
        last_login_at: None,
        sessions: 2,
    }];
    let account_form = unit::AccountForm {
        email: HOSTILE.into(),
        roles: vec![],
        known: true,
    };
    let login = LoginData {
        email: HOSTILE,
        next: HOSTILE,
        refused: Some(Refused::Wrong),
    };
    let facts = |of| FactsData {
        form: &facts,
        of,
        wrong: None,
    };
    let origins = [HOSTILE.to_owned()];
    let round = closed.round.clone().unwrap();
    let mut screens = vec![
        ("login", login_page(desk, login)),
        (
            "overview",
            overview_page(
                desk,
                OverviewData {
                    rows: &rows,
                    next: Some("2026-0001"),
                    continued: true,
                    yearly: &[],
                },
            ),
        ),
        ("new", facts_page(desk, facts(None))),
        ("edit", facts_page(desk, facts(Some(&open)))),
        (
            "status",
            status_page(
                desk,
                StatusData {
                    consultation: &open,
                    work: rows[0].work,
                    livelihood: &livelihood(),
                    polls_before: false,
                    origins: &origins,
                },
            ),
        ),
        ("withdraw", withdraw_page(desk, &open, HOSTILE, None)),
        (
            "drafts",
            drafts_page(
                desk,
                DraftsData {
                    consultation: &open,
                    text: HOSTILE,
                    wrong: None,
                },
            ),
        ),
        ("preview", preview_of(desk, Some(2))),
        ("redline", redline_page(desk, &open, &changes(), false)),
        (
            "round",
            round_page(desk, &closed, &round_form, RoundStep::Form(None)),
        ),
        (
            "round review",
            round_page(desk, &closed, &round_form, RoundStep::Review(&round)),
        ),
        ("queue", queue_of(desk, &Chosen::default(), None)),
        ("points", points_of(desk, State::Closed, &typed, None)),
        (
            "unsent",
            problem::unsent_page(desk, HOSTILE, &desk.to("/desk"), &[("asked", HOSTILE)]),
        ),
        ("feedback", feedback_of(desk, &[], &texts, false)),
        ("feedback review", feedback_of(desk, &[], &texts, true)),
        ("account", account::account_page(desk, &sessions, None)),
        (
            "unit",
            unit::unit_page(
                desk,
                unit::UnitData {
                    unit: &unit("transport"),
                    accounts: &accounts,
                    origins: HOSTILE,
                    lang: HOSTILE,
                    form: &account_form,
                    wrong: None,
                },
            ),
        ),
        (
            "audit",
            audit::audit_page(desk, &unit("transport"), &audit, false),
        ),
        ("problem", problem::problem_page(desk, HOSTILE, HOSTILE)),
        ("expired", problem::expired_page(desk)),
    ];
    screens.extend(sessions::screens(desk));
    screens.extend(polls::screens(desk));
    screens.extend(afterwards::screens(desk));
    screens
}

fn ids(html: &str) -> Vec<&str> {
    html.split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn nothing_that_was_typed_becomes_markup_or_script() {
    for (name, html) in every_screen(&desk(Lang::ZhHans, &ALL)) {
        assert!(!html.contains("<script>alert"), "{name}");
        // The snippet to paste has a style, as text.
        for tag in html.split('<').filter_map(|rest| rest.split('>').next()) {
            assert!(
                !tag.contains(" style=\"") && !tag.contains(" onclick"),
                "{name}: {tag}"
            );
        }
        if name != "expired" {
            assert!(
                html.contains("&lt;script&gt;alert(1)"),
                "{name} shows nothing typed"
            );
        }
    }
}

#[test]
fn every_screen_is_whole_in_every_language() {
    for lang in Lang::ALL {
        for (name, html) in every_screen(&desk(lang, &ALL)) {
            assert!(html.starts_with("<!DOCTYPE html><html lang="), "{name}");
            assert!(html.contains(&format!("lang=\"{}\"", lang.tag())), "{name}");
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            assert_eq!(html.matches("<main").count(), 1, "{name}");
            let mut ids = ids(&html);
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{name}: ids stand twice");
        }
    }
}

#[test]
fn every_field_has_a_label() {
    for (name, html) in every_screen(&desk(Lang::En, &ALL)) {
        for tag in ["<input", "<textarea", "<select"] {
            for field in html.split(tag).skip(1) {
                let field = field.split('>').next().unwrap();
                if field.contains("type=\"hidden\"") || field.contains("aria-hidden") {
                    continue;
                }
                let id = field
                    .split("id=\"")
                    .nth(1)
                    .and_then(|rest| rest.split('"').next());
                let id = id.unwrap_or_else(|| panic!("{name}: {tag}{field} has no id"));
                assert!(html.contains(&format!("for=\"{id}\"")), "{name}: {id}");
            }
        }
    }
}
