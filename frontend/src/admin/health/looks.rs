//! What the relay knows of all accounts, asked for again and again while a page shows it, and one account tested on demand.

use crate::admin::api::{self, Fault};
use crate::admin::load::{self, Load};
use crate::browser::clock;
use leptos::prelude::*;
use shared::id::ConnectorId;
use shared::wire::ConnectorHealth;
use wasm_bindgen_futures::spawn_local;

/// How often it is asked what came meanwhile, in milliseconds: pages are glanced at, nobody waits before them.
pub(in crate::admin) const GLANCE: i32 = 10_000;

/// How long the relay needs for what follows a save or a test, in milliseconds, when the provider answers as usual.
const AFTER: i32 = 1_500;

const PATH: &str = "connectors/health";

/// What is known of all accounts. A copy is as good as the original.
#[derive(Clone, Copy)]
pub(in crate::admin) struct Looks {
    all: RwSignal<Load<Vec<ConnectorHealth>>>,
    /// Counts tests: an answer that was on its way while one ended is older than it.
    tests: RwSignal<u32>,
}

impl Looks {
    /// Asks now, and again and again until the page is left.
    pub(in crate::admin) fn new() -> Self {
        let looks = Self { all: load::fetched(PATH), tests: RwSignal::new(0) };
        spawn_local(async move {
            loop {
                clock::sleep(GLANCE).await;
                if looks.tests.try_get_untracked().is_none() {
                    return;
                }
                looks.refresh().await;
            }
        });
        looks
    }

    /// How an account stands, once that is known.
    pub(in crate::admin) fn of(self, id: ConnectorId) -> Option<ConnectorHealth> {
        self.all.with(|all| match all {
            Load::Ready(all) => all.iter().find(|one| one.connector == id).cloned(),
            _ => None,
        })
    }

    /// Whether the first answer is still on its way.
    pub(in crate::admin) fn is_coming(self) -> bool {
        self.all.with(|all| matches!(all, Load::Coming))
    }

    /// Why nothing is known.
    pub(super) fn failed(self) -> Option<String> {
        self.all.with(|all| match all {
            Load::Failed(why) => Some(why.clone()),
            _ => None,
        })
    }

    /// Asks anew; what was there stays until the answer comes.
    pub(super) fn ask(self) {
        load::fetch(self.all, PATH);
    }

    /// An account was saved or tested: the relay looks at it by itself, or what waited leaves.
    pub(in crate::admin) fn soon(self) {
        spawn_local(async move {
            self.refresh().await;
            clock::sleep(AFTER).await;
            self.refresh().await;
        });
    }

    /// Has the relay look at one account now.
    pub(super) async fn test(self, id: ConnectorId) -> Result<ConnectorHealth, Fault> {
        let path = ["connectors/", &id.to_string(), "/test"].concat();
        let found: ConnectorHealth = api::send("POST", &path, &()).await?;
        let _ = self.tests.try_update(|count| *count = count.wrapping_add(1));
        let _ = self.all.try_update(|all| match all {
            Load::Ready(all) => {
                all.retain(|one| one.connector != id);
                all.push(found.clone());
            }
            _ => *all = Load::Ready(vec![found.clone()]),
        });
        Ok(found)
    }

    async fn refresh(self) {
        let Some(before) = self.tests.try_get_untracked() else { return };
        let Ok(found) = api::get(PATH).await else { return };
        let found = Load::Ready(found);
        if self.tests.try_get_untracked() == Some(before)
            && self.all.try_with_untracked(|was| *was != found).unwrap_or_default()
        {
            self.all.set(found);
        }
    }
}
