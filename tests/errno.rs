//! Error numbers: the public face of `Errno`, and its constants against libc's.

use ring3::{Errno, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
};

/// Every constant of `Errno` and its number, aliases included.
fn constants() -> Vec<(&'static str, u16)> {
    // What the crate itself includes. No call lists the constants: a program has no use for that.
    include_str!(concat!(env!("OUT_DIR"), "/errno.rs"))
        .lines()
        .filter_map(|line| {
            let (name, value) =
                line.trim().strip_prefix("pub const ")?.split_once(": Self = Self(NonZeroU16::new(")?;
            Some((name, value.split_once(')')?.0.parse().ok()?))
        })
        .collect()
}

#[test]
fn numbers_are_1_to_4095() {
    assert_eq!(Errno::new(0), None);
    assert_eq!(Errno::new(1), Some(Errno::EPERM));
    assert_eq!(Errno::new(4095).map(Errno::number), Some(Errno::MAX));
    assert_eq!(Errno::new(4096), None);
    assert_eq!(Errno::new(u16::MAX), None);
}

#[test]
fn an_error_says_what_it_is() {
    assert_eq!(Errno::ENOENT.number(), 2);
    assert_eq!(Errno::ENOENT.name(), Some("ENOENT"));
    assert_eq!(format!("{:?}", Errno::ENOENT), "ENOENT");
    assert_eq!(Some(Errno::ENOENT.to_string().as_str()), Errno::ENOENT.description());
    assert_eq!(Errno::EWOULDBLOCK.name(), Some("EAGAIN"));
}

#[test]
fn a_number_without_a_name_is_kept() {
    let unknown = Errno::new(4000).unwrap();
    assert_eq!((unknown.name(), unknown.description()), (None, None));
    assert_eq!(format!("{unknown:?} {unknown}"), "Errno(4000) error 4000");
}

#[test]
fn a_result_is_two_bytes() {
    assert_eq!(size_of::<Errno>(), 2);
    assert_eq!(size_of::<Option<Errno>>(), 2);
    assert_eq!(size_of::<Result<()>>(), 2);
}

#[test]
fn it_is_an_error_of_rust() {
    fn open() -> core::result::Result<(), Box<dyn Error + Send + Sync>> {
        Err(Errno::ENOENT)?;
        Ok(())
    }
    let error = open().unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Errno::ENOENT));
    assert!(error.source().is_none());
}

#[test]
fn each_number_has_one_name_and_each_text_is_its_own() {
    let constants = constants();
    assert!(constants.len() > 130, "{constants:?}");
    let unique: BTreeSet<_> = constants.iter().map(|(name, _)| name).collect();
    assert_eq!(unique.len(), constants.len());

    let named: BTreeMap<_, _> = (1..=Errno::MAX)
        .filter_map(|number| Errno::new(number).unwrap().name().map(|name| (name, number)))
        .collect();
    for (name, number) in &named {
        assert!(constants.contains(&(*name, *number)), "{name} is no constant of number {number}");
    }
    let numbers: BTreeSet<_> = constants.iter().map(|&(_, number)| number).collect();
    assert_eq!(named.len(), numbers.len(), "a constant without a name, or a name of two numbers");
    // A constant whose number bears another name is an alias; there are few, and nothing else may look like one.
    let aliases: BTreeSet<_> =
        constants.iter().map(|&(name, _)| name).filter(|name| !named.contains_key(name)).collect();
    let known = BTreeSet::from(["EWOULDBLOCK", "EDEADLOCK", "EFSBADCRC", "EFSCORRUPTED", "ENOTSUP"]);
    assert!(aliases.is_subset(&known), "{aliases:?}");

    let texts: BTreeSet<_> =
        named.values().filter_map(|&number| Errno::new(number).unwrap().description()).collect();
    assert_eq!(texts.len(), named.len(), "two errors have the same text");
}

macro_rules! libc {
    ($($name:ident)*) => { [$((stringify!($name), libc::$name)),*] };
}

/// Names that libc does not have.
const RING3_ONLY: [&str; 3] = ["EFSBADCRC", "EFSCORRUPTED", "EFTYPE"];

/// Names of the C library's own: other names of numbers that the kernel calls otherwise.
const LIBC_ONLY: [&str; 1] = ["ENOTSUP"];

#[test]
fn libc_has_the_same_numbers() {
    let constants = BTreeMap::from_iter(constants());
    let libc = BTreeMap::from(LIBC);
    for (name, number) in &constants {
        match libc.get(name) {
            Some(other) => assert_eq!(i32::from(*number), *other, "{name}"),
            None => assert!(RING3_ONLY.contains(name), "{name} is not in the list to compare with libc"),
        }
    }
    for name in libc.keys() {
        assert!(constants.contains_key(name) || LIBC_ONLY.contains(name), "ring3 lacks {name}");
    }
}

#[rustfmt::skip]
const LIBC: [(&str, i32); 134] = libc! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
    ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
    ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
    EWOULDBLOCK ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR
    EXFULL ENOANO EBADRQC EBADSLT EDEADLOCK EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE
    ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG
    ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ
    EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT
    EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET
    ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH
    EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM
    EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE
    ERFKILL EHWPOISON
    ENOTSUP
};
