//! The account at its size and at its edges: ten thousand points, a version that nobody looked at,
//! comments that nobody had reviewed, adoptions behind which no change shows.

use crate::feedback::{FIRST_PAGE, publish, published, respond, texts};
use crate::offices::{
    AFTER, DURING, FIRST, Office, SECOND, assert_refused, at, clause, instant, offices,
};
use crate::world::{World, comment};
use backend::{Conflict, Error, comments, feedback};
use domain::comments::{CommentNumber, HoldReason, Moderation};
use domain::consultations::Number;
use domain::feedback::{Disposition, NewFeedback};
use domain::id::{ClauseId, PointId};
use std::collections::HashSet;
use testing::{meddle, on_both_databases};

on_both_databases! {
    ten_thousand_points_are_listed_exactly_once_page_by_page,
    a_version_that_came_after_the_last_look_is_not_published,
    what_still_waited_at_the_feedback_is_decided_once_and_shows_with_its_answers,
    adoptions_without_a_change_are_named_before_publication,
    what_senders_wrote_is_rendered_when_it_is_written,
}

/// Adopts every other point and refuses the rest, all at once.
const ANSWER_ALL: &str = "insert into response (point_id, disposition, reason, responded_at,
        responded_by)
    select point.id, case when point.position % 2 = 0 then 'adopted' else 'not_adopted' end,
        '理由', 0, (select id from account limit 1)
    from point";

/// Pages through an account with these choices; gives the points in order.
async fn all_points(
    world: &World,
    number: Number,
    disposition: Option<Disposition>,
    clause: Option<ClauseId>,
) -> Vec<PointId> {
    let (mut points, mut after) = (Vec::new(), None::<String>);
    loop {
        let wanted = feedback::Wanted {
            disposition,
            clause,
            after: after.as_deref(),
            limit: 900,
        };
        let page = feedback::published(&world.backend, instant(AFTER), number, wanted).await;
        let page = page.unwrap().expect("an account");
        assert!(page.points.len() <= 900 && !page.points.is_empty());
        points.extend(page.points.iter().map(|point| point.id));
        after = page.next;
        if after.is_none() {
            return points;
        }
    }
}

async fn ten_thousand_points_are_listed_exactly_once_page_by_page(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, draft) = transport.consult().await;
    let fine = clause(&draft, "第三条").id;
    let places = [Some(fine), None, Some(clause(&draft, "第一条").id), None];
    for n in 0..200 {
        let points: Vec<_> = (0..50).map(|at| (places[at % 4], "罚款太重")).collect();
        let key = format!("k{n}");
        let sent = comments::submit(&world.backend, at(DURING), number, comment(&points), key);
        let sent = sent.await.expect("taken in");
        let publish = Moderation::Publish;
        let permit = transport.moderate();
        comments::moderate(
            &world.backend,
            &mut at(DURING),
            &permit,
            sent.number,
            publish,
            None,
        )
        .await
        .expect("published");
    }

    let (mut unanswered, mut after) = (Vec::new(), None::<String>);
    loop {
        let (see, key) = (transport.see(), after.as_deref());
        let page = feedback::unanswered(&world.backend, &see, number, key, 900).await;
        let page = page.unwrap();
        unanswered.extend(page.items.iter().map(|one| one.point));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let all: HashSet<PointId> = unanswered.iter().copied().collect();
    assert_eq!((unanswered.len(), all.len()), (10_000, 10_000));
    let Err(Error::Conflict(Conflict::Unanswered { total, listed })) =
        publish(&transport, number, AFTER).await
    else {
        panic!("ten thousand points are unanswered");
    };
    assert_eq!((total, listed.len()), (10_000, 500));

    meddle(&world.url, ANSWER_ALL).await;
    transport.draft(AFTER, number, SECOND).await;
    let account = publish(&transport, number, AFTER).await.unwrap();
    assert_eq!(account.points.len(), 50);
    let counts: Vec<_> = account
        .dispositions
        .iter()
        .map(|count| (count.disposition, count.points))
        .collect();
    assert_eq!(
        counts,
        [
            (Disposition::Adopted, 5_000),
            (Disposition::NotAdopted, 5_000)
        ]
    );
    // Of every four points one is on the article that changed, and it was adopted.
    let [change] = &account.changes[..] else {
        panic!("{:?}", account.changes)
    };
    assert_eq!((change.total, change.points.len()), (2_600, 5));
    assert!(account.behind.len() <= 10, "a few stand for thousands");

    let listed = all_points(world, number, None, None).await;
    assert_eq!(listed.len(), 10_000);
    assert_eq!(listed.iter().copied().collect::<HashSet<_>>(), all);
    let refused = all_points(world, number, Some(Disposition::NotAdopted), None).await;
    let distinct: HashSet<_> = refused.iter().collect();
    assert_eq!((refused.len(), distinct.len()), (5_000, 5_000));
    let on_fine = all_points(world, number, None, Some(fine)).await;
    assert_eq!(on_fine.len(), 2_600, "the rest of those behind the change");
    assert_eq!(listed[2_400..5_000], on_fine);
    let strange = feedback::Wanted {
        after: Some("1-2"),
        ..FIRST_PAGE
    };
    assert_refused!(
        feedback::published(&world.backend, instant(AFTER), number, strange).await,
        Error::NotFound
    );
}

async fn publish_having_seen(
    office: &Office,
    number: Number,
    version: i64,
) -> Result<domain::feedback::Feedback, Error> {
    let texts = NewFeedback {
        new_version: Some(version),
        ..texts()
    };
    let permit = office.approve();
    feedback::publish(&office.backend, &mut at(AFTER), &permit, number, texts).await
}

