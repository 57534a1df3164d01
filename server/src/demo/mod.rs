//! A demonstration for an empty database: a city with two departments and four consultations, one
//! in each phase of its life, with sessions and polls beside them.
//!
//! Everything goes through the use cases that people use, at instants in the past, so that what is
//! shown could have happened. The texts under consultation are published laws (no copyright in
//! China: Copyright Law art. 5) and short rules written for this purpose.

mod observed;
mod samples;
mod sessions;

use crate::config::Config;
use crate::edge::Clock;
use backend::drafts::NewDraft;
use backend::units::NewUnit;
use backend::{Backend, Error, Moment, comments, consultations, drafts, feedback, staff, units};
use domain::Timestamp;
use domain::comments::{CommentNumber, HoldReason, Moderation, QueueFilter};
use domain::consultations::{NewConsultation, Number, Publish};
use domain::drafts::Draft;
use domain::feedback::{RawChange, RawFeedback, RawResponse};
use domain::id::{PointId, UnitId};
use domain::receipts::ReceiptCode;
use domain::staff::{Identity, Role};
use samples::{Sample, by_label, raw_comment, samples};
use std::collections::HashMap;

const PASSWORD: &str = "demonstration-2026";

/// Who can sign in at the desk, with the password.
pub const ACCOUNTS: [(&str, &str); 5] = [
    ("editor@transport.example", PASSWORD),
    ("moderator@transport.example", PASSWORD),
    ("approver@transport.example", PASSWORD),
    ("commerce@commerce.example", PASSWORD),
    ("administrator@city.example", PASSWORD),
];

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// Fills an empty database; one with units in it is left as it is.
pub async fn fill(backend: &Backend, clock: &Clock, config: &Config) -> Result<(), Error> {
    if !units::list(backend).await?.is_empty() {
        tracing::info!("the database has units already: no demonstration is added");
        return Ok(());
    }
    let mut scene = Scene {
        backend,
        // Whole days back from this morning, so that every start on one day gives the same.
        today_ms: clock.now().as_millisecond().div_euclid(DAY_MS) * DAY_MS,
        now: clock.now(),
        moments: 0,
    };
    let origins: Vec<String> = config.demo_url.iter().cloned().collect();
    scene
        .unit("jiangcheng", "江城市人民政府", None, origins.clone())
        .await?;
    let city = Some("jiangcheng");
    scene
        .unit("transport", "江城市交通运输局", city, origins.clone())
        .await?;
    scene
        .unit("commerce", "江城市商务局", city, origins)
        .await?;
    let all = [
        Role::Editor,
        Role::Moderator,
        Role::Approver,
        Role::Administrator,
    ];
    let roles: [&[Role]; 5] = [
        &[Role::Editor],
        &[Role::Moderator],
        &[Role::Approver],
        &all,
        &all,
    ];
    let at_units = [
        "transport",
        "transport",
        "transport",
        "commerce",
        "jiangcheng",
    ];
    for ((unit, roles), (email, password)) in at_units.into_iter().zip(roles).zip(ACCOUNTS) {
        let mut moment = scene.at(-120, 0);
        staff::add_account(backend, &mut moment, unit, email, roles, password).await?;
    }
    let transport = scene.desk("transport", &ACCOUNTS[..3]).await?;
    let commerce = scene.desk("commerce", &ACCOUNTS[3..4]).await?;
    let city = scene.desk("jiangcheng", &ACCOUNTS[4..]).await?;
    scene.answered(&commerce).await?;
    scene.open(&transport).await?;
    scene.upcoming(&city).await?;
    scene.in_preparation(&city).await
}

/// The instants of the demonstration, and what it acts on.
struct Scene<'a> {
    backend: &'a Backend,
    today_ms: i64,
    now: Timestamp,
    moments: u64,
}

/// The people of one unit.
struct Desk {
    unit: UnitId,
    slug: &'static str,
    editor: Identity,
    moderator: Identity,
    approver: Identity,
}

