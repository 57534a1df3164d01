//! What the screens of sessions must say, and keep.

use super::applications::applications_of;
use super::draws::frozen;
use super::{ALL, wrong};
use crate::desk::Desk;
use crate::hearings::*;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::consultations::State;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Category, Corrected, Draw, DrawInShort, Fill, Hearing,
    HearingNumber, Minutes, Need, Notice, Opinion, Opinions, Paper, SeatCount, SessionKind,
    SessionState, Statement, draw,
};
use domain::notify::Letters;
use domain::problem::Fault;
use std::collections::BTreeMap;

fn hearing_number() -> HearingNumber {
    "2026-0012-h1".parse().unwrap()
}

pub(super) fn ticket(serial: i64) -> ApplicationNumber {
    ApplicationNumber {
        hearing: hearing_number(),
        serial,
    }
}

fn category(code: &str, quota: i64, fill: Fill, in_total: bool) -> Category {
    Category {
        code: code.into(),
        name: format!("{code} {HOSTILE}"),
        quota,
        fill,
        conditions: Some(HOSTILE.into()),
        in_total,
        consumers: code == "residents",
    }
}

/// Luntai's notice: 18 announced, 16 in the categories, 18 only with the observers.
fn notice() -> Notice {
    Notice {
        kind: SessionKind::Hearing,
        title: format!("收费听证会 {HOSTILE}"),
        matter: Some(HOSTILE.into()),
        starts_at: Some(at("2026-12-20T01:00:00Z")),
        ends_at: None,
        place: Some(HOSTILE.into()),
        attendance: domain::hearings::Attendance::Both,
        total: 18,
        categories: vec![
            category("residents", 6, Fill::Draw, true),
            category("experts", 10, Fill::Appointment, true),
            category("observers", 2, Fill::FirstCome, false),
        ],
        applications_open_at: at("2026-11-20T00:00:00Z"),
        applications_close_at: at("2026-12-01T00:00:00Z"),
        bring: Some(HOSTILE.into()),
        discipline: None,
        contact: Some(HOSTILE.into()),
        pricing: true,
        cooldown: 3,
    }
}

pub(super) fn hearing(state: SessionState) -> Hearing {
    let public = state != SessionState::Preparing;
    let held = state == SessionState::Held;
    let drawn = matches!(state, SessionState::Frozen | SessionState::Drawn);
    Hearing {
        id: hearing_number(),
        consultation: number(),
        consultation_title: HOSTILE.into(),
        consultation_public: true,
        unit: unit("transport"),
        state,
        notice: notice(),
        published_at: public.then(|| at("2026-11-20T00:00:00Z")),
        cancelled_reason: (state == SessionState::Cancelled).then(|| HOSTILE.into()),
        seats: vec![SeatCount {
            category: "residents".into(),
            quota: 6,
            applications: 9,
            waiting: 2,
            eligible: 7,
            ..SeatCount::default()
        }],
        draw: drawn.then(|| DrawInShort {
            seed_source: HOSTILE.into(),
            seed_known_at: at("2026-12-02T12:00:00Z"),
            seed: None,
            tickets_hash: "0".repeat(64),
            tickets: 7,
            frozen_at: at("2026-12-02T00:00:00Z"),
            drawn_at: None,
        }),
        participants: vec![],
        earlier: domain::hearings::Earlier::default(),
        papers: vec![Paper {
            title: HOSTILE.into(),
            address: Some(HOSTILE.into()),
            delivered_at: at("2026-12-14T01:00:00Z"),
        }],
        minutes: held.then(|| Minutes {
            attendance: HOSTILE.into(),
            statements: vec![Statement {
                speaker: Some(HOSTILE.into()),
                clause: Some(clause_id(2)),
                clause_label: Some("第一条".into()),
                text: HOSTILE.into(),
            }],
            corrections_until: Some(at("2026-12-30T00:00:00Z")),
            published_at: at("2026-12-22T00:00:00Z"),
            confirmed: 3,
            corrections_asked: 2,
            corrections_refused: 1,
            corrections: vec![Corrected {
                text: "第三条发言中“六元”更正为“五元”。".into(),
                corrected_at: at("2026-12-29T01:00:00Z"),
            }],
        }),
        report: held.then(|| HOSTILE.into()),
        report_html: held.then(|| domain::text::to_html(HOSTILE)),
        opinions: held.then(|| Opinions {
            received: 3,
            answered: 2,
            published: vec![Opinion {
                ticket: ticket(9),
                name: None,
                text: HOSTILE.into(),
                reply: HOSTILE.into(),
                sent_at: at("2026-12-23T01:00:00Z"),
                replied_at: at("2026-12-24T01:00:00Z"),
            }],
        }),
    }
}

