//! What is to be done at the provider, step by step, for each kind of account; says nothing of what is missing here.

use super::kind::Kind;
use super::progress::Step;

/// What to do at the provider, in order.
pub(super) const fn advice(kind: Kind, step: Step) -> &'static [&'static str] {
    match step {
        Step::Address | Step::Subscribe | Step::Test => &[],
        Step::App => app(kind),
        Step::Webhook => webhook(kind),
        Step::Account => account(kind),
    }
}

const fn app(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Instagram => &[
            "Open developers.facebook.com, My Apps, and create an app of the type Business, or open one you have.",
            "Add the product Instagram and choose the set-up with Instagram login.",
            "Copy the Instagram app ID and the Instagram app secret from there. They are not those of the Meta app.",
        ],
        Kind::WhatsApp => &[
            "Open developers.facebook.com, My Apps, and create an app of the type Business, or open one you have.",
            "Add the product WhatsApp and choose your WhatsApp Business account.",
            "Copy the App ID and the App secret from App settings, Basic.",
        ],
        _ => &[
            "Open developers.facebook.com, My Apps, and create an app of the type Business, or open one you have.",
            "Add the product Messenger.",
            "Copy the App ID and the App secret from App settings, Basic.",
        ],
    }
}

const fn webhook(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Messenger => &[
            "In the app open Messenger, Messenger API settings, Configure webhooks.",
            "Paste both values below and choose Verify and save. Meta calls the address at once.",
            "Subscribe to the fields listed below.",
        ],
        Kind::InstagramPage => &[
            "In the app open Messenger, Instagram settings, Configure webhooks.",
            "Paste both values below and choose Verify and save. Meta calls the address at once.",
            "Subscribe to the fields listed below.",
        ],
        Kind::Instagram => &[
            "In the app open Instagram, API setup with Instagram login, Configure webhooks.",
            "Paste both values below and choose Verify and save. Meta calls the address at once.",
            "Subscribe to the fields listed below.",
        ],
        Kind::WhatsApp => &[
            "In the app open WhatsApp, Configuration.",
            "Paste both values below and choose Verify and save. Meta calls the address at once.",
            "Under Webhook fields subscribe to the fields listed below.",
        ],
        Kind::Viber => &[],
    }
}

const fn account(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Messenger => &[
            "In the app open Messenger, Messenger API settings, and connect the Page.",
            "Generate the Page's access token with the permissions pages_messaging and pages_manage_metadata.",
        ],
        Kind::InstagramPage => &[
            "In Instagram, Settings, allow connected tools to access messages.",
            "Generate the access token of the linked Page with the permissions instagram_basic, \
             instagram_manage_messages and pages_manage_metadata.",
        ],
        Kind::Instagram => &[
            "In Instagram, Settings, allow connected tools to access messages.",
            "In the app open Instagram, API setup with Instagram login, add the account and generate its token with the \
             permissions instagram_business_basic and instagram_business_manage_messages.",
        ],
        Kind::WhatsApp => &[
            "In WhatsApp, API setup, choose the number and copy both ids.",
            "In the business settings make a system user, give it the app and the WhatsApp account, and generate a token \
             that never ends with the permissions whatsapp_business_messaging and whatsapp_business_management.",
        ],
        Kind::Viber => {
            &["Open partners.viber.com, choose the bot and open Edit info.", "Copy the token from there."]
        }
    }
}

/// What the subscription does.
pub(super) const fn subscription(kind: Kind) -> &'static str {
    match kind {
        Kind::Messenger => {
            "Meta is told to send this Page's messages to the app. Until then nothing arrives."
        }
        Kind::Instagram => {
            "Meta is told to send this account's messages to the app. Until then nothing arrives."
        }
        Kind::InstagramPage => {
            "Meta is told to send the messages of the Page and its Instagram account to the app. Until then nothing arrives."
        }
        Kind::WhatsApp => {
            "Meta is told to send the messages of the WhatsApp Business account to the app. Until then nothing arrives."
        }
        Kind::Viber => {
            "Viber is told the address below. It calls it at once and refuses the address when nobody answers."
        }
    }
}

/// How the first message is written.
pub(super) const fn test(kind: Kind) -> &'static str {
    match kind {
        Kind::Messenger => "Write to the Page on Messenger from your own phone, as a customer would.",
        Kind::Instagram | Kind::InstagramPage => {
            "Write to the account on Instagram from another account, as a customer would."
        }
        Kind::WhatsApp => "Write to the number on WhatsApp from your own phone, as a customer would.",
        Kind::Viber => "Open the bot on Viber on your own phone and write to it, as a customer would.",
    }
}

/// What else keeps a first message away.
pub(super) const fn patience(kind: Kind) -> &'static str {
    match kind {
        Kind::Viber => {
            "Nothing arrives? Look whether the bot is published, and whether you see it under its name."
        }
        Kind::WhatsApp => {
            "Nothing arrives? Look whether the number is registered for the Cloud API and whether the field messages is subscribed."
        }
        _ => {
            "Nothing arrives? Until the app is live and reviewed, Meta passes on messages only from people who have a role in it."
        }
    }
}
