//! src/compat/fd.rs.

use super::*;

/// `O_LARGEFILE` where it changes anything, and `O_PATH`.
const LARGEFILE: u64 = match size_of::<usize>() {
    8 => 0,
    _ if cfg!(target_arch = "arm") => 0x2_0000,
    _ => 0x8000,
};
const PATH: u64 = 0x20_0000;

/// `struct open_how` of a seed, with these flags.
macro_rules! how {
    ($seed:expr, $flags:expr) => {
        Content::Fill { seed: $seed, size: 24, except: &[Patch { at: 0, size: 8, value: Some($flags) }] }
    };
}

fn open(flags: u64) -> Option<Errno> {
    let how = one::<uapi::open_how>(2, 0x21);
    how.flags = arg(flags);
    done(sys::openat2(fd(0x1234_5602), path(1, 0x20), how))
}

const URING_FLAGS: usize = offset_of!(uapi::io_uring_params, flags);

/// `struct io_uring_params` of a seed, with these flags.
macro_rules! params {
    ($flags:expr) => {
        Content::Fill {
            seed: 0x10,
            size: size_of::<uapi::io_uring_params>(),
            except: &[Patch { at: URING_FLAGS, size: 4, value: Some($flags) }],
        }
    };
}

fn uring(flags: u64) -> Option<Errno> {
    let params = one::<uapi::io_uring_params>(1, 0x10);
    params.flags = arg(flags);
    done(sys::io_uring_setup(arg(0x8123_4567), params))
}

const ARGS: usize = 16;

macro_rules! lseek {
    ($row:ident) => {
        answered!($row(
            uint("fd", 0x1234_5605),
            word("offset_high", 0x8172_6354),
            word("offset_low", 0xa948_5766),
            any("result", Content::Room(8)),
            uint("whence", 0x1234_5606)
        ) = 0, 3: number(0x6172_6354_a948_5768, 8))
    };
}

