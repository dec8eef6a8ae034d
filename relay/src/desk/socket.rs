//! One socket from its hello to its end: takes frames in, tells what happened, keeps the heartbeat; decides nothing.

use super::line::{End, Line};
use super::outgoing::{self, Outgoing};
use super::{Hub, Pass, attention, drafts};
use crate::config;
use crate::metrics::{self, Cut};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use shared::fault;
use shared::id::CommandId;
use shared::time::Span;
use shared::wire::{Bye, DeskFrame, Outcome, Position, RelayFrame, decode_desk};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// 1 s until a desk comes back that was cut off for reading too slowly, and at the least when the relay stops.
const COME_BACK: Span = Span::seconds(1);
/// 400 desks come back in a second after a stop: each costs the new relay some reading.
const RETURNING: usize = 400;
/// 30 s after a stop the last desk comes back.
const LATEST_MS: usize = 30_000;
/// 1 s in which the frames of a desk are counted.
const SECOND: Duration = Duration::from_secs(1);

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
    let (sink, incoming) = socket.split();
    let (out, mut writer) = outgoing::start(sink, hub.limits);
    // Whatever the desk is being told, and however slowly it listens: the end of its session does not wait for it.
    let end = tokio::select! {
        biased;
        () = cut.cancelled() => End::Bye(Bye::LoggedOut),
        () = hub.stop.cancelled() => End::Bye(Bye::Restarting),
        end = talk(&hub, &pass, &out, incoming, &cut) => end,
    };
    if let End::Bye(reason) = end {
        let retry_after = match reason {
            Bye::TooSlow => Some(COME_BACK),
            Bye::Restarting => Some(return_after(hub.sockets.len())),
            Bye::LoggedOut | Bye::Protocol | Bye::Malformed | Bye::Unknown => None,
        };
        metrics::cut(match reason {
            Bye::TooSlow => Cut::TooSlow,
            Bye::Restarting => Cut::Restarting,
            Bye::LoggedOut => Cut::LoggedOut,
            Bye::Protocol | Bye::Malformed | Bye::Unknown => Cut::Malformed,
        });
        // Whoever is logged out is told nothing that waited for them.
        out.part(&RelayFrame::Bye { reason, retry_after }, reason == Bye::LoggedOut);
        tracing::debug!(user = %pass.user, ?reason, "a desk was sent away");
    }
    drop(out);
    if timeout(SECOND * 2, &mut writer).await.is_err() {
        writer.abort();
    }
}

/// Hears the hello, then serves the desk.
async fn talk(
    hub: &Arc<Hub>,
    pass: &Pass,
    out: &Outgoing,
    mut incoming: SplitStream<WebSocket>,
    cut: &CancellationToken,
) -> End {
    // Listening before anything is read: what happens meanwhile is not missed.
    let events = hub.engine.events();
    match timeout(hub.limits.head(), hello(&mut incoming)).await {
        Ok(Ok(hello)) => {
            let _reached = hub.reach(pass.user);
            let line = Line::new(Arc::clone(hub), pass.clone(), out, events);
            serve(line, hello, incoming, cut).await
        }
        Ok(Err(end)) => end,
        Err(_) => End::Bye(Bye::Malformed),
    }
}

