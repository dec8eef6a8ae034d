//! Placeholder until the first module lands.
mod channels;
fn main() {}
