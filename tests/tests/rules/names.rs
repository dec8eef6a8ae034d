//! Collects every path a file names, in code and in macros alike, with its line; judges none.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A path as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its segments: `["crate", "store", "Store"]`; a glob ends in `*`.
    pub path: Vec<String>,
    /// The line it begins on.
    pub line: usize,
    /// The inline modules around it.
    pub inside: Vec<String>,
    /// For an import: the name it gets here.
    pub import: Option<String>,
    /// Inside `#[cfg(test)]`.
    pub test: bool,
    /// A method call `.name(…)`: its path is the name alone.
    pub method: bool,
}

/// All names of a file.
pub fn collect(tree: &syn::File) -> Vec<Named> {
    let mut collector = Collector::default();
    collector.visit_file(tree);
    collector.found
}

#[derive(Default)]
struct Collector {
    found: Vec<Named>,
    inside: Vec<String>,
    test: bool,
}

impl Collector {
    fn add(&mut self, path: Vec<String>, line: usize, import: Option<String>, method: bool) {
        let (inside, test) = (self.inside.clone(), self.test);
        self.found.push(Named { path, line, inside, import, test, method });
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[plain(ident)]].concat();
        let line = tree.span().start().line;
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.add(before.to_vec(), line, before.last().cloned(), false);
            }
            syn::UseTree::Name(name) => self.add(with(&name.ident), line, Some(plain(&name.ident)), false),
            syn::UseTree::Rename(name) if name.ident == "self" => {
                self.add(before.to_vec(), line, Some(plain(&name.rename)), false);
            }
            syn::UseTree::Rename(name) => self.add(with(&name.ident), line, Some(plain(&name.rename)), false),
            syn::UseTree::Glob(_) => {
                self.add([before, &["*".to_owned()]].concat(), line, Some("*".to_owned()), false);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
        }
    }

    /// Paths and method calls in tokens nobody has parsed: the body of a macro.
    fn tokens(&mut self, tokens: &TokenStream) {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            at += 1;
            match tree {
                TokenTree::Group(group) => self.tokens(&group.stream()),
                TokenTree::Punct(dot) if dot.as_char() == '.' => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(call))) =
                        (trees.get(at), trees.get(at + 1))
                        && call.delimiter() == Delimiter::Parenthesis
                    {
                        self.add(vec![plain(name)], name.span().start().line, None, true);
                    }
                }
                TokenTree::Ident(first) => {
                    let mut path = vec![plain(first)];
                    while let (Some(true), Some(true), Some(TokenTree::Ident(next))) = (
                        trees.get(at).map(|tree| is_colon(tree, Spacing::Joint)),
                        trees
                            .get(at + 1)
                            .map(|tree| is_colon(tree, Spacing::Alone) || is_colon(tree, Spacing::Joint)),
                        trees.get(at + 2),
                    ) {
                        path.push(plain(next));
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.add(path, first.span().start().line, None, false);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
        self.add(vec![plain(&item.ident)], item.span().start().line, Some(plain(name)), false);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let outer = self.test;
        self.test |= item.attrs.iter().any(is_test);
        self.inside.push(plain(&item.ident));
        visit::visit_item_mod(self, item);
        self.inside.pop();
        self.test = outer;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let outer = self.test;
        self.test |= item.attrs.iter().any(is_test);
        visit::visit_item_fn(self, item);
        self.test = outer;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
        // A single name is a local thing or was imported, and the import is seen.
        if segments.len() > 1 {
            self.add(segments, path.span().start().line, None, false);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.add(vec![plain(&call.method)], call.method.span().start().line, None, true);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(&call.tokens);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.tokens(&list.tokens);
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}

fn is_colon(tree: &TokenTree, spacing: Spacing) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == spacing)
}

fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]`, `#[test]` and the tests of browsers.
fn is_test(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    path.segments.last().is_some_and(|last| last.ident == "test" || last.ident == "wasm_bindgen_test")
        || (path.is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list)
                if list.tokens.to_string().split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "test")
                    && !list.tokens.to_string().starts_with("not")))
}
