//! Two offices and what happens in them, for tests that begin where a consultation is at work.

use crate::world::{Desk, World, comment};
use backend::drafts::NewDraft;
use backend::units::NewUnit;
use backend::{Backend, Error, Moment, comments, consultations, drafts, units};
use domain::comments::{CommentNumber, Moderation, QueueFilter};
use domain::consultations::{NewConsultation, Number, Publish};
use domain::drafts::{Clause, Draft};
use domain::id::{ClauseId, PointId};
use domain::staff::Role;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

/// When most of what happens here happens: before the rounds, while they are open, after them.
pub const BEFORE: &str = "2026-03-01T01:00:00Z";
pub const OPENS: &str = "2026-03-02T00:00:00Z";
pub const DURING: &str = "2026-03-10T02:00:00Z";
pub const CLOSES: &str = "2026-04-05T00:00:00Z";
pub const AFTER: &str = "2026-04-06T02:00:00Z";

/// Three articles, the second with two items.
pub const FIRST: &str = "\
第一条 为了规范机动车停车管理，改善交通环境，制定本规定。

第二条 停车场经营者应当遵守下列规定：

（一）在显著位置公布收费标准和监督电话；

（二）对在停车场内停放的车辆负责看管。

第三条 违反本规定的，由城市管理部门责令改正，并处五百元罚款。
";

/// The first article stays, the second has a third item, a new one comes in, the last is reworded.
pub const SECOND: &str = "\
第一条 为了规范机动车停车管理，改善交通环境，制定本规定。

第二条 停车场经营者应当遵守下列规定：

（一）在显著位置公布收费标准和监督电话；

（二）对在停车场内停放的车辆负责看管；

（三）保留不少于三个充电车位。

第三条 鼓励机关和学校在节假日向周边居民开放停车场地。

第四条 违反本规定的，由城市管理部门责令改正；拒不改正的，处二百元罚款。
";

pub use crate::world::at as instant;

/// A moment with randomness of its own.
pub fn at(text: &str) -> Moment {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    Moment::new(instant(text), seed)
}

/// A unit's people, with what they do in these tests.
pub struct Office {
    pub backend: Backend,
    desk: Desk,
}

impl Deref for Office {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        &self.desk
    }
}

/// The transport office in Shanghai's zone, and the water office in New York's.
pub async fn offices(world: &World) -> (Office, Office) {
    let backend = world.backend.clone();
    let transport = Office {
        backend: backend.clone(),
        desk: world.desk("transport").await,
    };
    let new = NewUnit {
        slug: "water".into(),
        name: "Water office".into(),
        zone: "America/New_York".into(),
        ..NewUnit::default()
    };
    units::add(&backend, &mut world.moment(), new)
        .await
        .expect("the unit is added");
    let who = world.person("water", "all@water.example", Role::ALL).await;
    let (unit, _) = units::find(&backend, "water")
        .await
        .expect("it reads")
        .expect("it is there");
    (
        transport,
        Office {
            backend,
            desk: Desk {
                unit,
                slug: "water".into(),
                who,
            },
        },
    )
}

impl Office {
    /// A consultation in preparation.
    pub async fn prepare(&self, when: &str, title: &str) -> Number {
        let facts = facts(title).facts().expect("sound facts");
        consultations::create(&self.backend, &mut at(when), &self.edit(), facts)
            .await
            .expect("created")
    }

    pub async fn update(&self, when: &str, number: Number, title: &str) -> Result<(), Error> {
        let facts = facts(title).facts().expect("sound facts");
        consultations::update(&self.backend, &mut at(when), &self.edit(), number, facts).await
    }

    pub async fn withdraw(&self, when: &str, number: Number, reason: &str) -> Result<(), Error> {
        let (permit, reason) = (self.approve(), reason.to_owned());
        consultations::withdraw(&self.backend, &mut at(when), &permit, number, reason).await
    }

