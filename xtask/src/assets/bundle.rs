//! Scripts and styles, minified with npm's esbuild.

use crate::process::{BRIEF, command, quietly};
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

/// A minified style sheet whose rems are multiples of `--u`, so that it keeps its measure inside a
/// page whose root has another size (style/tokens.css). Conditions of media queries stay: there a
/// rem is the reader's own setting.
pub fn own_unit(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(end) = rest.find(['{', '}', ';']) {
        let (segment, tail) = rest.split_at(end);
        let prelude = tail.starts_with('{') || segment.starts_with("--u:");
        if prelude {
            out.push_str(segment);
        } else {
            out.push_str(&multiplied(segment));
        }
        out.push_str(&tail[..1]);
        rest = &tail[1..];
    }
    out.push_str(rest);
    out
}

fn multiplied(declaration: &str) -> String {
    let mut parts = declaration.split("rem").peekable();
    let mut out = String::new();
    while let Some(part) = parts.next() {
        let digits = part
            .rfind(|c: char| !c.is_ascii_digit() && c != '.')
            .map_or(0, |at| at + 1);
        let (before, number) = part.split_at(digits);
        if parts.peek().is_none() {
            out.push_str(part);
        } else if number.is_empty() {
            out.push_str(part);
            out.push_str("rem");
        } else {
            // A minus belongs to the number, unless it is the operator of a calculation.
            let (before, sign) = match before.strip_suffix('-') {
                Some(before) if !before.ends_with(char::is_alphanumeric) => (before, "-"),
                _ => (before, ""),
            };
            out.push_str(&format!("{before}calc({sign}{number}*var(--u))"));
        }
    }
    out
}

fn esbuild(arguments: &[&str]) -> Outcome<String> {
    let mut esbuild = command(&program()?.to_string_lossy(), arguments);
    esbuild.args(["--log-level=warning", "--legal-comments=none"]);
    quietly(BRIEF, &esbuild)
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

#[cfg(test)]
mod tests {
    use super::own_unit;

    #[test]
    fn lengths_follow_the_own_unit_and_conditions_do_not() {
        let css = ":root{--u:1rem}@media (min-width:48rem){.a{top:-5rem;font:600 .94rem/1.4 x}}.rem{gap:0 1.2rem}";
        assert_eq!(
            own_unit(css),
            ":root{--u:1rem}@media (min-width:48rem){.a{top:calc(-5*var(--u));\
             font:600 calc(.94*var(--u))/1.4 x}}.rem{gap:0 calc(1.2*var(--u))}"
        );
        assert_eq!(
            own_unit("h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.4rem)}"),
            "h1{font-size:clamp(calc(1.6*var(--u)),calc(1.2*var(--u)) + 2vw,calc(2.4*var(--u)))}"
        );
    }
}
