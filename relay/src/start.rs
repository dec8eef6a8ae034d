//! Puts the relay's parts together, runs them until the process is asked to stop, and takes them apart in order.

use crate::channels::Providers;
use crate::clock::Clock;
#[cfg(feature = "demo")]
use crate::config::Proxies;
use crate::config::{self, DatabaseAddress, Limits, Settings};
use crate::delivery::Delivery;
use crate::desk::Hub;
use crate::engine::Engine;
use crate::health::{Health, Watch};
use crate::http::session::{self, Attempts, Origins, Passwords};
use crate::http::{self, Assets, Knocks, Web};
use crate::ingest::{self, Ingest};
use crate::log::{Beside, Log};
use crate::media::{Blobs, Fetcher, Means, Media};
use shared::command::Occurrence;
use shared::config::{ConfigChange, Role, User};
use shared::id::UserId;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

#[cfg(feature = "demo")]
use crate::demo;
#[cfg(feature = "demo")]
use std::net::SocketAddr;

/// Whatever keeps the relay from starting, said to the person at the terminal.
type Fault = Box<dyn Error + Send + Sync>;

/// 1 s for provider calls under way after everything else has ended.
const CALLS: Duration = Duration::from_secs(1);

/// The database's file in the data folder.
const FILE: &str = "signalbox.sqlite";

/// The folder of customers' files in the data folder.
const BLOBS: &str = "files";

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
pub async fn serve(config: Option<PathBuf>) -> Result<(), Fault> {
    let text = match &config {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
        None => String::new(),
    };
    let settings = Settings::read(&text, |name| std::env::var(name).ok())?;
    let origins = Origins { configured: settings.origins.clone(), local: false };
    let secure = settings.secure();
    let (limits, proxies) = (settings.limits, settings.proxies()?);
    let reached_at = settings.reached_at();
    let core =
        Core::start(&settings.data, settings.database.as_ref(), &settings.graph_version, reached_at).await?;
    first_admin(&core.engine).await?;
    let listener = bind(settings.listen)?;
    println!("Desk: http://{}{}", listener.local_addr()?, settings.path);
    let web = |engine: Engine, hub: Arc<Hub>, blobs: Blobs, health: Health| Web {
        engine,
        hub,
        health,
        blobs,
        wall: Clock::system(),
        origins,
        secure,
        path: settings.path,
        assets: Assets::find(settings.dist),
        #[cfg(feature = "demo")]
        demo: None,
        passwords: Passwords::new(&limits),
        attempts: Attempts::default(),
        knocks: Knocks::new(limits.handshakes),
        proxies,
        limits,
    };
    core.run(listener, web, limits, CancellationToken::new()).await
}

/// Serves the demo until the process is asked to stop.
///
/// # Errors
/// When an address is not this machine's own, or an address or the database cannot be had.
#[cfg(feature = "demo")]
pub async fn demo(arguments: DemoArguments) -> Result<(), Fault> {
    for address in [arguments.listen, arguments.simulator] {
        if !address.ip().is_loopback() {
            let refused = "the demo has known passwords and serves this machine alone";
            return Err(format!("{address} is not a loopback address: {refused}").into());
        }
    }
    let limits = match &arguments.limits {
        Some(text) => Limits::read(text)?,
        None => Limits::default(),
    };
    let database = arguments.database.filter(|address| !address.is_empty()).map(DatabaseAddress::from);
    let listener = bind(arguments.listen)?;
    let desk = format!("http://{}", listener.local_addr()?);
    let graph_version = Settings::default().graph_version;
    let core = Core::start(&arguments.data, database.as_ref(), &graph_version, Some(desk.clone())).await?;
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
    println!("Simulator: {simulator}/");
    let people = demo::PEOPLE.map(|(login, name, role)| http::DemoPerson {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        password: demo::PASSWORD.to_owned(),
    });
    let dist = std::env::var_os("SIGNALBOX_DIST").map(PathBuf::from);
    let web = |engine: Engine, hub: Arc<Hub>, blobs: Blobs, health: Health| Web {
        engine,
        hub,
        health,
        blobs,
        wall: Clock::system(),
        origins: Origins { configured: arguments.origins, local: true },
        secure: false,
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
        proxies: Proxies::beside(arguments.listen.ip()),
        limits,
    };
    core.run(listener, web, limits, stop).await
}

/// The parts that every workspace has.
struct Core {
    engine: Engine,
    log: Log,
    means: Means,
    health: Health,
}

impl Core {
    async fn start(
        data: &Path,
        database: Option<&DatabaseAddress>,
        graph_version: &str,
        reached_at: Option<String>,
    ) -> Result<Self, Fault> {
        std::fs::create_dir_all(data)
            .map_err(|error| format!("{} cannot be made: {error}", data.display()))?;
        let log = match database {
            Some(address) => Log::connect(address.reveal()).await?,
            None => Log::open(&data.join(FILE)).await?,
        };
        let engine = Engine::start(log.clone(), Clock::system()).await?;
        let means = Means {
            engine: engine.clone(),
            providers: Providers::new(graph_version)?,
            fetcher: Fetcher::new()?,
            blobs: Blobs::in_folder(&data.join(BLOBS))?,
        };
        let health = Health::open(engine.clone(), means.providers.clone(), reached_at).await?;
        Ok(Self { engine, log, means, health })
    }

    /// Runs everything until the process is asked to stop; then nothing new is taken, what is under way ends, and the
    /// log closes last. An error when the log can no longer be written: then everything ends in the same order.
    async fn run(
        self,
        listener: TcpListener,
        web: impl FnOnce(Engine, Arc<Hub>, Blobs, Health) -> Web,
        limits: Limits,
        stop: CancellationToken,
    ) -> Result<(), Fault> {
        let Self { engine, log, means, health } = self;
        let blobs = means.blobs.clone();
        let delivery = Delivery::start(engine.clone(), means.providers.clone(), health.clone());
        let media = Media::start(means.clone());
        let watch = Watch::start(health.clone());
        let (ingest, understanding) = Ingest::start(means, limits, {
            let health = health.clone();
            Box::new(move |channel, account| health.heard(channel, account))
        });
        let hub = Hub::start(engine.clone(), health.clone(), Clock::system(), limits, stop.clone());
        let app = Arc::new(web(engine.clone(), Arc::clone(&hub), blobs, health));
        let proxies = app.proxies.clone();
        let router = http::router(&app, ingest::router(ingest));
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
        // Requests and desks end side by side, so that the time for both is the time for one.
        tokio::join!(http::serve(listener, router, limits, proxies, stop.clone()), desks);
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

fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Fault> {
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
    if password.chars().count() < crate::config::PASSWORD_MIN || password.len() > crate::config::PASSWORD_MAX
    {
        let mut words = String::from("the workspace is empty. ");
        write!(
            words,
            "Set {FIRST_PASSWORD} to a password of at least {} characters",
            crate::config::PASSWORD_MIN
        )?;
        words.push_str(" and start again: the person \"admin\" is made with it.");
        return Err(words.into());
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
