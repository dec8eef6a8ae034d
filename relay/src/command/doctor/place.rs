//! The machine: the data folder, the room on its disk, the clock; leaves no trace but a probe that it removes.

use super::report::Report;
use crate::clock::Clock;
use crate::config::Settings;
use crate::seal::Place;
use shared::time::Timestamp;
use std::fs::OpenOptions;
use std::path::Path;

/// 1 GiB: below it a copy before a migration, or a busy week, may find no room.
#[cfg(unix)]
const ROOM: u64 = 1024 * 1024 * 1024;

/// 64 MiB: below it the database may stop taking messages within the hour.
#[cfg(unix)]
const LAST_ROOM: u64 = 64 * 1024 * 1024;

/// 2026-01-01: this program is younger, so a clock before it is wrong.
const EARLIEST: Timestamp = Timestamp(1_767_225_600_000);

/// Looks at the machine and the key file.
pub fn look(settings: &Settings, report: &mut Report) {
    let data = &settings.data;
    if !data.is_dir() {
        let next = "start `signalbox serve` once, which makes it, or set `data`";
        report.bad("data folder", &format!("{} is not there", data.display()), next);
    } else if let Err(error) = writable(data) {
        let next = "give it to the user that runs the relay";
        report.bad("data folder", &format!("{} cannot be written: {error}", data.display()), next);
    } else {
        report.good("data folder", &data.display().to_string());
        room(data, report);
    }
    if Clock::system().now() < EARLIEST {
        report.bad(
            "clock",
            "it is before 2026",
            "set the system's clock; providers refuse stale certificates",
        );
    }
    key(&Place::find(settings.key_file()), report);
}

fn writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    OpenOptions::new().write(true).create_new(true).open(&probe)?.sync_all()?;
    std::fs::remove_file(probe)
}

#[cfg(unix)]
fn room(data: &Path, report: &mut Report) {
    let Ok(about) = rustix::fs::statvfs(data) else { return };
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let words = format!("{} MiB are free", free / (1024 * 1024));
    let next = "make room on the disk of the data folder";
    match free {
        0..LAST_ROOM => report.bad("disk", &words, next),
        LAST_ROOM..ROOM => report.look("disk", &words, next),
        _ => report.good("disk", &words),
    }
}

#[cfg(not(unix))]
fn room(_: &Path, _: &mut Report) {}

fn key(place: &Place, report: &mut Report) {
    if place.is_open_to_others() {
        let what = format!("others than its owner may read {place}");
        report.bad("key of the secrets", &what, &format!("chmod 600 {place}"));
    }
}
