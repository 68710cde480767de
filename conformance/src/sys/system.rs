//! The machine and the kernel.

use super::*;
use ring3::{
    consts::{Grnd, SyslogAction},
    uapi::kexec_segment,
};

checks! { "sys::system":
    name, numbers, random, log (privileged, emulator: "it does not ask the kernel"),
    log_read (privileged, emulator: "it takes the buffer's address for its length"),
    restarts (privileged), modules (privileged), another_kernel (privileged), sequences,
    slices, inputs,
}

fn name(run: &Run) -> Outcome {
    let told = ok!(run, uname());
    same!(run, &told.sysname.map(|byte| byte as u8)[..6], b"Linux\0");
    let machine = told.machine.map(|byte| byte as u8);
    holds!(run, portable::MACHINES.iter().any(|name| machine.starts_with(name.as_bytes())));
    Ok(())
}

fn numbers(run: &Run) -> Outcome {
    let told = ok!(run, sysinfo());
    holds!(run, told.totalram > 0 && told.mem_unit > 0 && told.procs > 0);
    let (processor, _) = ok!(run, getcpu());
    holds!(run, processor < 4096);
    Ok(())
}

fn random(run: &Run) -> Outcome {
    let (mut one, mut other) = ([0; 32], [0; 32]);
    same!(run, ok!(run, getrandom(&mut one, Grnd::empty())), 32);
    same!(run, ok!(run, getrandom(&mut other, Grnd::NONBLOCK)), 32);
    holds!(run, one != other);
    fails!(run, EINVAL, getrandom(&mut one, Grnd::from_bits_retain(1 << 20)));
    fails!(run, EINVAL, getrandom(&mut one, Grnd::RANDOM | Grnd::INSECURE));
    Ok(())
}

fn log(run: &Run) -> Outcome {
    fails!(run, EINVAL, syslog(SyslogAction::new(99), None));
    fails!(run, EINVAL, syslog(SyslogAction::READ_ALL, None));
    Ok(())
}

fn log_read(run: &Run) -> Outcome {
    let size = ok!(run, syslog::size_buffer());
    holds!(run, size >= 4096);
    let mut text = [0; 256];
    holds!(run, ok!(run, syslog::read_all(&mut text)) <= 256);
    ok!(run, syslog::size_unread());
    fails!(run, EINVAL, syslog::console_level(0));
    fails!(run, EINVAL, syslog::console_level(99));
    Ok(())
}

fn restarts(run: &Run) -> Outcome {
    fails!(run, EINVAL, reboot(ring3::consts::LinuxRebootCmd::new(0x7777_7777), None));
    Ok(())
}

fn modules(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"no module")?;
    fails!(run, ENOENT, delete_module(c"ring3_missing", O::NONBLOCK));
    fails!(run, ENOEXEC, init_module(b"no module", c""));
    fails!(run, EBADF, finit_module(closed(), c"", ring3::consts::ModuleInit::empty()));
    fails!(run, EINVAL, finit_module(&fd, c"", ring3::consts::ModuleInit::from_bits_retain(1 << 20)));
    remove(run, c"f")
}

fn another_kernel(run: &Run) -> Outcome {
    let none: [kexec_segment; 0] = [];
    fails!(run, EINVAL, kexec_load(0, &none, ring3::consts::Kexec::from_bits_retain(1 << 10)));
    #[cfg(not(any(target_arch = "x86", target_arch = "arm")))]
    fails!(
        run,
        EINVAL,
        kexec_file_load(closed(), None, b"\0", ring3::consts::KexecFile::from_bits_retain(1 << 20))
    );
    Ok(())
}

fn sequences(run: &Run) -> Outcome {
    fails!(run, EINVAL, rseq(nowhere(), 32, ring3::consts::RseqFlag::from_bits_retain(1 << 10), 0));
    fails!(run, EINVAL, rseq(nowhere(), 1, ring3::consts::RseqFlag::empty(), 0));
    Ok(())
}

fn slices(run: &Run) -> Outcome {
    same!(run, ok!(run, rseq_slice_yield()), 0);
    Ok(())
}

fn inputs(run: &Run) -> Outcome {
    // Nothing was interrupted: the kernel's own answer.
    fails!(run, EINTR, restart_syscall());
    // It needs shadow stacks.
    match call!(
        run,
        map_shadow_stack(core::ptr::null_mut(), 0, ring3::consts::MapShadowStack::from_bits_retain(1 << 10))
    ) {
        Err(Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOSYS) => Ok(()),
        result => Err(run.wrong("map_shadow_stack", &result, &Errno::EOPNOTSUPP)),
    }
}
