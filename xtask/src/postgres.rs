//! A PostgreSQL of our own on a temporary folder and a free port, for one run of the tests. It
//! never touches a service that it finds running, and goes away with the value.

use crate::process::{BRIEF, command, output, quietly};
use crate::{Outcome, process};
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Where its folder is made, whatever TMPDIR says: another user must be able to come in.
const FOLDERS: &str = "/tmp";

/// A running server. Dropping it stops it and removes its data.
pub struct Postgres {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

/// The folder with `initdb` and `postgres`, of the newest version installed.
pub fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").ok();
    let newest = debian
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .max_by_key(|bin| {
            let version = bin.parent().and_then(Path::file_name);
            version.and_then(|v| v.to_string_lossy().parse::<u32>().ok())
        });
    newest.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|f| f.join("initdb").is_file() && f.join("postgres").is_file())
    })
}

/// Whether a commit reaches the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For tests, whose data may be lost with the machine.
    None,
    /// As a department runs it, for measurements.
    Real,
}

impl Postgres {
    pub fn start(durability: Durability) -> Outcome<Self> {
        let programs = programs()
            .ok_or("PostgreSQL's programs are missing: install the Debian package postgresql.")?;
        let folder = tempfile::Builder::new()
            .prefix("yanlu-postgres-")
            .tempdir_in(FOLDERS)
            .map_err(|e| format!("No temporary folder could be made ({e})."))?;
        let user = unprivileged_user(folder.path())?;
        let data = folder.path().join("data");
        let mut initdb = as_user(user.as_deref(), &programs.join("initdb"));
        initdb
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--pgdata"])
            .arg(&data)
            .current_dir(folder.path());
        quietly(BRIEF, &initdb)?;
        let port = free_port()?;
        let log = fs::File::create(folder.path().join("log"))
            .map_err(|e| format!("PostgreSQL's log cannot be written ({e})."))?;
        let mut postgres = as_user(user.as_deref(), &programs.join("postgres"));
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            if durability == Durability::Real {
                "fsync=on"
            } else {
                "fsync=off"
            },
            "max_connections=300",
            "timezone=UTC",
        ] {
            postgres.args(["-c", setting]);
        }
        let child = postgres
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("PostgreSQL could not be started ({e})."))?;
        let mut server = Self {
            child,
            port,
            folder,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// The process that started the others.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address of the database from which tests make their own.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self) -> Outcome {
        let started = Instant::now();
        let log = self.folder.path().join("log");
        while started.elapsed() < Duration::from_secs(60) {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let open = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            if open && said.contains("ready to accept connections") {
                return Ok(());
            }
            if let Ok(Some(_)) = self.child.try_wait() {
                return Err(format!("PostgreSQL stopped at once:\n{}", said.trim_end()));
            }
            sleep(Duration::from_millis(50));
        }
        Err("PostgreSQL was not ready after a minute.".into())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is its "fast shutdown"; if that cannot be sent, end it the hard way.
        let ask = format!("kill -INT {}", self.child.id());
        let asked = output(BRIEF, &command("sh", &["-c", &ask]));
        let started = Instant::now();
        while asked.is_some() && started.elapsed() < Duration::from_secs(20) {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        if self.child.kill().and_then(|()| self.child.wait()).is_err() {
            eprintln!(
                "PostgreSQL (process {}) could not be stopped.",
                self.child.id()
            );
        }
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made, to whom the
/// folder is given.
fn unprivileged_user(folder: &Path) -> Outcome<Option<String>> {
    let ours = fs::metadata(folder).map_or(0, |m| m.uid());
    if ours != 0 {
        return Ok(None);
    }
    let missing = "PostgreSQL does not run as root, and there is no user `postgres`: install the Debian package postgresql.";
    let id = |flag| {
        output(BRIEF, &command("id", &[flag, "postgres"]))
            .and_then(|text| text.trim().parse::<u32>().ok())
            .ok_or(missing)
    };
    std::os::unix::fs::chown(folder, Some(id("-u")?), Some(id("-g")?))
        .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o700)))
        .map_err(|e| format!("The temporary folder could not be given to PostgreSQL ({e})."))?;
    Ok(Some("postgres".into()))
}

/// `setpriv` also makes it stop when this process dies without dropping it.
fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut setpriv = process::command("setpriv", &["--pdeathsig", "INT"]);
    if let Some(user) = user {
        setpriv.args(["--reuid", user, "--regid", user, "--init-groups"]);
    }
    setpriv.arg("--").arg(program);
    setpriv
}

/// A port that was free a moment ago.
pub fn free_port() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("No free port could be found ({e})."))
}
