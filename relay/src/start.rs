//! Puts the relay's parts together, runs them until the process is asked to stop, and takes them apart in order; long because two ways of serving share every part.

use crate::channels::Providers;
use crate::clock::Clock;
use crate::command::{Configured, Fault, workspace};
use crate::config::{self, Limits, Proxies, Settings};
use crate::delivery::Delivery;
use crate::desk::Hub;
use crate::engine::Engine;
use crate::health::{Health, Watch};
use crate::http::session::{self, Attempts, Origins, Passwords};
use crate::http::{self, Assets, ContentOrigin, Knocks, Web};
use crate::ingest::{self, Ingest};
use crate::log::{Beside, Log};
use crate::logging;
use crate::media::{Blobs, Fetcher, Means, Media};
use crate::seal::Place;
use shared::command::Occurrence;
use shared::config::{ConfigChange, Role, User};
use shared::id::UserId;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

#[cfg(feature = "demo")]
use crate::demo;

/// 1 s for provider calls under way after everything else has ended.
const CALLS: Duration = Duration::from_secs(1);

/// The password of the first admin of an empty workspace.
const FIRST_PASSWORD: &str = "SIGNALBOX_ADMIN_PASSWORD";

/// What a demo is started with.
#[cfg(feature = "demo")]
#[derive(clap::Args)]
pub struct DemoArguments {
    /// Where the desk listens; port 0 picks one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the simulator listens; port 0 picks one.
    #[arg(long, default_value = "127.0.0.1:8081")]
    simulator: SocketAddr,
    /// Where customers' files are served, apart from the desk; port 0 picks one.
    #[arg(long, default_value = "127.0.0.1:8083")]
    files: SocketAddr,
    /// The folder of the database.
    #[arg(long, default_value = "signalbox-demo")]
    data: PathBuf,
    /// A database of PostgreSQL instead of the file in the folder.
    #[arg(long, hide = true, env = "SIGNALBOX_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Let tests move the relay's clock.
    #[arg(long, hide = true)]
    time_travel: bool,
    /// Further addresses of the desk's own pages, as a development server has.
    #[arg(long, hide = true, env = "SIGNALBOX_ORIGINS", value_delimiter = ',')]
    origins: Vec<String>,
    /// Other limits than the usual ones, as TOML.
    #[arg(long, hide = true, env = "SIGNALBOX_LIMITS")]
    limits: Option<String>,
    /// This many scripted customers write by themselves and keep a busy day going.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1000))]
    customers: u16,
    /// Use a simulator that runs already instead of starting one.
    #[arg(long, hide = true)]
    simulator_url: Option<String>,
}

/// Serves a workspace until the process is asked to stop.
///
/// # Errors
/// When the settings are wrong, the address or the database cannot be had, or nobody could log in.
pub async fn serve(configured: &Configured) -> Result<(), Fault> {
    let settings = configured.settings()?;
    logging::start(settings.log_format, "info");
    let origins = Origins { configured: settings.origins.clone(), local: false };
    let secure = settings.secure();
    let (limits, proxies) = (settings.limits, settings.proxies()?);
    let core = Core::start(&settings).await?;
    first_admin(&core.engine).await?;
    let listener = bind(settings.listen)?;
    println!("Desk: http://{}{}", listener.local_addr()?, settings.path);
    let figures = figures(&settings)?;
    let content = settings.files_url.as_deref().map(ContentOrigin::new).transpose()?;
    let files = settings.files_listen.map(bind).transpose()?;
    if let Some(listener) = &files {
        println!("Files: http://{}", listener.local_addr()?);
    }
    let web = |core: &Core, ingest, hub| Web {
        engine: core.engine.clone(),
        ingest,
        providers: core.means.providers.clone(),
        hub,
        health: core.health.clone(),
        blobs: core.means.blobs.clone(),
        content,
        wall: Clock::system(),
        origins,
        secure,
        public_url: settings.public_url,
        path: settings.path,
        assets: Assets::find(settings.dist),
        #[cfg(feature = "demo")]
        demo: None,
        passwords: Passwords::new(&limits),
        attempts: Attempts::default(),
        knocks: Knocks::new(limits.handshakes),
        reports: Knocks::new(limits.handshakes),
        proxies,
        limits,
    };
    core.run(Listeners { desk: listener, files, figures }, web, limits, CancellationToken::new()).await
}

