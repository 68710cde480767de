//! Lists of strings, as a new program gets them.

use core::{
    ffi::{CStr, c_char},
    marker::PhantomData,
    ptr,
};

/// A string of a list, or the null that ends the list: a pointer.
///
/// (`Option<&CStr>` has a length beside it.)
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct CStrPtr<'a> {
    pointer: *const c_char,
    string: PhantomData<&'a CStr>,
}

impl<'a> CStrPtr<'a> {
    /// What ends a list.
    pub const END: Self = Self { pointer: ptr::null(), string: PhantomData };

    /// A string.
    #[must_use]
    #[inline]
    pub const fn new(string: &'a CStr) -> Self {
        Self { pointer: string.as_ptr(), string: PhantomData }
    }
}

impl<'a> From<&'a CStr> for CStrPtr<'a> {
    #[inline]
    fn from(string: &'a CStr) -> Self {
        Self::new(string)
    }
}

/// A list of strings with a null at its end, for `execve`.
///
/// ```
/// use ring3::{CStrPtr, CStrs};
///
/// let list = [CStrPtr::new(c"ls"), CStrPtr::new(c"-l"), CStrPtr::END];
/// assert!(CStrs::new(&list).is_some());
/// assert!(CStrs::new(&list[..2]).is_none());
/// ```
#[derive(Clone, Copy)]
pub struct CStrs<'a>(&'a [CStrPtr<'a>]);

impl<'a> CStrs<'a> {
    /// No string at all.
    pub const EMPTY: CStrs<'static> = CStrs(&[CStrPtr::END]);

    /// The strings up to the first end, if there is one.
    #[must_use]
    #[inline]
    pub const fn new(list: &'a [CStrPtr<'a>]) -> Option<Self> {
        match list.last() {
            Some(last) if last.pointer.is_null() => Some(Self(list)),
            _ => None,
        }
    }

    /// The list that begins here.
    ///
    /// # Safety
    ///
    /// Strings follow, and a null; all of them live for `'a`.
    #[inline]
    pub(crate) const unsafe fn from_ptr(list: *const CStrPtr<'a>) -> Self {
        let mut count = 0;
        // SAFETY: the caller's promise: the null has not been passed.
        while !unsafe { (*list.add(count)).pointer.is_null() } {
            count += 1;
        }
        // SAFETY: as above; the null is part of the list.
        Self(unsafe { core::slice::from_raw_parts(list, count + 1) })
    }

    /// Whether there is no string before the first end.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0[0].pointer.is_null()
    }

    /// Where the list begins: for [`raw`](crate::raw), and for [`syscall!`](crate::syscall!).
    #[must_use]
    #[inline]
    pub const fn as_ptr(&self) -> *const *const c_char {
        self.0.as_ptr().cast()
    }
}
