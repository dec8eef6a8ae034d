//! Texts that want to be more than text: through names and messages, in a real browser under the policy of the desk. Nothing runs, and nothing is complained of.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::Browser;
use tests::relay::Setup;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};
use thirtyfour::By;

/// How many texts are sent, one third as names as well.
const TEXTS: usize = 300;

/// Ways to have a script run, and ways to hide one.
fn hostile() -> Vec<String> {
    let calls = ["window.hit=1", "top['hit']=1", "eval('window.hit=1')", "setTimeout('window.hit=1')"];
    let forms = [
        "<script>CALL</script>",
        "<ScRiPt src=data:text/javascript,CALL></sCrIpT>",
        "<img src=x onerror=CALL>",
        "<img src=\"x\" onerror=\"CALL\">",
        "<svg onload=CALL>",
        "<svg><script>CALL</script></svg>",
        "<svg><animate onbegin=CALL attributeName=x dur=1s>",
        "<iframe srcdoc=\"<script>parent.CALL</script>\"></iframe>",
        "<iframe src=javascript:CALL></iframe>",
        "<a href=\"javascript:CALL\">click</a>",
        "<a href=\"java&#x0A;script:CALL\">click</a>",
        "javascript:CALL",
        "java\tscript:CALL",
        "\u{1}javascript:CALL",
        "javascript://example.com/%0aCALL",
        "data:text/html,<script>CALL</script>",
        "https://example.com/\"onmouseover=\"CALL",
        "https://example.com/'><img src=x onerror=CALL>",
        "https://user@example.com:80\\@evil.example/#CALL",
        "\"><img src=x onerror=CALL>",
        "'-CALL-'",
        "`${CALL}`",
        "{{constructor.constructor('CALL')()}}",
        "${CALL}",
        "#{CALL}",
        "<style>@import 'javascript:CALL';</style>",
        "<link rel=stylesheet href=javascript:CALL>",
        "<meta http-equiv=refresh content=\"0;url=javascript:CALL\">",
        "<base href=\"https://evil.example/\">",
        "<form action=javascript:CALL><button autofocus>x</button></form>",
        "<input autofocus onfocus=CALL>",
        "<details open ontoggle=CALL>",
        "<video><source onerror=CALL></video>",
        "<object data=javascript:CALL>",
        "<embed src=javascript:CALL>",
        "<math><mtext><table><mglyph><style><img src=x onerror=CALL>",
        "<noscript><p title=\"</noscript><img src=x onerror=CALL>\">",
        "<template><script>CALL</script></template>",
        "<div style=\"background:url(javascript:CALL)\">",
        "<x onclick=CALL tabindex=1 autofocus onfocus=CALL>",
        "&lt;script&gt;CALL&lt;/script&gt;",
        "\\u003cscript\\u003eCALL\\u003c/script\\u003e",
        "%3Cscript%3ECALL%3C/script%3E",
        "]]><script>CALL</script>",
        "--><script>CALL</script>",
        "</title><script>CALL</script>",
        "</textarea><script>CALL</script>",
        "\u{202e}<script>CALL</script>",
        "\u{feff}<script>CALL</script>\u{0}",
        "<\u{200b}script>CALL</script>",
    ];
    let each = forms.iter().flat_map(|form| calls.iter().map(move |call| form.replace("CALL", call)));
    let mut all: Vec<String> = each.collect();
    // Long ones, deep ones, and ones of a single sign.
    all.extend(
        (0..TEXTS.saturating_sub(all.len())).map(|n| "<b onmouseover=window.hit=1>".repeat(n % 40 + 1)),
    );
    all.truncate(TEXTS);
    all
}

/// Whether a bubble shows a text, whatever signs without a shape were left out.
fn same(bubble: &str, text: &str) -> bool {
    let shape = |text: &str| text.chars().filter(char::is_ascii_graphic).collect::<String>();
    shape(bubble) == shape(text)
}

