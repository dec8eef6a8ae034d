//! Placeholder until the first module lands.
mod channels;
mod clock;
mod delivery;
mod engine;
mod ingest;
mod log;
fn main() {}
