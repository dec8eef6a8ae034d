//! Writes a function of WebAssembly as it packs best: what it does is said in few and in the same ways. It does the same.

use std::cmp::Reverse;
use wasm_encoder::{Function, Instruction, ValType};

/// A function with its variables in the order of their types, and by how often they are used within one; those nothing
/// uses are left out. The variables' types, the code and the number of parameters, which stay where they are.
pub fn written(kinds: &[ValType], mut code: Vec<Instruction<'_>>, parameters: u32) -> Function {
    let mut variables: Vec<Variable> =
        kinds.iter().map(|kind| Variable { kind: *kind, uses: 0, first: usize::MAX, place: 0 }).collect();
    for (at, instruction) in code.iter_mut().enumerate() {
        align(instruction);
        if let Some(variable) =
            local(instruction).and_then(|local| variable(&mut variables, *local, parameters))
        {
            variable.uses += 1;
            variable.first = variable.first.min(at);
        }
    }
    let mut order: Vec<&mut Variable> = variables.iter_mut().filter(|variable| variable.uses > 0).collect();
    order.sort_by_key(|variable| (number(variable.kind), Reverse(variable.uses), variable.first));
    let mut runs: Vec<(u32, ValType)> = Vec::new();
    for (variable, place) in order.into_iter().zip(parameters..) {
        variable.place = place;
        match runs.last_mut() {
            Some((count, kind)) if *kind == variable.kind => *count += 1,
            _ => runs.push((1, variable.kind)),
        }
    }
    let mut function = Function::new(runs);
    for mut instruction in code {
        if let Some(local) = local(&mut instruction)
            && let Some(variable) = variable(&mut variables, *local, parameters)
        {
            *local = variable.place;
        }
        function.instruction(&instruction);
    }
    function
}

/// A variable of a function.
struct Variable {
    kind: ValType,
    uses: usize,
    first: usize,
    place: u32,
}

/// The number of the variable that an instruction reads or writes; parameters are numbered first.
const fn local<'a>(instruction: &'a mut Instruction<'_>) -> Option<&'a mut u32> {
    match instruction {
        Instruction::LocalGet(local) | Instruction::LocalSet(local) | Instruction::LocalTee(local) => {
            Some(local)
        }
        _ => None,
    }
}

fn variable(variables: &mut [Variable], local: u32, parameters: u32) -> Option<&mut Variable> {
    variables.get_mut(usize::try_from(local.checked_sub(parameters)?).ok()?)
}

/// Says of an access to memory that its address is a multiple of its width. This is a hint: it changes no result, and
/// where all accesses give the same one it costs next to nothing; half a percent.
const fn align(instruction: &mut Instruction<'_>) {
    use Instruction as I;
    let (at, power) = match instruction {
        I::I32Load16S(at)
        | I::I32Load16U(at)
        | I::I64Load16S(at)
        | I::I64Load16U(at)
        | I::I32Store16(at)
        | I::I64Store16(at) => (at, 1),
        I::I32Load(at)
        | I::F32Load(at)
        | I::I64Load32S(at)
        | I::I64Load32U(at)
        | I::I32Store(at)
        | I::F32Store(at)
        | I::I64Store32(at) => (at, 2),
        I::I64Load(at) | I::F64Load(at) | I::I64Store(at) | I::F64Store(at) => (at, 3),
        _ => return,
    };
    at.align = power;
}

/// Any order of types will do, as long as it is one.
const fn number(kind: ValType) -> u8 {
    match kind {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        ValType::V128 => 4,
        ValType::Ref(_) => 5,
    }
}
