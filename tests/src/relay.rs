//! The real `signalbox` process: started on free ports with a data folder and a database of its own, killed hard or stopped softly; long because all ways to start and end it belong together.

use pgtest::Server;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// The password of every demo user.
pub const PASSWORD: &str = "signalbox-demo";

/// The secret with which the demo's Meta app signs.
pub const APP_SECRET: &str = "demo-app-secret";

/// A running relay with its simulator.
pub struct Relay {
    /// The relay's own address, without a slash at the end.
    pub base: String,
    /// The simulator's address, without a slash at the end.
    pub simulator: String,
    /// The address of customers' files, without a slash at the end.
    pub files: String,
    /// The address of the figures, where they have one of their own.
    pub figures: Option<String>,
    /// A client that keeps no cookies.
    pub http: Client,
    process: Child,
    data: TempDir,
    /// The address of its database; the file in the data folder otherwise.
    database: Option<String>,
    apart: bool,
    environment: Vec<(OsString, OsString)>,
}

/// How a relay is started, where the usual way does not do.
#[derive(Default)]
pub struct Setup {
    /// A data folder that holds something already; an empty one otherwise.
    pub data: Option<TempDir>,
    /// Whether the simulator runs in the test's process and outlives the relay.
    pub apart: bool,
    /// Variables for the relay's process, at every start.
    pub environment: Vec<(OsString, OsString)>,
    /// Where its log lies.
    pub database: Database,
}

/// Where a relay's log lies.
#[derive(Default)]
pub enum Database {
    /// Where this run of the suite wants it: in the file, or with `SIGNALBOX_TEST_DATABASE=postgres` in a database of
    /// its own on the server that the tests of this process share.
    #[default]
    OfSuite,
    /// In the file in the data folder, whatever the suite wants: the test looks into it.
    File,
    /// In the PostgreSQL database of this address.
    At(String),
}

impl Database {
    fn address(self) -> Option<String> {
        let wanted = || std::env::var_os("SIGNALBOX_TEST_DATABASE").is_some_and(|which| which == "postgres");
        match self {
            Self::OfSuite => wanted().then(|| Server::shared().database()),
            Self::File => None,
            Self::At(address) => Some(address),
        }
    }
}

/// A free port of this machine, whichever.
const ANY: &str = "127.0.0.1:0";

/// Said of a relay that did not come up.
const ENDED: &str = "the relay ended before it was ready";

/// What the relay writes to its standard error, in its data folder.
const LOG: &str = "relay.log";

/// The path of the binary under test.
#[must_use]
pub fn binary() -> PathBuf {
    let named = std::env::var_os("SIGNALBOX_BIN").map(PathBuf::from);
    let found = named.map_or_else(|| root().join("target/debug/signalbox"), |path| root().join(path));
    assert!(found.exists(), "{} is missing: `cargo build -p relay` makes it", found.display());
    found
}

/// The workspace's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A plain HTTP client.
#[must_use]
pub fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    // Below the 10 s after which the relay closes a connection that says nothing, so that the two never cross.
    let idle = Duration::from_secs(5);
    Client::builder().timeout(Duration::from_secs(30)).pool_idle_timeout(idle).build().unwrap()
}

impl Relay {
    /// Starts the demo on free ports with an empty data folder; the simulator lives and dies in the same process.
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    /// Starts the demo beside a simulator that outlives it, so that the providers remember what the relay forgot.
    pub async fn start_apart() -> Self {
        Self::start_with(Setup { apart: true, ..Setup::default() }).await
    }

    /// The same on the PostgreSQL database of this address, or on a file.
    pub async fn start_apart_on(database: Option<String>) -> Self {
        let database = database.map_or(Database::File, Database::At);
        Self::start_with(Setup { apart: true, database, ..Setup::default() }).await
    }

    /// Starts the demo on free ports as it is set up.
    pub async fn start_with(setup: Setup) -> Self {
        let Setup { data, apart, environment, database } = setup;
        let data = data.unwrap_or_else(|| TempDir::new().unwrap());
        let database = database.address();
        let place = Place { data: data.path(), database: database.as_deref(), environment: &environment };
        let mut outer = None;
        let started = if apart {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let simulator = format!("http://{}", listener.local_addr().unwrap());
            // A free port for the relay, known before it starts: the simulator must know where webhooks go.
            let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
            let config = simulator::Config::demo(&format!("http://{free}"));
            tokio::spawn(simulator::serve(listener, config, std::future::pending()));
            let started = place.spawn(&free.to_string(), ANY, &["--simulator-url", &simulator]).await;
            outer = Some(simulator);
            started
        } else {
            place.spawn(ANY, ANY, &["--simulator", ANY]).await
        };
        let Started { process, desk: base, files, phones, figures } = started.expect(ENDED);
        let simulator = outer.unwrap_or(phones);
        Self { base, simulator, files, figures, http: client(), process, data, database, apart, environment }
    }

    /// Kills the process as `kill -9` does and starts it again on the same data and the same ports.
    pub async fn kill_and_restart(&mut self) {
        self.kill().await;
        self.restart().await;
    }

    /// Kills the process as `kill -9` does; one that has ended already stays as it is.
    pub async fn kill(&mut self) {
        if self.pid().is_some() {
            self.process.kill().await.unwrap();
        }
    }

    /// Waits for the process to end by itself; whether it did.
    pub async fn ends(&mut self, within: Duration) -> bool {
        tokio::time::timeout(within, self.process.wait()).await.is_ok()
    }

