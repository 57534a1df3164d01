//! What is known of a session and to whom, and what is on record of its seats.

use crate::offices::{assert_refused, faults};
use crate::sessions::{AFTER, DURING, Session, applicant, notice};
use crate::world::{Desk, World};
use backend::{Conflict, Error, Viewer, hearings};
use domain::hearings::{ApplicationNumber, ApplicationState, Fill, RawEntry};
use testing::on_both_databases;

on_both_databases! {
    staff_enter_whom_a_body_recommends_until_the_session_is_over,
    what_is_drawn_or_goes_by_arrival_is_entered_by_nobody,
    what_becomes_of_a_seat_without_staff_is_on_record,
    a_session_that_falls_with_its_consultation_has_changed,
    the_title_of_a_consultation_in_preparation_is_told_to_its_staff_alone,
    who_applied_to_a_session_that_never_began_is_forgotten_as_well,
}

async fn enter(
    session: &Session<'_>,
    category: &str,
    name: &str,
) -> Result<(ApplicationNumber, ApplicationState), Error> {
    let (moment, permit) = (&mut session.world.moment(), session.desk.moderate());
    let entry = RawEntry {
        category: category.into(),
        name: name.into(),
        contact: format!("{name}@example.org"),
    };
    let backend = &session.world.backend;
    hearings::enter(backend, moment, &permit, session.number, entry, "zh-Hans").await
}

/// The acts on record, newest first, with their subjects; who did them.
async fn record(world: &World, desk: &Desk) -> Vec<(String, String, bool)> {
    let rows = backend::audit::list(&world.backend, &desk.oversee(), None).await;
    let rows = rows.expect("it reads").items.into_iter();
    rows.map(|row| (row.act, row.subject, row.email.is_some()))
        .collect()
}

async fn staff_enter_whom_a_body_recommends_until_the_session_is_over(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[
        ("residents", 1, Fill::Draw),
        ("deputies", 2, Fill::Recommendation),
        ("experts", 1, Fill::Appointment),
    ]);
    let session = Session::prepared(world, &desk, number, &raw).await;
    assert_refused!(enter(&session, "deputies", "一").await, Error::NotFound);
    session.publish().await.unwrap();
    world.travel(DURING);
    let resident = session.apply("residents", "居民").await;
    session.accept(&resident).await;
    let volunteer = session.apply("deputies", "自荐").await;
    let (first, state) = enter(&session, "deputies", "一").await.unwrap();
    assert_eq!((first.serial, state), (3, ApplicationState::Chosen));
    let (act, subject, by_staff) = record(world, &desk).await.remove(0);
    assert_eq!(
        (act.as_str(), subject, by_staff),
        ("application.entered", first.to_string(), true)
    );
    assert_eq!(
        faults(enter(&session, "deputies", " 一").await),
        [("name".to_owned(), "taken")],
        "nobody is entered twice"
    );
    // After the list of those drawn is fixed, others are still reviewed and entered.
    world.travel(AFTER);
    session.freeze().await.unwrap();
    assert_eq!(session.accept(&volunteer).await, ApplicationState::Chosen);
    let (_, state) = enter(&session, "deputies", "二").await.unwrap();
    assert_eq!(state, ApplicationState::Reserve, "both seats are taken");
    let (_, state) = enter(&session, "experts", "专家").await.unwrap();
    assert_eq!(state, ApplicationState::Chosen);
    session.page().await;
    session.cancel().await.unwrap();
    assert_refused!(
        enter(&session, "experts", "三").await,
        Error::Conflict(Conflict::HearingOver)
    );
}

async fn what_is_drawn_or_goes_by_arrival_is_entered_by_nobody(world: &World) {
    let desk = world.desk("transport").await;
    let stranger = world.desk("housing").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[
        ("residents", 1, Fill::Draw),
        ("observers", 2, Fill::FirstCome),
        ("experts", 1, Fill::Appointment),
    ]);
    let session = Session::applying(world, &desk, number, &raw).await;
    for category in ["residents", "observers", "nobody"] {
        assert_eq!(
            faults(enter(&session, category, "一").await),
            [("category".to_owned(), "unknown")]
        );
    }
    assert_eq!(
        faults(enter(&session, "", " ").await),
        [("category", "required"), ("name", "required")].map(|(field, code)| (field.into(), code))
    );
    let (moment, permit) = (&mut world.moment(), stranger.moderate());
    let entry = RawEntry {
        category: "experts".into(),
        name: "一".into(),
        contact: "1@example.org".into(),
    };
    let theirs = hearings::enter(
        &world.backend,
        moment,
        &permit,
        session.number,
        entry,
        "zh-Hans",
    );
    assert_refused!(theirs.await, Error::NotFound);
    assert!(session.listed().await.is_empty());
}

