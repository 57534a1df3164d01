//! `/desk/polls/{id}/results`: the figures, for staff at any time: numbers in tables, each percentage
//! beside the number of ballots it is a share of.

use super::{to, up};
use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Tab, screen};
use app::page::plain;
use app::polls::wording;
use domain::consultations::Consultation;
use domain::polls::results::{Count, QuestionResult};
use domain::polls::{Poll, PollResults};
use leptos::prelude::*;

/// `/desk/polls/{id}/results`.
pub fn results_page(
    desk: &Desk,
    consultation: &Consultation,
    poll: &Poll,
    results: &PollResults,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_poll_results(), consultation, Tab::Polls);
    screen(desk, &head, || {
        let public = if poll.results_public {
            t.desk_poll_results_public()
        } else {
            t.desk_poll_results_staff()
        };
        let questions = results
            .questions
            .iter()
            .map(|result| question(desk, poll, results, result))
            .collect_view();
        let codes = results.codes.map(|codes| {
            view! { <p>{t.poll_codes(codes.given, codes.used)}</p> }
        });
        view! {
            <h1>{t.desk_poll_results()}</h1>
            {up(desk, poll)}
            <p class="intro">
                {t.desk_poll_answered_by(results.ballots)} " " {t.identity_level(results.identity)}
                " " {public}
            </p>
            {codes}
            {questions}
        }
    })
}

fn question(desk: &Desk, poll: &Poll, results: &PollResults, result: &QuestionResult) -> AnyView {
    let t = desk.t();
    let lang = desk.page.lang_of(&poll.unit);
    let figures = result.figures.as_ref().map(|figures| {
        let says = t.desk_poll_figures(figures.max, figures.mean, figures.median, figures.min);
        view! { <p>{says}</p> }
    });
    let counts = (!result.counts.is_empty()).then(|| table_of(desk, &result.text, &result.counts));
    let rows = result
        .rows
        .iter()
        .map(|row| {
            let name = plain(&row.text);
            view! {
                <h3 dir="auto">{name}</h3>
                <p>{t.desk_poll_n(row.n)}</p>
                {table_of(desk, &row.text, &row.counts)}
            }
        })
        .collect_view();
    let ranks = (!result.ranks.is_empty()).then(|| ranks(desk, result));
    let texts = result.kind.is_text().then(|| {
        let says = t.desk_poll_texts_count(result.texts_published(), result.texts_withheld);
        view! {
            <p>
                {says} " " <a href=to(desk, poll.id, "/texts")>{t.desk_poll_texts()}</a>
            </p>
        }
    });
    view! {
        <h2 dir="auto" lang=lang>
            {plain(&result.text)}
        </h2>
        {wording(&desk.page, poll, results, result)}
        <p>{t.desk_poll_n(result.n)}</p>
        {figures}
        {counts}
        {rows}
        {ranks}
        {texts}
    }
    .into_any()
}

/// How often each was chosen.
fn table_of(desk: &Desk, label: &str, counts: &[Count]) -> AnyView {
    let t = desk.t();
    let heads = [
        t.desk_poll_option(),
        t.desk_poll_count(),
        t.desk_poll_percent(),
    ];
    let rows = counts
        .iter()
        .map(|count| {
            view! {
                <tr>
                    <th scope="row" dir="auto">
                        {plain(&count.text)}
                    </th>
                    <td>{t.number(count.count)}</td>
                    <td>{format!("{:.1} %", count.percent)}</td>
                </tr>
            }
        })
        .collect_view();
    table(plain(label), heads.map(Into::into).to_vec(), rows)
}

/// Mean ranks, best first, and how often at each place.
fn ranks(desk: &Desk, result: &QuestionResult) -> AnyView {
    let t = desk.t();
    let places = result.ranks.first().map_or(0, |rank| rank.at_rank.len());
    let mut heads = vec![
        t.desk_poll_option().to_owned(),
        t.desk_poll_mean_rank().into(),
    ];
    heads.extend(
        (1..=places).map(|place| t.desk_poll_at_place(i64::try_from(place).unwrap_or(i64::MAX))),
    );
    let rows = result
        .ranks
        .iter()
        .map(|rank| {
            let cells = rank
                .at_rank
                .iter()
                .map(|times| view! { <td>{t.number(*times)}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row" dir="auto">
                        {plain(&rank.text)}
                    </th>
                    <td>{format!("{:.2}", rank.mean_rank)}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let label = plain(&result.text);
    table(label, heads, rows)
}