/// What must never be: a script that ran, or an element a text has made.
async fn harmless(desk: &Browser) {
    let script = "return [typeof window.hit, document.querySelectorAll('main script, main iframe, main object, \
        main embed, main form:not(.composer), main svg:not(.icon):not(.mark):not([class]), main style, main base').length, \
        [...document.querySelectorAll('a[href]')].filter((a) => !/^(https?|mailto|tel):/.test(a.protocol)).length]";
    let (hit, made, led): (String, usize, usize) =
        desk.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!((hit.as_str(), made, led), ("undefined", 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_messages_are_text_and_nothing_else() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let texts = hostile();
    assert_eq!(texts.len(), TEXTS);
    let customer = phones.create(Channel::WhatsApp, &texts[0]).await;
    customer.write("first").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "first").await;
    // A few at a time, so that each is looked at while it is drawn.
    for (step, some) in texts.chunks(10).enumerate() {
        for text in some {
            customer.write(text).await;
        }
        let end = format!("step {step} is over");
        customer.write(&end).await;
        let last = "const all = document.querySelectorAll('[data-testid=bubble]'); return all[all.length - 1].textContent";
        until(&end, async || {
            let last = eva.driver.execute(last, Vec::new()).await.ok()?;
            last.json().as_str()?.contains(&end).then_some(())
        })
        .await;
        harmless(&eva).await;
    }
    // Texts that look the same are one here.
    let seen = eva.climb().await.seen;
    let missing: Vec<&String> = texts.iter().filter(|text| !seen.iter().any(|one| same(one, text))).collect();
    assert!(missing.is_empty(), "every text is a bubble, but for {missing:?}");
    harmless(&eva).await;
    // Names, on cards, tabs and rows.
    for name in texts.iter().step_by(30) {
        phones.create(Channel::Viber, name).await.write("Hello").await;
    }
    eva.see("offer-card").await;
    eva.click("nav-waiting").await;
    until("all who wait", || async { (eva.count("waiting-row").await >= TEXTS / 30).then_some(()) }).await;
    harmless(&eva).await;
    eva.click("nav-activities").await;
    eva.see("activities-row").await;
    harmless(&eva).await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_in_messages_lead_out_and_pretending_ones_do_not() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = Phones::of(&relay).customer(Channel::Messenger);
    customer
        .write("See https://example.com/a?b=c#d, www.example.org. And https://bank.com@evil.example")
        .await;
    eva.click("offer-accept").await;
    eva.see_text("link", "https://example.com/a?b=c#d").await;
    let links = "return [...document.querySelectorAll('[data-testid=link]')]\
        .map((a) => [a.getAttribute('href'), a.rel, a.target].join(' '))";
    let links: Vec<String> = eva.driver.execute(links, Vec::new()).await.unwrap().convert().unwrap();
    let out = "noopener noreferrer nofollow _blank";
    assert_eq!(
        links,
        [format!("https://example.com/a?b=c#d {out}"), format!("https://www.example.org {out}")]
    );
    // A host in letters that look like others is named in plain ones as well.
    customer.write("https://аррӏе.com/").await;
    eva.see_text("bubble", "xn--").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_would_run_does_not_become_markup_and_the_relay_hears_of_it() {
    let environment = vec![("SIGNALBOX_METRICS_LISTEN".into(), "127.0.0.1:0".into())];
    let relay = Relay::start_with(Setup { apart: true, environment, ..Setup::default() }).await;
    let figures = relay.figures.clone().expect("the address of the figures");
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    // The desk runs, so its own templates pass; what a mistake of ours would let in does not.
    let script = "const refused = (work) => { try { work(); return false } catch ({ name }) { return name === 'TypeError' } };
        const box = document.createElement('div');
        return [
            refused(() => { box.innerHTML = '<img src=x onerror=top.hit=1>' }),
            refused(() => { box.innerHTML = '<svg/onload=top.hit=1>' }),
            refused(() => { box.innerHTML = '<script>top.hit=1</script>' }),
            refused(() => { box.innerHTML = '<a href=javascript:top.hit=1>x</a>' }),
            refused(() => { document.createElement('script').src = 'https://evil.example/x.js' }),
            refused(() => { document.createElement('script').text = 'top.hit=1' }),
            refused(() => new Worker('boot.js')),
            refused(() => { box.innerHTML = '<p class=quiet>words</p>' }),
        ]";
    let answers = eva.driver.execute(script, Vec::new()).await.unwrap();
    assert_eq!(answers.json(), &json!([true, true, true, true, true, true, true, false]));
    harmless(&eva).await;
    // The browser tells the relay what the page tried.
    until("the browser's report", || async {
        let page = relay.http.get(&figures).send().await.ok()?.text().await.ok()?;
        let told = page.lines().find_map(|line| line.strip_prefix("signalbox_policy_violations_total "))?;
        (told != "0").then_some(())
    })
    .await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_customer_is_followed_only_after_a_question_that_names_its_host() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = Phones::of(&relay).customer(Channel::Messenger);
    let page = format!("{}/health", relay.base);
    customer.write(&format!("See {page}?first and {page}?second, or mail shop@example.com")).await;
    eva.click("offer-accept").await;
    eva.see_text("link", "?first").await;
    let windows = async || eva.driver.windows().await.unwrap().len();
    // The browser's own menu is no way out.
    let link = eva.see("link").await;
    eva.driver.action_chain().context_click_element(&link).perform().await.unwrap();
    assert_eq!(eva.count("leave-go").await, 0);
    eva.press(thirtyfour::Key::Escape + "").await;
    eva.click("link").await;
    let host = relay.base.trim_start_matches("http://");
    eva.see_by(By::Css("dialog[open] h2"), "the question").await;
    let asked = eva.driver.find(By::Css("dialog[open] h2")).await.unwrap().text().await.unwrap();
    assert!(asked.contains(host), "{asked}");
    eva.shoot("leaving").await;
    eva.click("leave-stay").await;
    eva.gone("leave-stay").await;
    assert_eq!(windows().await, 1, "nothing was opened");
    eva.click("link").await;
    eva.click("leave-go").await;
    until("the page", || async { (windows().await == 2).then_some(()) }).await;
    // The same host is not asked about again.
    eva.driver.find_all(By::Css("[data-testid=link]")).await.unwrap()[1].click().await.unwrap();
    until("the second page", || async { (windows().await == 3).then_some(()) }).await;
    assert_eq!(eva.count("leave-go").await, 0);
    let opener = eva.driver.windows().await.unwrap().pop().unwrap();
    eva.driver.switch_to_window(opener).await.unwrap();
    let opener = "return window.opener === null && document.referrer === ''";
    assert!(eva.driver.execute(opener, Vec::new()).await.unwrap().convert::<bool>().unwrap());
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_font_for_flags_is_there_and_asked_for_only_where_the_system_has_none() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let asked =
        "return performance.getEntriesByType('resource').some((one) => one.name.includes('fonts/flags'))";
    let asked: bool = eva.driver.execute(asked, Vec::new()).await.unwrap().convert().unwrap();
    assert!(!asked, "nobody wrote a flag");
    // As on a system that has all emoji but flags.
    let width = "document.documentElement.dataset.flags = 'own';
        const [face] = await document.fonts.load('100px Flags', '🇨🇿');
        const pen = document.createElement('canvas').getContext('2d');
        const wide = (font) => { pen.font = font; return Math.round(pen.measureText('🇨🇿').width) };
        return [face?.status, getComputedStyle(document.body).fontFamily.startsWith('Flags'),
            wide('100px Flags') < wide('100px monospace')]";
    let (loaded, first, one): (String, bool, bool) =
        eva.driver.execute(width, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!((loaded.as_str(), first, one), ("loaded", true, true), "two letters became one flag");
    eva.no_complaints().await;
    eva.quit().await;
}
