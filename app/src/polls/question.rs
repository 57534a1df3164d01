//! One question of every kind as form fields. The first control of each has the id
//! `answers.CODE`, so that an error can lead there.

use super::form::number_of;
use super::matrix::matrix;
use crate::page::{PageContext, plain};
use crate::ui;
use domain::limits;
use domain::polls::form::BallotForm;
use domain::polls::{Poll, PollOption, Question, QuestionKind};
use leptos::prelude::*;

/// A question with what stands in it.
pub(super) struct Asked<'a> {
    pub poll: &'a Poll,
    pub question: &'a Question,
    pub form: &'a BallotForm,
    pub error: Option<String>,
}

impl Asked<'_> {
    fn id(&self) -> String {
        format!("answers.{}", self.question.code)
    }

    pub(super) fn name(&self) -> String {
        format!("a.{}", self.question.code)
    }

    /// The id of a control that is not the first.
    pub(super) fn id_of(&self, part: &str, first: bool) -> String {
        if first {
            self.id()
        } else {
            format!("a.{}-{part}", self.question.code)
        }
    }

    fn class(&self) -> &'static str {
        if self.error.is_some() {
            "field wrong"
        } else {
            "field"
        }
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }
}

/// The question in a box that the island can hide and mix.
pub(super) fn question(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let question = asked.question;
    let fields = match question.kind {
        QuestionKind::Single => single(cx, asked),
        QuestionKind::Multiple => multiple(cx, asked),
        QuestionKind::Scale => scale(cx, asked),
        QuestionKind::Ranking => ranking(cx, asked),
        QuestionKind::Matrix => matrix(cx, asked),
        QuestionKind::ShortText | QuestionKind::Number => line(cx, asked),
        QuestionKind::LongText => lines(cx, asked),
        QuestionKind::Section => section(cx, asked.poll, question),
    };
    let condition = question.show_if.as_ref();
    let mixes = matches!(question.kind, QuestionKind::Single | QuestionKind::Multiple);
    view! {
        <div
            class="question"
            data-if=condition.map(|condition| condition.question.clone())
            data-any=condition.map(|condition| condition.any_of.join(" "))
            data-random=(question.random && mixes).then_some("")
        >
            {fields}
        </div>
    }
    .into_any()
}

/// The number, what is asked, and whether it must be answered.
fn title(cx: &PageContext, poll: &Poll, question: &Question) -> AnyView {
    let number = number_of(&poll.questionnaire, &question.code).map(|number| format!("{number}. "));
    let required = question
        .required
        .then(|| view! { " " <span class="must">{cx.t().poll_required()}</span> });
    view! {
        {number}
        {words(cx, poll, &question.text)}
        {required}
    }
    .into_any()
}

/// What the unit wrote, in its language.
pub(super) fn words(cx: &PageContext, poll: &Poll, text: &str) -> AnyView {
    view! { <span dir="auto" lang=cx.lang_of(&poll.unit)>{plain(text)}</span> }.into_any()
}

/// Under which answer it is asked, in words.
fn condition(cx: &PageContext, poll: &Poll, question: &Question) -> Option<String> {
    let t = cx.t();
    let condition = question.show_if.as_ref()?;
    let asked = poll.questionnaire.question(&condition.question)?;
    let number = number_of(&poll.questionnaire, &condition.question)?;
    let options: Vec<String> = condition
        .any_of
        .iter()
        .filter_map(|code| asked.option(code))
        .map(|option| t.poll_quoted(plain(&option.text)))
        .collect();
    Some(t.poll_only_if(number, options.join(t.poll_or())))
}

/// How it can be answered.
pub(super) fn rule(cx: &PageContext, question: &Question) -> Option<String> {
    let t = cx.t();
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let options = size(question.options.len());
    Some(match question.kind {
        QuestionKind::Multiple => {
            let least = question.min.map_or(0, |min| min as i64);
            let most = question.max.map_or(options, |max| max as i64);
            match (least, most >= options) {
                (0 | 1, true) => t.poll_choose_any().into(),
                (0 | 1, false) => t.poll_choose_at_most(most),
                (least, true) if least < options => t.poll_choose_at_least(least),
                (least, _) if least == most => t.poll_choose_exactly(least),
                (least, _) => t.poll_choose_between(least, most),
            }
        }
        QuestionKind::Ranking if question.required => t.poll_rank_hint(options),
        QuestionKind::Ranking => t.poll_rank_hint_optional(options),
        QuestionKind::ShortText => t.poll_text_limit(size(limits::SHORT_ANSWER)),
        QuestionKind::LongText => t.poll_text_limit(size(limits::LONG_ANSWER)),
        QuestionKind::Number => match (question.min, question.max) {
            (Some(least), Some(most)) => t.poll_number_between(least, most),
            (Some(least), None) => t.poll_number_at_least(least),
            (None, Some(most)) => t.poll_number_at_most(most),
            (None, None) => t.poll_number_any().into(),
        },
        _ => return None,
    })
}

