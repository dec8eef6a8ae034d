//! Planted breaches: each checker must see what it is there for, and let pass what is right.

use crate::source::Source;
use crate::{directions, form, handlers, queues, readme, statements, views, words};

fn files(all: &[(&str, &str)]) -> Vec<Source> {
    all.iter().map(|(name, text)| Source::new(name, text).unwrap()).collect()
}

/// The breaches of one file beside the modules it might name.
fn breaches(name: &str, text: &str) -> Vec<String> {
    let mut all = vec![(name, text)];
    all.extend([
        ("frontend/src/lib.rs", "pub use crate::store::Store as Held; use std::fs as disk;"),
        ("frontend/src/store/mod.rs", ""),
        ("frontend/src/outbox/mod.rs", ""),
        ("frontend/src/sync/mod.rs", ""),
        ("frontend/src/desk.rs", "pub use crate::store::Reading;"),
        ("frontend/src/ui/mod.rs", ""),
        ("frontend/src/browser/storage.rs", ""),
        ("frontend/src/widgets/mod.rs", "pub mod message; pub struct Frame;"),
        ("frontend/src/widgets/message/mod.rs", ""),
        ("relay/src/engine.rs", "use shared::interaction::decide; fn f() { decide() }"),
        ("relay/src/log/mod.rs", ""),
        ("shared/src/lib.rs", ""),
    ]);
    directions::check(&files(&all))
}

#[track_caller]
fn refused(name: &str, text: &str) {
    let found = breaches(name, text);
    assert_eq!(found.len(), 1, "{name}: {text}: {found:?}");
    assert!(found.concat().starts_with(&format!("{name}:1: ")), "{found:?}");
}

#[track_caller]
fn taken(name: &str, text: &str) {
    assert_eq!(breaches(name, text), Vec::<String>::new(), "{name}: {text}");
}

#[test]
fn the_domain_stays_pure() {
    refused("shared/src/a.rs", "use std::{fmt, time::{Duration, Instant}};");
    refused("shared/src/a.rs", "fn f() { std::time::SystemTime::now(); }");
    refused("shared/src/a.rs", "use std::time::*;");
    refused("shared/src/a.rs", "fn f() { println!(\"{:?}\", std::fs::read(\"x\")); }");
    refused("shared/src/a.rs", "use relay::log::Log;");
    refused("shared/src/a.rs", "fn f(state: &axum::Router) {}");
    refused("shared/src/a.rs", "extern crate tokio;");
    refused("shared/src/tests.rs", "use sqlx::query;");
    taken(
        "shared/src/a.rs",
        "use std::time::Duration; use crate::id::Id; fn f() { let shared = 1; shared.min(2); }",
    );
}

#[test]
fn a_rename_hides_nothing() {
    assert!(
        !breaches("shared/src/a.rs", "use std::time as t; fn f() -> t::Instant { t::Instant::now() }")
            .is_empty()
    );
    assert!(!breaches("frontend/src/ui/a.rs", "use crate as c; fn f() { c::store::get() }").is_empty());
    refused("frontend/src/ui/a.rs", "use super::super::desk::Desk;");
    refused("frontend/src/widgets/a.rs", "use crate::Held;");
    // Once for the glob, once for what it brings in.
    assert_eq!(breaches("frontend/src/widgets/a.rs", "use crate::*; fn f() { store::get() }").len(), 2);
    assert!(
        !breaches("frontend/src/widgets/a.rs", "use super::*; fn f() { message::bubble::draw() }").is_empty()
    );
    taken("frontend/src/widgets/a.rs", "use super::*;");
}

#[test]
fn the_desk_keeps_its_layers() {
    refused("frontend/src/ui/button.rs", "use shared::id::Id;");
    refused("frontend/src/browser/clock.rs", "fn f() { crate::ui::go() }");
    refused("frontend/src/store/mod2.rs", "fn f() { web_sys::window(); }");
    refused("frontend/src/outbox/a.rs", "use crate::store::Store;");
    refused("frontend/src/sync/a.rs", "use crate::desk::Desk;");
    refused("frontend/src/desk/a.rs", "use crate::sync::Sync;");
    refused("frontend/src/widgets/a.rs", "use crate::{desk::Desk, outbox::Outbox};");
    refused("frontend/src/widgets/a.rs", "fn f() { view! { <crate::browser::storage::Draft/> } }");
    refused("frontend/src/widgets/a.rs", "use super::message::Bubble;");
    refused("frontend/src/elsewhere.rs", "");
    taken(
        "frontend/src/widgets/a.rs",
        "use crate::desk::{Desk, Reading}; use super::Frame; use crate::widgets::Frame;",
    );
    taken("frontend/src/widgets/message/list.rs", "use crate::widgets::message::Bubble; use super::Row;");
    taken("frontend/src/widgets/registry.rs", "use super::message::Widget;");
    taken("frontend/src/sync/a.rs", "use crate::{browser, outbox, store}; use shared::wire;");
    taken("frontend/src/desk/tests.rs", "use crate::sync::Sync;");
}

