//! How deep the stack of a linked program can get, by following its machine code.
//!
//! The code is followed as it stands in the image: Rust, C, and what the linker and the code generator have added. Each
//! instruction is taken at the greatest depth at which it can be reached; a call adds what its function needs.
//!
//! A call through a pointer may go to any function that has its address taken. Where the pointer has just been loaded from
//! a known offset, as by `ldr r3, [r0, #8]`, it is taken for one out of a table, a constant with a name: the call goes to
//! a function that stands at this offset of some table, or that has its address taken outside of all tables.
//!
//! It is a bound where the code keeps to what compilers do: a function gives back what it has taken of the stack, no
//! function calls itself through a pointer, and a table is read from its beginning.

mod arm;
mod listing;
mod pointers;
mod riscv;
mod walk;

use std::path::Path;

use anyhow::{Context, Result};
use xshell::cmd;

use super::chips::Chip;
use crate::workspace::Workspace;
use listing::Line;
use pointers::Binary;
use walk::Walk;

/// What an instruction does to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stack {
    Same,
    Grow(u64),
    Shrink(u64),
}

/// Where it goes on after an instruction. Addresses are without the bit that tells Thumb code.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Flow {
    Next,
    /// To another instruction, always.
    Jump(u64),
    /// To another instruction, or the next.
    Branch(u64),
    Call(u64),
    /// A call of one of these, whose addresses the function itself has at hand.
    CallOneOf(Vec<u64>),
    /// A call through a pointer, which was loaded from this offset where that is known.
    CallPointer(Option<u64>),
    /// Likewise, where the call is the last thing that a function does.
    JumpPointer(Option<u64>),
    /// To one of many places in the same function.
    JumpTable,
    Return,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Effect {
    stack: Stack,
    flow: Flow,
    /// Whether it may be passed over.
    conditional: bool,
}

impl Effect {
    const NONE: Effect = Effect::stack(Stack::Same);

    const fn stack(stack: Stack) -> Self {
        Effect { stack, flow: Flow::Next, conditional: false }
    }

    const fn flow(flow: Flow) -> Self {
        Effect { stack: Stack::Same, flow, conditional: false }
    }
}

/// The instructions of an outlined function: code that several functions have in common, of which the code generator has
/// made one of its own.
fn outlined<'l>(lines: &'l [Line], function: u64, binary: &Binary) -> Option<&'l [Line]> {
    let (name, begin, end) = binary.around(function)?;
    let at = |address| lines.partition_point(|line| line.address < address);
    (begin == function && is_outlined(name)).then(|| &lines[at(begin)..at(end)])
}

/// Whether a function of this name is an outlined one.
fn is_outlined(name: &str) -> bool {
    name.starts_with("OUTLINED_FUNCTION")
}

/// The functions on the way to the greatest depth below the entry of one, each with what it takes of the stack.
pub fn deepest_way(workspace: &Workspace, chip: &Chip, image: &Path, function: &str) -> Result<Vec<(String, u64)>> {
    let sh = &workspace.sh;
    let is_arm = chip.compiler.starts_with("arm");
    let objdump = chip.compiler.replace("gcc", "objdump");
    let text = cmd!(sh, "{objdump} --disassemble --no-show-raw-insn {image}").quiet().read()?;
    let binary = Binary::read(image)?;
    let lines = listing::parse(&text);
    let decode = if is_arm { arm::decode } else { riscv::decode };
    let entry = binary.function(function).with_context(|| format!("no function {function}"))?;
    let mut effects = Vec::with_capacity(lines.len());
    let mut called = Vec::new();
    for index in 0..lines.len() {
        effects.push(decode(&lines, index, &binary, &mut called).with_context(|| lines[index].text())?);
    }
    let mut taken = binary.taken(&called);
    // The chip alone goes there.
    taken.retain(|(function, _)| binary.function("reset") != Some(*function));
    Walk::new(&lines, &effects, &binary, taken).deepest_way(entry)
}
