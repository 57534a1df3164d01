//! A poll with a question of every kind, for the tests of what happens to it.

use crate::world::{Desk, World, at};
use backend::{Error, Viewer, polls};
use domain::consultations::Number;
use domain::polls::results::QuestionResult;
use domain::polls::{
    BallotReceipt, OpenBallot, Poll, PollNumber, PollResults, PublishPoll, RawBallot, RawPoll,
};

/// The period of answering, and what lies around it.
pub const OPENS: &str = "2026-03-02T00:00:00Z";
pub const DURING: &str = "2026-03-03T00:00:00Z";
pub const CLOSES: &str = "2026-03-16T00:00:00Z";

/// A question of every kind; `why` is for who is against, and must then be answered.
pub fn questions() -> RawPoll {
    serde_json::from_str(
        r#"{"title": "停车收费问卷", "method": "面向全市居民，网上作答，至3月16日。", "questions": [
            {"kind": "section", "text": "关于收费"},
            {"code": "one", "kind": "single", "text": "是否赞成", "required": true,
             "options": [{"code": "for", "text": "赞成"}, {"code": "against", "text": "反对"}]},
            {"code": "why", "kind": "long_text", "text": "为什么", "required": true,
             "show_if": {"question": "one", "any_of": ["against"]}},
            {"code": "any", "kind": "multiple", "text": "哪些时段", "min": 1, "max": 2,
             "options": [{"code": "day", "text": "白天"}, {"code": "night", "text": "夜间"},
                 {"code": "feast", "text": "节日"}]},
            {"code": "scale", "kind": "scale", "text": "满意度"},
            {"code": "rank", "kind": "ranking", "text": "排序",
             "options": [{"code": "x", "text": "价格"}, {"code": "y", "text": "车位"},
                 {"code": "z", "text": "距离"}]},
            {"code": "grid", "kind": "matrix", "text": "各处如何",
             "rows": [{"code": "r", "text": "路侧"}, {"code": "s", "text": "小区"}],
             "options": [{"code": "good", "text": "好"}, {"code": "bad", "text": "差"}]},
            {"code": "line", "kind": "short_text", "text": "街道"},
            {"code": "km", "kind": "number", "text": "路程", "min": 0, "max": 100}]}"#,
    )
    .expect("a sound poll")
}

/// Five ballots.
pub const BALLOTS: [&str; 5] = [
    r#"{"one": "for", "any": ["day"], "scale": 5, "rank": ["y", "x", "z"],
        "grid": {"r": "good", "s": "bad"}, "line": "中山路", "km": 2.5}"#,
    r#"{"one": "for", "any": ["day", "night"], "scale": 4, "rank": ["y", "z", "x"],
        "grid": {"r": "bad"}, "km": 10}"#,
    r#"{"one": "against", "why": "太贵", "scale": 1, "rank": ["x", "y", "z"],
        "grid": {"r": "good", "s": "good"}, "km": "１０"}"#,
    r#"{"one": "for", "why": "这一题不显示", "any": ["feast", "night"], "scale": 4}"#,
    r#"{"one": "against", "why": "不公平", "line": "长江路", "km": 0}"#,
];

/// A ballot from its JSON answers.
pub fn ballot(answers: &str) -> RawBallot {
    RawBallot {
        answers: serde_json::from_str(answers).expect("sound answers"),
        ..RawBallot::default()
    }
}

/// A poll and the desk that asks.
pub struct Asked<'w> {
    pub world: &'w World,
    pub desk: &'w Desk,
    pub number: PollNumber,
}

impl<'w> Asked<'w> {
    /// In preparation.
    pub async fn prepared(
        world: &'w World,
        desk: &'w Desk,
        consultation: Number,
        raw: &RawPoll,
    ) -> Self {
        let (moment, questionnaire) = (&mut world.moment(), raw.parse().expect("a sound poll"));
        let permit = desk.edit();
        let number = polls::create(
            &world.backend,
            moment,
            &permit,
            consultation,
            &questionnaire,
        )
        .await
        .expect("prepared");
        Self {
            world,
            desk,
            number,
        }
    }

    /// Published, with the clock where ballots are taken.
    pub async fn open(
        world: &'w World,
        desk: &'w Desk,
        consultation: Number,
        raw: &RawPoll,
    ) -> Self {
        let asked = Self::prepared(world, desk, consultation, raw).await;
        asked.publish().await.expect("published");
        world.travel(DURING);
        asked
    }

    pub async fn publish(&self) -> Result<(), Error> {
        let period = PublishPoll {
            opens_at: at(OPENS),
            closes_at: at(CLOSES),
        };
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        polls::publish(&self.world.backend, moment, &permit, self.number, &period).await
    }

    pub async fn cancel(&self) -> Result<(), Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        polls::cancel(&self.world.backend, moment, &permit, self.number, "重做").await
    }

    pub async fn correct(&self, raw: &RawPoll) -> Result<i64, Error> {
        let (moment, questionnaire) = (&mut self.world.moment(), raw.parse().expect("sound"));
        let (backend, permit) = (&self.world.backend, self.desk.approve());
        polls::correct(
            backend,
            moment,
            &permit,
            self.number,
            &questionnaire,
            "漏了一项",
        )
        .await
    }

    pub async fn vote(&self, raw: &RawBallot, key: &str) -> Result<BallotReceipt, Error> {
        let moment = &mut self.world.moment();
        let clock = || self.world.now();
        polls::vote(&self.world.backend, moment, clock, self.number, raw, key).await
    }

    /// As everyone reads it.
    pub async fn page(&self) -> Poll {
        let (now, number) = (self.world.now(), self.number);
        polls::find(&self.world.backend, now, number, Viewer::Public)
            .await
            .expect("it reads")
            .expect("it is public")
    }

    pub async fn results(&self, viewer: Viewer<'_>) -> Option<PollResults> {
        polls::results(&self.world.backend, self.world.now(), self.number, viewer)
            .await
            .expect("it reads")
    }

    /// The ballots as open data.
    pub async fn open_data(&self, viewer: Viewer<'_>) -> Result<Option<Vec<OpenBallot>>, Error> {
        let (backend, now) = (&self.world.backend, self.world.now());
        let Some(mut found) = polls::ballots(backend, now, self.number, viewer).await? else {
            return Ok(None);
        };
        let mut ballots = Vec::new();
        while let Some(page) = found.next(backend).await? {
            ballots.extend(page);
        }
        Ok(Some(ballots))
    }

    /// What everyone reads of one question.
    pub async fn result(&self, code: &str) -> QuestionResult {
        let results = self.results(Viewer::Public).await.expect("they are public");
        let mut questions = results.questions.into_iter();
        questions
            .find(|one| one.code == code)
            .unwrap_or_else(|| panic!("no question {code}"))
    }
}
