//! What printing costs a program.

use crate::package::{Package, SMALL, ended, run};
use std::fs;

#[test]
fn a_line_without_values_brings_no_formatting() {
    let program =
        |main: &str| format!("#![no_std]\n#![no_main]\nfn main() {{ {main} }}\nring3::entry!(main);");
    let line = program(r#"ring3::println!("Hello World!");"#);
    let value = program(r#"ring3::println!("Hello {}!", core::hint::black_box(1));"#);
    let programs = [("line", line.as_str()), ("value", value.as_str())];
    let dir = Package::new("print", &programs, SMALL).build("release", "", &["line", "value"]);
    let sizes = ["line", "value"].map(|name| fs::metadata(dir.join(name)).unwrap().len());
    println!("without a value {} bytes, with one {}", sizes[0], sizes[1]);
    assert!(sizes[0] <= 420 && sizes[1] <= 8192, "{sizes:?}");
    assert_eq!(run(dir.join("line"), &[]), ended(0, "Hello World!\n", ""));
    assert_eq!(run(dir.join("value"), &[]), ended(0, "Hello 1!\n", ""));
}
