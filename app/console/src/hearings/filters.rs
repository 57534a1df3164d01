//! What of the applications is listed: by state, by category.

use super::{ApplicationsData, address};
use crate::desk::Desk;
use app::page::plain;
use app::ui::form::{Choice, Field, Group, hidden, select};
use domain::hearings::ApplicationState;
use leptos::prelude::*;

/// The form above the list, by GET.
pub(super) fn filters(desk: &Desk, data: ApplicationsData<'_>) -> AnyView {
    let t = desk.t();
    let all = |text: &str| {
        vec![Choice {
            value: String::new(),
            text: text.into(),
        }]
    };
    let group = |choices| {
        [Group {
            heading: String::new(),
            choices,
        }]
    };
    let mut states = all(t.desk_all_states());
    states.extend(ApplicationState::ALL.iter().map(|state| Choice {
        value: state.code().into(),
        text: t.application_state(*state).into(),
    }));
    let mut categories = all(t.desk_all_categories());
    let known = data.hearing.notice.categories.iter();
    categories.extend(known.map(|category| Choice {
        value: category.code.clone(),
        text: plain(&category.name),
    }));
    let state = Field {
        name: "state".into(),
        label: t.desk_filter_state().into(),
        value: data.state.map_or("", ApplicationState::code),
        ..Field::default()
    };
    let category = Field {
        name: "category".into(),
        label: t.desk_hearing_category().into(),
        value: data.category.unwrap_or(""),
        ..Field::default()
    };
    let lang = desk
        .page
        .lang_is_chosen()
        .then(|| hidden("lang", desk.page.lang.tag()));
    view! {
        <form
            method="get"
            accept-charset="utf-8"
            action=address(data.hearing.id, "/applications")
            class="filters"
            role="search"
            aria-label=t.desk_filter()
        >
            {lang}
            {select(&state, &group(states))}
            {select(&category, &group(categories))}
            <button class="quiet">{t.desk_filter_button()}</button>
        </form>
    }
    .into_any()
}
