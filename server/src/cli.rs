//! The command line: serving, and the few things an operator does before anyone can sign in.
//! Every error is one sentence on standard error that says what to do.

use crate::config::{Config, Limits, LogFormat, Serving, Storage};
use crate::edge::{self, Clock};
use crate::notify::{Outbox, forget_files};
use crate::problem::{Refusal, fault_text};
use crate::state::AppState;
use crate::{api, assets::Assets, demo, health, hostsite, serve};
use app::i18n::{Lang, T};
use backend::units::NewUnit;
use backend::{Backend, hearings, notify, staff, units};
use clap::{Parser, Subcommand};
use domain::staff::Role;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

#[derive(Debug, Parser)]
#[command(
    name = "yanlu",
    version,
    about = "Public consultation, clause by clause"
)]
pub struct Cli {
    #[command(flatten)]
    storage: Storage,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the public site, the staff desk, the widgets and the API
    Serve(Serving),
    /// Units: departments, streets, towns
    #[command(subcommand)]
    Unit(UnitCommand),
    /// Staff accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Bearer tokens for the staff calls of the API
    #[command(subcommand)]
    Token(TokenCommand),
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Debug, Subcommand)]
enum UnitCommand {
    /// Add a unit
    Add {
        /// Short name in addresses: transport
        #[arg(long)]
        slug: String,
        /// Full name
        #[arg(long)]
        name: String,
        /// Slug of the unit above
        #[arg(long)]
        parent: Option<String>,
        /// IANA time zone in which its days begin and end
        #[arg(long, default_value = "Asia/Shanghai")]
        zone: String,
        /// Language in which it writes, as a BCP 47 tag
        #[arg(long, default_value = "zh-Hans")]
        lang: String,
        /// Origin on which it embeds, such as https://transport.example; may be repeated
        #[arg(long, num_args = 1..)]
        origin: Vec<String>,
    },
    /// Print the origins on which a unit embeds
    Origins {
        #[arg(long)]
        slug: String,
    },
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Add an account to a unit
    Add {
        #[arg(long)]
        unit: String,
        #[arg(long)]
        email: String,
        /// editor, moderator, approver, administrator; one or more
        #[arg(long, num_args = 1.., required = true, value_delimiter = ',', value_parser = role)]
        role: Vec<Role>,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Print a new bearer token of an account
    Add {
        #[arg(long)]
        email: String,
    },
    /// End every bearer token and session of an account
    Revoke {
        #[arg(long)]
        email: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse()
        .map_err(|_| "one of editor, moderator, approver, administrator".to_owned())
}

/// Runs a command. The error is a sentence for the operator.
pub async fn run(cli: Cli) -> Result<(), String> {
    match cli.command {
        Command::Serve(serving) => run_server(&cli.storage, &serving).await,
        Command::Openapi => {
            print!("{}", api::document());
            Ok(())
        }
        command => {
            let backend = open(&cli.storage).await?;
            let done = administer(&backend, command).await;
            backend.close().await;
            done
        }
    }
}

async fn open(storage: &Storage) -> Result<Backend, String> {
    storage.prepare()?;
    let keys = storage.keys(edge::random())?;
    Backend::open(&storage.database_url(), keys)
        .await
        .map_err(|error| {
            format!(
                "The database cannot be opened ({error}): check --database-url and that it is running."
            )
        })
}

async fn administer(backend: &Backend, command: Command) -> Result<(), String> {
    let mut moment = Clock::System.moment();
    match command {
        Command::Unit(UnitCommand::Add {
            slug,
            name,
            parent,
            zone,
            lang,
            origin,
        }) => {
            let new = NewUnit {
                slug,
                name,
                parent,
                zone,
                lang,
                origins: origin,
            };
            let unit = units::add(backend, &mut moment, new)
                .await
                .map_err(sentence)?;
            println!("{}", unit.slug);
        }
        Command::Unit(UnitCommand::Origins { slug }) => {
            units::find(backend, &slug)
                .await
                .map_err(sentence)?
                .ok_or_else(|| format!("There is no unit {slug}: add it with `yanlu unit add`."))?;
            for origin in units::origins(backend, &slug).await.map_err(sentence)? {
                println!("{origin}");
            }
        }
        Command::Account(AccountCommand::Add {
            unit, email, role, ..
        }) => {
            let mut password = String::new();
            std::io::stdin()
                .read_to_string(&mut password)
                .map_err(|e| format!("The password cannot be read from standard input ({e})."))?;
            let password = password.trim_end_matches(['\r', '\n']);
            staff::add_account(backend, &mut moment, &unit, &email, &role, password)
                .await
                .map_err(sentence)?;
            println!("{email}");
        }
        Command::Token(TokenCommand::Add { email }) => {
            let token = staff::add_token(backend, &mut moment, &email)
                .await
                .map_err(|error| of_account(error, &email))?;
            println!("{token}");
        }
        Command::Token(TokenCommand::Revoke { email }) => {
            staff::revoke_all(backend, &mut moment, &email)
                .await
                .map_err(|error| of_account(error, &email))?;
            println!("{email}");
        }
        Command::Serve(_) | Command::Openapi => {}
    }
    Ok(())
}

/// The same, where the account may not be there.
fn of_account(error: backend::Error, email: &str) -> String {
    match error {
        backend::Error::NotFound => {
            format!("There is no account {email}: add it with `yanlu account add`.")
        }
        error => sentence(error),
    }
}

/// A use case's refusal as one sentence; faults of ours with their cause, since an operator asks.
fn sentence(error: backend::Error) -> String {
    let t = T(Lang::En);
    match error {
        backend::Error::Invalid(violations) => violations
            .0
            .iter()
            .map(|violation| format!("--{}: {}", violation.field, fault_text(t, &violation.fault)))
            .collect::<Vec<_>>()
            .join(" "),
        backend::Error::NotFound => {
            "There is no such unit or account: check the spelling.".to_owned()
        }
        error @ (backend::Error::Database(_) | backend::Error::Internal(_)) => {
            format!("{error}: check --database-url.")
        }
        error => Refusal::from(error).title_and_detail(t).1,
    }
}

async fn run_server(storage: &Storage, serving: &Serving) -> Result<(), String> {
    start_log(serving.log_format);
    // Before anything is written: whoever asks meanwhile waits instead of being refused.
    let (listener, listen) = bind(serving.listen, "--listen").await?;
    let demo = if serving.demo {
        Some(bind(serving.demo_listen, "--demo-listen").await?)
    } else {
        None
    };
    let config = serving.config(listen, demo.as_ref().map(|(_, address)| *address))?;
    let assets = Assets::load()?;
    let outbox = Outbox::new(
        serving.smtp_url.as_deref(),
        &storage.outbox(),
        serving.mail_from.as_deref(),
        &config.public_url,
    )?;
    if config.limits == Limits::Off {
        tracing::warn!("limits are off: for load tests only");
    }
    let backend = open(storage).await?;
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|e| format!("The counters cannot be started ({e})."))?;
    let upkeep = tokio::spawn(health::keep_small(metrics.clone()));
    let forgetting = tokio::spawn(forget_daily(backend.clone(), storage.outbox()));
    let (stop, stopped) = watch::channel(());
    let stop_posting = until(stopped.clone());
    let posting = tokio::spawn(outbox.run(backend.clone(), Clock::System, stop_posting));
    let mut host = None;
    if let Some((listener, _)) = demo {
        demo::fill(&backend, &Clock::System, &config)
            .await
            .map_err(|error| format!("The demonstration could not be set up ({error})."))?;
        let now = Clock::System.now();
        let embedded = hostsite::Embedded::found(&backend, now, &config.public_url)
            .await
            .map_err(|error| format!("The demonstration could not be read ({error})."))?;
        let router = hostsite::router(&embedded);
        let stopped = stopped.clone();
        host = Some(tokio::spawn(async move {
            serve::serve_router(listener, router, until(stopped)).await;
        }));
    }
    announce(&config, listen);
    let state = AppState::new(
        backend.clone(),
        config,
        Clock::System,
        assets,
        Some(metrics),
    );
    let server = tokio::spawn(serve::serve(listener, state, until(stopped)));
    serve::asked_to_stop().await;
    drop(stop);
    let ended = server.await;
    if let Some(host) = host
        && let Err(error) = host.await
    {
        tracing::error!(%error, "the demonstration site ended badly");
    }
    if let Err(error) = posting.await {
        tracing::error!(%error, "the sending of letters ended badly");
    }
    upkeep.abort();
    forgetting.abort();
    backend.close().await;
    ended.map_err(|error| format!("The server ended badly ({error})."))
}

/// How often data whose time is over is deleted.
const DAILY: Duration = Duration::from_secs(24 * 60 * 60);

/// Deletes what is kept for a time only, at the start and then once a day. What fails today is done
/// tomorrow; several processes may do it at once.
async fn forget_daily(backend: Backend, outbox: PathBuf) {
    loop {
        let moment = Clock::System.moment();
        match hearings::forget_old(&backend, &moment).await {
            Ok(0) => {}
            Ok(applications) => tracing::info!(applications, "contact data was deleted in time"),
            Err(error) => tracing::error!(%error, "contact data was not deleted in time"),
        }
        if let Err(error) = notify::forget_old(&backend, &moment).await {
            tracing::error!(%error, "letters were not forgotten in time");
        }
        if let Err(error) = forget_files(&outbox, moment.now) {
            tracing::error!(%error, "old files of letters were not deleted in time");
        }
        tokio::time::sleep(DAILY).await;
    }
}

/// Resolves when the sender is gone.
async fn until(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// A socket, with the address that it got: the port may have been left to the system.
async fn bind(address: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr), String> {
    let sentence = |e: std::io::Error| {
        format!("Cannot listen on {address} ({e}): choose another address with {flag}.")
    };
    let listener = TcpListener::bind(address).await.map_err(sentence)?;
    let address = listener.local_addr().map_err(sentence)?;
    Ok((listener, address))
}

fn announce(config: &Config, listen: SocketAddr) {
    let url = &config.public_url;
    let mut lines = vec![
        format!("Public site   {url}"),
        format!("Staff desk    {url}/desk"),
        format!("API           {url}/api/v1/openapi.json"),
    ];
    if let Some(host) = &config.demo_url {
        lines.push(format!(
            "Department    {host}  (its own site, with Yanlu embedded)"
        ));
        for (email, password) in demo::ACCOUNTS {
            lines.push(format!("Demonstration account  {email}  {password}"));
        }
    }
    lines.push(String::new());
    // Nobody needs to read it: a closed pipe must not stop the server, as `println!` would.
    if let Err(error) = std::io::stdout().write_all(lines.join("\n").as_bytes()) {
        tracing::debug!(%error, "nobody reads where the site is");
    }
    tracing::info!(%listen, public_url = %url, "serving");
}

fn start_log(format: LogFormat) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("YANLU_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}
