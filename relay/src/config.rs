//! What an operator sets and the fixed numbers of the relay's web side, each with its unit and reason; reads nothing by itself; long because every setting stands here with its reason.

mod files;
mod limits;
mod proxies;

pub use limits::Limits;
pub use proxies::Proxies;

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// 64 KiB: the largest JSON body and the largest frame of a desk. The longest text a channel takes is 7,000
/// characters, at most 28 kB; a queue with 500 members is below 40 kB.
pub const JSON_LIMIT: usize = 64 * 1024;
/// 4 MiB: the largest webhook body; WhatsApp sends up to 3 MB.
pub const WEBHOOK_LIMIT: usize = 4 * 1024 * 1024;
/// 12 h without a sign of a person end a session: longer than a shift, shorter than until the next morning's.
pub const SESSION_IDLE_MS: i64 = 12 * 3_600_000;
/// 7 d end a session whatever happens.
pub const SESSION_LIFE_MS: i64 = 7 * 24 * 3_600_000;
/// 60 s: how exactly the last sign of a person is kept; every write costs a sync of the disk.
pub const SESSION_TOUCH_MS: i64 = 60_000;
/// 1,024 bytes: longer passwords are refused before they cost any hashing.
pub const PASSWORD_MAX: usize = 1_024;
/// 8 characters: shorter new passwords are refused.
pub const PASSWORD_MIN: usize = 8;
/// 128 KiB of a connection wait in the system for the other end, which Linux doubles: enough for 2 MB a second over
/// the longest lines, little enough that it shows who does not read.
pub const SEND_BUFFER: u32 = 128 * 1024;
/// 1,024 connections wait in the system until they are accepted.
pub const ACCEPT_QUEUE: u32 = 1_024;
/// 4 KiB of buffer for reading: the default of 128 KiB costs 130 kB per idle desk.
pub const SOCKET_READ_BUFFER: usize = 4 * 1024;
/// 4 KiB of frames that wait are written together; what is said is written at once all the same.
pub const SOCKET_WRITE_BUFFER: usize = 4 * 1024;
/// 25 s between pings: below the 30 to 60 s after which middle boxes forget a silent connection.
pub const SOCKET_PING: Duration = Duration::from_secs(25);
/// 2 pings without any sign of life, and the desk is gone.
pub const SOCKET_MISSES: u32 = 2;
/// 5 s between two signs of attention of one desk: a person looks from one to another less often, and sees no delay.
pub const ATTENTION_PACE: Duration = Duration::from_secs(5);
/// 16 KiB of a text that is not sent yet: above what any channel takes.
pub const DRAFT_MAX: usize = 16 * 1024;
/// 1 s from a draft to its saving: what a relay that is killed forgets of it, and one write for all who type.
pub const DRAFT_PACE: Duration = Duration::from_secs(1);
/// 2,000 missed events of one stream are sent one by one; above, a snapshot is smaller.
pub const RESUME_MAX: u32 = 2_000;
/// 1,000 streams in one hello: ten times what one agent ever has open.
pub const HELLO_MAX: usize = 1_000;
/// 32 commands of one socket are under way at the most; more wait unread in the network.
pub const COMMANDS_AT_ONCE: usize = 32;
/// 10 s after the last socket of a person they still count as reachable: a reload must not lose offers.
pub const PRESENCE_GRACE: Duration = Duration::from_secs(10);
/// 1 s between two updates of the same list: people read no faster.
pub const LIST_PACE: Duration = Duration::from_secs(1);
/// 200 rows of a list travel in one frame: about 80 kB, below the queue's limit.
pub const LIST_ROWS: usize = 200;
/// 120 characters of the last message are shown in lists.
pub const PREVIEW: usize = 120;
/// 50 lines of history are one page.
pub const HISTORY_PAGE: u32 = 50;
/// 50 interactions are one page; 200 at the most.
pub const LIST_PAGE: u32 = 50;
/// The most rows of any page.
pub const PAGE_MAX: u32 = 200;

