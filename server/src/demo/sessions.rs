//! Sessions and polls of the demonstration: a hearing that was drawn and one to apply for, a poll to
//! answer and one with results.

use super::{DAY_MS, Desk, HOUR_MS, Scene};
use backend::consultations::livelihood;
use backend::{Error, hearings, polls};
use domain::consultations::Number;
use domain::hearings::{
    Attendance, Fill, HearingNumber, Paper, RawApplication, RawCategory, RawHearing, RawReview,
    SessionKind,
};
use domain::livelihood::{Livelihood, LivelihoodField};
use domain::polls::{
    BallotReceipt, PollNumber, PublishPoll, QuestionKind, RawAnswer, RawBallot, RawPoll,
};
use domain::receipts::ReceiptCode;

/// Family names, to which a given name is put: enough for everyone to be somebody else.
const FAMILIES: [&str; 12] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫",
];
const DISTRICTS: [&str; 4] = ["滨江街道", "古楼街道", "新港镇", "河西街道"];
const STATEMENTS: [&str; 6] = [
    "路侧停车第一小时收费偏高，建议老旧小区周边实行夜间优惠。",
    "建议共享单位内部车位，夜间向附近居民开放。",
    "收费标准应当在停车场入口醒目公示，包括封顶价。",
    "商圈周边应当拉开差价，鼓励乘坐公共交通。",
    "希望公布停车收费的收支情况，用于增加车位。",
    "电动自行车充电车位不足，建议在条例中写明配建比例。",
];

