//! The limits of what can be sent, one table: a form, a channel, and what is said of it.

use crate::channel::{Channel, Choice, Gap, Media, MediaForm, Outgoing, Template, TemplateButton, is_list};
use crate::refusal::Refusal;
use crate::time::Span;
use Channel::{Instagram, Messenger, Viber, WhatsApp};
use MediaForm::{Audio, File, Image, Sticker, Video};

fn media(form: MediaForm, mime: &str, size: u64, name: &str) -> Media {
    Media { form, mime: mime.into(), size, name: name.into(), plays: None, address: None }
}

fn file(form: MediaForm, mime: &str, size: u64) -> Outgoing {
    Outgoing::Media { media: media(form, mime, size, "a.bin.txt"), caption: None }
}

/// What is said: the problem, or nothing when it fits.
fn said(outgoing: &Outgoing, channel: Channel) -> Option<String> {
    outgoing.fits(channel).err().map(|refusal| refusal.sentence())
}

#[test]
fn files_fit_by_form_type_and_size() {
    const TYPE: &str = "file has a type that this channel does not take.";
    const FORM: &str = "file cannot be sent in this form on this channel.";
    let larger = |than: &str| Some(format!("file is larger than {than}."));
    let no = |words: &str| Some(words.to_owned());
    let cases: [(Channel, MediaForm, &str, u64, Option<String>); 42] = [
        (Messenger, Image, "image/png", 8_000_000, None),
        (Messenger, Image, "image/png", 8_000_001, larger("8 MB")),
        (Messenger, Image, "text/html", 10, no(TYPE)),
        (Messenger, Video, "video/mp4", 25_000_000, None),
        (Messenger, Video, "video/mp4", 25_000_001, larger("25 MB")),
        (Messenger, Audio, "audio/ogg; codecs=opus", 25_000_000, None),
        (Messenger, File, "application/zip", 25_000_000, None),
        (Messenger, File, "application/zip", 25_000_001, larger("25 MB")),
        (Messenger, File, "no type", 1, no(TYPE)),
        (Messenger, Sticker, "image/webp", 1, no(FORM)),
        (Messenger, Image, "image/png", 0, no("file is empty.")),
        (Instagram, Image, "image/jpeg", 8_000_000, None),
        (Instagram, Image, "image/webp", 1, no(TYPE)),
        (Instagram, Image, "IMAGE/GIF", 8_000_001, larger("8 MB")),
        (Instagram, Video, "video/webm", 25_000_000, None),
        (Instagram, Video, "video/3gpp", 1, no(TYPE)),
        (Instagram, Audio, "audio/wav", 25_000_000, None),
        (Instagram, Audio, "audio/ogg", 1, no(TYPE)),
        (Instagram, File, "application/pdf", 25_000_000, None),
        (Instagram, File, "text/plain", 1, no(TYPE)),
        (Instagram, Sticker, "image/webp", 1, no(FORM)),
        (WhatsApp, Image, "image/png", 5_000_000, None),
        (WhatsApp, Image, "image/png", 5_000_001, larger("5 MB")),
        (WhatsApp, Image, "image/gif", 1, no(TYPE)),
        (WhatsApp, Video, "video/3gpp", 16_000_000, None),
        (WhatsApp, Video, "video/mp4", 16_000_001, larger("16 MB")),
        (WhatsApp, Audio, "audio/ogg; codecs=opus", 16_000_000, None),
        (WhatsApp, Audio, "audio/wav", 1, no(TYPE)),
        (WhatsApp, File, "application/pdf", 100_000_000, None),
        (WhatsApp, File, "application/pdf", 100_000_001, larger("100 MB")),
        (WhatsApp, File, "application/zip", 1, no(TYPE)),
        (WhatsApp, Sticker, "image/webp", 100_000, None),
        (WhatsApp, Sticker, "image/webp", 100_001, larger("100 kB")),
        (WhatsApp, Sticker, "image/png", 1, no(TYPE)),
        (Viber, Image, "image/jpeg", 1_000_000, None),
        (Viber, Image, "image/jpeg", 1_000_001, larger("1 MB")),
        (Viber, Image, "image/webp", 1, no(TYPE)),
        (Viber, Video, "video/mp4", 27_262_976, None),
        (Viber, Video, "video/mp4", 27_262_977, larger("27 MB")),
        (Viber, Audio, "audio/ogg", 52_428_800, None),
        (Viber, File, "application/zip", 52_428_801, larger("52 MB")),
        (Viber, Sticker, "image/png", 1, no(FORM)),
    ];
    for (channel, form, mime, size, expected) in cases {
        assert_eq!(said(&file(form, mime, size), channel), expected, "{channel:?} {form:?} {mime} {size}");
    }
}

