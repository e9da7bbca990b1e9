//! Thumb instructions that move the stack pointer or go elsewhere.

use anyhow::{Context, Result, bail};

use super::listing::{Line, number, target};
use super::pointers::Binary;
use super::{Effect, Flow, Stack, outlined};

const CONDITIONS: &[&str] =
    &["eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];

/// Those that count here; all others let the stack be and go on to the next.
const KNOWN: &[&str] = &[
    "push", "pop", "vpush", "vpop", "stmdb", "ldmia", "str", "strd", "ldr", "ldrd", "add", "addw", "sub", "subw",
    "mov", "b", "bl", "bx", "blx", "cbz", "cbnz", "tbb", "tbh", "udf",
];

/// What an instruction does. `called` is given the places that hold the address of a function for a plain call.
pub fn decode(lines: &[Line], index: usize, binary: &Binary, called: &mut Vec<u64>) -> Result<Effect> {
    let line = &lines[index];
    let Some((base, conditional)) = base(&line.mnemonic) else { return Ok(Effect::NONE) };
    let effect = match base {
        "push" | "vpush" => Effect::stack(Stack::Grow(registers(line.operand(0))?)),
        "pop" | "vpop" => popped(line.operand(0), registers(line.operand(0))?),
        "stmdb" if line.operand(0) == "sp!" => Effect::stack(Stack::Grow(registers(line.operand(1))?)),
        "ldmia" if line.operand(0) == "sp!" => popped(line.operand(1), registers(line.operand(1))?),
        "str" | "strd" => stored(line)?,
        "ldr" | "ldrd" => loaded(line)?,
        "add" | "addw" | "sub" | "subw" if line.operand(0) == "sp" => {
            Effect::stack(moved(lines, index, base.starts_with("sub"), binary)?)
        }
        "add" | "mov" if line.operand(0) == "pc" => Effect::flow(Flow::JumpTable),
        "mov" if line.operand(0) == "sp" => set(lines, index)?,
        "b" if conditional => Effect::flow(Flow::Branch(to(line, 0)?)),
        "b" => Effect::flow(Flow::Jump(to(line, 0)?)),
        "cbz" | "cbnz" => Effect::flow(Flow::Branch(to(line, 1)?)),
        "bl" => {
            let register = outlined(lines, to(line, 0)?, binary).and_then(last_call);
            let functions = register.map(|register| functions(lines, index, register, binary, called));
            Effect::flow(match functions.filter(|functions| !functions.is_empty()) {
                Some(functions) => Flow::CallOneOf(functions),
                None => call(line, binary)?,
            })
        }
        "bx" if line.operand(0) == "lr" => Effect::flow(Flow::Return),
        "bx" => {
            let mut places = Vec::new();
            let functions = functions(lines, index, line.operand(0), binary, &mut places);
            let [only] = functions[..] else {
                return Ok(Effect::flow(Flow::JumpPointer(offset(lines, index, line.operand(0), binary))));
            };
            called.extend(places);
            Effect::flow(Flow::Jump(only))
        }
        "blx" => {
            let functions = functions(lines, index, line.operand(0), binary, called);
            Effect::flow(match functions.is_empty() {
                true => Flow::CallPointer(offset(lines, index, line.operand(0), binary)),
                false => Flow::CallOneOf(functions),
            })
        }
        "tbb" | "tbh" => Effect::flow(Flow::JumpTable),
        "udf" => Effect::flow(Flow::Return),
        _ => Effect::NONE,
    };
    Ok(Effect { conditional: conditional && base != "b", ..effect })
}

/// The mnemonic without its width and condition, and whether it has a condition.
fn base(mnemonic: &str) -> Option<(&str, bool)> {
    let narrow = narrow(mnemonic);
    if KNOWN.contains(&narrow) {
        return Some((narrow, false));
    }
    let name = CONDITIONS.iter().find_map(|condition| narrow.strip_suffix(condition))?;
    KNOWN.contains(&name).then_some((name, true))
}

fn to(line: &Line, operand: usize) -> Result<u64> {
    target(line.operand(operand)).context("goes to an address that is not shown")
}

/// A chip without long jumps goes through its own function by `bl`, too.
fn call(line: &Line, binary: &Binary) -> Result<Flow> {
    let to = to(line, 0)?;
    let inside = binary.around(line.address).is_some_and(|(_, begin, end)| (begin + 1..end).contains(&to));
    Ok(if inside { Flow::Jump(to) } else { Flow::Call(to) })
}

/// The bytes of a list of registers such as `{r4, r5, lr}` or `{d8-d11}`.
fn registers(list: &str) -> Result<u64> {
    let mut bytes = 0;
    for part in list.trim_matches(['{', '}'].as_slice()).split(',').map(str::trim) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let size = if first.starts_with('d') { 8 } else { 4 };
        let count = match (index(first), index(last)) {
            _ if first == last => 1,
            (Some(first), Some(last)) if last >= first => last - first + 1,
            _ => bail!("a list of registers that is not known"),
        };
        bytes += size * count;
    }
    Ok(bytes)
}

