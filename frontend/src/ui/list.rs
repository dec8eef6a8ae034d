//! Lists and tables. They draw what they are given, in the order given, and keep no selection.

use crate::reading::{live, told};
use leptos::prelude::*;

/// A list of rows. `columns` is 3, 4 or 5 and counts the mark; `head` names the columns after the mark.
#[component]
pub fn Rows(
    columns: u8,
    #[prop(optional)] head: Vec<&'static str>,
    #[prop(into)] label: Signal<String>,
    children: Children,
) -> impl IntoView {
    let head = (!head.is_empty()).then(|| {
        let names = head
            .into_iter()
            .map(|name| view! { <span class="row-cell" data-wide="">{name}</span> })
            .collect_view();
        view! {
            <li class="rows-head" aria-hidden="true">
                <span></span>
                {names}
            </li>
        }
        .into_any()
    });
    view! {
        <ul class="rows" data-columns=columns.to_string() aria-label=told(move || label.get())>
            {head}
            {children()}
        </ul>
    }
}

/// One row that opens something; its children are the mark, `.row-main` and the cells.
#[component]
pub fn Row(
    #[prop(into)] on_open: Callback<()>,
    #[prop(optional, into)] unread: Signal<bool>,
    #[prop(optional)] testid: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <button
                class="row"
                type="button"
                data-testid=(!testid.is_empty()).then_some(testid)
                data-unread=told(move || unread.get().then_some(""))
                on:click=move |_| on_open.run(())
            >
                {children()}
            </button>
        </li>
    }
}

/// A plain table with a caption for screen readers; children are the table's body rows.
#[component]
pub fn Table(
    #[prop(into)] caption: Signal<String>,
    head: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let names = head.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    view! {
        <table class="table">
            <caption class="sr">{live(move || caption.get())}</caption>
            <thead>
                <tr>{names}</tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
}
