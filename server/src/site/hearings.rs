//! The pages of sessions that are only read, for the page cache.

use super::applications::draft_of;
use super::render::{Rendering, next_of};
use super::view::HearingPage;
use crate::pages::Page;
use crate::problem::Refusal;
use app::hearings::{apply_page, draw_page, hearing_page};
use app::page::Chrome;
use backend::{Viewer, hearings, units};
use domain::Timestamp;
use domain::consultations::Number;
use domain::hearings::form::ApplicationForm;
use domain::hearings::{Hearing, HearingNumber, ListedHearing, SessionState};

impl Rendering<'_> {
    /// `/hearings/{id}` and what belongs to it.
    pub(super) async fn hearing(
        &self,
        number: HearingNumber,
        page: &HearingPage,
    ) -> Result<Page, Refusal> {
        let (backend, now) = (&self.state.backend, self.cx.now);
        let hearing = hearings::find(backend, now, number, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let html = match page {
            HearingPage::Notice => hearing_page(&self.cx, &hearing),
            HearingPage::Form => {
                let draft = draft_of(self.state, now, &hearing).await?;
                let empty = ApplicationForm::default();
                apply_page(&self.cx, &hearing, draft.as_deref(), &empty, None)
            }
            HearingPage::Draw(sought) => {
                let draw = hearings::published_draw(backend, number)
                    .await?
                    .ok_or(Refusal::NotFound)?;
                let json = serde_json::to_string(&draw).map_err(|error| {
                    backend::Error::Internal(format!("a draw as JSON: {error}"))
                })?;
                draw_page(&self.cx, &hearing, &draw, &json, sought.as_deref())
            }
        };
        let origins = match self.cx.chrome {
            Chrome::Page => None,
            Chrome::Frame | Chrome::Fragment => {
                Some(units::origins(backend, &hearing.unit.slug).await?)
            }
        };
        Ok(Page {
            html,
            valid_until: ends(&hearing, now),
            origins,
        })
    }

    /// The session that a consultation's widget shows: the newest that takes applications, else the
    /// newest; `None` if there is none.
    pub(super) async fn session_of(&self, number: Number) -> Result<Option<Page>, Refusal> {
        let (backend, now) = (&self.state.backend, self.cx.now);
        let sessions = hearings::list(backend, now, number, Viewer::Public).await?;
        match shown(&sessions) {
            Some(session) => self
                .hearing(session.id, &HearingPage::Notice)
                .await
                .map(Some),
            None => Ok(None),
        }
    }
}

fn shown(sessions: &[ListedHearing]) -> Option<&ListedHearing> {
    let newest = || sessions.iter().rev();
    newest()
        .find(|session| session.state == SessionState::Applying)
        .or_else(|| newest().next())
}

/// When the clock makes what is said about a session untrue: at the next opening or closing of
/// applications, or at the next midnight, when the days left are one fewer.
fn ends(hearing: &Hearing, now: Timestamp) -> Timestamp {
    let notice = &hearing.notice;
    let changes = [notice.applications_open_at, notice.applications_close_at];
    next_of(changes.into_iter(), &hearing.unit.zone, now)
}

/// The next opening or closing of applications.
pub(super) fn sessions_end(sessions: &[ListedHearing], now: Timestamp) -> Option<Timestamp> {
    sessions
        .iter()
        .flat_map(|session| [session.applications_open_at, session.applications_close_at])
        .filter(|at| *at > now)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::hearings::SessionKind;

    fn session(serial: i64, state: SessionState) -> ListedHearing {
        ListedHearing {
            id: HearingNumber {
                consultation: "2026-0012".parse().unwrap(),
                serial,
            },
            kind: SessionKind::Hearing,
            title: "t".into(),
            state,
            starts_at: None,
            ends_at: None,
            place: None,
            applications_open_at: Timestamp::UNIX_EPOCH,
            applications_close_at: Timestamp::UNIX_EPOCH,
            total: 1,
            published_at: None,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_widget_shows_the_newest_session_that_takes_applications_else_the_newest() {
        use SessionState::{Applying, Closed, Held};
        let of = |states: &[SessionState]| {
            let sessions: Vec<_> = (1..).zip(states).map(|(n, s)| session(n, *s)).collect();
            shown(&sessions).map(|session| session.id.serial)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[Held, Closed]), Some(2));
        assert_eq!(of(&[Applying, Applying, Closed]), Some(2));
    }
}
