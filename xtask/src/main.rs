//! The commands of a contributor: build, run and test the whole house.
//!
//! `cargo xtask` alone lists them. Each task is a file of its own; what a task needs and the
//! machine lacks is fetched by `needs`, and every failure ends in one sentence that says what to
//! do.

mod assets;
mod bench;
mod build;
mod fmt;
mod needs;
mod postgres;
mod process;
mod progress;
mod run;
mod screenshots;
mod test;
mod totals;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A failure is a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask run          build everything and serve it here, with demonstration data
cargo xtask test         format, lints, unit, database, API and browser tests, budgets
cargo xtask build        make target/release/yanlu, one file with all assets
cargo xtask bench        measure the release build beside nginx and raw inserts
cargo xtask assets       only the browser's part: modules, scripts, styles
cargo xtask fmt          format all Rust code
cargo xtask screenshots  write docs/screenshot.png from the real page

run:  YANLU_LISTEN, YANLU_DEMO_LISTEN and the server's other YANLU_ settings apply
test: further words choose steps: format lints units assets browser budgets";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match words.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match task {
        "run" => run::run(),
        "test" => test::test(rest),
        "build" => build::build(),
        "bench" => bench::bench(),
        "assets" => assets::assets().map(drop),
        "fmt" => fmt::fmt(),
        "screenshots" => screenshots::screenshots(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("There is no task \"{other}\".\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\n{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}
