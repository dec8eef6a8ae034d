//! What makes an address one for the content origin: an origin, and not the desk's; reads nothing by itself.

use super::{SettingsError, wrong};
use std::net::SocketAddr;
use url::{Host, Url};

/// The setting.
const NAME: &str = "files_url";

/// The address of the content origin as browsers write it, when it is one, and none of the desk's own.
pub fn checked<'a>(
    url: Option<&str>,
    mut desk: impl Iterator<Item = &'a String>,
    listen: Option<SocketAddr>,
) -> Result<Option<String>, SettingsError> {
    let Some(url) = url else {
        return match listen {
            Some(_) => Err(wrong("files_listen", "needs files_url, the address that browsers use for it")),
            None => Ok(None),
        };
    };
    let expected = || wrong(NAME, "expected an address like https://files.example, without a path");
    let parsed = Url::parse(url).map_err(|_| expected())?;
    let bare = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
    let nobody = parsed.username().is_empty() && parsed.password().is_none();
    if !matches!(parsed.scheme(), "http" | "https") || !bare || !nobody {
        return Err(expected());
    }
    if matches!(parsed.host(), None | Some(Host::Ipv6(_))) {
        return Err(wrong(NAME, "expected a name: a page's policy cannot hold an IPv6 address"));
    }
    if desk.any(|other| Url::parse(other).is_ok_and(|other| place(&other) == place(&parsed))) {
        return Err(wrong(
            NAME,
            "expected another name or port than the desk's, or it would be the same origin",
        ));
    }
    Ok(Some(parsed.origin().ascii_serialization()))
}

/// What tells two addresses of one server apart.
fn place(url: &Url) -> (Option<&str>, Option<u16>) {
    (url.host_str().map(|host| host.trim_end_matches('.')), url.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    const DESK: &str = "origins = [\"https://desk.example\"]\n";

    fn read(files: &str) -> Result<Option<String>, String> {
        let settings = Settings::read(&format!("{DESK}files_url = \"{files}\""), |_| None);
        settings.map(|settings| settings.files_url).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_an_origin_as_browsers_write_it() {
        for (set, written) in [
            ("https://files.example", "https://files.example"),
            ("https://Files.Example/", "https://files.example"),
            ("https://files.example:443", "https://files.example"),
            ("https://files.example:8443", "https://files.example:8443"),
            ("http://127.0.0.1:8083", "http://127.0.0.1:8083"),
            ("https://desk.example:8443", "https://desk.example:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(read(set).unwrap().as_deref(), Some(written), "{set}");
        }
    }

    #[test]
    fn what_is_none_or_the_desks_own_is_refused() {
        for set in [
            "files.example",
            "ftp://files.example",
            "https://",
            "https://files.example/files",
            "https://files.example/?a",
            "https://files.example/#a",
            "https://me@files.example",
            "https://[::1]:8083",
            "https://desk.example",
            "https://DESK.example:443/",
            "https://desk.example.",
            "https://files.example; script-src *",
            "https://files.example,https://evil.example",
        ] {
            assert!(read(set).unwrap_err().contains("files_url"), "{set}");
        }
        let alone = Settings::read("files_listen = \"127.0.0.1:8083\"", |_| None).unwrap_err();
        assert!(alone.to_string().contains("needs files_url"));
    }

    #[test]
    fn the_environment_wins_here_too() {
        let set = |name: &str| match name {
            "SIGNALBOX_FILES_URL" => Some("https://files.example".to_owned()),
            "SIGNALBOX_FILES_LISTEN" => Some("127.0.0.1:7003".to_owned()),
            _ => None,
        };
        let settings = Settings::read("files_url = \"https://other.example\"", set).unwrap();
        assert_eq!(settings.files_url.as_deref(), Some("https://files.example"));
        assert_eq!(settings.files_listen, Some("127.0.0.1:7003".parse().unwrap()));
        assert_eq!(Settings::read("", |_| None).unwrap().files_url, None);
    }
}
