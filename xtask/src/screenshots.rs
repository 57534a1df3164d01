//! `cargo xtask screenshots`: the picture in the README, taken from the real page.

use crate::progress::Step;
use crate::{Outcome, assets, needs, process};

pub fn screenshots() -> Outcome {
    needs::debian_packages(&[needs::CHROMIUM, needs::CHINESE_FONTS])?;
    assets::assets()?;
    process::run(
        process::COMPILING,
        &process::cargo(&["build", "--package", "server", "--bin", "yanlu"]),
        "The server does not compile: correct what the compiler names above.",
    )?;
    let step = Step::begin("screenshots");
    let mut playwright = process::npm_program(
        "playwright",
        &[
            "test",
            "--config",
            "end2end",
            "--project",
            "sqlite",
            "demonstration",
        ],
    );
    process::run(
        process::COMPILING,
        playwright.env("YANLU_SCREENSHOTS", "1"),
        "The page could not be photographed: the browser test above says why.",
    )?;
    step.done("written to docs");
    Ok(())
}
