//! Panics: the message and the place go to standard error, and the program exits with 101, as std's programs do. Or the program
//! aborts, and there is no text in it.

use crate::{STDERR, io};
use core::panic::PanicInfo;

/// Reports a panic and ends the program.
#[cold]
#[inline]
pub fn panic(info: &PanicInfo<'_>) -> ! {
    // Nothing is left to report a failure to.
    let _ = io::print(STDERR, format_args!("{info}\n"));
    super::exit(101)
}

/// Ends the program by SIGABRT, as abort(3) does, without a word.
#[cold]
#[inline]
pub fn abort() -> ! {
    const SIGABRT: i32 = 6;
    // SAFETY: a signal of the program to itself. Where it is blocked, ignored or handled, the exit code says what a shell does.
    unsafe {
        if let Ok(thread) = crate::raw::gettid() {
            let _ = crate::raw::tkill(thread as i32, SIGABRT);
        }
    }
    super::exit(128 + SIGABRT)
}

/// Defines the panic handler that `entry!` was asked for.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_panic {
    (message) => {
        #[panic_handler]
        fn __ring3_panic(info: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::rt::panic::panic(info)
        }
    };
    (abort) => {
        #[panic_handler]
        fn __ring3_panic(_: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::rt::panic::abort()
        }
    };
}
