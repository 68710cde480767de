//! `prctl`, one function for each meaning, and what else a process says of itself.

use super::*;
use ring3::consts::{Per, SeccompMode, Sig};

checks! { "sys::controls":
    name, dumps, death_of_the_parent, privileges, privileges_kept, reaper, slack, bits (privileged), seccomp (emulator: "prctl has not all meanings"), speculation, large_pages (emulator: "prctl has not all meanings"),
    machine_checks, counters (emulator: "prctl has not all meanings"), input_output (privileged), tracers, execution (emulator: "prctl has not all meanings"), merging (privileged), vector (emulator: "prctl has not all meanings"), thread, cores, timers, futexes,
    anything, personality,
}

fn name(run: &Run) -> Outcome {
    let before = ok!(run, prctl::get_name());
    ok!(run, prctl::set_name(c"a name of more than 16 bytes"));
    same!(run, &ok!(run, prctl::get_name()), b"a name of more \0");
    let Ok(before) = CStr::from_bytes_until_nul(&before) else { return Ok(()) };
    ok!(run, prctl::set_name(before));
    Ok(())
}

fn dumps(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl::set_dumpable(2));
    child(run, |run| {
        ok!(run, prctl::set_dumpable(0));
        same!(run, ok!(run, prctl::get_dumpable()), 0);
        ok!(run, prctl::set_dumpable(1));
        same!(run, ok!(run, prctl::get_dumpable()), 1);
        Ok(())
    })
}

fn death_of_the_parent(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl::set_pdeathsig(Some(Sig::new(99))));
    ok!(run, prctl::set_pdeathsig(Some(Sig::USR1)));
    same!(run, ok!(run, prctl::get_pdeathsig()), Sig::USR1.raw());
    ok!(run, prctl::set_pdeathsig(None));
    same!(run, ok!(run, prctl::get_pdeathsig()), 0);
    Ok(())
}

fn privileges(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, prctl::set_no_new_privs());
        same!(run, ok!(run, prctl::get_no_new_privs()), 1);
        Ok(())
    })
}

fn privileges_kept(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl::set_keepcaps(2));
    ok!(run, prctl::set_keepcaps(1));
    same!(run, ok!(run, prctl::get_keepcaps()), 1);
    ok!(run, prctl::set_keepcaps(0));
    same!(run, ok!(run, prctl::get_keepcaps()), 0);
    Ok(())
}

fn reaper(run: &Run) -> Outcome {
    child(run, |run| {
        same!(run, ok!(run, prctl::get_child_subreaper()), 0);
        ok!(run, prctl::set_child_subreaper(1));
        same!(run, ok!(run, prctl::get_child_subreaper()), 1);
        Ok(())
    })
}

fn slack(run: &Run) -> Outcome {
    let before = value!(run, prctl::get_timerslack());
    ok!(run, prctl::set_timerslack(77_777));
    same!(run, value!(run, prctl::get_timerslack()), 77_777);
    ok!(run, prctl::set_timerslack(before));
    Ok(())
}

fn bits(run: &Run) -> Outcome {
    /// `SECBIT_NOROOT`
    const NOROOT: u32 = 1;
    fails!(run, EPERM, prctl::set_securebits(1 << 20));
    child(run, |run| {
        let before = ok!(run, prctl::get_securebits());
        ok!(run, prctl::set_securebits(before | NOROOT));
        same!(run, ok!(run, prctl::get_securebits()), before | NOROOT);
        Ok(())
    })
}

fn seccomp(run: &Run) -> Outcome {
    same!(run, ok!(run, prctl::get_seccomp()), SeccompMode::DISABLED);
    fails!(run, EINVAL, prctl::set_seccomp(SeccompMode::new(9), None));
    fails!(run, EFAULT, prctl::set_seccomp(SeccompMode::FILTER, None));
    Ok(())
}

fn speculation(run: &Run) -> Outcome {
    if call!(run, prctl::get_speculation_ctrl(99)) == Err(Errno::EINVAL) {
        return Err(Failure::Lacks("the architecture has no such controls"));
    }
    fails!(run, ENODEV, prctl::get_speculation_ctrl(99));
    fails!(run, ENODEV, prctl::set_speculation_ctrl(99, 0));
    Ok(())
}

fn large_pages(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl::set_thp_disable(0, 1));
    ok!(run, prctl::set_thp_disable(1, 0));
    same!(run, ok!(run, prctl::get_thp_disable()), 1);
    ok!(run, prctl::set_thp_disable(0, 0));
    same!(run, ok!(run, prctl::get_thp_disable()), 0);
    Ok(())
}

fn machine_checks(run: &Run) -> Outcome {
    /// `PR_MCE_KILL_EARLY`, `PR_MCE_KILL_DEFAULT`
    const EARLY: u32 = 1;
    const DEFAULT: u32 = 2;
    fails!(run, EINVAL, prctl::mce_kill_set(99));
    ok!(run, prctl::mce_kill_set(EARLY));
    same!(run, ok!(run, prctl::mce_kill_get()), EARLY);
    ok!(run, prctl::mce_kill_clear());
    same!(run, ok!(run, prctl::mce_kill_get()), DEFAULT);
    Ok(())
}

fn counters(run: &Run) -> Outcome {
    ok!(run, prctl::task_perf_events_disable());
    ok!(run, prctl::task_perf_events_enable());
    Ok(())
}

fn input_output(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl::set_io_flusher(2));
    ok!(run, prctl::set_io_flusher(1));
    same!(run, ok!(run, prctl::get_io_flusher()), 1);
    ok!(run, prctl::set_io_flusher(0));
    same!(run, ok!(run, prctl::get_io_flusher()), 0);
    Ok(())
}

