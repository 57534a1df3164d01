//! A session and the applications to it: notice, periods, reviews, rights.

use crate::offices::{assert_refused, faults};
use crate::sessions::{AFTER, CLOSES, DURING, OPENS, Session, applicant, code, notice};
use crate::world::{World, at, clause, comment};
use backend::{Conflict, Error, Viewer, consultations, hearings, polls, receipts};
use domain::comments::RawPoint;
use domain::hearings::{ApplicationState, Fill, Need, RawReview, SessionKind, SessionState};
use domain::receipts::ReceiptCode;
use testing::on_both_databases;

on_both_databases! {
    a_notice_whose_seats_do_not_add_up_is_not_published_and_says_so_by_field,
    what_is_in_preparation_or_never_was_public_is_nobodys_business,
    after_publication_only_the_day_itself_may_change,
    applications_are_taken_only_in_their_period,
    sending_twice_makes_one_application_and_gives_the_same_receipt,
    an_application_keeps_all_that_was_given_and_hides_the_contact,
    who_does_not_meet_the_conditions_reads_why_and_may_put_it_right,
    applications_of_one_person_are_shown_beside_each_other,
    who_sat_in_an_earlier_session_is_pointed_out_within_the_cooldown,
    staff_of_another_unit_find_nothing,
    a_session_falls_with_its_consultation,
    a_receipt_opens_only_what_it_was_given_for,
    observed_meetings_are_counted_by_year,
}

async fn a_notice_whose_seats_do_not_add_up_is_not_published_and_says_so_by_field(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    // As a real notice had it: 18 announced, 16 and two observers in its list.
    let mut raw = notice(&[
        ("consumers", 7, Fill::Draw),
        ("operators", 9, Fill::Recommendation),
        ("observers", 2, Fill::FirstCome),
    ]);
    raw.categories[2].in_total = None;
    assert_eq!(raw.total, 18);
    let session = Session::prepared(world, &desk, number, &raw).await;
    assert_eq!(
        faults(session.publish().await),
        [("total".to_owned(), "seats_do_not_add_up")]
    );
    let found = hearings::find(&world.backend, world.now(), session.number, Viewer::Public).await;
    assert!(found.unwrap().is_none(), "it is not public");
    raw.total = 16;
    let update = async |raw: &domain::hearings::RawHearing| {
        let notice = raw.parse().unwrap();
        let moment = &mut world.moment();
        hearings::update(
            &world.backend,
            moment,
            &desk.amend(),
            session.number,
            notice,
        )
        .await
    };
    update(&raw).await.unwrap();
    session.publish().await.unwrap();
    let page = session.page().await;
    assert_eq!(
        (page.state, page.notice.seats_in_total()),
        (SessionState::Announced, 16)
    );
    assert_refused!(
        session.publish().await,
        Error::Conflict(Conflict::HearingPublished)
    );
}

async fn what_is_in_preparation_or_never_was_public_is_nobodys_business(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let seats = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::prepared(world, &desk, number, &seats).await;
    world.travel(DURING);
    let send = async || {
        let raw = applicant("residents", "朱小明", "13800000000");
        session.send(raw, "k").await
    };
    let listed = async |viewer: Viewer<'_>| {
        let list = hearings::list(&world.backend, world.now(), number, viewer).await;
        list.unwrap().len()
    };
    assert_refused!(send().await, Error::NotFound);
    assert_eq!(listed(Viewer::Public).await, 0);
    assert_eq!(listed(Viewer::Staff(&desk.see())).await, 1);
    session.cancel().await.unwrap();
    assert_refused!(send().await, Error::NotFound);
    assert_eq!(listed(Viewer::Public).await, 0);
    assert_refused!(
        session.publish().await,
        Error::Conflict(Conflict::HearingOver)
    );
}

async fn after_publication_only_the_day_itself_may_change(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let update = async |raw: &domain::hearings::RawHearing| {
        let notice = raw.parse().unwrap();
        let moment = &mut world.moment();
        hearings::update(
            &world.backend,
            moment,
            &desk.amend(),
            session.number,
            notice,
        )
        .await
    };
    raw.place = Some("图书馆".into());
    raw.starts_at = Some(at("2026-04-20T01:00:00Z"));
    update(&raw).await.unwrap();
    let page = session.page().await;
    assert_eq!(page.notice.place.as_deref(), Some("图书馆"));
    raw.categories[0].quota = 3;
    raw.total = 3;
    assert_refused!(
        update(&raw).await,
        Error::Conflict(Conflict::HearingPublished)
    );
    session.cancel().await.unwrap();
    let page = session.page().await;
    assert_eq!(page.state, SessionState::Cancelled);
    assert_eq!(page.cancelled_reason.as_deref(), Some("改期"));
    assert_refused!(update(&raw).await, Error::Conflict(Conflict::HearingOver));
}

