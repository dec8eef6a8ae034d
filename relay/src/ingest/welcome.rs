//! The answer to a customer who opens a conversation: written down before it is given, given once; decides nothing.

use super::Inner;
use crate::channels::{self, Item};
use crate::log::Opening;
use shared::channel::Channel;
use std::sync::Arc;
use tokio::sync::oneshot;

/// The body that greets the customer of a kept item; none where nobody is to be greeted, or where that cannot be written
/// down. Whoever stops waiting for it gets none: what was written down meanwhile is taken back.
pub(super) async fn due(inner: &Arc<Inner>, item: &Item) -> Option<String> {
    let opened = channels::opened(item)?;
    let engine = &inner.engine;
    let connector = engine.look(|world| world.config.connector_of(Channel::Viber, &item.account).cloned())?;
    connector.welcome.as_ref()?;
    let customer = vec![opened.customer];
    let identity = match engine.log().identity_of(connector.id, &customer).await {
        Ok(identity) => identity,
        Err(error) => {
            tracing::error!(%error, "a customer could not be greeted");
            return None;
        }
    };
    let in_chat = |one| engine.look(|world| world.live_of(connector.id, one).is_some());
    let text = connector.greets(opened.subscribed, identity.is_some_and(in_chat))?.to_owned();
    let message = engine.fresh_message();
    let body = channels::welcome(&connector, &text, message)?.to_string();
    let customer = customer.into_iter().next()?;
    let (token, at) = (opened.token, engine.clock().now());
    let opening = Opening { connector: connector.id, token, customer, message, text, at };
    let (said, heard) = oneshot::channel();
    let log = engine.log().clone();
    tokio::spawn(async move {
        let greets = match log.greet(opening).await {
            Ok(greets) => greets,
            Err(error) => {
                tracing::error!(%error, "a customer could not be greeted");
                false
            }
        };
        if said.send(greets).is_err()
            && greets
            && let Err(error) = log.not_greeted(message).await
        {
            tracing::error!(%error, "a welcome is written down that was not said");
        }
    });
    heard.await.is_ok_and(|greets| greets).then_some(body)
}
