//! Tests of what the tool decides by itself; what it starts is tested by being used.

use crate::step::Steps;
use crate::{css, dist, size};
use std::path::Path;

#[test]
fn a_page_follows_the_names_of_its_files() {
    let page = r#"<link href="./desk.css"><script src="./boot.js"></script><base href="./">"#;
    let names = [("desk.css".to_owned(), "desk-1.css".to_owned()), ("boot.js".into(), "boot-2.js".into())];
    let renamed = dist::rename(page, &names).unwrap();
    assert_eq!(dist::references(&renamed), ["boot-2.js", "desk-1.css"]);
    let missing = [("other.js".to_owned(), "other-3.js".to_owned())];
    assert!(dist::rename(page, &missing).unwrap_err().contains("other.js"));
}

#[test]
fn fingerprints_are_those_of_fnv() {
    assert_eq!(dist::fingerprint(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(dist::fingerprint(b"foobar"), 0x8594_4171_f739_67e8);
}

#[test]
fn brotli_packs_and_keeps_the_content() {
    let content = b"signalbox ".repeat(500);
    let packed = dist::brotli(&content).unwrap();
    assert!(packed.len() < 100, "{} bytes", packed.len());
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
    assert_eq!(unpacked, content);
    assert_eq!(dist::beside(Path::new("a/desk.js"), "br"), Path::new("a/desk.js.br"));
}

#[test]
fn styles_come_in_the_order_of_the_layers() {
    let folder = std::env::temp_dir().join(format!("signalbox-css-{}", std::process::id()));
    for (name, layer) in [
        ("src/ui/a.css", "ui"),
        ("styles/base.css", "base"),
        ("styles/tokens.css", "tokens"),
        ("styles/z.css", "pages"),
    ] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("@layer {layer} {{ .{layer} {{ color: red }} }}")).unwrap();
    }
    std::fs::write(folder.join("styles/admin.css"), "@layer pages { .admin { color: red } }").unwrap();
    let whole = css::bundle(&folder, "desk").unwrap();
    let admin = css::bundle(&folder, "admin").unwrap();
    std::fs::write(folder.join("styles/z.css"), ".loose { color: red }").unwrap();
    let refused = css::bundle(&folder, "desk");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(whole.starts_with("@layer reset, tokens, base, ui, widgets, pages;"));
    let places: Vec<_> =
        [".tokens", ".base", ".pages", ".ui"].iter().map(|name| whole.find(name).unwrap()).collect();
    assert!(places.is_sorted(), "{whole}");
    assert!(admin.contains(".admin") && !whole.contains(".admin"), "what one program needs is its own");
    assert!(refused.unwrap_err().contains("layer"));
}

#[test]
fn a_style_outside_the_layers_or_with_imports_is_refused() {
    assert_eq!(css::objection("@layer ui { a { color: red } }"), None);
    assert_eq!(css::objection("  "), None);
    assert!(css::objection("a { color: red }").is_some());
    assert!(css::objection("@layer ui { } @import 'x.css';").is_some());
}

#[test]
fn a_size_is_held_against_both_bounds() {
    assert_eq!(size::verdict(240, 240, 320), size::Verdict::Good);
    assert_eq!(size::verdict(241, 240, 320), size::Verdict::Heavy);
    assert_eq!(size::verdict(320, 240, 320), size::Verdict::Heavy);
    assert_eq!(size::verdict(321, 240, 320), size::Verdict::TooHeavy);
}

#[test]
fn a_failed_gate_stops_and_a_failed_check_does_not() {
    let mut steps = Steps::default();
    steps.check("one", || Err("no".to_owned()));
    steps.check("two", || Ok(()));
    steps.gate("three", || Err("no".to_owned()));
    steps.check("four", || Ok(()));
    assert_eq!(steps.closing_line(), "1 passed, 2 failed");
    assert!(steps.close().is_err());
}

#[test]
fn a_module_loses_what_only_tools_read_and_what_nothing_calls() {
    let head = *b"\0asm\x01\0\0\0";
    let types = [1, 4, 1, 0x60, 0, 0];
    let name = [0, 6, 4, b'n', b'a', b'm', b'e', 9];
    let import = [2, 7, 1, 1, b'm', 1, b'f', 0, 0];
    // The second and third functions are the module's own: a stream and another.
    let export = [&[7, 23, 2, 14][..], b"intounderlying", &[0, 1, 1, b'g', 0, 2]].concat();
    let export = [&[7, u8::try_from(export.len() - 2).unwrap()], &export[2..]].concat();
    let code =
        |first: &[u8]| [&[10, u8::try_from(first.len() + 5).unwrap(), 2], first, &[3, 0, 1, 0x0b]].concat();
    let long: Vec<u8> = [&[4, 0, 1, 1, 0x0b][..]].concat();
    let module = [&head[..], &name, &types, &import, &export, &code(&long), &name].concat();
    let bare = [&head[..], &types, &import, &export, &code(&[3, 0, 0, 0x0b])].concat();
    assert_eq!(crate::module::bare(&module).unwrap(), bare);
    assert!(crate::module::bare(&module[..module.len() - 1]).is_err(), "it was cut off");
    assert!(crate::module::bare(b"<!doctype html>").is_err());
}
