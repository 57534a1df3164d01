//! What the screens of sessions and polls must say, and keep.

use super::{ALL, wrong};
use crate::desk::Desk;
use crate::hearings::*;
use crate::polls::*;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::consultations::{Page, State};
use domain::hearings::{
    ApplicationNumber, ApplicationState, Category, Draw, DrawInShort, Fill, Hearing, HearingNumber,
    Minutes, Need, Notice, Paper, ReviewedApplication, SeatCount, SessionKind, SessionState,
    Statement, draw,
};
use domain::polls::results::{Count, Figures, QuestionResult, RankResult, RowResult};
use domain::polls::{
    Poll, PollResults, PollState, PollVersion, QuestionKind, ReviewedText, TextState,
};
use domain::problem::{Fault, Violations};
use domain::staff::Role;
use std::collections::BTreeMap;

fn hearing_number() -> HearingNumber {
    "2026-0012-h1".parse().unwrap()
}

fn ticket(serial: i64) -> ApplicationNumber {
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

fn hearing(state: SessionState) -> Hearing {
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
            seed: None,
            tickets_hash: "0".repeat(64),
            tickets: 7,
            frozen_at: at("2026-12-02T00:00:00Z"),
            drawn_at: None,
        }),
        participants: vec![],
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
        }),
        report: held.then(|| HOSTILE.into()),
    }
}

fn application(serial: i64, state: ApplicationState) -> ReviewedApplication {
    ReviewedApplication {
        number: ticket(serial),
        category: "residents".into(),
        state,
        reason: (state == ApplicationState::Ineligible).then(|| HOSTILE.into()),
        reserve: None,
        name: HOSTILE.into(),
        district: Some(HOSTILE.into()),
        statement: Some(HOSTILE.into()),
        points: vec![domain::comments::RawPoint {
            clause: Some(clause_id(2).to_string()),
            text: HOSTILE.into(),
            proposed: Some(HOSTILE.into()),
        }],
        needs: vec![Need::StepFree],
        needs_note: Some(HOSTILE.into()),
        publish_name: true,
        received_at: at("2026-11-21T00:00:00Z"),
        same_person: vec![ticket(2)],
        sat_in: vec!["2026-0003-h1".parse().unwrap()],
    }
}

