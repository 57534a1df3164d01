//! Widgets that are only read, for the page cache.

use super::polls::shown_poll;
use super::render::{Rendering, data, listed, newest, points};
use crate::pages::Page;
use crate::problem::Refusal;
use app::consultations::ListData;
use app::embed::{Part, WidgetData, consultation_widget, list_widget, part_for};
use backend::{feedback, units};
use domain::consultations::{Consultation, Number};
use domain::feedback::Disposition;
use domain::id::ClauseId;

/// What a widget is asked to show.
pub(super) struct Widget<'a> {
    pub(super) number: Number,
    pub(super) part: Option<Part>,
    pub(super) stage: Option<i64>,
    pub(super) clause: Option<ClauseId>,
    pub(super) after: Option<&'a str>,
    pub(super) disposition: Option<Disposition>,
}

impl Rendering<'_> {
    pub(super) async fn widget(&self, asked: &Widget<'_>) -> Result<Page, Refusal> {
        if asked.part == Some(Part::Hearing)
            && let Some(page) = self.session_of(asked.number).await?
        {
            return Ok(page);
        }
        let wanted = |consultation: &Consultation| match part_for(consultation, asked.part) {
            Part::Comments => Some(listed(
                asked.stage.or(Some(consultation.stage)),
                asked.clause,
                asked.after,
            )),
            Part::Overview | Part::Feedback | Part::Hearing | Part::Poll => {
                Some(newest(consultation))
            }
            Part::Draft | Part::Comment => None,
        };
        let dossier = self.dossier(asked.number, None, wanted).await?;
        let consultation = &dossier.consultation;
        let part = part_for(consultation, asked.part);
        let (mut summary, mut account) = (None, None);
        if part == Part::Feedback {
            let wanted = points(asked.disposition, asked.clause, asked.after);
            let backend = &self.state.backend;
            let found = feedback::published(backend, self.cx.now, asked.number, wanted);
            account = found.await?;
        } else {
            summary = self.summary(consultation).await?;
        }
        let polls = match part {
            Part::Draft | Part::Comment | Part::Comments => Vec::new(),
            Part::Overview | Part::Feedback | Part::Hearing | Part::Poll => {
                self.polls(asked.number).await?
            }
        };
        let shown = match shown_poll(&polls).filter(|_| part == Part::Poll) {
            Some(poll) => Some(self.poll_and_results(poll.id).await?),
            None => None,
        };
        let widget = WidgetData {
            consultation: data(&dossier, summary.as_ref(), &polls),
            feedback: account.as_ref(),
            comments: dossier.comments.as_ref(),
            stage: dossier.stage,
            counts: &dossier.counts,
            clause: asked.clause,
            continued: asked.after.is_some(),
            disposition: asked.disposition,
            poll: shown
                .as_ref()
                .map(|(poll, results)| (poll, results.as_ref())),
            form: None,
            wrong: None,
        };
        let html = consultation_widget(&self.cx, asked.part, widget);
        Ok(Page {
            origins: Some(dossier.origins.clone()),
            ..self.with_polls(self.of(&dossier, html), &polls)
        })
    }

    pub(super) async fn widget_list(&self, slug: &str) -> Result<Page, Refusal> {
        let (unit, items) = self.list_of(Some(slug), None, None).await?;
        let unit = unit.ok_or(Refusal::NotFound)?;
        let data = ListData {
            items: &items,
            state: None,
            continued: false,
        };
        Ok(Page {
            html: list_widget(&self.cx, &unit, data),
            valid_until: self.lists_end(&items.items).await?,
            origins: Some(units::origins(&self.state.backend, slug).await?),
        })
    }
}
