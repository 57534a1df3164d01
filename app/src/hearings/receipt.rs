//! The receipt of an application: the number that is also its ticket, the secret code, and where the
//! application stands. Shown once.

use super::notice::part_heading;
use crate::i18n::{T, time};
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::hearings::{ApplicationReceipt, ApplicationState, Fill, Hearing};
use leptos::prelude::*;

/// The answer to a sent application; `category` is the code of the one that was chosen.
pub fn receipt_page(
    cx: &PageContext,
    hearing: &Hearing,
    receipt: &ApplicationReceipt,
    category: &str,
) -> String {
    let t = cx.t();
    let head = Head {
        title: t.application_received(),
        unit: Some(&hearing.unit),
        canonical: None,
        private: true,
    };
    session_page(cx, &head, || {
        let zone = time::zone(&hearing.unit.zone);
        let found = hearing.notice.category(category.trim());
        let draws = found.is_some_and(|category| category.fill == Fill::Draw);
        let name = found.map(|category| {
            view! {
                <dt>{t.seats_category()}</dt>
                <dd dir="auto" lang=cx.lang_of(&hearing.unit)>
                    {plain(&category.name)}
                </dd>
            }
        });
        let lookup = cx.link(&To::Receipt);
        view! {
            {part_heading(cx, hearing, t.application_received())}
            <dl class="receipt">
                <dt>{t.application_number()}</dt>
                <dd>{receipt.number.to_string()}</dd>
                <dt>{t.receipt_code()}</dt>
                <dd>
                    <code>{receipt.receipt.clone()}</code>
                </dd>
                <dt>{t.receipt_when()}</dt>
                <dd>{ui::instant(t, receipt.received_at, &zone)}</dd>
                {name}
                <dt>{t.receipt_state()}</dt>
                <dd>
                    <strong class=format!(
                        "tag {}",
                        receipt.state,
                    )>{t.application_state(receipt.state)}</strong>
                    <p>{stands(t, receipt.state, receipt.reserve)}</p>
                </dd>
            </dl>
            {ui::inset(
                view! {
                    <p>
                        <strong>{t.application_keep()}</strong>
                    </p>
                    <p>{t.receipt_where(cx.public(&To::Receipt))}</p>
                },
            )}
            <h2>{t.receipt_next_title()}</h2>
            <ol class="steps">
                <li>{t.application_next_change()}</li>
                {draws.then(|| view! { <li>{t.application_next_draw()}</li> })}
                <li>{t.application_next_confirm()}</li>
                <li>{t.application_next_answer()}</li>
            </ol>
            <p class="noprint">{ui::anchor(lookup, t.receipt_open())}</p>
            <p class="hint noprint">{t.page_print()}</p>
        }
    })
}

/// What a state means for the applicant, and what to do.
pub(super) fn stands(t: T, state: ApplicationState, reserve: Option<i64>) -> String {
    match state {
        ApplicationState::Received => t.application_means_received().into(),
        ApplicationState::Eligible => t.application_means_eligible().into(),
        ApplicationState::Ineligible => t.application_means_ineligible().into(),
        ApplicationState::Chosen => t.application_means_chosen().into(),
        ApplicationState::Reserve => match reserve {
            Some(place) => t.application_means_reserve_at(place),
            None => t.application_means_reserve().into(),
        },
        ApplicationState::Confirmed => t.application_means_confirmed().into(),
        ApplicationState::Declined => t.application_means_declined().into(),
        ApplicationState::Withdrawn => t.application_means_withdrawn().into(),
    }
}
