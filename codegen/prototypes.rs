//! The prototypes of the kernel's entry points, and what `raw` knows beyond them.

use super::{
    abi::{self, Abi, AbiSet, Target},
    ctype::{self, Declaration, TypeName},
    error::{Place, Result},
    table::{Cell, Index, Row, Table},
};

/// A row of prototypes.tbl or its override.
pub struct Prototype<'a> {
    pub result: TypeName<'a>,
    /// The parameters in C.
    pub text: &'a str,
    pub parameters: Vec<Declaration<'a>>,
    /// The parameters stand in a block that one pointer leads to.
    pub block: bool,
    place: Place<'a>,
}

/// Adds the target's rows of a table; rows that are there already, of a table with precedence, stay.
pub fn parse<'a>(
    table: Table<'a>,
    abis: &[Abi<'_>],
    target: Target<'_>,
    all: &mut Index<'a, Prototype<'a>>,
) -> Result<()> {
    for row in table.rows() {
        row.at_most(4)?;
        let entry = row.cell(0, "an entry point")?;
        let result = row.cell(2, "the type of the result")?;
        let parameters = row.cell(3, "parameters")?;
        if !AbiSet::parse(row.cell(1, "ABIs")?, abis)?.contains(target) {
            continue;
        }
        if let Some(known) = all.get(entry.identifier()?) {
            if known.place.file == table.file {
                abi::reject_duplicate(Some(known.place), entry, target)?;
            }
            continue;
        }
        let (declarations, block) = ctype::parse_parameters(parameters)?;
        let prototype = Prototype {
            result: ctype::parse_type(result)?,
            text: parameters.text,
            parameters: declarations,
            block,
            place: entry.place,
        };
        all.insert(entry.text, prototype);
    }
    Ok(())
}

/// The target's rows of raw.tbl.
pub struct Rules<'a>(Vec<Rule<'a>>);

struct Rule<'a> {
    line: usize,
    kind: Kind,
    entry: &'a str,
    rest: Option<Cell<'a>>,
}

impl Rule<'_> {
    fn matches(&self, entry: &str) -> bool {
        match self.entry.strip_suffix('*') {
            Some(prefix) => entry.starts_with(prefix),
            None => entry == self.entry,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ptr,
    Arg,
    Never,
    Omit,
}

impl<'a> Rules<'a> {
    pub fn parse(table: Table<'a>, abis: &[Abi<'_>], target: Target<'_>) -> Result<Self> {
        let rule = |row: Row<'a>| {
            let kind = row.cell(0, "a kind")?;
            let (kind, rest) = match kind.text {
                "ptr" => (Kind::Ptr, Some(row.cell(2, "names of parameters")?)),
                "arg" => (Kind::Arg, Some(row.cell(2, "names of parameters")?)),
                "never" => (Kind::Never, None),
                "omit" => (Kind::Omit, Some(row.cell(2, "a reason")?)),
                _ => return Err(kind.expected("`ptr`, `arg`, `never` or `omit`")),
            };
            row.at_most(if rest.is_some() { 3 } else { 2 })?;
            let (entry, set) = row.cell(1, "an entry point")?.split_once('@');
            if let Some(set) = set
                && !AbiSet::parse(set, abis)?.contains(target)
            {
                return Ok(None);
            }
            Ok(Some(Rule { line: entry.place.line, kind, entry: entry.text, rest }))
        };
        table.rows().filter_map(|row| rule(row).transpose()).collect::<Result<_>>().map(Self)
    }

    /// Refuses a rule for a parameter that its entry point, one that the target uses, does not have.
    pub fn check(&self, entry: &str, prototype: &Prototype<'_>) -> Result<()> {
        let named = |rule: &&Rule<'_>| matches!(rule.kind, Kind::Ptr | Kind::Arg) && rule.entry == entry;
        for rule in self.0.iter().filter(named) {
            let Some(names) = rule.rest else { continue };
            let known = |name| {
                name == "return" || prototype.parameters.iter().any(|parameter| parameter.name == name)
            };
            if let Some(unknown) = names.list().find(|cell| !known(cell.text)) {
                return Err(unknown.expected(&format!("a parameter of {}, or `return`", rule.entry)));
            }
        }
        Ok(())
    }

    /// The rules, by their line, that none of the entry points has a use for.
    pub fn idle(&self, entries: &[&str]) -> impl Iterator<Item = usize> {
        self.0.iter().filter(|rule| !entries.iter().any(|entry| rule.matches(entry))).map(|rule| rule.line)
    }

    fn matching(&self, kind: Kind, entry: &str) -> impl Iterator<Item = &Rule<'a>> {
        self.0.iter().filter(move |rule| rule.kind == kind && rule.matches(entry))
    }

    fn names(&self, kind: Kind, entry: &str, name: &str) -> bool {
        self.matching(kind, entry)
            .any(|rule| rule.rest.is_some_and(|names| names.list().any(|cell| cell.text == name)))
    }

    /// Whether a parameter, or `return`, is an address.
    pub fn is_pointer(&self, entry: &str, name: &str) -> bool {
        self.names(Kind::Ptr, entry, name)
    }

    /// Whether what a parameter is depends on another one.
    pub fn is_arg(&self, entry: &str, name: &str) -> bool {
        self.names(Kind::Arg, entry, name)
    }

    pub fn never_returns(&self, entry: &str) -> bool {
        self.matching(Kind::Never, entry).next().is_some()
    }

    /// Why the call has no function in `raw`.
    pub fn omitted(&self, entry: &str) -> Option<&'a str> {
        self.matching(Kind::Omit, entry).find_map(|rule| rule.rest.map(|cell| cell.text))
    }
}
