//! What was published of a session and changed later: it takes an approver, stays readable, and the
//! record says what was changed.

use crate::offices::assert_refused;
use crate::sessions::{LATER, Session, notice};
use crate::world::{Desk, World, at};
use backend::hearings::{self, Amending};
use backend::{Conflict, Error};
use domain::hearings::{Attendance, Fill, Paper, RawHearing, RawMinutes};
use domain::staff::{Forbidden, Role};
use testing::on_both_databases;

on_both_databases! {
    a_published_notice_is_changed_by_an_approver_and_what_it_said_stays_readable,
    papers_are_changed_by_an_approver_and_only_added_once_the_session_is_over,
    a_report_that_is_replaced_stays_readable,
}

/// The right of somebody who only edits.
fn editor(desk: &Desk) -> Amending {
    let needed = Role::Approver;
    Amending::new(Ok(desk.edit()), Err(Forbidden { needed })).expect("one right")
}

async fn session<'w>(world: &'w World, desk: &'w Desk) -> (Session<'w>, RawHearing) {
    let (number, _) = world.open_consultation(desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::prepared(world, desk, number, &raw).await;
    (session, raw)
}

async fn detail(world: &World, desk: &Desk) -> (String, String) {
    let rows = backend::audit::list(&world.backend, &desk.oversee(), None).await;
    let row = rows.expect("it reads").items.remove(0);
    (row.act, row.detail)
}

async fn a_published_notice_is_changed_by_an_approver_and_what_it_said_stays_readable(
    world: &World,
) {
    let desk = world.desk("transport").await;
    let (session, mut raw) = session(world, &desk).await;
    let update = async |raw: &RawHearing, permit: Amending| {
        let (moment, notice) = (&mut world.moment(), raw.parse().unwrap());
        hearings::update(&world.backend, moment, &permit, session.number, notice).await
    };
    raw.place = Some("二楼".into());
    update(&raw, editor(&desk)).await.unwrap();
    session.publish().await.unwrap();
    assert!(session.page().await.earlier.notices.is_empty());
    raw.place = Some("图书馆".into());
    raw.starts_at = Some(at("2026-04-20T01:00:00Z"));
    assert_refused!(
        update(&raw, editor(&desk)).await,
        Error::Forbidden(Forbidden {
            needed: Role::Approver
        })
    );
    world.pass_seconds(60);
    let changed_at = world.now();
    update(&raw, desk.amend()).await.unwrap();
    // The same again changes nothing and leaves nothing behind.
    update(&raw, desk.amend()).await.unwrap();
    let page = session.page().await;
    assert_eq!(page.notice.place.as_deref(), Some("图书馆"));
    let [before] = &page.earlier.notices[..] else {
        panic!("one change: {:?}", page.earlier);
    };
    assert_eq!(
        (
            before.place.as_deref(),
            before.starts_at,
            before.replaced_at
        ),
        (Some("二楼"), Some(at("2026-04-10T01:00:00Z")), changed_at)
    );
    raw.attendance = Some(Attendance::Online);
    raw.place = None;
    update(&raw, desk.amend()).await.unwrap();
    assert_eq!(
        detail(world, &desk).await,
        (
            "hearing.updated".to_owned(),
            "place: 图书馆 → ; attendance: on_site → online".to_owned()
        )
    );
    assert_eq!(session.page().await.earlier.notices.len(), 2);
}

async fn papers_are_changed_by_an_approver_and_only_added_once_the_session_is_over(world: &World) {
    let desk = world.desk("transport").await;
    let (session, _) = session(world, &desk).await;
    let paper = |title: &str, day: &str| Paper {
        title: title.into(),
        address: None,
        delivered_at: at(&format!("2026-03-{day}T00:00:00Z")),
    };
    let set = async |papers: &[Paper], permit: Amending| {
        let moment = &mut world.moment();
        hearings::set_papers(&world.backend, moment, &permit, session.number, papers).await
    };
    let (plan, costs) = (paper("方案", "10"), paper("成本监审", "11"));
    set(&[paper("草稿", "01")], editor(&desk)).await.unwrap();
    set(std::slice::from_ref(&plan), editor(&desk))
        .await
        .unwrap();
    session.publish().await.unwrap();
    assert!(session.page().await.earlier.papers.is_empty());
    let both = [plan.clone(), costs.clone()];
    set(&both, editor(&desk)).await.unwrap();
    let sooner = [paper("方案", "02"), costs.clone()];
    assert_refused!(
        set(&sooner, editor(&desk)).await,
        Error::Forbidden(Forbidden {
            needed: Role::Approver
        })
    );
    set(&sooner, desk.amend()).await.unwrap();
    let page = session.page().await;
    assert_eq!(page.papers, sooner);
    assert_eq!(page.earlier.papers.len(), 1);
    assert_eq!(page.earlier.papers[0].papers, both);
    assert_eq!(
        detail(world, &desk).await,
        (
            "hearing.papers".to_owned(),
            "方案 (2026-03-10T00:00:00Z), 成本监审 (2026-03-11T00:00:00Z) → \
             方案 (2026-03-02T00:00:00Z), 成本监审 (2026-03-11T00:00:00Z)"
                .to_owned()
        )
    );
    session.cancel().await.unwrap();
    assert_refused!(
        set(&both, desk.amend()).await,
        Error::Conflict(Conflict::PapersStand)
    );
    let added = [sooner[0].clone(), costs, paper("补充", "12")];
    set(&added, editor(&desk)).await.unwrap();
    assert_eq!(session.page().await.papers, added);
}

async fn a_report_that_is_replaced_stays_readable(world: &World) {
    let desk = world.desk("transport").await;
    let (session, _) = session(world, &desk).await;
    session.publish().await.unwrap();
    world.travel(LATER);
    let minutes = RawMinutes {
        attendance: "到会二人".into(),
        ..RawMinutes::default()
    };
    session.minutes(&minutes).await.unwrap();
    let report = async |text: &str| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        hearings::publish_report(&world.backend, moment, &permit, session.number, text)
            .await
            .unwrap();
    };
    let hostile = "## 情况\n\n**第一稿**<script>x</script>[a](javascript:x)";
    report(hostile).await;
    let shown = "<h3>情况</h3>\n<p><strong>第一稿</strong>&lt;script&gt;x&lt;/script&gt;\
        <a rel=\"noopener nofollow\">a</a></p>\n";
    assert_eq!(session.page().await.report_html.as_deref(), Some(shown));
    assert!(session.page().await.earlier.reports.is_empty());
    world.pass_seconds(60);
    report("第二稿").await;
    report("第二稿").await;
    let page = session.page().await;
    assert_eq!(page.report.as_deref(), Some("第二稿"));
    assert_eq!(page.report_html.as_deref(), Some("<p>第二稿</p>\n"));
    let [before] = &page.earlier.reports[..] else {
        panic!("one report before: {:?}", page.earlier);
    };
    assert_eq!(
        (before.report.as_str(), before.replaced_at),
        (hostile, world.now())
    );
    assert_eq!(before.report_html, shown);
}
