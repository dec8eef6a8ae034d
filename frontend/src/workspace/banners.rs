//! Lines across the screen: the connection and accounts while they are not good, a pause nobody chose, a device that keeps nothing, the first steps of a demo.

use super::words;
use crate::alerts::{Sound, Taste};
use crate::browser::notify::{self, Consent};
use crate::browser::{keep, location};
use crate::desk::{Availability, Desk, Keeping, Standing};
use crate::language::keys::login;
use crate::language::t;
use crate::reading::{Reading, live};
use crate::ui::{Banner, Button, Device, Kind, Sign, Tone, When};
use leptos::prelude::*;
use shared::config::Role;

/// Where it is remembered that the first steps were explained.
const COACHED: &str = "signalbox-coach";

/// All banners; mostly none.
#[component]
pub fn Banners(desk: Desk, taste: Taste) -> impl IntoView {
    let coached = RwSignal::new(keep::recall(COACHED).is_some());
    view! {
        <div class="banners">
            <ConnectionBanner desk />
            <AccountsBanner desk />
            <PauseBanner desk />
            <StorageBanner desk />
            <SoundBanner taste />
            <NoticeBanner desk coached />
            <Coach desk coached />
        </div>
    }
}

/// How the connection stands while it is not good.
#[component]
fn ConnectionBanner(desk: Desk) -> impl IntoView {
    let connection = desk.connection();
    let bad = Reading::of(move || connection.get().sentence().is_some());
    let outdated = Reading::of(move || connection.get().standing == Standing::Outdated);
    let press = move |()| if outdated.get_untracked() { location::reload() } else { desk.reconnect() };
    let action = move || {
        view! {
            <Button small=true on_press=press testid="reconnect">
                {live(move || if outdated.get() { t(words::RELOAD) } else { t(words::RECONNECT) })}
            </Button>
        }
    };
    view! {
        <When is=move || bad.get()>
            <Banner tone=Tone::Amber sign=Sign::Offline action testid="connection">
                <span class="num">{live(move || connection.get().sentence())}</span>
            </Banner>
        </When>
    }
}

/// What is wrong with accounts; whoever can mend it gets there from here.
#[component]
fn AccountsBanner(desk: Desk) -> impl IntoView {
    let said = desk.account_troubles();
    let me = desk.me();
    let admin = Reading::of(move || me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    let action = move || {
        admin.get().then(|| {
            view! {
                <a class="btn" data-size="small" href=location::url("admin/connectors") data-testid="to-connectors">
                    {t(words::CONNECTORS)}
                </a>
            }
        })
    };
    view! {
        <When is=move || said.with(|said| !said.is_empty())>
            <Banner tone=Tone::Amber sign=Sign::Alert action testid="accounts">
                {live(move || said.get())}
            </Banner>
        </When>
    }
}

/// Which pause, why, since when, and the way back.
#[component]
fn PauseBanner(desk: Desk) -> impl IntoView {
    let device = Device::here();
    let availability = desk.availability();
    let asked = desk.presence_asked();
    let words = Reading::of(move || match availability.get() {
        Availability::Paused { pause, since, cause } => {
            words::paused_by_itself(&pause, cause, &(device.time_of_day)(since.0))
        }
        _ => None,
    });
    let action = move || {
        view! {
            <Button small=true busy=asked on_press=move |()| desk.resume() testid="back-to-work">
                {t(words::BACK_TO_WORK)}
            </Button>
        }
    };
    view! {
        <When is=move || words.get().is_some()>
            <Banner tone=Tone::Amber sign=Sign::Pause action testid="pause-banner">
                {live(move || words.get())}
            </Banner>
        </When>
    }
}

/// The browser holds sounds back until the page is touched: said when the first one was not heard.
#[component]
fn SoundBanner(taste: Taste) -> impl IntoView {
    let action = move || {
        view! {
            <Button small=true on_press=move |()| taste.play(Sound::Message) testid="sounds-on">
                {t(words::SOUNDS_ON)}
            </Button>
        }
    };
    view! {
        <When is=move || taste.held_back.get()>
            <Banner tone=Tone::Amber sign=Sign::Info action testid="sounds-banner">
                {t(words::SOUNDS_HELD)}
            </Banner>
        </When>
    }
}

/// Asks once on a device whether the system may show what rings while another window is looked at. Not before somebody is
/// in a queue, for whoever only looks around has nothing to be told of; nor beside the first steps, for one thing is said
/// at a time.
#[component]
fn NoticeBanner(desk: Desk, coached: RwSignal<bool>) -> impl IntoView {
    const ASKED: &str = "signalbox-notices";
    let asks = RwSignal::new(notify::consent() == Consent::Unasked && keep::recall(ASKED).is_none());
    let (queues, phones) = (desk.my_queues(), desk.phones());
    let shows = Reading::of(move || {
        let works = || queues.with(|all| all.iter().any(|one| one.joined));
        asks.get() && works() && (coached.get() || phones.with(Option::is_none))
    });
    let done = move || {
        keep::remember(ASKED, "1");
        asks.set(false);
    };
    let action = move || {
        view! {
            <Button small=true on_press=move |()| { done(); notify::ask(|_| {}); } testid="notices-on">
                {t(words::NOTICES_ON)}
            </Button>
            <Button small=true kind=Kind::Quiet on_press=move |()| done() testid="notices-later">
                {t(words::NOTICES_LATER)}
            </Button>
        }
    };
    view! {
        <When is=move || shows.get()>
            <Banner tone=Tone::Accent sign=Sign::Info action testid="notices-banner">
                {t(words::NOTICES_ASK)}
            </Banner>
        </When>
    }
}

/// The first steps, in a demo alone: somebody writes, accept, answer. Closed once, it never comes back on this device.
#[component]
fn Coach(desk: Desk, coached: RwSignal<bool>) -> impl IntoView {
    let (phones, offers, tabs) = (desk.phones(), desk.offers(), desk.tabs());
    let step = move || {
        t(if tabs.with(|tabs| !tabs.is_empty()) {
            words::COACH_ANSWER
        } else if offers.with(|offers| !offers.is_empty()) {
            words::COACH_ACCEPT
        } else {
            words::COACH_WRITE
        })
    };
    let close = move |()| {
        keep::remember(COACHED, "1");
        coached.set(true);
    };
    let action = move || {
        view! {
            {live(move || phones.get().map(|phones| view! {
                <a class="btn" data-size="small" href=phones.0 target="_blank" rel="noopener">
                    {t(login::PHONES)}
                </a>
            }))}
            <Button small=true on_press=close testid="coach-close">
                {t(words::DISMISS)}
            </Button>
        }
    };
    view! {
        <When is=move || !coached.get() && phones.with(Option::is_some)>
            <Banner tone=Tone::Plain sign=Sign::Info action testid="coach">
                {live(step)}
            </Banner>
        </When>
    }
}

/// The device keeps nothing: said once.
#[component]
fn StorageBanner(desk: Desk) -> impl IntoView {
    let keeping = desk.storage_state();
    let read = RwSignal::new(false);
    let why = Reading::of(move || match keeping.get() {
        Keeping::Nothing(why) if !read.get() => Some(why),
        _ => None,
    });
    let action = move || {
        view! {
            <Button small=true on_press=move |()| read.set(true)>
                {t(words::DISMISS)}
            </Button>
        }
    };
    view! {
        <When is=move || why.get().is_some()>
            <Banner tone=Tone::Plain sign=Sign::Info action testid="storage">
                {live(move || why.get())}
                " "
                {t(words::NOT_KEPT)}
            </Banner>
        </When>
    }
}
