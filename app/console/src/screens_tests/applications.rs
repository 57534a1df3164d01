//! What the list of applications must say, keep and offer.

use super::sessions::{hearing, ticket};
use super::{ALL, wrong};
use crate::desk::Desk;
use crate::hearings::*;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::consultations::{Page, State};
use domain::hearings::{ApplicationState, Need, RawEntry, ReviewedApplication, SessionState};
use domain::problem::{Fault, Violations};
use domain::staff::Role;

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
        seen: at("2026-11-22T00:00:00Z"),
        mailable: false,
        undelivered: true,
        same_person: vec![ticket(2)],
        sat_in: vec!["2026-0003-h1".parse().unwrap()],
    }
}

pub(super) fn applications_of(
    desk: &Desk,
    decided: &Decided,
    wrong: Option<&Violations>,
) -> String {
    let items = vec![
        application(1, ApplicationState::Received),
        application(2, ApplicationState::Ineligible),
        application(3, ApplicationState::Withdrawn),
    ];
    listed(desk, items, decided, wrong)
}

fn listed(
    desk: &Desk,
    items: Vec<ReviewedApplication>,
    decided: &Decided,
    wrong: Option<&Violations>,
) -> String {
    let applications = Page {
        items,
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
            entry: &RawEntry {
                category: HOSTILE.into(),
                name: HOSTILE.into(),
                contact: HOSTILE.into(),
            },
            contact: Some((ticket(1), Some(HOSTILE))),
        },
    )
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
    let says = T(Lang::En).fault_reason_to_applicant();
    assert_eq!(html.matches(says).count(), 2, "above and at the field");
}

#[test]
fn deciding_on_what_is_ticked_is_offered_where_something_can_be() {
    let desk = desk(Lang::En, &[Role::Moderator]);
    let of = |state, decided: &Decided| listed(&desk, vec![application(3, state)], decided, None);
    let offered = |html: &str| html.contains("class=\"bulk\"");
    let nothing = Decided::default();
    assert!(offered(&of(ApplicationState::Received, &nothing)));
    assert!(!offered(&of(ApplicationState::Withdrawn, &nothing)));
    // What was typed before somebody else decided is not lost.
    let typed = Decided {
        ticked: [3].into(),
        reasons: [(3, "for this one".to_owned())].into(),
        reason: "for all".into(),
    };
    let html = of(ApplicationState::Withdrawn, &typed);
    assert!(html.contains("for all") && html.contains("for this one"));
}
