//! A poll as staff compose it, and as it is published: questions that can be answered and counted.

use super::{IdentityLevel, PollPhase, QuestionKind, ResultsShown};
use crate::problem::{Fault, Violations};
use crate::{limits, text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One thing to choose, or one row of a matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollOption {
    /// Short name, the same in every version and language. Left out: `1`, `2` … by position
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub text: String,
}

/// A question is shown only to who chose one of these options of an earlier question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShowIf {
    /// Code of an earlier single- or multiple-choice question.
    pub question: String,
    pub any_of: Vec<String>,
}

/// A question as staff give it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawQuestion {
    /// Short name, the same in every version. Left out: `q1`, `q2` … by position
    #[serde(default)]
    pub code: String,
    pub kind: QuestionKind,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub hint: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub options: Vec<PollOption>,
    /// Of a matrix
    #[serde(default)]
    pub rows: Vec<PollOption>,
    /// Fewest choices, or the least number
    #[serde(default)]
    pub min: Option<f64>,
    /// Most choices, or the greatest number
    #[serde(default)]
    pub max: Option<f64>,
    /// What the least step of a scale means
    #[serde(default)]
    pub min_label: Option<String>,
    /// What the greatest step of a scale means
    #[serde(default)]
    pub max_label: Option<String>,
    /// Options in another order for each reader; of choices alone
    #[serde(default)]
    pub random: bool,
    #[serde(default)]
    pub show_if: Option<ShowIf>,
}

/// A poll as staff give it: the body of `POST …/polls`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawPoll {
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub intro: Option<String>,
    /// Who is asked, how, until when: published with the result
    #[serde(default)]
    pub method: Option<String>,
    /// `none` if left out
    #[serde(default)]
    pub identity: Option<IdentityLevel>,
    /// `at_closing` if left out
    #[serde(default)]
    pub results: Option<ResultsShown>,
    /// `before` the decision if left out
    #[serde(default)]
    pub phase: Option<PollPhase>,
    #[serde(default)]
    pub questions: Vec<RawQuestion>,
}

/// A question, parsed: limits are set, codes are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    pub code: String,
    pub kind: QuestionKind,
    pub text: String,
    pub hint: Option<String>,
    pub required: bool,
    pub options: Vec<PollOption>,
    pub rows: Vec<PollOption>,
    /// For choices the fewest, for scales and numbers the least; `null` without a limit.
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub min_label: Option<String>,
    pub max_label: Option<String>,
    pub random: bool,
    pub show_if: Option<ShowIf>,
}

/// A poll, parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Questionnaire {
    pub title: String,
    pub intro: Option<String>,
    pub method: Option<String>,
    pub identity: IdentityLevel,
    pub results: ResultsShown,
    pub phase: PollPhase,
    pub questions: Vec<Question>,
}

impl Questionnaire {
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.code == code)
    }
}

impl Question {
    pub fn option(&self, code: &str) -> Option<&PollOption> {
        self.options.iter().find(|option| option.code == code)
    }

    /// The steps of a scale.
    pub fn steps(&self) -> std::ops::RangeInclusive<i64> {
        let whole = |bound: Option<f64>, otherwise: i64| bound.map_or(otherwise, |b| b as i64);
        whole(self.min, 1)..=whole(self.max, 5)
    }
}

impl RawPoll {
    /// Checks every field. Faults name fields as `title`, `questions.0.options.1.text`.
    pub fn parse(&self) -> Result<Questionnaire, Violations> {
        let mut wrong = Violations::new();
        let lines = |raw: &Option<String>, limit| text::lines(raw.as_deref().unwrap_or(""), limit);
        let title = wrong.keep("title", text::required_line(&self.title, limits::TITLE));
        let intro = wrong.keep("intro", lines(&self.intro, limits::SUMMARY));
        let method = wrong.keep("method", lines(&self.method, limits::SUMMARY));
        if !self
            .questions
            .iter()
            .any(|q| q.kind != QuestionKind::Section)
        {
            wrong.add("questions", Fault::Required);
        }
        if self.questions.len() > limits::QUESTIONS_PER_POLL {
            let (limit, length) = (limits::QUESTIONS_PER_POLL, self.questions.len());
            wrong.add("questions", Fault::TooMany { limit, length });
        }
        let mut questions: Vec<Question> = Vec::new();
        for (index, raw) in self
            .questions
            .iter()
            .take(limits::QUESTIONS_PER_POLL)
            .enumerate()
        {
            let question = raw.parse(index, &questions, &mut wrong);
            questions.push(question);
        }
        wrong.into_result(|| Questionnaire {
            title: title.unwrap_or_default(),
            intro: intro.flatten(),
            method: method.flatten(),
            identity: self.identity.unwrap_or(IdentityLevel::None),
            results: self.results.unwrap_or(ResultsShown::AtClosing),
            phase: self.phase.unwrap_or(PollPhase::Before),
            questions,
        })
    }
}

