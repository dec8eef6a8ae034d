//! The addresses in a message as links that lead out in a tab of their own. Which may be followed is the domain's matter.

use super::words;
use crate::ui::{Device, Icon, Sign};
use leptos::prelude::*;
use shared::hyperlink::{Link, Piece, pieces};

/// A text with its addresses to be followed; all of it text nodes.
pub fn linked(text: &str) -> Vec<AnyView> {
    let device = Device::here();
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(words) => words.to_owned().into_any(),
        Piece::Link(link) => followed(&link, &device),
    };
    pieces(text).into_iter().map(piece).collect()
}

/// Where a card leads, named by its host. An address that may not be followed in a message may not here either, and
/// stands there as words.
pub fn lead(url: &str) -> AnyView {
    match pieces(url).as_slice() {
        [Piece::Link(link)] => {
            let shown = words::host(&link.target);
            let link = Link { shown: &shown, target: link.target.clone(), foreign: link.foreign };
            view! {
                {followed(&link, &Device::here())}
                <Icon sign=Sign::External small=true />
            }
            .into_any()
        }
        _ => url.to_owned().into_any(),
    }
}

fn followed(link: &Link<'_>, device: &Device) -> AnyView {
    let Link { shown, target, foreign } = link;
    // A host in letters that look like others is named a second time, in letters that cannot be mistaken.
    let plain = foreign.then(|| (device.plain_host)(target)).flatten();
    let plain = plain.map(|host| view! { <span class="quiet">{[" (", &host, ")"].concat()}</span> });
    view! {
        <a href=target.clone() target="_blank" rel="noopener noreferrer nofollow" data-testid="link">
            {(*shown).to_owned()}
        </a>
        {plain}
    }
    .into_any()
}
