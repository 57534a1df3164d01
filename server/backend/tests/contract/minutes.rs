//! What remains of a session: minutes whose statements are answered with the written comments,
//! papers, the report, and after a while no way to reach the people.

use crate::offices::{assert_refused, faults};
use crate::sessions::{DURING, LATER, Session, applicant, code, notice};
use crate::world::{Desk, World, at, clause, comment};
use backend::{Conflict, Error, Viewer, comments, consultations, feedback, hearings};
use domain::comments::{CommentState, Display, QueueFilter, QueuedComment};
use domain::consultations::Number;
use domain::feedback::{Disposition, NewFeedback, NewResponse};
use domain::hearings::{
    ApplicationReceipt, ApplicationState, Fill, Paper, RawCorrectionAnswer, RawMinutes,
    RawStatement, SessionKind, SessionState,
};
use domain::id::{ClauseId, PointId};
use testing::on_both_databases;

on_both_databases! {
    statements_are_counted_listed_and_answered_with_the_written_comments,
    minutes_come_once_after_the_period_and_before_the_feedback,
    statements_need_a_round_that_answers_them,
    a_clients_key_cannot_keep_minutes_from_being_published,
    participants_confirm_the_minutes_or_ask_for_a_correction_in_time,
    a_correction_is_answered_once_and_published_only_if_it_is_accepted,
    papers_and_the_report_stand_on_the_page,
    people_cannot_be_reached_any_more_half_a_year_after_the_session,
}

/// Three statements, one of them by who was on the list.
pub fn minutes(about: Option<ClauseId>) -> RawMinutes {
    let statement = |speaker: &str, display, clause: Option<ClauseId>, text: &str| RawStatement {
        speaker: speaker.into(),
        display: Some(display),
        clause: clause.map(|id| id.to_string()),
        text: text.into(),
    };
    RawMinutes {
        attendance: "应到三人，实到三人。".into(),
        statements: vec![
            statement("朱小明", Display::Masked, about, "收费应当分时段。"),
            statement("李四", Display::Shown, None, "支持。"),
            statement("王五", Display::Anonymous, about, "罚款太重。"),
        ],
        corrections_until: Some(at("2026-04-17T00:00:00Z")),
    }
}

/// A session with two seats by arrival that has taken place.
pub async fn took_place<'w>(world: &'w World, desk: &'w Desk, number: Number) -> Session<'w> {
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, desk, number, &raw).await;
    world.travel(LATER);
    session
}

async fn queued(world: &World, desk: &Desk, number: Number) -> Vec<QueuedComment> {
    let all = QueueFilter::default();
    let queue = comments::queue(&world.backend, &desk.see(), number, all).await;
    queue.expect("it reads").items
}

async fn answer(world: &World, desk: &Desk, point: PointId) {
    let response = NewResponse {
        disposition: Disposition::SupportNoted,
        reason: None,
        change: None,
    };
    let (moment, permit) = (&mut world.moment(), desk.edit());
    feedback::respond(&world.backend, moment, &permit, point, response)
        .await
        .expect("answered");
}

pub async fn publish_feedback(
    world: &World,
    desk: &Desk,
    number: Number,
) -> Result<domain::feedback::Feedback, Error> {
    let texts = NewFeedback {
        asked: "问".into(),
        heard: "听".into(),
        changed: "改".into(),
        new_version: None,
    };
    let (moment, permit) = (&mut world.moment(), desk.approve());
    feedback::publish(&world.backend, moment, &permit, number, texts).await
}