fn index(register: &str) -> Option<u64> {
    register.get(1..)?.parse().ok()
}

fn popped(list: &str, bytes: u64) -> Effect {
    match list.contains("pc") {
        true => Effect { stack: Stack::Shrink(bytes), flow: Flow::Return, conditional: false },
        false => Effect::stack(Stack::Shrink(bytes)),
    }
}

/// `str lr, [sp, #-8]!` takes eight bytes.
fn stored(line: &Line) -> Result<Effect> {
    let place = line.operands.iter().find(|operand| operand.starts_with("[sp"));
    match place.and_then(|place| place.strip_suffix("]!")) {
        Some(place) => {
            let by =
                place.split_once(',').and_then(|(_, by)| number(by.trim())).context("moves by what is not shown")?;
            Ok(Effect::stack(by_bytes(by)))
        }
        None => Ok(Effect::NONE),
    }
}

/// `ldr lr, [sp], #8` gives eight bytes back; `ldr pc, …` goes there.
fn loaded(line: &Line) -> Result<Effect> {
    let place = line.operands.iter().position(|operand| operand == "[sp]");
    let by = place.and_then(|place| line.operands.get(place + 1)).and_then(|by| number(by));
    let stack = by.map_or(Stack::Same, by_bytes);
    match (line.operand(0), stack) {
        ("pc", Stack::Same) => Ok(Effect::flow(Flow::JumpTable)),
        ("pc", stack) => Ok(Effect { stack, flow: Flow::Return, conditional: false }),
        (_, stack) => Ok(Effect::stack(stack)),
    }
}

fn by_bytes(by: i64) -> Stack {
    if by < 0 { Stack::Grow(by.unsigned_abs()) } else { Stack::Shrink(by.unsigned_abs()) }
}

/// `sub sp, #16`, `sub.w sp, sp, #1024`, `add sp, r6`; with another register than `sp` it goes back to a frame's end.
fn moved(lines: &[Line], index: usize, is_sub: bool, binary: &Binary) -> Result<Stack> {
    let line = &lines[index];
    if line.operands.len() == 3 && line.operand(1) != "sp" {
        return Ok(Stack::Same);
    }
    let by = line.operands.last().map_or("", String::as_str);
    let by = match number(by) {
        Some(by) => by,
        // Large frames of a chip that has no instruction for them.
        None => {
            let (word, _) = constant(lines, index, by, binary).context("moves by what is not known")?;
            i64::from(word as i32)
        }
    };
    Ok(by_bytes(if is_sub { -by } else { by }))
}

/// `mov sp, r6` goes back to a frame's end; or it begins one at a round address.
fn set(lines: &[Line], index: usize) -> Result<Effect> {
    let before = index.checked_sub(1).map(|index| lines[index].mnemonic.as_str());
    match before {
        Some("lsls" | "bfc" | "bic.w" | "bics" | "ands") => bail!("a frame at a round address"),
        _ => Ok(Effect::NONE),
    }
}

/// The functions that a register may hold for a call: where it has got a constant last, in the order of the addresses,
/// all those that it gets anywhere in the function. Compilers keep the address of a function that is called often so.
fn functions(lines: &[Line], index: usize, register: &str, binary: &Binary, called: &mut Vec<u64>) -> Vec<u64> {
    let Some((_, begin, end)) = binary.around(lines[index].address) else { return Vec::new() };
    if constant(lines, index, register, binary).is_none() {
        return Vec::new();
    }
    let first = lines.partition_point(|line| line.address < begin);
    let mut functions = Vec::new();
    for at in (first..lines.len()).take_while(|at| lines[*at].address < end) {
        // Just behind an instruction that sets it, the register has what that has set.
        let Some((value, place)) =
            sets(&lines[at], register).then(|| constant(lines, at + 1, register, binary)).flatten()
        else {
            continue;
        };
        let function = u64::from(value) & !1;
        if value & 1 == 1 && binary.is_function(function) {
            called.push(place);
            functions.push(function);
        }
    }
    functions
}

