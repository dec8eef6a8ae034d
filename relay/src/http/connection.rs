//! One connection from its first byte to its last: time limits for heads, silence and stalls; knows no route.

use super::guests::Seat;
use super::problem::Problem;
use super::stall::Stall;
use crate::config::{self, Limits};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// 100 requests of one HTTP/2 connection at the same time, as browsers expect it.
const STREAMS: u32 = 100;
/// 64 KiB for the heads of requests.
const HEADS: usize = 64 * 1024;

/// Who is at the other end of the connection; whoever keeps it keeps the connection's place.
#[derive(Clone)]
pub struct Peer {
    address: IpAddr,
    _seat: Option<Arc<Seat>>,
}

impl Peer {
    /// A peer with its place.
    pub fn new(address: IpAddr, seat: Seat) -> Self {
        Self { address, _seat: Some(Arc::new(seat)) }
    }

    /// The other end's own address, which may be a proxy's.
    pub const fn address(&self) -> IpAddr {
        self.address
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let nobody = || Self { address: IpAddr::V4(Ipv4Addr::LOCALHOST), _seat: None };
        Ok(parts.extensions.get().cloned().unwrap_or_else(nobody))
    }
}

/// What the requests of a connection have come to so far.
#[derive(Default)]
struct Seen {
    begun: AtomicUsize,
    open: AtomicUsize,
}

/// Serves a connection until it ends, is silent for too long, or the relay stops.
pub async fn serve(stream: TcpStream, peer: Peer, router: Router, limits: Limits, stop: CancellationToken) {
    // Small frames must not wait for each other.
    let _ = stream.set_nodelay(true);
    let seen = Arc::new(Seen::default());
    let counted = Arc::clone(&seen);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        counted.begun.fetch_add(1, Ordering::Relaxed);
        counted.open.fetch_add(1, Ordering::Relaxed);
        request.extensions_mut().insert(peer.clone());
        // HTTP/2 names the host in the address; everybody behind here looks for the header.
        if !request.headers().contains_key(header::HOST)
            && let Some(host) =
                request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok())
        {
            request.headers_mut().insert(header::HOST, host);
        }
        let (router, counted) = (router.clone(), Arc::clone(&counted));
        async move {
            let answer = router.oneshot(request.map(Body::new)).await;
            counted.open.fetch_sub(1, Ordering::Relaxed);
            Ok::<_, Infallible>(answer.unwrap_or_else(|never| match never {}))
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head()).max_buf_size(HEADS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(config::SOCKET_PING)
        .keep_alive_timeout(limits.head())
        .max_concurrent_streams(STREAMS);
    let io = TokioIo::new(Stall::new(stream, limits.stall()));
    let mut serving = pin!(builder.serve_connection_with_upgrades(io, service));
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        asked = silence(&seen, &limits) => {
            if !asked {
                return;
            }
            serving.as_mut().graceful_shutdown();
            serving.await
        }
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Resolves when nothing was asked for too long; says whether anything ever was.
///
/// The server learns the version of HTTP from the first bytes, and has no time limit for those; later it has one
/// between the requests of HTTP/1, and none between those of HTTP/2.
async fn silence(seen: &Seen, limits: &Limits) -> bool {
    tokio::time::sleep(limits.head()).await;
    let mut begun = seen.begun.load(Ordering::Relaxed);
    if begun == 0 {
        return false;
    }
    loop {
        tokio::time::sleep(limits.idle()).await;
        let now = seen.begun.load(Ordering::Relaxed);
        if now == begun && seen.open.load(Ordering::Relaxed) == 0 {
            return true;
        }
        begun = now;
    }
}
