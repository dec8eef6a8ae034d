//! The built desk and admin as files: from the binary or from a folder, compressed as built; writes `<base>` and a link to the workspace's colour, and nothing else.

use super::App;
use super::problem::Problem;
use super::{look, sounds};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use shared::wire::SoundName;
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// 1 year in seconds: a name that follows its content never means another content.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// 1 hour in seconds for files that keep their names.
const A_WHILE: &str = "public, max-age=3600";
/// The page is asked for every time: it names the others.
const EVERY_TIME: &str = "no-cache";
/// The page itself.
const PAGE: &str = "index.html";

/// What is shown while there is no desk or no admin.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Signalbox</title>\
    <h1>This page is not built yet</h1><p>The relay runs, but there is nothing to show here. \
    <code>cargo xtask build</code> builds it, <code>cargo xtask run</code> builds and starts everything.</p>";

#[cfg(feature = "embed-desk")]
#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist/desk"]
struct Desk;

#[cfg(feature = "embed-desk")]
#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist/admin"]
struct Admin;

/// The first segment of the admin's addresses; everything else is the desk's.
const ADMIN: &str = "admin";

/// The built programs.
#[derive(Clone, Debug)]
pub struct Assets {
    desk: Files,
    admin: Files,
}

/// Where the files of one program are.
#[derive(Clone, Debug)]
enum Files {
    /// In the binary.
    #[cfg(feature = "embed-desk")]
    Embedded(fn(&str) -> Option<rust_embed::EmbeddedFile>),
    /// In a folder, which need not be there yet: it may be built while the relay runs.
    Folder(PathBuf),
}

impl Assets {
    /// The desk in the named folder and the admin in the folder `admin` beside it; else both in the binary; else
    /// `dist/desk` and `dist/admin` under the working directory or beside the program.
    #[must_use]
    pub fn find(named: Option<PathBuf>) -> Self {
        if let Some(desk) = named {
            let admin = desk.parent().unwrap_or(&desk).join(ADMIN);
            return Self { desk: Files::Folder(desk), admin: Files::Folder(admin) };
        }
        #[cfg(feature = "embed-desk")]
        if Desk::get(PAGE).is_some() {
            return Self { desk: Files::Embedded(Desk::get), admin: Files::Embedded(Admin::get) };
        }
        let here = PathBuf::from("dist");
        let beside =
            std::env::current_exe().ok().and_then(|exe| exe.parent().map(|folder| folder.join("dist")));
        let built = |dist: &PathBuf| dist.join("desk").join(PAGE).is_file();
        let dist = beside.filter(|beside| !built(&here) && built(beside)).unwrap_or(here);
        Self { desk: Files::Folder(dist.join("desk")), admin: Files::Folder(dist.join(ADMIN)) }
    }
}

impl Files {
    /// The content of a file of the program; none for a path that leads elsewhere.
    async fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !plain || path.contains(['\\', '\0']) {
            return None;
        }
        match self {
            #[cfg(feature = "embed-desk")]
            Self::Embedded(get) => get(path).map(|file| file.data),
            Self::Folder(folder) => {
                let path = folder.join(path);
                let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
                read.ok()?.ok().map(Cow::Owned)
            }
        }
    }
}

/// Whatever no route answers: a file of a program, a program's page for its own addresses, or a problem.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let (files, base, path) = match first {
        "api" | "webhooks" => return Problem::not_found().into_response(),
        ADMIN => (&app.assets.admin, format!("{}{ADMIN}/", app.path), rest.to_owned()),
        _ => (&app.assets.desk, app.path.clone(), path.to_owned()),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let sentence = "This address cannot be used in that way.";
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, sentence).into_response();
    }
    if let Some(sheet) = look::sheet(&path) {
        return sheet;
    }
    if let Some(sound) = sounds::named(&path).filter(|_| first != ADMIN) {
        return sound_file(&app, sound, &path, request.headers()).await;
    }
    if !path.is_empty()
        && path != PAGE
        && let Some(file) = file(files, &path, request.headers()).await
    {
        return file;
    }
    let named = path.rsplit('/').next().is_some_and(|last| last.contains('.')) && path != PAGE;
    if named || !wants_page(request.headers()) {
        Problem::not_found().into_response()
    } else {
        page(&app, files, &base).await
    }
}

