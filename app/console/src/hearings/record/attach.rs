//! `/desk/hearings/{id}/papers/attach`: one paper with its file. A screen of its own, because a file
//! that was chosen does not come back with a form.

use crate::desk::Desk;
use crate::fields::{input, submit};
use crate::frame::{Head, Tab, screen};
use crate::hearings::{place, to, up};
use app::i18n::time;
use app::ui;
use app::ui::form::{Field, error_for, error_summary, text_input};
use domain::consultations::Consultation;
use domain::hearings::{FILE_KINDS, Hearing};
use domain::limits;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// What is typed beside the file.
#[derive(Clone, Debug, Default)]
pub struct AttachForm {
    pub title: String,
    pub delivered_at: String,
}

/// `/desk/hearings/{id}/papers/attach`.
pub fn attach_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    filled: &AttachForm,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_paper_attach(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let body = if desk.may(consultation, Role::Editor) {
            fields(desk, hearing, filled, wrong)
        } else {
            ui::inset(view! { <p>{t.desk_hearing_needs_editor()}</p> })
        };
        view! {
            <h1>{t.desk_paper_attach()}</h1>
            {up(desk, hearing)}
            {error_summary(t, wrong, |violation| place(desk, violation))}
            {body}
        }
    })
}

fn fields(
    desk: &Desk,
    hearing: &Hearing,
    filled: &AttachForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = desk.t();
    let zone = t.zone_name(desk.page.now, &time::zone(&hearing.unit.zone));
    let again = wrong.map(|_| view! { <p class="hint">{t.desk_paper_file_again()}</p> });
    let file = Field {
        name: "file".into(),
        label: t.desk_paper_file().into(),
        hint: Some(t.desk_paper_file_hint(app::i18n::size(limits::PAPER_BYTES))),
        value: "",
        error: error_for(t, wrong, "file"),
    };
    let title = Field {
        name: "title".into(),
        label: t.desk_title().into(),
        hint: Some(t.desk_paper_title_hint().into()),
        value: &filled.title,
        error: error_for(t, wrong, "title"),
    };
    let delivered = Field {
        name: "delivered_at".into(),
        label: t.desk_hearing_delivered().into(),
        hint: Some(zone),
        value: &filled.delivered_at,
        error: error_for(t, wrong, "delivered_at"),
    };
    let kinds: Vec<String> = FILE_KINDS
        .iter()
        .map(|(end, _)| format!(".{end}"))
        .collect();
    view! {
        <form
            method="post"
            accept-charset="utf-8"
            action=to(desk, hearing.id, "/papers/attach")
            enctype="multipart/form-data"
        >
            <div class=file.class()>
                <label for="file">{file.label.clone()}</label>
                {file.notes()}
                {again}
                <input
                    type="file"
                    id="file"
                    name="file"
                    accept=kinds.join(",")
                    aria-describedby=file.described_by()
                    aria-invalid=file.invalid()
                />
            </div>
            {text_input(&title, "off")}
            {input(&delivered, "datetime-local", "off")}
            {submit(t.desk_paper_attach())}
        </form>
    }
    .into_any()
}
