//! The words of letters to applicants, in plain text. Nothing in them was typed by the applicant: a
//! letter to a mistyped address tells a stranger as little as it can.

use crate::i18n::{T, time};
use crate::page::plain;
use domain::hearings::{ApplicationState, Hearing, OwnApplication, SessionState};
use domain::notify::LetterKind;

/// A letter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    pub text: String,
}

/// What a letter goes with: the addresses of the site, and the code that opens the application.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'a> {
    /// Without a slash at the end.
    pub public_url: &'a str,
    pub receipt: &'a str,
}

/// The letter as things stand now; `None` if what it was about is over.
pub fn letter(
    t: T,
    kind: LetterKind,
    hearing: &Hearing,
    own: &OwnApplication,
    enclosed: Enclosed<'_>,
) -> Option<Letter> {
    let title = plain(&hearing.notice.title);
    let over = matches!(
        own.hearing_state,
        SessionState::Cancelled | SessionState::Held
    );
    let begun = !own.can_confirm && own.state.is_seated();
    let (subject, news) = match kind {
        LetterKind::Stands if over => return None,
        LetterKind::Stands => match own.state {
            ApplicationState::Chosen if begun => return None,
            ApplicationState::Chosen => (t.mail_seat_subject(&title), t.mail_seat().to_owned()),
            ApplicationState::Reserve => {
                let stands = match own.reserve {
                    Some(place) => t.mail_reserve_at(place),
                    None => t.mail_reserve().to_owned(),
                };
                (t.mail_reserve_subject(&title), stands)
            }
            ApplicationState::Ineligible => {
                let mut news = t.mail_ineligible().to_owned();
                if let Some(reason) = &own.reason {
                    news = format!("{news}\n\n{}", plain(reason));
                }
                if own.editable {
                    news = format!("{news}\n\n{}", t.mail_ineligible_edit());
                }
                (t.mail_ineligible_subject(&title), news)
            }
            _ => return None,
        },
        LetterKind::Changed if over || own.state.is_over() => return None,
        LetterKind::Changed => (t.mail_changed_subject(&title), t.mail_changed().to_owned()),
        LetterKind::Cancelled => {
            if own.hearing_state != SessionState::Cancelled || own.state.is_over() {
                return None;
            }
            let reason = hearing.cancelled_reason.as_deref().map(plain);
            let news = t.mail_cancelled(reason.unwrap_or_default());
            (t.mail_cancelled_subject(&title), news)
        }
        LetterKind::Minutes => {
            let minutes = own.minutes.as_ref()?;
            if minutes.confirmed_at.is_some() {
                return None;
            }
            let zone = time::zone(&hearing.unit.zone);
            let news = match minutes.corrections_until.filter(|_| minutes.correctable) {
                Some(until) => t.mail_minutes_until(t.deadline(until, &zone)),
                None => t.mail_minutes().to_owned(),
            };
            (t.mail_minutes_subject(&title), news)
        }
        LetterKind::Correction => {
            let corrections = &own.minutes.as_ref()?.corrections;
            let answer = corrections
                .iter()
                .rev()
                .find_map(|one| one.answer.as_ref())?;
            let news = match answer.accepted {
                true => t.mail_correction_accepted(plain(&answer.text)),
                false => t.mail_correction_refused(plain(&answer.text)),
            };
            (t.mail_correction_subject(&title), news)
        }
        LetterKind::Opinion => {
            let reply = own.opinion.as_ref()?.reply.as_ref()?;
            let news = t.mail_opinion(plain(&reply.text));
            (t.mail_opinion_subject(&title), news)
        }
        LetterKind::Report => {
            hearing.report.as_ref()?;
            (t.mail_report_subject(&title), t.mail_report().to_owned())
        }
        LetterKind::Answered => {
            let number = hearing.consultation;
            let page = format!("{}/c/{number}", enclosed.public_url);
            (t.mail_answered_subject(&title), t.mail_answered(page))
        }
    };
    let text = [
        t.mail_greeting().to_owned(),
        news,
        about(t, hearing, &title, enclosed.public_url),
        code(t, own, enclosed),
        t.mail_footer(plain(&hearing.unit.name)),
    ]
    .join("\n\n");
    Some(Letter {
        subject: one_line(&subject),
        text: text + "\n",
    })
}

fn about(t: T, hearing: &Hearing, title: &str, public_url: &str) -> String {
    let zone = time::zone(&hearing.unit.zone);
    let notice = &hearing.notice;
    let when = match notice.starts_at {
        Some(at) => t.instant(at, &zone),
        None => t.hearing_to_be_announced().to_owned(),
    };
    let place = match &notice.place {
        Some(place) => plain(place),
        None => t.hearing_to_be_announced().to_owned(),
    };
    let page = format!("{public_url}/hearings/{}", hearing.id);
    t.mail_about(page, place, title, when)
}

fn code(t: T, own: &OwnApplication, enclosed: Enclosed<'_>) -> String {
    let open = format!("{}/r", enclosed.public_url);
    t.mail_code(own.number, open, enclosed.receipt)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
