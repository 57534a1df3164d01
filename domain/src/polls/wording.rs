//! Which questions are the same question. A correction may change what is asked under a code, and
//! answers are counted together only where they answer the same.

use super::{PollOption, Question, QuestionKind};
use std::collections::BTreeSet;

crate::codes! {
    /// In what two questions differ that are not the same.
    pub enum Difference {
        Kind = "kind",
        Text = "text",
        Hint = "hint",
        Options = "options",
        Rows = "rows",
        /// How much may be chosen, or the ends of a scale or of a number.
        Limits = "limits",
        /// What the ends of a scale mean.
        Ends = "ends",
    }
}

impl Question {
    /// Whether both ask the same of who answers, so that their answers may be counted as one.
    ///
    /// The order of options and rows, whether it must be answered and under which answers it is
    /// asked do not matter. A hint does: whether it changes the meaning is nothing to guess. So do
    /// the limits, because they say how much may be chosen.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        self.differences(other).is_empty()
    }

    /// What keeps both from being the same question.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let ends = |question: &Self| {
            let scale = question.kind == QuestionKind::Scale;
            scale.then(|| (question.min_label.clone(), question.max_label.clone()))
        };
        let same = [
            (Difference::Kind, self.kind == other.kind),
            (Difference::Text, self.text == other.text),
            (Difference::Hint, self.hint == other.hint),
            (
                Difference::Options,
                set(&self.options) == set(&other.options),
            ),
            (Difference::Rows, set(&self.rows) == set(&other.rows)),
            (
                Difference::Limits,
                (self.min, self.max) == (other.min, other.max),
            ),
            (Difference::Ends, ends(self) == ends(other)),
        ];
        let differ = same.into_iter().filter(|(_, same)| !same);
        differ.map(|(difference, _)| difference).collect()
    }
}

fn set(options: &[PollOption]) -> BTreeSet<(&str, &str)> {
    let options = options.iter();
    options
        .map(|option| (option.code.as_str(), option.text.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::{RawPoll, ShowIf};

    fn question(kind: &str) -> Question {
        let json = format!(
            r#"{{"title": "t", "questions": [{{"code": "q", "kind": "{kind}", "text": "?",
                "min_label": "least", "options": [{{"code": "a", "text": "A"}}, {{"code": "b", "text": "B"}}],
                "rows": [{{"code": "r", "text": "R"}}, {{"code": "s", "text": "S"}}]}}]}}"#
        );
        let raw: RawPoll = serde_json::from_str(&json).unwrap();
        raw.parse().unwrap().questions.remove(0)
    }

    fn changed(kind: &str, change: impl Fn(&mut Question)) -> bool {
        let (before, mut after) = (question(kind), question(kind));
        change(&mut after);
        let same = before.asks_the_same_as(&after);
        assert_eq!(same, after.asks_the_same_as(&before), "both ways");
        !same
    }

    #[test]
    fn what_changes_the_meaning_makes_another_question() {
        assert!(changed("single", |q| q.kind = QuestionKind::Multiple));
        assert!(changed("single", |q| q.text = "!".into()));
        assert!(changed("single", |q| q.hint = Some("h".into())));
        assert!(changed("single", |q| q.options[1].text = "C".into()));
        assert!(changed("single", |q| q.options[1].code = "c".into()));
        assert!(changed("ranking", |q| q.options.truncate(1)));
        assert!(changed("matrix", |q| q.rows[0].text = "T".into()));
        assert!(changed("multiple", |q| q.max = Some(1.0)));
        assert!(changed("scale", |q| q.max = Some(7.0)));
        assert!(changed("scale", |q| q.min_label = None));
        assert!(changed("number", |q| q.min = Some(0.0)));
    }

    #[test]
    fn order_condition_and_duty_make_the_same_question() {
        assert!(!changed("matrix", |q| {
            q.options.reverse();
            q.rows.reverse();
        }));
        assert!(!changed("single", |q| {
            q.required = true;
            q.random = true;
            q.show_if = Some(ShowIf {
                question: "p".into(),
                any_of: vec!["x".into()],
            });
            // Shown with a scale alone.
            q.min_label = None;
        }));
    }
}