#[test]
fn viber_minds_names_programs_and_length() {
    let named =
        |name: &str| Outgoing::Media { media: media(File, "application/zip", 9, name), caption: None };
    assert_eq!(said(&named(&"a".repeat(256)), Viber), None);
    assert_eq!(
        said(&named(&"a".repeat(257)), Viber).as_deref(),
        Some("file name is longer than 256 characters.")
    );
    for program in ["setup.exe", "a.PDF.Bat", "x.apk"] {
        assert!(said(&named(program), Viber).is_some_and(|said| said.contains("program")), "{program}");
        assert_eq!(said(&named(program), Messenger), None);
    }
    let film = |seconds| {
        let plays = Some(Span::seconds(seconds));
        Outgoing::Media { media: Media { plays, ..media(Video, "video/mp4", 9, "a.mp4") }, caption: None }
    };
    assert_eq!(said(&film(180), Viber), None);
    assert!(said(&film(181), Viber).is_some());
}

#[test]
fn captions_go_where_the_channel_has_them() {
    let with = |form, mime: &str, length: usize| {
        let caption = Some("ř".repeat(length));
        Outgoing::Media { media: media(form, mime, 9, "a.pdf"), caption }
    };
    let cases = [
        (WhatsApp, Image, "image/png", 1_024, true),
        (WhatsApp, Image, "image/png", 1_025, false),
        (WhatsApp, File, "application/pdf", 1_024, true),
        (WhatsApp, Audio, "audio/ogg", 1, false),
        (WhatsApp, Sticker, "image/webp", 1, false),
        (Viber, Image, "image/png", 512, true),
        (Viber, Image, "image/png", 513, false),
        (Viber, File, "application/pdf", 1, false),
        (Messenger, Image, "image/png", 1, false),
        (Instagram, Image, "image/png", 1, false),
    ];
    for (channel, form, mime, length, fits) in cases {
        assert_eq!(with(form, mime, length).fits(channel).is_ok(), fits, "{channel:?} {form:?} {length}");
    }
}

fn choices(count: usize, title: usize, id: usize, description: Option<usize>) -> Vec<Choice> {
    let one = |n: usize| Choice {
        id: format!("{n:0id$}"),
        title: "t".repeat(title),
        description: description.map(|length| "d".repeat(length)),
    };
    (0..count).map(one).collect()
}

/// Channel, words, answers, what opens the list, whether it fits.
type Case<'a> = (Channel, &'a str, Vec<Choice>, Option<&'a str>, bool);

