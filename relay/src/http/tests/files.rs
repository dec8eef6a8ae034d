//! The built desk: the page with its base, compressed files, caches, and what stays out of reach.

use super::bed::{Answer, Bed};
use axum::body::Body;
use axum::http::{Request, StatusCode};

const PAGE: &str = "<!doctype html><head><base href=\"./\"></head><p>desk</p>";

async fn with_files(path: &str) -> Bed {
    let bed = Bed::at(path, false).await;
    let dist = bed.folder.path().join("dist");
    std::fs::create_dir(&dist).unwrap();
    for (name, content) in [
        ("index.html", PAGE),
        ("desk-79e2407e478fbdaf.wasm", "wasm"),
        ("desk-79e2407e478fbdaf.wasm.br", "brotli"),
        ("desk-79e2407e478fbdaf.wasm.gz", "gzip"),
        ("robots.txt", "none"),
    ] {
        std::fs::write(dist.join(name), content).unwrap();
    }
    bed
}

async fn take(bed: &Bed, path: &str, coding: &str) -> Answer {
    bed.ask(Request::get(path).header("accept-encoding", coding).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn without_a_desk_the_page_says_how_to_build_it() {
    let bed = Bed::new().await;
    let answer = bed.get("/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(String::from_utf8_lossy(&answer.body).contains("cargo xtask build"));
}

#[tokio::test]
async fn files_come_in_the_form_the_browser_takes() {
    let bed = with_files("/").await;
    for (coding, body, encoding) in [("gzip, br", "brotli", "br"), ("gzip", "gzip", "gzip"), ("", "wasm", "")]
    {
        let answer = take(&bed, "/desk-79e2407e478fbdaf.wasm", coding).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, body.as_bytes()));
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert!(answer.header("cache-control").contains("immutable"));
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
    let robots = take(&bed, "/robots.txt", "").await;
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    assert!(!robots.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn the_page_answers_for_the_desks_own_addresses_under_any_path() {
    for (mounted, inner) in [("/", "/activities/7"), ("/desk/", "/desk/activities/7")] {
        let bed = with_files(mounted).await;
        for path in [mounted, inner] {
            let answer = bed.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.header("cache-control"), "no-cache");
            assert!(answer.header("content-type").starts_with("text/html"));
            let page = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(page.contains(&format!("<base href=\"{mounted}\">")), "{page}");
        }
    }
}

#[tokio::test]
async fn nothing_outside_of_the_folder_is_served() {
    let bed = with_files("/").await;
    for path in
        ["/../test.sqlite", "/%2e%2e/test.sqlite", "/..%2ftest.sqlite", "//etc/passwd.x", "/./../test.sqlite"]
    {
        bed.get(path).await.problem(StatusCode::NOT_FOUND);
    }
    let json = Request::get("/somewhere").header("accept", "application/json").body(Body::empty()).unwrap();
    bed.ask(json).await.problem(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_admin_has_its_own_page_and_files_below_admin() {
    for (path, base) in [("/", "/admin/"), ("/chat/", "/chat/admin/")] {
        let bed = with_files(path).await;
        let admin = bed.folder.path().join("admin");
        std::fs::create_dir(&admin).unwrap();
        std::fs::write(admin.join("index.html"), PAGE.replace("desk", "admin")).unwrap();
        std::fs::write(admin.join("admin-79e2407e478fbdaf.wasm"), "admin wasm").unwrap();
        let root = base.trim_end_matches('/');
        for place in ["", "/", "/connectors", "/connectors/new/viber", "/index.html"] {
            let answer = take(&bed, &format!("{root}{place}"), "").await;
            assert_eq!(answer.status, StatusCode::OK, "{root}{place}");
            let page = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(page.contains(&format!("<base href=\"{base}\">")) && page.contains("<p>admin"), "{page}");
            assert_eq!(answer.header("cache-control"), "no-cache");
        }
        let file = take(&bed, &format!("{base}admin-79e2407e478fbdaf.wasm"), "").await;
        assert_eq!((file.status, &*file.body), (StatusCode::OK, &b"admin wasm"[..]));
        assert!(file.header("cache-control").contains("immutable"));
        for stray in ["desk-79e2407e478fbdaf.wasm", "../dist/robots.txt", "nothing.js"] {
            take(&bed, &format!("{base}{stray}"), "").await.problem(StatusCode::NOT_FOUND);
        }
        let desk = take(&bed, path, "").await;
        assert!(String::from_utf8_lossy(&desk.body).contains("<p>desk"), "the desk stays where it was");
    }
}
