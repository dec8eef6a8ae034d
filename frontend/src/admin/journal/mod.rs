//! Webhook items that nobody understood: by channel and reason, raw, and tried again. It looks into none of them.

mod again;
mod group;
mod item;
mod list;

pub(super) use item::ItemPage;
pub(super) use list::NotUnderstoodPage;
