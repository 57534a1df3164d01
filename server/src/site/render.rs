//! From a view to its page: asks the use cases for what is to be seen and hands it to the page
//! function.

use super::Reading;
use super::hearings::sessions_end;
use super::view::View;
use super::widgets::Widget;
use crate::pages::Page;
use crate::problem::Refusal;
use crate::state::AppState;
use app::comments::{CommentsData, form_page, list_page};
use app::consultations::{ConsultationData, ListData, consultation_page, home_page, unit_page};
use app::drafts::{changes_page, version_page};
use app::feedback::{FeedbackData, feedback_page};
use app::page::PageContext;
use backend::comments::Wanted;
use backend::consultations::{Dossier, ListFilter};
use backend::{Viewer, consultations, drafts, feedback, hearings, units};
use domain::Timestamp;
use domain::comments::PublicComment;
use domain::comments::form::CommentForm;
use domain::consultations::{self as model, Consultation, Listed, Number, Round, State};
use domain::feedback::{Disposition, FeedbackSummary};
use domain::id::ClauseId;
use domain::limits;
use domain::polls::ListedPoll;
use jiff::tz::TimeZone;

/// Newest comments shown on the overview.
const LATEST: usize = 5;

/// Renders what is asked for from the data as they are now.
pub async fn render(state: &AppState, reading: &Reading) -> Result<Page, Refusal> {
    let mut cx = state.context(reading.lang, &reading.here);
    cx.chrome = reading.chrome();
    let rendering = Rendering { state, cx };
    match &reading.view {
        View::List {
            state: shown,
            after,
        } => rendering.list(None, *shown, after.clone()).await,
        View::Unit {
            unit,
            state: shown,
            after,
        } => rendering.list(Some(unit), *shown, after.clone()).await,
        View::Consultation(number) => rendering.consultation(*number).await,
        View::Draft(number, version) => rendering.draft(*number, *version).await,
        View::Changes {
            number,
            from,
            to,
            only_changed,
        } => rendering.changes(*number, *from, *to, *only_changed).await,
        View::Comments {
            number,
            stage,
            clause,
            after,
        } => {
            let wanted = listed(*stage, *clause, after.as_deref());
            rendering.comments(*number, wanted).await
        }
        View::Form { number, clause } => rendering.form(*number, *clause).await,
        View::Feedback {
            number,
            disposition,
            clause,
            after,
        } => {
            let wanted = points(*disposition, *clause, after.as_deref());
            rendering.feedback(*number, wanted).await
        }
        View::Hearing { number, page, .. } => rendering.hearing(*number, page).await,
        View::Widget {
            number,
            part,
            stage,
            clause,
            after,
            disposition,
            inline: _,
        } => {
            let asked = Widget {
                number: *number,
                part: *part,
                stage: *stage,
                clause: *clause,
                after: after.as_deref(),
                disposition: *disposition,
            };
            rendering.widget(&asked).await
        }
        View::WidgetList { unit, .. } => rendering.widget_list(unit).await,
        View::Poll { id, widget: false } => rendering.poll(*id).await,
        View::Poll { id, widget: true } => rendering.poll_alone(*id).await,
        View::PollResults { id, with } => rendering.poll_results(*id, *with).await,
    }
}

/// What every page needs while it is put together.
pub(super) struct Rendering<'a> {
    pub(super) state: &'a AppState,
    pub(super) cx: PageContext,
}

