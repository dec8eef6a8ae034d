//! When to connect, to greet, to ask whether anybody is there, and when to try again: pure, its clock and chance are arguments.

use shared::time::Span;
use shared::wire::Bye;

/// The first step of the back-off, in milliseconds; doubles with each attempt.
const FIRST_STEP_MS: i64 = 500;
/// The longest wait between two attempts, in milliseconds.
const LONGEST_STEP_MS: i64 = 30_000;
/// A connection that lasted this long was a good one: the back-off begins anew, in milliseconds.
const GOOD_AFTER_MS: i64 = 30_000;
/// How long opening and greeting may take, in milliseconds.
const PATIENCE_MS: i64 = 10_000;
/// The time between two pings, in milliseconds; below the minute that proxies commonly allow.
const PING_EVERY_MS: i64 = 20_000;
/// Pings in a row that may stay unanswered.
const MISSED_PINGS: u8 = 2;
/// Silence after which a connection is dead however few pings went out (the device slept), in milliseconds.
const DEAD_AFTER_MS: i64 = 90_000;
/// A spread over which desks come back after a restart, in milliseconds, so that they do not come all at once.
const RETURN_SPREAD_MS: i64 = 1_000;
/// The attempt a desk goes on from that the relay could not understand: a fault does not pass within a second.
const FAULTY_ATTEMPT: u32 = 4;

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not wanted.
    Stopped(Stop),
    /// The device has no network.
    Offline,
    /// A socket is being opened.
    Connecting,
    /// The hello went out.
    Greeting,
    /// The relay welcomed the desk.
    Live,
    /// The next attempt comes at this instant.
    Backoff {
        /// The instant, on the same clock as every `now`.
        until: i64,
    },
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody asked for one yet.
    NotStarted,
    /// Nobody is logged in.
    LoggedOut,
    /// The relay speaks another version.
    Outdated,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A connection is wanted.
    Start,
    /// It is not wanted any more.
    Stop(Stop),
    /// The socket opened.
    Opened,
    /// The relay welcomed the desk.
    Welcomed,
    /// Any frame came.
    Heard,
    /// The socket closed or could not be opened.
    Lost,
    /// The relay said good-bye.
    Bye {
        /// Why.
        reason: Bye,
        /// When to come back at the earliest; none = do not.
        retry_after: Option<Span>,
    },
    /// The device says it has a network, or has none.
    Network(bool),
    /// The agent looks at the tab, or asks for an attempt now.
    Shown,
    /// Time went by.
    Tick,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Open a socket.
    Connect,
    /// Say hello.
    Greet,
    /// Ask whether anybody is there.
    Ping,
    /// Close the socket and hear no more of it.
    Close,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Machine {
    state: State,
    online: bool,
    since: i64,
    attempt: u32,
    heard: i64,
    ping_at: i64,
    unanswered: u8,
}

impl Machine {
    /// A machine at rest; `online` is what the device believes.
    #[must_use]
    pub const fn new(online: bool) -> Self {
        let state = State::Stopped(Stop::NotStarted);
        Self { state, online, since: 0, attempt: 0, heard: 0, ping_at: 0, unanswered: 0 }
    }

    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// When it has to be told of the time at the latest.
    #[must_use]
    pub const fn wake_at(&self) -> Option<i64> {
        match self.state {
            State::Stopped(_) | State::Offline => None,
            State::Connecting | State::Greeting => Some(self.since.saturating_add(PATIENCE_MS)),
            State::Live => Some(self.ping_at),
            State::Backoff { until } => Some(until),
        }
    }

