//! `/desk/polls/{id}/texts`: answers in words, read before everyone reads them. One or all that are
//! ticked; what is held back stays counted.

use super::{address, up};
use crate::desk::Desk;
use crate::fields::{form, tick};
use crate::frame::{Head, Tab, screen};
use crate::overview::paging;
use app::page::plain;
use app::ui;
use app::ui::form::{
    Choice, Field, Group, action_button, default_button, error_lines, hidden, select,
};
use domain::consultations::{Consultation, Page};
use domain::polls::{Poll, PollNumber, ReviewedText, TextState};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// The ticks, as faults name them.
pub const TICKED_TEXTS: &str = "ticked";

/// One page of the answers in words.
#[derive(Clone, Copy, Debug)]
pub struct TextsData<'a> {
    pub consultation: &'a Consultation,
    pub poll: &'a Poll,
    pub state: Option<TextState>,
    /// The key of this page; `None` for the first.
    pub after: Option<&'a str>,
    pub texts: &'a Page<ReviewedText>,
    pub wrong: Option<&'a Violations>,
}

/// The list under a filter, without its key.
pub fn texts_address(number: PollNumber, state: Option<TextState>) -> String {
    match state {
        Some(state) => address(number, &format!("/texts?state={state}")),
        None => address(number, "/texts"),
    }
}

/// `/desk/polls/{id}/texts`.
pub fn texts_page(desk: &Desk, data: TextsData<'_>) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_poll_texts(), data.consultation, Tab::Polls);
    screen(desk, &head, || {
        let list = if data.texts.items.is_empty() {
            ui::inset(view! { <p>{t.desk_poll_texts_none()}</p> })
        } else {
            list(desk, data)
        };
        // Nothing can be wrong here but that nothing is ticked.
        let wrong = data.wrong.and_then(|_| {
            let nothing = (TICKED_TEXTS.to_owned(), t.desk_poll_tick_first().to_owned());
            error_lines(t, vec![nothing])
        });
        let base = texts_address(data.poll.id, data.state);
        view! {
            <h1>{t.desk_poll_texts()}</h1>
            {up(desk, data.poll)}
            <p class="intro">{t.desk_poll_texts_intro()}</p>
            {wrong}
            {filters(desk, data)}
            {list}
            {paging(desk, &base, data.texts.next.as_deref(), data.after.is_some())}
        }
    })
}

fn filters(desk: &Desk, data: TextsData<'_>) -> AnyView {
    let t = desk.t();
    let mut choices = vec![Choice {
        value: String::new(),
        text: t.desk_all_states().into(),
    }];
    choices.extend(TextState::ALL.iter().map(|state| Choice {
        value: state.code().into(),
        text: t.text_state(*state).into(),
    }));
    let state = Field {
        name: "state".into(),
        label: t.desk_filter_state().into(),
        value: data.state.map_or("", TextState::code),
        ..Field::default()
    };
    let choices = [Group {
        heading: String::new(),
        choices,
    }];
    let lang = desk
        .page
        .lang_is_chosen()
        .then(|| hidden("lang", desk.page.lang.tag()));
    view! {
        <form
            method="get"
            accept-charset="utf-8"
            action=address(data.poll.id, "/texts")
            class="filters"
            role="search"
            aria-label=t.desk_filter()
        >
            {lang}
            {select(&state, &choices)}
            <button class="quiet">{t.desk_filter_button()}</button>
        </form>
    }
    .into_any()
}

fn list(desk: &Desk, data: TextsData<'_>) -> AnyView {
    let t = desk.t();
    let may = desk.may(data.consultation, Role::Moderator);
    let texts = data
        .texts
        .items
        .iter()
        .map(|one| text(desk, one, may))
        .collect_view();
    if !may {
        return texts.into_any();
    }
    let mut action = texts_address(data.poll.id, data.state);
    if let Some(after) = data.after {
        action.push(if action.contains('?') { '&' } else { '?' });
        action.push_str(&format!("after={after}"));
    }
    form(
        desk.to(&action),
        view! {
            {default_button("look".into())}
            {texts}
            <fieldset class="bulk" id=TICKED_TEXTS tabindex="-1">
                <legend>{t.desk_poll_ticked()}</legend>
                {data.wrong.map(|_| view! { <p class="error">{t.desk_poll_tick_first()}</p> })}
                {action_button("button", "publish".into(), t.desk_poll_publish_ticked())}
                {action_button("quiet", "hold".into(), t.desk_poll_hold_ticked())}
            </fieldset>
        },
    )
}

fn text(desk: &Desk, one: &ReviewedText, may: bool) -> AnyView {
    let t = desk.t();
    let id = one.id.to_string();
    let ticked = may.then(|| {
        tick(
            "text",
            format!("tick-{id}"),
            id.clone(),
            t.desk_poll_tick_text().into(),
            false,
        )
    });
    let acts = may.then(|| {
        let publish = (one.state != TextState::Published)
            .then(|| action_button("button", format!("publish.{id}"), t.desk_publish()));
        let hold = (one.state != TextState::Held)
            .then(|| action_button("quiet", format!("hold.{id}"), t.desk_hold()));
        view! { <div class="acts">{publish} {hold}</div> }
    });
    view! {
        <article class=format!("entry {}", one.state) id=format!("text-{id}") tabindex="-1">
            <header>
                {ticked} <strong class=format!("tag {}", one.state)>{t.text_state(one.state)}</strong>
                " " <span class="hint" dir="auto">{plain(&one.question_text)}</span>
            </header>
            {ui::prose(&one.text)}
            {acts}
        </article>
    }
    .into_any()
}
