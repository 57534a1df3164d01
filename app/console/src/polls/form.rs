//! A poll as typed. Options and rows stand one a line, `code | text` or the text alone; every value
//! comes back as it was.

use crate::rows::{self, Press, decimal};
use domain::limits;
use domain::polls::{
    IdentityLevel, PollOption, PollPhase, Question, QuestionKind, Questionnaire, RawPoll,
    RawQuestion, ResultsShown, ShowIf,
};
use domain::problem::{Fault, Violation, Violations};

const ROWS: &str = "questions";

/// A question, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionForm {
    /// Given when the row is added; conditions and results name the question by it.
    pub code: String,
    pub kind: String,
    pub text: String,
    pub hint: String,
    pub required: bool,
    pub options: String,
    pub rows: String,
    pub min: String,
    pub max: String,
    pub min_label: String,
    pub max_label: String,
    pub random: bool,
    /// Code of the question that decides whether this one is shown.
    pub show_if: String,
    /// The options of that question, one a line, by code or text.
    pub any_of: String,
}

/// A poll, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollForm {
    pub title: String,
    pub intro: String,
    pub method: String,
    pub identity: String,
    pub results: String,
    pub phase: String,
    /// What a correction corrects, in public.
    pub correction: String,
    pub questions: Vec<QuestionForm>,
}

impl PollForm {
    /// Reads the pairs of the form.
    pub fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs.clone() {
            let field = match name {
                "title" => &mut form.title,
                "intro" => &mut form.intro,
                "method" => &mut form.method,
                "identity" => &mut form.identity,
                "results" => &mut form.results,
                "phase" => &mut form.phase,
                "correction" => &mut form.correction,
                _ => continue,
            };
            value.clone_into(field);
        }
        form.questions = rows::read(
            pairs,
            ROWS,
            limits::QUESTIONS_PER_POLL,
            |row: &mut QuestionForm, field, value| {
                let field = match field {
                    "code" => &mut row.code,
                    "kind" => &mut row.kind,
                    "text" => &mut row.text,
                    "hint" => &mut row.hint,
                    "options" => &mut row.options,
                    "rows" => &mut row.rows,
                    "min" => &mut row.min,
                    "max" => &mut row.max,
                    "min_label" => &mut row.min_label,
                    "max_label" => &mut row.max_label,
                    "show_if" => &mut row.show_if,
                    "any_of" => &mut row.any_of,
                    "required" => return row.required = true,
                    "random" => return row.random = true,
                    _ => return,
                };
                value.clone_into(field);
            },
        );
        form
    }

    /// What a new poll begins with: one question to choose one answer from.
    pub fn proposed() -> Self {
        let mut form = Self {
            identity: IdentityLevel::None.code().into(),
            results: ResultsShown::AtClosing.code().into(),
            phase: PollPhase::Before.code().into(),
            ..Self::default()
        };
        form.press(&Press::Add);
        form
    }

    /// A public poll, to be corrected: every line with its code, so that none takes another's when one
    /// is put in or taken out.
    pub fn correcting(poll: &Questionnaire) -> Self {
        let mut form = Self::of(poll);
        for (row, question) in form.questions.iter_mut().zip(&poll.questions) {
            row.options = coded_lines(&question.options);
            row.rows = coded_lines(&question.rows);
        }
        form
    }

    /// A stored poll, to be changed.
    pub fn of(poll: &Questionnaire) -> Self {
        Self {
            title: poll.title.clone(),
            intro: poll.intro.clone().unwrap_or_default(),
            method: poll.method.clone().unwrap_or_default(),
            identity: poll.identity.code().into(),
            results: poll.results.code().into(),
            phase: poll.phase.code().into(),
            correction: String::new(),
            questions: poll.questions.iter().map(QuestionForm::of).collect(),
        }
    }

    /// Does what a button about rows asks for; `false` if it was another button.
    pub fn press(&mut self, press: &Press) -> bool {
        press.on(&mut self.questions, limits::QUESTIONS_PER_POLL, |rows| {
            let taken = |code: &str| rows.iter().any(|row| row.code == code);
            let code = (1..)
                .map(|n| format!("q{n}"))
                .find(|code| !taken(code))
                .unwrap_or_default();
            QuestionForm {
                code,
                kind: QuestionKind::Single.code().into(),
                required: true,
                ..QuestionForm::default()
            }
        })
    }

    /// As it is kept. Faults stand at the fields of this form.
    pub fn questionnaire(&self) -> Result<Questionnaire, Violations> {
        let mut wrong = Violations::new();
        let text = |text: &String| Some(text.clone());
        let mut questions: Vec<RawQuestion> = Vec::with_capacity(self.questions.len());
        for (index, row) in self.questions.iter().enumerate() {
            let question = row.raw(index, &questions, &mut wrong);
            questions.push(question);
        }
        let raw = RawPoll {
            title: self.title.clone(),
            intro: text(&self.intro),
            method: text(&self.method),
            identity: self.identity.parse().ok(),
            results: self.results.parse().ok(),
            phase: self.phase.parse().ok(),
            questions,
        };
        match (raw.parse(), wrong.0.is_empty()) {
            (Ok(questionnaire), true) => Ok(questionnaire),
            (parsed, _) => {
                let more = parsed.err().unwrap_or_default();
                wrong.0.extend(more.0.into_iter().map(at_its_field));
                wrong.0.dedup_by(|a, b| a.field == b.field);
                Err(wrong)
            }
        }
    }
}

