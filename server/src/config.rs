//! What an operator can set, by flag or by environment variable, and the secret key file.
//!
//! Everything has a default that works on one machine; `yanlu serve` alone is enough to try.

use backend::Keys;
use ipnet::IpNet;
use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where the data and its key are. Every command needs it.
#[derive(Clone, Debug, clap::Args)]
pub struct Storage {
    /// sqlite:PATH or postgres://user:password@host/database [default: sqlite:DATA_DIR/yanlu.db]
    #[arg(
        long,
        global = true,
        env = "YANLU_DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// Folder for the database file and the secret key
    #[arg(long, global = true, env = "YANLU_DATA_DIR", default_value = "var")]
    pub data_dir: PathBuf,
    /// File with the secret from which all keys are derived; made on first start [default: DATA_DIR/secret.key]
    #[arg(long, global = true, env = "YANLU_SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
}

/// What only the server needs.
#[derive(Clone, Debug, clap::Args)]
pub struct Serving {
    /// Address to listen on; port 0 takes one that is free
    #[arg(long, env = "YANLU_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Address under which people reach the site [default: http://LISTEN]
    #[arg(long, env = "YANLU_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Fill an empty database with a demonstration, and serve department pages that embed it
    #[arg(long, env = "YANLU_DEMO", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value = "false", default_missing_value = "true")]
    pub demo: bool,
    /// Address of the demonstration department's own site
    #[arg(long, env = "YANLU_DEMO_LISTEN", default_value = "127.0.0.1:3001")]
    pub demo_listen: SocketAddr,
    /// Networks of reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8
    #[arg(long, env = "YANLU_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpNet>,
    /// Limits on how often one address may write; `off` is for load tests
    #[arg(long, env = "YANLU_LIMITS", default_value = "on")]
    pub limits: Limits,
    /// Memory for rendered pages, in MB; 0 renders every page anew
    #[arg(long, env = "YANLU_PAGE_CACHE_MB", default_value_t = 32)]
    pub page_cache_mb: u64,
    /// Mail server for letters to applicants: smtps://user:password@host or smtp://host?tls=required [default: files in DATA_DIR/outbox]
    #[arg(long, env = "YANLU_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Address from which letters come
    #[arg(long, env = "YANLU_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// How the log is written to standard error
    #[arg(long, env = "YANLU_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// Whether writes are limited per client address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Limits {
    On,
    Off,
}

/// One line of text or one JSON object per event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// What the running server keeps of its settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    pub limits: Limits,
    pub page_cache_mb: u64,
    /// The demonstration site's address, for the pages that show how to embed.
    pub demo_url: Option<String>,
}

impl Serving {
    /// Checks what cannot be left to the type of a flag. `listen` and `demo_listen` are the
    /// addresses that were taken.
    pub fn config(
        &self,
        listen: SocketAddr,
        demo_listen: Option<SocketAddr>,
    ) -> Result<Config, String> {
        let public_url = match &self.public_url {
            Some(url) => origin(url).ok_or_else(|| {
                format!(
                    "--public-url {url} is not an address such as https://yanlu.example: give scheme and host, without a path"
                )
            })?,
            None => format!("http://{}", reachable(listen)),
        };
        Ok(Config {
            public_url,
            trusted_proxies: self.trusted_proxy.clone(),
            limits: self.limits,
            page_cache_mb: self.page_cache_mb,
            demo_url: demo_listen.map(|address| format!("http://{}", reachable(address))),
        })
    }
}

/// The address to type for a socket that may listen on all interfaces.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The origin of an http(s) URL that has no path: `https://Host:443/` becomes `https://host`.
pub fn origin(url: &str) -> Option<String> {
    let uri: http::Uri = url.trim_end_matches('/').parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return None;
    }
    let authority = uri.authority()?;
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    match (scheme, authority.port_u16()) {
        (_, None) | ("http", Some(80)) | ("https", Some(443)) => Some(format!("{scheme}://{host}")),
        (_, Some(port)) => Some(format!("{scheme}://{host}:{port}")),
    }
}

