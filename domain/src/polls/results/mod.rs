//! From counted cells to the figures that are published. Every percentage stands beside the number
//! of ballots it is a share of. Answers given on an earlier version count with the question of the
//! newest only where that asks the same; else they make a result of their own.

mod figures;

pub use figures::percent;

use super::{Question, QuestionKind, Questionnaire};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How often something was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// Code of the option or step; the number itself for numbers.
    pub code: String,
    pub text: String,
    pub count: i64,
    /// Of the ballots that answered the question, in percent, to one decimal.
    pub percent: f64,
}

/// One row of a matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowResult {
    pub code: String,
    pub text: String,
    /// Ballots that answered this row.
    pub n: i64,
    pub counts: Vec<Count>,
}

/// One option of a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RankResult {
    pub code: String,
    pub text: String,
    /// 1 is the best.
    pub mean_rank: f64,
    /// How often at each place, from the first.
    pub at_rank: Vec<i64>,
}

/// Figures of a scale or of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    pub mean: f64,
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

/// What came out of one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionResult {
    pub code: String,
    pub kind: QuestionKind,
    pub text: String,
    /// The versions that asked it so, oldest first.
    pub versions: Vec<i64>,
    /// The question as those versions asked it, where the newest asks it otherwise or no more;
    /// `null` if it is asked now.
    pub earlier: Option<Question>,
    /// Ballots given on those versions.
    pub ballots: i64,
    /// Ballots that answered it.
    pub n: i64,
    /// By option, step or number, in the order of the question.
    pub counts: Vec<Count>,
    pub rows: Vec<RowResult>,
    pub ranks: Vec<RankResult>,
    pub figures: Option<Figures>,
    /// Published answers in words, in no order.
    pub texts: Vec<String>,
    /// Answers in words that are not published (yet).
    pub texts_withheld: i64,
}

impl QuestionResult {
    /// Answers in words that are published, of which `texts` has the newest.
    pub fn texts_published(&self) -> i64 {
        if self.kind.is_text() {
            self.n - self.texts_withheld
        } else {
            0
        }
    }

    /// Published answers in words beyond those in `texts`.
    pub fn texts_beyond(&self) -> i64 {
        let shown = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        self.texts_published().saturating_sub(shown).max(0)
    }
}

/// What was counted of one question: ballots, cells, words.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub answered: i64,
    pub cells: HashMap<String, i64>,
    /// In no order.
    pub texts: Vec<String>,
    pub texts_withheld: i64,
}

impl Counted {
    /// Adds what was counted on an earlier version.
    fn add(&mut self, earlier: &Self) {
        self.answered += earlier.answered;
        for (cell, times) in &earlier.cells {
            *self.cells.entry(cell.clone()).or_default() += times;
        }
        self.texts.extend(earlier.texts.iter().cloned());
        self.texts_withheld += earlier.texts_withheld;
    }
}

/// One version of the questions, and what was counted on the ballots given on it.
#[derive(Clone, Debug)]
pub struct CountedVersion {
    pub version: i64,
    pub questionnaire: Questionnaire,
    pub ballots: i64,
    /// By the question's code.
    pub counted: HashMap<String, Counted>,
}

impl CountedVersion {
    fn question(&self, code: &str) -> Option<&Question> {
        let question = self.questionnaire.question(code);
        question.filter(|question| question.kind != QuestionKind::Section)
    }
}

/// A question with all versions that ask it so, newest first.
struct Wording<'a> {
    question: &'a Question,
    versions: Vec<&'a CountedVersion>,
}

/// The figures of every question of the newest version, in their order; after each what the same
/// code asked before, and at the end what is no longer asked, both only if there were ballots.
/// Sections have none. Versions are given oldest first.
pub fn results(versions: &[CountedVersion]) -> Vec<QuestionResult> {
    let newest = versions.last().map(|newest| newest.version);
    let mut results = Vec::new();
    let mut told = HashSet::new();
    for version in versions.iter().rev() {
        for question in &version.questionnaire.questions {
            if question.kind == QuestionKind::Section || !told.insert(&question.code) {
                continue;
            }
            for wording in wordings(&question.code, versions) {
                let result = wording.result(newest);
                if result.earlier.is_none() || result.ballots > 0 {
                    results.push(result);
                }
            }
        }
    }
    results
}

/// What stood under a code, newest first.
fn wordings<'a>(code: &str, versions: &'a [CountedVersion]) -> Vec<Wording<'a>> {
    let mut wordings: Vec<Wording<'a>> = Vec::new();
    for version in versions.iter().rev() {
        let Some(question) = version.question(code) else {
            continue;
        };
        let known = wordings
            .iter_mut()
            .find(|wording| wording.question.asks_the_same_as(question));
        match known {
            Some(wording) => wording.versions.push(version),
            None => wordings.push(Wording {
                question,
                versions: vec![version],
            }),
        }
    }
    wordings
}