#[test]
fn the_relay_decides_in_one_place() {
    refused("relay/src/http/a.rs", "use shared::interaction::decide;");
    refused("relay/src/ingest.rs", "fn f(state: State) { state.decide() }");
    refused("relay/src/desk/a.rs", "fn f() { vec![shared::interaction::decide()]; }");
    refused("relay/src/channels/viber.rs", "use crate::engine::Engine;");
    refused("relay/src/log/sqlite.rs", "use crate::config::Config;");
    refused("relay/src/engine/a.rs", "use crate::http::Session;");
    refused("relay/src/ingest.rs", "use simulator::Phone;");
    refused("relay/src/ingest.rs", "use frontend::store;");
    taken("relay/src/demo.rs", "use simulator::Phone; use crate::http::serve;");
    taken("relay/src/engine/a.rs", "use shared::interaction::decide; use crate::log::Log;");
    taken("relay/src/log/a.rs", "#[cfg(test)] mod tests { use crate::engine::Engine; }");
}

#[test]
fn the_simulator_and_the_tests_stay_outside() {
    refused("tests/simulator/src/a.rs", "use shared::channel::Channel;");
    refused("tests/tests/a.rs", "use frontend::store::Store;");
    taken("tests/src/a.rs", "use shared::wire::Hello; use simulator::Config;");
}

