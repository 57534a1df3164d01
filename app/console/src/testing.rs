//! Sample data for the screen tests: two units, a person in one of them, two draft versions,
//! comments with several points, hostile text in every field.

use crate::desk::{Desk, Seat, Who};
use app::i18n::Lang;
use app::page::{Assets, Chrome, PageContext};
use domain::Timestamp;
use domain::comments::*;
use domain::consultations::*;
use domain::drafts::*;
use domain::feedback::{AnsweredPoint, Disposition, Response};
use domain::id::{ClauseId, PointId};
use domain::staff::Role;

/// Must never reach a page unescaped.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'&";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn number() -> Number {
    "2026-0012".parse().unwrap()
}

fn id(text: &str) -> String {
    format!("01990000-0000-7000-8000-{text:0>12}")
}

pub fn clause_id(n: u32) -> ClauseId {
    id(&format!("c{n}")).parse().unwrap()
}

pub fn point_id(n: u32) -> PointId {
    id(&format!("d{n}")).parse().unwrap()
}

pub fn unit(slug: &str) -> Unit {
    Unit {
        slug: slug.into(),
        name: format!("单位 {slug} {HOSTILE}"),
        zone: "Asia/Shanghai".into(),
        lang: "zh-Hans".into(),
        parent: None,
    }
}

/// Somebody with these roles in `transport`, and an editor of `library`.
pub fn desk(lang: Lang, roles: &[Role]) -> Desk {
    let seat = |slug: &str, roles: &[Role]| Seat {
        unit: unit(slug),
        roles: roles.to_vec(),
    };
    Desk {
        page: PageContext {
            lang,
            now: at("2026-11-24T04:00:00Z"),
            base: "https://yanlu.example".into(),
            here: "/desk".into(),
            assets: Assets::default(),
            chrome: Chrome::Page,
            zone: "Asia/Shanghai".into(),
        },
        who: Some(Who {
            email: "someone@transport.example".into(),
            seats: vec![seat("transport", roles), seat("library", &[Role::Editor])],
            ends_at: Some(at("2026-11-24T04:30:00Z")),
        }),
        notice: None,
        refused: None,
    }
}

fn by_state(received: i64, waiting: i64, published: i64) -> ByState {
    ByState {
        received,
        waiting,
        published,
        held: received - waiting - published,
        withdrawn: 0,
    }
}

/// A consultation of `transport` on version 1; version 2 is not public. Four comments.
pub fn consultation(state: State) -> Consultation {
    let round = (state != State::Preparing).then(|| Round {
        version: 1,
        opens_at: at("2026-10-01T00:00:00Z"),
        closes_at: at("2026-11-20T16:00:00Z"),
        reason_for_short_period: None,
    });
    let version = |version, published_at| VersionInfo {
        version,
        filename: Some(format!("稿{HOSTILE}.md")),
        created_at: at("2026-09-20T00:00:00Z"),
        published_at,
    };
    let published_at = round.as_ref().map(|round| round.opens_at);
    Consultation {
        number: number(),
        unit: unit("transport"),
        title: format!("停车条例 {HOSTILE}"),
        summary: "小结".into(),
        explanation: "说明".into(),
        explanation_html: "<p>说明</p>".into(),
        contact: None,
        other_ways: None,
        state,
        round,
        versions: vec![version(1, published_at), version(2, None)],
        stage: 1,
        counts: Counts {
            comments: by_state(4, 1, 2),
            points: by_state(6, 2, 3),
            individuals: 3,
            organisations: 1,
            held_for: vec![HeldFor {
                reason: HoldReason::Advertising,
                comments: 1,
            }],
        },
        feedback_at: None,
        withdrawn_reason: None,
        no_poll: None,
    }
}

fn clause(n: u32, kind: ClauseKind, label: &str, text: &str) -> Clause {
    Clause {
        id: clause_id(n),
        kind,
        label: label.into(),
        path: vec![],
        text: text.into(),
        children: vec![],
    }
}