/// Serves the demo until the process is asked to stop.
///
/// # Errors
/// When an address is not this machine's own, or an address or the database cannot be had.
#[cfg(feature = "demo")]
pub async fn demo(arguments: DemoArguments) -> Result<(), Fault> {
    for address in [arguments.listen, arguments.simulator, arguments.files] {
        if !address.ip().is_loopback() {
            let refused = "the demo has known passwords and serves this machine alone";
            return Err(format!("{address} is not a loopback address: {refused}").into());
        }
    }
    let settings = Configured { config: None }.settings()?;
    let limits = match &arguments.limits {
        Some(text) => Limits::read(text)?,
        None => Limits::default(),
    };
    let listener = bind(arguments.listen)?;
    let desk = format!("http://{}", listener.local_addr()?);
    let files = bind(arguments.files)?;
    let content = ContentOrigin::new(&named(files.local_addr()?))?;
    let database = arguments.database.filter(|address| !address.is_empty()).map(Into::into);
    let public_url = Some(desk.clone());
    let settings = Settings { data: arguments.data, database, public_url, ..settings };
    logging::start(settings.log_format, "info");
    let core = Core::start(&settings).await?;
    let stop = CancellationToken::new();
    let simulator = if let Some(url) = arguments.simulator_url {
        url.trim_end_matches('/').to_owned()
    } else {
        let listener = bind(arguments.simulator)?;
        let address = format!("http://{}", listener.local_addr()?);
        tokio::spawn(demo::phones(listener, desk.clone(), arguments.customers.into(), stop.clone()));
        address
    };
    demo::seed(&core.engine, &simulator).await?;
    println!("Desk:      {desk}/");
    println!("Files:     {}/", content.url());
    let figures = figures(&settings)?;
    println!("Simulator: {simulator}/");
    let people = demo::PEOPLE.map(|(login, name, role)| http::DemoPerson {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        password: demo::PASSWORD.to_owned(),
    });
    let dist = std::env::var_os("SIGNALBOX_DIST").map(PathBuf::from);
    let web = |core: &Core, ingest, hub| Web {
        engine: core.engine.clone(),
        ingest,
        providers: core.means.providers.clone(),
        hub,
        health: core.health.clone(),
        blobs: core.means.blobs.clone(),
        content: Some(content),
        wall: Clock::system(),
        origins: Origins { configured: arguments.origins, local: true },
        secure: false,
        // Providers call by https alone; the demo's are on this machine and do not mind.
        public_url: Some(desk),
        path: "/".to_owned(),
        assets: Assets::find(dist),
        demo: Some(http::Demo {
            simulator: format!("{simulator}/"),
            people: people.to_vec(),
            time_travel: arguments.time_travel,
        }),
        passwords: Passwords::new(&limits),
        attempts: Attempts::default(),
        knocks: Knocks::new(limits.handshakes),
        reports: Knocks::new(limits.handshakes),
        proxies: Proxies::beside(arguments.listen.ip()),
        limits,
    };
    core.run(Listeners { desk: listener, files: Some(files), figures }, web, limits, stop).await
}

/// The address of a listener as a page's policy can hold it: it takes no IPv6 address, but this machine's name.
#[cfg(feature = "demo")]
fn named(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => format!("http://{address}"),
        SocketAddr::V6(address) => format!("http://localhost:{}", address.port()),
    }
}

/// Where we listen, each for what it is.
struct Listeners {
    /// For everything.
    desk: TcpListener,
    /// For the content origin alone, where it has a listener of its own.
    files: Option<TcpListener>,
    /// For the figures.
    figures: Option<TcpListener>,
}

/// The parts that every workspace has.
struct Core {
    engine: Engine,
    log: Log,
    means: Means,
    health: Health,
}

impl Core {
    async fn start(settings: &Settings) -> Result<Self, Fault> {
        let log = workspace::open(settings).await?;
        let log = log.unlock(&Place::find(settings.key_file())).await?;
        let engine = Engine::start(log.clone(), Clock::system()).await?;
        let means = Means {
            engine: engine.clone(),
            providers: Providers::new(&settings.graph_version)?,
            fetcher: Fetcher::new()?,
            blobs: Blobs::in_folder(&workspace::blobs(settings))?,
        };
        let health =
            Health::open(engine.clone(), means.providers.clone(), settings.public_url.clone()).await?;
        Ok(Self { engine, log, means, health })
    }