/// 100 MiB: the largest file of a customer's that is kept; WhatsApp hands out no larger ones.
pub const MEDIA_LIMIT: u64 = 100 * 1024 * 1024;
/// 25 MiB: the largest picture of which a preview is made.
pub const PICTURE_LIMIT: u64 = 25 * 1024 * 1024;
/// 5 MiB: the largest picture of a customer; real ones have 100 kB.
pub const AVATAR_LIMIT: usize = 5 * 1024 * 1024;
/// 5 s to reach a provider's file host.
pub const MEDIA_CONNECT: Duration = Duration::from_secs(5);
/// 15 s without a byte end the fetching of a file; it is tried again.
pub const MEDIA_STALL: Duration = Duration::from_secs(15);
/// 4 min for a whole file: a WhatsApp address lives 5.
pub const MEDIA_WHOLE: Duration = Duration::from_mins(4);
/// The form of the process's own log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What an operator sets, in a TOML file or as `SIGNALBOX_*`; the environment wins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where to listen; `SIGNALBOX_LISTEN`. Only this machine by default: a proxy in front speaks TLS.
    pub listen: SocketAddr,
    /// The folder of the database; `SIGNALBOX_DATA`.
    pub data: PathBuf,
    /// A database of PostgreSQL as `postgres://user:password@host/database`; `SIGNALBOX_DATABASE`. Absent = the SQLite
    /// file in `data`. The relay must reach the server itself: a pooler in between that hands one connection to several
    /// sessions breaks the lock that keeps a second relay away.
    pub database: Option<DatabaseAddress>,
    /// The addresses by which browsers reach the relay, as `https://desk.example`; `SIGNALBOX_ORIGINS`, separated by
    /// commas. Empty = whatever `Host` a request names.
    pub origins: Vec<String>,
    /// Whether the session's cookie is for https alone; `SIGNALBOX_SECURE_COOKIE`. Absent = when an origin is https.
    pub secure_cookie: Option<bool>,
    /// The address by which providers reach the relay, as `https://desk.example`, with the path if there is one;
    /// `SIGNALBOX_PUBLIC_URL`. Needed to connect accounts: it stands before the addresses of the webhooks. Absent = the
    /// first https origin, if there is one.
    pub public_url: Option<String>,
    /// The address from which browsers get customers' files, as `https://files.example`; `SIGNALBOX_FILES_URL`. A name of
    /// its own that leads to this relay too, so that nothing in a file belongs to the desk's origin. Absent = they come
    /// from the desk's own address.
    pub files_url: Option<String>,
    /// Where to listen for that address, if not where everything else is asked; `SIGNALBOX_FILES_LISTEN`. For proxies
    /// that do not pass on the name they were called by.
    pub files_listen: Option<SocketAddr>,
    /// The path the relay is reached by, as `/` or `/desk/`; `SIGNALBOX_PATH`.
    pub path: String,
    /// The version of Meta's Graph API; `SIGNALBOX_GRAPH_VERSION`. A version works for at least two years.
    pub graph_version: String,
    /// The form of the log on standard error, `text` or `json`; `SIGNALBOX_LOG_FORMAT`. `SIGNALBOX_LOG` filters it.
    pub log_format: LogFormat,
    /// Where figures for Prometheus are served, on an address of their own; `SIGNALBOX_METRICS_LISTEN`. Absent = nowhere.
    /// Whoever reaches this address can read them, so name one that only the collecting machine reaches.
    pub metrics_listen: Option<SocketAddr>,
    /// The file with the keys of the secrets; `SIGNALBOX_SECRET_KEY_FILE`. Absent = `secret.key` in the data folder. Made
    /// at the first start; `SIGNALBOX_SECRET_KEY` holds the keys themselves and wins.
    pub secret_key_file: Option<PathBuf>,
    /// The built desk, when it is neither embedded nor in `dist/desk`, with the admin in `admin` beside it;
    /// `SIGNALBOX_DIST`.
    pub dist: Option<PathBuf>,
    /// The proxies in front, as addresses or networks like `10.0.0.0/8`; `SIGNALBOX_TRUSTED_PROXIES`, separated by
    /// commas. They alone are believed when they name the client in `X-Forwarded-For`. Absent = this machine, while
    /// the relay listens for this machine alone; nobody otherwise.
    pub trusted_proxies: Option<Vec<String>>,
    /// How much is taken at a time and how long anything may last; `SIGNALBOX_LIMITS` as one TOML table.
    pub limits: Limits,
}

/// The address of a database, which may hold a password: it is shown to nobody, not even to a log.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct DatabaseAddress(String);

impl DatabaseAddress {
    /// The address, for whoever connects.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseAddress {
    fn from(address: String) -> Self {
        Self(address)
    }
}

impl std::fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseAddress(…)")
    }
}

