//! The Graph API's front: paths, version and tokens; hands calls to their product and never accepts one account's token for another's object.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::access::{self, Params, authorise};
use super::{error, manage, messenger, profile, record, recorded, upload, whatsapp};
use crate::Sim;
use crate::config::{Account, Channel};
use crate::gate::{Call, Reply, staged, struck};

/// A request, taken apart.
struct Request<'a> {
    sim: &'a Arc<Sim>,
    method: &'a Method,
    query: &'a Params,
    headers: &'a HeaderMap,
    raw: &'a Bytes,
    body: Map<String, Value>,
}

/// The account a call concerned, for the ledger, and its answer.
type Answer = (Option<String>, Reply);

/// Every request that is neither Viber, control nor page.
pub(super) async fn handle(
    Shared(sim): Shared<Arc<Sim>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = Query::<Params>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    let request = Request {
        sim: &sim,
        method: &method,
        query: &query,
        headers: &headers,
        raw: &body,
        body: json_body(&headers, &body),
    };
    let (account, reply) = request.answer(uri.path()).await;
    let mut shown: Vec<_> = query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "access_token" | "input_token" | "verify_token"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    shown.sort_unstable();
    let path =
        if shown.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), shown.join("&")) };
    record(&sim, account.as_deref(), method.as_str(), &path, recorded(&body), &reply);
    reply.into_response()
}

/// Graph reads JSON bodies only when they are declared as such.
fn json_body(headers: &HeaderMap, body: &[u8]) -> Map<String, Value> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/json"));
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) if declared => fields,
        _ => Map::new(),
    }
}

/// Whether a path segment looks like a version.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

