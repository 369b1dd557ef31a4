//! The floors of the house: what a module names lies on its own floor or below it. The compiler does not stop cycles
//! inside a crate; reading its sources does.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Modules, and what they build on.
struct Floor {
    name: &'static str,
    modules: &'static [&'static str],
    /// Whether a module may use only those before it, or all of its floor.
    is_ordered: bool,
    below: &'static [&'static str],
    /// The crates that must not be named here.
    never: &'static [&'static str],
}

const FLOORS: &[Floor] = &[
    Floor {
        name: "vocabulary",
        modules: &["vocabulary"],
        is_ordered: true,
        below: &[],
        never: &["sqlx", "tokio", "serde_json", "futures_core", "futures_util"],
    },
    Floor {
        name: "faults",
        modules: &["mutants"],
        is_ordered: true,
        below: &["vocabulary"],
        never: &["sqlx", "tokio"],
    },
    Floor {
        name: "codec, schema and lock",
        modules: &["codec", "schema", "compiled", "lock"],
        is_ordered: true,
        below: &["vocabulary", "faults"],
        never: &["sqlx", "tokio", "futures_core", "futures_util"],
    },
    Floor {
        name: "port",
        modules: &["port"],
        is_ordered: true,
        below: &["vocabulary", "codec, schema and lock"],
        never: &["sqlx", "tokio", "serde_json"],
    },
    Floor { name: "pauses", modules: &["backoff"], is_ordered: true, below: &[], never: &["sqlx", "serde_json"] },
    Floor {
        name: "parts of adapters",
        modules: &["lane", "columns"],
        is_ordered: true,
        below: &["vocabulary", "port"],
        never: &["sqlx"],
    },
    Floor {
        name: "adapters",
        modules: &["postgres"],
        is_ordered: true,
        below: &["vocabulary", "port", "pauses", "parts of adapters"],
        never: &[],
    },
    Floor {
        name: "embedded adapter",
        modules: &["sqlite"],
        is_ordered: true,
        below: &["vocabulary", "port", "pauses", "parts of adapters"],
        never: &[],
    },
    Floor {
        name: "behaviour",
        modules: &["engine", "handles", "aggregates", "consumers"],
        is_ordered: true,
        below: &["vocabulary", "codec, schema and lock", "port", "pauses"],
        never: &["sqlx"],
    },
    Floor {
        name: "testing",
        modules: &["testing"],
        is_ordered: true,
        below: &["vocabulary", "codec, schema and lock", "port", "behaviour"],
        never: &["sqlx"],
    },
    Floor {
        name: "facade",
        modules: &["__private", "pg_store", "sqlite_store", "lib"],
        is_ordered: true,
        below: &[
            "vocabulary",
            "faults",
            "codec, schema and lock",
            "port",
            "adapters",
            "embedded adapter",
            "behaviour",
            "testing",
        ],
        never: &[],
    },
];

#[test]
fn no_module_uses_one_above_it() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&sources, &mut files);
    assert!(files.len() > 20, "only {} source files found", files.len());
    let faults: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(&sources).unwrap();
            let source = fs::read_to_string(file).unwrap();
            faults(&module_path(path), &source).into_iter().map(|fault| format!("{}: {fault}", path.display()))
        })
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

pub(super) fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Of `postgres/read.rs`, `["postgres", "read"]`; of `lib.rs`, nothing.
pub(super) fn module_path(file: &Path) -> Vec<String> {
    let file = file.with_extension("");
    let names = file.iter().map(|name| name.to_str().unwrap().to_owned());
    names.filter(|name| name != "mod" && name != "lib").collect()
}

/// What is wrong with the module at this path.
fn faults(module: &[String], source: &str) -> Vec<String> {
    let own = module.first().map_or("lib", String::as_str);
    let Some((floor, place)) = floor_of(own) else {
        return vec![format!("`{own}` is on no floor; enter it in this test and in DESIGN.md")];
    };
    let uses = uses(module.len(), &tokens(source));
    let inside = uses.inside.iter().filter(|name| *name != own).filter_map(|name| {
        let Some((other, other_place)) = floor_of(name) else {
            return Some(format!("`crate::{name}` is a name of the facade; name the module it is in"));
        };
        let is_own = other.name == floor.name;
        let is_allowed = is_own && (!floor.is_ordered || other_place < place) || floor.below.contains(&other.name);
        (!is_allowed).then(|| format!("`{own}` ({}) uses `{name}` ({})", floor.name, other.name))
    });
    let outside = uses.outside.iter().filter(|name| floor.never.contains(&name.as_str()));
    inside.chain(outside.map(|name| format!("`{own}` ({}) must not know `{name}`", floor.name))).collect()
}

fn floor_of(module: &str) -> Option<(&'static Floor, usize)> {
    let place = |floor: &Floor| floor.modules.iter().position(|name| *name == module);
    FLOORS.iter().find_map(|floor| Some((floor, place(floor)?)))
}

/// What a source names: of its own crate, and of others.
#[derive(Default)]
struct Uses {
    inside: Vec<String>,
    outside: Vec<String>,
}

/// `depth` is how many modules deep the source is.
fn uses(depth: usize, tokens: &[String]) -> Uses {
    let mut uses = Uses::default();
    let (mut braces, mut inline_modules) = (0, Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        let is_path_start = at == 0 || tokens[at - 1] != "::";
        let is_followed_by = |what: &str| tokens.get(at + 1).is_some_and(|next| next == what);
        match token.as_str() {
            "{" => {
                braces += 1;
                if at >= 2 && tokens[at - 2] == "mod" {
                    inline_modules.push(braces);
                }
            }
            "}" => {
                if inline_modules.last() == Some(&braces) {
                    inline_modules.pop();
                }
                braces -= 1;
            }
            "crate" | "eventsourcing" if is_path_start && is_followed_by("::") => {
                at_root(&tokens[at + 2..], 0, &mut uses.inside);
            }
            "super" if is_path_start => {
                at_root(&tokens[at..], depth + inline_modules.len(), &mut uses.inside);
            }
            name if is_path_start && is_followed_by("::") => uses.outside.push(name.to_owned()),
            _ => {}
        }
    }
    uses
}

