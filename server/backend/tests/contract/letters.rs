//! Letters: who is told of what, once; who sends them, and what becomes of one that fails.

use crate::sessions::{AFTER, DURING, LATER, Session, applicant, code, notice};
use crate::world::{Desk, SECRET, World};
use backend::{Backend, Keys, Moment, hearings, notify};
use domain::hearings::{ApplicationReceipt, Fill, RawMinutes};
use domain::notify::{LetterKind, Letters};
use testing::{meddle, on_both_databases};

on_both_databases! {
    a_seat_is_told_by_letter_and_nothing_that_the_applicant_did,
    who_gave_no_address_is_counted_to_be_called,
    what_passed_for_an_address_before_is_told_to_the_staff,
    the_draw_tells_the_chosen_and_the_reserves,
    a_change_of_time_or_place_is_told_to_who_hopes_to_come,
    calling_off_is_told_also_with_the_consultation,
    after_the_session_each_hears_what_concerns_them,
    two_processes_send_each_letter_once,
    a_letter_that_fails_is_tried_again_and_then_given_up,
    what_is_over_is_not_sent,
}

/// Takes every letter that is due, as who sends them does: kind, address and serial.
async fn take(world: &World) -> Vec<(LetterKind, String, i64)> {
    let mut taken = Vec::new();
    while let Some(due) = notify::next(&world.backend, &world.moment()).await.unwrap() {
        notify::sent(&world.backend, &world.moment(), &due)
            .await
            .unwrap();
        taken.push((due.kind, due.to.clone(), due.application.number.serial));
    }
    taken
}

async fn figures(session: &Session<'_>, desk: &Desk) -> Letters {
    notify::figures(&session.world.backend, &desk.see(), session.number)
        .await
        .unwrap()
}

/// Applies with an address of the mail.
async fn apply(session: &Session<'_>, category: &str, who: &str) -> ApplicationReceipt {
    let raw = applicant(category, who, &format!("{who}@example.org"));
    session.send(raw, who).await.unwrap()
}

fn minutes() -> RawMinutes {
    RawMinutes {
        attendance: "应到三人，实到三人。".into(),
        ..RawMinutes::default()
    }
}

async fn a_seat_is_told_by_letter_and_nothing_that_the_applicant_did(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let seats = notice(&[
        ("residents", 1, Fill::FirstCome),
        ("experts", 1, Fill::Appointment),
    ]);
    let session = Session::applying(world, &desk, number, &seats).await;
    let first = apply(&session, "residents", "a").await;
    let second = apply(&session, "residents", "b").await;
    let expert = apply(&session, "experts", "c").await;
    let other = apply(&session, "experts", "d").await;
    // Who applied saw where they stand.
    assert_eq!(take(world).await, []);
    session.accept(&expert).await;
    session.refuse(&other).await;
    // Said twice, told once.
    session.refuse(&other).await;
    session.withdraw(&first).await.unwrap();
    assert_eq!(
        take(world).await,
        [
            (
                LetterKind::Stands,
                "c@example.org".into(),
                expert.number.serial
            ),
            (
                LetterKind::Stands,
                "d@example.org".into(),
                other.number.serial
            ),
            (
                LetterKind::Stands,
                "b@example.org".into(),
                second.number.serial
            ),
        ]
    );
    assert_eq!(take(world).await, []);
    assert_eq!(figures(&session, &desk).await.sent, 3);
}

async fn who_gave_no_address_is_counted_to_be_called(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let seats = notice(&[("experts", 2, Fill::Appointment)]);
    let session = Session::applying(world, &desk, number, &seats).await;
    let phone = applicant("experts", "一", "13800000001");
    let phone = session.send(phone, "phone").await.unwrap();
    let mailed = apply(&session, "experts", "b").await;
    session.accept(&phone).await;
    assert_eq!(take(world).await, []);
    let letters = figures(&session, &desk).await;
    assert_eq!((letters.sent, letters.without_address), (0, 1));
    let listed: Vec<_> = session
        .listed()
        .await
        .iter()
        .map(|one| one.mailable)
        .collect();
    assert_eq!(listed, [false, true]);
    // With an address, the next letter finds them.
    session
        .edit(
            &phone,
            applicant("experts", "一", "一 13800000001，li@example.org"),
        )
        .await
        .unwrap();
    session.accept(&phone).await;
    session.withdraw(&mailed).await.unwrap();
    let told = take(world).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].1, "li@example.org");
    assert_eq!(figures(&session, &desk).await.without_address, 0);
    // Another unit's staff read zeros of what is not theirs.
    let stranger = world.desk("water").await;
    assert_eq!(figures(&session, &stranger).await, Letters::default());
}

