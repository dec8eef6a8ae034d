//! Whose word about a client's address is taken, and what it comes to; reads headers, sets none.

use std::net::IpAddr;

/// The trusted proxies, as networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    networks: Vec<(IpAddr, u8)>,
}

impl Proxies {
    /// These addresses and networks; none when one of them is neither.
    #[must_use]
    pub fn of(named: &[String]) -> Option<Self> {
        Some(Self { networks: named.iter().map(|one| network(one)).collect::<Option<_>>()? })
    }

    /// Who is trusted when nobody is named: a proxy on this machine, as long as only this machine can reach us.
    #[must_use]
    pub fn beside(listen: IpAddr) -> Self {
        let this_machine =
            || vec![(IpAddr::from([127, 0, 0, 0]), 8), (IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]), 128)];
        Self { networks: if listen.is_loopback() { this_machine() } else { Vec::new() } }
    }

    /// Whether this peer is one of them.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|(network, bits)| match (address, network) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                same(u32::from(one).into(), u32::from(*other).into(), 32 - u32::from(*bits))
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => same(one.into(), (*other).into(), 128 - u32::from(*bits)),
            _ => false,
        })
    }

    /// The client behind a connection: the peer itself, or, when that is a trusted proxy, whom the proxies named.
    ///
    /// `forwarded` are the lines of `X-Forwarded-For` in their order. They are read from the end: every trusted proxy
    /// appended whom it was called by, and what stands before the first stranger is the stranger's own invention.
    #[must_use]
    pub fn client<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
            if !self.trust(client) {
                break;
            }
            let Some(named) = hop_address(hop) else { break };
            client = named;
        }
        client
    }
}

/// Whether two addresses are the same but for their last bits.
fn same(one: u128, other: u128, last: u32) -> bool {
    one.checked_shr(last).unwrap_or_default() == other.checked_shr(last).unwrap_or_default()
}

/// `10.0.0.0/8`, `::1`, `192.0.2.7`.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.trim().parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.trim().parse().ok())?;
    (bits <= most).then_some((address, bits))
}

/// An address as proxies write it: alone, with a port, in brackets.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = match hop.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(address)?
        }
        None => match hop.split_once(':') {
            Some((address, port)) if is_port(port) => address,
            _ => hop,
        },
    };
    address.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::Proxies;
    use std::net::IpAddr;

    fn of(named: &[&str]) -> Option<Proxies> {
        Proxies::of(&named.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
    }

    /// Peer, lines of the header, and whom they come to, with the proxies 10.0.0.0/8, 192.0.2.1 and
    /// `2001:db8::/32`.
    const FORMS: [(&str, &[&str], &str); 34] = [
        ("198.51.100.9", &[], "198.51.100.9"),
        ("198.51.100.9", &["203.0.113.5"], "198.51.100.9"),
        ("198.51.100.9", &["10.0.0.1"], "198.51.100.9"),
        ("10.0.0.1", &[], "10.0.0.1"),
        ("10.0.0.1", &[""], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &[" 203.0.113.5 "], "203.0.113.5"),
        ("10.0.0.1", &["\t203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &["203.0.113.5:4711"], "203.0.113.5"),
        ("10.0.0.1", &["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &["1.1.1.1,203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &["203.0.113.5", "1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", &["203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", &["203.0.113.5, 10.0.0.2, 192.0.2.1"], "203.0.113.5"),
        ("10.0.0.1", &["203.0.113.5", "10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", &["1.1.1.1, 203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", &["203.0.113.5, unknown"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.5, _hidden, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", &["203.0.113.5,"], "10.0.0.1"),
        ("10.0.0.1", &["<script>"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.5:99999"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.5.6"], "10.0.0.1"),
        ("10.0.0.1", &["0x7f000001"], "10.0.0.1"),
        ("10.0.0.1", &["010.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", &["::ffff:203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", &["[2a00::5]"], "2a00::5"),
        ("10.0.0.1", &["[2a00::5]:443"], "2a00::5"),
        ("10.0.0.1", &["[2a00::5]x"], "10.0.0.1"),
        ("10.0.0.1", &["2a00::5"], "2a00::5"),
        ("::ffff:10.0.0.1", &["203.0.113.5"], "203.0.113.5"),
        ("2001:db8::7", &["203.0.113.5"], "203.0.113.5"),
        ("2001:db9::7", &["203.0.113.5"], "2001:db9::7"),
    ];

    #[test]
    fn only_trusted_proxies_name_the_client_and_the_last_stranger_is_it() {
        let proxies = of(&["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]).unwrap();
        for (peer, lines, client) in FORMS {
            let found = proxies.client(peer.parse().unwrap(), lines.iter().copied());
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
    }

    #[test]
    fn who_is_trusted_without_a_word() {
        let local: IpAddr = "127.0.0.1".parse().unwrap();
        assert!(Proxies::beside(local).trust(local) && Proxies::beside(local).trust("::1".parse().unwrap()));
        assert!(!Proxies::beside(local).trust("10.0.0.1".parse().unwrap()));
        assert!(!Proxies::beside("0.0.0.0".parse().unwrap()).trust(local), "others can reach us too");
    }

    #[test]
    fn networks_of_every_width() {
        assert!(of(&["0.0.0.0/0"]).unwrap().trust("203.0.113.5".parse().unwrap()));
        assert!(!of(&["0.0.0.0/0"]).unwrap().trust("2a00::5".parse().unwrap()));
        assert!(of(&["::/0"]).unwrap().trust("2a00::5".parse().unwrap()));
        for wrong in ["", "10.0.0.0/", "10.0.0.0/33", "::/129", "proxy", "10.0.0.0/-1", "10.0.0/8"] {
            assert!(of(&[wrong]).is_none(), "{wrong}");
        }
    }
}
