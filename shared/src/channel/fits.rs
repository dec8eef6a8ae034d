//! Whether a message fits its channel: the providers' limits as tables, each with its unit; never sends anything.

use super::{Channel, Choice, Media, MediaForm, Outgoing, Template};
use crate::permit::{self, is_web};
use crate::refusal::Refusal;
use crate::time::Span;
use std::collections::BTreeSet;

/// What a channel takes of one form of file.
struct Takes {
    form: MediaForm,
    /// Beginnings of the types it takes.
    types: &'static [&'static str],
    /// The most bytes.
    max: u64,
}

const MB: u64 = 1_000_000;

/// Attachment upload reference: pictures by address up to 8 MB, everything else up to 25 MB.
const MESSENGER: &[Takes] = &[
    Takes { form: MediaForm::Image, types: &["image/"], max: 8 * MB },
    Takes { form: MediaForm::Video, types: &["video/"], max: 25 * MB },
    Takes { form: MediaForm::Audio, types: &["audio/"], max: 25 * MB },
    Takes { form: MediaForm::File, types: &[""], max: 25 * MB },
];

/// Instagram send reference.
const INSTAGRAM: &[Takes] = &[
    Takes { form: MediaForm::Image, types: &["image/png", "image/jpeg", "image/gif"], max: 8 * MB },
    Takes {
        form: MediaForm::Video,
        types: &["video/mp4", "video/ogg", "video/x-msvideo", "video/avi", "video/quicktime", "video/webm"],
        max: 25 * MB,
    },
    Takes {
        form: MediaForm::Audio,
        types: &["audio/aac", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/wav", "audio/x-wav"],
        max: 25 * MB,
    },
    Takes { form: MediaForm::File, types: &["application/pdf"], max: 25 * MB },
];

/// Cloud API media reference; a sticker that does not move may have 100 kB.
const WHATSAPP: &[Takes] = &[
    Takes { form: MediaForm::Image, types: &["image/jpeg", "image/png"], max: 5 * MB },
    Takes { form: MediaForm::Video, types: &["video/mp4", "video/3gpp"], max: 16 * MB },
    Takes {
        form: MediaForm::Audio,
        types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
        max: 16 * MB,
    },
    Takes {
        form: MediaForm::File,
        types: &[
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.",
        ],
        max: 100 * MB,
    },
    Takes { form: MediaForm::Sticker, types: &["image/webp"], max: 100_000 },
];

/// Bot REST API: pictures of 1 MB show on every phone; a film has 26 MiB and 180 s; sound goes as a file.
const VIBER: &[Takes] = &[
    Takes { form: MediaForm::Image, types: &["image/jpeg", "image/png", "image/gif"], max: MB },
    Takes { form: MediaForm::Video, types: &["video/mp4"], max: 27_262_976 },
    Takes { form: MediaForm::Audio, types: &["audio/"], max: 52_428_800 },
    Takes { form: MediaForm::File, types: &[""], max: 52_428_800 },
];

/// The longest film on Viber.
const VIBER_PLAYS: Span = Span::seconds(180);
/// The longest name of a file on Viber, in characters.
const VIBER_NAME: usize = 256;

/// Beginnings of programs that Viber refuses as files.
const VIBER_FORBIDDEN: &[&str] = &[
    "action", "apk", "app", "bat", "bin", "cmd", "com", "command", "cpl", "csh", "dmg", "exe", "gadget",
    "inf", "ins", "inx", "ipa", "isu", "job", "jse", "ksh", "lnk", "msc", "msi", "msp", "mst", "osx", "out",
    "paf", "pif", "prg", "ps1", "reg", "rgs", "run", "sct", "shb", "shs", "u3p", "vb", "vbe", "vbs",
    "vbscript", "workflow", "ws", "wsf",
];

/// How many answers a channel takes, and how long their parts may be, in characters.
struct Answers {
    most: usize,
    title: usize,
    id: usize,
    description: usize,
    /// The words above them; the channel's own limit holds as well.
    text: usize,
}

/// Quick replies of Messenger and Instagram: 13 of 20 characters.
const QUICK: Answers = Answers { most: 13, title: 20, id: 1_000, description: 0, text: usize::MAX };
/// WhatsApp shows up to three as buttons.
const BUTTONS: Answers = Answers { most: 3, title: 20, id: 256, description: 0, text: 1_024 };
/// WhatsApp shows up to ten as a list.
const LIST: Answers = Answers { most: 10, title: 24, id: 200, description: 72, text: 4_096 };
/// Viber's keyboard has twelve rows; the whole body has 30 kB, which these stay far below.
const KEYBOARD: Answers = Answers { most: 12, title: 250, id: 250, description: 0, text: usize::MAX };
/// What opens a list on WhatsApp, in characters.
const OPENS: usize = 20;

impl Outgoing {
    /// Whether it may go out on this channel as one message; whether the window is open is another question.
    ///
    /// # Errors
    /// [`Refusal::Empty`], [`Refusal::TooLong`], or [`Refusal::Invalid`] with what is wrong.
    pub fn fits(&self, channel: Channel) -> Result<(), Refusal> {
        match self {
            Self::Text { text } => permit::text(channel, text),
            Self::Media { media, caption } => {
                file(channel, media)?;
                caption.as_deref().map_or(Ok(()), |words| captioned(channel, media.form, words))
            }
            Self::Choices { text, choices, opens } => {
                permit::text(channel, text)?;
                answers(channel, text, choices, opens.as_deref())
            }
            Self::Template(template) => approved(channel, template),
        }
    }
}

/// Whether WhatsApp shows these answers as a list.
#[must_use]
pub fn is_list(choices: &[Choice]) -> bool {
    choices.len() > BUTTONS.most || choices.iter().any(|one| one.description.is_some())
}

fn file(channel: Channel, media: &Media) -> Result<(), Refusal> {
    let table = match channel {
        Channel::Messenger => MESSENGER,
        Channel::Instagram => INSTAGRAM,
        Channel::WhatsApp => WHATSAPP,
        Channel::Viber => VIBER,
    };
    let takes = table.iter().find(|takes| takes.form == media.form);
    let takes = takes.ok_or_else(|| wrong("file", "cannot be sent in this form on this channel"))?;
    let kind = media.mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = kind.contains('/') && takes.types.iter().any(|start| kind.starts_with(start));
    ensure(known, "file", "has a type that this channel does not take")?;
    let address = media.address.as_deref();
    ensure(address.is_none_or(is_web), "file address", "must begin with http:// or https://")?;
    ensure(media.size > 0, "file", "is empty")?;
    if media.size > takes.max {
        return Err(wrong("file", &format!("is larger than {}", size(takes.max))));
    }
    if channel == Channel::Viber {
        ensure(media.name.chars().count() <= VIBER_NAME, "file name", "is longer than 256 characters")?;
        let extension = media.name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let forbidden = extension.is_some_and(|end| VIBER_FORBIDDEN.contains(&end.as_str()));
        ensure(!forbidden, "file", "is a program; this channel does not take those")?;
        let long = media.form == MediaForm::Video && media.plays.is_some_and(|plays| plays > VIBER_PLAYS);
        ensure(!long, "file", "plays longer than 180 seconds")?;
    }
    Ok(())
}

/// The words under a file: Messenger and Instagram carry none, WhatsApp 1,024 and Viber 512 characters.
fn captioned(channel: Channel, form: MediaForm, words: &str) -> Result<(), Refusal> {
    let max = match (channel, form) {
        (Channel::WhatsApp, MediaForm::Image | MediaForm::Video | MediaForm::File) => 1_024,
        (Channel::Viber, MediaForm::Image) => 512,
        _ => return Err(wrong("caption", "must be sent as a message of its own here")),
    };
    short("caption", words, max)
}

fn answers(channel: Channel, text: &str, choices: &[Choice], opens: Option<&str>) -> Result<(), Refusal> {
    let list = channel == Channel::WhatsApp && is_list(choices);
    let rule = match channel {
        Channel::Messenger | Channel::Instagram => QUICK,
        Channel::WhatsApp if list => LIST,
        Channel::WhatsApp => BUTTONS,
        Channel::Viber => KEYBOARD,
    };
    ensure(!choices.is_empty(), "choices", "are missing")?;
    if choices.len() > rule.most {
        return Err(wrong("choices", &format!("are more than {}", rule.most)));
    }
    short("text", text, rule.text)?;
    let once: BTreeSet<_> = choices.iter().map(|one| &one.id).collect();
    ensure(once.len() == choices.len(), "choices", "name the same id twice")?;
    for one in choices {
        filled("choice", &one.title)?;
        filled("choice id", &one.id)?;
        short("choice", &one.title, rule.title)?;
        short("choice id", &one.id, rule.id)?;
        short("description", one.description.as_deref().unwrap_or_default(), rule.description)?;
    }
    match opens {
        Some(words) if list => filled("list button", words).and_then(|()| short("list button", words, OPENS)),
        None if list => Err(wrong("list button", "is missing")),
        _ => Ok(()),
    }
}

/// Cloud API: names are lower-case words of up to 512 characters; languages are as `en` or `en_US`.
fn approved(channel: Channel, template: &Template) -> Result<(), Refusal> {
    ensure(channel == Channel::WhatsApp, "template", "can be sent on WhatsApp alone")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let named = !template.name.is_empty() && template.name.len() <= 512 && template.name.chars().all(plain);
    ensure(named, "template name", "is not a name of lower-case letters, digits and underscores")?;
    let spoken = |c: char| c.is_ascii_alphabetic() || c == '_';
    let language = (2..=8).contains(&template.language.len()) && template.language.chars().all(spoken);
    ensure(language, "template language", "is not a code as en or en_US")?;
    for gap in template.body.iter().chain(&template.header) {
        filled("template", &gap.text)?;
        short("template", &gap.text, 1_024)?;
    }
    Ok(())
}

fn filled(field: &str, words: &str) -> Result<(), Refusal> {
    ensure(!words.trim().is_empty(), field, "is missing")
}

fn short(field: &str, words: &str, max: usize) -> Result<(), Refusal> {
    if words.chars().count() <= max {
        Ok(())
    } else {
        Err(wrong(field, &format!("is longer than {max} characters")))
    }
}

fn size(bytes: u64) -> String {
    if bytes < MB { format!("{} kB", bytes / 1_000) } else { format!("{} MB", bytes / MB) }
}

fn ensure(holds: bool, field: &str, problem: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(wrong(field, problem)) }
}

fn wrong(field: &str, problem: &str) -> Refusal {
    Refusal::Invalid { field: field.into(), problem: problem.into() }
}
