//! Starts the desk in the page. It is the whole program; everything else is the library's.

use frontend::App;
use frontend::browser::{panic, theme};
use leptos::prelude::*;

fn main() {
    panic::install();
    frontend::language::start();
    theme::set(theme::remembered());
    let desk = frontend::start::start();
    mount_to_body(move || view! { <App desk /> });
}
