//! The draw: a list that cannot change any more, an order that anyone can repeat, and seats that go
//! on to the next.

use crate::offices::{assert_refused, faults};
use crate::sessions::{AFTER, LATER, Session, applicant, notice};
use crate::world::World;
use backend::{Conflict, Error, hearings};
use domain::hearings::{ApplicationReceipt, ApplicationState, Draw, Fill, SessionState};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use testing::on_both_databases;

on_both_databases! {
    the_list_is_fixed_only_after_the_period_and_once_everyone_is_reviewed,
    the_hash_is_published_before_the_number_and_stands,
    the_draw_is_what_anyone_finds_who_repeats_it,
    a_seed_is_published_as_it_is_hashed_and_holds_nothing_unseen,
    nothing_is_drawn_before_the_number_can_be_known,
    who_withdraws_between_list_and_draw_is_passed_over,
    a_seat_that_is_given_back_goes_to_the_first_reserve,
    nobody_is_called_to_a_session_that_has_begun,
    a_session_without_a_draw_has_nothing_to_draw,
}

const SEED: &str = "07 11 23 24 30 33 + 05";

/// What a script finds from what is published alone: no code of the product.
fn repeated(seed: &str, tickets: &[String]) -> Vec<String> {
    let mut ranked = Vec::new();
    for ticket in tickets {
        let digest = Sha256::digest(format!("{seed}:{ticket}"));
        let mut hexadecimal = String::new();
        for byte in digest {
            hexadecimal.push_str(&format!("{byte:02x}"));
        }
        ranked.push((hexadecimal, ticket.clone()));
    }
    ranked.sort();
    ranked.into_iter().map(|(_, ticket)| ticket).collect()
}

/// Twelve residents of whom ten are eligible, and three operators, in a session for three and two.
async fn drawable<'w>(
    world: &'w World,
    desk: &'w crate::world::Desk,
) -> (Session<'w>, Vec<ApplicationReceipt>) {
    let (number, _) = world.open_consultation(desk).await;
    let raw = notice(&[
        ("residents", 3, Fill::Draw),
        ("operators", 2, Fill::Draw),
        ("observers", 1, Fill::FirstCome),
    ]);
    let session = Session::applying(world, desk, number, &raw).await;
    let mut residents = Vec::new();
    for index in 0..12 {
        residents.push(session.apply("residents", &format!("居民{index}")).await);
        if index % 4 == 0 {
            let operator = session.apply("operators", &format!("企业{index}")).await;
            session.accept(&operator).await;
        }
    }
    session.apply("observers", "旁听").await;
    for refused in residents.drain(10..) {
        session.refuse(&refused).await;
    }
    for resident in &residents {
        session.accept(resident).await;
    }
    world.travel(AFTER);
    (session, residents)
}

fn named<'a>(residents: &'a [ApplicationReceipt], ticket: &str) -> &'a ApplicationReceipt {
    residents
        .iter()
        .find(|one| one.number.to_string() == ticket)
        .expect("a resident's ticket")
}

async fn published(session: &Session<'_>) -> Draw {
    hearings::published_draw(&session.world.backend, session.number)
        .await
        .expect("it reads")
        .expect("the list is fixed")
}

async fn the_list_is_fixed_only_after_the_period_and_once_everyone_is_reviewed(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[
        ("residents", 1, Fill::Draw),
        ("deputies", 1, Fill::Appointment),
    ]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let first = session.apply("residents", "一").await;
    let second = session.apply("residents", "二").await;
    session.apply("deputies", "代表").await;
    session.accept(&first).await;
    assert_refused!(
        session.freeze().await,
        Error::Conflict(Conflict::StillApplying)
    );
    world.travel(AFTER);
    let waiting = match session.freeze().await {
        Err(Error::Conflict(Conflict::Unreviewed(waiting))) => waiting,
        other => panic!("somebody waits: {other:?}"),
    };
    assert_eq!(waiting, [second.number], "who is appointed is not drawn");
    assert_refused!(
        session.draw(SEED).await,
        Error::Conflict(Conflict::NotFrozen)
    );
    session.withdraw(&second).await.unwrap();
    let moment = &mut world.moment();
    let unnamed = hearings::freeze(
        &world.backend,
        moment,
        &desk.approve(),
        session.number,
        "  ",
        None,
    )
    .await;
    assert_eq!(faults(unnamed), [("seed_source".to_owned(), "required")]);
    let frozen = session.freeze().await.unwrap();
    assert_eq!(
        frozen.tickets,
        BTreeMap::from([("residents".to_owned(), vec![first.number.to_string()])])
    );
    assert_refused!(
        session.freeze().await,
        Error::Conflict(Conflict::ListFrozen)
    );
    let late = applicant("residents", "三", "3@example.org");
    assert_refused!(
        session.send(late, "late").await,
        Error::Conflict(Conflict::NotApplying)
    );
}

