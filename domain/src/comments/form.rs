//! The comment form as it travels in an HTML POST: every value as typed, so that a refused form
//! is shown again with nothing lost.
//!
//! Field names: `kind`, `name`, `display`, `contact`, `key`, and per point `points.0.clause`,
//! `points.0.text`, `points.0.proposed`. The pressed button sends `action`.

use super::{AuthorKind, Display, OwnComment, RawAuthor, RawComment, RawPoint};
use crate::limits;

/// What the person pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// One more point.
    Add,
    /// Take out the point with this index.
    Remove(usize),
    /// Show everything before sending.
    Review,
    /// Back from the review to the fields.
    Change,
    /// Send it.
    Send,
}

impl Action {
    /// As the value of the button: `add`, `remove.2`, `review`, `change`, `send`.
    pub fn code(self) -> String {
        match self {
            Self::Add => "add".into(),
            Self::Remove(index) => format!("remove.{index}"),
            Self::Review => "review".into(),
            Self::Change => "change".into(),
            Self::Send => "send".into(),
        }
    }

    /// Reads a button's value. Anything unknown shows the form again, which loses nothing.
    pub fn read(code: &str) -> Self {
        match code {
            "add" => Self::Add,
            "review" => Self::Review,
            "send" => Self::Send,
            other => other
                .strip_prefix("remove.")
                .and_then(|index| index.parse().ok())
                .map_or(Self::Change, Self::Remove),
        }
    }
}

/// The form, value by value as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentForm {
    pub kind: AuthorKind,
    pub name: String,
    pub display: Display,
    pub contact: String,
    pub points: Vec<RawPoint>,
    /// The idempotency key, made when the review was shown.
    pub key: String,
}

impl Default for CommentForm {
    fn default() -> Self {
        Self {
            kind: AuthorKind::Individual,
            name: String::new(),
            display: Display::Masked,
            contact: String::new(),
            points: vec![RawPoint::default()],
            key: String::new(),
        }
    }
}

impl CommentForm {
    /// An empty form whose first point is about this clause.
    pub fn about(clause: Option<String>) -> Self {
        let points = vec![RawPoint {
            clause,
            ..RawPoint::default()
        }];
        Self {
            points,
            ..Self::default()
        }
    }

    /// The form for editing what was sent.
    pub fn of(comment: &OwnComment) -> Self {
        Self {
            kind: comment.kind,
            name: comment.name.clone().unwrap_or_default(),
            display: comment.display,
            contact: comment.contact.clone().unwrap_or_default(),
            points: comment
                .points
                .iter()
                .map(|point| RawPoint {
                    clause: point.clause.map(|id| id.to_string()),
                    text: point.text.clone(),
                    proposed: point.proposed.clone(),
                })
                .collect(),
            key: String::new(),
        }
    }