fn applications_of(desk: &Desk, decided: &Decided, wrong: Option<&Violations>) -> String {
    let applications = Page {
        items: vec![
            application(1, ApplicationState::Received),
            application(2, ApplicationState::Ineligible),
            application(3, ApplicationState::Withdrawn),
        ],
        next: Some("3".into()),
    };
    applications_page(
        desk,
        ApplicationsData {
            consultation: &consultation(State::Open),
            hearing: &hearing(SessionState::Closed),
            draft: Some(&draft(1)),
            state: None,
            category: Some("residents"),
            after: None,
            applications: &applications,
            decided,
            wrong,
            refused: &[(ticket(2), HOSTILE.into())],
            contact: Some((ticket(1), Some(HOSTILE))),
        },
    )
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

fn draw_of(desk: &Desk, state: SessionState, draw: Option<&Draw>) -> String {
    draw_page(
        desk,
        DrawData {
            consultation: &consultation(State::Open),
            hearing: &hearing(state),
            draw,
            typed: HOSTILE,
            wrong: None,
        },
    )
}

fn drawn() -> Draw {
    let tickets: Vec<String> = (1..=3).map(|n| ticket(n).to_string()).collect();
    let list = draw::list_text(tickets.iter().map(|t| ("residents", t.as_str())));
    let by = |part: &[String]| BTreeMap::from([("residents".to_owned(), part.to_vec())]);
    Draw {
        algorithm: draw::ALGORITHM.into(),
        seed_source: HOSTILE.into(),
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

fn questions() -> PollForm {
    let question = |code: &str, kind: QuestionKind| QuestionForm {
        code: code.into(),
        kind: kind.code().into(),
        text: HOSTILE.into(),
        hint: HOSTILE.into(),
        options: format!("yes | {HOSTILE}\nno | 没有"),
        rows: HOSTILE.into(),
        ..QuestionForm::default()
    };
    let mut form = PollForm {
        title: HOSTILE.into(),
        intro: HOSTILE.into(),
        method: HOSTILE.into(),
        questions: QuestionKind::ALL
            .iter()
            .enumerate()
            .map(|(index, kind)| question(&format!("q{index}"), *kind))
            .collect(),
        ..PollForm::default()
    };
    form.questions[1].show_if = "q0".into();
    form.questions[1].any_of = "yes".into();
    form
}

fn poll(state: PollState) -> Poll {
    let published = (state != PollState::Preparing).then(|| at("2026-11-01T00:00:00Z"));
    let version = |version, correction: Option<&str>| PollVersion {
        version,
        correction: correction.map(Into::into),
        published_at: published,
        ballots: 4,
    };
    let mut questionnaire = questions().questionnaire().unwrap();
    questionnaire.identity = domain::polls::IdentityLevel::OneTimeCode;
    questionnaire.results = domain::polls::ResultsShown::ByHand;
    Poll {
        id: "2026-0012-p1".parse().unwrap(),
        consultation: number(),
        consultation_title: HOSTILE.into(),
        consultation_public: true,
        unit: unit("transport"),
        state,
        opens_at: published,
        closes_at: published.map(|_| at("2026-12-01T00:00:00Z")),
        version: 2,
        versions: vec![version(1, None), version(2, Some(HOSTILE))],
        questionnaire,
        ballots: 8,
        results_public: false,
        cancelled_reason: (state == PollState::Cancelled).then(|| HOSTILE.into()),
    }
}

fn poll_of(desk: &Desk, state: PollState) -> String {
    let form = PeriodForm {
        opens_at: HOSTILE.into(),
        closes_at: HOSTILE.into(),
        reason: HOSTILE.into(),
    };
    poll_page(
        desk,
        PollData {
            consultation: &consultation(State::Open),
            poll: &poll(state),
            form: &form,
            wrong: None,
        },
    )
}

fn compose_of(desk: &Desk, form: &PollForm, wrong: Option<&Violations>) -> String {
    compose_page(
        desk,
        ComposeData {
            consultation: &consultation(State::Open),
            of: None,
            public: false,
            form,
            wrong,
        },
    )
}

fn figures() -> PollResults {
    let count = |text: &str| Count {
        code: "a".into(),
        text: text.into(),
        count: 3,
        percent: 37.5,
    };
    let result = QuestionResult {
        code: "q1".into(),
        kind: QuestionKind::LongText,
        text: HOSTILE.into(),
        n: 8,
        counts: vec![count(HOSTILE)],
        rows: vec![RowResult {
            code: "r".into(),
            text: HOSTILE.into(),
            n: 8,
            counts: vec![count("好")],
        }],
        ranks: vec![RankResult {
            code: "x".into(),
            text: HOSTILE.into(),
            mean_rank: 1.25,
            at_rank: vec![6, 2],
        }],
        figures: Some(Figures {
            mean: 3.5,
            median: 4.0,
            min: 1.0,
            max: 5.0,
        }),
        texts: vec![HOSTILE.into()],
        texts_withheld: 2,
    };
    PollResults {
        id: "2026-0012-p1".parse().unwrap(),
        title: HOSTILE.into(),
        method: Some(HOSTILE.into()),
        identity: domain::polls::IdentityLevel::OneTimeCode,
        versions: vec![],
        ballots: 8,
        questions: vec![result],
    }
}

fn texts_of(desk: &Desk) -> String {
    let texts = Page {
        items: vec![ReviewedText {
            id: "01990000-0000-7000-8000-000000000001".parse().unwrap(),
            question: "q6".into(),
            text: HOSTILE.into(),
            state: TextState::Received,
        }],
        next: None,
    };
    texts_page(
        desk,
        TextsData {
            consultation: &consultation(State::Open),
            poll: &poll(PollState::Closed),
            state: None,
            after: None,
            texts: &texts,
            wrong: None,
        },
    )
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
    let listed_poll = domain::polls::ListedPoll {
        id: "2026-0012-p1".parse().unwrap(),
        title: HOSTILE.into(),
        state: PollState::Open,
        opens_at: None,
        closes_at: None,
        ballots: 3,
        results_public: false,
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
    let fields = domain::livelihood::RawLivelihood {
        fields: vec![],
        no_poll_reason: HOSTILE.into(),
    };
    let closed_poll = poll(PollState::Closed);
    let no_reason = wrong(&reason_field(1), Fault::Required);
    let no_text = wrong("questions.0.text", Fault::Required);
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
        ("draw", draw_of(desk, SessionState::Drawn, Some(&drawn()))),
        ("freezing", draw_of(desk, SessionState::Closed, None)),
        ("check-in", checkin_page(desk, &of, &closed, &[guest])),
        ("papers", papers_page(desk, &of, &closed, &papers, None)),
        ("minutes", minutes_at(&closed, MinutesStep::Form(None))),
        ("minutes review", minutes_at(&closed, MinutesStep::Review)),
        (
            "minutes published",
            minutes_at(&held, MinutesStep::Form(None)),
        ),
        ("report", report_page(desk, &of, &held, HOSTILE, None)),
        ("polls", polls_page(desk, &of, &[listed_poll])),
        ("questions", compose_of(desk, &questions(), None)),
        ("poll in preparation", poll_of(desk, PollState::Preparing)),
        ("poll", poll_of(desk, PollState::Closed)),
        (
            "codes",
            codes_page(desk, &of, &closed_poll, HOSTILE, &["ABCD".into()], None),
        ),
        ("texts", texts_of(desk)),
        ("results", results_page(desk, &of, &closed_poll, &figures())),
        (
            "applications refused",
            applications_of(desk, &Decided::default(), Some(&no_reason)),
        ),
        (
            "questions refused",
            compose_of(desk, &questions(), Some(&no_text)),
        ),
        (
            "livelihood",
            crate::consultations::livelihood_page(desk, &of, &fields, None),
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
fn one_person_twice_and_one_who_sat_before_are_pointed_out() {
    let html = applications_of(
        &desk(Lang::En, &[Role::Moderator]),
        &Decided::default(),
        None,
    );
    assert!(html.contains("/applications?after=1#application-2"));
    assert!(html.contains("/desk/hearings/2026-0003-h1"));
    for (serial, decidable) in [(1, true), (2, true), (3, false)] {
        let has = html.contains(&format!("value=\"ineligible.{serial}\""));
        assert_eq!(has, decidable, "{serial}");
    }
}

#[test]
fn a_refused_review_keeps_every_tick_and_reason() {
    let decided = Decided {
        ticked: [1].into(),
        reasons: [(2, "half-written".to_owned())].into(),
        reason: "for all".into(),
    };
    let wrong = wrong(&reason_field(1), Fault::Required);
    let html = applications_of(&desk(Lang::En, &ALL), &decided, Some(&wrong));
    assert_eq!(html.matches(" checked").count(), 1);
    assert!(html.contains("half-written") && html.contains("for all"));
    assert!(html.contains("href=\"#application.1.reason\""));
    let says = T(Lang::En).fault_reason_required();
    assert_eq!(html.matches(says).count(), 2, "above and at the field");
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
    for (name, html) in screens(&reader) {
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

#[test]
fn a_wrong_question_opens_its_settings_and_keeps_what_was_typed() {
    let mut form = PollForm::proposed();
    form.questions[0].text = "您有车吗？".into();
    form.questions[0].options = "有".into();
    let folded = compose_of(&desk(Lang::En, &ALL), &form, None);
    assert!(!folded.contains("<details open"), "nothing in them");
    form.questions[0].min = "few".into();
    let wrong = form.questionnaire().unwrap_err();
    let html = compose_of(&desk(Lang::En, &ALL), &form, Some(&wrong));
    assert!(html.contains("<details open"));
    assert!(html.contains("value=\"few\""));
    let t = T(Lang::En);
    assert_eq!(html.matches(t.fault_number()).count(), 2);
    assert!(
        html.contains("href=\"#questions.0.options\""),
        "one option is none"
    );
}

#[test]
fn results_by_hand_wait_for_the_approver() {
    let approver = poll_of(&desk(Lang::En, &[Role::Approver]), PollState::Closed);
    assert!(approver.contains("value=\"results\""));
    let editor = poll_of(&desk(Lang::En, &[Role::Editor]), PollState::Closed);
    assert!(!editor.contains("value=\"results\""));
}

#[test]
fn the_status_screen_says_that_a_poll_is_due_or_why_there_is_none() {
    use crate::consultations::{StatusData, status_page};
    let t = T(Lang::En);
    let desk = desk(Lang::En, &ALL);
    let status = |livelihood: &domain::livelihood::Livelihood, polls_before| {
        let data = StatusData {
            consultation: &consultation(State::Open),
            work: crate::overview::Work::default(),
            livelihood,
            polls_before,
            origins: &[],
        };
        status_page(&desk, data)
    };
    let mut touched = livelihood();
    touched.no_poll_reason = None;
    assert!(status(&touched, false).contains(t.desk_livelihood_due()));
    assert!(status(&touched, true).contains(t.desk_livelihood_asked()));
    touched.no_poll_reason = Some("asked last year".into());
    let html = status(&touched, false);
    assert!(html.contains("asked last year") && !html.contains(t.desk_livelihood_due()));
}