impl Config {
    /// Whether people reach the site by HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The staff cookie. `__Host-` binds it to this very host, and needs HTTPS.
    pub fn session_cookie(&self) -> &'static str {
        if self.is_https() {
            "__Host-yanlu"
        } else {
            "yanlu"
        }
    }
}

impl Storage {
    /// The database to use.
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("yanlu.db").display()))
    }

    /// Where letters are laid if no mail server is set.
    pub fn outbox(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }

    /// Makes the folder of an SQLite file, if it is not there.
    pub fn prepare(&self) -> Result<(), String> {
        let url = self.database_url();
        let Some(path) = url.strip_prefix("sqlite:") else {
            return Ok(());
        };
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or(path);
        match Path::new(path).parent() {
            Some(folder) if !folder.as_os_str().is_empty() => make_folder(folder),
            _ => Ok(()),
        }
    }

    /// The keys, from the secret key file. A missing file is made from `secret`, readable by its
    /// owner alone.
    pub fn keys(&self, secret: [u8; 32]) -> Result<Keys, String> {
        let path = self
            .secret_key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("secret.key"));
        let failed = |e: io::Error| {
            format!(
                "The secret key file {} cannot be read or made ({e}): give another with --secret-key-file.",
                path.display()
            )
        };
        if !path.exists() {
            if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                make_folder(folder)?;
            }
            make_secret(&path, &secret).map_err(failed)?;
        }
        let text = fs::read_to_string(&path).map_err(failed)?;
        let secret = read_hex(text.trim()).ok_or_else(|| {
            format!(
                "The secret key file {} does not hold 64 hexadecimal digits: restore it from a backup, or remove it if the database is new.",
                path.display()
            )
        })?;
        Ok(Keys::from_secret(&secret))
    }
}

fn make_folder(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|e| {
        format!(
            "The folder {} cannot be made ({e}): make it, or name another with --data-dir.",
            folder.display()
        )
    })
}

/// Written beside its place and then linked there, so that nobody ever reads half a key, and of
/// two processes that start at once one wins.
fn make_secret(path: &Path, secret: &[u8; 32]) -> io::Result<()> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    writeln!(file, "{digits}")?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn read_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut secret = [0; 32];
    for (byte, digits) in secret.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_more() {
        assert_eq!(
            origin("https://Yanlu.Example:443/"),
            Some("https://yanlu.example".into())
        );
        assert_eq!(
            origin("http://127.0.0.1:3000"),
            Some("http://127.0.0.1:3000".into())
        );
        for bad in [
            "yanlu.example",
            "ftp://x",
            "https://x/y",
            "https://a@b",
            "",
            "https://x?y",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_public_url_follows_the_address_that_was_taken() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            serving: Serving,
        }
        let serving = |words: &[&str]| {
            <Line as clap::Parser>::parse_from(["yanlu"].iter().chain(words)).serving
        };
        let taken = "0.0.0.0:4711".parse().unwrap();
        let free = serving(&["--listen", "0.0.0.0:0"])
            .config(taken, None)
            .unwrap();
        assert_eq!(free.public_url, "http://127.0.0.1:4711");
        assert_eq!(free.demo_url, None);
        let named = serving(&["--public-url", "https://yanlu.example/"])
            .config(taken, Some(taken))
            .unwrap();
        assert_eq!(named.public_url, "https://yanlu.example");
        assert_eq!(named.demo_url.as_deref(), Some("http://127.0.0.1:4711"));
    }

    #[test]
    fn the_secret_is_made_once_for_its_owner_alone_and_then_kept() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage {
            database_url: None,
            data_dir: folder.path().join("data"),
            secret_key_file: None,
        };
        let first = storage.keys([1; 32]).unwrap();
        let again = storage.keys([2; 32]).unwrap();
        assert_eq!(first.fingerprint(), again.fingerprint());
        let file = folder.path().join("data/secret.key");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::write(&file, "short").unwrap();
        assert!(storage.keys([1; 32]).unwrap_err().contains("secret.key"));
    }
}
