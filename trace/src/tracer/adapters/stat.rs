//! src/compat/stat.rs: two structs of the kernel, and what becomes of their members.

use super::*;

/// What a member of a struct is in memory.
const fn member<T, F>(at: usize, _: fn(&T) -> &F, value: u64) -> Patch {
    Patch { at, size: size_of::<F>(), value: Some(value) }
}

/// A struct of a seed with these members.
macro_rules! members {
    ($struct:ty: $($first:ident $(. $rest:ident)* = $value:expr),* $(,)?) => {
        Content::Fill {
            seed: 0x50,
            size: size_of::<$struct>(),
            except: &[$(member(offset_of!($struct, $first $(. $rest)*), |of: &$struct| &of.$first $(. $rest)*, $value)),*],
        }
    };
}

/// `STATX_BASIC_STATS`
const BASIC: u32 = 0x7ff;
const NOFOLLOW: u32 = 0x100;
const EMPTY: u32 = 0x1000;

/// A number of a member, and what `Stat` has of it: a device of more than 8 bits in both its parts.
const MAJOR: u64 = 0xabc;
const MINOR: u64 = 0xd_ef12;
/// As the kernel encodes it in 32 bits, include/linux/kdev_t.h.
const DEVICE: u64 = (MINOR & 0xff) | MAJOR << 8 | (MINOR & !0xff) << 12;

macro_rules! statx {
    ($dirfd:expr, $path:expr, $flags:expr) => {
        answered!(STATX(
            int("dirfd", $dirfd), $path, uint("flags", $flags), uint("mask", BASIC),
            any("buffer", Content::Room(256))
        ) = 0, 4: members! { uapi::statx:
            stx_blksize = 0x8123_4501, stx_nlink = 0x8123_4502, stx_uid = 0x8123_4503, stx_gid = 0x8123_4504,
            stx_mode = 0x8105, stx_ino = 0x8123_4506_0000_0001, stx_size = 0x8123_4507_0000_0001,
            stx_blocks = 0x8123_4508_0000_0001, stx_atime.tv_sec = 0x8123_4509_0000_0001, stx_atime.tv_nsec = 0x3123_4510,
            stx_mtime.tv_sec = 0x8123_4511_0000_0001, stx_mtime.tv_nsec = 0x3123_4512,
            stx_ctime.tv_sec = 0x8123_4513_0000_0001, stx_ctime.tv_nsec = 0x3123_4514,
            stx_rdev_major = MAJOR, stx_rdev_minor = MINOR, stx_dev_major = MAJOR + 1, stx_dev_minor = MINOR,
        })
    };
}

/// What `Stat` must have of what was answered: so many links, and blocks of such a size.
macro_rules! of_answer {
    ($links:literal, $block:literal) => {
        values![Content::Pieces(&[
            Piece::Number(DEVICE + 0x100, 4),
            Piece::Number(0x8123_4506_0000_0001, 8),
            Piece::Number(0x8105, 2),
            Piece::Number($links, 8),
            Piece::Number(0x8123_4503, 4),
            Piece::Number(0x8123_4504, 4),
            Piece::Number(DEVICE, 4),
            Piece::Number(0x8123_4507_0000_0001, 8),
            Piece::Number($block, 8),
            Piece::Number(0x8123_4508_0000_0001, 8),
            Piece::Number(0x8123_4509_0000_0001, 8),
            Piece::Number(0x3123_4510, 8),
            Piece::Number(0x8123_4511_0000_0001, 8),
            Piece::Number(0x3123_4512, 8),
            Piece::Number(0x8123_4513_0000_0001, 8),
            Piece::Number(0x3123_4514, 8)
        ])]
    };
}

/// A call of a 64-bit ABI that fills its own `struct stat`, which the register `$register` leads to.
macro_rules! native {
    ($row:ident($($slot:expr),*), $register:literal) => {
        answered!($row($($slot),*) = 0, $register: members! { uapi::stat:
            st_dev = DEVICE + 0x100, st_ino = 0x8123_4506_0000_0001, st_mode = 0x8105, st_nlink = 0x7123_4502,
            st_uid = 0x8123_4503, st_gid = 0x8123_4504, st_rdev = DEVICE, st_size = 0x8123_4507_0000_0001,
            st_blksize = 0x7123_4501, st_blocks = 0x8123_4508_0000_0001, st_atime = 0x8123_4509_0000_0001,
            st_atime_nsec = 0x3123_4510, st_mtime = 0x8123_4511_0000_0001, st_mtime_nsec = 0x3123_4512,
            st_ctime = 0x8123_4513_0000_0001, st_ctime_nsec = 0x3123_4514,
        })
    };
}

