//! What scripted customers say: plausible questions to a shop's support in a few languages; never anybody's real words.

/// A language's small talk and names.
pub(super) struct Tongue {
    pub names: &'static [(&'static str, &'static str)],
    /// Said when nobody answers.
    pub nudges: &'static [&'static str],
    pub thanks: &'static [&'static str],
    pub stories: &'static [Story],
}

/// A conversation from the customer's side: the opener, then one line after each answer.
pub(super) struct Story {
    pub lines: &'static [&'static str],
    /// After this line a picture follows.
    pub picture: Option<usize>,
}

const fn story(lines: &'static [&'static str], picture: Option<usize>) -> Story {
    Story { lines, picture }
}

pub(super) const TONGUES: [Tongue; 6] = [CZECH, ENGLISH, SLOVAK, GERMAN, POLISH, UKRAINIAN];

const CZECH: Tongue = Tongue {
    names: &[
        ("Eliška", "Kučerová"),
        ("Matěj", "Svoboda"),
        ("Tereza", "Benešová"),
        ("Ondřej", "Král"),
        ("Barbora", "Jelínková"),
        ("Vojtěch", "Pospíšil"),
        ("Kateřina", "Marková"),
        ("David", "Růžička"),
    ],
    nudges: &["Jste tam někdo?", "Haló?", "Stačí, když se ozvete později."],
    thanks: &["Děkuji, to je všechno.", "Super, díky moc!", "Výborně, hezký den."],
    stories: &[
        story(
            &[
                "Dobrý den, objednala jsem v pondělí a zásilka pořád nikde. Můžete se podívat?",
                "Číslo objednávky je 24118.",
                "Dobře, a dá se změnit adresa na výdejní místo?",
            ],
            None,
        ),
        story(
            &[
                "Zdravím, přišel mi hrnek s prasklinou.",
                "Posílám fotku.",
                "Stačí mi nový kus, peníze zpět nechci.",
            ],
            Some(1),
        ),
        story(&["Dobrý den, máte ty modré boty i ve velikosti 38?", "A kdy budou na prodejně v Brně?"], None),
        story(
            &[
                "Přišla mi faktura dvakrát, kterou mám zaplatit?",
                "Ta druhá má o 120 Kč víc.",
                "Aha, to je doprava.",
            ],
            None,
        ),
        story(&["Jak dlouho mám na vrácení?", "A zaplatíte i poštovné?"], None),
    ],
};

const ENGLISH: Tongue = Tongue {
    names: &[
        ("Emily", "Carter"),
        ("Noah", "Bennett"),
        ("Priya", "Nair"),
        ("Liam", "O'Connor"),
        ("Grace", "Mbeki"),
    ],
    nudges: &["Hello?", "Anyone there?", "No rush, but I would like to know today."],
    thanks: &["Great, thank you!", "That's all, thanks for your help.", "Perfect, have a nice day."],
    stories: &[
        story(
            &[
                "Hi, my parcel says delivered but I don't have it.",
                "Order 24203, it should have come to my office.",
                "I'll ask at the reception first then.",
            ],
            None,
        ),
        story(
            &[
                "Hello, the zip on my jacket broke after a week.",
                "Here is a picture of it.",
                "Can I get it repaired instead of replaced?",
            ],
            Some(1),
        ),
        story(&["Do you ship to Ireland?", "And how much would two pairs of boots cost to send?"], None),
        story(
            &["I can't log in, the code never arrives.", "Yes, I checked the spam folder.", "It works now."],
            None,
        ),
    ],
};

const SLOVAK: Tongue = Tongue {
    names: &[("Zuzana", "Kováčová"), ("Filip", "Horváth"), ("Jana", "Baloghová"), ("Marek", "Varga")],
    nudges: &["Ste tam?", "Haló, počkám ešte chvíľu."],
    thanks: &["Ďakujem pekne!", "To je všetko, vďaka."],
    stories: &[
        story(&["Dobrý deň, posielate aj na Slovensko?", "A dá sa platiť kartou pri prevzatí?"], None),
        story(&["Chcela by som vymeniť veľkosť.", "Mám 40, potrebujem 41.", "Pošlem ich späť zajtra."], None),
    ],
};

const GERMAN: Tongue = Tongue {
    names: &[("Lena", "Hoffmann"), ("Jonas", "Weber"), ("Mia", "Schäfer"), ("Felix", "Brandt")],
    nudges: &["Ist da jemand?", "Hallo?"],
    thanks: &["Vielen Dank!", "Alles klar, schönen Tag noch."],
    stories: &[
        story(&["Guten Tag, wann kommt meine Bestellung 24311?", "Kann ich sie noch stornieren?"], None),
        story(
            &["Der Rucksack hat die falsche Farbe.", "Ich schicke ein Foto.", "Ein Umtausch wäre gut."],
            Some(1),
        ),
    ],
};

const POLISH: Tongue = Tongue {
    names: &[("Agnieszka", "Wójcik"), ("Paweł", "Zieliński"), ("Magda", "Kamińska")],
    nudges: &["Halo, jest tam ktoś?", "Poczekam jeszcze chwilę."],
    thanks: &["Dziękuję bardzo!", "To wszystko, miłego dnia."],
    stories: &[
        story(&["Dzień dobry, nie działa kod rabatowy.", "Kod to WIOSNA10.", "Teraz działa."], None),
        story(&["Czy mogę odebrać zamówienie osobiście?", "A do której godziny?"], None),
    ],
};

const UKRAINIAN: Tongue = Tongue {
    names: &[("Олександр", "Бондар"), ("Марія", "Шевченко"), ("Ірина", "Коваль")],
    nudges: &["Ви тут?", "Алло?"],
    thanks: &["Дуже дякую!", "Це все, гарного дня."],
    stories: &[
        story(
            &["Доброго дня, чи можна змінити адресу доставки?", "Нова адреса: Прага 3, Кубелікова 12."],
            None,
        ),
        story(&["Замовила дві пари, а прийшла одна.", "Надсилаю фото.", "Чекатиму на другу."], Some(1)),
    ],
};
