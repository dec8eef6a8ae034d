//! The whole router over a real log: headers, problems, sessions, rights, files; sockets and customers are tested from outside.

mod bed;
mod files;
mod limits;
mod problems;
mod sessions;
