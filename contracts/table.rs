//! sys.tbl: the functions of `sys` for every ABI, each text once.

use super::sys::{Function, Model};
use crate::codegen::{
    Tables,
    abi::{Abi, Target},
    error::Result,
    sets,
};
use std::fmt::Write as _;

/// A text, and what it is the same on.
struct Block {
    name: String,
    adapter: Option<String>,
    text: String,
    /// The names of ABIs, and whether their big-endian half is meant.
    targets: Vec<(String, bool)>,
}

/// The text of the table.
pub fn generate(tables: Tables<'_>) -> Result<String> {
    let abis = tables.abis()?;
    let contracts = super::parse(tables.get("contracts.tbl")?)?;
    let mut blocks: Vec<Block> = Vec::new();
    for abi in &abis {
        for big_endian in [false, true].into_iter().filter(|&big_endian| abi.has_order(big_endian)) {
            let target = Target { abi, big_endian };
            let calls = tables.calls(target)?;
            let (raw, _) = tables.model(&abis, target)?;
            let sets = sets::parse(tables.get("sets.tbl")?, &abis, target)?;
            let model = Model::new(&raw, &contracts, &sets, &calls);
            add(&mut blocks, target, "use".to_owned(), None, model.aliases()?);
            for Function { module, name, by, text, .. } in model.functions()? {
                let name = module.map(|module| format!("{module}::")).unwrap_or_default() + name;
                add(&mut blocks, target, name, by.map(str::to_owned), text);
            }
        }
    }
    // Those of a module together, after those of none, and of one function one after the other.
    blocks.sort_by(|one, other| {
        let key = |block: &Block| (block.name != "use", block.name.contains("::"), block.name.clone());
        key(one).cmp(&key(other))
    });
    let mut out = String::from("#NAME\tABIS\tADAPTER\n");
    for Block { name, adapter, text, targets } in blocks {
        write!(out, "{name}\t{}", columns(&abis, &targets)).unwrap();
        writeln!(out, "{}", adapter.map(|adapter| format!("\t{adapter}")).unwrap_or_default()).unwrap();
        for line in text.lines().filter(|line| !line.is_empty()) {
            writeln!(out, "\t{line}").unwrap();
        }
    }
    Ok(out)
}

fn add(blocks: &mut Vec<Block>, target: Target<'_>, name: String, adapter: Option<String>, text: String) {
    let target = (target.abi.name.to_owned(), target.big_endian);
    match blocks.iter_mut().find(|block| block.name == name && block.text == text) {
        Some(block) => block.targets.push(target),
        None => blocks.push(Block { name, adapter, text, targets: vec![target] }),
    }
}

/// The column ABIS.
fn columns(abis: &[Abi<'_>], targets: &[(String, bool)]) -> String {
    let has = |abi: &Abi<'_>, big_endian| targets.contains(&(abi.name.to_owned(), big_endian));
    let whole =
        |abi: &Abi<'_>| [false, true].into_iter().all(|order| !abi.has_order(order) || has(abi, order));
    if abis.iter().all(whole) {
        return "*".to_owned();
    }
    let names: Vec<_> = abis
        .iter()
        .filter_map(|abi| match (whole(abi), has(abi, false), has(abi, true)) {
            (true, ..) => Some(abi.name.to_owned()),
            (_, true, _) => Some(format!("{}/le", abi.name)),
            (_, _, true) => Some(format!("{}/be", abi.name)),
            _ => None,
        })
        .collect();
    names.join(",")
}
