//! The figures of one question, from how often each cell was counted.

use super::{Count, Counted, Figures, QuestionResult, RankResult, RowResult};
use crate::polls::{Question, QuestionKind};
use std::collections::HashMap;

/// In which versions it was asked is left open.
pub(super) fn figures_of(question: &Question, counted: Counted) -> QuestionResult {
    let n = counted.answered;
    let of = |cell: &str| counted.cells.get(cell).copied().unwrap_or(0);
    let mut result = QuestionResult {
        code: question.code.clone(),
        kind: question.kind,
        text: question.text.clone(),
        versions: Vec::new(),
        earlier: None,
        ballots: 0,
        n,
        counts: Vec::new(),
        rows: Vec::new(),
        ranks: Vec::new(),
        figures: None,
        texts: counted.texts,
        texts_withheld: counted.texts_withheld,
    };
    match question.kind {
        QuestionKind::Single | QuestionKind::Multiple => {
            let options = question.options.iter();
            let counts = options.map(|o| count(&o.code, &o.text, of(&o.code), n));
            result.counts = counts.collect();
        }
        QuestionKind::Scale => {
            let steps = question.steps().map(|step| step.to_string());
            let counts = steps.map(|step| count(&step, &step, of(&step), n));
            result.counts = counts.collect();
            result.figures = figures(&counted.cells);
        }
        QuestionKind::Number => {
            let mut numbers: Vec<(f64, &String, i64)> = counted
                .cells
                .iter()
                .filter_map(|(cell, times)| Some((cell.parse().ok()?, cell, *times)))
                .collect();
            numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
            let counts = numbers
                .iter()
                .map(|(_, cell, times)| count(cell, cell, *times, n));
            result.counts = counts.collect();
            result.figures = figures(&counted.cells);
        }
        QuestionKind::Matrix => {
            result.rows = question
                .rows
                .iter()
                .map(|row| {
                    let in_row = |option: &str| of(&format!("{}:{option}", row.code));
                    let n = question.options.iter().map(|o| in_row(&o.code)).sum();
                    let options = question.options.iter();
                    let counts = options.map(|o| count(&o.code, &o.text, in_row(&o.code), n));
                    RowResult {
                        code: row.code.clone(),
                        text: row.text.clone(),
                        n,
                        counts: counts.collect(),
                    }
                })
                .collect();
        }
        QuestionKind::Ranking => result.ranks = ranks(question, of),
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Section => {}
    }
    result
}

fn count(code: &str, text: &str, count: i64, n: i64) -> Count {
    Count {
        code: code.to_owned(),
        text: text.to_owned(),
        count,
        percent: percent(count, n),
    }
}

/// To one decimal, half up; 0 of nothing.
pub fn percent(count: i64, n: i64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    (count as f64 * 1000.0 / n as f64).round() / 10.0
}

