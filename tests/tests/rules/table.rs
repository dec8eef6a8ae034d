//! The directions as a table: who may name whom, and why; the checking is elsewhere.

/// A module (or a whole package) and what it may name of ours.
pub struct Row {
    /// `package` or `package::module`.
    pub who: &'static str,
    /// Packages, and modules of the same package; [`ANY`] lifts the rule.
    pub may: &'static [&'static str],
    /// Paths that it must not name in spite of `may`, or of other people's packages.
    pub never: &'static [&'static str],
    /// The reason, shown with a breach.
    pub why: &'static str,
}

/// Everything of ours.
pub const ANY: &[&str] = &["*"];

const fn row(who: &'static str, may: &'static [&'static str], why: &'static str) -> Row {
    Row { who, may, never: &[], why }
}

/// What would make the domain impure: clocks, files, sockets, randomness, browsers, servers, databases.
const IMPURE: &[&str] = &[
    "std::time::SystemTime",
    "std::time::Instant",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "axum",
    "getrandom",
    "gloo",
    "hyper",
    "js_sys",
    "leptos",
    "rand",
    "reqwest",
    "sqlx",
    "tokio",
    "wasm_bindgen",
    "web_sys",
];

/// What exists only inside a browser.
const BROWSER: &[&str] =
    &["gloo", "indexed_db_futures", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "web_sys"];

/// Every package, then every module at the top of the relay and the desk. A new one needs a row.
pub const TABLE: &[Row] = &[
    Row {
        who: "shared",
        may: &[],
        never: IMPURE,
        why: "the domain decides purely: no clock, no randomness, no IO, in the relay as in the browser",
    },
    Row {
        who: "relay",
        may: &["shared", "simulator", "pgtest"],
        never: &["pgtest"],
        why: "the relay brokers and stores; the desk is a file to it, and only its tests make servers",
    },
    row("frontend", &["shared"], "the desk knows the relay by the wire alone"),
    row(
        "tests",
        &["shared", "relay", "simulator", "pgtest"],
        "tests reach the desk as people do, from outside; a simulator of their own outlives a killed relay",
    ),
    row("simulator", &[], "written from the providers' facts alone, so that it cannot share our misreadings"),
    row("pgtest", &[], "makes PostgreSQL servers, whoever tests on them"),
    row("xtask", &[], "the tool must run when nothing else compiles"),
    // The relay.
    row("relay::config", &["shared"], "numbers, read before anything runs"),
    row("relay::channels", &["shared"], "a provider's formats, known to nobody else and knowing nobody"),
    row("relay::utc", &["shared"], "instants as people read them"),
    row("relay::durable", &[], "names of files, whatever is in them"),
    row("relay::seal", &["durable"], "seals and opens; knows neither database nor provider"),
    row(
        "relay::log",
        &["seal", "durable", "metrics", "utc", "shared"],
        "stores what was decided, decides nothing",
    ),
    row("relay::engine", &["log", "clock", "metrics", "shared"], "the one place of decisions, whoever asks"),
    row(
        "relay::media",
        &["engine", "log", "seal", "channels", "clock", "config", "shared"],
        "fetches and stores files, and says in the log where they stand",
    ),
    row("relay::clock", &["shared"], "tells the time and lets others sleep; fires nothing itself"),
    row(
        "relay::delivery",
        &["engine", "health", "log", "seal", "channels", "clock", "media", "config", "shared"],
        "sends what was decided",
    ),
    row(
        "relay::ingest",
        &["engine", "log", "seal", "channels", "media", "clock", "metrics", "config", "shared"],
        "journals, then asks the engine",
    ),
    row(
        "relay::health",
        &["engine", "log", "channels", "clock", "config", "shared"],
        "how accounts stand; asks providers, sends nothing to customers",
    ),
    row(
        "relay::desk",
        &["engine", "health", "log", "clock", "metrics", "config", "shared"],
        "tells desks; REST and webhooks are not its matter",
    ),
    row(
        "relay::http",
        &[
            "engine", "health", "log", "seal", "clock", "metrics", "figures", "desk", "ingest", "channels",
            "delivery", "media", "services", "config", "shared",
        ],
        "translates requests; whoever listens may name what it passes them to",
    ),
    row("relay::services", &["engine", "log", "config", "shared"], "adapters that are not channels"),
    row("relay::demo", ANY, "puts a relay and the simulator together, as main does"),
    row("relay::command", ANY, "has commands done over all parts, as main does"),
    row("relay::metrics", &[], "counts what it is told"),
    row(
        "relay::figures",
        &["engine", "health", "log", "metrics", "shared"],
        "reads what happens, changes nothing",
    ),
    row("relay::logging", &["config"], "the process's own log"),
    row("relay::start", ANY, "puts the relay's parts together, as main does"),
    // The desk.
    row(
        "frontend::admin",
        &["ui", "browser", "reading", "language", "sentences", "shared"],
        "a program of its own over the REST API; the desk's state is not its matter",
    ),
    row("frontend::bin", ANY, "starts the admin, as main starts the desk"),
    row("frontend::app", ANY, "puts the desk together, as main does"),
    row("frontend::start", ANY, "puts the desk's state together, as main does"),
    row("frontend::reading", &[], "follows signals, whatever they hold"),
    row("frontend::alerts", &["browser", "reading"], "what is heard; when, is decided elsewhere"),
    row("frontend::language", &["browser"], "words by key, in whatever language; knows no sentence"),
    row(
        "frontend::sentences",
        &["language", "browser", "shared"],
        "what others have to say, in the agent's language",
    ),
    row("frontend::ui", &["reading", "language"], "buttons and menus know no domain type"),
    row("frontend::browser", &[], "calls of the browser know no domain type"),
    Row {
        who: "frontend::store",
        may: &["reading", "shared"],
        never: BROWSER,
        why: "what the relay told; tested without a browser",
    },
    Row {
        who: "frontend::outbox",
        may: &["reading", "shared"],
        never: BROWSER,
        why: "what the agent still hopes for; tested without a browser",
    },
    row(
        "frontend::sync",
        &["store", "outbox", "browser", "language", "sentences", "reading", "shared"],
        "moves between the relay, store and outbox",
    ),
    row(
        "frontend::desk",
        &["store", "outbox", "language", "sentences", "reading", "shared"],
        "all a widget is given: readings and intents",
    ),
    row(
        "frontend::widgets",
        &["desk", "ui", "language", "sentences", "reading", "shared"],
        "a widget lives on the desk it is given",
    ),
    row(
        "frontend::workspace",
        &["widgets", "desk", "ui", "alerts", "language", "sentences", "browser", "reading", "shared"],
        "arranges widgets",
    ),
    row(
        "frontend::pages",
        &["widgets", "desk", "ui", "alerts", "language", "sentences", "browser", "reading", "shared"],
        "arranges widgets",
    ),
    row(
        "frontend::embed",
        &[
            "workspace",
            "widgets",
            "desk",
            "ui",
            "alerts",
            "language",
            "sentences",
            "browser",
            "reading",
            "shared",
        ],
        "the desk inside someone else's page",
    ),
];

/// The row of a package or module.
pub fn find(who: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.who == who)
}

/// Folders whose modules are closed against each other; the file that holds them may name them all.
pub const SEPARATE: [(&str, &str, &str); 1] =
    [("frontend", "widgets", "a widget never names another widget: each can be removed alone")];

/// Files inside such a folder that are no member of it but know all members.
pub const KNOWS_ALL: [&str; 1] = ["registry"];

/// The simulator is linked in by the feature `demo` alone.
pub const LINKS_SIMULATOR: [&str; 3] = ["", "demo", "start"];

/// Where rules are decided: no other module of the relay may name a `decide`.
pub const DECIDES: &str = "engine";

/// What tests may use though what they test may not: a number of rounds from outside, all cores, samples, servers.
pub const TEST_ONLY: [&str; 4] = ["std::env", "std::thread", "std::fs", "pgtest"];

/// Modules of the domain that exist for its tests alone.
pub const TRIED_IN: [&str; 2] = ["properties", "fixture"];
