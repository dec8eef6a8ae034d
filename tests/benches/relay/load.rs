//! Webhooks on many connections, as fast as they are answered or at a steady pace; counts and times answers, judges nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::post::Post;
use tests::webhook::{self, Webhook};

/// Connections of a busy provider.
pub const MANY: usize = 64;
/// Customers among whom the messages go round.
const CUSTOMERS: usize = 64;

/// What a load came to.
pub struct Outcome {
    /// From the first request to the last answer.
    pub took: Duration,
    /// Milliseconds from request to answer, each.
    pub delays: Vec<f64>,
}

impl Outcome {
    /// Answers in a second.
    pub fn per_second(&self) -> f64 {
        self.delays.len() as f64 / self.took.as_secs_f64()
    }
}

/// So many webhooks of new messages; `from` keeps the ids of several bursts apart.
pub fn webhooks(host: &str, from: usize, count: usize) -> Arc<Vec<Webhook>> {
    let now = webhook::now();
    let text = "A message as customers write them, neither long nor short. ".repeat(4);
    let one = |n: usize| {
        let customer = u32::try_from(n % CUSTOMERS).unwrap();
        Webhook::message(host, customer, &format!("wamid.bench.{:010}", from + n), &text, now)
    };
    Arc::new((0..count).map(one).collect())
}

/// Posts all of them as fast as they are answered; every answer must be 200.
pub async fn burst(address: &str, requests: &Arc<Vec<Webhook>>, connections: usize) -> Outcome {
    let mut lines = connect(address, connections).await;
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut tasks = Vec::with_capacity(connections);
    while let Some(mut line) = lines.pop() {
        let (next, requests) = (Arc::clone(&next), Arc::clone(requests));
        tasks.push(tokio::spawn(async move {
            let mut delays = Vec::new();
            while let Some(webhook) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                delays.push(timed(&mut line, webhook).await);
            }
            delays
        }));
    }
    let mut delays = Vec::with_capacity(requests.len());
    for task in tasks {
        delays.extend(task.await.unwrap());
    }
    Outcome { took: began.elapsed(), delays }
}

/// Posts so many in a second, spread evenly over the connections; every answer must be 200.
pub async fn paced(address: &str, requests: &Arc<Vec<Webhook>>, per_second: f64) -> Outcome {
    let lines = connect(address, MANY).await;
    let began = Instant::now();
    let tasks = lines.into_iter().enumerate().map(|(place, mut line)| {
        let requests = Arc::clone(requests);
        tokio::spawn(async move {
            let mut delays = Vec::new();
            for (n, webhook) in requests.iter().enumerate().skip(place).step_by(MANY) {
                let due = began + Duration::from_secs_f64(n as f64 / per_second);
                tokio::time::sleep_until(due.into()).await;
                delays.push(timed(&mut line, webhook).await);
            }
            delays
        })
    });
    let mut delays = Vec::with_capacity(requests.len());
    for task in tasks.collect::<Vec<_>>() {
        delays.extend(task.await.unwrap());
    }
    Outcome { took: began.elapsed(), delays }
}

async fn connect(address: &str, connections: usize) -> Vec<Post> {
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Post::connect(address).await.unwrap());
    }
    lines
}

async fn timed(line: &mut Post, webhook: &Webhook) -> f64 {
    let began = Instant::now();
    let status = line.post(&webhook.request).await.unwrap();
    assert_eq!(status, 200);
    began.elapsed().as_secs_f64() * 1_000.0
}
