//! Who is logged in: the one way to build an [`Authenticated`], and the routes that begin and end sessions.

mod attempts;
mod carriage;
mod origin;
mod own;
mod password;
mod renew;
mod routes;
#[cfg(test)]
mod tests;

pub use attempts::Attempts;
pub use carriage::token;
pub use origin::Origins;
pub use own::{__path_end, __path_end_others, __path_list, end, end_others, list};
#[cfg(feature = "demo")]
pub use password::HashError;
pub use password::{Passwords, fits, hash};
pub use renew::{__path_change_password, change_password, new_hash};
pub use routes::{__path_log_in, __path_log_out, __path_who, body, log_in, log_out, who};

use super::App;
use super::problem::Problem;
use crate::config;
use crate::log::Session;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use carriage::Carriage;
use shared::config::User;
use shared::permission;
use shared::time::{Span, Timestamp};

/// A person who is logged in. Nothing else than this module can make one, and every route but the open ones takes one.
pub struct Authenticated {
    user: User,
    digest: String,
    carriage: Carriage,
    logged_in_at: Timestamp,
}

impl Authenticated {
    /// The person, as configured at the time of the request.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// When this session began.
    #[must_use]
    pub const fn logged_in_at(&self) -> Timestamp {
        self.logged_in_at
    }

    /// The session's digest.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether a socket may be opened for this request: browsers send the cookie whoever's page asks.
    #[must_use]
    pub fn may_open(&self, origins: &Origins, headers: &HeaderMap) -> bool {
        match self.carriage {
            Carriage::Cookie => origins.vouch(headers),
            Carriage::Bearer => origins.admit(headers),
        }
    }
}

impl FromRequestParts<App> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = carriage::of(&parts.headers, app.secure);
        let (token, carriage) = found.ok_or_else(Problem::unauthorized)?;
        let digest = carriage::digest(&token);
        let (session, user) = holder(app, &digest).await?.ok_or_else(Problem::unauthorized)?;
        let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        // A browser sends the cookie whoever's page asks; the header only our own script can set.
        if !reads && carriage == Carriage::Cookie && !app.origins.vouch(&parts.headers) {
            return Err(Problem::forbidden("Only Signalbox's own pages may do that."));
        }
        let now = app.wall.now();
        if now.since(session.seen_at).0 > config::SESSION_TOUCH_MS {
            let failed = |error| Problem::internal("a session could not be read", &error);
            app.engine.log().touch_session(digest.clone(), now).await.map_err(failed)?;
        }
        Ok(Self { user, digest, carriage, logged_in_at: session.created_at })
    }
}

/// The session with this digest and whose it is, while both stand. Asking is no sign of the person's: it keeps no
/// session alive.
pub(super) async fn holder(app: &App, digest: &str) -> Result<Option<(Session, User)>, Problem> {
    let failed = |error| Problem::internal("a session could not be read", &error);
    let session = app.engine.log().session(digest).await.map_err(failed)?;
    let now = app.wall.now();
    let session = session.filter(|session| !session.is_over(now, Span(config::SESSION_IDLE_MS)));
    Ok(session.and_then(|session| {
        let user = app.engine.look(|world| world.active_user(session.user).cloned())?;
        Some((session, user))
    }))
}

/// A person who is logged in and may edit the configuration.
pub struct Admin(Authenticated);

impl Admin {
    /// The person.
    #[must_use]
    pub const fn user(&self) -> &User {
        self.0.user()
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let person = Authenticated::from_request_parts(parts, app).await?;
        if permission::configures(person.user()) {
            Ok(Self(person))
        } else {
            Err(Problem::forbidden("Only an admin may do that."))
        }
    }
}

/// A person who is logged in and may see other people's work.
pub struct Supervisor(());

impl FromRequestParts<App> for Supervisor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let person = Authenticated::from_request_parts(parts, app).await?;
        if permission::supervises(person.user()) {
            Ok(Self(()))
        } else {
            Err(Problem::forbidden("Only a supervisor or an admin may do that."))
        }
    }
}
