//! A connection that breaks after so many bytes, in the middle of whatever is under way; changes no byte before.

use futures_util::{SinkExt, StreamExt};
use shared::wire::{DeskFrame, RelayFrame};
use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long a desk listens when nothing is said.
const SILENCE: Duration = Duration::from_millis(40);

/// After how many bytes a connection breaks, in each direction.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// Bytes that are heard.
    pub heard: usize,
    /// Bytes that are said.
    pub said: usize,
}

/// A connection that breaks.
pub struct Clipped {
    stream: TcpStream,
    left: Cut,
}

impl AsyncRead for Clipped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let mut bytes = [0; 1_024];
        let room = bytes.len().min(to.remaining()).min(self.left.heard);
        if room == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut part = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut part))?;
        self.left.heard -= part.filled().len();
        to.put_slice(part.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Clipped {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let room = bytes.len().min(self.left.said);
        if room == 0 {
            return Poll::Ready(Err(Error::from(ErrorKind::BrokenPipe)));
        }
        let done = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..room]))?;
        self.left.said -= done;
        Poll::Ready(Ok(done))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Opens a desk's socket, says hello and listens until the connection breaks or nothing more is said. Gives every whole
/// frame that was heard, and the connection: whoever keeps it leaves the relay with a desk that is there and deaf.
pub async fn glimpse(
    host: &str,
    token: &str,
    hello: &DeskFrame,
    cut: Cut,
) -> (Vec<RelayFrame>, Option<WebSocketStream<Clipped>>) {
    let mut heard = Vec::new();
    let stream = Clipped { stream: TcpStream::connect(host).await.unwrap(), left: cut };
    let mut request = format!("ws://{host}/api/v1/socket").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let Ok((mut socket, _)) = client_async(request, stream).await else { return (heard, None) };
    let text = serde_json::to_string(hello).unwrap();
    if socket.send(Message::Text(text.into())).await.is_err() {
        return (heard, Some(socket));
    }
    while let Ok(Some(Ok(message))) = tokio::time::timeout(SILENCE, socket.next()).await {
        if let Message::Text(text) = message {
            heard.push(serde_json::from_str(&text).expect("a whole frame that the desk can read"));
        }
    }
    (heard, Some(socket))
}
