//! The receipt: the number, the secret code, and what happens now. Shown once.

use super::islands::{Words, receipt_view};
use crate::consultations::parts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page};
use crate::ui;
use domain::comments::Receipt;
use domain::consultations::Consultation;
use leptos::prelude::*;

/// The answer to a sent comment.
pub fn receipt_page(cx: &PageContext, consultation: &Consultation, receipt: &Receipt) -> String {
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
        }
    })
}
