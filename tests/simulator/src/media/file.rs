//! How a customer's file is described to the control API, with what goes wrong when it is fetched; holds no bytes.

use serde::Deserialize;

/// What goes wrong when the file is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// 404, as if the file had never been.
    Missing,
    /// The address has run out already.
    Expired,
    /// 503.
    Unavailable,
    /// The body comes in drips over `slow_ms`.
    Slow,
    /// The connection ends in the middle of the body.
    Cut,
    /// One redirect before the bytes, to `redirect` or to the same file.
    Redirect,
    /// Redirects that never end.
    Loop,
}

/// A file as the control API describes it; everything may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    /// The type the provider tells.
    pub mime: Option<String>,
    /// Type of the bytes, where it differs from what is told.
    pub real_mime: Option<String>,
    pub name: Option<String>,
    /// Bytes of the file; the sample's own length when absent.
    pub size: Option<u64>,
    /// Bytes the provider tells, where they differ from the file's.
    pub told_size: Option<u64>,
    /// The file's text instead of a sample.
    pub content: Option<String>,
    pub fault: Option<Fault>,
    /// Faults the file has left; all fetches when absent.
    pub fault_times: Option<u32>,
    pub slow_ms: Option<u64>,
    /// Where the redirect goes; to the file itself when absent.
    pub redirect: Option<String>,
}
