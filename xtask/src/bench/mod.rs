//! `cargo xtask bench`: how fast the release build is, as ratios beside nginx serving the same
//! bytes and beside a raw insert with the same durability, in the same run. Writes
//! `docs/performance.md`. All load stays on this machine.

mod http;
mod peers;
mod report;
mod server;
mod wrk;

use crate::needs;
use crate::postgres::{Durability, Postgres};
use crate::progress::{Step, note};
use crate::{Outcome, build, process};
use report::{Line, Report};
use server::{Cache, Server};
use std::path::Path;
use wrk::Load;

/// Seconds per measurement and rounds: the best round stands, as neighbours only ever slow down.
const SECONDS: u64 = 6;
const ROUNDS: usize = 3;
/// Connections for reading and for sending.
const READERS: u32 = 16;
const SENDERS: u32 = 64;

pub fn bench() -> Outcome {
    needs::debian_packages(&[needs::NGINX, needs::WRK, needs::POSTGRESQL])?;
    build::build()?;
    let raw_insert = build_raw_insert()?;
    let folder = tempfile::tempdir().map_err(|e| format!("No temporary folder ({e})."))?;
    let postgres = Postgres::start(Durability::Real)?;
    let mut report = Report::default();
    for kind in ["sqlite", "postgres"] {
        let step = Step::begin(&format!("measuring on {kind}"));
        let url = match kind {
            "sqlite" => format!("sqlite:{}", folder.path().join("bench.db").display()),
            _ => postgres.url(),
        };
        measure(
            kind,
            &url,
            &postgres,
            folder.path(),
            &raw_insert,
            &mut report,
        )?;
        step.done("measured");
    }
    report.write()
}

fn build_raw_insert() -> Outcome<std::path::PathBuf> {
    process::run(
        process::COMPILING,
        &process::cargo(&[
            "build",
            "--release",
            "-p",
            "backend",
            "--example",
            "raw_insert",
        ]),
        "The raw insert could not be built: correct what the compiler names above.",
    )?;
    Ok(crate::root().join("target/release/examples/raw_insert"))
}

fn measure(
    kind: &str,
    url: &str,
    postgres: &Postgres,
    folder: &Path,
    raw_insert: &Path,
    report: &mut Report,
) -> Outcome {
    let server = Server::start(kind, url, folder, Cache::On)?;
    report.memory(kind, "idle, just started", server.resident_kb()?);
    let number = server.seed(50)?;
    let widget = format!("/embed/c/{number}?view=comments&lang=zh-Hans");
    let page = server.get(&widget)?;
    let nginx = peers::Nginx::start(folder, &page)?;
    note(&format!(
        "the widget with 50 comments is {} bytes",
        page.len()
    ));
    let (mut beside, mut cached) = (None, None);
    for _ in 0..ROUNDS {
        let read = Load::get(READERS, SECONDS);
        keep_best(&mut beside, read.run(&nginx.url(), &nginx)?);
        keep_best(&mut cached, read.run(&server.url(&widget), &server)?);
    }
    report.reading(
        kind,
        page.len(),
        beside,
        cached,
        uncached(kind, url, folder, &widget)?,
    );
    let (mut raw, mut sent) = (None, None);
    for round in 0..ROUNDS {
        let path = format!("/api/v1/consultations/{number}/comments");
        let load = Load::comments(SENDERS, SECONDS, folder, round)?;
        keep_best(
            &mut raw,
            peers::raw_insert(kind, raw_insert, postgres, folder, SENDERS, SECONDS)?,
        );
        let measured = if kind == "sqlite" {
            load.run(&server.url(&path), &server)?
        } else {
            load.run(&server.url(&path), &(&server, postgres))?
        };
        keep_best(&mut sent, measured);
    }
    let counted = server.received(&number)?;
    report.sending(kind, raw, sent, counted);
    report.memory(kind, "after the load", server.resident_kb()?);
    Ok(())
}

/// The same page from a second process on the same database, with the page cache off.
fn uncached(kind: &str, url: &str, folder: &Path, widget: &str) -> Outcome<Option<Line>> {
    let server = Server::start(kind, url, folder, Cache::Off)?;
    let mut best = None;
    for _ in 0..ROUNDS {
        keep_best(
            &mut best,
            Load::get(READERS, SECONDS).run(&server.url(widget), &server)?,
        );
    }
    Ok(best)
}

fn keep_best(best: &mut Option<Line>, line: Line) {
    if best.as_ref().is_none_or(|b| line.per_second > b.per_second) {
        *best = Some(line);
    }
}
