//! A session that people apply to attend, for the tests of what happens to it.

use crate::world::{Desk, World, at};
use backend::{Error, Viewer, hearings};
use domain::Timestamp;
use domain::consultations::Number;
use domain::hearings::{
    ApplicationNumber, ApplicationReceipt, ApplicationState, AskedCorrection, Draw, Fill, Hearing,
    HearingNumber, OwnApplication, RawApplication, RawCategory, RawCorrectionAnswer, RawHearing,
    RawMinutes, RawReview, ReviewedApplication, SessionKind,
};
use domain::receipts::ReceiptCode;

/// The period of applications, what lies around it, and the session itself.
pub const OPENS: &str = "2026-03-02T00:00:00Z";
pub const DURING: &str = "2026-03-03T00:00:00Z";
pub const CLOSES: &str = "2026-03-16T00:00:00Z";
pub const AFTER: &str = "2026-03-17T00:00:00Z";
pub const STARTS: &str = "2026-04-10T01:00:00Z";
pub const LATER: &str = "2026-04-12T01:00:00Z";

/// A notice with these seats, all counted in its total.
pub fn notice(seats: &[(&str, i64, Fill)]) -> RawHearing {
    RawHearing {
        kind: SessionKind::Hearing,
        title: "停车收费听证会".into(),
        matter: Some("路侧停车收费标准".into()),
        starts_at: Some(at(STARTS)),
        ends_at: None,
        place: Some("市民中心三楼".into()),
        attendance: None,
        total: seats.iter().map(|(_, quota, _)| quota).sum(),
        categories: seats
            .iter()
            .map(|(code, quota, fill)| RawCategory {
                code: (*code).into(),
                name: format!("{code} 名额"),
                quota: *quota,
                fill: Some(*fill),
                in_total: Some(true),
                ..RawCategory::default()
            })
            .collect(),
        applications_open_at: at(OPENS),
        applications_close_at: at(CLOSES),
        bring: None,
        discipline: None,
        contact: None,
        pricing: false,
        cooldown: 0,
    }
}

/// Somebody who wants a seat and does not want their name published.
pub fn applicant(category: &str, name: &str, contact: &str) -> RawApplication {
    RawApplication {
        category: category.into(),
        name: name.into(),
        contact: contact.into(),
        district: Some("鼓楼".into()),
        statement: Some("收费过高".into()),
        ..RawApplication::default()
    }
}

pub fn code(receipt: &ApplicationReceipt) -> ReceiptCode {
    ReceiptCode::read(&receipt.receipt).expect("a receipt code")
}

/// A session and the desk that holds it.
pub struct Session<'w> {
    pub world: &'w World,
    pub desk: &'w Desk,
    pub number: HearingNumber,
}

impl<'w> Session<'w> {
    /// In preparation.
    pub async fn prepared(
        world: &'w World,
        desk: &'w Desk,
        consultation: Number,
        raw: &RawHearing,
    ) -> Self {
        let notice = raw.parse().expect("a sound notice");
        let moment = &mut world.moment();
        let number = hearings::create(&world.backend, moment, &desk.edit(), consultation, notice)
            .await
            .expect("prepared");
        Self {
            world,
            desk,
            number,
        }
    }

    /// Published, with the clock where applications are taken.
    pub async fn applying(
        world: &'w World,
        desk: &'w Desk,
        consultation: Number,
        raw: &RawHearing,
    ) -> Self {
        let session = Self::prepared(world, desk, consultation, raw).await;
        session.publish().await.expect("published");
        world.travel(DURING);
        session
    }

