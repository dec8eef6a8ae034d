//! Writes a WebAssembly module anew as it travels: without what no page reads or calls, in the order that packs best.

use crate::sh::Outcome;
use crate::{arrange, calls, function};
use std::collections::BTreeMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, ImportSectionReader, Parser,
    Payload, TypeRef,
};

/// Exports that begin so are classes of streams for the bodies of server functions. leptos brings them along, cannot be
/// built without, and nothing in these programs hands a stream to the browser.
const STREAMS: &str = "intounderlying";

/// A module and the script that starts it, as they travel.
pub struct Packed {
    /// The module.
    pub module: Vec<u8>,
    /// The script.
    pub script: String,
}

/// Packs a module and its script. Left out are sections for tools, functions nothing calls and those that are the same as
/// another one; the names by which the script hands functions to the module become short. Functions that look alike are
/// put side by side, and each is written as it packs best: the same program, easier to compress.
pub fn pack(module: &[u8], script: &str) -> Outcome<Packed> {
    let broken = |error: String| format!("the build left no WebAssembly module that can be read: {error}");
    let mut plan = Plan::of(module).map_err(|error| broken(error.to_string()))?;
    // Alike is judged by what will travel, so the variables are put in order first. Functions that become the same may
    // make the same of those that call them.
    let mut sorted = plan.write(module).map_err(|error| broken(error.to_string()))?;
    while plan.fold(&bodies(&sorted).map_err(|error| broken(error.to_string()))?) {
        sorted = plan.write(module).map_err(|error| broken(error.to_string()))?;
    }
    let called = calls::called(&sorted, plan.imported).map_err(|error| broken(error.to_string()))?;
    let bodies = bodies(&sorted).map_err(|error| broken(error.to_string()))?;
    let kept: Vec<usize> = plan.order.iter().copied().filter(|own| called.contains(own)).collect();
    let texts: Vec<&[u8]> = kept.iter().filter_map(|own| bodies.get(*own).copied()).collect();
    plan.order = arrange::alike(&texts).into_iter().filter_map(|at| kept.get(at).copied()).collect();
    let short: BTreeMap<&str, &str> =
        plan.names.iter().map(|(long, short)| (long.as_str(), short.as_str())).collect();
    let script = renamed(script, &short);
    Ok(Packed { script, module: plan.write(module).map_err(|error| broken(error.to_string()))? })
}

/// What becomes of a module.
#[derive(Default)]
struct Plan {
    /// How many functions come from outside; they are numbered first.
    imported: u32,
    /// The type and the number of parameters of each function of its own.
    kinds: Vec<(usize, u32)>,
    /// Whether nothing calls it, for each of those.
    hollow: Vec<bool>,
    /// The function that stands for each of them: itself, or the first that is the same.
    same: Vec<usize>,
    /// The old places, in the new order, of those that travel.
    order: Vec<usize>,
    /// Their new places in the old order.
    places: Vec<u32>,
    /// The short names of imported functions.
    names: BTreeMap<String, String>,
}

impl Plan {
    /// Reads what there is; everything stays in its place.
    fn of(module: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut plan = Self::default();
        let (mut types, mut streams) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for kind in section.into_iter_err_on_gc_types() {
                        types.push(u32::try_from(kind?.params().len()).unwrap_or(u32::MAX));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) = import.ty {
                            plan.names.insert(import.name.to_owned(), String::new());
                            plan.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for kind in section {
                        let kind = usize::try_from(kind?).unwrap_or(usize::MAX);
                        plan.kinds.push((kind, types.get(kind).copied().unwrap_or_default()));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.name.starts_with(STREAMS) {
                            streams.push(export.index);
                        }
                    }
                }
                _ => {}
            }
        }
        for (number, short) in plan.names.values_mut().enumerate() {
            *short = format!("${number}");
        }
        plan.order = (0..plan.kinds.len()).collect();
        plan.same.clone_from(&plan.order);
        plan.hollow =
            (plan.imported..).take(plan.order.len()).map(|index| streams.contains(&index)).collect();
        Ok(plan)
    }

    /// The module by this plan.
    fn write(&mut self, module: &[u8]) -> Result<Vec<u8>, Error> {
        let places: BTreeMap<usize, u32> = self.order.iter().copied().zip(0..).collect();
        // Nothing refers to one that has no place.
        self.places = self.same.iter().map(|same| places.get(same).copied().unwrap_or(u32::MAX)).collect();
        let mut new = wasm_encoder::Module::new();
        self.parse_core_module(&mut new, Parser::new(0), module)?;
        Ok(new.finish())
    }

    /// Has one function stand for all that have its type and, as all are written now, its body. Whether there were any.
    fn fold(&mut self, bodies: &[&[u8]]) -> bool {
        let mut first = BTreeMap::new();
        let before = self.same.clone();
        for (own, (body, (kind, _))) in bodies.iter().zip(&self.kinds).enumerate() {
            let stands = *first.entry((kind, body)).or_insert(own);
            if let Some(same) = self.same.get_mut(own) {
                *same = stands;
            }
        }
        before != self.same
    }

    /// A function, written as it packs best.
    fn function(&mut self, body: &FunctionBody<'_>, parameters: u32) -> Result<Function, Error> {
        let mut variables = Vec::new();
        for run in body.get_locals_reader()? {
            let (count, kind) = run?;
            let kind = self.val_type(kind)?;
            variables.extend((0..count).map(|_| kind));
        }
        let operators = body.get_operators_reader()?.into_iter();
        let code = operators.map(|operator| self.instruction(operator?)).collect::<Result<_, Error>>()?;
        Ok(function::written(&variables, code, parameters))
    }
}

impl Reencode for Plan {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        let own = index.checked_sub(self.imported).and_then(|own| usize::try_from(own).ok());
        let place = own.and_then(|own| self.places.get(own));
        Ok(place.map_or(index, |place| place + self.imported))
    }

    fn parse_custom_section(
        &mut self,
        _module: &mut wasm_encoder::Module,
        _section: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut wasm_encoder::ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            let name = self.names.get(import.name).map_or(import.name, String::as_str);
            imports.import(import.module, name, kind);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let kinds: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        for kind in self.order.clone().into_iter().filter_map(|old| kinds.get(old)) {
            functions.function(self.type_index(*kind)?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies: Vec<FunctionBody<'_>> = section.into_iter().collect::<Result<_, _>>()?;
        for old in self.order.clone() {
            let (Some(body), Some((_, parameters))) = (bodies.get(old), self.kinds.get(old).copied()) else {
                continue;
            };
            if self.hollow.get(old) == Some(&true) {
                let mut hollow = Function::new([]);
                hollow.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
                code.function(&hollow);
            } else {
                code.function(&self.function(body, parameters)?);
            }
        }
        Ok(())
    }
}

/// The bytes of each function's body.
fn bodies(module: &[u8]) -> Result<Vec<&[u8]>, wasmparser::BinaryReaderError> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bodies.push(body.as_bytes());
        }
    }
    Ok(bodies)
}

/// A script in which some words are others. A word is what JavaScript takes for a name.
fn renamed(script: &str, names: &BTreeMap<&str, &str>) -> String {
    let is_part = |one: char| one.is_alphanumeric() || matches!(one, '_' | '$');
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|one| !is_part(one)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(names.get(word).copied().unwrap_or(word));
        rest = after;
    }
    out.push_str(rest);
    out
}
