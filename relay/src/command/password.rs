//! A new password from whoever sits at the terminal, without echo and asked twice; from a pipe one line; never from an argument.

use super::Fault;
use crate::http::session;
use std::io::{BufRead, IsTerminal};

/// Asks for a new password, checks it as the web does, and returns its hash.
///
/// # Errors
/// When nothing can be read, the two do not match, or it is too short or too long.
pub fn ask() -> Result<String, Fault> {
    let password = zeroize::Zeroizing::new(if std::io::stdin().is_terminal() { typed()? } else { piped()? });
    session::fits(&password).map_err(|refusal| refusal.sentence())?;
    Ok(session::hash(&password)?)
}

fn typed() -> Result<String, Fault> {
    let first = rpassword::prompt_password("New password: ")?;
    let again = zeroize::Zeroizing::new(rpassword::prompt_password("Again: ")?);
    if first == *again { Ok(first) } else { Err("the two are not the same".into()) }
}

fn piped() -> Result<String, Fault> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
