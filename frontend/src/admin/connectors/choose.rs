//! The choice of what to connect. It connects nothing itself.

use crate::admin::guide::Kind;
use crate::admin::place::Place;
use crate::admin::way::{Crumb, Link};
use crate::language::admin::{connectors as words, shell};
use crate::language::t;
use crate::ui::{ChannelMark, Icon, Sign};
use leptos::prelude::*;

/// The page.
#[component]
pub(in crate::admin) fn ChoosePage() -> impl IntoView {
    let card = |kind: Kind| {
        let testid = match kind {
            Kind::Messenger => "connect-messenger",
            Kind::Instagram => "connect-instagram",
            Kind::InstagramPage => "connect-instagram-page",
            Kind::WhatsApp => "connect-whatsapp",
            Kind::Viber => "connect-viber",
        };
        view! {
            <li>
                <Link to=Place::Begin(kind, None) class="row choice" testid>
                    <ChannelMark mark=kind.mark() />
                    <span class="row-main">
                        <span class="row-title">{t(kind.title())}</span>
                        <span class="choice-about">{t(kind.about())}</span>
                    </span>
                    <Icon sign=Sign::ChevronEnd mirror=true />
                </Link>
            </li>
        }
    };
    view! {
        <div class="page">
            <Crumb to=Place::Connectors words=t(shell::CONNECTORS) />
            <header class="page-head">
                <h1>{t(words::CHOOSE)}</h1>
            </header>
            <div class="card">
                <ul class="rows" aria-label=t(words::KINDS)>
                    {Kind::ALL.into_iter().map(card).collect_view()}
                </ul>
            </div>
        </div>
    }
}