async fn applications_are_taken_only_in_their_period(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::prepared(world, &desk, number, &raw).await;
    session.publish().await.unwrap();
    let send = async |key: &str| {
        let raw = applicant("residents", "朱小明", "13800000000");
        session.send(raw, key).await
    };
    assert_refused!(send("early").await, Error::Conflict(Conflict::NotApplying));
    world.travel(OPENS);
    assert!(session.page().await.is_open());
    send("first").await.unwrap();
    let wrong = session.send(applicant("nobody", " ", ""), "wrong").await;
    assert_eq!(
        faults(wrong),
        [
            ("category".to_owned(), "unknown"),
            ("name".to_owned(), "required"),
            ("contact".to_owned(), "required")
        ]
    );
    world.travel(CLOSES);
    assert_refused!(send("late").await, Error::Conflict(Conflict::NotApplying));
    send("first").await.expect("it came in time");
    assert_eq!(session.page().await.seats[0].applications, 1);
}

async fn sending_twice_makes_one_application_and_gives_the_same_receipt(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let once = applicant("residents", "朱小明", "13800000000");
    let first = session.send(once.clone(), "k").await.unwrap();
    assert_eq!(first.number.to_string(), format!("{}-0001", session.number));
    world.pass_seconds(5);
    let again = session.send(once.clone(), "k").await.unwrap();
    assert_eq!(again, first);
    let other = applicant("residents", "朱小红", "13800000000");
    assert_refused!(
        session.send(other, "k").await,
        Error::Conflict(Conflict::KeyReused)
    );
    assert_eq!(session.page().await.seats[0].applications, 1);
    session.withdraw(&first).await.unwrap();
    assert_refused!(
        session.send(once, "k").await,
        Error::Conflict(Conflict::AlreadyWithdrawn)
    );
}

async fn an_application_keeps_all_that_was_given_and_hides_the_contact(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let point = RawPoint {
        clause: Some(clause(&draft, "第三条").to_string()),
        text: "推迟施行".into(),
        proposed: None,
    };
    let full = domain::hearings::RawApplication {
        needs: vec!["sign_language".into(), "step_free".into()],
        needs_note: Some("轮椅".into()),
        points: vec![point.clone()],
        publish_name: true,
        ..applicant("residents", "朱小明", "138-0000-0000")
    };
    let receipt = session.send(full.clone(), "k").await.unwrap();
    let own = session.own(&receipt).await;
    assert_eq!(
        (own.name.as_str(), own.contact.as_str(), own.publish_name),
        ("朱小明", "138-0000-0000", true)
    );
    assert_eq!(own.needs, [Need::StepFree, Need::SignLanguage]);
    assert_eq!((own.points, own.editable), (vec![point.clone()], true));
    let listed = session.listed().await;
    assert_eq!(listed[0].points, [point]);
    assert_eq!(listed[0].needs_note.as_deref(), Some("轮椅"));
    let (moment, permit) = (&mut world.moment(), desk.moderate());
    let contact = hearings::contact(&world.backend, moment, &permit, receipt.number).await;
    assert_eq!(contact.unwrap().as_deref(), Some("138-0000-0000"));
    let record = backend::audit::list(&world.backend, &desk.oversee(), None).await;
    assert_eq!(record.unwrap().items[0].act, "application.contact_read");
    // A clause that the draft does not have is named as every other fault.
    let mut stray = full;
    stray.points[0].clause = Some(domain::id::ClauseId(Default::default()).to_string());
    assert_eq!(
        faults(session.send(stray, "stray").await),
        [("points.0.clause".to_owned(), "unknown_clause")]
    );
}

async fn who_does_not_meet_the_conditions_reads_why_and_may_put_it_right(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 2, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let receipt = session.apply("residents", "朱小明").await;
    let without_reason = RawReview {
        reason: Some(" ".into()),
        ..RawReview::default()
    };
    assert_eq!(
        faults(session.review(receipt.number, without_reason).await),
        [("reason".to_owned(), "required")]
    );
    assert_eq!(session.refuse(&receipt).await, ApplicationState::Ineligible);
    let own = session.own(&receipt).await;
    assert_eq!(own.reason.as_deref(), Some("不在本区居住"));
    assert!(own.editable, "it may be put right");
    let right = applicant("residents", "朱小明", "13800000000");
    let own = session.edit(&receipt, right.clone()).await.unwrap();
    assert_eq!((own.state, own.reason), (ApplicationState::Received, None));
    assert_eq!(session.accept(&receipt).await, ApplicationState::Eligible);
    assert_eq!(session.page().await.seats[0].eligible, 1);
    world.travel(AFTER);
    assert!(!session.own(&receipt).await.editable);
    assert_refused!(
        session.edit(&receipt, right).await,
        Error::Conflict(Conflict::NotEditable)
    );
}