/// What stands between the title and the answers, and whether anything does.
fn hints(cx: &PageContext, asked: &Asked<'_>) -> Vec<AnyView> {
    let (poll, question) = (asked.poll, asked.question);
    let condition = condition(cx, poll, question)
        .map(|condition| view! { <p class="hint only">{condition}</p> }.into_any());
    let hint = question.hint.as_deref().map(|hint| {
        view! { <div class="hint">{ui::prose_in(cx.lang_of(&poll.unit), hint)}</div> }.into_any()
    });
    let rule = rule(cx, question).map(|rule| view! { <p class="hint">{rule}</p> }.into_any());
    condition.into_iter().chain(hint).chain(rule).collect()
}

/// Hints and error, with the ids that describe the control.
fn notes(cx: &PageContext, asked: &Asked<'_>) -> (AnyView, Option<String>) {
    let (hint_id, error_id) = (
        format!("{}-hint", asked.id()),
        format!("{}-error", asked.id()),
    );
    let hints = hints(cx, asked);
    let described: Vec<&str> = [
        (!hints.is_empty()).then_some(hint_id.as_str()),
        asked.error.as_ref().map(|_| error_id.as_str()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let hints = (!hints.is_empty()).then(|| view! { <div id=hint_id>{hints}</div> });
    let error = asked
        .error
        .clone()
        .map(|error| view! { <p class="error" id=error_id>{error}</p> });
    (
        view! {
            {hints}
            {error}
        }
        .into_any(),
        described,
    )
}

/// Several controls that answer one question.
pub(super) fn group(
    cx: &PageContext,
    asked: &Asked<'_>,
    controls: impl IntoView + 'static,
) -> AnyView {
    let (notes, described) = notes(cx, asked);
    view! {
        <fieldset class=asked.class() aria-describedby=described>
            <legend>{title(cx, asked.poll, asked.question)}</legend>
            {notes}
            {controls.into_any()}
        </fieldset>
    }
    .into_any()
}

/// One thing to choose.
pub(super) struct Choice {
    pub kind: &'static str,
    pub id: String,
    pub name: String,
    pub value: String,
    pub checked: bool,
}

pub(super) fn choice(choice: Choice, label: AnyView) -> AnyView {
    let Choice {
        kind,
        id,
        name,
        value,
        checked,
    } = choice;
    view! {
        <div class="radio">
            <input type=kind id=id.clone() name=name value=value checked=checked />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// A radio button cannot be taken back, so what may be left out has one that says so.
pub(super) fn no_answer(
    cx: &PageContext,
    asked: &Asked<'_>,
    name: &str,
    id: String,
) -> Option<AnyView> {
    (!asked.question.required).then(|| {
        let none = Choice {
            kind: "radio",
            id,
            name: name.to_owned(),
            value: String::new(),
            checked: asked.form.value(name).is_empty(),
        };
        choice(none, cx.t().poll_no_answer().into_any())
    })
}

fn options(cx: &PageContext, asked: &Asked<'_>, kind: &'static str) -> Vec<AnyView> {
    asked
        .question
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let name = asked.name();
            let one = Choice {
                kind,
                id: asked.id_of(&option.code, index == 0),
                value: option.code.clone(),
                checked: asked.form.has(&name, &option.code),
                name,
            };
            choice(one, words(cx, asked.poll, &option.text))
        })
        .collect()
}

fn single(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let none = no_answer(cx, asked, &asked.name(), asked.id_of("", false));
    group(cx, asked, (options(cx, asked, "radio"), none))
}

fn multiple(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    group(cx, asked, options(cx, asked, "checkbox"))
}

/// The steps beside each other; what the ends mean stands at the ends.
fn scale(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let question = asked.question;
    let steps = question.steps();
    let (first, last) = (*steps.start(), *steps.end());
    let buttons: Vec<AnyView> = steps
        .map(|step| {
            let name = asked.name();
            let end = match step {
                step if step == first => question.min_label.as_deref(),
                step if step == last => question.max_label.as_deref(),
                _ => None,
            };
            let end = end.map(|end| view! { " " {words(cx, asked.poll, end)} });
            let one = Choice {
                kind: "radio",
                id: asked.id_of(&step.to_string(), step == first),
                value: step.to_string(),
                checked: asked.form.has(&name, &step.to_string()),
                name,
            };
            let label = view! {
                {step.to_string()}
                {end}
            };
            choice(one, label.into_any())
        })
        .collect();
    let none = no_answer(cx, asked, &asked.name(), asked.id_of("", false));
    group(
        cx,
        asked,
        view! { <div class="scale">{buttons} {none}</div> },
    )
}

/// A place to choose for each option: works by keyboard, on a phone and without scripts.
fn ranking(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let t = cx.t();
    let places = i64::try_from(asked.question.options.len()).unwrap_or(i64::MAX);
    let rows: Vec<AnyView> = asked
        .question
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let name = format!("{}.{}", asked.name(), option.code);
            let chosen = asked.form.value(&name).to_owned();
            let places = (1..=places)
                .map(|place| {
                    let selected = chosen == place.to_string();
                    view! {
                        <option value=place.to_string() selected=selected>
                            {t.poll_place(place)}
                        </option>
                    }
                })
                .collect_view();
            let id = asked.id_of(&option.code, index == 0);
            view! {
                <div class="rank">
                    <select id=id.clone() name=name aria-invalid=asked.invalid()>
                        <option value="">{t.poll_no_place()}</option>
                        {places}
                    </select>
                    <label for=id>{words(cx, asked.poll, &option.text)}</label>
                </div>
            }
            .into_any()
        })
        .collect();
    group(cx, asked, rows)
}

