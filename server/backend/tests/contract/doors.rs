//! What keeps doors shut: passwords and their replacement, guessing, and what is left of those who
//! took a comment back.

use crate::world::{PASSWORD, SECRET, World, comment};
use backend::{Backend, Conflict, Error, Keys, Moment, Scope, comments, consultations};
use backend::{receipts, staff, units};
use domain::limits;
use domain::receipts::ReceiptCode;
use domain::staff::Role;
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use std::time::Duration;
use testing::on_both_databases;

on_both_databases! {
    a_password_that_an_administrator_sets_is_not_undone,
    a_password_that_was_replaced_meanwhile_opens_no_session,
    guessing_the_old_password_is_slowed_like_signing_in,
    guesses_at_many_addresses_do_not_pile_up,
    tokens_that_have_ended_do_not_pile_up,
    a_comment_is_edited_so_often_and_no_more,
    large_texts_are_kept_up_to_a_size,
    nothing_is_kept_by_which_a_withdrawn_sender_could_be_checked,
    a_consultation_given_up_before_it_was_public_does_not_exist,
    origins_of_a_unit_without_consultations_are_known_to_other_processes,
}

const EMAIL: &str = "someone@transport.example";
const OTHER: &str = "another good password";

async fn log_in(world: &World, mut moment: Moment, password: &str) -> Result<String, Error> {
    let client = "192.0.2.1";
    staff::log_in(&world.backend, &mut moment, EMAIL, password, client, "test").await
}

/// A number that the database holds, asked past the product.
async fn number(world: &World, sql: &'static str) -> i64 {
    if world.backend.db_kind() == "sqlite" {
        let mut conn = SqliteConnection::connect(&world.url).await.unwrap();
        conn.fetch_one(sql).await.unwrap().get(0)
    } else {
        let mut conn = PgConnection::connect(&world.url).await.unwrap();
        conn.fetch_one(sql).await.unwrap().get(0)
    }
}

