//! The public addresses that are only read, as values: what a page cache keeps and a page shows.

use app::embed::Part;
use app::i18n::Lang;
use backend::Scope;
use domain::consultations::{Number, State};
use domain::feedback::Disposition;
use domain::hearings::HearingNumber;
use domain::id::ClauseId;
use domain::limits;
use domain::polls::PollNumber;
use std::borrow::Cow;

/// A public page or widget, with everything of its address that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// `/`
    List {
        state: Option<State>,
        after: Option<String>,
    },
    /// `/u/{unit}`
    Unit {
        unit: String,
        state: Option<State>,
        after: Option<String>,
    },
    /// `/c/{number}`
    Consultation(Number),
    /// `/c/{number}/draft/{version}`
    Draft(Number, i64),
    /// `/c/{number}/changes/{a}/{b}`
    Changes {
        number: Number,
        from: i64,
        to: i64,
        only_changed: bool,
    },
    /// `/c/{number}/comments`
    Comments {
        number: Number,
        stage: Option<i64>,
        clause: Option<ClauseId>,
        after: Option<String>,
    },
    /// `/c/{number}/comment`, before anything is typed.
    Form {
        number: Number,
        clause: Option<ClauseId>,
    },
    /// `/c/{number}/feedback`
    Feedback {
        number: Number,
        disposition: Option<Disposition>,
        clause: Option<ClauseId>,
        after: Option<String>,
    },
    /// `/hearings/{id}` and what belongs to it; below `/embed` the same in a frame.
    Hearing {
        number: HearingNumber,
        page: HearingPage,
        framed: bool,
    },
    /// `/embed/c/{number}`
    Widget {
        number: Number,
        part: Option<Part>,
        stage: Option<i64>,
        clause: Option<ClauseId>,
        after: Option<String>,
        disposition: Option<Disposition>,
        inline: bool,
    },
    /// `/polls/{id}`, before anything is chosen; or `/embed/polls/{id}`, as a widget.
    Poll { id: PollNumber, widget: bool },
    /// `/polls/{id}/results`, perhaps beside those of another.
    PollResults {
        id: PollNumber,
        with: Option<PollNumber>,
    },
    /// `/embed/u/{unit}`
    WidgetList { unit: String, inline: bool },
}

/// The pages of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HearingPage {
    Notice,
    /// `/apply`, before anything is typed.
    Form,
    /// `/draw`, perhaps with the ticket that somebody looks for.
    Draw(Option<String>),
}

impl HearingPage {
    /// What follows the session's number in a path. The draw has no frame of its own.
    fn read(part: Option<&str>, framed: bool, asked: &Asked) -> Option<Self> {
        Some(match part {
            None => Self::Notice,
            Some("apply") => Self::Form,
            Some("draw") if !framed => Self::Draw(asked.ticket.clone()),
            Some(_) => return None,
        })
    }
}

/// The parameters that any view understands. Others are ignored, so that they cannot fill a cache.
#[derive(Debug, Default)]
pub struct Asked<'a> {
    pub lang: Option<Lang>,
    /// The origin of the page around a widget, as the loader claims it.
    pub host: Option<Cow<'a, str>>,
    stage: Option<i64>,
    clause: Option<ClauseId>,
    after: Option<String>,
    state: Option<State>,
    disposition: Option<Disposition>,
    only_changed: bool,
    part: Option<Part>,
    ticket: Option<String>,
    with: Option<PollNumber>,
    inline: bool,
}

impl<'a> Asked<'a> {
    pub fn read(query: Option<&'a str>) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
            match &*name {
                "lang" => asked.lang = Lang::from_tag(&value),
                "host" => asked.host = Some(value).filter(|host| !host.is_empty()),
                "stage" => asked.stage = version(&value),
                "clause" => asked.clause = value.parse().ok(),
                "after" => {
                    asked.after = Some(value.into_owned())
                        .filter(|after| !after.is_empty() && after.len() <= limits::PAGE_KEY_BYTES);
                }
                "view" => asked.part = Part::read(&value),
                "ticket" => {
                    asked.ticket = Some(value.trim().to_owned())
                        .filter(|typed| !typed.is_empty() && typed.len() <= limits::PAGE_KEY_BYTES);
                }
                "state" => asked.state = value.parse().ok(),
                "disposition" => asked.disposition = value.parse().ok(),
                "only" => asked.only_changed = value == "changed",
                "with" => asked.with = value.parse().ok(),
                "mode" => asked.inline = value == "inline",
                _ => {}
            }
        }
        asked
    }
}

