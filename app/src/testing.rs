//! Sample data for the page tests: several units, clauses on three levels, comments with several
//! points, every disposition, hostile text in every field.

mod account;

pub use account::*;

use crate::i18n::Lang;
use crate::page::{Assets, Chrome, PageContext};
use domain::Timestamp;
use domain::comments::*;
use domain::consultations::*;
use domain::drafts::*;
use domain::hearings::HearingNumber;
use domain::id::{ClauseId, PointId};
use std::collections::HashMap;
use uuid::Uuid;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn context() -> PageContext {
    PageContext {
        lang: Lang::ZhHans,
        now: at("2026-11-24T04:00:00Z"),
        base: "https://yanlu.example".into(),
        here: "/".into(),
        assets: Assets {
            css: "/assets/site.css".into(),
            sessions_css: "/assets/sessions.css".into(),
            boot: "/assets/boot.js".into(),
            frame: "/assets/frame.js".into(),
            icon: "/assets/icon.svg".into(),
            desk_css: "/assets/desk.css".into(),
            desk_boot: "/assets/desk.js".into(),
        },
        chrome: Chrome::Page,
        zone: "Asia/Shanghai".into(),
    }
}

pub fn clause_id(n: u128) -> ClauseId {
    ClauseId(Uuid::from_u128((0x0199_aaaa_bbbb_7000_u128 << 64) + n))
}

pub fn point_id(n: u128) -> PointId {
    PointId(Uuid::from_u128((0x0199_cccc_dddd_7000_u128 << 64) + n))
}

pub fn number() -> Number {
    "2026-0012".parse().unwrap()
}

pub fn unit() -> Unit {
    Unit {
        slug: "transport".into(),
        name: "南京市江北新区交通运输局".into(),
        zone: "Asia/Shanghai".into(),
        lang: "zh-Hans".into(),
        parent: Some("jiangbei".into()),
    }
}

fn clause(n: u128, kind: ClauseKind, label: &str, text: &str, children: Vec<Clause>) -> Clause {
    Clause {
        id: clause_id(n),
        kind,
        label: label.into(),
        path: vec![],
        text: text.into(),
        children,
    }
}

