//! The filter: a list of numbers as a program of the kernel's packet filter, which runs before every call.
//!
//! The program sees the number, the architecture and the arguments (`struct seccomp_data`), jumps forwards alone, and by 255 instructions at most where it decides;
//! beyond, it takes a jump that does not. What it answers is what the kernel does: include/uapi/linux/seccomp.h, filter.h.

use ring3::{consts::SeccompRet, uapi::sock_filter};

/// How many instructions the kernel takes (BPF_MAXINSNS).
pub const MOST: usize = 4096;

const LD_W_ABS: u16 = 0x20;
const JA: u16 = 0x05;
const JEQ: u16 = 0x15;
const JGE: u16 = 0x35;
const RET: u16 = 0x06;

/// Where in `struct seccomp_data` the things are.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARGUMENTS: u32 = 16;

/// What is to be let through, and what becomes of the rest.
pub struct Rules<'a> {
    /// Numbers in their order.
    pub allowed: &'a [u32],
    /// `AUDIT_ARCH_*`. Calls of others are trapped.
    pub audit_arch: u32,
    /// Where the numbers begin of another ABI with the same `AUDIT_ARCH_*`. They are trapped, too.
    pub foreign: Option<u32>,
    /// What becomes of all other calls.
    pub deny: SeccompRet,
    /// Calls that are let through once more, if their last three arguments are these words.
    pub launch: Launch,
}

/// The calls of whoever starts the program under the filter: one to start it, one to end if that fails.
///
/// Neither has six arguments, so there is room in their registers for words that nobody else knows: the memory they were in and the registers are gone when the program
/// runs. It would have to guess 192 bits, 96 on 32-bit machines, to start another program if its list does not allow that.
#[derive(Clone, Copy)]
pub struct Launch {
    pub calls: [u32; 2],
    pub secret: [usize; 3],
}

/// A filter, from its first instruction on.
pub struct Filter {
    code: [sock_filter; MOST],
    length: usize,
}

/// There are more instructions than the kernel takes.
#[derive(Debug)]
pub struct TooLong;

impl Filter {
    /// Makes the filter of these rules.
    pub fn new(rules: &Rules<'_>) -> Result<Self, TooLong> {
        let mut filter = Self { code: [const { instruction(RET, 0, 0, 0) }; MOST], length: 0 };
        let trap = SeccompRet::TRAP.bits();
        filter.push(LD_W_ABS, 0, 0, ARCH)?;
        filter.push(JEQ, 1, 0, rules.audit_arch)?;
        filter.push(RET, 0, 0, trap)?;
        filter.push(LD_W_ABS, 0, 0, NUMBER)?;
        if let Some(first) = rules.foreign {
            filter.push(JGE, 0, 1, first)?;
            filter.push(RET, 0, 0, trap)?;
        }
        filter.launch(&rules.launch)?;
        filter.search(rules.allowed, 0, u32::MAX, rules.deny)?;
        Ok(filter)
    }

    /// The instructions.
    pub fn code(&mut self) -> &mut [sock_filter] {
        &mut self.code[..self.length]
    }

    fn push(&mut self, code: u16, jt: u8, jf: u8, k: u32) -> Result<usize, TooLong> {
        let place = self.length;
        *self.code.get_mut(place).ok_or(TooLong)? = instruction(code, jt, jf, k);
        self.length += 1;
        Ok(place)
    }

    /// Lets the launcher's calls through. The number is at hand before, and behind for all others.
    fn launch(&mut self, launch: &Launch) -> Result<(), TooLong> {
        const WORDS: u8 = 6;
        self.push(JEQ, 1, 0, launch.calls[0])?;
        self.push(JEQ, 0, 2 * WORDS + 2, launch.calls[1])?;
        let halves = launch.secret.into_iter().flat_map(|word| {
            let word = word as u64;
            [word as u32, (word >> 32) as u32]
        });
        for (index, half) in (0..WORDS).zip(halves) {
            // Little-endian, as all of these machines are. The three arguments stand one behind the other.
            self.push(LD_W_ABS, 0, 0, ARGUMENTS + 3 * 8 + u32::from(index) * 4)?;
            self.push(JEQ, 0, 2 * (WORDS - 1 - index) + 1, half)?;
        }
        self.push(RET, 0, 0, SeccompRet::ALLOW.bits())?;
        self.push(LD_W_ABS, 0, 0, NUMBER).map(drop)
    }

    /// Decides for a number that is known to be at least `low` and at most `high`. `allowed` are those in between, in their order.
    fn search(&mut self, allowed: &[u32], low: u32, high: u32, deny: SeccompRet) -> Result<(), TooLong> {
        let [first, ..] = *allowed else { return self.push(RET, 0, 0, deny.bits()).map(drop) };
        let last = allowed[allowed.len() - 1];
        if allowed.len() as u64 == u64::from(high - low) + 1 {
            return self.push(RET, 0, 0, SeccompRet::ALLOW.bits()).map(drop);
        }
        let border = middle(allowed).unwrap_or(if first > low { first } else { last + 1 });
        let (below, above) = allowed.split_at(allowed.partition_point(|&number| number < border));
        // Not taken, it goes on with what is below; as far as that is, a jump to what is above has to be.
        let decision = self.push(JGE, 0, 0, border)?;
        self.search(below, low, border - 1, deny)?;
        let length = self.length - decision - 1;
        if let Ok(length) = u8::try_from(length) {
            self.code[decision].jt = length;
        } else {
            // The long jump stands right behind, and what is below moves by it.
            self.push(RET, 0, 0, 0)?;
            self.code.copy_within(decision + 1..self.length - 1, decision + 2);
            self.code[decision].jf = 1;
            self.code[decision + 1] = instruction(JA, 0, 0, length as u32);
        }
        self.search(above, border, high, deny)
    }
}

const fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

/// Where to divide numbers: at the border of a run that has as many runs below as above; if there is one run alone, nowhere.
fn middle(allowed: &[u32]) -> Option<u32> {
    let begins = || allowed.windows(2).filter(|pair| pair[0] + 1 != pair[1]);
    let count = begins().count();
    begins().nth(count / 2).map(|pair| pair[1])
}
