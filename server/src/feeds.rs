//! What people subscribe to: the sessions and polls of a unit as a feed (Atom, RFC 4287), its
//! sessions as a calendar (iCalendar, RFC 5545), and the calendar file of one session. A session
//! whose time is not known yet is in the feed alone.

use crate::api::validators;
use crate::body::{Path, Query};
use crate::edge::Edge;
use crate::problem::Refusal;
use crate::state::AppState;
use app::i18n::time::zone;
use app::i18n::{Lang, T};
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use backend::{Viewer, hearings, polls, units};
use domain::Timestamp;
use domain::consultations::Unit;
use domain::hearings::{HearingNumber, ListedHearing, SessionState};
use domain::polls::{AnnouncedPoll, PollState};
use http::header;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use serde::Deserialize;
use std::cmp::Reverse;

/// The addresses, with what is said of each answer about keeping it.
pub fn router(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/u/{unit}/feed.atom", get(feed))
        .route("/u/{unit}/calendar.ics", get(calendar))
        .route("/hearings/{id}/event.ics", get(event))
        .route_layer(from_fn_with_state(state.clone(), validators::layer))
}

#[derive(Debug, Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// What a feed or a calendar is made of.
struct Publisher<'a> {
    state: &'a AppState,
    unit: Unit,
    t: T,
}

impl<'a> Publisher<'a> {
    /// In the language that the address names, else in the unit's own: who subscribes sends no
    /// wish that a cache could tell apart.
    fn new(state: &'a AppState, unit: Unit, asked: &Asked) -> Self {
        let chosen = asked.lang.as_deref().and_then(Lang::from_tag);
        let lang = chosen.or_else(|| Lang::from_tag(&unit.lang));
        Self {
            state,
            unit,
            t: T(lang.unwrap_or(Lang::ZhHans)),
        }
    }

    async fn of_unit(state: &'a AppState, slug: &str, asked: &Asked) -> Result<Self, Refusal> {
        let (_, unit) = units::find(&state.backend, slug)
            .await?
            .ok_or(Refusal::NotFound)?;
        Ok(Self::new(state, unit, asked))
    }

    async fn sessions(&self, edge: &Edge) -> Result<Vec<ListedHearing>, Refusal> {
        let slug = &self.unit.slug;
        Ok(hearings::of_unit(&self.state.backend, edge.now(), slug).await?)
    }

    async fn polls(&self, edge: &Edge) -> Result<Vec<AnnouncedPoll>, Refusal> {
        let slug = &self.unit.slug;
        Ok(polls::of_unit(&self.state.backend, edge.now(), slug).await?)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.state.config.public_url)
    }

    fn page(&self, session: &ListedHearing) -> String {
        self.address(&format!("/hearings/{}", session.id))
    }

    fn title(&self, session: &ListedHearing) -> String {
        self.marked(&session.title, session.state == SessionState::Cancelled)
    }

    fn marked(&self, title: &str, called_off: bool) -> String {
        if called_off {
            self.t.feed_cancelled(title)
        } else {
            title.to_owned()
        }
    }

    /// Kind, and until when to apply.
    fn applying(&self, session: &ListedHearing) -> Vec<String> {
        let (t, zone) = (self.t, zone(&self.unit.zone));
        let opens = t.instant(session.applications_open_at, &zone);
        let closes = t.deadline(session.applications_close_at, &zone);
        vec![
            t.session_kind(session.kind).to_owned(),
            t.feed_applications(opens, closes),
        ]
    }
}

/// Entries of a feed: as many as are asked for of either kind, so that none is missing in between.
const ENTRIES: usize = 100;

