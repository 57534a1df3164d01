//! What the screens of polls must say, and keep.

use super::{ALL, wrong};
use crate::desk::Desk;
use crate::polls::*;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::consultations::{Consultation, Page, State};
use domain::polls::results::{Count, Figures, QuestionResult, RankResult, RowResult};
use domain::polls::{
    CodeCount, IdentityLevel, Poll, PollResults, PollState, PollVersion, QuestionKind,
    ReviewedText, TextState,
};
use domain::problem::{Fault, Violations};
use domain::staff::Role;

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
        ballots: Some(4),
    };
    let mut questionnaire = questions().questionnaire().unwrap();
    questionnaire.identity = IdentityLevel::OneTimeCode;
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
        ballots: Some(8),
        results_public: false,
        cancelled_reason: (state == PollState::Cancelled).then(|| HOSTILE.into()),
    }
}

fn codes<'a>(of: &'a Consultation, poll: &'a Poll, made: &'a [MadeCode]) -> CodesData<'a> {
    CodesData {
        consultation: of,
        poll,
        count: CodeCount { given: 3, used: 1 },
        typed: HOSTILE,
        made,
        wrong: None,
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
        versions: vec![1],
        earlier: None,
        ballots: 8,
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
        identity: IdentityLevel::OneTimeCode,
        codes: None,
        cancelled_reason: None,
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
            question_text: HOSTILE.into(),
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
    let listed_poll = domain::polls::ListedPoll {
        id: "2026-0012-p1".parse().unwrap(),
        title: HOSTILE.into(),
        state: PollState::Open,
        opens_at: None,
        closes_at: None,
        ballots: Some(3),
        results_public: false,
    };
    let fields = domain::livelihood::RawLivelihood {
        fields: vec![],
        no_poll_reason: HOSTILE.into(),
    };
    let closed_poll = poll(PollState::Closed);
    let mut invited_poll = poll(PollState::Open);
    invited_poll.questionnaire.identity = IdentityLevel::Invited;
    let made = MadeCode {
        label: Some(HOSTILE.into()),
        code: "ABCD".into(),
    };
    let made = [made];
    let twice = wrong("labels.0", Fault::Taken);
    let again = CodesData {
        wrong: Some(&twice),
        ..codes(&of, &invited_poll, &[])
    };
    let no_text = wrong("questions.0.text", Fault::Required);
    vec![
        ("polls", polls_page(desk, &of, &[listed_poll])),
        ("questions", compose_of(desk, &questions(), None)),
        ("poll in preparation", poll_of(desk, PollState::Preparing)),
        ("poll", poll_of(desk, PollState::Closed)),
        ("codes", codes_page(desk, codes(&of, &closed_poll, &made))),
        ("invited", codes_page(desk, again)),
        ("texts", texts_of(desk)),
        ("results", results_page(desk, &of, &closed_poll, &figures())),
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

#[test]
fn who_is_invited_twice_is_named_by_their_line() {
    let mut poll = poll(PollState::Open);
    poll.questionnaire.identity = IdentityLevel::Invited;
    let (of, twice) = (consultation(State::Open), wrong("labels.1", Fault::Taken));
    let data = CodesData {
        wrong: Some(&twice),
        ..codes(&of, &poll, &[])
    };
    let html = codes_page(&desk(Lang::En, &ALL), data);
    let t = T(Lang::En);
    assert_eq!(html.matches(&t.desk_poll_invited_twice(2)).count(), 2);
    assert!(html.contains("href=\"#labels\"") && html.contains("id=\"labels\""));
    assert!(html.contains(&t.desk_poll_codes_given(3, 1)));
    poll.state = PollState::Closed;
    let html = codes_page(&desk(Lang::En, &ALL), codes(&of, &poll, &[]));
    assert!(!html.contains("value=\"make\""), "it has ended");
}

#[test]
fn a_slip_says_of_what_it_is_and_until_when() {
    let (of, poll) = (consultation(State::Open), poll(PollState::Open));
    let made = [MadeCode {
        label: Some("张三".into()),
        code: "ABCD".into(),
    }];
    let html = codes_page(&desk(Lang::En, &ALL), codes(&of, &poll, &made));
    let slip = html.split("class=\"codes\"").nth(1).unwrap();
    let slip = slip.split("</ol>").next().unwrap();
    for said in ["张三", "ABCD", "until", "2026-0012-p1"] {
        assert!(slip.contains(said), "{said} in {slip}");
    }
}
