//! Accounts, sessions, tokens and slow guessing.

use crate::world::{PASSWORD, SECRET, World};
use backend::{Backend, Error, Keys, audit, staff};
use domain::staff::Role;
use testing::on_both_databases;

on_both_databases! {
    an_account_needs_a_unit_an_address_a_role_and_a_long_password,
    a_session_ends_by_idling_by_age_and_by_its_owner,
    nobody_ends_somebody_elses_session,
    guessing_is_slowed_for_the_account_and_forgotten_after_success,
    many_guesses_at_once_are_counted_one_by_one,
    an_unknown_address_is_refused_like_a_wrong_password,
    a_new_password_ends_the_other_sessions,
    administrators_manage_accounts_of_their_own_unit_only,
    a_password_from_an_administrator_and_ended_sessions_are_on_record,
    a_session_says_until_when_it_lives,
    a_token_is_good_for_a_year,
    a_database_opens_only_with_the_secret_it_was_begun_with,
}

fn faults(error: Error) -> Vec<(String, &'static str)> {
    let Error::Invalid(wrong) = error else {
        panic!("{error:?}")
    };
    wrong
        .0
        .into_iter()
        .map(|v| (v.field, v.fault.code()))
        .collect()
}

async fn an_account_needs_a_unit_an_address_a_role_and_a_long_password(world: &World) {
    world.desk("transport").await;
    let error = staff::add_account(
        &world.backend,
        &mut world.moment(),
        "nowhere",
        "x",
        &[],
        "short",
    )
    .await
    .unwrap_err();
    assert_eq!(
        faults(error),
        [
            ("unit".into(), "unknown"),
            ("email".into(), "malformed"),
            ("role".into(), "required"),
            ("password".into(), "too_short"),
        ]
    );
    let error = staff::add_account(
        &world.backend,
        &mut world.moment(),
        "transport",
        " ALL@Transport.example ",
        &[Role::Editor],
        PASSWORD,
    )
    .await
    .unwrap_err();
    assert_eq!(faults(error), [("email".into(), "taken")]);
}

async fn a_session_ends_by_idling_by_age_and_by_its_owner(world: &World) {
    world.desk("transport").await;
    let log_in = async || {
        staff::log_in(
            &world.backend,
            &mut world.moment(),
            "ALL@transport.example",
            PASSWORD,
            "192.0.2.1",
            "Firefox",
        )
        .await
        .unwrap()
    };
    let who = async |token: &str| {
        staff::identify_session(&world.backend, world.now(), token)
            .await
            .unwrap()
    };
    let token = log_in().await;
    world.pass_seconds(29 * 60);
    assert!(who(&token).await.is_some());
    world.pass_seconds(29 * 60);
    assert!(who(&token).await.is_some(), "use keeps it alive");
    world.pass_seconds(30 * 60);
    assert!(who(&token).await.is_none(), "idle for half an hour");

    let token = log_in().await;
    for _ in 0..28 {
        world.pass_seconds(25 * 60);
        assert!(who(&token).await.is_some());
    }
    world.pass_seconds(25 * 60);
    assert!(who(&token).await.is_none(), "twelve hours are over");

    let (first, second) = (log_in().await, log_in().await);
    let (identity, session) = who(&first).await.unwrap();
    let listed = staff::sessions(&world.backend, world.now(), &identity, Some(session.id))
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|s| s.current).count(), 1);
    let other = listed.iter().find(|s| !s.current).unwrap().id;
    staff::revoke(&world.backend, &mut world.moment(), &identity, other)
        .await
        .unwrap();
    assert!(who(&second).await.is_none() && who(&first).await.is_some());
    staff::log_out(&world.backend, &mut world.moment(), session.id)
        .await
        .unwrap();
    assert!(who(&first).await.is_none());
}

async fn nobody_ends_somebody_elses_session(world: &World) {
    let ours = world.desk("transport").await;
    world.desk("commerce").await;
    let token = staff::log_in(
        &world.backend,
        &mut world.moment(),
        "all@commerce.example",
        PASSWORD,
        "192.0.2.1",
        "",
    )
    .await
    .unwrap();
    let (_, theirs) = staff::identify_session(&world.backend, world.now(), &token)
        .await
        .unwrap()
        .unwrap();
    let refused = staff::revoke(&world.backend, &mut world.moment(), &ours.who, theirs.id).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert!(
        staff::identify_session(&world.backend, world.now(), &token)
            .await
            .unwrap()
            .is_some()
    );
}

