//! Drafts: how texts become clauses, and how clauses live on from version to version.

use crate::offices::{
    AFTER, BEFORE, DURING, FIRST, OPENS, Office, SECOND, assert_refused, at, clause, faults,
    labels, offices,
};
use crate::world::World;
use backend::drafts::{self, NewDraft};
use backend::{Backend, Conflict, Error, Viewer};
use domain::consultations::Number;
use domain::drafts::{Change, ClauseChange, Draft, InlineOp};
use domain::id::ClauseId;
use domain::limits;
use std::collections::HashSet;
use testing::on_both_databases;

on_both_databases! {
    a_draft_becomes_clauses_and_is_kept_as_it_came,
    a_file_in_gb18030_is_understood_and_given_back_byte_for_byte,
    what_is_no_draft_is_refused_with_a_reason,
    a_version_is_public_once_it_is_published_and_not_before,
    clauses_keep_their_identity_wherever_they_go,
    a_redline_reads_in_words_and_in_both_directions,
    a_heavily_revised_law_accounts_for_every_article_of_both_versions,
    staff_put_a_match_right_until_the_version_is_published,
    changes_over_three_versions_follow_what_staff_decided_between_them,
    a_version_is_tied_to_the_last_public_one_when_it_becomes_public,
    a_published_version_never_changes,
    a_law_of_two_thousand_articles_is_stored_whole,
}

const SME_V1: &str = include_str!("../../../demo/sme-payment-v1.md");
const SME_V2: &str = include_str!("../../../demo/sme-payment-v2.md");

async fn add(office: &Office, number: Number, bytes: &[u8]) -> Result<Draft, Error> {
    let new = NewDraft {
        bytes: bytes.to_vec(),
        filename: None,
    };
    drafts::add(
        &office.backend,
        &mut at(BEFORE),
        &office.edit(),
        number,
        new,
    )
    .await
}

async fn get(backend: &Backend, number: Number, version: i64, viewer: Viewer<'_>) -> Option<Draft> {
    drafts::get(backend, number, version, viewer)
        .await
        .expect("looked up")
        .map(|draft| Draft::clone(&draft))
}

async fn changes(office: &Office, number: Number, from: i64, to: i64) -> Vec<Change> {
    let see = office.see();
    let found = drafts::changes(&office.backend, number, from, to, Viewer::Staff(&see)).await;
    let found = found.expect("compared").expect("both versions are there");
    assert_eq!((found.from, found.to), (from, to));
    found.changes
}

fn told(changes: &[Change]) -> Vec<(&str, ClauseChange)> {
    changes
        .iter()
        .map(|change| (change.label.as_str(), change.kind))
        .collect()
}

async fn correct(
    office: &Office,
    number: Number,
    version: i64,
    clause: ClauseId,
    counterpart: Option<ClauseId>,
) -> Result<(), Error> {
    let (backend, permit) = (&office.backend, office.edit());
    drafts::correct_match(
        backend,
        &mut at(BEFORE),
        &permit,
        number,
        version,
        clause,
        counterpart,
    )
    .await
}

async fn a_draft_becomes_clauses_and_is_kept_as_it_came(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "款项支付条例").await;
    let new = NewDraft {
        bytes: SME_V1.into(),
        filename: Some("C:\\稿\\条例.md".into()),
    };
    let added = drafts::add(
        &world.backend,
        &mut at(BEFORE),
        &transport.edit(),
        number,
        new,
    )
    .await;
    let added = added.unwrap();
    assert_eq!(
        (added.version, added.filename.as_deref()),
        (1, Some("条例.md"))
    );
    let articles = added
        .clauses
        .iter()
        .filter(|clause| clause.label.ends_with('条'))
        .count();
    assert_eq!(articles, 29);
    assert_eq!(clause(&added, "第三条").children.len(), 2);
    let see = transport.see();
    assert_eq!(
        get(&world.backend, number, 1, Viewer::Staff(&see))
            .await
            .as_ref(),
        Some(&added)
    );
    let original = drafts::original(&world.backend, number, 1, Viewer::Staff(&see))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(original.bytes, SME_V1.as_bytes());
    assert_eq!(original.media_type, "text/markdown; charset=utf-8");
}

