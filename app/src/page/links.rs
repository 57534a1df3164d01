//! Addresses of the public pages, as they must be written in each chrome.

use super::{Chrome, PageContext};
use domain::consultations::{Number, State};
use domain::feedback::Disposition;
use domain::hearings::HearingNumber;
use domain::id::ClauseId;
use domain::polls::PollNumber;
use std::fmt::Write as _;

/// A public page, or a place on one.
#[derive(Clone, Debug)]
pub enum To<'a> {
    /// The list of all units' consultations, perhaps of one state, from a key on.
    Home(Option<State>, Option<&'a str>),
    /// A unit's list.
    Unit(&'a str, Option<State>, Option<&'a str>),
    Consultation(Number),
    /// The draft under consultation, on the consultation's page.
    Text(Number),
    /// A clause of the draft under consultation.
    Clause(Number, ClauseId),
    Draft(Number, i64),
    Original(Number, i64),
    /// The redline between two versions.
    Changes {
        number: Number,
        from: i64,
        to: i64,
        only_changed: bool,
    },
    /// Published comments of a stage (else of the current one), perhaps on one clause, from a key
    /// on.
    Comments {
        number: Number,
        stage: Option<i64>,
        clause: Option<ClauseId>,
        after: Option<&'a str>,
    },
    /// One published comment, on the page of its stage's list that begins with it.
    CommentAnchor {
        number: Number,
        stage: i64,
        serial: i64,
    },
    /// The form, perhaps about one clause.
    Comment(Number, Option<ClauseId>),
    Feedback(Number),
    /// Its points: those of one disposition, or those on a clause or that changed it, from a key on.
    FeedbackPoints {
        number: Number,
        disposition: Option<Disposition>,
        clause: Option<ClauseId>,
        after: Option<&'a str>,
    },
    /// The notice of a session.
    Hearing(HearingNumber),
    /// The form to apply for a seat.
    Apply(HearingNumber),
    /// A file that was attached to a session's papers.
    Paper(HearingNumber, i64),
    /// What is published of a session's draw.
    Draw(HearingNumber),
    /// A session for the reader's own calendar.
    Calendar(HearingNumber),
    /// The questions of a poll.
    Poll(PollNumber),
    /// What came of it, perhaps beside another.
    PollResults(PollNumber, Option<PollNumber>),
    Receipt,
}

/// An address with its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub target: Option<&'static str>,
    pub rel: Option<&'static str>,
    /// That it opens elsewhere, in words for those who do not see it happen.
    pub elsewhere: Option<&'static str>,
}

/// A path with a query and a fragment in the making.
struct Address {
    path: String,
    queries: usize,
    fragment: String,
}

impl Address {
    fn new(path: String) -> Self {
        Self {
            path,
            queries: 0,
            fragment: String::new(),
        }
    }

    fn query(mut self, name: &str, value: &str) -> Self {
        self.path.push(if self.queries == 0 { '?' } else { '&' });
        self.queries += 1;
        self.path.push_str(name);
        self.path.push('=');
        encode_into(value, &mut self.path);
        self
    }

    fn query_opt(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, &value.to_string()),
            None => self,
        }
    }

    fn fragment(mut self, fragment: String) -> Self {
        self.fragment = fragment;
        self
    }
}

/// The anchor of a clause on any page that shows the draft.
pub fn clause_anchor(id: ClauseId) -> String {
    format!("clause-{id}")
}

/// The anchor of a comment in the list, by its running number.
pub fn comment_anchor(serial: i64) -> String {
    format!("comment-{serial}")
}

