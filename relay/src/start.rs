//! Puts the relay's parts together, runs them until the process is asked to stop, and takes them apart in order.

use crate::channels::Providers;
use crate::clock::Clock;
use crate::command::{Configured, Fault, workspace};
use crate::config::Settings;
use crate::delivery::Delivery;
use crate::desk::Hub;
use crate::engine::Engine;
use crate::http::session::{self, Attempts, Origins, Passwords};
use crate::http::{self, Assets, Web};
use crate::ingest::{self, Ingest};
use crate::log::{Beside, Log};
use crate::logging;
use crate::seal::Place;
use shared::command::Occurrence;
use shared::config::{ConfigChange, Role, User};
use shared::id::UserId;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[cfg(feature = "demo")]
use crate::demo;
#[cfg(feature = "demo")]
use std::net::SocketAddr;

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
    /// Let tests move the relay's clock.
    #[arg(long, hide = true)]
    time_travel: bool,
    /// Further addresses of the desk's own pages, as a development server has.
    #[arg(long, hide = true, env = "SIGNALBOX_ORIGINS", value_delimiter = ',')]
    origins: Vec<String>,
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
    let core = Core::start(&settings).await?;
    first_admin(&core.engine).await?;
    let listener = bind(settings.listen).await?;
    println!("Desk: http://{}{}", listener.local_addr()?, settings.path);
    let figures = figures(&settings).await?;
    let web = |engine: Engine, hub: Arc<Hub>| Web {
        engine,
        hub,
        wall: Clock::system(),
        origins,
        secure,
        path: settings.path,
        assets: Assets::find(settings.dist),
        #[cfg(feature = "demo")]
        demo: None,
        passwords: Passwords::default(),
        attempts: Attempts::default(),
    };
    core.run(listener, figures, web, CancellationToken::new()).await;
    Ok(())
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
    let settings = Settings { data: arguments.data, ..Configured { config: None }.settings()? };
    logging::start(settings.log_format, "info");
    let core = Core::start(&settings).await?;
    let listener = bind(arguments.listen).await?;
    let desk = format!("http://{}", listener.local_addr()?);
    let stop = CancellationToken::new();
    let simulator = if let Some(url) = arguments.simulator_url {
        url.trim_end_matches('/').to_owned()
    } else {
        let listener = bind(arguments.simulator).await?;
        let address = format!("http://{}", listener.local_addr()?);
        tokio::spawn(demo::phones(listener, desk.clone(), stop.clone()));
        address
    };
    demo::seed(&core.engine, &simulator).await?;
    println!("Desk:      {desk}/");
    let figures = figures(&settings).await?;
    println!("Simulator: {simulator}/");
    let people = demo::PEOPLE.map(|(login, name, role)| http::DemoPerson {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        password: demo::PASSWORD.to_owned(),
    });
    let dist = std::env::var_os("SIGNALBOX_DIST").map(PathBuf::from);
    let web = |engine: Engine, hub: Arc<Hub>| Web {
        engine,
        hub,
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
        passwords: Passwords::default(),
        attempts: Attempts::default(),
    };
    core.run(listener, figures, web, stop).await;
    Ok(())
}

/// The parts that every workspace has.
struct Core {
    engine: Engine,
    log: Log,
    providers: Providers,
}

impl Core {
    async fn start(settings: &Settings) -> Result<Self, Fault> {
        let log = workspace::open(settings).await?;
        let log = log.unlock(&Place::find(settings.key_file())).await?;
        let engine = Engine::start(log.clone(), Clock::system()).await?;
        let providers = Providers::new(&settings.graph_version)?;
        Ok(Self { engine, log, providers })
    }

    /// Runs everything until the process is asked to stop; then nothing new is taken, what is under way ends, and the
    /// log closes last.
    async fn run(
        self,
        listener: TcpListener,
        figures: Option<TcpListener>,
        web: impl FnOnce(Engine, Arc<Hub>) -> Web,
        stop: CancellationToken,
    ) {
        let Self { engine, log, providers } = self;
        let (ingest, understanding) = Ingest::start(engine.clone(), providers.clone());
        let delivery = Delivery::start(engine.clone(), providers);
        let hub = Hub::start(engine.clone(), Clock::system(), stop.clone());
        let app = Arc::new(web(engine.clone(), Arc::clone(&hub)));
        let router = http::router(&app, ingest::router(ingest));
        tokio::spawn(crate::figures::watch(engine.clone(), engine.events()));
        if let Some(listener) = figures {
            tokio::spawn(http::serve(listener, http::figures::router(engine.clone()), stop.clone()));
        }
        let asked = stop.clone();
        tokio::spawn(async move {
            asked_to_stop().await;
            asked.cancel();
        });
        http::serve(listener, router, stop).await;
        hub.stopped().await;
        understanding.stop().await;
        delivery.stop().await;
        engine.stop().await;
        log.close().await;
    }
}

/// The address of the figures, where one is configured; it is printed, because port 0 picks one.
async fn figures(settings: &Settings) -> Result<Option<TcpListener>, Fault> {
    let Some(address) = settings.metrics_listen else { return Ok(None) };
    let listener = bind(address).await?;
    println!("Metrics: http://{}/metrics", listener.local_addr()?);
    Ok(Some(listener))
}

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}").into())
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
            "the workspace is empty. Make an admin with `signalbox user add LOGIN --name NAME --role admin`, or set \
             {FIRST_PASSWORD} and start again: the person \"admin\" is made with it. {}",
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