fn session_of(desk: &Desk, state: SessionState) -> String {
    let form = SessionForm {
        reason: HOSTILE.into(),
    };
    session_page(
        desk,
        SessionData {
            consultation: &consultation(State::Open),
            hearing: &hearing(state),
            letters: Letters {
                waiting: 1,
                sent: 20,
                failed: 2,
                without_address: 3,
            },
            form: &form,
            wrong: None,
        },
    )
}

fn notice_of(desk: &Desk, public: bool) -> String {
    notice_page(
        desk,
        NoticeData {
            consultation: &consultation(State::Open),
            of: Some(hearing_number()),
            public,
            form: &HearingForm::of(&notice(), "Asia/Shanghai"),
            wrong: None,
        },
    )
}

pub(super) fn draw_of(
    desk: &Desk,
    state: SessionState,
    draw: Option<&Draw>,
    step: DrawStep<'_>,
) -> String {
    draw_page(
        desk,
        DrawData {
            consultation: &consultation(State::Open),
            hearing: &hearing(state),
            draw,
            form: &DrawForm {
                seed_source: HOSTILE.into(),
                seed_known_at: "2026-12-20T21:15".into(),
                seed: "０7 <11>".into(),
            },
            step,
        },
    )
}

pub(super) fn drawn() -> Draw {
    let tickets: Vec<String> = (1..=3).map(|n| ticket(n).to_string()).collect();
    let list = draw::list_text(tickets.iter().map(|t| ("residents", t.as_str())));
    let by = |part: &[String]| BTreeMap::from([("residents".to_owned(), part.to_vec())]);
    Draw {
        algorithm: draw::ALGORITHM.into(),
        seed_source: HOSTILE.into(),
        seed_known_at: at("2026-12-02T12:00:00Z"),
        seed: Some(HOSTILE.into()),
        tickets: by(&tickets),
        tickets_hash: draw::tickets_hash(&list),
        list,
        quotas: BTreeMap::from([("residents".to_owned(), 2)]),
        chosen: by(&tickets[..2]),
        reserves: by(&tickets[2..]),
        frozen_at: at("2026-12-02T00:00:00Z"),
        drawn_at: Some(at("2026-12-03T00:00:00Z")),
    }
}

fn minutes_form() -> MinutesForm {
    MinutesForm {
        attendance: HOSTILE.into(),
        corrections_until: String::new(),
        statements: vec![StatementForm {
            speaker: HOSTILE.into(),
            display: "shown".into(),
            clause: "第一条".into(),
            text: HOSTILE.into(),
        }],
    }
}

