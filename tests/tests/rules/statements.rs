//! Statements of SQL are constants: no word of a request, a customer or a provider is ever glued into one.

use crate::source::{self, Source};
use proc_macro2::{TokenStream, TokenTree};

/// What a statement begins with, and what only stands in one.
const WORDS: [&str; 9] = [
    "select ",
    "insert into",
    "update ",
    "delete from",
    "create table",
    "drop ",
    " order by ",
    " set ",
    "values (",
];

/// Macros that glue texts together at run time.
const GLUE: [&str; 3] = ["format", "write", "writeln"];

/// What tells the database's library that a text was glued together with care.
const OATH: &str = "AssertSqlSafe";

/// Files that may say it, each with the reason.
const SWORN: [(&str, &str); 1] = [(
    "relay/src/log/transfer.rs",
    "copies whole tables: their names and their columns' are those that the migrations made, looked at letter by letter \
     and among the tables that are there; every value is bound",
)];

/// Findings over the relay's own code.
pub fn check() -> Vec<String> {
    let files = source::workspace();
    let relay = files.iter().filter(|file| file.krate == "relay" && !file.test);
    relay.flat_map(findings).collect()
}

/// Findings in one file.
pub fn findings(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    walk(file, file.tokens(), &mut found);
    found
}

fn walk(file: &Source, tokens: TokenStream, found: &mut Vec<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let sworn = SWORN.iter().any(|(may, _)| *may == file.name);
        match tree {
            TokenTree::Ident(name) if name == OATH && !sworn => {
                let line = name.span().start().line;
                found.push(format!("{}:{line}: `{OATH}`: a statement is a constant", file.name));
            }
            TokenTree::Ident(name) if GLUE.iter().any(|glue| name == glue) && !sworn => {
                if let (Some(TokenTree::Punct(mark)), Some(TokenTree::Group(inside))) =
                    (trees.get(at + 1), trees.get(at + 2))
                    && mark.as_char() == '!'
                    && glues(inside.stream())
                {
                    let line = name.span().start().line;
                    found.push(format!("{}:{line}: `{name}!` glues a statement together", file.name));
                }
            }
            TokenTree::Group(group) => walk(file, group.stream(), found),
            _ => {}
        }
    }
}

/// Whether one of the texts among these tokens is one of a statement.
fn glues(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Literal(literal) => {
            let text = literal.to_string().to_lowercase();
            let inner = text.trim_start_matches(|c: char| "r#\"".contains(c));
            WORDS.iter().any(|word| {
                if word.starts_with(' ') { inner.contains(word) } else { inner.starts_with(word) }
            })
        }
        _ => false,
    })
}
