//! The auxiliary vector, wherever it can be had: what the program has handed over, or what the kernel answers.

use crate::consts::{Mode, O};
use crate::{AT_FDCWD, Env, sys};
use core::ffi::c_char;
use core::mem::size_of_val;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// The argv of the environment that the program has handed over.
static ENV: AtomicPtr<*const c_char> = AtomicPtr::new(ptr::null_mut());

/// Keeps the environment for [`find`].
#[inline]
pub fn keep(env: Env) {
    // Relaxed: what the pointer leads to was there before the program.
    ENV.store(env.as_ptr().cast_mut(), Relaxed);
}

/// The value of a tag, if it is not 0.
#[cold]
#[inline]
pub fn find(tag: usize) -> Option<usize> {
    let argv = ENV.load(Relaxed);
    let value = if argv.is_null() {
        ask(tag)
    } else {
        // SAFETY: the pointer is an environment's.
        unsafe { Env::from_ptr(argv) }.aux(tag)
    };
    value.filter(|&value| value != 0)
}

/// The value of a tag by the kernel's copy of the vector: through prctl since Linux 6.4, in a file since ever, if /proc is there.
#[inline]
fn ask(tag: usize) -> Option<usize> {
    // The kernel has room for fewer than that (AT_VECTOR_SIZE).
    let mut vector = [[0_usize; 2]; 64];
    // SAFETY: the bytes of initialised integers, and any bytes are integers.
    let bytes =
        unsafe { core::slice::from_raw_parts_mut(vector.as_mut_ptr().cast::<u8>(), size_of_val(&vector)) };
    if sys::prctl::get_auxv(bytes).is_err() {
        let file = sys::openat(AT_FDCWD, c"/proc/self/auxv", O::RDONLY | O::CLOEXEC, Mode::empty()).ok()?;
        sys::read(&file, bytes).ok()?;
    }
    let mut entries = vector.into_iter().take_while(|&[found, _]| found != 0);
    entries.find(|&[found, _]| found == tag).map(|[_, value]| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auxv::{AT_PAGESZ, AT_SYSINFO_EHDR};

    unsafe extern "C" {
        safe fn getauxval(tag: core::ffi::c_ulong) -> core::ffi::c_ulong;
    }

    #[test]
    fn the_kernel_tells_what_libc_knows() {
        for tag in [AT_PAGESZ, AT_SYSINFO_EHDR] {
            let known = Some(getauxval(tag as _) as usize).filter(|&value| value != 0);
            assert_eq!(ask(tag), known);
            assert_eq!(find(tag), known);
        }
        assert!(find(AT_PAGESZ).is_some());
        assert_eq!(find(12345), None);
    }
}
