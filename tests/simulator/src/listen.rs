//! Accepts connections and ends them as the stage demands: with an answer, or cut off without one; never speaks anything but HTTP/1.1.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::gate::CutOff;

/// How long open connections may take to end after the stop.
const FAREWELL: Duration = Duration::from_secs(2);
/// Pause after a failed accept, such as one for want of descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// Why a connection ends without an answer.
#[derive(Debug)]
struct Unanswered;

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut off by a fault")
    }
}

impl std::error::Error for Unanswered {}

/// Serves until `closing` turns true and the open connections have ended.
pub(crate) async fn accept(listener: TcpListener, app: Router, closing: watch::Receiver<bool>) {
    let mut stop = closing.clone();
    let mut connections = JoinSet::new();
    loop {
        // The value that is waited for is a lock: it must not live on beside what follows.
        let stopped = async { drop(stop.wait_for(|closed| *closed).await) };
        tokio::select! {
            () = stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, app.clone(), closing.clone()))),
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be accepted");
                    tokio::time::sleep(BREATH).await;
                }
            },
        }
        while connections.try_join_next().is_some() {}
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    // Whoever still listens to the event stream has been told by its end.
    let _ = tokio::time::timeout(FAREWELL, ended).await;
}

async fn serve(stream: TcpStream, app: Router, mut closing: watch::Receiver<bool>) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let app = app.clone();
        async move {
            let answer: Result<Response, Infallible> = app.oneshot(request.map(Body::new)).await;
            match answer {
                Ok(response) if response.extensions().get::<CutOff>().is_none() => Ok(response),
                _ => Err(Unanswered),
            }
        }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // The value that is waited for is a lock: it must not live on beside the connection.
    let closed = async { drop(closing.wait_for(|closed| *closed).await) };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closed => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