/// Follows a path that begins `depth` modules below the root; adds the names at the root that it reaches.
fn at_root(path: &[String], depth: usize, found: &mut Vec<String>) {
    let Some(first) = path.first() else { return };
    match first.as_str() {
        "super" => at_root(path.get(2..).unwrap_or_default(), depth.saturating_sub(1), found),
        "{" => {
            let mut nested = 0;
            for (at, token) in path.iter().enumerate() {
                nested = match token.as_str() {
                    "{" => nested + 1,
                    "}" => nested - 1,
                    _ => nested,
                };
                if nested == 0 {
                    return;
                }
                if nested == 1 && (token == "{" || token == ",") && path[at + 1] != "}" {
                    at_root(&path[at + 1..], depth, found);
                }
            }
        }
        // An exported macro stands at the root, wherever it is written.
        _ if path.get(1).is_some_and(|next| next == "!") => {}
        name if depth == 0 => found.push(name.to_owned()),
        _ => {}
    }
}

/// The words and signs of a source, without comments and literals.
pub(super) fn tokens(source: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if let Some(length) = skipped(rest) {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            end
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            tokens.push(rest[..length].to_owned());
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the comment or literal at the start of a source.
fn skipped(source: &str) -> Option<usize> {
    let until = |from: usize, end: &str| source[from..].find(end).map_or(source.len(), |at| from + at + end.len());
    if source.starts_with("//") {
        return Some(until(2, "\n"));
    }
    if source.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    let raw = source.strip_prefix("br").or_else(|| source.strip_prefix('r'));
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return Some(until(source.len() - raw.len() + hashes + 1, &format!("\"{}", "#".repeat(hashes))));
        }
    }
    let text = source.strip_prefix('b').unwrap_or(source);
    let start = source.len() - text.len();
    let mut characters = text.char_indices();
    match characters.next()?.1 {
        '"' => {
            while let Some((at, character)) = characters.next() {
                match character {
                    '\\' => drop(characters.next()),
                    '"' => return Some(start + at + 1),
                    _ => {}
                }
            }
            Some(source.len())
        }
        // A lifetime has no second quote.
        '\'' => match characters.next()?.1 {
            '\\' => Some(until(start + 3, "'")),
            _ => characters.next().filter(|(_, quote)| *quote == '\'').map(|(at, _)| start + at + 1),
        },
        _ => None,
    }
}

/// The faults of a source in a module such as `postgres::read`.
fn faults_of(module: &str, source: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    faults(&module, source)
}

#[test]
fn a_way_up_is_a_fault_however_it_is_written() {
    for (module, source) in [
        ("vocabulary::record", "use crate::port::Append;"),
        ("vocabulary::stream_id", "use crate::{schema::Event};"),
        ("schema::shape", "use crate::{\n    vocabulary::{After, StreamVersion},\n    port,\n};"),
        ("port", "fn a() -> crate::postgres::Postgres { todo!() }"),
        ("postgres::read", "use super::super::handles::Stream;"),
        ("postgres", "mod tests { fn a() { super::super::aggregates::load() } }"),
        ("postgres::append", "use super::{rows, super::handles::log::Log};"),
        ("handles::store", "use crate::aggregates::Repository;"),
        ("engine::log", "use eventsourcing::handles::Store;"),
        ("aggregates", "use crate::postgres;"),
        ("engine::log::tailer", "use eventsourcing::postgres::Postgres;"),
        ("testing::contract", "macro_rules! a { () => { $crate::postgres::Postgres } }"),
        ("port", "use crate::StreamId;"),
        ("newcomer", ""),
        ("handles::stream", "use sqlx::PgPool;"),
        ("port::tail", "async fn a() { tokio::task::yield_now().await }"),
        ("codec::json", "fn a<'a>(b: &'a str) { let c = '\"'; crate::port::b(c) }"),
        ("codec::json", "const A: &str = r#\"\"\"#; use crate::port;"),
        ("codec::json", "const A: &[u8] = b\"\\\"\"; const B: u8 = b'\\''; use crate::port;"),
    ] {
        assert_eq!(faults_of(module, source).len(), 1, "{module}: {source}: {:?}", faults_of(module, source));
    }
}

#[test]
fn a_way_down_is_none() {
    for (module, source) in [
        ("vocabulary::record", "use super::{metadata::Metadata, stream_id::StreamId};"),
        ("postgres::read", "use super::super::vocabulary::StreamVersion; use super::{rows::{self, event}};"),
        ("postgres::read", "mod tests { use super::super::adapter::Postgres; use super::*; }"),
        ("aggregates", "use crate::{handles::stream::Stream, port::Backend};"),
        ("testing::contract", "use eventsourcing::port::Backend; $crate::store_contract!(a);"),
        ("port", "// crate::postgres\n/* crate::postgres */ const A: &str = \"crate::postgres \\\" crate::handles\";"),
        ("port", "/// [`Postgres`](crate::postgres::Postgres)\npub(crate) fn a<'a>(b: &'a str) -> &'a str { b }"),
    ] {
        assert_eq!(faults_of(module, source), Vec::<String>::new(), "{module}: {source}");
    }
}
