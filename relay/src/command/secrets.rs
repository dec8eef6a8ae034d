//! `signalbox secrets`: seals everything under a new key, or forgets what no key opens; shows names and never a value.

use super::{Configured, Fault, workspace};
use crate::log::Log;
use crate::seal::Place;

/// What can be done with the secrets.
#[derive(clap::Subcommand)]
pub enum SecretsCommand {
    /// Make a new key and seal every secret under it; the keys before it stay, for backups.
    Rotate {
        #[command(flatten)]
        configured: Configured,
    },
    /// Forget the secrets that none of the keys opens, so that they can be entered anew.
    Forget {
        #[command(flatten)]
        configured: Configured,
    },
}

/// Does what was typed.
///
/// # Errors
/// When a relay holds the database, or the keys cannot be read or written.
pub async fn run(command: SecretsCommand) -> Result<(), Fault> {
    match command {
        SecretsCommand::Rotate { configured } => rotate(&configured).await,
        SecretsCommand::Forget { configured } => forget(&configured).await,
    }
}

async fn rotate(configured: &Configured) -> Result<(), Fault> {
    let (log, place) = open(configured).await?;
    let log = log.with_keys_of(&place).await?;
    let sealed = match &place {
        Place::File(_) => log.rotate_secrets().await?,
        // Only the operator can put a new key first there.
        Place::Environment => log.seal_secrets().await?,
    };
    let keys = log.keys().ids();
    println!("{sealed} secrets were sealed under the key {}.", keys.first().map_or("", String::as_str));
    println!(
        "{} keys before it are still in {place}: they open older backups.",
        keys.len().saturating_sub(1)
    );
    if sealed == 0 && place == Place::Environment {
        println!("For a new key put 64 hexadecimal digits before the others there, and a comma between.");
    }
    log.close().await;
    Ok(())
}

async fn forget(configured: &Configured) -> Result<(), Fault> {
    let (log, place) = open(configured).await?;
    place.make()?;
    let log = log.with_keys(place.read()?);
    let names = log.forget_closed_secrets().await?;
    for name in &names {
        println!("Forgotten: {name}");
    }
    println!("{} secrets were forgotten; enter them anew.", names.len());
    log.close().await;
    Ok(())
}

async fn open(configured: &Configured) -> Result<(Log, Place), Fault> {
    let settings = configured.settings()?;
    workspace::existing(&settings)?;
    Ok((workspace::open(&settings).await?, Place::find(settings.key_file())))
}
