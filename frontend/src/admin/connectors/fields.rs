//! The fields of an account, shared by connecting one and by its settings: what was typed, what of it is saved. It draws each field.

use super::wish::Wish;
use crate::admin::api::{self, Fault};
use crate::admin::form::{ChoiceField, Said, SecretField, SwitchField};
use crate::admin::guide::{Kind, NewQueue};
use crate::admin::load::{self, Load};
use crate::language::admin::{connectors as words, form};
use crate::language::{fill, isolated, t};
use crate::reading::Reading;
use crate::ui::{Button, Kind as Weight, TextField};
use leptos::prelude::*;
use shared::channel::{Channel, Window};
use shared::id::ConnectorId;
use shared::wire::{ConnectorBody, QueueBody};

/// Fields beside which the relay's words are shown.
pub(in crate::admin) const SHOWN: &[&str] = &["title", "account", "business", "queue", "welcome", "base_url"];

/// What was typed. A copy is as good as the original.
#[derive(Clone, Copy)]
pub(in crate::admin) struct Fields {
    pub(in crate::admin) kind: Kind,
    pub(in crate::admin) title: RwSignal<String>,
    pub(in crate::admin) account: RwSignal<String>,
    pub(in crate::admin) app: RwSignal<String>,
    pub(in crate::admin) business: RwSignal<String>,
    pub(in crate::admin) welcome: RwSignal<String>,
    pub(in crate::admin) queue: RwSignal<String>,
    pub(in crate::admin) base: RwSignal<String>,
    pub(in crate::admin) enabled: RwSignal<bool>,
    pub(in crate::admin) human_agent: RwSignal<bool>,
    pub(in crate::admin) token: RwSignal<String>,
    pub(in crate::admin) has_token: RwSignal<bool>,
    /// Whether a save was tried without a token that is needed.
    pub(in crate::admin) lacks_token: RwSignal<bool>,
    pub(in crate::admin) said: Said,
    /// What is saved.
    saved: RwSignal<Wish>,
}

