//! The addresses the relay listens on and those that browsers and providers use; opens them for an instant, answers nobody.

use super::report::Report;
use crate::config::Settings;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use url::Url;

/// Looks at all of them; `held` when a relay is running, which then has those to listen on.
pub async fn look(settings: &Settings, held: bool, report: &mut Report) {
    free("address", "listen", settings.listen, held, report).await;
    if let Some(listen) = settings.files_listen {
        free("address of files", "files_listen", listen, held, report).await;
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
    files(settings, report);
}

/// Whether the relay can listen there, or does so already.
async fn free(subject: &str, setting: &str, listen: SocketAddr, held: bool, report: &mut Report) {
    match TcpListener::bind(listen).await {
        Ok(_) if held => {
            let next = "ask the running relay's own configuration";
            report.look(subject, &format!("a relay runs, but not on {listen}"), next);
        }
        Ok(_) => report.good(subject, &format!("{listen} is free")),
        Err(_) if held => report.good(subject, &format!("{listen} is taken, as by the running relay")),
        Err(error) => {
            let next = format!("stop whatever uses it, or choose another one as `{setting}`");
            report.bad(subject, &format!("cannot listen on {listen}: {error}"), &next);
        }
    }
}

/// Whether customers' files are apart from the desk, and where browsers will take them from.
fn files(settings: &Settings, report: &mut Report) {
    const SUBJECT: &str = "content origin";
    let Some(url) = &settings.files_url else {
        let next = "give a second name like files.example.com to this relay and set `files_url` to its https address";
        report.look(SUBJECT, "not set, so customers' files come from the desk's own address", next);
        return;
    };
    let parts = |url: &str| {
        Url::parse(url).ok().map(|url| (url.scheme() == "https", url.host().map(|host| host.to_owned())))
    };
    let (https, host) = parts(url).unwrap_or_default();
    let desks: Vec<_> = settings.origins.iter().filter_map(|origin| parts(origin)).collect();
    if !https && desks.iter().any(|(https, _)| *https) {
        let next = "set `files_url` to an https address; pages that came by https draw nothing that did not";
        report.bad(SUBJECT, &format!("{url} is not https, and the desk is"), next);
    } else if desks.iter().any(|(_, desk)| *desk == host) {
        let next = "give files a name of their own; cookies do not tell ports apart";
        report.look(SUBJECT, &format!("{url} is another port of the desk's own name"), next);
    } else {
        report.good(SUBJECT, url);
    }
}
