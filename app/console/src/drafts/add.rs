//! `/desk/c/{number}/draft`: the versions so far, and the form for the next.

use crate::desk::Desk;
use crate::fields::{submit, table};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, error_for, error_summary, textarea};
use domain::consultations::{Consultation, State};
use domain::limits;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct DraftsData<'a> {
    pub consultation: &'a Consultation,
    /// The pasted text.
    pub text: &'a str,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/c/{number}/draft`.
pub fn drafts_page(desk: &Desk, data: DraftsData<'_>) -> String {
    let t = desk.t();
    let consultation = data.consultation;
    let head = Head::of(t.desk_tab_draft(), consultation, Tab::Draft);
    screen(desk, &head, || {
        let takes_more = consultation.state != State::Withdrawn;
        let form = (takes_more && desk.may(consultation, Role::Editor)).then(|| form(desk, data));
        view! {
            <h1>{t.desk_tab_draft()}</h1>
            {error_summary(t, data.wrong, |_| None)}
            {versions(desk, consultation)}
            {form}
        }
    })
}

fn versions(desk: &Desk, consultation: &Consultation) -> AnyView {
    let t = desk.t();
    if consultation.versions.is_empty() {
        return ui::inset(view! { <p>{t.desk_step_draft_none()}</p> });
    }
    let zone = time::zone(&consultation.unit.zone);
    let rows = consultation
        .versions
        .iter()
        .rev()
        .map(|info| {
            let look = desk.of(consultation.number, &format!("/draft/{}", info.version));
            let original = format!("/c/{}/draft/{}/original", consultation.number, info.version);
            let file = info.filename.as_deref().map(plain);
            let published = match info.published_at {
                Some(at) => ui::instant(t, at, &zone),
                None => t.desk_not_public().into_any(),
            };
            view! {
                <tr>
                    <th scope="row">
                        <a href=look>{t.draft_version(info.version)}</a>
                    </th>
                    <td>{ui::instant(t, info.created_at, &zone)}</td>
                    <td>{published}</td>
                    <td dir="auto">
                        <a href=original>{file.unwrap_or_else(|| t.desk_pasted_text().into())}</a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let heads = [
        t.desk_version(),
        t.desk_col_given(),
        t.desk_col_public(),
        t.desk_col_original(),
    ];
    table(
        t.draft_versions().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

fn form(desk: &Desk, data: DraftsData<'_>) -> AnyView {
    let t = desk.t();
    let number = data.consultation.number;
    let heading = if data.consultation.versions.is_empty() {
        t.desk_add_draft()
    } else {
        t.desk_add_version()
    };
    let kib = i64::try_from(limits::DRAFT_BYTES / 1024 / 1024).unwrap_or(0);
    let file = Field {
        name: "file".into(),
        label: t.desk_draft_file().into(),
        hint: Some(t.desk_draft_file_hint(kib)),
        value: "",
        error: error_for(t, data.wrong, "file"),
    };
    let text = Field {
        name: "text".into(),
        label: t.desk_draft_text().into(),
        hint: Some(t.desk_draft_text_hint().into()),
        value: data.text,
        error: error_for(t, data.wrong, "text"),
    };
    view! {
        <h2>{heading}</h2>
        <p>{t.desk_draft_intro()}</p>
        <form
            method="post"
            accept-charset="utf-8"
            action=desk.of(number, "/draft")
            enctype="multipart/form-data"
        >
            <div class=file.class()>
                <label for="file">{file.label.clone()}</label>
                {file.notes()}
                <input
                    type="file"
                    id="file"
                    name="file"
                    accept=".md,.markdown,.txt,text/plain,text/markdown"
                    aria-describedby=file.described_by()
                    aria-invalid=file.invalid()
                />
            </div>
            {textarea(&text, 16, limits::DRAFT_BYTES)}
            {submit(t.desk_draft_button())}
        </form>
    }
    .into_any()
}
