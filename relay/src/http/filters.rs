//! What somebody looks for in the list of interactions, read from the address; every word is one of a closed set, an id or a number.

use super::problem::Problem;
use crate::log::Filter;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use shared::id::UserId;
use shared::time::Timestamp;

/// 100 values of one filter: more than there are phases, channels or queues to choose from at a time.
const VALUES: usize = 100;
/// 100 characters of a name: longer than any name a row shows.
const NAME: usize = 100;

/// Which page of the list, and of which interactions.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// What the page before gave as `next`.
    pub before: Option<String>,
    /// Only interactions of these phases, with commas between: `routing`, `queued`, `active`, `missed`, `ended`.
    phase: Option<String>,
    /// Only interactions on these channels, with commas between: `messenger`, `instagram`, `whatsapp`, `viber`.
    channel: Option<String>,
    /// Only interactions that are in these queues or were last: ids, with commas between.
    queue: Option<String>,
    /// Only interactions on which this person works or worked last: `me`, or an id.
    owner: Option<String>,
    /// Only interactions that began at this time or later, in milliseconds since 1970.
    #[param(value_type = Option<i64>)]
    from: Option<String>,
    /// Only interactions that began before this time, in milliseconds since 1970.
    #[param(value_type = Option<i64>)]
    to: Option<String>,
    /// Only interactions of customers with this in their name, from 1 to 100 characters; case and marks on letters make
    /// no difference.
    #[param(min_length = 1, max_length = 100)]
    q: Option<String>,
    /// The most rows, from 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

impl ListQuery {
    /// What is looked for, by this person.
    ///
    /// # Errors
    /// 400 with a sentence for what is none of the words there are.
    pub fn filter(&self, me: UserId) -> Result<Filter, Problem> {
        let phases = "phase must be routing, queued, active, missed or ended, several with commas between.";
        let channels =
            "channel must be messenger, instagram, whatsapp or viber, several with commas between.";
        let owner = match self.owner.as_deref() {
            Some("me") => Some(me),
            Some(id) => Some(id.parse().map_err(|_| wrong("owner must be me or the id of a person."))?),
            None => None,
        };
        let filter = Filter {
            phases: each(self.phase.as_deref(), phases)?,
            channels: each(self.channel.as_deref(), channels)?,
            queues: each(self.queue.as_deref(), "queue must be ids of queues, with commas between.")?,
            owner,
            from: instant(self.from.as_deref(), "from must be a time in milliseconds since 1970.")?,
            to: instant(self.to.as_deref(), "to must be a time in milliseconds since 1970.")?,
            name: self.name()?,
        };
        match (filter.from, filter.to) {
            (Some(from), Some(to)) if from >= to => Err(wrong("from must be before to.")),
            _ => Ok(filter),
        }
    }

    fn name(&self) -> Result<Option<String>, Problem> {
        let Some(name) = self.q.as_deref().map(str::trim) else { return Ok(None) };
        if name.chars().count() > NAME || shared::search::plain(name).is_empty() {
            return Err(wrong("q must be a part of a name, from 1 to 100 characters."));
        }
        Ok(Some(name.to_owned()))
    }
}

fn wrong(sentence: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, sentence)
}

/// The values of a filter; all that there are when it is absent.
fn each<T: DeserializeOwned>(list: Option<&str>, sentence: &str) -> Result<Vec<T>, Problem> {
    let mut values = Vec::new();
    for word in list.into_iter().flat_map(|list| list.split(',')) {
        let value: StrDeserializer<'_, Error> = word.into_deserializer();
        values.push(T::deserialize(value).map_err(|_| wrong(sentence))?);
        if values.len() > VALUES {
            return Err(wrong(sentence));
        }
    }
    Ok(values)
}

fn instant(text: Option<&str>, sentence: &str) -> Result<Option<Timestamp>, Problem> {
    text.map(|text| text.parse().map(Timestamp).map_err(|_| wrong(sentence))).transpose()
}

#[cfg(test)]
mod tests {
    use super::{Filter, ListQuery};
    use axum::extract::Query;
    use axum::http::{StatusCode, Uri};
    use shared::channel::Channel;
    use shared::id::{QueueId, UserId};
    use shared::interaction::Phase;
    use shared::time::Timestamp;

    const ME: UserId = UserId::from_u128(1);

    fn read(query: &str) -> Result<Filter, StatusCode> {
        let uri: Uri = format!("/?{query}").parse().unwrap();
        let Query(query) = Query::<ListQuery>::try_from_uri(&uri).unwrap();
        query.filter(ME).map_err(|problem| problem.status())
    }

    #[test]
    fn every_filter_is_read() {
        let (queue, petr) = (QueueId::from_u128(7), UserId::from_u128(2));
        let filter = read(&format!(
            "phase=active,ended&channel=viber&queue={queue}&owner={petr}&from=-1&to=2&q=%20Ji%C5%99%C3%AD%20"
        ));
        let filter = filter.unwrap();
        assert_eq!(filter.phases, [Phase::Active, Phase::Ended]);
        assert_eq!((filter.channels, filter.queues), (vec![Channel::Viber], vec![queue]));
        assert_eq!((filter.owner, filter.from), (Some(petr), Some(Timestamp(-1))));
        assert_eq!((filter.to, filter.name.as_deref()), (Some(Timestamp(2)), Some("Jiří")));
        assert_eq!(read("owner=me").unwrap().owner, Some(ME));
        let nothing = read("").unwrap();
        assert!(nothing.phases.is_empty() && nothing.owner.is_none() && nothing.name.is_none());
    }

    #[test]
    fn whatever_is_no_word_of_a_filter_is_refused() {
        let many = format!("phase={}", ["ended"; 101].join(","));
        let long = format!("q={}", "a".repeat(101));
        for query in [
            "phase=",
            "phase=over",
            "phase=ended,",
            "phase=Ended",
            "channel=sms",
            "channel=viber;whatsapp",
            "queue=1",
            "owner=",
            "owner=eva",
            "from=now",
            "from=1.5",
            "to=",
            "to=99999999999999999999",
            "from=2&to=2",
            "q=",
            "q=%20",
            "q=%CC%81",
            &many,
            &long,
        ] {
            assert_eq!(read(query).map(drop), Err(StatusCode::BAD_REQUEST), "{query}");
        }
    }
}
