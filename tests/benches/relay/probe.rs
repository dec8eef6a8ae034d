//! Is the machine still the same? A loop of fdatasync and a bare echo, taken before, between and after; says nothing about the relay.

use crate::bare::Bare;
use crate::load;
use std::fmt::Write as _;
use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, Instant};
use tests::table::quantile;

/// Each figure is the middle one of so many, so that a moment's disturbance voids no run.
const TAKES: usize = 3;
/// How long each take of the disk lasts.
const SPAN: Duration = Duration::from_millis(700);
/// More between two probes than this, and the run is void.
const STEADY: f64 = 1.3;
/// Requests of the echo.
const ECHOES: usize = 20_000;

/// What the machine does in a second.
pub struct Probe {
    syncs: f64,
    echoes: f64,
}

impl Probe {
    /// Takes both figures, once the disk has everything that was written before: a log of a million messages keeps it
    /// busy for a while after its suite is over.
    pub async fn take() -> Self {
        let written = tokio::process::Command::new("sync").status().await;
        assert!(written.is_ok_and(|status| status.success()), "sync does not run");
        let bare = Bare::start().await;
        let requests = load::webhooks(&bare.address, 0, ECHOES);
        let (mut disk, mut echo) = (Vec::new(), Vec::new());
        for _ in 0..TAKES {
            disk.push(tokio::task::spawn_blocking(syncs).await.unwrap());
            echo.push(load::burst(&bare.address, &requests, load::MANY).await.per_second());
        }
        Self { syncs: quantile(&mut disk, 0.5), echoes: quantile(&mut echo, 0.5) }
    }
}

/// Overwrites one page of a file and syncs it, again and again.
fn syncs() -> f64 {
    let mut file = tempfile::tempfile().unwrap();
    let page = [7_u8; 4096];
    let began = Instant::now();
    let mut count = 0.0;
    while began.elapsed() < SPAN {
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
        count += 1.0;
    }
    count / began.elapsed().as_secs_f64()
}

/// Whether the run counts.
pub fn verdict(probes: &[Probe]) -> String {
    let spread = |figure: fn(&Probe) -> f64| {
        let all: Vec<f64> = probes.iter().map(figure).collect();
        let most = all.iter().copied().fold(f64::MIN, f64::max);
        (most / all.iter().copied().fold(f64::MAX, f64::min), all)
    };
    let mut text = String::new();
    let mut steady = true;
    for (name, (spread, all)) in
        [("fdatasync/s", spread(|probe| probe.syncs)), ("echo/s", spread(|probe| probe.echoes))]
    {
        steady &= spread <= STEADY;
        let all: Vec<String> = all.iter().map(|one| format!("{one:.0}")).collect();
        writeln!(text, "Probe {name}: {} (largest / smallest {spread:.2})", all.join(", ")).unwrap();
    }
    text.push_str(if steady {
        "The machine stayed the same: the run counts."
    } else {
        "VOID: the machine did not stay the same; run it again when nothing else runs."
    });
    text
}
