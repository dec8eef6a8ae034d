//! How a notice looks and how long it stands: its sign and colour, when it was put up, when it comes down. It draws nothing.

use crate::admin::when::when;
use crate::browser::clock;
use crate::language::admin::notices as words;
use crate::language::{Key, fill};
use crate::ui::{Sign, Tone};
use shared::config::Tone as Meant;
use shared::id::NoticeId;
use shared::time::Timestamp;
use shared::wire::NoticeBody;

/// The colour and the sign of the dashboard, and the word for them.
pub(super) const fn look(meant: Meant) -> (Tone, Sign, Key) {
    match meant {
        Meant::Info => (Tone::Accent, Sign::Info, words::INFO),
        Meant::Warning => (Tone::Amber, Sign::Alert, words::WARNING),
    }
}

/// Whether it came down by itself.
pub(super) fn is_over(notice: &NoticeBody) -> bool {
    notice.until.is_some_and(|until| until.0 <= clock::now_ms())
}

/// When it comes down by itself, or came down.
pub(super) fn end(notice: &NoticeBody) -> Option<String> {
    let key = if is_over(notice) { words::ENDED } else { words::ENDS };
    notice.until.map(|until| fill(key, &[("at", &when(until))]))
}

/// When it was first put up, where its id tells: ids made here carry their time, those of others need not.
pub(super) fn made(id: NoticeId) -> Option<Timestamp> {
    let milliseconds = i64::try_from(id.0.as_u128() >> 80).ok()?;
    (id.0.get_version_num() == 7).then_some(Timestamp(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::made;
    use shared::id::NoticeId;
    use shared::time::Timestamp;

    #[test]
    fn an_id_tells_its_time_only_where_it_has_one() {
        let timed = NoticeId::from_u128((1_800_000_000_000 << 80) | (7 << 76) | (2 << 62) | 5);
        assert_eq!(made(timed), Some(Timestamp(1_800_000_000_000)));
        assert_eq!(made(NoticeId::from_u128(7)), None);
    }
}
