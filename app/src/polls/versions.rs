//! What a result says of the versions of its question: in which it was asked, and how, where a
//! correction changed it.

use super::question;
use crate::i18n::T;
use crate::page::PageContext;
use crate::ui;
use domain::polls::results::QuestionResult;
use domain::polls::{Poll, PollResults, Question, QuestionKind};
use leptos::prelude::*;

/// The question as it was asked by those whose answers these are.
pub(super) fn asked<'a>(poll: &'a Poll, result: &'a QuestionResult) -> Option<&'a Question> {
    let now = || poll.questionnaire.question(&result.code);
    result.earlier.as_ref().or_else(now)
}

/// "version 1, version 3".
fn named(t: T, versions: &[i64]) -> String {
    let names = versions.iter().map(|version| t.poll_in_version(*version));
    names.collect::<Vec<_>>().join(t.list_comma())
}

/// In which versions a question was asked.
pub(super) fn asked_in(t: T, result: &QuestionResult) -> String {
    t.poll_asked_in(named(t, &result.versions))
}

/// Says of a result where it was not asked on every ballot, and of one that a correction set apart
/// from another what was asked; nothing where there is nothing to tell.
pub fn wording(
    cx: &PageContext,
    poll: &Poll,
    results: &PollResults,
    result: &QuestionResult,
) -> Option<AnyView> {
    let t = cx.t();
    let others = || results.questions.iter().filter(|o| o.code == result.code);
    let corrected = others().any(|other| other.earlier.is_some());
    if !corrected && result.ballots == results.ballots {
        return None;
    }
    let now = others().any(|other| other.earlier.is_none());
    let why = result.earlier.as_ref().map(|_| {
        let why = if now {
            t.poll_asked_otherwise()
        } else {
            t.poll_asked_no_more()
        };
        view! { " · " {why} }
    });
    let question = asked(poll, result).filter(|_| corrected);
    let hint = question.and_then(|question| question.hint.as_deref());
    let hint = hint.map(|hint| ui::prose_in(cx.lang_of(&poll.unit), hint));
    let limited = |question: &&Question| {
        matches!(question.kind, QuestionKind::Multiple | QuestionKind::Number)
    };
    let rule = question
        .filter(limited)
        .and_then(|question| question::rule(cx, question))
        .map(|rule| view! { <p class="hint">{rule}</p> });
    Some(
        view! {
            <p class="by">
                <strong>{asked_in(t, result)}</strong>
                {why}
            </p>
            {hint}
            {rule}
        }
        .into_any(),
    )
}
