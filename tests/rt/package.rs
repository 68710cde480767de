//! A package outside of the repository, of all the programs that the tests want, built as its author would build it.
//!
//! One package and one target directory serve every test: ring3 is compiled once for a profile and its flags.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::{env, fs, str};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The least that a package of freestanding programs says of its profiles.
pub const ABORT: &str = "[profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\n";

/// And what makes them small.
pub const SMALL: &str = "[profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\nopt-level = \"z\"\n\
    lto = true\ncodegen-units = 1\nstrip = true\n";

/// That in a profile of its own, and others, to optimise in every way.
fn profiles() -> String {
    let mut profiles = format!(
        "{ABORT}[profile.small]\ninherits = \"release\"\nopt-level = \"z\"\nlto = true\ncodegen-units = 1\nstrip = true\n"
    );
    for level in LEVELS {
        for (name, lto) in [("", "\"off\""), ("-lto", "true")] {
            let value = level.parse::<u8>().map_or(format!("{level:?}"), |level| level.to_string());
            profiles += &format!(
                "[profile.o{level}{name}]\ninherits = \"release\"\nopt-level = {value}\nlto = {lto}\n"
            );
        }
    }
    profiles
}

/// The optimisation levels.
pub const LEVELS: [&str; 6] = ["0", "1", "2", "3", "s", "z"];

/// What makes a package of programs that fit no other package.
pub struct Package {
    dir: PathBuf,
}

/// One at a time: the packages share a target directory, where a program of the same name takes the place of another.
static TURN: Mutex<()> = Mutex::new(());

impl Package {
    /// A package of this name with these programs, name and text each, and these profiles.
    pub fn new(name: &str, programs: &[(&str, &str)], profiles: &str) -> Self {
        Self::with_features(name, &[], programs, profiles)
    }

    /// The same, with these features of ring3.
    pub fn with_features(name: &str, features: &[&str], programs: &[(&str, &str)], profiles: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages").join(name);
        let mut manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nring3 = {{ path = {:?}, features = {features:?} }}\n{profiles}",
            env!("CARGO_MANIFEST_DIR")
        );
        for (name, text) in programs {
            manifest += &format!("[[bin]]\nname = {name:?}\npath = \"{name}.rs\"\n");
            write(&dir.join(format!("{name}.rs")), text);
        }
        write(&dir.join("Cargo.toml"), &manifest);
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
        write(&dir.join("Cargo.lock"), &fs::read_to_string(lock).unwrap());
        Self { dir }
    }

    /// Makes the package the root of a workspace that has these packages, too: name and program each.
    pub fn with_members(self, members: &[(&str, &str)]) -> Self {
        let manifest = self.dir.join("Cargo.toml");
        let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
        let text = fs::read_to_string(&manifest).unwrap();
        if !text.contains("members") {
            fs::write(
                &manifest,
                text.replace("[workspace]\n", &format!("[workspace]\nmembers = {names:?}\n")),
            )
            .unwrap();
        }
        for (name, text) in members {
            let manifest = format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\nring3 = {{ path = {:?} }}\n",
                env!("CARGO_MANIFEST_DIR")
            );
            write(&self.dir.join(name).join("Cargo.toml"), &manifest);
            write(&self.dir.join(name).join("src/main.rs"), text);
        }
        self
    }

    /// The package of the programs in `programs/` and the examples.
    pub fn programs() -> Self {
        let hello = include_str!("../../examples/hello.rs");
        let full = hello.replace("entry!(main)", "entry!(main, layout = full)");
        let relocated =
            hello.replace("const TEXT: &[u8] =", "#[used]\nstatic WORDS: &[u8] = TEXT;\nconst TEXT: &[u8] =");
        Self::new(
            "programs",
            &[
                ("probe", include_str!("programs/probe.rs")),
                ("everything", include_str!("programs/everything.rs")),
                ("aborts", include_str!("programs/aborts.rs")),
                ("hello", hello),
                ("hello_tiny", include_str!("../../examples/hello_tiny.rs")),
                ("hello_full", &full),
                ("hello_relocated", &relocated),
            ],
            &profiles(),
        )
    }

    /// Runs cargo in the package, apart from what the caller's own cargo has in its environment.
    pub fn cargo(&self, arguments: &[&str], rustflags: &str) -> Output {
        let _turn = TURN.lock();
        self.cargo_in_turn(arguments, rustflags)
    }

    fn cargo_in_turn(&self, arguments: &[&str], rustflags: &str) -> Output {
        cargo(&self.dir, &target(), arguments, rustflags)
    }

    /// Builds programs and gives the directory they are in. The flags are the programs' alone: where a target is named, build
    /// scripts are compiled without.
    pub fn build(&self, profile: &str, rustflags: &str, programs: &[&str]) -> PathBuf {
        self.try_build(profile, rustflags, programs)
            .unwrap_or_else(|error| panic!("{profile} {rustflags}: {error}"))
    }

    /// As `build`; gives what the compiler says if they do not build.
    pub fn try_build(&self, profile: &str, rustflags: &str, programs: &[&str]) -> Result<PathBuf, String> {
        let _turn = TURN.lock();
        let mut arguments = vec!["build", "--workspace", "--target", TARGET, "--profile", profile];
        arguments.extend(programs.iter().flat_map(|name| ["--bin", name]));
        let output = self.cargo_in_turn(&arguments, rustflags);
        if !output.status.success() {
            return Err(String::from_utf8(output.stderr).unwrap());
        }
        let built = target().join(TARGET).join(if profile == "dev" { "debug" } else { profile });
        let package = self.dir.file_name().unwrap().to_str().unwrap();
        let mine = target().join("built").join(format!("{package} {profile} {rustflags}").replace('/', "_"));
        fs::create_dir_all(&mine).unwrap();
        for name in programs {
            let to = mine.join(name);
            let _ = fs::remove_file(&to);
            fs::copy(built.join(name), to).unwrap();
        }
        Ok(mine)
    }

    /// What the compiler says of programs that it refuses.
    pub fn complaint(&self) -> String {
        let output = self.cargo(&["build"], "");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("rt")
}

