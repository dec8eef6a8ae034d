//! Placeholder until the first module lands.
mod clock;
mod log;
fn main() {}
