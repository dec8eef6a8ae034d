//! Placeholder until the first module lands.
mod clock;
mod engine;
mod log;
fn main() {}