impl Wording<'_> {
    fn result(&self, newest: Option<i64>) -> QuestionResult {
        let mut counted = Counted::default();
        for version in &self.versions {
            if let Some(more) = version.counted.get(&self.question.code) {
                counted.add(more);
            }
        }
        let mut versions: Vec<i64> = self.versions.iter().map(|one| one.version).collect();
        versions.reverse();
        let is_current = versions.last().copied() == newest;
        QuestionResult {
            earlier: (!is_current).then(|| self.question.clone()),
            ballots: self.versions.iter().map(|version| version.ballots).sum(),
            versions,
            ..figures::figures_of(self.question, counted)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::RawPoll;

    fn counted(answered: i64, cells: &[(&str, i64)]) -> Counted {
        Counted {
            answered,
            cells: cells
                .iter()
                .map(|(cell, n)| ((*cell).to_owned(), *n))
                .collect(),
            ..Counted::default()
        }
    }

    fn version(version: i64, questions: &str, ballots: i64) -> CountedVersion {
        let json = format!(r#"{{"title": "t", "questions": [{questions}]}}"#);
        let raw: RawPoll = serde_json::from_str(&json).unwrap();
        CountedVersion {
            version,
            questionnaire: raw.parse().unwrap(),
            ballots,
            counted: HashMap::new(),
        }
    }

    /// Code, versions, whether it was asked before, ballots and answers.
    fn told(versions: &[CountedVersion]) -> Vec<(String, Vec<i64>, bool, i64, i64)> {
        let results = results(versions).into_iter();
        results
            .map(|r| (r.code, r.versions, r.earlier.is_some(), r.ballots, r.n))
            .collect()
    }

    #[test]
    fn a_wording_that_comes_back_counts_with_itself_and_not_with_what_stood_between() {
        let (good, bad) = (
            r#"{"code": "q", "kind": "short_text", "text": "Why?"}"#,
            r#"{"code": "q", "kind": "short_text", "text": "Wy?"}"#,
        );
        let mut versions = [(1, good, 4), (2, bad, 3), (3, good, 2)]
            .map(|(number, questions, ballots)| version(number, questions, ballots));
        for (one, n) in versions.iter_mut().zip([4, 2, 1]) {
            let mut counted = counted(n, &[]);
            counted.texts = vec![format!("on {}", one.version)];
            counted.texts_withheld = n - 1;
            one.counted.insert("q".into(), counted);
        }
        assert_eq!(
            told(&versions),
            [
                ("q".into(), vec![1, 3], false, 6, 5),
                ("q".into(), vec![2], true, 3, 2)
            ]
        );
        let results = results(&versions);
        assert_eq!(results[0].texts, ["on 3", "on 1"], "newest first");
        assert_eq!(results[0].texts_withheld, 3);
        assert_eq!(
            (results[0].texts_published(), results[0].texts_beyond()),
            (2, 0)
        );
        let mut many = results[0].clone();
        many.n = 10;
        assert_eq!((many.texts_published(), many.texts_beyond()), (7, 5));
        let before = results[1].earlier.as_ref().unwrap();
        assert_eq!(
            (results[1].text.as_str(), before.text.as_str()),
            ("Wy?", "Wy?")
        );
    }

    #[test]
    fn what_a_code_asked_before_follows_it_and_what_is_gone_comes_last() {
        let (a, b, c) = (
            r#"{"code": "a", "kind": "scale", "text": "a"}"#,
            r#"{"code": "b", "kind": "number", "text": "b"}"#,
            r#"{"code": "c", "kind": "number", "text": "c"}"#,
        );
        // A section asks nothing, also where its code was a question's.
        let heading = r#"{"code": "c", "kind": "section", "text": "c"}"#;
        let reworded = r#"{"code": "a", "kind": "scale", "text": "A"}"#;
        let versions = [
            version(1, &[c, a, b].join(","), 2),
            version(2, &[a, c].join(","), 0),
            version(3, &[heading, reworded, b].join(","), 5),
        ];
        let told = told(&versions);
        let order: Vec<_> = told
            .iter()
            .map(|one| (one.0.as_str(), one.1.clone()))
            .collect();
        assert_eq!(
            order,
            [
                ("a", vec![3]),
                ("a", vec![1, 2]),
                ("b", vec![1, 3]),
                ("c", vec![1, 2])
            ]
        );
        let earlier: Vec<_> = told.iter().map(|one| (one.2, one.3)).collect();
        assert_eq!(earlier, [(false, 5), (true, 2), (false, 7), (true, 2)]);
        let unanswered = [version(1, a, 0), version(2, reworded, 0)];
        assert_eq!(results(&unanswered).len(), 1, "nobody answered the first");
    }
}