async fn guessing_is_slowed_for_the_account_and_forgotten_after_success(world: &World) {
    world.desk("transport").await;
    let attempt = async |password: &str| {
        staff::log_in(
            &world.backend,
            &mut world.moment(),
            "all@transport.example",
            password,
            "192.0.2.1",
            "",
        )
        .await
    };
    for _ in 0..5 {
        assert_eq!(
            faults(attempt("wrong password").await.unwrap_err()),
            [("password".into(), "unknown")]
        );
    }
    let Err(Error::TooManyAttempts { retry_after_s }) = attempt(PASSWORD).await else {
        panic!("let in")
    };
    assert_eq!(retry_after_s, 10);
    world.pass_seconds(10);
    assert!(attempt("wrong password").await.is_err());
    let Err(Error::TooManyAttempts { retry_after_s }) = attempt(PASSWORD).await else {
        panic!("let in")
    };
    assert_eq!(retry_after_s, 20, "each failure doubles the wait");
    world.pass_seconds(20);
    attempt(PASSWORD).await.unwrap();
    for _ in 0..4 {
        assert!(attempt("wrong password").await.is_err());
    }
    attempt(PASSWORD).await.unwrap();
}

async fn many_guesses_at_once_are_counted_one_by_one(world: &World) {
    world.desk("transport").await;
    let attempts: Vec<_> = (0..12)
        .map(|_| {
            let (backend, mut moment) = (world.backend.clone(), world.moment());
            tokio::spawn(async move {
                staff::log_in(
                    &backend,
                    &mut moment,
                    "all@transport.example",
                    "wrong password",
                    "192.0.2.1",
                    "",
                )
                .await
            })
        })
        .collect();
    let mut refused_early = 0;
    for attempt in attempts {
        if matches!(attempt.await.unwrap(), Err(Error::TooManyAttempts { .. })) {
            refused_early += 1;
        }
    }
    assert_eq!(refused_early, 7, "five guesses are free");
}

async fn an_unknown_address_is_refused_like_a_wrong_password(world: &World) {
    let error = staff::log_in(
        &world.backend,
        &mut world.moment(),
        "nobody@nowhere.example",
        PASSWORD,
        "192.0.2.1",
        "",
    )
    .await
    .unwrap_err();
    assert_eq!(faults(error), [("password".into(), "unknown")]);
}

async fn a_new_password_ends_the_other_sessions(world: &World) {
    world.desk("transport").await;
    let log_in = async |password: &str| {
        staff::log_in(
            &world.backend,
            &mut world.moment(),
            "all@transport.example",
            password,
            "192.0.2.1",
            "",
        )
        .await
    };
    let (kept, ended) = (
        log_in(PASSWORD).await.unwrap(),
        log_in(PASSWORD).await.unwrap(),
    );
    let (who, session) = staff::identify_session(&world.backend, world.now(), &kept)
        .await
        .unwrap()
        .unwrap();
    let change = async |old: &str, new: &str| {
        staff::change_password(
            &world.backend,
            &mut world.moment(),
            &who,
            Some(session.id),
            old,
            new,
        )
        .await
    };
    assert_eq!(
        faults(change("not it", "another long one").await.unwrap_err()),
        [("old".into(), "unknown")]
    );
    assert_eq!(
        faults(change(PASSWORD, "short").await.unwrap_err()),
        [("new".into(), "too_short")]
    );
    change(PASSWORD, "another long one").await.unwrap();
    let lives = async |token: &str| {
        staff::identify_session(&world.backend, world.now(), token)
            .await
            .unwrap()
            .is_some()
    };
    assert!(lives(&kept).await && !lives(&ended).await);
    assert!(log_in(PASSWORD).await.is_err());
    log_in("another long one").await.unwrap();
}

async fn administrators_manage_accounts_of_their_own_unit_only(world: &World) {
    let ours = world.desk("transport").await;
    world.desk("commerce").await;
    let grant = async |email: &str, password| {
        staff::grant(
            &world.backend,
            &mut world.moment(),
            &ours.administer(),
            email,
            &[Role::Moderator],
            password,
        )
        .await
    };
    assert_eq!(
        faults(grant("new@transport.example", None).await.unwrap_err()),
        [("password".into(), "required")]
    );
    grant("new@transport.example", Some(PASSWORD))
        .await
        .unwrap();
    assert_eq!(
        faults(grant("all@commerce.example", None).await.unwrap_err()),
        [("email".into(), "taken")]
    );
    let listed = staff::accounts(&world.backend, world.now(), &ours.administer())
        .await
        .unwrap();
    let emails: Vec<_> = listed.iter().map(|a| a.email.as_str()).collect();
    assert_eq!(emails, ["all@transport.example", "new@transport.example"]);
    assert_eq!(listed[1].roles, [Role::Moderator]);
    let record = audit::list(&world.backend, &ours.oversee(), None)
        .await
        .unwrap();
    let acts: Vec<_> = record.items.iter().map(|a| a.act.as_str()).collect();
    assert_eq!(acts[0], "account.added");
    assert!(record.items.iter().all(|a| !a.subject.contains("commerce")));
}

