//! The memory functions against naive ones: every length to 300, alignments, overlaps, and nothing written beyond.

use ring3::rt::mem::{memcmp, memcpy, memmove, memset, strlen, words};

const ROOM: usize = 512;

fn pattern() -> [u8; ROOM] {
    core::array::from_fn(|i| (i * 167 + i / 7) as u8)
}

#[test]
fn memcpy_copies() {
    let source = pattern();
    for length in 0..=300 {
        for (from, to) in [(0, 0), (1, 0), (0, 1), (3, 5), (8, 8), (15, 64), (64, 15)] {
            let mut expected = [0xaa; ROOM];
            expected[to..to + length].copy_from_slice(&source[from..from + length]);
            let mut room = [0xaa; ROOM];
            let dest = room[to..].as_mut_ptr();
            // SAFETY: both arrays have the room, and they are two.
            let result = unsafe { memcpy(dest, source[from..].as_ptr(), length) };
            assert!(result == dest && room == expected, "{length} bytes from {from} to {to}");

            for copy in [
                words::forward::<false>,
                words::backward::<false>,
                words::forward::<true>,
                words::backward::<true>,
            ] {
                let mut room = [0xaa; ROOM];
                // SAFETY: as above.
                unsafe { copy(room[to..].as_mut_ptr(), source[from..].as_ptr(), length) };
                assert!(room == expected, "{length} bytes from {from} to {to}");
            }
        }
    }
}

#[test]
fn memmove_copies_what_overlaps() {
    for length in 0..=300 {
        for (from, to) in
            [(0, 0), (0, 1), (1, 0), (7, 8), (8, 7), (0, 8), (8, 0), (0, 200), (200, 0), (3, 150), (150, 3)]
        {
            let mut expected = pattern();
            expected.copy_within(from..from + length, to);
            for copy in if to <= from {
                [words::forward::<false>, words::forward::<true>]
            } else {
                [words::backward::<false>, words::backward::<true>]
            } {
                let mut room = pattern();
                let start = room.as_mut_ptr();
                // SAFETY: the array has the room for both.
                unsafe { copy(start.add(to), start.add(from), length) };
                assert!(room == expected, "{length} bytes from {from} to {to}");
            }

            let mut room = pattern();
            let start = room.as_mut_ptr();
            // SAFETY: the array has the room for both.
            let result = unsafe { memmove(start.add(to), start.add(from), length) };
            assert!(
                result == start.wrapping_add(to) && room == expected,
                "{length} bytes from {from} to {to}"
            );
        }
    }
}

#[test]
fn memset_fills() {
    for length in 0..=300 {
        for to in [0, 1, 3, 8, 15] {
            for byte in [0, 0x5a, -1, 0x1234] {
                let mut expected = pattern();
                expected[to..to + length].fill(byte as u8);
                let mut room = pattern();
                let dest = room[to..].as_mut_ptr();
                // SAFETY: the array has the room.
                let result = unsafe { memset(dest, byte, length) };
                assert!(result == dest && room == expected, "{length} bytes at {to}");

                for fill in [words::fill::<false>, words::fill::<true>] {
                    let mut room = pattern();
                    // SAFETY: as above.
                    unsafe { fill(room[to..].as_mut_ptr(), byte as u8, length) };
                    assert!(room == expected, "{length} bytes at {to}");
                }
            }
        }
    }
}

#[test]
fn memcmp_compares() {
    let first = pattern();
    for length in 0..=300 {
        for (from, to) in [(0, 0), (1, 1), (3, 3), (0, 1), (9, 2)] {
            let mut second = [0; ROOM];
            second[to..to + length].copy_from_slice(&first[from..from + length]);
            // SAFETY: both arrays have the bytes.
            let compare = |second: &[u8; ROOM]| unsafe {
                memcmp(first[from..].as_ptr(), second[to..].as_ptr(), length)
            };
            assert_eq!(compare(&second), 0);
            for at in [0, length / 2, length.saturating_sub(1)] {
                if at < length {
                    for other in [first[from + at].wrapping_add(1), first[from + at] ^ 0x80] {
                        let mut second = second;
                        second[to + at] = other;
                        assert_eq!(compare(&second).signum(), if first[from + at] < other { -1 } else { 1 });
                    }
                }
            }
        }
    }
}

#[test]
fn strlen_counts() {
    for length in 0..=300 {
        for from in 0..9 {
            let mut room = [b'x'; ROOM];
            room[from + length] = 0;
            // SAFETY: there is a null.
            assert_eq!(unsafe { strlen(room[from..].as_ptr().cast()) }, length);
        }
    }
}