impl View {
    /// The view at this path, if one is there. Whether the thing exists is another question.
    pub fn read(path: &str, asked: &Asked) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let mut next = || parts.next();
        let first = next()?;
        let view = match first {
            "" => Self::List {
                state: asked.state,
                after: asked.after.clone(),
            },
            "u" => Self::Unit {
                unit: slug(next()?)?,
                state: asked.state,
                after: asked.after.clone(),
            },
            "c" => {
                let number: Number = next()?.parse().ok()?;
                match next() {
                    None => return Some(Self::Consultation(number)),
                    Some("draft") => Self::Draft(number, version(next()?)?),
                    Some("changes") => Self::Changes {
                        number,
                        from: version(next()?)?,
                        to: version(next()?)?,
                        only_changed: asked.only_changed,
                    },
                    Some("comments") => Self::Comments {
                        number,
                        stage: asked.stage,
                        clause: asked.clause,
                        after: asked.after.clone(),
                    },
                    Some("comment") => Self::Form {
                        number,
                        clause: asked.clause,
                    },
                    Some("feedback") => Self::Feedback {
                        number,
                        disposition: asked.disposition,
                        clause: asked.clause,
                        after: asked.after.clone(),
                    },
                    Some(_) => return None,
                }
            }
            "hearings" => Self::Hearing {
                number: next()?.parse().ok()?,
                page: HearingPage::read(next(), false, asked)?,
                framed: false,
            },
            "polls" => {
                let id: PollNumber = next()?.parse().ok()?;
                match next() {
                    None => return Some(Self::Poll { id, widget: false }),
                    Some("results") => Self::PollResults {
                        id,
                        with: asked.with.filter(|with| *with != id),
                    },
                    Some(_) => return None,
                }
            }
            "embed" => match next()? {
                "hearings" => Self::Hearing {
                    number: next()?.parse().ok()?,
                    page: HearingPage::read(next(), true, asked)?,
                    framed: true,
                },
                "c" => Self::Widget {
                    number: next()?.parse().ok()?,
                    part: asked.part,
                    stage: asked.stage,
                    clause: asked.clause,
                    after: asked.after.clone(),
                    disposition: asked.disposition,
                    inline: asked.inline,
                },
                "polls" => Self::Poll {
                    id: next()?.parse().ok()?,
                    widget: true,
                },
                "u" => Self::WidgetList {
                    unit: slug(next()?)?,
                    inline: asked.inline,
                },
                _ => return None,
            },
            _ => return None,
        };
        next().is_none().then_some(view)
    }

    /// Its address with the parameters that matter, in one order and without the language.
    pub fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let path = match self {
            Self::List { state, after } => {
                add(&mut query, "state", state);
                add(&mut query, "after", after);
                "/".into()
            }
            Self::Unit { unit, state, after } => {
                add(&mut query, "state", state);
                add(&mut query, "after", after);
                format!("/u/{unit}")
            }
            Self::Consultation(number) => format!("/c/{number}"),
            Self::Draft(number, version) => format!("/c/{number}/draft/{version}"),
            Self::Changes {
                number,
                from,
                to,
                only_changed,
            } => {
                add(&mut query, "only", &only_changed.then_some("changed"));
                format!("/c/{number}/changes/{from}/{to}")
            }
            Self::Comments {
                number,
                stage,
                clause,
                after,
            } => {
                add(&mut query, "stage", stage);
                add(&mut query, "clause", clause);
                add(&mut query, "after", after);
                format!("/c/{number}/comments")
            }
            Self::Form { number, clause } => {
                add(&mut query, "clause", clause);
                format!("/c/{number}/comment")
            }
            Self::Feedback {
                number,
                disposition,
                clause,
                after,
            } => {
                add(&mut query, "disposition", disposition);
                add(&mut query, "clause", clause);
                add(&mut query, "after", after);
                format!("/c/{number}/feedback")
            }
            Self::Hearing {
                number,
                page,
                framed,
            } => {
                let around = if *framed { "/embed" } else { "" };
                let below = match page {
                    HearingPage::Notice => "",
                    HearingPage::Form => "/apply",
                    HearingPage::Draw(ticket) => {
                        add(&mut query, "ticket", ticket);
                        "/draw"
                    }
                };
                format!("{around}/hearings/{number}{below}")
            }
            Self::Widget {
                number,
                part,
                stage,
                clause,
                after,
                disposition,
                inline,
            } => {
                add(&mut query, "view", &part.map(part_name));
                add(&mut query, "stage", stage);
                add(&mut query, "clause", clause);
                add(&mut query, "after", after);
                add(&mut query, "disposition", disposition);
                add(&mut query, "mode", &inline.then_some("inline"));
                format!("/embed/c/{number}")
            }
            Self::Poll { id, widget } => match widget {
                true => format!("/embed/polls/{id}"),
                false => format!("/polls/{id}"),
            },
            Self::PollResults { id, with } => {
                add(&mut query, "with", with);
                format!("/polls/{id}/results")
            }
            Self::WidgetList { unit, inline } => {
                add(&mut query, "mode", &inline.then_some("inline"));
                format!("/embed/u/{unit}")
            }
        };
        let query = query.finish();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    /// What its content depends on.
    pub fn scope(&self) -> Scope {
        match self {
            Self::List { .. } | Self::Unit { .. } | Self::WidgetList { .. } => Scope::Everything,
            Self::Consultation(number)
            | Self::Draft(number, _)
            | Self::Changes { number, .. }
            | Self::Comments { number, .. }
            | Self::Form { number, .. }
            | Self::Feedback { number, .. }
            | Self::Widget { number, .. } => Scope::Consultation(*number),
            Self::Hearing { number, .. } => Scope::Consultation(number.consultation),
            // One revision tells of one consultation.
            Self::PollResults {
                id,
                with: Some(with),
            } if with.consultation != id.consultation => Scope::Everything,
            Self::Poll { id, .. } | Self::PollResults { id, .. } => {
                Scope::Consultation(id.consultation)
            }
        }
    }

    /// Whether it is a widget, in a frame or inline.
    pub fn is_widget(&self) -> bool {
        matches!(
            self,
            Self::Widget { .. }
                | Self::WidgetList { .. }
                | Self::Hearing { framed: true, .. }
                | Self::Poll { widget: true, .. }
        )
    }

    /// Whether it is a piece of HTML for a host page's own document.
    pub fn is_inline(&self) -> bool {
        matches!(
            self,
            Self::Widget { inline: true, .. } | Self::WidgetList { inline: true, .. }
        )
    }
}