async fn what_becomes_of_a_seat_without_staff_is_on_record(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let [first, second, third, fourth] = [
        session.apply("observers", "一").await,
        session.apply("observers", "二").await,
        session.apply("observers", "三").await,
        session.apply("observers", "四").await,
    ];
    session.withdraw(&first).await.unwrap();
    session.confirm(&second, false).await.unwrap();
    let other = applicant("observers", "别人", "三@example.org");
    session.edit(&third, other).await.unwrap();
    let rows = record(world, &desk).await;
    let rows: Vec<(&str, &str)> = rows
        .iter()
        .filter(|(act, ..)| act.starts_with("application."))
        .map(|(act, subject, by_staff)| {
            assert!(!by_staff, "{act}");
            (act.as_str(), subject.as_str())
        })
        .collect();
    let of = |receipt: &domain::hearings::ApplicationReceipt| receipt.number.to_string();
    assert_eq!(
        rows,
        [
            ("application.moved_up", of(&fourth).as_str()),
            ("application.seat_left", of(&third).as_str()),
            ("application.moved_up", of(&third).as_str()),
            ("application.declined", of(&second).as_str()),
            ("application.moved_up", of(&second).as_str()),
            ("application.withdrawn", of(&first).as_str()),
        ]
    );
}

async fn a_session_that_falls_with_its_consultation_has_changed(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let called_off = Session::applying(world, &desk, number, &raw).await;
    called_off.cancel().await.unwrap();
    let cancelled_at = world.now();
    world.travel(AFTER);
    let (moment, permit) = (&mut world.moment(), desk.approve());
    backend::consultations::withdraw(&world.backend, moment, &permit, number, "不再需要".into())
        .await
        .unwrap();
    let updated = [world.now(), cancelled_at];
    let of = |listed: Vec<domain::hearings::ListedHearing>, session: &Session<'_>| {
        let found = listed.into_iter().find(|one| one.id == session.number);
        found.expect("it is listed").updated_at
    };
    for (session, updated) in [(&session, updated[0]), (&called_off, updated[1])] {
        let (backend, now) = (&world.backend, world.now());
        let listed = hearings::list(backend, now, number, Viewer::Public).await;
        assert_eq!(of(listed.unwrap(), session), updated);
        let listed = hearings::of_unit(backend, now, "transport").await;
        assert_eq!(of(listed.unwrap(), session), updated);
    }
}

async fn the_title_of_a_consultation_in_preparation_is_told_to_its_staff_alone(world: &World) {
    let desk = world.desk("transport").await;
    let stranger = world.desk("housing").await;
    let number = world.consultation(&desk, "尚未公开的事项").await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let (own, other) = (desk.see(), stranger.see());
    for (viewer, title) in [
        (Viewer::Public, ""),
        (Viewer::Staff(&other), ""),
        (Viewer::Staff(&own), "尚未公开的事项"),
    ] {
        let found = hearings::find(&world.backend, world.now(), session.number, viewer).await;
        assert_eq!(found.unwrap().unwrap().consultation_title, title);
    }
}

async fn who_applied_to_a_session_that_never_began_is_forgotten_as_well(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = notice(&[("residents", 1, Fill::Draw)]);
    raw.starts_at = None;
    let session = Session::applying(world, &desk, number, &raw).await;
    let only = session.apply("residents", "一").await;
    let forget = async || {
        hearings::forget_old(&world.backend, &world.moment())
            .await
            .unwrap()
    };
    // Applications closed on 16 March.
    world.travel("2026-09-11T23:00:00Z");
    assert_eq!(forget().await, 0);
    world.travel("2026-09-12T01:00:00Z");
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0, "once");
    let own = session.own(&only).await;
    assert_eq!((own.name.as_str(), own.statement), ("", None));
    let listed = session.listed().await;
    assert!(listed[0].same_person.is_empty() && listed[0].name.is_empty());
}
