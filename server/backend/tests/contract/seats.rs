//! Seats and who has them: by arrival or by hand, through edits, refusals and withdrawals.

use crate::offices::assert_refused;
use crate::sessions::{AFTER, Session, applicant, notice};
use crate::world::World;
use backend::{Conflict, Error};
use domain::hearings::{ApplicationState, Fill, RawReview};
use testing::{meddle, on_both_databases};

on_both_databases! {
    an_edit_keeps_a_seat_in_its_category_and_loses_it_in_another,
    a_first_come_seat_cannot_be_handed_to_somebody_else,
    a_refusal_that_was_an_error_costs_nobody_their_turn,
    withdrawing_forgets_the_person_and_the_first_reserve_moves_up,
    seats_filled_by_hand_go_to_whom_staff_accept,
    names_are_published_only_with_consent,
    a_decision_on_an_application_that_has_changed_since_is_refused,
}

async fn an_edit_keeps_a_seat_in_its_category_and_loses_it_in_another(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[
        ("observers", 2, Fill::FirstCome),
        ("media", 1, Fill::FirstCome),
        ("residents", 1, Fill::Draw),
    ]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("observers", "一").await;
    let second = session.apply("observers", "二").await;
    let third = session.apply("observers", "三").await;
    let fourth = session.apply("observers", "四").await;
    let reporter = session.apply("media", "记者").await;
    assert_eq!(
        (first.state, third.state, fourth.reserve),
        (ApplicationState::Chosen, ApplicationState::Reserve, Some(2))
    );
    session.confirm(&first, true).await.unwrap();
    let own = session
        .edit(&first, applicant("observers", "一", "一@example.org"))
        .await
        .unwrap();
    assert_eq!(own.state, ApplicationState::Confirmed);
    // Going to a full category is to go behind who came before, and before who comes after.
    let own = session
        .edit(&first, applicant("media", "一", "1@example.org"))
        .await
        .unwrap();
    assert_eq!(
        (own.state, own.reserve),
        (ApplicationState::Reserve, Some(1))
    );
    assert_eq!(session.state(&third).await, ApplicationState::Chosen);
    let late = session.apply("media", "晚").await;
    assert_eq!(late.reserve, Some(2));
    // Coming back, likewise; and editing again keeps the place.
    for _ in 0..2 {
        let own = session
            .edit(&first, applicant("observers", "一", "1@example.org"))
            .await
            .unwrap();
        assert_eq!(
            (own.state, own.reserve),
            (ApplicationState::Reserve, Some(2))
        );
    }
    assert_eq!(session.own(&late).await.reserve, Some(1));
    // Into the draw: reviewed like everybody there.
    let own = session
        .edit(&second, applicant("residents", "二", "2@example.org"))
        .await
        .unwrap();
    assert_eq!((own.state, own.reserve), (ApplicationState::Received, None));
    assert_eq!(session.state(&fourth).await, ApplicationState::Chosen);
    assert_eq!(session.own(&first).await.reserve, Some(1));
    session.withdraw(&reporter).await.unwrap();
    assert_eq!(session.state(&late).await, ApplicationState::Chosen);
    session.page().await;
}

async fn a_first_come_seat_cannot_be_handed_to_somebody_else(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let [first, second, third, fourth] = [
        session.apply("observers", "一").await,
        session.apply("observers", "二").await,
        session.apply("observers", "三").await,
        session.apply("observers", "四").await,
    ];
    // Other words, another spelling of the same person: seat and place stay.
    let mut same = applicant("observers", " 一", "一@EXAMPLE.org");
    same.statement = Some("另有补充".into());
    let own = session.edit(&first, same).await.unwrap();
    assert_eq!(own.state, ApplicationState::Chosen);
    // Another name, or another contact: behind everybody, and the first reserve has the seat.
    let bought = applicant("observers", "买主", "一@example.org");
    let own = session.edit(&first, bought).await.unwrap();
    assert_eq!(
        (own.state, own.reserve),
        (ApplicationState::Reserve, Some(2))
    );
    assert_eq!(session.state(&third).await, ApplicationState::Chosen);
    let moved = applicant("observers", "四", "5@example.org");
    assert_eq!(session.edit(&fourth, moved).await.unwrap().reserve, Some(2));
    assert_eq!(session.own(&first).await.reserve, Some(1));
    // With nobody behind, the seat is the new person's like anybody's.
    session.withdraw(&first).await.unwrap();
    session.withdraw(&fourth).await.unwrap();
    let moved = applicant("observers", "二", "2@example.org");
    let own = session.edit(&second, moved).await.unwrap();
    assert_eq!(own.state, ApplicationState::Chosen);
    // What was refused comes back at the end as well, if it is somebody else's.
    session.refuse(&third).await;
    let late = session.apply("observers", "晚").await;
    assert_eq!(late.state, ApplicationState::Chosen);
    let last = session.apply("observers", "末").await;
    let other = applicant("observers", "另一人", "三@example.org");
    session.edit(&third, other).await.unwrap();
    session.accept(&third).await;
    assert_eq!(session.own(&third).await.reserve, Some(2));
    assert_eq!(session.own(&last).await.reserve, Some(1));
    session.page().await;
}

