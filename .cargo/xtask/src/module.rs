//! Leaves out of a WebAssembly module what no page reads or calls: names and notes for tools, and streams of leptos.

use crate::sh::Outcome;

/// Every module begins with these and the version of the format, in eight bytes together.
const MAGIC: [u8; 4] = *b"\0asm";
/// The kinds of sections that matter here (WebAssembly core specification, 5.5.2).
const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const EXPORT: u8 = 7;
const CODE: u8 = 10;
/// A body without variables that traps: its size, no variables, `unreachable`, `end`.
const HOLLOW: [u8; 4] = [3, 0, 0x00, 0x0b];
/// Exports that begin so are classes of streams for the bodies of server functions. leptos brings them along, cannot be
/// built without, and nothing in these programs hands a stream to the browser.
const STREAMS: &[u8] = b"intounderlying";

/// The module without its custom sections, and with functions nothing calls emptied.
pub fn bare(module: &[u8]) -> Outcome<Vec<u8>> {
    let broken = || "the build left no WebAssembly module that can be read".to_owned();
    let (head, rest) = module.split_at_checked(8).ok_or_else(broken)?;
    if !head.starts_with(&MAGIC) {
        return Err(broken());
    }
    let sections = sections(rest).ok_or_else(broken)?;
    let of = |wanted: u8| sections.iter().find(|(kind, _)| *kind == wanted).map(|(_, content)| *content);
    let imported = of(IMPORT).map_or(Some(0), imported_functions).ok_or_else(broken)?;
    let streams = of(EXPORT).map_or(Some(Vec::new()), stream_functions).ok_or_else(broken)?;
    let empty: Vec<usize> = streams.iter().filter_map(|index| index.checked_sub(imported)).collect();
    let mut bare = head.to_vec();
    for (kind, content) in &sections {
        let code;
        let content = match *kind {
            CUSTOM => continue,
            CODE => {
                code = without(content, &empty).ok_or_else(broken)?;
                &code
            }
            _ => *content,
        };
        bare.push(*kind);
        bare.extend(leb(content.len()));
        bare.extend_from_slice(content);
    }
    Ok(bare)
}

/// The sections in their order: kind and content.
fn sections(mut rest: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut all = Vec::new();
    while let Some((kind, sized)) = rest.split_first() {
        let (content, next) = sized_bytes(sized)?;
        all.push((*kind, content));
        rest = next;
    }
    Some(all)
}

/// How many functions a module takes from outside; they are numbered first. Only functions, as wasm-bindgen writes it:
/// anything else among them is not read.
fn imported_functions(imports: &[u8]) -> Option<usize> {
    let (count, mut rest) = unsigned(imports)?;
    for _ in 0..count {
        let (_, after) = sized_bytes(rest)?;
        let (_, after) = sized_bytes(after)?;
        let after = after.strip_prefix(&[0])?;
        (_, rest) = unsigned(after)?;
    }
    Some(count)
}

/// The numbers of the functions that are exported as streams.
fn stream_functions(exports: &[u8]) -> Option<Vec<usize>> {
    let (count, mut rest) = unsigned(exports)?;
    let mut found = Vec::new();
    for _ in 0..count {
        let (name, after) = sized_bytes(rest)?;
        let (kind, after) = after.split_first()?;
        let (index, after) = unsigned(after)?;
        if *kind == 0 && name.starts_with(STREAMS) {
            found.push(index);
        }
        rest = after;
    }
    Some(found)
}

/// The bodies of all functions, those of some emptied.
fn without(code: &[u8], empty: &[usize]) -> Option<Vec<u8>> {
    let (count, mut rest) = unsigned(code)?;
    let mut out = leb(count);
    for index in 0..count {
        let (_, after) = sized_bytes(rest)?;
        let body = rest.get(..rest.len() - after.len())?;
        out.extend_from_slice(if empty.contains(&index) { &HOLLOW } else { body });
        rest = after;
    }
    Some(out)
}

/// So many bytes as a number before them says, and what follows them.
fn sized_bytes(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (size, rest) = unsigned(bytes)?;
    rest.split_at_checked(size)
}

/// A number in LEB128, seven bits in each byte, and what follows it.
fn unsigned(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)?;
    let (own, rest) = bytes.split_at_checked(end + 1)?;
    let value = own.iter().rev().fold(0_u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((usize::try_from(value).ok()?, rest))
}

/// A number as it is written before what it counts.
fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
