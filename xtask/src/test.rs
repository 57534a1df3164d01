//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest, and one
//! line of totals at the end.
//!
//! A step that fails does not hide the others: all run, unless what they need could not be built.

use crate::postgres::{Durability, Postgres};
use crate::process::{self, BRIEF, COMPILING, cargo, each_line, npm_program, succeeds};
use crate::progress::{Step, note};
use crate::totals::Totals;
use crate::{Outcome, assets, needs, root};
use serde_json::Value;
use std::fs;
use std::time::Instant;

/// Which crates are for the browser alone: with the others in one build, features would mix.
const BROWSER_CRATES: [&str; 2] = ["site-wasm", "console-wasm"];
/// How long the tests of one step may take on a slow machine, once they are compiled.
const TESTING: u32 = 25;
const STEPS: [&str; 6] = ["format", "lints", "units", "assets", "browser", "budgets"];

/// Runs the steps named, or all of them.
pub fn test(named: &[String]) -> Outcome {
    if let Some(unknown) = named.iter().find(|n| !STEPS.contains(&n.as_str())) {
        return Err(format!(
            "There is no step \"{unknown}\": choose among {}.",
            STEPS.join(", ")
        ));
    }
    let mut run = Run {
        totals: Totals::default(),
        lines: Vec::new(),
        named,
    };
    let started = Instant::now();
    let outcome = run.everything();
    println!("\n== summary");
    for line in &run.lines {
        note(line);
    }
    note(&format!(
        "{:>7.1} s in all",
        started.elapsed().as_secs_f64()
    ));
    if let Err(sentence) = &outcome {
        println!("\n{sentence}");
        run.totals.add(Totals::of(false));
    }
    let failed = run.totals.failed > 0;
    println!("\n{}", run.totals.line());
    // The last line is the totals: the exit code alone tells the rest.
    if failed {
        std::process::exit(1)
    } else {
        Ok(())
    }
}

struct Run<'a> {
    totals: Totals,
    lines: Vec<String>,
    named: &'a [String],
}

impl Run<'_> {
    fn everything(&mut self) -> Outcome {
        needs::components(&["clippy", "rustfmt", "rust-src"])?;
        needs::wasm_target()?;
        needs::debian_packages(&[needs::CHROMIUM, needs::POSTGRESQL, needs::CHINESE_FONTS])?;
        self.step("format", || format().map(Totals::of));
        let mut sizes = Vec::new();
        if self.named == ["format"] {
            return Ok(());
        }
        // The server carries the assets, so nothing else compiles without them.
        self.always("assets", || {
            sizes = assets::assets()?;
            Ok(Totals::of(!sizes.is_empty()))
        });
        if sizes.is_empty() {
            return Err("Without the browser's assets the server cannot be built: the other steps did not run.".into());
        }
        self.step("lints", || lints().map(Totals::of));
        self.step("budgets", || budgets(&sizes).map(Totals::of));
        if self.wants("units") || self.wants("browser") {
            let postgres = Postgres::start(Durability::None)?;
            let url = postgres.url();
            self.step("units", || units(&url));
            self.step("browser", || browser(&url));
        }
        Ok(())
    }

    fn wants(&self, step: &str) -> bool {
        self.named.is_empty() || self.named.iter().any(|name| name == step)
    }

    fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome<Totals>) {
        if self.wants(name) {
            self.always(name, work);
        }
    }

    fn always(&mut self, name: &str, work: impl FnOnce() -> Outcome<Totals>) {
        let step = Step::begin(name);
        let totals = work().unwrap_or_else(|sentence| {
            println!("{sentence}");
            Totals::of(false)
        });
        self.totals.add(totals);
        let how = totals.line();
        self.lines
            .push(format!("{:>7.1} s  {name}: {how}", step.seconds()));
        step.done(&how);
    }
}

fn format() -> Outcome<bool> {
    succeeds(BRIEF, &cargo(&["fmt", "--all", "--check"]))
}

fn lints() -> Outcome<bool> {
    let mut native = cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]);
    let mut browser = cargo(&["clippy", "--quiet", "--target", "wasm32-unknown-unknown"]);
    for package in BROWSER_CRATES {
        native.args(["--exclude", package]);
        browser.args(["--package", package]);
    }
    // The views as the browser gets them: linted as libraries, not only as dependencies.
    browser.args(["--package", "app", "--package", "console"]);
    for command in [&mut native, &mut browser] {
        command.args(["--", "-D", "warnings"]);
    }
    let native = succeeds(COMPILING, &native)?;
    let browser = succeeds(COMPILING, &browser)?;
    let scripts = succeeds(BRIEF, &npm_program("tsc", &["--project", "end2end"]))?;
    Ok(native && browser && scripts)
}

