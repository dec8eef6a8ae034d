//! One kept-open HTTP/1.1 connection that posts prepared requests: costs the machine next to nothing beside what it measures; reads of an answer its status alone.

use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection to a server.
pub struct Post {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Post {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    /// Writes one request and reads its answer; returns the status.
    ///
    /// # Errors
    /// When the connection ends before the whole answer is there.
    pub async fn post(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        let (status, end) = loop {
            self.read().await?;
            if let Some(head) = head(&self.answer)? {
                break head;
            }
        };
        while self.answer.len() < end {
            self.read().await?;
        }
        Ok(status)
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Posts every request once on so many connections and gives what was answered to each, in their order.
///
/// # Errors
/// When a connection breaks off: then some were not answered.
pub async fn all(address: &str, requests: Vec<Vec<u8>>, connections: usize) -> Result<Vec<u16>> {
    let requests = Arc::new(requests);
    let mut lines = tokio::task::JoinSet::new();
    for line in 0..connections.min(requests.len()) {
        let (requests, mut post) = (Arc::clone(&requests), Post::connect(address).await?);
        lines.spawn(async move {
            let mut answers = Vec::new();
            for (place, request) in requests.iter().enumerate().skip(line).step_by(connections) {
                answers.push((place, post.post(request).await?));
            }
            Ok::<_, Error>(answers)
        });
    }
    let mut answers = vec![0; requests.len()];
    while let Some(line) = lines.join_next().await {
        for (place, status) in line.map_err(Error::other)?? {
            answers[place] = status;
        }
    }
    Ok(answers)
}

/// The status of an answer and where it ends, once its head is complete.
fn head(answer: &[u8]) -> Result<Option<(u16, usize)>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&answer[..end]).map_err(Error::other)?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    });
    let status = status.ok_or_else(|| Error::other("an answer without a status"))?;
    Ok(Some((status, end + 4 + length.unwrap_or(0))))
}