async fn the_draw_tells_the_chosen_and_the_reserves(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = Session::applying(
        world,
        &desk,
        number,
        &notice(&[("residents", 1, Fill::Draw)]),
    )
    .await;
    let mut receipts = Vec::new();
    for who in ["a", "b", "c"] {
        let receipt = apply(&session, "residents", who).await;
        session.accept(&receipt).await;
        receipts.push(receipt);
    }
    // To be in a draw is not to have anything yet.
    assert_eq!(take(world).await, []);
    world.travel(AFTER);
    session.freeze().await.unwrap();
    session.draw("07 11 23").await.unwrap();
    let mut told: Vec<i64> = take(world)
        .await
        .into_iter()
        .map(|(_, _, serial)| serial)
        .collect();
    told.sort_unstable();
    assert_eq!(told, [1, 2, 3]);
}

async fn a_change_of_time_or_place_is_told_to_who_hopes_to_come(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("experts", 2, Fill::Appointment)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let hopes = apply(&session, "experts", "a").await;
    let refused = apply(&session, "experts", "b").await;
    session.refuse(&refused).await;
    take(world).await;
    let change = async |edit: fn(&mut domain::hearings::RawHearing)| {
        let mut raw = raw.clone();
        edit(&mut raw);
        let (moment, permit) = (&mut world.moment(), desk.amend());
        let notice = raw.parse().unwrap();
        hearings::update(&world.backend, moment, &permit, session.number, notice)
            .await
            .unwrap();
    };
    change(|raw| raw.bring = Some("身份证".into())).await;
    assert_eq!(take(world).await, []);
    change(|raw| raw.place = Some("区政府二楼".into())).await;
    assert_eq!(
        take(world).await,
        [(
            LetterKind::Changed,
            "a@example.org".into(),
            hopes.number.serial
        )]
    );
}

async fn calling_off_is_told_also_with_the_consultation(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let one = Session::applying(world, &desk, number, &raw).await;
    let two = Session::applying(world, &desk, number, &raw).await;
    let held = Session::applying(world, &desk, number, &raw).await;
    for (session, who) in [(&one, "a"), (&two, "b"), (&held, "c")] {
        apply(session, "observers", who).await;
    }
    one.cancel().await.unwrap();
    let told = take(world).await;
    assert_eq!(told, [(LetterKind::Cancelled, "a@example.org".into(), 1)]);
    world.travel(LATER);
    held.minutes(&minutes()).await.unwrap();
    take(world).await;
    let (moment, permit) = (&mut world.moment(), desk.approve());
    backend::consultations::withdraw(&world.backend, moment, &permit, number, "不再推进".into())
        .await
        .unwrap();
    let told = take(world).await;
    assert_eq!(told, [(LetterKind::Cancelled, "b@example.org".into(), 1)]);
}

async fn after_the_session_each_hears_what_concerns_them(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let seated = apply(&session, "observers", "a").await;
    apply(&session, "observers", "b").await;
    world.travel(LATER);
    let mut raw = minutes();
    raw.corrections_until = Some("2026-05-01T00:00:00Z".parse().unwrap());
    session.minutes(&raw).await.unwrap();
    let to = |told: Vec<(LetterKind, String, i64)>| -> Vec<(LetterKind, i64)> {
        told.into_iter()
            .map(|(kind, _, serial)| (kind, serial))
            .collect()
    };
    assert_eq!(to(take(world).await), [(LetterKind::Minutes, 1)]);
    let (backend, moment) = (&world.backend, &mut world.moment());
    hearings::own::confirm_minutes(backend, moment, &code(&seated), Some("错了"))
        .await
        .unwrap();
    assert_eq!(take(world).await, []);
    session.answer(&seated, true, "更正。", None).await.unwrap();
    assert_eq!(to(take(world).await), [(LetterKind::Correction, 1)]);
    hearings::publish_report(
        backend,
        &mut world.moment(),
        &desk.approve(),
        session.number,
        "报告",
    )
    .await
    .unwrap();
    // Who was not chosen hears what came of it, too.
    assert_eq!(
        to(take(world).await),
        [(LetterKind::Report, 1), (LetterKind::Report, 2)]
    );
    let texts = domain::feedback::NewFeedback {
        asked: "问".into(),
        heard: "听".into(),
        changed: "改".into(),
        new_version: None,
    };
    backend::feedback::publish(backend, &mut world.moment(), &desk.approve(), number, texts)
        .await
        .unwrap();
    assert_eq!(
        to(take(world).await),
        [(LetterKind::Answered, 1), (LetterKind::Answered, 2)]
    );
}

async fn what_passed_for_an_address_before_is_told_to_the_staff(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 5, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let slip = applicant("observers", "一", "zhu,hao@example.org");
    session.send(slip, "a").await.unwrap();
    session.cancel().await.unwrap();
    assert_eq!(figures(&session, &desk).await.waiting, 0, "nobody is told");
    let other = Session::applying(world, &desk, number, &raw).await;
    let slip = applicant("observers", "一", "zhu,hao@example.org");
    other.send(slip, "b").await.unwrap();
    meddle(&world.url, "update application set mailable = 1").await;
    other.cancel().await.unwrap();
    assert_eq!(take(world).await, [], "and nobody else");
    let letters = figures(&other, &desk).await;
    assert_eq!((letters.waiting, letters.failed), (0, 1));
}

