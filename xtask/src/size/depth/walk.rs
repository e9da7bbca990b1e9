//! Follows the code from a function's entry and keeps the greatest depth.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use anyhow::{Result, bail, ensure};

use super::listing::Line;
use super::pointers::Binary;
use super::{Effect, Flow, Stack, is_outlined};

/// No program here has so deep a stack: one that seems to takes it in a loop.
const TOO_DEEP: u64 = 1 << 16;

/// A depth, and the call that leads there: how deep the stack is before it, and the function. Without a call it is reached
/// in the function itself.
#[derive(Clone, Copy, Default)]
struct Reach {
    depth: u64,
    by: Option<(u64, u64)>,
}

impl Reach {
    fn at_least(&mut self, depth: u64, by: Option<(u64, u64)>) {
        if depth > self.depth {
            *self = Reach { depth, by };
        }
    }
}

/// What a function does to the stack of its caller.
#[derive(Clone, Default)]
struct Needs {
    /// How deep the stack gets, calls through pointers apart.
    greatest: Reach,
    /// How deep it is at calls through pointers, by the function that has the call in it.
    pointers: BTreeMap<u64, Reach>,
    /// What is left on the stack: something only by an outlined function, which may be the beginning of others.
    left: u64,
}

impl Needs {
    /// `is_part` says that the function is outlined, and so a part of this one.
    fn calls(&mut self, depth: u64, function: u64, needs: &Needs, this: u64, is_part: bool) {
        let by = Some((depth, function));
        self.greatest.at_least(depth + needs.greatest.depth, by);
        for (caller, reach) in &needs.pointers {
            let caller = if is_part && *caller == function { this } else { *caller };
            self.pointers.entry(caller).or_default().at_least(depth + reach.depth, by);
        }
    }
}

pub struct Walk<'a> {
    lines: &'a [Line],
    effects: &'a [Effect],
    binary: &'a Binary,
    /// The functions that calls through pointers may go to, each with its offset in a table if it is in one.
    taken: Vec<(u64, Option<u64>)>,
    by_address: HashMap<u64, usize>,
    known: HashMap<u64, Rc<Needs>>,
    /// The functions that are being followed, each called by the one before.
    under_way: Vec<u64>,
}

impl<'a> Walk<'a> {
    pub fn new(lines: &'a [Line], effects: &'a [Effect], binary: &'a Binary, taken: Vec<(u64, Option<u64>)>) -> Self {
        let by_address = lines.iter().enumerate().map(|(index, line)| (line.address, index)).collect();
        Self { lines, effects, binary, taken, by_address, known: HashMap::new(), under_way: Vec::new() }
    }

    /// The functions on the way to the greatest depth below the entry of one, each with what it takes of the stack.
    ///
    /// A function calls through a pointer a function whose address is taken, in which another may call through a
    /// pointer, and so on: through each at most once, for otherwise it would call itself.
    pub fn deepest_way(&mut self, entry: u64) -> Result<Vec<(String, u64)>> {
        let first = self.function(entry)?;
        let mut last = (0, None);
        // Of each caller through a pointer, the taken function in which it is deepest.
        let mut between: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for (function, _) in self.taken.clone() {
            let needs = self.function(function)?;
            if last.1.is_none() || needs.greatest.depth > last.0 {
                last = (needs.greatest.depth, Some(function));
            }
            for (caller, reach) in &needs.pointers {
                let deepest = between.entry(*caller).or_default();
                *deepest = (*deepest).max((reach.depth, function));
            }
        }
        let after = |caller: u64| -> u64 {
            between.iter().filter(|(other, _)| **other != caller).map(|(_, (depth, _))| depth).sum::<u64>() + last.0
        };
        let pointer = first.pointers.iter().map(|(caller, reach)| (reach.depth + after(*caller), *caller)).max();
        let mut way = Vec::new();
        let mut greatest = first.greatest.depth;
        match (pointer, last.1) {
            (Some((depth, caller)), Some(end)) if depth > greatest => {
                greatest = depth;
                self.steps(entry, Some(caller), &mut way);
                for (other, (_, function)) in between.iter().filter(|(other, _)| **other != caller) {
                    self.steps(*function, Some(*other), &mut way);
                }
                self.steps(end, None, &mut way);
            }
            _ => self.steps(entry, None, &mut way),
        }
        let total: u64 = way.iter().map(|(_, bytes)| bytes).sum();
        ensure!(total == greatest, "the way to {greatest} is one of {total}");
        Ok(way)
    }

