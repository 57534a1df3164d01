//! Giving a consultation up, with a reason that everyone reads.

use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Tab, screen};
use app::ui;
use app::ui::form::{Field, error_for, error_summary, textarea};
use domain::consultations::Consultation;
use domain::limits;
use domain::problem::Violations;
use leptos::prelude::*;

/// `/desk/c/{number}/withdraw`.
pub fn withdraw_page(
    desk: &Desk,
    consultation: &Consultation,
    reason: &str,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_withdraw(), consultation, Tab::Status);
    screen(desk, &head, || {
        let field = Field {
            name: "reason".into(),
            label: t.desk_withdraw_reason().into(),
            hint: Some(t.desk_withdraw_reason_hint().into()),
            value: reason,
            error: error_for(t, wrong, "reason"),
        };
        let back = desk.of(consultation.number, "");
        view! {
            <h1>{t.desk_withdraw()}</h1>
            {ui::inset(view! { <p>{t.desk_withdraw_means()}</p> })}
            {error_summary(t, wrong, |_| None)}
            {form(
                desk.of(consultation.number, "/withdraw"),
                view! {
                    {textarea(&field, 6, limits::REASON)}
                    <p class="acts">
                        <button class="button danger">{t.desk_withdraw_button()}</button>
                        " "
                        <a href=back>{t.desk_cancel()}</a>
                    </p>
                },
            )}
        }
    })
}