pub fn draft(version: i64) -> Draft {
    let article = if version == 1 {
        "三十日"
    } else {
        "四十五日"
    };
    Draft {
        version,
        filename: None,
        published_at: None,
        clauses: vec![
            clause(1, ClauseKind::Chapter, "第一章", "总则"),
            clause(
                2,
                ClauseKind::Article,
                "第一条",
                &format!("公示期不少于{article}，{HOSTILE}"),
            ),
            clause(
                3,
                ClauseKind::Article,
                "第三条",
                "停车场应当自办理备案之日起十日内公布收费标准。",
            ),
        ],
        warnings: vec![Warning {
            kind: WarningKind::MissingNumber,
            label: "第二条".into(),
            line: 7,
        }],
    }
}

/// Version 1 to 2: the first article is a doubtful match, the third a certain one.
pub fn changes() -> Changes {
    let change = |n: u32, label: &str, kind, confidence| Change {
        kind,
        from: Some(clause_id(n)),
        to: Some(clause_id(n)),
        from_label: Some(label.into()),
        to_label: Some(label.into()),
        label: label.into(),
        path: vec![],
        confidence,
        inline: vec![Inline {
            op: InlineOp::Equal,
            text: HOSTILE.into(),
        }],
    };
    Changes {
        from: 1,
        to: 2,
        changes: vec![
            change(3, "第三条", ClauseChange::Same, 98),
            change(2, "第一条", ClauseChange::Reworded, 40),
        ],
    }
}

fn point(n: u32, clause: Option<(u32, &str)>, response: Option<Response>) -> OwnPoint {
    let text = format!("第{n}点 {HOSTILE}");
    let proposed = (n == 1).then(|| "停车场应当自办理备案之日起五日内公布收费标准。".to_owned());
    OwnPoint {
        id: point_id(n),
        clause: clause.map(|(n, _)| clause_id(n)),
        clause_label: clause.map(|(_, label)| label.into()),
        html: domain::text::to_html(&text),
        text,
        proposed_html: proposed.as_deref().map(domain::text::to_html),
        proposed,
        response,
    }
}

pub fn adopted() -> Response {
    Response {
        disposition: Disposition::Adopted,
        reason: None,
        change: Some(clause_id(3)),
        change_label: Some("第三条".into()),
    }
}

/// An adopted point of comment 17, as an account shows it.
pub fn adopted_point() -> AnsweredPoint {
    AnsweredPoint {
        id: point_id(2),
        comment: "2026-0012-17".into(),
        author: PublicAuthor {
            kind: AuthorKind::Individual,
            name: Some(HOSTILE.into()),
            display: Display::Shown,
        },
        hearing: Some("2026-0012-h1".parse().expect("a number")),
        clause: Some(clause_id(1)),
        clause_label: Some("第一条".into()),
        new_clause_label: None,
        text: HOSTILE.into(),
        html: domain::text::to_html(HOSTILE),
        proposed: None,
        proposed_html: None,
        response: adopted(),
    }
}

/// A received comment with two points, one of them answered; then one of each other state.
pub fn queue() -> Page<QueuedComment> {
    let comment = |serial, state, points| QueuedComment {
        number: CommentNumber {
            consultation: number(),
            serial,
        },
        state,
        hold_reason: (state == CommentState::Held).then_some(HoldReason::Advertising),
        kind: AuthorKind::Individual,
        display: Display::Masked,
        name: Some(format!("朱晓明 {HOSTILE}")),
        hearing: (serial == 2).then(|| "2026-0012-h1".parse().expect("a number")),
        received_at: at("2026-11-01T00:00:00Z"),
        seen: at("2026-11-01T00:00:00Z"),
        points,
    };
    Page {
        items: vec![
            comment(
                1,
                CommentState::Received,
                vec![
                    point(2, None, Some(adopted())),
                    point(1, Some((3, "第三条")), None),
                ],
            ),
            comment(
                2,
                CommentState::Published,
                vec![point(3, Some((2, "第一条")), None)],
            ),
            comment(3, CommentState::Held, vec![point(4, None, None)]),
            comment(4, CommentState::Withdrawn, vec![point(5, None, None)]),
        ],
        next: Some("4".into()),
    }
}

/// Two fields of livelihood, and a reason why no poll is held.
pub fn livelihood() -> domain::livelihood::Livelihood {
    use domain::livelihood::LivelihoodField;
    domain::livelihood::Livelihood {
        fields: vec![LivelihoodField::Health, LivelihoodField::PublicUtilities],
        no_poll_reason: Some(HOSTILE.into()),
    }
}
