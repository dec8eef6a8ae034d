//! How the workspace looks, for admins, and its colour as a stylesheet behind those of desk and admin; the domain works out
//! the shades.
//!
//! The sheet's name holds the colour and a digest of the sheet, so that it may be kept for ever, a page that was kept for
//! a start without a network has it beside itself, and one from before a change still finds it.

use super::App;
use super::config_routes::configure;
use super::input::Body;
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use shared::config::{ConfigChange, Look, NoColour, Rgb, Shades, Theme};
use shared::refusal::Refusal;
use shared::wire::LookBody;
use std::fmt::Write as _;

/// How the workspace looks.
#[utoipa::path(
    get, path = "/api/v1/look", tag = "configuration",
    responses((status = 200, description = "How the workspace looks", body = LookBody))
)]
pub async fn read(State(app): State<App>, _: Admin) -> Json<LookBody> {
    Json(app.engine.look(|world| world.config.look).into())
}

/// Replaces how the workspace looks; pages take it up when they are loaded.
#[utoipa::path(
    put, path = "/api/v1/look", tag = "configuration", request_body = LookBody,
    responses((status = 200, description = "How it looks now", body = LookBody))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<LookBody>,
) -> Result<Json<LookBody>, Problem> {
    let wrong = |problem: NoColour| Refusal::Invalid { field: "accent".into(), problem: problem.to_string() };
    let look = Look::try_from(new).map_err(wrong)?;
    configure(&app, &admin, ConfigChange::LookSaved(look)).await?;
    Ok(Json(look.into()))
}

/// The page with the link to the sheet of this look, behind the page's own stylesheets; as it is without a colour.
pub(super) fn dressed(page: String, look: Look) -> String {
    let Some(colour) = look.accent else { return page };
    let link = format!("<link rel=\"stylesheet\" href=\"{}\">", name(colour));
    page.replacen("</head>", &format!("{link}</head>"), 1)
}

/// The sheet of this name; none when it is no name of a sheet.
pub(super) fn sheet(path: &str) -> Option<Response> {
    let colour: Rgb = format!("#{}", path.strip_prefix("accent-")?.get(..6)?).parse().ok()?;
    if path != name(colour) {
        return None;
    }
    let mut response = written(colour).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(super::assets::FOR_EVER));
    Some(response)
}

/// `accent-0f6b681a2b3c4d.css`: the colour, then the first digits of a digest of what is in it.
fn name(colour: Rgb) -> String {
    let digest = hex::encode(Sha256::digest(written(colour)));
    let colour = colour.to_string();
    format!("accent-{}{}.css", colour.trim_start_matches('#'), digest.get(..8).unwrap_or_default())
}

/// The tokens of a colour. In the layer of the originals, behind which it comes: so it wins over them and over nothing else.
fn written(colour: Rgb) -> String {
    let (light, dark) = (Shades::of(colour, Theme::Light), Shades::of(colour, Theme::Dark));
    let mut sheet = String::from("@layer tokens {\n  :root {\n");
    for ((token, light), (_, dark)) in light.tokens().into_iter().zip(dark.tokens()) {
        // Writing to a text cannot fail.
        let _ = writeln!(sheet, "    --{token}: light-dark({light}, {dark});");
    }
    sheet.push_str("  }\n}\n");
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIOLET: Rgb = Rgb::of(0x7a_1f_a2);

    #[test]
    fn a_page_names_the_sheet_behind_its_own_and_without_a_colour_none() {
        let page = "<head><link rel=\"stylesheet\" href=\"./desk.css\"></head><p></head>".to_owned();
        assert_eq!(dressed(page.clone(), Look::default()), page);
        let with = dressed(page, Look { accent: Some(VIOLET) });
        let link = format!("<link rel=\"stylesheet\" href=\"{}\"></head>", name(VIOLET));
        assert!(with.contains(&format!("./desk.css\">{link}<p></head>")), "{with}");
    }

    #[test]
    fn a_sheet_is_found_by_its_whole_name_alone() {
        let own = name(VIOLET);
        let found = sheet(&own).unwrap();
        assert_eq!(found.headers()["content-type"], "text/css; charset=utf-8");
        assert!(found.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let other = name(Rgb::of(0x7a_1f_a3));
        assert_ne!(own, other);
        let mixed = format!("accent-7a1fa2{}", &other["accent-7a1fa3".len()..]);
        for stray in
            ["", "accent-", "accent-7a1fa2.css", "accent-é.css", &mixed, &own.to_uppercase(), &own[1..]]
        {
            assert!(sheet(stray).is_none(), "{stray}");
        }
    }

    #[test]
    fn a_sheet_sets_every_token_in_light_and_dark_in_the_layer_of_the_originals() {
        let sheet = written(VIOLET);
        assert!(sheet.starts_with("@layer tokens {"));
        for token in ["accent", "accent-strong", "on-accent", "accent-soft", "accent-text", "ring"] {
            assert!(sheet.contains(&format!("    --{token}: light-dark(#")), "{token}: {sheet}");
        }
    }
}
