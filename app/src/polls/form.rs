//! The ballot: all questions on one page, in one form that works by plain POST.

use super::islands::{PollFormIsland, kept_name};
use super::page::Answering;
use super::question::{self, Asked};
use crate::i18n::T;
use crate::page::{Chrome, PageContext, To};
use crate::ui;
use crate::ui::form::Field;
use domain::polls::{IdentityLevel, Poll, QuestionKind, Questionnaire};
use domain::problem::{Fault, Violation};
use leptos::prelude::*;

/// All that is wrong, to stand directly below the heading.
pub(super) fn error_summary(cx: &PageContext, answering: Answering<'_>) -> Option<AnyView> {
    let t = cx.t();
    let poll = answering.poll;
    let lines = answering.wrong.map(|wrong| {
        wrong
            .0
            .iter()
            .map(|violation| {
                let place = place(cx, &poll.questionnaire, violation)
                    .map(|place| t.form_place(place))
                    .unwrap_or_default();
                let sentence = fault(t, &poll.questionnaire, violation);
                (violation.field.clone(), format!("{place}{sentence}"))
            })
            .collect()
    });
    lines.and_then(|lines| ui::form::error_lines(t, lines))
}

/// The form in its island.
pub(super) fn live_form(cx: &PageContext, answering: Answering<'_>) -> AnyView {
    let t = cx.t();
    let poll = answering.poll;
    // What depends on an answer is hidden, and mixed options are mixed, before anyone begins.
    let eager = poll
        .questionnaire
        .questions
        .iter()
        .any(|question| question.show_if.is_some() || question.random);
    let words = [t.island_left("{number}"), t.island_over("{number}")].join("\n");
    let fields = fields(cx, answering);
    view! {
        <div data-draft=kept_name(&poll.id.to_string()) data-eager=eager.then_some("")>
            <PollFormIsland poll=poll.id.to_string() words=words>
                {fields}
            </PollFormIsland>
        </div>
    }
    .into_any()
}

fn fields(cx: &PageContext, answering: Answering<'_>) -> AnyView {
    let t = cx.t();
    let Answering {
        poll, form, wrong, ..
    } = answering;
    let asked = &poll.questionnaire;
    let questions = asked
        .questions
        .iter()
        .map(|one| {
            let field = format!("answers.{}", one.code);
            let violation = wrong.and_then(|wrong| wrong.0.iter().find(|v| v.field == field));
            question::question(
                cx,
                &Asked {
                    poll,
                    question: one,
                    form,
                    error: violation.map(|violation| fault(t, asked, violation)),
                },
            )
        })
        .collect_view();
    // A form that came back with its values must not be filled again from what the browser kept.
    let kept = wrong.is_some() || !form.values.is_empty();
    let target = (cx.chrome == Chrome::Fragment).then_some("_blank");
    view! {
        <form
            class="poll"
            method="post"
            accept-charset="utf-8"
            action=cx.link(&To::Poll(poll.id)).href
            target=target
            novalidate
            data-kept=kept.then_some("")
        >
            {ui::form::default_button("check".into())}
            <p class="hint">{t.poll_form_intro()}</p>
            <p class="hint" hidden data-restored="">
                {t.poll_restored()}
                " "
                <button type="button" class="quiet" data-clear="">
                    {t.poll_clear()}
                </button>
            </p>
            {ui::form::hidden("key", &form.key)}
            {ui::form::hidden("version", &poll.version.to_string())}
            {code(cx, answering)}
            {questions}
            <p class="buttons">
                {ui::form::action_button("button", "check".into(), t.poll_send())}
                <span class="hint">{t.poll_send_hint()}</span>
            </p>
            <p class="hint" hidden data-keeping="">
                {t.poll_kept_here()}
            </p>
        </form>
    }
    .into_any()
}

/// Where the one-time code is typed, if the poll asks for one.
fn code(cx: &PageContext, answering: Answering<'_>) -> Option<AnyView> {
    let t = cx.t();
    let Answering {
        poll, form, wrong, ..
    } = answering;
    if poll.questionnaire.identity == IdentityLevel::None {
        return None;
    }
    let violation = wrong.and_then(|wrong| wrong.0.iter().find(|v| v.field == "code"));
    let field = Field {
        name: "code".into(),
        label: format!("{} {}", t.poll_code(), t.poll_required()),
        hint: Some(t.poll_code_hint().into()),
        value: &form.code,
        error: violation.map(|violation| fault(t, &poll.questionnaire, violation)),
    };
    Some(ui::form::text_input(&field, "off"))
}

/// The number of a question as people count them: sections are none.
pub(super) fn number_of(asked: &Questionnaire, code: &str) -> Option<i64> {
    let mut number = 0;
    for question in &asked.questions {
        number += i64::from(question.kind != QuestionKind::Section);
        if question.code == code {
            return (question.kind != QuestionKind::Section).then_some(number);
        }
    }
    None
}

fn place(cx: &PageContext, asked: &Questionnaire, violation: &Violation) -> Option<String> {
    if violation.field == "code" {
        return Some(cx.t().poll_code().into());
    }
    let number = number_of(asked, violation.field.strip_prefix("answers.")?)?;
    Some(cx.t().poll_question(number))
}

/// What is wrong with an answer, and what to do.
fn fault(t: T, asked: &Questionnaire, violation: &Violation) -> String {
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if violation.field == "code" {
        return match violation.fault {
            Fault::Required => t.poll_fault_code_required(),
            Fault::Unknown => t.poll_fault_code_unknown(),
            Fault::Taken => t.poll_fault_code_taken(),
            _ => t.poll_fault_code_malformed(),
        }
        .into();
    }
    let code = violation.field.strip_prefix("answers.");
    let kind = code
        .and_then(|code| asked.question(code))
        .map(|question| question.kind);
    match (&violation.fault, kind) {
        (Fault::Required, Some(QuestionKind::Matrix)) => t.poll_fault_rows().into(),
        (Fault::Required, Some(QuestionKind::Ranking)) => t.fault_not_a_ranking().into(),
        (
            Fault::Required,
            Some(QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Scale),
        ) => t.poll_fault_choose().into(),
        (Fault::Required, _) => t.poll_fault_required().into(),
        (Fault::TooMany { limit, length }, _) => t.poll_fault_too_many(size(*length), size(*limit)),
        (Fault::TooLong { limit, length }, _) => {
            t.poll_fault_too_long(size(*limit), size(length.saturating_sub(*limit)))
        }
        (Fault::Malformed, Some(QuestionKind::Number)) => t.poll_fault_number().into(),
        _ => t.fault(violation),
    }
}

/// The hidden values of a ballot, for pages that carry it along.
pub(super) fn carried(poll: &Poll, form: &domain::polls::form::BallotForm) -> AnyView {
    let values = form
        .values
        .iter()
        .map(|(name, value)| ui::form::hidden(name, value))
        .collect_view();
    let code = (poll.questionnaire.identity != IdentityLevel::None)
        .then(|| ui::form::hidden("code", &form.code));
    view! {
        {ui::form::hidden("key", &form.key)}
        {ui::form::hidden("version", &poll.version.to_string())}
        {code}
        {values}
    }
    .into_any()
}