impl Scene<'_> {
    fn instant(&self, days: i64, ms: i64) -> Timestamp {
        Timestamp::from_millisecond(self.today_ms + days * DAY_MS + ms).unwrap_or(self.now)
    }

    /// A moment so many days from this morning. The randomness is a counter: what is shown here
    /// protects nothing, and is the same each time.
    fn at(&mut self, days: i64, ms: i64) -> Moment {
        self.moments += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.moments.to_le_bytes());
        seed[8..16].copy_from_slice(&self.today_ms.to_le_bytes());
        Moment::new(self.instant(days, ms).min(self.now), seed)
    }

    async fn unit(
        &mut self,
        slug: &str,
        name: &str,
        parent: Option<&str>,
        origins: Vec<String>,
    ) -> Result<(), Error> {
        let new = NewUnit {
            slug: slug.into(),
            name: name.into(),
            parent: parent.map(Into::into),
            zone: "Asia/Shanghai".into(),
            lang: "zh-Hans".into(),
            origins,
        };
        let mut moment = self.at(-120, 0);
        units::add(self.backend, &mut moment, new).await?;
        Ok(())
    }

    /// Signs in the people of a unit: editor, moderator and approver, or one who is all three.
    async fn desk(&mut self, slug: &'static str, accounts: &[(&str, &str)]) -> Result<Desk, Error> {
        let (unit, _) = units::find(self.backend, slug)
            .await?
            .ok_or(Error::NotFound)?;
        let mut people = Vec::new();
        for (email, password) in accounts {
            let mut moment = self.at(-119, 0);
            let token = staff::log_in(
                self.backend,
                &mut moment,
                email,
                password,
                "127.0.0.1",
                "demonstration",
            )
            .await?;
            let (person, _) = staff::identify_session(self.backend, moment.now, &token)
                .await?
                .ok_or(Error::NotFound)?;
            people.push(person);
        }
        let person = |index: usize| people.get(index).or(people.last()).cloned();
        Ok(Desk {
            unit,
            slug,
            editor: person(0).ok_or(Error::NotFound)?,
            moderator: person(1).ok_or(Error::NotFound)?,
            approver: person(2).ok_or(Error::NotFound)?,
        })
    }

    async fn consultation(
        &mut self,
        desk: &Desk,
        days: i64,
        new: NewConsultation,
    ) -> Result<Number, Error> {
        let facts = new.facts()?;
        let mut moment = self.at(days, 9 * HOUR_MS);
        let permit = desk.editor.edit(desk.unit)?;
        consultations::create(self.backend, &mut moment, &permit, facts).await
    }

    async fn draft(
        &mut self,
        desk: &Desk,
        number: Number,
        days: i64,
        filename: &str,
        text: &str,
    ) -> Result<Draft, Error> {
        let new = NewDraft {
            bytes: text.as_bytes().to_vec(),
            filename: Some(filename.into()),
        };
        let mut moment = self.at(days, 10 * HOUR_MS);
        let permit = desk.editor.edit(desk.unit)?;
        drafts::add(self.backend, &mut moment, &permit, number, new).await
    }

    /// Publishes version 1 with a round from one day to another.
    async fn publish(
        &mut self,
        desk: &Desk,
        number: Number,
        published: i64,
        opens: i64,
        closes: i64,
    ) -> Result<(), Error> {
        // Midnight in Shanghai is 16:00 UTC of the day before.
        let publish = Publish {
            version: 1,
            opens_at: self.instant(opens, -8 * HOUR_MS),
            closes_at: self.instant(closes, -8 * HOUR_MS),
            reason_for_short_period: None,
        };
        let mut moment = self.at(published, -9 * HOUR_MS);
        let permit = desk.approver.approve(desk.unit)?;
        consultations::publish(self.backend, &mut moment, &permit, number, publish).await?;
        Ok(())
    }

    /// Sends comments over so many days from `first_day`, and decides on each a day later.
    async fn comments(
        &mut self,
        desk: &Desk,
        number: Number,
        draft: &Draft,
        first_day: i64,
        days: i64,
        samples: &[Sample],
    ) -> Result<Vec<CommentNumber>, Error> {
        let clauses = by_label(draft);
        let total = i64::try_from(samples.len().max(1)).unwrap_or(1);
        let mut numbers = Vec::new();
        for (index, sample) in (0i64..).zip(samples) {
            // Spread over the days, between eight and twenty-two o'clock in Shanghai.
            let day = first_day + index * days / total;
            let of_day = (index * 7_919 % 840) * 60_000;
            let moment = self.at(day, of_day);
            let raw = raw_comment(sample, &clauses);
            let key = format!("demonstration-{number}-{index}");
            let receipt = comments::submit(self.backend, moment, number, raw, key).await?;
            let decision = sample.decision.as_deref().unwrap_or("publish");
            let mut later = self.at(day, of_day + 3 * HOUR_MS);
            let permit = desk.moderator.moderate(desk.unit)?;
            let moderation = match decision.split_once(':') {
                Some(("hold", reason)) => reason.parse::<HoldReason>().ok().map(Moderation::Hold),
                _ if decision == "publish" => Some(Moderation::Publish),
                _ => None,
            };
            if let Some(moderation) = moderation {
                comments::moderate(
                    self.backend,
                    &mut later,
                    &permit,
                    receipt.number,
                    moderation,
                    None,
                )
                .await?;
            } else if decision == "withdraw" {
                let code = ReceiptCode::read(&receipt.receipt)
                    .map_err(|error| Error::Internal(error.to_string()))?;
                backend::receipts::withdraw(self.backend, &mut later, &code).await?;
            }
            numbers.push(receipt.number);
        }
        Ok(numbers)
    }

    async fn open(&mut self, desk: &Desk) -> Result<(), Error> {
        let number = self
            .consultation(
                desk,
                -20,
                NewConsultation {
                    unit: desk.slug.into(),
                    title: "公开征求《机动车停车条例（草案）》意见".into(),
                    summary: "机动车停车的规划、收费、共享和秩序怎么管。请对每一条提出意见；\
                        采纳与否及理由将逐点公布。（演示数据：条文取自已公布的《北京市机动车停车条例》2021年修正文本。）"
                        .into(),
                    explanation: include_str!("../../demo/parking-explanation.md").into(),
                    contact: Some("江城市交通运输局法规处　0510-8800 1000".into()),
                    other_ways: Some(
                        "来信：江城市滨江路1号，邮编214000，信封注明“停车条例意见”\n现场：工作日9:00至17:00，政务服务大厅3号窗口"
                            .into(),
                    ),
                },
            )
            .await?;
        let text = include_str!("../../demo/parking-v1.md");
        let draft = self
            .draft(desk, number, -18, "停车条例（草案）.md", text)
            .await?;
        self.publish(desk, number, -12, -12, 21).await?;
        let samples = samples(include_str!("../../demo/parking.json"))?;
        self.comments(desk, number, &draft, -12, 12, &samples)
            .await?;
        self.beside_open(desk, number).await
    }

    async fn answered(&mut self, desk: &Desk) -> Result<(), Error> {
        let number = self
            .consultation(
                desk,
                -90,
                NewConsultation {
                    unit: desk.slug.into(),
                    title: "公开征求《保障中小企业款项支付条例（修订草案）》意见".into(),
                    summary: "机关、事业单位和大型企业应当在多少天内向中小企业付款，拖欠了怎么投诉、怎么处理。\
                        （演示数据：条文取自国务院令第728号和第802号。）"
                        .into(),
                    explanation: include_str!("../../demo/sme-payment-explanation.md").into(),
                    contact: Some("江城市商务局企业服务处　0510-8800 3000".into()),
                    other_ways: None,
                },
            )
            .await?;
        let text = include_str!("../../demo/sme-payment-v1.md");
        let draft = self
            .draft(desk, number, -88, "款项支付条例（征求意见稿）.md", text)
            .await?;
        self.publish(desk, number, -80, -80, -45).await?;
        self.beside_answered(desk, number).await?;
        let samples = samples(include_str!("../../demo/sme-payment.json"))?;
        let numbers = self
            .comments(desk, number, &draft, -79, 30, &samples)
            .await?;
        let text = include_str!("../../demo/sme-payment-v2.md");
        let revised = self
            .draft(desk, number, -20, "款项支付条例（修订稿）.md", text)
            .await?;
        self.respond(desk, number, &samples, &numbers, &revised)
            .await?;
        let texts = RawFeedback {
            new_version: None,
            asked: "修订草案就付款期限、非现金支付、保证金、投诉处理和责任追究公开征求意见，为期35天。".into(),
            heard: "意见集中在三个方面：大型企业没有明确的付款期限，“背靠背”付款转嫁风险；投诉没有办理时限；\
                以审计结果、电子凭证等变相拖延付款。"
                .into(),
            changed: "大型企业付款期限明确为60日，不得约定以收到第三方付款为支付条件；投诉十个工作日内转交、三十日内反馈结果；\
                应收账款电子凭证纳入规范；无争议款项应当先行支付；责任追究覆盖有责任的领导人员。"
                .into(),
        }
        .parse()?;
        let permit = desk.approver.approve(desk.unit)?;
        let mut moment = self.at(-10, 2 * HOUR_MS);
        feedback::publish(self.backend, &mut moment, &permit, number, texts).await?;
        Ok(())
    }

    /// Answers the points as the samples say.
    async fn respond(
        &mut self,
        desk: &Desk,
        number: Number,
        samples: &[Sample],
        numbers: &[CommentNumber],
        revised: &Draft,
    ) -> Result<(), Error> {
        let clauses = by_label(revised);
        let see = desk.editor.see(desk.unit)?;
        let filter = QueueFilter::default();
        let queue = comments::queue(self.backend, &see, number, filter).await?;
        let points: HashMap<CommentNumber, Vec<PointId>> = queue
            .items
            .into_iter()
            .map(|comment| {
                let ids = comment.points.iter().map(|point| point.id).collect();
                (comment.number, ids)
            })
            .collect();
        for (sample, comment) in samples.iter().zip(numbers) {
            for (point, id) in sample
                .points
                .iter()
                .zip(points.get(comment).into_iter().flatten())
            {
                let Some(disposition) = point.disposition else {
                    continue;
                };
                let change = point.change.as_ref().and_then(|label| clauses.get(label));
                let response = RawResponse {
                    disposition,
                    reason: point.reason.clone(),
                    change: change.map(|clause| RawChange {
                        clause: clause.to_string(),
                    }),
                }
                .parse()?;
                let permit = desk.editor.edit(desk.unit)?;
                let mut moment = self.at(-15, 2 * HOUR_MS);
                feedback::respond(self.backend, &mut moment, &permit, *id, response).await?;
            }
        }
        Ok(())
    }

    async fn upcoming(&mut self, desk: &Desk) -> Result<(), Error> {
        let number = self
            .consultation(
                desk,
                -6,
                NewConsultation {
                    unit: desk.slug.into(),
                    title: "公开征求《公共图书馆使用办法（草案）》意见".into(),
                    summary: "公共图书馆和流动图书馆怎么用：进馆、办证、借阅、开放时间。\
                        （演示数据：条文为演示而写。）"
                        .into(),
                    explanation: "## 为什么制定\n\n2009年的规则没有电子借阅和流动图书馆，进馆还要出示身份证件。\n\n\
                        ## 主要变化\n\n* 进馆不需要证件\n* 逾期归还不收滞纳金\n* 周末延长开放时间\n"
                        .into(),
                    contact: Some("江城市人民政府办公室　0510-8800 1001".into()),
                    other_ways: None,
                },
            )
            .await?;
        let text = include_str!("../../demo/library.md");
        self.draft(desk, number, -5, "图书馆使用办法（草案）.md", text)
            .await?;
        self.publish(desk, number, -1, 4, 40).await
    }

    async fn in_preparation(&mut self, desk: &Desk) -> Result<(), Error> {
        let number = self
            .consultation(
                desk,
                -3,
                NewConsultation {
                    unit: desk.slug.into(),
                    title: "重大行政决策程序规定（起草中）".into(),
                    summary: "重大行政决策从启动、公众参与、专家论证到评估调整的程序。\
                        （演示数据：条文取自国务院令第713号。）"
                        .into(),
                    explanation: "本规定正在起草，尚未公布。".into(),
                    contact: None,
                    other_ways: None,
                },
            )
            .await?;
        let text = include_str!("../../demo/decree-713.md");
        self.draft(desk, number, -2, "程序规定.md", text).await?;
        Ok(())
    }
}
