//! How a session travels: its token, the cookie that carries it, the header that carries it; stores neither.

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// How a request carried its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// A cookie, which browsers send by themselves.
    Cookie,
    /// `Authorization: Bearer`, which somebody put there.
    Bearer,
}

/// Without https browsers refuse the prefix that binds a cookie to its host.
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-signalbox" } else { "signalbox" }
}

/// A new token: 256 bits of randomness in hex.
///
/// # Errors
/// When the system has no randomness.
pub fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// What is stored of a token: whoever reads the database cannot log in with it.
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The token of a request. A header that is there counts even when it is no bearer token: never two at a time.
pub fn of(headers: &HeaderMap, secure: bool) -> Option<(String, Carriage)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| (token.trim().to_owned(), Carriage::Bearer));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name(secure)).map(|(_, token)| (token.to_owned(), Carriage::Cookie))
}

/// The header that hands a browser its session, for `seconds`; zero takes it away.
pub fn cookie(token: &str, secure: bool, seconds: i64) -> Option<HeaderValue> {
    let name = name(secure);
    let only = if secure { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}");
    HeaderValue::from_str(&text).ok()
}