async fn a_file_in_gb18030_is_understood_and_given_back_byte_for_byte(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    let (bytes, _, _) = encoding_rs::GB18030.encode(FIRST);
    let added = add(&transport, number, &bytes).await.unwrap();
    assert_eq!(
        clause(&added, "第三条").text,
        "违反本规定的，由城市管理部门责令改正，并处五百元罚款。"
    );
    let see = transport.see();
    let original = drafts::original(&world.backend, number, 1, Viewer::Staff(&see))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(original.bytes, *bytes);
    assert_eq!(original.media_type, "text/plain; charset=gb18030");
}

async fn what_is_no_draft_is_refused_with_a_reason(world: &World) {
    let (transport, water) = offices(world).await;
    let number = transport.prepare(BEFORE, "停车管理规定").await;
    let too_many = "一。\n\n".repeat(limits::CLAUSES_PER_DRAFT + 1);
    for (bytes, code) in [
        (&b""[..], "required"),
        (" \n\u{3000}\u{FEFF}\n".as_bytes(), "required"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xFF\xFF\x80", "malformed"),
        (&vec![b'x'; limits::DRAFT_BYTES + 1], "too_large"),
        (too_many.as_bytes(), "too_many"),
    ] {
        assert_eq!(
            faults(add(&transport, number, bytes).await),
            [("text".into(), code)]
        );
    }
    assert_refused!(add(&water, number, FIRST.as_bytes()).await, Error::NotFound);
    let added = add(&transport, number, FIRST.as_bytes()).await.unwrap();
    assert_eq!(added.version, 1, "refused drafts take no number");
}

async fn a_version_is_public_once_it_is_published_and_not_before(world: &World) {
    let (transport, water) = offices(world).await;
    let (number, first) = transport.consult().await;
    transport.draft(DURING, number, SECOND).await;
    let public = get(&world.backend, number, 1, Viewer::Public)
        .await
        .expect("published");
    assert_eq!(public.clauses, first.clauses);
    assert!(public.published_at.is_some());
    let theirs = water.see();
    for viewer in [Viewer::Public, Viewer::Staff(&theirs)] {
        assert!(get(&world.backend, number, 2, viewer).await.is_none());
        assert!(
            drafts::original(&world.backend, number, 2, viewer)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            drafts::changes(&world.backend, number, 1, 2, viewer)
                .await
                .unwrap()
                .is_none()
        );
    }
    let ours = transport.see();
    assert!(
        get(&world.backend, number, 2, Viewer::Staff(&ours))
            .await
            .is_some()
    );
    assert!(
        get(&world.backend, number, 3, Viewer::Staff(&ours))
            .await
            .is_none()
    );
}

async fn clauses_keep_their_identity_wherever_they_go(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let second = transport.draft(DURING, number, SECOND).await;
    for (old, new) in [
        ("第一条", "第一条"),
        ("第二条", "第二条"),
        ("第二条第（一）项", "第二条第（一）项"),
        ("第三条", "第四条"),
    ] {
        assert_eq!(
            clause(&first, old).id,
            clause(&second, new).id,
            "{old} became {new}"
        );
    }
    let known: HashSet<_> = first.all_clauses().map(|clause| clause.id).collect();
    for new in ["第三条", "第二条第（三）项"] {
        assert!(!known.contains(&clause(&second, new).id), "{new} is new");
    }
    assert_eq!(
        told(&changes(&transport, number, 1, 2).await),
        [
            ("第一条", ClauseChange::Same),
            ("第二条", ClauseChange::Reworded),
            ("第三条", ClauseChange::Added),
            ("第四条", ClauseChange::Reworded),
        ]
    );
}

async fn a_redline_reads_in_words_and_in_both_directions(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    transport.draft(DURING, number, SECOND).await;
    let there = changes(&transport, number, 1, 2).await;
    let fine = there
        .iter()
        .find(|change| change.label == "第四条")
        .unwrap();
    let inserted: Vec<_> = fine
        .inline
        .iter()
        .filter(|run| run.op == InlineOp::Insert)
        .map(|run| &run.text)
        .collect();
    assert!(
        inserted.iter().any(|text| text.contains("拒不改正")),
        "{:?}",
        fine.inline
    );
    let back = changes(&transport, number, 2, 1).await;
    assert_eq!(
        told(&back),
        [
            ("第一条", ClauseChange::Same),
            ("第二条", ClauseChange::Reworded),
            ("第三条", ClauseChange::Removed),
            ("第三条", ClauseChange::Reworded),
        ]
    );
    let still = changes(&transport, number, 2, 2).await;
    assert_eq!(still.len(), 4);
    assert!(
        still.iter().all(|change| change.kind == ClauseChange::Same),
        "{still:?}"
    );
}

async fn a_heavily_revised_law_accounts_for_every_article_of_both_versions(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "款项支付条例").await;
    let old = transport.draft(BEFORE, number, SME_V1).await;
    let new = transport.draft(BEFORE, number, SME_V2).await;
    let changes = changes(&transport, number, 1, 2).await;
    let from: HashSet<_> = changes.iter().filter_map(|change| change.from).collect();
    let to: HashSet<_> = changes.iter().filter_map(|change| change.to).collect();
    assert!(old.clauses.iter().all(|clause| from.contains(&clause.id)));
    assert!(new.clauses.iter().all(|clause| to.contains(&clause.id)));
    let purpose = changes
        .iter()
        .find(|change| change.label == "第一条")
        .unwrap();
    assert_eq!(purpose.kind, ClauseChange::Same);
    assert_eq!(clause(&old, "第一条").id, clause(&new, "第一条").id);
}

