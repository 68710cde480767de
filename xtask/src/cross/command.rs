//! Running other programs: their output kept, their time limited, their failure told in full.

use std::io::{Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a program left behind.
pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Output {
    /// The last lines of what the program said, standard error last.
    pub fn tail(&self, lines: usize) -> String {
        let all = String::from_utf8_lossy(&self.stdout).into_owned() + &self.stderr;
        last(all.lines(), lines)
    }

    /// What the program complained of: from the first line that begins with `error` on, or the last lines.
    pub fn complaint(&self, lines: usize) -> String {
        let all: Vec<&str> = self.stderr.lines().collect();
        match all.iter().position(|line| line.starts_with("error")) {
            Some(at) => all[at..all.len().min(at + lines)].join("\n"),
            None => self.tail(lines),
        }
    }
}

/// Runs `command` to its end, or for `limit` at most: a program that hangs is killed and is an error.
///
/// The output goes through files, so that a program that writes much never waits for a reader.
pub fn run(command: &mut Command, limit: Duration) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut out = tempfile::tempfile()?;
    let mut err = tempfile::tempfile()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(err.try_clone()?)
        .spawn()
        .with_context(|| format!("{name}: cannot be started"))?;
    let status = wait(&mut child, limit)?;
    let mut output = Output { status: status.unwrap_or_default(), stdout: Vec::new(), stderr: String::new() };
    out.rewind()?;
    out.read_to_end(&mut output.stdout)?;
    err.rewind()?;
    let mut text = Vec::new();
    err.read_to_end(&mut text)?;
    output.stderr = String::from_utf8_lossy(&text).into_owned();
    if status.is_none() {
        bail!("{name}: still running after {} s, killed\n{}", limit.as_secs(), output.tail(20));
    }
    Ok(output)
}

/// As `run`, and an exit status other than 0 is an error as well.
pub fn succeed(command: &mut Command, limit: Duration) -> Result<Output> {
    let output = run(command, limit)?;
    if !output.status.success() {
        bail!("{}: {}\n{}", shown(command), output.status, output.complaint(40));
    }
    Ok(output)
}

/// As `succeed`, for a program of which only the standard output as text matters.
pub fn text(command: &mut Command, limit: Duration) -> Result<String> {
    Ok(String::from_utf8_lossy(&succeed(command, limit)?.stdout).into_owned())
}

/// The command line, without its environment.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The last lines of a program, and those before them that say what has failed.
pub fn last<'a>(all: impl Iterator<Item = &'a str> + Clone, count: usize) -> String {
    let first = all.clone().count().saturating_sub(count);
    let shown = all.enumerate().filter(|(at, line)| *at >= first || line.starts_with("FAILED"));
    shown.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn keeps_both_streams_and_the_status() {
        let output = run(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]), SOON).unwrap();
        assert_eq!(
            (&output.stdout[..], &output.stderr[..], output.status.code()),
            (&b"one\n"[..], "two\n", Some(3))
        );
        assert_eq!(output.tail(1), "two");
        assert_eq!(last("ok a\nFAILED b\nok c\nok d".lines(), 2), "FAILED b\nok c\nok d");
    }

    #[test]
    fn the_first_error_is_the_complaint() {
        let script = "printf 'warning: a\\nerror: b\\n --> c\\nerror: d\\n' >&2";
        let output = run(Command::new("sh").args(["-c", script]), SOON).unwrap();
        assert_eq!(output.complaint(2), "error: b\n --> c");
        assert_eq!(output.complaint(9), "error: b\n --> c\nerror: d");
    }

    #[test]
    fn a_hanging_program_is_killed_and_named() {
        let error =
            run(Command::new("sleep").arg("60"), Duration::from_millis(50)).err().unwrap().to_string();
        assert!(error.starts_with("sleep: still running"), "{error}");
    }

    #[test]
    fn a_failure_tells_what_was_said() {
        let error = succeed(Command::new("sh").args(["-c", "echo reason; exit 1"]), SOON).err().unwrap();
        assert_eq!(error.to_string(), "sh -c echo reason; exit 1: exit status: 1\nreason");
    }
}