/// Two chapters, an unrecognised title, an article with items, an article with paragraphs.
pub fn draft() -> Draft {
    use ClauseKind::*;
    let items = vec![
        clause(
            31,
            Item,
            "第三条第（一）项",
            "公共建筑的停车设施具备安全、管理条件的，应当向社会开放；",
            vec![],
        ),
        clause(
            32,
            Item,
            "第三条第（二）项",
            "居住小区的停车设施可以在满足本小区居民需要的前提下向社会开放。",
            vec![],
        ),
    ];
    let paragraphs = vec![
        clause(
            41,
            Paragraph,
            "第四条第一款",
            "停车设施专项规划应当确定城市停车总体发展战略，统筹地上地下，合理布局停车设施，明确控制目标和建设时序。",
            vec![],
        ),
        clause(
            42,
            Paragraph,
            "第四条第二款",
            "区人民政府根据专项规划，制定本行政区域的停车设施规划及年度实施计划，并组织实施。",
            vec![],
        ),
    ];
    let mut clauses = vec![
        clause(
            1,
            Text,
            "",
            "江北新区机动车停车管理办法\n（征求意见稿）",
            vec![],
        ),
        clause(2, Chapter, "第一章", "总则", vec![]),
        clause(
            10,
            Article,
            "第一条",
            "为了加强本区机动车停车治理，合理引导停车需求，严格规范停车秩序，促进城市综合交通体系协调、可持续发展，根据有关法律、法规，结合本区实际情况，制定本办法。",
            vec![],
        ),
        clause(
            20,
            Article,
            "第二条",
            "本区行政区域内机动车停车设施规划、设置、使用，以及停车秩序、服务、收费适用本办法。",
            vec![],
        ),
        clause(
            30,
            Article,
            "第三条",
            "停车设施按照下列规定开放：\n（一）公共建筑的停车设施具备安全、管理条件的，应当向社会开放；\n（二）居住小区的停车设施可以在满足本小区居民需要的前提下向社会开放。",
            items,
        ),
        clause(3, Chapter, "第二章", "停车泊位供给", vec![]),
        clause(
            40,
            Article,
            "第四条",
            "停车设施专项规划应当确定城市停车总体发展战略，统筹地上地下，合理布局停车设施，明确控制目标和建设时序。\n区人民政府根据专项规划，制定本行政区域的停车设施规划及年度实施计划，并组织实施。",
            paragraphs,
        ),
    ];
    let names = [
        "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    ];
    for (i, n) in names.iter().enumerate() {
        let text = "建设单位新建、改建、扩建公共建筑、居住小区，应当按照国家有关规定和本市确定的泊位配建标准、规划指标，配建机动车停车设施。";
        clauses.push(clause(
            50 + i as u128 * 10,
            Article,
            &format!("第{n}条"),
            text,
            vec![],
        ));
    }
    Draft {
        version: 1,
        filename: Some("停车办法.md".into()),
        published_at: Some(at("2026-11-02T16:00:00Z")),
        clauses,
        warnings: vec![],
    }
}

pub fn counts() -> Counts {
    Counts {
        comments: ByState {
            received: 128,
            waiting: 9,
            published: 97,
            held: 17,
            withdrawn: 5,
        },
        points: ByState {
            received: 240,
            waiting: 14,
            published: 190,
            held: 28,
            withdrawn: 8,
        },
        individuals: 116,
        organisations: 12,
        held_for: vec![
            HeldFor {
                reason: HoldReason::PersonalData,
                comments: 3,
            },
            HeldFor {
                reason: HoldReason::NoSubstance,
                comments: 14,
            },
        ],
    }
}

pub fn consultation(state: State) -> Consultation {
    let round = Round {
        version: 1,
        opens_at: at("2026-11-02T16:00:00Z"),
        closes_at: at("2026-12-03T16:00:00Z"),
        reason_for_short_period: None,
    };
    Consultation {
        number: number(),
        unit: unit(),
        title: "江北新区机动车停车管理办法（征求意见稿）".into(),
        summary: "本办法规定停车泊位怎样规划、谁可以收费、小区车位怎样共享。决定在 2027 年 1 月的局务会议上作出。".into(),
        explanation: "说明".into(),
        explanation_html: "<h3>一、起草背景</h3><p>全区机动车保有量五年增长 41%，而公共泊位只增长 9%。</p><h3>二、主要内容</h3><ul><li>公共建筑泊位向社会开放；</li><li>居住小区错时共享；</li><li>收费标准公开。</li></ul>".into(),
        contact: Some("停车管理科 张工\n电话 025-8888 0000（工作日 9:00–17:30）".into()),
        other_ways: Some("邮寄：南京市浦口区某某路 1 号，停车管理科，邮编 210031".into()),
        state,
        round: (state != State::Preparing).then_some(round),
        versions: vec![
            VersionInfo { version: 1, filename: Some("停车办法.md".into()), created_at: at("2026-11-01T02:00:00Z"), published_at: Some(at("2026-11-02T16:00:00Z")) },
            VersionInfo { version: 2, filename: None, created_at: at("2026-11-20T02:00:00Z"), published_at: Some(at("2026-11-22T02:00:00Z")) },
        ],
        stage: 1,
        counts: counts(),
        feedback_at: (state == State::Answered).then(|| at("2026-12-20T02:00:00Z")),
        withdrawn_reason: (state == State::Withdrawn).then(|| "上位法正在修改。".into()),
        no_poll: None,
    }
}

pub fn author(name: Option<&str>, display: Display) -> PublicAuthor {
    PublicAuthor {
        kind: AuthorKind::Individual,
        name: name.map(Into::into),
        display,
    }
}

pub fn point(
    n: u128,
    clause: Option<(u128, &str)>,
    text: &str,
    proposed: Option<&str>,
) -> PublicPoint {
    PublicPoint {
        id: point_id(n),
        clause: clause.map(|(id, _)| clause_id(id)),
        clause_label: clause.map(|(_, label)| label.into()),
        clause_now: clause
            .map(|(id, label)| ClausePlace {
                clause: clause_id(id),
                name: label.into(),
            })
            .into_iter()
            .collect(),
        text: text.into(),
        html: domain::text::to_html(text),
        proposed: proposed.map(Into::into),
        proposed_html: proposed.map(domain::text::to_html),
        response: None,
    }
}

pub fn comment(serial: i64, name: Option<&str>, points: Vec<PublicPoint>) -> PublicComment {
    PublicComment {
        number: CommentNumber {
            consultation: number(),
            serial,
        },
        author: author(name, name.map_or(Display::Anonymous, |_| Display::Masked)),
        // One in seven was said at the hearing.
        hearing: (serial % 7 == 0).then(|| HearingNumber {
            consultation: number(),
            serial: 1,
        }),
        received_at: at("2026-11-20T06:30:00Z"),
        points,
    }
}

const WORDING: &str = "经业主大会同意，可以向社会开放。";

const SAID: [&str; 6] = [
    "建议明确“应当开放”的时间段，不然单位可以只在半夜开放，等于没有开放。",
    "小区车位共享要先问业主。我们小区去年没有表决就对外停车，消防通道都堵了，请写明必须经业主大会同意。",
    "支持。",
    "收费标准应当在入口处公示，并且能够在网上查到，现在很多停车场到了出口才知道价格。\n\n另外夜间收费是否可以封顶？",
    "The rule should say how visitors without a smartphone can pay.",
    "泊位配建标准太低，学校医院周边根本不够，建议单独规定。",
];

pub fn comments(n: i64) -> Vec<PublicComment> {
    let names = [
        Some("朱**"),
        None,
        Some("王**"),
        Some("南京**"),
        Some("Ann Lee"),
    ];
    let clauses = [
        Some((30, "第三条")),
        Some((32, "第三条第（二）项")),
        None,
        Some((50, "第五条")),
        Some((60, "第六条")),
    ];
    (0..n)
        .map(|i| {
            let k = i as usize;
            let mut points = vec![point(
                i as u128 * 2,
                clauses[k % 5],
                SAID[k % 6],
                (k % 4 == 1).then_some("居住小区的停车设施经业主大会同意，可以向社会开放。"),
            )];
            if k.is_multiple_of(3) {
                points.push(point(
                    i as u128 * 2 + 1,
                    clauses[(k + 3) % 5],
                    SAID[(k + 2) % 6],
                    None,
                ));
            }
            comment(500 - i, names[k % 5], points)
        })
        .collect()
}

pub fn clause_counts() -> HashMap<ClauseId, i64> {
    HashMap::from([
        (clause_id(30), 12),
        (clause_id(32), 7),
        (clause_id(50), 3),
        (clause_id(60), 1),
    ])
}

pub fn own(state: CommentState, answered: bool) -> OwnComment {
    let response = answered.then(|| feedback().points[5].response.clone());
    OwnComment {
        number: CommentNumber {
            consultation: number(),
            serial: 345,
        },
        consultation: number(),
        consultation_title: consultation(State::Open).title,
        version: 1,
        stage: 1,
        state,
        hold_reason: (state == CommentState::Held).then_some(HoldReason::PersonalData),
        received_at: at("2026-11-20T06:30:00Z"),
        editable_until: at("2026-12-03T16:00:00Z"),
        editable: !answered && state != CommentState::Withdrawn,
        kind: AuthorKind::Individual,
        display: Display::Masked,
        name: Some("朱小明".into()),
        contact: Some("zhu@example.org".into()),
        points: vec![
            OwnPoint {
                id: point_id(1),
                clause: Some(clause_id(32)),
                clause_label: Some("第三条第（二）项".into()),
                text: SAID[1].into(),
                html: domain::text::to_html(SAID[1]),
                proposed: Some(WORDING.into()),
                proposed_html: Some(domain::text::to_html(WORDING)),
                response: response.clone(),
            },
            OwnPoint {
                id: point_id(2),
                clause: None,
                clause_label: None,
                text: SAID[2].into(),
                html: domain::text::to_html(SAID[2]),
                proposed: None,
                proposed_html: None,
                response,
            },
        ],
        revisions: vec![Revision {
            replaced_at: at("2026-11-21T01:00:00Z"),
            points: vec![RawPoint {
                clause: None,
                text: "先前的文字".into(),
                proposed: None,
            }],
        }],
        answered,
    }
}

pub fn listed(n: u32, state: State) -> Listed {
    let one = consultation(state);
    Listed {
        number: Number {
            year: 2026,
            serial: n,
        },
        unit: one.unit,
        title: one.title,
        summary: one.summary,
        state,
        round: one.round,
        received: i64::from(n) * 7,
    }
}
