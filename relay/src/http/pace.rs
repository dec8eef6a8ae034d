//! How fast bodies come in: a time limit that only bytes extend; reads none of them.

use crate::config::Limits;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use futures_util::{Stream, StreamExt, stream};

use std::io;
use tokio::time::{Instant, timeout_at};

/// The request, with a body that breaks off when it comes too slowly.
pub fn paced(request: Request, limits: Limits) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| Body::from_stream(in_time(body.into_data_stream(), limits)))
}

type Chunk = Result<Bytes, axum::Error>;

/// The chunks of a body, as long as they come in time; one error afterwards.
fn in_time(
    chunks: impl Stream<Item = Chunk> + Unpin + Send + 'static,
    limits: Limits,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    let began = Instant::now();
    stream::unfold(Some((chunks, 0_u64)), move |state| async move {
        let (mut chunks, came) = state?;
        match timeout_at(began + limits.body(came), chunks.next()).await {
            Ok(Some(Ok(bytes))) => {
                let came = came.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                Some((Ok(bytes), Some((chunks, came))))
            }
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(_) => Some((Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut))), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::in_time;
    use crate::config::Limits;
    use axum::body::Bytes;
    use futures_util::{StreamExt, stream};
    use std::time::Duration;

    async fn read(chunk: usize, every: Duration, chunks: usize, limits: Limits) -> usize {
        let slow = stream::unfold(0, move |sent| async move {
            if sent == chunks {
                return None;
            }
            tokio::time::sleep(every).await;
            Some((Ok(Bytes::from(vec![0; chunk])), sent + 1))
        });
        let read = in_time(Box::pin(slow), limits).take_while(|one| std::future::ready(one.is_ok()));
        read.count().await
    }

    #[tokio::test]
    async fn a_drip_is_ended_and_a_slow_line_is_not() {
        let limits = Limits { body_ms: 500, body_rate: 2_000, ..Limits::default() };
        let drip = read(1, Duration::from_millis(50), 100, limits).await;
        assert!(drip < 30, "{drip} drops");
        // 1,000 bytes every 50 ms are ten times as many: the whole takes twice the time and is let through.
        assert_eq!(read(1_000, Duration::from_millis(50), 20, limits).await, 20);
    }
}
