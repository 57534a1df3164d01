//! The pages of polls that are only read, for the page cache.

use super::render::{Rendering, next_of};
use crate::pages::Page;
use crate::problem::Refusal;
use app::embed::poll_widget;
use app::polls::{Answering, ResultsData, With, poll_page, results_page};
use backend::{Viewer, polls, units};
use domain::consultations::Number;
use domain::polls::form::BallotForm;
use domain::polls::{ListedPoll, Poll, PollNumber, PollResults, PollState};

impl Rendering<'_> {
    /// The polls of a consultation that everyone may know of.
    pub(super) async fn polls(&self, number: Number) -> Result<Vec<ListedPoll>, Refusal> {
        let backend = &self.state.backend;
        Ok(polls::list(backend, self.cx.now, number, Viewer::Public).await?)
    }

    pub(super) async fn poll_and_results(
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

    pub(super) async fn poll(&self, id: PollNumber) -> Result<Page, Refusal> {
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

    pub(super) async fn poll_alone(&self, id: PollNumber) -> Result<Page, Refusal> {
        let (poll, results) = self.poll_and_results(id).await?;
        let html = poll_widget(&self.cx, &poll, results.as_ref());
        let origins = units::origins(&self.state.backend, &poll.unit.slug).await?;
        Ok(Page {
            origins: Some(origins),
            ..self.of_poll(&poll, html)
        })
    }

    pub(super) async fn poll_results(
        &self,
        id: PollNumber,
        with: Option<PollNumber>,
    ) -> Result<Page, Refusal> {
        let (poll, results) = self.poll_and_results(id).await?;
        let other = match with {
            Some(with) => {
                let (other, results) = self.poll_and_results(with).await?;
                // Side by side they look as one thing: so they must be of one house.
                let related =
                    with.consultation == id.consultation || other.unit.slug == poll.unit.slug;
                Some(
                    related
                        .then_some((other, results))
                        .ok_or(Refusal::NotFound)?,
                )
            }
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
    pub(super) fn with_polls(&self, page: Page, polls: &[ListedPoll]) -> Page {
        let changes = polls
            .iter()
            .flat_map(|poll| [poll.opens_at, poll.closes_at]);
        let next = changes.flatten().filter(|at| *at > self.cx.now).min();
        Page {
            valid_until: next.map_or(page.valid_until, |next| next.min(page.valid_until)),
            ..page
        }
    }
}

/// The poll that a widget shows: the newest open one, else the newest with results, else the newest.
pub(super) fn shown_poll(polls: &[ListedPoll]) -> Option<&ListedPoll> {
    let newest = |fits: fn(&ListedPoll) -> bool| polls.iter().rev().find(|poll| fits(poll));
    newest(|poll| poll.state == PollState::Open)
        .or_else(|| newest(|poll| poll.results_public))
        .or_else(|| newest(|poll| poll.state != PollState::Preparing))
}