impl RawQuestion {
    fn parse(&self, index: usize, before: &[Question], wrong: &mut Violations) -> Question {
        let field = |name: &str| format!("questions.{index}.{name}");
        let given = self.code.trim();
        let code = if given.is_empty() {
            format!("q{}", index + 1)
        } else {
            given.to_owned()
        };
        if !is_code(&code) {
            wrong.add(field("code"), Fault::Malformed);
        } else if before.iter().any(|question| question.code == code) {
            wrong.add(field("code"), Fault::Taken);
        }
        let line =
            |raw: &Option<String>| text::line(raw.as_deref().unwrap_or(""), limits::QUESTION_TEXT);
        let asked = wrong.keep(
            field("text"),
            text::required_line(&self.text, limits::QUESTION_TEXT),
        );
        let hint = wrong.keep(
            field("hint"),
            text::lines(self.hint.as_deref().unwrap_or(""), limits::SUMMARY),
        );
        let min_label = wrong.keep(field("min_label"), line(&self.min_label));
        let max_label = wrong.keep(field("max_label"), line(&self.max_label));
        let options = if self.kind.has_options() {
            choices(&self.options, 2, &field("options"), wrong)
        } else {
            Vec::new()
        };
        let rows = if self.kind == QuestionKind::Matrix {
            choices(&self.rows, 1, &field("rows"), wrong)
        } else {
            Vec::new()
        };
        let (min, max) = self.bounds(options.len(), &field("max"), wrong);
        let show_if = self.show_if.as_ref().map(|condition| {
            let known = before.iter().find(|question| {
                question.code == condition.question
                    && matches!(question.kind, QuestionKind::Single | QuestionKind::Multiple)
            });
            let fits = known.is_some_and(|question| {
                !condition.any_of.is_empty()
                    && condition
                        .any_of
                        .iter()
                        .all(|code| question.option(code).is_some())
            });
            if !fits {
                wrong.add(field("show_if"), Fault::Unknown);
            }
            condition.clone()
        });
        Question {
            code,
            kind: self.kind,
            text: asked.unwrap_or_default(),
            hint: hint.flatten(),
            required: self.required && self.kind != QuestionKind::Section,
            options,
            rows,
            min,
            max,
            min_label: min_label.flatten(),
            max_label: max_label.flatten(),
            random: self.random
                && matches!(self.kind, QuestionKind::Single | QuestionKind::Multiple),
            show_if,
        }
    }

