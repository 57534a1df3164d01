//! Runs other programs in the repository's folder, with their output shown or kept. Each has a
//! limit in minutes: what hangs must fail, not keep the rest from running.

use crate::{Outcome, root};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

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

/// What compiles much, on a machine that has compiled nothing yet.
pub const COMPILING: u32 = 30;
/// What fetches something from a network.
pub const FETCHING: u32 = 15;
/// What is done in seconds.
pub const BRIEF: u32 = 5;

/// The same program, ended with everything it started if it takes longer, or if this one ends
/// before it: `timeout` puts itself out of reach of the terminal's Ctrl-C.
fn within(minutes: u32, of: &Command) -> Command {
    let limit = format!("{minutes}m");
    let mut limited = command("setpriv", &["--pdeathsig", "TERM", "--"]);
    limited.args(["timeout", "--kill-after=10", &limit]);
    limited.arg(of.get_program()).args(of.get_args());
    if let Some(folder) = of.get_current_dir() {
        limited.current_dir(folder);
    }
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
pub fn succeeds(minutes: u32, command: &Command) -> Outcome<bool> {
    let status = within(minutes, command)
        .status()
        .map_err(|e| format!("`{}` could not be started ({e}).", name(command)))?;
    note_limit(minutes, command, status);
    Ok(status.success())
}

/// Runs it with its output shown; `otherwise` is the sentence when it fails.
pub fn run(minutes: u32, command: &Command, otherwise: &str) -> Outcome {
    if succeeds(minutes, command)? {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

/// What it prints, if it can be started and succeeds.
pub fn output(minutes: u32, command: &Command) -> Option<String> {
    let mut limited = within(minutes, command);
    let output = limited.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs it quietly and gives what it printed; what it printed on its error stream becomes part of
/// the sentence.
pub fn quietly(minutes: u32, command: &Command) -> Outcome<String> {
    let output = within(minutes, command)
        .output()
        .map_err(|e| format!("`{}` could not be started ({e}).", name(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    note_limit(minutes, command, output.status);
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed:\n{}", name(command), said.trim_end()))
}

/// Runs it, shows each line of its standard output and hands it to `line`.
pub fn each_line(minutes: u32, command: &Command, mut line: impl FnMut(&str)) -> Outcome<bool> {
    let mut child = within(minutes, command)
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
    let status = child.wait().map_err(readable)?;
    note_limit(minutes, command, status);
    Ok(status.success())
}

/// Says so when it was the limit that ended a program: its own output does not.
fn note_limit(minutes: u32, command: &Command, status: ExitStatus) {
    // What `timeout` answers for a program that it had to end, gently or not.
    if matches!(status.code(), Some(124 | 137)) {
        println!("`{}` was ended after {minutes} minutes.", name(command));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_program_keeps_its_folder_its_environment_and_its_verdict() {
        let mut told = command("sh", &["-c", "pwd; echo $WHO; exit $CODE"]);
        told.current_dir("/")
            .env("WHO", "somebody")
            .env("CODE", "0");
        assert_eq!(output(BRIEF, &told).as_deref(), Some("/\nsomebody\n"));
        told.env("CODE", "3");
        assert_eq!(output(BRIEF, &told), None);
        assert_eq!(succeeds(BRIEF, &told), Ok(false));
    }

    #[test]
    fn the_limit_stands_before_the_program() {
        let limited = within(7, &command("cargo", &["build"]));
        assert_eq!(
            name(&limited),
            "setpriv --pdeathsig TERM -- timeout --kill-after=10 7m cargo build"
        );
    }
}
