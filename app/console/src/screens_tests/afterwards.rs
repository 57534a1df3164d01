//! The screens of what is said after a session.

use super::sessions::{hearing, ticket};
use super::{ALL, wrong};
use crate::desk::Desk;
use crate::hearings::*;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::consultations::State;
use domain::hearings::{
    AskedCorrection, Correction, CorrectionAnswer, OwnOpinion, Paper, ReceivedOpinion, Reply,
    SessionState,
};
use domain::problem::Fault;
use domain::staff::Role;

/// One correction that waits, one that was accepted.
fn asked() -> Vec<AskedCorrection> {
    let of = |serial, answer| AskedCorrection {
        number: ticket(serial),
        name: HOSTILE.into(),
        correction: Correction {
            text: HOSTILE.into(),
            asked_at: at("2026-12-23T01:00:00Z"),
            answer,
        },
        confirmed: serial == 2,
    };
    let answered = CorrectionAnswer {
        accepted: true,
        text: HOSTILE.into(),
        answered_at: at("2026-12-24T01:00:00Z"),
    };
    vec![of(1, None), of(2, Some(answered))]
}

/// One opinion that waits, one that was answered and kept.
fn received() -> Vec<ReceivedOpinion> {
    let of = |serial, reply| ReceivedOpinion {
        number: ticket(serial),
        name: HOSTILE.into(),
        publish_name: serial == 2,
        opinion: OwnOpinion {
            text: HOSTILE.into(),
            sent_at: at("2026-12-23T01:00:00Z"),
            reply,
        },
    };
    let reply = Reply {
        text: HOSTILE.into(),
        replied_at: at("2026-12-24T01:00:00Z"),
        published: false,
    };
    vec![of(1, None), of(2, Some(reply))]
}

pub(super) fn screens(desk: &Desk) -> Vec<(&'static str, String)> {
    let of = consultation(State::Open);
    let held = hearing(SessionState::Held);
    let no_answer = wrong(&answer_field(1), Fault::Required);
    let answers = Answers::read([("answer.1", HOSTILE), ("seen.1", "2026-12-23T01:00:00Z")]);
    let typed = AttachForm {
        title: HOSTILE.into(),
        delivered_at: HOSTILE.into(),
    };
    let papers = PapersForm::of(&held.papers, "Asia/Shanghai");
    let no_file = wrong("file", Fault::Malformed);
    vec![
        (
            "attach",
            attach_page(desk, &of, &held, &AttachForm::default(), None),
        ),
        (
            "attach refused",
            attach_page(desk, &of, &held, &typed, Some(&no_file)),
        ),
        (
            "papers that stand",
            papers_page(desk, &of, &held, &papers, None),
        ),
        (
            "corrections",
            corrections_page(desk, &of, &held, &asked(), &Answers::default(), None),
        ),
        (
            "corrections refused",
            corrections_page(desk, &of, &held, &asked(), &answers, Some(&no_answer)),
        ),
        (
            "no corrections",
            corrections_page(desk, &of, &held, &[], &answers, None),
        ),
        (
            "opinions",
            opinions_page(desk, &of, &held, &received(), &Answers::default(), None),
        ),
        (
            "opinions refused",
            opinions_page(desk, &of, &held, &received(), &answers, Some(&no_answer)),
        ),
        (
            "no opinions",
            opinions_page(desk, &of, &held, &[], &answers, None),
        ),
    ]
}

#[test]
fn the_tick_to_publish_is_set_until_somebody_takes_it_out() {
    let desk = desk(Lang::En, &ALL);
    let of = consultation(State::Open);
    let held = hearing(SessionState::Held);
    let page = |typed: &Answers| opinions_page(&desk, &of, &held, &received(), typed, None);
    let ticked = |html: &str| {
        let input = html.split("name=\"publish.1\"").nth(1).unwrap();
        input.split('>').next().unwrap().contains("checked")
    };
    assert!(ticked(&page(&Answers::default())));
    let typed = Answers::read([("answer.1", "half a reply")]);
    let html = page(&typed);
    assert!(!ticked(&html) && html.contains("half a reply"));
}

#[test]
fn where_papers_stand_they_are_added_and_none_is_offered_to_be_taken_out() {
    let t = T(Lang::En);
    let of = consultation(State::Open);
    let take_out = "value=\"remove.";
    for (state, roles, why) in [
        (SessionState::Closed, &ALL[..], None),
        (
            SessionState::Closed,
            &[Role::Editor],
            Some(t.desk_papers_of_approver()),
        ),
        (SessionState::Held, &ALL, Some(t.problem_papers_stand())),
        (
            SessionState::Cancelled,
            &ALL,
            Some(t.problem_papers_stand()),
        ),
    ] {
        let offered = why.map_or(vec![0, 1], |_| vec![1]);
        let hearing = hearing(state);
        let mut form = PapersForm::of(&hearing.papers, "Asia/Shanghai");
        form.papers.push(PaperForm::default());
        let html = papers_page(&desk(Lang::En, roles), &of, &hearing, &form, None);
        let removed: Vec<usize> = html
            .split(take_out)
            .skip(1)
            .map(|rest| rest.split_once('"').unwrap().0.parse().unwrap())
            .collect();
        assert_eq!(removed, offered, "{state}");
        for reason in [t.problem_papers_stand(), t.desk_papers_of_approver()] {
            assert_eq!(html.contains(reason), why == Some(reason), "{state}");
        }
        for field in ["title", "address", "delivered_at"] {
            let name = format!("name=\"papers.0.{field}\"");
            assert_eq!(html.matches(&name).count(), 1, "{state}: {field} is sent");
        }
    }
}

#[test]
fn a_paper_that_is_carried_along_keeps_its_second() {
    let listed = ["2026-11-25T02:00:07Z", "2026-11-25T02:00:41Z"].map(|delivered| Paper {
        title: "方案".into(),
        address: None,
        delivered_at: at(delivered),
    });
    let mut form = PapersForm::of(&listed, "Asia/Shanghai");
    form.papers.push(PaperForm {
        title: "说明".into(),
        address: String::new(),
        delivered_at: "2026-11-26T10:00".into(),
    });
    let kept = form.papers(&listed, "Asia/Shanghai").unwrap();
    assert_eq!(kept[..2], listed);
    assert_eq!(kept[2].delivered_at, at("2026-11-26T02:00:00Z"));
    // One that was changed is what was typed.
    form.papers[0].delivered_at = "2026-11-25T10:01".into();
    let kept = form.papers(&listed, "Asia/Shanghai").unwrap();
    assert_eq!(kept[0].delivered_at, at("2026-11-25T02:01:00Z"));
}
