//! The order of the functions in the WASM module.
//!
//! What unpacks gzip looks back 32 kB. As functions come, those that say nearly the same, an instance for each type,
//! lie megabytes apart; side by side they take a tenth less. What is the same to the byte is kept once.

#![expect(clippy::indexing_slicing, reason = "functions and runs are numbered here, from 0 on")]

use std::collections::{HashMap, VecDeque};

use anyhow::{Context as _, Result};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, KnownCustom, Name, Payload,
};

/// Functions are alike if they share runs of this many bytes.
const RUN_BYTES: usize = 6;
/// How far back a function looks for its like: nearer than gzip does, whose matches cost less the closer they are.
const WINDOW_BYTES: usize = 16 << 10;

/// A module, and what its functions are called.
pub(crate) struct Ordered {
    /// Without names.
    pub(crate) module: Vec<u8>,
    /// Of each function that it defines, in order. They are numbered from `imported` on.
    pub(crate) names: Vec<String>,
    /// How many functions it imports.
    pub(crate) imported: u32,
}

/// The functions that a module defines.
struct Functions<'a> {
    imported: u32,
    names: HashMap<u32, &'a str>,
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
}

/// Where each function goes.
struct Plan {
    imported: u32,
    /// Those that stay, in their new order.
    kept: Vec<usize>,
    /// The place in it of what a function becomes.
    place: Vec<u32>,
}

/// The same module, like beside like.
pub(crate) fn order(module: &[u8]) -> Result<Ordered> {
    let functions = Functions::of(module)?;
    let (imported, count) = (functions.imported, functions.bodies.len() as u32);
    let name = |index| functions.names.get(&index).copied().unwrap_or_default().to_owned();
    let mut names: Vec<String> = (imported..imported + count).map(name).collect();
    let mut module = module.to_vec();
    // What calls one of two that became one may be the same now.
    loop {
        let functions = Functions::of(&module)?;
        let twins = functions.without_twins();
        let done = twins.kept.len() == names.len();
        let plan = if done { functions.by_likeness() } else { twins };
        names = plan.kept.iter().map(|index| std::mem::take(&mut names[*index])).collect();
        module = rewrite(&module, plan)?;
        if done {
            return Ok(Ordered { module, names, imported });
        }
    }
}

