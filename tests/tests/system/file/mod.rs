//! Tests that look into the log's file past the relay (`tests::ledger`), spoil it, or are the same on either database: they run on `SQLite`, whatever the run wants.

mod arrives;
mod flips;
mod intake;
mod keys;
mod points;
mod receipts;
mod sends;
mod storm;
mod syncs;
mod transcripts;
mod trouble;
mod unknown;
mod views;
mod weight;
