//! What the kernel gives a program to start with: arguments, environment, auxiliary vector.

use crate::strings::{CStrPtr, CStrs};
use core::ffi::{CStr, c_char};
use core::fmt;

/// The arguments, the environment and the auxiliary vector of the program.
///
/// The kernel has put them at the top of the initial stack, where they stay as long as the program runs: whatever is found
/// here is `'static`. An `Env` is one pointer; a program whose `main` does not ask for it pays nothing.
///
/// ```no_run
/// #![cfg_attr(panic = "abort", no_std)]
/// #![no_main]
///
/// fn main(env: ring3::Env) -> u8 {
///     env.args().count() as u8
/// }
///
/// ring3::entry!(main);
/// ```
///
/// Layout: the processor's supplement to the System V ABI, "Process Initialization";
/// `create_elf_tables` in the kernel's `fs/binfmt_elf.c`.
#[derive(Clone, Copy)]
pub struct Env {
    /// The first element of argv.
    argv: *const *const c_char,
}

// SAFETY: nothing writes to what an `Env` leads to, whatever thread reads it.
unsafe impl Send for Env {}
// SAFETY: as above.
unsafe impl Sync for Env {}

impl Env {
    /// The environment that starts at the program's initial stack pointer, where argc lies.
    ///
    /// # Safety
    ///
    /// `stack` must be what the kernel entered the program with. argc itself is not read.
    #[inline(always)]
    pub(super) const unsafe fn from_stack(stack: *const usize) -> Self {
        Self { argv: stack.wrapping_add(1).cast() }
    }

    /// The environment whose argv begins here.
    ///
    /// # Safety
    ///
    /// [`Env::as_ptr`] must have given the pointer.
    #[cfg(feature = "runtime")]
    #[inline]
    pub(crate) const unsafe fn from_ptr(argv: *const *const c_char) -> Self {
        Self { argv }
    }

    /// Where argv begins.
    #[cfg(feature = "runtime")]
    #[inline]
    pub(crate) const fn as_ptr(self) -> *const *const c_char {
        self.argv
    }

    /// The arguments. The first is, by custom, the name that the program was called by; there may be none.
    #[must_use]
    #[inline]
    pub const fn args(self) -> Args {
        Args(Strings { next: self.argv })
    }

    /// The environment's entries, as they are: `NAME=value` by custom alone.
    #[must_use]
    #[inline]
    pub fn vars(self) -> Vars {
        Vars(Strings { next: after_null(self.argv) })
    }

    /// The value of an environment variable: the first entry that is `name`, `=`, value.
    ///
    /// ```no_run
    /// # fn f(env: ring3::Env) {
    /// let path = env.var("PATH").unwrap_or(c"/usr/bin:/bin");
    /// # }
    /// ```
    ///
    /// [getenv(3)](https://man7.org/linux/man-pages/man3/getenv.3.html)
    #[must_use]
    pub fn var(self, name: impl AsRef<[u8]>) -> Option<&'static CStr> {
        let name = name.as_ref();
        self.vars().find_map(|entry| {
            let value = entry.to_bytes_with_nul().strip_prefix(name)?.strip_prefix(b"=")?;
            // SAFETY: what remains of an entry ends in its null, and has no other.
            Some(unsafe { CStr::from_bytes_with_nul_unchecked(value) })
        })
    }

    /// The value of a tag of the auxiliary vector, if the kernel gave it. The usual ones have methods of their own: see
    /// [`auxv`](crate::auxv).
    ///
    /// ```no_run
    /// use ring3::auxv::AT_CLKTCK;
    ///
    /// # fn f(env: ring3::Env) {
    /// let ticks = env.aux(AT_CLKTCK).unwrap_or(100);
    /// # }
    /// ```
    ///
    /// [getauxval(3)](https://man7.org/linux/man-pages/man3/getauxval.3.html)
    #[must_use]
    #[inline]
    pub fn aux(self, tag: usize) -> Option<usize> {
        let mut entry: *const [usize; 2] = after_null(after_null(self.argv)).cast();
        loop {
            // SAFETY: the vector follows the environment's null and ends in an entry of tag 0.
            match unsafe { *entry } {
                [found, value] if found == tag => return Some(value),
                [0, _] => return None,
                _ => entry = entry.wrapping_add(1),
            }
        }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("args", &self.args()).field("vars", &self.vars()).finish()
    }
}

/// The address behind the null that ends a vector of strings.
#[inline(always)]
fn after_null(mut next: *const *const c_char) -> *const *const c_char {
    // SAFETY: `Env::from_stack`'s promise: argv and envp end in a null, and something follows each.
    while !unsafe { *next }.is_null() {
        next = next.wrapping_add(1);
    }
    next.wrapping_add(1)
}

/// The walk along one of the two vectors.
#[derive(Clone)]
struct Strings {
    next: *const *const c_char,
}

impl Strings {
    /// What is left, up to the vector's null.
    #[inline]
    const fn list(&self) -> CStrs<'static> {
        // SAFETY: the strings lie one behind the other, end in a null, and live as long as the program.
        unsafe { CStrs::from_ptr(self.next.cast::<CStrPtr<'static>>()) }
    }
}

impl Iterator for Strings {
    type Item = &'static CStr;

    #[inline]
    fn next(&mut self) -> Option<&'static CStr> {
        // SAFETY: `next` has not passed the vector's null.
        let string = unsafe { *self.next };
        if string.is_null() {
            return None;
        }
        self.next = self.next.wrapping_add(1);
        // SAFETY: the kernel ends each string in a null (`copy_strings` in fs/exec.c), and none moves or goes away.
        Some(unsafe { CStr::from_ptr(string) })
    }
}

macro_rules! strings {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Strings);

        // SAFETY: nothing writes to what the iterator leads to, whatever thread reads it.
        unsafe impl Send for $name {}
        // SAFETY: as above.
        unsafe impl Sync for $name {}

        impl $name {
            /// The strings that are left, as `execve` takes them.
            ///
            /// ```no_run
            /// # fn f(env: ring3::Env) {
            /// let mut args = env.args();
            /// let _ = args.next();
            /// if let Some(program) = args.clone().next() {
            ///     let error = ring3::sys::execve(program, args.list(), env.vars().list());
            /// }
            /// # }
            /// ```
            #[must_use]
            #[inline]
            pub const fn list(&self) -> CStrs<'static> {
                self.0.list()
            }
        }

        impl Iterator for $name {
            type Item = &'static CStr;

            #[inline]
            fn next(&mut self) -> Option<&'static CStr> {
                self.0.next()
            }
        }

        impl core::iter::FusedIterator for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.clone()).finish()
            }
        }
    };
}

strings! {
    /// The arguments that are left: see [`Env::args`].
    Args
}

strings! {
    /// The entries of the environment that are left: see [`Env::vars`].
    Vars
}
