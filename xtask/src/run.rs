//! `cargo xtask run`: builds everything and serves it here, with demonstration data.

use crate::progress::{Step, note};
use crate::{Outcome, assets, process, root};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;

/// Replaces this process by the server, so that Ctrl-C reaches it directly.
pub fn run() -> Outcome {
    let listen = setting("YANLU_LISTEN", "127.0.0.1:3000");
    let demo_listen = setting("YANLU_DEMO_LISTEN", "127.0.0.1:3001");
    for (name, address) in [
        ("YANLU_LISTEN", &listen),
        ("YANLU_DEMO_LISTEN", &demo_listen),
    ] {
        TcpListener::bind(address).map_err(|e| {
            format!(
                "{address} cannot be listened on ({e}): stop what uses it, or set {name} to another address."
            )
        })?;
    }
    assets::assets()?;
    let step = Step::begin("server (the first build takes some minutes)");
    process::run(
        process::COMPILING,
        &process::cargo(&["build", "--package", "server", "--bin", "yanlu"]),
        "The server does not compile: correct what the compiler names above.",
    )?;
    step.done("built");
    note("stop it with Ctrl-C; remove the folder var to start afresh");
    let program = root().join("target/debug/yanlu");
    let failed = process::command(&program.to_string_lossy(), &["serve", "--demo"])
        .args(["--listen", &listen, "--demo-listen", &demo_listen])
        .exec();
    Err(format!(
        "{} could not be started ({failed}).",
        program.display()
    ))
}

fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.into())
}
