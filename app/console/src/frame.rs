//! The document around every screen: who is signed in, the ways to the other screens, and what was
//! just done.

use crate::desk::Desk;
use crate::keeper::keeper;
use app::i18n::{Lang, time};
use app::page::{html, icon, plain};
use app::ui::form::shows_errors;
use domain::comments::CommentState;
use domain::consultations::Consultation;
use domain::staff::Role;
use leptos::prelude::*;

/// The screens that everybody reaches from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Overview,
    Unit,
    Audit,
    Account,
    /// None of them.
    Elsewhere,
}

/// The screens of one consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Status,
    Draft,
    Round,
    Queue,
    Points,
    Feedback,
    Hearings,
    Polls,
}

/// What a screen says about itself.
pub(crate) struct Head<'a> {
    pub title: &'a str,
    pub place: Place,
    pub of: Option<(&'a Consultation, Tab)>,
}

impl<'a> Head<'a> {
    pub fn new(title: &'a str, place: Place) -> Self {
        Self {
            title,
            place,
            of: None,
        }
    }

    pub fn of(title: &'a str, consultation: &'a Consultation, tab: Tab) -> Self {
        Self {
            title,
            place: Place::Elsewhere,
            of: Some((consultation, tab)),
        }
    }
}

/// The whole screen.
pub(crate) fn screen<V: IntoView>(
    desk: &Desk,
    head: &Head<'_>,
    body: impl FnOnce() -> V,
) -> String {
    let t = desk.t();
    let body = html(body);
    // After something was done it forgets what was kept of it.
    let keeper = if body.contains("<textarea") || desk.notice.is_some() {
        html(|| keeper(desk))
    } else {
        String::new()
    };
    let boot = keeper
        .contains("<leptos-island")
        .then(|| desk.page.assets.desk_boot.clone());
    let title = plain(head.title);
    let title = if shows_errors(&body) {
        t.form_wrong_page(title)
    } else {
        title
    };
    let title = t.page_title(t.desk_name(), title);
    let document = html(|| {
        let boot = boot.map(|src| view! { <script type="module" src=src></script> });
        view! {
            <html lang=desk.page.lang.tag() dir="ltr">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width" />
                    <meta name="color-scheme" content="light dark" />
                    <meta name="robots" content="noindex" />
                    <title>{title}</title>
                    <link rel="stylesheet" href=desk.page.assets.css.clone() />
                    {icon(&desk.page.assets)}
                    <link rel="stylesheet" href=desk.page.assets.desk_css.clone() />
                    {boot}
                </head>
                <body class="yanlu desk">
                    <a class="skip" href="#main">
                        {t.page_skip()}
                    </a>
                    {top(desk, head)}
                    <div class="bench">
                        {head.of.map(|(consultation, tab)| dossier(desk, consultation, tab))}
                        <main id="main" tabindex="-1">
                            {notice(desk)} {refused(desk)}
                            <div inner_html=keeper></div>
                            <div inner_html=body></div>
                        </main>
                    </div>
                </body>
            </html>
        }
    });
    format!("<!DOCTYPE html>{document}")
}

fn notice(desk: &Desk) -> Option<AnyView> {
    desk.notice.map(|notice| {
        view! {
            <p class="done" role="status">
                {notice.sentence(desk.t())}
            </p>
        }
        .into_any()
    })
}

/// Why what was sent was not done. What was typed stands below.
fn refused(desk: &Desk) -> Option<AnyView> {
    let (title, detail) = desk.refused.clone()?;
    Some(
        view! {
            <div class="summary" role="alert" tabindex="-1" id="errors">
                <h2>{title}</h2>
                <p>{detail}</p>
            </div>
        }
        .into_any(),
    )
}