    /// Reads the pairs of an urlencoded body, with the pressed button. Unknown names are ignored;
    /// points keep their order whatever their indices are.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Action) {
        let mut form = Self {
            points: Vec::new(),
            ..Self::default()
        };
        let mut action = Action::Change;
        let mut indices: Vec<usize> = Vec::new();
        for (name, value) in pairs {
            match name {
                "kind" => form.kind = value.parse().unwrap_or(form.kind),
                "name" => form.name = value.into(),
                "display" => form.display = value.parse().unwrap_or(form.display),
                "contact" => form.contact = value.into(),
                "key" => form.key = value.into(),
                "action" => action = Action::read(value),
                other => {
                    let mut parts = other.splitn(3, '.');
                    let (Some("points"), Some(index), Some(field)) =
                        (parts.next(), parts.next(), parts.next())
                    else {
                        continue;
                    };
                    let Ok(index) = index.parse::<usize>() else {
                        continue;
                    };
                    let known = indices.iter().position(|i| *i == index);
                    if known.is_none() && indices.len() > 2 * limits::POINTS_PER_COMMENT {
                        // No form of ours is that long; it is refused for what is read already.
                        continue;
                    }
                    let at = known.unwrap_or_else(|| {
                        indices.push(index);
                        form.points.push(RawPoint::default());
                        indices.len() - 1
                    });
                    match field {
                        "clause" => {
                            form.points[at].clause =
                                Some(value.into()).filter(|v: &String| !v.is_empty())
                        }
                        "text" => form.points[at].text = value.into(),
                        "proposed" => {
                            form.points[at].proposed =
                                Some(value.into()).filter(|v: &String| !v.is_empty())
                        }
                        _ => {}
                    }
                }
            }
        }
        if form.points.is_empty() {
            form.points.push(RawPoint::default());
        }
        (form, action)
    }

    /// All that is said in the points, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.points.iter().flat_map(RawPoint::words)
    }

    /// One more empty point, up to the limit; says whether there was room.
    pub fn add_point(&mut self) -> bool {
        let room = self.points.len() < limits::POINTS_PER_COMMENT;
        if room {
            self.points.push(RawPoint::default());
        }
        room
    }

    /// Takes out a point; the last one is emptied instead.
    pub fn remove_point(&mut self, index: usize) {
        if index < self.points.len() {
            self.points.remove(index);
        }
        if self.points.is_empty() {
            self.points.push(RawPoint::default());
        }
    }

    /// The comment, for the same checks as the JSON API. Wholly empty points beside filled ones
    /// are left out: an unused block is not a mistake.
    pub fn comment(&self) -> RawComment {
        let filled = self.points.iter().filter(|point| point.says_something());
        let mut points: Vec<RawPoint> = filled.cloned().collect();
        if points.is_empty() {
            points = self.points.first().cloned().into_iter().collect();
        }
        RawComment {
            author: RawAuthor {
                kind: self.kind,
                name: Some(self.name.clone()),
                display: self.display,
            },
            contact: Some(self.contact.clone()),
            points,
        }
    }

    /// Leaves out unused points, so that what is shown, checked and sent has the same indices.
    pub fn without_empty_points(mut self) -> Self {
        self.points = self.comment().points;
        self
    }

    /// Every value as a hidden field, for the review step.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("kind".into(), self.kind.code().into()),
            ("name".into(), self.name.clone()),
            ("display".into(), self.display.code().into()),
            ("contact".into(), self.contact.clone()),
            ("key".into(), self.key.clone()),
        ];
        for (index, point) in self.points.iter().enumerate() {
            let mut pair = |field: &str, value: &str| {
                pairs.push((format!("points.{index}.{field}"), value.to_owned()));
            };
            pair("clause", point.clause.as_deref().unwrap_or(""));
            pair("text", &point.text);
            pair("proposed", point.proposed.as_deref().unwrap_or(""));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_survives_the_way_through_hidden_fields() {
        let form = CommentForm {
            kind: AuthorKind::Organisation,
            name: "  某公司 ".into(),
            display: Display::Shown,
            contact: "a@b.c".into(),
            points: vec![
                RawPoint {
                    clause: Some("x".into()),
                    text: "一\r\n二".into(),
                    proposed: None,
                },
                RawPoint {
                    clause: None,
                    text: "三".into(),
                    proposed: Some("改".into()),
                },
            ],
            key: "k".into(),
        };
        let pairs = form.pairs();
        let (read, action) = CommentForm::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        assert_eq!((read, action), (form, Action::Change));
    }

    #[test]
    fn points_keep_their_order_and_unused_ones_are_left_out() {
        let (form, action) = CommentForm::read([
            ("points.7.text", "first"),
            ("points.2.text", "  "),
            ("points.9.text", "third"),
            ("action", "send"),
        ]);
        assert_eq!(action, Action::Send);
        let texts: Vec<_> = form.comment().points.into_iter().map(|p| p.text).collect();
        assert_eq!(texts, ["first", "third"]);
    }

    #[test]
    fn an_empty_form_still_has_a_point_to_complain_about() {
        let (form, _) = CommentForm::read([("display", "nonsense")]);
        assert_eq!(form.comment().points.len(), 1);
    }

    #[test]
    fn a_form_without_end_is_read_far_enough_to_be_refused_and_no_further() {
        let names: Vec<String> = (0..10_000).map(|n| format!("points.{n}.text")).collect();
        let (form, _) = CommentForm::read(names.iter().map(|name| (name.as_str(), "x")));
        assert!(form.points.len() > limits::POINTS_PER_COMMENT);
        assert!(form.points.len() < 3 * limits::POINTS_PER_COMMENT);
    }
}