/// One line of text, or a number.
fn line(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let (notes, described) = notes(cx, asked);
    let number = asked.question.kind == QuestionKind::Number;
    view! {
        <div class=asked.class()>
            <label for=asked.id()>{title(cx, asked.poll, asked.question)}</label>
            {notes}
            <input
                id=asked.id()
                name=asked.name()
                value=asked.form.value(&asked.name()).to_owned()
                autocomplete="off"
                inputmode=number.then_some("decimal")
                data-limit=(!number).then(|| limits::SHORT_ANSWER.to_string())
                aria-describedby=described
                aria-invalid=asked.invalid()
                dir="auto"
            />
        </div>
    }
    .into_any()
}

fn lines(cx: &PageContext, asked: &Asked<'_>) -> AnyView {
    let (notes, described) = notes(cx, asked);
    // A text area's content is not escaped by the view, and its first line break is swallowed.
    let content = format!("\n{}", ui::form::escape(asked.form.value(&asked.name())));
    view! {
        <div class=asked.class()>
            <label for=asked.id()>{title(cx, asked.poll, asked.question)}</label>
            {notes}
            <textarea
                id=asked.id()
                name=asked.name()
                rows="5"
                data-limit=limits::LONG_ANSWER.to_string()
                aria-describedby=described
                aria-invalid=asked.invalid()
                dir="auto"
                inner_html=content
            ></textarea>
        </div>
    }
    .into_any()
}

fn section(cx: &PageContext, poll: &Poll, question: &Question) -> AnyView {
    let condition = condition(cx, poll, question)
        .map(|condition| view! { <p class="hint only">{condition}</p> });
    let hint = question
        .hint
        .as_deref()
        .map(|hint| ui::prose_in(cx.lang_of(&poll.unit), hint));
    view! {
        <h3>{words(cx, poll, &question.text)}</h3>
        {condition}
        {hint}
    }
    .into_any()
}

/// The first and the last step of a scale, with what they mean.
fn ends(cx: &PageContext, poll: &Poll, question: &Question) -> AnyView {
    let steps = question.steps();
    let end = |step: i64, label: Option<&str>| {
        let label = label.map(|label| view! { " " {words(cx, poll, label)} });
        view! { <li>{step.to_string()} {label}</li> }
    };
    view! {
        <ul>
            {end(*steps.start(), question.min_label.as_deref())}
            {end(*steps.end(), question.max_label.as_deref())}
        </ul>
    }
    .into_any()
}

/// The questions to be read where they cannot be answered.
pub(super) fn read_only(cx: &PageContext, poll: &Poll) -> AnyView {
    let questions = poll
        .questionnaire
        .questions
        .iter()
        .map(|question| {
            if question.kind == QuestionKind::Section {
                return section(cx, poll, question);
            }
            let condition = condition(cx, poll, question)
                .map(|condition| view! { <p class="hint only">{condition}</p> });
            let named = |list: &[PollOption]| {
                let items: Vec<AnyView> = list
                    .iter()
                    .map(|one| view! { <li>{words(cx, poll, &one.text)}</li> }.into_any())
                    .collect();
                (!items.is_empty()).then(|| view! { <ul>{items}</ul> })
            };
            let ends = (question.kind == QuestionKind::Scale).then(|| ends(cx, poll, question));
            view! {
                <p class="label">{title(cx, poll, question)}</p>
                {condition}
                {ends}
                {named(&question.rows)}
                {named(&question.options)}
            }
            .into_any()
        })
        .collect_view();
    view! { <div class="asked">{questions}</div> }.into_any()
}
