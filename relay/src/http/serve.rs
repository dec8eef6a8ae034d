//! The accept loop: a place for every connection, in all and per client address, and an orderly end; knows no route.

use super::connection::{self, Peer};
use super::guests::Guests;
use crate::config::{Limits, Proxies};
use axum::Router;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// 100 ms until the next try when the system has no more handles to give.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until the stop, then lets open requests end for [`Limits::farewell`]. Sockets that were opened here are not
/// waited for.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    proxies: Proxies,
    stop: CancellationToken,
) {
    let guests = Guests::new(&limits, proxies);
    let connections = TaskTracker::new();
    loop {
        let next = async { (guests.place().await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Closed at once: whoever has so many open already is no office of desks.
                let Some(seat) = guests.seat(place, peer.ip()) else { continue };
                let (router, stop) = (router.clone(), stop.clone());
                connections.spawn(connection::serve(
                    stream,
                    Peer::new(peer.ip(), seat),
                    router,
                    limits,
                    stop,
                ));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.farewell(), connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "some requests did not end in time");
    }
}