fn filled(text: RwSignal<String>) -> Option<String> {
    text.with(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

impl Fields {
    /// The fields of an account there is, or of a new one of this kind.
    pub(in crate::admin) fn of(kind: Kind, old: Option<&ConnectorBody>) -> Self {
        let wish = old.map_or_else(|| Wish::of_kind(kind), Wish::of);
        let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
        Self {
            kind,
            title: RwSignal::new(wish.title.clone()),
            account: RwSignal::new(wish.account.clone()),
            app: RwSignal::new(wish.app.clone()),
            business: text(wish.business.clone()),
            welcome: text(wish.welcome.clone()),
            queue: text(wish.queue.map(|id| id.to_string())),
            base: text(wish.base_url.clone()),
            enabled: RwSignal::new(wish.enabled),
            human_agent: RwSignal::new(wish.human_agent),
            token: RwSignal::new(String::new()),
            has_token: RwSignal::new(old.is_some_and(|old| old.has_token)),
            lacks_token: RwSignal::new(false),
            said: Said::new(),
            saved: RwSignal::new(wish),
        }
    }

    /// What was typed, to be saved.
    pub(in crate::admin) fn wish(self) -> Wish {
        Wish {
            channel: self.kind.channel(),
            title: self.title.with(|title| title.trim().to_owned()),
            account: self.account.with(|account| account.trim().to_owned()),
            app: self.app.get(),
            base_url: filled(self.base),
            business: filled(self.business),
            welcome: filled(self.welcome),
            queue: self.queue.get().parse().ok(),
            enabled: self.enabled.get(),
            human_agent: self.human_agent.get(),
            token: filled(self.token),
        }
    }

    /// Whether something is not saved. The app is chosen elsewhere.
    pub(in crate::admin) fn is_dirty(self) -> bool {
        let now = self.wish();
        self.saved.with(|saved| Wish { app: now.app.clone(), ..saved.clone() } != now)
    }

    /// The name that is saved.
    pub(in crate::admin) fn saved_title(self) -> String {
        self.saved.with(|saved| saved.title.clone())
    }

    /// Saves what was typed, under this id or as a new account.
    pub(in crate::admin) async fn save(self, id: Option<ConnectorId>) -> Result<ConnectorBody, Fault> {
        let wish = untrack(|| self.wish());
        self.said.nothing();
        let kept: ConnectorBody = match id {
            Some(id) => api::send("PUT", &["connectors/", &id.to_string()].concat(), &wish).await?,
            None => api::send("POST", "connectors", &wish).await?,
        };
        // The page may have been left meanwhile.
        let _ = self.token.try_set(String::new());
        let _ = self.has_token.try_set(kept.has_token);
        let _ = self.saved.try_set(Wish { token: None, ..wish });
        Ok(kept)
    }
}

/// The name agents see.
#[component]
pub(in crate::admin) fn TitleField(fields: Fields) -> impl IntoView {
    view! {
        <TextField
            id="title"
            label=t(words::NAME)
            value=fields.title
            hint=t(words::NAME_HINT)
            error=fields.said.of("title", t(words::NAME))
            testid="title"
        />
    }
}

/// The account above, where one is needed.
#[component]
pub(in crate::admin) fn BusinessField(fields: Fields) -> impl IntoView {
    fields.kind.business().map(|ask| {
        view! {
            <TextField
                id="business"
                label=ask.label
                value=fields.business
                hint=ask.hint
                error=fields.said.of("business", ask.label)
                testid="business"
            />
        }
    })
}

/// The access token.
#[component]
pub(in crate::admin) fn TokenField(fields: Fields) -> impl IntoView {
    let ask = fields.kind.token();
    let label = ask.label;
    let lacking = Signal::derive(move || {
        let lacks = fields.lacks_token.get() && fields.token.with(String::is_empty);
        lacks.then(|| fill(form::ENTER, &[("field", label)]))
    });
    view! {
        <SecretField id="token" label stored=fields.has_token value=fields.token hint=ask.hint error=lacking />
    }
}

/// Where the customers wait: a queue of the channel, or a new one.
#[component]
pub(in crate::admin) fn QueueField(fields: Fields) -> impl IntoView {
    let Fields { kind, queue, said, .. } = fields;
    let queues: RwSignal<Load<Vec<QueueBody>>> = load::fetched("queues");
    let makes = RwSignal::new(false);
    let options = Reading::of(move || {
        let own =
            queues.get().ready().unwrap_or_default().into_iter().filter(|one| one.channel == kind.channel());
        own.map(|one| {
            let id = one.id.map(|id| id.to_string()).unwrap_or_default();
            (id, isolated(&[one.number.to_string().as_str(), " ", &one.title].concat()))
        })
        .collect::<Vec<_>>()
    });
    let placeholder = Signal::derive(move || {
        let none = queues.with(|queues| matches!(queues, Load::Ready(_))) && options.with(Vec::is_empty);
        t(if none { words::NO_QUEUE } else { words::QUEUE_CHOOSE }).to_owned()
    });
    let made = move |id: String| {
        load::fetch(queues, "queues");
        queue.set(id);
        makes.set(false);
    };
    view! {
        <div class="stack">
            <ChoiceField
                id="queue"
                label=t(words::QUEUE)
                options
                value=queue
                placeholder
                hint=t(words::QUEUE_HINT)
                error=said.of("queue", t(words::QUEUE))
            />
            {move || {
                if makes.get() {
                    view! { <NewQueue kind on_made=made on_cancel=move |()| makes.set(false) /> }.into_any()
                } else {
                    view! {
                        <Button kind=Weight::Link on_press=move |()| makes.set(true) testid="new-queue">
                            {t(words::NEW_QUEUE)}
                        </Button>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Whether agents may answer for a week, where the channel knows such a right.
#[component]
pub(in crate::admin) fn HumanAgentField(fields: Fields) -> impl IntoView {
    let window = fields.kind.channel().capabilities().window;
    matches!(window, Window::AfterCustomer { human: Some(_), .. }).then(|| {
        view! {
            <SwitchField
                id="human-agent"
                label=t(words::HUMAN_AGENT)
                hint=t(words::HUMAN_AGENT_HINT)
                value=fields.human_agent
            />
        }
    })
}

/// What greets a customer who opens the conversation, where the channel tells of that.
#[component]
pub(in crate::admin) fn WelcomeField(fields: Fields) -> impl IntoView {
    (fields.kind.channel() == Channel::Viber).then(|| {
        view! {
            <TextField
                id="welcome"
                label=t(words::WELCOME)
                value=fields.welcome
                hint=t(words::WELCOME_HINT)
                error=fields.said.of("welcome", t(words::WELCOME))
                testid="welcome"
            />
        }
    })
}

/// What only tests and unusual set-ups need.
#[component]
pub(in crate::admin) fn Advanced(fields: Fields) -> impl IntoView {
    let open = fields.base.with_untracked(|base| !base.is_empty());
    view! {
        <details class="advanced" open=open>
            <summary data-testid="advanced">{t(words::ADVANCED)}</summary>
            <TextField
                id="base-url"
                label=t(words::BASE_URL)
                value=fields.base
                hint=t(words::BASE_URL_HINT)
                error=fields.said.of("base_url", t(words::BASE_URL))
                testid="base-url"
            />
        </details>
    }
}