impl<'a> Functions<'a> {
    fn of(module: &'a [u8]) -> Result<Self> {
        let mut functions =
            Self { imported: 0, names: HashMap::new(), types: Vec::new(), bodies: Vec::new() };
        for payload in wasmparser::Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        functions.imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(section) => {
                    functions.types = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => functions.bodies.push(body),
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(sections) = section.as_known() else { continue };
                    for names in sections {
                        let Name::Function(names) = names? else { continue };
                        for name in names {
                            let name = name?;
                            functions.names.insert(name.index, name.name);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(functions)
    }

    /// Of functions that are the same, the first.
    fn without_twins(&self) -> Plan {
        let mut first: HashMap<(u32, &[u8]), u32> = HashMap::new();
        let (mut kept, mut place) = (Vec::new(), Vec::new());
        for (index, (body, kind)) in self.bodies.iter().zip(&self.types).enumerate() {
            place.push(*first.entry((*kind, body.as_bytes())).or_insert_with(|| {
                kept.push(index);
                kept.len() as u32 - 1
            }));
        }
        Plan { imported: self.imported, kept, place }
    }

    /// From the longest on, always the one next of which most has been said before.
    fn by_likeness(&self) -> Plan {
        let mut numbers = HashMap::new();
        let runs: Vec<Vec<usize>> = self
            .bodies
            .iter()
            .map(|body| {
                let mut runs: Vec<usize> = body
                    .as_bytes()
                    .windows(RUN_BYTES)
                    .map(|run| {
                        let next = numbers.len();
                        *numbers.entry(run).or_insert(next)
                    })
                    .collect();
                runs.sort_unstable();
                runs.dedup();
                runs
            })
            .collect();
        let mut having: Vec<Vec<usize>> = vec![Vec::new(); numbers.len()];
        for (index, runs) in runs.iter().enumerate() {
            runs.iter().for_each(|run| having[*run].push(index));
        }
        // How often a run stands in the window, and how many of a function's runs do.
        let (mut standing, mut said) = (vec![0_u32; numbers.len()], vec![0_u32; runs.len()]);
        let (mut window, mut window_bytes) = (VecDeque::new(), 0);
        let mut left: Vec<usize> = (0..runs.len()).collect();
        left.sort_by_key(|index| self.length(*index));
        let mut kept = Vec::new();
        let mut next = left.pop();
        while let Some(index) = next {
            kept.push(index);
            window.push_back(index);
            window_bytes += self.length(index);
            for run in &runs[index] {
                standing[*run] += 1;
                if standing[*run] == 1 {
                    having[*run].iter().for_each(|index| said[*index] += 1);
                }
            }
            while window_bytes > WINDOW_BYTES && window.len() > 1 {
                let Some(gone) = window.pop_front() else { break };
                window_bytes -= self.length(gone);
                for run in &runs[gone] {
                    standing[*run] -= 1;
                    if standing[*run] == 0 {
                        having[*run].iter().for_each(|index| said[*index] -= 1);
                    }
                }
            }
            // A few runs more, so that the shortest, of which little can be new, do not all come first.
            let share = |index: usize| f64::from(said[index]) / (runs[index].len() as f64 + 4.0);
            let best = (0..left.len()).max_by(|a, b| share(left[*a]).total_cmp(&share(left[*b])));
            next = best.map(|at| left.swap_remove(at));
        }
        let mut place = vec![0; kept.len()];
        kept.iter().zip(0..).for_each(|(index, at)| place[*index] = at);
        Plan { imported: self.imported, kept, place }
    }

    fn length(&self, index: usize) -> usize {
        self.bodies[index].range().len()
    }
}

fn rewrite(module: &[u8], mut plan: Plan) -> Result<Vec<u8>> {
    let mut out = wasm_encoder::Module::new();
    plan.parse_core_module(&mut out, wasmparser::Parser::new(0), module)
        .context("the WASM module with its functions in another order")?;
    Ok(out.finish())
}

impl Reencode for Plan {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        Ok(match index.checked_sub(self.imported) {
            Some(defined) => self.imported + self.place[defined as usize],
            None => index,
        })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut wasm_encoder::FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.kept.iter().for_each(|index| {
            functions.function(types[*index]);
        });
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut wasm_encoder::Module,
        section: CustomSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        // Names are for whoever looks for a fault.
        if section.name() == "name" { Ok(()) } else { utils::parse_custom_section(self, module, section) }
    }

    fn parse_code_section(
        &mut self,
        code: &mut wasm_encoder::CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for index in self.kept.clone() {
            utils::parse_function_body(self, code, bodies[index].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
        FunctionSection, ImportSection, Module, NameMap, NameSection, RefType, TableSection, TableType,
        TypeSection, ValType,
    };
    use wasmparser::{ExternalKind, Operator, Payload};

    use super::{Functions, order};

    /// One import, then functions of the bodies' types that return a number, or what another function returns.
    enum Body {
        Number(u32, i64),
        Call(u32, u32),
    }

    fn module(bodies: &[Body], exports: &[(&str, u32)]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I64]);
        types.ty().function([ValType::I64], [ValType::I64]);
        let mut imports = ImportSection::new();
        imports.import("page", "time", EntityType::Function(0));
        let (mut functions, mut code, mut names) =
            (FunctionSection::new(), CodeSection::new(), NameMap::new());
        for (body, index) in bodies.iter().zip(1..) {
            let mut function = Function::new([]);
            match body {
                Body::Number(kind, number) => {
                    functions.function(*kind);
                    // Long enough to be alike.
                    for more in 0..40 {
                        function.instructions().i64_const(number + more).drop();
                    }
                    function.instructions().i64_const(*number).end();
                }
                Body::Call(kind, to) => {
                    functions.function(*kind);
                    function.instructions().call(*to).end();
                }
            }
            code.function(&function);
            names.append(index, &format!("f{index}"));
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 3,
            maximum: None,
            shared: false,
        });
        let mut elements = ElementSection::new();
        elements.active(Some(0), &ConstExpr::i32_const(0), Elements::Functions([0, 3, 1][..].into()));
        let mut exported = ExportSection::new();
        for (name, index) in exports {
            exported.export(name, ExportKind::Func, *index);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&exported);
        module.section(&elements).section(&code).section(&section);
        module.finish()
    }

    /// What a function comes to: an import, a number, or a call's.
    fn meaning(module: &[u8], index: u32) -> (u32, String) {
        let functions = Functions::of(module).unwrap();
        let Some(defined) = index.checked_sub(functions.imported) else { return (0, "time".to_owned()) };
        let kind = functions.types[defined as usize];
        let mut last = String::new();
        for operator in functions.bodies[defined as usize].get_operators_reader().unwrap() {
            match operator.unwrap() {
                Operator::Call { function_index } => last = meaning(module, function_index).1,
                Operator::I64Const { value } => last = value.to_string(),
                _ => {}
            }
        }
        (kind, last)
    }

    /// The functions that have a name outside, or a place in the table.
    fn used(module: &[u8]) -> Vec<(String, u32)> {
        let mut used = Vec::new();
        for payload in wasmparser::Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ExportSection(section) => used.extend(section.into_iter().map(|export| {
                    let export = export.unwrap();
                    assert_eq!(export.kind, ExternalKind::Func);
                    (export.name.to_owned(), export.index)
                })),
                Payload::ElementSection(section) => {
                    for element in section {
                        let wasmparser::ElementItems::Functions(items) = element.unwrap().items else {
                            continue;
                        };
                        used.extend(items.into_iter().map(|item| ("table".to_owned(), item.unwrap())));
                    }
                }
                _ => {}
            }
        }
        used
    }

    #[test]
    fn whatever_is_used_means_what_it_meant() {
        use Body::{Call, Number};
        // 1 and 6 are alike, 3 is another type, 2 and 4 are the same and so are those who call them.
        let bodies = [
            Number(0, 7),
            Number(0, 1_000_000),
            Number(1, 1_000_000),
            Number(0, 1_000_000),
            Number(0, -60),
            Number(0, 8),
            Call(0, 2),
            Call(0, 4),
            Call(0, 0),
            Call(1, 1),
        ];
        let exports: Vec<_> =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].into_iter().zip(1..).collect();
        let before = module(&bodies, &exports);
        let after = order(&before).unwrap();
        wasmparser::validate(&after.module).unwrap();
        let said = |module: &[u8]| {
            let used = used(module).into_iter();
            used.map(|(name, index)| (name, meaning(module, index))).collect::<Vec<_>>()
        };
        assert_eq!(said(&after.module), said(&before));
        assert_eq!(said(&before).len(), 13);
        // Two are gone; names go with what they name.
        assert_eq!((after.imported, after.names.len()), (1, 8));
        for (name, index) in used(&after.module).into_iter().take(1) {
            assert_eq!((name.as_str(), after.names[index as usize - 1].as_str()), ("a", "f1"));
        }
        assert!(!after.names.iter().any(|name| name == "f4" || name == "f8"));
        let at = |name: &str| after.names.iter().position(|found| found == name).unwrap();
        assert_eq!(at("f1").abs_diff(at("f6")), 1, "{:?}", after.names);
    }
}
