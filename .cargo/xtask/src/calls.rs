//! Which functions of a WebAssembly module can be called at all. It changes nothing.

use std::collections::BTreeSet;
use wasmparser::{ElementItems, ExternalKind, Operator, OperatorsReader, Parser, Payload};

/// The functions of a module's own that its exports and tables lead to.
pub fn called(module: &[u8], imported: u32) -> Result<BTreeSet<usize>, wasmparser::BinaryReaderError> {
    let own = |index: u32| index.checked_sub(imported).and_then(|own| usize::try_from(own).ok());
    let (mut calls, mut next) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        next.extend(own(export.index));
                    }
                }
            }
            Payload::StartSection { func, .. } => next.extend(own(func)),
            Payload::ElementSection(section) => {
                for element in section {
                    match element?.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                next.extend(own(function?));
                            }
                        }
                        ElementItems::Expressions(_, expressions) => {
                            for expression in expressions {
                                next.extend(
                                    named(expression?.get_operators_reader())?.into_iter().filter_map(own),
                                );
                            }
                        }
                    }
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    next.extend(named(global?.init_expr.get_operators_reader())?.into_iter().filter_map(own));
                }
            }
            Payload::CodeSectionEntry(body) => calls.push(named(body.get_operators_reader()?)?),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    while let Some(function) = next.pop() {
        if found.insert(function) {
            next.extend(calls.get(function).into_iter().flatten().copied().filter_map(own));
        }
    }
    Ok(found)
}

/// The functions that code names.
fn named(code: OperatorsReader<'_>) -> Result<Vec<u32>, wasmparser::BinaryReaderError> {
    let mut all = Vec::new();
    for operator in code {
        match operator? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => all.push(function_index),
            _ => {}
        }
    }
    Ok(all)
}