    /// From a function to where it is deepest, or to a call through a pointer.
    fn steps(&self, mut function: u64, caller: Option<u64>, way: &mut Vec<(String, u64)>) {
        while let Some(needs) = self.known.get(&function) {
            let pointers = &needs.pointers;
            let reach = caller.map_or(Some(&needs.greatest), |caller| {
                // In an outlined part of the caller it is the part's own.
                pointers.get(&caller).or_else(|| pointers.get(&function))
            });
            let Some(reach) = reach else { return };
            let name = self.name(function);
            match reach.by {
                Some((depth, next)) => {
                    way.push((name, depth));
                    function = next;
                }
                None => return way.push((name, reach.depth)),
            }
        }
    }

    /// What a function needs, all that it calls by name included.
    fn function(&mut self, entry: u64) -> Result<Rc<Needs>> {
        if let Some(needs) = self.known.get(&entry) {
            return Ok(Rc::clone(needs));
        }
        if self.under_way.contains(&entry) {
            bail!("{} calls itself", self.name(entry));
        }
        self.under_way.push(entry);
        let needs = Rc::new(self.follow(entry)?);
        self.under_way.pop();
        self.known.insert(entry, Rc::clone(&needs));
        Ok(needs)
    }

    fn follow(&mut self, entry: u64) -> Result<Needs> {
        let mut depths: HashMap<u64, u64> = HashMap::new();
        let mut tables = Vec::new();
        let mut ahead = vec![(entry, 0)];
        let is_outlined = self.is_outlined(entry);
        let mut needs = Needs::default();
        while let Some((address, depth)) = ahead.pop().or_else(|| self.unreached(&tables, &depths)) {
            // Code may end in a call that does not come back, with data behind it.
            let Some(&index) = self.by_address.get(&address) else { continue };
            if depths.get(&address).is_some_and(|known| *known >= depth) {
                continue;
            }
            if depth > TOO_DEEP {
                bail!("{}: no end in sight", self.name(address));
            }
            depths.insert(address, depth);

            let effect = &self.effects[index];
            let after = match effect.stack {
                Stack::Same => depth,
                Stack::Grow(bytes) => depth + bytes,
                Stack::Shrink(bytes) => depth.saturating_sub(bytes),
            };
            needs.greatest.at_least(after, None);
            let next = self.lines.get(index + 1).map_or(address, |line| line.address);
            if effect.conditional {
                ahead.push((next, depth));
            }
            match &effect.flow {
                Flow::Next => ahead.push((next, after)),
                Flow::Jump(to) => ahead.push((*to, after)),
                Flow::Branch(to) => ahead.extend([(*to, after), (next, after)]),
                Flow::Call(to) => {
                    let called = self.function(*to)?;
                    needs.calls(after, *to, &called, entry, self.is_outlined(*to));
                    ahead.push((next, after + called.left));
                }
                Flow::CallOneOf(functions) => {
                    for function in functions {
                        needs.calls(after, *function, &*self.function(*function)?, entry, false);
                    }
                    ahead.push((next, after));
                }
                Flow::CallPointer(offset) | Flow::JumpPointer(offset) => {
                    let functions = offset.map_or(Vec::new(), |offset| self.at(offset));
                    // Not known, or no table has it: it may go to any.
                    if functions.is_empty() {
                        needs.pointers.entry(entry).or_default().at_least(after, None);
                    }
                    for function in functions {
                        needs.calls(after, function, &*self.function(function)?, entry, false);
                    }
                    if let Flow::CallPointer(_) = effect.flow {
                        ahead.push((next, after));
                    }
                }
                Flow::JumpTable => {
                    if let Some((_, begin, end)) = self.binary.around(address) {
                        tables.push((begin, end, after));
                    }
                }
                Flow::Return if is_outlined => needs.left = needs.left.max(after),
                Flow::Return => {}
            }
        }
        Ok(needs)
    }

