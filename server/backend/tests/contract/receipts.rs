//! What the holder of a receipt can do.

use crate::world::{World, clause, comment};
use backend::{Conflict, Error, Viewer, comments, consultations, feedback, receipts};
use domain::comments::{CommentState, Display, Moderation, QueueFilter, Receipt};
use domain::feedback::{Disposition, NewResponse};
use domain::receipts::ReceiptCode;
use testing::on_both_databases;

on_both_databases! {
    a_receipt_opens_its_comment_with_everything_its_sender_gave,
    an_edit_keeps_the_earlier_text_and_goes_back_to_review,
    withdrawing_deletes_name_and_contact_stays_counted_and_works_once,
    an_edit_keeps_the_answers_of_what_still_says_the_same,
    editing_and_reviewing_at_once_leaves_counts_that_add_up,
}

fn code(receipt: &Receipt) -> ReceiptCode {
    ReceiptCode::read(&receipt.receipt.to_lowercase().replace('-', "")).unwrap()
}

async fn open(world: &World, receipt: &Receipt) -> domain::comments::OwnComment {
    receipts::open(&world.backend, world.now(), &code(receipt))
        .await
        .unwrap()
        .unwrap()
}

async fn a_receipt_opens_its_comment_with_everything_its_sender_gave(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let sent = world
        .send(
            number,
            comment(&[(Some(clause(&draft, "第一条")), "一")]),
            "k",
        )
        .await;
    let own = open(world, &sent).await;
    assert_eq!(
        (own.number, own.state, own.editable),
        (sent.number, CommentState::Received, true)
    );
    assert_eq!(own.contact.as_deref(), Some("13800000000"));
    assert_eq!(own.points[0].clause_label.as_deref(), Some("第一条"));
    let unknown = ReceiptCode::from_bytes([9; 10]);
    assert!(
        receipts::open(&world.backend, world.now(), &unknown)
            .await
            .unwrap()
            .is_none()
    );
    world.travel("2026-05-01T00:00:00Z");
    assert!(!open(world, &sent).await.editable);
}

async fn an_edit_keeps_the_earlier_text_and_goes_back_to_review(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = clause(&draft, "第一条");
    let sent = world
        .send(number, comment(&[(Some(first), "一"), (None, "二")]), "k")
        .await;
    comments::moderate(
        &world.backend,
        &mut world.moment(),
        &desk.moderate(),
        sent.number,
        Moderation::Publish,
        None,
    )
    .await
    .unwrap();
    let edit =
        async |raw| receipts::edit(&world.backend, &mut world.moment(), &code(&sent), raw).await;
    let own = edit(comment(&[(None, "三")])).await.unwrap();
    assert_eq!(
        (own.state, own.points.len(), own.revisions.len()),
        (CommentState::Received, 1, 1)
    );
    assert_eq!(own.revisions[0].points[0].text, "一");
    let counts = async || {
        let found = consultations::find(&world.backend, world.now(), number, Viewer::Public)
            .await
            .unwrap()
            .unwrap();
        (found.counts.comments, found.counts.points)
    };
    let (people, points) = counts().await;
    assert_eq!(
        (people.received, people.waiting, people.published),
        (1, 1, 0)
    );
    assert_eq!(
        (points.received, points.waiting, points.published),
        (1, 1, 0)
    );
    let by_clause = world.clause_counts(number).await;
    assert_eq!(by_clause.get(&first).copied().unwrap_or(0), 0);
    edit(comment(&[(None, "四")])).await.unwrap();
    assert_eq!(
        open(world, &sent).await.revisions.len(),
        2,
        "two edits within one instant are both kept"
    );
    let same = edit(comment(&[(None, "四")])).await.unwrap();
    assert_eq!(same.revisions.len(), 2, "nothing changed, nothing kept");
    assert!(matches!(edit(comment(&[])).await, Err(Error::Invalid(_))));
    world.travel("2026-05-01T00:00:00Z");
    assert!(matches!(
        edit(comment(&[(None, "五")])).await,
        Err(Error::Conflict(Conflict::NotEditable))
    ));
}

