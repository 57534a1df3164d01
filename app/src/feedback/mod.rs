//! The published account of a round: what was asked, heard and changed; every point with its
//! answer, refusals as prominent as adoptions.

mod page;
mod table;

pub(crate) use page::feedback_body;
pub use page::feedback_page;

use crate::i18n::time;
use crate::page::{Link, PageContext, To};
use crate::ui::{self, numbers::Part};
use domain::consultations::Consultation;
use domain::feedback::Feedback;
use leptos::prelude::*;

/// The head of the consultation's page once it is answered.
pub(crate) fn summary(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &Feedback,
) -> AnyView {
    let t = cx.t();
    let link = cx.link(&To::Feedback(consultation.number, None));
    let zone = time::zone(&consultation.unit.zone);
    view! {
        <section class="result">
            <h2>{t.feedback_heading()}</h2>
            <p class="hint">
                {t.feedback_published_on()} " " {ui::day(t, feedback.published_at, &zone)}
            </p>
            {three_texts(cx, feedback, true)}
            {dispositions(cx, consultation, feedback)}
            <p class="noprint">{ui::call_to_action(link, t.feedback_read_all())}</p>
        </section>
    }
    .into_any()
}

/// Asked, heard, changed; under a heading of their own on the consultation's page.
fn three_texts(cx: &PageContext, feedback: &Feedback, under_heading: bool) -> AnyView {
    let t = cx.t();
    let text = |title: &'static str, text: &str| {
        let title = if under_heading {
            view! { <h3>{title}</h3> }.into_any()
        } else {
            view! { <h2>{title}</h2> }.into_any()
        };
        view! { <div>{title} {ui::prose(text)}</div> }
    };
    view! {
        <div class="three">
            {text(t.feedback_asked(), &feedback.asked)}
            {text(t.feedback_heard(), &feedback.heard)}
            {text(t.feedback_changed(), &feedback.changed)}
        </div>
    }
    .into_any()
}

/// The points by what became of them. Each part leads to its points.
fn dispositions(cx: &PageContext, consultation: &Consultation, feedback: &Feedback) -> AnyView {
    let t = cx.t();
    let parts = feedback
        .dispositions
        .iter()
        .map(|count| Part {
            label: t.disposition(count.disposition).into(),
            n: count.points,
            link: (count.points > 0).then(|| to_points(cx, consultation, count.disposition)),
        })
        .collect();
    ui::numbers::numbers_bar(t, t.feedback_points_answered(), parts)
}

fn to_points(
    cx: &PageContext,
    consultation: &Consultation,
    disposition: domain::feedback::Disposition,
) -> Link {
    let mut link = cx.link(&To::Feedback(consultation.number, Some(disposition)));
    link.href.push_str("#points");
    link
}
