//! Which addresses may be asked for a customer's file: the provider's own hosts, on public addresses, over TLS; asks none itself.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use shared::channel::Channel;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Hosts from which each provider hands out files: the host itself, or with a leading dot everything below it.
const fn hosts(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger | Channel::Instagram => &[".fbcdn.net", ".fbsbx.com", ".cdninstagram.com"],
        Channel::WhatsApp => &["lookaside.fbsbx.com", ".whatsapp.net", "graph.facebook.com"],
        // The pictures of stickers lie at the last one.
        Channel::Viber => &[".viber.com", "viber.github.io"],
    }
}

/// Who may be asked on behalf of one account.
#[derive(Clone, Debug)]
pub struct Guard {
    channel: Channel,
    /// The address an admin gave the account in place of the provider's own; trusted as the admin is.
    own: Option<Url>,
}

impl Guard {
    /// The guard of an account.
    #[must_use]
    pub fn new(channel: Channel, base_url: Option<&str>) -> Self {
        Self { channel, own: base_url.and_then(|text| Url::parse(text).ok()) }
    }

    /// Whether this is the address an admin gave the account: scheme, host and port.
    #[must_use]
    pub fn is_own(&self, url: &Url) -> bool {
        self.own.as_ref().is_some_and(|own| own.origin() == url.origin())
    }

    /// Whether this address may be asked: the admin's own, or one of the provider's hosts by name, over TLS, on the
    /// usual port, without a user in it.
    #[must_use]
    pub fn admits(&self, url: &Url) -> bool {
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        if self.is_own(url) {
            return true;
        }
        let Some(Host::Domain(host)) = url.host() else { return false };
        let listed = hosts(self.channel).iter().any(|listed| match listed.strip_prefix('.') {
            Some(domain) => {
                host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            None => host == *listed,
        });
        url.scheme() == "https" && url.port().is_none() && listed
    }
}

/// A resolver that keeps only public addresses: a name that leads into our own network leads nowhere. The connection is
/// made to the very addresses that were looked at, so a second answer cannot change them.
#[derive(Clone, Debug, Default)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet. Every range that is reserved, private, local, shared or leads to
/// one of these by translation does not (IANA special-purpose registries).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, third, fourth, _, _, high, low] = address.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    // Only 2000::/3 is handed out. Within it: tunnels and documentation.
    match (first, second) {
        // NAT64 leads to the address in its last 32 bits.
        (0x64, 0xff9b) => third == 0 && fourth == 0 && is_public_v4(inner(high, low)),
        // 6to4 leads to the address in its second and third part.
        (0x2002, _) => is_public_v4(inner(second, third)),
        (0x2001, 0..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) => false,
        _ => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(channel: Channel, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| Guard::new(channel, Some("http://127.0.0.1:8081")).admits(&url))
    }

    #[test]
    fn the_providers_own_hosts_are_admitted() {
        for (channel, url) in [
            (Channel::Messenger, "https://scontent.xx.fbcdn.net/v/t1/a.jpg?oh=1"),
            (Channel::Messenger, "https://cdn.fbsbx.com/v/a.mp4"),
            (Channel::Instagram, "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"),
            (Channel::Instagram, "https://scontent.cdninstagram.com/a.jpg"),
            (Channel::WhatsApp, "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"),
            (Channel::Viber, "https://dl-media.viber.com/1/share/a.jpg"),
            (Channel::Viber, "https://viber.github.io/docs/img/stickers/46105.png"),
            (Channel::Viber, "http://127.0.0.1:8081/media/1"),
        ] {
            assert!(admits(channel, url), "{url}");
        }
    }

    #[test]
    fn nothing_else_is_admitted() {
        for url in [
            "http://scontent.xx.fbcdn.net/a.jpg",
            "https://scontent.xx.fbcdn.net:8443/a.jpg",
            "https://user@scontent.xx.fbcdn.net/a.jpg",
            "https://fbcdn.net.evil.example/a.jpg",
            "https://evilfbcdn.net/a.jpg",
            "https://evil.example/?https://scontent.xx.fbcdn.net",
            "https://evil.example#.fbcdn.net",
            "https://evil.example\\.fbcdn.net/",
            "https://169.254.169.254/latest/meta-data",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://localhost/",
            "http://127.0.0.1:8082/",
            "https://127.0.0.1:8081/",
            "file:///etc/passwd",
            "ftp://scontent.xx.fbcdn.net/a",
            "gopher://scontent.xx.fbcdn.net/",
            "data:text/plain,hello",
        ] {
            assert!(!admits(Channel::Messenger, url), "{url}");
        }
        assert!(!admits(Channel::WhatsApp, "https://scontent.xx.fbcdn.net/a.jpg"), "another channel's host");
    }

    #[test]
    fn only_public_addresses_are_public() {
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "31.13.71.36",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "2606:4700::1",
            "2a03:2880:f003::1",
            "64:ff9b::101:101",
            "2002:101:101::1",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
