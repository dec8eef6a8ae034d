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

/// A module with an imported function, five of its own, and notes for tools.
fn module() -> Vec<u8> {
    use wasm_encoder::{
        CodeSection, CustomSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
        Function, FunctionSection, ImportSection, Module, RefType, TableSection, TableType, TypeSection,
        ValType,
    };
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("./desk_bg.js", "__wbg_log_0123456789abcdef", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    functions.function(0).function(0).function(0).function(0).function(0);
    let mut tables = TableSection::new();
    let table = TableType {
        element_type: RefType::FUNCREF,
        minimum: 2,
        maximum: None,
        table64: false,
        shared: false,
    };
    tables.table(table);
    let mut exports = ExportSection::new();
    exports.export("intounderlyingsource_pull", ExportKind::Func, 1).export("start", ExportKind::Func, 2);
    let mut elements = ElementSection::new();
    elements.active(None, &wasm_encoder::ConstExpr::i32_const(0), Elements::Functions((&[3, 4][..]).into()));
    let mut code = CodeSection::new();
    let mut stream = Function::new([]);
    stream.instructions().local_get(0).call(0).end();
    let mut start = Function::new([(1, ValType::I64), (3, ValType::I32)]);
    start.instructions().i64_const(7).local_set(1).local_get(0).local_set(4).local_get(4).local_set(3).end();
    let mut called = Function::new([]);
    called.instructions().local_get(0).call(2).end();
    // The same as the one before it, by other variables; and one that nothing calls.
    let mut twin = Function::new([(1, ValType::F32)]);
    twin.instructions().local_get(0).call(2).end();
    let mut idle = Function::new([]);
    idle.instructions().local_get(0).local_get(0).call(0).call(0).end();
    code.function(&stream).function(&start).function(&called).function(&twin).function(&idle);
    let mut module = Module::new();
    let note = |name: &'static str| CustomSection { name: name.into(), data: b"note"[..].into() };
    module.section(&note("producers")).section(&types).section(&imports).section(&functions).section(&tables);
    module.section(&exports).section(&elements).section(&code).section(&note("name"));
    module.finish()
}

/// What a module holds, but for its types, in words.
fn wasm_text(module: &[u8]) -> Vec<String> {
    use wasmparser::{ElementItems, Parser, Payload};
    let mut text = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::ImportSection(section) => text.extend(section.into_imports().map(|import| {
                let import = import.unwrap();
                format!("import {} {}", import.module, import.name)
            })),
            Payload::ExportSection(section) => text.extend(section.into_iter().map(|export| {
                let export = export.unwrap();
                format!("export {} {}", export.name, export.index)
            })),
            Payload::ElementSection(section) => text.extend(section.into_iter().map(|element| {
                let ElementItems::Functions(all) = element.unwrap().items else { panic!("functions") };
                let all: Vec<String> = all.into_iter().map(|index| index.unwrap().to_string()).collect();
                format!("elements {}", all.join(" "))
            })),
            Payload::CodeSectionEntry(body) => {
                let runs: Vec<_> =
                    body.get_locals_reader().unwrap().into_iter().map(Result::unwrap).collect();
                let plain = ["{ local_index: ", "{ function_index: ", "{ value: ", " }"];
                let code = body.get_operators_reader().unwrap().into_iter().map(|operator| {
                    plain.iter().fold(format!("{:?}", operator.unwrap()), |text, sign| text.replace(sign, ""))
                });
                text.push(format!("{runs:?} {}", code.collect::<Vec<_>>().join(" ")));
            }
            Payload::CustomSection(section) => text.push(format!("custom {}", section.name())),
            _ => {}
        }
    }
    text
}

