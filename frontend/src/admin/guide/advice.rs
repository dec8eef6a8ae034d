//! What is to be done at the provider, step by step, for each kind of account; says nothing of what is missing here.

use super::kind::Kind;
use super::progress::Step;
use crate::language::Key;
use crate::language::admin::advice as words;

/// What to do at the provider, in order.
pub(super) const fn advice(kind: Kind, step: Step) -> &'static [Key] {
    match step {
        Step::Address | Step::Subscribe | Step::Test => &[],
        Step::App => app(kind),
        Step::Webhook => webhook(kind),
        Step::Account => account(kind),
    }
}

const fn app(kind: Kind) -> &'static [Key] {
    match kind {
        Kind::Instagram => &[words::APP_OPEN, words::APP_INSTAGRAM, words::APP_COPY_INSTAGRAM],
        Kind::WhatsApp => &[words::APP_OPEN, words::APP_WHATSAPP, words::APP_COPY],
        _ => &[words::APP_OPEN, words::APP_MESSENGER, words::APP_COPY],
    }
}

const fn webhook(kind: Kind) -> &'static [Key] {
    match kind {
        Kind::Messenger => &[words::WEBHOOK_MESSENGER, words::WEBHOOK_PASTE, words::WEBHOOK_FIELDS],
        Kind::InstagramPage => &[words::WEBHOOK_INSTAGRAM_PAGE, words::WEBHOOK_PASTE, words::WEBHOOK_FIELDS],
        Kind::Instagram => &[words::WEBHOOK_INSTAGRAM, words::WEBHOOK_PASTE, words::WEBHOOK_FIELDS],
        Kind::WhatsApp => &[words::WEBHOOK_WHATSAPP, words::WEBHOOK_PASTE, words::WEBHOOK_FIELDS_WHATSAPP],
        Kind::Viber => &[],
    }
}

const fn account(kind: Kind) -> &'static [Key] {
    match kind {
        Kind::Messenger => &[words::ACCOUNT_PAGE, words::ACCOUNT_PAGE_TOKEN],
        Kind::InstagramPage => &[words::ACCOUNT_ALLOW, words::ACCOUNT_INSTAGRAM_PAGE],
        Kind::Instagram => &[words::ACCOUNT_ALLOW, words::ACCOUNT_INSTAGRAM],
        Kind::WhatsApp => &[words::ACCOUNT_WHATSAPP, words::ACCOUNT_WHATSAPP_TOKEN],
        Kind::Viber => &[words::ACCOUNT_VIBER, words::ACCOUNT_VIBER_TOKEN],
    }
}

/// What the subscription does.
pub(super) const fn subscription(kind: Kind) -> Key {
    match kind {
        Kind::Messenger => words::SUBSCRIBE_MESSENGER,
        Kind::Instagram => words::SUBSCRIBE_INSTAGRAM,
        Kind::InstagramPage => words::SUBSCRIBE_INSTAGRAM_PAGE,
        Kind::WhatsApp => words::SUBSCRIBE_WHATSAPP,
        Kind::Viber => words::SUBSCRIBE_VIBER,
    }
}

/// How the first message is written.
pub(super) const fn test(kind: Kind) -> Key {
    match kind {
        Kind::Messenger => words::TEST_MESSENGER,
        Kind::Instagram | Kind::InstagramPage => words::TEST_INSTAGRAM,
        Kind::WhatsApp => words::TEST_WHATSAPP,
        Kind::Viber => words::TEST_VIBER,
    }
}

/// What else keeps a first message away.
pub(super) const fn patience(kind: Kind) -> Key {
    match kind {
        Kind::Viber => words::PATIENCE_VIBER,
        Kind::WhatsApp => words::PATIENCE_WHATSAPP,
        _ => words::PATIENCE_META,
    }
}
