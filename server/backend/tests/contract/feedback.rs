//! Feedback: every point answered, then one account that everyone reads.

use crate::offices::{
    AFTER, DURING, FIRST, Heard, Office, SECOND, assert_refused, at, clause, faults, instant,
    offices,
};
use crate::world::World;
use backend::{Backend, Conflict, Error, Scope, Viewer, consultations, drafts, feedback, receipts};
use domain::comments::{HoldReason, Moderation};
use domain::consultations::{Number, State};
use domain::drafts::ClauseChange;
use domain::feedback::{Disposition, Feedback, NewFeedback, NewResponse, Response};
use domain::id::{ClauseId, PointId};
use testing::on_both_databases;

on_both_databases! {
    feedback_waits_for_the_end_of_the_round_and_for_every_point,
    a_response_stays_within_the_unit_and_the_draft,
    the_account_adds_up_and_names_the_points_behind_each_change,
    a_corrected_match_takes_the_responses_along,
    a_round_after_the_feedback_counts_anew_and_the_old_account_stays,
    two_rounds_before_one_feedback_make_one_account,
}

pub fn texts() -> NewFeedback {
    NewFeedback {
        asked: "停车收费和处罚。".into(),
        heard: "罚款太重，充电车位太少。".into(),
        changed: "增加充电车位，先责令改正。".into(),
        new_version: None,
    }
}

pub async fn respond(
    office: &Office,
    point: PointId,
    disposition: Disposition,
    change: Option<ClauseId>,
) -> Result<Response, Error> {
    let reason = disposition.needs_reason().then(|| "理由".to_owned());
    let response = NewResponse {
        disposition,
        reason,
        change,
    };
    feedback::respond(
        &office.backend,
        &mut at(AFTER),
        &office.edit(),
        point,
        response,
    )
    .await
}

pub async fn publish(office: &Office, number: Number, when: &str) -> Result<Feedback, Error> {
    feedback::publish(
        &office.backend,
        &mut at(when),
        &office.approve(),
        number,
        texts(),
    )
    .await
}

/// The first page of an account.
pub const FIRST_PAGE: feedback::Wanted<'static> = feedback::Wanted {
    disposition: None,
    clause: None,
    after: None,
    limit: 50,
};

pub async fn published(backend: &Backend, number: Number) -> Option<Feedback> {
    feedback::published(backend, instant(AFTER), number, FIRST_PAGE)
        .await
        .expect("looked up")
}

/// A closed round with three published comments, one waiting, one held and one withdrawn.
struct Heeded {
    number: Number,
    fine: ClauseId,
    item: ClauseId,
    first: Heard,
    second: Heard,
    waiting: Heard,
}

async fn heeded(office: &Office) -> Heeded {
    let (number, draft) = office.consult().await;
    let (fine, item) = (
        clause(&draft, "第三条").id,
        clause(&draft, "第二条第（二）项").id,
    );
    let publish = Some(Moderation::Publish);
    let first = [
        (Some(fine), "罚款太重"),
        (None, "支持立法"),
        (Some(item), "应当有充电车位"),
    ];
    let first = office.hear(number, &first, publish).await;
    let second = office
        .hear(number, &[(Some(fine), "先责令改正")], publish)
        .await;
    let waiting = office
        .hear(number, &[(Some(item), "看管责任不清")], None)
        .await;
    let held = Some(Moderation::Hold(HoldReason::NoSubstance));
    office.hear(number, &[(None, "啊啊啊")], held).await;
    let regretted = office.hear(number, &[(Some(fine), "算了")], publish).await;
    let code = domain::receipts::ReceiptCode::read(&regretted.code).expect("a receipt code");
    receipts::withdraw(&office.backend, &mut at(DURING), &code)
        .await
        .expect("withdrawn");
    Heeded {
        number,
        fine,
        item,
        first,
        second,
        waiting,
    }
}

