//! Writes `raw`: a function for each live row.

use super::{
    abi::Pairs,
    ctype::{CType, Declaration},
    error::Result,
    numbers::Call,
    prototypes::{Prototype, Rules},
    rust::identifier,
    table::{Cell, Index},
    types::Types,
};
use std::fmt::Write as _;

/// What the functions of `raw` are made of.
pub struct Model<'a> {
    pub types: Types<'a>,
    pub prototypes: Index<'a, Prototype<'a>>,
    pub rules: Rules<'a>,
    pub pages: Index<'a, &'a str>,
}

/// How a parameter looks in Rust, and how it goes into registers.
struct Parameter {
    name: String,
    ty: String,
    wide: bool,
}

impl<'a> Model<'a> {
    /// The function for a call, or none for a row without a call behind it and for one that raw.tbl leaves out.
    pub fn function(&self, call: &Call<'a>) -> Result<Option<String>> {
        let Some(entry) = call.entry else { return Ok(None) };
        if self.rules.omitted(entry.text).is_some() {
            return Ok(None);
        }
        let prototype = self.prototype(entry)?;
        self.rules.check(entry.text, prototype)?;
        let parameters = prototype
            .parameters
            .iter()
            .map(|parameter| self.parameter(entry.text, parameter))
            .collect::<Result<Vec<_>>>()?;

        let mut out = String::new();
        self.documentation(&mut out, call, entry.text, prototype);
        let signature: Vec<_> = parameters.iter().map(|p| format!("{}: {}", p.name, p.ty)).collect();
        let never = self.rules.never_returns(entry.text);
        let result_size = self.types.layout(&prototype.result.ty, prototype.result.place)?.size;
        let (result, answer) = if never {
            ("!".to_owned(), String::new())
        } else if self.rules.is_pointer(entry.text, "return") {
            ("Result<*mut c_void>".to_owned(), ".pointer()".to_owned())
        } else if result_size > self.types.pointer_size() {
            let ty = self.types.rust(&prototype.result.ty, prototype.result.place)?;
            (format!("Result<{ty}>"), format!(".wide().map(|bits| bits as {ty})"))
        } else {
            ("Result<usize>".to_owned(), ".number()".to_owned())
        };
        writeln!(out, "#[inline]").unwrap();
        writeln!(out, "pub unsafe fn {}({}) -> {result} {{", identifier(call.name), signature.join(", "))
            .unwrap();
        let mut words = self.words(&parameters);
        if prototype.block {
            writeln!(
                out,
                "    let block = [{}];",
                words.iter().map(|word| format!("Arg::word({word})")).collect::<Vec<_>>().join(", ")
            )
            .unwrap();
            words = vec!["&raw const block".to_owned()];
        }
        writeln!(out, "    // SAFETY: the caller's, see the module.").unwrap();
        let (number, arguments) = (call.number, words.join(", "));
        if never {
            writeln!(out, "    unsafe {{ arch::call{}_noreturn::<{number}>({arguments}) }}", words.len())
                .unwrap();
        } else {
            writeln!(out, "    unsafe {{ arch::call{}::<{number}>({arguments}) }}{answer}", words.len())
                .unwrap();
        }
        writeln!(out, "}}\n").unwrap();
        Ok(Some(out))
    }

    /// The prototype of an entry point.
    pub fn prototype(&self, entry: Cell<'a>) -> Result<&Prototype<'a>> {
        self.prototypes.get(entry.text).ok_or_else(|| {
            let abi = self.types.target.abi.name;
            entry.expected(&format!("an entry point that prototypes.tbl has for {abi}"))
        })
    }

    /// The type in Rust of an entry point's parameter.
    pub fn parameter_type(&self, entry: &str, parameter: &Declaration<'a>) -> Result<String> {
        Ok(self.parameter(entry, parameter)?.ty)
    }

    /// Whether a parameter takes two registers.
    pub fn is_wide(&self, entry: &str, parameter: &Declaration<'a>) -> Result<bool> {
        Ok(self.parameter(entry, parameter)?.wide)
    }

    fn documentation(&self, out: &mut String, call: &Call<'a>, entry: &str, prototype: &Prototype<'a>) {
        let (open, close) = if prototype.block { ("{ ", " }") } else { ("", "") };
        let parameters = prototype.text.trim_start_matches("{ ").trim_end_matches(" }");
        writeln!(out, "/// `{} {}({open}{parameters}{close})`", prototype.result.text, entry).unwrap();
        writeln!(out, "///").unwrap();
        write!(out, "/// Number {}.", call.number).unwrap();
        match self.pages.get(call.name).copied() {
            Some("-") => writeln!(out, " It has no manual page.").unwrap(),
            page => {
                let page = page.unwrap_or(call.name);
                writeln!(
                    out,
                    " Manual page: [{page}(2)](https://man7.org/linux/man-pages/man2/{page}.2.html)."
                )
                .unwrap();
            }
        }
        if call.name == "mmap2"
            && let Some(unit) = self.types.target.abi.mmap2
        {
            let unit = if unit == "page" { "pages".to_owned() } else { format!("units of {unit} bytes") };
            writeln!(out, "/// The offset counts {unit}.").unwrap();
        }
        writeln!(out, "///\n/// # Safety\n///\n/// See [the module](self#safety).").unwrap();
    }

    fn parameter(&self, entry: &str, parameter: &Declaration<'a>) -> Result<Parameter> {
        let name = parameter.name;
        // A parameter of array type is a pointer in C.
        let ty = match &parameter.ty {
            CType::Array(element, _) => CType::Pointer { to: element.clone(), constant: false },
            ty => ty.clone(),
        };
        let place = parameter.place;
        let (ty, wide) = if self.rules.is_pointer(entry, name) {
            ("*mut c_void".to_owned(), false)
        } else if self.rules.is_arg(entry, name) {
            ("impl Arg".to_owned(), false)
        } else {
            let size = self.types.layout(&ty, place)?.size;
            (self.types.rust(&ty, place)?, size * 8 > self.types.target.abi.word)
        };
        Ok(Parameter { name: identifier(name), ty, wide })
    }

    /// The expressions for the registers, in their order.
    fn words(&self, parameters: &[Parameter]) -> Vec<String> {
        let target = self.types.target;
        let mut words = Vec::new();
        for Parameter { name, wide, .. } in parameters {
            if !wide {
                words.push(name.clone());
                continue;
            }
            if target.abi.pairs == Pairs::Even && words.len() % 2 == 1 {
                words.push("0".to_owned());
            }
            let (low, high) = (format!("{name} as u32"), format!("({name} >> 32) as u32"));
            words.extend(if target.big_endian { [high, low] } else { [low, high] });
        }
        words
    }
}