impl To<'_> {
    fn address(&self) -> Address {
        match self {
            Self::Home(state, after) => Address::new("/".into())
                .query_opt("state", *state)
                .query_opt("after", *after),
            Self::Unit(slug, state, after) => Address::new(format!("/u/{slug}"))
                .query_opt("state", *state)
                .query_opt("after", *after),
            Self::Consultation(n) => Address::new(format!("/c/{n}")),
            Self::Text(n) => Address::new(format!("/c/{n}")).fragment("draft".into()),
            Self::Clause(n, id) => Address::new(format!("/c/{n}")).fragment(clause_anchor(*id)),
            Self::Draft(n, v) => Address::new(format!("/c/{n}/draft/{v}")),
            Self::Original(n, v) => Address::new(format!("/c/{n}/draft/{v}/original")),
            Self::Changes {
                number,
                from,
                to,
                only_changed,
            } => Address::new(format!("/c/{number}/changes/{from}/{to}"))
                .query_opt("only", only_changed.then_some("changed")),
            Self::Comments {
                number,
                stage,
                clause,
                after,
            } => Address::new(format!("/c/{number}/comments"))
                .query_opt("stage", *stage)
                .query_opt("clause", *clause)
                .query_opt("after", *after),
            Self::CommentAnchor {
                number,
                stage,
                serial,
            } => Address::new(format!("/c/{number}/comments"))
                .query("stage", &stage.to_string())
                .query("after", &(serial + 1).to_string())
                .fragment(comment_anchor(*serial)),
            Self::Comment(n, clause) => {
                Address::new(format!("/c/{n}/comment")).query_opt("clause", *clause)
            }
            Self::Feedback(n) => Address::new(format!("/c/{n}/feedback")),
            Self::FeedbackPoints {
                number,
                disposition,
                clause,
                after,
            } => Address::new(format!("/c/{number}/feedback"))
                .query_opt("disposition", *disposition)
                .query_opt("clause", *clause)
                .query_opt("after", *after)
                .fragment("points".into()),
            Self::Hearing(id) => Address::new(format!("/hearings/{id}")),
            Self::Apply(id) => Address::new(format!("/hearings/{id}/apply")),
            Self::Paper(id, serial) => {
                Address::new(domain::hearings::file_address(*id, Some(*serial)))
            }
            Self::Draw(id) => Address::new(format!("/hearings/{id}/draw")),
            Self::Calendar(id) => Address::new(format!("/hearings/{id}/event.ics")),
            Self::Poll(id) => Address::new(format!("/polls/{id}")),
            Self::PollResults(id, with) => {
                Address::new(format!("/polls/{id}/results")).query_opt("with", *with)
            }
            Self::Receipt => Address::new("/r".into()),
        }
    }

    /// The same inside the consultation's frame, for what a frame can show.
    fn framed(&self) -> Option<Address> {
        let view =
            |n: &Number, view: &str| Address::new(format!("/embed/c/{n}")).query("view", view);
        Some(match self {
            Self::Consultation(n) => view(n, "overview"),
            Self::Text(n) => view(n, "draft"),
            Self::Clause(n, id) => view(n, "draft").fragment(clause_anchor(*id)),
            Self::Comments {
                number,
                stage,
                clause,
                after,
            } => view(number, "comments")
                .query_opt("stage", *stage)
                .query_opt("clause", *clause)
                .query_opt("after", *after),
            Self::CommentAnchor {
                number,
                stage,
                serial,
            } => view(number, "comments")
                .query("stage", &stage.to_string())
                .query("after", &(serial + 1).to_string())
                .fragment(comment_anchor(*serial)),
            Self::Comment(n, clause) => view(n, "comment").query_opt("clause", *clause),
            Self::Feedback(n) => view(n, "feedback"),
            Self::FeedbackPoints {
                number,
                disposition,
                clause,
                after,
            } => view(number, "feedback")
                .query_opt("disposition", *disposition)
                .query_opt("clause", *clause)
                .query_opt("after", *after)
                .fragment("points".into()),
            Self::Hearing(id) => Address::new(format!("/embed/hearings/{id}")),
            Self::Apply(id) => Address::new(format!("/embed/hearings/{id}/apply")),
            Self::Poll(id) => Address::new(format!("/embed/polls/{id}")),
            _ => return None,
        })
    }
}

impl PageContext {
    /// The address of a page, as this chrome must write it: relative to the server on our own
    /// pages, inside the frame where the frame can show it, else absolute and in a new tab.
    pub fn link(&self, to: &To<'_>) -> Link {
        let framed = (self.chrome == Chrome::Frame)
            .then(|| to.framed())
            .flatten();
        let stays = self.chrome == Chrome::Page || framed.is_some();
        let mut address = framed.unwrap_or_else(|| to.address());
        if self.lang_is_chosen() {
            address = address.query("lang", self.lang.tag());
        }
        if self.chrome == Chrome::Frame && stays {
            address = address.query_opt("host", parameter(&self.here, "host"));
        }
        let mut href = if stays {
            String::new()
        } else {
            self.base.clone()
        };
        href.push_str(&address.path);
        if !address.fragment.is_empty() {
            href.push('#');
            href.push_str(&address.fragment);
        }
        Link {
            href,
            target: (!stays).then_some("_blank"),
            rel: (!stays).then_some("noopener"),
            elsewhere: (!stays).then_some(self.t().page_new_tab()),
        }
    }