    pub async fn publish(&self) -> Result<(), Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        hearings::publish(&self.world.backend, moment, &permit, self.number).await
    }

    pub async fn cancel(&self) -> Result<(), Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        hearings::cancel(&self.world.backend, moment, &permit, self.number, "改期").await
    }

    pub async fn send(&self, raw: RawApplication, key: &str) -> Result<ApplicationReceipt, Error> {
        let moment = &mut self.world.moment();
        hearings::apply(
            &self.world.backend,
            moment,
            self.number,
            raw,
            key,
            "zh-Hans",
        )
        .await
    }

    /// A person with a name and a contact of their own applies.
    pub async fn apply(&self, category: &str, name: &str) -> ApplicationReceipt {
        let raw = applicant(category, name, &format!("{name}@example.org"));
        self.send(raw, &format!("{category}-{name}"))
            .await
            .expect("taken in")
    }

    pub async fn review(
        &self,
        number: ApplicationNumber,
        review: RawReview,
    ) -> Result<ApplicationState, Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.moderate());
        hearings::review(&self.world.backend, moment, &permit, number, review).await
    }

    pub async fn accept(&self, receipt: &ApplicationReceipt) -> ApplicationState {
        let eligible = RawReview {
            eligible: true,
            reason: None,
            seen: None,
        };
        self.review(receipt.number, eligible)
            .await
            .expect("reviewed")
    }

    pub async fn refuse(&self, receipt: &ApplicationReceipt) -> ApplicationState {
        let refusal = RawReview {
            eligible: false,
            reason: Some("不在本区居住".into()),
            seen: None,
        };
        self.review(receipt.number, refusal)
            .await
            .expect("reviewed")
    }

    pub async fn listed(&self) -> Vec<ReviewedApplication> {
        let (permit, all) = (self.desk.see(), hearings::ApplicationFilter::default());
        hearings::applications(&self.world.backend, &permit, self.number, &all)
            .await
            .expect("it reads")
            .items
    }

    pub async fn freeze(&self) -> Result<Draw, Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        let source = "双色球第2026031期开奖号码，www.cwl.gov.cn";
        hearings::freeze(
            &self.world.backend,
            moment,
            &permit,
            self.number,
            source,
            None,
        )
        .await
    }

    pub async fn draw(&self, seed: &str) -> Result<Draw, Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        hearings::draw(&self.world.backend, moment, &permit, self.number, seed).await
    }

    pub async fn minutes(&self, raw: &RawMinutes) -> Result<(), Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        hearings::publish_minutes(&self.world.backend, moment, &permit, self.number, raw).await
    }

    pub async fn corrections(&self) -> Vec<AskedCorrection> {
        hearings::corrections(&self.world.backend, &self.desk.see(), self.number)
            .await
            .expect("it reads")
    }

    /// Answers the correction that this participant waits for.
    pub async fn answer(
        &self,
        receipt: &ApplicationReceipt,
        accepted: bool,
        text: &str,
        seen: Option<Timestamp>,
    ) -> Result<(), Error> {
        let (moment, permit) = (&mut self.world.moment(), self.desk.approve());
        let text = text.into();
        let answer = RawCorrectionAnswer { accepted, text };
        let (backend, number) = (&self.world.backend, receipt.number);
        hearings::answer_correction(backend, moment, &permit, number, &answer, seen).await
    }

    pub async fn own(&self, receipt: &ApplicationReceipt) -> OwnApplication {
        hearings::own::open(&self.world.backend, self.world.now(), &code(receipt))
            .await
            .expect("it reads")
            .expect("the receipt opens it")
    }

    pub async fn state(&self, receipt: &ApplicationReceipt) -> ApplicationState {
        self.own(receipt).await.state
    }

    pub async fn edit(
        &self,
        receipt: &ApplicationReceipt,
        raw: RawApplication,
    ) -> Result<OwnApplication, Error> {
        let moment = &mut self.world.moment();
        hearings::own::edit(&self.world.backend, moment, &code(receipt), raw, "zh-Hans").await
    }

    pub async fn withdraw(&self, receipt: &ApplicationReceipt) -> Result<OwnApplication, Error> {
        let moment = &mut self.world.moment();
        hearings::own::withdraw(&self.world.backend, moment, &code(receipt)).await
    }

    /// Confirms the seat, or gives it back.
    pub async fn confirm(
        &self,
        receipt: &ApplicationReceipt,
        comes: bool,
    ) -> Result<OwnApplication, Error> {
        let moment = &mut self.world.moment();
        hearings::own::confirm(&self.world.backend, moment, &code(receipt), comes).await
    }

    /// As everyone reads it. Its counts add up, and no category has more people than seats.
    pub async fn page(&self) -> Hearing {
        let (now, number) = (self.world.now(), self.number);
        let page = hearings::find(&self.world.backend, now, number, Viewer::Public)
            .await
            .expect("it reads")
            .expect("it is public");
        for count in &page.seats {
            let parts = count.waiting
                + count.ineligible
                + count.eligible
                + count.seated
                + count.reserves
                + count.declined
                + count.withdrawn;
            assert_eq!(count.applications, parts, "{count:?}");
            assert!(count.seated <= count.quota, "{count:?}");
        }
        page
    }
}
