//! A web side on a database of its own, asked without a network in between.

use crate::channels::Providers;
use crate::clock::Clock;
use crate::config::{Limits, Proxies};
use crate::desk::Hub;
use crate::engine::Engine;
use crate::health::Health;
use crate::http::session::{Attempts, Origins, Passwords, hash};
use crate::http::{App, Assets, ContentOrigin, Knocks, Web, router};
use crate::ingest::{self, Ingest, Running};
use crate::log::Beside;
use crate::media::{Blobs, Fetcher, Means};
use crate::seal::Place;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::{ConfigChange, Disposition, Member, Queue, Role, Unattended, User};
use shared::id::{DispositionId, QueueId, UserId};
use shared::time::Span;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Everybody's password here.
pub const PASSWORD: &str = "a password for tests";

/// A web side with an admin and an agent.
pub struct Bed {
    /// All routes.
    pub router: Router,
    /// The parts.
    pub app: App,
    /// The folder of the database and of the desk's files.
    pub folder: TempDir,
    stop: CancellationToken,
    _running: Running,
}

/// An answer, read whole.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Bed {
    /// At the root, without https.
    pub async fn new() -> Self {
        Self::at("/", false).await
    }

    /// At this path, with https or without.
    pub async fn at(path: &str, secure: bool) -> Self {
        Self::made(path, secure, Limits::default(), None).await
    }

    /// At the root, with limits of its own.
    pub async fn with(limits: Limits) -> Self {
        Self::made("/", false, limits, None).await
    }

    /// At this path, with a content origin of this address.
    pub async fn with_files(path: &str, url: &str) -> Self {
        Self::made(path, false, Limits::default(), Some(ContentOrigin::new(url).unwrap())).await
    }

    async fn made(path: &str, secure: bool, limits: Limits, content: Option<ContentOrigin>) -> Self {
        let folder = TempDir::new().unwrap();
        let log = crate::log::tests::open_locked(&folder.path().join("test.sqlite")).await.unwrap();
        // In a file, where the key can be changed.
        let log = log.unlock(&Place::File(folder.path().join("secret.key"))).await.unwrap();
        let engine = Engine::start(log, Clock::system()).await.unwrap();
        let stop = CancellationToken::new();
        seed(&engine).await;
        let providers = Providers::new("v25.0").unwrap();
        let health = Health::open(engine.clone(), providers.clone(), None).await.unwrap();
        let means = Means {
            engine: engine.clone(),
            providers,
            fetcher: Fetcher::new().unwrap(),
            blobs: Blobs::in_folder(&folder.path().join("blobs")).unwrap(),
        };
        let (blobs, providers) = (means.blobs.clone(), means.providers.clone());
        let (ingest, running) = Ingest::start(means, limits, Box::new(|_, _| {}));
        let app = Arc::new(Web {
            hub: Hub::start(engine.clone(), health.clone(), Clock::system(), limits, stop.clone()),
            health,
            engine,
            ingest: ingest.clone(),
            providers,
            wall: Clock::system(),
            origins: Origins::default(),
            secure,
            public_url: None,
            path: path.to_owned(),
            assets: Assets::find(Some(folder.path().join("dist"))),
            #[cfg(feature = "demo")]
            demo: None,
            blobs,
            content,
            passwords: Passwords::new(&limits),
            attempts: Attempts::default(),
            knocks: Knocks::new(limits.handshakes),
            reports: Knocks::new(limits.handshakes),
            proxies: Proxies::beside([127, 0, 0, 1].into()),
            limits,
        });
        Self { router: router(&app, ingest::router(ingest)), app, folder, stop, _running: running }
    }

    /// Asks.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks for an address.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Logs in for a token.
    pub async fn token(&self, login: &str) -> String {
        let body = serde_json::json!({ "login": login, "password": PASSWORD, "kind": "bearer" });
        let answer = self.json(Method::POST, "/api/v1/session", None, &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.value()["token"].as_str().unwrap().to_owned()
    }

    /// Sends JSON, as somebody or as nobody.
    pub async fn json(&self, method: Method, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

impl Answer {
    /// The body as JSON.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// A header as text; nothing when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// That it is a problem with this status, and says no more than it should.
    pub fn problem(&self, status: StatusCode) {
        assert_eq!(self.status, status, "{:?}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.value();
        assert_eq!(body["status"], status.as_u16());
        assert_eq!(body["type"], "about:blank");
        assert!(!body["detail"].as_str().unwrap().is_empty() && !body["title"].as_str().unwrap().is_empty());
    }
}

async fn seed(engine: &Engine) {
    let stored = hash(PASSWORD).unwrap();
    for (id, login, role) in [(1, "admin", Role::Admin), (2, "eva", Role::Agent)] {
        let id = UserId::from_u128(id);
        let (login, name) = (login.to_owned(), login.to_uppercase());
        save(engine, ConfigChange::UserSaved(User { id, login, name, role, active: true, capacity: 0 }))
            .await;
        engine.log().save_credential(id, stored.clone()).await.unwrap();
    }
    let solved = DispositionId::from_u128(3);
    let status = Disposition::new(solved, "Solved");
    save(engine, ConfigChange::DispositionSaved(status)).await;
    let queue = Queue {
        id: QueueId::from_u128(4),
        number: 1001,
        title: "Support".into(),
        channel: Channel::Viber,
        enabled: true,
        priority: 0,
        ring: Span::seconds(30),
        sleep: Span::seconds(10),
        max_wait: None,
        automatic_pause: None,
        disposition_required: true,
        dispositions: vec![solved],
        unattended: Unattended::Wait,
        members: BTreeMap::from([(UserId::from_u128(2), Member::default())]),
        links: Vec::new(),
        manner: shared::config::Manner::default(),
    };
    save(engine, ConfigChange::QueueSaved(queue)).await;
}

async fn save(engine: &Engine, change: ConfigChange) {
    engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
}