/// Why the settings cannot be used; what the file holds is not repeated, since it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not TOML, or names what does not exist.
    #[error("the configuration cannot be read, line {line}: {problem}")]
    File {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A value has the wrong form.
    #[error("{name} is not right: {problem}")]
    Value {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("signalbox-data"),
            database: None,
            origins: Vec::new(),
            secure_cookie: None,
            public_url: None,
            files_url: None,
            files_listen: None,
            path: "/".to_owned(),
            graph_version: "v25.0".to_owned(),
            log_format: LogFormat::Text,
            metrics_listen: None,
            secret_key_file: None,
            dist: None,
            trusted_proxies: None,
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// The file's text with the environment laid over it.
    ///
    /// # Errors
    /// When the file or a value has the wrong form.
    pub fn read(file: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut settings: Self = toml::from_str(file).map_err(|error| unreadable(file, &error))?;
        if let Some(text) = environment("SIGNALBOX_LISTEN") {
            settings.listen =
                text.parse().map_err(|_| wrong("listen", "expected an address like 127.0.0.1:8080"))?;
        }
        if let Some(text) = environment("SIGNALBOX_DATA") {
            settings.data = text.into();
        }
        if let Some(text) = environment("SIGNALBOX_DATABASE") {
            settings.database = (!text.is_empty()).then(|| text.into());
        }
        if let Some(text) = environment("SIGNALBOX_ORIGINS") {
            settings.origins = words(&text);
        }
        if let Some(text) = environment("SIGNALBOX_SECURE_COOKIE") {
            settings.secure_cookie =
                Some(text.parse().map_err(|_| wrong("secure_cookie", "expected true or false"))?);
        }
        if let Some(text) = environment("SIGNALBOX_PUBLIC_URL") {
            settings.public_url = Some(text);
        }
        if let Some(text) = environment("SIGNALBOX_FILES_URL") {
            settings.files_url = (!text.is_empty()).then_some(text);
        }
        if let Some(text) = environment("SIGNALBOX_FILES_LISTEN") {
            let listen = text.parse();
            settings.files_listen =
                Some(listen.map_err(|_| wrong("files_listen", "expected an address like 127.0.0.1:8083"))?);
        }
        if let Some(text) = environment("SIGNALBOX_PATH") {
            settings.path = text;
        }
        if let Some(text) = environment("SIGNALBOX_GRAPH_VERSION") {
            settings.graph_version = text;
        }
        if let Some(text) = environment("SIGNALBOX_LOG_FORMAT") {
            settings.log_format = LogFormat::parse(&text)?;
        }
        if let Some(text) = environment("SIGNALBOX_METRICS_LISTEN") {
            let listen = text.parse();
            settings.metrics_listen =
                Some(listen.map_err(|_| wrong("metrics_listen", "expected an address like 127.0.0.1:9464"))?);
        }
        if let Some(text) = environment("SIGNALBOX_SECRET_KEY_FILE") {
            settings.secret_key_file = Some(text.into());
        }
        if let Some(text) = environment("SIGNALBOX_DIST") {
            settings.dist = Some(text.into());
        }
        if let Some(text) = environment("SIGNALBOX_TRUSTED_PROXIES") {
            settings.trusted_proxies = Some(words(&text));
        }
        if let Some(text) = environment("SIGNALBOX_LIMITS") {
            settings.limits = Limits::read(&text)?;
        }
        settings.check()?;
        Ok(settings)
    }

    fn check(&mut self) -> Result<(), SettingsError> {
        for origin in &mut self.origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.trim_end_matches('/').contains(['/', ' ', '?']))
            {
                return Err(wrong("origins", "expected addresses like https://desk.example"));
            }
            *origin = origin.trim_end_matches('/').to_lowercase();
        }
        let schemes = ["postgres://", "postgresql://"];
        if let Some(database) = &self.database
            && !schemes.iter().any(|scheme| database.reveal().starts_with(scheme))
        {
            return Err(wrong("database", "expected an address like postgres://user:password@host/database"));
        }
        if let Some(url) = &mut self.public_url {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            if rest.is_none_or(|rest| rest.is_empty() || rest.contains([' ', '?', '#'])) {
                return Err(wrong("public_url", "expected an address like https://desk.example"));
            }
            *url = url.trim_end_matches('/').to_owned();
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
        if !self.path.chars().all(plain) || self.path.contains("//") {
            return Err(wrong("path", "expected a path like /desk/"));
        }
        let inner = self.path.trim_matches('/');
        self.path = if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") };
        if self.public_url.is_none() {
            let origin = self.origins.iter().find(|one| one.starts_with("https://"));
            self.public_url = origin.map(|origin| format!("{origin}{}", self.path.trim_end_matches('/')));
        }
        let desk = self.origins.iter().chain(&self.public_url);
        self.files_url = files::checked(self.files_url.as_deref(), desk, self.files_listen)?;
        let digits = self.graph_version.strip_prefix('v').unwrap_or_default();
        if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return Err(wrong("graph_version", "expected a version like v25.0"));
        }
        self.proxies()?;
        self.limits.check()
    }

    /// Whose word about the client's address is taken.
    ///
    /// # Errors
    /// When one of them is neither an address nor a network.
    pub fn proxies(&self) -> Result<Proxies, SettingsError> {
        match &self.trusted_proxies {
            Some(named) => Proxies::of(named)
                .ok_or_else(|| wrong("trusted_proxies", "expected addresses or networks like 10.0.0.0/8")),
            None => Ok(Proxies::beside(self.listen.ip())),
        }
    }

    /// The file with the keys of the secrets.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.secret_key_file.clone().unwrap_or_else(|| self.data.join("secret.key"))
    }

    /// Whether the session's cookie is for https alone.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure_cookie.unwrap_or_else(|| self.origins.iter().any(|one| one.starts_with("https://")))
    }
}