async fn statements_are_counted_listed_and_answered_with_the_written_comments(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = clause(&draft, "第一条");
    world
        .send(number, comment(&[(Some(first), "书面")]), "k")
        .await;
    let session = took_place(world, &desk, number).await;
    session.minutes(&minutes(Some(first))).await.unwrap();
    let page = session.page().await;
    assert_eq!(page.state, SessionState::Held);
    let said = page.minutes.expect("they are public");
    let said: Vec<_> = said
        .statements
        .into_iter()
        .map(|one| (one.speaker, one.clause_label, one.text))
        .collect();
    let label = Some("第一条".to_owned());
    assert_eq!(
        said,
        [
            (
                Some("朱**".into()),
                label.clone(),
                "收费应当分时段。".into()
            ),
            (Some("李四".into()), None, "支持。".into()),
            (None, label, "罚款太重。".into()),
        ]
    );
    // Counted: one written comment waits, three statements are public.
    let found = consultations::find(&world.backend, world.now(), number, Viewer::Public).await;
    let counts = found.unwrap().unwrap().counts;
    for counted in [&counts.comments, &counts.points] {
        assert_eq!(
            (counted.received, counted.waiting, counted.published),
            (4, 1, 3)
        );
    }
    assert_eq!(counts.individuals, 4);
    assert_eq!(world.clause_counts(number).await[&first], 2);
    // Listed, with running numbers.
    let listed: Vec<i64> = world
        .published(number, None)
        .await
        .iter()
        .map(|one| one.number.serial)
        .collect();
    assert_eq!(listed, [4, 3, 2]);
    let said = world.published(number, None).await;
    assert!(said.iter().all(|one| one.hearing == Some(session.number)));
    // One that came while the round was open gets the next number.
    world.travel(DURING);
    let next = world.send(number, comment(&[(None, "再来")]), "next").await;
    world.travel(LATER);
    assert_eq!(next.number.serial, 5);
    // Answered in the same account.
    let queue = queued(world, &desk, number).await;
    assert_eq!(queue.len(), 5);
    let written = queue.iter().filter(|one| one.hearing.is_none());
    assert_eq!(written.count(), 2);
    let statements: Vec<PointId> = queue
        .iter()
        .filter(|one| one.state == CommentState::Published)
        .flat_map(|one| one.points.iter().map(|point| point.id))
        .collect();
    for one in queue
        .iter()
        .filter(|one| one.state == CommentState::Received)
    {
        answer(world, &desk, one.points[0].id).await;
    }
    let missing = match publish_feedback(world, &desk, number).await {
        Err(Error::Conflict(Conflict::Unanswered { total, .. })) => total,
        other => panic!("statements want an answer: {other:?}"),
    };
    assert_eq!(missing, 3);
    for point in statements {
        answer(world, &desk, point).await;
    }
    let account = publish_feedback(world, &desk, number).await.unwrap();
    assert_eq!(account.points.len(), 3);
    assert!(
        account
            .points
            .iter()
            .all(|one| one.hearing == Some(session.number))
    );
    assert!(account.points.iter().any(|one| one.text == "罚款太重。"));
}

async fn minutes_come_once_after_the_period_and_before_the_feedback(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let seats = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &seats).await;
    // For observed meetings, which may be on what it led to, the feedback does not wait.
    let mut meeting = seats.clone();
    meeting.kind = SessionKind::Observation;
    let late = Session::applying(world, &desk, number, &meeting).await;
    let silent = Session::applying(world, &desk, number, &meeting).await;
    let called_off = Session::applying(world, &desk, number, &seats).await;
    let raw = minutes(Some(clause(&draft, "第一条")));
    assert_refused!(
        session.minutes(&raw).await,
        Error::Conflict(Conflict::StillApplying)
    );
    called_off.cancel().await.unwrap();
    world.travel(LATER);
    assert_refused!(
        called_off.minutes(&raw).await,
        Error::Conflict(Conflict::HearingOver)
    );
    let mut wrong = raw.clone();
    wrong.attendance = " ".into();
    wrong.statements[1].speaker = String::new();
    assert_eq!(
        faults(session.minutes(&wrong).await),
        [
            ("attendance".to_owned(), "required"),
            ("statements.1.speaker".to_owned(), "required")
        ]
    );
    session.minutes(&raw).await.unwrap();
    assert_refused!(
        session.minutes(&raw).await,
        Error::Conflict(Conflict::MinutesPublished)
    );
    assert_refused!(
        session.cancel().await,
        Error::Conflict(Conflict::HearingOver)
    );
    for one in queued(world, &desk, number).await {
        answer(world, &desk, one.points[0].id).await;
    }
    publish_feedback(world, &desk, number).await.unwrap();
    assert_refused!(
        late.minutes(&raw).await,
        Error::Conflict(Conflict::AlreadyAnswered)
    );
    let nothing_said = RawMinutes {
        statements: Vec::new(),
        ..raw
    };
    silent
        .minutes(&nothing_said)
        .await
        .expect("nothing wants an answer");
    assert_eq!(world.published(number, None).await.len(), 3);
}

async fn statements_need_a_round_that_answers_them(world: &World) {
    let desk = world.desk("transport").await;
    let number = world.consultation(&desk, "只开听证会").await;
    let session = took_place(world, &desk, number).await;
    assert_refused!(
        session.minutes(&minutes(None)).await,
        Error::Conflict(Conflict::NoRound)
    );
    assert_eq!(session.page().await.state, SessionState::Closed);
}

async fn a_clients_key_cannot_keep_minutes_from_being_published(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    for serial in 1..=4 {
        let key = format!("{number}-h1-{serial}");
        world.send(number, comment(&[(None, "一")]), &key).await;
    }
    let session = took_place(world, &desk, number).await;
    session.minutes(&minutes(None)).await.unwrap();
    assert_eq!(world.published(number, None).await.len(), 3);
}

