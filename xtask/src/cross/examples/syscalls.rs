//! syscalls: what it prints is the same on every machine, but for the machine's own ABI.

use super::{End, Examples};

const OPENAT: &str = "long openat(int dfd, const char *filename, int flags, umode_t mode)
  ABI             NUMBER  SINCE   NUMBER IN  ARGUMENTS
  x86_64             257  2.6.16  rax        dfd rdi, filename rsi, flags rdx, mode r10
";
const PREAD64: &str = "\
180\tpread64\tsys_pread64\t4\tlong pread64(unsigned int fd, char *buf, size_t count, loff_t pos)\tarm\n";

pub fn check(examples: &mut Examples) {
    let abi = examples.suite.target.abi.to_owned();
    let mut ends = |arguments: &[&str], code, stdout: &str, stderr: &str| {
        examples.ends("syscalls", arguments, &End { code, stdout, stderr });
    };
    ends(&["0x101", "--abi", "x86_64"], 0, OPENAT, "");
    ends(&["--tsv", "pread64", "--abi", "arm"], 0, PREAD64, "");
    let nearest = "syscalls: no call of any ABI is named `wirte`; the nearest is `write`\n";
    ends(&["wirte"], 1, "", nearest);
    ends(&["--abi"], 2, "", "syscalls: --abi wants the name of an ABI, see --help\n");
    let number = match abi.as_str() {
        "x86_64" => 1,
        "i386" | "arm" => 4,
        _ => 64,
    };
    let write = "sys_write\t3\tlong write(unsigned int fd, const char *buf, size_t count)";
    ends(&["--tsv", "write", "--abi", "native"], 0, &format!("{number}\twrite\t{write}\t{abi}\n"), "");
}
