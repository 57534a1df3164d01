//! Answers as they arrive, and the countable form in which they are kept.

use super::{Question, QuestionKind, Questionnaire};
use crate::problem::{Fault, Violations};
use crate::{limits, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One answer as it arrives. Which form fits which question is [`QuestionKind`]'s to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RawAnswer {
    /// A scale's step or a number.
    Number(f64),
    /// An option's code, or words, or a number as a form sends it.
    Text(String),
    /// Codes of options: chosen ones, or all of them in their order.
    Many(Vec<String>),
    /// Of a matrix: row to option.
    Rows(BTreeMap<String, String>),
}

/// Answers by the question's code.
pub type RawAnswers = BTreeMap<String, Option<RawAnswer>>;

/// One countable thing: `cell` is an option, a step, `option:rank`, `row:option` or a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub question: String,
    pub cell: String,
}

/// Words that answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub question: String,
    pub text: String,
}

/// A ballot as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    pub cells: Vec<Cell>,
    pub words: Vec<Words>,
    /// Codes of the questions that were answered.
    pub answered: Vec<String>,
}

impl Questionnaire {
    /// Checks a ballot. Answers to questions whose condition is not met are left out; a required
    /// question must be answered only if it is shown. Faults name the field as `answers.CODE`.
    pub fn ballot(&self, answers: &RawAnswers) -> Result<Cells, Violations> {
        let mut wrong = Violations::new();
        let mut ballot = Cells::default();
        for code in answers.keys() {
            if self.question(code).is_none() {
                wrong.add(format!("answers.{code}"), Fault::Unknown);
            }
        }
        for question in &self.questions {
            if question.kind == QuestionKind::Section || !is_shown(question, &ballot) {
                continue;
            }
            let given = answers.get(&question.code).and_then(Option::as_ref);
            let answer = given.map_or(Ok(Answer::Nothing), |given| question.read(given));
            let field = || format!("answers.{}", question.code);
            match answer {
                Err(fault) => wrong.add(field(), fault),
                Ok(Answer::Nothing) if question.required => wrong.add(field(), Fault::Required),
                Ok(Answer::Nothing) => {}
                Ok(Answer::Cells(cells)) => {
                    ballot.answered.push(question.code.clone());
                    ballot.cells.extend(cells.into_iter().map(|cell| Cell {
                        question: question.code.clone(),
                        cell,
                    }));
                }
                Ok(Answer::Words(text)) => {
                    ballot.answered.push(question.code.clone());
                    ballot.words.push(Words {
                        question: question.code.clone(),
                        text,
                    });
                }
            }
        }
        wrong.into_result(|| ballot)
    }
}

/// Whether a question's condition is met by what was answered before it.
fn is_shown(question: &Question, so_far: &Cells) -> bool {
    question.show_if.as_ref().is_none_or(|condition| {
        so_far.cells.iter().any(|cell| {
            cell.question == condition.question && condition.any_of.contains(&cell.cell)
        })
    })
}

enum Answer {
    Nothing,
    Cells(Vec<String>),
    Words(String),
}

impl Question {
    fn read(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        match self.kind {
            QuestionKind::Single => self.single(given),
            QuestionKind::Multiple => self.multiple(given),
            QuestionKind::Scale => self.scale(given),
            QuestionKind::Ranking => self.ranking(given),
            QuestionKind::Matrix => self.matrix(given),
            QuestionKind::ShortText => words(given, false),
            QuestionKind::LongText => words(given, true),
            QuestionKind::Number => self.number(given),
            QuestionKind::Section => Ok(Answer::Nothing),
        }
    }

    fn known(&self, code: &str) -> Result<String, Fault> {
        self.option(code.trim())
            .map(|option| option.code.clone())
            .ok_or(Fault::Unknown)
    }

    fn single(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let code = match given {
            RawAnswer::Text(code) => code.as_str(),
            RawAnswer::Many(codes) => match codes.as_slice() {
                [] => "",
                [one] => one,
                _ => return Err(Fault::Malformed),
            },
            _ => return Err(Fault::Malformed),
        };
        if code.trim().is_empty() {
            return Ok(Answer::Nothing);
        }
        Ok(Answer::Cells(vec![self.known(code)?]))
    }