async fn participants_confirm_the_minutes_or_ask_for_a_correction_in_time(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("observers", "一").await;
    let second = session.apply("observers", "二").await;
    let reserve = session.apply("observers", "三").await;
    world.travel(LATER);
    let say = async |receipt: &ApplicationReceipt, correction: Option<&str>| {
        let (backend, code) = (&world.backend, code(receipt));
        hearings::own::confirm_minutes(backend, &mut world.moment(), &code, correction).await
    };
    assert_refused!(
        say(&first, None).await,
        Error::Conflict(Conflict::NoMinutes)
    );
    assert_eq!(session.own(&first).await.minutes, None);
    session.minutes(&minutes(None)).await.unwrap();
    assert!(session.own(&first).await.minutes.unwrap().correctable);
    assert_refused!(say(&reserve, None).await, Error::Conflict(Conflict::NoSeat));
    assert_eq!(session.own(&reserve).await.minutes, None);
    let own = say(&first, None).await.unwrap().minutes.unwrap();
    assert_eq!(own.confirmed_at, Some(world.now()));
    assert_eq!(
        faults(say(&second, Some("  ")).await),
        [("correction".to_owned(), "required")]
    );
    say(&second, Some("我说的是夜间收费。")).await.unwrap();
    // While it waits, asking again replaces it.
    say(&second, Some("我说的是夜间免费。")).await.unwrap();
    let confirmed = async || session.page().await.minutes.unwrap().confirmed;
    assert_eq!(confirmed().await, 1);
    let asked = async || {
        session
            .corrections()
            .await
            .into_iter()
            .map(|one| (one.number, one.name, one.correction.text, one.confirmed))
            .collect::<Vec<_>>()
    };
    let of_second = |confirmed| {
        let (name, text) = ("二".to_owned(), "我说的是夜间免费。".to_owned());
        (second.number, name, text, confirmed)
    };
    assert_eq!(asked().await, [of_second(false)]);
    // Somebody who confirmed too soon.
    say(&first, Some("漏了一句。")).await.unwrap();
    assert_eq!((confirmed().await, asked().await.len()), (0, 2));
    world.travel("2026-04-17T00:00:00Z");
    assert!(!session.own(&second).await.minutes.unwrap().correctable);
    assert_refused!(
        say(&second, Some("再改")).await,
        Error::Conflict(Conflict::CorrectionsClosed)
    );
    let own = say(&second, None).await.unwrap().minutes.unwrap();
    assert_eq!(own.corrections[0].text, "我说的是夜间免费。");
    assert_eq!(asked().await[0], of_second(true));
    assert_eq!(confirmed().await, 1);
}

async fn a_correction_is_answered_once_and_published_only_if_it_is_accepted(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("observers", "一").await;
    let second = session.apply("observers", "二").await;
    world.travel(LATER);
    session.minutes(&minutes(None)).await.unwrap();
    let said = session.page().await.minutes.unwrap().statements;
    let ask = async |receipt: &ApplicationReceipt, text: &str| {
        let (backend, code) = (&world.backend, code(receipt));
        hearings::own::confirm_minutes(backend, &mut world.moment(), &code, Some(text))
            .await
            .unwrap();
    };
    ask(&first, "第一段应为“分区域”。").await;
    ask(&second, "我没有说过。").await;
    let read = session.corrections().await[0].correction.asked_at;
    world.travel("2026-04-13T00:00:00Z");
    ask(&first, "第一段应为“分时段、分区域”。").await;
    assert_refused!(
        session.answer(&first, true, "更正。", Some(read)).await,
        Error::Conflict(Conflict::ChangedSince)
    );
    assert_eq!(
        faults(session.answer(&first, true, " ", None).await),
        [("text".to_owned(), "required")]
    );
    let corrected = "第一段“分时段”更正为“分时段、分区域”。";
    session
        .answer(&first, true, corrected, Some(world.now()))
        .await
        .unwrap();
    session
        .answer(&second, false, "录音中有。", None)
        .await
        .unwrap();
    assert_refused!(
        session.answer(&second, true, "改了。", None).await,
        Error::Conflict(Conflict::NoCorrection)
    );
    let page = session.page().await.minutes.unwrap();
    let public: Vec<&str> = page
        .corrections
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(public, [corrected]);
    assert_eq!((page.corrections_asked, page.corrections_refused), (2, 1));
    // The minutes themselves stand as they were.
    assert_eq!(page.statements, said);
    // Each participant reads their own answer, and may ask for something else in time.
    let own = session.own(&second).await.minutes.unwrap();
    let answer = own.corrections[0].answer.clone().unwrap();
    assert_eq!((answer.accepted, &*answer.text), (false, "录音中有。"));
    ask(&second, "那么请补上我的理由。").await;
    let own = session.own(&second).await.minutes.unwrap();
    assert_eq!(own.corrections.len(), 2);
    assert_eq!(own.corrections[1].answer, None);
    assert_eq!(session.page().await.minutes.unwrap().corrections_asked, 3);
    // Nobody can fill the list without end.
    for round in 0..8 {
        session.answer(&second, false, "不。", None).await.unwrap();
        ask(&second, &format!("再看一次 {round}。")).await;
    }
    session.answer(&second, false, "不。", None).await.unwrap();
    let (backend, moment) = (&world.backend, &mut world.moment());
    let code = code(&second);
    let more = hearings::own::confirm_minutes(backend, moment, &code, Some("还有。")).await;
    assert_refused!(more, Error::Conflict(Conflict::CorrectionsClosed));
    let stranger = world.desk("water").await.approve();
    let answer = RawCorrectionAnswer {
        accepted: true,
        text: "x".into(),
    };
    let number = first.number;
    let answered =
        hearings::answer_correction(backend, moment, &stranger, number, &answer, None).await;
    assert_refused!(answered, Error::NotFound);
}

