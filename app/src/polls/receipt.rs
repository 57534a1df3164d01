//! The receipt of a ballot, when it is given and when its code is looked up. It says that a ballot
//! is counted and never how it was answered, so that nobody can be asked to prove it.

use super::{islands::kept_name, page::heading};
use crate::i18n::time;
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::polls::{BallotReceipt, OwnBallot, Poll};
use leptos::prelude::*;

/// The answer to a ballot. The browser's script forgets the draft of this poll.
pub fn receipt_page(cx: &PageContext, poll: &Poll, receipt: &BallotReceipt) -> String {
    let t = cx.t();
    let head = Head {
        title: t.poll_receipt_title(),
        unit: Some(&poll.unit),
        canonical: None,
        private: true,
    };
    session_page(cx, &head, || {
        let zone = time::zone(&poll.unit.zone);
        let code = receipt.receipt.clone();
        view! {
            {heading(cx, poll, t.poll_receipt_title(), None)}
            <dl class="receipt">
                <dt>{t.poll_own_poll()}</dt>
                <dd dir="auto" lang=cx.lang_of(&poll.unit)>
                    {plain(&poll.questionnaire.title)}
                </dd>
                <dt>{t.receipt_code()}</dt>
                <dd>
                    <code>{code}</code>
                </dd>
                <dt>{t.receipt_when()}</dt>
                <dd>{ui::instant(t, receipt.received_at, &zone)}</dd>
            </dl>
            <div class="inset">
                <p>
                    <strong>{t.poll_receipt_keep()}</strong>
                </p>
                <p>{t.poll_receipt_where(cx.public(&To::Receipt))}</p>
                <p>{t.poll_receipt_secret()}</p>
            </div>
            <h2>{t.poll_fact_results()}</h2>
            <p>{super::page::results_come(cx, poll)}</p>
            <p class="noprint">
                {ui::anchor(cx.link(&To::PollResults(poll.id, None)), t.poll_results_heading())}
            </p>
            <p class="hint noprint">{t.page_print()}</p>
            <yanlu-kept hidden data-sent=kept_name(&poll.id.to_string())></yanlu-kept>
        }
    })
}

/// The ballot behind a code.
pub fn own_page(cx: &PageContext, own: &OwnBallot) -> String {
    let t = cx.t();
    let head = Head {
        title: t.poll_receipt_title(),
        private: true,
        ..Head::default()
    };
    session_page(cx, &head, || {
        let zone = time::zone(&cx.zone);
        let (to, text) = match own.results_public {
            true => (To::PollResults(own.poll, None), t.poll_see_results()),
            false => (To::Poll(own.poll), t.poll_see()),
        };
        // Of one version nobody need be told.
        let version =
            (own.newest_version > 1).then(|| view! { <p>{t.poll_version(own.version)}</p> });
        view! {
            <div class="lead">
                <h1>{t.poll_receipt_title()}</h1>
            </div>
            <div class="facts">
                <dl>
                    <dt>{t.poll_own_poll()}</dt>
                    <dd dir="auto">
                        <p>{plain(&own.poll_title)}</p>
                        {version}
                    </dd>
                    <dt>{t.receipt_when()}</dt>
                    <dd>{ui::instant(t, own.received_at, &zone)}</dd>
                </dl>
            </div>
            <p>{t.poll_receipt_secret()}</p>
            <p class="noprint">{ui::anchor(cx.link(&to), text)}</p>
        }
    })
}
