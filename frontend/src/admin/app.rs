//! Who may be here: admins alone. Others are sent to log in, or told plainly. It holds no page itself.

use super::api::{self, Fault};
use super::shell::Shell;
use crate::browser::location;
use crate::language::admin::{access as words, shell};
use crate::language::keys::boot;
use crate::language::{fill, t};
use crate::ui::{Connecting, EmptyState, ErrorState, Icon, Sign};
use leptos::prelude::*;
use shared::config::Role;
use shared::wire::{SessionAnswer, UserBody};
use wasm_bindgen_futures::spawn_local;

/// Who is here.
#[derive(Clone, PartialEq, Eq)]
enum Who {
    /// Nobody knows yet.
    Asking,
    /// An admin.
    Admin(UserBody),
    /// Somebody else.
    Other(String),
    /// On the way to the login page.
    Leaving,
    /// The relay cannot say.
    Away(String),
}

/// The whole admin.
#[component]
pub fn App() -> impl IntoView {
    let who = RwSignal::new(Who::Asking);
    ask(who);
    move || match who.get() {
        Who::Asking => view! { <Connecting words=t(boot::STARTING) /> }.into_any(),
        Who::Leaving => view! { <Connecting words=t(words::LEAVING) /> }.into_any(),
        Who::Admin(me) => view! { <Shell me /> }.into_any(),
        Who::Other(name) => view! { <NotForYou name /> }.into_any(),
        Who::Away(why) => view! {
            <main class="login">
                <ErrorState
                    title=t(words::FAILED)
                    text=why
                    on_retry=move |()| {
                        who.set(Who::Asking);
                        ask(who);
                    }
                />
            </main>
        }
        .into_any(),
    }
}

fn ask(who: RwSignal<Who>) {
    spawn_local(async move {
        let answer: Result<SessionAnswer, Fault> = api::get("session").await;
        who.set(match answer {
            Ok(SessionAnswer { user, .. }) if user.role == Role::Admin => Who::Admin(user),
            Ok(SessionAnswer { user, .. }) => Who::Other(user.name),
            Err(fault) if fault.status == Some(401) => Who::Leaving,
            Err(fault) => Who::Away(fault.sentence),
        });
    });
}

/// Said to whoever is logged in and no admin.
#[component]
fn NotForYou(name: String) -> impl IntoView {
    let text = fill(words::NOT_FOR_YOU_TEXT, &[("name", &name)]);
    view! {
        <main class="login" data-testid="not-for-you">
            <EmptyState sign=Sign::Lock title=t(words::NOT_FOR_YOU) text=text>
                <a class="btn" href=location::url("../") data-testid="to-desk">
                    <Icon sign=Sign::ChevronStart mirror=true />
                    {t(shell::BACK)}
                </a>
            </EmptyState>
        </main>
    }
}
