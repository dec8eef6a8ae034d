//! `signalbox migrate`: brings an existing database to this version now instead of at the next start, and says what it did.

use super::{Configured, Fault, workspace};

/// Migrates a workspace that no relay is serving.
///
/// # Errors
/// When there is no database, a relay holds it, no copy could be made, or a migration failed.
pub async fn migrate(configured: &Configured) -> Result<(), Fault> {
    let settings = configured.settings()?;
    let path = workspace::existing(&settings)?;
    let log = workspace::open(&settings).await?;
    match log.migrated() {
        Some(done) => {
            println!("{} was at version {}.", path.display(), done.from);
            for version in &done.applied {
                println!("Applied {version}.");
            }
            println!("The database as it was before: {}", done.backup.display());
        }
        None => println!("{} is of this version; nothing was changed.", path.display()),
    }
    log.close().await;
    Ok(())
}