#[test]
fn texts_that_look_alike_become_neighbours() {
    let text = |kind: &str, number: usize| format!("{kind} {number} and again {kind}, for ever {kind}");
    let kinds = ["a quick brown fox", "the lazy dog", "seven boxing wizards", "judge my vow"];
    let texts: Vec<String> = (0..40).map(|number| text(kinds[number * 7 % 4], number)).collect();
    let order = crate::arrange::alike(&texts.iter().map(String::as_bytes).collect::<Vec<_>>());
    let mut all = order.clone();
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>(), "each once");
    let breaks = order.windows(2).filter(|pair| pair[0] * 7 % 4 != pair[1] * 7 % 4).count();
    assert_eq!(breaks, 3, "{order:?}");
    assert_eq!(order, crate::arrange::alike(&texts.iter().map(String::as_bytes).collect::<Vec<_>>()));
    assert!(crate::arrange::alike(&[]).is_empty());
    assert_eq!(crate::arrange::alike(&[b"one"]), [0]);
}

#[test]
fn functions_keep_their_callers_when_they_change_their_places() {
    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection,
    };
    let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
    let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
    types.ty().function([], []);
    for number in 0..12 {
        functions.function(0);
        exports.export(&format!("f{number}"), ExportKind::Func, number);
        let mut function = Function::new([]);
        for round in 0..20 {
            function.instructions().i32_const(1_000 * (number.cast_signed() % 3) + round).drop();
        }
        function.instructions().i32_const(-1 - number.cast_signed()).drop().call((number + 1) % 12).end();
        code.function(&function);
    }
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    let packed = crate::module::pack(&module.finish(), "").unwrap();
    let text = wasm_text(&packed.module);
    let place = |number: usize| {
        let export = format!("export f{number} ");
        text.iter().find_map(|line| line.strip_prefix(&export)?.parse::<usize>().ok()).unwrap()
    };
    for number in 0..12 {
        let end = format!("I32Const -{} Drop Call {} End", number + 1, place((number + 1) % 12));
        assert!(text[12 + place(number)].ends_with(&end), "f{number} ends with {end}: {text:#?}");
    }
    let kinds: Vec<usize> = {
        let mut all: Vec<usize> = (0..12).collect();
        all.sort_by_key(|number| place(*number));
        all.iter().map(|number| number % 3).collect()
    };
    let apart = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(apart < 11, "alike ones came together: {kinds:?}");
}

#[test]
fn accesses_to_memory_give_one_hint_for_each_width() {
    let at = |align, offset| wasm_encoder::MemArg {
        offset,
        align,
        target: wasm_encoder::MemArgTarget::Memory(0),
        ordering: None,
    };
    let code = |[half, word, double]: [u32; 3]| {
        use wasm_encoder::Instruction as I;
        vec![
            I::I32Const(8),
            I::I32Const(8),
            I::I32Const(8),
            I::I64Load(at(double, 24)),
            I::I64Store32(at(word, 4)),
            I::I32Load16U(at(half, 2)),
            I::Drop,
            I::End,
        ]
    };
    let written = |hints| crate::function::written(&[], code(hints), 0).into_raw_body();
    assert_eq!(written([0, 0, 2]), written([1, 2, 3]));
    let mut plain = wasm_encoder::Function::new([]);
    for instruction in code([1, 2, 3]) {
        plain.instruction(&instruction);
    }
    assert_eq!(written([1, 2, 3]), plain.into_raw_body(), "nothing else changes");
}

#[test]
fn a_module_travels_without_what_only_tools_read_and_with_short_names() {
    let script =
        "const bg = { __wbg_log_0123456789abcdef: function(x) { log__wbg_log_0123456789abcdef(x); } };";
    let packed = crate::module::pack(&module(), script).unwrap();
    assert_eq!(packed.script, "const bg = { $0: function(x) { log__wbg_log_0123456789abcdef(x); } };");
    let text = wasm_text(&packed.module);
    let expected = [
        "import ./desk_bg.js $0",
        "export intounderlyingsource_pull 1",
        "export start 3",
        "elements 2 2",
        "[] Unreachable End",
        "[] LocalGet 0 Call 3 End",
        // The number that is used most comes first, and what nothing uses is gone.
        "[(2, I32), (1, I64)] I64Const 7 LocalSet 3 LocalGet 0 LocalSet 1 LocalGet 1 LocalSet 2 End",
    ];
    assert_eq!(text, expected);
    assert!(crate::module::pack(&module()[..40], script).is_err(), "it was cut off");
    assert!(crate::module::pack(b"<!doctype html>", script).is_err());
}
