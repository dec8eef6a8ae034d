//! Tickets for the content origin: one file, in one form, for one session, for a while; holds no secret of the session's.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::id::AttachmentId;
use shared::time::{Span, Timestamp};

/// 1 min: long enough to follow a redirect over the worst line. What is drawn or saved is asked for once.
const FOLLOW: Span = Span::minutes(1);
/// 30 min: browsers ask for the further parts of a sound or a video under the address they were led to, as long as it
/// is played; an agent who is interrupted goes on afterwards.
const PLAY: Span = Span::minutes(30);
/// What these codes are for: no other code made with the same key could ever pass for one.
const PURPOSE: &[u8] = b"signalbox: a file of the content origin\0";
/// Tickets are below 160 bytes; whatever is much longer is none and costs nothing.
const LONGEST: usize = 256;

/// In which form a file is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As its customer sent it, as a download.
    Original,
    /// A picture of a message, made anew from its pixels.
    Preview,
    /// A customer's picture.
    Avatar,
}

impl Form {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 3] = [Self::Original, Self::Preview, Self::Avatar];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "file",
            Self::Preview => "preview",
            Self::Avatar => "avatar",
        }
    }

    /// The form of this name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "file" => Some(Self::Original),
            "preview" => Some(Self::Preview),
            "avatar" => Some(Self::Avatar),
            _ => None,
        }
    }
}

/// Makes and checks tickets. The key lives as long as the process: after a restart desks are led anew.
pub struct Tickets {
    key: [u8; 32],
}

/// What a good ticket says.
#[derive(Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The digest of the session it was made for.
    pub session: String,
    /// When it ends.
    pub until: Timestamp,
}

