//! Sets of signals, as the kernel has them.

use super::{SigSet, place};
use crate::{Result, consts::Sig};
use core::{ffi::c_ulong, fmt};

const BITS: usize = c_ulong::BITS as usize;

impl SigSet {
    /// No signal.
    #[must_use]
    #[inline]
    pub const fn empty() -> Self {
        Self { sig: [0; _] }
    }

    /// Every signal.
    #[must_use]
    #[inline]
    pub const fn full() -> Self {
        Self { sig: [c_ulong::MAX; _] }
    }

    /// These signals.
    ///
    /// # Errors
    ///
    /// [`EINVAL`](crate::Errno::EINVAL) if one of them is no signal.
    ///
    /// ```
    /// use ring3::{Errno, consts::Sig, signal::SigSet};
    ///
    /// let set = SigSet::of(&[Sig::INT, Sig::TERM])?;
    /// assert!(set.contains(Sig::INT) && !set.contains(Sig::HUP));
    /// assert_eq!(SigSet::of(&[Sig::new(0)]).err(), Some(Errno::EINVAL));
    /// assert_eq!(SigSet::of(&[Sig::new(65)]).err(), Some(Errno::EINVAL));
    /// # Ok::<(), Errno>(())
    /// ```
    #[inline]
    pub const fn of(signals: &[Sig]) -> Result<Self> {
        let mut set = Self::empty();
        let mut at = 0;
        while at < signals.len() {
            if let Err(error) = set.insert(signals[at]) {
                return Err(error);
            }
            at += 1;
        }
        Ok(set)
    }

    /// Adds a signal.
    ///
    /// # Errors
    ///
    /// [`EINVAL`](crate::Errno::EINVAL) if it is no signal.
    #[inline]
    pub const fn insert(&mut self, sig: Sig) -> Result<()> {
        match place(sig) {
            Ok(place) => {
                self.sig[place / BITS] |= 1 << (place % BITS);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a signal out.
    ///
    /// # Errors
    ///
    /// [`EINVAL`](crate::Errno::EINVAL) if it is no signal.
    #[inline]
    pub const fn remove(&mut self, sig: Sig) -> Result<()> {
        match place(sig) {
            Ok(place) => {
                self.sig[place / BITS] &= !(1 << (place % BITS));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the signal is in the set. What is no signal is in none.
    #[must_use]
    #[inline]
    pub const fn contains(&self, sig: Sig) -> bool {
        match place(sig) {
            Ok(place) => self.sig[place / BITS] >> (place % BITS) & 1 == 1,
            Err(_) => false,
        }
    }
}

impl Default for SigSet {
    #[inline]
    fn default() -> Self {
        Self::empty()
    }
}

impl PartialEq for SigSet {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.sig == other.sig
    }
}

impl Eq for SigSet {}

impl fmt::Debug for SigSet {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = (1..=8 * size_of::<Self>() as i32).map(Sig::new);
        f.debug_set().entries(all.filter(|&sig| self.contains(sig))).finish()
    }
}