    fn multiple(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let codes = many(given)?;
        if codes.is_empty() {
            return Ok(Answer::Nothing);
        }
        let mut chosen = Vec::with_capacity(codes.len());
        for code in codes {
            let code = self.known(code)?;
            if chosen.contains(&code) {
                return Err(Fault::Malformed);
            }
            chosen.push(code);
        }
        let count = chosen.len();
        let most = self.max.map_or(self.options.len(), |max| max as usize);
        let least = self.min.map_or(0, |min| min as usize);
        if count > most {
            let (limit, length) = (most, count);
            return Err(Fault::TooMany { limit, length });
        }
        if count < least {
            return Err(Fault::TooFew { limit: least });
        }
        Ok(Answer::Cells(chosen))
    }

    fn scale(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let Some(number) = number(given)? else {
            return Ok(Answer::Nothing);
        };
        let steps = self.steps();
        let (least, most) = (*steps.start(), *steps.end());
        if number.fract() != 0.0 || number < least as f64 || number > most as f64 {
            return Err(Fault::OutOfRange { least, most });
        }
        Ok(Answer::Cells(vec![(number as i64).to_string()]))
    }

    /// All options, each at one place.
    fn ranking(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let codes = many(given)?;
        if codes.is_empty() {
            return Ok(Answer::Nothing);
        }
        let mut cells: Vec<String> = Vec::with_capacity(codes.len());
        let mut seen = Vec::with_capacity(codes.len());
        for (index, code) in codes.iter().enumerate() {
            let code = self.known(code)?;
            if seen.contains(&code) {
                return Err(Fault::NotARanking);
            }
            cells.push(format!("{code}:{}", index + 1));
            seen.push(code);
        }
        if seen.len() != self.options.len() {
            return Err(Fault::NotARanking);
        }
        Ok(Answer::Cells(cells))
    }

    /// A required matrix must be answered in each row; another in any.
    fn matrix(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let RawAnswer::Rows(rows) = given else {
            return Err(Fault::Malformed);
        };
        if rows
            .keys()
            .any(|row| !self.rows.iter().any(|known| known.code == *row))
        {
            return Err(Fault::Unknown);
        }
        let mut cells = Vec::new();
        for row in &self.rows {
            match rows.get(&row.code).map(|code| code.trim()) {
                None | Some("") if self.required => return Err(Fault::Required),
                None | Some("") => {}
                Some(code) => cells.push(format!("{}:{}", row.code, self.known(code)?)),
            }
        }
        Ok(if cells.is_empty() {
            Answer::Nothing
        } else {
            Answer::Cells(cells)
        })
    }

    fn number(&self, given: &RawAnswer) -> Result<Answer, Fault> {
        let Some(number) = number(given)? else {
            return Ok(Answer::Nothing);
        };
        let (least, most) = (self.min.unwrap_or(f64::MIN), self.max.unwrap_or(f64::MAX));
        if number < least || number > most || number.abs() > 1e15 {
            return Err(Fault::OutOfRange {
                least: least.max(-1e15) as i64,
                most: most.min(1e15) as i64,
            });
        }
        // One spelling for one number: what is counted is the text. Minus zero is zero.
        Ok(Answer::Cells(vec![(number + 0.0).to_string()]))
    }
}

fn words(given: &RawAnswer, several_lines: bool) -> Result<Answer, Fault> {
    let given = match given {
        RawAnswer::Text(text) => text.clone(),
        RawAnswer::Number(number) => number.to_string(),
        _ => return Err(Fault::Malformed),
    };
    let read = if several_lines {
        text::lines(&given, limits::LONG_ANSWER)?
    } else {
        text::line(&given, limits::SHORT_ANSWER)?
    };
    Ok(read.map_or(Answer::Nothing, Answer::Words))
}