async fn a_version_that_came_after_the_last_look_is_not_published(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    transport.draft(AFTER, number, SECOND).await;
    assert_refused!(
        publish_having_seen(&transport, number, 1).await,
        Error::Conflict(Conflict::NewerVersion(2))
    );
    assert!(published(&world.backend, number).await.is_none());
    transport.draft(AFTER, number, FIRST).await;
    assert_refused!(
        publish_having_seen(&transport, number, 2).await,
        Error::Conflict(Conflict::NewerVersion(3))
    );
    let account = publish_having_seen(&transport, number, 3).await.unwrap();
    assert_eq!(account.new_version, Some(3));
}

async fn what_still_waited_at_the_feedback_is_decided_once_and_shows_with_its_answers(
    world: &World,
) {
    let (transport, _) = offices(world).await;
    let (number, draft) = transport.consult().await;
    let fine = Some(clause(&draft, "第三条").id);
    let seen = transport
        .hear(number, &[(fine, "太重")], Some(Moderation::Publish))
        .await;
    let late = transport.hear(number, &[(fine, "太轻")], None).await;
    let worse = transport.hear(number, &[(fine, "广告")], None).await;
    for heard in [&seen, &late, &worse] {
        respond(&transport, heard.points[0], Disposition::NotAdopted, None)
            .await
            .unwrap();
    }
    let account = publish(&transport, number, AFTER).await.unwrap();
    let comments = account.counts.comments;
    assert_eq!((comments.waiting, account.points.len()), (2, 1));

    let decide = async |number: CommentNumber, decision| {
        let permit = transport.moderate();
        comments::moderate(
            &world.backend,
            &mut at(AFTER),
            &permit,
            number,
            decision,
            None,
        )
        .await
    };
    let hold = Moderation::Hold(HoldReason::Advertising);
    assert_refused!(
        decide(seen.number, hold).await,
        Error::Conflict(Conflict::AlreadyAnswered)
    );
    decide(late.number, Moderation::Publish).await.unwrap();
    decide(worse.number, hold).await.unwrap();
    for number in [late.number, worse.number] {
        assert_refused!(
            decide(number, Moderation::Publish).await,
            Error::Conflict(Conflict::AlreadyAnswered)
        );
    }
    let account = published(&world.backend, number).await.unwrap();
    let comments = account.counts.comments;
    assert_eq!(
        [comments.waiting, comments.published, comments.held],
        [0, 2, 1]
    );
    let points: Vec<PointId> = account.points.iter().map(|point| point.id).collect();
    assert_eq!(points, [seen.points[0], late.points[0]]);
    assert_eq!(account.dispositions[0].points, 2);
    let listed = world.published(number, None).await;
    assert_eq!(listed[0].number, late.number);
    let response = listed[0].points[0].response.as_ref();
    assert_eq!(
        response.map(|response| response.disposition),
        Some(Disposition::NotAdopted)
    );
}

async fn adoptions_without_a_change_are_named_before_publication(world: &World) {
    let (transport, water) = offices(world).await;
    let (number, draft) = transport.consult().await;
    let (aim, fine) = (clause(&draft, "第一条").id, clause(&draft, "第三条").id);
    let points = [(Some(aim), "写明目的"), (Some(fine), "太重"), (None, "好")];
    let heard = transport
        .hear(number, &points, Some(Moderation::Publish))
        .await;
    for point in &heard.points {
        respond(&transport, *point, Disposition::Adopted, None)
            .await
            .unwrap();
    }
    let review = async || {
        let review = feedback::review(&world.backend, &transport.see(), number).await;
        let review = review.unwrap();
        let unshown: Vec<PointId> = review.unshown.iter().map(|point| point.id).collect();
        (review.changes, review.unshown_total, unshown)
    };
    assert_eq!(review().await, (0, 3, heard.points.clone()));
    let second = transport.draft(AFTER, number, SECOND).await;
    let [aim, fine, whole] = heard.points[..] else {
        panic!("three points")
    };
    assert_eq!(review().await, (1, 2, vec![aim, whole]));
    let added = clause(&second, "第三条").id;
    respond(&transport, whole, Disposition::Adopted, Some(added))
        .await
        .unwrap();
    assert_eq!(review().await, (2, 1, vec![aim]));
    let account = publish(&transport, number, AFTER).await.unwrap();
    let behind: Vec<_> = account
        .changes
        .iter()
        .map(|one| one.points.clone())
        .collect();
    assert_eq!(behind, [vec![whole], vec![fine]]);
    assert_refused!(
        feedback::review(&world.backend, &water.see(), number).await,
        Error::NotFound
    );
}

async fn what_senders_wrote_is_rendered_when_it_is_written(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, draft) = transport.consult().await;
    let mut raw = comment(&[(Some(clause(&draft, "第三条").id), "一 <b>\n二")]);
    raw.points[0].proposed = Some("处 <i> 元".into());
    let sent = comments::submit(&world.backend, at(DURING), number, raw, "k".into()).await;
    let permit = transport.moderate();
    let publishing = Moderation::Publish;
    let sent = sent.unwrap().number;
    comments::moderate(
        &world.backend,
        &mut at(DURING),
        &permit,
        sent,
        publishing,
        None,
    )
    .await
    .unwrap();
    let mut listed = world.published(number, None).await;
    let point = listed.remove(0).points.remove(0);
    let html = domain::text::to_html("处 <i> 元");
    assert!(html.contains("&lt;i&gt;"));
    assert_eq!(point.proposed_html.as_ref(), Some(&html));
    respond(&transport, point.id, Disposition::NotAdopted, None)
        .await
        .unwrap();
    let account = publish(&transport, number, AFTER).await.unwrap();
    let answered = &account.points[0];
    assert_eq!(answered.proposed_html, Some(html));
    assert_eq!(answered.html, domain::text::to_html("一 <b>\n二"));
}
