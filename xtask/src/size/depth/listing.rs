//! What `objdump --disassemble --no-show-raw-insn` prints.

/// An instruction.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub address: u64,
    pub mnemonic: String,
    /// Between commas that are not in brackets.
    pub operands: Vec<String>,
    /// An address that objdump has worked out and shows behind the operands: of a literal, or of a call's function.
    pub note: Option<u64>,
}

impl Line {
    pub fn text(&self) -> String {
        format!("{:x}: {} {}", self.address, self.mnemonic, self.operands.join(", "))
    }

    pub fn operand(&self, index: usize) -> &str {
        self.operands.get(index).map_or("", String::as_str)
    }
}

/// The instructions, in the order of their addresses, without the data that is among them.
pub fn parse(text: &str) -> Vec<Line> {
    text.lines().filter_map(line).collect()
}

fn line(text: &str) -> Option<Line> {
    let (address, rest) = text.split_once(":\t")?;
    let address = u64::from_str_radix(address.trim(), 16).ok()?;
    let (mnemonic, rest) = rest.split_once('\t').unwrap_or((rest, ""));
    let mnemonic = mnemonic.trim();
    if mnemonic.starts_with('.') {
        return None;
    }
    // A comment begins as Arm's or RISC-V's assembler has it; a number sign alone begins a number.
    let (operands, note) = match ["@ ", "; ", "# "].iter().filter_map(|sign| rest.find(sign)).min() {
        Some(at) => (&rest[..at], address_in(&rest[at + 1..])),
        None => (rest, None),
    };
    Some(Line { address, mnemonic: mnemonic.to_owned(), operands: split(operands), note })
}

/// The address in a comment such as ` (1914 <run+0xf14>)` or ` 80002f52 <begin>`.
fn address_in(comment: &str) -> Option<u64> {
    let word = comment.split_once('<')?.0.split_whitespace().last()?;
    u64::from_str_radix(word.trim_start_matches('('), 16).ok()
}

fn split(operands: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for letter in operands.trim().chars() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("there is one from the start").push(letter);
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The address that begins an operand such as `2de <run+0x2d6>`.
pub fn target(operand: &str) -> Option<u64> {
    u64::from_str_radix(operand.split_whitespace().next()?.trim_start_matches("0x"), 16).ok()
}

/// A number such as `#80`, `#-8`, `-592` or `0x10`.
pub fn number(operand: &str) -> Option<i64> {
    let text = operand.trim_start_matches('#');
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let value = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::{number, parse, target};

    #[test]
    fn instructions_are_read_and_data_is_not() {
        let text = "\nlogin.elf:     file format elf32-littlearm\n\n00000000 <run>:\n\
            \x20    2c6:\tldr\tr0, [r6, #80]\t@ 0x50\n\
            \x20    2dc:\tpop\t{r4, r5, pc}\n\
            \x20   17fe:\tldr\tr2, [pc, #276]\t@ (1914 <run+0xf14>)\n\
            \x20   1800:\tbl\t68 <_ZN3all4call17hfa1a85b98d409653E>\n\
            \x20   1818:\t.word\t0x200022e8\n\
            800000be:\tjalr\t-360(ra) # 80002f52 <begin>\n\
            800000c2:\tret\n";
        let lines = parse(text);
        let texts: Vec<String> = lines.iter().map(|line| line.text()).collect();
        assert_eq!(
            texts,
            [
                "2c6: ldr r0, [r6, #80]",
                "2dc: pop {r4, r5, pc}",
                "17fe: ldr r2, [pc, #276]",
                "1800: bl 68 <_ZN3all4call17hfa1a85b98d409653E>",
                "800000be: jalr -360(ra)",
                "800000c2: ret ",
            ]
        );
        let notes: Vec<Option<u64>> = lines.iter().map(|line| line.note).collect();
        assert_eq!(notes, [None, None, Some(0x1914), None, Some(0x8000_2f52), None]);
    }

    #[test]
    fn numbers_and_targets_are_read() {
        assert_eq!(number("#-8"), Some(-8));
        assert_eq!(number("0x10"), Some(16));
        assert_eq!(number("r0"), None);
        assert_eq!(target("2de <run+0x2d6>"), Some(0x2de));
        assert_eq!(target("80000010"), Some(0x8000_0010));
    }
}