/// Unit, database and API tests; the database ones on SQLite and on this PostgreSQL.
fn units(postgres: &str) -> Outcome<Totals> {
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    for package in BROWSER_CRATES {
        command.args(["--exclude", package]);
    }
    command.env("YANLU_TEST_POSTGRES_URL", postgres);
    let mut compile = cargo(&[]);
    compile.args(command.get_args()).arg("--no-run");
    process::run(
        COMPILING,
        &compile,
        "The tests do not compile: correct what the compiler names above.",
    )?;
    let mut totals = Totals::default();
    let passed = each_line(TESTING, &command, |line| {
        if let Some(more) = Totals::of_cargo_line(line) {
            totals.add(more);
        }
    })?;
    // A test process died without its closing line.
    if !passed && totals.failed == 0 {
        totals.add(Totals::of(false));
    }
    if passed && totals.passed == 0 {
        return Err("cargo ran no test.".into());
    }
    Ok(totals)
}

fn browser(postgres: &str) -> Outcome<Totals> {
    needs::npm_packages()?;
    process::run(
        COMPILING,
        &cargo(&["build", "--package", "server", "--bin", "yanlu"]),
        "The server does not compile: correct what the compiler names above.",
    )?;
    let mut totals = playwright(postgres, "end2end", &["sqlite", "postgres"], &[])?;
    // What is held against the clock runs when nothing else does.
    totals.add(playwright(postgres, "speed", &["speed"], &["--workers=1"])?);
    Ok(totals)
}

/// One run of some projects of `end2end/playwright.config.ts`, with a report of its own.
fn playwright(postgres: &str, report: &str, projects: &[&str], more: &[&str]) -> Outcome<Totals> {
    let report = root().join(format!("target/{report}.json"));
    if report.exists() {
        fs::remove_file(&report)
            .map_err(|e| format!("{} is in the way ({e}).", report.display()))?;
    }
    let mut playwright = npm_program("playwright", &["test", "--config", "end2end"]);
    for project in projects {
        playwright.args(["--project", project]);
    }
    playwright
        .args(more)
        .env("YANLU_TEST_POSTGRES_URL", postgres)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let passed = succeeds(TESTING, &playwright)?;
    let text = fs::read_to_string(&report)
        .map_err(|e| format!("Playwright left no report ({e}): see its output above."))?;
    let report: Value = serde_json::from_str(&text)
        .map_err(|e| format!("Playwright's report cannot be read ({e})."))?;
    let totals = Totals::of_playwright(&report)
        .filter(|totals| totals.passed + totals.failed > 0)
        .ok_or("Playwright ran no test: see its output above.")?;
    if passed == (totals.failed == 0) {
        Ok(totals)
    } else {
        Err("Playwright's report and its exit code differ: see its output above.".into())
    }
}

/// The files as shipped against `end2end/budgets.json`; what a page adds up to is measured in the
/// browser (`end2end/budgets.spec.ts`).
fn budgets(sizes: &[assets::Size]) -> Outcome<bool> {
    let path = root().join("end2end/budgets.json");
    let text = fs::read_to_string(&path)
        .map_err(|e| format!("{} cannot be read ({e}).", path.display()))?;
    let budgets: Value = serde_json::from_str(&text)
        .map_err(|e| format!("{} is not JSON ({e}).", path.display()))?;
    let files = budgets
        .get("files")
        .and_then(Value::as_object)
        .ok_or("end2end/budgets.json has no \"files\".")?;
    let mut kept = true;
    for (name, budget) in files {
        let limit = budget.as_u64().ok_or("A budget is a number of bytes.")?;
        // A name such as `site.js + site_bg.wasm` is a sum.
        let mut total = 0;
        for part in name.split(" + ") {
            let size = sizes.iter().find(|size| size.name == part);
            let size = size.ok_or_else(|| format!("No asset is called {part}."))?;
            total += size.brotli as u64;
        }
        let verdict = if total <= limit { "ok" } else { "TOO LARGE" };
        note(&format!("{name}: {total} of {limit} bytes, {verdict}"));
        kept &= total <= limit;
    }
    Ok(kept)
}
