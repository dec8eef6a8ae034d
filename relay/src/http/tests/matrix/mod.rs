//! Who may use what: every route of the API's document and every command of the wire, by every kind of person, on their own and on other queues; what is expected stands in two tables, and whatever has no row there fails.

mod commands;
pub mod people;
mod routes;
mod table;
