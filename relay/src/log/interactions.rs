//! Interactions as rows of a list, newest first, only those a person may read; decides no rights itself.

use super::db::query;
use super::filtered::{Read, bound, texts};
use super::identities::StoredName;
use super::{Log, LogError, keys};
use shared::channel::Channel;
use shared::id::{InteractionId, QueueId, UserId};
use shared::interaction::{Interaction, Phase};
use shared::search;
use shared::time::Timestamp;
use std::borrow::Cow;

/// 1,000 names are looked through at a time: some milliseconds.
const NAMES: u32 = 1_000;
/// 20,000 interactions are looked through for one page: whoever wants more asks for the next one.
#[cfg(not(test))]
const REACH: u32 = 20_000;
/// So few that tests get there.
#[cfg(test)]
const REACH: u32 = 1_500;

/// A place in the list: when an interaction was entered, and which it is.
pub type Place = (Timestamp, InteractionId);

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The person: what they worked on is theirs to read.
    pub user: UserId,
    /// The queues they have rights to.
    pub queues: Vec<QueueId>,
    /// Where the page ends: rows entered before this, and at the same time with a smaller id.
    pub before: Option<Place>,
    /// What they look for.
    pub filter: Filter,
    /// The most rows.
    pub limit: u32,
}

/// What somebody looks for; whatever is empty asks for nothing.
#[derive(Clone, Default)]
pub struct Filter {
    /// Only these phases.
    pub phases: Vec<Phase>,
    /// Only these channels.
    pub channels: Vec<Channel>,
    /// Only what is in these queues, or was last.
    pub queues: Vec<QueueId>,
    /// Only what this person works or worked on last.
    pub owner: Option<UserId>,
    /// Entered at this time or later.
    pub from: Option<Timestamp>,
    /// Entered before this time.
    pub to: Option<Timestamp>,
    /// A part of the customer's name, or of what stands in for it.
    pub name: Option<String>,
}

/// What somebody looks for, without the name.
impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { phases, channels, queues, owner, from, to, name: _ } = self;
        f.debug_tuple("Filter").field(&(phases, channels, queues, owner, from, to)).finish()
    }
}

/// A page of rows.
#[derive(Clone, Default)]
pub struct Page {
    /// The rows, newest first.
    pub found: Vec<Found>,
    /// Where the next page ends, when there is or may be one.
    pub next: Option<Place>,
}

/// A row with the words beside it.
#[derive(Clone)]
pub struct Found {
    /// The facts.
    pub interaction: Interaction,
    /// The customer's name, when known.
    pub name: Option<String>,
    /// What stands in for it.
    pub handle: String,
    /// The newest message's words.
    pub text: Option<String>,
}

impl Filter {
    /// Whether only interactions are looked for that run.
    pub(super) fn is_live(&self) -> bool {
        !self.phases.is_empty() && self.phases.iter().all(|phase| !phase.is_final())
    }
}

impl Page {
    /// What was found down to a place in the list, one row more than is wanted telling that there are others.
    fn of(mut found: Vec<Found>, wanted: u32, end: Option<Place>) -> Self {
        let most = usize::try_from(wanted).unwrap_or(usize::MAX);
        if found.len() <= most {
            return Self { found, next: end };
        }
        found.truncate(most);
        let next = found.last().map(|last| (last.interaction.entered_at, last.interaction.id));
        Self { found, next }
    }
}