/// The desk's page.
pub async fn root(State(app): State<App>) -> Response {
    page(&app, &app.assets.desk, &app.path).await
}

/// Whether whoever asks reads pages; who says nothing does.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"))
}

/// A file, in the best form the browser takes.
async fn file(files: &Files, path: &str, headers: &HeaderMap) -> Option<Response> {
    // The compressed copies are forms of a file, not files of their own.
    if Path::new(path).extension().is_some_and(|ending| ending == "br" || ending == "gz") {
        return None;
    }
    let mut body = None;
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if body.is_none() && takes(headers, coding) {
            body = files.read(&format!("{path}.{ending}")).await.map(|data| (data, Some(coding)));
        }
    }
    let (data, coding) = match body {
        Some(found) => found,
        None => (files.read(path).await?, None),
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let text = kind.type_() == "text" || kind.essence_str() == "application/javascript";
    let kind =
        if text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() };
    let mut response = Body::from(data.into_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&kind).ok()?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if is_named_by_content(path) { FOR_EVER } else { A_WHILE };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

/// Whether the browser takes this coding; `;q=0` says that it does not.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// `desk-79e2407e478fbdaf.css`: eight or more hex digits before the ending.
fn is_named_by_content(path: &str) -> bool {
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next());
    let hash = stem.and_then(|stem| stem.rsplit_once('-')).map(|(_, hash)| hash);
    hash.is_some_and(|hash| hash.len() >= 8 && hash.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The workspace's own sound, or the one that comes with the desk.
async fn sound_file(app: &App, sound: SoundName, path: &str, headers: &HeaderMap) -> Response {
    match sounds::own(app, sound, headers).await {
        Ok(Some(own)) => own,
        Ok(None) => match app.assets.desk.read(path).await {
            Some(bytes) => sounds::built_in(bytes.into_owned(), headers),
            None => Problem::not_found().into_response(),
        },
        Err(problem) => problem.into_response(),
    }
}

/// A program's page, with the path it is reached by and the workspace's colour.
async fn page(app: &App, files: &Files, base: &str) -> Response {
    let page = files.read(PAGE).await.and_then(|data| String::from_utf8(data.into_owned()).ok());
    let Some(page) = page else {
        return (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response();
    };
    let mut response =
        Html(look::dressed(with_base(&page, base), app.engine.look(|world| world.config.look)))
            .into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(EVERY_TIME));
    response
}

/// The page with its `<base …>` element replaced.
fn with_base(page: &str, path: &str) -> String {
    let element = format!("<base href=\"{path}\">");
    let found = page.find("<base").and_then(|from| Some((from, from + page.get(from..)?.find('>')? + 1)));
    match found.and_then(|(from, to)| Some((page.get(..from)?, page.get(to..)?))) {
        Some((before, after)) => format!("{before}{element}{after}"),
        None => page.replacen("<head>", &format!("<head>{element}"), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_named_by_content, takes, with_base};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn base_is_the_path_we_are_reached_by() {
        let page = "<head><base href=\"./\"><title>x</title></head>";
        assert_eq!(with_base(page, "/desk/"), "<head><base href=\"/desk/\"><title>x</title></head>");
        assert_eq!(with_base("<head></head>", "/"), "<head><base href=\"/\"></head>");
    }

    #[test]
    fn only_names_that_follow_the_content_are_kept_for_ever() {
        assert!(is_named_by_content("desk-79e2407e478fbdaf.css"));
        assert!(is_named_by_content("fonts/text-79e2407e478fbdaf.woff2"));
        for name in ["robots.txt", "sounds/ring-loud.mp3", "desk-1234.js", "icon.svg"] {
            assert!(!is_named_by_content(name), "{name}");
        }
    }

    #[test]
    fn codings_are_those_the_browser_takes() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0.5, br;q=0"));
        assert!(takes(&headers, "gzip") && !takes(&headers, "br") && !takes(&headers, "zstd"));
    }
}
