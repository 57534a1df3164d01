//! From a view to its page: asks the use cases for what is to be seen and hands it to the page
//! function.

use super::Reading;
use super::view::View;
use crate::pages::Page;
use crate::problem::Refusal;
use crate::state::AppState;
use app::comments::{CommentsData, form_page, list_page};
use app::consultations::{ConsultationData, ListData, consultation_page, home_page, unit_page};
use app::drafts::{changes_page, version_page};
use app::embed::{Part, WidgetData, consultation_widget, list_widget, part_for, poll_widget};
use app::feedback::{FeedbackData, feedback_page};
use app::page::PageContext;
use app::polls::{Answering, ResultsData, With, poll_page, results_page};
use backend::comments::Wanted;
use backend::consultations::{Dossier, ListFilter};
use backend::{Viewer, consultations, drafts, feedback, hearings, polls, units};
use domain::Timestamp;
use domain::comments::PublicComment;
use domain::comments::form::CommentForm;
use domain::consultations::{self as model, Consultation, Listed, Number, Round, State};
use domain::feedback::{Disposition, FeedbackSummary};
use domain::hearings::ListedHearing;
use domain::id::ClauseId;
use domain::limits;
use domain::polls::form::BallotForm;
use domain::polls::{ListedPoll, Poll, PollNumber, PollResults, PollState};
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

/// What a widget is asked to show.
struct Widget<'a> {
    number: Number,
    part: Option<Part>,
    stage: Option<i64>,
    clause: Option<ClauseId>,
    after: Option<&'a str>,
    disposition: Option<Disposition>,
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

    async fn list_of(
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
    async fn lists_end(&self, items: &[Listed]) -> Result<Timestamp, Refusal> {
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

    async fn summary(
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

    async fn widget(&self, asked: &Widget<'_>) -> Result<Page, Refusal> {
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

    /// The polls of a consultation that everyone may know of.
    async fn polls(&self, number: Number) -> Result<Vec<ListedPoll>, Refusal> {
        let backend = &self.state.backend;
        Ok(polls::list(backend, self.cx.now, number, Viewer::Public).await?)
    }

    async fn poll_and_results(
        &self,
        id: PollNumber,
    ) -> Result<(Poll, Option<PollResults>), Refusal> {
        let (backend, now) = (&self.state.backend, self.cx.now);
        let poll = polls::find(backend, now, id, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let results = polls::results(backend, now, id, Viewer::Public).await?;
        Ok((poll, results))
    }

    async fn poll(&self, id: PollNumber) -> Result<Page, Refusal> {
        let backend = &self.state.backend;
        let poll = polls::find(backend, self.cx.now, id, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let answering = Answering {
            poll: &poll,
            form: &BallotForm::default(),
            wrong: None,
            unsent: None,
        };
        Ok(self.of_poll(&poll, poll_page(&self.cx, answering)))
    }

    async fn poll_alone(&self, id: PollNumber) -> Result<Page, Refusal> {
        let (poll, results) = self.poll_and_results(id).await?;
        let html = poll_widget(&self.cx, &poll, results.as_ref());
        let origins = units::origins(&self.state.backend, &poll.unit.slug).await?;
        Ok(Page {
            origins: Some(origins),
            ..self.of_poll(&poll, html)
        })
    }

    async fn poll_results(
        &self,
        id: PollNumber,
        with: Option<PollNumber>,
    ) -> Result<Page, Refusal> {
        let (poll, results) = self.poll_and_results(id).await?;
        let other = match with {
            Some(with) => Some(self.poll_and_results(with).await?),
            None => None,
        };
        let mut others = self.polls(id.consultation).await?;
        others.retain(|other| other.id != id && other.results_public);
        let data = ResultsData {
            poll: &poll,
            results: results.as_ref(),
            with: other.as_ref().map(|(poll, results)| With {
                poll,
                results: results.as_ref(),
            }),
            others: &others,
        };
        let page = self.of_poll(&poll, results_page(&self.cx, data));
        let end = other.map(|(other, _)| self.of_poll(&other, String::new()).valid_until);
        Ok(Page {
            valid_until: end.map_or(page.valid_until, |end| end.min(page.valid_until)),
            ..page
        })
    }

    /// A page that changes when the poll opens or closes, and with the days left.
    fn of_poll(&self, poll: &Poll, html: String) -> Page {
        let changes = [poll.opens_at, poll.closes_at].into_iter().flatten();
        Page {
            html,
            valid_until: next_of(changes, &poll.unit.zone, self.cx.now),
            origins: None,
        }
    }

    /// The page changes too when one of its polls opens or closes.
    fn with_polls(&self, page: Page, polls: &[ListedPoll]) -> Page {
        let changes = polls
            .iter()
            .flat_map(|poll| [poll.opens_at, poll.closes_at]);
        let next = changes.flatten().filter(|at| *at > self.cx.now).min();
        Page {
            valid_until: next.map_or(page.valid_until, |next| next.min(page.valid_until)),
            ..page
        }
    }

    async fn widget_list(&self, slug: &str) -> Result<Page, Refusal> {
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

    async fn dossier<'a>(
        &self,
        number: Number,
        version: Option<i64>,
        wanted: impl FnOnce(&Consultation) -> Option<Wanted<'a>>,
    ) -> Result<Dossier, Refusal> {
        consultations::dossier(&self.state.backend, self.cx.now, number, version, wanted)
            .await?
            .ok_or(Refusal::NotFound)
    }

    fn of(&self, dossier: &Dossier, html: String) -> Page {
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
fn newest(consultation: &Consultation) -> Wanted<'static> {
    Wanted {
        clause: None,
        stage: Some(consultation.stage),
        after: None,
        limit: LATEST,
    }
}

/// A page of the list of a stage.
fn listed(stage: Option<i64>, clause: Option<ClauseId>, after: Option<&str>) -> Wanted<'_> {
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
fn points(
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

/// The poll that a widget shows: the newest open one, else the newest with results, else the newest.
fn shown_poll(polls: &[ListedPoll]) -> Option<&ListedPoll> {
    let newest = |fits: fn(&ListedPoll) -> bool| polls.iter().rev().find(|poll| fits(poll));
    newest(|poll| poll.state == PollState::Open)
        .or_else(|| newest(|poll| poll.results_public))
        .or_else(|| newest(|poll| poll.state != PollState::Preparing))
}

fn data<'a>(
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
fn next_of(changes: impl Iterator<Item = Timestamp>, zone: &str, now: Timestamp) -> Timestamp {
    changes
        .chain([midnight_after(zone, now)])
        .filter(|at| *at > now)
        .min()
        .unwrap_or(now)
}

/// The next opening or closing of applications.
fn sessions_end(sessions: &[ListedHearing], now: Timestamp) -> Option<Timestamp> {
    sessions
        .iter()
        .flat_map(|session| [session.applications_open_at, session.applications_close_at])
        .filter(|at| *at > now)
        .min()
}

fn lists_end(items: &[Listed], now: Timestamp) -> Timestamp {
    items
        .iter()
        .map(|item| ends(&item.unit.zone, item.round.as_ref(), now))
        .min()
        .unwrap_or_else(|| midnight_after("UTC", now))
}

/// The next midnight in a zone; an hour from now if there is no telling.
pub(super) fn midnight_after(zone: &str, now: Timestamp) -> Timestamp {
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
