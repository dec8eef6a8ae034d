//! The real `signalbox` process: started on free ports with a data folder of its own, killed hard or stopped softly.

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;
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
    /// A client that keeps no cookies.
    pub http: Client,
    process: Child,
    data: TempDir,
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
}

/// Said of a relay that did not come up.
const ENDED: &str = "the relay ended before it was ready";

/// What the relay writes to its standard error, in its data folder.
const LOG: &str = "relay.log";

/// The path of the binary under test.
fn binary() -> PathBuf {
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
    Client::builder().timeout(Duration::from_secs(30)).build().unwrap()
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

    /// Starts the demo on free ports as it is set up.
    pub async fn start_with(setup: Setup) -> Self {
        let Setup { data, apart, environment } = setup;
        let data = data.unwrap_or_else(|| TempDir::new().unwrap());
        if !apart {
            let own = ["--simulator", "127.0.0.1:0"];
            let started = spawn(data.path(), "127.0.0.1:0", &own, &environment).await;
            let (process, base, simulator) = started.expect(ENDED);
            return Self { base, simulator, http: client(), process, data, apart, environment };
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let simulator = format!("http://{}", listener.local_addr().unwrap());
        // A free port for the relay, known before it starts: the simulator must know where webhooks go.
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let config = simulator::Config::demo(&format!("http://{free}"));
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let theirs = ["--simulator-url", &simulator];
        let started = spawn(data.path(), &free.to_string(), &theirs, &environment).await;
        let (process, base, _) = started.expect(ENDED);
        Self { base, simulator, http: client(), process, data, apart, environment }
    }

    /// Kills the process as `kill -9` does and starts it again on the same data and the same ports.
    pub async fn kill_and_restart(&mut self) {
        self.kill().await;
        self.restart().await;
    }

    /// Kills the process as `kill -9` does.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
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
        let started = spawn(self.data.path(), &host(&self.base), &simulator, &self.environment).await;
        let came = started.is_some();
        if let Some((process, ..)) = started {
            self.process = process;
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

    /// What the relay has said on its standard error since its first start, unless that goes to the terminal.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.path().join(LOG)).unwrap_or_default()
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
        let body = json!({ "login": login, "password": password, "kind": "bearer" });
        self.http.post(format!("{}/api/v1/session", self.base)).json(&body).send().await.unwrap()
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

/// Starts the binary and reads the two addresses it prints; none when it ended before.
async fn spawn(
    data: &Path,
    listen: &str,
    simulator: &[&str],
    environment: &[(OsString, OsString)],
) -> Option<(Child, String, String)> {
    let errors = || File::options().create(true).append(true).open(data.join(LOG)).unwrap();
    let mut process = Command::new(binary())
        .args(["demo", "--listen", listen, "--time-travel"])
        .args(simulator)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(std::env::var_os("SIGNALBOX_TEST_LOG").map_or_else(|| errors().into(), |_| Stdio::inherit()))
        .env("SIGNALBOX_DIST", root().join("dist/desk"))
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let (mut desk, mut phones) = (None, None);
    let reading = async {
        while desk.is_none() || phones.is_none() {
            let Some(line) = lines.next_line().await.unwrap() else { return };
            let address = line.split_whitespace().last().unwrap_or_default().trim_end_matches('/').to_owned();
            if line.starts_with("Desk:") {
                desk = Some(address);
            } else if line.starts_with("Simulator:") {
                phones = Some(address);
            }
        }
    };
    tokio::time::timeout(crate::wait::PATIENCE, reading).await.expect("the relay printed no addresses");
    Some((process, desk?, phones?))
}