const BUFFER: Slot = any("statbuf", Content::Room(size_of::<uapi::stat>()));

/// Tells all members, in the struct's order.
fn done(result: Result<sys::Stat>) -> Option<Errno> {
    let stat = match result {
        Ok(stat) => stat,
        Err(error) => return Some(error),
    };
    tell(stat.st_dev);
    tell(stat.st_ino);
    tell(stat.st_mode);
    tell(stat.st_nlink);
    tell(stat.st_uid);
    tell(stat.st_gid);
    tell(stat.st_rdev);
    tell(stat.st_size);
    tell(stat.st_blksize);
    tell(stat.st_blocks);
    for time in [stat.st_atim, stat.st_mtim, stat.st_ctim] {
        tell(time.tv_sec);
        tell(time.tv_nsec);
    }
    None
}

/// The empty string.
const NO_PATH: Slot = any("path", number(0, 1));

adapted! { STAT:
    "fstat_statx" "sys::fstat" [statx!(0x1234_5601, NO_PATH, EMPTY)] of_answer!(0x8123_4502, 0x8123_4501), done(sys::fstat(fd(0x1234_5601)));
    "stat_statx" "sys::stat" [statx!(CWD, string("path", 0, 0x51), 0)] of_answer!(0x8123_4502, 0x8123_4501), done(sys::stat(path(0, 0x51)));
    "lstat_statx" "sys::lstat" [statx!(CWD, string("path", 0, 0x52), NOFOLLOW)]
        of_answer!(0x8123_4502, 0x8123_4501), done(sys::lstat(path(0, 0x52)));
    "fstatat_statx" "sys::newfstatat" [statx!(0x1234_5602, string("path", 1, 0x53), 0x8123_4567)]
        of_answer!(0x8123_4502, 0x8123_4501), done(sys::newfstatat(fd(0x1234_5602), path(1, 0x53), arg(0x8123_4567)));
    "fstatat_statx" "sys::newfstatat (forgotten)"
        [forgotten!(STATX(
            int("dirfd", 0x1234_5603), string("path", 1, 0x54), uint("flags", 0), uint("mask", BASIC),
            any("buffer", Content::Room(256))
        ))]
        ENOSYS, done(sys::newfstatat(fd(0x1234_5603), path(1, 0x54), consts::At::empty()));

    "fstat_fstat" "sys::fstat" [native!(FSTAT(uint("fd", 0x1234_5604), BUFFER), 1)]
        of_answer!(0x7123_4502, 0x7123_4501), done(sys::fstat(fd(0x1234_5604)));
    "stat_stat" "sys::stat" [native!(STAT(string("path", 0, 0x55), BUFFER), 1)] of_answer!(0x7123_4502, 0x7123_4501), done(sys::stat(path(0, 0x55)));
    "stat_stat" "sys::stat (forgotten)" [forgotten!(STAT(string("path", 0, 0x56), BUFFER))]
        ENOSYS, done(sys::stat(path(0, 0x56)));
    "lstat_lstat" "sys::lstat" [native!(LSTAT(string("path", 0, 0x57), BUFFER), 1)]
        of_answer!(0x7123_4502, 0x7123_4501), done(sys::lstat(path(0, 0x57)));
    "fstatat_newfstatat" "sys::newfstatat"
        [native!(NEWFSTATAT(int("dirfd", 0x1234_5605), string("path", 1, 0x58), BUFFER, int("flags", 0x8123_4568_u32.cast_signed())), 2)]
        of_answer!(0x7123_4502, 0x7123_4501), done(sys::newfstatat(fd(0x1234_5605), path(1, 0x58), arg(0x8123_4568)));
    "stat_newfstatat" "sys::stat"
        [native!(NEWFSTATAT(int("dirfd", CWD), string("path", 0, 0x59), BUFFER, int("flags", 0)), 2)]
        of_answer!(0x7123_4502, 0x7123_4501), done(sys::stat(path(0, 0x59)));
    "lstat_newfstatat" "sys::lstat"
        [native!(NEWFSTATAT(int("dirfd", CWD), string("path", 0, 0x5a), BUFFER, int("flags", NOFOLLOW as i32)), 2)]
        of_answer!(0x7123_4502, 0x7123_4501), done(sys::lstat(path(0, 0x5a)));
}
