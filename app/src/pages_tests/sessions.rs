//! The pages of sessions, in every state, and what they must say.

use super::*;
use crate::hearings;
use crate::hearings::{Afterwards, Done};
use domain::hearings::form::ApplicationForm;
use domain::hearings::{
    ApplicationNumber, ApplicationReceipt, ApplicationState, Attendance, Category, Corrected, Draw,
    DrawInShort, Earlier, EarlierNotice, Fill, Hearing, HearingNumber, ListedHearing, Minutes,
    Need, Notice, Opinion, Opinions, OwnApplication, Paper, Participant, SeatCount, SessionKind,
    SessionState, Statement, draw,
};
use std::collections::BTreeMap;

const SEED: &str = "07 11 23 24 30 33 + 05";

pub(super) fn id() -> HearingNumber {
    HearingNumber {
        consultation: number(),
        serial: 1,
    }
}

pub(super) fn ticket(serial: i64) -> ApplicationNumber {
    ApplicationNumber {
        hearing: id(),
        serial,
    }
}

fn category(code: &str, name: &str, quota: i64, fill: Fill) -> Category {
    Category {
        code: code.into(),
        name: name.into(),
        quota,
        fill,
        conditions: (code == "residents")
            .then(|| "年满十八周岁，在本市居住，不是国家机关工作人员。".into()),
        in_total: code != "observers",
        consumers: code == "residents",
    }
}

/// A price hearing with four categories and every part of a notice.
pub(super) fn notice() -> Notice {
    Notice {
        kind: SessionKind::Hearing,
        title: "关于调整中心城区机动车停放服务收费标准的听证会".into(),
        matter: Some("拟将中心城区路内停车首小时收费由五元调整为八元，依据《政府制定价格听证办法》举行听证。".into()),
        starts_at: Some(at("2026-12-20T01:30:00Z")),
        ends_at: Some(at("2026-12-20T04:00:00Z")),
        place: Some("江北新区市民中心三楼 305 会议室".into()),
        attendance: Attendance::Both,
        total: 21,
        categories: vec![
            category("residents", "消费者代表（居民）", 10, Fill::Draw),
            category("operators", "停车经营者", 2, Fill::Recommendation),
            category("experts", "专家学者", 9, Fill::Appointment),
            category("observers", "旁听人员", 3, Fill::FirstCome),
        ],
        applications_open_at: at("2026-11-20T01:00:00Z"),
        applications_close_at: at("2026-12-03T16:00:00Z"),
        bring: Some("本人身份证件原件。".into()),
        discipline: Some("按主持人安排发言，每人不超过五分钟。\n不得录音录像。".into()),
        contact: Some("停车管理处 025-58000000".into()),
        pricing: true,
        cooldown: 3,
    }
}