/// `questions.0.options.3.text` stands in the field `questions.0.options`.
fn at_its_field(violation: Violation) -> Violation {
    let field: Vec<&str> = violation.field.split('.').take(3).collect();
    Violation {
        field: field.join("."),
        fault: violation.fault,
    }
}

impl QuestionForm {
    fn of(question: &Question) -> Self {
        let number = |bound: Option<f64>| bound.map(|n| n.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let condition = question.show_if.as_ref();
        Self {
            code: question.code.clone(),
            kind: question.kind.code().into(),
            text: question.text.clone(),
            hint: text(&question.hint),
            required: question.required,
            options: lines(&question.options),
            rows: lines(&question.rows),
            min: number(question.min),
            max: number(question.max),
            min_label: text(&question.min_label),
            max_label: text(&question.max_label),
            random: question.random,
            show_if: condition.map(|c| c.question.clone()).unwrap_or_default(),
            any_of: condition.map(|c| c.any_of.join("\n")).unwrap_or_default(),
        }
    }

    fn raw(&self, index: usize, before: &[RawQuestion], wrong: &mut Violations) -> RawQuestion {
        let mut bound = |name: &str, typed: &str| {
            let number = decimal(typed);
            if number.is_none() && !typed.trim().is_empty() {
                wrong.add(format!("{ROWS}.{index}.{name}"), Fault::Malformed);
            }
            number
        };
        let (min, max) = (bound("min", &self.min), bound("max", &self.max));
        let text = |text: &String| Some(text.clone());
        let show_if = Some(self.show_if.trim())
            .filter(|code| !code.is_empty())
            .map(|code| ShowIf {
                question: code.to_owned(),
                any_of: self.any_of(before.iter().find(|question| question.code == code)),
            });
        RawQuestion {
            code: self.code.clone(),
            kind: self.kind.parse().unwrap_or(QuestionKind::Single),
            text: self.text.clone(),
            hint: text(&self.hint),
            required: self.required,
            options: options(&self.options),
            rows: options(&self.rows),
            min,
            max,
            min_label: text(&self.min_label),
            max_label: text(&self.max_label),
            random: self.random,
            show_if,
        }
    }

    /// Codes of the options that were named by code or by text.
    fn any_of(&self, question: Option<&RawQuestion>) -> Vec<String> {
        let options: Vec<(String, &str)> = question
            .into_iter()
            .flat_map(|question| question.options.iter().enumerate())
            .map(|(index, option)| (code_of(index, option), option.text.trim()))
            .collect();
        self.any_of
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| {
                let named = options
                    .iter()
                    .find(|(code, _)| code == line)
                    .or_else(|| options.iter().find(|(_, text)| *text == line));
                named.map_or_else(|| line.to_owned(), |(code, _)| code.clone())
            })
            .collect()
    }

    pub(super) fn kind(&self) -> QuestionKind {
        self.kind.parse().unwrap_or(QuestionKind::Single)
    }
}

/// The code under which an option is kept.
fn code_of(index: usize, option: &PollOption) -> String {
    if option.code.is_empty() {
        (index + 1).to_string()
    } else {
        option.code.clone()
    }
}

