//! The system calls of a running relay as strace sees them, in their order; understands those by which it is told and keeps something.

use crate::relay::Relay;
use crate::wait::until;
use std::collections::BTreeMap;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// strace beside a relay.
pub struct Trace {
    process: Child,
    folder: TempDir,
}

/// A system call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// The file or socket, as strace names it.
    pub handle: String,
    /// Its arguments after the handle, as strace writes them.
    pub rest: String,
    /// Its place among the beginnings and ends of all calls, when it began.
    pub began: usize,
    /// The same when it ended.
    pub ended: usize,
}

/// Whether strace is there and may look at other processes of this user.
#[must_use]
pub fn possible() -> bool {
    let mut strace = std::process::Command::new("strace");
    let tried = strace.args(["-f", "-o", "/dev/null", "true"]).stdin(Stdio::null()).output();
    // A process may look at its children where it may not look at others.
    let others = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    tried.is_ok_and(|done| done.status.success())
        && (root || others.trim().is_empty() || others.trim() == "0")
}

impl Trace {
    /// Looks at a relay from now on.
    pub async fn of(relay: &Relay) -> Self {
        let folder = TempDir::new().unwrap();
        let calls = "read,readv,recvfrom,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync";
        let filter = format!("trace={calls}");
        let pid = relay.pid().unwrap().to_string();
        let process = Command::new("strace")
            .args(["-f", "-yy", "-s", "65536", "-e", &filter, "-e", "signal=none", "-p", &pid, "-o"])
            .arg(folder.path().join("trace"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("said")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = folder.path().join("said");
        until("strace to look at the relay", || async {
            std::fs::read_to_string(&said).unwrap_or_default().contains("attached").then_some(())
        })
        .await;
        Self { process, folder }
    }

    /// Every call until now.
    pub async fn end(mut self) -> Vec<Call> {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().await.unwrap().success());
        self.process.wait().await.unwrap();
        let text = std::fs::read(self.folder.path().join("trace")).unwrap();
        read(&String::from_utf8_lossy(&text))
    }
}

/// Reads strace's lines: a call may stand in one, or begin in one and end in a later one of the same thread.
fn read(text: &str) -> Vec<Call> {
    let mut open: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let Some((thread, line)) = line.split_once(' ') else { continue };
        let line = line.trim_start();
        let (began, whole) = if let Some(start) = line.strip_suffix(" <unfinished ...>") {
            open.insert(thread, (place, start.to_owned()));
            continue;
        } else if let Some((_, end)) =
            line.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>"))
        {
            let Some((began, start)) = open.remove(thread) else { continue };
            (began, start + end)
        } else {
            (place, line.to_owned())
        };
        let Some((name, rest)) = whole.split_once('(') else { continue };
        // A handle is a number with what it stands for in angle brackets; an address in it has an arrow.
        let end = rest.find(">,").or_else(|| rest.find(">)")).map_or(0, |at| at + 1);
        let (handle, rest) = rest.split_at(end);
        calls.push(Call {
            name: name.to_owned(),
            handle: handle.to_owned(),
            rest: rest.to_owned(),
            began,
            ended: place,
        });
    }
    calls
}