impl Rendering<'_> {
    async fn list(
        &self,
        unit: Option<&str>,
        shown: Option<State>,
        after: Option<String>,
    ) -> Result<Page, Refusal> {
        let continued = after.is_some();
        let (unit, items) = self.list_of(unit, shown, after).await?;
        let data = ListData {
            items: &items,
            state: shown,
            continued,
        };
        let html = match &unit {
            Some(unit) => unit_page(&self.cx, unit, data),
            None => home_page(&self.cx, data),
        };
        Ok(Page {
            html,
            valid_until: self.lists_end(&items.items).await?,
            origins: None,
        })
    }

    pub(super) async fn list_of(
        &self,
        slug: Option<&str>,
        shown: Option<State>,
        after: Option<String>,
    ) -> Result<(Option<model::Unit>, model::Page<Listed>), Refusal> {
        let backend = &self.state.backend;
        let unit = match slug {
            Some(slug) => {
                let found = units::find(backend, slug).await?;
                Some(found.ok_or(Refusal::NotFound)?.1)
            }
            None => None,
        };
        let filter = ListFilter {
            unit: slug.map(Into::into),
            state: shown,
            after,
        };
        let items = consultations::list(backend, self.cx.now, filter).await?;
        Ok((unit, items))
    }

    /// A list also changes when what is not in it opens or closes.
    pub(super) async fn lists_end(&self, items: &[Listed]) -> Result<Timestamp, Refusal> {
        let next = consultations::next_change(&self.state.backend, self.cx.now).await?;
        let end = lists_end(items, self.cx.now);
        Ok(next.map_or(end, |next| next.min(end)))
    }

    async fn consultation(&self, number: Number) -> Result<Page, Refusal> {
        let dossier = self.dossier(number, None, |one| Some(newest(one))).await?;
        let feedback = self.summary(&dossier.consultation).await?;
        let (backend, now) = (&self.state.backend, self.cx.now);
        let sessions = hearings::list(backend, now, number, Viewer::Public).await?;
        let polls = self.polls(number).await?;
        let data = ConsultationData {
            sessions: &sessions,
            ..data(&dossier, feedback.as_ref(), &polls)
        };
        let page = self.of(&dossier, consultation_page(&self.cx, data));
        let page = self.with_polls(page, &polls);
        Ok(Page {
            valid_until: sessions_end(&sessions, now)
                .map_or(page.valid_until, |at| at.min(page.valid_until)),
            ..page
        })
    }

    pub(super) async fn summary(
        &self,
        consultation: &Consultation,
    ) -> Result<Option<FeedbackSummary>, Refusal> {
        if consultation.feedback_at.is_none() {
            return Ok(None);
        }
        let backend = &self.state.backend;
        Ok(feedback::summary(backend, self.cx.now, consultation.number).await?)
    }

    async fn draft(&self, number: Number, version: i64) -> Result<Page, Refusal> {
        let dossier = self.dossier(number, Some(version), |_| None).await?;
        let draft = dossier.draft.as_deref().ok_or(Refusal::NotFound)?;
        let html = version_page(
            &self.cx,
            &dossier.consultation,
            draft,
            &dossier.clause_counts,
        );
        Ok(self.of(&dossier, html))
    }

    async fn changes(
        &self,
        number: Number,
        from: i64,
        to: i64,
        only_changed: bool,
    ) -> Result<Page, Refusal> {
        let dossier = self.dossier(number, None, |_| None).await?;
        let changes = drafts::changes(&self.state.backend, number, from, to, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let html = changes_page(&self.cx, &dossier.consultation, &changes, only_changed);
        Ok(self.of(&dossier, html))
    }

    async fn comments(&self, number: Number, wanted: Wanted<'_>) -> Result<Page, Refusal> {
        let of_stage = |consultation: &Consultation| Wanted {
            stage: wanted.stage.or(Some(consultation.stage)),
            ..wanted
        };
        let dossier = self
            .dossier(number, None, |one| Some(of_stage(one)))
            .await?;
        let html = list_page(
            &self.cx,
            CommentsData {
                consultation: &dossier.consultation,
                draft: dossier.draft.as_deref(),
                clause_counts: &dossier.clause_counts,
                stage: dossier.stage,
                counts: &dossier.counts,
                clause: wanted.clause,
                continued: wanted.after.is_some(),
                comments: shown(&dossier),
            },
        );
        Ok(self.of(&dossier, html))
    }

    async fn form(&self, number: Number, clause: Option<ClauseId>) -> Result<Page, Refusal> {
        let dossier = self.dossier(number, None, |_| None).await?;
        let draft = dossier.draft.as_deref().ok_or(Refusal::NotFound)?;
        let form = CommentForm::about(clause.map(|id| id.to_string()));
        let html = form_page(&self.cx, &dossier.consultation, draft, &form, None);
        Ok(self.of(&dossier, html))
    }

    async fn feedback(
        &self,
        number: Number,
        wanted: feedback::Wanted<'_>,
    ) -> Result<Page, Refusal> {
        let dossier = self.dossier(number, None, |_| None).await?;
        // The last one, also while a new round is under way: what was public stays readable.
        let feedback = feedback::published(&self.state.backend, self.cx.now, number, wanted)
            .await?
            .ok_or(Refusal::NotFound)?;
        let data = FeedbackData {
            consultation: &dossier.consultation,
            feedback: &feedback,
            disposition: wanted.disposition,
            clause: wanted.clause,
            continued: wanted.after.is_some(),
        };
        let html = feedback_page(&self.cx, data);
        Ok(self.of(&dossier, html))
    }

    pub(super) async fn dossier<'a>(
        &self,
        number: Number,
        version: Option<i64>,
        wanted: impl FnOnce(&Consultation) -> Option<Wanted<'a>>,
    ) -> Result<Dossier, Refusal> {
        consultations::dossier(&self.state.backend, self.cx.now, number, version, wanted)
            .await?
            .ok_or(Refusal::NotFound)
    }

    pub(super) fn of(&self, dossier: &Dossier, html: String) -> Page {
        let consultation = &dossier.consultation;
        let end = ends(
            &consultation.unit.zone,
            consultation.round.as_ref(),
            self.cx.now,
        );
        Page {
            html,
            valid_until: end,
            origins: None,
        }
    }
}