impl Scene<'_> {
    /// Beside the consultation that is open: a hearing with its draw, a seminar to apply for, a poll
    /// to answer.
    pub(super) async fn beside_open(&mut self, desk: &Desk, number: Number) -> Result<(), Error> {
        self.fields(desk, number, -19, &[LivelihoodField::PublicUtilities])
            .await?;
        self.drawn_hearing(desk, number).await?;
        self.open_seminar(desk, number).await?;
        let raw = questions(include_str!("../../demo/parking-poll.json"))?;
        let poll = self.poll(desk, number, -9, raw, (-8, 14)).await?;
        for person in 0..7 {
            self.ballot(poll, -6, person).await?;
        }
        Ok(())
    }

    /// Beside the consultation that is answered: the poll that was held before it, with its results.
    pub(super) async fn beside_answered(
        &mut self,
        desk: &Desk,
        number: Number,
    ) -> Result<(), Error> {
        let raw = questions(include_str!("../../demo/sme-payment-poll.json"))?;
        let poll = self.poll(desk, number, -79, raw, (-78, -60)).await?;
        for person in 0..23 {
            self.ballot(poll, -77 + person / 3, person).await?;
        }
        let see = desk.editor.see(desk.unit)?;
        let texts = polls::texts(self.backend, &see, poll, None, None).await?;
        for text in texts.items {
            let permit = desk.moderator.moderate(desk.unit)?;
            let mut moment = self.at(-59, 2 * HOUR_MS);
            polls::decide_text(self.backend, &mut moment, &permit, poll, text.id, true).await?;
        }
        self.observed_meeting(desk, number).await
    }

    async fn fields(
        &mut self,
        desk: &Desk,
        number: Number,
        days: i64,
        fields: &[LivelihoodField],
    ) -> Result<(), Error> {
        let livelihood = Livelihood {
            fields: fields.to_vec(),
            no_poll_reason: None,
        };
        let permit = desk.editor.edit(desk.unit)?;
        let mut moment = self.at(days, 11 * HOUR_MS);
        livelihood::set(self.backend, &mut moment, &permit, number, &livelihood).await
    }

    /// Prepares and publishes a notice. Days are counted from today, for the application period.
    pub(super) async fn notice(
        &mut self,
        desk: &Desk,
        number: Number,
        published: i64,
        raw: RawHearing,
    ) -> Result<HearingNumber, Error> {
        let notice = raw.parse()?;
        let edit = desk.editor.edit(desk.unit)?;
        let mut moment = self.at(published, -10 * HOUR_MS);
        let hearing = hearings::create(self.backend, &mut moment, &edit, number, notice).await?;
        let approve = desk.approver.approve(desk.unit)?;
        let mut moment = self.at(published, -9 * HOUR_MS);
        hearings::publish(self.backend, &mut moment, &approve, hearing).await?;
        Ok(hearing)
    }

    async fn drawn_hearing(&mut self, desk: &Desk, number: Number) -> Result<(), Error> {
        let starts = self.instant(9, HOUR_MS);
        let raw = RawHearing {
            title: "机动车停车收费听证会".into(),
            matter: Some(
                "路侧停车位和公共停车场收费标准；依据《政府制定价格听证办法》举行。".into(),
            ),
            starts_at: Some(starts),
            ends_at: None,
            place: Some("江城市滨江路1号市民中心三楼听证室".into()),
            total: 9,
            categories: vec![
                category("residents", "居民（消费者）代表", 4, Fill::Draw),
                category("affected", "利害关系人", 2, Fill::Draw),
                category("operators", "停车场经营者代表", 1, Fill::Recommendation),
                category("experts", "专家", 2, Fill::Appointment),
                category("observers", "旁听人员", 3, Fill::FirstCome),
            ],
            applications_open_at: self.instant(-11, -8 * HOUR_MS),
            applications_close_at: self.instant(-4, -8 * HOUR_MS),
            pricing: true,
            ..self.plain_notice(SessionKind::Hearing)
        };
        let hearing = self.notice(desk, number, -11, raw).await?;
        let mut receipts = Vec::new();
        let wanted = [
            ("residents", 11),
            ("affected", 5),
            ("operators", 1),
            ("experts", 2),
            ("observers", 4),
        ];
        let mut person = 0;
        for (category, people) in wanted {
            for _ in 0..people {
                let day = -10 + person % 6;
                receipts.push(self.application(hearing, category, day, person).await?);
                person += 1;
            }
        }
        for (index, receipt) in receipts.iter().enumerate() {
            let review = RawReview {
                eligible: index != 4,
                reason: (index == 4).then(|| "常住地不在本市，不符合公告第三项条件。".into()),
                seen: None,
            };
            let permit = desk.moderator.moderate(desk.unit)?;
            let mut moment = self.at(-3, -2 * HOUR_MS);
            let number = receipt.number;
            hearings::review(self.backend, &mut moment, &permit, number, review).await?;
        }
        let approve = desk.approver.approve(desk.unit)?;
        let mut moment = self.at(-3, HOUR_MS);
        let source = "福利彩票双色球最近一期开奖号码：红球由小到大，加号，蓝球；见中国福彩网";
        hearings::freeze(self.backend, &mut moment, &approve, hearing, source, None).await?;
        let mut moment = self.at(-2, 2 * HOUR_MS);
        let seed = "03 08 14 19 27 32 + 11";
        let drawn = hearings::draw(self.backend, &mut moment, &approve, hearing, seed).await?;
        // The first of those chosen will come, the second gives the seat back.
        let chosen = drawn.chosen.get("residents").into_iter().flatten();
        for (ticket, comes) in chosen.zip([true, false]) {
            let receipt = receipts
                .iter()
                .find(|one| one.number.to_string() == *ticket);
            let Some(receipt) = receipt else { continue };
            let code = ReceiptCode::read(&receipt.receipt)
                .map_err(|error| Error::Internal(error.to_string()))?;
            let mut moment = self.at(-1, HOUR_MS);
            hearings::own::confirm(self.backend, &mut moment, &code, comes).await?;
        }
        let papers = [Paper {
            title: "停车收费听证方案".into(),
            address: None,
            delivered_at: self.instant(-1, 2 * HOUR_MS),
        }];
        let editor = &desk.editor;
        let edit = hearings::Amending::new(editor.edit(desk.unit), editor.approve(desk.unit))?;
        let mut moment = self.at(-1, 3 * HOUR_MS);
        hearings::set_papers(self.backend, &mut moment, &edit, hearing, &papers).await
    }

    async fn open_seminar(&mut self, desk: &Desk, number: Number) -> Result<(), Error> {
        let raw = RawHearing {
            title: "停车难小区居民座谈会".into(),
            matter: Some("听取停车位不足小区居民对夜间停车和共享车位的意见。".into()),
            starts_at: Some(self.instant(16, 6 * HOUR_MS)),
            place: Some("河西街道文化站二楼".into()),
            attendance: Some(Attendance::Both),
            total: 12,
            categories: vec![
                category("residents", "居民代表", 10, Fill::FirstCome),
                category("social_organisations", "社会组织", 2, Fill::FirstCome),
                category("observers", "旁听人员", 5, Fill::FirstCome),
            ],
            applications_open_at: self.instant(-3, -8 * HOUR_MS),
            applications_close_at: self.instant(11, -8 * HOUR_MS),
            ..self.plain_notice(SessionKind::Seminar)
        };
        let hearing = self.notice(desk, number, -3, raw).await?;
        for person in 30..36 {
            self.application(hearing, "residents", -2, person).await?;
        }
        self.application(hearing, "social_organisations", -2, 40)
            .await?;
        Ok(())
    }

    pub(super) fn plain_notice(&self, kind: SessionKind) -> RawHearing {
        RawHearing {
            kind,
            title: String::new(),
            matter: None,
            starts_at: None,
            ends_at: None,
            place: None,
            attendance: None,
            total: 0,
            categories: Vec::new(),
            applications_open_at: self.now,
            applications_close_at: self.now,
            bring: Some("本人有效身份证件。".into()),
            discipline: Some("遵守会场秩序，按主持人安排发言，每人不超过五分钟。".into()),
            contact: Some("江城市交通运输局法规处　0510-8800 1000".into()),
            pricing: false,
            cooldown: 3,
        }
    }

    pub(super) async fn application(
        &mut self,
        hearing: HearingNumber,
        category: &str,
        day: i64,
        person: i64,
    ) -> Result<domain::hearings::ApplicationReceipt, Error> {
        let at = |list: &[&str]| -> String {
            let index = usize::try_from(person).unwrap_or(0);
            list[index % list.len()].to_owned()
        };
        let raw = RawApplication {
            category: category.into(),
            name: format!(
                "{}{}",
                at(&FAMILIES),
                at(&["晓明", "建国", "芳", "伟", "敏"])
            ),
            // Some can be written to, the others have to be called.
            contact: match person % 4 {
                1 => format!("applicant{person}@example.org"),
                _ => format!("1380000{:04}", 1000 + person),
            },
            district: Some(at(&DISTRICTS)),
            statement: Some(at(&STATEMENTS)),
            needs: if person % 7 == 3 {
                vec!["step_free".into()]
            } else {
                Vec::new()
            },
            publish_name: person % 3 != 0,
            ..RawApplication::default()
        };
        let key = format!("demonstration-{hearing}-{person}");
        let mut moment = self.at(day, person % 12 * HOUR_MS / 2);
        hearings::apply(self.backend, &mut moment, hearing, raw, &key, "zh-Hans").await
    }

    /// Prepares a poll and publishes it from one day to another.
    async fn poll(
        &mut self,
        desk: &Desk,
        number: Number,
        prepared: i64,
        raw: RawPoll,
        (opens, closes): (i64, i64),
    ) -> Result<PollNumber, Error> {
        let questionnaire = raw.parse()?;
        let edit = desk.editor.edit(desk.unit)?;
        let mut moment = self.at(prepared, 9 * HOUR_MS);
        let poll = polls::create(self.backend, &mut moment, &edit, number, &questionnaire).await?;
        let approve = desk.approver.approve(desk.unit)?;
        let mut moment = self.at(prepared, 10 * HOUR_MS);
        let period = PublishPoll {
            opens_at: self.instant(opens, -8 * HOUR_MS),
            closes_at: self.instant(closes, -8 * HOUR_MS),
        };
        polls::publish(self.backend, &mut moment, &approve, poll, &period).await?;
        Ok(poll)
    }

    /// Answers every question, each person another way.
    async fn ballot(
        &mut self,
        number: PollNumber,
        day: i64,
        person: i64,
    ) -> Result<BallotReceipt, Error> {
        let mut moment = self.at(day, person % 10 * HOUR_MS / 2 + DAY_MS / 24);
        let poll = polls::find(self.backend, moment.now, number, backend::Viewer::Public)
            .await?
            .ok_or(Error::NotFound)?;
        let pick = |index: usize, of: usize| -> usize {
            let person = usize::try_from(person).unwrap_or(0);
            (person * person + index * 3 + person / 2) % of.max(1)
        };
        let mut ballot = RawBallot::default();
        for (index, question) in poll.questionnaire.questions.iter().enumerate() {
            let options = &question.options;
            let chosen = options.get(pick(index, options.len()));
            let answer = match question.kind {
                QuestionKind::Section => continue,
                QuestionKind::Single => chosen.map(|one| RawAnswer::Text(one.code.clone())),
                QuestionKind::Multiple => chosen.map(|one| RawAnswer::Many(vec![one.code.clone()])),
                QuestionKind::Scale | QuestionKind::Number => {
                    Some(RawAnswer::Number((1 + pick(index, 5)) as f64))
                }
                QuestionKind::Ranking => {
                    let mut codes: Vec<String> =
                        options.iter().map(|option| option.code.clone()).collect();
                    codes.rotate_left(pick(index, options.len()));
                    Some(RawAnswer::Many(codes))
                }
                QuestionKind::Matrix => {
                    let rows = question.rows.iter().enumerate();
                    let rows = rows.filter_map(|(row, asked)| {
                        let option = options.get(pick(index + row, options.len()))?;
                        Some((asked.code.clone(), option.code.clone()))
                    });
                    Some(RawAnswer::Rows(rows.collect()))
                }
                QuestionKind::ShortText | QuestionKind::LongText => (person % 4 == 0)
                    .then(|| RawAnswer::Text(STATEMENTS[pick(index, STATEMENTS.len())].into())),
            };
            if answer.is_some() {
                ballot.answers.insert(question.code.clone(), answer);
            }
        }
        let key = format!("demonstration-{number}-{person}");
        let now = moment.now;
        polls::vote(self.backend, &mut moment, || now, number, &ballot, &key).await
    }
}

fn questions(json: &str) -> Result<RawPoll, Error> {
    serde_json::from_str(json)
        .map_err(|error| Error::Internal(format!("a poll of the demonstration: {error}")))
}

pub(super) fn category(code: &str, name: &str, quota: i64, fill: Fill) -> RawCategory {
    RawCategory {
        code: code.into(),
        name: name.into(),
        quota,
        fill: Some(fill),
        ..RawCategory::default()
    }
}
