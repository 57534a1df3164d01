//! `/desk/c/{number}/hearings`: the sessions of a consultation.

use super::{address, state_tag};
use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use domain::consultations::{Consultation, State};
use domain::hearings::ListedHearing;
use domain::staff::Role;
use leptos::prelude::*;

/// `/desk/c/{number}/hearings`.
pub fn hearings_page(
    desk: &Desk,
    consultation: &Consultation,
    hearings: &[ListedHearing],
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_tab_hearings(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = desk.may(consultation, Role::Editor) && consultation.state != State::Withdrawn;
        let create = may.then(|| {
            view! {
                <p>
                    <a class="button" href=desk.of(consultation.number, "/hearings/new")>
                        {t.desk_hearing_new()}
                    </a>
                </p>
            }
        });
        let list = if hearings.is_empty() {
            ui::inset(view! { <p>{t.desk_hearings_none()}</p> })
        } else {
            list(desk, consultation, hearings)
        };
        view! {
            <div class="titled">
                <h1>{t.desk_tab_hearings()}</h1>
                {create}
            </div>
            <p class="under">{t.desk_hearings_intro()}</p>
            {list}
        }
    })
}

fn list(desk: &Desk, consultation: &Consultation, hearings: &[ListedHearing]) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&consultation.unit.zone);
    let heads = [
        t.desk_hearing_session(),
        t.desk_col_state(),
        t.desk_hearing_applying_period(),
        t.desk_hearing_starts(),
        t.desk_hearing_total(),
    ];
    let rows = hearings
        .iter()
        .map(|hearing| {
            let starts = match hearing.starts_at {
                Some(at) => ui::instant(t, at, &zone),
                None => t.desk_hearing_later().into_any(),
            };
            view! {
                <tr>
                    <th scope="row">
                        <a
                            href=desk.to(&address(hearing.id, ""))
                            dir="auto"
                            lang=desk.page.lang_of(&consultation.unit)
                        >
                            {plain(&hearing.title)}
                        </a>
                        <span class="number">
                            {hearing.id.to_string()} " " {t.session_kind(hearing.kind)}
                        </span>
                    </th>
                    <td>{state_tag(desk, hearing.state)}</td>
                    <td>
                        {ui::instant(t, hearing.applications_open_at, &zone)} " " {t.fact_to()} " "
                        {ui::deadline(t, hearing.applications_close_at, &zone)}
                    </td>
                    <td>{starts}</td>
                    <td>{t.number(hearing.total)}</td>
                </tr>
            }
        })
        .collect_view();
    table(
        t.desk_tab_hearings().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}