async fn applications_of_one_person_are_shown_beside_each_other(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 2, Fill::Draw), ("media", 1, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    for (key, category, name, contact) in [
        ("a", "residents", "欧阳小明", "138 0013 8000"),
        ("b", "media", "欧阳·小明", "ouyang@example.org"),
        ("c", "residents", "李四", "+86 138-0013-8000"),
        ("d", "residents", "王五", "13900000000"),
    ] {
        let raw = applicant(category, name, contact);
        session.send(raw, key).await.expect("nobody is dropped");
    }
    let same: Vec<Vec<i64>> = session
        .listed()
        .await
        .into_iter()
        .map(|one| one.same_person.iter().map(|n| n.serial).collect())
        .collect();
    assert_eq!(same, [vec![2, 3], vec![1], vec![1], vec![]]);
}

async fn who_sat_in_an_earlier_session_is_pointed_out_within_the_cooldown(world: &World) {
    let desk = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (number, _) = world.open_consultation(&desk).await;
    let (elsewhere, _) = world.open_consultation(&other).await;
    let seats = [("residents", 1, Fill::FirstCome)];
    let mut sat = Vec::new();
    for (desk, number) in [(&desk, number), (&other, elsewhere), (&desk, number)] {
        world.travel("2026-03-01T00:00:00Z");
        world.pass_seconds(sat.len() as i64);
        let session = Session::applying(world, desk, number, &notice(&seats)).await;
        session.apply("residents", "听证专业户").await;
        session.apply("residents", "朱小明").await;
        sat.push(session.number);
    }
    world.travel("2026-03-01T00:01:00Z");
    let sat_in = async |cooldown: i64| {
        let mut raw = notice(&seats);
        raw.cooldown = cooldown;
        let session = Session::applying(world, &desk, number, &raw).await;
        session.apply("residents", "听证专业户").await;
        session.apply("residents", "朱小明").await;
        let listed = session.listed().await;
        // Each look must see the same past.
        session.cancel().await.unwrap();
        world.travel("2026-03-01T00:01:00Z");
        [listed[0].sat_in.clone(), listed[1].sat_in.clone()]
    };
    let professional = [sat[2], sat[0]];
    assert_eq!(sat_in(0).await, [vec![], vec![]]);
    assert_eq!(
        sat_in(1).await,
        [vec![professional[0]], vec![]],
        "a reserve did not sit, and another unit's sessions are its own"
    );
    assert_eq!(sat_in(5).await, [professional.to_vec(), vec![]]);
}

async fn staff_of_another_unit_find_nothing(world: &World) {
    let desk = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("residents", 1, Fill::Draw)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let receipt = session.apply("residents", "朱小明").await;
    let stranger = Session {
        world,
        desk: &other,
        number: session.number,
    };
    let parsed = raw.parse().unwrap();
    let moment = &mut world.moment();
    let backend = &world.backend;
    let edit = other.edit();
    assert_refused!(
        hearings::create(backend, moment, &edit, number, parsed.clone()).await,
        Error::NotFound
    );
    assert_refused!(
        hearings::update(backend, moment, &other.amend(), session.number, parsed).await,
        Error::NotFound
    );
    assert_refused!(stranger.publish().await, Error::NotFound);
    assert_refused!(stranger.cancel().await, Error::NotFound);
    let accept = RawReview {
        eligible: true,
        ..RawReview::default()
    };
    assert_refused!(
        stranger.review(receipt.number, accept).await,
        Error::NotFound
    );
    let all = hearings::ApplicationFilter::default();
    let read = hearings::applications(backend, &other.see(), session.number, &all).await;
    assert_refused!(read, Error::NotFound);
    let read = hearings::corrections(backend, &other.see(), session.number).await;
    assert_refused!(read, Error::NotFound);
    let read = hearings::contact(backend, moment, &other.moderate(), receipt.number).await;
    assert_refused!(read, Error::NotFound);
    let papers = hearings::set_papers(backend, moment, &other.amend(), session.number, &[]).await;
    assert_refused!(papers, Error::NotFound);
    world.travel(AFTER);
    assert_refused!(stranger.freeze().await, Error::NotFound);
    assert_refused!(stranger.draw("1").await, Error::NotFound);
    let minutes = stranger.minutes(&Default::default()).await;
    assert_refused!(minutes, Error::NotFound);
    let approve = other.approve();
    let report = hearings::publish_report(backend, moment, &approve, session.number, "报告").await;
    assert_refused!(report, Error::NotFound);
}

