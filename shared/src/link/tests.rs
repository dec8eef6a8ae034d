//! Templates of links: what may be saved, and that a filled one leads to the host of its template, whatever a customer is called.

use super::*;
use proptest::prelude::*;

const ALL: &str = "https://shop.example:8443/a/{{activity.id}}/{{interaction.id}}?c={{contact.id}}&n={{contact.name}}\
                   &h={{contact.address}}&q={{queue.number}}#{{channel}}";

fn values<'a>(name: &'a str, address: &'a str) -> Values<'a> {
    Values {
        activity: Some(ActivityId::from_u128(1)),
        interaction: Some(InteractionId::from_u128(2)),
        contact: Some(IdentityId::from_u128(3)),
        name: Some(name),
        address: Some(address),
        queue: Some(101),
        channel: Some(Channel::WhatsApp),
    }
}

#[test]
fn every_variable_is_filled_and_encoded() {
    assert_eq!(check(ALL), Ok(()));
    assert_eq!(
        fill(ALL, &values("Jana Nová & syn", "+420 1/2")),
        "https://shop.example:8443/a/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000002\
         ?c=00000000-0000-0000-0000-000000000003&n=Jana%20Nov%C3%A1%20%26%20syn&h=%2B420%201%2F2&q=101#whatsapp"
    );
    for variable in VARIABLES {
        let template = format!("https://x/{{{{{variable}}}}}");
        assert_eq!(check(&template), Ok(()));
        assert_ne!(fill(&template, &values("a", "b")), "https://x/", "{variable} stands for something");
    }
}

#[test]
fn what_is_missing_is_empty_and_what_is_unreserved_stays() {
    assert_eq!(fill(ALL, &Values::default()), "https://shop.example:8443/a//?c=&n=&h=&q=#");
    let name = |name| fill("http://x/{{contact.name}}", &values(name, ""));
    assert_eq!(name("aZ09-._~"), "http://x/aZ09-._~");
    assert_eq!(name("%2e{{contact.id}}"), "http://x/%252e%7B%7Bcontact.id%7D%7D", "filled once");
    assert_eq!(name(".."), "http://x/", "no step up the path");
    assert_eq!(name("\u{202E}\0"), "http://x/%E2%80%AE%00");
}

#[test]
fn only_addresses_of_the_web_with_a_fixed_host_may_be_saved() {
    for good in [
        "http://127.0.0.1:8080",
        "https://shop.example",
        "https://shop.example?c={{contact.id}}",
        "https://shop.example#{{channel}}",
        "https://shop.example/{a}/}{",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    let long = format!("https://x/{}", "a".repeat(URL_MAX));
    for bad in [
        "",
        "javascript:alert(1)",
        "//shop.example/",
        "ftp://shop.example/",
        "https://",
        "https:///path",
        "https://:80/",
        "https://shop.example/a b",
        "https://shop.example/\n",
        "https://{{contact.name}}/",
        "https://{{contact.name}}.shop.example/",
        "https://shop.example{{contact.name}}/",
        "https://shop.example:{{queue.number}}/",
        "https://shop.example@evil.example/",
        "https://shop.example\\{{contact.name}}/",
        "{{channel}}://shop.example/",
        "https://shop.example/{{contact.password}}",
        "https://shop.example/{{ contact.id }}",
        "https://shop.example/{{}}",
        "https://shop.example/{{contact.id",
        "https://shop.example/contact.id}}",
        &long,
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

/// Scheme and host, as RFC 3986 finds them.
fn origin(address: &str) -> (&str, &str) {
    let (scheme, after) = address.split_once("://").unwrap();
    (scheme, after.split(['/', '?', '#', '\\']).next().unwrap())
}

proptest! {
    #[test]
    fn a_filled_link_keeps_scheme_and_host(
        secure: bool,
        host in "[a-z0-9.-]{1,12}(:[0-9]{1,4})?",
        parts in proptest::collection::vec(prop_oneof![
            "[/?#&=a-z.{}%]{0,6}",
            proptest::sample::select(VARIABLES.to_vec()).prop_map(|name| format!("{{{{{name}}}}}")),
        ], 0..8),
        name in any::<String>(),
        address in any::<String>(),
    ) {
        let scheme = if secure { "https" } else { "http" };
        let template = format!("{scheme}://{host}{}", parts.concat());
        prop_assume!(check(&template).is_ok());
        let filled = fill(&template, &values(&name, &address));
        prop_assert_eq!(origin(&filled), origin(&template));
        prop_assert!(filled.is_ascii());
        prop_assert!(!filled.contains(char::is_whitespace));
    }

    #[test]
    fn any_text_is_checked_and_filled_without_a_panic(template in any::<String>(), braced in "[{}a-z.:/]{0,40}") {
        for template in [template, braced.clone(), format!("https://x/{braced}")] {
            let filled = fill(&template, &values("Jana", "1"));
            if check(&template).is_ok() {
                prop_assert!(is_web(&filled));
            }
        }
    }
}
