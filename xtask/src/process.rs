//! Runs other programs in the repository's folder, with their output shown or kept.

use crate::{Outcome, root};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// A program in the repository's folder, deaf to the terminal.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// The same cargo that runs this program.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(
        &std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()),
        arguments,
    );
    // What the outer `cargo run` set for this package must not leak into the builds it starts.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The same program, ended with everything it started if it takes longer: what hangs must fail,
/// not keep the rest from running.
pub fn within(minutes: u32, of: &Command) -> Command {
    let limit = format!("{minutes}m");
    let mut limited = command("timeout", &["--kill-after=10", &limit]);
    limited.arg(of.get_program()).args(of.get_args());
    for (name, value) in of.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// A program that npm installed.
pub fn npm_program(name: &str, arguments: &[&str]) -> Command {
    let path = root().join("node_modules/.bin").join(name);
    command(&path.to_string_lossy(), arguments)
}

fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments: Vec<_> = command
        .get_args()
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    format!("{program} {}", arguments.join(" "))
        .trim()
        .to_owned()
}

/// Runs it with its output shown. Says whether it succeeded; an error if it could not start.
pub fn succeeds(command: &mut Command) -> Outcome<bool> {
    let status = command
        .status()
        .map_err(|e| format!("`{}` could not be started ({e}).", name(command)))?;
    Ok(status.success())
}

/// Runs it with its output shown; `otherwise` is the sentence when it fails.
pub fn run(command: &mut Command, otherwise: &str) -> Outcome {
    if succeeds(command)? {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

/// What it prints, if it can be started and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs it quietly; what it printed on its error stream becomes part of the sentence.
pub fn quietly(command: &mut Command) -> Outcome {
    let output = command
        .output()
        .map_err(|e| format!("`{}` could not be started ({e}).", name(command)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed:\n{}", name(command), said.trim_end()))
}

/// Runs it, shows each line of its standard output and hands it to `line`.
pub fn each_line(command: &mut Command, mut line: impl FnMut(&str)) -> Outcome<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("`{}` could not be started ({e}).", name(command)))?;
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).map_err(readable)? > 0 {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            line(text.trim_end());
            bytes.clear();
        }
        std::io::stdout().flush().map_err(readable)?;
    }
    Ok(child.wait().map_err(readable)?.success())
}

fn readable(e: std::io::Error) -> String {
    format!("The output of a program could not be passed on ({e}).")
}

/// Whether a program of this name is on the path.
pub fn exists(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
