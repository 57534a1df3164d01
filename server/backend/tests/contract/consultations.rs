//! Consultations, as the people of two offices and the public meet them.

use crate::offices::{
    AFTER, BEFORE, CLOSES, DURING, FIRST, OPENS, SECOND, assert_refused, at, clause, faults,
    instant, offices,
};
use crate::world::World;
use backend::consultations::{self, ListFilter};
use backend::{Backend, Conflict, Error, Scope, Viewer, audit, drafts};
use domain::comments::{HoldReason, Moderation};
use domain::consultations::{Number, Publish, State};
use domain::limits;
use testing::on_both_databases;

on_both_databases! {
    numbers_run_by_the_year_of_the_units_own_calendar,
    what_is_prepared_is_seen_by_its_own_unit_alone,
    staff_of_another_unit_cannot_act,
    facts_can_be_edited_until_they_are_public,
    a_round_opens_and_closes_by_itself,
    publishing_needs_a_version_and_a_sound_period,
    a_new_round_takes_a_newer_version_after_closing,
    a_withdrawn_consultation_says_why_and_stays_readable,
    counts_add_up_by_state,
    lists_page_from_the_newest_without_gap_or_repetition,
    every_public_change_raises_the_revision,
    every_act_is_on_record,
}

async fn state(backend: &Backend, number: Number, when: &str) -> Option<State> {
    let found = consultations::find(backend, instant(when), number, Viewer::Public).await;
    found.expect("looked up").map(|found| found.state)
}

async fn listed(backend: &Backend, when: &str, filter: ListFilter) -> Vec<(Number, State)> {
    let page = consultations::list(backend, instant(when), filter)
        .await
        .expect("a list");
    page.items
        .into_iter()
        .map(|listed| (listed.number, listed.state))
        .collect()
}

async fn numbers_run_by_the_year_of_the_units_own_calendar(world: &World) {
    let (transport, water) = offices(world).await;
    // A second before and at the new year in Shanghai; New York is still in the old one.
    let last = transport.prepare("2025-12-31T15:59:59Z", "a").await;
    let first = transport.prepare("2025-12-31T16:00:00Z", "b").await;
    let elsewhere = water.prepare("2025-12-31T16:00:01Z", "c").await;
    let numbers = [last, first, elsewhere].map(|number| number.to_string());
    assert_eq!(numbers, ["2025-0001", "2026-0001", "2025-0002"]);
}

async fn what_is_prepared_is_seen_by_its_own_unit_alone(world: &World) {
    let (transport, water) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    let (see, other) = (transport.see(), water.see());
    let now = instant(BEFORE);
    let find = |viewer| consultations::find(&world.backend, now, number, viewer);
    assert!(find(Viewer::Public).await.unwrap().is_none());
    assert!(find(Viewer::Staff(&other)).await.unwrap().is_none());
    let found = find(Viewer::Staff(&see))
        .await
        .unwrap()
        .expect("its own unit sees it");
    assert_eq!(found.state, State::Preparing);
    assert_eq!(
        (found.unit.slug.as_str(), found.unit.zone.as_str()),
        ("transport", "Asia/Shanghai")
    );
    assert_eq!(
        found.explanation_html,
        "<h3>起草说明</h3>\n<p>为了<strong>规范</strong>停车。</p>\n"
    );
    assert_eq!(
        consultations::unit_of(&world.backend, number)
            .await
            .unwrap(),
        Some(transport.unit)
    );
    assert!(
        listed(&world.backend, BEFORE, ListFilter::default())
            .await
            .is_empty()
    );
    let mine = consultations::list_for_staff(&world.backend, now, &transport.who, None)
        .await
        .unwrap();
    assert_eq!(
        mine.items.iter().map(|one| one.number).collect::<Vec<_>>(),
        [number]
    );
    let theirs = consultations::list_for_staff(&world.backend, now, &water.who, None)
        .await
        .unwrap();
    assert!(theirs.items.is_empty());
}

async fn staff_of_another_unit_cannot_act(world: &World) {
    let (transport, water) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    transport.draft(BEFORE, number, FIRST).await;
    assert_refused!(water.update(BEFORE, number, "x").await, Error::NotFound);
    assert_refused!(
        water.publish(BEFORE, number, 1, OPENS, CLOSES).await,
        Error::NotFound
    );
    assert_refused!(
        water.withdraw(BEFORE, number, "not ours").await,
        Error::NotFound
    );
    let record = audit::list(&world.backend, &water.oversee(), None)
        .await
        .unwrap();
    let acts: Vec<_> = record.items.iter().map(|one| one.act.as_str()).collect();
    assert_eq!(acts, ["token.added", "account.added", "unit.added"]);
}

