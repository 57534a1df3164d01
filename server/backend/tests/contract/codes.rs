//! One-time codes: how many there are, for whom, and until when they are made.

use crate::ballots::{Asked, CLOSES, DURING, ballot, questions};
use crate::offices::{assert_refused, faults};
use crate::world::{Desk, World};
use backend::{Conflict, Error, Viewer, polls};
use domain::polls::{CodeCount, IdentityLevel, RawBallot};
use testing::on_both_databases;

on_both_databases! {
    the_invited_have_a_code_each_and_nobody_else_has_one,
    codes_are_made_until_the_poll_ends_and_the_result_says_how_many,
}

async fn of_level<'w>(world: &'w World, desk: &'w Desk, level: IdentityLevel) -> Asked<'w> {
    let (number, _) = world.open_consultation(desk).await;
    let mut raw = questions();
    raw.identity = Some(level);
    Asked::open(world, desk, number, &raw).await
}

async fn invite(asked: &Asked<'_>, labels: &[&str]) -> Result<Vec<String>, Error> {
    let (moment, permit) = (&mut asked.world.moment(), asked.desk.approve());
    let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
    polls::invite(&asked.world.backend, moment, &permit, asked.number, &labels).await
}

async fn make(asked: &Asked<'_>, count: usize) -> Result<Vec<String>, Error> {
    let (moment, permit) = (&mut asked.world.moment(), asked.desk.approve());
    polls::add_codes(
        &asked.world.backend,
        moment,
        &permit,
        asked.number,
        count,
        None,
    )
    .await
}

fn with(code: &str) -> RawBallot {
    RawBallot {
        code: Some(code.into()),
        ..ballot(r#"{"one": "for"}"#)
    }
}

async fn the_invited_have_a_code_each_and_nobody_else_has_one(world: &World) {
    let desk = world.desk("transport").await;
    let asked = of_level(world, &desk, IdentityLevel::Invited).await;
    let at = |field: &str, fault: &'static str| [(field.to_owned(), fault)];
    assert_eq!(faults(make(&asked, 3).await), at("labels", "required"));
    assert_eq!(faults(invite(&asked, &[]).await), at("labels", "required"));
    let list = ["张三", "李四（东门）", "10 High St"];
    let codes = invite(&asked, &list).await.unwrap();
    assert_eq!(codes.len(), 3);
    let twice = invite(&asked, &["王五", " 张三 ", "王五", ""]).await;
    assert_eq!(
        faults(twice),
        [
            ("labels.2".to_owned(), "taken"),
            ("labels.3".to_owned(), "required")
        ],
        "within the list"
    );
    let twice = invite(&asked, &["王五", "10 high  st"]).await;
    assert_eq!(faults(twice), at("labels.1", "taken"), "who has one");
    let count = polls::code_count(&world.backend, &desk.see(), asked.number).await;
    assert_eq!(count.unwrap(), CodeCount { given: 3, used: 0 });
    let more = invite(&asked, &["王五"]).await.unwrap();
    asked.vote(&with(&codes[1]), "k").await.unwrap();
    asked.vote(&with(&more[0]), "l").await.unwrap();
    let other = of_level(world, &desk, IdentityLevel::OneTimeCode).await;
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!(results.codes, Some(CodeCount { given: 4, used: 2 }));
    world.travel(DURING);
    assert_eq!(faults(invite(&other, &list).await), at("labels", "unknown"));
    let strangers = world.desk("commerce").await;
    let count = polls::code_count(&world.backend, &strangers.see(), asked.number).await;
    assert_refused!(count, Error::NotFound);
}

async fn codes_are_made_until_the_poll_ends_and_the_result_says_how_many(world: &World) {
    let desk = world.desk("transport").await;
    let asked = of_level(world, &desk, IdentityLevel::OneTimeCode).await;
    let free = of_level(world, &desk, IdentityLevel::None).await;
    let called_off = of_level(world, &desk, IdentityLevel::OneTimeCode).await;
    called_off.cancel().await.unwrap();
    assert_refused!(
        make(&called_off, 1).await,
        Error::Conflict(Conflict::PollOver)
    );
    let mut codes = make(&asked, 2).await.unwrap();
    codes.extend(make(&asked, 1).await.unwrap());
    asked.vote(&with(&codes[2]), "k").await.unwrap();
    world.travel(CLOSES);
    assert_refused!(make(&asked, 1).await, Error::Conflict(Conflict::PollOver));
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!(results.codes, Some(CodeCount { given: 3, used: 1 }));
    assert_eq!(free.results(Viewer::Public).await.unwrap().codes, None);
}