    /// Takes in what happened at `now` (milliseconds of a clock that never goes back); `chance` lies in 0 to 1,000.
    pub fn step(&mut self, now: i64, chance: u32, input: Input) -> Vec<Act> {
        match (input, self.state) {
            (Input::Start, State::Stopped(_)) => self.connect(now),
            (Input::Stop(why), _) => self.rest(State::Stopped(why)),
            (Input::Network(online), state) => {
                self.online = online;
                match (online, state) {
                    (true, State::Offline | State::Backoff { .. }) => self.connect(now),
                    (true, State::Live) => self.probe(now, chance),
                    (_, State::Stopped(_)) | (true, _) | (false, State::Offline) => Vec::new(),
                    (false, _) => self.rest(State::Offline),
                }
            }
            (Input::Shown, State::Backoff { .. } | State::Offline) => {
                // Looked at: whatever the device believes about its network, one attempt costs little.
                self.attempt = 0;
                self.connect(now)
            }
            (Input::Shown, State::Live) => self.probe(now, chance),
            (Input::Opened, State::Connecting) => {
                self.state = State::Greeting;
                self.since = now;
                vec![Act::Greet]
            }
            (Input::Welcomed, State::Greeting) => {
                self.state = State::Live;
                self.since = now;
                self.heard = now;
                self.unanswered = 0;
                self.ping_at = now.saturating_add(PING_EVERY_MS);
                Vec::new()
            }
            (Input::Heard, State::Live) => {
                self.heard = now;
                self.unanswered = 0;
                Vec::new()
            }
            (Input::Lost, State::Connecting | State::Greeting | State::Live) => self.fail(now, chance),
            (Input::Bye { reason, retry_after }, State::Connecting | State::Greeting | State::Live) => {
                self.dismissed(now, chance, reason, retry_after)
            }
            (Input::Tick, _) => self.tick(now, chance),
            _ => Vec::new(),
        }
    }

    fn tick(&mut self, now: i64, chance: u32) -> Vec<Act> {
        match self.state {
            State::Connecting | State::Greeting if now.saturating_sub(self.since) >= PATIENCE_MS => {
                self.fail(now, chance)
            }
            State::Live if now.saturating_sub(self.heard) > DEAD_AFTER_MS => self.fail(now, chance),
            State::Live if now >= self.ping_at => self.ping(now, chance),
            State::Backoff { until } if now >= until => self.connect(now),
            _ => Vec::new(),
        }
    }

    fn connect(&mut self, now: i64) -> Vec<Act> {
        self.state = State::Connecting;
        self.since = now;
        vec![Act::Connect]
    }

    fn rest(&mut self, state: State) -> Vec<Act> {
        let open = matches!(self.state, State::Connecting | State::Greeting | State::Live);
        self.state = state;
        self.attempt = 0;
        if open { vec![Act::Close] } else { Vec::new() }
    }

    /// Asks at once, after the device may have slept.
    fn probe(&mut self, now: i64, chance: u32) -> Vec<Act> {
        if now.saturating_sub(self.heard) > DEAD_AFTER_MS {
            self.fail(now, chance)
        } else {
            self.ping(now, chance)
        }
    }

    fn ping(&mut self, now: i64, chance: u32) -> Vec<Act> {
        if self.unanswered >= MISSED_PINGS {
            return self.fail(now, chance);
        }
        self.unanswered += 1;
        self.ping_at = now.saturating_add(PING_EVERY_MS);
        vec![Act::Ping]
    }

    /// The connection failed: close what is left of it and wait a while, any while up to the step ("full jitter").
    fn fail(&mut self, now: i64, chance: u32) -> Vec<Act> {
        if self.state == State::Live && now.saturating_sub(self.since) >= GOOD_AFTER_MS {
            self.attempt = 0;
        }
        if self.online {
            let step = FIRST_STEP_MS.saturating_mul(1 << self.attempt.min(10)).min(LONGEST_STEP_MS);
            let until = now.saturating_add(share(step, chance));
            self.attempt = self.attempt.saturating_add(1);
            self.state = State::Backoff { until };
        } else {
            self.state = State::Offline;
        }
        vec![Act::Close]
    }

    fn dismissed(&mut self, now: i64, chance: u32, reason: Bye, retry_after: Option<Span>) -> Vec<Act> {
        match (reason, retry_after) {
            (Bye::LoggedOut, _) => self.rest(State::Stopped(Stop::LoggedOut)),
            (Bye::Protocol, _) | (Bye::Unknown, None) => self.rest(State::Stopped(Stop::Outdated)),
            (_, Some(after)) => {
                let until =
                    now.saturating_add(after.0.max(0)).saturating_add(share(RETURN_SPREAD_MS, chance));
                self.state = State::Backoff { until };
                vec![Act::Close]
            }
            (Bye::Malformed, None) => {
                self.attempt = self.attempt.max(FAULTY_ATTEMPT);
                self.since = now;
                self.fail(now, chance)
            }
            (Bye::TooSlow | Bye::Restarting, None) => self.fail(now, chance),
        }
    }
}

/// So many thousandths of a length.
fn share(length: i64, chance: u32) -> i64 {
    length.saturating_mul(i64::from(chance.min(1_000))) / 1_000
}
