//! The real `signalbox` process: started on free ports with a data folder of its own, killed hard or stopped softly.

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
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
    /// The address of the figures, where one is configured.
    pub figures: Option<String>,
    /// A client that keeps no cookies.
    pub http: Client,
    process: Child,
    data: TempDir,
    apart: bool,
    setup: Setup,
}

/// What a relay is started with beyond the usual.
#[derive(Clone, Default)]
pub struct Setup {
    /// Variables of its environment.
    pub environment: Vec<(String, String)>,
    /// The file that its log is appended to.
    pub log: Option<PathBuf>,
}

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
    Client::builder().timeout(Duration::from_secs(30)).build().unwrap()
}

impl Relay {
    /// Starts the demo on free ports with an empty data folder; the simulator lives and dies in the same process.
    pub async fn start() -> Self {
        let data = TempDir::new().unwrap();
        let Printed { process, base, simulator, figures } =
            spawn(data.path(), "127.0.0.1:0", &["--simulator", "127.0.0.1:0"], &Setup::default()).await;
        let setup = Setup::default();
        Self { base, simulator, figures, http: client(), process, data, apart: false, setup }
    }

    /// Starts the demo beside a simulator that outlives it, so that the providers remember what the relay forgot.
    pub async fn start_apart() -> Self {
        Self::start_apart_with(Setup::default()).await
    }

    /// The same with an environment of its own, or its log in a file.
    pub async fn start_apart_with(setup: Setup) -> Self {
        let data = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let simulator = format!("http://{}", listener.local_addr().unwrap());
        // A free port for the relay, known before it starts: the simulator must know where webhooks go.
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let config = simulator::Config::demo(&format!("http://{free}"));
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let arguments = ["--simulator-url", simulator.as_str()];
        let Printed { process, base, figures, .. } =
            spawn(data.path(), &free.to_string(), &arguments, &setup).await;
        Self { base, simulator, figures, http: client(), process, data, apart: true, setup }
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
        let host = |url: &str| url.trim_start_matches("http://").to_owned();
        let at = host(&self.simulator);
        let simulator = if self.apart { ["--simulator-url", &self.simulator] } else { ["--simulator", &at] };
        let Printed { process, figures, .. } =
            spawn(self.data.path(), &host(&self.base), &simulator, &self.setup).await;
        (self.process, self.figures) = (process, figures);
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

impl Setup {
    /// Where standard error goes.
    fn errors(&self) -> Stdio {
        match &self.log {
            Some(path) => File::options().create(true).append(true).open(path).unwrap().into(),
            None => std::env::var_os("SIGNALBOX_TEST_LOG").map_or_else(Stdio::null, |_| Stdio::inherit()),
        }
    }
}

/// A relay that was started, with the addresses it printed.
struct Printed {
    process: Child,
    base: String,
    simulator: String,
    figures: Option<String>,
}

/// Starts the binary and reads the addresses it prints, the simulator's last.
async fn spawn(data: &Path, listen: &str, simulator: &[&str], setup: &Setup) -> Printed {
    let mut process = Command::new(binary())
        .args(["demo", "--listen", listen, "--time-travel"])
        .args(simulator)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(setup.errors())
        .envs(setup.environment.iter().cloned())
        .env("SIGNALBOX_DIST", root().join("dist/desk"))
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let (mut desk, mut phones, mut figures) = (None, None, None);
    let reading = async {
        while desk.is_none() || phones.is_none() {
            let line = lines.next_line().await.unwrap().expect("the relay ended before it was ready");
            let address = line.split_whitespace().last().unwrap_or_default().trim_end_matches('/').to_owned();
            if line.starts_with("Desk:") {
                desk = Some(address);
            } else if line.starts_with("Metrics:") {
                figures = Some(address);
            } else if line.starts_with("Simulator:") {
                phones = Some(address);
            }
        }
    };
    tokio::time::timeout(crate::wait::PATIENCE, reading).await.expect("the relay printed no addresses");
    Printed { process, base: desk.unwrap(), simulator: phones.unwrap(), figures }
}