fn top(desk: &Desk, head: &Head<'_>) -> AnyView {
    let t = desk.t();
    let way = |path: &str, place: Place, name: &'static str| {
        let current = (head.place == place).then_some("page");
        view! {
            <a href=desk.to(path) aria-current=current>
                {name}
            </a>
        }
    };
    let ways = desk.who.as_ref().map(|_| {
        let administers = desk.seats_with(Role::Administrator).next().is_some();
        view! {
            <nav class="ways" aria-label=t.desk_nav()>
                {way("/desk", Place::Overview, t.desk_nav_overview())}
                {administers.then(|| way("/desk/unit", Place::Unit, t.desk_nav_unit()))}
                {way("/desk/audit", Place::Audit, t.desk_nav_audit())}
                {way("/desk/account", Place::Account, t.desk_nav_account())}
            </nav>
        }
    });
    view! {
        <header class="desktop">
            <a class="brand" href=desk.to("/desk")>
                <b>{t.product_name()}</b>
                " "
                <span>{t.desk_name()}</span>
            </a>
            {ways}
            <div class="self">{languages(desk)} {who(desk)}</div>
        </header>
    }
    .into_any()
}

fn who(desk: &Desk) -> Option<AnyView> {
    let t = desk.t();
    let who = desk.who.as_ref()?;
    let mut roles: Vec<Role> = who
        .seats
        .iter()
        .flat_map(|seat| seat.roles.clone())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let roles: Vec<_> = roles.into_iter().map(|role| t.role(role)).collect();
    let until = who.ends_at.map(|at| {
        let when = t.clock(at, &time::zone(&desk.page.zone));
        view! {
            <span class="until">
                {t.desk_signed_in_until(when)} " "
                <a href=desk.to("/desk/account") target="_blank">
                    {t.desk_stay_open()}
                </a>
            </span>
        }
    });
    Some(
        view! {
            <span class="who">
                <span class="vh">{t.desk_signed_in_as()}</span>
                <b>{who.email.clone()}</b>
                " "
                <span class="roles">{roles.join(t.desk_comma())}</span>
            </span>
            {until}
            <form method="post" accept-charset="utf-8" action=desk.to("/desk/logout")>
                <button class="quiet">{t.desk_sign_out()}</button>
            </form>
        }
        .into_any(),
    )
}

fn languages(desk: &Desk) -> AnyView {
    let links = Lang::ALL
        .map(|lang| {
            let current = (lang == desk.page.lang).then_some("true");
            view! {
                <a
                    href=desk.page.here_in(lang.tag())
                    lang=lang.tag()
                    hreflang=lang.tag()
                    aria-current=current
                >
                    {lang.own_name()}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="langs" aria-label=desk.t().page_languages()>
            {links}
        </nav>
    }
    .into_any()
}

fn dossier(desk: &Desk, consultation: &Consultation, here: Tab) -> AnyView {
    let t = desk.t();
    let number = consultation.number;
    let way = |rest: &str, tab: Tab, name: &'static str, waiting: i64| {
        let current = (here == tab).then_some("page");
        let waiting = (waiting > 0).then(|| {
            view! {
                " "
                <span class="count">
                    {t.number(waiting)}
                    <span class="vh">{t.desk_waiting_word()}</span>
                </span>
            }
        });
        view! {
            <li>
                <a href=desk.of(number, rest) aria-current=current>
                    {name}
                    {waiting}
                </a>
            </li>
        }
    };
    let waiting = consultation.counts.comments.waiting;
    let queue = match waiting {
        0 => "/queue".to_owned(),
        _ => format!("/queue?state={}", CommentState::Received),
    };
    view! {
        <nav class="dossier" aria-label=t.desk_dossier_nav()>
            <p class="number">{number.to_string()}</p>
            <p class="name" dir="auto" lang=desk.page.lang_of(&consultation.unit)>
                {plain(&consultation.title)}
            </p>
            <ul>
                {way("", Tab::Status, t.desk_tab_status(), 0)}
                {way("/draft", Tab::Draft, t.desk_tab_draft(), 0)}
                {way("/round", Tab::Round, t.desk_tab_round(), 0)}
                {way(&queue, Tab::Queue, t.desk_tab_queue(), waiting)}
                {way("/points?unanswered=on", Tab::Points, t.desk_tab_points(), 0)}
                {way("/feedback", Tab::Feedback, t.desk_tab_feedback(), 0)}
                {way("/hearings", Tab::Hearings, t.desk_tab_hearings(), 0)}
                {way("/polls", Tab::Polls, t.desk_tab_polls(), 0)}
            </ul>
        </nav>
    }
    .into_any()
}
