//! Landlock: which files a program can open.

use crate::options::Place;
use core::{ffi::CStr, mem::zeroed};
use ring3::{
    AT_FDCWD, Errno, OwnedFd, Result,
    consts::{LandlockAccessFs as Access, LandlockAddRule, Mode, O},
    eprintln, sys,
    uapi::landlock_ruleset_attr,
};

/// What a version of the interface has more than the one before (Documentation/userspace-api/landlock.rst).
const SINCE: [(usize, Access); 3] = [(2, Access::REFER), (3, Access::TRUNCATE), (5, Access::IOCTL_DEV)];

/// What the first version has: the least thirteen bits.
const FIRST: Access = Access::from_bits_retain((1 << 13) - 1);
const READ: Access = Access::EXECUTE.union(Access::READ_FILE).union(Access::READ_DIR);
/// What can be said of a file that is no directory.
const OF_FILES: Access = Access::EXECUTE
    .union(Access::WRITE_FILE)
    .union(Access::READ_FILE)
    .union(Access::TRUNCATE)
    .union(Access::IOCTL_DEV);

/// Makes the rules: nothing but what these places allow, as far as the kernel's version knows of it. What is wrong has been said.
pub fn rules(places: &[Place]) -> Option<OwnedFd> {
    let version = match sys::landlock_create_ruleset::version() {
        Ok(version) => version,
        Err(Errno::ENOSYS | Errno::EOPNOTSUPP) => {
            eprintln!(
                "sandbox: --ro and --rw need Landlock, which this kernel does not have or has switched off"
            );
            return None;
        }
        Err(error) => return said(c"Landlock", error),
    };
    let newer = SINCE.iter().filter(|&&(since, _)| version >= since);
    let all = newer.fold(FIRST, |all, &(_, access)| all | access);
    // SAFETY: zeros handle nothing.
    let mut rules: landlock_ruleset_attr = unsafe { zeroed() };
    rules.handled_access_fs = all.bits();
    let rules = match sys::landlock_create_ruleset(&rules) {
        Ok(rules) => rules,
        Err(error) => return said(c"Landlock", error),
    };
    for place in places {
        if let Err(error) = add(&rules, place, all) {
            return said(place.path, error);
        }
    }
    Some(rules)
}

fn add(rules: &OwnedFd, place: &Place, all: Access) -> Result<()> {
    let file = sys::openat(AT_FDCWD, place.path, O::PATH | O::CLOEXEC, Mode::empty())?;
    let wanted = if place.write { all } else { READ };
    let is_directory = sys::fstat(&file)?.st_mode & Mode::IFMT == Mode::IFDIR;
    let allowed = if is_directory { wanted } else { wanted & OF_FILES };
    let rule = sys::landlock_path_beneath_attr::new(allowed, &file);
    sys::landlock_add_rule::path_beneath(rules, &rule, LandlockAddRule::empty())
}

fn said<T>(what: &CStr, error: Errno) -> Option<T> {
    eprintln!("sandbox: {}: {error}", what.to_bytes().escape_ascii());
    None
}