/// One option a line: `code | text`, or the text alone. What stands before the bar is a code only if
/// it can be one.
fn options(typed: &str) -> Vec<PollOption> {
    let is_code = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let mut options: Vec<PollOption> = typed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let parts = line.split_once(['|', '｜']);
            let parts = parts.map(|(code, text)| (code.trim(), text.trim()));
            match parts.filter(|(code, text)| is_code(code) && !text.is_empty()) {
                Some((code, text)) => PollOption {
                    code: code.into(),
                    text: text.into(),
                },
                None => PollOption {
                    code: String::new(),
                    text: line.into(),
                },
            }
        })
        .collect();
    // A line without a code is new where others have numbers for codes: it takes one beyond them, never
    // that of its place, which may be another's or have been.
    let numbers = options.iter().filter_map(|option| option.code.parse().ok());
    if let Some(mut last) = numbers.max() {
        for option in options.iter_mut().filter(|option| option.code.is_empty()) {
            last += 1;
            option.code = u32::to_string(&last);
        }
    }
    options
}

/// Every line with its code.
fn coded_lines(options: &[PollOption]) -> String {
    let lines = options.iter();
    let lines = lines.map(|option| format!("{} | {}", option.code, option.text));
    lines.collect::<Vec<_>>().join("\n")
}

/// As they are typed: the code where it is not the place in the list.
fn lines(options: &[PollOption]) -> String {
    let lines: Vec<String> = options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            if option.code == (index + 1).to_string() {
                option.text.clone()
            } else {
                format!("{} | {}", option.code, option.text)
            }
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> PollForm {
        let mut form = PollForm::proposed();
        form.title = "停车".into();
        form.questions[0].text = "您有车吗？".into();
        form.questions[0].options = "yes | 有\nno｜没有\n甲 | 乙".into();
        form.press(&Press::Add);
        let second = &mut form.questions[1];
        second.kind = "scale".into();
        second.text = "满意吗？".into();
        second.max = "７".into();
        second.show_if = "q1".into();
        second.any_of = "有\n3".into();
        form
    }

    #[test]
    fn lines_become_options_and_come_back_as_lines() {
        let poll = filled().questionnaire().unwrap();
        let codes: Vec<_> = poll.questions[0]
            .options
            .iter()
            .map(|option| (&*option.code, &*option.text))
            .collect();
        assert_eq!(codes, [("yes", "有"), ("no", "没有"), ("3", "甲 | 乙")]);
        let condition = poll.questions[1].show_if.clone().unwrap();
        assert_eq!(condition.any_of, ["yes", "3"], "by text and by code");
        assert_eq!(poll.questions[1].max, Some(7.0));
        assert_eq!(PollForm::of(&poll).questionnaire().unwrap(), poll);
    }

    #[test]
    fn a_line_put_into_a_correction_shifts_no_code() {
        let mut form = PollForm::proposed();
        form.title = "停车".into();
        form.questions[0].text = "在哪里停车？".into();
        form.questions[0].options = "路边\n小区\n车库".into();
        let poll = form.questionnaire().unwrap();
        let mut form = PollForm::correcting(&poll);
        assert_eq!(form.questions[0].options, "1 | 路边\n2 | 小区\n3 | 车库");
        assert_eq!(form.questionnaire().unwrap(), poll);
        form.questions[0].options = "1 | 路边\n单位\n3 | 车库".into();
        let corrected = form.questionnaire().unwrap();
        let options = corrected.questions[0].options.iter();
        let codes: Vec<_> = options.map(|one| (&*one.code, &*one.text)).collect();
        assert_eq!(codes, [("1", "路边"), ("4", "单位"), ("3", "车库")]);
    }

    #[test]
    fn faults_stand_at_the_fields_of_the_form() {
        let mut form = filled();
        form.questions[0].options = format!("yes | {}\nyes | 有", "长".repeat(501));
        form.questions[1].min = "一".into();
        form.questions[1].any_of = "也许".into();
        let wrong = form.questionnaire().unwrap_err();
        let fields: Vec<_> = wrong.0.iter().map(|v| &*v.field).collect();
        let expected = [
            "questions.1.min",
            "questions.0.options",
            "questions.1.show_if",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_new_question_never_takes_the_code_of_one_that_stands() {
        let mut form = filled();
        form.press(&Press::Remove(0));
        form.press(&Press::Add);
        let codes: Vec<_> = form.questions.iter().map(|row| &*row.code).collect();
        assert_eq!(codes, ["q2", "q1"]);
    }
}
