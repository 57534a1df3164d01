//! One run of wrk, with the CPU time that the measured processes used meanwhile.

use super::report::Line;
use crate::process::command;
use crate::{Outcome, process};
use std::fs;
use std::path::{Path, PathBuf};

/// Something whose CPU time can be read.
pub trait Cpu {
    /// User and system time so far, in clock ticks of 10 ms.
    fn ticks(&self) -> Outcome<u64>;
}

impl<A: Cpu, B: Cpu> Cpu for (&A, &B) {
    fn ticks(&self) -> Outcome<u64> {
        Ok(self.0.ticks()? + self.1.ticks()?)
    }
}

/// What is asked of a server, by how many connections, for how long.
pub struct Load {
    connections: u32,
    seconds: u64,
    script: Option<PathBuf>,
}

const REPORT: &str = r#"
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"#;

impl Load {
    pub fn get(connections: u32, seconds: u64) -> Self {
        Self {
            connections,
            seconds,
            script: None,
        }
    }

    /// Comments, each with an idempotency key of its own. `run` keeps keys of repeated runs apart.
    pub fn comments(connections: u32, seconds: u64, folder: &Path, run: usize) -> Outcome<Self> {
        let script = folder.join(format!("comments-{run}.lua"));
        let body = r#"{"author":{"kind":"individual","name":"朱小明","display":"masked"},"points":[{"text":"建议在本条中明确老旧小区周边道路夜间停车的时段和收费办法。"}]}"#;
        let lua = format!(
            "local n = 0\nlocal body = [[{body}]]\nlocal start = tostring(os.time()) .. \"-{run}-\"\n\
             function request()\n  n = n + 1\n  return wrk.format(\"POST\", nil, {{ [\"Content-Type\"] = \"application/json\", \
             [\"Idempotency-Key\"] = start .. n }}, body)\nend\n{REPORT}"
        );
        fs::write(&script, lua).map_err(|e| format!("wrk's script cannot be written ({e})."))?;
        Ok(Self {
            connections,
            seconds,
            script: Some(script),
        })
    }

    /// Runs it against a server on this machine.
    pub fn run(&self, url: &str, measured: &dyn Cpu) -> Outcome<Line> {
        let report = tempfile::Builder::new()
            .suffix(".lua")
            .tempfile()
            .map_err(|e| format!("No temporary file ({e})."))?;
        fs::write(report.path(), REPORT).map_err(|e| format!("wrk's script ({e})."))?;
        let script = self.script.as_deref().unwrap_or(report.path());
        let before = measured.ticks()?;
        let output = process::output(
            process::FETCHING,
            &command(
                "wrk",
                &[
                    "-t1",
                    &format!("-c{}", self.connections),
                    &format!("-d{}s", self.seconds),
                    "--timeout",
                    "10s",
                    "-s",
                    &script.to_string_lossy(),
                    url,
                ],
            ),
        )
        .ok_or_else(|| format!("wrk failed against {url}."))?;
        let ticks = measured.ticks()?.checked_sub(before);
        let ticks = ticks.ok_or("The CPU time ran backwards: measure again.")?;
        Line::read(&output, ticks).ok_or_else(|| format!("wrk said nothing readable:\n{output}"))
    }
}

/// User and system time of one process, its threads included, in ticks.
pub fn process_ticks(pid: u32) -> Outcome<u64> {
    times(pid, [11, 12])
}

/// The same for processes that it started and that have ended.
fn ended_ticks(pid: u32) -> Outcome<u64> {
    times(pid, [13, 14])
}

/// The sum of fields of `/proc/PID/stat`, counted from behind the name (proc(5)).
fn times(pid: u32, wanted: [usize; 2]) -> Outcome<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))
        .map_err(|e| format!("The CPU time of process {pid} cannot be read ({e})."))?;
    // The name stands in parentheses and may hold blanks.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let field = |index: usize| fields.get(index).and_then(|f| f.parse::<u64>().ok());
    let [user, system] = wanted.map(field);
    user.zip(system)
        .map(|(user, system)| user + system)
        .ok_or_else(|| format!("The CPU time of process {pid} cannot be read."))
}

/// A process and the processes it started, in ticks. Those that ended count, too: PostgreSQL has a
/// process for each connection, and none is kept longer than its client.
pub fn family_ticks(pid: u32) -> Outcome<u64> {
    let mut sum = process_ticks(pid)? + ended_ticks(pid)?;
    let entries = fs::read_dir("/proc").map_err(|e| format!("/proc cannot be read ({e})."))?;
    for entry in entries.flatten() {
        let Ok(child) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let parent = stat
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
        if parent == Some(pid) {
            // It may end between the two looks; then its time is lost, not wrong.
            sum += process_ticks(child).unwrap_or(0);
        }
    }
    Ok(sum)
}
