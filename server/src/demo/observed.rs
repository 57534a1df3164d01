//! An observed meeting of the demonstration, held: representatives sat in, said what they made of it,
//! and were answered.

use super::sessions::category;
use super::{Desk, HOUR_MS, Scene};
use backend::{Error, hearings};
use domain::consultations::Number;
use domain::hearings::{
    ApplicationReceipt, Fill, RawCorrectionAnswer, RawHearing, RawMinutes, RawOpinion, RawReply,
    SessionKind,
};
use domain::receipts::ReceiptCode;

const OPINIONS: [&str; 3] = [
    "会议讨论了逾期付款的利息计算，解释得很清楚。建议把会议材料提前三天发给列席代表。",
    "希望以后邀请更多小微企业的代表列席，听听拖欠账款对现金流的影响。",
    "列席人员的座位离发言席较远，部分发言听不清。",
];
const REPLIES: [&str; 2] = [
    "感谢您的意见。今后会议材料将在会前三个工作日发送列席代表，已写入列席工作规程。",
    "已采纳。下一次会议将通过公开报名增加两个小微企业列席名额。",
];

impl Scene<'_> {
    pub(super) async fn observed_meeting(
        &mut self,
        desk: &Desk,
        number: Number,
    ) -> Result<(), Error> {
        let raw = RawHearing {
            title: "办公会议列席：款项支付条例草案审议".into(),
            matter: Some("邀请企业和居民代表列席审议草案的办公会议。".into()),
            starts_at: Some(self.instant(-50, HOUR_MS)),
            place: Some("江城市滨江路1号市民中心五楼会议室".into()),
            total: 3,
            categories: vec![category("residents", "企业和居民代表", 3, Fill::FirstCome)],
            applications_open_at: self.instant(-70, -8 * HOUR_MS),
            applications_close_at: self.instant(-56, -8 * HOUR_MS),
            contact: Some("江城市商务局企业服务处　0510-8800 3000".into()),
            ..self.plain_notice(SessionKind::Observation)
        };
        let meeting = self.notice(desk, number, -71, raw).await?;
        let mut seated = Vec::new();
        for person in 50..53 {
            seated.push(self.application(meeting, "residents", -68, person).await?);
        }
        for (receipt, opinion) in seated.iter().zip(OPINIONS) {
            let mut moment = self.at(-50, 5 * HOUR_MS);
            let opinion = RawOpinion {
                text: opinion.into(),
            };
            hearings::own::opine(self.backend, &mut moment, &code(receipt)?, &opinion).await?;
        }
        let approve = desk.approver.approve(desk.unit)?;
        for (receipt, reply) in seated.iter().zip(REPLIES) {
            let mut moment = self.at(-47, 2 * HOUR_MS);
            let reply = RawReply {
                reply: reply.into(),
                publish: true,
            };
            let number = receipt.number;
            hearings::reply(self.backend, &mut moment, &approve, number, &reply, None).await?;
        }
        let minutes = RawMinutes {
            attendance: "会议审议了草案第十条至第十六条。应邀列席代表三人，实到三人。".into(),
            statements: Vec::new(),
            corrections_until: Some(self.instant(-40, 0)),
        };
        let mut moment = self.at(-48, 2 * HOUR_MS);
        hearings::publish_minutes(self.backend, &mut moment, &approve, meeting, &minutes).await?;
        let says = [None, Some("会议审议的是第十条至第十八条。"), None];
        for (receipt, correction) in seated.iter().zip(says) {
            let mut moment = self.at(-46, 3 * HOUR_MS);
            let code = code(receipt)?;
            hearings::own::confirm_minutes(self.backend, &mut moment, &code, correction).await?;
        }
        let answer = RawCorrectionAnswer {
            accepted: true,
            text: "“第十条至第十六条”更正为“第十条至第十八条”。".into(),
        };
        let (mut moment, corrected) = (self.at(-45, HOUR_MS), seated[1].number);
        hearings::answer_correction(
            self.backend,
            &mut moment,
            &approve,
            corrected,
            &answer,
            None,
        )
        .await
    }
}

fn code(receipt: &ApplicationReceipt) -> Result<ReceiptCode, Error> {
    ReceiptCode::read(&receipt.receipt).map_err(|error| Error::Internal(error.to_string()))
}
