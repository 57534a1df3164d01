//! What somebody answered, in words: to check it before it is sent, and to give back what was
//! written when it cannot be taken.

use super::form::number_of;
use crate::page::{PageContext, plain};
use crate::ui;
use domain::polls::form::BallotForm;
use domain::polls::{Poll, Question, QuestionKind, Questionnaire};
use leptos::prelude::*;

/// Every answered question with its answer.
pub(super) fn all(cx: &PageContext, poll: &Poll, form: &BallotForm) -> AnyView {
    let t = cx.t();
    let asked = &poll.questionnaire;
    let given: Vec<AnyView> = asked
        .questions
        .iter()
        .filter_map(|question| {
            let answer = answer(cx, question, form)?;
            let number = number_of(asked, &question.code)
                .map(|number| format!("{number}. "))
                .unwrap_or_default();
            let lang = cx.lang_of(&poll.unit);
            Some(
                view! {
                    <dt>{number} <span dir="auto" lang=lang>{plain(&question.text)}</span></dt>
                    <dd>{answer}</dd>
                }
                .into_any(),
            )
        })
        .collect();
    if given.is_empty() {
        return view! { <p>{t.poll_no_answers()}</p> }.into_any();
    }
    view! { <dl class="review">{given}</dl> }.into_any()
}

/// An answer in words; `None` where nothing was answered.
fn answer(cx: &PageContext, question: &Question, form: &BallotForm) -> Option<AnyView> {
    let name = format!("a.{}", question.code);
    let text = |code: &str| {
        let option = question.option(code);
        option.map_or_else(|| plain(code), |option| plain(&option.text))
    };
    let lines: Vec<String> = match question.kind {
        QuestionKind::Section => return None,
        QuestionKind::ShortText | QuestionKind::LongText => {
            let words = form.value(&name).trim();
            return (!words.is_empty()).then(|| ui::prose(words));
        }
        QuestionKind::Single => vec![text(form.value(&name))],
        QuestionKind::Scale | QuestionKind::Number => vec![plain(form.value(&name).trim())],
        QuestionKind::Multiple => question
            .options
            .iter()
            .filter(|option| form.has(&name, &option.code))
            .map(|option| plain(&option.text))
            .collect(),
        QuestionKind::Ranking => {
            let mut ranked: Vec<(i64, String)> = question
                .options
                .iter()
                .filter_map(|option| {
                    let place = form.value(&format!("{name}.{}", option.code));
                    Some((place.trim().parse().ok()?, plain(&option.text)))
                })
                .collect();
            ranked.sort();
            ranked
                .into_iter()
                .map(|(place, text)| cx.t().form_place(cx.t().poll_place(place)) + &text)
                .collect()
        }
        QuestionKind::Matrix => question
            .rows
            .iter()
            .filter_map(|row| {
                let chosen = form.value(&format!("{name}.{}", row.code));
                (!chosen.is_empty()).then(|| cx.t().form_place(plain(&row.text)) + &text(chosen))
            })
            .collect(),
    };
    let lines: Vec<AnyView> = lines
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(|line| view! { <p dir="auto">{line}</p> }.into_any())
        .collect();
    (!lines.is_empty()).then(|| lines.into_any())
}

/// Words that came too late to be counted, to be copied.
pub(super) fn left_over(
    cx: &PageContext,
    asked: &Questionnaire,
    form: &BallotForm,
) -> Option<AnyView> {
    let written: Vec<AnyView> = asked
        .questions
        .iter()
        .filter(|question| question.kind.is_text())
        .filter_map(|question| answer(cx, question, form))
        .collect();
    (!written.is_empty()).then(|| {
        view! {
            <h2>{cx.t().poll_left_over()}</h2>
            {written}
        }
        .into_any()
    })
}