async fn feedback_waits_for_the_end_of_the_round_and_for_every_point(world: &World) {
    let (transport, water) = offices(world).await;
    let none = transport.prepare(DURING, "未公布").await;
    assert_refused!(
        publish(&transport, none, AFTER).await,
        Error::Conflict(Conflict::NoRound)
    );
    let case = heeded(&transport).await;
    let number = case.number;
    let early = publish(&transport, number, DURING).await;
    assert_refused!(early, Error::Conflict(Conflict::RoundStillOpen));
    assert_refused!(publish(&water, number, AFTER).await, Error::NotFound);

    let Err(Error::Conflict(Conflict::Unanswered {
        total,
        listed: missing,
    })) = publish(&transport, number, AFTER).await
    else {
        panic!("points are unanswered");
    };
    assert_eq!(total, 5);
    let expected: Vec<PointId> = [&case.first, &case.second, &case.waiting]
        .iter()
        .flat_map(|heard| heard.points.iter().copied())
        .collect();
    assert_eq!(
        missing.iter().map(|one| one.point).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(missing[0].comment, case.first.number.to_string());
    assert_eq!(missing[0].clause_label.as_deref(), Some("第三条"));
    assert_eq!(missing[1].clause_label, None);
    let listed = feedback::unanswered(&world.backend, &transport.see(), number, None, 50)
        .await
        .unwrap();
    assert_eq!((listed.items, listed.next), (missing, None));
    assert_refused!(
        feedback::unanswered(&world.backend, &water.see(), number, None, 50).await,
        Error::NotFound
    );

    for point in &expected[1..] {
        respond(&transport, *point, Disposition::NotAdopted, None)
            .await
            .unwrap();
    }
    let Err(Error::Conflict(Conflict::Unanswered {
        listed: missing, ..
    })) = publish(&transport, number, AFTER).await
    else {
        panic!("one point is unanswered");
    };
    assert_eq!(
        missing.iter().map(|one| one.point).collect::<Vec<_>>(),
        expected[..1]
    );
    assert!(published(&world.backend, number).await.is_none());
    respond(&transport, expected[0], Disposition::NotAdopted, None)
        .await
        .unwrap();
    publish(&transport, number, AFTER).await.unwrap();
    let again = publish(&transport, number, AFTER).await;
    assert_refused!(again, Error::Conflict(Conflict::AlreadyAnswered));
    let late = respond(&transport, expected[0], Disposition::Adopted, None).await;
    assert_refused!(late, Error::Conflict(Conflict::AlreadyAnswered));
}

async fn a_response_stays_within_the_unit_and_the_draft(world: &World) {
    let (transport, water) = offices(world).await;
    let case = heeded(&transport).await;
    let point = case.first.points[0];
    assert_refused!(
        respond(&water, point, Disposition::Adopted, None).await,
        Error::NotFound
    );
    let nowhere = PointId(uuid::Uuid::from_u128(1));
    assert_refused!(
        respond(&transport, nowhere, Disposition::Adopted, None).await,
        Error::NotFound
    );
    // A clause of the other unit's draft is no clause of this one.
    let theirs = water.prepare(DURING, "供水规定").await;
    let theirs = water.draft(DURING, theirs, FIRST).await;
    let foreign = Some(clause(&theirs, "第一条").id);
    assert_eq!(
        faults(respond(&transport, point, Disposition::Adopted, foreign).await),
        [("change.clause".into(), "unknown_clause")]
    );
    let second = transport.draft(AFTER, case.number, SECOND).await;
    let changed = clause(&second, "第四条").id;
    let given = respond(&transport, point, Disposition::Adopted, Some(changed))
        .await
        .unwrap();
    assert_eq!(given.change_label.as_deref(), Some("第四条"));
    let anew = respond(&transport, point, Disposition::NotAdopted, None)
        .await
        .unwrap();
    assert_eq!(
        (anew.disposition, anew.change),
        (Disposition::NotAdopted, None)
    );
}

async fn the_account_adds_up_and_names_the_points_behind_each_change(world: &World) {
    let (transport, _) = offices(world).await;
    let case = heeded(&transport).await;
    let number = case.number;
    let second = transport.draft(AFTER, number, SECOND).await;
    let rules = clause(&second, "第二条第（三）项").id;
    let [fine, support, charging] = case.first.points[..] else {
        panic!("three points")
    };
    let warning = case.second.points[0];
    respond(&transport, fine, Disposition::PartlyAdopted, None)
        .await
        .unwrap();
    respond(&transport, support, Disposition::SupportNoted, None)
        .await
        .unwrap();
    respond(&transport, charging, Disposition::Adopted, Some(rules))
        .await
        .unwrap();
    respond(&transport, warning, Disposition::Adopted, Some(case.fine))
        .await
        .unwrap();

    let preview = feedback::preview(&world.backend, &transport.see(), number)
        .await
        .unwrap();
    assert_eq!(
        (preview.version, preview.new_version, preview.unanswered),
        (1, Some(2), 1)
    );
    let review = feedback::review(&world.backend, &transport.see(), number)
        .await
        .unwrap();
    let waiting = case.waiting.points[0];
    respond(&transport, waiting, Disposition::AlreadyCovered, None)
        .await
        .unwrap();
    assert!(
        drafts::get(&world.backend, number, 2, Viewer::Public)
            .await
            .unwrap()
            .is_none()
    );
    let revision = world
        .backend
        .revision(Scope::Consultation(number))
        .await
        .unwrap();
    let account = publish(&transport, number, AFTER).await.unwrap();
    assert!(
        world
            .backend
            .revision(Scope::Consultation(number))
            .await
            .unwrap()
            > revision
    );
    assert_eq!(
        published(&world.backend, number).await.as_ref(),
        Some(&account)
    );

    assert_eq!((account.version, account.new_version), (1, Some(2)));
    assert_eq!(account.changed, texts().changed);
    let comments = account.counts.comments;
    assert_eq!(
        [
            comments.received,
            comments.waiting,
            comments.published,
            comments.held,
            comments.withdrawn
        ],
        [5, 1, 2, 1, 1]
    );
    let dispositions: Vec<_> = account
        .dispositions
        .iter()
        .map(|count| (count.disposition, count.points))
        .collect();
    assert_eq!(
        dispositions,
        [
            (Disposition::Adopted, 2),
            (Disposition::PartlyAdopted, 1),
            (Disposition::SupportNoted, 1),
        ]
    );
    let answered: i64 = account.dispositions.iter().map(|count| count.points).sum();
    assert_eq!(answered, account.counts.points.published);

    let points: Vec<_> = account
        .points
        .iter()
        .map(|point| {
            (
                point.id,
                point.clause_label.as_deref(),
                point.new_clause_label.as_deref(),
            )
        })
        .collect();
    let item = Some("第二条第（二）项");
    assert_eq!(
        points,
        [
            (charging, item, item),
            (fine, Some("第三条"), Some("第四条")),
            (warning, Some("第三条"), Some("第四条")),
            (support, None, None),
        ]
    );
    assert_eq!(account.points[0].clause, Some(case.item));
    assert_eq!(account.points[0].author.name.as_deref(), Some("朱**"));
    assert_eq!(
        account.points[0].response.change_label.as_deref(),
        Some("第二条第（三）项")
    );

    let because: Vec<_> = account
        .changes
        .iter()
        .map(|one| {
            (
                one.change.label.as_str(),
                one.change.kind,
                one.points.clone(),
            )
        })
        .collect();
    assert_eq!(
        because,
        [
            ("第二条", ClauseChange::Reworded, vec![charging]),
            ("第四条", ClauseChange::Reworded, vec![fine, warning]),
        ]
    );
    let totals: Vec<i64> = account.changes.iter().map(|one| one.total).collect();
    assert_eq!(totals, [1, 2]);
    let behind: Vec<PointId> = account.behind.iter().map(|point| point.id).collect();
    assert_eq!(behind, [charging, fine, warning]);
    assert_eq!(account.dispositions, preview.dispositions);
    assert_eq!((review.changes, review.unshown_total), (2, 0));
    assert!(
        drafts::get(&world.backend, number, 2, Viewer::Public)
            .await
            .unwrap()
            .is_some()
    );
    let found = consultations::find(&world.backend, instant(AFTER), number, Viewer::Public).await;
    assert_eq!(found.unwrap().unwrap().state, State::Answered);
}

async fn a_corrected_match_takes_the_responses_along(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let fine = clause(&first, "第三条").id;
    let heard = transport
        .hear(number, &[(Some(fine), "太重")], Some(Moderation::Publish))
        .await;
    let second = transport.draft(AFTER, number, SECOND).await;
    let charging = clause(&second, "第三条").id;
    respond(
        &transport,
        heard.points[0],
        Disposition::Adopted,
        Some(charging),
    )
    .await
    .unwrap();
    let permit = transport.edit();
    drafts::correct_match(
        &world.backend,
        &mut at(AFTER),
        &permit,
        number,
        2,
        charging,
        Some(fine),
    )
    .await
    .unwrap();
    let account = publish(&transport, number, AFTER).await.unwrap();
    let response = &account.points[0].response;
    assert_eq!(
        (response.change, response.change_label.as_deref()),
        (Some(fine), Some("第三条"))
    );
    assert_eq!(account.changes[0].change.label, "第三条");
}

async fn a_round_after_the_feedback_counts_anew_and_the_old_account_stays(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let fine = Some(clause(&first, "第三条").id);
    let heard = transport
        .hear(number, &[(fine, "太重")], Some(Moderation::Publish))
        .await;
    respond(&transport, heard.points[0], Disposition::Adopted, None)
        .await
        .unwrap();
    transport.draft(AFTER, number, SECOND).await;
    let account = publish(&transport, number, AFTER).await.unwrap();
    let (opens, closes) = ("2026-05-01T00:00:00Z", "2026-06-10T00:00:00Z");
    transport
        .publish(AFTER, number, 2, opens, closes)
        .await
        .unwrap();
    let found = consultations::find(&world.backend, instant(opens), number, Viewer::Public).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.state, found.feedback_at), (State::Open, None));
    assert_eq!(found.counts.comments.received, 0);
    assert_eq!(published(&world.backend, number).await, Some(account));
    let later = "2026-06-11T00:00:00Z";
    let next = publish(&transport, number, later).await.unwrap();
    assert_eq!(
        (next.version, next.new_version, next.points.len()),
        (2, None, 0)
    );
}

async fn two_rounds_before_one_feedback_make_one_account(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let fine = Some(clause(&first, "第三条").id);
    let heard = transport
        .hear(number, &[(fine, "太重")], Some(Moderation::Publish))
        .await;
    respond(&transport, heard.points[0], Disposition::Adopted, None)
        .await
        .unwrap();
    transport.draft(AFTER, number, SECOND).await;
    let (opens, closes) = ("2026-05-01T00:00:00Z", "2026-06-10T00:00:00Z");
    transport
        .publish(AFTER, number, 2, opens, closes)
        .await
        .unwrap();
    let account = publish(&transport, number, "2026-06-11T00:00:00Z")
        .await
        .unwrap();
    assert_eq!((account.version, account.new_version), (1, Some(2)));
    assert_eq!(account.counts.comments.received, 1);
    assert_eq!(account.changes[0].points, heard.points);
    assert_eq!(
        account.points[0].new_clause_label.as_deref(),
        Some("第四条")
    );
}
