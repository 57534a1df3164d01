//! Taking in, reading, reviewing.

use crate::world::{World, clause, comment};
use backend::{Conflict, Error, Viewer, comments, consultations};
use domain::comments::{
    CommentState, Display, HoldReason, Moderation, QueueFilter, RawComment, Receipt,
};
use domain::consultations::{ByState, Number};
use domain::receipts::ReceiptCode;
use std::collections::HashSet;
use testing::on_both_databases;

on_both_databases! {
    a_comment_with_points_on_several_clauses_is_counted_and_listed_after_review,
    sending_twice_makes_one_comment_and_gives_the_same_receipt,
    a_burst_gets_distinct_numbers_and_receipts_and_every_one_is_counted,
    a_bad_comment_in_a_batch_refuses_nobody_else,
    the_clock_alone_opens_and_closes,
    staff_hold_with_a_reason_decide_again_and_read_contacts_on_record,
    a_decision_on_what_has_changed_since_is_refused,
    the_queue_pages_by_key_and_filters_by_state_clause_and_text,
    an_anonymous_name_is_never_stored_and_contacts_are_encrypted,
}

async fn counts(world: &World, number: Number) -> (ByState, ByState) {
    let found = consultations::find(&world.backend, world.now(), number, Viewer::Public)
        .await
        .unwrap()
        .unwrap();
    let sum = |c: &ByState| c.waiting + c.published + c.held + c.withdrawn;
    let counts = found.counts;
    assert_eq!(counts.comments.received, sum(&counts.comments));
    assert_eq!(counts.points.received, sum(&counts.points));
    assert_eq!(
        counts.comments.received,
        counts.individuals + counts.organisations
    );
    assert_eq!(
        counts.comments.held,
        counts.held_for.iter().map(|h| h.comments).sum::<i64>()
    );
    (counts.comments, counts.points)
}

async fn moderate(
    world: &World,
    desk: &crate::world::Desk,
    receipt: &Receipt,
    decision: Moderation,
) {
    comments::moderate(
        &world.backend,
        &mut world.moment(),
        &desk.moderate(),
        receipt.number,
        decision,
        None,
    )
    .await
    .unwrap();
}

async fn submit(
    world: &World,
    number: Number,
    raw: RawComment,
    key: &str,
) -> Result<Receipt, Error> {
    comments::submit(&world.backend, world.moment(), number, raw, key.into()).await
}

async fn a_comment_with_points_on_several_clauses_is_counted_and_listed_after_review(
    world: &World,
) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let (first, item) = (
        clause(&draft, "第一条"),
        draft.clauses.iter().find(|c| c.label == "第二条").unwrap(),
    );
    let child = item.children.last().unwrap().id;
    let sent = world
        .send(
            number,
            comment(&[
                (Some(first), "一"),
                (Some(child), "<b>二</b>"),
                (None, "三"),
            ]),
            "k1",
        )
        .await;
    assert_eq!(sent.number.to_string(), format!("{number}-1"));
    let (people, points) = counts(world, number).await;
    assert_eq!(
        (
            people.received,
            people.waiting,
            points.received,
            points.waiting
        ),
        (1, 1, 3, 3)
    );
    let listed = world.published(number, None).await;
    assert_eq!(listed.len(), 0, "review comes first");

    moderate(world, &desk, &sent, Moderation::Publish).await;
    let (people, points) = counts(world, number).await;
    assert_eq!(
        (people.published, people.waiting, points.published),
        (1, 0, 3)
    );
    let listed = world.published(number, None).await;
    let shown = &listed[0];
    assert_eq!(shown.author.name.as_deref(), Some("朱**"));
    assert_eq!(shown.points[0].clause_label.as_deref(), Some("第一条"));
    assert_eq!(
        shown.points[1].html,
        "<p dir=\"auto\">&lt;b&gt;二&lt;/b&gt;</p>"
    );
    assert!(shown.points[2].clause.is_none());
    let on = async |id| world.published(number, Some(id)).await;
    assert_eq!(
        on(item.id).await[0].points.len(),
        1,
        "an article shows what was said on its items"
    );
    assert_eq!(on(child).await[0].points[0].text, "<b>二</b>");
    assert!(on(clause(&draft, "第三条")).await.is_empty());
    let by_clause = world.clause_counts(number).await;
    assert_eq!(
        (by_clause.get(&first), by_clause.get(&child)),
        (Some(&1), Some(&1))
    );
}

