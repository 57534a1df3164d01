//! What the holder of an application's receipt sees at `/r`: where it stands and why, what it says,
//! and what can be done.

use super::afterwards::{Afterwards, afterwards, place};
use super::form::{Sending, fields, place_of};
use super::notice::part_heading;
use super::receipt::stands;
use super::review::{buttons, values};
use crate::i18n::time;
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::drafts::Draft;
use domain::hearings::form::ApplicationForm;
use domain::hearings::{ApplicationState, Fill, Hearing, OwnApplication, SessionState};
use domain::problem::Violations;
use leptos::prelude::*;

/// What has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Saved,
    Withdrawn,
    Confirmed,
    Declined,
    MinutesConfirmed,
    CorrectionSent,
    OpinionSent,
    NameHidden,
    Erased,
}

/// A page behind the code. It is nobody else's, and no search engine's.
fn private<V: IntoView>(cx: &PageContext, title: &str, body: impl FnOnce() -> V) -> String {
    let head = Head {
        title,
        private: true,
        ..Head::default()
    };
    session_page(cx, &head, body)
}

/// The application behind a code.
pub fn own_page(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    draft: Option<&Draft>,
    own: &OwnApplication,
    done: Option<Done>,
    typed: Afterwards<'_>,
) -> String {
    let t = cx.t();
    let title = t.application_own_title(own.number);
    private(cx, &title, || {
        let done = done.map(|done| {
            let text = match done {
                Done::Saved => t.application_done_saved(),
                Done::Withdrawn => t.application_done_withdrawn(),
                Done::Confirmed => t.application_done_confirmed(),
                Done::Declined => t.application_done_declined(),
                Done::MinutesConfirmed => t.own_minutes_done(),
                Done::CorrectionSent => t.own_minutes_sent(),
                Done::OpinionSent => t.own_opinion_done(),
                Done::NameHidden => t.own_name_hidden(),
                Done::Erased => t.own_erased(),
            };
            view! { <div class="inset done" role="status"><p><strong>{text}</strong></p></div> }
        });
        // What was taken back or deleted is not kept, so there is nothing to show.
        let said = (!own.name.is_empty()).then(|| {
            view! {
                <h2>{t.application_says()}</h2>
                {values(cx, Some(hearing), draft, &ApplicationForm::of(own))}
            }
        });
        view! {
            {part_heading(cx, hearing, title.clone())}
            {done}
            {typed.unsaved.map(ui::form::not_done)}
            {ui::form::error_summary(t, typed.wrong, |violation| place(cx, &violation.field))}
            {facts(cx, hearing, own)}
            {actions(cx, code, own)}
            {afterwards(cx, code, hearing, own, typed)}
            {said}
        }
    })
}

fn facts(cx: &PageContext, hearing: &Hearing, own: &OwnApplication) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let reason = own.reason.as_deref().map(|reason| {
        view! {
            <p>{t.application_reason()}</p>
            {ui::prose_in(cx.lang_of(&hearing.unit), reason)}
        }
    });
    let cancelled = (own.hearing_state == SessionState::Cancelled)
        .then(|| view! { <p>{t.application_session_cancelled()}</p> });
    let category = hearing.notice.category(&own.category);
    let is_drawn = category.is_some_and(|category| category.fill == Fill::Draw);
    let drawn = hearing
        .draw
        .as_ref()
        .filter(|draw| draw.drawn_at.is_some() && is_drawn)
        .map(|_| {
            let link = cx.link(&To::Draw(hearing.id));
            view! { <p>{ui::anchor(link, t.draw_open())}</p> }
        });
    // Once it has begun, there is nothing to confirm or to wait for any more.
    let over = matches!(
        own.hearing_state,
        SessionState::Held | SessionState::Cancelled
    ) || (own.state.is_seated() && !own.can_confirm);
    let means = (!over || own.state.is_over()).then(|| stands(t, own.state, own.reserve));
    let when = match own.starts_at {
        Some(at) => ui::instant(t, at, &zone),
        None => t.hearing_to_be_announced().into_any(),
    };
    let place = own.place.as_deref().map_or_else(
        || view! { <p>{t.hearing_to_be_announced()}</p> }.into_any(),
        |place| ui::prose_in(cx.lang_of(&hearing.unit), place),
    );
    let changes = (own.state == ApplicationState::Ineligible && own.editable)
        .then(|| view! { <p>{t.application_means_ineligible_edit()}</p> });
    // Whoever has no seat can still be heard.
    let write = matches!(
        own.state,
        ApplicationState::Ineligible | ApplicationState::Reserve
    )
    .then(|| {
        let link = cx.link(&To::Consultation(hearing.id.consultation));
        view! { <p>{ui::anchor(link, t.application_write())}</p> }
    });
    let editable = own.editable.then(|| {
        view! {
            <dt>{t.receipt_editable_until()}</dt>
            <dd>{ui::deadline(t, own.editable_until, &zone)}</dd>
        }
    });
    view! {
        <div class="facts">
            <dl>
                <dt>{t.receipt_state()}</dt>
                <dd>
                    <strong class=format!(
                        "tag {}",
                        own.state,
                    )>{t.application_state(own.state)}</strong>
                    {means.map(|means| view! { <p>{means}</p> })}
                    {reason}
                    {changes}
                    {cancelled}
                    {drawn}
                    {write}
                </dd>
                <dt>{t.seats_category()}</dt>
                <dd dir="auto" lang=cx.lang_of(&hearing.unit)>
                    {plain(&own.category_name)}
                </dd>
                <dt>{t.hearing_when()}</dt>
                <dd>{when}</dd>
                <dt>{t.hearing_place()}</dt>
                <dd>{place}</dd>
                <dt>{t.receipt_when()}</dt>
                <dd>{ui::instant(t, own.received_at, &zone)}</dd>
                {editable}
            </dl>
        </div>
    }
    .into_any()
}