/// When one of so many desks comes back after a stop: not all of them in the same moment.
fn return_after(desks: usize) -> Span {
    let spread =
        desks.saturating_mul(1_000).checked_div(RETURNING).unwrap_or_default().clamp(1_000, LATEST_MS);
    if fault!("all-return-at-once") {
        return COME_BACK;
    }
    let mut random = [0; 4];
    // Without randomness all come at once, which a relay survives.
    let _ = getrandom::fill(&mut random);
    let share = usize::try_from(u32::from_le_bytes(random)).unwrap_or_default().checked_rem(spread);
    let share = share.and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default();
    Span(COME_BACK.0.saturating_add(share))
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
    cut: &CancellationToken,
) -> End {
    // The session was there before the socket was; by now it may be gone. Whoever ends it from now on cuts the socket.
    // What is done once or seldom is boxed: its room is taken while it lasts, and not in every idle desk.
    if let Err(end) = Box::pin(line.admitted()).await {
        return end;
    }
    if let Err(end) = Box::pin(line.welcome(hello)).await {
        return end;
    }
    // Made with the first wish: many desks only look on.
    let mut wishing = None;
    let (mut counted_from, mut counted) = (Instant::now(), 0);
    let mut beat = interval(config::SOCKET_PING);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.tick().await;
    let mut missed = 0;
    loop {
        let step = tokio::select! {
            biased;
            event = line.events.recv() => line.happened(event).await,
            Some(answer) = answer(&mut wishing) => {
                let (id, outcome) = *answer;
                Box::pin(async { line.out.send(&RelayFrame::Answer { id, outcome }).await.map_err(End::from) }).await
            }
            Ok(()) = line.lists.changed() => Box::pin(line.show_lists()).await,
            Ok(()) = attention::changed(&mut line.ear) => Box::pin(line.tell_sounds()).await,
            () = drafts::filled(line.letters.as_ref()) => Box::pin(line.tell_drafts()).await,
            _ = beat.tick() => {
                missed += 1;
                if missed > config::SOCKET_MISSES { Err(End::Gone) } else { Box::pin(line.beat()).await }
            }
            () = sleep_until(counted_from + SECOND), if counted >= line.hub.limits.socket_frames => {
                (counted_from, counted) = (Instant::now(), 0);
                Ok(())
            }
            // Wishes that find no place, and frames that come too fast, stay unread in the network.
            frame = incoming.next(), if is_free(wishing.as_ref()) && counted < line.hub.limits.socket_frames => {
                missed = 0;
                if counted_from.elapsed() >= SECOND {
                    (counted_from, counted) = (Instant::now(), 0);
                }
                counted += 1;
                match frame {
                    Some(Ok(Message::Text(text))) => match decode_desk(&text) {
                        Ok(DeskFrame::Command { id, command }) => {
                            line.active = true;
                            let (wishes, _) = wishing.get_or_insert_with(|| commands(&line, cut.clone()));
                            wishes.try_send(Box::new((id, command))).map_err(|_| End::Gone)
                        }
                        Ok(frame) => Box::pin(line.said(frame)).await,
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

/// Boxed: a channel keeps room for 32 of them even while nothing is wished, in every desk.
type Wish = Box<(CommandId, shared::command::Command)>;
type Answer = Box<(CommandId, Outcome)>;

/// The way of wishes to their decision, and of answers back.
type Commands = (mpsc::Sender<Wish>, mpsc::Receiver<Answer>);

/// The next answer; never resolves before the first wish.
async fn answer(commands: &mut Option<Commands>) -> Option<Answer> {
    match commands {
        Some((_, answers)) => answers.recv().await,
        None => std::future::pending().await,
    }
}

/// Whether a wish finds a place.
fn is_free(commands: Option<&Commands>) -> bool {
    commands.is_none_or(|(wishes, _)| wishes.capacity() > 0)
}

/// Commands of one socket are decided in the order in which they came, beside everything else it does. One that is
/// under way when the socket ends is finished all the same; its answer waits under its id. Those that wait when the
/// session ends are not done.
fn commands(line: &Line<'_>, cut: CancellationToken) -> Commands {
    let (wishes, mut queue) = mpsc::channel::<Wish>(config::COMMANDS_AT_ONCE);
    let (answer, answers) = mpsc::channel(config::COMMANDS_AT_ONCE);
    let (engine, user) = (line.hub.engine.clone(), line.pass.user);
    tokio::spawn(async move {
        while let Some(wish) = queue.recv().await {
            if cut.is_cancelled() {
                break;
            }
            let (id, command) = *wish;
            let outcome = Box::pin(engine.command(user, id, command)).await;
            if answer.send(Box::new((id, outcome))).await.is_err() {
                break;
            }
        }
    });
    (wishes, answers)
}
