//! Serves the demo's simulator alone on 127.0.0.1:8081, for work on the phones page; webhooks go to 127.0.0.1:8080 whether or not somebody listens there.

/// `cargo run -p simulator --example alone [address]`
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let config = simulator::Config::demo("http://127.0.0.1:8080");
    simulator::serve(listener, config, std::future::pending()).await
}
