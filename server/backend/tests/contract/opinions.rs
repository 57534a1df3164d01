//! Observers say what they made of a session; the unit replies, and publishes both or not.

use crate::offices::{assert_refused, faults};
use crate::sessions::{AFTER, LATER, STARTS, Session, applicant, code, notice};
use crate::world::{Desk, World, at};
use backend::{Conflict, Error, hearings};
use domain::Timestamp;
use domain::hearings::{
    ApplicationReceipt, Fill, OwnApplication, RawHearing, RawOpinion, RawReply, ReceivedOpinion,
    SessionKind,
};
use testing::on_both_databases;

on_both_databases! {
    who_sits_in_gives_an_opinion_from_when_the_session_begins,
    an_opinion_is_replied_to_once_and_public_only_if_it_was_published,
    only_what_was_read_is_replied_to,
    everyone_at_an_observed_meeting_is_asked,
    who_takes_the_consent_back_or_is_deleted_is_not_named_any_more,
}

async fn say(
    world: &World,
    receipt: &ApplicationReceipt,
    text: &str,
) -> Result<OwnApplication, Error> {
    let opinion = RawOpinion { text: text.into() };
    hearings::own::opine(
        &world.backend,
        &mut world.moment(),
        &code(receipt),
        &opinion,
    )
    .await
}

async fn reply(
    session: &Session<'_>,
    desk: &Desk,
    to: &ApplicationReceipt,
    (text, publish): (&str, bool),
    seen: Option<Timestamp>,
) -> Result<(), Error> {
    let raw = RawReply {
        reply: text.into(),
        publish,
    };
    let (backend, moment) = (&session.world.backend, &mut session.world.moment());
    hearings::reply(backend, moment, &desk.approve(), to.number, &raw, seen).await
}

async fn received(session: &Session<'_>, desk: &Desk) -> Vec<ReceivedOpinion> {
    hearings::opinions(&session.world.backend, &desk.see(), session.number)
        .await
        .unwrap()
}

fn seats() -> RawHearing {
    notice(&[
        ("residents", 1, Fill::FirstCome),
        ("observers", 2, Fill::FirstCome),
    ])
}

async fn who_sits_in_gives_an_opinion_from_when_the_session_begins(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = Session::applying(world, &desk, number, &seats()).await;
    let speaker = session.apply("residents", "一").await;
    let observer = session.apply("observers", "二").await;
    let other = session.apply("observers", "三").await;
    let reserve = session.apply("observers", "四").await;
    world.travel(AFTER);
    assert!(!session.own(&observer).await.can_opine);
    let early = say(world, &observer, "太早").await;
    assert_refused!(early, Error::Conflict(Conflict::NoOpinion));
    world.travel(STARTS);
    assert!(session.own(&observer).await.can_opine);
    for not_asked in [&speaker, &reserve] {
        assert!(!session.own(not_asked).await.can_opine);
        let refused = say(world, not_asked, "我也要说").await;
        assert_refused!(refused, Error::Conflict(Conflict::NoOpinion));
    }
    assert_eq!(
        faults(say(world, &observer, " \n ").await),
        [("opinion".to_owned(), "required")]
    );
    let own = say(world, &observer, "材料应当提前公开。").await.unwrap();
    assert_eq!(own.opinion.unwrap().text, "材料应当提前公开。");
    say(world, &other, "同意。").await.unwrap();
    world.travel(LATER);
    let own = say(world, &observer, "材料应当提前七天公开。")
        .await
        .unwrap();
    let opinion = own.opinion.unwrap();
    assert_eq!(
        (&*opinion.text, opinion.sent_at),
        ("材料应当提前七天公开。", at(LATER))
    );
    let listed: Vec<_> = received(&session, &desk)
        .await
        .into_iter()
        .map(|one| (one.number, one.name))
        .collect();
    // In the order in which they were sent as they stand.
    assert_eq!(
        listed,
        [(other.number, "三".into()), (observer.number, "二".into())]
    );
    // Counted for everyone, shown to nobody yet.
    let public = session.page().await.opinions.unwrap();
    assert_eq!((public.received, public.answered), (2, 0));
    assert_eq!(public.published, []);
}