async fn two_processes_send_each_letter_once(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 50, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    for n in 0..40 {
        apply(&session, "observers", &format!("a{n}")).await;
    }
    session.cancel().await.unwrap();
    let other = Backend::open(&world.url, Keys::from_secret(&SECRET))
        .await
        .unwrap();
    let (here, there) = tokio::join!(drain(&world.backend, world), drain(&other, world));
    let mut serials = [here, there].concat();
    serials.sort_unstable();
    assert_eq!(serials, (1..=40).collect::<Vec<i64>>());
    other.close().await;
}

async fn drain(backend: &Backend, world: &World) -> Vec<i64> {
    let mut serials = Vec::new();
    while let Some(due) = notify::next(backend, &world.moment()).await.unwrap() {
        serials.push(due.application.number.serial);
        notify::sent(backend, &world.moment(), &due).await.unwrap();
        tokio::task::yield_now().await;
    }
    serials
}

async fn a_letter_that_fails_is_tried_again_and_then_given_up(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    apply(&session, "observers", "a").await;
    apply(&session, "observers", "b").await;
    session.cancel().await.unwrap();
    let next = async |moment: &Moment| notify::next(&world.backend, moment).await.unwrap();
    let first = next(&world.moment()).await.unwrap();
    let second = next(&world.moment()).await.unwrap();
    // Both are claimed; who claims dies, and after a while another takes over.
    assert!(next(&world.moment()).await.is_none());
    assert_eq!(figures(&session, &desk).await.waiting, 2);
    let refused = notify::failed(&world.backend, &world.moment(), &second, "550", true).await;
    assert!(!refused.unwrap(), "a refusal is for good");
    world.travel("2026-03-03T00:11:00Z");
    let taken_over = next(&world.moment()).await.unwrap();
    assert_eq!((taken_over.id, taken_over.attempt), (first.id, 2));
    // Who had it before says nothing any more.
    notify::sent(&world.backend, &world.moment(), &first)
        .await
        .unwrap();
    assert_eq!(figures(&session, &desk).await.sent, 0);
    let mut due = taken_over;
    let mut now = world.now();
    let mut attempts = 0;
    while notify::failed(
        &world.backend,
        &Moment::new(now, [1; 32]),
        &due,
        "unreachable",
        false,
    )
    .await
    .unwrap()
    {
        attempts += 1;
        assert!(
            next(&Moment::new(now, [1; 32])).await.is_none(),
            "not at once"
        );
        now += jiff_hours(30);
        due = next(&Moment::new(now, [1; 32])).await.expect("tried again");
    }
    assert_eq!(attempts, 6);
    let letters = figures(&session, &desk).await;
    assert_eq!((letters.waiting, letters.sent, letters.failed), (0, 0, 2));
    let undelivered: Vec<bool> = session
        .listed()
        .await
        .iter()
        .map(|one| one.undelivered)
        .collect();
    assert_eq!(undelivered, [true, true]);
    // What is known of letters is forgotten like contact data.
    let later = Moment::new(now + jiff_hours(181 * 24), [1; 32]);
    assert_eq!(notify::forget_old(&world.backend, &later).await.unwrap(), 2);
    assert_eq!(figures(&session, &desk).await.failed, 0);
}

fn jiff_hours(hours: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(hours).unwrap() * 3600)
}

async fn what_is_over_is_not_sent(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let seats = notice(&[("experts", 2, Fill::Appointment)]);
    let session = Session::applying(world, &desk, number, &seats).await;
    let gone = apply(&session, "experts", "a").await;
    let stays = apply(&session, "experts", "b").await;
    session.accept(&gone).await;
    session.accept(&stays).await;
    session.withdraw(&gone).await.unwrap();
    let told = take(world).await;
    assert_eq!(
        told.len(),
        1,
        "nothing is known any more of who took it back"
    );
    let letters = figures(&session, &desk).await;
    assert_eq!((letters.waiting, letters.sent, letters.failed), (0, 1, 0));
    // What the sender finds to be over is dropped and never comes again.
    session.withdraw(&stays).await.unwrap();
    world.travel(DURING);
    let third = apply(&session, "experts", "c").await;
    session.accept(&third).await;
    let due = notify::next(&world.backend, &world.moment())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(due.hearing(), session.number);
    assert_eq!((due.lang.as_str(), due.receipt), ("zh-Hans", code(&third)));
    notify::drop_moot(&world.backend, &world.moment(), &due)
        .await
        .unwrap();
    assert_eq!(take(world).await, []);
    assert_eq!(figures(&session, &desk).await.failed, 0);
}
