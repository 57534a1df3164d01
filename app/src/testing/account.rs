//! A sample account of what was made of the comments, and of what changed.

use super::{SAID, WORDING, at, author, clause_id, counts, number, point_id};
use domain::comments::Display;
use domain::consultations::Consultation;
use domain::drafts::*;
use domain::feedback::*;
use domain::hearings::HearingNumber;

fn run(op: InlineOp, text: &str) -> Inline {
    Inline {
        op,
        text: text.into(),
    }
}

pub fn changes() -> Changes {
    use InlineOp::*;
    let change = |kind, from: Option<u128>, to: Option<u128>, label: &str, inline| Change {
        kind,
        from: from.map(clause_id),
        to: to.map(clause_id),
        from_label: from.map(|_| "第三条".into()),
        to_label: to.map(|_| label.into()),
        label: label.into(),
        path: vec!["第一章 总则".into()],
        confidence: 90,
        inline,
    };
    Changes {
        from: 1,
        to: 2,
        changes: vec![
            change(
                ClauseChange::Same,
                Some(10),
                Some(10),
                "第一条",
                vec![run(Equal, "为了加强本区机动车停车治理，制定本办法。")],
            ),
            change(
                ClauseChange::MovedReworded,
                Some(32),
                Some(32),
                "第四条",
                vec![
                    run(Equal, "居住小区的停车设施"),
                    run(Delete, "可以在满足本小区居民需要的前提下"),
                    run(Insert, "经业主大会同意，可以"),
                    run(Equal, "向社会开放。"),
                ],
            ),
            change(
                ClauseChange::Added,
                None,
                Some(99),
                "第五条",
                vec![run(Insert, "停车收费标准应当在入口处公示。")],
            ),
            change(
                ClauseChange::Removed,
                Some(98),
                None,
                "第三条",
                vec![run(Delete, "停车设施经营单位应当遵守国家规定。")],
            ),
        ],
    }
}

/// Every disposition once or more; sums agree.
pub fn feedback() -> Feedback {
    let points: Vec<AnsweredPoint> = (0..22_usize)
        .map(|i| {
            let disposition = Disposition::ALL[i % Disposition::ALL.len()];
            let clause = [Some((30, "第三条")), Some((32, "第三条第（二）项")), None][i * 3 / 22];
            AnsweredPoint {
                id: point_id(i as u128),
                comment: format!("2026-0012-{}", 300 + i),
                author: author([Some("朱**"), None][i % 2], Display::Masked),
                hearing: (i == 3).then(|| HearingNumber {
                    consultation: number(),
                    serial: 1,
                }),
                clause: clause.map(|(id, _)| clause_id(id)),
                clause_label: clause.map(|(_, label)| label.into()),
                new_clause_label: clause.map(|_| "第四条".into()),
                text: SAID[i % 6].into(),
                html: domain::text::to_html(SAID[i % 6]),
                proposed: (i % 5 == 1).then(|| WORDING.into()),
                proposed_html: (i % 5 == 1).then(|| domain::text::to_html(WORDING)),
                response: Response {
                    disposition,
                    reason: disposition.needs_reason().then(|| format!("理由{i}：上位法已有明确规定，本办法不宜重复；实施中将结合意见完善细则。")),
                    change: disposition.changes_text().then(|| clause_id(32)),
                    change_label: disposition.changes_text().then(|| "第四条".into()),
                },
            }
        })
        .collect();
    let dispositions = Disposition::ALL
        .iter()
        .map(|disposition| DispositionCount {
            disposition: *disposition,
            points: points
                .iter()
                .filter(|p| p.response.disposition == *disposition)
                .count() as i64,
        })
        .collect();
    Feedback {
        published_at: at("2026-12-20T02:00:00Z"),
        asked: "停车泊位怎样规划、谁可以收费、小区车位怎样共享。".into(),
        heard: "多数意见赞成公共建筑开放停车，但要求写明时间；居民普遍要求小区共享须经业主同意。"
            .into(),
        changed: "第三条第（二）项改为须经业主大会同意；新增收费公示的规定。".into(),
        version: 1,
        new_version: Some(2),
        counts: counts(),
        dispositions,
        changes: changes()
            .changes
            .into_iter()
            .skip(1)
            .take(2)
            .map(|change| ChangeBecause {
                change,
                points: vec![point_id(0), point_id(1)],
                total: 2,
            })
            .collect(),
        behind: points[..2].to_vec(),
        points,
        next: None,
    }
}

/// The same without its points.
pub fn feedback_summary() -> FeedbackSummary {
    let account = feedback();
    FeedbackSummary {
        published_at: account.published_at,
        asked: account.asked,
        heard: account.heard,
        changed: account.changed,
        dispositions: account.dispositions,
    }
}

/// The page of an account that begins with its first point.
pub fn account_of<'a>(
    consultation: &'a Consultation,
    feedback: &'a Feedback,
) -> crate::feedback::FeedbackData<'a> {
    crate::feedback::FeedbackData {
        consultation,
        feedback,
        disposition: None,
        clause: None,
        continued: false,
    }
}
