//! The address the relay listens on and the one that browsers and providers use; opens it for an instant, answers nobody.

use super::report::Report;
use crate::config::Settings;
use tokio::net::TcpListener;

/// Looks at both addresses; `held` when a relay is running, which then has the first.
pub async fn look(settings: &Settings, held: bool, report: &mut Report) {
    let listen = settings.listen;
    match TcpListener::bind(listen).await {
        Ok(_) if held => {
            let next = "ask the running relay's own configuration";
            report.look("address", &format!("a relay runs, but not on {listen}"), next);
        }
        Ok(_) => report.good("address", &format!("{listen} is free")),
        Err(_) if held => report.good("address", &format!("{listen} is taken, as by the running relay")),
        Err(error) => {
            let next = "stop whatever uses it, or set `listen`";
            report.bad("address", &format!("cannot listen on {listen}: {error}"), next);
        }
    }
    if settings.origins.is_empty() {
        let next = "set `origins` to the https address that browsers use";
        report.look("public address", "not set, so any name a request comes by is taken", next);
    } else if settings.origins.iter().all(|origin| origin.starts_with("https://")) {
        report.good("public address", &settings.origins.join(", "));
    } else {
        let next = "put a proxy that speaks https in front; providers post to nothing else";
        report.look("public address", "one of them is not https", next);
    }
}
