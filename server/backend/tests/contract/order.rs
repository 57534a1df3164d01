//! What of a session comes first: it begins before its minutes, and they come before the feedback that
//! answers them.

use crate::minutes::{minutes, publish_feedback, took_place};
use crate::offices::assert_refused;
use crate::sessions::{DURING, LATER, STARTS, Session, notice};
use crate::world::World;
use backend::{Conflict, Error};
use domain::hearings::{Fill, SessionKind};
use testing::on_both_databases;

on_both_databases! {
    minutes_are_published_once_the_session_has_begun,
    feedback_waits_for_a_session_that_is_announced,
}

async fn minutes_are_published_once_the_session_has_begun(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = took_place(world, &desk, number).await;
    world.travel("2026-04-10T00:59:59Z");
    assert_refused!(
        session.minutes(&minutes(None)).await,
        Error::Conflict(Conflict::NotBegun)
    );
    world.travel(STARTS);
    session.minutes(&minutes(None)).await.unwrap();
}

async fn feedback_waits_for_a_session_that_is_announced(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let held = took_place(world, &desk, number).await;
    let mut meeting = notice(&[("observers", 1, Fill::FirstCome)]);
    meeting.kind = SessionKind::Observation;
    world.travel(DURING);
    Session::applying(world, &desk, number, &meeting).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let called_off = Session::applying(world, &desk, number, &raw).await;
    Session::prepared(world, &desk, number, &raw).await;
    world.travel(LATER);
    let waits = async || match publish_feedback(world, &desk, number).await {
        Err(Error::Conflict(Conflict::SessionsToCome(sessions))) => sessions,
        other => panic!("sessions are to come: {other:?}"),
    };
    assert_eq!(waits().await, [held.number, called_off.number]);
    called_off.cancel().await.unwrap();
    assert_eq!(waits().await, [held.number]);
    // Its statements are points that the feedback has to answer.
    held.minutes(&minutes(None)).await.unwrap();
    assert_refused!(
        publish_feedback(world, &desk, number).await,
        Error::Conflict(Conflict::Unanswered { .. })
    );
}
