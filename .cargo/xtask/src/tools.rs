//! Finds or installs the programs the workspace needs, in their pinned versions; never touches those of the system.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// Newer versions of Trunk need a newer compiler.
const TRUNK: &str = "0.21.14";
/// Must be the version of the wasm-bindgen crate exactly.
const WASM_BINDGEN: &str = "0.2.130";

/// Trunk, wasm-bindgen with its test runner, and the compiler's browser target.
pub fn desk() -> Outcome {
    wasm_target()?;
    if version("trunk") != Some(TRUNK.to_owned()) {
        let package = format!("trunk@{TRUNK}");
        install(&["--locked", &package, "--no-default-features", "--features", "rustls"])?;
    }
    let runner = sh::find("wasm-bindgen-test-runner").is_some();
    if version("wasm-bindgen") != Some(WASM_BINDGEN.to_owned()) || !runner {
        // Without --locked: its own lock file names releases that registries may have withdrawn.
        install(&[&format!("wasm-bindgen-cli@{WASM_BINDGEN}")])?;
    }
    Ok(())
}

/// True when cargo-deny is there or could be installed; a workspace builds and tests without it.
pub fn deny() -> bool {
    if version("cargo-deny").is_some() {
        return true;
    }
    let installed = install(&["--locked", "cargo-deny"]);
    if let Err(message) = &installed {
        println!("cargo-deny is not available here: {message}");
    }
    installed.is_ok()
}

fn install(arguments: &[&str]) -> Outcome {
    let folder = sh::tools_root();
    println!("Installing {} into {}", arguments.join(" "), folder.display());
    // A target folder of its own: the workspace's profiles and settings do not concern the tools.
    let mut command = sh::command("cargo", &["install"]);
    command.current_dir(std::env::temp_dir()).arg("--root").arg(&folder).args(arguments);
    sh::run(command.env_remove("CARGO_TARGET_DIR"))
}

/// The version a tool prints: the second word of `trunk 0.21.14`.
fn version(program: &str) -> Option<String> {
    let path = sh::find(program)?;
    let text = sh::output(std::process::Command::new(path).arg("--version"))?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

fn wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = sh::output(&mut sh::command("rustc", &["--print", "sysroot"])).unwrap_or_default();
    if PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    sh::run(&mut sh::command("rustup", &["target", "add", TARGET]))
        .map_err(|error| format!("{error}; the compiler needs its target {TARGET}"))
}

/// A browser and its driver for tests.
pub struct Browser {
    /// The program of Chromium.
    pub chromium: PathBuf,
    /// The program that drives it.
    pub driver: PathBuf,
}

/// Chromium and its driver: those named by the environment, those on PATH, or the distribution's packages.
pub fn browser() -> Outcome<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    apt(&["chromium", "chromium-driver"]);
    find_browser().ok_or_else(|| {
        "no Chromium with ChromeDriver was found. Install both (Debian: `apt-get install chromium \
         chromium-driver`) in the same version, or name them in SIGNALBOX_CHROMIUM and SIGNALBOX_CHROMEDRIVER"
            .to_owned()
    })
}

/// Whether strace is there, or could be installed, and may look at other processes; the test that needs it says nothing
/// without it.
pub fn strace() -> bool {
    if sh::find("strace").is_none() {
        apt(&["strace"]);
    }
    let scope = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    let root = sh::output(&mut sh::command("id", &["-u"])).is_some_and(|user| user.trim() == "0");
    sh::find("strace").is_some() && (root || scope.trim().is_empty() || scope.trim() == "0")
}

/// Installs packages of the distribution where that is possible; whoever asked looks whether it helped.
fn apt(packages: &[&str]) {
    if sh::find("apt-get").is_none() {
        return;
    }
    let user = sh::output(&mut sh::command("id", &["-u"])).unwrap_or_default();
    let prefix: &[&str] = if user == "0" { &[] } else { &["sudo", "-n"] };
    let install = [&["apt-get", "install", "-y"], packages].concat();
    for line in [&["apt-get", "update"], install.as_slice()] {
        let words = [prefix, line].concat();
        if let Some((program, arguments)) = words.split_first()
            && let Err(message) =
                sh::run(sh::command(program, arguments).env("DEBIAN_FRONTEND", "noninteractive"))
        {
            println!("{message}");
        }
    }
}

/// The programs of a PostgreSQL server, which the tests start by themselves: those named by the environment, those on
/// PATH, Debian's, or after an installation Debian's.
pub fn postgres() -> Outcome {
    let found = || {
        let named = std::env::var_os("SIGNALBOX_POSTGRES_BIN").map(PathBuf::from);
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut folders = named.into_iter().chain(versions.map(|version| version.path().join("bin")));
        sh::find("initdb").is_some() || folders.any(|folder| folder.join("initdb").is_file())
    };
    if !found() {
        apt(&["postgresql"]);
    }
    if found() {
        return Ok(());
    }
    Err("no PostgreSQL server was found. Install one (Debian: `apt-get install postgresql`), or name the folder of \
         initdb and pg_ctl in SIGNALBOX_POSTGRES_BIN"
        .to_owned())
}

fn find_browser() -> Option<Browser> {
    let named = |variable: &str, programs: &[&str]| {
        let path = std::env::var_os(variable).map(PathBuf::from);
        path.or_else(|| programs.iter().find_map(|program| sh::find(program)))
    };
    let chromium = named("SIGNALBOX_CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    let driver = named("SIGNALBOX_CHROMEDRIVER", &["chromedriver"])?;
    Some(Browser { chromium, driver })
}
