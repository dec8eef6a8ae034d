//! Starts chromedriver on a port that nobody else has. It opens no browser.

use crate::wait::PATIENCE;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Times it is started before the test fails: it looks for a free port and takes it a moment later, and in between
/// somebody else may have taken it; then it ends without a word.
const STARTS: usize = 3;

/// A running chromedriver and its address.
pub async fn start() -> (String, Child) {
    for _ in 0..STARTS {
        if let Some(running) =
            tokio::time::timeout(PATIENCE, once()).await.expect("chromedriver says its port")
        {
            return running;
        }
    }
    panic!("chromedriver ended {STARTS} times before it said its port");
}

/// One start; nothing when it ended at once.
async fn once() -> Option<(String, Child)> {
    let program = std::env::var("SIGNALBOX_CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
    let mut process = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver starts");
    let mut lines = BufReader::new(process.stdout.take()?).lines();
    loop {
        let line = lines.next_line().await.unwrap()?;
        if let Some(port) = line.split("started successfully on port ").nth(1) {
            return Some((format!("http://127.0.0.1:{}", port.trim_end_matches('.')), process));
        }
    }
}