/// An error of the file with its line and without the line's text.
fn unreadable(file: &str, error: &toml::de::Error) -> SettingsError {
    let before = error.span().and_then(|span| file.get(..span.start)).unwrap_or_default();
    SettingsError::File { line: before.matches('\n').count() + 1, problem: error.message().to_owned() }
}

/// What stands between commas.
fn words(text: &str) -> Vec<String> {
    text.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

impl LogFormat {
    /// The format of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(name: &str) -> Result<Self, SettingsError> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(wrong("log_format", "expected text or json")),
        }
    }
}

fn wrong(name: &'static str, problem: &str) -> SettingsError {
    SettingsError::Value { name, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = "listen = \"127.0.0.1:9000\"\norigins = [\"https://Desk.example/\"]\npath = \"desk\"";
        let settings =
            Settings::read(file, |name| (name == "SIGNALBOX_LISTEN").then(|| "[::1]:7000".into())).unwrap();
        assert_eq!(settings.listen, "[::1]:7000".parse().unwrap());
        assert_eq!(settings.origins, ["https://desk.example"]);
        assert_eq!(settings.path, "/desk/");
        assert!(settings.secure(), "an https origin makes the cookie secure");
        assert_eq!(
            settings.public_url.as_deref(),
            Some("https://desk.example/desk"),
            "the first https origin"
        );
        assert_eq!(settings.graph_version, "v25.0");
        let public = Settings::read("public_url = \"https://Desk.example/chat/\"", |_| None).unwrap();
        assert_eq!(public.public_url.as_deref(), Some("https://Desk.example/chat"));
    }

    #[test]
    fn the_address_of_a_database_is_shown_by_nothing() {
        let settings = Settings::read("database = \"postgres://me:hunter2@db/desk\"", |_| None).unwrap();
        assert_eq!(settings.database.as_ref().unwrap().reveal(), "postgres://me:hunter2@db/desk");
        assert!(!format!("{settings:?}").contains("hunter2"));
        for file in [
            "database = \"mysql://me:hunter2@db/desk\"",
            "database = \"postgres://me:hunter2@db/desk",
            "\ndatabse = \"postgres://me:hunter2@db/desk\"",
        ] {
            let error = Settings::read(file, |_| None).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        let misspelt = Settings::read("\ndatabse = \"postgres://me:hunter2@db/desk\"", |_| None).unwrap_err();
        assert!(misspelt.to_string().contains("line 2: unknown field `databse`"), "{misspelt}");
        let set = |name: &str| (name == "SIGNALBOX_DATABASE").then(|| "postgresql://db/other".to_owned());
        assert_eq!(Settings::read("", set).unwrap().database.unwrap().reveal(), "postgresql://db/other");
    }

    #[test]
    fn what_is_not_right_is_refused() {
        for file in [
            "listen = 5",
            "unknown = 1",
            "origins = [\"desk.example\"]",
            "path = \"/a b/\"",
            "public_url = \"desk.example\"",
            "graph_version = \"25\"",
            "trusted_proxies = [\"proxy.example\"]",
            "trusted_proxies = [\"10.0.0.0/33\"]",
            "[limits]\nconnections = 0",
            "[limits]\nnothing = 1",
            "log_format = \"xml\"",
            "metrics_listen = \"here\"",
            "files_listen = \"here\"",
        ] {
            assert!(Settings::read(file, |_| None).is_err(), "{file}");
        }
        let bad = |name: &str| (name == "SIGNALBOX_SECURE_COOKIE").then(|| "perhaps".to_owned());
        assert!(Settings::read("", bad).is_err());
    }
}
