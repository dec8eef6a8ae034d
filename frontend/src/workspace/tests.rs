//! Where the desk goes and comes back to, without a browser; it mounts no view.

use super::place::{Place, Trail};
use shared::id::InteractionId;

fn chat(number: u128) -> Place {
    Place::Chat(InteractionId::from_u128(number))
}

#[test]
fn every_place_has_an_address() {
    for place in [Place::Dashboard, Place::Activities, Place::Waiting, Place::Settings, chat(7)] {
        assert_eq!(Place::of(&place.path()), place);
    }
    for unknown in ["", "index.html", "chat", "chat/nobody", "chat/1/2", "waiting/1"] {
        assert_eq!(Place::of(unknown), Place::Dashboard, "{unknown}");
    }
}

#[test]
fn a_second_click_returns_to_where_it_was_before() {
    let mut trail = Trail::default();
    trail.left(Place::Waiting, 120); // to A
    trail.left(chat(1), 0); // to B
    assert_eq!(trail.back(|_| true), (chat(1), 0), "from B back to A");
    assert_eq!(trail.back(|_| true), (Place::Waiting, 120), "and from A to the list, as it was scrolled");
    assert_eq!(trail.back(|_| true), (Place::Dashboard, 0));
}

#[test]
fn a_chat_that_is_gone_is_skipped() {
    let mut trail = Trail::default();
    trail.left(Place::Waiting, 5);
    trail.left(chat(1), 0);
    assert_eq!(trail.back(|place| place != chat(1)), (Place::Waiting, 5));
}

#[test]
fn a_place_stands_in_the_trail_once() {
    let mut trail = Trail::default();
    trail.left(chat(1), 0);
    trail.left(Place::Waiting, 0);
    trail.left(chat(1), 0);
    trail.left(chat(2), 0);
    assert_eq!(trail.back(|place| place != chat(2)), (chat(1), 0));
    assert_eq!(trail.back(|_| true), (Place::Waiting, 0));
    assert_eq!(trail.back(|_| true), (Place::Dashboard, 0));
}