impl Log {
    /// A page of interactions, newest first. The list is looked through for a while; where that ends without as many as
    /// are wanted, the page is short and the next one goes on from there.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn interactions(&self, wanted: &Wanted) -> Result<Page, LogError> {
        let end = self.reach(wanted).await?;
        let most = wanted.limit.saturating_add(1);
        let Some(name) = wanted.filter.name.as_deref().map(search::plain) else {
            let found = self.rows(wanted, (wanted.before, end), &[], most).await?;
            return Ok(Page::of(found, wanted.limit, end));
        };
        let (mut before, mut found) = (wanted.before, Vec::new());
        loop {
            let stretch = self.stretch(wanted, (before, end), &name).await?;
            let left = most.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
            if !stretch.ids.is_empty() {
                let within = (before, stretch.end.or(end));
                found.append(&mut self.rows(wanted, within, &stretch.ids, left).await?);
            }
            match stretch.end {
                Some(place) if found.len() < usize::try_from(most).unwrap_or(usize::MAX) => {
                    before = Some(place);
                }
                _ => return Ok(Page::of(found, wanted.limit, end)),
            }
        }
    }

    /// How far the list is looked through for one page; none where that is to its end.
    async fn reach(&self, wanted: &Wanted) -> Result<Option<Place>, LogError> {
        if wanted.filter.is_live() {
            return Ok(None);
        }
        let (at, id) = wanted.before.map_or((i64::MAX, String::new()), |(at, id)| (at.0, id.to_string()));
        let sql = "SELECT entered_at, id FROM interactions WHERE (entered_at, id) < ($1, $2) \
                   ORDER BY entered_at DESC, id DESC LIMIT 1 OFFSET $3";
        let row = query(sql).bind(at).bind(id).bind(REACH).fetch_optional(self.readers()).await?;
        row.map(|row| Ok((Timestamp(row.try_get(0)?), keys::id(&row.text(1)?, "interaction id")?)))
            .transpose()
    }

    /// The rows between two places, of these interactions alone where there are some.
    async fn rows(
        &self,
        wanted: &Wanted,
        within: (Option<Place>, Option<Place>),
        ids: &[String],
        limit: u32,
    ) -> Result<Vec<Found>, LogError> {
        let queues = texts(&wanted.queues);
        let rows = bound(Read::Page, &wanted.filter, within, limit)?
            .bind(wanted.user.to_string())
            .bind(queues.as_slice())
            .bind(ids)
            .fetch_all(self.readers())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let (name, handle) = name(row.try_get(1)?)?;
            let interaction = keys::parse(&row.text(0)?, "interaction")?;
            found.push(Found { interaction, name, handle, text: row.try_get(2)? });
        }
        Ok(found)
    }

    /// The interactions with a name in the next stretch between two places.
    async fn stretch(
        &self,
        wanted: &Wanted,
        within: (Option<Place>, Option<Place>),
        sought: &str,
    ) -> Result<Stretch, LogError> {
        let rows = bound(Read::Names, &wanted.filter, within, NAMES)?.fetch_all(self.readers()).await?;
        let whole = rows.len() == usize::try_from(NAMES).unwrap_or(usize::MAX);
        let mut stretch = Stretch { ids: Vec::new(), end: None };
        for row in rows {
            let (at, id) = (Timestamp(row.try_get(0)?), row.text(1)?.into_owned());
            let (name, handle) = name(row.try_get(2)?)?;
            stretch.end = Some((at, keys::id(&id, "interaction id")?)).filter(|_| whole);
            let shown = name.filter(|name| !name.trim().is_empty()).unwrap_or(handle);
            if search::plain(&shown).contains(sought) {
                stretch.ids.push(id);
            }
        }
        Ok(stretch)
    }

    /// Whether the log can be written, by writing.
    ///
    /// # Errors
    /// Why not.
    pub async fn ready(&self) -> Result<(), LogError> {
        // A transaction that writes nothing needs no disk: only one that does says whether the disk takes it.
        let sql = "INSERT INTO meta (key, value) VALUES ('ready', '0') \
                   ON CONFLICT (key) DO UPDATE SET value = CASE meta.value WHEN '0' THEN '1' ELSE '0' END";
        self.write(move |on| Box::pin(async move { query(sql).execute(on).await.map(drop) })).await?;
        self.whole()
    }
}

/// A part of the list that was looked through for a name.
struct Stretch {
    /// Whose name it is.
    ids: Vec<String>,
    /// Where it ends; none where nothing is left.
    end: Option<Place>,
}

/// A stored name, and what stands in for it.
fn name(stored: Option<Cow<'_, str>>) -> Result<(Option<String>, String), LogError> {
    let stored = stored.map(|json| keys::parse::<StoredName>(&json, "name")).transpose()?;
    Ok(stored.map_or((None, String::new()), |stored| (stored.name, stored.handle)))
}
