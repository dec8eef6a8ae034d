//! Real PostgreSQL servers for tests: made by `initdb` in a temporary folder, reached by a Unix socket alone, gone with their test; knows nothing of the product.
//!
//! PostgreSQL refuses to run as root, so root hands the server to an ordinary user. A shell beside the server waits for
//! the end of this process, however it ends, then stops the server and removes its folder.

#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how a test fails"
)]

mod programs;

use programs::Programs;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The password of the server's only user; every connection must give it.
pub const PASSWORD: &str = "a-password-of-tests";

/// The server's only user.
pub const USER: &str = "signalbox";

/// What stands in the folder: the cluster, the socket, the log.
const CLUSTER: &str = "data";

/// Ends the server when its standard input ends, which is when the process that started it does.
const GUARD: &str = r#"trap "" INT TERM HUP; cat > /dev/null; "$1" stop --silent --mode immediate --pgdata "$2/data"; rm -rf "$2""#;

/// A running server.
pub struct Server {
    programs: Programs,
    folder: PathBuf,
    settings: String,
    made: AtomicU64,
    /// Held open for the guard.
    _alive: ChildStdin,
}

impl Server {
    /// The server that all tests of one process share.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// Makes and starts a server of its own.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Makes and starts a server of its own with these settings, each as `name=value`.
    #[must_use]
    pub fn start_with(settings: &[&str]) -> Self {
        let programs = Programs::find().unwrap_or_else(|missing| panic!("{missing}"));
        // The guard removes it, also when no destructor of this process runs.
        let folder = tempfile::Builder::new().prefix("signalbox-pg-").tempdir().unwrap().keep();
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        programs.give(&folder);
        let mut guard = programs.command("sh", &["-c", GUARD, "guard"]);
        guard
            .arg(programs.path("pg_ctl"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let alive = guard.spawn().expect("a shell").stdin.take().unwrap();
        let mut initdb =
            programs.command("initdb", &["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale"]);
        initdb.args(["--username", USER, "--no-sync", "--pwfile"]).arg(&password);
        run(initdb.arg("--pgdata").arg(folder.join(CLUSTER)));
        let socket = folder.display();
        let mut all =
            format!("-c listen_addresses= -c unix_socket_directories={socket} -c max_connections=300");
        for setting in settings {
            all.push_str(" -c ");
            all.push_str(setting);
        }
        let server = Self { programs, folder, settings: all, made: AtomicU64::new(0), _alive: alive };
        server.resume();
        server
    }

    /// The address of a new, empty database.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("test{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.named(&name)
    }

    /// The address of the database of this name, made when there is none.
    #[must_use]
    pub fn named(&self, name: &str) -> String {
        let mut createdb = self.client("createdb");
        let made = createdb.arg(name).output().unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success() || said.contains("already exists"), "createdb: {said}");
        self.address(USER, PASSWORD, name)
    }

    /// The address of a database here, for a user with a password.
    #[must_use]
    pub fn address(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@localhost/{database}?host={}", self.folder.display())
    }

    /// The folder with the socket `.s.PGSQL.5432`.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.folder
    }

    /// Runs statements in a database and returns what they print, a line per row.
    #[allow(clippy::must_use_candidate, reason = "many statements are run for what they do")]
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = self.client("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        let done = run(psql.args(["--dbname", database, "--command", sql]));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    /// Stops the server at once and cleans nothing up, as a crash does; databases stay.
    pub fn crash(&self) {
        run(self.control().args(["stop", "--mode", "immediate"]));
    }

    /// Stops the server, cutting off whoever is connected; databases stay.
    pub fn stop(&self) {
        run(self.control().args(["stop", "--mode", "fast"]));
    }

    /// Starts a stopped server again.
    pub fn resume(&self) {
        let log = self.folder.join("log");
        run(self.control().arg("start").arg("--log").arg(&log).args(["--options", &self.settings]));
    }

    fn control(&self) -> Command {
        let mut command = self.programs.command("pg_ctl", &["--silent", "--wait", "--pgdata"]);
        // A server that inherits a pipe keeps it open for as long as it runs.
        command.arg(self.folder.join(CLUSTER)).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn client(&self, program: &str) -> Command {
        let mut command = self.programs.command(program, &["--username", USER, "--no-password", "--host"]);
        command.arg(&self.folder).env("PGPASSWORD", PASSWORD);
        command
    }
}

fn run(command: &mut Command) -> Output {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}
