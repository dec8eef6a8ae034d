//! Fetches what the business sends by address, as the providers' servers do; never follows more than three redirects nor reads more than the limit.

use std::time::Duration;

use axum::body::Bytes;

/// How long a provider waits for a file.
const WITHIN: Duration = Duration::from_secs(10);
const REDIRECTS: usize = 3;

/// A file found at an address.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub mime: String,
    pub name: String,
    pub bytes: Bytes,
}

/// Fetches the file; the reason in words when there is none of at most `limit` bytes.
pub(crate) async fn file(http: &reqwest::Client, url: &str, limit: usize) -> Result<Found, String> {
    let fetching = follow(http, url, limit);
    tokio::time::timeout(WITHIN, fetching).await.unwrap_or_else(|_| Err("no answer within 10 s".to_owned()))
}

async fn follow(http: &reqwest::Client, url: &str, limit: usize) -> Result<Found, String> {
    let mut address = url.to_owned();
    for _ in 0..=REDIRECTS {
        let answer = http.get(&address).send().await.map_err(|error| error.to_string())?;
        if answer.status().is_redirection() {
            let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
            let to = to.and_then(|to| answer.url().join(to).ok());
            address = to.ok_or("a redirect to nowhere")?.to_string();
            continue;
        }
        if !answer.status().is_success() {
            return Err(format!("answered {}", answer.status().as_u16()));
        }
        let mime = answer.headers().get("content-type").and_then(|mime| mime.to_str().ok());
        let mime = mime.unwrap_or("application/octet-stream").to_owned();
        let name = answer.url().path().rsplit('/').next().unwrap_or_default().to_owned();
        return Ok(Found { mime, name, bytes: read(answer, limit).await? });
    }
    Err("too many redirects".to_owned())
}

async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Bytes, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| error.to_string())? {
        if bytes.len() + chunk.len() > limit {
            return Err(format!("larger than {limit} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}
