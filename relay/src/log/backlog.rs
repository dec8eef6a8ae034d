//! How much of the journal waits to be understood; changes nothing.

use super::db::query_scalar;
use super::{Log, LogError, keys};

impl Log {
    /// How many items nobody has understood yet; counts no further than `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_item_count(&self, most: u32) -> Result<u64, LogError> {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM journal WHERE state = 'new' LIMIT $1) AS waiting";
        let count: i64 = query_scalar(sql).bind(most).fetch_one(self.readers()).await?;
        Ok(keys::count(count))
    }
}
