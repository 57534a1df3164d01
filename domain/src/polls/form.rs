//! A ballot as it travels in an HTML POST: every value as typed, so that a refused form is shown
//! again with nothing lost.
//!
//! Field names: `a.CODE` (once, or once for each ticked option), `a.CODE.OPTION` with the rank in a
//! ranking, `a.CODE.ROW` with the option in a matrix; `code` for a one-time code, `key` for the
//! idempotency key. The pressed button sends `action`.

use super::{QuestionKind, Questionnaire, RawAnswer, RawAnswers};
use crate::limits;
use std::collections::BTreeMap;

/// Values that one form may hold: every option of every question, with room.
const VALUES: usize = limits::QUESTIONS_PER_POLL * limits::OPTIONS_PER_QUESTION;

/// The form, value by value as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BallotForm {
    /// Field name and value, in the order of the form.
    pub values: Vec<(String, String)>,
    /// The one-time code, where the poll asks for one.
    pub code: String,
    /// The idempotency key, made when the form was shown.
    pub key: String,
}

impl BallotForm {
    /// Reads the pairs of an urlencoded body, with the pressed button's code.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, String) {
        let mut form = Self::default();
        let mut action = String::new();
        for (name, value) in pairs {
            match name {
                "code" => form.code = value.into(),
                "key" => form.key = value.into(),
                "action" => action = value.into(),
                _ if name.starts_with("a.") && form.values.len() < VALUES => {
                    form.values.push((name.into(), value.into()));
                }
                _ => {}
            }
        }
        (form, action)
    }

    /// What stands in a field; empty if nothing.
    pub fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(given, _)| given == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether this value of a field is ticked or chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.values
            .iter()
            .filter(move |(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// As the questionnaire reads it. Names of no question are left out.
    pub fn answers(&self, questionnaire: &Questionnaire) -> RawAnswers {
        let mut answers = RawAnswers::new();
        for question in &questionnaire.questions {
            let field = format!("a.{}", question.code);
            let parts = || {
                let prefix = format!("{field}.");
                self.values
                    .iter()
                    .filter_map(move |(name, value)| {
                        let part = name.strip_prefix(&prefix)?.to_owned();
                        Some((part, value.trim().to_owned()))
                    })
                    .filter(|(_, value)| !value.is_empty())
            };
            let answer = match question.kind {
                QuestionKind::Section => continue,
                QuestionKind::Multiple => {
                    RawAnswer::Many(self.all(&field).map(Into::into).collect())
                }
                QuestionKind::Ranking => RawAnswer::Many(ranked(parts().collect())),
                QuestionKind::Matrix => RawAnswer::Rows(parts().collect()),
                _ => RawAnswer::Text(self.value(&field).into()),
            };
            answers.insert(question.code.clone(), Some(answer));
        }
        answers
    }
}

/// Options in the order of their ranks. Where ranks are not 1, 2, 3 … the first option stands
/// twice, so that it is no ranking whatever else is there.
fn ranked(given: Vec<(String, String)>) -> Vec<String> {
    let mut by_rank: BTreeMap<usize, &str> = BTreeMap::new();
    for (option, rank) in &given {
        let free = rank.parse().ok().filter(|rank| !by_rank.contains_key(rank));
        match free {
            Some(rank) => by_rank.insert(rank, option),
            None => return vec![option.clone(), option.clone()],
        };
    }
    let without_gaps = by_rank.keys().copied().eq(1..=by_rank.len());
    match given.first() {
        Some((first, _)) if !without_gaps => vec![first.clone(), first.clone()],
        _ => by_rank.into_values().map(Into::into).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::RawPoll;

    #[test]
    fn a_form_says_the_same_as_json() {
        let raw: RawPoll = serde_json::from_str(
            r#"{"title": "t", "questions": [
                {"code": "any", "kind": "multiple", "text": "?",
                 "options": [{"code": "a", "text": "a"}, {"code": "b", "text": "b"}]},
                {"code": "rank", "kind": "ranking", "text": "?",
                 "options": [{"code": "x", "text": "x"}, {"code": "y", "text": "y"}]},
                {"code": "grid", "kind": "matrix", "text": "?", "rows": [{"code": "r", "text": "r"}],
                 "options": [{"code": "good", "text": "g"}, {"code": "bad", "text": "b"}]},
                {"code": "km", "kind": "number", "text": "?"}]}"#,
        )
        .unwrap();
        let poll = raw.parse().unwrap();
        let (form, action) = BallotForm::read([
            ("a.any", "a"),
            ("a.any", "b"),
            ("a.rank.x", "2"),
            ("a.rank.y", "1"),
            ("a.grid.r", "good"),
            ("a.km", " 3 "),
            ("a.none", "x"),
            ("key", "k"),
            ("action", "send"),
        ]);
        assert_eq!((action.as_str(), form.key.as_str()), ("send", "k"));
        assert!(form.has("a.any", "b") && !form.has("a.any", "c"));
        let json: RawAnswers = serde_json::from_str(
            r#"{"any": ["a", "b"], "rank": ["y", "x"], "grid": {"r": "good"}, "km": 3}"#,
        )
        .unwrap();
        assert_eq!(poll.ballot(&form.answers(&poll)), poll.ballot(&json));
    }

    #[test]
    fn ranks_that_are_no_order_are_no_ranking() {
        let of = |given: &[(&str, &str)]| {
            ranked(
                given
                    .iter()
                    .map(|(o, r)| ((*o).to_owned(), (*r).to_owned()))
                    .collect(),
            )
        };
        assert_eq!(of(&[("x", "2"), ("y", "1")]), ["y", "x"]);
        assert_eq!(of(&[("x", "1"), ("y", "1")]), ["y", "y"]);
        assert_eq!(of(&[("x", "1"), ("y", "3")]), ["x", "x"]);
        assert_eq!(of(&[("x", "first")]), ["x", "x"]);
        assert!(of(&[]).is_empty());
    }
}
