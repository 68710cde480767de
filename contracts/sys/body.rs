//! What a function of `sys` does.

use super::super::{Constant, Contract, Direction, Length, Meaning, Output, Parameter, Start};
use super::{Choice, Model, bind::is_generic, identifier, is_storage, normal, public_name};
use crate::codegen::{ctype::CType, error::Result};
use std::fmt::Write as _;

const SAFETY: &str = "    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.\n";

impl<'m, 'a> Model<'m, 'a> {
    pub(super) fn body(&self, contract: &'m Contract<'a>, choice: Choice<'m, 'a>) -> Result<String> {
        if let Some(by) = choice.alternative.and_then(|alternative| alternative.by) {
            return self.adapted(contract, by.text, choice);
        }
        let arguments = self.arguments(contract, choice)?;
        let mut out = self.prelude(contract, choice)?;
        let call = format!("raw::{}({})", identifier(choice.call.name), arguments.join(", "));
        if contract.infallible {
            out += &self.infallible(contract, choice, &arguments)?;
            return Ok(out);
        }
        out += SAFETY;
        let rets = contract.parameters.iter().any(is_ret);
        match &contract.result {
            Output::Never if self.raw.rules.never_returns(choice.entry) => {
                writeln!(out, "    unsafe {{ {call} }}").unwrap();
                return Ok(out);
            }
            Output::Never => {
                writeln!(out, "    unsafe {{ {call} }}.err().unwrap_or(Errno::ENOSYS)").unwrap();
                return Ok(out);
            }
            Output::Nothing if !rets => {
                writeln!(out, "    done(unsafe {{ {call} }})").unwrap();
                return Ok(out);
            }
            Output::Count | Output::Want(_) | Output::Pointer if !rets => {
                self.check_result(contract, choice)?;
                writeln!(out, "    unsafe {{ {call} }}").unwrap();
                return Ok(out);
            }
            _ => {}
        }
        self.check_result(contract, choice)?;
        let (values, option) = self.values(contract)?;
        let values = match &values[..] {
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        // What comes back beside the result is the kernel's writing.
        let trusted = rets || matches!(contract.result, Output::Descriptor) || values.contains(".filled(");
        let values = if trusted { format!("unsafe {{ {values} }}") } else { values };
        let ret = if option
            || values.contains("ret as ")
            || values.contains("(ret")
            || values.contains("{ ret")
            || values == "ret"
        {
            "let ret = "
        } else {
            ""
        };
        // `?` would do, and cost the compiler a conversion of the error in each function.
        if ret.is_empty() {
            writeln!(
                out,
                "    if let Err(error) = unsafe {{ {call} }} {{\n        return Err(error);\n    }}"
            )
            .unwrap();
        } else {
            writeln!(out, "    let ret = match unsafe {{ {call} }} {{\n        Ok(ret) => ret,\n        Err(error) => return Err(error),\n    }};").unwrap();
        }
        if trusted {
            out += "    // SAFETY: the call has succeeded, so the kernel has written what it returns.\n";
        }
        if option {
            writeln!(out, "    Ok(if ret == 0 {{ None }} else {{ Some({values}) }})").unwrap();
        } else {
            writeln!(out, "    Ok({values})").unwrap();
        }
        Ok(out)
    }

    /// A written function makes the call.
    fn adapted(&self, contract: &Contract<'a>, by: &str, choice: Choice<'m, 'a>) -> Result<String> {
        let mut names = Vec::new();
        for parameter in &contract.parameters {
            if self.parameter_type(contract, parameter, choice, &mut Vec::new())?.is_some() {
                names.push(identifier(public_name(parameter)));
            }
        }
        let call = format!("compat::{by}({})", names.join(", "));
        Ok(if contract.hazard.is_empty() {
            format!("    {call}\n")
        } else {
            format!("    // SAFETY: the caller's.\n    unsafe {{ {call} }}\n")
        })
    }

    /// The value of a register, whatever it is.
    fn infallible(
        &self,
        contract: &Contract<'a>,
        choice: Choice<'m, 'a>,
        arguments: &[String],
    ) -> Result<String> {
        let wrong = || contract.name.place.error("`infallible`", "it for a call whose result is a number");
        let arguments = arguments
            .iter()
            .map(|argument| {
                argument.replace(".cast()", ".cast::<c_void>()").replace("null_mut()", "null_mut::<c_void>()")
            })
            .collect::<Vec<_>>();
        let call =
            format!("arch::call{}::<{}>({})", arguments.len(), choice.call.number, arguments.join(", "));
        let value = match &contract.result {
            Output::Nothing => {
                return Ok(format!("{SAFETY}    let _ = unsafe {{ {call} }};\n"));
            }
            Output::Pointer => return Ok(format!("{SAFETY}    unsafe {{ {call} }}.address()\n")),
            Output::Count => "ret".to_owned(),
            Output::Value(ty, optional) => {
                let value = self.value(*ty)?;
                if *optional { format!("if ret == 0 {{ None }} else {{ Some({value}) }}") } else { value }
            }
            _ => return Err(wrong()),
        };
        let mut values = vec![value];
        for parameter in contract.parameters.iter().filter(|parameter| is_ret(parameter)) {
            // A call that cannot fail may still be refused by a filter.
            let Meaning::Memory { start: Start::Zero, .. } = &parameter.meaning else { return Err(wrong()) };
            values.push(format!("unsafe {{ {}.assume_init() }}", identifier(parameter.name.text)));
        }
        let value = if values.len() == 1 { values.remove(0) } else { format!("({})", values.join(", ")) };
        Ok(format!(
            "{SAFETY}    let ret = unsafe {{ {call} }}.value();\n    // SAFETY: zeros are a value, and so is what the kernel writes.\n    {value}\n"
        ))
    }

    /// What has to be there before the call.
    fn prelude(&self, contract: &'m Contract<'a>, choice: Choice<'m, 'a>) -> Result<String> {
        let mut out = String::new();
        for parameter in &contract.parameters {
            let Meaning::Memory { direction, ty, length, start } = &parameter.meaning else { continue };
            let name = identifier(parameter.name.text);
            if is_generic(contract, parameter) {
                let plain = parameter.name.text;
                writeln!(out, "    let mut {name} = {name};\n    let ({plain}_pointer, {plain}_length) = {name}.parts();").unwrap();
            }
            let counted = matches!(length, Length::By(_) | Length::Through(_) | Length::Null);
            if parameter.optional && counted && matches!(direction, Direction::Out | Direction::Inout) {
                writeln!(out, "    let mut {name} = {name};").unwrap();
            }
            if let Start::Sized = start {
                let ty = self.element(*ty, true)?;
                writeln!(out, "    let mut {name} = *{name};\n    {name}.size = size_of::<{ty}>() as _;")
                    .unwrap();
            }
            if *direction == Direction::Ret {
                let element = if ty.text == "fd" { "OwnedFd".to_owned() } else { self.element(*ty, true)? };
                let start = if *start == Start::Zero { "zeroed" } else { "uninit" };
                match length {
                    _ if is_storage(*ty) => writeln!(out, "    let mut {name} = SockAddr::empty();").unwrap(),
                    Length::Fixed(count) => {
                        writeln!(out, "    let mut {name} = MaybeUninit::<[{element}; {count}]>::{start}();")
                            .unwrap();
                    }
                    _ => writeln!(out, "    let mut {name} = MaybeUninit::<{element}>::{start}();").unwrap(),
                }
            }
        }
        for parameter in &contract.parameters {
            if let Some([Constant::SizeBehind(of)]) = parameter.fixed.as_deref() {
                let ty = self.declaration_of(contract, parameter, choice)?;
                writeln!(out, "    let mut {0}_size = size_of_val(&{0}) as {ty};", of.text).unwrap();
            }
            let mut buffers = contract.measured_by(parameter.name.text);
            let Some((buffer, through)) = buffers.next() else { continue };
            let (length, elements) = (self.length(contract, buffer), self.elements(contract, buffer));
            for (other, _) in buffers {
                let name = identifier(other.name.text);
                let different = if other.optional {
                    // One that is missing has no length to differ.
                    format!("{name}.is_some_and(|{name}| {name}.len() != {elements})")
                } else {
                    format!("{elements} != {}", self.elements(contract, other))
                };
                writeln!(out, "    if {different} {{\n        return Err(Errno::EINVAL);\n    }}").unwrap();
            }
            if through {
                let declaration = self.declaration_of(contract, parameter, choice)?;
                writeln!(out, "    let mut {} = {length} as {declaration};", identifier(parameter.name.text))
                    .unwrap();
            }
        }
        Ok(out)
    }

    /// The type of the length that a parameter leads to.
    fn declaration_of(
        &self,
        contract: &Contract<'a>,
        parameter: &Parameter<'a>,
        choice: Choice<'m, 'a>,
    ) -> Result<String> {
        let index = contract.parameters.iter().position(|other| other.name.text == parameter.name.text);
        let declaration = index.and_then(|index| choice.prototype.parameters.get(index));
        if let Some(declaration) = declaration
            && let CType::Pointer { to, .. } = &declaration.ty
        {
            return Ok(normal(&self.raw.types.rust(to, declaration.place)?).to_owned());
        }
        Err(parameter.name.place.error(
            format!("`{}` as a length through a pointer", parameter.name.text),
            format!("a pointer there in `{}({})`", choice.entry, choice.prototype.text),
        ))
    }

    /// Refuses a result that the row does not have.
    fn check_result(&self, contract: &Contract<'a>, choice: Choice<'m, 'a>) -> Result<()> {
        let pointer = self.raw.rules.is_pointer(choice.entry, "return");
        if pointer != matches!(contract.result, Output::Pointer) {
            return Err(contract.name.place.error(
                format!(
                    "`{}` {} a pointer for a result",
                    contract.path(),
                    if pointer { "without" } else { "with" }
                ),
                format!("the result of `{}`, by raw.tbl", choice.entry),
            ));
        }
        Ok(())
    }

    /// The values that come back, and whether there may be none of them.
    fn values(&self, contract: &Contract<'a>) -> Result<(Vec<String>, bool)> {
        let mut values = Vec::new();
        let mut option = false;
        match &contract.result {
            Output::Nothing | Output::Never => {}
            Output::Count | Output::Want(_) | Output::Pointer => values.push("ret".to_owned()),
            Output::Descriptor => values.push("OwnedFd::from_raw_fd(ret as RawFd)".to_owned()),
            Output::Value(ty, optional) => {
                option = *optional;
                values.push(self.value(*ty)?);
            }
            Output::Length(name) => {
                let buffer = contract.parameter(name.text).expect("the parser saw to it");
                let count = match &buffer.meaning {
                    Meaning::Memory { length: Length::Through(length), .. } => {
                        format!("{} as usize", identifier(length.text))
                    }
                    _ => "ret".to_owned(),
                };
                values.push(if is_generic(contract, buffer) {
                    format!("{}.filled({count})", identifier(name.text))
                } else {
                    count
                });
            }
        }
        for parameter in contract.parameters.iter().filter(|parameter| is_ret(parameter)) {
            let Meaning::Memory { ty, length, .. } = &parameter.meaning else { continue };
            let name = identifier(parameter.name.text);
            values.push(match (ty.text, length) {
                (_, Length::Through(length)) if is_storage(*ty) => {
                    format!("{name}.with_len({} as usize)", identifier(length.text))
                }
                _ => format!("{name}.assume_init()"),
            });
        }
        Ok((values, option))
    }

    /// The result as a value of this type.
    fn value(&self, ty: super::super::Token<'a>) -> Result<String> {
        let named = self.named(ty)?;
        let integer = named
            .integer
            .ok_or_else(|| ty.place.error(format!("`{}` for a result", ty.text), "an integer, or a set"))?;
        if named.rust == integer {
            return Ok(format!("ret as {integer}"));
        }
        Ok(format!("{}::{}(ret as {integer})", named.rust, self.conversions(ty.text).1))
    }
}

fn is_ret(parameter: &Parameter<'_>) -> bool {
    matches!(parameter.meaning, Meaning::Memory { direction: Direction::Ret, .. })
}
