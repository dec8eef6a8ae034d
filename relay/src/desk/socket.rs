//! One socket from its hello to its end: takes frames in, tells what happened, keeps the heartbeat; decides nothing.

use super::line::{End, Line};
use super::outgoing;
use super::{Hub, Pass};
use crate::config;
use crate::metrics::{self, Cut};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use shared::id::CommandId;
use shared::time::Span;
use shared::wire::{Bye, DeskFrame, Outcome, Position, RelayFrame, decode_desk};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// 1 s until a desk comes back that was cut off for reading too slowly, or because the relay stops.
const COME_BACK: Span = Span::seconds(1);

/// What a hello says.
pub struct Hello {
    /// The epoch of the held streams.
    pub epoch: Option<String>,
    /// What is held.
    pub resume: Vec<Position>,
}

/// Serves a desk until it goes, is cut off or the relay stops.
pub async fn run(hub: Arc<Hub>, socket: WebSocket, pass: Pass, cut: CancellationToken) {
    let _connected = metrics::Connected::begin();
    let (sink, mut incoming) = socket.split();
    let (out, mut writer) = outgoing::start(sink);
    // Listening before anything is read: what happens meanwhile is not missed.
    let events = hub.engine.events();
    let end = match timeout(config::HEAD_TIMEOUT, hello(&mut incoming)).await {
        Ok(Ok(hello)) => {
            let reached = hub.reach(pass.user);
            let end =
                serve(Line::new(Arc::clone(&hub), pass.clone(), &out, events), hello, incoming, cut).await;
            drop(reached);
            end
        }
        Ok(Err(end)) => end,
        Err(_) => End::Bye(Bye::Malformed),
    };
    if let End::Bye(reason) = end {
        let retry_after = match reason {
            Bye::TooSlow | Bye::Restarting => Some(COME_BACK),
            Bye::LoggedOut | Bye::Protocol | Bye::Malformed | Bye::Unknown => None,
        };
        metrics::cut(match reason {
            Bye::TooSlow => Cut::TooSlow,
            Bye::Restarting => Cut::Restarting,
            Bye::LoggedOut => Cut::LoggedOut,
            Bye::Protocol | Bye::Malformed | Bye::Unknown => Cut::Malformed,
        });
        // Whoever does not read hears no farewell either.
        let bye = RelayFrame::Bye { reason, retry_after };
        let _ = timeout(std::time::Duration::from_secs(1), out.send(&bye)).await;
        tracing::debug!(user = %pass.user, ?reason, "a desk was sent away");
    }
    drop(out);
    if timeout(std::time::Duration::from_secs(1), &mut writer).await.is_err() {
        writer.abort();
    }
}

/// The first frame, which must be a hello of this protocol.
async fn hello(incoming: &mut SplitStream<WebSocket>) -> Result<Hello, End> {
    loop {
        match incoming.next().await {
            Some(Ok(Message::Text(text))) => {
                return match decode_desk(&text) {
                    Ok(DeskFrame::Hello { protocol, .. }) if protocol != shared::wire::PROTOCOL => {
                        Err(End::Bye(Bye::Protocol))
                    }
                    Ok(DeskFrame::Hello { epoch, resume, .. }) if resume.len() <= config::HELLO_MAX => {
                        Ok(Hello { epoch, resume })
                    }
                    _ => Err(End::Bye(Bye::Malformed)),
                };
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => return Err(End::Bye(Bye::Malformed)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
        }
    }
}

async fn serve(
    mut line: Line<'_>,
    hello: Hello,
    mut incoming: SplitStream<WebSocket>,
    cut: CancellationToken,
) -> End {
    if let Err(end) = line.welcome(hello).await {
        return end;
    }
    let (wishes, answers) = commands(&line);
    let mut answers = answers;
    let mut beat = interval(config::SOCKET_PING);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.tick().await;
    let mut missed = 0;
    loop {
        let step = tokio::select! {
            biased;
            () = cut.cancelled() => Err(End::Bye(Bye::LoggedOut)),
            () = line.hub.stop.cancelled() => Err(End::Bye(Bye::Restarting)),
            event = line.events.recv() => line.happened(event).await,
            Some((id, outcome)) = answers.recv() => {
                line.out.send(&RelayFrame::Answer { id, outcome }).await.map_err(End::from)
            }
            Ok(()) = line.lists.changed() => line.show_lists().await,
            _ = beat.tick() => {
                missed += 1;
                if missed > config::SOCKET_MISSES { Err(End::Gone) } else { line.beat().await }
            }
            // Wishes that find no place stay unread in the network.
            frame = incoming.next(), if wishes.capacity() > 0 => {
                missed = 0;
                match frame {
                    Some(Ok(Message::Text(text))) => match decode_desk(&text) {
                        Ok(DeskFrame::Command { id, command }) => {
                            line.active = true;
                            wishes.try_send((id, command)).map_err(|_| End::Gone)
                        }
                        Ok(frame) => line.said(frame).await,
                        Err(_) => Err(End::Bye(Bye::Malformed)),
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Ok(Message::Binary(_))) => Err(End::Bye(Bye::Malformed)),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                }
            }
        };
        if let Err(end) = step {
            return end;
        }
    }
}

type Wish = (CommandId, shared::command::Command);
type Answer = (CommandId, Outcome);

/// Commands of one socket are decided in the order in which they came, beside everything else it does. One that is
/// under way when the socket ends is finished all the same; its answer waits under its id.
fn commands(line: &Line<'_>) -> (mpsc::Sender<Wish>, mpsc::Receiver<Answer>) {
    let (wishes, mut queue) = mpsc::channel::<Wish>(config::COMMANDS_AT_ONCE);
    let (answer, answers) = mpsc::channel(config::COMMANDS_AT_ONCE);
    let (engine, user) = (line.hub.engine.clone(), line.pass.user);
    tokio::spawn(async move {
        while let Some((id, command)) = queue.recv().await {
            let outcome = engine.command(user, id, command).await;
            if answer.send((id, outcome)).await.is_err() {
                break;
            }
        }
    });
    (wishes, answers)
}