async fn a_password_that_an_administrator_sets_is_not_undone(world: &World) {
    let desk = world.desk("transport").await;
    let who = world.person("transport", EMAIL, &[Role::Editor]).await;
    let (mut changing, mut setting) = (world.moment(), world.moment());
    let permit = desk.administer();
    let roles = [Role::Editor];
    let set = "set by the administrator";
    // The change hashes twice and the administrator once, so the change comes last.
    let (changed, granted) = tokio::join!(
        staff::change_password(&world.backend, &mut changing, &who, None, PASSWORD, OTHER),
        staff::grant(
            &world.backend,
            &mut setting,
            &permit,
            EMAIL,
            &roles,
            Some(set)
        ),
    );
    granted.expect("the administrator sets it");
    if let Err(error) = changed {
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    log_in(world, world.moment(), set).await.expect("it stands");
    assert!(log_in(world, world.moment(), OTHER).await.is_err());
}

async fn a_password_that_was_replaced_meanwhile_opens_no_session(world: &World) {
    let desk = world.desk("transport").await;
    world.person("transport", EMAIL, &[Role::Editor]).await;
    let mut setting = world.moment();
    let permit = desk.administer();
    let roles = [Role::Editor];
    // Hashing takes turns: the administrator's is among the first, the last sign-ins wait.
    let (granted, first, second, third, fourth) = tokio::join!(
        staff::grant(
            &world.backend,
            &mut setting,
            &permit,
            EMAIL,
            &roles,
            Some(OTHER)
        ),
        log_in(world, world.moment(), PASSWORD),
        log_in(world, world.moment(), PASSWORD),
        log_in(world, world.moment(), PASSWORD),
        log_in(world, world.moment(), PASSWORD),
    );
    granted.expect("the administrator sets it");
    for token in [first, second, third, fourth].into_iter().flatten() {
        let found = staff::identify_session(&world.backend, world.now(), &token);
        let found = found.await.expect("it reads");
        assert!(found.is_none(), "the old password opened a session");
    }
    log_in(world, world.moment(), OTHER)
        .await
        .expect("the new one opens");
}

async fn guessing_the_old_password_is_slowed_like_signing_in(world: &World) {
    world.desk("transport").await;
    let who = world.person("transport", EMAIL, &[Role::Editor]).await;
    let change = async |old: &str| {
        let mut moment = world.moment();
        staff::change_password(&world.backend, &mut moment, &who, None, old, OTHER).await
    };
    let long = "x".repeat(limits::PASSWORD_MAX_BYTES + 1);
    assert!(matches!(change(&long).await, Err(Error::Invalid(_))));
    for _ in 0..5 {
        assert!(matches!(change("a guess").await, Err(Error::Invalid(_))));
    }
    for old in ["a guess", PASSWORD] {
        let refused = change(old).await;
        assert!(
            matches!(refused, Err(Error::TooManyAttempts { .. })),
            "{refused:?}"
        );
    }
    world.pass_seconds(10);
    change(PASSWORD).await.expect("after the wait");
    log_in(world, world.moment(), OTHER)
        .await
        .expect("it is forgotten");
}

async fn guesses_at_many_addresses_do_not_pile_up(world: &World) {
    let guess = async |email: &str| {
        let (mut moment, client) = (world.moment(), "192.0.2.1");
        let guessed = staff::log_in(&world.backend, &mut moment, email, "x", client, "").await;
        assert!(matches!(guessed, Err(Error::Invalid(_))), "{guessed:?}");
    };
    let rows = async || number(world, "select count(*) from login_throttle").await;
    for email in [
        "a@nowhere.example",
        "b@nowhere.example",
        "c@nowhere.example",
    ] {
        guess(email).await;
    }
    assert_eq!(rows().await, 4, "three addresses, one client");
    world.pass_seconds(16 * 60);
    guess("d@nowhere.example").await;
    assert_eq!(rows().await, 2);
}

async fn tokens_that_have_ended_do_not_pile_up(world: &World) {
    world.desk("transport").await;
    world.pass_seconds(366 * 86_400);
    let email = "all@transport.example";
    staff::add_token(&world.backend, &mut world.moment(), email)
        .await
        .expect("a token is made");
    assert_eq!(number(world, "select count(*) from api_token").await, 1);
}

async fn a_comment_is_edited_so_often_and_no_more(world: &World) {
    let desk = world.desk("transport").await;
    let (consultation, _) = world.open_consultation(&desk).await;
    let sent = world
        .send(consultation, comment(&[(None, "第一稿")]), "k")
        .await;
    let code = ReceiptCode::read(&sent.receipt).expect("it is a code");
    let edit = async |raw| {
        let mut moment = world.moment();
        receipts::edit(&world.backend, &mut moment, &code, raw).await
    };
    for n in 0..limits::REVISIONS_PER_COMMENT {
        let own = edit(comment(&[(None, &format!("改{n}"))])).await;
        assert_eq!(own.expect("it is edited").revisions.len(), n + 1);
    }
    let refused = edit(comment(&[(None, "再改一次")])).await;
    assert!(
        matches!(refused, Err(Error::Conflict(Conflict::EditedTooOften))),
        "{refused:?}"
    );
    // Who sent it may still be corrected: that keeps no text.
    let last = format!("改{}", limits::REVISIONS_PER_COMMENT - 1);
    let mut renamed = comment(&[(None, &last)]);
    renamed.author.name = Some("朱大明".into());
    let own = edit(renamed).await.expect("the name is corrected");
    assert_eq!(own.name.as_deref(), Some("朱大明"));
    assert_eq!(own.points[0].text, last);
    assert_eq!(own.revisions[0].points[0].text, "第一稿");
    let mut moment = world.moment();
    receipts::withdraw(&world.backend, &mut moment, &code)
        .await
        .expect("it can be taken back");
}

async fn large_texts_are_kept_up_to_a_size(world: &World) {
    let desk = world.desk("transport").await;
    let (consultation, _) = world.open_consultation(&desk).await;
    // Some 1.5 MB.
    let large = |sign: &str| {
        let text = sign.repeat(limits::POINT_TEXT);
        let points = vec![(None, text.as_str()); limits::POINTS_PER_COMMENT];
        let mut raw = comment(&points);
        for point in &mut raw.points {
            point.proposed = Some(text.clone());
        }
        raw
    };
    let sent = world.send(consultation, large("一"), "k").await;
    let code = ReceiptCode::read(&sent.receipt).expect("it is a code");
    let mut edits = 0;
    for sign in ["二", "三", "四", "五"] {
        let mut moment = world.moment();
        match receipts::edit(&world.backend, &mut moment, &code, large(sign)).await {
            Ok(_) => edits += 1,
            Err(Error::Conflict(Conflict::EditedTooOften)) => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(edits, 2);
}

async fn nothing_is_kept_by_which_a_withdrawn_sender_could_be_checked(world: &World) {
    let desk = world.desk("transport").await;
    let (consultation, _) = world.open_consultation(&desk).await;
    let raw = comment(&[(None, "太贵")]);
    let sent = world.send(consultation, raw.clone(), "key").await;
    let again = world.send(consultation, raw.clone(), "key").await;
    assert_eq!(again.receipt, sent.receipt);
    let code = ReceiptCode::read(&sent.receipt).expect("it is a code");
    receipts::withdraw(&world.backend, &mut world.moment(), &code)
        .await
        .expect("it is withdrawn");
    for raw in [raw, comment(&[(None, "别的")])] {
        let moment = world.moment();
        let again = comments::submit(&world.backend, moment, consultation, raw, "key".into()).await;
        assert!(
            matches!(again, Err(Error::Conflict(Conflict::AlreadyWithdrawn))),
            "{again:?}"
        );
    }
    assert_eq!(number(world, "select count(*) from comment").await, 1);
    let left = "select cast(sum(octet_length(request_hash)) as bigint) from comment";
    assert_eq!(number(world, left).await, 0);
}

async fn a_consultation_given_up_before_it_was_public_does_not_exist(world: &World) {
    let desk = world.desk("transport").await;
    let hidden = world.consultation(&desk, "不公布了").await;
    let reason = "上位法已改".to_owned();
    consultations::withdraw(
        &world.backend,
        &mut world.moment(),
        &desk.approve(),
        hidden,
        reason,
    )
    .await
    .expect("it is withdrawn");
    let raw = comment(&[(None, "太贵")]);
    let sent = comments::submit(&world.backend, world.moment(), hidden, raw, "k".into()).await;
    assert!(matches!(sent, Err(Error::NotFound)), "{sent:?}");
    let unit = consultations::public_unit_of(&world.backend, hidden).await;
    assert_eq!(unit.expect("it reads"), None);
    let (public, _) = world.open_consultation(&desk).await;
    let unit = consultations::public_unit_of(&world.backend, public).await;
    assert_eq!(unit.expect("it reads").as_deref(), Some("transport"));
}

async fn origins_of_a_unit_without_consultations_are_known_to_other_processes(world: &World) {
    let desk = world.desk("transport").await;
    let keys = Keys::from_secret(&SECRET);
    let other = Backend::open(&world.url, keys).await.expect("it opens");
    let known = async || match other.local_revision(Scope::Everything) {
        Some(known) => known,
        None => other.revision(Scope::Everything).await.expect("it reads"),
    };
    for origins in [vec!["https://a.example".to_owned()], Vec::new()] {
        let before = known().await;
        let permit = desk.administer();
        units::set_origins(&world.backend, &mut world.moment(), &permit, origins)
            .await
            .expect("they are set");
        while known().await == before {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    other.close().await;
}
