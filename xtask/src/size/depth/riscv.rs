//! Instructions of 32-bit RISC-V that move the stack pointer or go elsewhere.

use anyhow::{Context, Result};

use super::listing::{Line, number, target};
use super::pointers::Binary;
use super::{Effect, Flow, Stack, outlined};

/// What an instruction does. A plain call takes no function's address here, since it has a relocation of its own: nothing
/// is put into `_called`.
pub fn decode(lines: &[Line], index: usize, binary: &Binary, _called: &mut Vec<u64>) -> Result<Effect> {
    let line = &lines[index];
    let last = line.operands.last().map_or("", String::as_str);
    let to = || target(last).context("goes to an address that is not shown");
    Ok(match line.mnemonic.as_str() {
        "add" | "addi" | "sub" | "mv" if line.operand(0) == "sp" => Effect::stack(moved(lines, index)?),
        "ret" | "mret" | "unimp" => Effect::flow(Flow::Return),
        "j" => Effect::flow(Flow::Jump(to()?)),
        "jal" => Effect::flow(Flow::Call(to()?)),
        // Where it follows an `auipc`, objdump has added the two up.
        "jalr" => Effect::flow(line.note.map_or(Flow::CallPointer(offset(lines, index, binary)), Flow::Call)),
        // Outlined functions return by `t0`.
        "jr" if matches!(last, "ra" | "t0") => Effect::flow(Flow::Return),
        "jr" => Effect::flow(match (line.note, binary.around(line.address)) {
            (Some(to), _) => Flow::Jump(to),
            (None, Some((_, begin, end))) if binary.has_table(begin, end) && !gives_back(&lines[..index]) => {
                Flow::JumpTable
            }
            _ => Flow::JumpPointer(offset(lines, index, binary)),
        }),
        name if name.starts_with('b') => Effect::flow(Flow::Branch(to()?)),
        _ => Effect::NONE,
    })
}

/// Whether the code before has just given back its stack, as before a call that is the last thing a function does.
fn gives_back(before: &[Line]) -> bool {
    let straight = before.iter().rev().take_while(|line| !line.mnemonic.starts_with(['b', 'j', 'r']));
    straight
        .filter(|line| line.operand(0) == "sp" && line.operand(1) == "sp")
        .any(|line| number(line.operand(2)).is_some_and(|by| by > 0))
}

/// The offset from which the pointer was loaded that is called here: where the last instruction that sets its register, in
/// the order of the addresses, is a load. Stores and branches end the search, too, though they set nothing.
fn offset(lines: &[Line], index: usize, binary: &Binary) -> Option<u64> {
    let register = lines[index].operands.last()?;
    let (_, begin, _) = binary.around(lines[index].address)?;
    let is_set = |line: &Line| line.operand(0) == register;
    let may_set = |line: &Line| {
        let function = line.note.or_else(|| target(line.operands.last()?));
        matches!(line.mnemonic.as_str(), "jal" | "jalr")
            && match outlined(lines, function.unwrap_or_default(), binary) {
                Some(part) => part.iter().any(is_set),
                None => !register.starts_with('s'),
            }
    };
    let mut before = lines[..index].iter().rev().take_while(|line| line.address >= begin);
    let line = before.find(|line| is_set(line) || may_set(line)).filter(|line| line.mnemonic == "lw")?;
    let (offset, base) = line.operand(1).strip_suffix(')')?.split_once('(')?;
    number(offset).filter(|_| base != "sp")?.try_into().ok()
}

/// `add sp,sp,-16`, `sub sp,sp,t0`; with another register than `sp` it goes back to a frame's end.
fn moved(lines: &[Line], index: usize) -> Result<Stack> {
    let line = &lines[index];
    if line.operands.len() != 3 || line.operand(1) != "sp" {
        return Ok(Stack::Same);
    }
    let by = match number(line.operand(2)) {
        Some(by) => by,
        None => constant(&lines[..index], line.operand(2)).context("moves by what is not known")?,
    };
    let by = if line.mnemonic == "sub" { -by } else { by };
    Ok(if by < 0 { Stack::Grow(by.unsigned_abs()) } else { Stack::Shrink(by.unsigned_abs()) })
}