async fn an_opinion_is_replied_to_once_and_public_only_if_it_was_published(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = Session::applying(world, &desk, number, &seats()).await;
    let mut named = applicant("observers", "欧阳小明", "13800000001");
    named.publish_name = true;
    let named = session.send(named, "named").await.unwrap();
    let kept = session.apply("observers", "二").await;
    world.travel(LATER);
    say(world, &named, "很有收获。").await.unwrap();
    say(world, &kept, "我的电话是 13800000002。").await.unwrap();
    assert_eq!(
        faults(reply(&session, &desk, &named, ("", true), None).await),
        [("reply".to_owned(), "required")]
    );
    reply(&session, &desk, &named, ("谢谢。", true), None)
        .await
        .unwrap();
    reply(&session, &desk, &kept, ("已电话答复。", false), None)
        .await
        .unwrap();
    let again = reply(&session, &desk, &kept, ("改了。", true), None).await;
    assert_refused!(again, Error::Conflict(Conflict::OpinionAnswered));
    let late = say(world, &kept, "再说一句").await;
    assert_refused!(late, Error::Conflict(Conflict::OpinionAnswered));
    let public = session.page().await.opinions.unwrap();
    assert_eq!((public.received, public.answered), (2, 2));
    let shown: Vec<_> = public
        .published
        .iter()
        .map(|one| (one.ticket, one.name.as_deref(), &*one.text, &*one.reply))
        .collect();
    assert_eq!(
        shown,
        [(named.number, Some("欧阳小明"), "很有收获。", "谢谢。")]
    );
    let own = session.own(&kept).await;
    assert!(!own.can_opine);
    let answer = own.opinion.unwrap().reply.unwrap();
    assert_eq!((&*answer.text, answer.published), ("已电话答复。", false));
    let acts: Vec<String> = backend::audit::list(&world.backend, &desk.oversee(), None)
        .await
        .unwrap()
        .items
        .into_iter()
        .take(2)
        .map(|row| row.act)
        .collect();
    assert_eq!(acts, ["opinion.answered", "opinion.published"]);
}

async fn only_what_was_read_is_replied_to(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = Session::applying(world, &desk, number, &seats()).await;
    let observer = session.apply("observers", "二").await;
    world.travel(LATER);
    let none = reply(&session, &desk, &observer, ("答复", true), None).await;
    assert_refused!(none, Error::NotFound);
    say(world, &observer, "第一稿。").await.unwrap();
    let seen = received(&session, &desk).await[0].opinion.sent_at;
    world.travel("2026-04-13T00:00:00Z");
    say(world, &observer, "别的话。").await.unwrap();
    let blind = reply(&session, &desk, &observer, ("答复", true), Some(seen)).await;
    assert_refused!(blind, Error::Conflict(Conflict::ChangedSince));
    let stranger = world.desk("water").await;
    let foreign = reply(&session, &stranger, &observer, ("答复", true), None).await;
    assert_refused!(foreign, Error::NotFound);
    let read = hearings::opinions(&world.backend, &stranger.see(), session.number).await;
    assert_refused!(read, Error::NotFound);
    let now = Some(world.now());
    reply(&session, &desk, &observer, ("答复", true), now)
        .await
        .unwrap();
}

async fn everyone_at_an_observed_meeting_is_asked(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = notice(&[("residents", 1, Fill::FirstCome)]);
    let hearing = Session::applying(world, &desk, number, &raw).await;
    raw.kind = SessionKind::Observation;
    let session = Session::applying(world, &desk, number, &raw).await;
    let sits = session.apply("residents", "一").await;
    world.travel(LATER);
    say(world, &sits, "讨论很充分。").await.unwrap();
    session.cancel().await.unwrap();
    let over = say(world, &sits, "取消之后").await;
    assert_refused!(over, Error::Conflict(Conflict::NoOpinion));
    assert_eq!(
        hearing.page().await.opinions,
        None,
        "nobody only listens there"
    );
}

async fn who_takes_the_consent_back_or_is_deleted_is_not_named_any_more(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let session = Session::applying(world, &desk, number, &seats()).await;
    let mut raw = applicant("observers", "欧阳小明", "13800000001");
    raw.publish_name = true;
    let observer = session.send(raw, "named").await.unwrap();
    let quiet = session.apply("observers", "二").await;
    world.travel(LATER);
    say(world, &observer, "很有收获。").await.unwrap();
    say(world, &quiet, "没有公布的。").await.unwrap();
    reply(&session, &desk, &observer, ("谢谢。", true), None)
        .await
        .unwrap();
    session
        .minutes(&domain::hearings::RawMinutes {
            attendance: "应到三人。".into(),
            ..domain::hearings::RawMinutes::default()
        })
        .await
        .unwrap();
    let names = async || {
        let page = session.page().await;
        let sits = page.participants.into_iter().filter_map(|one| one.name);
        let said = page.opinions.unwrap().published.into_iter();
        sits.chain(said.filter_map(|one| one.name))
            .collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["欧阳小明", "欧阳小明"]);
    let (backend, moment) = (&world.backend, &mut world.moment());
    let own = hearings::own::hide_name(backend, moment, &code(&observer))
        .await
        .unwrap();
    assert!(!own.publish_name);
    assert_eq!(names().await, Vec::<String>::new());
    // After the session, what is known of a person is deleted; that there was a seat stays.
    let before = session.own(&observer).await.state;
    let own = session.withdraw(&observer).await.unwrap();
    assert_eq!((own.state, &*own.name, &*own.contact), (before, "", ""));
    assert_eq!(session.page().await.opinions.unwrap().published.len(), 1);
    session.withdraw(&quiet).await.unwrap();
    // What was not public goes with its author.
    let left: Vec<_> = received(&session, &desk).await;
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].number, &*left[0].name), (observer.number, ""));
}
