//! The receipt: the number, the secret code, and what happens now. Shown once.

use super::islands::{Words, kept_name, receipt_view};
use crate::consultations::parts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page};
use crate::ui;
use domain::comments::Receipt;
use domain::comments::form::CommentForm;
use domain::consultations::Consultation;
use leptos::prelude::*;

/// The answer to a sent comment. `sent` tells the browser's script which draft is not one any more.
pub fn receipt_page(
    cx: &PageContext,
    consultation: &Consultation,
    receipt: &Receipt,
    sent: &CommentForm,
) -> String {
    let t = cx.t();
    let head = Head {
        title: t.receipt_title(),
        unit: Some(&consultation.unit),
        canonical: None,
        private: true,
    };
    page(cx, &head, || {
        let zone = time::zone(&consultation.unit.zone);
        let lookup = cx.link(&To::Receipt);
        let body = receipt_view(
            &Words::of(t),
            receipt.number.to_string(),
            receipt.receipt.clone(),
            t.instant(receipt.received_at, &zone),
            &cx.public(&To::Receipt),
        );
        view! {
            {parts::part_heading(cx, consultation, t.receipt_title())}
            {body}
            <p class="noprint">{ui::anchor(lookup, t.receipt_open())}</p>
            <p class="hint noprint">{t.page_print()}</p>
            {done(consultation, sent)}
        }
    })
}

/// What was sent, unseen: a draft of the same words is forgotten, one of other words is not.
fn done(consultation: &Consultation, sent: &CommentForm) -> AnyView {
    let name = kept_name(&consultation.number.to_string());
    let words = sent
        .words()
        .map(|text| view! { <p>{text.to_owned()}</p> })
        .collect_view();
    view! {
        <yanlu-kept hidden data-sent=name>
            {words}
        </yanlu-kept>
    }
    .into_any()
}