async fn the_hash_is_published_before_the_number_and_stands(world: &World) {
    let desk = world.desk("transport").await;
    let (session, residents) = drawable(world, &desk).await;
    let before = hearings::published_draw(&world.backend, session.number).await;
    assert!(before.unwrap().is_none());
    let frozen = session.freeze().await.unwrap();
    assert_eq!(frozen, published(&session).await);
    assert_eq!((&frozen.seed, frozen.drawn_at), (&None, None));
    assert!(frozen.chosen.is_empty() && frozen.reserves.is_empty());
    // The hash of the list as text, made by hand.
    let mut lines = String::new();
    for (category, tickets) in &frozen.tickets {
        assert!(tickets.is_sorted());
        for ticket in tickets {
            lines.push_str(&format!("{category}:{ticket}\n"));
        }
    }
    let mut hash = String::new();
    for byte in Sha256::digest(&lines) {
        hash.push_str(&format!("{byte:02x}"));
    }
    assert_eq!(
        (frozen.list.as_str(), &frozen.tickets_hash),
        (lines.as_str(), &hash)
    );
    let page = session.page().await;
    let short = page.draw.expect("the page says it");
    assert_eq!(page.state, SessionState::Frozen);
    assert_eq!((short.tickets_hash, short.tickets), (hash.clone(), 13));
    assert!(page.participants.is_empty());
    // Whatever happens to applications, the list stands.
    session.withdraw(&residents[0]).await.unwrap();
    let drawn = session.draw(SEED).await.unwrap();
    assert_eq!((drawn.tickets, drawn.tickets_hash), (frozen.tickets, hash));
}

async fn the_draw_is_what_anyone_finds_who_repeats_it(world: &World) {
    let desk = world.desk("transport").await;
    let (session, residents) = drawable(world, &desk).await;
    session.freeze().await.unwrap();
    assert_eq!(
        faults(session.draw(" ").await),
        [("seed".to_owned(), "required")]
    );
    let drawn = session.draw(&format!("  {SEED} ")).await.unwrap();
    assert_eq!(drawn.check(), Ok(()));
    assert_eq!(drawn.seed.as_deref(), Some(SEED));
    assert_eq!(drawn.tickets.len(), 2);
    for (category, seats) in [("residents", 3), ("operators", 2)] {
        let order = repeated(SEED, &drawn.tickets[category]);
        assert_eq!(drawn.quotas[category], seats as i64);
        assert_eq!(drawn.chosen[category], order[..seats], "{category}");
        assert_eq!(drawn.reserves[category], order[seats..], "{category}");
    }
    // Applicants find themselves as it was published.
    for resident in &residents {
        let own = session.own(resident).await;
        let ticket = resident.number.to_string();
        let at = drawn.reserves["residents"]
            .iter()
            .position(|one| *one == ticket);
        let expected = match at {
            Some(at) => (ApplicationState::Reserve, Some(at as i64 + 1)),
            None => (ApplicationState::Chosen, None),
        };
        assert_eq!((own.state, own.reserve), expected, "{ticket}");
    }
    let page = session.page().await;
    let mut seated: Vec<String> = page
        .participants
        .iter()
        .filter(|one| one.category == "residents")
        .map(|one| one.ticket.to_string())
        .collect();
    let mut chosen = drawn.chosen["residents"].clone();
    seated.sort();
    chosen.sort();
    assert_eq!((page.state, seated), (SessionState::Drawn, chosen));
    assert_refused!(
        session.draw("another").await,
        Error::Conflict(Conflict::AlreadyDrawn)
    );
    assert_refused!(
        session.freeze().await,
        Error::Conflict(Conflict::ListFrozen)
    );
    assert_eq!(published(&session).await, drawn);
}

async fn a_seed_is_published_as_it_is_hashed_and_holds_nothing_unseen(world: &World) {
    let desk = world.desk("transport").await;
    let (session, _) = drawable(world, &desk).await;
    session.freeze().await.unwrap();
    for unseen in [
        "\u{200B}", "\u{FE0F}", "\u{2060}", "\u{301}", "\u{AD}", "\u{202E}",
    ] {
        for steered in [
            format!("{SEED}{unseen}"),
            format!("{unseen}{SEED}"),
            SEED.replace(' ', unseen),
        ] {
            assert_eq!(
                faults(session.draw(&steered).await),
                [("seed".to_owned(), "not_typed_again")],
                "{steered:?}"
            );
        }
    }
    // Full-width signs are the same number.
    let typed = "０７ １１\u{3000}２３  24 30 33 ＋ 05";
    let drawn = session.draw(typed).await.unwrap();
    assert_eq!(drawn.seed.as_deref(), Some(SEED));
    let order = repeated(SEED, &drawn.tickets["residents"]);
    assert_eq!(drawn.chosen["residents"], order[..3]);
}