pub(super) fn hearing(state: SessionState) -> Hearing {
    use SessionState::{Drawn, Frozen, Held};
    let notice = notice();
    let seats = notice
        .categories
        .iter()
        .map(|category| {
            let mut count = SeatCount {
                category: category.code.clone(),
                quota: category.quota,
                ..SeatCount::default()
            };
            count.add(ApplicationState::Chosen, category.quota.min(2));
            count.add(ApplicationState::Received, 5);
            count
        })
        .collect();
    let frozen = matches!(state, Frozen | Drawn | Held);
    let drawn = matches!(state, Drawn | Held);
    let whole = drawing(drawn);
    Hearing {
        id: id(),
        consultation: number(),
        consultation_title: "江北新区停车管理办法（征求意见稿）".into(),
        consultation_public: true,
        unit: unit(),
        state,
        notice,
        published_at: Some(at("2026-11-18T01:00:00Z")),
        cancelled_reason: (state == SessionState::Cancelled).then(|| "收费方案将重新研究。".into()),
        seats,
        draw: frozen.then(|| DrawInShort {
            seed_source: whole.seed_source.clone(),
            seed_known_at: whole.seed_known_at,
            seed: whole.seed.clone(),
            tickets_hash: whole.tickets_hash.clone(),
            tickets: 12,
            frozen_at: whole.frozen_at,
            drawn_at: whole.drawn_at,
        }),
        participants: if drawn {
            (1..=3)
                .map(|serial| Participant {
                    ticket: ticket(serial),
                    category: "residents".into(),
                    name: (serial == 2).then(|| "欧阳小明".into()),
                    confirmed: serial != 3,
                })
                .collect()
        } else {
            Vec::new()
        },
        papers: vec![Paper {
            title: "停车收费调整方案及成本监审报告".into(),
            address: Some("https://files.example/papers.pdf".into()),
            delivered_at: at("2026-12-10T01:00:00Z"),
        }],
        minutes: (state == Held).then(|| Minutes {
            attendance: "应到二十一人，实到二十人。".into(),
            statements: vec![
                Statement {
                    speaker: Some("欧**".into()),
                    clause: Some(clause_id(30)),
                    clause_label: Some("第三条".into()),
                    text: "八元偏高，建议首小时六元。".into(),
                },
                Statement {
                    speaker: None,
                    clause: None,
                    clause_label: None,
                    text: "支持按区域差别收费。".into(),
                },
            ],
            corrections_until: Some(at("2026-12-27T16:00:00Z")),
            published_at: at("2026-12-22T01:00:00Z"),
            confirmed: 18,
            corrections_asked: 2,
            corrections_refused: 1,
            corrections: vec![Corrected {
                text: "第三条发言中“六元”更正为“五元”。".into(),
                corrected_at: at("2026-12-29T01:00:00Z"),
            }],
        }),
        earlier: Earlier {
            notices: vec![EarlierNotice {
                starts_at: None,
                ends_at: None,
                place: Some("原定的三楼会议室".into()),
                attendance: Attendance::OnSite,
                bring: None,
                discipline: None,
                contact: None,
                replaced_at: at("2026-11-20T01:00:00Z"),
            }],
            ..Earlier::default()
        },
        report: (state == Held).then(|| "各方意见及其理由、**处理建议**见下。".into()),
        report_html: (state == Held)
            .then(|| "<p>各方意见及其理由、<strong>处理建议</strong>见下。</p>".into()),
        opinions: (state == Held).then(|| Opinions {
            received: 3,
            answered: 2,
            published: vec![Opinion {
                ticket: ticket(9),
                name: None,
                text: "旁听后建议公布成本监审的明细。".into(),
                reply: "明细已在材料中公布。".into(),
                sent_at: at("2026-12-23T01:00:00Z"),
                replied_at: at("2026-12-24T01:00:00Z"),
            }],
        }),
    }
}

pub(super) fn drawing(done: bool) -> Draw {
    let tickets: Vec<String> = (1..=12).map(|n| ticket(n).to_string()).collect();
    let list = draw::list_text(tickets.iter().map(|t| ("residents", t.as_str())));
    let order = draw::order(SEED, &tickets);
    let by = |list: &[String]| BTreeMap::from([("residents".to_owned(), list.to_vec())]);
    let result = |list: &[String]| if done { by(list) } else { BTreeMap::new() };
    Draw {
        algorithm: draw::ALGORITHM.into(),
        seed_source: "双色球第 2026140 期开奖号码（中国福利彩票网公布）".into(),
        seed_known_at: at("2026-12-07T13:15:00Z"),
        seed: done.then(|| SEED.into()),
        tickets: by(&tickets),
        tickets_hash: draw::tickets_hash(&list),
        list,
        quotas: BTreeMap::from([("residents".to_owned(), 10)]),
        chosen: result(&order[..10]),
        reserves: result(&order[10..]),
        frozen_at: at("2026-12-05T01:00:00Z"),
        drawn_at: done.then(|| at("2026-12-08T02:00:00Z")),
    }
}

pub(super) fn own(state: ApplicationState) -> OwnApplication {
    OwnApplication {
        number: ticket(7),
        hearing_title: notice().title,
        hearing_state: SessionState::Applying,
        starts_at: notice().starts_at,
        place: notice().place,
        category: "residents".into(),
        category_name: "消费者代表（居民）".into(),
        state,
        reason: (state == ApplicationState::Ineligible).then(|| "居住地不在本市。".into()),
        reserve: (state == ApplicationState::Reserve).then_some(2),
        received_at: at("2026-11-24T04:00:00Z"),
        editable_until: notice().applications_close_at,
        editable: !state.is_over(),
        can_confirm: state.is_seated(),
        minutes: None,
        can_opine: false,
        opinion: None,
        name: "朱小明".into(),
        contact: "zhu@example.org".into(),
        district: Some("大厂街道".into()),
        statement: Some("首小时收费不宜超过六元。".into()),
        points: vec![RawPoint {
            clause: Some(clause_id(32).to_string()),
            text: "请写明须经业主大会同意。".into(),
            proposed: None,
        }],
        needs: vec![Need::StepFree],
        needs_note: Some("靠门的座位".into()),
        publish_name: false,
    }
}