async fn a_refusal_that_was_an_error_costs_nobody_their_turn(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("observers", "一").await;
    let second = session.apply("observers", "二").await;
    let third = session.apply("observers", "三").await;
    session.refuse(&first).await;
    assert_eq!(session.state(&second).await, ApplicationState::Chosen);
    assert_eq!(session.accept(&first).await, ApplicationState::Reserve);
    assert_eq!(session.own(&first).await.reserve, Some(1));
    assert_eq!(session.own(&third).await.reserve, Some(2));
    let places: Vec<_> = session
        .listed()
        .await
        .iter()
        .map(|one| one.reserve)
        .collect();
    assert_eq!(places, [Some(1), None, Some(2)], "staff see the same");
    session.withdraw(&second).await.unwrap();
    assert_eq!(session.state(&first).await, ApplicationState::Chosen);
    // What was refused and put right waits for review: no seat comes back by an edit alone.
    session.refuse(&first).await;
    let edited = applicant("observers", "一", "1@example.org");
    let own = session.edit(&first, edited).await.unwrap();
    assert_eq!(own.state, ApplicationState::Received);
    assert_eq!(session.page().await.seats[0].waiting, 1);
}

async fn withdrawing_forgets_the_person_and_the_first_reserve_moves_up(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("observers", "朱小明").await;
    let second = session.apply("observers", "李四").await;
    let own = session.withdraw(&first).await.unwrap();
    assert_eq!(own.state, ApplicationState::Withdrawn);
    assert_eq!(
        (
            own.name.as_str(),
            own.contact.as_str(),
            own.district,
            own.statement
        ),
        ("", "", None, None)
    );
    assert_eq!(session.state(&second).await, ApplicationState::Chosen);
    let seats = &session.page().await.seats[0];
    assert_eq!(
        (seats.applications, seats.withdrawn, seats.seated),
        (2, 1, 1)
    );
    assert_refused!(
        session.withdraw(&first).await,
        Error::Conflict(Conflict::AlreadyWithdrawn)
    );
    let accept = RawReview {
        eligible: true,
        reason: None,
        seen: None,
    };
    assert_refused!(
        session.review(first.number, accept).await,
        Error::Conflict(Conflict::AlreadyWithdrawn)
    );
    let kept = session.listed().await.remove(0);
    assert_eq!((kept.name.as_str(), kept.same_person.len()), ("", 0));
    // Nothing by which the name could be checked is left: this would break a rule of the table.
    meddle(
        &world.url,
        "update application set serial = null where state = 'withdrawn' and (name is not null
            or contact is not null or contact_key is not null or name_key is not null
            or district is not null or statement is not null or length(request_hash) > 0)",
    )
    .await;
}

async fn seats_filled_by_hand_go_to_whom_staff_accept(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[
        ("deputies", 1, Fill::Recommendation),
        ("residents", 1, Fill::Draw),
    ]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("deputies", "代表甲").await;
    let second = session.apply("deputies", "代表乙").await;
    let resident = session.apply("residents", "朱小明").await;
    assert_eq!(first.state, ApplicationState::Received);
    assert_eq!(session.accept(&second).await, ApplicationState::Chosen);
    assert_eq!(session.accept(&second).await, ApplicationState::Chosen);
    assert_eq!(session.accept(&first).await, ApplicationState::Reserve);
    session.accept(&resident).await;
    world.travel(AFTER);
    session.freeze().await.unwrap();
    let refused = session.review(resident.number, RawReview::default());
    assert!(matches!(refused.await, Err(Error::Invalid(_))));
    let refusal = RawReview {
        eligible: false,
        reason: Some("重复".into()),
        seen: None,
    };
    assert_refused!(
        session.review(resident.number, refusal).await,
        Error::Conflict(Conflict::ListFrozen)
    );
    assert_eq!(
        session.refuse(&second).await,
        ApplicationState::Ineligible,
        "the list is about what is drawn"
    );
    assert_eq!(session.state(&first).await, ApplicationState::Chosen);
}

async fn names_are_published_only_with_consent(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 3, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let mut open = applicant("observers", "朱小明", "1@example.org");
    open.publish_name = true;
    let open = session.send(open, "open").await.unwrap();
    let hidden = session.apply("observers", "李四").await;
    session.confirm(&hidden, true).await.unwrap();
    assert!(session.page().await.participants.is_empty());
    world.travel(AFTER);
    let list: Vec<_> = session
        .page()
        .await
        .participants
        .into_iter()
        .map(|one| (one.ticket, one.name, one.confirmed))
        .collect();
    assert_eq!(
        list,
        [
            (open.number, Some("朱小明".to_owned()), false),
            (hidden.number, None, true)
        ]
    );
}

async fn a_decision_on_an_application_that_has_changed_since_is_refused(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("residents", "一").await;
    session.apply("residents", "二").await;
    let review = |seen| RawReview {
        eligible: true,
        reason: None,
        seen,
    };
    let seen = Some(session.listed().await[0].seen);
    world.pass_seconds(60);
    let edited = applicant("residents", "一", "一@example.org");
    session.edit(&first, edited).await.unwrap();
    assert_refused!(
        session.review(first.number, review(seen)).await,
        Error::Conflict(Conflict::ChangedSince)
    );
    assert_eq!(session.state(&first).await, ApplicationState::Received);
    let seen = Some(session.listed().await[0].seen);
    let reviewed = session.review(first.number, review(seen)).await;
    assert_eq!(reviewed.unwrap(), ApplicationState::Eligible);
    // A script that does not say what it saw decides on what is there.
    session.review(first.number, review(None)).await.unwrap();
}
