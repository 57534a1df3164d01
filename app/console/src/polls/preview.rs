//! The questions as they will be asked, in words: nothing here can be answered.

use super::poll::is_answered;
use crate::desk::Desk;
use app::page::plain;
use app::ui;
use domain::polls::{Poll, PollOption, Question, QuestionKind, Questionnaire};
use leptos::prelude::*;

/// Introduction, method note and every question.
pub(super) fn preview(desk: &Desk, poll: &Poll) -> AnyView {
    let t = desk.t();
    let asked = &poll.questionnaire;
    let lang = || desk.page.lang_of(&poll.unit);
    let intro = asked
        .intro
        .as_deref()
        .map(|text| ui::prose_in(lang(), text));
    let method = match asked.method.as_deref() {
        Some(text) => view! {
            <p class="label">{t.desk_poll_method()}</p>
            {ui::prose_in(lang(), text)}
        }
        .into_any(),
        None => ui::inset(view! { <p>{t.desk_poll_method_missing()}</p> }),
    };
    let mut n = 0;
    let questions = asked
        .questions
        .iter()
        .map(|one| {
            if !is_answered(one.kind) {
                let hint = one.hint.as_deref().map(ui::prose);
                return view! {
                    <h3>{plain(&one.text)}</h3>
                    {hint}
                }
                .into_any();
            }
            n += 1;
            question(desk, asked, one, n)
        })
        .collect_view();
    view! {
        {intro}
        {method}
        <div class="preview" lang=lang()>
            {questions}
        </div>
    }
    .into_any()
}

fn question(desk: &Desk, asked: &Questionnaire, one: &Question, n: i64) -> AnyView {
    let t = desk.t();
    let required = if one.required {
        t.desk_poll_required()
    } else {
        t.desk_poll_optional()
    };
    let hint = one.hint.as_deref().map(ui::prose);
    let condition = one.show_if.as_ref().map(|condition| {
        let before = asked.question(&condition.question);
        let name = |code: &String| {
            let option = before.and_then(|question| question.option(code));
            option.map_or_else(|| code.clone(), |option| plain(&option.text))
        };
        let options: Vec<String> = condition.any_of.iter().map(name).collect();
        let question = before.map_or_else(String::new, |question| plain(&question.text));
        let options = options.join(t.desk_comma());
        view! { <p class="hint">{t.desk_poll_only_if(options, question)}</p> }
    });
    let list = |options: &[PollOption]| {
        let items = options
            .iter()
            .map(|option| view! { <li>{plain(&option.text)}</li> })
            .collect_view();
        view! { <ul>{items}</ul> }.into_any()
    };
    let rows = (one.kind == QuestionKind::Matrix).then(|| {
        view! {
            <p class="label">{t.desk_poll_rows()}</p>
            {list(&one.rows)}
            <p class="label">{t.desk_poll_options()}</p>
        }
    });
    let options = one.kind.has_options().then(|| list(&one.options));
    view! {
        <section>
            <p class="asked">
                <b>{t.number(n)} ". " {plain(&one.text)}</b>
                " "
                <span class="hint">
                    {t.question_kind(one.kind)} {t.desk_comma()} {required}
                </span>
            </p>
            {hint}
            {condition}
            {bounds(desk, one)}
            {rows}
            {options}
        </section>
    }
    .into_any()
}

/// From where to where, and what the ends mean.
fn bounds(desk: &Desk, one: &Question) -> Option<AnyView> {
    let t = desk.t();
    let (min, max) = match one.kind {
        QuestionKind::Scale | QuestionKind::Number | QuestionKind::Multiple => (one.min, one.max),
        _ => return None,
    };
    let end = |bound: Option<f64>, label: &Option<String>| {
        let bound = bound.map(|n| n.to_string()).unwrap_or_default();
        match label {
            Some(label) => format!("{bound} {}", plain(label)),
            None => bound,
        }
    };
    let (least, most) = (end(min, &one.min_label), end(max, &one.max_label));
    let says = match (least.is_empty(), most.is_empty()) {
        (true, true) => return None,
        (false, true) => t.desk_poll_from(least),
        (true, false) => t.desk_poll_up_to(most),
        (false, false) => t.desk_poll_from_to(least, most),
    };
    Some(view! { <p class="hint">{says}</p> }.into_any())
}