async fn a_password_from_an_administrator_and_ended_sessions_are_on_record(world: &World) {
    let ours = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (email, permit) = ("all@transport.example", ours.administer());
    let log_in = async |password| {
        let moment = &mut world.moment();
        staff::log_in(&world.backend, moment, email, password, "192.0.2.1", "").await
    };
    let living = async || {
        let rows = staff::accounts(&world.backend, world.now(), &permit).await;
        rows.unwrap()[0].sessions
    };
    let acts = async || -> Vec<String> {
        let record = audit::list(&world.backend, &ours.oversee(), None)
            .await
            .unwrap();
        record.items.into_iter().map(|row| row.act).collect()
    };
    let grant = async |roles: &[Role], password| {
        let moment = &mut world.moment();
        staff::grant(&world.backend, moment, &permit, email, roles, password).await
    };
    log_in(PASSWORD).await.unwrap();
    let token = log_in(PASSWORD).await.unwrap();
    assert_eq!(living().await, 2);
    let theirs = other.administer();
    let moment = &mut world.moment();
    let foreign = staff::end_sessions(&world.backend, moment, &theirs, email).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    staff::end_sessions(&world.backend, moment, &permit, email)
        .await
        .unwrap();
    assert_eq!(living().await, 0);
    let found = staff::identify_session(&world.backend, world.now(), &token).await;
    assert!(found.unwrap().is_none());
    assert_eq!(acts().await[0], "account.sessions_ended");

    grant(Role::ALL, Some("another long one")).await.unwrap();
    assert_eq!(acts().await[0], "account.password_reset");
    assert!(
        !acts().await.contains(&"account.roles_set".to_owned()),
        "the roles are as they were"
    );
    grant(&[Role::Editor], None).await.unwrap();
    assert_eq!(acts().await[0], "account.roles_set");
    log_in("another long one").await.unwrap();
    world.pass_seconds(31 * 60);
    assert_eq!(living().await, 0, "an idle session does not count");
}

async fn a_session_says_until_when_it_lives(world: &World) {
    world.desk("transport").await;
    let (email, moment) = ("all@transport.example", &mut world.moment());
    let token = staff::log_in(&world.backend, moment, email, PASSWORD, "192.0.2.1", "").await;
    let token = token.unwrap();
    let minutes_left = async || {
        let found = staff::identify_session(&world.backend, world.now(), &token).await;
        let (_, session) = found.unwrap().expect("it lives");
        (session.ends_at.as_millisecond() - world.now().as_millisecond()) / 60_000
    };
    assert_eq!(minutes_left().await, 30);
    for _ in 0..27 {
        world.pass_seconds(25 * 60);
        assert_eq!(
            minutes_left().await,
            30,
            "each use begins the half hour anew"
        );
    }
    world.pass_seconds(25 * 60);
    assert_eq!(minutes_left().await, 20, "and twelve hours are the end");
}

async fn a_token_is_good_for_a_year(world: &World) {
    world.desk("transport").await;
    let token = staff::add_token(&world.backend, &mut world.moment(), "all@transport.example")
        .await
        .unwrap();
    let known = async || {
        staff::identify_bearer(&world.backend, world.now(), &token)
            .await
            .unwrap()
            .is_some()
    };
    assert!(known().await);
    world.pass_seconds(364 * 86_400);
    assert!(known().await);
    world.pass_seconds(2 * 86_400);
    assert!(!known().await);
    assert!(
        staff::identify_bearer(&world.backend, world.now(), "")
            .await
            .unwrap()
            .is_none()
    );
}

async fn a_database_opens_only_with_the_secret_it_was_begun_with(world: &World) {
    let refused = Backend::open(&world.url, Keys::from_secret(&[8; 32])).await;
    assert!(matches!(refused, Err(Error::Internal(sentence)) if sentence.contains("secret key")));
    Backend::open(&world.url, Keys::from_secret(&SECRET))
        .await
        .unwrap()
        .close()
        .await;
}
