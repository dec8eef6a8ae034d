//! Every route by every kind of person, carried in every way, naming their own, others', unknown and impossible things.

use super::super::bed::{Answer, Bed};
use super::people::{self, AGENTS, CONNECTORS, Kind, PAUSES, QUEUES, ROLES, STATUSES};
use super::table::{Names, Needs, ROUTES, Row, SUBSCRIBE};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use shared::id::InteractionId;
use std::collections::BTreeSet;

/// How a session travels, and whose page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    Bearer,
    Cookie,
    /// A cookie, on a page of another site.
    Foreign,
}

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// Of the first queue.
    First,
    /// Of the second queue.
    Second,
    /// An id of nothing.
    Unknown,
    /// No id at all.
    Junk,
}

struct World {
    bed: Bed,
    interactions: [InteractionId; 2],
    cells: u32,
}

#[tokio::test]
async fn every_route_is_in_the_table_and_the_table_has_no_other() {
    let bed = Bed::new().await;
    let document = bed.get("/api/v1/openapi.json").await.value();
    let mut there = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let row = ROUTES.iter().find(|row| row.path == path && row.method == method);
            let row = row.unwrap_or_else(|| panic!("{method} {path} has no row in the table of rights"));
            // The document says the same: no session is demanded of public routes alone.
            let open = matches!(row.needs, Needs::Nothing(_) | Needs::Signature);
            assert_eq!(operation["security"].is_array(), open, "{method} {path}: `security(())`");
            if let Needs::Nothing(why) = row.needs {
                assert!(!why.is_empty(), "{method} {path} is public and does not say why");
            }
            there.insert((method.as_str(), path.as_str()));
        }
    }
    for row in ROUTES {
        assert!(there.contains(&(row.method, row.path)), "{} {} does not exist", row.method, row.path);
    }
}

#[tokio::test]
async fn everybody_may_use_what_the_table_says_and_nothing_else() {
    let bed = people::bed().await;
    let mut interactions = Vec::new();
    for (place, agent) in AGENTS.into_iter().enumerate() {
        let (id, activity, _) = people::waiting(&bed, place).await;
        let accept = shared::command::Command::Accept { interaction: id, activity, offer: None };
        people::done(&bed, agent, accept).await;
        interactions.push(id);
    }
    let mut world = World { bed, interactions: interactions.try_into().unwrap(), cells: 0 };
    for row in ROUTES {
        for kind in ROLES {
            for target in targets(row) {
                for carried in [Carried::Bearer, Carried::Cookie, Carried::Foreign] {
                    world.cell(row, kind, target, carried, "").await;
                }
            }
            for query in row.queries {
                for target in targets(row) {
                    world.cell(row, kind, target, Carried::Bearer, query).await;
                }
            }
        }
    }
    assert!(world.cells >= 1_500, "only {} cells", world.cells);
}

fn targets(row: &Row) -> Vec<Target> {
    match row.names {
        Names::Nothing => vec![Target::First],
        _ => vec![Target::First, Target::Second, Target::Unknown, Target::Junk],
    }
}

impl World {
    async fn cell(&mut self, row: &Row, kind: Kind, target: Target, carried: Carried, query: &str) {
        self.cells += 1;
        let (token, own) = match kind {
            Kind::Nobody => ("token-of-nobody".to_owned(), "0123456789abcdef".to_owned()),
            _ => people::session(&self.bed, kind).await,
        };
        let name = self.name(row.names, target, &own).await;
        let path = match row.path.split_once('{') {
            Some((before, rest)) => format!("{before}{name}{}", rest.split_once('}').unwrap().1),
            None => row.path.to_owned(),
        };
        let mut request = Request::builder()
            .method(row.method.to_uppercase().as_str())
            .uri(format!("{path}{query}"))
            .header("host", "desk.example")
            .header("content-type", "application/json");
        request = match carried {
            Carried::Bearer => request.header("authorization", format!("Bearer {token}")),
            Carried::Cookie => request
                .header("cookie", format!("signalbox={token}"))
                .header("origin", "https://desk.example")
                .header("sec-fetch-site", "same-origin"),
            Carried::Foreign => request
                .header("cookie", format!("signalbox={token}"))
                .header("origin", "https://evil.example")
                .header("sec-fetch-site", "cross-site"),
        };
        let body = (row.body)(self.cells);
        let body = match body {
            Value::Null => Body::empty(),
            Value::String(text) => Body::from(text),
            json => Body::from(json.to_string()),
        };
        let answer = self.bed.ask(request.body(body).unwrap()).await;
        let what = format!("{} {} by {kind:?}, {target:?}, {carried:?}{query}", row.method, row.path);
        judge(row, kind, target, carried, &answer, &what);
    }

