//! Finishes what Trunk built: the stylesheet, names that follow the content, compressed copies; compiles nothing.

use crate::css;
use crate::module::{self, Packed};
use crate::sh::{self, Outcome};
use crate::words;
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Kinds of files that gain from compression. Pictures and sounds are compressed already.
const TEXT: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];
/// The page itself gets no compressed copies: the relay writes `<base>` into it before it serves it.
const PAGE: &str = "index.html";
/// Where the languages are before they get their built form.
const LANGUAGES: &str = "locales/";
/// 2^24 bytes: the widest window every browser accepts.
const BROTLI_WINDOW: i32 = 24;
const BROTLI_QUALITY: i32 = 11;

/// `finish-dist`, called by Trunk before it moves its staging folder into place.
pub fn finish_from_hook() -> Outcome {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or(
        "finish-dist is called by Trunk (see Trunk.toml); to build the desk use `cargo xtask build`",
    )?;
    let release = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let page = std::env::var_os("TRUNK_HTML_FILE").map(PathBuf::from).unwrap_or_default();
    let program = page.file_stem().and_then(|stem| stem.to_str()).ok_or("Trunk names no page")?;
    finish(&staging, program, release)
}

/// Trunk names both files after the compiler's output, yet wasm-bindgen's script differs between runs: under
/// one name two contents could travel, and a cache that keeps names for ever would mix them. Hence new names.
fn finish(folder: &Path, program: &str, compressed: bool) -> Outcome {
    let stylesheet = css::bundle(&sh::root().join("frontend"), program)?;
    let wasm = only(folder, "_bg.wasm")?;
    let script = wasm.replace("_bg.wasm", ".js");
    let mut names = Vec::new();

    names.push((format!("{program}.css"), keep(folder, program, "css", stylesheet.as_bytes())?));
    let boot = sh::read(&sh::root().join("frontend/boot.js"))?;
    names.push(("boot.js".to_owned(), keep(folder, "boot", "js", &boot)?));
    let module = sh::read(&folder.join(&wasm))?;
    let code = String::from_utf8(sh::read(&folder.join(&script))?).map_err(|error| error.to_string())?;
    let packed = if compressed { module::pack(&module, &code)? } else { Packed { module, script: code } };
    let wasm_name = keep(folder, program, "wasm", &packed.module)?;
    // The script holds the module's name as a default, so it is named after the module.
    let code = packed.script.replace(&wasm, &wasm_name);
    let script_name = keep(folder, program, "js", code.as_bytes())?;
    for old in [&wasm, &script] {
        std::fs::remove_file(folder.join(old)).map_err(|error| format!("cannot remove {old}: {error}"))?;
    }
    names.extend([(wasm, wasm_name), (script, script_name)]);

    let page = String::from_utf8(sh::read(&folder.join(PAGE))?).map_err(|error| error.to_string())?;
    for file in references(&page).into_iter().filter(|file| file.starts_with(LANGUAGES)) {
        let read = |name: String| Ok((name.clone(), sh::read(&folder.join(&name))?));
        let layers = words::layers(&file).into_iter().map(read).collect::<Outcome<Vec<_>>>()?;
        let language = file.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
        let built = words::built(&layers)?;
        names.push((file.clone(), keep(folder, &format!("words-{language}"), "json", built.as_bytes())?));
    }
    std::fs::remove_dir_all(folder.join(LANGUAGES))
        .map_err(|error| format!("cannot remove {LANGUAGES}: {error}"))?;
    let page = rename(&page, &names)?;
    for reference in references(&page) {
        if !folder.join(&reference).is_file() {
            return Err(format!("frontend/{program}.html refers to {reference}, which is not in the build"));
        }
    }
    sh::write(&folder.join(PAGE), page.as_bytes())?;
    if compressed { compress(folder) } else { Ok(()) }
}

/// Writes a file named after its content and gives the name.
fn keep(folder: &Path, stem: &str, extension: &str, content: &[u8]) -> Outcome<String> {
    let name = format!("{stem}-{:016x}.{extension}", fingerprint(content));
    sh::write(&folder.join(&name), content)?;
    Ok(name)
}

/// FNV-1a over 64 bits: tells contents apart for caches, protects against nobody.
pub fn fingerprint(content: &[u8]) -> u64 {
    content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The one file of the folder whose name ends so.
fn only(folder: &Path, ending: &str) -> Outcome<String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    match (found.pop(), found.pop()) {
        (Some(name), None) => Ok(name),
        (first, _) => {
            Err(format!("expected one *{ending} in {}, found {first:?} and others", folder.display()))
        }
    }
}

/// The page with every name replaced; a name that does not occur is an error, for the page would miss it.
pub fn rename(page: &str, names: &[(String, String)]) -> Outcome<String> {
    names.iter().try_fold(page.to_owned(), |page, (old, new)| {
        let (quoted, renamed) = (format!("\"./{old}\""), format!("\"./{new}\""));
        let absolute = (format!("\"/{old}\""), format!("\"/{new}\""));
        if !page.contains(&quoted) && !page.contains(&absolute.0) {
            return Err(format!("the built page does not refer to ./{old}"));
        }
        Ok(page.replace(&quoted, &renamed).replace(&absolute.0, &absolute.1))
    })
}

/// The files of the build a page names in `href` and `src`.
pub fn references(page: &str) -> Vec<String> {
    let values = ["href=\"", "src=\""].into_iter().flat_map(|name| page.split(name).skip(1));
    let local = values.filter_map(|rest| rest.split('"').next()).filter(|value| !value.contains(':'));
    let mut found: Vec<String> =
        local.map(|value| value.trim_start_matches("./").trim_start_matches('/').to_owned()).collect();
    found.retain(|value| !value.is_empty());
    found.sort();
    found.dedup();
    found
}

/// A `.br` and a `.gz` beside each file that gains from it: the relay serves them as they are.
fn compress(folder: &Path) -> Outcome {
    for path in sh::files(folder) {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !TEXT.contains(&extension) || path.ends_with(PAGE) {
            continue;
        }
        let content = sh::read(&path)?;
        let packed = if extension == "wasm" { brotli_code(&content)? } else { brotli(&content)? };
        sh::write(&beside(&path, "br"), &packed)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let packed = gzip.write_all(&content).and_then(|()| gzip.finish());
        sh::write(&beside(&path, "gz"), &packed.map_err(|error| error.to_string())?)?;
    }
    Ok(())
}

/// `desk.js` → `desk.js.br`.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// What travels to a browser: Brotli in its best quality.
pub fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    packed(content, &BrotliEncoderParams { lgwin: BROTLI_WINDOW, ..best() })
}

/// The same for a module: the mode for tables of numbers, which code is, and blocks that follow its changes; measured, a
/// fifth of a percent.
fn brotli_code(content: &[u8]) -> Outcome<Vec<u8>> {
    let mode = BrotliEncoderMode::BROTLI_MODE_FONT;
    packed(content, &BrotliEncoderParams { lgwin: 22, lgblock: 18, mode, ..best() })
}

fn best() -> BrotliEncoderParams {
    BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() }
}

fn packed(content: &[u8], parameters: &BrotliEncoderParams) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut packed, parameters).map_err(|error| error.to_string())?;
    Ok(packed)
}
