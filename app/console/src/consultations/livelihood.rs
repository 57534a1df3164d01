//! `/desk/c/{number}/livelihood`: the fields of people's livelihood that a consultation touches, and
//! the public reason where no poll is held; and what the status screen says of it.

use crate::desk::Desk;
use crate::fields::{form, submit, tick};
use crate::frame::{Head, Tab, screen};
use app::ui;
use app::ui::form::{Field, error_for, error_summary, textarea};
use domain::consultations::{Consultation, State};
use domain::limits;
use domain::livelihood::{Livelihood, LivelihoodField, RawLivelihood};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// `/desk/c/{number}/livelihood`.
pub fn livelihood_page(
    desk: &Desk,
    consultation: &Consultation,
    filled: &RawLivelihood,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_livelihood(), consultation, Tab::Status);
    screen(desk, &head, || {
        let ticks = LivelihoodField::ALL
            .iter()
            .map(|field| {
                tick(
                    "field",
                    format!("field-{field}"),
                    field.code().into(),
                    t.livelihood_field(*field).into(),
                    filled.fields.contains(field),
                )
            })
            .collect_view();
        let reason = Field {
            name: "no_poll_reason".into(),
            label: t.desk_livelihood_reason().into(),
            hint: Some(t.desk_livelihood_reason_hint().into()),
            value: &filled.no_poll_reason,
            error: error_for(t, wrong, "no_poll_reason"),
        };
        let place = |_: &domain::problem::Violation| Some(t.desk_livelihood_reason().into());
        view! {
            <h1>{t.desk_livelihood()}</h1>
            <p class="intro">{t.desk_livelihood_intro()}</p>
            {error_summary(t, wrong, place)}
            {form(
                desk.of(consultation.number, "/livelihood"),
                view! {
                    <fieldset class="field eight">
                        <legend>{t.desk_livelihood_fields()}</legend>
                        {ticks}
                    </fieldset>
                    {textarea(&reason, 4, limits::REASON)}
                    {submit(t.desk_save())}
                },
            )}
        }
    })
}

/// On the status screen: which fields, and whether a poll is due, there, or given up with a reason.
pub(super) fn standing(
    desk: &Desk,
    consultation: &Consultation,
    livelihood: &Livelihood,
    polls_before: bool,
) -> Option<AnyView> {
    let t = desk.t();
    let may = desk.may(consultation, Role::Editor) && consultation.state != State::Withdrawn;
    if livelihood.fields.is_empty() && !may {
        return None;
    }
    let names: Vec<&str> = livelihood
        .fields
        .iter()
        .map(|field| t.livelihood_field(*field))
        .collect();
    let fields = if names.is_empty() {
        t.desk_livelihood_none().to_owned()
    } else {
        names.join(t.desk_comma())
    };
    let polls = desk.of(consultation.number, "/polls");
    let poll = if livelihood.fields.is_empty() {
        None
    } else if livelihood.poll_is_due(polls_before) {
        Some(
            view! {
                <div class="warnings">
                    <p>
                        {t.desk_livelihood_due()} " " <a href=polls>{t.desk_tab_polls()}</a>
                    </p>
                </div>
            }
            .into_any(),
        )
    } else if polls_before {
        Some(
            view! {
                <p class="good">
                    {t.desk_livelihood_asked()} " " <a href=polls>{t.desk_tab_polls()}</a>
                </p>
            }
            .into_any(),
        )
    } else {
        livelihood.no_poll_reason.as_deref().map(|reason| {
            ui::inset(view! {
                <p>{t.desk_livelihood_reason()}</p>
                {ui::prose_in(desk.page.lang_of(&consultation.unit), reason)}
            })
        })
    };
    let change = may.then(|| {
        let href = desk.of(consultation.number, "/livelihood");
        view! {
            " "
            <a href=href>{t.desk_change()}</a>
        }
    });
    Some(
        view! {
            <h2>{t.desk_livelihood()}</h2>
            <p>{fields} {change}</p>
            {poll}
        }
        .into_any(),
    )
}