/// The offset from which the pointer was loaded that a register holds before this instruction: where the last one that sets
/// the register, in the order of the addresses, is a load. The pointer may have been kept on the stack since.
fn offset(lines: &[Line], index: usize, register: &str, binary: &Binary) -> Option<u64> {
    let (_, begin, _) = binary.around(lines[index].address)?;
    let before = &lines[lines.partition_point(|line| line.address < begin)..index];
    let at = before.iter().rposition(|line| sets(line, register) || may_set(line, register, lines, binary))?;
    let (line, before) = (&before[at], &before[..at]);
    let place = line.operand(1).strip_prefix('[')?.strip_suffix(']')?;
    let is_load = narrow(&line.mnemonic) == "ldr" && line.operands.len() == 2;
    match place.split_once(", ").or(Some((place, "#0"))).filter(|_| is_load)? {
        ("pc", _) => None,
        ("sp", _) => {
            let is_it = |other: &Line| narrow(&other.mnemonic) == "str" && other.operand(1) == line.operand(1);
            let at = before.iter().rposition(is_it)?;
            offset(lines, index - (before.len() - at), before[at].operand(0), binary)
        }
        (_, offset) => number(offset)?.try_into().ok(),
    }
}

/// Whether it is a call that may change the register.
fn may_set(line: &Line, register: &str, lines: &[Line], binary: &Binary) -> bool {
    let code = || outlined(lines, target(line.operand(0))?, binary);
    matches!(narrow(&line.mnemonic), "bl" | "blx")
        && match code() {
            Some(code) => code.iter().any(|line| sets(line, register)),
            None => matches!(register, "r0" | "r1" | "r2" | "r3" | "ip"),
        }
}

/// The register through which an outlined function ends with a call, where all that it does before is to pass things on.
fn last_call(code: &[Line]) -> Option<&str> {
    let (last, others) = code.split_last()?;
    let register = Some(last.operand(0)).filter(|register| narrow(&last.mnemonic) == "bx" && *register != "lr")?;
    let passes_on = |line: &Line| {
        matches!(narrow(&line.mnemonic), "mov" | "str") && line.operand(0) != "sp" && !line.operand(1).ends_with('!')
    };
    others.iter().all(|line| passes_on(line) && !sets(line, register)).then_some(register)
}

/// Whether the instruction changes a register, which is its first operand or one of several.
fn sets(line: &Line, register: &str) -> bool {
    let name = narrow(&line.mnemonic);
    let is_one_of = |operand: &String| operand.trim_matches(['{', '}']).split(", ").any(|one| one == register);
    match name {
        "ldrd" | "ldm" | "ldmia" | "umull" | "smull" | "umlal" | "smlal" if line.operand(0) != "sp!" => {
            line.operands.iter().any(is_one_of)
        }
        "cmp" | "tst" | "b" | "bx" | "blx" | "push" => false,
        _ => line.operand(0) == register && !name.starts_with("str"),
    }
}

/// The constant that a register has got last, in the order of the addresses, and the place that it comes from.
fn constant(lines: &[Line], index: usize, register: &str, binary: &Binary) -> Option<(u32, u64)> {
    let (_, begin, _) = binary.around(lines.get(index)?.address)?;
    let mut upper = 0;
    let before = lines[..index].iter().enumerate().rev();
    for (at, line) in before.take_while(|(_, line)| line.address >= begin) {
        if may_set(line, register, lines, binary) {
            return None;
        }
        if !sets(line, register) {
            continue;
        }
        let operand = || u32::try_from(number(line.operand(1))?).ok();
        match narrow(&line.mnemonic) {
            "ldr" => return Some((binary.word(line.note?).ok()?, line.note?)),
            "mov" => return constant(lines, at, line.operand(1), binary),
            "movt" => upper = operand()?,
            "movw" => return Some((upper << 16 | operand()?, line.address)),
            _ => return None,
        }
    }
    None
}

