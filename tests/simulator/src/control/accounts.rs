//! Control of accounts: what their owners and Meta did to them — tokens, permissions, subscriptions, templates; never shows a token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Problem, bad, not_found};
use crate::Sim;
use crate::config::{Account, Channel};
use crate::ids;
use crate::inbound;
use crate::outbox;
use crate::state::{AccountState, TokenState};

/// Accounts at most.
const ACCOUNTS: usize = 1_000;

pub(super) fn describe(account: &AccountState) -> Value {
    json!({
        "id": account.account.id(), "channel": account.account.channel(), "webhook": account.url,
        "fields": account.fields, "echoes": account.echoes, "human_agent": account.human_agent,
        "subscribed": account.subscribed, "token": account.token, "denied": account.denied,
        "restricted": account.restricted, "coexistence": account.coexistence, "limits": account.limits, "templates": account.templates,
        "kinds": inbound::kinds(account.account.channel()),
        "held": {
            "receipts": account.gate.receipts, "receipts_waiting": account.gate.held.len(),
            "webhooks": account.gate.webhooks, "webhooks_waiting": account.gate.kept.len(),
            "answers": account.gate.answers, "requests": account.gate.requests,
            "sends_waiting": account.gate.waiting.iter().filter(|w| !w.is_closed()).count(),
        },
        "failures": account.gate.failures.iter().map(|f| u64::from(f.left)).sum::<u64>(),
    })
}

pub(super) async fn list(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    let accounts: Vec<_> = state.accounts.iter().map(describe).collect();
    Json(json!({
        "accounts": accounts, "webhooks_waiting": state.outbox.waiting(), "lanes_busy": state.outbox.busy(),
        "graph_versions": state.versions,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    channel: Channel,
    /// Page id, professional account id, phone number id or bot.
    id: String,
    token: Option<String>,
    /// Path segment of the webhook; the demo's app when absent.
    app: Option<String>,
    app_secret: Option<String>,
    /// `WhatsApp`: the business account.
    waba_id: Option<String>,
    /// `WhatsApp`: the number as shown.
    number: Option<String>,
    name: Option<String>,
}

/// One more account, whose webhooks go where the others' go.
pub(super) async fn create(
    Shared(sim): Shared<Arc<Sim>>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut state = sim.lock();
    if state.account(&new.id).is_some() {
        return Err(Problem(StatusCode::CONFLICT, "an account with this id exists".to_owned()));
    }
    if new.id.is_empty() || state.accounts.len() >= ACCOUNTS {
        return Err(bad(format!("id: needed; {ACCOUNTS} accounts at most")));
    }
    let token = new.token.unwrap_or_else(|| format!("token-{}", new.id));
    let app = new.app.unwrap_or_else(|| "demo".to_owned());
    let app_secret = new.app_secret.unwrap_or_else(|| "demo-app-secret".to_owned());
    let id = new.id;
    let account = match new.channel {
        Channel::Messenger => Account::Messenger { page_id: id, token, app, app_secret },
        Channel::Instagram => Account::Instagram { account_id: id, token, app, app_secret },
        Channel::Whatsapp => Account::WhatsApp {
            waba_id: new.waba_id.unwrap_or_else(|| format!("9{id}")),
            phone_number_id: id,
            display_phone_number: new.number.unwrap_or_else(ids::phone_number),
            token,
            app,
            app_secret,
        },
        Channel::Viber => {
            Account::Viber { bot: id, token, name: new.name.unwrap_or_else(|| "Signalbox".to_owned()) }
        }
    };
    let known = AccountState::new(account, &state.webhook_base);
    let shown = describe(&known);
    state.accounts.push(known);
    Ok((StatusCode::CREATED, Json(shown)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    echoes: Option<bool>,
    human_agent: Option<bool>,
    /// The app gets the account's webhooks.
    subscribed: Option<bool>,
    /// Subscribed fields or event types.
    fields: Option<Vec<String>>,
    token: Option<TokenState>,
    /// Permissions the token lost.
    denied: Option<Vec<String>>,
    restricted: Option<bool>,
    /// `WhatsApp`: the number also lives in the Business app.
    coexistence: Option<bool>,
    /// Rates and quotas are kept; off lifts them and forgets what was used.
    limits: Option<bool>,
    templates: Option<Vec<Template>>,
    /// Where webhooks go.
    webhook: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    name: String,
    language: String,
    body: String,
    #[serde(default)]
    parameters: u64,
    status: Option<String>,
    category: Option<String>,
}

pub(super) async fn change(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Answer {
    let mut state = sim.lock();
    let account = state.account_mut(&id).ok_or_else(|| not_found("account", &id))?;
    let channel = account.account.channel();
    if change.templates.is_some() && channel != Channel::Whatsapp {
        return Err(bad("templates: only WhatsApp has them"));
    }
    if change.human_agent.is_some() && !matches!(channel, Channel::Messenger | Channel::Instagram) {
        return Err(bad("human_agent: only Messenger and Instagram have the feature"));
    }
    if change.subscribed.is_some() && channel == Channel::Viber {
        return Err(bad("subscribed: a Viber bot has a webhook or none"));
    }
    account.echoes = change.echoes.unwrap_or(account.echoes);
    account.human_agent = change.human_agent.unwrap_or(account.human_agent);
    account.subscribed = change.subscribed.unwrap_or(account.subscribed);
    account.fields = change.fields.or_else(|| account.fields.clone());
    account.token = change.token.unwrap_or(account.token);
    account.denied = change.denied.unwrap_or_else(|| account.denied.clone());
    account.restricted = change.restricted.unwrap_or(account.restricted);
    account.coexistence = change.coexistence.unwrap_or(account.coexistence);
    account.url = change.webhook.or_else(|| account.url.clone());
    if let Some(limits) = change.limits {
        account.limits = limits;
        account.texts.reset();
        account.media.reset();
    }
    if let Some(templates) = change.templates {
        account.templates = templates.iter().map(template).collect();
    }
    let shown = describe(account);
    if change.limits.is_some() {
        state.phones.values_mut().filter(|p| p.account == id).for_each(|p| p.pair.reset());
    }
    Ok(Json(shown))
}

fn template(template: &Template) -> Value {
    json!({
        "id": ids::media_id(), "name": template.name, "language": template.language, "body": template.body,
        "parameters": template.parameters, "status": template.status.as_deref().unwrap_or("APPROVED"),
        "category": template.category.as_deref().unwrap_or("UTILITY"),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verify {
    verify_token: String,
}

/// Meta's challenge at the account's callback.
pub(super) async fn verify(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(verify): Json<Verify>,
) -> Answer {
    let url = {
        let state = sim.lock();
        let account = state.account(&id).ok_or_else(|| not_found("account", &id))?;
        if account.account.channel() == Channel::Viber {
            return Err(bad("Viber sends no challenge: it posts a webhook event when the webhook is set"));
        }
        account.url.clone().ok_or_else(|| bad("the account has no webhook"))?
    };
    Ok(Json(json!({"verified": outbox::handshake(&sim, &url, &verify.verify_token).await})))
}