impl Request<'_> {
    async fn answer(&self, path: &str) -> Answer {
        let mut parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let version = parts.first().copied().filter(|first| is_version(first)).map(str::to_owned);
        if let Some(version) = &version {
            if !self.sim.lock().versions.contains(version) {
                return (None, error::no_path(path));
            }
            parts.remove(0);
        }
        // Reads may leave the version out; what changes something says it.
        if version.is_none() && *self.method != Method::GET {
            return (None, error::no_path(path));
        }
        match (self.method.as_str(), parts.as_slice()) {
            ("GET", ["debug_token"]) => (None, access::debug(&self.sim.lock(), self.query, self.token())),
            ("POST", [id, "messages"]) => self.messages(id).await,
            ("POST", [id, "message_attachments" | "media"]) => self.upload(id).await,
            ("GET", [id, "permissions"]) => {
                self.quick(id, "token", |account| access::list(&self.sim.lock(), account)).await
            }
            ("GET", [id, "message_templates"]) => {
                let list = |account: &Account| manage::templates(&self.sim.lock(), account, self.query);
                self.quick(id, "templates", list).await
            }
            ("GET", [id, "phone_numbers"]) => {
                self.quick(id, "account", |account| manage::numbers(&self.sim.lock(), account)).await
            }
            ("GET" | "POST" | "DELETE", [id, "block_users"]) => {
                let block = |account: &Account| {
                    manage::block_users(&mut self.sim.lock(), self.method, account, &self.body)
                };
                self.quick(id, "block", block).await
            }
            ("GET" | "POST" | "DELETE", [id, "subscribed_apps"]) => self.subscribed_apps(id).await,
            ("GET" | "DELETE", [id]) if !id.is_empty() => self.object(id).await,
            _ => (None, error::no_path(path)),
        }
    }

    fn token(&self) -> Option<&str> {
        access::token(self.query, self.headers, Some(&self.body))
    }

    /// The account of the path, opened by the token and permitted the kind of call.
    fn account(&self, id: &str, kind: &str) -> Result<Account, Reply> {
        let state = self.sim.lock();
        let account = authorise(&state, self.method, id, self.token())?;
        access::permitted(&state, &account, kind)?;
        Ok(account)
    }

    /// A call that is answered at once, through the faults.
    async fn quick(&self, id: &str, kind: &'static str, carry_out: impl FnOnce(&Account) -> Reply) -> Answer {
        match self.account(id, kind) {
            Ok(account) => {
                let call = Call { account: account.id(), channel: account.channel(), customer: None, kind };
                let reply = struck(self.sim, call, || carry_out(&account)).await;
                (Some(account.id().to_owned()), reply)
            }
            Err(reply) => (None, reply),
        }
    }

    async fn messages(&self, id: &str) -> Answer {
        let account = match self.account(id, "send") {
            Ok(account) => account,
            Err(reply) => return (None, reply),
        };
        let (key, channel) = (account.id(), account.channel());
        let body = match upload::meta_fields(self.headers, self.raw) {
            Some((fields, file)) if channel != Channel::Whatsapp => {
                match upload::beside(self.sim, key, channel, fields, file).await {
                    Ok(fields) => fields,
                    Err(reply) => return (Some(key.to_owned()), reply),
                }
            }
            _ => self.body.clone(),
        };
        let action = body.contains_key("sender_action") || body.contains_key("status");
        let kind = if action { "action" } else { "send" };
        let customer = {
            let state = self.sim.lock();
            match channel {
                Channel::Whatsapp => whatsapp::customer(&state, key, &body),
                _ => messenger::customer(&state, key, &body),
            }
        };
        let call = Call { account: key, channel, customer: customer.as_deref(), kind };
        let reply = if channel == Channel::Whatsapp {
            staged(self.sim, call, || whatsapp::send(self.sim, key, &body)).await
        } else {
            match self.files(key, channel, &body).await {
                Ok(media) => staged(self.sim, call, || messenger::send(self.sim, key, &body, &media)).await,
                Err(reply) => reply,
            }
        };
        (Some(key.to_owned()), reply)
    }

    /// The files of a Messenger or Instagram send: uploaded before, or lying at an address.
    async fn files(
        &self,
        account: &str,
        channel: Channel,
        body: &Map<String, Value>,
    ) -> Result<Vec<String>, Reply> {
        let mut files = Vec::new();
        // What is wrong with the rest of the request is said when it is sent.
        for given in messenger::files(channel, body).unwrap_or_default() {
            if let Some(id) = given.id {
                let state = self.sim.lock();
                if state.media.sendable(account, &id, state.now()).is_none() {
                    return Err(error::parameter("Invalid attachment_id"));
                }
                files.push(id);
            } else if self.sim.lock().settings.fetch {
                let url = given.url.as_deref();
                files.push(upload::attach(self.sim, account, channel, &given.kind, url, None).await?);
            }
        }
        Ok(files)
    }

    async fn upload(&self, id: &str) -> Answer {
        let account = match self.account(id, "upload") {
            Ok(account) => account,
            Err(reply) => return (None, reply),
        };
        let (key, channel) = (account.id(), account.channel());
        let call = Call { account: key, channel, customer: None, kind: "upload" };
        let reply = if channel == Channel::Whatsapp {
            struck(self.sim, call, || upload::whatsapp(self.sim, key, self.headers, self.raw)).await
        } else {
            let (fields, file) =
                upload::meta_fields(self.headers, self.raw).unwrap_or_else(|| (self.body.clone(), None));
            let reply = upload::meta(self.sim, key, channel, &fields, file).await;
            struck(self.sim, call, || reply).await
        };
        (Some(key.to_owned()), reply)
    }

    async fn subscribed_apps(&self, id: &str) -> Answer {
        let account = match self.account(id, "subscribe") {
            Ok(account) => account,
            Err(reply) => return (None, reply),
        };
        let call =
            Call { account: account.id(), channel: account.channel(), customer: None, kind: "subscribe" };
        // The faults come first: a subscription that is refused subscribes nothing.
        let mut refused = true;
        let reply = struck(self.sim, call, || {
            refused = false;
            Reply::ok(Value::Null)
        })
        .await;
        let reply = if refused {
            reply
        } else {
            let carried =
                manage::subscribed_apps(self.sim, self.method, &account, self.query, &self.body).await;
            Reply { cut: reply.cut, ..carried }
        };
        (Some(account.id().to_owned()), reply)
    }

    /// `/{id}` alone: an account, a `WhatsApp` media id or a customer.
    async fn object(&self, id: &str) -> Answer {
        let Some(shown) = self.token() else {
            return (None, error::no_token());
        };
        let (holder, named, run_out) = {
            let state = self.sim.lock();
            let holders = access::holders(&state, shown);
            let Some(first) = holders.first() else {
                return (None, error::token(400));
            };
            let named = holders.iter().find(|a| access::is_named(&a.account, id));
            (first.account.clone(), named.map(|a| a.account.clone()), error::stale(first))
        };
        if let Some(reply) = run_out {
            return (Some(holder.id().to_owned()), reply);
        }
        if let Some(account) = named.filter(|_| *self.method == Method::GET) {
            let call =
                Call { account: account.id(), channel: account.channel(), customer: None, kind: "account" };
            let reply = struck(self.sim, call, || profile::account(&account, id, self.query)).await;
            return (Some(account.id().to_owned()), reply);
        }
        let kind = if holder.channel() == Channel::Whatsapp { "media" } else { "profile" };
        let customer = profile::find(&self.sim.lock(), id, shown);
        let account = {
            let state = self.sim.lock();
            let of_customer = customer.as_ref().and_then(|key| state.phones.get(key)).map(|p| &p.account);
            // Numbers of one business share a token: the file's own number counts.
            let ours =
                |account: &&String| access::holders(&state, shown).iter().any(|a| a.account.id() == *account);
            let of_file = || state.media.get(id).map(|media| &media.account).filter(ours);
            of_customer.or_else(of_file).cloned().unwrap_or_else(|| holder.id().to_owned())
        };
        let call = Call { account: &account, channel: holder.channel(), customer: customer.as_deref(), kind };
        let reply = struck(self.sim, call, || {
            let mut state = self.sim.lock();
            match (&customer, kind) {
                (_, "media") if *self.method == Method::DELETE => manage::forget(&mut state, &account, id),
                (_, "media") => manage::media(&state, &account, id, self.query),
                (Some(key), _) if *self.method == Method::GET => profile::customer(&state, key, self.query),
                _ => error::no_object(self.method.as_str(), id),
            }
        })
        .await;
        (Some(account), reply)
    }
}