/// Writes a file, unless it is there already: cargo goes by the time.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Builds the examples of this package as `cargo build` would, in a target directory of the tests' own, and gives one of them.
pub fn example(name: &str, profile: &[&str]) -> PathBuf {
    let profile_directory = if profile.contains(&"--release") { "release" } else { "debug" };
    build_examples(&[&["--examples"], profile].concat()).join(profile_directory).join("examples").join(name)
}

/// Builds a release of one example that has a heap. The others need none, and some of them would need an allocator.
pub fn example_with_heap(name: &str) -> PathBuf {
    build_examples(&["--example", name, "--features", "alloc", "--release"])
        .join("release/examples")
        .join(name)
}

/// Builds examples, and gives the target directory.
fn build_examples(arguments: &[&str]) -> PathBuf {
    let _turn = TURN.lock();
    let target = target().join("examples");
    let arguments = [&["build"], arguments].concat();
    let output = cargo(Path::new(env!("CARGO_MANIFEST_DIR")), &target, &arguments, "");
    assert!(output.status.success(), "{}", str::from_utf8(&output.stderr).unwrap());
    target
}

pub fn cargo(dir: &Path, target: &Path, arguments: &[&str], rustflags: &str) -> Output {
    let mut command = Command::new(env!("CARGO"));
    // Not offline: the lock file is followed all the same, and whoever runs `cargo test` first may lack what a feature alone needs.
    command.current_dir(dir).args(arguments).arg("--quiet").arg("--target-dir").arg(target);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let about = [
            "CARGO_BUILD_",
            "CARGO_PROFILE_",
            "CARGO_TARGET_",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
        ];
        if about.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    // The one program that shows what `#[thread_local]` needs, which stable Rust does not have.
    command.env("RUSTC_BOOTSTRAP", "everything");
    command.env("RUSTFLAGS", rustflags).output().unwrap()
}

/// Runs a program and gives its exit code and what it wrote.
pub fn run(program: impl AsRef<OsStr>, arguments: &[&str]) -> (Option<i32>, String, String) {
    output(Command::new(program).args(arguments))
}

pub fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// What `run` gives of a program that ends in this way.
pub fn ended(code: i32, stdout: &str, stderr: &str) -> (Option<i32>, String, String) {
    (Some(code), stdout.into(), stderr.into())
}