/// `GET /u/{unit}/feed.atom`: what the unit has announced, newest first.
async fn feed(
    State(state): State<AppState>,
    edge: Edge,
    Path((slug,)): Path<(String,)>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Refusal> {
    let publisher = Publisher::of_unit(&state, &slug, &asked).await?;
    let sessions = publisher.sessions(&edge).await?;
    let polls = publisher.polls(&edge).await?;
    let atom = publisher
        .feed(&sessions, &polls)
        .write_to(Vec::new())
        .map_err(|error| {
            tracing::error!(%error, "a feed could not be written");
            Refusal::Internal
        })?;
    let kind = "application/atom+xml; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], atom))
}

impl Publisher<'_> {
    fn feed(&self, sessions: &[ListedHearing], polls: &[AnnouncedPoll]) -> Feed {
        let (unit, slug) = (&self.unit, &self.unit.slug);
        let own = self.address(&format!("/u/{slug}/feed.atom"));
        let sessions = sessions.iter().map(|session| self.entry(session));
        let polls = polls.iter().map(|poll| self.poll_entry(poll));
        let mut entries: Vec<Entry> = sessions.chain(polls).collect();
        entries.sort_by_key(|entry| Reverse(entry.published));
        entries.truncate(ENTRIES);
        let newest = entries.iter().map(|entry| entry.updated).max();
        Feed {
            title: Text::plain(self.t.feed_title(&unit.name)),
            id: own.clone(),
            updated: newest.unwrap_or_else(|| date(Timestamp::UNIX_EPOCH)),
            authors: vec![Person {
                name: unit.name.clone(),
                ..Person::default()
            }],
            links: vec![
                link("self", own, "application/atom+xml"),
                link(
                    "alternate",
                    self.address(&format!("/u/{slug}")),
                    "text/html",
                ),
            ],
            lang: Some(self.t.0.tag().to_owned()),
            entries,
            ..Feed::default()
        }
    }

    fn entry(&self, session: &ListedHearing) -> Entry {
        let (t, zone, page) = (self.t, zone(&self.unit.zone), self.page(session));
        let mut lines = self.applying(session);
        lines.push(session.starts_at.map_or_else(
            || t.feed_when_open().to_owned(),
            |starts| t.feed_when(t.instant(starts, &zone)),
        ));
        lines.push(session.place.as_deref().map_or_else(
            || t.feed_where_open().to_owned(),
            |place| t.feed_where(place),
        ));
        let mut links = vec![link("alternate", page.clone(), "text/html")];
        if session.starts_at.is_some() {
            links.push(link(
                "related",
                format!("{page}/event.ics"),
                "text/calendar",
            ));
        }
        Entry {
            title: Text::plain(self.title(session)),
            id: page,
            updated: date(session.updated_at),
            published: session.published_at.map(date),
            categories: vec![category(session.kind.code(), t.session_kind(session.kind))],
            links,
            content: Some(text(&lines)),
            ..Entry::default()
        }
    }

    /// Until when to answer, who may and how it is asked, and whether its results can be read.
    fn poll_entry(&self, announced: &AnnouncedPoll) -> Entry {
        let (t, zone, poll) = (self.t, zone(&self.unit.zone), &announced.listed);
        let page = self.address(&format!("/polls/{}", poll.id));
        let period = poll.opens_at.zip(poll.closes_at);
        let period = period.map(|(opens, closes)| {
            t.feed_poll_answers(t.instant(opens, &zone), t.deadline(closes, &zone))
        });
        let who = t.feed_poll_who(t.identity_level(announced.identity));
        let how = announced.method.as_deref().map(|how| t.feed_poll_how(how));
        let mut lines: Vec<String> = period.into_iter().chain([who]).chain(how).collect();
        let mut links = vec![link("alternate", page.clone(), "text/html")];
        if poll.results_public {
            lines.push(t.poll_results_are_public().to_owned());
            links.push(link("related", format!("{page}/results"), "text/html"));
        }
        Entry {
            title: Text::plain(self.marked(&poll.title, poll.state == PollState::Cancelled)),
            id: page,
            updated: date(announced.updated_at),
            published: Some(date(announced.published_at)),
            categories: vec![category("poll", t.feed_poll())],
            links,
            content: Some(text(&lines)),
            ..Entry::default()
        }
    }
}

fn category(term: &str, label: &str) -> Category {
    Category {
        term: term.to_owned(),
        label: Some(label.to_owned()),
        ..Category::default()
    }
}

fn text(lines: &[String]) -> Content {
    Content {
        value: Some(lines.join("\n")),
        content_type: Some("text".to_owned()),
        ..Content::default()
    }
}

