//! Fetching over real sockets: what is refused reaches nobody, a token stays where it belongs, sizes and kinds are held to.

use super::blob::{Blobs, Part};
use super::fetch::{FetchError, Fetcher};
use super::guard::Guard;
use shared::channel::Channel;
use shared::id::AttachmentId;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const FILE: AttachmentId = AttachmentId::from_u128(0xF11E);

/// A server that gives every request the same answer and remembers what it was asked.
struct Server {
    at: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn new(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let (answer, heard) = (answer.into(), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = vec![0; 4_096];
                let read = socket.read(&mut request).await.unwrap_or_default();
                heard.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).to_lowercase());
                // The other side may have gone already.
                let _ = socket.write_all(&answer).await;
                let _ = socket.shutdown().await;
            }
        });
        Self { at, asked }
    }

    async fn giving(body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        Self::new([head.as_bytes(), body].concat()).await
    }

    async fn leading_to(url: &str) -> Self {
        Self::new(format!("HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n")).await
    }

    fn url(&self) -> String {
        format!("http://{}/file", self.at)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A store in a folder of its own, and the way to fetch into it.
struct Bed {
    blobs: Blobs,
    fetcher: Fetcher,
    _folder: tempfile::TempDir,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        Self { blobs, fetcher: Fetcher::new().unwrap(), _folder: folder }
    }

    /// Fetches on behalf of an account whose provider an admin put at `own`.
    async fn fetch(&self, own: &str, url: &str, limit: u64) -> Result<u64, FetchError> {
        let guard = Guard::new(Channel::WhatsApp, Some(own));
        let mut writing = self.blobs.write(FILE);
        match self.fetcher.fetch(&guard, url, Some("secret"), limit, &mut writing).await {
            Ok(fetched) => {
                writing.finish().await?;
                Ok(fetched.size)
            }
            Err(error) => {
                writing.abandon().await;
                Err(error)
            }
        }
    }
}

#[tokio::test]
async fn a_file_of_the_accounts_own_address_is_fetched_with_its_token_and_read_back() {
    let (bed, server) = (Bed::new(), Server::giving(b"0123456789").await);
    assert_eq!(bed.fetch(&server.url(), &server.url(), 10).await.unwrap(), 10);
    assert!(server.asked()[0].contains("authorization: bearer secret"));
    let read = bed.blobs.read(FILE, Part::Original, None).await.unwrap();
    assert_eq!(read.whole().await.unwrap(), b"0123456789");
    let some = Some(object_store::GetRange::Bounded(2..5));
    let part = bed.blobs.read(FILE, Part::Original, some).await.unwrap();
    assert_eq!((part.size, part.range.clone()), (10, 2..5));
    assert_eq!(part.whole().await.unwrap(), b"234");
    bed.blobs.remove(FILE).await.unwrap();
    bed.blobs.remove(FILE).await.unwrap();
    assert!(bed.blobs.read(FILE, Part::Original, None).await.is_err());
}

#[tokio::test]
async fn nobody_in_our_own_network_is_ever_asked() {
    let (bed, own, canary) = (Bed::new(), Server::giving(b"own").await, Server::giving(b"ours").await);
    let port = canary.at.port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "127.0.0.1.nip.io",
        "localhost.",
        "LOCALHOST",
    ];
    for host in hosts {
        for scheme in ["http", "https"] {
            for url in [format!("{scheme}://{host}:{port}/file"), format!("{scheme}://{host}/file")] {
                let error = bed.fetch(&own.url(), &url, 100).await;
                assert!(matches!(error, Err(FetchError::Forbidden)), "{url}");
            }
        }
    }
    assert!(canary.asked().is_empty());
}

#[tokio::test]
async fn a_redirect_is_looked_at_like_an_address_and_carries_no_token_on() {
    let (bed, canary) = (Bed::new(), Server::giving(b"ours").await);
    for target in [canary.url(), "http://169.254.169.254/latest".into(), "file:///etc/passwd".into()] {
        let own = Server::leading_to(&target).await;
        let error = bed.fetch(&own.url(), &own.url(), 100).await;
        assert!(matches!(error, Err(FetchError::Forbidden)), "{target}");
    }
    assert!(canary.asked().is_empty());
    // It may lead on within the account's own address, but for ever it may not, and the token is not shown twice.
    let own = Server::leading_to("/next").await;
    assert!(matches!(bed.fetch(&own.url(), &own.url(), 100).await, Err(FetchError::Forbidden)));
    let asked = own.asked();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked.iter().filter(|head| head.contains("secret")).count(), 1);
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_leads_nowhere() {
    use reqwest::dns::Resolve;
    let resolver = super::guard::PublicOnly;
    let found = resolver.resolve("localhost".parse().unwrap()).await;
    assert!(found.is_err());
}

#[tokio::test]
async fn too_much_is_refused_whether_it_is_told_or_not() {
    let bed = Bed::new();
    let told = Server::giving(&[7; 101]).await;
    assert!(matches!(bed.fetch(&told.url(), &told.url(), 100).await, Err(FetchError::TooLarge)));
    let untold = [&b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"[..], &[7; 101]].concat();
    let untold = Server::new(untold).await;
    assert!(matches!(bed.fetch(&untold.url(), &untold.url(), 100).await, Err(FetchError::TooLarge)));
    assert!(bed.blobs.read(FILE, Part::Original, None).await.is_err(), "nothing half-written stays");
}

#[tokio::test]
async fn what_a_provider_answers_says_whether_to_come_back() {
    let bed = Bed::new();
    for (status, gone) in [(403, true), (404, true), (410, true), (429, false), (500, false), (503, false)] {
        let server = Server::new(format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")).await;
        let error = bed.fetch(&server.url(), &server.url(), 100).await.unwrap_err();
        assert_eq!(matches!(error, FetchError::Gone(_)), gone, "{status}: {error}");
        assert_eq!(matches!(error, FetchError::Later(_)), !gone, "{status}: {error}");
    }
    let nobody = "http://127.0.0.1:1/file";
    assert!(matches!(bed.fetch(nobody, nobody, 100).await, Err(FetchError::Later(_))));
    let short = Server::new("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await;
    assert!(matches!(bed.fetch(&short.url(), &short.url(), 100).await, Err(FetchError::Later(_))));
}
