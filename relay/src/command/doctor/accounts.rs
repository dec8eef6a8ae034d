//! What an admin arranged: people, queues, accounts and their secrets; online also whether the providers can be reached.

use super::report::Report;
use crate::channels;
use crate::log::{Log, LogError, token_name};
use shared::channel::Channel;
use shared::config::{Config, Connector, Role};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::net::TcpStream;

/// 5 s to reach a provider: as long as the relay itself allows.
const REACH: Duration = Duration::from_secs(5);

/// Looks at the configuration and the secrets that belong to it.
pub async fn look(log: &Log, online: bool, report: &mut Report) {
    let config = match log.world().await {
        Ok(world) => world.config,
        Err(error) => {
            report.bad("configuration of the desk", &error.to_string(), "restore a backup");
            return;
        }
    };
    people(&config, report);
    queues(&config, report);
    for connector in config.connectors.values().filter(|one| one.enabled) {
        if let Err(error) = account(log, &config, connector, report).await {
            report.bad("accounts", &error.to_string(), "restore a backup");
        }
    }
    if config.connectors.values().all(|one| !one.enabled) {
        report.look("accounts", "none is switched on", "connect one as an admin, or no customer can write");
    }
    if online {
        reach(&config, report).await;
    }
}

fn people(config: &Config, report: &mut Report) {
    if config.users.values().any(|user| user.active && user.role == Role::Admin) {
        report.good("people", &format!("{} in all, an admin among them", config.users.len()));
    } else {
        let next = "stop the relay and run `signalbox user add LOGIN --name NAME --role admin`";
        report.bad("people", "no admin can log in", next);
    }
}

fn queues(config: &Config, report: &mut Report) {
    for queue in config.queues.values().filter(|queue| queue.enabled) {
        let active = |id| config.users.get(id).is_some_and(|user| user.active);
        if !queue.members.keys().any(active) {
            let what = format!("queue {} has no member who can log in", queue.number);
            report.bad("queues", &what, "add a member as an admin, or its customers wait for nobody");
        }
    }
}

/// One account that is switched on: its queue, its token, and what its provider signs with.
async fn account(
    log: &Log,
    config: &Config,
    connector: &Connector,
    report: &mut Report,
) -> Result<(), LogError> {
    let name = format!("{:?} account {}", connector.channel, connector.account);
    let mut missing = Vec::new();
    let queue = connector.queue.and_then(|id| config.queues.get(&id));
    if queue.is_none_or(|queue| !queue.enabled) {
        missing.push("a queue that is switched on".to_owned());
    }
    let mut wanted = vec![(token_name(connector.id), "its access token".to_owned())];
    if connector.channel != Channel::Viber {
        let app = &connector.app;
        wanted.push((format!("app:{app}:secret"), format!("the secret of the app {app}")));
        wanted.push((format!("app:{app}:verify"), format!("the verify token of the app {app}")));
    }
    for (secret, words) in wanted {
        if !log.secret_names(&secret).await?.contains(&secret) {
            missing.push(words);
        }
    }
    if missing.is_empty() {
        report.good("accounts", &format!("{name} is complete"));
    } else {
        let what = format!("{name} lacks {}", missing.join(", "));
        report.bad("accounts", &what, "enter it as an admin, or switch the account off");
    }
    Ok(())
}

/// Whether the providers' hosts accept a connection.
async fn reach(config: &Config, report: &mut Report) {
    let hosts = config.connectors.values().filter(|one| one.enabled).filter_map(channels::host);
    for (host, port) in hosts.collect::<BTreeSet<_>>() {
        let name = format!("{host}:{port}");
        match tokio::time::timeout(REACH, TcpStream::connect((host, port))).await {
            Ok(Ok(_)) => report.good("providers", &format!("{name} can be reached")),
            Ok(Err(error)) => {
                let next = "look at the name servers, the firewall and the proxy of this machine";
                report.bad("providers", &format!("{name} cannot be reached: {error}"), next);
            }
            Err(_) => report.bad("providers", &format!("{name} does not answer"), "look at the firewall"),
        }
    }
}
