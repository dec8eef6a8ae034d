//! What one understood item comes to: an occurrence for the engine, with what is written beside it; decides nothing.

use super::worker::Fault;
use super::{Inner, amends, messages, receipts};
use crate::channels::{Aliases, Form, Item, Understood};
use crate::log::{Beside, IdentityTouch, ItemEnd, JournalDone, JournalItem};
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::id::{ConnectorId, IdentityId, MessageId};
use shared::interaction::Notice;

/// Lets one item have its effect; it is done in the same append.
pub(super) async fn take(
    inner: &Inner,
    row: &JournalItem,
    item: &Item,
    understood: Understood,
) -> Result<(), Fault> {
    let end = |end, reason: Option<&str>| {
        let reason = reason.map(ToOwned::to_owned);
        async move { inner.engine.log().end_item(row.id, end, reason).await.map_err(Fault::from) }
    };
    match &understood {
        Understood::Check => return end(ItemEnd::Done, None).await,
        Understood::Ignored { why } => return end(ItemEnd::Done, Some(why)).await,
        Understood::Unsupported { why } if item.form == Form::Unreadable => {
            return end(ItemEnd::Failed, Some(why)).await;
        }
        Understood::Unsupported { why } => return end(ItemEnd::Unsupported, Some(why)).await,
        _ => {}
    }
    let Some(connector) = connector(inner, row, item) else {
        return end(ItemEnd::Failed, Some("no account of ours is switched on for it")).await;
    };
    match understood {
        Understood::Wrote(wrote) => messages::wrote(inner, &connector, row, wrote).await,
        Understood::Elsewhere(elsewhere) => messages::elsewhere(inner, &connector, row, elsewhere).await,
        Understood::Amends(amends) => amends::take(inner, &connector, row, amends).await,
        Understood::Receipt(receipt) => receipts::take(&inner.engine, &connector, row.id, &receipt).await,
        Understood::Noted { customer, notice } => {
            let Some(identity) = inner.engine.log().identity_of(connector.id, &customer.all).await? else {
                return end(ItemEnd::Done, None).await;
            };
            noted(inner, connector.id, identity, notice, row).await
        }
        Understood::Left { customer } => {
            let Some(identity) = inner.engine.log().identity_of(connector.id, &customer.all).await? else {
                return end(ItemEnd::Done, None).await;
            };
            let touch = IdentityTouch { subscribed: Some(false), ..IdentityTouch::of(identity) };
            let beside = Beside { identity: Some(touch), ..done(row, None) };
            let left = Occurrence::CustomerLeft { connector: connector.id, identity };
            inner.engine.occur(left, beside).await?;
            Ok(())
        }
        Understood::Subscribed { customer, name, avatar } => {
            let identity = identify(inner, &connector, &customer).await?;
            let content = inner.names.told(&connector, identity, &customer, name.as_ref()).await?;
            let touch = IdentityTouch { subscribed: Some(true), ..IdentityTouch::of(identity) };
            let content = content.into_iter().collect();
            let beside = Beside { content, identity: Some(touch), ..done(row, None) };
            let named = Occurrence::CustomerNamed { connector: connector.id, identity };
            inner.engine.occur(named, beside).await?;
            inner.names.picture(&connector, identity, &customer, avatar);
            Ok(())
        }
        Understood::Moved { customer, to, notice } => {
            // A number is given to somebody else one day; a user id never is.
            let is_number = |id: &&String| id.bytes().all(|byte| byte.is_ascii_digit());
            let lasting: Vec<String> = to.all.iter().filter(|id| !is_number(id)).cloned().collect();
            inner.engine.log().join(connector.id, &customer.all, &lasting).await?;
            let all = Aliases { all: [customer.all, to.all].concat(), ..to };
            let identity = identify(inner, &connector, &all).await?;
            match notice {
                Some(notice) => noted(inner, connector.id, identity, notice, row).await,
                None => end(ItemEnd::Done, None).await,
            }
        }
        Understood::Preferred { customer, marketing, at } => {
            let log = inner.engine.log();
            let Some(identity) = log.identity_of(connector.id, &customer.all).await? else {
                return end(ItemEnd::Done, None).await;
            };
            if !log.is_news(identity, marketing, at).await? {
                return end(ItemEnd::Done, None).await;
            }
            let touch = IdentityTouch { marketing: Some((marketing, at)), ..IdentityTouch::of(identity) };
            let beside = Beside { identity: Some(touch), ..done(row, None) };
            let notice = if marketing { Notice::MarketingResumed } else { Notice::MarketingStopped };
            let noted = Occurrence::Noted { connector: connector.id, identity, notice };
            inner.engine.occur(noted, beside).await?;
            Ok(())
        }
        Understood::Check | Understood::Ignored { .. } | Understood::Unsupported { .. } => Ok(()),
    }
}

/// A line for whoever holds the customer's live chat.
async fn noted(
    inner: &Inner,
    connector: ConnectorId,
    identity: IdentityId,
    notice: Notice,
    row: &JournalItem,
) -> Result<(), Fault> {
    inner.engine.occur(Occurrence::Noted { connector, identity, notice }, done(row, None)).await?;
    Ok(())
}

/// That the item is done is written beside what it comes to.
pub(super) fn done(row: &JournalItem, message: Option<MessageId>) -> Beside {
    Beside { journal: Some(JournalDone { item: row.id, message }), ..Beside::default() }
}

/// The customer known under these ids.
pub(super) async fn identify(
    inner: &Inner,
    connector: &Connector,
    who: &Aliases,
) -> Result<IdentityId, Fault> {
    let (fresh, now) = (inner.engine.fresh_identity(), inner.engine.clock().now());
    Ok(inner.engine.log().identify(connector.id, &who.all, &who.address, fresh, now).await?)
}

/// The account an item belongs to: of its channel, with its id, and for Meta of the app whose address it came to.
fn connector(inner: &Inner, row: &JournalItem, item: &Item) -> Option<Connector> {
    let channel = item.channel()?;
    inner.engine.look(|world| {
        let fits = |one: &&Connector| {
            let app = channel == Channel::Viber || one.app == row.account;
            one.enabled && one.channel == channel && one.account == item.account && app
        };
        world.config.connectors.values().find(fits).cloned()
    })
}