fn session(state: SessionState) -> ListedHearing {
    let notice = notice();
    ListedHearing {
        id: id(),
        kind: notice.kind,
        title: notice.title,
        state,
        starts_at: notice.starts_at,
        ends_at: notice.ends_at,
        place: notice.place,
        applications_open_at: notice.applications_open_at,
        applications_close_at: notice.applications_close_at,
        total: notice.total,
        published_at: Some(at("2026-11-18T01:00:00Z")),
        updated_at: at("2026-11-18T01:00:00Z"),
    }
}

fn wrong() -> Violations {
    let mut wrong = Violations::new();
    wrong.add("category", Fault::Required);
    wrong.add("contact", Fault::Required);
    wrong.add(
        "points.0.text",
        Fault::TooLong {
            limit: 5000,
            length: 5012,
        },
    );
    wrong
}

/// Every page of a session, by name.
pub(super) fn pages(cx: &PageContext) -> Vec<(String, String)> {
    let draft = draft();
    let mut pages = Vec::new();
    let mut add = |name: String, html: String| pages.push((name, html));
    for state in SessionState::ALL {
        let html = hearings::hearing_page(cx, &hearing(*state));
        add(format!("hearing-{state}"), html);
    }
    let open = hearing(SessionState::Applying);
    let mut bare = open.clone();
    bare.consultation_public = false;
    bare.papers.clear();
    bare.notice.matter = None;
    bare.notice.starts_at = None;
    bare.notice.ends_at = None;
    bare.notice.place = None;
    bare.notice.bring = None;
    bare.notice.discipline = None;
    bare.notice.contact = None;
    bare.notice.pricing = false;
    bare.notice.categories.truncate(2);
    add("hearing-bare".into(), hearings::hearing_page(cx, &bare));
    let empty = ApplicationForm::default();
    let mine = own(ApplicationState::Received);
    let mut filled = ApplicationForm::of(&mine);
    filled.key = "key-1".into();
    let form = |one: &Hearing, form: &ApplicationForm, wrong| {
        hearings::apply_page(cx, one, Some(&draft), form, wrong)
    };
    add("apply".into(), form(&open, &empty, None));
    let faults = wrong();
    add("apply-wrong".into(), form(&open, &filled, Some(&faults)));
    let closed = hearing(SessionState::Closed);
    add("apply-closed".into(), form(&closed, &filled, None));
    add(
        "apply-bare".into(),
        hearings::apply_page(cx, &bare, None, &empty, None),
    );
    let review = |why| hearings::review_page(cx, &open, Some(&draft), &filled, why);
    add("apply-review".into(), review(None));
    add("apply-unsent".into(), review(Some("请稍后再试。")));
    for state in [
        ApplicationState::Received,
        ApplicationState::Chosen,
        ApplicationState::Reserve,
    ] {
        let receipt = ApplicationReceipt {
            number: ticket(7),
            receipt: "7K3M-9QTX-0042-ABCD-5".into(),
            received_at: at("2026-11-24T04:00:00Z"),
            state,
            reserve: (state == ApplicationState::Reserve).then_some(2),
        };
        let html = hearings::receipt_page(cx, &open, &receipt, "residents");
        add(format!("application-receipt-{state}"), html);
    }
    for state in ApplicationState::ALL {
        let own = own(*state);
        let html = hearings::own_page(
            cx,
            "CODE",
            &open,
            Some(&draft),
            &own,
            None,
            Afterwards::default(),
        );
        add(format!("application-{state}"), html);
    }
    for done in [
        Done::Saved,
        Done::Withdrawn,
        Done::Confirmed,
        Done::Declined,
        Done::MinutesConfirmed,
        Done::CorrectionSent,
        Done::OpinionSent,
        Done::NameHidden,
        Done::Erased,
    ] {
        let drawn = hearing(SessionState::Drawn);
        let html = hearings::own_page(
            cx,
            "CODE",
            &drawn,
            None,
            &mine,
            Some(done),
            Afterwards::default(),
        );
        add(format!("application-{done:?}"), html);
    }
    add(
        "application-change".into(),
        hearings::change_page(cx, "CODE", &open, Some(&draft), &filled, Some(&wrong())),
    );
    add(
        "application-change-review".into(),
        hearings::review_change_page(cx, "CODE", &open, Some(&draft), &filled, None),
    );
    for seat in [true, false] {
        let html = hearings::withdraw_page(cx, "CODE", &open, &mine, seat);
        add(format!("application-leave-{seat}"), html);
    }
    for (name, done, sought) in [
        ("draw", true, None),
        ("draw-found", true, Some("7")),
        ("draw-none", true, Some("99")),
        ("draw-waits", false, Some("2026-0012-h1-0003")),
    ] {
        let state = if done {
            SessionState::Drawn
        } else {
            SessionState::Frozen
        };
        let (one, drawn) = (hearing(state), drawing(done));
        add(
            name.into(),
            hearings::draw_page(cx, &one, &drawn, "{}", sought),
        );
    }
    let (one, counts) = (consultation(State::Open), clause_counts());
    let sessions = [session(SessionState::Applying), session(SessionState::Held)];
    let data = ConsultationData {
        sessions: &sessions,
        ..data_of(&one, &draft, &counts, &[], None)
    };
    add(
        "consultation-sessions".into(),
        consultations::consultation_page(cx, data),
    );
    pages
}