    async fn name(&self, names: Names, target: Target, own: &str) -> String {
        let place = match target {
            Target::First => 0,
            Target::Second => 1,
            Target::Unknown if names == Names::Session => return "0123456789abcdef".into(),
            Target::Unknown => return "00000000-0000-0000-0000-00000000ffff".into(),
            Target::Junk => return "x%27%20OR%201=1".into(),
        };
        match names {
            Names::Nothing => String::new(),
            Names::Interaction => self.interactions[place].to_string(),
            Names::Attachment => people::file(&self.bed, self.interactions[place]).await.to_string(),
            Names::Picture => people::picture(&self.bed, place).await.to_string(),
            Names::Queue => QUEUES[place].to_string(),
            Names::Disposition => STATUSES[place].to_string(),
            Names::Pause => PAUSES[place].to_string(),
            Names::Notice => people::notice(&self.bed, place).await.to_string(),
            Names::Fresh => people::NOTICES[place].to_string(),
            Names::Connector => CONNECTORS[place].to_string(),
            Names::Item => people::item(&self.bed).await.to_string(),
            Names::Sound => ["offer", "message"][place].into(),
            Names::Anything => ["first", "second"][place].into(),
            // People who take no part, so that nobody's session ends by it.
            Names::User => self.spare(place).await,
            Names::Session if place == 0 => own.to_owned(),
            // A session of somebody else.
            Names::Session => people::session(&self.bed, Kind::Deactivated).await.1,
        }
    }

    /// Somebody new to be replaced.
    async fn spare(&self, place: usize) -> String {
        let admin = people::session(&self.bed, Kind::Admin).await.0;
        let body = serde_json::json!({ "login": format!("spare{}-{place}", self.cells), "name": "S", "role": "agent",
            "active": true });
        let made = self.bed.json(axum::http::Method::POST, "/api/v1/users", Some(&admin), &body).await;
        made.value()["id"].as_str().unwrap().to_owned()
    }
}

/// Whether the answer is what the table says.
fn judge(row: &Row, kind: Kind, target: Target, carried: Carried, answer: &Answer, what: &str) {
    let status = answer.status;
    let reads = row.method == "get";
    if !status.is_success() && row.path != "/api/v1/socket" {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {status}");
    }
    match row.needs {
        Needs::Nothing(_) => {
            let expected = match row.path {
                _ if reads => StatusCode::OK,
                // Half a body: whoever is let in is told that it is not right.
                "/api/v1/session" => StatusCode::UNPROCESSABLE_ENTITY,
                // A page of ours is told that browsers' reports are of another kind.
                _ if carried == Carried::Cookie => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                _ => StatusCode::FORBIDDEN,
            };
            return assert_eq!(status, expected, "{what}");
        }
        Needs::Signature => {
            let expected = if reads { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
            return assert!(
                status == expected || status == StatusCode::TOO_MANY_REQUESTS,
                "{what}: {status}"
            );
        }
        _ => {}
    }
    if !kind.is_in() {
        return assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
    }
    let socket = row.path == "/api/v1/socket";
    if carried == Carried::Foreign && (!reads || socket) {
        return assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
    }
    if socket {
        return assert_eq!(status, StatusCode::UPGRADE_REQUIRED, "{what}");
    }
    let named = match (row.names, target) {
        (_, Target::First | Target::Second) | (Names::Anything | Names::Fresh, Target::Unknown) => true,
        (_, Target::Unknown | Target::Junk) => false,
    };
    let may = match row.needs {
        Needs::Supervising => matches!(kind, Kind::Supervisor | Kind::Admin),
        Needs::Configuring => kind == Kind::Admin,
        _ => true,
    };
    let readable = match row.needs {
        Needs::Reading | Needs::Writing => kind.has(usize::from(target != Target::First)),
        Needs::Owning => target == Target::First,
        _ => true,
    };
    if !may {
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
    } else if !named || !readable {
        assert_eq!(status, StatusCode::NOT_FOUND, "{what}");
    } else if row.needs == Needs::Writing && kind != AGENTS[usize::from(target != Target::First)] {
        assert_eq!(status, StatusCode::CONFLICT, "{what}");
    } else if row.method == "put" && row.names == Names::Queue {
        assert!(status.is_success() || status == StatusCode::UNPROCESSABLE_ENTITY, "{what}: {status}");
    } else if row.path == SUBSCRIBE {
        assert_eq!(status, StatusCode::CONFLICT, "{what}");
    } else {
        assert!(status.is_success(), "{what}: {status} {:?}", answer.body);
    }
}
