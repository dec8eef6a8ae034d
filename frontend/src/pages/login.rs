//! The login page: name and password, or one click in the demo. The password stays in its field and goes nowhere else.

use super::words;
use crate::browser::location;
use crate::desk::{DemoLogin, Desk, Login};
use crate::language::keys::login;
use crate::language::t;
use crate::reading::{Reading, follow, live};
use crate::ui::{Avatar, Button, Icon, Kind, Sign, TextField, When, initials};
use leptos::html;
use leptos::prelude::*;
use shared::config::Role;
use web_sys::SubmitEvent;

/// The login page.
#[component]
pub fn LoginPage(desk: Desk) -> impl IntoView {
    view! {
        <main class="login">
            <div class="login-card">
                <div class="login-head">
                    <img class="login-logo" src=location::url("favicon.svg") alt="" width="40" height="40" />
                    <h1>{words::NAME}</h1>
                    <p class="quiet">{t(login::CLAIM)}</p>
                </div>
                <LoginForm desk />
                <DemoLogins desk />
                <PhonesLink desk />
            </div>
        </main>
    }
}

/// Name and password.
#[component]
fn LoginForm(desk: Desk) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    let state = desk.login_state();
    let refused = desk.login_refused();
    let asking = Signal::derive(move || state.get() == Login::Asking);
    let error = move || if missing.get() { Some(t(login::BOTH).to_owned()) } else { refused.get() };
    follow(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty =
            name.with_untracked(|name| name.trim().is_empty()) || password.with_untracked(String::is_empty);
        missing.set(empty);
        if !empty {
            desk.log_in(name.get_untracked().trim(), &password.get_untracked());
        }
    };
    view! {
        <form class="login-form" on:submit=submit>
            <TextField
                id="login"
                label=t(login::LOGIN)
                value=name
                autocomplete="username"
                node_ref=field
                testid="login-name"
            />
            <TextField
                id="password"
                label=t(login::PASSWORD)
                value=password
                kind="password"
                autocomplete="current-password"
                testid="login-password"
            />
            <div role="alert">
                {live(move || {
                    error()
                        .map(|words| {
                            view! {
                                <p class="error" data-testid="login-error">
                                    {words}
                                </p>
                            }
                            .into_any()
                        })
                })}
            </div>
            <Button kind=Kind::Primary submit=true wide=true busy=asking testid="login-submit">
                {live(move || if asking.get() { t(login::LOGGING_IN) } else { t(login::LOG_IN) })}
            </Button>
        </form>
    }
}

/// The people of the demo, one click each.
#[component]
fn DemoLogins(desk: Desk) -> impl IntoView {
    let logins = desk.demo_logins();
    let some = Reading::of(move || logins.with(|logins| !logins.is_empty()));
    view! {
        <When is=move || some.get()>
            <section class="login-demo">
                <h2>{t(login::DEMO)}</h2>
                <ul>{live(move || logins.get().into_iter().map(|one| demo_login(desk, one)).collect_view())}</ul>
            </section>
        </When>
    }
}

fn demo_login(desk: Desk, one: DemoLogin) -> AnyView {
    let DemoLogin { login, name, role, password } = one;
    let testid = ["login-demo-", &login].concat();
    let letters = initials(&name);
    let role = match role {
        Role::Agent => t(login::AGENT),
        Role::Supervisor => t(login::SUPERVISOR),
        Role::Admin => t(login::ADMIN),
    };
    view! {
        <li>
            <button
                class="login-user"
                type="button"
                data-testid=testid
                on:click=move |_| desk.log_in(&login, &password)
            >
                <Avatar initials=letters />
                <span class="row-main">
                    <span class="row-title">{name}</span>
                    <span class="row-sub">{role}</span>
                </span>
                <Icon sign=Sign::ChevronEnd mirror=true />
            </button>
        </li>
    }
    .into_any()
}

/// Where the demo's customers write.
#[component]
fn PhonesLink(desk: Desk) -> impl IntoView {
    let phones = desk.phones();
    live(move || {
        phones.get().map(|phones| {
            view! {
                <a class="login-phones" href=phones.0 target="_blank" rel="noopener" data-testid="login-phones">
                    <Icon sign=Sign::Phone />
                    {t(login::PHONES)}
                    <Icon sign=Sign::External small=true />
                </a>
            }
        })
    })
}
