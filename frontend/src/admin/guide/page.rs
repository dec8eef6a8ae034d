//! The page that connects an account: it asks the relay again and again how far it is, and opens one step at a time.

use super::account::AccountStep;
use super::address::AddressStep;
use super::app::AppStep;
use super::kind::Kind;
use super::progress::{Seen, Step};
use super::step::StepCard;
use super::subscribe::SubscribeStep;
use super::test::TestStep;
use super::webhook::WebhookStep;
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::{Crumb, Way};
use crate::browser::clock;
use crate::language::admin::{guide as words, shell};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::ChannelMark;
use leptos::prelude::*;
use shared::id::ConnectorId;
use shared::wire::{ConnectorBody, SetupBody};
use wasm_bindgen_futures::spawn_local;

/// How often the relay is asked how far it is, in milliseconds: somebody waits for it with a phone in their hand.
const LOOK: i32 = 2_000;

/// What the steps share. A copy is as good as the original.
#[derive(Clone, Copy)]
pub(super) struct Guide {
    pub(super) way: Way,
    pub(super) kind: Kind,
    /// The name of the Meta app; empty while there is none.
    pub(super) app: RwSignal<String>,
    /// All that is known of the account.
    pub(super) seen: Reading<Seen>,
    pub(super) setup: RwSignal<Load<SetupBody>>,
    pub(super) connectors: RwSignal<Load<Vec<ConnectorBody>>>,
    /// The step that is open.
    pub(super) open: RwSignal<Option<Step>>,
}

impl Guide {
    /// Something was saved: look again, and open what comes next.
    pub(super) fn went_on(self, next: Step) {
        self.way.keep_dirty(false);
        let _ = self.open.try_set(Some(next));
        self.look();
    }

    /// Asks the relay how far it is.
    pub(super) fn look(self) {
        spawn_local(async move {
            load::refresh(self.setup, "setup").await;
            load::refresh(self.connectors, "connectors").await;
        });
    }
}

/// Connecting an account of a kind, or going on with one there is.
#[component]
pub(in crate::admin) fn GuidePage(
    way: Way,
    kind: Option<Kind>,
    app: Option<String>,
    id: Option<ConnectorId>,
) -> impl IntoView {
    let setup = load::fetched("setup");
    let connectors: RwSignal<Load<Vec<ConnectorBody>>> = load::fetched("connectors");
    let app = RwSignal::new(app.unwrap_or_default());
    watch(setup, connectors);
    let both = Reading::of(move || match (setup.get(), connectors.get()) {
        (Load::Failed(why), _) | (_, Load::Failed(why)) => Some(Err(why)),
        (Load::Ready(_), Load::Ready(all)) => {
            let own = all.iter().find(|one| id.is_some() && one.id == id);
            Some(Ok(own.map(Kind::of_connector).or(kind)))
        }
        _ => None,
    });
    let retry = move || {
        setup.set(Load::Coming);
        connectors.set(Load::Coming);
        load::fetch(setup, "setup");
        load::fetch(connectors, "connectors");
    };
    move || match both.get() {
        None => view! { <div class="page">{load::bones()}</div> }.into_any(),
        Some(Err(why)) => {
            view! { <div class="page">{load::failed(t(words::NOT_FETCHED), why, retry)}</div> }.into_any()
        }
        Some(Ok(None)) => view! {
            <div class="page">
                {load::failed(t(words::NO_ACCOUNT), t(words::NO_ACCOUNT_TEXT).to_owned(), retry)}
            </div>
        }
        .into_any(),
        Some(Ok(Some(kind))) => {
            let seen = seen(setup, connectors, app, id);
            let open = RwSignal::new(Some(seen.with_untracked(|seen| Step::next(kind, seen))));
            let guide = Guide { way, kind, app, seen, setup, connectors, open };
            view! { <Steps guide /> }.into_any()
        }
    }
}

/// All that is known of the account.
fn seen(
    setup: RwSignal<Load<SetupBody>>,
    connectors: RwSignal<Load<Vec<ConnectorBody>>>,
    app: RwSignal<String>,
    id: Option<ConnectorId>,
) -> Reading<Seen> {
    // What was known stays while the relay cannot be asked.
    let known = StoredValue::new((None::<SetupBody>, Vec::<ConnectorBody>::new()));
    Reading::of(move || {
        if let Load::Ready(setup) = setup.get() {
            known.update_value(|known| known.0 = Some(setup));
        }
        if let Load::Ready(all) = connectors.get() {
            known.update_value(|known| known.1 = all);
        }
        let (setup, all) = known.get_value();
        let Some(setup) = setup else { return Seen::default() };
        let connector = all.into_iter().find(|one| id.is_some() && one.id == id);
        let name = connector.as_ref().map_or_else(|| app.get(), |one| one.app.clone());
        Seen {
            public_url: setup.public_url,
            app: setup.apps.into_iter().find(|app| app.app == name),
            connector,
            facts: setup.connectors.into_iter().find(|one| Some(one.connector) == id),
        }
    })
}

/// Asks again and again while the page is open.
fn watch(setup: RwSignal<Load<SetupBody>>, connectors: RwSignal<Load<Vec<ConnectorBody>>>) {
    spawn_local(async move {
        loop {
            clock::sleep(LOOK).await;
            if setup.try_get_untracked().is_none() {
                return;
            }
            load::refresh(setup, "setup").await;
            load::refresh(connectors, "connectors").await;
        }
    });
}

#[component]
fn Steps(guide: Guide) -> impl IntoView {
    let kind = guide.kind;
    let body = move |step: Step| match step {
        Step::Address => view! { <AddressStep guide /> }.into_any(),
        Step::App => view! { <AppStep guide /> }.into_any(),
        Step::Webhook => view! { <WebhookStep guide /> }.into_any(),
        Step::Account => view! { <AccountStep guide /> }.into_any(),
        Step::Subscribe => view! { <SubscribeStep guide /> }.into_any(),
        Step::Test => view! { <TestStep guide /> }.into_any(),
    };
    let cards = Step::of(kind).iter().zip(1..).map(|(step, number)| {
        let step = *step;
        view! { <StepCard guide step number body=move || body(step) /> }
    });
    view! {
        <div class="page guide" data-testid="guide">
            <Crumb to=Place::Connectors words=t(shell::CONNECTORS) />
            <header class="page-head">
                <ChannelMark mark=kind.mark() />
                <h1>{t(kind.heading())}</h1>
                <p class="quiet lead">{t(kind.needs())}</p>
            </header>
            <ol class="steps">{cards.collect_view()}</ol>
        </div>
    }
}
