//! The process's own log on standard error: for people or for machines; holds ids and codes, never words, names or secrets.

use crate::config::LogFormat;
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

/// Starts logging; `SIGNALBOX_LOG` filters, else this level is shown.
pub fn start(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_env("SIGNALBOX_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for eyes: files and collectors get plain lines.
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    std::panic::set_hook(Box::new(panicked));
}

/// Tells where a panic was. Words that were put together at run time may be a customer's; fixed ones are ours.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("its words are not shown");
    tracing::error!(place, words, "a panic");
}

#[cfg(test)]
mod tests {
    use crate::config::LogFormat;
    use std::process::Command;

    /// Set in the process that panics for its parent.
    const CHILD: &str = "SIGNALBOX_TEST_PANICS";

    #[test]
    fn a_panic_tells_its_place_and_no_words_that_were_put_together() {
        if std::env::var_os(CHILD).is_some() {
            super::start(LogFormat::Text, "trace");
            let words = std::env::var(CHILD).unwrap();
            let _ = std::panic::catch_unwind(|| panic!("a customer wrote {words}"));
            let _ = std::panic::catch_unwind(|| panic!("fixed words of ours"));
            return;
        }
        let this = "logging::tests::a_panic_tells_its_place_and_no_words_that_were_put_together";
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .env(CHILD, "canary-of-a-panic")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success(), "{said}");
        assert_eq!(said.matches("logging.rs:").count(), 2, "{said}");
        assert!(said.contains("fixed words of ours"), "{said}");
        assert!(!said.contains("canary-of-a-panic"), "{said}");
    }
}