async fn papers_and_the_report_stand_on_the_page(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = took_place(world, &desk, number).await;
    let paper = |title: &str| Paper {
        title: title.into(),
        address: Some("https://transport.example/1.pdf".into()),
        delivered_at: at("2026-04-02T00:00:00Z"),
    };
    let set = async |papers: &[Paper]| {
        let (moment, permit) = (&mut world.moment(), desk.amend());
        hearings::set_papers(&world.backend, moment, &permit, session.number, papers).await
    };
    set(&[paper("方案"), paper("成本监审")]).await.unwrap();
    set(&[paper("方案（定稿）")]).await.unwrap();
    assert_eq!(
        faults(set(&[paper("一"), paper(" ")]).await),
        [("papers.1.title".to_owned(), "required")]
    );
    assert_eq!(session.page().await.papers, [paper("方案（定稿）")]);
    let report = async |text: &str| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        hearings::publish_report(&world.backend, moment, &permit, session.number, text).await
    };
    assert_refused!(report("报告").await, Error::Conflict(Conflict::NoMinutes));
    session.minutes(&minutes(None)).await.unwrap();
    report("主要意见及处理。").await.unwrap();
    let page = session.page().await;
    assert_eq!(page.report.as_deref(), Some("主要意见及处理。"));
    // What was held stays held, also when the consultation is given up.
    let (moment, permit) = (&mut world.moment(), desk.approve());
    consultations::withdraw(&world.backend, moment, &permit, number, "不再需要".into())
        .await
        .unwrap();
    let page = session.page().await;
    assert_eq!(
        (page.state, page.cancelled_reason),
        (SessionState::Held, None)
    );
}

async fn people_cannot_be_reached_any_more_half_a_year_after_the_session(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 1, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let mut full = applicant("observers", "一", "13800000000");
    full.needs = vec!["step_free".into()];
    full.needs_note = Some("轮椅".into());
    let seated = session.send(full.clone(), "seated").await.unwrap();
    let reserve = session.send(full, "reserve").await.unwrap();
    let called_off = Session::applying(world, &desk, number, &raw).await;
    let other = called_off.apply("observers", "二").await;
    called_off.cancel().await.unwrap();
    world.travel(LATER);
    session.minutes(&minutes(None)).await.unwrap();
    let forget = async || {
        hearings::forget_old(&world.backend, &world.moment())
            .await
            .unwrap()
    };
    world.travel("2026-08-29T00:00:00Z");
    assert_eq!(forget().await, 0);
    // 180 days after it was called off on 3 March.
    world.travel("2026-08-30T00:00:00Z");
    assert_eq!(forget().await, 1);
    assert_eq!(called_off.own(&other).await.contact, "");
    assert_eq!(session.own(&seated).await.contact, "13800000000");
    world.travel("2026-10-09T01:00:00Z");
    assert_eq!(forget().await, 2);
    assert_eq!(forget().await, 0, "once");
    for receipt in [&seated, &reserve] {
        let own = session.own(receipt).await;
        assert_eq!((own.contact.as_str(), own.needs.len()), ("", 0));
        assert_eq!(own.needs_note, None);
    }
    // Who sat stays in the record; of who did not, nothing.
    let (sat, waited) = (session.own(&seated).await, session.own(&reserve).await);
    assert_eq!((sat.name.as_str(), sat.statement.is_some()), ("一", true));
    assert_eq!(
        (waited.name.as_str(), waited.district, waited.statement),
        ("", None, None)
    );
    assert!(waited.points.is_empty());
    assert_eq!(session.state(&seated).await, ApplicationState::Chosen);
    let (moment, permit) = (&mut world.moment(), desk.moderate());
    let contact = hearings::contact(&world.backend, moment, &permit, seated.number).await;
    assert_eq!(contact.unwrap(), None);
    let record = backend::audit::list(&world.backend, &desk.oversee(), None).await;
    let rows = record.unwrap().items;
    assert_eq!(
        (rows[0].act.as_str(), rows[0].detail.as_str()),
        ("hearing.contacts_deleted", "2")
    );
}