async fn facts_can_be_edited_until_they_are_public(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车规定").await;
    transport.draft(BEFORE, number, FIRST).await;
    transport
        .update(BEFORE, number, "停车管理规定")
        .await
        .unwrap();
    transport
        .publish(BEFORE, number, 1, OPENS, CLOSES)
        .await
        .unwrap();
    let found = consultations::find(&world.backend, instant(DURING), number, Viewer::Public).await;
    assert_eq!(found.unwrap().unwrap().title, "停车管理规定");
    let late = transport.update(DURING, number, "x").await;
    assert_refused!(late, Error::Conflict(Conflict::ConsultationPublic));
}

async fn a_round_opens_and_closes_by_itself(world: &World) {
    let (transport, water) = offices(world).await;
    let (number, _) = transport.consult().await;
    let second_before = |edge: &str| {
        let edge = instant(edge).as_second() - 1;
        domain::Timestamp::from_second(edge).unwrap().to_string()
    };
    for (when, expected) in [
        (BEFORE, State::Published),
        (&second_before(OPENS), State::Published),
        (OPENS, State::Open),
        (&second_before(CLOSES), State::Open),
        (CLOSES, State::Closed),
    ] {
        assert_eq!(
            state(&world.backend, number, when).await,
            Some(expected),
            "{when}"
        );
        for asked in State::ALL {
            let filter = ListFilter {
                state: Some(*asked),
                ..ListFilter::default()
            };
            let found = listed(&world.backend, when, filter).await;
            let wanted: &[_] = if *asked == expected {
                &[(number, expected)]
            } else {
                &[]
            };
            assert_eq!(found, wanted, "{asked} at {when}");
        }
    }
    for (unit, count) in [
        (&transport.slug, 1),
        (&water.slug, 0),
        (&"nobody".to_owned(), 0),
    ] {
        let filter = ListFilter {
            unit: Some(unit.clone()),
            ..ListFilter::default()
        };
        assert_eq!(
            listed(&world.backend, DURING, filter).await.len(),
            count,
            "{unit}"
        );
    }
}

async fn publishing_needs_a_version_and_a_sound_period(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    assert_eq!(
        faults(transport.publish(BEFORE, number, 1, OPENS, OPENS).await),
        [
            ("version".into(), "unknown"),
            ("closes_at".into(), "too_early")
        ]
    );
    transport.draft(BEFORE, number, FIRST).await;
    let short = transport.publish(BEFORE, number, 1, OPENS, DURING).await;
    assert_eq!(
        faults(short),
        [("reason_for_short_period".into(), "short_period_reason")]
    );
    assert_eq!(
        state(&world.backend, number, DURING).await,
        None,
        "a refusal publishes nothing"
    );
    let reasoned = Publish {
        version: 1,
        opens_at: instant(OPENS),
        closes_at: instant(DURING),
        reason_for_short_period: Some("防汛需要".into()),
    };
    consultations::publish(
        &world.backend,
        &mut at(BEFORE),
        &transport.approve(),
        number,
        reasoned,
    )
    .await
    .unwrap();
    let found = consultations::find(&world.backend, instant(BEFORE), number, Viewer::Public).await;
    let round = found.unwrap().unwrap().round.expect("a round");
    assert_eq!(round.reason_for_short_period.as_deref(), Some("防汛需要"));
}

async fn a_new_round_takes_a_newer_version_after_closing(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    transport.draft(DURING, number, SECOND).await;
    let (opens, closes) = ("2026-05-01T00:00:00Z", "2026-06-10T00:00:00Z");
    for too_soon in [BEFORE, DURING] {
        let round = transport.publish(too_soon, number, 2, opens, closes).await;
        assert_refused!(round, Error::Conflict(Conflict::RoundStillOpen));
    }
    transport
        .publish(AFTER, number, 2, opens, closes)
        .await
        .unwrap();
    assert_eq!(
        state(&world.backend, number, AFTER).await,
        Some(State::Published)
    );
    let found = consultations::find(&world.backend, instant(opens), number, Viewer::Public).await;
    let found = found.unwrap().unwrap();
    assert_eq!(
        (found.state, found.current_version()),
        (State::Open, Some(2))
    );
    assert_eq!(found.versions.len(), 2);
    let back = transport.publish(
        "2026-07-01T00:00:00Z",
        number,
        1,
        opens,
        "2026-09-01T00:00:00Z",
    );
    assert_eq!(faults(back.await), [("version".into(), "too_early")]);
}