    /// Asks the process to end, as a process manager does; how it ended, and after how long.
    pub async fn terminate(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        let pid = self.pid().expect("a running relay").to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        let ended = tokio::time::timeout(crate::wait::PATIENCE, self.process.wait()).await;
        (ended.expect("the relay did not end").unwrap(), began.elapsed())
    }

    /// Starts a killed process again on the same data and the same ports.
    pub async fn restart(&mut self) {
        assert!(self.try_restart().await, "{ENDED}");
    }

    /// Starts a killed process again, and says whether it came up: on a broken database it must not.
    pub async fn try_restart(&mut self) -> bool {
        let host = |url: &str| url.trim_start_matches("http://").to_owned();
        let at = host(&self.simulator);
        let simulator = if self.apart { ["--simulator-url", &self.simulator] } else { ["--simulator", &at] };
        let (data, database, environment) =
            (self.data.path(), self.database.as_deref(), self.environment.as_slice());
        // Pages that are open know the address of the files, too.
        let place = Place { data, database, environment };
        let started = place.spawn(&host(&self.base), &host(&self.files), &simulator).await;
        let came = started.is_some();
        if let Some(Started { process, figures, .. }) = started {
            (self.process, self.figures) = (process, figures);
        }
        came
    }

    /// The process's number; none after it was killed.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends the relay and leaves its data folder to whoever asks.
    pub async fn into_data(mut self) -> TempDir {
        self.kill().await;
        self.data
    }

    /// The file of what the relay says on its standard error, unless that goes to the terminal.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.data.path().join(LOG)
    }

    /// What the relay has said on its standard error since its first start, unless that goes to the terminal.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Moves the relay's clock on by so much a second, so that no rate and no pause takes the time it says; until what
    /// this returns is dropped.
    pub fn hurry(&self, by: Duration) -> Hurry {
        let (http, url) = (self.http.clone(), format!("{}/api/v1/demo/clock", self.base));
        let body = json!({ "advance_ms": u64::try_from(by.as_millis()).unwrap() / 20 });
        Hurry(tokio::spawn(async move {
            loop {
                // A relay that is dead has no clock.
                let _ = http.post(&url).json(&body).send().await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }))
    }

    /// Moves the relay's clock forward.
    pub async fn advance(&self, by: Duration) {
        let body = json!({ "advance_ms": u64::try_from(by.as_millis()).unwrap() });
        let sent =
            self.http.post(format!("{}/api/v1/demo/clock", self.base)).json(&body).send().await.unwrap();
        assert!(sent.status().is_success(), "the clock answered {}", sent.status());
    }

    /// Logs in and returns the bearer token.
    pub async fn token(&self, login: &str) -> String {
        let answer = self.try_login(login, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let body: Value = answer.json().await.unwrap();
        body["token"].as_str().unwrap().to_owned()
    }

    /// Tries to log in for a bearer token.
    pub async fn try_login(&self, login: &str, password: &str) -> Response {
        try_login(&self.http, &self.base, login, password).await
    }

    /// Reads JSON from the API; anything but 200 fails the test.
    pub async fn get(&self, token: &str, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.base)).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "GET {path}");
        answer.json().await.unwrap()
    }

    /// The database's file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.data.path().join("signalbox.sqlite")
    }

    /// The folder with the database.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }
}

/// Tries to log in at this address for a bearer token.
pub async fn try_login(http: &Client, base: &str, login: &str, password: &str) -> Response {
    let body = json!({ "login": login, "password": password, "kind": "bearer" });
    http.post(format!("{base}/api/v1/session")).json(&body).send().await.unwrap()
}

/// On what a relay is started.
struct Place<'a> {
    data: &'a Path,
    database: Option<&'a str>,
    environment: &'a [(OsString, OsString)],
}

/// A relay that was started, with the addresses it printed.
struct Started {
    process: Child,
    desk: String,
    files: String,
    phones: String,
    figures: Option<String>,
}

/// A relay's clock that runs fast, for as long as this is kept.
#[must_use]
pub struct Hurry(tokio::task::JoinHandle<()>);

impl Drop for Hurry {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Place<'_> {
    /// Starts the binary and reads the addresses it prints, the simulator's last; none when it ended before.
    async fn spawn(&self, listen: &str, files: &str, simulator: &[&str]) -> Option<Started> {
        let errors = || File::options().create(true).append(true).open(self.data.join(LOG)).unwrap();
        let to_terminal = std::env::var_os("SIGNALBOX_TEST_LOG").is_some();
        let mut process = Command::new(binary())
            .args(["demo", "--listen", listen, "--files", files, "--time-travel"])
            .args(simulator)
            .env("SIGNALBOX_DATABASE", self.database.unwrap_or_default())
            .arg("--data")
            .arg(self.data)
            .stdout(Stdio::piped())
            .stderr(if to_terminal { Stdio::inherit() } else { errors().into() })
            .env("SIGNALBOX_DIST", root().join("dist/desk"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (mut desk, mut files, mut phones, mut figures) = (None, None, None, None);
        let reading = async {
            while desk.is_none() || phones.is_none() {
                let Some(line) = lines.next_line().await.unwrap() else { return };
                let address =
                    line.split_whitespace().last().unwrap_or_default().trim_end_matches('/').to_owned();
                if line.starts_with("Desk:") {
                    desk = Some(address);
                } else if line.starts_with("Files:") {
                    files = Some(address);
                } else if line.starts_with("Metrics:") {
                    figures = Some(address);
                } else if line.starts_with("Simulator:") {
                    phones = Some(address);
                }
            }
        };
        tokio::time::timeout(crate::wait::PATIENCE, reading).await.expect("the relay printed no addresses");
        Some(Started { process, desk: desk?, files: files?, phones: phones?, figures })
    }
}
