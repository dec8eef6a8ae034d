//! `signalbox migrate`: brings an existing database to this version now instead of at the next start, and says what it did.

use super::{Configured, Fault, workspace};

/// Migrates a workspace that no relay is serving.
///
/// # Errors
/// When there is no database, a relay holds it, no copy could be made, or a migration failed.
pub async fn migrate(configured: &Configured) -> Result<(), Fault> {
    let settings = configured.settings()?;
    workspace::existing(&settings)?;
    let name = workspace::name(&settings);
    let log = workspace::open(&settings).await?;
    match log.migrated() {
        Some(done) => {
            println!("{name} was at version {}.", done.from);
            for version in &done.applied {
                println!("Applied {version}.");
            }
            match &done.backup {
                Some(backup) => println!("The database as it was before: {}", backup.display()),
                None => {
                    println!(
                        "Of a database on a server no copy is made: `signalbox backup` makes one beforehand."
                    );
                }
            }
        }
        None => println!("{name} is of this version; nothing was changed."),
    }
    log.close().await;
    Ok(())
}
