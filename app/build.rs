//! Turns `locales/<language>/*.json` into one method per message on `T`.
//!
//! A key or a parameter that one language has and another lacks stops the build. In a message,
//! `{name}` is a parameter; `{n|day|days}` picks by number (Chinese has one form, English two).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

const LANGUAGES: [(&str, &str); 3] = [("zh-Hans", "ZhHans"), ("zh-Hant", "ZhHant"), ("en", "En")];

/// A message, cut into what is fixed and what is filled in.
enum Piece {
    Fixed(String),
    Parameter(String),
    Plural {
        number: String,
        one: String,
        other: String,
    },
}

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let catalogues: Vec<BTreeMap<String, String>> = LANGUAGES
        .iter()
        .map(|(folder, _)| read(&Path::new("locales").join(folder)))
        .collect();
    let mut faults = Vec::new();
    let keys: BTreeSet<&String> = catalogues.iter().flat_map(BTreeMap::keys).collect();
    let mut code = String::from("impl T {\n");
    for key in keys {
        let texts: Vec<Option<&String>> = catalogues.iter().map(|c| c.get(key)).collect();
        for (text, (folder, _)) in texts.iter().zip(LANGUAGES) {
            if text.is_none_or(|t| t.trim().is_empty()) {
                faults.push(format!("{key}: missing in {folder}"));
            }
        }
        let messages: Vec<Vec<Piece>> = texts.iter().flatten().map(|text| cut(key, text)).collect();
        let parameters: Vec<BTreeMap<&str, bool>> =
            messages.iter().map(|m| parameters(m)).collect();
        let names = |p: &BTreeMap<&str, bool>| p.keys().map(|k| k.to_string()).collect::<Vec<_>>();
        if parameters.iter().any(|p| names(p) != names(&parameters[0])) {
            faults.push(format!(
                "{key}: the languages do not have the same parameters"
            ));
        }
        if faults.is_empty() {
            method(&mut code, key, &messages, &parameters);
        }
    }
    code.push_str("}\n");
    assert!(faults.is_empty(), "locales:\n  {}", faults.join("\n  "));
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("messages.rs");
    fs::write(out, code).expect("the build directory is writable");
}

fn read(folder: &Path) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("locales are readable").path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let part: BTreeMap<String, String> =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (key, message) in part {
            let twice = messages.insert(key.clone(), message);
            assert!(
                twice.is_none(),
                "{}: {key} stands in two files",
                path.display()
            );
        }
    }
    messages
}

fn cut(key: &str, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let close = rest[open..]
            .find('}')
            .unwrap_or_else(|| panic!("{key}: {{ without }}"))
            + open;
        if open > 0 {
            pieces.push(Piece::Fixed(rest[..open].into()));
        }
        let parts: Vec<&str> = rest[open + 1..close].split('|').collect();
        pieces.push(match parts.as_slice() {
            [name] => Piece::Parameter((*name).into()),
            [number, one, other] => Piece::Plural {
                number: (*number).into(),
                one: (*one).into(),
                other: (*other).into(),
            },
            _ => panic!("{key}: {{name}} or {{n|one|other}}"),
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Fixed(rest.into()));
    }
    pieces
}

/// Parameter names, and whether each is a number (by convention, those called `n` or `n_…`).
fn parameters(message: &[Piece]) -> BTreeMap<&str, bool> {
    let mut found = BTreeMap::new();
    for piece in message {
        match piece {
            Piece::Fixed(_) => {}
            Piece::Parameter(name) => {
                found
                    .entry(name.as_str())
                    .or_insert(name == "n" || name.starts_with("n_"));
            }
            Piece::Plural { number, .. } => {
                found.insert(number.as_str(), true);
            }
        }
    }
    found
}

fn method(
    code: &mut String,
    key: &str,
    messages: &[Vec<Piece>],
    parameters: &[BTreeMap<&str, bool>],
) {
    let fixed = parameters[0].is_empty();
    write!(code, "    pub fn {key}(self").expect("strings grow");
    for name in parameters[0].keys() {
        let number = parameters.iter().any(|p| p[name]);
        let kind = if number {
            "i64"
        } else {
            "impl std::fmt::Display"
        };
        write!(code, ", {name}: {kind}").expect("strings grow");
    }
    let result = if fixed { "&'static str" } else { "String" };
    writeln!(code, ") -> {result} {{\n        match self.0 {{").expect("strings grow");
    for (message, (_, language)) in messages.iter().zip(LANGUAGES) {
        write!(code, "            Lang::{language} => ").expect("strings grow");
        if fixed {
            let text: String = message
                .iter()
                .map(|p| if let Piece::Fixed(t) = p { t } else { "" })
                .collect();
            writeln!(code, "{text:?},").expect("strings grow");
            continue;
        }
        let mut format = String::new();
        let mut values = Vec::new();
        for piece in message {
            match piece {
                Piece::Fixed(text) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
                Piece::Parameter(name) => {
                    format.push_str("{}");
                    values.push(name.clone());
                }
                Piece::Plural { number, one, other } => {
                    format.push_str("{}");
                    values.push(format!(
                        "if {number} == 1 {{ {one:?} }} else {{ {other:?} }}"
                    ));
                }
            }
        }
        // A language may leave out a plural's number; it is still a parameter of the method.
        writeln!(
            code,
            "format!({format:?}{}{}),",
            if values.is_empty() { "" } else { ", " },
            values.join(", ")
        )
        .expect("strings grow");
    }
    code.push_str("        }\n    }\n");
}