async fn sending_twice_makes_one_comment_and_gives_the_same_receipt(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = comment(&[(None, "一")]);
    let sends: Vec<_> = (0..20)
        .map(|_| {
            let (backend, moment, raw) = (world.backend.clone(), world.moment(), raw.clone());
            tokio::spawn(async move {
                comments::submit(&backend, moment, number, raw, "same".into())
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut receipts = Vec::new();
    for send in sends {
        receipts.push(send.await.unwrap());
    }
    assert!(receipts.iter().all(|r| *r == receipts[0]));
    assert_eq!(counts(world, number).await.0.received, 1);
    let other = submit(world, number, comment(&[(None, "二")]), "same").await;
    assert!(matches!(other, Err(Error::Conflict(Conflict::KeyReused))));
    world.travel("2026-05-01T00:00:00Z");
    assert_eq!(
        submit(world, number, raw, "same").await.unwrap(),
        receipts[0],
        "also after closing"
    );
}

async fn a_burst_gets_distinct_numbers_and_receipts_and_every_one_is_counted(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let (other, _) = world.open_consultation(&desk).await;
    let sends: Vec<_> = (0..300)
        .map(|i| {
            let (backend, moment) = (world.backend.clone(), world.moment());
            let to = if i % 3 == 0 { other } else { number };
            let raw = comment(&[(None, "一"), (None, "二")]);
            tokio::spawn(async move {
                comments::submit(&backend, moment, to, raw, format!("k{i}"))
                    .await
                    .unwrap()
            })
        })
        .collect();
    let (mut numbers, mut codes) = (HashSet::new(), HashSet::new());
    for send in sends {
        let receipt = send.await.unwrap();
        numbers.insert(receipt.number);
        codes.insert(receipt.receipt);
    }
    assert_eq!((numbers.len(), codes.len()), (300, 300));
    assert_eq!(
        (1..=200)
            .filter(|serial| numbers
                .iter()
                .any(|n| n.consultation == number && n.serial == *serial))
            .count(),
        200
    );
    let (people, points) = counts(world, number).await;
    assert_eq!((people.received, points.received), (200, 400));
    assert_eq!(counts(world, other).await.0.received, 100);
}

async fn a_bad_comment_in_a_batch_refuses_nobody_else(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let unknown = "2026-0999".parse().unwrap();
    let sends: Vec<_> = (0..40)
        .map(|i| {
            let (backend, moment) = (world.backend.clone(), world.moment());
            let (to, raw) = match i % 4 {
                0 => (unknown, comment(&[(None, "一")])),
                1 => (
                    number,
                    comment(&[(Some(domain::id::ClauseId(uuid::Uuid::from_u128(1))), "一")]),
                ),
                2 => (number, comment(&[(None, " ")])),
                _ => (number, comment(&[(None, "好")])),
            };
            tokio::spawn(async move {
                (
                    i % 4,
                    comments::submit(&backend, moment, to, raw, format!("k{i}")).await,
                )
            })
        })
        .collect();
    for send in sends {
        let (kind, outcome) = send.await.unwrap();
        match kind {
            0 => assert!(matches!(outcome, Err(Error::NotFound))),
            1 => assert!(
                matches!(outcome, Err(Error::Invalid(wrong)) if wrong.0[0].fault.code() == "unknown_clause")
            ),
            2 => assert!(
                matches!(outcome, Err(Error::Invalid(wrong)) if wrong.0[0].field == "points.0.text")
            ),
            _ => assert!(outcome.is_ok()),
        }
    }
    assert_eq!(counts(world, number).await.0.received, 10);
}

async fn the_clock_alone_opens_and_closes(world: &World) {
    let desk = world.desk("transport").await;
    let number = world.consultation(&desk, "停车").await;
    let refused = submit(world, number, comment(&[(None, "一")]), "a").await;
    assert!(
        matches!(refused, Err(Error::NotFound)),
        "in preparation it does not exist"
    );
    world.draft(&desk, number, crate::world::DRAFT).await;
    world.publish(&desk, number, 1).await;
    world.send(number, comment(&[(None, "一")]), "b").await;
    world.travel("2026-04-01T00:00:00Z");
    let refused = submit(world, number, comment(&[(None, "一")]), "c").await;
    assert!(
        matches!(refused, Err(Error::Conflict(Conflict::RoundNotOpen))),
        "the closing instant is too late"
    );
}

async fn staff_hold_with_a_reason_decide_again_and_read_contacts_on_record(world: &World) {
    let desk = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (number, _) = world.open_consultation(&desk).await;
    let sent = world.send(number, comment(&[(None, "一")]), "k").await;
    let foreign = comments::moderate(
        &world.backend,
        &mut world.moment(),
        &other.moderate(),
        sent.number,
        Moderation::Publish,
        None,
    )
    .await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    moderate(
        world,
        &desk,
        &sent,
        Moderation::Hold(HoldReason::Advertising),
    )
    .await;
    assert_eq!(counts(world, number).await.0.held, 1);
    moderate(world, &desk, &sent, Moderation::Hold(HoldReason::Other)).await;
    moderate(world, &desk, &sent, Moderation::Publish).await;
    moderate(world, &desk, &sent, Moderation::Publish).await;
    let (people, _) = counts(world, number).await;
    assert_eq!((people.held, people.published), (0, 1));
    let contact = comments::contact(
        &world.backend,
        &mut world.moment(),
        &desk.moderate(),
        sent.number,
    )
    .await
    .unwrap();
    assert_eq!(contact.as_deref(), Some("13800000000"));
    let record = backend::audit::list(&world.backend, &desk.oversee(), None)
        .await
        .unwrap();
    let acts: Vec<_> = record
        .items
        .iter()
        .map(|a| (a.act.as_str(), a.detail.as_str()))
        .take(4)
        .collect();
    assert_eq!(
        acts,
        [
            ("comment.contact_read", ""),
            ("comment.published", ""),
            ("comment.held", "other"),
            ("comment.held", "advertising"),
        ]
    );
}

async fn a_decision_on_what_has_changed_since_is_refused(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let sent = world.send(number, comment(&[(None, "一")]), "k").await;
    let seen = async || {
        let (see, all) = (desk.see(), QueueFilter::default());
        let queue = comments::queue(&world.backend, &see, number, all);
        queue.await.unwrap().items[0].seen
    };
    let decide = async |seen, decision| {
        let (backend, moment, permit) = (&world.backend, &mut world.moment(), &desk.moderate());
        comments::moderate(backend, moment, permit, sent.number, decision, Some(seen)).await
    };
    let looked = seen().await;
    let code = ReceiptCode::read(&sent.receipt).unwrap();
    let edited = comment(&[(None, "完全不同的话")]);
    backend::receipts::edit(&world.backend, &mut world.moment(), &code, edited)
        .await
        .unwrap();
    for decision in [Moderation::Publish, Moderation::Hold(HoldReason::Other)] {
        let refused = decide(looked, decision).await;
        assert!(
            matches!(refused, Err(Error::Conflict(Conflict::ChangedSince))),
            "{refused:?}"
        );
    }
    assert_eq!(counts(world, number).await.0.waiting, 1);
    let anew = seen().await;
    decide(anew, Moderation::Publish).await.unwrap();
    // Pressed twice it is still what was meant; another decision looks at what was decided first.
    decide(anew, Moderation::Publish).await.unwrap();
    let late = decide(anew, Moderation::Hold(HoldReason::Other)).await;
    assert!(matches!(late, Err(Error::Conflict(Conflict::ChangedSince))));
    decide(seen().await, Moderation::Hold(HoldReason::Other))
        .await
        .unwrap();
}

async fn the_queue_pages_by_key_and_filters_by_state_clause_and_text(world: &World) {
    let desk = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = clause(&draft, "第一条");
    for i in 0..120 {
        let (clause, text) = if i % 40 == 0 {
            (Some(first), "夜间停车ＡＢＣ100%")
        } else {
            (None, "别的")
        };
        world
            .send(number, comment(&[(clause, text)]), &format!("k{i}"))
            .await;
    }
    let queue = async |filter: QueueFilter| {
        comments::queue(&world.backend, &desk.see(), number, filter)
            .await
            .unwrap()
    };
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = queue(QueueFilter {
            after,
            ..QueueFilter::default()
        })
        .await;
        assert!(page.items.len() <= 50);
        seen.extend(page.items.iter().map(|c| c.number.serial));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=120).collect::<Vec<i64>>());
    let count = async |filter: QueueFilter| queue(filter).await.items.len();
    let q = |text: &str| QueueFilter {
        q: Some(text.into()),
        ..QueueFilter::default()
    };
    assert_eq!(
        count(q("abc100%")).await,
        3,
        "full-width letters are found by half-width ones"
    );
    assert_eq!(
        count(q("0_%")).await,
        0,
        "the signs of a pattern mean themselves"
    );
    assert_eq!(
        count(QueueFilter {
            clause: Some(first),
            ..QueueFilter::default()
        })
        .await,
        3
    );
    assert_eq!(
        count(QueueFilter {
            state: Some(CommentState::Published),
            ..QueueFilter::default()
        })
        .await,
        0
    );
    assert_eq!(
        count(QueueFilter {
            unanswered: true,
            ..q("夜间")
        })
        .await,
        3
    );
    let foreign =
        comments::queue(&world.backend, &other.see(), number, QueueFilter::default()).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
}

async fn an_anonymous_name_is_never_stored_and_contacts_are_encrypted(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = comment(&[(None, "一")]);
    raw.author.display = Display::Anonymous;
    let sent = world.send(number, raw, "k").await;
    moderate(world, &desk, &sent, Moderation::Publish).await;
    let queued = comments::queue(&world.backend, &desk.see(), number, QueueFilter::default())
        .await
        .unwrap();
    assert_eq!(queued.items[0].name, None);
    let shown = world.published(number, None).await;
    assert_eq!(shown[0].author.name, None);
    assert!(!format!("{queued:?}{shown:?}").contains("13800000000"));
}
