//! Where PostgreSQL's programs are and as whom they run; starts nothing itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the folder of the programs where they are neither on `PATH` nor where Debian puts them.
pub const FOLDER: &str = "SIGNALBOX_POSTGRES_BIN";

/// Debian's folder; below it `<version>/bin`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The users a root process hands a server to, the first that exists.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// The programs of one installation.
pub struct Programs {
    folder: PathBuf,
    /// As whom they run when this process is root's.
    user: Option<&'static str>,
}

impl Programs {
    /// Those named by the environment, those on `PATH`, or the newest of Debian's; else what to install.
    pub fn find() -> Result<Self, String> {
        let named = std::env::var_os(FOLDER).map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path =
            std::env::split_paths(&path).filter_map(|folder| folder.join("initdb").canonicalize().ok());
        let mut debian: Vec<PathBuf> = std::fs::read_dir(DEBIAN)
            .into_iter()
            .flatten()
            .flatten()
            .map(|version| version.path().join("bin"))
            .collect();
        let number = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
        debian.sort_by_key(number);
        let found = named
            .into_iter()
            .chain(on_path.filter_map(|initdb| initdb.parent().map(Path::to_path_buf)))
            .chain(debian.into_iter().rev())
            .find(|folder| {
                ["initdb", "pg_ctl", "createdb", "psql"].iter().all(|name| folder.join(name).is_file())
            });
        let folder = found.ok_or_else(|| {
            format!(
                "no PostgreSQL server was found. Install one (Debian: `apt-get install postgresql`), or name the folder \
                 of initdb and pg_ctl in {FOLDER}"
            )
        })?;
        let user = is_root().then(|| USERS.into_iter().find(|user| exists(user)));
        match user {
            Some(None) => {
                Err(format!("PostgreSQL does not run as root, and there is no user {}", USERS.join(" or ")))
            }
            Some(user) => Ok(Self { folder, user }),
            None => Ok(Self { folder, user: None }),
        }
    }

    /// The full path of a program.
    pub fn path(&self, program: &str) -> PathBuf {
        let ours = self.folder.join(program);
        if ours.is_file() { ours } else { PathBuf::from(program) }
    }

    /// A program as the right user, in a folder that every user may enter.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let path = self.path(program);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={user}")).arg(format!("--regid={}", group(user)));
                command.args(["--clear-groups", "--"]).arg(path);
                command
            }
            None => Command::new(path),
        };
        command.args(arguments).current_dir("/").stdin(Stdio::null());
        command
    }

    /// Makes a folder and what is in it the right user's.
    pub fn give(&self, folder: &Path) {
        if let Some(user) = self.user {
            let owner = format!("{user}:{}", group(user));
            let done = Command::new("chown").arg("-R").arg(owner).arg(folder).status();
            assert!(done.is_ok_and(|status| status.success()), "chown {}", folder.display());
        }
    }
}

fn is_root() -> bool {
    said(&["-u"]).as_deref() == Some("0")
}

fn exists(user: &str) -> bool {
    said(&["-u", user]).is_some()
}

/// The main group of a user.
fn group(user: &str) -> String {
    said(&["-g", user]).unwrap_or_default()
}

/// What `id` says.
fn said(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
