//! A question that asks the same of several lines.

use super::question::{Asked, Choice, choice, group, no_answer, words};
use crate::page::PageContext;
use domain::polls::PollOption;
use leptos::prelude::*;

/// Columns of a matrix that still fit beside each other.
const COLUMNS: usize = 6;

/// A row of choices for each line. Beside each other under common heads where there is room, else
/// each line by itself; to a screen reader always a group with its name.
pub(super) fn matrix(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let t = cx.t();
    let question = asked.question;
    let columns = question.options.len() + usize::from(!question.required);
    let none = (!question.required).then(|| view! { <span>{t.poll_no_answer()}</span> });
    let heads = question
        .options
        .iter()
        .map(|option| words(cx, asked.poll, &option.text))
        .collect_view();
    let rows: Vec<AnyView> = question
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| matrix_row(cx, asked, row, index == 0))
        .collect();
    let class = if columns <= COLUMNS {
        "matrix beside"
    } else {
        "matrix"
    };
    group(
        cx,
        asked,
        view! {
            <div class=class>
                <div class="heads" aria-hidden="true">
                    <span></span>
                    {heads}
                    {none}
                </div>
                {rows}
            </div>
        },
    )
}

fn matrix_row(cx: &PageContext, asked: &Asked<'_>, row: &PollOption, first: bool) -> AnyView {
    let name = format!("{}.{}", asked.name(), row.code);
    let id = asked.id_of(&format!("{}-row", row.code), false);
    let cells: Vec<AnyView> = asked
        .question
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let one = Choice {
                kind: "radio",
                id: asked.id_of(
                    &format!("{}-{}", row.code, option.code),
                    first && index == 0,
                ),
                name: name.clone(),
                value: option.code.clone(),
                checked: asked.form.has(&name, &option.code),
            };
            choice(one, words(cx, asked.poll, &option.text))
        })
        .collect();
    let none = no_answer(
        cx,
        asked,
        &name,
        asked.id_of(&format!("{}-", row.code), false),
    );
    let labelled_by = id.clone();
    view! {
        <div class="row" role="radiogroup" aria-labelledby=labelled_by>
            <p id=id>{words(cx, asked.poll, &row.text)}</p>
            {cells}
            {none}
        </div>
    }
    .into_any()
}
