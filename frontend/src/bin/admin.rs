//! Starts the admin in the page. It is the whole program; everything else is the library's.

use frontend::admin::App;
use frontend::browser::{panic, theme};
use leptos::prelude::*;

fn main() {
    panic::install();
    frontend::language::start();
    theme::set(theme::remembered());
    mount_to_body(|| view! { <App /> });
}
