//! Programs that heed the signals of a terminal, whoever runs the tests.

use std::{os::unix::process::CommandExt, process::Command};

/// Lets the program have the default actions of the signals that a terminal sends: a shell in the background ignores some of them, and nohup
/// another, and whatever they start goes on ignoring them.
pub fn heed(command: &mut Command) -> &mut Command {
    // SAFETY: the child makes calls alone.
    unsafe {
        command.pre_exec(|| {
            for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
                libc::signal(signal, libc::SIG_DFL);
            }
            Ok(())
        })
    }
}
