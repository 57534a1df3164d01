//! What goes wrong only when several people act at once, or when somebody looks for what should be
//! gone.

use crate::world::{World, clause, comment};
use backend::{Moment, comments, receipts, staff, units};
use domain::comments::QueueFilter;
use domain::receipts::ReceiptCode;
use domain::staff::Role;
use testing::on_both_databases;

on_both_databases! {
    a_withdrawn_comment_is_no_longer_found_by_its_senders_name,
    of_two_lists_of_origins_at_once_one_stands,
    of_two_grants_at_once_one_stands,
    people_sign_in_while_old_sessions_and_failures_are_swept,
    a_lost_token_can_be_ended,
}

async fn a_withdrawn_comment_is_no_longer_found_by_its_senders_name(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let mut sent = comment(&[
        (Some(clause(&draft, "第一条")), "停车太贵"),
        (None, "总体支持"),
    ]);
    sent.points[0].proposed = Some("每小时二元".into());
    let receipt = world.send(number, sent, "key").await;
    let found = async |q: &str| {
        let filter = QueueFilter {
            q: Some(q.into()),
            ..QueueFilter::default()
        };
        comments::queue(&world.backend, &desk.see(), number, filter)
            .await
            .expect("the queue reads")
            .items
            .len()
    };
    assert_eq!(found("朱小明").await, 1);
    let code = ReceiptCode::read(&receipt.receipt).expect("it is a code");
    receipts::withdraw(&world.backend, &mut world.moment(), &code)
        .await
        .expect("it is withdrawn");
    assert_eq!(found("朱小明").await, 0, "the name is gone");
    for said in ["停车太贵", "每小时二元", "总体支持"] {
        assert_eq!(found(said).await, 1, "{said}");
    }
}

async fn of_two_lists_of_origins_at_once_one_stands(world: &World) {
    let desk = world.desk("transport").await;
    world.open_consultation(&desk).await;
    world.open_consultation(&desk).await;
    let lists = [
        vec!["https://a.example".to_owned(), "https://b.example".into()],
        vec!["https://c.example".to_owned(), "https://d.example".into()],
    ];
    let set = async |list: &Vec<String>, mut moment: Moment| {
        units::set_origins(
            &world.backend,
            &mut moment,
            &desk.administer(),
            list.clone(),
        )
        .await
        .expect("the list is set");
    };
    for _ in 0..20 {
        tokio::join!(
            set(&lists[0], world.moment()),
            set(&lists[1], world.moment())
        );
        let stands = units::origins(&world.backend, &desk.slug)
            .await
            .expect("it reads");
        assert!(lists.contains(&stands), "{stands:?}");
    }
}

async fn of_two_grants_at_once_one_stands(world: &World) {
    let desk = world.desk("transport").await;
    let email = "someone@transport.example";
    world.person("transport", email, &[Role::Approver]).await;
    let sets = [
        vec![Role::Editor, Role::Approver],
        vec![Role::Moderator, Role::Administrator],
    ];
    let grant = async |roles: &Vec<Role>, mut moment: Moment| {
        let permit = desk.administer();
        staff::grant(&world.backend, &mut moment, &permit, email, roles, None)
            .await
            .expect("it is granted");
    };
    for _ in 0..20 {
        tokio::join!(
            grant(&sets[0], world.moment()),
            grant(&sets[1], world.moment())
        );
        let accounts = staff::accounts(&world.backend, world.now(), &desk.administer())
            .await
            .expect("it reads");
        let account = accounts.into_iter().find(|row| row.email == email);
        let mut roles = account.expect("it is there").roles;
        roles.sort_unstable();
        assert!(sets.contains(&roles), "{roles:?}");
    }
}

async fn people_sign_in_while_old_sessions_and_failures_are_swept(world: &World) {
    let desk = world.desk("transport").await;
    let emails = ["a@transport.example", "b@transport.example"];
    for email in emails {
        world.person("transport", email, &[Role::Editor]).await;
    }
    let log_in = async |email: &str, client: &str, password: &str, mut moment: Moment| {
        staff::log_in(&world.backend, &mut moment, email, password, client, "test").await
    };
    for round in 0..3 {
        // Old failures of both people and both places, and an old session of each.
        for (email, client) in emails.iter().zip(["192.0.2.1", "192.0.2.2"]) {
            let good = log_in(email, "192.0.2.9", crate::world::PASSWORD, world.moment()).await;
            good.expect("they sign in");
            let bad = log_in(email, client, "not the password", world.moment()).await;
            bad.expect_err("the password is wrong");
        }
        world.pass_seconds(13 * 60 * 60);
        let (first, second) = tokio::join!(
            log_in(
                emails[0],
                "192.0.2.2",
                crate::world::PASSWORD,
                world.moment()
            ),
            log_in(
                emails[1],
                "192.0.2.1",
                crate::world::PASSWORD,
                world.moment()
            ),
        );
        for token in [first, second] {
            let token = token.unwrap_or_else(|error| panic!("round {round}: {error}"));
            let (who, session) = staff::identify_session(&world.backend, world.now(), &token)
                .await
                .expect("it reads")
                .expect("the session lives");
            let listed = staff::sessions(&world.backend, world.now(), &who, Some(session.id))
                .await
                .expect("they are listed");
            assert_eq!(listed.len(), 1, "the old one is over");
        }
    }
    drop(desk);
}

async fn a_lost_token_can_be_ended(world: &World) {
    let desk = world.desk("transport").await;
    let email = "someone@transport.example";
    world.person("transport", email, &[Role::Editor]).await;
    let token = async |email: &str| {
        staff::add_token(&world.backend, &mut world.moment(), email)
            .await
            .expect("a token is made")
    };
    let known = async |token: &str| {
        staff::identify_bearer(&world.backend, world.now(), token)
            .await
            .expect("it reads")
            .is_some()
    };
    let (lost, other) = (token(email).await, token("all@transport.example").await);
    staff::revoke_all(&world.backend, &mut world.moment(), email)
        .await
        .expect("they end");
    assert_eq!((known(&lost).await, known(&other).await), (false, true));
    let nobody = "nobody@transport.example";
    let error = staff::revoke_all(&world.backend, &mut world.moment(), nobody).await;
    assert!(matches!(error, Err(backend::Error::NotFound)));

    let again = token(email).await;
    staff::grant(
        &world.backend,
        &mut world.moment(),
        &desk.administer(),
        email,
        &[Role::Editor],
        Some("another good password"),
    )
    .await
    .expect("the password is set");
    assert!(!known(&again).await, "a new password shuts every door");
}
