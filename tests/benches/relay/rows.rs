//! The baseline of storing: the very rows that the relay wrote, copied into a fresh file by SQLite alone, in groups or one commit each; understands none of them.

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Messages that share a commit, as the target names it.
pub const GROUP: usize = 32;

/// Tables that grow by a row with every message; the order in which the relay fills them.
const GROWING: [&str; 4] = ["journal", "events", "contents", "messages"];
/// Tables with one row per customer or chat, which every message rewrites: with the columns that change and the key.
const REWRITTEN: [(&str, &str, &str); 3] = [
    ("streams", "version, live, state", "stream"),
    ("interactions", "phase, queue, owner, ended_at, last_message", "id"),
    ("identities", "subscribed, last_customer_at", "id"),
];

/// How far the growing tables had grown.
pub struct Mark([i64; GROWING.len()]);

/// What was written since a mark.
pub struct Rows {
    schema: Vec<String>,
    grown: Vec<Vec<Vec<Value>>>,
    rewritten: Vec<Vec<Vec<Value>>>,
    /// Rows that must be there before.
    standing: Vec<Vec<Vec<Value>>>,
}

/// Opens the relay's file without disturbing it.
pub fn read_only(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Where the growing tables end now.
pub fn mark(path: &Path) -> Mark {
    let file = read_only(path);
    Mark(GROWING.map(|table| {
        let sql = format!("SELECT coalesce(max(rowid), 0) FROM {table}");
        file.query_row(&sql, [], |row| row.get(0)).unwrap()
    }))
}

/// Waits until every webhook item has been understood.
pub async fn understood(path: &Path) {
    let file = read_only(path);
    let mut open = file.prepare("SELECT EXISTS (SELECT 1 FROM journal WHERE state = 'new')").unwrap();
    while open.query_row([], |row| row.get::<_, bool>(0)).unwrap() {
        // Not in the runtime's way: the statement takes microseconds.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

impl Rows {
    /// Reads what the relay wrote since the mark.
    pub fn since(path: &Path, mark: &Mark) -> Self {
        let file = read_only(path);
        let sql =
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
        let mut schema = file.prepare(sql).unwrap();
        let schema = schema.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let grown: Vec<Vec<Vec<Value>>> = GROWING
            .iter()
            .zip(mark.0)
            .map(|(table, from)| {
                all(&file, &format!("SELECT * FROM {table} WHERE rowid > {from} ORDER BY rowid"))
            })
            .collect();
        let standing =
            REWRITTEN.iter().map(|(table, ..)| all(&file, &format!("SELECT * FROM {table}"))).collect();
        let rewritten = REWRITTEN
            .iter()
            .map(|(table, columns, key)| {
                all(&file, &format!("SELECT {columns}, {key} FROM {table} ORDER BY {key}"))
            })
            .collect();
        Self { schema, grown, rewritten, standing }
    }

    /// How many messages came.
    pub fn messages(&self) -> usize {
        self.grown.last().map_or(0, Vec::len)
    }

    /// Writes them into a fresh file, so many messages in a commit; returns what each commit took, in milliseconds.
    pub fn write(&self, group: usize) -> Vec<f64> {
        let folder = TempDir::new().unwrap();
        let mut file = Connection::open(folder.path().join("raw.sqlite")).unwrap();
        file.set_prepared_statement_cache_capacity(64);
        file.pragma_update(None, "journal_mode", "wal").unwrap();
        file.pragma_update(None, "synchronous", "full").unwrap();
        for sql in &self.schema {
            file.execute_batch(sql).unwrap();
        }
        let before = file.transaction().unwrap();
        for ((table, ..), rows) in REWRITTEN.iter().zip(&self.standing) {
            for row in rows {
                insert(&before, table, row);
            }
        }
        before.commit().unwrap();
        let mut delays = Vec::with_capacity(self.messages() / group + 1);
        let mut next = 0;
        while next < self.messages() {
            let began = Instant::now();
            let end = (next + group).min(self.messages());
            let transaction = file.transaction().unwrap();
            for n in next..end {
                self.message(&transaction, n);
            }
            transaction.commit().unwrap();
            delays.push(began.elapsed().as_secs_f64() * 1_000.0);
            next = end;
        }
        delays
    }

    /// The rows of the n-th message.
    fn message(&self, on: &Connection, n: usize) {
        for (table, rows) in GROWING.iter().zip(&self.grown) {
            if let Some(row) = rows.get(n) {
                insert(on, table, row);
            }
        }
        for ((table, columns, key), rows) in REWRITTEN.iter().zip(&self.rewritten) {
            let sets: Vec<String> = columns.split(", ").map(|column| format!("{column} = ?")).collect();
            let sql = format!("UPDATE {table} SET {} WHERE {key} = ?", sets.join(", "));
            let row = &rows[n % rows.len()];
            on.prepare_cached(&sql).unwrap().execute(params_from_iter(row)).unwrap();
        }
    }
}

fn all(file: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = file.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect()).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn insert(on: &Connection, table: &str, row: &[Value]) {
    let places = vec!["?"; row.len()].join(", ");
    let sql = format!("INSERT INTO {table} VALUES ({places})");
    on.prepare_cached(&sql).unwrap().execute(params_from_iter(row)).unwrap();
}
