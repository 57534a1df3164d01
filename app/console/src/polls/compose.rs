//! `/desk/c/{number}/polls/new` and `/desk/polls/{id}/edit`: the questions. A poll that is public is
//! not changed but corrected: the same form, with a note that says in public what it corrects.

use super::form::{PollForm, QuestionForm};
use super::{address, place};
use crate::desk::Desk;
use crate::fields::{form, number, tick};
use crate::frame::{Head, Tab, screen};
use crate::rows;
use app::ui::form::{
    Choice, Field, Group, action_button, default_button, error_for, error_summary, hidden, select,
    text_input, textarea,
};
use domain::consultations::Consultation;
use domain::limits;
use domain::polls::{IdentityLevel, PollNumber, PollPhase, QuestionKind, ResultsShown};
use domain::problem::Violations;
use leptos::prelude::*;

const ROWS: &str = "questions";

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct ComposeData<'a> {
    pub consultation: &'a Consultation,
    /// The poll that is changed; `None` for a new one.
    pub of: Option<PollNumber>,
    /// Whether the poll is public: then this makes a new version.
    pub public: bool,
    pub form: &'a PollForm,
    pub wrong: Option<&'a Violations>,
}

impl ComposeData<'_> {
    fn action(&self, desk: &Desk) -> String {
        match self.of {
            Some(number) => desk.to(&address(number, "/edit")),
            None => desk.of(self.consultation.number, "/polls/new"),
        }
    }
}

/// The form of the questions.
pub fn compose_page(desk: &Desk, data: ComposeData<'_>) -> String {
    let t = desk.t();
    let title = match (data.of, data.public) {
        (_, true) => t.desk_poll_correct(),
        (Some(_), false) => t.desk_poll_edit(),
        (None, false) => t.desk_poll_new(),
    };
    let head = Head::of(title, data.consultation, Tab::Polls);
    screen(desk, &head, || {
        let intro = if data.public {
            t.desk_poll_correct_intro()
        } else {
            t.desk_poll_edit_intro()
        };
        let back = match data.of {
            Some(number) => desk.to(&address(number, "")),
            None => desk.of(data.consultation.number, "/polls"),
        };
        let correction = data.public.then(|| {
            let field = Field {
                name: "correction".into(),
                label: t.desk_poll_correction().into(),
                hint: Some(t.desk_poll_correction_hint().into()),
                value: &data.form.correction,
                error: error_for(t, data.wrong, "correction"),
            };
            textarea(&field, 3, limits::REASON)
        });
        let save = if data.public {
            t.desk_poll_correct_publish()
        } else {
            t.desk_save()
        };
        view! {
            <h1>{title}</h1>
            <p class="intro">{intro}</p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {form(
                data.action(desk),
                view! {
                    {default_button("look".into())}
                    {facts(desk, data)}
                    <h2>{t.desk_poll_questions()}</h2>
                    {questions(desk, data)}
                    {correction}
                    <p class="acts">
                        {action_button("button", "save".into(), save)} " "
                        <a href=back>{t.desk_cancel()}</a>
                    </p>
                },
            )}
        }
    })
}

fn group(choices: Vec<Choice>) -> [Group; 1] {
    [Group {
        heading: String::new(),
        choices,
    }]
}

fn choice(value: impl Into<String>, text: impl Into<String>) -> Choice {
    Choice {
        value: value.into(),
        text: text.into(),
    }
}