#[test]
fn answers_to_tap_fit_by_number_and_length() {
    let long = "x".repeat(1_025);
    let opens = Some("Choose");
    let cases: Vec<Case<'_>> = vec![
        (Messenger, "?", choices(13, 20, 1_000, None), None, true),
        (Messenger, "?", choices(14, 20, 2, None), None, false),
        (Messenger, "?", choices(2, 21, 2, None), None, false),
        (Messenger, "?", choices(2, 20, 1_001, None), None, false),
        (Messenger, "?", choices(2, 20, 2, Some(1)), None, false),
        (Instagram, "?", choices(13, 20, 2, None), None, true),
        (Instagram, "?", choices(14, 20, 2, None), None, false),
        (WhatsApp, "?", choices(3, 20, 256, None), None, true),
        (WhatsApp, "?", choices(3, 21, 2, None), None, false),
        (WhatsApp, "?", choices(3, 20, 257, None), None, false),
        (WhatsApp, &long, choices(3, 20, 2, None), None, false),
        (WhatsApp, "?", choices(4, 24, 200, None), opens, true),
        (WhatsApp, &long, choices(4, 24, 200, Some(72)), opens, true),
        (WhatsApp, "?", choices(4, 24, 200, None), None, false),
        (WhatsApp, "?", choices(4, 24, 200, None), Some("123456789012345678901"), false),
        (WhatsApp, "?", choices(4, 25, 200, None), opens, false),
        (WhatsApp, "?", choices(4, 24, 201, None), opens, false),
        (WhatsApp, "?", choices(4, 24, 2, Some(73)), opens, false),
        (WhatsApp, "?", choices(10, 24, 2, None), opens, true),
        (WhatsApp, "?", choices(11, 24, 2, None), opens, false),
        (Viber, "?", choices(12, 20, 2, None), None, true),
        (Viber, "?", choices(13, 20, 2, None), None, false),
        (Viber, " ", choices(2, 20, 2, None), None, false),
        (Viber, "?", choices(0, 20, 2, None), None, false),
        (Viber, "?", choices(2, 0, 2, None), None, false),
    ];
    for (channel, text, choices, opens, fits) in cases {
        let told = format!("{channel:?} {} {:?}", choices.len(), choices.first());
        let one = Outgoing::Choices { text: text.into(), choices, opens: opens.map(Into::into) };
        assert_eq!(one.fits(channel).is_ok(), fits, "{told}: {:?}", said(&one, channel));
    }
    let mut twins = choices(2, 3, 1, None);
    twins[1].id = twins[0].id.clone();
    let twins = Outgoing::Choices { text: "?".into(), choices: twins, opens: None };
    assert!(twins.fits(Messenger).is_err(), "which of the two was tapped could not be told");
    assert!(is_list(&choices(4, 1, 1, None)) && is_list(&choices(1, 1, 1, Some(1))));
    assert!(!is_list(&choices(3, 1, 1, None)));
}

#[test]
fn templates_go_on_whatsapp_alone_and_need_no_window() {
    let template = |name: &str, language: &str, gap: &str| {
        Outgoing::Template(Template {
            name: name.into(),
            language: language.into(),
            body: vec![Gap { name: None, text: gap.into() }],
            header: None,
            buttons: vec![TemplateButton::Reply { payload: "yes".into() }],
        })
    };
    let good = template("order_1", "en_US", "Jana");
    assert_eq!(good.fits(WhatsApp), Ok(()));
    assert!(!good.needs_window() && Outgoing::text("x").needs_window());
    for channel in [Messenger, Instagram, Viber] {
        assert!(good.fits(channel).is_err());
    }
    for (name, language, gap) in
        [("Order 1", "en", "x"), ("", "en", "x"), ("a", "e", "x"), ("a", "en-US", "x"), ("a", "en", " ")]
    {
        assert!(template(name, language, gap).fits(WhatsApp).is_err(), "{name} {language} {gap}");
    }
}

#[test]
fn words_follow_the_limit_of_their_channel() {
    assert_eq!(Outgoing::text(" ").fits(Messenger), Err(Refusal::Empty));
    assert!(Outgoing::text("ř".repeat(501)).fits(Instagram).is_err());
    assert!(Outgoing::text("ř".repeat(501)).fits(WhatsApp).is_ok());
}

#[test]
fn everything_stands_in_the_history_under_words_of_its_own() {
    let picture = |caption: Option<&str>| Outgoing::Media {
        media: media(Image, "image/png", 9, "cat.png"),
        caption: caption.map(Into::into),
    };
    assert_eq!(picture(Some("A cat")).words(), "A cat");
    assert_eq!(picture(Some("")).words(), "cat.png");
    assert_eq!(picture(None).words(), "cat.png");
    let two = Outgoing::Choices { text: "Pick".into(), choices: choices(2, 1, 1, None), opens: None };
    assert_eq!(two.words(), "Pick\n· t\n· t");
    assert_eq!(Outgoing::text("x").words(), "x");
}

#[test]
fn an_address_is_one_of_the_web() {
    for (address, fits) in [("https://a/b.png", true), ("http://a/b.png", true), ("javascript:1", false)] {
        let address = Some(address.to_owned());
        let one = Outgoing::Media {
            media: Media { address, ..media(Image, "image/png", 9, "b.png") },
            caption: None,
        };
        assert_eq!(one.fits(Messenger).is_ok(), fits);
    }
}
