//! What the page of a consultation says of its polls.

use super::{context, in_every_language};
use crate::consultations::{ConsultationData, consultation_page};
use crate::page::PageContext;
use crate::testing::{clause_counts, consultation, draft};
use domain::consultations::{Consultation, State};
use domain::livelihood::{LivelihoodField, NoPoll};
use domain::polls::{ListedPoll, PollState};

/// A reason as somebody may write it.
const REASON: &str = "市里已经统一<b>调查</b>。\n结果见附件 & 说明。";

fn without_poll(fields: &[LivelihoodField]) -> Consultation {
    Consultation {
        no_poll: Some(NoPoll {
            reason: REASON.into(),
            fields: fields.to_vec(),
        }),
        ..consultation(State::Open)
    }
}

fn page(cx: &PageContext, consultation: &Consultation, polls: &[ListedPoll]) -> String {
    let (text, counts) = (draft(), clause_counts());
    let data = ConsultationData {
        consultation,
        draft: Some(&text),
        clause_counts: &counts,
        latest: &[],
        feedback: None,
        sessions: &[],
        polls,
    };
    consultation_page(cx, data)
}

fn listed() -> ListedPoll {
    let poll = super::poll(PollState::Open);
    ListedPoll {
        id: poll.id,
        title: poll.questionnaire.title,
        state: poll.state,
        opens_at: poll.opens_at,
        closes_at: poll.closes_at,
        ballots: None,
        results_public: false,
    }
}

/// For the rules that hold for all pages.
pub fn pages(cx: &PageContext) -> Vec<(String, String)> {
    let (of_fields, bare) = (without_poll(LivelihoodField::ALL), without_poll(&[]));
    vec![
        ("polls-none".into(), page(cx, &of_fields, &[])),
        ("polls-other".into(), page(cx, &bare, &[listed()])),
    ]
}

#[test]
fn where_a_reader_looks_for_the_poll_stands_why_there_is_none() {
    let one = without_poll(&[LivelihoodField::Health, LivelihoodField::Environment]);
    for (t, html) in in_every_language(|cx| page(cx, &one, &[])) {
        let section = html.split("<section id=\"polls\">").nth(1).unwrap();
        let section = section.split("</section>").next().unwrap();
        assert!(section.contains(t.poll_list_title()) && section.contains(t.poll_none_before()));
        let fields = [LivelihoodField::Health, LivelihoodField::Environment];
        let names = fields.map(|field| t.livelihood_field(field));
        let names = names.join(t.list_comma());
        assert!(section.contains(&t.poll_none_fields(names)), "{section}");
        assert!(
            section.contains("统一&lt;b&gt;调查&lt;/b&gt;。"),
            "{section}"
        );
        assert!(section.contains("附件 &amp; 说明"), "{section}");
        assert!(html.contains("<a href=\"#polls\">"));
    }
    let bare = page(&context(), &without_poll(&[]), &[]);
    assert!(bare.contains(context().t().poll_none_before()));
    assert!(!bare.contains(&context().t().poll_none_fields("")));
}

#[test]
fn without_polls_and_without_a_reason_nothing_is_said_of_polls() {
    let html = page(&context(), &consultation(State::Open), &[]);
    assert!(!html.contains("id=\"polls\"") && !html.contains("#polls"));
    let html = page(&context(), &consultation(State::Open), &[listed()]);
    assert!(html.contains("id=\"polls\"") && html.contains("夜间停车怎么管"));
    assert!(!html.contains(context().t().poll_none_before()));
}
