//! The ways to make a call that no table lists: by number, and through another gate.

use crate::call::{Answer, Call, Kind, Step, arg, slot};
use core::hint::black_box;
#[cfg(target_arch = "x86_64")]
use ring3::arch::int80;
use ring3::{Errno, syscall};

/// A number that no ABI has given to a call, and those after it.
const UNUSED: u32 = 0x7d0;

/// A call: its name, number and kind; how it is made; and of each argument the name, type, value, bits and whether it has a sign.
macro_rules! call {
    ($name:literal $number:expr, $kind:ident, $($path:ident)::+ $(! $bang:tt)?: $($arg:literal $type:ty = $value:literal $bits:expr, $signed:literal;)*) => {
        Call {
            name: $name,
            kind: Kind::$kind,
            steps: &[Step::forgotten($number, &[$(slot($arg, $value, $bits, $signed)),*], &[])],
            answer: Answer::Error(Errno::ENOSYS),
            // SAFETY: the tracer has the kernel forget the call.
            make: || call!(@ $($path)::+ $($bang)?; black_box($number) $(, arg::<$type>($value))*).err(),
        }
    };
    (@ $($path:ident)::+; $($args:expr),*) => { unsafe { $($path)::+($($args),*) } };
    (@ $macro:ident macro; $($args:expr),*) => { unsafe { $macro!($($args),*) } };
}

#[rustfmt::skip]
pub static CALLS: &[Call] = &[
    call!("syscall!/0" UNUSED, Number, syscall! macro:),
    call!("syscall!/1" UNUSED + 1, Number, syscall! macro:
        "0" i32 = 0x1122_3344_8123_4501 32, true;
    ),
    call!("syscall!/2" UNUSED + 2, Number, syscall! macro:
        "0" u32 = 0x1122_3344_8123_4502 32, false;
        "1" i16 = 0x1122_3344_8123_9503 16, true;
    ),
    call!("syscall!/3" UNUSED + 3, Number, syscall! macro:
        "0" usize = 0x9182_7364_8123_4504 usize::BITS, false;
        "1" *const u8 = 0x9182_7364_8123_4505 usize::BITS, false;
        "2" i8 = 0x86 8, true;
    ),
    call!("syscall!/4" UNUSED + 4, Number, syscall! macro:
        "0" *mut u16 = 0x9182_7364_8123_4507 usize::BITS, false;
        "1" u8 = 0x88 8, false;
        "2" u16 = 0x8789 16, false;
        "3" isize = 0x9182_7364_8123_450a usize::BITS, true;
    ),
    call!("syscall!/5" UNUSED + 5, Number, syscall! macro:
        "0" i32 = 0x8123_450b 32, true;
        "1" u32 = 0x8123_450c 32, false;
        "2" isize = 0x9182_7364_8123_450d usize::BITS, true;
        "3" usize = 0x9182_7364_8123_450e usize::BITS, false;
        "4" i32 = 0x8123_450f 32, true;
    ),
    call!("syscall!/6" UNUSED + 6, Number, syscall! macro:
        "0" usize = 0x9182_7364_8123_4511 usize::BITS, false;
        "1" i32 = 0x8123_4512 32, true;
        "2" *mut u8 = 0x9182_7364_8123_4513 usize::BITS, false;
        "3" i16 = 0x8114 16, true;
        "4" u32 = 0x8123_4515 32, false;
        "5" isize = 0x9182_7364_8123_4516 usize::BITS, true;
    ),
    // The gate takes 32 bits of each register, whatever is above them.
    #[cfg(target_arch = "x86_64")]
    call!("int80/0" UNUSED + 7, Int80, int80::syscall0:),
    #[cfg(target_arch = "x86_64")]
    call!("int80/1" UNUSED + 8, Int80, int80::syscall1:
        "0" usize = 0x9182_7364_8123_4521 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    call!("int80/2" UNUSED + 9, Int80, int80::syscall2:
        "0" usize = 0x9182_7364_8123_4522 32, false;
        "1" usize = 0x9182_7364_8123_4523 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    call!("int80/3" UNUSED + 10, Int80, int80::syscall3:
        "0" usize = 0x9182_7364_8123_4524 32, false;
        "1" usize = 0x9182_7364_8123_4525 32, false;
        "2" usize = 0x9182_7364_8123_4526 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    call!("int80/4" UNUSED + 11, Int80, int80::syscall4:
        "0" usize = 0x9182_7364_8123_4527 32, false;
        "1" usize = 0x9182_7364_8123_4528 32, false;
        "2" usize = 0x9182_7364_8123_4529 32, false;
        "3" usize = 0x9182_7364_8123_452a 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    call!("int80/5" UNUSED + 12, Int80, int80::syscall5:
        "0" usize = 0x9182_7364_8123_452b 32, false;
        "1" usize = 0x9182_7364_8123_452c 32, false;
        "2" usize = 0x9182_7364_8123_452d 32, false;
        "3" usize = 0x9182_7364_8123_452e 32, false;
        "4" usize = 0x9182_7364_8123_452f 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    call!("int80/6" UNUSED + 13, Int80, int80::syscall6:
        "0" usize = 0x9182_7364_8123_4531 32, false;
        "1" usize = 0x9182_7364_8123_4532 32, false;
        "2" usize = 0x9182_7364_8123_4533 32, false;
        "3" usize = 0x9182_7364_8123_4534 32, false;
        "4" usize = 0x9182_7364_8123_4535 32, false;
        "5" usize = 0x9182_7364_8123_4536 32, false;
    ),
    #[cfg(target_arch = "x86_64")]
    Call {
        name: "int80 without return",
        kind: Kind::Int80Never,
        steps: &[Step::forgotten(UNUSED + 14, &[slot("0", 0x9182_7364_8123_4537, 32, false)], &[])],
        answer: Answer::Error(Errno::ENOSYS),
        // SAFETY: the tracer ends the process at the call.
        make: || unsafe { int80::syscall1_noreturn(black_box(UNUSED + 14), arg::<usize>(0x9182_7364_8123_4537)) },
    },
];
