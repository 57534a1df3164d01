//! What stands beside the product in each run: nginx with the same bytes, and the databases' own
//! speed at single durable inserts.

use super::report::Line;
use super::wrk::{Cpu, family_ticks};
use crate::Outcome;
use crate::postgres::{Postgres, free_port, programs};
use crate::process::{BRIEF, FETCHING, command, output};
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};

/// nginx serving one file.
pub struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    pub fn start(folder: &Path, page: &[u8]) -> Outcome<Self> {
        let port = free_port()?;
        let site = folder.join(format!("nginx-{port}"));
        let failed = |e: std::io::Error| format!("nginx's folder cannot be written ({e}).");
        fs::create_dir_all(&site).map_err(failed)?;
        fs::write(site.join("page.html"), page).map_err(failed)?;
        let here = site.display();
        let config = format!(
            "daemon off; worker_processes auto; pid {here}/pid; error_log {here}/log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; keepalive_requests 1000000; sendfile on; open_file_cache max=10;\n\
             types {{ text/html html; }}\n\
             server {{ listen 127.0.0.1:{port}; root {here}; }} }}\n"
        );
        fs::write(site.join("nginx.conf"), config).map_err(failed)?;
        open_to_workers(folder)?;
        let path = site.join("nginx.conf").display().to_string();
        let child = command(
            "/usr/sbin/nginx",
            &["-c", &path, "-e", &format!("{here}/log")],
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("nginx could not be started ({e})."))?;
        let nginx = Self { child, port };
        for _ in 0..200 {
            let answer = super::http::request(port, "GET", "/page.html", &[], b"");
            if answer.is_ok_and(|a| a.status == 200 && a.body == page) {
                return Ok(nginx);
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        Err("nginx did not serve the page.".into())
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/page.html", self.port)
    }
}

/// nginx's workers run as another user and must reach the file.
fn open_to_workers(folder: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
        .map_err(|e| format!("The temporary folder could not be opened to nginx ({e})."))
}

impl Cpu for Nginx {
    fn ticks(&self) -> Outcome<u64> {
        family_ticks(self.child.id())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let asked = output(BRIEF, &command("kill", &[&self.child.id().to_string()]));
        if asked.is_none() || self.child.wait().is_err() {
            eprintln!("nginx (process {}) could not be stopped.", self.child.id());
        }
    }
}

impl Cpu for Postgres {
    fn ticks(&self) -> Outcome<u64> {
        family_ticks(self.pid())
    }
}

/// Single-row inserts, each durable by itself: one writer on SQLite (it has no more), so many
/// connections on PostgreSQL.
pub fn raw_insert(
    kind: &str,
    program: &Path,
    postgres: &Postgres,
    folder: &Path,
    connections: u32,
    seconds: u64,
) -> Outcome<Line> {
    if kind == "sqlite" {
        let file = folder.join("raw.db").display().to_string();
        let said = output(
            BRIEF,
            &command(&program.to_string_lossy(), &[&file, &seconds.to_string()]),
        )
        .ok_or("raw_insert failed.")?;
        let mut words = said
            .split_whitespace()
            .filter_map(|w| w.parse::<f64>().ok());
        let (commits, took) = words
            .next()
            .zip(words.next())
            .ok_or("raw_insert said nothing.")?;
        return Ok(Line::rate(commits / took));
    }
    let script = folder.join("raw.sql");
    fs::write(
        &script,
        "insert into raw (body) values (repeat('x', 200));\n",
    )
    .map_err(|e| format!("pgbench's script cannot be written ({e})."))?;
    let bin = programs().ok_or("PostgreSQL's programs are missing.")?;
    let run = |program: &str, arguments: &[&str]| {
        let path = bin.join(program).display().to_string();
        output(FETCHING, &command(&path, arguments)).ok_or_else(|| format!("{program} failed."))
    };
    let url = postgres.url();
    run(
        "psql",
        &[
            &url,
            "-qc",
            "create table if not exists raw (id bigint generated always as identity primary key, body text not null)",
        ],
    )?;
    let said = run(
        "pgbench",
        &[
            "-n",
            "-M",
            "prepared",
            "-c",
            &connections.to_string(),
            "-j",
            "1",
            "-T",
            &seconds.to_string(),
            "-f",
            &script.display().to_string(),
            &url,
        ],
    )?;
    said.lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .map(Line::rate)
        .ok_or_else(|| "pgbench said nothing readable.".to_owned())
}
