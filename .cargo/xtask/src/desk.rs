//! Builds the desk and the admin with Trunk and the relay with cargo; what Trunk leaves is finished in `dist`.

use crate::sh::{self, Outcome};
use crate::step::Steps;
use crate::{size, tools};
use std::path::PathBuf;

/// `build`: the pages first, because a release relay embeds them.
pub fn build_all(release: bool) -> Outcome {
    let mut steps = Steps::default();
    steps.gate("tools", tools::desk);
    steps.gate("desk and admin", build);
    steps.check("size budget", size::check);
    steps.gate("relay", || relay(release));
    steps.close()?;
    let folder = if release { "release" } else { "debug" };
    println!("Built {}", sh::target().join(folder).join("signalbox").display());
    Ok(())
}

/// What Trunk is told of the admin: its page and where it goes. The desk's are in Trunk.toml.
pub const ADMIN: [&str; 3] = ["frontend/admin.html", "--dist", "dist/admin"];

/// The desk and the admin as they travel, into `dist/desk` and `dist/admin`.
pub fn build() -> Outcome {
    fetch()?;
    sh::run(&mut trunk(&["build", "--release"]))?;
    sh::run(trunk(&["build"]).args(ADMIN).arg("--release"))
}

/// Trunk builds offline, so that it never downloads tools of its own: what cargo needs is fetched before.
pub fn fetch() -> Outcome {
    let version = sh::output(&mut sh::command("rustc", &["-vV"])).unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    sh::run(&mut sh::command(
        "cargo",
        &["fetch", "--quiet", "--locked", "--target", "wasm32-unknown-unknown", "--target", host],
    ))
}

/// A call of Trunk with what it must not do on its own.
pub fn trunk(arguments: &[&str]) -> std::process::Command {
    let mut command = sh::command("trunk", arguments);
    command.env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    // Joined by cargo with the flags of .cargo/config.toml.
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", short_paths().join(" "));
    command
}

/// Panics name the files they come from, and a page is no place for the folders of whoever built it: files of packages
/// are named from the package on, whatever the home of cargo is called.
fn short_paths() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    let folders = sources.into_iter().flatten().flatten().map(|entry| entry.path());
    // A flag with a blank in it cannot be handed on; such a path stays as it is.
    let paths =
        folders.filter_map(|path| path.to_str().filter(|path| !path.contains(' ')).map(str::to_owned));
    let mut flags: Vec<String> = paths.map(|path| format!("--remap-path-prefix={path}/=")).collect();
    flags.sort();
    flags
}

/// The relay. A development build resolves features over the whole workspace, as the tests do, so that both
/// share every compiled dependency.
pub fn relay(release: bool) -> Outcome {
    let arguments: &[&str] = if release {
        &["build", "--locked", "--release", "--package", "relay", "--features", "embed-desk"]
    } else {
        &["build", "--locked", "--workspace", "--bin", "signalbox"]
    };
    sh::run(&mut sh::command("cargo", arguments))
}
