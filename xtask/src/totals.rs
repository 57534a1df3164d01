//! Counts what passed and failed, from the programs' own closing lines.

use serde_json::Value;

/// A count of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Totals {
    /// A step that either passed or did not.
    pub fn of(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            skipped: 0,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Reads one line of cargo's output: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub fn of_cargo_line(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut totals = Self::default();
        for count in counts.split("; ") {
            let (number, what) = count.split_once(' ')?;
            match what {
                "passed" => totals.passed = number.parse().ok()?,
                "failed" => totals.failed = number.parse().ok()?,
                "ignored" => totals.skipped = number.parse().ok()?,
                _ => {}
            }
        }
        Some(totals)
    }

    /// Reads Playwright's JSON report.
    pub fn of_playwright(report: &Value) -> Option<Self> {
        let stats = report.get("stats")?;
        let count = |name| stats.get(name).and_then(Value::as_u64);
        // A test that only passed when tried again has failed: there are no retries.
        let outside = report.get("errors")?.as_array()?.len() as u64;
        Some(Self {
            passed: count("expected")?,
            failed: count("unexpected")? + count("flaky")? + outside,
            skipped: count("skipped")?,
        })
    }

    /// The closing line.
    pub fn line(self) -> String {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        match skipped {
            0 => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cargo_s_closing_lines_are_read_and_nothing_else() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.05s";
        let expected = Totals {
            passed: 12,
            failed: 2,
            skipped: 1,
        };
        assert_eq!(Totals::of_cargo_line(line), Some(expected));
        assert_eq!(Totals::of_cargo_line("running 12 tests"), None);
        assert_eq!(Totals::of_cargo_line("test result: odd"), None);
    }

    #[test]
    fn errors_outside_of_tests_count_as_failures() {
        let report = json!({
            "stats": { "expected": 5, "unexpected": 1, "flaky": 1, "skipped": 0 },
            "errors": [{ "message": "a spec does not compile" }],
        });
        let totals = Totals::of_playwright(&report).unwrap();
        assert_eq!((totals.passed, totals.failed), (5, 3));
        assert_eq!(totals.line(), "5 passed, 3 failed");
        assert_eq!(Totals::of_playwright(&json!({})), None);
    }
}