fn tracers(run: &Run) -> Outcome {
    // Yama's alone: EINVAL without it.
    match call!(run, prctl::set_ptracer(0)) {
        Err(Errno::EINVAL) => Err(Failure::Lacks("there is no Yama")),
        result => {
            same!(run, result, Ok(()));
            fails!(run, EINVAL, prctl::set_ptracer(0x3fff_ffff));
            Ok(())
        }
    }
}

fn execution(run: &Run) -> Outcome {
    /// `PR_MDWE_REFUSE_EXEC_GAIN`
    const REFUSE: u32 = 1;
    fails!(run, EINVAL, prctl::set_mdwe(1 << 20));
    child(run, |run| {
        same!(run, ok!(run, prctl::get_mdwe()), 0);
        match call!(run, prctl::set_mdwe(REFUSE)) {
            Err(Errno::EINVAL) if cfg!(target_arch = "arm") => {
                return Err(Failure::Lacks("arm's kernel refuses it"));
            }
            result => same!(run, result, Ok(())),
        }
        same!(run, ok!(run, prctl::get_mdwe()), REFUSE);
        Ok(())
    })
}

fn merging(run: &Run) -> Outcome {
    match call!(run, prctl::get_memory_merge()) {
        Err(Errno::EINVAL) => Err(Failure::Lacks("the kernel merges no pages")),
        result => {
            same!(run, result, Ok(0));
            child(run, |run| {
                ok!(run, prctl::set_memory_merge(1));
                same!(run, ok!(run, prctl::get_memory_merge()), 1);
                Ok(())
            })
        }
    }
}

/// The auxiliary vector: pairs of words.
fn vector(run: &Run) -> Outcome {
    const AT_PAGESZ: usize = 6;
    let mut bytes = [0; 1024];
    let length = ok!(run, prctl::get_auxv(&mut bytes));
    holds!(run, length >= size_of::<[usize; 8]>());
    let words = bytes
        .chunks_exact(size_of::<usize>())
        .map(|word| word.iter().rev().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte)));
    let mut words = words.take(length.min(bytes.len()) / size_of::<usize>());
    let mut page = None;
    while let (Some(tag), Some(value)) = (words.next(), words.next()) {
        if tag == AT_PAGESZ {
            page = Some(value);
        }
    }
    same!(run, page, Some(run.page));
    Ok(())
}

fn thread(run: &Run) -> Outcome {
    let mut word = 0u32;
    let address = &raw mut word;
    value!(run, set_tid_address(address.cast()));
    let told = call!(run, prctl::get_tid_address());
    value!(run, set_tid_address(core::ptr::null_mut()));
    match told {
        Err(Errno::EINVAL) => Err(Failure::Lacks("the kernel does not tell it")),
        told => {
            same!(run, told, Ok(address.expose_provenance() as u64));
            Ok(())
        }
    }
}

fn cores(run: &Run) -> Outcome {
    match call!(run, prctl::sched_core_get(None)) {
        Err(Errno::EINVAL | Errno::ENODEV) => {
            Err(Failure::Lacks("processors have one thread, or the kernel does not tell"))
        }
        result => {
            same!(run, result.is_ok(), true);
            child(run, |run| {
                ok!(run, prctl::sched_core_create(None, 0));
                holds!(run, ok!(run, prctl::sched_core_get(None)) != 0);
                Ok(())
            })
        }
    }
}

fn timers(run: &Run) -> Outcome {
    /// `PR_TIMER_CREATE_RESTORE_IDS_OFF`, `_ON`, `_GET`
    const OFF: u32 = 0;
    const ON: u32 = 1;
    const GET: u32 = 2;
    match call!(run, prctl::timer_create_restore_ids(GET)) {
        Err(Errno::EINVAL) => return Err(Failure::Lacks("the kernel is too old")),
        result => same!(run, result, Ok(OFF)),
    }
    ok!(run, prctl::timer_create_restore_ids(ON));
    same!(run, ok!(run, prctl::timer_create_restore_ids(GET)), ON);
    ok!(run, prctl::timer_create_restore_ids(OFF));
    fails!(run, EINVAL, prctl::timer_create_restore_ids(99));
    Ok(())
}

fn futexes(run: &Run) -> Outcome {
    child(run, |run| {
        match call!(run, prctl::futex_hash_get_slots()) {
            Err(Errno::EINVAL) => return Err(Failure::Lacks("the kernel is too old")),
            result => holds!(run, result.is_ok()),
        }
        fails!(run, EINVAL, prctl::futex_hash_set_slots(3));
        ok!(run, prctl::futex_hash_set_slots(16));
        same!(run, ok!(run, prctl::futex_hash_get_slots()), 16);
        Ok(())
    })
}

fn anything(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl(ring3::consts::Pr::new(0x7fff_0000), 0, 0, 0, 0));
    same!(run, ok!(run, prctl(ring3::consts::Pr::GET_DUMPABLE, 0, 0, 0, 0)) <= 2, true);
    Ok(())
}

fn personality(run: &Run) -> Outcome {
    let query = Per::from_bits_retain(u32::MAX);
    child(run, |run| {
        let before = value!(run, personality(Per::from_bits_retain(u32::MAX)));
        let other = Per::from_bits_retain(before.bits() ^ Per::ADDR_NO_RANDOMIZE.bits());
        same!(run, value!(run, personality(other)), before);
        same!(run, value!(run, personality(Per::from_bits_retain(u32::MAX))), other);
        Ok(())
    })?;
    same!(run, value!(run, personality(query)), value!(run, personality(query)));
    Ok(())
}