async fn staff_put_a_match_right_until_the_version_is_published(world: &World) {
    let (transport, water) = offices(world).await;
    let (number, first) = transport.consult().await;
    let second = transport.draft(DURING, number, SECOND).await;
    let (fine, charging) = (clause(&first, "第三条").id, clause(&second, "第三条").id);
    let theirs = correct(&water, number, 2, charging, Some(fine)).await;
    assert_refused!(theirs, Error::NotFound);
    let nowhere = ClauseId(uuid::Uuid::from_u128(1));
    assert_refused!(
        correct(&transport, number, 2, nowhere, None).await,
        Error::NotFound
    );
    assert_eq!(
        faults(correct(&transport, number, 2, charging, Some(nowhere)).await),
        [("counterpart".into(), "unknown_clause")]
    );

    correct(&transport, number, 2, charging, Some(fine))
        .await
        .unwrap();
    let see = transport.see();
    let corrected = get(&world.backend, number, 2, Viewer::Staff(&see))
        .await
        .unwrap();
    assert_eq!(labels(&corrected), labels(&second));
    assert_eq!(clause(&corrected, "第三条").id, fine);
    assert_ne!(clause(&corrected, "第四条").id, fine);
    assert_eq!(
        told(&changes(&transport, number, 1, 2).await),
        [
            ("第一条", ClauseChange::Same),
            ("第二条", ClauseChange::Reworded),
            ("第三条", ClauseChange::Reworded),
            ("第四条", ClauseChange::Added),
        ]
    );

    let rules = clause(&corrected, "第二条").clone();
    correct(&transport, number, 2, rules.id, None)
        .await
        .unwrap();
    let corrected = get(&world.backend, number, 2, Viewer::Staff(&see))
        .await
        .unwrap();
    let known: HashSet<_> = clause(&first, "第二条")
        .walk()
        .iter()
        .map(|part| part.id)
        .collect();
    let renewed = clause(&corrected, "第二条");
    assert!(
        renewed.walk().iter().all(|part| !known.contains(&part.id)),
        "{renewed:?}"
    );

    let (opens, closes) = ("2026-05-01T00:00:00Z", "2026-06-10T00:00:00Z");
    transport
        .publish(AFTER, number, 2, opens, closes)
        .await
        .unwrap();
    let late = correct(&transport, number, 2, renewed.id, None).await;
    assert_refused!(late, Error::Conflict(Conflict::VersionPublished));
    let first = correct(&transport, number, 1, fine, None).await;
    assert_refused!(first, Error::Conflict(Conflict::VersionPublished));
}