fn add(query: &mut form_urlencoded::Serializer<String>, name: &str, value: &Option<impl ToString>) {
    if let Some(value) = value {
        query.append_pair(name, &value.to_string());
    }
}

/// As the loader writes it in `view`.
fn part_name(part: Part) -> &'static str {
    match part {
        Part::Overview => "overview",
        Part::Draft => "draft",
        Part::Comment => "comment",
        Part::Comments => "comments",
        Part::Feedback => "feedback",
        Part::Hearing => "hearing",
        Part::Poll => "poll",
    }
}

/// A version or stage, from 1.
fn version(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|version: &i64| *version > 0 && version.to_string() == text)
}

/// Slugs are made of few signs; anything else is no unit's address.
fn slug(text: &str) -> Option<String> {
    let plain = !text.is_empty()
        && text.len() <= 63
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Option<View> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        View::read(path, &Asked::read(Some(query)))
    }

    #[test]
    fn every_view_reads_its_own_address() {
        let clause = "01890000-0000-7000-8000-000000000001";
        for target in [
            "/",
            "/?state=open&after=x",
            "/u/transport",
            "/c/2026-0012",
            "/c/2026-0012/draft/2",
            "/c/2026-0012/changes/1/2?only=changed",
            &format!("/c/2026-0012/comments?clause={clause}&after=17"),
            &format!("/c/2026-0012/comments?stage=1&clause={clause}"),
            &format!("/c/2026-0012/comment?clause={clause}"),
            &format!("/c/2026-0012/feedback?disposition=not_adopted&clause={clause}&after=3-1-2"),
            "/hearings/2026-0012-h1",
            "/hearings/2026-0012-h1/apply",
            "/hearings/2026-0012-h1/draw?ticket=7",
            "/embed/hearings/2026-0012-h1/apply",
            "/embed/c/2026-0012?view=hearing",
            "/embed/c/2026-0012?view=comments&mode=inline",
            "/embed/u/transport?mode=inline",
            "/embed/c/2026-0012?view=poll",
            "/polls/2026-0012-p1",
            "/polls/2026-0012-p2/results?with=2026-0012-p1",
            "/embed/polls/2026-0012-p1",
        ] {
            assert_eq!(read(target).expect(target).address(), target);
        }
    }

    #[test]
    fn what_no_view_understands_does_not_make_another_page() {
        assert_eq!(
            read("/c/2026-0012?utm_source=x&lang=en&host=https://h"),
            Some(View::Consultation("2026-0012".parse().unwrap()))
        );
        for nothing in [
            "/c/2026-12",
            "/c/2026-0012/",
            "/c/2026-0012/draft/01",
            "/c/2026-0012/draft/0",
            "/c/2026-0012/feedback/x",
            "/hearings/2026-0012-h01",
            "/hearings/2026-0012-h1/x",
            "/hearings/2026-0012-h1/event.ics",
            "/embed/hearings/2026-0012-h1/draw",
            "/u/../etc",
            "/u/",
            "/desk",
            "/embed/x/1",
            "/polls/2026-0012",
            "/polls/2026-0012-p01",
            "/polls/2026-0012-p1/x",
            "/embed/polls/2026-0012-p1/results",
            "//",
        ] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
