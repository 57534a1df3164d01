//! Hundreds at once: no seat is given twice, no ballot is lost, nobody waits for somebody who waits
//! for them. On PostgreSQL through two backends, as two server processes would.

use crate::ballots::{Asked, CLOSES, ballot, questions};
use crate::sessions::{AFTER, Session, applicant, code, notice};
use crate::world::{SECRET, World, clause, comment};
use backend::{Backend, Conflict, Error, Keys, Viewer, comments, hearings, polls};
use domain::hearings::{ApplicationReceipt, ApplicationState, Fill, RawMinutes, RawStatement};
use std::collections::BTreeSet;
use testing::on_both_databases;
use tokio::task::JoinSet;

on_both_databases! {
    hundreds_at_once_for_the_last_seats_seat_as_many_as_there_are,
    seats_given_back_while_others_apply_are_given_once,
    minutes_applications_and_comments_at_once_do_not_wait_for_each_other,
    thousands_of_ballots_at_once_are_counted_exactly,
    one_code_sent_many_times_at_once_counts_once,
}

/// The backends through which requests come.
async fn processes(world: &World) -> Vec<Backend> {
    let mut all = vec![world.backend.clone()];
    if world.backend.db_kind() == "postgres" {
        let second = Backend::open(&world.url, Keys::from_secret(&SECRET)).await;
        all.push(second.expect("it opens"));
    }
    all
}

async fn close(processes: Vec<Backend>) {
    // The first is the world's own.
    for backend in &processes[1..] {
        backend.close().await;
    }
}

async fn all<T: 'static>(mut tasks: JoinSet<T>) -> Vec<T> {
    let mut done = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        done.push(outcome.expect("no task breaks off"));
    }
    done
}

/// So many people apply for observers' seats at once, through all processes in turn.
async fn rush(
    world: &World,
    processes: &[Backend],
    session: &Session<'_>,
    people: usize,
) -> Vec<ApplicationReceipt> {
    let mut tasks = JoinSet::new();
    for index in 0..people {
        let backend = processes[index % processes.len()].clone();
        let (mut moment, number) = (world.moment(), session.number);
        let raw = applicant(
            "observers",
            &format!("第{index}人"),
            &format!("{index}@example.org"),
        );
        tasks.spawn(async move {
            let key = index.to_string();
            hearings::apply(&backend, &mut moment, number, raw, &key, "zh-Hans").await
        });
    }
    let outcomes = all(tasks).await.into_iter();
    outcomes.map(|one| one.expect("taken in")).collect()
}

async fn hundreds_at_once_for_the_last_seats_seat_as_many_as_there_are(world: &World) {
    const PEOPLE: usize = 320;
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 10, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let processes = processes(world).await;
    let receipts = rush(world, &processes, &session, PEOPLE).await;
    let numbers: BTreeSet<i64> = receipts.iter().map(|one| one.number.serial).collect();
    assert_eq!(numbers, (1..=PEOPLE as i64).collect(), "without gaps");
    let codes: BTreeSet<&str> = receipts.iter().map(|one| one.receipt.as_str()).collect();
    assert_eq!(codes.len(), PEOPLE);
    let chosen = receipts
        .iter()
        .filter(|one| one.state == ApplicationState::Chosen);
    let chosen: BTreeSet<i64> = chosen.map(|one| one.number.serial).collect();
    assert_eq!(chosen, (1..=10).collect(), "who came first");
    let places: BTreeSet<i64> = receipts.iter().filter_map(|one| one.reserve).collect();
    assert_eq!(places, (1..=PEOPLE as i64 - 10).collect());
    let seats = session.page().await.seats.remove(0);
    assert_eq!(
        (seats.applications, seats.seated, seats.reserves),
        (PEOPLE as i64, 10, PEOPLE as i64 - 10)
    );
    close(processes).await;
}

async fn seats_given_back_while_others_apply_are_given_once(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let raw = notice(&[("observers", 10, Fill::FirstCome)]);
    let session = Session::applying(world, &desk, number, &raw).await;
    let processes = processes(world).await;
    let mut seated = rush(world, &processes, &session, 15).await;
    seated.sort_by_key(|one| one.number);
    let mut tasks = JoinSet::new();
    for (index, receipt) in seated.iter().enumerate() {
        let backend = processes[index % processes.len()].clone();
        let (mut moment, code) = (world.moment(), code(receipt));
        tasks.spawn(async move {
            let outcome = match index % 3 {
                0 => hearings::own::confirm(&backend, &mut moment, &code, false).await,
                1 => hearings::own::withdraw(&backend, &mut moment, &code).await,
                _ => hearings::own::confirm(&backend, &mut moment, &code, true).await,
            };
            match outcome {
                // A reserve has nothing to confirm, unless it has moved up by then.
                Ok(_) | Err(Error::Conflict(Conflict::NoSeat)) => {}
                Err(other) => panic!("{other}"),
            }
        });
        let backend = processes[(index + 1) % processes.len()].clone();
        let (mut moment, number) = (world.moment(), session.number);
        let late = applicant(
            "observers",
            &format!("后{index}"),
            &format!("l{index}@example.org"),
        );
        tasks.spawn(async move {
            let key = format!("late-{index}");
            hearings::apply(&backend, &mut moment, number, late, &key, "zh-Hans")
                .await
                .expect("taken in");
        });
    }
    all(tasks).await;
    let page = session.page().await;
    let seats = &page.seats[0];
    assert_eq!((seats.applications, seats.seated), (30, 10));
    assert!(seats.withdrawn == 5 && seats.declined > 0, "{seats:?}");
    // Nobody who waits came before somebody who was given a seat.
    let listed = session.listed().await;
    let last_seated = listed.iter().rfind(|one| one.state.is_seated());
    let first_reserve = listed
        .iter()
        .find(|one| one.state == ApplicationState::Reserve);
    let (Some(seated), Some(reserve)) = (last_seated, first_reserve) else {
        panic!("some sit and some wait: {seats:?}");
    };
    assert!(seated.number < reserve.number);
    close(processes).await;
}