fn facts(desk: &Desk, data: ComposeData<'_>) -> AnyView {
    let t = desk.t();
    let ComposeData { form, wrong, .. } = data;
    let field = |name: &str, label: &str, hint: Option<&str>, value| Field {
        name: name.into(),
        label: label.into(),
        hint: hint.map(Into::into),
        value,
        error: error_for(t, wrong, name),
    };
    let title = field("title", t.desk_title(), None, &form.title);
    let intro = field("intro", t.desk_poll_intro(), None, &form.intro);
    let method_hint = Some(t.desk_poll_method_hint());
    let method = field("method", t.desk_poll_method(), method_hint, &form.method);
    let promised = if data.public {
        // What was promised about answering once and about the results holds.
        view! {
            {hidden("identity", &form.identity)}
            {hidden("results", &form.results)}
            {hidden("phase", &form.phase)}
        }
        .into_any()
    } else {
        let identity = field("identity", t.desk_poll_identity(), None, &form.identity);
        let levels = IdentityLevel::ALL
            .iter()
            .map(|level| choice(level.code(), t.identity_level(*level)))
            .collect();
        let results = field("results", t.desk_poll_results_when(), None, &form.results);
        let shown = ResultsShown::ALL
            .iter()
            .map(|shown| choice(shown.code(), t.results_shown(*shown)))
            .collect();
        let phase = field("phase", t.desk_poll_phase(), None, &form.phase);
        let phases = PollPhase::ALL
            .iter()
            .map(|phase| choice(phase.code(), t.poll_phase(*phase)))
            .collect();
        view! {
            {select(&identity, &group(levels))}
            {select(&results, &group(shown))}
            {select(&phase, &group(phases))}
        }
        .into_any()
    };
    view! {
        {text_input(&title, "off")}
        {textarea(&intro, 3, limits::SUMMARY)}
        {textarea(&method, 3, limits::SUMMARY)}
        {promised}
    }
    .into_any()
}

fn questions(desk: &Desk, data: ComposeData<'_>) -> AnyView {
    let t = desk.t();
    let address = data.action(desk);
    let rows = (0..data.form.questions.len())
        .map(|index| question(desk, data, index, &address))
        .collect_view();
    view! {
        <div id=ROWS tabindex="-1">
            {error_for(t, data.wrong, ROWS)
                .map(|error| view! { <p class="error">{error}</p> })}
            {rows}
        </div>
        <p class="acts adding">
            {rows::button(&address, (ROWS, data.form.questions.len()), "add".into(), t.desk_poll_question_add(), "")}
        </p>
    }
    .into_any()
}

fn question(desk: &Desk, data: ComposeData<'_>, index: usize, address: &str) -> AnyView {
    let t = desk.t();
    let row = &data.form.questions[index];
    let id = |name: &str| format!("{ROWS}.{index}.{name}");
    let field = |name: &str, label: &str, hint: Option<&str>, value| Field {
        name: id(name),
        label: label.into(),
        hint: hint.map(Into::into),
        value,
        error: error_for(t, data.wrong, &id(name)),
    };
    let n = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    let called = t.desk_poll_question_n(n);
    let kinds = QuestionKind::ALL
        .iter()
        .map(|kind| choice(kind.code(), t.question_kind(*kind)))
        .collect();
    let kind = field("kind", t.desk_poll_kind(), None, &row.kind);
    let text = field("text", t.desk_poll_text(), None, &row.text);
    let options_hint = Some(t.desk_poll_options_hint());
    let options = field("options", t.desk_poll_options(), options_hint, &row.options);
    let code_wrong = error_for(t, data.wrong, &id("code"));
    let required = tick(
        &id("required"),
        id("required"),
        "on".into(),
        t.desk_poll_required().into(),
        row.required,
    );
    let up = (index > 0).then(|| {
        rows::button(
            address,
            (ROWS, data.form.questions.len()),
            format!("up.{index}"),
            t.desk_move_up(),
            called.clone(),
        )
    });
    view! {
        <fieldset class="row" id=rows::id(ROWS, index) tabindex="-1">
            <legend>
                {called.clone()} " " <code>{row.code.clone()}</code>
            </legend>
            {hidden(&id("code"), &row.code)}
            {code_wrong.map(|error| view! { <p class="error" id=id("code")>{error}</p> })}
            {select(&kind, &group(kinds))}
            {text_input(&text, "off")}
            <p class="ticks">{required}</p>
            {textarea(&options, 4, limits::OPTIONS_PER_QUESTION * limits::QUESTION_TEXT)}
            {more(desk, data, index)}
            <p class="acts">
                {up} " "
                {rows::button(
                    address,
                    (ROWS, data.form.questions.len()),
                    format!("remove.{index}"),
                    t.desk_take_out(),
                    called,
                )}
            </p>
        </fieldset>
    }
    .into_any()
}