/// Every screen of this part, for the tests that hold of all screens.
pub(super) fn screens(desk: &Desk) -> Vec<(&'static str, String)> {
    let of = consultation(State::Open);
    let listed = domain::hearings::ListedHearing {
        id: hearing_number(),
        kind: SessionKind::Hearing,
        title: HOSTILE.into(),
        state: SessionState::Applying,
        starts_at: None,
        ends_at: None,
        place: None,
        applications_open_at: at("2026-11-20T00:00:00Z"),
        applications_close_at: at("2026-12-01T00:00:00Z"),
        total: 18,
        published_at: None,
        updated_at: at("2026-11-20T00:00:00Z"),
    };
    let guest = Guest {
        ticket: ticket(1),
        category: "residents".into(),
        name: HOSTILE.into(),
        state: ApplicationState::Chosen,
        needs: vec![Need::SignLanguage],
        needs_note: Some(HOSTILE.into()),
    };
    let closed = hearing(SessionState::Closed);
    let held = hearing(SessionState::Held);
    let papers = PapersForm {
        papers: vec![PaperForm {
            title: HOSTILE.into(),
            address: HOSTILE.into(),
            delivered_at: HOSTILE.into(),
        }],
    };
    let minutes = minutes_form();
    let minutes_at = |hearing, step| {
        let draft = draft(1);
        minutes_page(desk, &of, hearing, Some(&draft), &minutes, step)
    };
    let no_reason = wrong(&reason_field(1), Fault::Required);
    vec![
        ("hearings", hearings_page(desk, &of, &[listed])),
        ("notice", notice_of(desk, false)),
        ("public notice", notice_of(desk, true)),
        (
            "session in preparation",
            session_of(desk, SessionState::Preparing),
        ),
        ("session", session_of(desk, SessionState::Closed)),
        (
            "session called off",
            session_of(desk, SessionState::Cancelled),
        ),
        (
            "applications",
            applications_of(desk, &Decided::default(), None),
        ),
        (
            "draw",
            draw_of(
                desk,
                SessionState::Drawn,
                Some(&drawn()),
                DrawStep::Form(None),
            ),
        ),
        (
            "freezing",
            draw_of(desk, SessionState::Closed, None, DrawStep::Form(None)),
        ),
        (
            "freezing review",
            draw_of(desk, SessionState::Closed, None, DrawStep::Review),
        ),
        (
            "drawing",
            draw_of(
                desk,
                SessionState::Frozen,
                Some(&frozen()),
                DrawStep::Form(None),
            ),
        ),
        (
            "drawing review",
            draw_of(
                desk,
                SessionState::Frozen,
                Some(&frozen()),
                DrawStep::Review,
            ),
        ),
        ("check-in", checkin_page(desk, &of, &closed, &[guest])),
        ("papers", papers_page(desk, &of, &closed, &papers, None)),
        ("minutes", minutes_at(&closed, MinutesStep::Form(None))),
        ("minutes review", minutes_at(&closed, MinutesStep::Review)),
        (
            "minutes published",
            minutes_at(&held, MinutesStep::Form(None)),
        ),
        ("report", report_page(desk, &of, &held, HOSTILE, None)),
        (
            "applications refused",
            applications_of(desk, &Decided::default(), Some(&no_reason)),
        ),
    ]
}

#[test]
fn a_notice_that_does_not_add_up_says_so_and_cannot_be_published() {
    let t = T(Lang::En);
    let desk = desk(Lang::En, &ALL);
    let form = notice_of(&desk, false);
    assert!(form.contains(&t.desk_hearing_not_up(16, 18)), "{form}");
    assert!(form.contains(t.desk_hearing_consumers_few()), "6 of 16");
    let session = session_of(&desk, SessionState::Preparing);
    assert!(session.contains(&t.fault_seats_do_not_add_up(16, 18)));
    assert!(!session.contains("value=\"publish\""));
}

#[test]
fn a_public_notice_carries_what_stands_and_asks_for_the_day_alone() {
    let html = notice_of(&desk(Lang::En, &ALL), true);
    assert!(html.contains("type=\"hidden\" name=\"categories.2.quota\" value=\"2\""));
    assert!(!html.contains("value=\"remove.0\""));
    assert!(html.contains("id=\"starts_at\""));
}

#[test]
fn papers_that_came_late_are_named() {
    let t = T(Lang::En);
    let closed = hearing(SessionState::Closed);
    let form = PapersForm::of(&closed.papers, "Asia/Shanghai");
    let of = consultation(State::Open);
    let html = papers_page(&desk(Lang::En, &ALL), &of, &closed, &form, None);
    assert!(
        html.contains(&t.desk_hearing_papers_late(7)),
        "six days before"
    );
}

#[test]
fn a_statement_finds_its_clause_by_name_and_an_unknown_one_is_a_fault() {
    let mut form = minutes_form();
    let raw = form.minutes(Some(&draft(1)), "Asia/Shanghai").unwrap();
    assert_eq!(raw.statements[0].clause, Some(clause_id(2).to_string()));
    form.statements[0].clause = "第九十九条".into();
    let wrong = form.minutes(Some(&draft(1)), "Asia/Shanghai").unwrap_err();
    assert_eq!(wrong.0[0].field, "statements.0.clause");
}

#[test]
fn nobody_publishes_without_the_role() {
    let reader = desk(Lang::En, &[]);
    let others = [
        super::polls::screens(&reader),
        super::afterwards::screens(&reader),
    ];
    for (name, html) in screens(&reader).into_iter().chain(others.concat()) {
        // A reader may look at a form; what it sends is refused by the use case.
        let looks = [
            "notice",
            "public notice",
            "questions",
            "livelihood",
            "codes",
        ];
        if !looks.iter().any(|look| name.starts_with(look)) {
            assert_eq!(
                html.matches("method=\"post\"").count(),
                1,
                "{name}: signing out alone"
            );
        }
    }
}
