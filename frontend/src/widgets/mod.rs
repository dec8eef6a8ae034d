//! The widgets an agent works with. Each lives on the desk it is given and names no other widget.

pub mod message;
pub mod registry;
mod reject;

pub use reject::RejectButton;
