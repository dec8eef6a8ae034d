//! `signalbox user`: adds a person or sets a password while no relay runs; the domain decides what may be, as for the API.

use super::{Configured, Fault, password, workspace};
use crate::engine::{Engine, OccurError};
use crate::log::Beside;
use shared::command::Occurrence;
use shared::config::{ConfigChange, Role, User};
use shared::id::UserId;

/// What can be done with people.
#[derive(clap::Subcommand)]
pub enum UserCommand {
    /// Add a person; the password is asked for, or read as one line when the input is no terminal.
    Add(NewUser),
    /// Set a person's password; it ends their sessions.
    Passwd {
        /// The name they log in with.
        login: String,
        #[command(flatten)]
        configured: Configured,
    },
}

/// A person to add.
#[derive(clap::Args)]
pub struct NewUser {
    /// The name to log in with.
    login: String,
    /// The name shown to colleagues.
    #[arg(long)]
    name: String,
    /// What they may do in general.
    #[arg(long, value_enum)]
    role: RoleArgument,
    /// The most activities that distribution gives them at a time; 0 = no limit.
    #[arg(long, default_value_t = 0)]
    capacity: u16,
    #[command(flatten)]
    configured: Configured,
}

/// A role as it is typed.
#[derive(Clone, Copy, clap::ValueEnum)]
enum RoleArgument {
    /// Answers customers.
    Agent,
    /// Also sees other people's work.
    Supervisor,
    /// Also edits the configuration.
    Admin,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Agent => Self::Agent,
            RoleArgument::Supervisor => Self::Supervisor,
            RoleArgument::Admin => Self::Admin,
        }
    }
}

/// Does what was typed.
///
/// # Errors
/// When a relay holds the database, the domain refuses, or nothing could be saved.
pub async fn run(command: UserCommand) -> Result<(), Fault> {
    match command {
        UserCommand::Add(new) => add(new).await,
        UserCommand::Passwd { login, configured } => passwd(&login, &configured).await,
    }
}

async fn add(new: NewUser) -> Result<(), Fault> {
    let NewUser { login, name, role, capacity, configured } = new;
    let settings = configured.settings()?;
    let done = workspace::change(&settings, async |engine: &Engine| {
        if find(engine, &login).is_some() {
            return Err(format!("there is a person with the login {login} already").into());
        }
        let hash = password::ask()?;
        let id = UserId(engine.clock().fresh());
        let user = User { id, login: login.clone(), name, role: role.into(), active: true, capacity };
        // The password first: a person without one could never log in.
        engine.log().save_credential(id, hash).await?;
        let occurrence = Occurrence::Configure { by: None, change: ConfigChange::UserSaved(user) };
        engine.occur(occurrence, Beside::default()).await.map(drop).map_err(refused)
    });
    done.await?;
    println!("{login} can log in.");
    Ok(())
}

async fn passwd(login: &str, configured: &Configured) -> Result<(), Fault> {
    let settings = configured.settings()?;
    workspace::existing(&settings)?;
    let done = workspace::change(&settings, async |engine: &Engine| {
        let user = find(engine, login).ok_or_else(|| format!("nobody has the login {login}"))?;
        let hash = password::ask()?;
        engine.log().save_credential(user, hash).await?;
        Ok(engine.log().end_sessions_of(user).await?)
    });
    done.await?;
    println!("{login} has a new password; their sessions have ended.");
    Ok(())
}

fn find(engine: &Engine, login: &str) -> Option<UserId> {
    let login = login.trim().to_lowercase();
    engine.look(|world| {
        world.config.users.values().find(|user| user.login.to_lowercase() == login).map(|user| user.id)
    })
}

fn refused(error: OccurError) -> Fault {
    match error {
        OccurError::Refused(refusal) => refusal.sentence().into(),
        OccurError::Failed => error.into(),
    }
}