    /// Runs everything until the process is asked to stop; then nothing new is taken, what is under way ends, and the
    /// log closes last. An error when the log can no longer be written: then everything ends in the same order.
    async fn run(
        self,
        listeners: Listeners,
        web: impl FnOnce(&Self, Ingest, Arc<Hub>) -> Web,
        limits: Limits,
        stop: CancellationToken,
    ) -> Result<(), Fault> {
        let delivery =
            Delivery::start(self.engine.clone(), self.means.providers.clone(), self.health.clone());
        let media = Media::start(self.means.clone());
        let watch = Watch::start(self.health.clone());
        let (ingest, understanding) = Ingest::start(self.means.clone(), limits, {
            let health = self.health.clone();
            Box::new(move |channel, account| health.heard(channel, account))
        });
        let hub = Hub::start(self.engine.clone(), self.health.clone(), Clock::system(), limits, stop.clone());
        let app = Arc::new(web(&self, ingest.clone(), Arc::clone(&hub)));
        let Self { engine, log, health, .. } = self;
        let proxies = app.proxies.clone();
        let router = http::router(&app, ingest::router(ingest));
        tokio::spawn(crate::figures::watch(engine.clone(), engine.events()));
        if let Some(listener) = listeners.figures {
            let page = http::figures::router(engine.clone(), health);
            // Whoever collects them comes straight: no proxy is believed.
            let nobody = Proxies::default();
            tokio::spawn(http::serve(listener, page, limits, nobody, stop.clone()));
        }
        let (asked, written) = (stop.clone(), log.clone());
        let ended = tokio::spawn(async move {
            let why = tokio::select! {
                () = asked_to_stop() => Ok(()),
                () = asked.cancelled() => Ok(()),
                error = written.gone() => Err(error),
            };
            asked.cancel();
            why
        });
        let desks = async {
            stop.cancelled().await;
            hub.stopped().await;
        };
        let files = async {
            if let Some(listener) = listeners.files {
                let router = http::files(&app);
                http::serve(listener, router, limits, proxies.clone(), stop.clone()).await;
            }
        };
        let serving = http::serve(listeners.desk, router, limits, proxies.clone(), stop.clone());
        // Requests and desks end side by side, so that the time for both is the time for one.
        tokio::join!(serving, files, desks);
        let parts = async {
            understanding.stop().await;
            media.stop().await;
            // A call that takes longer is unknown at the next start, and never made again by itself.
            if tokio::time::timeout(CALLS, delivery.stop()).await.is_err() {
                tracing::warn!("a provider did not answer before the stop");
            }
            watch.stop().await;
        };
        // What cannot be written any more is not waited for.
        tokio::select! {
            () = parts => {}
            _ = log.gone() => {}
        }
        engine.stop().await;
        log.close().await;
        Ok(ended.await??)
    }
}

/// The address of the figures, where one is configured; it is printed, because port 0 picks one.
fn figures(settings: &Settings) -> Result<Option<TcpListener>, Fault> {
    let Some(address) = settings.metrics_listen else { return Ok(None) };
    let listener = bind(address)?;
    println!("Metrics: http://{}/metrics", listener.local_addr()?);
    Ok(Some(listener))
}

fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A relay that starts again does not wait for the connections of the one before.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        // What is accepted inherits it.
        socket.set_send_buffer_size(config::SEND_BUFFER)?;
        socket.bind(address)?;
        socket.listen(config::ACCEPT_QUEUE)
    };
    listen().map_err(|error: std::io::Error| format!("cannot listen on {address}: {error}").into())
}

/// Resolves when the process is asked to stop: by Ctrl C, or by its manager.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // An error means that the signal cannot be had: then only the hard way ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// An empty workspace gets its first admin from the environment; nobody could log in otherwise.
async fn first_admin(engine: &Engine) -> Result<(), Fault> {
    if engine.look(|world| !world.config.users.is_empty()) {
        return Ok(());
    }
    let password = std::env::var(FIRST_PASSWORD).unwrap_or_default();
    if let Err(refusal) = session::fits(&password) {
        return Err(format!(
            "the workspace is empty. Make an admin with `signalbox user add LOGIN --name NAME --role admin`, or put \
             a password into {FIRST_PASSWORD} and start again: the person \"admin\" is made with it. {}",
            refusal.sentence()
        )
        .into());
    }
    let id = UserId(engine.clock().fresh());
    let admin = User {
        id,
        login: "admin".to_owned(),
        name: "Admin".to_owned(),
        role: Role::Admin,
        active: true,
        capacity: 0,
    };
    // The password first: a person without one could never log in.
    engine.log().save_credential(id, session::hash(&password)?).await?;
    let change = ConfigChange::UserSaved(admin);
    engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await?;
    Ok(())
}
