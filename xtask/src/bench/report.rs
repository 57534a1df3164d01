//! The figures, and the page that says them: always a ratio or a cost per request beside a rate.

use crate::progress::note;
use crate::{Outcome, root};
use std::fmt::Write as _;
use std::fs;

/// What one measurement found.
#[derive(Clone, Debug)]
pub struct Line {
    /// Successful requests (or commits) per second.
    pub per_second: f64,
    /// CPU of the measured processes per request, in milliseconds; not measured for raw inserts.
    pub cpu_ms: Option<f64>,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub successes: u64,
    pub errors: u64,
}

impl Line {
    /// Reads wrk's `RESULT` line: requests, microseconds, refused, broken, p50 µs, p99 µs.
    pub fn read(output: &str, ticks: u64) -> Option<Self> {
        let line = output
            .lines()
            .find_map(|line| line.strip_prefix("RESULT "))?;
        let numbers: Vec<f64> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
        let [requests, micros, refused, broken, p50, p99] = numbers.as_slice() else {
            return None;
        };
        let good = requests - refused;
        Some(Self {
            per_second: good / (micros / 1e6),
            cpu_ms: Some(ticks as f64 * 10.0 / requests.max(1.0)),
            p50_ms: p50 / 1e3,
            p99_ms: p99 / 1e3,
            successes: good as u64,
            errors: (refused + broken) as u64,
        })
    }

    /// A bare rate.
    pub fn rate(per_second: f64) -> Self {
        Self {
            per_second,
            cpu_ms: None,
            p50_ms: 0.0,
            p99_ms: 0.0,
            successes: 0,
            errors: 0,
        }
    }
}

/// The page under construction.
#[derive(Default)]
pub struct Report {
    reading: String,
    sending: String,
    memory: String,
    targets: Vec<(String, String, bool)>,
}

impl Report {
    pub fn reading(
        &mut self,
        kind: &str,
        bytes: usize,
        nginx: Option<Line>,
        cached: Option<Line>,
        uncached: Option<Line>,
    ) {
        let (Some(nginx), Some(cached), Some(uncached)) = (nginx, cached, uncached) else {
            return;
        };
        for (what, line) in [
            ("nginx, the same bytes", &nginx),
            ("widget, cached", &cached),
            ("widget, uncached", &uncached),
        ] {
            row(&mut self.reading, kind, what, line, nginx.per_second);
        }
        let ratio = cached.per_second / nginx.per_second;
        let cpu = cached.cpu_ms.unwrap_or(f64::NAN);
        self.target(
            kind,
            "cached ≥ 50 % of nginx",
            format!("{:.0} %", ratio * 100.0),
            ratio >= 0.5,
        );
        self.target(
            kind,
            "cached ≤ 0.15 ms of CPU",
            format!("{cpu:.3} ms"),
            cpu <= 0.15,
        );
        let rate = uncached.per_second;
        self.target(
            kind,
            "uncached ≥ 2,500 a second",
            format!("{rate:.0}"),
            rate >= 2_500.0,
        );
        note(&format!(
            "{kind}: {bytes} bytes, cached {ratio:.2} of nginx, uncached {rate:.0}/s"
        ));
    }

    pub fn sending(&mut self, kind: &str, raw: Option<Line>, sent: Option<Line>, counted: u64) {
        let (Some(raw), Some(sent)) = (raw, sent) else {
            return;
        };
        row(
            &mut self.sending,
            kind,
            "raw single-row insert",
            &raw,
            raw.per_second,
        );
        row(
            &mut self.sending,
            kind,
            "comments acknowledged",
            &sent,
            raw.per_second,
        );
        let (rate, p99) = (sent.per_second, sent.p99_ms);
        self.target(
            kind,
            "≥ 3,000 comments a second",
            format!("{rate:.0}"),
            rate >= 3_000.0,
        );
        self.target(kind, "p99 ≤ 50 ms", format!("{p99:.1} ms"), p99 <= 50.0);
        let errors = sent.errors;
        self.target(
            kind,
            "no comment refused or broken",
            format!("{errors} errors"),
            errors == 0,
        );
        // Every acknowledged comment of the best round must be among those counted in all.
        let kept = counted >= sent.successes;
        self.target(
            kind,
            "every acknowledged comment counted",
            format!("{counted} in all"),
            kept,
        );
        note(&format!("{kind}: {rate:.0} comments/s, p99 {p99:.1} ms"));
    }

    pub fn memory(&mut self, kind: &str, when: &str, kb: u64) {
        let mb = kb as f64 / 1024.0;
        writeln!(self.memory, "| {kind} | {when} | {mb:.0} MB |").expect("strings grow");
        if when.starts_with("idle") {
            self.target(kind, "≤ 80 MB idle", format!("{mb:.0} MB"), mb <= 80.0);
        }
    }

    fn target(&mut self, kind: &str, what: &str, found: String, met: bool) {
        self.targets.push((format!("{kind}: {what}"), found, met));
    }

    /// Writes `docs/performance.md`; fails if a target is missed.
    pub fn write(&self) -> Outcome {
        let mut page = String::from(HEAD);
        page.push_str("\n## Targets\n\n| target | found | met |\n|---|---|---|\n");
        for (what, found, met) in &self.targets {
            let met = if *met { "yes" } else { "**no**" };
            writeln!(page, "| {what} | {found} | {met} |").expect("strings grow");
        }
        let columns = "| database | what | per second | ratio | CPU per request | p50 | p99 | errors |\n|---|---|--:|--:|--:|--:|--:|--:|\n";
        write!(
            page,
            "\n## Reading a widget with 50 comments\n\n{columns}{}",
            self.reading
        )
        .expect("strings grow");
        write!(
            page,
            "\n## Sending comments, 64 connections\n\n{columns}{}",
            self.sending
        )
        .expect("strings grow");
        write!(
            page,
            "\n## Memory\n\n| database | when | resident |\n|---|---|--:|\n{}",
            self.memory
        )
        .expect("strings grow");
        let path = root().join("docs/performance.md");
        fs::write(&path, &page)
            .map_err(|e| format!("docs/performance.md cannot be written ({e})."))?;
        println!("{page}");
        let missed = self.targets.iter().filter(|(_, _, met)| !met).count();
        if missed == 0 {
            Ok(())
        } else {
            Err(format!(
                "{missed} targets were missed; see docs/performance.md."
            ))
        }
    }
}

fn row(table: &mut String, kind: &str, what: &str, line: &Line, one: f64) {
    let cpu = line.cpu_ms.map_or("–".into(), |ms| format!("{ms:.3} ms"));
    let latency = |ms: f64| {
        if ms > 0.0 {
            format!("{ms:.1} ms")
        } else {
            "–".into()
        }
    };
    writeln!(
        table,
        "| {kind} | {what} | {:.0} | {:.2} | {cpu} | {} | {} | {} |",
        line.per_second,
        line.per_second / one,
        latency(line.p50_ms),
        latency(line.p99_ms),
        line.errors,
    )
    .expect("strings grow");
}

const HEAD: &str = "# Performance

Made by `cargo xtask bench`: the release build, wrk with one thread on the same two cores, three
rounds of six seconds each, the best round stands. In each round the product runs beside a
yardstick: nginx serving the same bytes from a file, and single-row inserts with the same durability
(SQLite: WAL, `synchronous = full`, one writer; PostgreSQL: `synchronous_commit = on`, as many
connections). Read the ratio and the CPU per request first: rates swing with the machine. On
PostgreSQL the CPU per sent comment includes the database's processes.
";
