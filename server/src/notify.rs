//! Sends letters to applicants: what the backend wrote down is put into words and handed to a mail
//! server, or laid into a folder where none is set. Every process may do it at once.

use crate::edge::Clock;
use app::i18n::{Lang, T};
use app::notify::{Enclosed, Letter, letter};
use backend::notify::Due;
use backend::{Backend, Error, Viewer, hearings, notify};
use domain::{Timestamp, limits};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::future::Future;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long one letter may take; far less than it is claimed for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the database is asked for letters.
const PAUSE: Duration = Duration::from_secs(5);
/// How long nothing is sent after a mail server could not be reached.
const UNREACHABLE: Duration = Duration::from_secs(60);

/// Where letters go.
enum Post {
    /// Files named by their letter, for an operator who looks or another program that sends.
    Folder(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// Sends letters.
pub struct Outbox {
    post: Post,
    from: Address,
    /// Without a slash at the end.
    public_url: String,
}

/// Why a letter could not be handed over: a code without any address in it, and whether trying again
/// is of no use.
struct Failed {
    code: String,
    for_good: bool,
    /// Whether it is the mail server's fault, not this letter's.
    server: bool,
}

/// What came of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub sent: usize,
    pub failed: usize,
    /// The mail server could not be used, so that the rest waits.
    pub stopped: bool,
}

impl Outbox {
    /// `smtp_url` as `smtps://user:password@host` or `smtp://host?tls=required`; without it, letters
    /// are laid into `folder`. `from` is the sender's address. The error is a sentence for the
    /// operator.
    pub fn new(
        smtp_url: Option<&str>,
        folder: &Path,
        from: Option<&str>,
        public_url: &str,
    ) -> Result<Self, String> {
        let from = match from {
            Some(from) => from.parse().map_err(|_| {
                format!("--mail-from {from} is not an address such as yanlu@example.org: give one.")
            })?,
            None if smtp_url.is_some() => {
                return Err("--smtp-url needs a sender: give one with --mail-from.".to_owned());
            }
            None => Address::new("yanlu", "localhost").map_err(|e| e.to_string())?,
        };
        let post = match smtp_url {
            Some(url) => Post::Smtp(Box::new(smtp(url)?)),
            None => Post::Folder(folder.to_owned()),
        };
        Ok(Self {
            post,
            from,
            public_url: public_url.to_owned(),
        })
    }

    /// Sends what is due, again and again, until `stop` resolves; a letter on its way is finished.
    pub async fn run(self, backend: Backend, clock: Clock, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let pause = match self.send_due(&backend, &clock).await {
                Ok(round) if round.stopped => UNREACHABLE,
                Ok(_) => PAUSE,
                Err(error) => {
                    tracing::error!(%error, "letters could not be read");
                    UNREACHABLE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = &mut stop => return,
            }
        }
    }

    /// Sends every letter that is due.
    pub async fn send_due(&self, backend: &Backend, clock: &Clock) -> Result<Sent, Error> {
        let mut round = Sent::default();
        while let Some(due) = notify::next(backend, &clock.moment()).await? {
            let now = clock.moment();
            let Some((letter, unit)) = self.written(backend, now.now, &due).await? else {
                notify::drop_moot(backend, &now, &due).await?;
                continue;
            };
            let handed = self.hand_over(now.now, &due, &letter, &unit).await;
            let now = clock.moment();
            let Err(failed) = handed else {
                notify::sent(backend, &now, &due).await?;
                metrics::counter!("yanlu_letters_total", "outcome" => "sent").increment(1);
                round.sent += 1;
                continue;
            };
            let again = notify::failed(backend, &now, &due, &failed.code, failed.for_good).await?;
            let (letter, code) = (due.id, &failed.code);
            tracing::warn!(letter, %code, again, "a letter could not be handed over");
            metrics::counter!("yanlu_letters_total", "outcome" => "failed").increment(1);
            round.failed += 1;
            if failed.server {
                round.stopped = true;
                break;
            }
        }
        Ok(round)
    }

    /// The letter in the applicant's language, with the unit's name; `None` if it is over.
    async fn written(
        &self,
        backend: &Backend,
        now: Timestamp,
        due: &Due,
    ) -> Result<Option<(Letter, String)>, Error> {
        let hearing = hearings::find(backend, now, due.hearing(), Viewer::Public).await?;
        let Some(hearing) = hearing else {
            return Ok(None);
        };
        let lang = Lang::from_tag(&due.lang).unwrap_or(Lang::ZhHans);
        let receipt = due.receipt.to_string();
        let enclosed = Enclosed {
            public_url: &self.public_url,
            receipt: &receipt,
        };
        let letter = letter(T(lang), due.kind, &hearing, &due.application, enclosed);
        Ok(letter.map(|letter| (letter, hearing.unit.name)))
    }

    async fn hand_over(
        &self,
        now: Timestamp,
        due: &Due,
        letter: &Letter,
        unit: &str,
    ) -> Result<(), Failed> {
        let message = self.message(now, due, letter, unit)?;
        match &self.post {
            Post::Folder(folder) => lay(folder, due.id, &message.formatted()).map_err(|error| {
                tracing::error!(%error, "the folder for letters cannot be written");
                Failed {
                    code: "folder".into(),
                    for_good: false,
                    server: true,
                }
            }),
            Post::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(refused(&error)),
            },
        }
    }