impl Tickets {
    /// With a key of its own.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key })
    }

    /// A ticket that lasts for one to two steps of [`FOLLOW`], or of [`PLAY`] for what is played: its end is a whole
    /// step, so that the same file has the same address for a while and the browser's own cache knows it again.
    pub fn issue(
        &self,
        id: AttachmentId,
        form: Form,
        session: &str,
        played: bool,
        now: Timestamp,
    ) -> Option<String> {
        let Span(step) = if played { PLAY } else { FOLLOW };
        let until = Timestamp((now.0.div_euclid(step) + 2) * step);
        let code = hex::encode(self.code(id, form, session, until)?.finalize().into_bytes());
        Some(format!("{}.{session}.{code}", until.0))
    }

    /// What the ticket says, when it was made here, for this file in this form, and has not ended. Whether its session
    /// still stands is for the caller to look up.
    pub fn check(&self, id: AttachmentId, form: Form, ticket: &str, now: Timestamp) -> Option<Ticket> {
        if ticket.len() > LONGEST {
            return None;
        }
        let (until, rest) = ticket.split_once('.')?;
        let (session, code) = rest.split_once('.')?;
        let until = Timestamp(until.parse().ok()?);
        let code = hex::decode(code).ok()?;
        // Compared in a time that says nothing of where they differ.
        self.code(id, form, session, until)?.verify_slice(&code).ok()?;
        (now < until).then(|| Ticket { session: session.to_owned(), until })
    }

    /// Every part has a fixed length but the last one, so that no two tickets say the same bytes.
    fn code(&self, id: AttachmentId, form: Form, session: &str, until: Timestamp) -> Option<Hmac<Sha256>> {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        code.update(PURPOSE);
        code.update(id.0.as_bytes());
        code.update(&[match form {
            Form::Original => 0,
            Form::Preview => 1,
            Form::Avatar => 2,
        }]);
        code.update(&until.0.to_be_bytes());
        code.update(session.as_bytes());
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::{FOLLOW, Form, PLAY, Ticket, Tickets};
    use shared::id::AttachmentId;
    use shared::time::{Span, Timestamp};

    const FILE: AttachmentId = AttachmentId::from_u128(0xF11E);
    const OTHER: AttachmentId = AttachmentId::from_u128(0xF11F);
    const NOW: Timestamp = Timestamp(1_800_000_000_123);

    fn session(of: char) -> String {
        of.to_string().repeat(64)
    }

    #[test]
    fn a_ticket_opens_its_own_file_in_its_own_form_and_nothing_else() {
        let tickets = Tickets::new().unwrap();
        for form in Form::ALL {
            let ticket = tickets.issue(FILE, form, &session('a'), false, NOW).unwrap();
            let good = tickets.check(FILE, form, &ticket, NOW).unwrap();
            assert_eq!(good.session, session('a'));
            assert_eq!(tickets.check(OTHER, form, &ticket, NOW), None, "another file");
            for other in Form::ALL.into_iter().filter(|other| *other != form) {
                assert_eq!(tickets.check(FILE, other, &ticket, NOW), None, "another form");
            }
            let elsewhere = Tickets::new().unwrap();
            assert_eq!(elsewhere.check(FILE, form, &ticket, NOW), None, "another key: forged, or a restart");
        }
    }

    #[test]
    fn nothing_of_a_ticket_can_be_changed() {
        let tickets = Tickets::new().unwrap();
        let ticket = tickets.issue(FILE, Form::Original, &session('a'), false, NOW).unwrap();
        let parts: Vec<&str> = ticket.split('.').collect();
        let [until, whose, code] = parts[..] else { panic!("{ticket}") };
        let later = until.parse::<i64>().unwrap() + 1;
        let mut flipped = hex::decode(code).unwrap();
        flipped[31] ^= 1;
        let other = session('b');
        for forged in [
            format!("{later}.{whose}.{code}"),
            format!("{}.{whose}.{code}", i64::MAX),
            format!("{until}.{other}.{code}"),
            format!("{until}.{}.{code}", &whose[1..]),
            format!("{until}..{code}"),
            format!("{until}.{whose}.{}", hex::encode(flipped)),
            format!("{until}.{whose}.{}", &code[2..]),
            format!("{until}.{whose}.{code}00"),
            format!("{until}.{whose}."),
            format!("{until}.{whose}"),
            format!("{until}.{whose}.{code}.{code}"),
            format!(".{whose}.{code}"),
            format!("-{until}.{whose}.{code}"),
            "..".into(),
            ".".into(),
            String::new(),
            "0".repeat(10_000),
            "é.ü.ß".into(),
        ] {
            assert_eq!(tickets.check(FILE, Form::Original, &forged, NOW), None, "{forged}");
        }
        assert!(tickets.check(FILE, Form::Original, &ticket, NOW).is_some(), "as it was made it is good");
    }

    #[test]
    fn a_ticket_lasts_for_one_to_two_steps_and_not_a_millisecond_longer() {
        let tickets = Tickets::new().unwrap();
        for (played, step) in [(false, FOLLOW), (true, PLAY)] {
            for offset in [0, 1, step.0 / 2, step.0 - 1] {
                let now = Timestamp(NOW.0.div_euclid(step.0) * step.0 + offset);
                let ticket = tickets.issue(FILE, Form::Original, &session('a'), played, now).unwrap();
                let check = |at| tickets.check(FILE, Form::Original, &ticket, at);
                let Ticket { until, .. } = check(now).unwrap();
                assert!((step.0 + 1..=2 * step.0).contains(&until.since(now).0), "{}", until.since(now).0);
                assert!(check(until.plus(Span(-1))).is_some());
                assert!(check(until).is_none() && check(until.plus(Span::hours(1))).is_none());
            }
        }
    }

    #[test]
    fn drawn_again_within_a_step_a_file_has_the_same_address() {
        let tickets = Tickets::new().unwrap();
        let begin = Timestamp(NOW.0.div_euclid(FOLLOW.0) * FOLLOW.0);
        let at = |offset| {
            tickets.issue(FILE, Form::Preview, &session('a'), false, begin.plus(Span(offset))).unwrap()
        };
        assert_eq!(at(0), at(FOLLOW.0 - 1));
        assert_ne!(at(0), at(FOLLOW.0));
        assert_ne!(at(0), tickets.issue(FILE, Form::Preview, &session('b'), false, begin).unwrap());
    }

    #[test]
    fn forms_are_found_by_their_names() {
        for form in Form::ALL {
            assert_eq!(Form::of(form.name()), Some(form));
        }
        for other in ["", "File", "original", "retry", "file/"] {
            assert_eq!(Form::of(other), None, "{other}");
        }
    }
}
