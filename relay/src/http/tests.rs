//! The whole router over a real log: headers, problems, sessions, rights, files; sockets and customers are tested from outside.

mod bed;
mod content;
mod files;
mod foreign;
mod limits;
mod look;
mod matrix;
mod payloads;
mod problems;
mod sessions;