async fn changes_over_three_versions_follow_what_staff_decided_between_them(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let second = transport.draft(DURING, number, SECOND).await;
    let (fine, charging) = (clause(&first, "第三条").id, clause(&second, "第三条").id);
    correct(&transport, number, 2, charging, Some(fine))
        .await
        .unwrap();
    let (opens, closes) = ("2026-05-01T00:00:00Z", "2026-06-10T00:00:00Z");
    transport
        .publish(AFTER, number, 2, opens, closes)
        .await
        .unwrap();
    let third = SECOND.replace("制定本规定", "结合本市实际，制定本规定");
    let third = transport.draft(AFTER, number, &third).await;
    assert_eq!(clause(&third, "第三条").id, fine);
    assert_eq!(
        told(&changes(&transport, number, 1, 3).await),
        [
            ("第一条", ClauseChange::Reworded),
            ("第二条", ClauseChange::Reworded),
            ("第三条", ClauseChange::Reworded),
            ("第四条", ClauseChange::Added),
        ]
    );
    let step = changes(&transport, number, 2, 3).await;
    let changed: Vec<_> = told(&step)
        .into_iter()
        .filter(|(_, k)| *k != ClauseChange::Same)
        .collect();
    assert_eq!(changed, [("第一条", ClauseChange::Reworded)]);
}

async fn a_version_is_tied_to_the_last_public_one_when_it_becomes_public(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    let second = transport.draft(DURING, number, SECOND).await;
    let third = transport
        .draft(DURING, number, &SECOND.replace("三个", "四个"))
        .await;
    let (in_second, in_third) = (clause(&second, "第三条").id, clause(&third, "第三条").id);
    assert_ne!(
        in_second, in_third,
        "both were aligned with the first version"
    );
    transport
        .publish(
            AFTER,
            number,
            2,
            "2026-05-01T00:00:00Z",
            "2026-06-10T00:00:00Z",
        )
        .await
        .unwrap();
    transport
        .publish(
            "2026-06-11T00:00:00Z",
            number,
            3,
            "2026-07-01T00:00:00Z",
            "2026-08-10T00:00:00Z",
        )
        .await
        .unwrap();
    let third = get(&world.backend, number, 3, Viewer::Public)
        .await
        .unwrap();
    assert_eq!(clause(&third, "第三条").id, in_second);
    let found = drafts::changes(&world.backend, number, 1, 3, Viewer::Public)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(told(&found.changes)[2], ("第三条", ClauseChange::Added));
}

async fn a_published_version_never_changes(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _) = transport.consult().await;
    let before = get(&world.backend, number, 1, Viewer::Public)
        .await
        .unwrap();
    transport.draft(DURING, number, SECOND).await;
    transport.draft(DURING, number, SME_V2).await;
    let third = transport
        .publish(
            AFTER,
            number,
            3,
            "2026-05-01T00:00:00Z",
            "2026-06-10T00:00:00Z",
        )
        .await;
    assert_eq!(third.unwrap().version, 3);
    assert_eq!(
        get(&world.backend, number, 1, Viewer::Public)
            .await
            .unwrap(),
        before
    );
    let late = correct(&transport, number, 3, before.clauses[0].id, None).await;
    assert_refused!(
        late,
        Error::Conflict(Conflict::VersionPublished) | Error::NotFound
    );
}

async fn a_law_of_two_thousand_articles_is_stored_whole(world: &World) {
    let (transport, _) = offices(world).await;
    let number = transport.prepare(BEFORE, "法典").await;
    let text: String = (1..=2_000)
        .map(|n| format!("Article {n}\n\nRule number {n}.\n\n"))
        .collect();
    let added = transport.draft(BEFORE, number, &text).await;
    assert_eq!(added.clauses.len(), 2_000);
    let see = transport.see();
    let stored = get(&world.backend, number, 1, Viewer::Staff(&see))
        .await
        .unwrap();
    assert_eq!(stored.clauses, added.clauses);
    assert_eq!(stored.clauses[1_999].label, "Article 2000");
    transport
        .publish(BEFORE, number, 1, OPENS, AFTER)
        .await
        .unwrap();
}