async fn a_session_falls_with_its_consultation(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let preparing = Session::prepared(world, &desk, number, &raw).await;
    let seated = session.apply("observers", "一").await;
    let reserve = session.apply("observers", "二").await;
    let (moment, permit) = (&mut world.moment(), desk.approve());
    consultations::withdraw(&world.backend, moment, &permit, number, "不再需要".into())
        .await
        .unwrap();
    let page = session.page().await;
    assert_eq!(page.state, SessionState::Cancelled);
    assert_eq!(page.cancelled_reason.as_deref(), Some("不再需要"));
    let late = applicant("observers", "三", "3@example.org");
    let refused = session.send(late, "late").await;
    assert_refused!(refused, Error::Conflict(Conflict::ConsultationWithdrawn));
    assert_refused!(
        session.confirm(&seated, true).await,
        Error::Conflict(Conflict::NoSeat)
    );
    assert_refused!(
        preparing.publish().await,
        Error::Conflict(Conflict::ConsultationWithdrawn)
    );
    session
        .withdraw(&seated)
        .await
        .expect("it is theirs to take back");
    assert_eq!(session.state(&reserve).await, ApplicationState::Reserve);
    let (moment, parsed) = (&mut world.moment(), raw.parse().unwrap());
    assert_refused!(
        hearings::create(&world.backend, moment, &desk.edit(), number, parsed).await,
        Error::Conflict(Conflict::ConsultationWithdrawn)
    );
}

async fn a_receipt_opens_only_what_it_was_given_for(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let application = code(&session.apply("observers", "一").await);
    let sent = world.send(number, comment(&[(None, "一")]), "k").await;
    let written = ReceiptCode::read(&sent.receipt).unwrap();
    let (backend, now) = (&world.backend, world.now());
    assert!(
        receipts::open(backend, now, &application)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        hearings::own::open(backend, now, &written)
            .await
            .unwrap()
            .is_none()
    );
    for code in [&application, &written] {
        assert!(polls::own(backend, now, code).await.unwrap().is_none());
    }
    let moment = &mut world.moment();
    assert_refused!(
        receipts::withdraw(backend, moment, &application).await,
        Error::NotFound
    );
    let opinion = domain::hearings::RawOpinion { text: "好".into() };
    for refused in [
        hearings::own::withdraw(backend, moment, &written).await,
        hearings::own::confirm(backend, moment, &written, true).await,
        hearings::own::confirm_minutes(backend, moment, &written, None).await,
        hearings::own::hide_name(backend, moment, &written).await,
        hearings::own::opine(backend, moment, &written, &opinion).await,
    ] {
        assert_refused!(refused, Error::NotFound);
    }
}

async fn observed_meetings_are_counted_by_year(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let (given_up, _) = world.open_consultation(&desk).await;
    let mut raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let held = async |raw: &domain::hearings::RawHearing, number| {
        let session = Session::prepared(world, &desk, number, raw).await;
        session.publish().await.unwrap();
        session
    };
    held(&raw, number).await;
    raw.kind = SessionKind::Observation;
    held(&raw, number).await;
    held(&raw, given_up).await;
    let called_off = held(&raw, number).await;
    called_off.cancel().await.unwrap();
    Session::prepared(world, &desk, number, &raw).await;
    raw.starts_at = Some(at("2027-01-05T01:00:00Z"));
    held(&raw, number).await;
    raw.starts_at = None;
    held(&raw, number).await;
    let (moment, permit) = (&mut world.moment(), desk.approve());
    consultations::withdraw(&world.backend, moment, &permit, given_up, "不再需要".into())
        .await
        .unwrap();
    let observed = async |from: &str, to: &str| {
        hearings::observed(&world.backend, desk.unit, at(from), at(to))
            .await
            .unwrap()
    };
    // In the unit's zone a year begins eight hours earlier.
    let years = [
        "2025-12-31T16:00:00Z",
        "2026-12-31T16:00:00Z",
        "2027-12-31T16:00:00Z",
    ];
    assert_eq!(observed(years[0], years[1]).await, 2);
    assert_eq!(observed(years[1], years[2]).await, 1);
    let now = world.now();
    let of_unit = hearings::of_unit(&world.backend, now, &desk.slug)
        .await
        .unwrap();
    assert_eq!(of_unit.len(), 6, "what was called off stays listed");
    assert!(
        of_unit
            .iter()
            .any(|one| one.state == SessionState::Cancelled)
    );
}