async fn withdrawing_deletes_name_and_contact_stays_counted_and_works_once(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let sent = world.send(number, comment(&[(None, "一")]), "k").await;
    comments::moderate(
        &world.backend,
        &mut world.moment(),
        &desk.moderate(),
        sent.number,
        Moderation::Publish,
        None,
    )
    .await
    .unwrap();
    let withdraw =
        async || receipts::withdraw(&world.backend, &mut world.moment(), &code(&sent)).await;
    let own = withdraw().await.unwrap();
    assert_eq!(
        (own.state, own.name, own.contact, own.editable),
        (CommentState::Withdrawn, None, None, false)
    );
    assert!(matches!(
        withdraw().await,
        Err(Error::Conflict(Conflict::AlreadyWithdrawn))
    ));
    let edit = receipts::edit(
        &world.backend,
        &mut world.moment(),
        &code(&sent),
        comment(&[(None, "二")]),
    )
    .await;
    assert!(matches!(
        edit,
        Err(Error::Conflict(Conflict::AlreadyWithdrawn))
    ));
    let found = consultations::find(&world.backend, world.now(), number, Viewer::Public)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            found.counts.comments.received,
            found.counts.comments.withdrawn
        ),
        (1, 1)
    );
    assert_eq!(
        (found.counts.points.received, found.counts.points.withdrawn),
        (1, 1)
    );
    assert!(world.published(number, None).await.is_empty());
    let again = comments::moderate(
        &world.backend,
        &mut world.moment(),
        &desk.moderate(),
        sent.number,
        Moderation::Publish,
        None,
    )
    .await;
    assert!(matches!(
        again,
        Err(Error::Conflict(Conflict::AlreadyWithdrawn))
    ));
}

async fn editing_and_reviewing_at_once_leaves_counts_that_add_up(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = clause(&draft, "第一条");
    let sent = world
        .send(number, comment(&[(Some(first), "一")]), "k")
        .await;
    let mut tasks = Vec::new();
    for i in 0..30 {
        let (backend, mut moment, permit, code) = (
            world.backend.clone(),
            world.moment(),
            desk.moderate(),
            code(&sent),
        );
        let to = sent.number;
        tasks.push(tokio::spawn(async move {
            if i % 2 == 0 {
                comments::moderate(
                    &backend,
                    &mut moment,
                    &permit,
                    to,
                    Moderation::Publish,
                    None,
                )
                .await
                .unwrap();
            } else {
                let raw = comment(&[(Some(first), &format!("第{i}次")), (None, "二")]);
                receipts::edit(&backend, &mut moment, &code, raw)
                    .await
                    .unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let found = consultations::find(&world.backend, world.now(), number, Viewer::Public)
        .await
        .unwrap()
        .unwrap();
    let counts = found.counts;
    assert_eq!(counts.comments.received, 1);
    assert_eq!(counts.comments.waiting + counts.comments.published, 1);
    assert_eq!(
        counts.points.received,
        open(world, &sent).await.points.len() as i64
    );
    let by_clause = world.clause_counts(number).await;
    assert_eq!(
        by_clause.get(&first).copied().unwrap_or(0),
        counts.comments.published
    );
    assert_eq!(open(world, &sent).await.revisions.len(), 15);
}

async fn an_edit_keeps_the_answers_of_what_still_says_the_same(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = Some(clause(&draft, "第一条"));
    let points = [(first, "一"), (None, "二"), (None, "三")];
    let sent = world.send(number, comment(&points), "k").await;
    let before = open(world, &sent).await.points;
    for point in &before {
        let response = NewResponse {
            disposition: Disposition::SupportNoted,
            reason: None,
            change: None,
        };
        let permit = desk.edit();
        feedback::respond(
            &world.backend,
            &mut world.moment(),
            &permit,
            point.id,
            response,
        )
        .await
        .unwrap();
    }
    let answered = async || {
        let all = QueueFilter::default();
        let queue = comments::queue(&world.backend, &desk.see(), number, all).await;
        let points = queue.unwrap().items.remove(0).points.into_iter();
        points
            .map(|point| (point.id, point.text, point.response.is_some()))
            .collect::<Vec<_>>()
    };
    let removals = async || {
        let record = backend::audit::list(&world.backend, &desk.oversee(), None).await;
        let rows = record.unwrap().items.into_iter();
        rows.filter(|row| row.act == "point.answer_removed")
            .map(|row| (row.email, row.subject, row.detail))
            .collect::<Vec<_>>()
    };
    let edit =
        async |raw| receipts::edit(&world.backend, &mut world.moment(), &code(&sent), raw).await;
    // Only how the name is shown.
    let mut shown = comment(&points);
    shown.author.display = Display::Shown;
    edit(shown).await.unwrap();
    let kept: Vec<_> = before
        .iter()
        .map(|point| (point.id, point.text.clone(), true))
        .collect();
    assert_eq!(answered().await, kept);
    assert_eq!(removals().await, []);
    // The last comes first, the first is reworded, the second goes, one is new.
    edit(comment(&[(None, "三"), (first, "一，改"), (None, "四")]))
        .await
        .unwrap();
    let now = answered().await;
    assert_eq!(now[0], (before[2].id, "三".to_owned(), true));
    let others: Vec<_> = now[1..]
        .iter()
        .map(|(_, text, answered)| (text.as_str(), *answered))
        .collect();
    assert_eq!(others, [("一，改", false), ("四", false)]);
    let removed = (None, sent.number.to_string(), "2".to_owned());
    assert_eq!(removals().await, [removed]);
}