/// The seat first, then the application.
fn actions(cx: &PageContext, code: &str, own: &OwnApplication) -> Option<AnyView> {
    let t = cx.t();
    let held = own.hearing_state == SessionState::Held;
    // Who has no name has been deleted already.
    let withdrawable = !own.name.is_empty();
    let withdraw_text = match held {
        true => t.own_erase(),
        false => t.application_withdraw(),
    };
    // While it can be changed, the form asks for the consent.
    let hide = (own.publish_name && !own.editable)
        .then(|| ui::form::action_button("second", "hide-name".into(), t.own_name_hide()));
    let confirm = (own.can_confirm && own.state == ApplicationState::Chosen)
        .then(|| ui::form::action_button("button", "confirm".into(), t.application_confirm()));
    let decline = own
        .can_confirm
        .then(|| ui::form::action_button("second", "decline".into(), t.application_decline()));
    let edit = own
        .editable
        .then(|| ui::form::action_button("second", "edit".into(), t.application_change()));
    let withdraw =
        withdrawable.then(|| ui::form::action_button("second", "withdraw".into(), withdraw_text));
    if confirm.is_none() && decline.is_none() && edit.is_none() && withdraw.is_none() {
        return None;
    }
    Some(
        view! {
            <form
                class="buttons noprint"
                method="post"
                accept-charset="utf-8"
                action=cx.action(&To::Receipt)
            >
                {ui::form::hidden("code", code)}
                {confirm}
                {decline}
                {edit}
                {hide}
                {withdraw}
            </form>
        }
        .into_any(),
    )
}

/// Asks once more before an application is taken back or a seat given up; `seat` says which.
pub fn withdraw_page(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    own: &OwnApplication,
    seat: bool,
) -> String {
    let t = cx.t();
    let (title, means, action, yes) = match seat {
        false if own.hearing_state == SessionState::Held => (
            t.own_erase_title(),
            t.own_erase_means(own.number),
            "confirm-withdraw",
            t.own_erase(),
        ),
        true => (
            t.application_decline_title(),
            t.application_decline_means(own.number),
            "confirm-decline",
            t.application_decline(),
        ),
        false => (
            t.application_withdraw_title(),
            t.application_withdraw_means(own.number),
            "confirm-withdraw",
            t.application_withdraw(),
        ),
    };
    private(cx, title, || {
        view! {
            {part_heading(cx, hearing, title)}
            <p class="intro">{means}</p>
            <form
                class="buttons"
                method="post"
                accept-charset="utf-8"
                action=cx.action(&To::Receipt)
            >
                {ui::form::hidden("code", code)}
                {ui::form::action_button("button", action.into(), yes)}
                {ui::form::action_button("second", "open".into(), t.application_keep_it())}
            </form>
        }
    })
}

/// The form with the application in it; buttons send `add`, `remove.N`, `review`.
pub fn change_page(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    draft: Option<&Draft>,
    form: &ApplicationForm,
    wrong: Option<&Violations>,
) -> String {
    let t = cx.t();
    private(cx, t.application_change(), || {
        let zone = time::zone(&hearing.unit.zone);
        let until = hearing.notice.applications_close_at;
        let sending = Sending {
            action: cx.action(&To::Receipt),
            code: Some(code.to_owned()),
        };
        view! {
            {part_heading(cx, hearing, t.application_change())}
            {ui::inset(
                view! {
                    <p>{t.application_change_means()}</p>
                    <p>{t.receipt_editable_until()} " " {ui::deadline(t, until, &zone)}</p>
                },
            )}
            {ui::form::error_summary(t, wrong, |violation| place_of(cx, violation))}
            {fields(cx, hearing, draft, form, wrong, &sending)}
        }
    })
}

/// Everything before it is saved, perhaps with the reason why it was not.
pub fn review_change_page(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    draft: Option<&Draft>,
    form: &ApplicationForm,
    unsaved: Option<&str>,
) -> String {
    let t = cx.t();
    private(cx, t.apply_review_title(), || {
        view! {
            {part_heading(cx, hearing, t.apply_review_title())}
            {unsaved.map(ui::form::not_done)}
            <p class="intro">{t.receipt_review_intro()}</p>
            {values(cx, Some(hearing), draft, form)}
            {buttons(cx, form, cx.action(&To::Receipt), Some(code))}
        }
    })
}
