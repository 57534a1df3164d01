//! The published account of a round: what was asked, heard and changed; every point with its
//! answer, refusals as prominent as adoptions.

mod page;
mod table;

pub(crate) use page::feedback_body;
pub use page::{FeedbackData, feedback_page};

use crate::i18n::time;
use crate::page::{PageContext, To};
use crate::ui::{self, numbers::Part};
use domain::consultations::Consultation;
use domain::feedback::{Disposition, DispositionCount, FeedbackSummary};
use leptos::prelude::*;

/// The head of the consultation's page once it is answered.
pub(crate) fn summary(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &FeedbackSummary,
) -> AnyView {
    let t = cx.t();
    let link = cx.link(&To::Feedback(consultation.number));
    let zone = time::zone(&consultation.unit.zone);
    view! {
        <section class="result">
            <h2>{t.feedback_heading()}</h2>
            <p class="hint">
                {t.feedback_published_on()} " " {ui::day(t, feedback.published_at, &zone)}
            </p>
            {three_texts(
                cx,
                consultation,
                [&feedback.asked, &feedback.heard, &feedback.changed],
                true,
            )}
            {dispositions(cx, consultation, &feedback.dispositions)}
            <p class="noprint">{ui::call_to_action(link, t.feedback_read_all())}</p>
        </section>
    }
    .into_any()
}

/// Asked, heard, changed; under a heading of their own on the consultation's page.
fn three_texts(
    cx: &PageContext,
    consultation: &Consultation,
    [asked, heard, changed]: [&str; 3],
    under_heading: bool,
) -> AnyView {
    let t = cx.t();
    let text = |title: &'static str, text: &str| {
        let title = if under_heading {
            view! { <h3>{title}</h3> }.into_any()
        } else {
            view! { <h2>{title}</h2> }.into_any()
        };
        view! { <div>{title} {ui::prose_in(cx.lang_of(&consultation.unit), text)}</div> }
    };
    view! {
        <div class="three">
            {text(t.feedback_asked(), asked)}
            {text(t.feedback_heard(), heard)}
            {text(t.feedback_changed(), changed)}
        </div>
    }
    .into_any()
}

/// The points by what became of them. Each part leads to its points.
fn dispositions(
    cx: &PageContext,
    consultation: &Consultation,
    counts: &[DispositionCount],
) -> AnyView {
    let t = cx.t();
    let parts = counts
        .iter()
        .map(|count| Part {
            colour: Disposition::ALL
                .iter()
                .position(|one| *one == count.disposition),
            label: t.disposition(count.disposition).into(),
            n: count.points,
            link: (count.points > 0).then(|| {
                cx.link(&To::FeedbackPoints {
                    number: consultation.number,
                    disposition: Some(count.disposition),
                    clause: None,
                    after: None,
                })
            }),
        })
        .collect();
    ui::numbers::numbers_bar(t, t.feedback_points_answered(), parts)
}