async fn a_withdrawn_consultation_says_why_and_stays_readable(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    assert_eq!(
        faults(transport.withdraw(DURING, number, " ").await),
        [("reason".into(), "required")]
    );
    transport
        .withdraw(DURING, number, "上位法已经修改")
        .await
        .unwrap();
    let again = transport.withdraw(DURING, number, "again").await;
    assert_refused!(again, Error::Conflict(Conflict::ConsultationWithdrawn));
    let found = consultations::find(&world.backend, instant(DURING), number, Viewer::Public).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.state, State::Withdrawn);
    assert_eq!(found.withdrawn_reason.as_deref(), Some("上位法已经修改"));
    assert!(
        drafts::get(&world.backend, number, 1, Viewer::Public)
            .await
            .unwrap()
            .is_some()
    );
    let filter = ListFilter {
        state: Some(State::Withdrawn),
        ..ListFilter::default()
    };
    assert_eq!(
        listed(&world.backend, AFTER, filter).await,
        [(number, State::Withdrawn)]
    );
    let again = transport
        .publish(AFTER, number, 1, AFTER, "2026-09-01T00:00:00Z")
        .await;
    assert_refused!(again, Error::Conflict(Conflict::ConsultationWithdrawn));
}

async fn counts_add_up_by_state(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, draft) = transport.consult().await;
    let clause = clause(&draft, "第三条").id;
    let third = Some(clause);
    transport
        .hear(
            number,
            &[(third, "太重"), (None, "支持")],
            Some(Moderation::Publish),
        )
        .await;
    transport.hear(number, &[(third, "太轻")], None).await;
    let held = Moderation::Hold(HoldReason::Advertising);
    transport.hear(number, &[(None, "广告")], Some(held)).await;
    let found = consultations::find(&world.backend, instant(DURING), number, Viewer::Public).await;
    let counts = found.unwrap().unwrap().counts;
    let by_state = |by: domain::consultations::ByState| {
        [by.received, by.waiting, by.published, by.held, by.withdrawn]
    };
    assert_eq!(by_state(counts.comments), [3, 1, 1, 1, 0]);
    assert_eq!(by_state(counts.points), [4, 1, 2, 1, 0]);
    assert_eq!((counts.individuals, counts.organisations), (3, 0));
    let held: Vec<_> = counts
        .held_for
        .iter()
        .map(|one| (one.reason, one.comments))
        .collect();
    assert_eq!(held, [(HoldReason::Advertising, 1)]);
    let page = consultations::list(&world.backend, instant(DURING), ListFilter::default()).await;
    assert_eq!(page.unwrap().items[0].received, 3);
    let on_clauses = world.clause_counts(number).await;
    assert_eq!(on_clauses.into_iter().collect::<Vec<_>>(), [(clause, 1)]);
}

async fn lists_page_from_the_newest_without_gap_or_repetition(world: &World) {
    let (transport, water) = offices(world).await;
    let total = limits::PAGE + 2;
    let mut made = Vec::new();
    for index in 0..total {
        let office = if index % 2 == 0 { &transport } else { &water };
        let number = office.prepare(BEFORE, &format!("第{index}件")).await;
        office.draft(BEFORE, number, "第一条 一。").await;
        office
            .publish(BEFORE, number, 1, OPENS, CLOSES)
            .await
            .unwrap();
        made.insert(0, number);
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let filter = ListFilter {
            after,
            ..ListFilter::default()
        };
        let page = consultations::list(&world.backend, instant(DURING), filter)
            .await
            .unwrap();
        assert!(page.items.len() <= limits::PAGE);
        seen.extend(page.items.into_iter().map(|listed| listed.number));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, made);
    let staff =
        consultations::list_for_staff(&world.backend, instant(DURING), &water.who, None).await;
    let staff = staff.unwrap();
    assert_eq!((staff.items.len(), staff.next), (total / 2, None));
    let bad = ListFilter {
        after: Some("x".into()),
        ..ListFilter::default()
    };
    assert_refused!(
        consultations::list(&world.backend, instant(DURING), bad).await,
        Error::NotFound
    );
}

async fn every_public_change_raises_the_revision(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    transport.draft(BEFORE, number, FIRST).await;
    let revision = || world.backend.revision(Scope::Consultation(number));
    let before = revision().await.unwrap();
    transport
        .publish(BEFORE, number, 1, OPENS, CLOSES)
        .await
        .unwrap();
    let published = revision().await.unwrap();
    assert!(published > before);
    transport
        .withdraw(DURING, number, "上位法已经修改")
        .await
        .unwrap();
    assert!(revision().await.unwrap() > published);
}

async fn every_act_is_on_record(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    let record = audit::list(&world.backend, &transport.oversee(), None)
        .await
        .unwrap();
    let mut acts: Vec<_> = record
        .items
        .iter()
        .filter(|row| row.subject == number.to_string())
        .map(|row| (row.act.as_str(), row.email.as_deref()))
        .collect();
    acts.sort_unstable();
    let who = Some("all@transport.example");
    assert_eq!(
        acts,
        [
            ("consultation.created", who),
            ("consultation.published", who),
            ("draft.added", who)
        ]
    );
}