/// The newest comments of the current stage, as the overview shows them.
pub(super) fn newest(consultation: &Consultation) -> Wanted<'static> {
    Wanted {
        clause: None,
        stage: Some(consultation.stage),
        after: None,
        limit: LATEST,
    }
}

/// A page of the list of a stage.
pub(super) fn listed(
    stage: Option<i64>,
    clause: Option<ClauseId>,
    after: Option<&str>,
) -> Wanted<'_> {
    Wanted {
        clause,
        stage,
        after,
        limit: limits::PAGE,
    }
}

fn shown(dossier: &Dossier) -> &model::Page<PublicComment> {
    static NONE: model::Page<PublicComment> = model::Page {
        items: Vec::new(),
        next: None,
    };
    dossier.comments.as_ref().unwrap_or(&NONE)
}

/// A page of an account's points.
pub(super) fn points(
    disposition: Option<Disposition>,
    clause: Option<ClauseId>,
    after: Option<&str>,
) -> feedback::Wanted<'_> {
    feedback::Wanted {
        disposition,
        clause,
        after,
        limit: limits::PAGE,
    }
}

pub(super) fn data<'a>(
    dossier: &'a Dossier,
    feedback: Option<&'a FeedbackSummary>,
    polls: &'a [ListedPoll],
) -> ConsultationData<'a> {
    ConsultationData {
        consultation: &dossier.consultation,
        draft: dossier.draft.as_deref(),
        clause_counts: &dossier.clause_counts,
        latest: &shown(dossier).items,
        feedback,
        sessions: &[],
        polls,
    }
}

/// When the clock makes what is said about a round untrue: at its next opening or closing, or at
/// the next midnight, when the days left are one fewer.
fn ends(zone: &str, round: Option<&Round>, now: Timestamp) -> Timestamp {
    let changes = round.into_iter().flat_map(|r| [r.opens_at, r.closes_at]);
    next_of(changes, zone, now)
}

/// The first of these instants that is to come, or the next midnight if that is earlier.
pub(super) fn next_of(
    changes: impl Iterator<Item = Timestamp>,
    zone: &str,
    now: Timestamp,
) -> Timestamp {
    changes
        .chain([midnight_after(zone, now)])
        .filter(|at| *at > now)
        .min()
        .unwrap_or(now)
}

fn lists_end(items: &[Listed], now: Timestamp) -> Timestamp {
    items
        .iter()
        .map(|item| ends(&item.unit.zone, item.round.as_ref(), now))
        .min()
        .unwrap_or_else(|| midnight_after("UTC", now))
}

/// The next midnight in a zone; an hour from now if there is no telling.
fn midnight_after(zone: &str, now: Timestamp) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let hour = jiff::SignedDuration::from_hours(1);
    now.to_zoned(zone)
        .tomorrow()
        .and_then(|day| day.start_of_day())
        .map_or_else(
            |_| now.checked_add(hour).unwrap_or(now),
            |midnight| midnight.timestamp(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_page_lasts_until_midnight_of_the_unit_or_the_next_change() {
        let now = at("2026-03-01T10:00:00Z");
        assert_eq!(ends("Asia/Shanghai", None, now), at("2026-03-01T16:00:00Z"));
        let round = Round {
            version: 1,
            opens_at: at("2026-02-01T00:00:00Z"),
            closes_at: at("2026-03-01T12:00:00Z"),
            reason_for_short_period: None,
        };
        assert_eq!(ends("Asia/Shanghai", Some(&round), now), round.closes_at);
        let later = at("2026-03-01T12:00:00Z");
        assert_eq!(
            ends("Asia/Shanghai", Some(&round), later),
            at("2026-03-01T16:00:00Z")
        );
    }
}
