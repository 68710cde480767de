//! What one target makes of the names: libclang is asked twice, for the names that the headers define and for their values.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use clang::diagnostic::Severity;
use clang::{EntityKind, Index, TranslationUnit, Unsaved};

/// A unit of C: where it stands, how it is read, and its beginning.
pub struct Unit<'a> {
    pub index: &'a Index<'a>,
    pub source: &'a Path,
    pub arguments: &'a [String],
    pub includes: &'a str,
}

/// A name, and the expression for its value.
pub struct Question<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// A macro may have been undefined again.
    pub condition: Option<&'a str>,
}

const PREFIX: &str = "ring3_value_";
const SIGN: &str = "ring3_sign_";

impl Unit<'_> {
    /// The macros without parameters and the enumerators, in the order of their definition; true for a macro.
    pub fn names(&self) -> Result<Vec<(String, bool)>> {
        let parsed = self.parse(self.includes)?;
        let (unit, problems) = (&parsed, problems(&parsed));
        if !problems.is_empty() {
            bail!("{}", problems.join("\n"));
        }
        let mut names = Vec::new();
        for entity in unit.get_entity().get_children() {
            match entity.get_kind() {
                EntityKind::MacroDefinition
                    if !entity.is_builtin_macro() && !entity.is_function_like_macro() =>
                {
                    names.extend(entity.get_name().map(|name| (name, true)));
                }
                EntityKind::EnumDecl => names.extend(
                    entity.get_children().iter().filter_map(|value| Some((value.get_name()?, false))),
                ),
                _ => {}
            }
        }
        Ok(names)
    }

    /// The values of those that have one; what has a definition and no value is a problem.
    pub fn values(&self, questions: &[Question<'_>]) -> Result<BTreeMap<String, i64>> {
        let mut text = self.includes.to_owned();
        for Question { name, value, condition } in questions {
            // The negative one keeps clang from an unsigned type, whose values come back with the sign of their highest bit.
            let probe = format!(
                "#line 1 \"{name}\"\nenum {{ {PREFIX}{name} = (long long)({value}), {SIGN}{name} = -1 }};\n"
            );
            match condition {
                Some(condition) => write!(text, "#ifdef {condition}\n{probe}#endif\n")?,
                None => text += &probe,
            }
        }
        let parsed = self.parse(&text)?;
        let problems = problems(&parsed);
        if !problems.is_empty() {
            bail!("expected integers; leave out what is none:\n  {}", problems.join("\n  "));
        }
        let mut values = BTreeMap::new();
        for entity in parsed.get_entity().get_children() {
            if entity.get_kind() != EntityKind::EnumDecl {
                continue;
            }
            for value in entity.get_children() {
                let name = value.get_name().unwrap_or_default();
                if let (Some(name), Some((number, _))) =
                    (name.strip_prefix(PREFIX), value.get_enum_constant_value())
                {
                    values.insert(name.to_owned(), number);
                }
            }
        }
        Ok(values)
    }

    fn parse(&self, text: &str) -> Result<TranslationUnit<'_>> {
        // Libclang takes an unsaved file only where one exists.
        fs::write(self.source, "")?;
        self.index
            .parser(self.source)
            .arguments(self.arguments)
            .detailed_preprocessing_record(true)
            .unsaved(&[Unsaved::new(self.source, text)])
            .parse()
            .map_err(|error| anyhow!("libclang: {error}"))
    }
}

fn problems(unit: &TranslationUnit<'_>) -> Vec<String> {
    unit.get_diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.get_severity() >= Severity::Error)
        .map(|diagnostic| {
            let (file, line, _) = diagnostic.get_location().get_presumed_location();
            format!("{file}:{line}: {}", diagnostic.get_text())
        })
        .collect()
}
