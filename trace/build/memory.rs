//! Memory behind the arguments of `sys`, the calls themselves, and what they give.

use crate::codegen::error::Result;
use crate::contracts::{Direction, Length, Meaning, Output, Parameter, Start, Token};
use crate::functions::{Form, Writer};
use crate::places::Given;

/// The strings of a list.
const STRINGS: usize = 3;
/// The position of the result, beyond those of parameters.
const RESULT: usize = 15;

impl<'a> Writer<'_, '_, 'a> {
    /// What the pointer for the parameter at this position must lead to.
    pub fn memory(&self, position: usize) -> Result<Given> {
        let parameter = &self.contract.parameters[position];
        let seed = self.bits(position);
        let Meaning::Memory { direction, ty, length, start } = &parameter.meaning else {
            let length = self.text_length(position);
            return Ok(Given::Memory(
                Some(position),
                format!("Content::Text {{ seed: {seed:#018x}, length: {length} }}"),
            ));
        };
        let size = self.size(parameter)?;
        if *direction == Direction::Ret {
            let content = if *start == Start::Zero { "Zeros" } else { "Room" };
            return Ok(Given::Memory(None, format!("Content::{content}({size})")));
        }
        if *start == Start::Sized {
            let (at, member) = self.types.size_member(*ty)?;
            let content = format!(
                "Content::Fill {{ seed: {seed:#018x}, size: {size}, except: &[Patch {{ at: {at}, size: {member}, value: Some({size} as u64) }}] }}"
            );
            return Ok(Given::Memory(None, content));
        }
        Ok(match ty.text {
            // It is a value, wherever that lies.
            "SockAddr" => Given::Memory(None, format!("fill({seed:#018x}, {size})")),
            "slices" => {
                let count = self.elements(parameter);
                Given::Memory(
                    Some(position),
                    format!("Content::Slices {{ seed: {seed:#018x}, count: {count} }}"),
                )
            }
            "cstrs" if matches!(length, Length::Null) => Given::Memory(
                Some(position),
                format!("Content::Strings {{ seed: {seed:#018x}, count: {STRINGS} }}"),
            ),
            _ => Given::Memory(Some(position), format!("fill({seed:#018x}, {size})")),
        })
    }

    /// The bytes of a parameter's memory, as an expression of Rust.
    fn size(&self, parameter: &Parameter<'a>) -> Result<String> {
        let Meaning::Memory { direction, ty, length, .. } = &parameter.meaning else {
            unreachable!("memory has a size")
        };
        Ok(match (ty.text, length) {
            ("SockAddr", _) if *direction == Direction::Ret => "128".to_owned(),
            ("SockAddr", _) => self.elements(parameter).to_string(),
            ("slices" | "cstrs", _) => String::new(),
            (_, Length::Fixed(count)) => format!("{count} * {}", self.types.size(*ty)?),
            (_, Length::By(_) | Length::Through(_)) => {
                format!("{} * {}", self.elements(parameter), self.types.size(*ty)?)
            }
            _ => self.types.size(*ty)?,
        })
    }

    fn text_length(&self, position: usize) -> usize {
        7 + self.count(position)
    }

    /// What the tracer writes for the parameter at this position when it answers.
    pub fn written(&self, position: usize) -> Result<Option<String>> {
        if !self.is_answered() {
            return Ok(None);
        }
        let parameter = &self.contract.parameters[position];
        if let Some((buffer, true)) = self.contract.measured_by(parameter.name.text).next() {
            let content = format!("number({}, {})", self.filled(buffer), self.pointee(self.to(position)?)?);
            return Ok(Some(content).filter(|_| !self.is_missing(buffer)));
        }
        let Meaning::Memory { direction: Direction::Ret, ty, .. } = &parameter.meaning else {
            return Ok(None);
        };
        let size =
            if ty.text == "SockAddr" { self.filled(parameter).to_string() } else { self.size(parameter)? };
        Ok(Some(format!("fill({:#018x}, {size})", self.bits(position))))
    }

    /// How much of a buffer the kernel seems to have filled: not all of it.
    fn filled(&self, buffer: &Parameter<'a>) -> usize {
        self.elements(buffer) - 1
    }

