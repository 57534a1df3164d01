//! Scripts and styles, minified with npm's esbuild.

use crate::process::command;
use crate::{Outcome, root};
use std::path::PathBuf;

/// The oldest browsers that get scripts and the full look: shadow roots with constructable style
/// sheets need these anyway. Older ones get the same pages with plain forms.
const TARGET: &str = "--target=chrome97,firefox102,safari16.4";

/// One script file by itself; its imports stay as written.
pub fn script(path: &str) -> Outcome<String> {
    esbuild(&[path, "--minify", "--format=esm", TARGET])
}

/// A script with what it imports statically; dynamic imports stay as written.
pub fn bundled_script(path: &str) -> Outcome<String> {
    esbuild(&[
        path,
        "--bundle",
        "--minify",
        "--format=esm",
        "--external:./site.js",
        "--external:./console.js",
        TARGET,
    ])
}

/// A style sheet with everything it imports.
pub fn style(path: &str) -> Outcome<String> {
    esbuild(&[path, "--bundle", "--minify", TARGET])
}

fn esbuild(arguments: &[&str]) -> Outcome<String> {
    let mut esbuild = command(&program()?.to_string_lossy(), arguments);
    esbuild.args(["--log-level=warning", "--legal-comments=none"]);
    let made = esbuild
        .output()
        .map_err(|e| format!("esbuild could not be started ({e}): run `npm ci`."))?;
    if !made.status.success() {
        let said = String::from_utf8_lossy(&made.stderr);
        return Err(format!("esbuild refused {}:\n{said}", arguments[0]));
    }
    String::from_utf8(made.stdout).map_err(|e| format!("{} is not UTF-8 ({e}).", arguments[0]))
}

/// npm installs the program for this machine's platform, and only that.
fn program() -> Outcome<PathBuf> {
    let platforms = std::fs::read_dir(root().join("node_modules/@esbuild")).ok();
    platforms
        .into_iter()
        .flatten()
        .flatten()
        .map(|platform| platform.path().join("bin/esbuild"))
        .find(|program| program.is_file())
        .ok_or_else(|| "esbuild is not installed for this platform: run `npm ci`.".into())
}
