//! `/desk/c/{number}/polls`: the polls of a consultation.

use super::{address, state_tag};
use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use domain::consultations::{Consultation, State};
use domain::polls::ListedPoll;
use domain::staff::Role;
use leptos::prelude::*;

/// `/desk/c/{number}/polls`.
pub fn polls_page(desk: &Desk, consultation: &Consultation, polls: &[ListedPoll]) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_tab_polls(), consultation, Tab::Polls);
    screen(desk, &head, || {
        let may = desk.may(consultation, Role::Editor) && consultation.state != State::Withdrawn;
        let create = may.then(|| {
            view! {
                <p>
                    <a class="button" href=desk.of(consultation.number, "/polls/new")>
                        {t.desk_poll_new()}
                    </a>
                </p>
            }
        });
        let list = if polls.is_empty() {
            ui::inset(view! { <p>{t.desk_polls_none()}</p> })
        } else {
            list(desk, consultation, polls)
        };
        view! {
            <div class="titled">
                <h1>{t.desk_tab_polls()}</h1>
                {create}
            </div>
            <p class="under">{t.desk_polls_intro()}</p>
            {list}
        }
    })
}

fn list(desk: &Desk, consultation: &Consultation, polls: &[ListedPoll]) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&consultation.unit.zone);
    let heads = [
        t.desk_poll(),
        t.desk_col_state(),
        t.desk_col_answering(),
        t.desk_poll_ballots(),
        t.desk_poll_results(),
    ];
    let rows = polls
        .iter()
        .map(|poll| {
            let period = match (poll.opens_at, poll.closes_at) {
                (Some(opens), Some(closes)) => view! {
                    {ui::instant(t, opens, &zone)}
                    " "
                    {t.fact_to()}
                    " "
                    {ui::deadline(t, closes, &zone)}
                }
                .into_any(),
                _ => t.desk_none().into_any(),
            };
            let results = if poll.results_public {
                t.desk_poll_results_public()
            } else {
                t.desk_not_public()
            };
            view! {
                <tr>
                    <th scope="row">
                        <a
                            href=desk.to(&address(poll.id, ""))
                            dir="auto"
                            lang=desk.page.lang_of(&consultation.unit)
                        >
                            {plain(&poll.title)}
                        </a>
                        <span class="number">{poll.id.to_string()}</span>
                    </th>
                    <td>{state_tag(desk, poll.state)}</td>
                    <td>{period}</td>
                    <td>{poll.ballots.map(|ballots| t.number(ballots))}</td>
                    <td>{results}</td>
                </tr>
            }
        })
        .collect_view();
    table(
        t.desk_tab_polls().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}