/// The mnemonic without its width.
fn narrow(mnemonic: &str) -> &str {
    mnemonic.split_once('.').map_or(mnemonic, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::depth::listing::parse;

    fn effect(text: &str) -> Effect {
        let lines = parse(&format!("  10:\t{text}\n"));
        decode(&lines, 0, &Binary::default(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn the_stack_pointer_is_followed() {
        for (text, stack) in [
            ("push\t{r4, r5, r6, lr}", Stack::Grow(16)),
            ("stmdb\tsp!, {r4, r5, r6, r7, r8, lr}", Stack::Grow(24)),
            ("vpush\t{d8-d11}", Stack::Grow(32)),
            ("sub\tsp, #508\t@ 0x1fc", Stack::Grow(508)),
            ("sub.w\tsp, sp, #1024\t@ 0x400", Stack::Grow(1024)),
            ("str.w\tlr, [sp, #-8]!", Stack::Grow(8)),
            ("ldr.w\tlr, [sp], #8", Stack::Shrink(8)),
            ("add\tsp, #16", Stack::Shrink(16)),
            ("add\tr0, sp, #16", Stack::Same),
            ("str\tr0, [sp, #16]", Stack::Same),
            ("sub.w\tsp, r7, #16", Stack::Same),
        ] {
            assert_eq!(effect(text), Effect::stack(stack), "{text}");
        }
    }

    #[test]
    fn jumps_calls_and_returns_are_told_apart() {
        for (text, flow) in [
            ("b.n\t2de <run+0x2d6>", Flow::Jump(0x2de)),
            ("bls.w\t2de <run+0x2d6>", Flow::Branch(0x2de)),
            ("cbz\tr0, 2de <run+0x2d6>", Flow::Branch(0x2de)),
            ("bl\t68 <call>", Flow::Call(0x68)),
            ("blx\tr3", Flow::CallPointer(None)),
            ("bx\tr3", Flow::JumpPointer(None)),
            ("bx\tlr", Flow::Return),
            ("tbb\t[pc, r0]", Flow::JumpTable),
            ("movs\tr0, #0", Flow::Next),
        ] {
            assert_eq!(effect(text), Effect::flow(flow), "{text}");
        }
        let returns = Effect { stack: Stack::Shrink(8), flow: Flow::Return, conditional: false };
        assert_eq!(effect("pop\t{r4, pc}"), returns);
        assert_eq!(effect("popeq\t{r4, pc}"), Effect { conditional: true, ..returns });
    }

    /// What the last of these instructions of a function at 0x100 does, with another function at 0x200 and an outlined one at
    /// 0x300.
    fn last(text: &str) -> Flow {
        let text = format!("{text}200:\tbx\tlr\n300:\tmov\tr3, sl\n302:\tbx\tr9\n");
        let lines = parse(&text);
        let mut binary = Binary::default();
        for (name, begin) in [("f", 0x100), ("g", 0x200), ("OUTLINED_FUNCTION_0", 0x300)] {
            binary.add_function(name, begin, begin + 0x100);
        }
        decode(&lines, lines.len() - 4, &binary, &mut Vec::new()).unwrap().flow
    }

    #[test]
    fn it_is_seen_from_which_offset_a_pointer_was_loaded() {
        for (text, offset) in [
            ("100:\tldr\tr3, [r0, #12]\n102:\tmovs\tr0, #0\n104:\tblx\tr3\n", Some(12)),
            ("100:\tldr\tr4, [r0]\n102:\tbl\t200 <g>\n106:\tblx\tr4\n", Some(0)),
            ("100:\tldr\tr4, [r0]\n102:\tstr\tr4, [sp, #8]\n104:\tldr\tr2, [sp, #8]\n106:\tblx\tr2\n", Some(0)),
            ("100:\tldr\tr3, [r0, #12]\n102:\tbl\t200 <g>\n106:\tblx\tr3\n", None),
            ("100:\tldr\tr3, [r0, #12]\n102:\tbl\t300 <OUTLINED_FUNCTION_0>\n106:\tblx\tr3\n", None),
            ("100:\tldr\tr3, [r0, #12]\n102:\tadds\tr3, #4\n104:\tblx\tr3\n", None),
            ("100:\tldr\tr3, [r0, #12]\n102:\tldrd\tr2, r3, [r1]\n104:\tblx\tr3\n", None),
            ("100:\tmovs\tr0, #0\n102:\tblx\tr3\n", None),
        ] {
            assert_eq!(last(text), Flow::CallPointer(offset), "{text}");
        }
    }

    #[test]
    fn an_outlined_function_calls_what_the_register_has_before_it() {
        let text = "100:\tmovw\tr9, #513\n104:\tbl\t300 <OUTLINED_FUNCTION_0>\n";
        assert_eq!(last(text), Flow::CallOneOf(vec![0x200]));
        assert_eq!(last("104:\tbl\t300 <OUTLINED_FUNCTION_0>\n"), Flow::Call(0x300));
    }
}
