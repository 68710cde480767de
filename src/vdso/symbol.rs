//! From a symbol's name to its address.

use super::auxiliary;
use super::image::Image;
use crate::auxv::AT_SYSINFO_EHDR;
use crate::sys;
use core::ffi::{CStr, c_void};
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// A function of a vDSO: its name, and the version of the interface that it belongs to.
///
/// Those that this module calls are constants of [`symbols`](super::symbols). Others can be looked up, too:
///
/// ```
/// use ring3::vdso::Symbol;
///
/// let symbol = Symbol { name: c"__vdso_sgx_enter_enclave", version: c"LINUX_2.6" };
/// match symbol.find() {
///     Some(address) => println!("{address:?}"),
///     None => println!("this kernel has none"),
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name, as in the manual page vdso(7).
    pub name: &'static CStr,
    /// The version; a vDSO without versions is taken to have it.
    pub version: &'static CStr,
}

impl Symbol {
    /// The address of the function, if the running kernel has given the program a vDSO with it.
    ///
    /// Nothing is remembered: each call reads the auxiliary vector and the vDSO's tables.
    #[must_use]
    #[cold]
    #[inline]
    pub fn find(self) -> Option<NonNull<c_void>> {
        let base: *const u8 = ptr::with_exposed_provenance(auxiliary::find(AT_SYSINFO_EHDR)?);
        // SAFETY: the kernel has mapped a page at least, for as long as the process lives, and nothing writes to it.
        let page = unsafe { core::slice::from_raw_parts(base, PAGE) };
        let image = Image::new(page)?;
        let offset = image.find(self.name, self.version).or_else(|| {
            // The tables nearly always lie on the first page. Where they do not, the image's word for its length is not enough.
            let length = image.len();
            let plausible = PAGE < length && length <= LARGEST;
            // By mincore, and not by msync: emulators of user programs know for this one what their program has mapped.
            if !plausible || sys::mincore(base.cast_mut().cast(), length, &mut [0; LARGEST / PAGE]).is_err() {
                return None;
            }
            // SAFETY: the kernel says that so much is mapped there.
            Image::new(unsafe { core::slice::from_raw_parts(base, length) })?.find(self.name, self.version)
        })?;
        NonNull::new(base.wrapping_add(offset).cast_mut().cast())
    }
}

/// The least size of a page.
pub const PAGE: usize = 4096;
/// No vDSO is as large as that: most have two pages.
const LARGEST: usize = 1 << 20;

/// The address of a function, once it was looked up. All who look it up at once find the same, so nobody has to wait.
pub struct Entry {
    symbol: Option<Symbol>,
    address: AtomicPtr<c_void>,
}

/// In the place of an address: there is none.
const MISSING: *mut c_void = ptr::without_provenance_mut(1);

impl Entry {
    pub const fn new(symbol: Option<Symbol>) -> Self {
        Self { symbol, address: AtomicPtr::new(ptr::null_mut()) }
    }

    /// The function's address, if the vDSO has it.
    #[inline(always)]
    pub fn get(&self) -> Option<NonNull<c_void>> {
        // Relaxed: what the pointer leads to was there before the program.
        let address = self.address.load(Relaxed);
        if address > MISSING {
            // SAFETY: greater than another pointer.
            return Some(unsafe { NonNull::new_unchecked(address) });
        }
        self.resolve(address)
    }

    #[cold]
    #[inline]
    fn resolve(&self, address: *mut c_void) -> Option<NonNull<c_void>> {
        if address == MISSING {
            return None;
        }
        let found = self.symbol.and_then(Symbol::find);
        self.address.store(found.map_or(MISSING, NonNull::as_ptr), Relaxed);
        found
    }
}