    /// The call's result, and what the function makes of it.
    pub fn result(&self) -> Result<(String, Option<String>)> {
        let width = self.types.model.types.target.abi.width;
        // No error, and of 32 bits the topmost one: addresses and counts have it.
        let bits = self.bits(RESULT);
        let word = if width == 64 { bits >> 2 } else { (bits as u32 & 0xbfff_ffff) as i32 as u64 };
        let number = bits & 0x7fff_ffff;
        let told = |value: u64, size: u32| {
            Ok((value.cast_signed().to_string(), Some(format!("number({value:#018x}, {size})"))))
        };
        match &self.contract.result {
            Output::Nothing | Output::Never => Ok(("0".to_owned(), None)),
            Output::Count | Output::Want(_) | Output::Pointer => told(word, width / 8),
            Output::Descriptor => told(number, 4),
            Output::Value(ty, _) => {
                let size = self.types.value(*ty)?.bits / 8;
                let value = if size == 8 && width == 64 { word } else { number };
                told(if self.form == Form::None { 0 } else { value }, size)
            }
            Output::Length(name) => {
                let buffer = self.contract.parameter(name.text).expect("the parser has found it");
                told(self.filled(buffer) as u64, width / 8)
            }
        }
    }

    /// What the function must give, and the source that calls it and tells it.
    pub fn make(&self) -> Result<(Vec<String>, String)> {
        let mut arguments = Vec::new();
        for position in 0..self.contract.parameters.len() {
            arguments.extend(self.argument(position)?);
        }
        let module = self.contract.module.map(|module| format!("r#{module}::")).unwrap_or_default();
        let call = format!("sys::{module}r#{}({})", self.contract.name.text, arguments.join(", "));
        if matches!(self.contract.result, Output::Never) {
            return Ok((Vec::new(), if self.never { call } else { format!("Some({call})") }));
        }
        let (mut told, mut names, mut tell) = (Vec::new(), Vec::new(), String::new());
        let mut add = |contents: Vec<String>, how: &str| {
            let name = ["a", "b", "c", "d"][names.len()];
            tell += &how.replace('@', name);
            names.push(name);
            told.extend(contents);
        };
        match (self.result()?.1, self.uninitialised()) {
            (None, _) => {}
            (Some(content), None) => add(vec![content], "tell(@); "),
            (Some(content), Some(buffer)) => {
                let rest = self.elements(buffer) - self.filled(buffer);
                let rest = format!("number({rest}, {})", self.types.model.types.pointer_size());
                add(vec![content, rest], "tell(@.0.len()); tell(@.1.len()); ");
            }
        }
        for (position, parameter) in self.contract.parameters.iter().enumerate() {
            let Meaning::Memory { direction: Direction::Ret, ty, .. } = &parameter.meaning else { continue };
            let seed = self.bits(position);
            match ty.text {
                "SockAddr" => {
                    add(
                        vec![format!("fill({seed:#018x}, {})", self.filled(parameter))],
                        "tell_bytes(@.as_bytes()); ",
                    );
                }
                _ => {
                    let holes: Vec<_> = self.types.holes(*ty)?;
                    let holes = holes.iter().map(|at| format!("Patch {{ at: {at}, size: 1, value: None }}"));
                    let holes = holes.collect::<Vec<_>>().join(", ");
                    let size = self.size(parameter)?;
                    add(
                        vec![format!(
                            "Content::Fill {{ seed: {seed:#018x}, size: {size}, except: &[{holes}] }}"
                        )],
                        "tell(@); ",
                    );
                }
            }
        }
        if self.form == Form::None {
            told.clear();
        }
        let values = match &names[..] {
            [] => "()".to_owned(),
            [one] => (*one).to_owned(),
            several => format!("({})", several.join(", ")),
        };
        let option = matches!(self.contract.result, Output::Value(_, true));
        let some = if option { format!("Some({values})") } else { values };
        Ok((
            told,
            match (self.contract.infallible, option) {
                (true, true) => format!("if let {some} = {call} {{ {tell}}} None"),
                (true, false) => format!("let {some} = {call}; {tell}None"),
                (false, true) => {
                    format!(
                        "match {call} {{ Ok({some}) => {{ {tell}None }} Ok(None) => None, Err(error) => Some(error) }}"
                    )
                }
                (false, false) if names.is_empty() => format!("{call}.err()"),
                (false, false) => {
                    format!("match {call} {{ Ok({some}) => {{ {tell}None }} Err(error) => Some(error) }}")
                }
            },
        ))
    }

