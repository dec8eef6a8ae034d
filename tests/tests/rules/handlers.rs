//! The doors of the relay: every route stands in the API's document, and every handler behind one takes somebody who is logged in.

use crate::source::{self, Source};
use syn::visit::{self, Visit};

/// What only the session module can build, and only for a session that stands.
const LOGGED_IN: [&str; 3] = ["Authenticated", "Admin", "Supervisor"];

/// The word in a route's description that says: whoever asks. The table of rights says why.
const PUBLIC: &str = "security(())";

/// Calls that make a route past the document.
const PAST: [&str; 5] = ["route", "route_service", "nest_service", "fallback_service", "into_make_service"];

/// Files that may make a route past the document: the one that puts routers together mounts the desk's page; the figures
/// and customers' files have addresses of their own, apart from the API's, and files open for their tickets alone.
const MOUNTS: [&str; 3] =
    ["relay/src/http/router.rs", "relay/src/http/figures.rs", "relay/src/http/content/routes.rs"];

/// Findings over the relay's own code.
pub fn check() -> Vec<String> {
    let files = source::workspace();
    let relay = files.iter().filter(|file| file.krate == "relay" && !file.test);
    relay.flat_map(findings).collect()
}

/// Findings in one file.
pub fn findings(file: &Source) -> Vec<String> {
    let mut doors = Doors { file: &file.name, found: Vec::new() };
    doors.visit_file(&file.tree());
    doors.found
}

struct Doors<'a> {
    file: &'a str,
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Doors<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("cfg") && words(attribute).contains("test"))
        {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let described = item.attrs.iter().find(|attribute| {
            let segments: Vec<String> =
                attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
            segments == ["utoipa", "path"]
        });
        if let Some(described) = described {
            let public = words(described).contains(PUBLIC);
            let mut takes = Idents::default();
            item.sig.inputs.iter().for_each(|input| takes.visit_fn_arg(input));
            let logged_in = takes.0.iter().any(|name| LOGGED_IN.contains(&name.as_str()));
            if public == logged_in {
                let line = item.sig.ident.span().start().line;
                let what = if public {
                    "is public and asks who is logged in"
                } else {
                    "takes nobody who is logged in"
                };
                self.found.push(format!("{}:{line}: `{}` {what}", self.file, item.sig.ident));
            }
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        // What is called so without an address is no router.
        let routes = !call.args.is_empty() && PAST.iter().any(|name| call.method == name);
        if routes && !MOUNTS.contains(&self.file) {
            let line = call.method.span().start().line;
            self.found.push(format!(
                "{}:{line}: `.{}(…)` makes a route that no document lists",
                self.file, call.method
            ));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// All names in something.
#[derive(Default)]
struct Idents(Vec<String>);

impl<'ast> Visit<'ast> for Idents {
    fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
        self.0.push(ident.to_string());
    }
}

/// What stands in the brackets of an attribute, without blanks.
fn words(attribute: &syn::Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) => list.tokens.to_string().split_whitespace().collect(),
        _ => String::new(),
    }
}