async fn nothing_is_drawn_before_the_number_can_be_known(world: &World) {
    let desk = world.desk("transport").await;
    let (session, _) = drawable(world, &desk).await;
    let known = world.now() + jiff::SignedDuration::from_hours(20);
    let freeze = async |known| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        let source = "双色球第2026031期开奖号码";
        hearings::freeze(
            &world.backend,
            moment,
            &permit,
            session.number,
            source,
            known,
        )
        .await
    };
    assert_eq!(
        faults(freeze(Some(world.now())).await),
        [("seed_known_at".to_owned(), "too_early")],
        "what is known already decides nothing"
    );
    let frozen = freeze(Some(known)).await.unwrap();
    assert_eq!(frozen.seed_known_at, known);
    assert_eq!(session.page().await.draw.unwrap().seed_known_at, known);
    match session.draw(SEED).await {
        Err(Error::Conflict(Conflict::SeedNotKnown { from, zone })) => {
            assert_eq!((from, zone.as_str()), (known, "Asia/Shanghai"));
        }
        other => panic!("too early: {other:?}"),
    }
    assert_eq!(published(&session).await.seed, None);
    world.travel(&known.to_string());
    assert_eq!(session.draw(SEED).await.unwrap().check(), Ok(()));
}

async fn who_withdraws_between_list_and_draw_is_passed_over(world: &World) {
    let desk = world.desk("transport").await;
    let (session, residents) = drawable(world, &desk).await;
    let frozen = session.freeze().await.unwrap();
    let order = repeated(SEED, &frozen.tickets["residents"]);
    // One who will be chosen, and the first reserve.
    for ticket in [&order[1], &order[3]] {
        session.withdraw(named(&residents, ticket)).await.unwrap();
    }
    let drawn = session.draw(SEED).await.unwrap();
    assert_eq!(drawn.check(), Ok(()), "the order is that of the list");
    assert_eq!(drawn.chosen["residents"], order[..3]);
    let mut states = Vec::new();
    for ticket in &order[..6] {
        states.push(session.state(named(&residents, ticket)).await);
    }
    let [chosen, gone, reserve] = [
        ApplicationState::Chosen,
        ApplicationState::Withdrawn,
        ApplicationState::Reserve,
    ];
    assert_eq!(states, [chosen, gone, chosen, gone, chosen, reserve]);
    let next = session.own(named(&residents, &order[5])).await;
    assert_eq!(next.reserve, Some(1));
    session.page().await;
}

async fn a_seat_that_is_given_back_goes_to_the_first_reserve(world: &World) {
    let desk = world.desk("transport").await;
    let (session, residents) = drawable(world, &desk).await;
    session.freeze().await.unwrap();
    let drawn = session.draw(SEED).await.unwrap();
    let order = [
        drawn.chosen["residents"].clone(),
        drawn.reserves["residents"].clone(),
    ]
    .concat();
    let one = |at: usize| named(&residents, &order[at]);
    assert!(session.own(one(0)).await.can_confirm);
    assert!(!session.own(one(3)).await.can_confirm);
    assert_refused!(
        session.confirm(one(3), true).await,
        Error::Conflict(Conflict::NoSeat)
    );
    let own = session.confirm(one(0), true).await.unwrap();
    assert_eq!(own.state, ApplicationState::Confirmed);
    let own = session.confirm(one(1), false).await.unwrap();
    assert_eq!(
        (own.state, own.can_confirm),
        (ApplicationState::Declined, false)
    );
    assert_eq!(session.state(one(3)).await, ApplicationState::Chosen);
    assert_eq!(session.own(one(4)).await.reserve, Some(1));
    // Who has confirmed may still give it back; who has given it back may not take it again.
    session.confirm(one(0), false).await.unwrap();
    assert_eq!(session.state(one(4)).await, ApplicationState::Chosen);
    assert_refused!(
        session.confirm(one(1), true).await,
        Error::Conflict(Conflict::NoSeat)
    );
    session.withdraw(one(2)).await.unwrap();
    assert_eq!(session.state(one(5)).await, ApplicationState::Chosen);
    let page = session.page().await;
    let seats = page.count("residents").unwrap();
    assert_eq!(
        (
            seats.seated,
            seats.declined,
            seats.withdrawn,
            seats.reserves
        ),
        (3, 2, 1, 4)
    );
    assert_eq!(
        published(&session).await,
        drawn,
        "what was published stands"
    );
}

async fn nobody_is_called_to_a_session_that_has_begun(world: &World) {
    let desk = world.desk("transport").await;
    let (session, residents) = drawable(world, &desk).await;
    session.freeze().await.unwrap();
    let drawn = session.draw(SEED).await.unwrap();
    let chosen = named(&residents, &drawn.chosen["residents"][0]);
    let reserve = named(&residents, &drawn.reserves["residents"][0]);
    world.travel(LATER);
    assert!(!session.own(chosen).await.can_confirm);
    assert_refused!(
        session.confirm(chosen, false).await,
        Error::Conflict(Conflict::NoSeat)
    );
    session.withdraw(chosen).await.unwrap();
    assert_eq!(session.state(reserve).await, ApplicationState::Reserve);
}

async fn a_session_without_a_draw_has_nothing_to_draw(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 2, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    world.travel(AFTER);
    assert_refused!(
        session.freeze().await,
        Error::Conflict(Conflict::NothingToDraw)
    );
    session.cancel().await.unwrap();
    assert_refused!(
        session.freeze().await,
        Error::Conflict(Conflict::HearingOver)
    );
    assert_refused!(
        session.draw(SEED).await,
        Error::Conflict(Conflict::HearingOver)
    );
}