fn link(rel: &str, href: String, kind: &str) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(kind.to_owned()),
        ..Link::default()
    }
}

fn date(at: Timestamp) -> FixedDateTime {
    let text = at.to_string();
    text.parse().expect("RFC 3339 in UTC is a date to both")
}

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// `GET /u/{unit}/calendar.ics`: the unit's sessions whose time is known, to subscribe to.
async fn calendar(
    State(state): State<AppState>,
    edge: Edge,
    Path((slug,)): Path<(String,)>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Refusal> {
    let publisher = Publisher::of_unit(&state, &slug, &asked).await?;
    let sessions = publisher.sessions(&edge).await?;
    let events = sessions
        .iter()
        .filter_map(|session| publisher.event(session));
    let calendar = publisher.calendar(events);
    Ok(([(header::CONTENT_TYPE, CALENDAR)], calendar))
}

/// `GET /hearings/{id}/event.ics`: one session, to be put into a calendar; not found while its time
/// is not known.
async fn event(
    State(state): State<AppState>,
    edge: Edge,
    Path((number,)): Path<(HearingNumber,)>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Refusal> {
    let (backend, now) = (&state.backend, edge.now());
    let hearing = hearings::find(backend, now, number, Viewer::Public)
        .await?
        .ok_or(Refusal::NotFound)?;
    let listed = hearings::list(backend, now, number.consultation, Viewer::Public).await?;
    let publisher = Publisher::new(&state, hearing.unit, &asked);
    let event = listed
        .iter()
        .find(|session| session.id == number)
        .and_then(|session| publisher.event(session))
        .ok_or(Refusal::NotFound)?;
    let filename = format!("attachment; filename=\"{number}.ics\"");
    let headers = [
        (header::CONTENT_TYPE, CALENDAR.to_owned()),
        (header::CONTENT_DISPOSITION, filename),
    ];
    Ok((headers, publisher.calendar([event])))
}

impl Publisher<'_> {
    fn calendar(&self, events: impl IntoIterator<Item = Event>) -> String {
        let mut calendar = Calendar::empty();
        // Not `NAME` (RFC 7986): the crate would not escape it.
        for (name, value) in [
            ("VERSION", "2.0"),
            ("PRODID", "-//Yanlu//Sessions//EN"),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", "PUBLISH"),
            ("X-WR-CALNAME", &self.t.feed_calendar_title(&self.unit.name)),
        ] {
            calendar.append_property(Property::new(name, value));
        }
        calendar.extend(events);
        calendar.to_string()
    }

    /// `None` while the time is not known.
    fn event(&self, session: &ListedHearing) -> Option<Event> {
        let starts = session.starts_at?;
        let page = self.page(session);
        let (_, host) = self.state.config.public_url.split_once("://")?;
        let mut about = self.applying(session);
        about.push(page.clone());
        let called_off = session.state == SessionState::Cancelled;
        let mut event = Event::new();
        event
            .uid(&format!("{}@{host}", session.id))
            .add_property("DTSTAMP", utc(session.updated_at))
            .add_property("LAST-MODIFIED", utc(session.updated_at))
            .sequence(self.changes(session))
            .add_property("DTSTART", utc(starts))
            .summary(&self.title(session))
            .description(&about.join("\n"))
            .url(&page)
            .append_property(if called_off {
                EventStatus::Cancelled
            } else {
                EventStatus::Confirmed
            });
        if let Some(ends) = session.ends_at {
            event.add_property("DTEND", utc(ends));
        }
        if let Some(place) = &session.place {
            event.location(place);
        }
        Some(event)
    }

    /// Grows with every change, as RFC 5545 section 3.8.7.4 asks: the seconds since publication.
    fn changes(&self, session: &ListedHearing) -> u32 {
        let since = session.published_at.unwrap_or(session.updated_at);
        let seconds = session.updated_at.as_second() - since.as_second();
        u32::try_from(seconds).unwrap_or(0)
    }
}

/// An instant in UTC (RFC 5545 section 3.3.5, form 2): no calendar needs to know our zones.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
