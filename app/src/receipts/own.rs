//! What the holder of a receipt sees: state, points, answers, earlier texts, and what can be done.

use crate::comments::{answer, said};
use crate::i18n::{T, time};
use crate::page::{Head, PageContext, To, page, plain};
use crate::ui;
use domain::comments::{CommentState, OwnComment, OwnPoint, RawPoint, Revision};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// What has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Saved,
    Withdrawn,
}

/// The comment behind a code.
pub fn own_page(cx: &PageContext, code: &str, own: &OwnComment, done: Option<Done>) -> String {
    let t = cx.t();
    let title = t.receipt_own_title(own.number);
    let head = Head {
        title: &title,
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        let zone = time::zone(&cx.zone);
        let done = done.map(|done| {
            let text = match done {
                Done::Saved => t.receipt_done_saved(),
                Done::Withdrawn => t.receipt_done_withdrawn(),
            };
            view! { <div class="inset done" role="status"><p><strong>{text}</strong></p></div> }
        });
        let points = own
            .points
            .iter()
            .enumerate()
            .map(|(index, point)| own_point(cx, own, index, point))
            .collect_view();
        view! {
            {heading(cx, own, &title)}
            {done}
            {facts(cx, own, &zone)}
            {actions(cx, code, own)}
            <h2>{t.receipt_your_points()}</h2>
            {(!own.answered && own.state != CommentState::Withdrawn)
                .then(|| view! { <p class="hint">{t.receipt_answers_later()}</p> })}
            <dl class="review">{points}</dl>
            {revisions(t, &own.revisions, &zone)}
        }
    })
}

pub(super) fn heading(cx: &PageContext, own: &OwnComment, title: &str) -> AnyView {
    let back = cx.link(&To::Consultation(own.consultation));
    let title = title.to_owned();
    view! {
        <div class="lead">
            <p class="back" dir="auto">{ui::anchor(back, plain(&own.consultation_title))}</p>
            <h1>{title}</h1>
        </div>
    }
    .into_any()
}

fn facts(cx: &PageContext, own: &OwnComment, zone: &TimeZone) -> AnyView {
    let t = cx.t();
    let meaning = match own.state {
        CommentState::Received => t.receipt_means_received(),
        CommentState::Published => t.receipt_means_published(),
        CommentState::Held => t.receipt_means_held(),
        CommentState::Withdrawn => t.receipt_means_withdrawn(),
    };
    let reason = own
        .hold_reason
        .filter(|_| own.state == CommentState::Held)
        .map(|reason| {
            view! {
                <p>
                    {t.receipt_hold_reason()} <strong>{t.hold_reason(reason)}</strong>
                </p>
            }
        });
    let public = (own.state == CommentState::Published).then(|| {
        let link = cx.link(&To::CommentAnchor {
            number: own.consultation,
            stage: own.stage,
            serial: own.number.serial,
        });
        view! { <p>{ui::anchor(link, t.receipt_see_public())}</p> }
    });
    let answered = own.answered.then(|| {
        let link = cx.link(&To::Feedback(own.consultation));
        view! { <p>{ui::anchor(link, t.receipt_see_feedback())}</p> }
    });
    let editable = own.editable.then(|| {
        view! {
            <dt>{t.receipt_editable_until()}</dt>
            <dd>{ui::deadline(t, own.editable_until, zone)}</dd>
        }
    });
    let name = own.name.as_deref().map_or_else(
        || t.comment_anonymous(t.kind(own.kind)),
        |name| format!("{} · {}", plain(name), t.display(own.display)),
    );
    view! {
        <div class="facts">
            <dl>
                <dt>{t.receipt_state()}</dt>
                <dd>
                    <strong class=format!("tag {}", own.state)>{t.comment_state(own.state)}</strong>
                    <p>{meaning}</p>
                    {reason}
                    {public}
                    {answered}
                </dd>
                <dt>{t.receipt_when()}</dt>
                <dd>{ui::instant(t, own.received_at, zone)}</dd>
                {editable}
                <dt>{t.comment_about_you()}</dt>
                <dd dir="auto">{name}</dd>
            </dl>
        </div>
    }
    .into_any()
}

fn actions(cx: &PageContext, code: &str, own: &OwnComment) -> Option<AnyView> {
    let t = cx.t();
    let withdrawable = !own.answered && own.state != CommentState::Withdrawn;
    if !own.editable && !withdrawable {
        return None;
    }
    let edit = own
        .editable
        .then(|| ui::form::action_button("button", "edit".into(), t.receipt_edit()));
    let withdraw = withdrawable
        .then(|| ui::form::action_button("second", "withdraw".into(), t.receipt_withdraw()));
    Some(
        view! {
            <form class="buttons noprint" method="post" accept-charset="utf-8" action=cx.action(&To::Receipt)>
                {ui::form::hidden("code", code)}
                {edit}
                {withdraw}
            </form>
        }
        .into_any(),
    )
}

fn own_point(cx: &PageContext, own: &OwnComment, index: usize, point: &OwnPoint) -> AnyView {
    let t = cx.t();
    let response = point
        .response
        .as_ref()
        .filter(|_| own.answered)
        .map(|response| answer(cx, own.consultation, response, None));
    let clause = ui::subject(t, point.clause, point.clause_label.as_deref());
    view! {
        <dt>{t.comment_point(index + 1)}</dt>
        <dd>
            {said(t, clause, &point.html, point.proposed_html.as_deref())}
            {response}
        </dd>
    }
    .into_any()
}

/// Earlier wordings. What they were about may have changed since, so only the words are shown.
fn revisions(t: T, revisions: &[Revision], zone: &TimeZone) -> Option<AnyView> {
    if revisions.is_empty() {
        return None;
    }
    let items = revisions
        .iter()
        .map(|revision| {
            let points = revision
                .points
                .iter()
                .map(|point| old_point(t, point))
                .collect_view();
            view! {
                <li>
                    <p class="hint">
                        {t.receipt_replaced()} " " {ui::instant(t, revision.replaced_at, zone)}
                    </p>
                    {points}
                </li>
            }
        })
        .collect_view();
    let n = i64::try_from(revisions.len()).unwrap_or(i64::MAX);
    Some(
        view! {
            <details>
                <summary>{t.receipt_earlier(n)}</summary>
                <ol class="steps">{items}</ol>
            </details>
        }
        .into_any(),
    )
}

fn old_point(t: T, point: &RawPoint) -> AnyView {
    let proposed = point.proposed.as_deref().map(|text| {
        view! {
            <p class="hint">{t.comment_proposed_colon()}</p>
            <blockquote>{ui::prose(text)}</blockquote>
        }
    });
    view! {
        {ui::prose(&point.text)}
        {proposed}
    }
    .into_any()
}

/// Asks once more before a comment is withdrawn.
pub fn withdraw_page(cx: &PageContext, code: &str, own: &OwnComment) -> String {
    let t = cx.t();
    let head = Head {
        title: t.receipt_withdraw_title(),
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        let code = code.to_owned();
        view! {
            {heading(cx, own, t.receipt_withdraw_title())}
            <p class="intro">{t.receipt_withdraw_means(own.number)}</p>
            <form class="buttons" method="post" accept-charset="utf-8" action=cx.action(&To::Receipt)>
                {ui::form::hidden("code", &code)}
                {ui::form::action_button("button", "confirm-withdraw".into(), t.receipt_withdraw_yes())}
                {ui::form::action_button("second", "open".into(), t.receipt_withdraw_no())}
            </form>
        }
    })
}