/// What only some questions need, folded away until it is filled in or wrong.
fn more(desk: &Desk, data: ComposeData<'_>, index: usize) -> AnyView {
    let t = desk.t();
    let row = &data.form.questions[index];
    let id = |name: &str| format!("{ROWS}.{index}.{name}");
    let field = |name: &str, label: &str, hint: Option<&str>, value| Field {
        name: id(name),
        label: label.into(),
        hint: hint.map(Into::into),
        value,
        error: error_for(t, data.wrong, &id(name)),
    };
    let hint = field("hint", t.desk_poll_hint(), None, &row.hint);
    let rows_hint = Some(t.desk_poll_rows_hint());
    let lines = field("rows", t.desk_poll_rows(), rows_hint, &row.rows);
    let bounds_hint = Some(t.desk_poll_bounds_hint());
    let min = field("min", t.desk_poll_min(), bounds_hint, &row.min);
    let max = field("max", t.desk_poll_max(), None, &row.max);
    let min_label = field("min_label", t.desk_poll_min_label(), None, &row.min_label);
    let max_label = field("max_label", t.desk_poll_max_label(), None, &row.max_label);
    let condition = field("show_if", t.desk_poll_show_if(), None, &row.show_if);
    let mut earlier = vec![choice("", t.desk_poll_show_always())];
    earlier.extend(
        data.form.questions[..index]
            .iter()
            .filter(|question| {
                matches!(
                    question.kind(),
                    QuestionKind::Single | QuestionKind::Multiple
                )
            })
            .map(|question| choice(&question.code, named(question))),
    );
    // A question that was taken out or moved is still named, so that the fault can be seen.
    if earlier.iter().all(|choice| choice.value != row.show_if) {
        earlier.push(choice(&row.show_if, &row.show_if));
    }
    let any_hint = Some(t.desk_poll_any_of_hint());
    let any_of = field("any_of", t.desk_poll_any_of(), any_hint, &row.any_of);
    let texts = [
        &row.hint,
        &row.rows,
        &row.min,
        &row.max,
        &row.min_label,
        &row.max_label,
        &row.show_if,
        &row.any_of,
    ];
    let names = [
        "hint",
        "rows",
        "min",
        "max",
        "min_label",
        "max_label",
        "show_if",
    ];
    let wrong = names
        .iter()
        .any(|name| error_for(t, data.wrong, &id(name)).is_some());
    let open = wrong
        || row.random
        || row.kind() == QuestionKind::Matrix
        || texts.iter().any(|text| !text.trim().is_empty());
    let random = tick(
        &id("random"),
        id("random"),
        "on".into(),
        t.desk_poll_random().into(),
        row.random,
    );
    view! {
        <details open=open>
            <summary>{t.desk_poll_more()}</summary>
            {textarea(&hint, 2, limits::SUMMARY)}
            {textarea(&lines, 3, limits::OPTIONS_PER_QUESTION * limits::QUESTION_TEXT)}
            {number(&min)}
            {number(&max)}
            {text_input(&min_label, "off")}
            {text_input(&max_label, "off")}
            <p class="ticks">{random}</p>
            {select(&condition, &group(earlier))}
            {textarea(&any_of, 2, limits::SUMMARY)}
        </details>
    }
    .into_any()
}

fn named(question: &QuestionForm) -> String {
    let text: String = question.text.chars().take(60).collect();
    format!("{} {text}", question.code)
}