    /// Where a form of this page is posted: inside the frame the page itself, so that the person
    /// stays in the host page.
    pub fn action(&self, to: &To<'_>) -> String {
        match self.chrome {
            Chrome::Frame => self.here.clone(),
            Chrome::Page | Chrome::Fragment => self.link(to).href,
        }
    }

    /// The public address of a page, whatever the chrome: for canonical links, receipts, print.
    pub fn public(&self, to: &To<'_>) -> String {
        format!("{}{}", self.base, to.address().path)
    }

    /// This page in another language: same path, same query.
    pub fn here_in(&self, tag: &str) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let mut here = path.to_owned();
        let mut separator = '?';
        for pair in query.split('&') {
            if !pair.is_empty() && pair != "lang" && !pair.starts_with("lang=") {
                here.push(separator);
                here.push_str(pair);
                separator = '&';
            }
        }
        here.push(separator);
        here.push_str("lang=");
        here.push_str(tag);
        here
    }
}

/// The raw value of a query parameter, decoded.
pub(super) fn parameter(here: &str, name: &str) -> Option<String> {
    let (_, query) = here.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        (found == name).then(|| decode(value))
    })
}

fn encode_into(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("strings grow");
        }
    }
}

fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, hex) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', None) => {
                bytes.push(b' ');
                rest = tail;
            }
            (byte, None) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::context;

    fn number() -> Number {
        "2026-0012".parse().unwrap()
    }

    #[test]
    fn our_own_pages_link_by_path_and_carry_a_chosen_language() {
        let mut cx = context();
        assert_eq!(cx.link(&To::Consultation(number())).href, "/c/2026-0012");
        cx.lang = crate::i18n::Lang::En;
        cx.here = "/c/2026-0012?lang=en".into();
        assert_eq!(
            cx.link(&To::Text(number())).href,
            "/c/2026-0012?lang=en#draft"
        );
    }

    #[test]
    fn a_frame_keeps_its_own_views_and_opens_the_rest_beside_it() {
        let mut cx = context();
        cx.chrome = Chrome::Frame;
        cx.here = "/embed/c/2026-0012?view=draft&host=https%3A%2F%2Fa.example&lang=en".into();
        let inside = cx.link(&To::Comment(number(), None));
        assert_eq!(
            inside.href,
            "/embed/c/2026-0012?view=comment&lang=zh-Hans&host=https%3A%2F%2Fa.example"
        );
        assert_eq!(inside.target, None);
        let outside = cx.link(&To::Receipt);
        assert_eq!(outside.href, "https://yanlu.example/r?lang=zh-Hans");
        assert_eq!(
            (outside.target, outside.rel),
            (Some("_blank"), Some("noopener"))
        );
    }

    #[test]
    fn a_comment_is_linked_to_on_the_page_that_begins_with_it() {
        let mut cx = context();
        let comment = To::CommentAnchor {
            number: number(),
            stage: 1,
            serial: 17,
        };
        assert_eq!(
            cx.link(&comment).href,
            "/c/2026-0012/comments?stage=1&after=18#comment-17"
        );
        cx.chrome = Chrome::Frame;
        cx.here = "/embed/c/2026-0012?view=draft".into();
        let framed = cx.link(&comment).href;
        assert!(framed.contains("&after=18&"), "{framed}");
        assert!(framed.ends_with("#comment-17"), "{framed}");
    }

    #[test]
    fn another_language_keeps_path_and_query() {
        let mut cx = context();
        cx.here = "/c/2026-0012/comments?clause=x&lang=en&after=y".into();
        assert_eq!(
            cx.here_in("zh-Hant"),
            "/c/2026-0012/comments?clause=x&after=y&lang=zh-Hant"
        );
        cx.here = "/r".into();
        assert_eq!(cx.here_in("en"), "/r?lang=en");
    }
}