    /// The argument of the function, if the parameter at this position is one.
    fn argument(&self, position: usize) -> Result<Option<String>> {
        let parameter = &self.contract.parameters[position];
        let measures = self.contract.measured_by(parameter.name.text).next().is_some();
        if parameter.fixed.is_some() || measures {
            return Ok(None);
        }
        let (seed, missing) = (self.bits(position), self.is_missing(parameter));
        let at = format!("{position}, {seed:#018x}");
        let argument = match &parameter.meaning {
            Meaning::Memory { direction: Direction::Ret, .. } | Meaning::Half(_, true) => return Ok(None),
            // An address has a null of its own.
            Meaning::Address if missing => return Ok(Some("arg(0)".to_owned())),
            Meaning::Address => return Ok(Some(format!("arg({seed:#018x})"))),
            _ if missing => "None".to_owned(),
            Meaning::Descriptor => format!("fd({:#x})", seed & 0x7fff_ffff),
            Meaning::OwnDescriptor => format!("owned({:#x})", seed & 0x7fff_ffff),
            Meaning::InoutDescriptor => format!("&mut kept({:#x})", seed & 0x7fff_ffff),
            Meaning::Word => format!("arg::<usize>({seed:#018x})"),
            Meaning::Value(_) | Meaning::Plain => {
                let to = self.to(position)?;
                let bits = self.narrowed(parameter, seed, self.integer(position, to)?, to)?;
                format!("arg({bits:#018x})")
            }
            Meaning::Slot(_) | Meaning::Half(..) => format!("arg({seed:#018x})"),
            Meaning::Path | Meaning::String => format!("text({at}, {})", self.text_length(position)),
            Meaning::Memory { direction, ty, length, .. } => {
                let mutable = *direction != Direction::In;
                let reference = |code: String| if mutable { code } else { format!("&*{code}") };
                match (ty.text, length) {
                    ("SockAddr", _) => format!("&address({at}, {})", self.elements(parameter)),
                    ("cstrs", Length::Null) => format!("strings::<{STRINGS}>({at})"),
                    ("slices", _) => {
                        let mutable = if mutable { "_mut" } else { "" };
                        format!("slices{mutable}::<{}>({at})", self.elements(parameter))
                    }
                    (_, Length::By(_) | Length::Through(_)) => {
                        let element = self.element(parameter, *ty);
                        reference(format!("list{element}({at}, {})", self.elements(parameter)))
                    }
                    _ => reference(format!("one({at})")),
                }
            }
        };
        Ok(Some(if parameter.optional && !missing { format!("Some({argument})") } else { argument }))
    }

    /// The type of the elements, where the function takes any buffer and does not say it.
    fn element(&self, parameter: &Parameter<'a>, ty: Token<'a>) -> String {
        if !self.is_any(parameter) {
            return String::new();
        }
        let module = if self.types.value(ty).is_ok() { "" } else { "uapi::" };
        match self.uninitialised() {
            None => format!("::<{module}{}>", ty.text),
            Some(_) => format!("::<MaybeUninit<{module}{}>>", ty.text),
        }
    }

    /// Whether the function takes any kind of buffer here.
    fn is_any(&self, parameter: &Parameter<'a>) -> bool {
        let Meaning::Memory { direction: Direction::Out, .. } = parameter.meaning else { return false };
        let filled =
            matches!(&self.contract.result, Output::Length(name) if name.text == parameter.name.text);
        filled && !parameter.optional
    }

    /// The buffer that is not initialised before the call: the second call has such a one where it can.
    fn uninitialised(&self) -> Option<&Parameter<'a>> {
        let any = self.contract.parameters.iter().find(|parameter| self.is_any(parameter));
        any.filter(|_| self.form == Form::Bare)
    }
}
