//! Lines across the screen: the connection and accounts while they are not good, a pause nobody chose, a device that keeps nothing, the first steps of a demo.

use super::way::Way;
use super::words;
use crate::alerts::{Sound, Taste};
use crate::browser::notify::{self, Consent};
use crate::browser::{keep, location};
use crate::desk::{Availability, Desk, Keeping, Standing};
use crate::language::keys::login;
use crate::language::{Key, t};
use crate::reading::{Reading, follow, live};
use crate::ui::{Banner, Button, Device, Sign, Tone, When};
use leptos::prelude::*;
use shared::config::Role;

/// Where it is remembered that the first steps were explained.
const COACHED: &str = "signalbox-coach";

/// All banners; mostly none.
#[component]
pub fn Banners(desk: Desk, way: Way, taste: Taste) -> impl IntoView {
    let coached = RwSignal::new(keep::recall(COACHED).is_some());
    view! {
        <div class="banners">
            {connection(desk)} {accounts(desk)} {pause(desk, way)} {storage(desk)} {sounds(taste)}
            {notices(desk, coached)} {coach(desk, coached)}
        </div>
    }
}

/// A banner while there is something to say; drawn once, so that its button keeps the focus while its words change. All of
/// them are made here: each draws what the browser would otherwise download anew for every one.
fn line(
    said: Reading<Option<String>>,
    (tone, sign): (Tone, Sign),
    testid: &'static str,
    action: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let action = ViewFn::from(action);
    view! {
        <When is=move || said.with(Option::is_some)>
            <Banner tone sign action=action.clone() testid>
                <span class="num">{live(move || said.get())}</span>
            </Banner>
        </When>
    }
    .into_any()
}

/// The button of a banner.
fn press(words: Key, testid: &'static str, press: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <Button small=true on_press=Callback::new(move |()| press()) testid>
            {t(words)}
        </Button>
    }
    .into_any()
}

/// How the connection stands while it is not good.
fn connection(desk: Desk) -> AnyView {
    let connection = desk.connection();
    let said = Reading::of(move || connection.get().sentence());
    let outdated = Reading::of(move || connection.get().standing == Standing::Outdated);
    line(said, (Tone::Amber, Sign::Offline), "connection", move || {
        live(move || {
            if outdated.get() {
                press(words::RELOAD, "reconnect", location::reload)
            } else {
                press(words::RECONNECT, "reconnect", move || desk.reconnect())
            }
        })
        .into_any()
    })
}

/// What is wrong with accounts; whoever can mend it gets there from here.
fn accounts(desk: Desk) -> AnyView {
    let troubles = desk.account_troubles();
    let said = Reading::of(move || Some(troubles.get()).filter(|said| !said.is_empty()));
    let me = desk.me();
    let admin = Reading::of(move || me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    line(said, (Tone::Amber, Sign::Alert), "accounts", move || {
        let link = || {
            view! {
                <a class="btn" data-size="small" href=location::url("admin/connectors") data-testid="to-connectors">
                    {t(words::CONNECTORS)}
                </a>
            }
        };
        admin.get().then(link).into_any()
    })
}

/// Which pause, why, since when, and the way back; said of one that was chosen only to who takes somebody who waits.
fn pause(desk: Desk, way: Way) -> AnyView {
    let device = Device::here();
    let availability = desk.availability();
    let asked = desk.presence_asked();
    let said = Reading::of(move || match availability.get() {
        Availability::Paused { pause, since, cause } => {
            words::paused(&pause, cause, &(device.time_of_day)(since.0), way.pulled.get())
        }
        _ => None,
    });
    follow(move || {
        if !availability.with(|is| matches!(is, Availability::Paused { .. })) {
            way.pulled.set(false);
        }
    });
    line(said, (Tone::Amber, Sign::Pause), "pause-banner", move || {
        view! {
            <Button small=true busy=asked on_press=move |()| desk.resume() testid="back-to-work">
                {t(words::BACK_TO_WORK)}
            </Button>
        }
        .into_any()
    })
}

/// The device keeps nothing: said once.
fn storage(desk: Desk) -> AnyView {
    let keeping = desk.storage_state();
    let read = RwSignal::new(false);
    let said = Reading::of(move || match keeping.get() {
        Keeping::Nothing(why) if !read.get() => Some([why.as_str(), " ", t(words::NOT_KEPT)].concat()),
        _ => None,
    });
    let action = move || press(words::DISMISS, "storage-read", move || read.set(true));
    line(said, (Tone::Plain, Sign::Info), "storage", action)
}

/// The browser holds sounds back until the page is touched: said when the first one was not heard.
fn sounds(taste: Taste) -> AnyView {
    let said = Reading::of(move || taste.held_back.get().then(|| t(words::SOUNDS_HELD).to_owned()));
    let action = move || press(words::SOUNDS_ON, "sounds-on", move || taste.play(Sound::Message));
    line(said, (Tone::Amber, Sign::Info), "sounds-banner", action)
}

/// Asks once on a device whether the system may show what rings while another window is looked at. Not before somebody is
/// in a queue, for whoever only looks around has nothing to be told of; nor beside the first steps, for one thing is said
/// at a time.
fn notices(desk: Desk, coached: RwSignal<bool>) -> AnyView {
    const ASKED: &str = "signalbox-notices";
    let asks = RwSignal::new(notify::consent() == Consent::Unasked && keep::recall(ASKED).is_none());
    let (queues, phones) = (desk.my_queues(), desk.phones());
    let said = Reading::of(move || {
        let works = || queues.with(|all| all.iter().any(|one| one.joined));
        let shows = asks.get() && works() && (coached.get() || phones.with(Option::is_none));
        shows.then(|| t(words::NOTICES_ASK).to_owned())
    });
    let done = move || {
        keep::remember(ASKED, "1");
        asks.set(false);
    };
    let yes = move || {
        done();
        notify::ask(|_| {});
    };
    line(said, (Tone::Accent, Sign::Info), "notices-banner", move || {
        let yes = press(words::NOTICES_ON, "notices-on", yes);
        (yes, press(words::NOTICES_LATER, "notices-later", done)).into_any()
    })
}

/// The first steps, in a demo alone: somebody writes, accept, answer. Closed once, it never comes back on this device.
fn coach(desk: Desk, coached: RwSignal<bool>) -> AnyView {
    let (phones, offers, tabs) = (desk.phones(), desk.offers(), desk.tabs());
    let said = Reading::of(move || {
        let step = if tabs.with(|tabs| !tabs.is_empty()) {
            words::COACH_ANSWER
        } else if offers.with(|offers| !offers.is_empty()) {
            words::COACH_ACCEPT
        } else {
            words::COACH_WRITE
        };
        (!coached.get() && phones.with(Option::is_some)).then(|| t(step).to_owned())
    });
    let close = move || {
        keep::remember(COACHED, "1");
        coached.set(true);
    };
    line(said, (Tone::Plain, Sign::Info), "coach", move || {
        let open = phones.get().map(|phones| {
            view! {
                <a class="btn" data-size="small" href=phones.0 target="_blank" rel="noopener">
                    {t(login::PHONES)}
                </a>
            }
        });
        (open, press(words::DISMISS, "coach-close", close)).into_any()
    })
}