/// Best mean rank first; options that nobody ranked last.
fn ranks(question: &Question, of: impl Fn(&str) -> i64) -> Vec<RankResult> {
    let places = question.options.len();
    let mut ranks: Vec<RankResult> = question
        .options
        .iter()
        .map(|option| {
            let at_rank: Vec<i64> = (1..=places)
                .map(|rank| of(&format!("{}:{rank}", option.code)))
                .collect();
            let times: i64 = at_rank.iter().sum();
            let sum: i64 = at_rank
                .iter()
                .zip(1..)
                .map(|(times, rank)| times * rank)
                .sum();
            RankResult {
                code: option.code.clone(),
                text: option.text.clone(),
                mean_rank: if times == 0 {
                    0.0
                } else {
                    hundredths(sum as f64 / times as f64)
                },
                at_rank,
            }
        })
        .collect();
    ranks.sort_by(|a, b| {
        let last = |rank: &RankResult| rank.mean_rank == 0.0;
        last(a)
            .cmp(&last(b))
            .then(a.mean_rank.total_cmp(&b.mean_rank))
    });
    ranks
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Mean, median and range of numbers with how often each was given.
fn figures(cells: &HashMap<String, i64>) -> Option<Figures> {
    let mut numbers: Vec<(f64, i64)> = cells
        .iter()
        .filter(|(_, times)| **times > 0)
        .filter_map(|(cell, times)| Some((cell.parse().ok()?, *times)))
        .collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n: i64 = numbers.iter().map(|(_, times)| times).sum();
    let (first, last) = (numbers.first()?.0, numbers.last()?.0);
    let sum: f64 = numbers
        .iter()
        .map(|(number, times)| number * *times as f64)
        .sum();
    let at = |place: i64| {
        let mut before = 0;
        let found = numbers.iter().find(|(_, times)| {
            before += times;
            before > place
        });
        found.map_or(last, |(number, _)| *number)
    };
    Some(Figures {
        mean: hundredths(sum / n as f64),
        median: (at((n - 1) / 2) + at(n / 2)) / 2.0,
        min: first,
        max: last,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{CountedVersion, results};
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

    /// Counted by hand: 7 ballots.
    #[test]
    fn figures_are_those_that_a_hand_count_gives() {
        let raw: RawPoll = serde_json::from_str(
            r#"{"title": "t", "questions": [
                {"kind": "section", "text": "s"},
                {"code": "one", "kind": "single", "text": "?",
                 "options": [{"code": "a", "text": "A"}, {"code": "b", "text": "B"}, {"code": "c", "text": "C"}]},
                {"code": "scale", "kind": "scale", "text": "?"},
                {"code": "rank", "kind": "ranking", "text": "?",
                 "options": [{"code": "x", "text": "X"}, {"code": "y", "text": "Y"}, {"code": "z", "text": "Z"}]},
                {"code": "grid", "kind": "matrix", "text": "?", "rows": [{"code": "r", "text": "R"}],
                 "options": [{"code": "g", "text": "G"}, {"code": "h", "text": "H"}]},
                {"code": "km", "kind": "number", "text": "?"}]}"#,
        )
        .unwrap();
        let counted = HashMap::from([
            ("one".to_owned(), counted(7, &[("a", 4), ("b", 3)])),
            (
                "scale".to_owned(),
                counted(6, &[("5", 3), ("4", 1), ("1", 2)]),
            ),
            (
                "rank".to_owned(),
                counted(
                    3,
                    &[
                        ("y:1", 2),
                        ("y:2", 1),
                        ("x:1", 1),
                        ("x:2", 1),
                        ("x:3", 1),
                        ("z:2", 1),
                        ("z:3", 2),
                    ],
                ),
            ),
            ("grid".to_owned(), counted(4, &[("r:g", 3), ("r:h", 1)])),
            (
                "km".to_owned(),
                counted(5, &[("10", 2), ("2.5", 2), ("9", 1)]),
            ),
        ]);
        let results = results(&[CountedVersion {
            version: 1,
            questionnaire: raw.parse().unwrap(),
            ballots: 7,
            counted,
        }]);
        let [one, scale, rank, grid, km] = results.as_slice() else {
            panic!("{results:?}")
        };
        let shares = |counts: &[Count]| -> Vec<(String, i64, f64)> {
            counts
                .iter()
                .map(|c| (c.code.clone(), c.count, c.percent))
                .collect()
        };
        assert_eq!(
            shares(&one.counts),
            [
                ("a".into(), 4, 57.1),
                ("b".into(), 3, 42.9),
                ("c".into(), 0, 0.0)
            ]
        );
        assert_eq!(scale.counts.len(), 5);
        assert_eq!(
            scale.figures,
            Some(Figures {
                mean: 3.5,
                median: 4.5,
                min: 1.0,
                max: 5.0
            })
        );
        let means: Vec<_> = rank
            .ranks
            .iter()
            .map(|r| (r.code.as_str(), r.mean_rank))
            .collect();
        assert_eq!(means, [("y", 1.33), ("x", 2.0), ("z", 2.67)]);
        assert_eq!(rank.ranks[0].at_rank, [2, 1, 0]);
        assert_eq!(
            (grid.rows[0].n, shares(&grid.rows[0].counts)[0].2),
            (4, 75.0)
        );
        let codes: Vec<_> = km.counts.iter().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, ["2.5", "9", "10"], "numbers in their own order");
        assert_eq!(
            km.figures,
            Some(Figures {
                mean: 6.8,
                median: 9.0,
                min: 2.5,
                max: 10.0
            })
        );
    }

    #[test]
    fn nothing_answered_is_nothing_and_no_division() {
        assert_eq!(percent(0, 0), 0.0);
        assert_eq!(figures(&HashMap::new()), None);
    }
}