/// The number that a register has got last, by `li`, or by `lui` and an addition.
fn constant(before: &[Line], register: &str) -> Option<i64> {
    let mut added = 0;
    for line in before.iter().rev().filter(|line| line.operand(0) == register) {
        match line.mnemonic.as_str() {
            "li" => return Some(added + number(line.operand(1))?),
            "lui" => return Some(added + i64::from((number(line.operand(1))? << 12) as i32)),
            "add" | "addi" if line.operand(1) == register => added += number(line.operand(2))?,
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::depth::listing::parse;

    fn effect(text: &str) -> Effect {
        let lines = parse(text);
        decode(&lines, lines.len() - 1, &Binary::default(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn the_stack_pointer_is_followed() {
        assert_eq!(effect("10:\tadd\tsp,sp,-592 # 80103db0 <stack_limit+0x1a70>\n").stack, Stack::Grow(592));
        assert_eq!(effect("10:\tadd\tsp,sp,592\n").stack, Stack::Shrink(592));
        assert_eq!(effect("10:\tadd\tsp,s0,-16\n").stack, Stack::Same);
        let large = "10:\tlui\tt0,0x1\n14:\tadd\tt0,t0,-1000\n18:\tsub\tsp,sp,t0\n";
        assert_eq!(effect(large).stack, Stack::Grow(4096 - 1000));
        assert_eq!(effect("10:\tadd\ta0,sp,16\n"), Effect::NONE);
    }

    #[test]
    fn jumps_calls_and_returns_are_told_apart() {
        for (text, flow) in [
            ("j\t8000a6ae <run>", Flow::Jump(0x8000_a6ae)),
            ("beq\ta0,a1,8000a6ae <run+0x4>", Flow::Branch(0x8000_a6ae)),
            ("jal\tra,8000a6ae <call>", Flow::Call(0x8000_a6ae)),
            ("jal\t8000a6ae <call>", Flow::Call(0x8000_a6ae)),
            ("jalr\t-360(ra) # 80002f52 <begin>", Flow::Call(0x8000_2f52)),
            ("jalr\ta5", Flow::CallPointer(None)),
            ("jr\t-360(t1) # 80002f52 <begin>", Flow::Jump(0x8000_2f52)),
            ("jr\ta5", Flow::JumpPointer(None)),
            ("jr\tra", Flow::Return),
            ("jr\tt0", Flow::Return),
            ("ret", Flow::Return),
            ("lw\ta0,4(sp)", Flow::Next),
        ] {
            assert_eq!(effect(&format!("10:\t{text}\n")), Effect::flow(flow), "{text}");
        }
    }

    #[test]
    fn a_call_that_is_the_last_thing_is_no_jump_by_a_table_of_the_same_function() {
        for (text, flow) in [
            ("10:\tlw\ta5,8(a0)\n12:\tjr\ta5\n", Flow::JumpTable),
            ("10:\tlw\ta5,8(a0)\n12:\tadd\tsp,sp,16\n14:\tjr\ta5\n", Flow::JumpPointer(Some(8))),
            ("10:\tadd\tsp,sp,16\n12:\tbeqz\ta0,18 <f>\n14:\tlw\ta5,8(a0)\n16:\tjr\ta5\n", Flow::JumpTable),
            ("10:\tadd\tsp,sp,-16\n12:\tlw\ta5,8(a0)\n14:\tjr\ta5\n", Flow::JumpTable),
        ] {
            let lines = parse(text);
            let mut binary = Binary::default();
            binary.add_function("f", 0x10, 0x20);
            binary.add_reference(0x100, 0x14);
            let effect = decode(&lines, lines.len() - 1, &binary, &mut Vec::new()).unwrap();
            assert_eq!(effect.flow, flow, "{text}");
        }
    }

    #[test]
    fn it_is_seen_from_which_offset_a_pointer_was_loaded() {
        for (text, offset) in [
            ("10:\tlw\ta5,8(a0)\n12:\tmv\ta0,s1\n14:\tjalr\ta5\n", Some(8)),
            ("10:\tlw\ts2,0(a0)\n12:\tjal\t80 <g>\n16:\tjalr\ts2\n", Some(0)),
            ("10:\tlw\ta5,8(a0)\n12:\tjal\t80 <g>\n16:\tjalr\ta5\n", None),
            ("10:\tlw\ta5,8(sp)\n12:\tjalr\ta5\n", None),
            ("10:\tlw\ta5,8(a0)\n12:\tadd\ta5,a5,4\n14:\tjalr\ta5\n", None),
        ] {
            let lines = parse(text);
            let mut binary = Binary::default();
            binary.add_function("f", 0x10, 0x20);
            let effect = decode(&lines, lines.len() - 1, &binary, &mut Vec::new()).unwrap();
            assert_eq!(effect.flow, Flow::CallPointer(offset), "{text}");
        }
    }
}