    pub async fn draft(&self, when: &str, number: Number, text: &str) -> Draft {
        let new = NewDraft {
            bytes: text.into(),
            filename: Some("draft.md".into()),
        };
        drafts::add(&self.backend, &mut at(when), &self.edit(), number, new)
            .await
            .expect("added")
    }

    pub async fn publish(
        &self,
        when: &str,
        number: Number,
        version: i64,
        opens: &str,
        closes: &str,
    ) -> Result<domain::consultations::Round, Error> {
        let publish = Publish {
            version,
            opens_at: instant(opens),
            closes_at: instant(closes),
            reason_for_short_period: None,
        };
        consultations::publish(
            &self.backend,
            &mut at(when),
            &self.approve(),
            number,
            publish,
        )
        .await
    }

    /// A consultation on [`FIRST`] whose round is open from [`OPENS`] to [`CLOSES`].
    pub async fn consult(&self) -> (Number, Draft) {
        let number = self.prepare(BEFORE, "停车管理规定").await;
        let draft = self.draft(BEFORE, number, FIRST).await;
        self.publish(BEFORE, number, 1, OPENS, CLOSES)
            .await
            .expect("published");
        (number, draft)
    }

    /// Sends a comment of these points under a masked name, and decides on it at once.
    pub async fn hear(
        &self,
        number: Number,
        points: &[(Option<ClauseId>, &str)],
        decision: Option<Moderation>,
    ) -> Heard {
        let mut moment = at(DURING);
        let key = moment.id().to_string();
        let receipt = comments::submit(&self.backend, moment, number, comment(points), key).await;
        let receipt = receipt.expect("taken in");
        if let Some(decision) = decision {
            let permit = self.moderate();
            comments::moderate(
                &self.backend,
                &mut at(DURING),
                &permit,
                receipt.number,
                decision,
                None,
            )
            .await
            .expect("decided");
        }
        let (see, all) = (self.see(), QueueFilter::default());
        let queue = comments::queue(&self.backend, &see, number, all).await;
        let queued = queue.expect("it reads").items.into_iter();
        let mine = queued.filter(|comment| comment.number == receipt.number);
        let points = mine
            .flat_map(|comment| comment.points)
            .map(|point| point.id)
            .collect();
        Heard {
            number: receipt.number,
            code: receipt.receipt,
            points,
        }
    }
}

/// A comment that was taken in.
pub struct Heard {
    pub number: CommentNumber,
    pub code: String,
    pub points: Vec<PointId>,
}

pub fn facts(title: &str) -> NewConsultation {
    NewConsultation {
        unit: String::new(),
        title: title.into(),
        summary: "是否对路侧停车收费。".into(),
        explanation: "# 起草说明\n\n为了**规范**停车。".into(),
        contact: Some("010-12345678".into()),
        other_ways: None,
    }
}

/// The clause with this label, whether it stands by itself or within another.
pub fn clause<'a>(draft: &'a Draft, label: &str) -> &'a Clause {
    let mut all = draft.all_clauses();
    let found = all.find(|clause| clause.label == label);
    found.unwrap_or_else(|| panic!("no {label} in {:#?}", labels(draft)))
}

pub fn labels(draft: &Draft) -> Vec<&str> {
    draft
        .all_clauses()
        .map(|clause| clause.label.as_str())
        .collect()
}

/// The fields and codes of what was wrong with an input.
pub fn faults<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, &'static str)> {
    match result.expect_err("must be refused") {
        Error::Invalid(wrong) => wrong
            .0
            .into_iter()
            .map(|one| (one.field, one.fault.code()))
            .collect(),
        other => panic!("refused for another reason: {other}"),
    }
}

/// Asserts that a result is this refusal.
macro_rules! assert_refused {
    ($result:expr, $refusal:pat) => {{
        let result = $result;
        assert!(matches!(&result, Err($refusal)), "{result:?}");
    }};
}
pub(crate) use assert_refused;