    fn message(
        &self,
        now: Timestamp,
        due: &Due,
        letter: &Letter,
        unit: &str,
    ) -> Result<Message, Failed> {
        let unusable = |_| Failed {
            code: "address".into(),
            for_good: true,
            server: false,
        };
        let to: Address = due.to.parse().map_err(unusable)?;
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let host = self
            .public_url
            .split_once("://")
            .map_or("", |(_, host)| host);
        let raw = |name, value: &str| {
            HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
        };
        Message::builder()
            .from(Mailbox::new(Some(unit.to_owned()), self.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            // The same each time it is tried, so that a mailbox can tell a second copy.
            .message_id(Some(format!("<letter-{}@{host}>", due.id)))
            // RFC 3834: nothing answers it by itself.
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("Content-Language", &due.lang))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| {
                tracing::error!(%error, letter = due.id, "a letter could not be put together");
                Failed {
                    code: "message".into(),
                    for_good: true,
                    server: false,
                }
            })
    }
}

fn smtp(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let wrong = "--smtp-url is not an address such as smtps://user:password@mail.example.org or smtp://mail.example.org?tls=required (signs in user and password as in an URL): correct it.";
    let uri: http::Uri = url.parse().map_err(|_| wrong.to_owned())?;
    let here = uri
        .host()
        .is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
    let safe = match uri.scheme_str() {
        Some("smtps") => true,
        Some("smtp") => {
            here || uri
                .query()
                .is_some_and(|query| query.contains("tls=required"))
        }
        _ => return Err(wrong.to_owned()),
    };
    if !safe {
        // Letters carry the codes that open applications.
        return Err(
            "--smtp-url would send letters unencrypted: use smtps://, or add ?tls=required.".into(),
        );
    }
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
    let builder = builder.map_err(|_| wrong.to_owned())?;
    Ok(builder.timeout(Some(PATIENCE)).build())
}

/// What an error of the mail server says of the letter. Its text may repeat addresses, so only the
/// reply code is kept.
fn refused(error: &lettre::transport::smtp::Error) -> Failed {
    let Some(status) = error.status() else {
        return Failed {
            code: if error.is_timeout() {
                "timeout"
            } else {
                "unreachable"
            }
            .into(),
            for_good: false,
            server: true,
        };
    };
    let code = status.to_string();
    // RFC 5321 section 4.2.3: the mailbox does not exist, is elsewhere, or its name is not allowed.
    let for_good = ["550", "551", "553"].contains(&code.as_str());
    // Too busy, or it does not know us: that is no fault of this letter.
    let server = ["421", "454", "530", "534", "535"].contains(&code.as_str());
    Failed {
        code,
        for_good,
        server,
    }
}

/// Written beside its place and moved there, readable by its owner alone: whoever watches the folder
/// never sees half a letter.
fn lay(folder: &Path, id: i64, message: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".{id}-{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&draft, folder.join(format!("{id}.eml")))
}

/// Deletes letters in the folder that are as old as contact data may become.
pub fn forget_files(folder: &Path, now: Timestamp) -> io::Result<()> {
    let days = u64::try_from(limits::APPLICATION_DAYS).unwrap_or(0);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let age = Duration::from_secs(days * 24 * 60 * 60);
    let before = SystemTime::UNIX_EPOCH + Duration::from_millis(millis).saturating_sub(age);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let letter = entry.path().extension().is_some_and(|kind| kind == "eml");
        if letter && entry.metadata()?.modified()? <= before {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(smtp: Option<&str>, from: Option<&str>) -> Result<Outbox, String> {
        Outbox::new(smtp, Path::new("outbox"), from, "https://yanlu.example")
    }

    // The mail server's connections live on a runtime.
    #[tokio::test]
    async fn letters_go_encrypted_or_not_at_all() {
        let from = Some("yanlu@example.org");
        for good in [
            "smtps://user:p%40ss@mail.example.org",
            "smtp://mail.example.org?tls=required",
            "smtp://127.0.0.1:2525",
        ] {
            assert!(outbox(Some(good), from).is_ok(), "{good}");
        }
        for (bad, says) in [
            ("smtp://mail.example.org", "unencrypted"),
            ("smtp://mail.example.org?tls=opportunistic", "unencrypted"),
            ("https://mail.example.org", "smtps://"),
            ("nonsense", "smtps://"),
        ] {
            let refused = outbox(Some(bad), from).err().unwrap();
            assert!(refused.contains(says), "{bad}: {refused}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_needs_a_sender_and_no_password_is_repeated() {
        let url = "smtps://user:secret@mail.example.org";
        assert!(
            outbox(Some(url), None)
                .err()
                .unwrap()
                .contains("--mail-from")
        );
        assert!(
            outbox(None, Some("nobody"))
                .err()
                .unwrap()
                .contains("nobody")
        );
        assert!(outbox(None, None).is_ok());
        let broken = "smtps://user:secret@mail example";
        let refused = outbox(Some(broken), Some("yanlu@example.org"))
            .err()
            .unwrap();
        assert!(!refused.contains("secret"));
    }
}