fn many(given: &RawAnswer) -> Result<Vec<&str>, Fault> {
    let codes: Vec<&str> = match given {
        RawAnswer::Many(codes) => codes.iter().map(String::as_str).collect(),
        RawAnswer::Text(code) => vec![code.as_str()],
        _ => return Err(Fault::Malformed),
    };
    if codes.len() > limits::OPTIONS_PER_QUESTION {
        let (limit, length) = (limits::OPTIONS_PER_QUESTION, codes.len());
        return Err(Fault::TooMany { limit, length });
    }
    Ok(codes
        .into_iter()
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .collect())
}

/// A number as JSON, or as a form sends it ([`typed_number`]).
fn number(given: &RawAnswer) -> Result<Option<f64>, Fault> {
    let number = match given {
        RawAnswer::Number(number) => *number,
        RawAnswer::Text(typed) => {
            let typed = text::fold(typed);
            let typed = typed.trim();
            if typed.is_empty() {
                return Ok(None);
            }
            typed_number(typed).ok_or(Fault::Malformed)?
        }
        _ => return Err(Fault::Malformed),
    };
    if number.is_finite() {
        Ok(Some(number))
    } else {
        Err(Fault::Malformed)
    }
}

/// A folded number as people write it: one point or comma parts the decimals (`3.5`, `3,5`), commas
/// part groups of three (`1,200`, `1,234,567.5`). What could be either way, as `1.234.567` or `1,2000,0`,
/// is no number: a wrong guess would be counted.
fn typed_number(typed: &str) -> Option<f64> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = typed.strip_prefix(['-', '+']).unwrap_or(typed);
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((whole, decimals)) if digits(decimals) => (whole, decimals),
        Some(_) => return None,
        None => (unsigned, ""),
    };
    let groups: Vec<&str> = whole.split(',').collect();
    let number = match groups.as_slice() {
        [whole] => {
            // `.5` is a half.
            (digits(whole) || whole.is_empty() && !decimals.is_empty())
                .then(|| format!("0{whole}.{decimals}0"))
        }
        [first, rest @ ..]
            if digits(first)
                && first.len() <= 3
                && !first.starts_with('0')
                && rest.iter().all(|group| digits(group) && group.len() == 3) =>
        {
            Some(format!("{}.{decimals}0", groups.concat()))
        }
        [whole, after] if decimals.is_empty() && digits(whole) && digits(after) => {
            Some(format!("{whole}.{after}"))
        }
        _ => None,
    }?;
    let number: f64 = number.parse().ok()?;
    Some(if typed.starts_with('-') {
        -number
    } else {
        number
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::RawPoll;

    /// One question of every kind; `why` is shown only to who is against it.
    fn poll() -> Questionnaire {
        let raw: RawPoll = serde_json::from_str(
            r#"{"title": "t", "questions": [
                {"code": "one", "kind": "single", "text": "?", "required": true,
                 "options": [{"code": "for", "text": "f"}, {"code": "against", "text": "a"}]},
                {"code": "why", "kind": "long_text", "text": "?", "required": true,
                 "show_if": {"question": "one", "any_of": ["against"]}},
                {"code": "any", "kind": "multiple", "text": "?", "min": 1, "max": 2,
                 "options": [{"code": "a", "text": "a"}, {"code": "b", "text": "b"}, {"code": "c", "text": "c"}]},
                {"code": "scale", "kind": "scale", "text": "?"},
                {"code": "rank", "kind": "ranking", "text": "?",
                 "options": [{"code": "x", "text": "x"}, {"code": "y", "text": "y"}]},
                {"code": "grid", "kind": "matrix", "text": "?",
                 "rows": [{"code": "r", "text": "r"}, {"code": "s", "text": "s"}],
                 "options": [{"code": "good", "text": "g"}, {"code": "bad", "text": "b"}]},
                {"code": "line", "kind": "short_text", "text": "?"},
                {"code": "km", "kind": "number", "text": "?", "min": 0, "max": 100}]}"#,
        )
        .unwrap();
        raw.parse().unwrap()
    }

    fn ballot(json: &str) -> Result<Cells, Vec<(String, &'static str)>> {
        let answers: RawAnswers = serde_json::from_str(json).unwrap();
        poll().ballot(&answers).map_err(|wrong| {
            wrong
                .0
                .into_iter()
                .map(|v| (v.field, v.fault.code()))
                .collect()
        })
    }

    #[test]
    fn every_kind_of_answer_becomes_countable() {
        let kept = ballot(
            r#"{"one": "for", "why": "left out", "any": ["c", "a"], "scale": 4, "rank": ["y", "x"],
                "grid": {"r": "good"}, "line": " 公交  站 ", "km": "１２,5"}"#,
        )
        .unwrap();
        let cells: Vec<String> = kept
            .cells
            .iter()
            .map(|c| format!("{}={}", c.question, c.cell))
            .collect();
        assert_eq!(
            cells,
            [
                "one=for",
                "any=c",
                "any=a",
                "scale=4",
                "rank=y:1",
                "rank=x:2",
                "grid=r:good",
                "km=12.5"
            ]
        );
        assert_eq!(
            kept.words,
            [Words {
                question: "line".into(),
                text: "公交 站".into()
            }]
        );
        assert!(!kept.answered.contains(&"why".to_owned()));
    }

    #[test]
    fn a_required_question_counts_only_where_it_is_shown() {
        assert!(ballot(r#"{"one": "for"}"#).is_ok());
        assert_eq!(
            ballot(r#"{"one": "against", "why": "  "}"#),
            Err(vec![("answers.why".into(), "required")])
        );
        assert_eq!(ballot("{}"), Err(vec![("answers.one".into(), "required")]));
    }

    #[test]
    fn what_is_no_answer_is_named_by_its_question() {
        for (answers, field, code) in [
            (r#""any": ["a", "b", "c"]"#, "any", "too_many"),
            (r#""any": ["a", "a"]"#, "any", "malformed"),
            (r#""any": ["z"]"#, "any", "unknown"),
            (r#""scale": 6"#, "scale", "out_of_range"),
            (r#""scale": 2.5"#, "scale", "out_of_range"),
            (r#""rank": ["x"]"#, "rank", "not_a_ranking"),
            (r#""rank": ["x", "x"]"#, "rank", "not_a_ranking"),
            (r#""grid": {"q": "good"}"#, "grid", "unknown"),
            (r#""grid": "good""#, "grid", "malformed"),
            (r#""km": "many""#, "km", "malformed"),
            (r#""km": "1e2""#, "km", "malformed"),
            (r#""km": 101"#, "km", "out_of_range"),
            (r#""other": 1"#, "other", "unknown"),
        ] {
            assert_eq!(
                ballot(&format!(r#"{{"one": "for", {answers}}}"#)),
                Err(vec![(format!("answers.{field}"), code)]),
                "{answers}"
            );
        }
    }

    #[test]
    fn an_empty_answer_is_no_answer() {
        let kept = ballot(
            r#"{"one": "for", "any": [], "scale": "", "rank": [""], "grid": {"r": ""}, "km": null}"#,
        )
        .unwrap();
        assert_eq!(kept.answered, ["one"]);
    }

    #[test]
    fn a_comma_that_parts_thousands_is_no_decimal_comma() {
        for (typed, number) in [
            ("1,200", "1200"),
            ("１，２００", "1200"),
            ("-1,234,567.5", "-1234567.5"),
            ("3,5", "3.5"),
            ("3，5", "3.5"),
            ("0,125", "0.125"),
            ("1200,125", "1200.125"),
            ("12,50", "12.5"),
            (".5", "0.5"),
            ("+7", "7"),
        ] {
            let number: f64 = number.parse().unwrap();
            let read = super::number(&RawAnswer::Text(typed.into()));
            assert_eq!(read, Ok(Some(number)), "{typed}");
        }
        for typed in [
            "1.234.567",
            "1,2000,0",
            "1,200,5",
            "1.200,5",
            "1,,200",
            "12 000",
            "5.",
            ",5",
            "-",
            "1e3",
            "１。５",
        ] {
            let read = super::number(&RawAnswer::Text(typed.into()));
            assert_eq!(read, Err(Fault::Malformed), "{typed}");
        }
    }
}