async fn minutes_applications_and_comments_at_once_do_not_wait_for_each_other(world: &World) {
    let desk = world.desk("transport").await;
    let (number, draft) = world.open_consultation(&desk).await;
    let first = clause(&draft, "第一条");
    let mut raw = notice(&[("observers", 5, Fill::FirstCome)]);
    raw.starts_at = None;
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(Session::applying(world, &desk, number, &raw).await);
    }
    let processes = processes(world).await;
    let mut tasks = JoinSet::new();
    let minutes = RawMinutes {
        attendance: "五人".into(),
        statements: vec![RawStatement {
            speaker: "朱小明".into(),
            clause: Some(first.to_string()),
            text: "同意。".into(),
            ..RawStatement::default()
        }],
        corrections_until: None,
    };
    for (turn, session) in sessions.iter().enumerate() {
        for index in 0..10 {
            let backend = processes[index % processes.len()].clone();
            let (mut moment, hearing) = (world.moment(), session.number);
            let who = format!("{turn}-{index}");
            let raw = applicant("observers", &who, &who);
            tasks.spawn(async move {
                match hearings::apply(&backend, &mut moment, hearing, raw, &who, "zh-Hans").await {
                    // The minutes came first.
                    Ok(_) | Err(Error::Conflict(Conflict::NotApplying)) => {}
                    Err(other) => panic!("{other}"),
                }
            });
            let backend = processes[(index + 1) % processes.len()].clone();
            let (moment, key) = (world.moment(), format!("comment-{turn}-{index}"));
            let raw = comment(&[(Some(first), "一")]);
            tasks.spawn(async move {
                comments::submit(&backend, moment, number, raw, key)
                    .await
                    .expect("taken in");
            });
        }
        let backend = processes[turn % processes.len()].clone();
        let now = world.now();
        world.travel(AFTER);
        let (mut moment, hearing) = (world.moment(), session.number);
        world.travel(&now.to_string());
        let (permit, minutes) = (desk.approve(), minutes.clone());
        tasks.spawn(async move {
            hearings::publish_minutes(&backend, &mut moment, &permit, hearing, &minutes)
                .await
                .expect("published");
        });
    }
    all(tasks).await;
    world.travel(AFTER);
    for session in &sessions {
        let said = session
            .page()
            .await
            .minutes
            .expect("they are public")
            .statements;
        assert_eq!(said.len(), 1);
    }
    let found = backend::consultations::find(&world.backend, world.now(), number, Viewer::Public);
    let counts = found.await.unwrap().unwrap().counts.comments;
    assert_eq!((counts.received, counts.published), (66, 6));
    assert_eq!(world.clause_counts(number).await[&first], 6);
    close(processes).await;
}

async fn thousands_of_ballots_at_once_are_counted_exactly(world: &World) {
    const PEOPLE: usize = 2_000;
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    let processes = processes(world).await;
    let mut tasks = JoinSet::new();
    for index in 0..PEOPLE {
        let backend = processes[index % processes.len()].clone();
        let (mut moment, number) = (world.moment(), asked.number);
        let raw = match index % 4 {
            0 => ballot(r#"{"one": "against", "why": "贵", "km": 1}"#),
            _ => ballot(r#"{"one": "for", "any": ["day", "night"], "km": 2}"#),
        };
        tasks.spawn(async move {
            let now = moment.now;
            polls::vote(
                &backend,
                &mut moment,
                || now,
                number,
                &raw,
                &index.to_string(),
            )
            .await
            .expect("taken in")
            .receipt
        });
    }
    let receipts: BTreeSet<String> = all(tasks).await.into_iter().collect();
    assert_eq!(receipts.len(), PEOPLE);
    world.travel(CLOSES);
    let page = asked.page().await;
    let all = PEOPLE as i64;
    assert_eq!(
        (page.ballots, page.versions[0].ballots),
        (Some(all), Some(all))
    );
    let one = asked.result("one").await;
    let counts: Vec<i64> = one.counts.iter().map(|one| one.count).collect();
    assert_eq!((one.n, counts), (all, vec![1_500, 500]));
    assert_eq!(asked.result("why").await.texts_withheld, 500);
    assert_eq!(asked.result("km").await.figures.unwrap().mean, 1.75);
    close(processes).await;
}

async fn one_code_sent_many_times_at_once_counts_once(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = questions();
    raw.identity = Some(domain::polls::IdentityLevel::OneTimeCode);
    let asked = Asked::open(world, &desk, number, &raw).await;
    let (moment, permit) = (&mut world.moment(), desk.approve());
    let codes = polls::add_codes(&world.backend, moment, &permit, asked.number, 1, None).await;
    let code = codes.unwrap().remove(0);
    let processes = processes(world).await;
    let mut tasks = JoinSet::new();
    for index in 0..40 {
        let backend = processes[index % processes.len()].clone();
        let (mut moment, number) = (world.moment(), asked.number);
        let mut raw = ballot(r#"{"one": "for"}"#);
        raw.code = Some(code.clone());
        tasks.spawn(async move {
            let now = moment.now;
            polls::vote(
                &backend,
                &mut moment,
                || now,
                number,
                &raw,
                &index.to_string(),
            )
            .await
            .is_ok()
        });
    }
    let taken = all(tasks).await.into_iter().filter(|taken| *taken).count();
    assert_eq!(taken, 1);
    world.travel(CLOSES);
    assert_eq!(asked.page().await.ballots, Some(1));
    close(processes).await;
}
