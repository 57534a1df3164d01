//! `cargo xtask fmt`: formats all Rust code.

use crate::{Outcome, needs, process};

pub fn fmt() -> Outcome {
    needs::components(&["rustfmt"])?;
    process::run(
        process::BRIEF,
        &process::cargo(&["fmt", "--all"]),
        "rustfmt could not read the code: correct the place named above.",
    )
}