#[test]
fn a_session_offers_its_form_while_applications_are_taken_and_at_no_other_time() {
    let cx = context();
    for state in SessionState::ALL {
        let html = hearings::hearing_page(&cx, &hearing(*state));
        let offered = html.contains("href=\"/hearings/2026-0012-h1/apply\"");
        assert_eq!(offered, *state == SessionState::Applying, "{state}");
        assert!(html.contains(cx.t().session_state(*state)), "{state}");
    }
}

#[test]
fn a_notice_that_was_changed_says_when_and_what_it_said_before() {
    let cx = context();
    let html = hearings::hearing_page(&cx, &hearing(SessionState::Announced));
    assert!(html.contains(cx.t().earlier_notices()));
    assert!(html.contains("2026年11月20日 09:00") && html.contains("原定的三楼会议室"));
}

#[test]
fn a_name_is_published_with_consent_alone_and_consent_is_never_ticked_beforehand() {
    let cx = context();
    let html = hearings::hearing_page(&cx, &hearing(SessionState::Drawn));
    assert!(html.contains("欧阳小明"));
    for serial in 1..=3 {
        assert!(html.contains(&ticket(serial).to_string()));
    }
    let open = hearing(SessionState::Applying);
    let form = hearings::apply_page(&cx, &open, None, &ApplicationForm::default(), None);
    assert!(form.contains("name=\"publish_name\""));
    assert!(!form.contains(" checked"));
}

#[test]
fn hostile_text_in_a_session_comes_out_as_text() {
    const EVIL: &str = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{202E}";
    let cx = context();
    let mut one = hearing(SessionState::Held);
    one.notice.title = EVIL.into();
    one.notice.matter = Some(EVIL.into());
    one.notice.place = Some(EVIL.into());
    one.notice.categories[0].name = EVIL.into();
    one.notice.categories[0].conditions = Some(EVIL.into());
    one.participants[1].name = Some(EVIL.into());
    one.papers[0].title = EVIL.into();
    one.papers[0].address = Some("javascript:alert(1)".into());
    one.report = Some(EVIL.into());
    one.report_html = Some(domain::text::to_html(EVIL));
    let mut done = drawing(true);
    done.seed = Some(EVIL.into());
    done.seed_source = EVIL.into();
    let mut mine = own(ApplicationState::Ineligible);
    mine.name = EVIL.into();
    mine.statement = Some(EVIL.into());
    mine.reason = Some(EVIL.into());
    one.state = SessionState::Applying;
    let form = ApplicationForm::of(&mine);
    for html in [
        hearings::hearing_page(&cx, &one),
        hearings::draw_page(&cx, &one, &done, EVIL, Some(EVIL)),
        hearings::apply_page(&cx, &one, None, &form, Some(&wrong())),
        hearings::review_page(&cx, &one, None, &form, None),
        hearings::own_page(&cx, EVIL, &one, None, &mine, None, Afterwards::default()),
    ] {
        assert!(html.contains("&lt;script"));
        assert!(!html.contains("<script>alert"));
        assert!(!html.contains("<img src=x"));
        assert!(!html.contains("javascript:"));
    }
}
