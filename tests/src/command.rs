//! Commands of the real binary, run to their end: what they said, how they ended; and `serve` on a workspace of its own.

use crate::relay::binary;
use crate::wait::PATIENCE;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Done {
    /// Whether it said that it succeeded.
    pub well: bool,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Done {
    /// Everything it said.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

/// The binary with a data folder and an environment of its own.
fn prepared(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env("SIGNALBOX_DATA", data).envs(environment.iter().copied()).kill_on_drop(true);
    command
}

/// Runs `signalbox` with these arguments on the workspace in this folder; `input` is what is typed.
pub async fn run(data: &Path, arguments: &[&str], input: &str) -> Done {
    run_in(data, arguments, input, &[]).await
}

/// The same with variables of the environment.
pub async fn run_in(data: &Path, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Done {
    finished(prepared(data, arguments, environment), input).await
}

/// The same where no file may grow above 1 MiB, as on a disk without room.
pub async fn run_without_room(data: &Path, arguments: &[&str]) -> Done {
    let mut shell = Command::new("bash");
    // The signal is ignored, so that the write fails as it would on a full disk.
    shell.args(["-c", "ulimit -f 1024; trap '' XFSZ; exec \"$0\" \"$@\""]).arg(binary()).args(arguments);
    shell.env("SIGNALBOX_DATA", data).kill_on_drop(true);
    finished(shell, "").await
}

async fn finished(mut command: Command, input: &str) -> Done {
    let mut process =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut typed = process.stdin.take().unwrap();
    // A command that asks for nothing may be over before it was typed.
    let _ = typed.write_all(input.as_bytes()).await;
    drop(typed);
    let output = tokio::time::timeout(PATIENCE, process.wait_with_output()).await.expect("it does not end");
    let output = output.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done { well: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Starts a command and leaves it running, as one that is to be killed.
#[must_use]
pub fn begin(data: &Path, arguments: &[&str]) -> Child {
    prepared(data, arguments, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A running `signalbox serve`.
pub struct Served {
    /// The desk's address, without a slash at the end.
    pub base: String,
    /// The address of the figures, where one is configured.
    pub figures: Option<String>,
    process: Child,
}

impl Served {
    /// Serves the workspace in this folder on a free port.
    pub async fn start(data: &Path, environment: &[(&str, &str)]) -> Self {
        let mut process = prepared(data, &["serve"], environment)
            .env("SIGNALBOX_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let wanted = usize::from(environment.iter().any(|(name, _)| *name == "SIGNALBOX_METRICS_LISTEN"));
        let mut printed = Vec::new();
        let reading = async {
            while printed.len() <= wanted {
                let line = lines.next_line().await.unwrap().expect("the relay ended before it was ready");
                printed.push(
                    line.split_whitespace().last().unwrap_or_default().trim_end_matches('/').to_owned(),
                );
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("the relay printed no address");
        let mut printed = printed.into_iter();
        Self { base: printed.next().unwrap(), figures: printed.next(), process }
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").arg(&id).status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await.expect("it does not stop");
        assert!(ended.unwrap().success());
    }
}