    /// Where a pointer may lead that was loaded from this offset.
    fn at(&self, offset: u64) -> Vec<u64> {
        let there = self.taken.iter().filter(|(_, at)| at.is_none_or(|at| at == offset));
        there.map(|(function, _)| *function).collect()
    }

    /// A place that a table may lead to: one in the function that nothing else has led to, and no padding at its end.
    /// It is taken at the depth of the deepest of the function's tables.
    fn unreached(&self, tables: &[(u64, u64, u64)], depths: &HashMap<u64, u64>) -> Option<(u64, u64)> {
        tables.iter().find_map(|(begin, end, _)| {
            let depth = tables.iter().filter(|table| table.0 == *begin).map(|table| table.2).max()?;
            let first = self.lines.partition_point(|line| line.address < *begin);
            let mut inside = self.lines[first..].iter().take_while(|line| line.address < *end);
            let place =
                inside.find(|line| !line.mnemonic.starts_with("nop") && !depths.contains_key(&line.address))?;
            Some((place.address, depth))
        })
    }

    /// Whether the function is an outlined one.
    fn is_outlined(&self, function: u64) -> bool {
        is_outlined(&self.name(function))
    }

    fn name(&self, address: u64) -> String {
        match self.binary.around(address) {
            Some((name, ..)) => format!("{:#}", rustc_demangle::demangle(name)),
            None => format!("{address:#x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::depth::arm::decode;
    use crate::size::depth::listing::parse;

    /// Of code whose functions begin at multiples of 0x100; those taken, each with its place in a table.
    fn with_walk<T>(
        text: &str,
        taken: &[(u64, Option<u64>)],
        ask: impl FnOnce(&mut Walk<'_>) -> Result<T>,
    ) -> Result<T> {
        let lines = parse(text);
        let mut binary = Binary::default();
        for begin in lines.iter().map(|line| line.address).filter(|address| address % 0x100 == 0) {
            binary.add_function(&format!("f{begin:x}"), begin, begin + 0x100);
        }
        let decode = |index| decode(&lines, index, &binary, &mut Vec::new());
        let effects: Vec<Effect> = (0..lines.len()).map(decode).collect::<Result<_>>()?;
        ask(&mut Walk::new(&lines, &effects, &binary, taken.to_vec()))
    }

    fn depth(text: &str, taken: &[u64]) -> Result<u64> {
        let taken: Vec<_> = taken.iter().map(|function| (*function, None)).collect();
        depth_with_tables(text, &taken)
    }

    fn depth_with_tables(text: &str, taken: &[(u64, Option<u64>)]) -> Result<u64> {
        with_walk(text, taken, |walk| Ok(walk.deepest_way(0x100)?.iter().map(|(_, bytes)| bytes).sum()))
    }

    #[test]
    fn a_call_adds_what_its_function_needs() {
        let text = "100:\tpush\t{r4, lr}\n102:\tsub\tsp, #16\n104:\tbl\t200 <f200>\n106:\tadd\tsp, #16\n\
            108:\tbl\t300 <f300>\n10a:\tpop\t{r4, pc}\n200:\tpush\t{r4, r5, r6, lr}\n202:\tpop\t{r4, r5, r6, pc}\n\
            300:\tsub\tsp, #24\n302:\tadd\tsp, #24\n304:\tbx\tlr\n";
        assert_eq!(depth(text, &[]).unwrap(), 8 + 16 + 16);
    }

    #[test]
    fn the_deepest_way_has_what_each_function_takes() {
        let text = "100:\tpush\t{r4, lr}\n102:\tbl\t200 <f200>\n104:\tsub\tsp, #16\n106:\tbl\t300 <f300>\n\
            108:\tadd\tsp, #16\n10a:\tpop\t{r4, pc}\n200:\tsub\tsp, #24\n202:\tadd\tsp, #24\n204:\tbx\tlr\n\
            300:\tpush\t{r4, r5, r6, lr}\n302:\tpop\t{r4, r5, r6, pc}\n";
        let way = with_walk(text, &[], |walk| walk.deepest_way(0x100)).unwrap();
        assert_eq!(way, [("f100".to_owned(), 24), ("f300".to_owned(), 16)]);
    }

    #[test]
    fn the_deepest_way_counts() {
        let text = "100:\tcbz\tr0, 106 <f100+0x6>\n102:\tsub\tsp, #32\n104:\tadd\tsp, #32\n106:\tsub\tsp, #8\n\
            108:\tadd\tsp, #8\n10a:\tbx\tlr\n";
        assert_eq!(depth(text, &[]).unwrap(), 32);
    }

    #[test]
    fn a_pointer_may_go_to_every_function_whose_address_is_taken() {
        let text = "100:\tpush\t{r4, lr}\n102:\tblx\tr3\n104:\tpop\t{r4, pc}\n200:\tsub\tsp, #24\n202:\tadd\tsp, #24\n\
            204:\tbx\tlr\n300:\tsub\tsp, #64\n302:\tadd\tsp, #64\n304:\tbx\tlr\n";
        assert_eq!(depth(text, &[0x200]).unwrap(), 8 + 24);
        assert_eq!(depth(text, &[0x200, 0x300]).unwrap(), 8 + 64);
    }

    #[test]
    fn a_pointer_out_of_a_table_goes_to_what_stands_there_or_in_no_table() {
        let text = "100:\tpush\t{r4, lr}\n102:\tldr\tr3, [r0, #8]\n104:\tblx\tr3\n106:\tpop\t{r4, pc}\n\
            200:\tsub\tsp, #24\n202:\tadd\tsp, #24\n204:\tbx\tlr\n\
            300:\tsub\tsp, #64\n302:\tadd\tsp, #64\n304:\tbx\tlr\n";
        assert_eq!(depth_with_tables(text, &[(0x200, Some(8)), (0x300, Some(4))]).unwrap(), 8 + 24);
        assert_eq!(depth_with_tables(text, &[(0x200, Some(8)), (0x300, None)]).unwrap(), 8 + 64);
        assert_eq!(depth_with_tables(text, &[(0x300, Some(4))]).unwrap(), 8 + 64); // nothing stands there
    }

    #[test]
    fn a_pointer_leads_to_each_call_through_a_pointer_once() {
        // 200 calls through a pointer, too: 300 after it, but not 200 again.
        let text = "100:\tpush\t{r4, lr}\n102:\tblx\tr3\n104:\tpop\t{r4, pc}\n200:\tpush\t{r4, r5, r6, lr}\n\
            202:\tblx\tr3\n204:\tpop\t{r4, r5, r6, pc}\n300:\tsub\tsp, #64\n302:\tadd\tsp, #64\n304:\tbx\tlr\n";
        let way = with_walk(text, &[(0x200, None), (0x300, None)], |walk| walk.deepest_way(0x100)).unwrap();
        assert_eq!(way, [("f100".to_owned(), 8), ("f200".to_owned(), 16), ("f300".to_owned(), 64)]);
    }

    #[test]
    fn what_only_a_table_leads_to_is_followed() {
        let text = "100:\tpush\t{r4, lr}\n102:\ttbb\t[pc, r0]\n108:\tsub\tsp, #40\n10a:\tadd\tsp, #40\n\
            10c:\tpop\t{r4, pc}\n10e:\tnop\n";
        assert_eq!(depth(text, &[]).unwrap(), 8 + 40);
    }

    #[test]
    fn there_is_no_bound_where_a_function_calls_itself_or_a_loop_takes_more() {
        let error = depth("100:\tpush\t{r4, lr}\n102:\tbl\t100 <f100>\n104:\tpop\t{r4, pc}\n", &[]).unwrap_err();
        assert_eq!(error.to_string(), "f100 calls itself");
        let error = depth("100:\tmovs\tr0, #0\n102:\tsub\tsp, #8\n104:\tb.n\t102 <f100+0x2>\n", &[]).unwrap_err();
        assert_eq!(error.to_string(), "f100: no end in sight");
    }
}
