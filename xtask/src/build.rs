//! `cargo xtask build`: `target/release/yanlu`, one file with every asset inside.

use crate::progress::{Step, note};
use crate::{Outcome, assets, process, root};

pub fn build() -> Outcome {
    assets::assets()?;
    let step = Step::begin("release build (the first one takes some minutes)");
    process::run(
        process::COMPILING,
        &process::cargo(&[
            "build",
            "--release",
            "--package",
            "server",
            "--bin",
            "yanlu",
        ]),
        "The release build failed: correct what the compiler names above.",
    )?;
    let file = root().join("target/release/yanlu");
    let bytes = std::fs::metadata(&file).map_or(0, |m| m.len());
    note(&format!(
        "{} ({:.1} MB)",
        file.display(),
        bytes as f64 / 1e6
    ));
    step.done("built");
    Ok(())
}