adapted! { FILES:
    "dup2_dup3" "sys::dup2"
        [answered!(DUP3(uint("oldfd", 0x1234_5601), uint("newfd", 0x2345_6701), int("flags", 0)) = 0x2345_6701)]
        values![], done(sys::dup2(fd(0x1234_5601), &mut kept(0x2345_6701)));
    "dup2_dup3" "sys::dup2 (forgotten)"
        [forgotten!(DUP3(uint("oldfd", 0x1234_5602), uint("newfd", 0x2345_6702), int("flags", 0)))]
        ENOSYS, done(sys::dup2(fd(0x1234_5602), &mut kept(0x2345_6702)));
    // dup3 alone takes that for an error.
    "dup2_dup3" "sys::dup2 (of itself)" []
        values![], done(sys::dup2(fd(0x1234_5603), &mut kept(0x1234_5603)));

    "epoll_create_size" "sys::epoll_create"
        [answered!(EPOLL_CREATE1(int("flags", 0)) = 0x1234_5604)]
        values![number(0x1234_5604, 4)], done(sys::epoll_create(arg(0x7123_4567)));
    "epoll_create_size" "sys::epoll_create (of nothing)" []
        EINVAL, done(sys::epoll_create(0));

    "io_uring_setup_fd" "sys::io_uring_setup"
        [answered!(IO_URING_SETUP(uint("entries", 0x8123_4567), at("params", 1, params!(0x3))) = 0x1234_5605)]
        values![number(0x1234_5605, 4)], uring(0x3);
    "io_uring_setup_fd" "sys::io_uring_setup (forgotten)"
        [forgotten!(IO_URING_SETUP(uint("entries", 0x8123_4567), at("params", 1, params!(0x100))))]
        ENOSYS, uring(0x100);
    // IORING_SETUP_NO_MMAP, IORING_SETUP_REGISTERED_FD_ONLY, IORING_SETUP_ATTACH_WQ, and what no kernel knows yet.
    "io_uring_setup_fd" "sys::io_uring_setup (of memory)" [] EINVAL, uring(1 << 14);
    "io_uring_setup_fd" "sys::io_uring_setup (of an index)" [] EINVAL, uring(1 << 15);
    "io_uring_setup_fd" "sys::io_uring_setup (of another)" [] EINVAL, uring(1 << 5);
    "io_uring_setup_fd" "sys::io_uring_setup (of the unknown)" [] EINVAL, uring(1 << 31);

    "openat2_large" "sys::openat2"
        [answered!(OPENAT2(
            int("dirfd", 0x1234_5602), string("path", 1, 0x20),
            any("how", how!(0x21, 0x8123_4500_0001_0042 | LARGEFILE)), word("size", 24)
        ) = 0x1234_5606)]
        values![number(0x1234_5606, 4)], open(0x8123_4500_0001_0042);
    "openat2_large" "sys::openat2 (of a path)"
        [forgotten!(OPENAT2(
            int("dirfd", 0x1234_5602), string("path", 1, 0x20), any("how", how!(0x21, PATH | 0x40)), word("size", 24)
        ))]
        ENOSYS, open(PATH | 0x40);

    "getxattrat_args" "sys::getxattrat"
        [answered!(GETXATTRAT(
            int("dirfd", 0x1234_5603), string("path", 1, 0x30), uint("flags", 0x8123_4568), string("name", 3, 0x31),
            any("args", Content::Pieces(&[Piece::Room(4, 8), Piece::Number(77, 4), Piece::Number(0, 4)])),
            word("size", ARGS)
        ) = 70)]
        values![number(70, WORD)],
        done(sys::getxattrat(
            fd(0x1234_5603), Some(path(1, 0x30)), arg(0x8123_4568), path(3, 0x31), list(4, 0x32, 77),
        ));
    "getxattrat_args" "sys::getxattrat (of the descriptor)"
        [forgotten!(GETXATTRAT(
            int("dirfd", 0x1234_5604), word("path", 0), uint("flags", 0x8123_4569), string("name", 3, 0x33),
            any("args", Content::Pieces(&[Piece::Room(4, 8), Piece::Number(0, 4), Piece::Number(0, 4)])),
            word("size", ARGS)
        ))]
        ENOSYS, done(sys::getxattrat(fd(0x1234_5604), None, arg(0x8123_4569), path(3, 0x33), list(4, 0x34, 0)));

    "setxattrat_args" "sys::setxattrat"
        [answered!(SETXATTRAT(
            int("dirfd", 0x1234_5605), string("path", 1, 0x40), uint("flags", 0x8123_4570), string("name", 3, 0x41),
            any("args", Content::Pieces(&[Piece::Room(4, 8), Piece::Number(55, 4), Piece::Number(0x8765_4321, 4)])),
            word("size", ARGS)
        ) = 0)]
        values![],
        done(sys::setxattrat(
            fd(0x1234_5605), Some(path(1, 0x40)), arg(0x8123_4570), path(3, 0x41), Some(list(4, 0x42, 55)), arg(0x8765_4321),
        ));
    "setxattrat_args" "sys::setxattrat (of nothing)"
        [forgotten!(SETXATTRAT(
            int("dirfd", 0x1234_5606), word("path", 0), uint("flags", 0x8123_4571), string("name", 3, 0x43),
            any("args", Content::Pieces(&[Piece::Number(0, 8), Piece::Number(0, 4), Piece::Number(0x8765_4322, 4)])),
            word("size", ARGS)
        ))]
        ENOSYS,
        done(sys::setxattrat(fd(0x1234_5606), None, arg(0x8123_4571), path(3, 0x43), None, arg(0x8765_4322)));

    "lseek_llseek2" "sys::lseek" [lseek!(_LLSEEK)]
        values![number(0x6172_6354_a948_5768, 8)],
        done(sys::lseek(fd(0x1234_5605), arg(0x8172_6354_a948_5766), arg(0x1234_5606)));
    "lseek_llseek" "sys::lseek" [lseek!(LLSEEK)]
        values![number(0x6172_6354_a948_5768, 8)],
        done(sys::lseek(fd(0x1234_5605), arg(0x8172_6354_a948_5766), arg(0x1234_5606)));
}