#[test]
fn a_readme_is_read_as_people_read_it() {
    let top = ["relay".to_owned(), "Cargo.toml".to_owned(), ".cargo".to_owned()];
    let text = "`relay/src/log/` [x](tests/gone.rs#a) `/api/v1` `cargo xtask run` `relay::log`\n`realy/a.rs:12` \
                `Cargo.toml` [web](https://a.b/c) `relay` `image/png` `target/demo-data`\n```text\nrelay/  the relay\n```\nrelay/ no";
    let found = readme::named(text, &top);
    let expected =
        [(1, "relay/src/log/"), (1, "tests/gone.rs"), (2, "realy/a.rs"), (2, "Cargo.toml"), (4, "relay/")];
    assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn markup_and_style_attributes_are_seen() {
    let found = |text: &str| views::findings(&Source::new("frontend/src/a.rs", text).unwrap()).len();
    assert_eq!(found("fn f() { view! { <p style=\"x\">{move || view! { <b style=y/> }}</p> } }"), 2);
    assert_eq!(found("fn f() { view! { <p attr:style=x/> } }"), 1);
    assert_eq!(found("fn f() { view! { <p inner_html=text/> } }"), 1);
    assert_eq!(found("fn f() { element.set_attribute(\"style\", x); element.set_inner_html(x) }"), 2);
    let good = "fn f() { let style = 1; view! { <p style:left=x class:style=y on:click=move |_| { let style = 1; }/> } }";
    assert_eq!(found(good), 0);
}

#[test]
fn the_form_of_files_is_seen() {
    assert!(form::opening("a.rs", "use std::fmt;").is_some());
    assert!(form::opening("a.rs", "//!\nuse std::fmt;").is_some());
    assert!(form::opening("a.rs", "//! Says why.\n").is_none());
    assert!(form::opening("a.rs", &format!("//! Says why.\n{}", "\n".repeat(300))).is_some());
    assert!(
        form::opening("a.rs", &format!("//! A table, long because it is one.\n{}", "\n".repeat(300)))
            .is_none()
    );
}

#[test]
fn silenced_lints_and_own_versions_are_seen() {
    let lints = "#![allow(a)] #[expect(b, reason = \"c\")]\n#[cfg_attr(test, allow(d))] mod m { #[allow(e)] fn f() {} }
                 fn g() { map.expect(\"x\") }";
    assert_eq!(form::silenced(lints.parse().unwrap()), [1, 2, 2]);
    let manifest = "[package]\nversion = \"1\"\n[dependencies]\na.workspace = true\nb = { workspace = true }\nc = \"1\"\n\
                    [target.x.dependencies]\nd = { path = \"../d\" }\n[dependencies.e]\nversion = \"1\"\n[features]\nf = []";
    assert_eq!(form::own_versions(manifest), [6, 8, 10]);
}

#[test]
fn a_door_without_a_lock_is_seen() {
    let look = |text: &str| handlers::findings(&Source::new("relay/src/http/a.rs", text).unwrap()).len();
    let route = |public: &str, takes: &str| {
        format!("#[utoipa::path(get, path = \"/a\"{public})] async fn a({takes}) {{}}")
    };
    assert_eq!(look(&route("", "State(app): State<App>")), 1);
    assert_eq!(look(&route("", "State(app): State<App>, _: session::Admin")), 0);
    assert_eq!(look(&route("", "who: Option<Authenticated>")), 0);
    assert_eq!(look(&route(", security(())", "State(app): State<App>")), 0);
    assert_eq!(look(&route(", security(())", "who: Authenticated")), 1, "one of the two is not meant");
    assert_eq!(look("fn f() { Router::new().route(\"/a\", get(a)); }"), 1);
    assert_eq!(look("#[cfg(test)] mod tests { fn f() { router.route(\"/a\", get(a)); } }"), 0);
}

#[test]
fn a_glued_statement_is_seen() {
    let look = |text: &str| statements::findings(&Source::new("relay/src/log/a.rs", text).unwrap()).len();
    assert_eq!(look("fn f() { query(&format!(\"SELECT a FROM b WHERE c = {x}\")); }"), 1);
    assert_eq!(look("fn f() { write!(sql, \" order by {column}\"); }"), 1);
    assert_eq!(look("fn f() { query(AssertSqlSafe(text)); }"), 1);
    assert_eq!(look("fn f() { format!(\"{connector}/{id}\"); query(\"SELECT a FROM b WHERE c = $1\"); }"), 0);
    assert_eq!(look("fn f() { format!(\"nothing is left where it was\") }"), 0, "words for people");
}

#[test]
fn an_endless_queue_is_seen() {
    let look = |name: &str, text: &str| queues::findings(&Source::new(name, text).unwrap()).len();
    let text = "fn f() { let (a, b) = mpsc::unbounded_channel::<u8>(); }";
    assert_eq!(look("relay/src/desk/a.rs", text), 1);
    assert_eq!(look("relay/src/desk/outgoing.rs", text), 0);
    assert_eq!(look("relay/src/desk/a.rs", "fn f() { let (a, b) = mpsc::channel::<u8>(8); }"), 0);
}

#[test]
fn text_in_the_code_is_found_and_codes_are_not() {
    let found = |code: &str| words::findings(&Source::new("frontend/src/admin/a.rs", code).unwrap()).len();
    for breach in [
        "fn f() { view! { <p>\"hello\"</p> } }",
        "fn f() { view! { <p>{move || a.then(|| view! { <b>\"Saved.\"</b> })}</p> } }",
        "fn f() { view! { <TextField label=\"name\" /> } }",
        "fn f() { view! { <ul aria-label=\"accounts\"></ul> } }",
        "fn f() -> (Tone, &str) { (Tone::Plain, \"Off\") }",
        "fn f() -> String { [a, \" is missing.\"].concat() }",
        "fn f() -> String { format!(\"{n} items left\") }",
        "const WORDS: &str = \"Nothing has changed.\";",
    ] {
        assert_eq!(found(breach), 1, "{breach}");
    }
    for fine in [
        "fn f() { view! { <p class=\"card padded\" data-testid=\"saved\">{t(words::SAVED)}</p> } }",
        "fn f() { view! { <a rel=\"noopener noreferrer\" aria-live=\"polite\">\" · \"</a> } }",
        "fn f() -> &'static str { if meta { \"Meta\" } else { \"Viber\" } }",
        "#[expect(dead_code, reason = \"it is used later\")] fn f() { unreachable!(\"never comes here\") }",
        "fn f(key: &str) { match key { \"Enter\" | \"ArrowUp\" => {} \"Shift Enter\" => {} _ => {} } }",
        "fn f() -> String { [\"connectors/\", id, \"/test\"].concat() + &format!(\"{id}-hint\") }",
        "#[cfg(test)] mod tests { const SAID: &str = \"Nothing has changed.\"; }",
    ] {
        assert_eq!(found(fine), 0, "{fine}");
    }
}
