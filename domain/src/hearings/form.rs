//! The application form as it travels in an HTML POST: every value as typed, so that a refused form
//! is shown again with nothing lost.
//!
//! Field names: `category`, `name`, `contact`, `district`, `statement`, `needs` (once for each need),
//! `needs_note`, `publish_name`, `key`, and the points as in a comment. The pressed button sends
//! `action`.

use super::{Need, OwnApplication, RawApplication};
use crate::comments::RawPoint;
use crate::comments::form::{Action, CommentForm};
use crate::limits;

/// The form, value by value as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationForm {
    pub category: String,
    pub name: String,
    pub contact: String,
    pub district: String,
    pub statement: String,
    /// On clauses of the draft; none until somebody adds one.
    pub points: Vec<RawPoint>,
    pub needs: Vec<Need>,
    pub needs_note: String,
    /// Never ticked before the person ticks it.
    pub publish_name: bool,
    /// The idempotency key, made when the review was shown.
    pub key: String,
}

impl ApplicationForm {
    /// The form for changing what was sent.
    pub fn of(own: &OwnApplication) -> Self {
        Self {
            category: own.category.clone(),
            name: own.name.clone(),
            contact: own.contact.clone(),
            district: own.district.clone().unwrap_or_default(),
            statement: own.statement.clone().unwrap_or_default(),
            points: own.points.clone(),
            needs: own.needs.clone(),
            needs_note: own.needs_note.clone().unwrap_or_default(),
            publish_name: own.publish_name,
            key: String::new(),
        }
    }

    /// Reads the pairs of an urlencoded body, with the pressed button. Unknown names are ignored.
    pub fn read(pairs: &[(String, String)]) -> (Self, Action) {
        let both = pairs.iter().map(|(name, value)| (&**name, &**value));
        let (common, action) = CommentForm::read(both);
        let mut form = Self {
            name: common.name,
            contact: common.contact,
            key: common.key,
            ..Self::default()
        };
        let mut has_points = false;
        for (name, value) in pairs {
            match name.as_str() {
                "category" => form.category.clone_from(value),
                "district" => form.district.clone_from(value),
                "statement" => form.statement.clone_from(value),
                "needs_note" => form.needs_note.clone_from(value),
                "publish_name" => form.publish_name = value == "yes",
                "needs" => {
                    if let Ok(need) = value.parse::<Need>()
                        && !form.needs.contains(&need)
                    {
                        form.needs.push(need);
                    }
                }
                other => has_points |= other.starts_with("points."),
            }
        }
        // A comment has at least one point; an application need not have any.
        if has_points {
            form.points = common.points;
        }
        (form, action)
    }

    /// All that is said in it, in order, apart from who says it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let said = [self.statement.as_str(), self.needs_note.as_str()];
        said.into_iter()
            .filter(|text| !text.trim().is_empty())
            .chain(self.points.iter().flat_map(RawPoint::words))
    }

    /// Whether anything was typed or chosen that could be lost.
    pub fn says_something(&self) -> bool {
        let lines = [&self.category, &self.name, &self.contact, &self.district];
        lines.iter().any(|line| !line.trim().is_empty()) || self.words().next().is_some()
    }

    /// One more empty point, up to the limit.
    pub fn add_point(&mut self) {
        if self.points.len() < limits::POINTS_PER_COMMENT {
            self.points.push(RawPoint::default());
        }
    }

    /// Takes out a point.
    pub fn remove_point(&mut self, index: usize) {
        if index < self.points.len() {
            self.points.remove(index);
        }
    }

    /// Leaves out unused points, so that what is shown, checked and sent has the same indices.
    pub fn without_empty_points(mut self) -> Self {
        self.points.retain(RawPoint::says_something);
        self
    }

    /// The application, for the same checks as the JSON API.
    pub fn application(&self) -> RawApplication {
        let filled = self.points.iter().filter(|point| point.says_something());
        RawApplication {
            category: self.category.clone(),
            name: self.name.clone(),
            contact: self.contact.clone(),
            district: Some(self.district.clone()),
            statement: Some(self.statement.clone()),
            points: filled.cloned().collect(),
            needs: self.needs.iter().map(|need| need.code().into()).collect(),
            needs_note: Some(self.needs_note.clone()),
            publish_name: self.publish_name,
        }
    }

    /// Every value as a hidden field, for the review step.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let lines = [
            ("category", &self.category),
            ("name", &self.name),
            ("contact", &self.contact),
            ("district", &self.district),
            ("statement", &self.statement),
            ("needs_note", &self.needs_note),
            ("key", &self.key),
        ];
        let mut pairs: Vec<(String, String)> = lines
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        for need in &self.needs {
            pairs.push(("needs".into(), need.code().into()));
        }
        if self.publish_name {
            pairs.push(("publish_name".into(), "yes".into()));
        }
        for (index, point) in self.points.iter().enumerate() {
            let field = |name: &str| format!("points.{index}.{name}");
            let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
            pairs.push((field("clause"), or_empty(&point.clause)));
            pairs.push((field("text"), point.text.clone()));
            pairs.push((field("proposed"), or_empty(&point.proposed)));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> ApplicationForm {
        ApplicationForm {
            category: "residents".into(),
            name: "朱小明".into(),
            contact: "138 0013 8000".into(),
            district: "六合区".into(),
            statement: "第一行\n第二行".into(),
            points: vec![RawPoint {
                clause: Some("x".into()),
                text: "意见".into(),
                proposed: None,
            }],
            needs: vec![Need::StepFree, Need::LargePrint],
            needs_note: "靠门的座位".into(),
            publish_name: true,
            key: "k".into(),
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way_through_the_review() {
        let form = filled();
        let (read, _) = ApplicationForm::read(&form.pairs());
        assert_eq!(read, form);
        assert_eq!(form.words().count(), 3);
    }

    #[test]
    fn consent_is_given_by_ticking_alone() {
        let mut form = filled();
        form.publish_name = false;
        let (read, _) = ApplicationForm::read(&form.pairs());
        assert!(!read.publish_name && !read.application().publish_name);
        assert!(!ApplicationForm::default().publish_name);
    }

    #[test]
    fn an_application_needs_no_point_and_empty_ones_are_left_out() {
        let (read, action) = ApplicationForm::read(&[("action".into(), "review".into())]);
        assert_eq!((read.points.len(), action), (0, Action::Review));
        assert!(!read.says_something());
        let mut form = filled();
        form.add_point();
        assert_eq!(form.application().points.len(), 1);
        form.remove_point(0);
        assert!(form.without_empty_points().points.is_empty());
    }
}
