//! No file of the library leads back to itself: what a file names can be read before it. The compiler does not ask for that
//! inside a crate; reading its sources does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::floors::{collect, module_path, tokens};

/// A module by its names from the root of the crate; the root itself has none.
type Module = Vec<String>;

#[test]
fn no_file_leads_back_to_itself() {
    for package in ["eventsourcing", "eventsourcing-derive", "private-postgres"] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src");
        let mut files = Vec::new();
        collect(&sources, &mut files);
        let sources: BTreeMap<Module, String> = files
            .iter()
            .map(|file| (module_path(file.strip_prefix(&sources).unwrap()), fs::read_to_string(file).unwrap()))
            .collect();
        let lines: Vec<String> = circles(&sources).iter().map(|circle| circle.join(", ")).collect();
        assert!(lines.is_empty(), "files of {package} that lead back to themselves:\n{}", lines.join("\n"));
    }
}

/// The groups of modules that use each other in a circle.
fn circles(sources: &BTreeMap<Module, String>) -> Vec<Vec<String>> {
    let parsed: BTreeMap<&Module, Paths> =
        sources.iter().map(|(module, source)| (module, Paths::of(module, source))).collect();
    let uses: BTreeMap<&Module, BTreeSet<&Module>> = parsed
        .iter()
        .map(|(module, paths)| {
            let used = paths.used.iter().filter_map(|path| place_of(path, &parsed));
            // What the root names is the whole of the crate, and nothing names the root but by what stands elsewhere.
            (*module, used.filter(|used| used != module && !used.is_empty()).collect())
        })
        .collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = uses.keys().map(|from| (*from, reached(from, &uses))).collect();
    let mut groups = BTreeSet::new();
    for (module, after) in &reached {
        if after.contains(module) {
            let group = after.iter().filter(|other| reached[*other].contains(module));
            groups.insert(group.map(|module| module.join("::")).collect::<Vec<_>>());
        }
    }
    groups.into_iter().collect()
}

/// All that is used by a module, or by what it uses.
fn reached<'a>(from: &Module, uses: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&Module> = uses[from].iter().copied().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(&uses[module]);
        }
    }
    reached
}

/// The module in which the item at a path stands. What a module hands on (`pub use`) stands where it comes from.
fn place_of<'a>(path: &[String], parsed: &BTreeMap<&'a Module, Paths>) -> Option<&'a Module> {
    let length = (0..=path.len()).rev().find(|length| parsed.contains_key(&path[..*length].to_vec()))?;
    let (module, paths) = parsed.get_key_value(&path[..length].to_vec())?;
    let handed_on = path.get(length).and_then(|name| paths.handed_on.get(name));
    handed_on.and_then(|origin| place_of(origin, parsed)).or(Some(module))
}

/// The paths that a module names outside of its tests, from the root of the crate.
#[derive(Default)]
struct Paths {
    used: BTreeSet<Module>,
    /// By the last name: what stands elsewhere and can be named here as well.
    handed_on: BTreeMap<String, Module>,
}

impl Paths {
    fn of(module: &Module, source: &str) -> Self {
        let tokens = tokens(source);
        let mut paths = Self::default();
        let (mut braces, mut tests_since, mut at) = (0, None, 0);
        while at < tokens.len() {
            match tokens[at].as_str() {
                "{" => {
                    braces += 1;
                    if at >= 2 && tokens[at - 2] == "mod" && tokens[at - 1] == "tests" {
                        tests_since = tests_since.or(Some(braces));
                    }
                }
                "}" => {
                    tests_since = tests_since.filter(|since| *since != braces);
                    braces -= 1;
                }
                _ if is_path(&tokens[at..]) && !(at > 0 && tokens[at - 1] == "in") => {
                    let is_handed_on = is_handed_on(&tokens[..at]);
                    at += follow(&tokens[at..], module.clone(), true, &mut |path| {
                        if is_handed_on {
                            paths.handed_on.extend(path.last().map(|name| (name.clone(), path.to_vec())));
                        } else if tests_since.is_none() {
                            paths.used.insert(path.to_vec());
                        }
                    });
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        paths
    }
}

/// Whether what comes before is `pub use`, with or without a restriction.
fn is_handed_on(before: &[String]) -> bool {
    let [rest @ .., last] = before else { return false };
    let visibility = rest.iter().rposition(|token| token == "pub");
    last == "use"
        && visibility
            .is_some_and(|at| rest[at + 1..].iter().all(|token| token != ";" && token != "}" && token != "use"))
}

fn is_path(tokens: &[String]) -> bool {
    let is_name = |token: &String| token.starts_with(|first: char| first.is_alphabetic() || first == '_');
    tokens.first().is_some_and(is_name) && tokens.get(1).is_some_and(|next| next == "::")
}

/// Follows a path, or each of a tree of paths, from a module on; how many tokens that are.
fn follow(tokens: &[String], from: Module, is_start: bool, found: &mut impl FnMut(&[String])) -> usize {
    let Some(first) = tokens.first() else { return 0 };
    let mut path = from;
    match first.as_str() {
        "crate" | "eventsourcing" if is_start => path.clear(),
        "self" => {}
        "super" => drop(path.pop()),
        "{" => {
            let mut at = 1;
            while tokens.get(at).is_some_and(|token| token != "}") {
                let is_next = tokens[at] != ",";
                at += if is_next { follow(&tokens[at..], path.clone(), false, found).max(1) } else { 1 };
            }
            return at + 1;
        }
        name => path.push(name.to_owned()),
    }
    if tokens.get(1).is_some_and(|next| next == "::") {
        return 2 + follow(&tokens[2..], path, false, found);
    }
    found(&path);
    // `as` gives it another name here.
    if tokens.get(1).is_some_and(|next| next == "as") { 3 } else { 1 }
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let circles_of = |files: &[(&str, &str)]| {
        let module = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        circles(&files.iter().map(|(name, source)| (module(name), (*source).to_owned())).collect())
    };
    for files in [
        &[("a", "use crate::b::B;"), ("b", "fn f() { crate::a::f() }")][..],
        &[("a", "use crate::{c, b::{B, C}};"), ("b", "use super::{a::A};"), ("c", "")],
        &[("a", "mod b; use b::B;"), ("a::b", "use super::A;")],
        &[("a", "use self::b::B;"), ("a::b", "use super::{super::c::C};"), ("c", "use eventsourcing::a::A;")],
        &[("a", "pub use b::B;"), ("a::b", "use crate::c::C;"), ("c", "use crate::a::B;")],
    ] {
        assert_eq!(circles_of(files).len(), 1, "{files:?}");
    }
    for files in [
        &[("a", "mod b; pub use self::b::B;"), ("a::b", "use super::c::C;"), ("a::c", "")][..],
        &[("a", "mod b; pub(crate) use b::B;"), ("a::b", "use super::D;")],
        &[("a", "use crate::b::B;"), ("b", "// crate::a\nmod tests { use crate::a::A; }")],
        &[("a", "mod b; mod c;"), ("a::b", "use super::{c as d, e};"), ("a::c", ""), ("a::e", "")],
        &[("a", "use crate::B;"), ("b", "use crate::c::C;"), ("c", ""), ("", "pub use b::B; use a::A;")],
    ] {
        assert_eq!(circles_of(files), Vec::<Vec<String>>::new(), "{files:?}");
    }
}
