//! The desk's primitives: controls, lists, notices and signs. They know no word of the domain and keep no state of it.
//!
//! The markup and the class of each part is described at the top of `styles/ui.css`. Every primitive is small and not
//! generic but for the closure of [`When`], takes `Signal`, `MaybeProp` and `Callback`, and never writes a style attribute.

mod afloat;
mod button;
mod device;
mod feedback;
mod field;
mod icon;
mod links;
mod list;
mod menu;
mod modal;
mod small;
mod text;
mod when;

#[cfg(test)]
mod tests;

pub use afloat::Afloat;
pub use button::{Button, IconButton, Kind, link};
pub use device::Device;
pub use feedback::{Banner, BubbleBones, Connecting, EmptyState, ErrorState, RowBones, Toast};
pub use field::{Field, Select, TextField};
pub use icon::{ChannelMark, Icon, Mark, SPRITE, Sign};
pub use links::{Links, Way, open_outside};
pub use list::{Row, Rows, Table};
pub use menu::{Menu, MenuItem, MenuLabel};
pub use modal::{Ask, Modal, open_while};
pub use small::{Avatar, Badge, Counter, Dot, Elapsed, Face, Kbd, Pill, Tone};
pub use text::{elapsed, initials, remaining};
pub use when::When;