    /// The limits that the kind knows; others are left out.
    fn bounds(
        &self,
        options: usize,
        field: &str,
        wrong: &mut Violations,
    ) -> (Option<f64>, Option<f64>) {
        let finite = |bound: Option<f64>| bound.filter(|b| b.is_finite() && b.abs() <= 1e15);
        let (min, max) = (finite(self.min), finite(self.max));
        let (min, max) = match self.kind {
            QuestionKind::Multiple => (
                Some(min.unwrap_or(0.0).trunc().max(0.0)),
                Some(max.unwrap_or(options as f64).trunc()),
            ),
            QuestionKind::Scale => (
                Some(min.unwrap_or(1.0).trunc()),
                Some(max.unwrap_or(5.0).trunc()),
            ),
            QuestionKind::Number => (min, max),
            _ => return (None, None),
        };
        let (least, most) = (min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
        let fits = match self.kind {
            QuestionKind::Multiple => least <= most && most >= 1.0 && most <= options as f64,
            QuestionKind::Scale => least < most && most - least <= 10.0,
            _ => least < most,
        };
        // Without options that much is wrong already.
        let without_options = self.kind == QuestionKind::Multiple && options == 0;
        if !(fits || without_options) {
            wrong.add(field, Fault::Unknown);
        }
        (min, max)
    }
}

fn choices(
    raw: &[PollOption],
    least: usize,
    field: &str,
    wrong: &mut Violations,
) -> Vec<PollOption> {
    if raw.len() < least {
        wrong.add(field, Fault::Required);
    }
    if raw.len() > limits::OPTIONS_PER_QUESTION {
        let (limit, length) = (limits::OPTIONS_PER_QUESTION, raw.len());
        wrong.add(field, Fault::TooMany { limit, length });
    }
    let mut codes = HashSet::new();
    raw.iter()
        .take(limits::OPTIONS_PER_QUESTION)
        .enumerate()
        .map(|(index, option)| {
            let given = option.code.trim();
            let code = if given.is_empty() {
                (index + 1).to_string()
            } else {
                given.to_owned()
            };
            if !is_code(&code) {
                wrong.add(format!("{field}.{index}.code"), Fault::Malformed);
            } else if !codes.insert(code.clone()) {
                wrong.add(format!("{field}.{index}.code"), Fault::Taken);
            }
            let text = wrong.keep(
                format!("{field}.{index}.text"),
                text::required_line(&option.text, limits::QUESTION_TEXT),
            );
            PollOption {
                code,
                text: text.unwrap_or_default(),
            }
        })
        .collect()
}

/// Codes name fields and cells: letters, digits, hyphen and underscore of ASCII.
fn is_code(code: &str) -> bool {
    (1..=limits::QUESTION_CODE).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: QuestionKind) -> RawQuestion {
        serde_json::from_str(&format!(r#"{{"kind": "{kind}", "text": "?"}}"#)).unwrap()
    }

    fn options(texts: &[&str]) -> Vec<PollOption> {
        texts
            .iter()
            .map(|text| PollOption {
                code: String::new(),
                text: (*text).into(),
            })
            .collect()
    }

    fn faults(poll: &RawPoll) -> Vec<(String, &'static str)> {
        let wrong = poll.parse().unwrap_err();
        wrong
            .0
            .into_iter()
            .map(|v| (v.field, v.fault.code()))
            .collect()
    }

    fn poll(questions: Vec<RawQuestion>) -> RawPoll {
        RawPoll {
            title: "t".into(),
            questions,
            ..RawPoll::default()
        }
    }

    #[test]
    fn codes_and_limits_are_filled_in() {
        let mut single = question(QuestionKind::Single);
        single.options = options(&["a", "b"]);
        let parsed = poll(vec![single, question(QuestionKind::Scale)])
            .parse()
            .unwrap();
        assert_eq!(parsed.questions[0].code, "q1");
        assert_eq!(parsed.questions[0].options[1].code, "2");
        assert_eq!(parsed.questions[1].steps(), 1..=5);
        assert_eq!(parsed.results, ResultsShown::AtClosing);
    }

    #[test]
    fn a_question_must_be_answerable() {
        let mut choice = question(QuestionKind::Multiple);
        choice.options = options(&["a", " "]);
        choice.max = Some(3.0);
        let mut matrix = question(QuestionKind::Matrix);
        matrix.options = options(&["a", "b"]);
        let mut number = question(QuestionKind::Number);
        (number.min, number.max) = (Some(5.0), Some(1.0));
        assert_eq!(
            faults(&poll(vec![choice, matrix, number])),
            [
                ("questions.0.options.1.text", "required"),
                ("questions.0.max", "unknown"),
                ("questions.1.rows", "required"),
                ("questions.2.max", "unknown"),
            ]
            .map(|(field, code)| (field.to_owned(), code))
        );
        assert_eq!(
            faults(&poll(vec![question(QuestionKind::Section)])),
            [("questions".to_owned(), "required")]
        );
    }

    #[test]
    fn a_condition_names_a_choice_of_an_earlier_question() {
        let mut first = question(QuestionKind::Single);
        first.options = options(&["a", "b"]);
        let mut second = question(QuestionKind::ShortText);
        let asks = |question: &str, option: &str| {
            Some(ShowIf {
                question: question.into(),
                any_of: vec![option.into()],
            })
        };
        second.show_if = asks("q1", "2");
        assert!(poll(vec![first.clone(), second.clone()]).parse().is_ok());
        for bad in [asks("q1", "3"), asks("q2", "1"), asks("q9", "1")] {
            second.show_if = bad;
            assert_eq!(
                faults(&poll(vec![first.clone(), second.clone()])),
                [("questions.1.show_if".to_owned(), "unknown")]
            );
        }
    }
}
