//! The floor of the documentation: of the methods of what users hold, four in five have an example. Reading the sources
//! counts them; `-- --nocapture examples` prints the table.

use std::{collections::BTreeMap, fs, path::Path};

use super::floors::collect;

/// What users hold, each with methods of its own.
const HANDLES: &[&str] = &[
    "Store",
    "Stream",
    "Log",
    "Events",
    "Subscription",
    "Raw",
    "RawEvents",
    "AppendBatch",
    "InTransaction",
    "StoreTransaction",
    "StreamIn",
    "Repository",
    "RepositoryIn",
    "AggregateRoot",
    "Projector",
    "ProjectorStatus",
];

/// What they say it with.
const VALUES: &[&str] = &[
    "StreamId",
    "Category",
    "StreamVersion",
    "GlobalPosition",
    "ExpectedVersion",
    "EventId",
    "Tag",
    "SchemaVersion",
    "NewEvent",
    "Recorded",
    "Metadata",
    "Timestamp",
    "RetryPolicy",
    "Snapshots",
    "PgOptions",
    "Postgres",
    "SqliteOptions",
    "Sqlite",
    "Catalog",
    "Filter",
    "LogQuery",
    "StreamQuery",
    "CategoryQuery",
    "StreamsQuery",
    "CheckpointQuery",
    "PageLimit",
    "PrivateCluster",
    "ClusterOptions",
];

#[test]
fn four_in_five_methods_have_an_example() {
    let items = public_items();
    let all = Share::of(items.iter());
    println!("all public items: {all}");
    let mut faults = Vec::new();
    for (what, types) in [("handles", HANDLES), ("values", VALUES)] {
        let mut by_type: BTreeMap<&str, Vec<&Item>> = types.iter().map(|name| (*name, Vec::new())).collect();
        for item in &items {
            if let Some(methods) = item.of.as_deref().and_then(|of| by_type.get_mut(of)) {
                methods.push(item);
            }
        }
        let share = Share::of(by_type.values().flatten().copied());
        println!("methods of {what}: {share}");
        for (name, methods) in &by_type {
            let bare: Vec<&str> =
                methods.iter().filter(|method| !method.has_example).map(|method| method.name.as_str()).collect();
            println!("  {name}: {}; without: {}", Share::of(methods.iter().copied()), bare.join(", "));
            // A type that is renamed or moved must not fall out of the count.
            if methods.is_empty() {
                faults.push(format!("`{name}` has no public method; name here what users hold instead"));
            }
        }
        if share.with * 5 < share.items * 4 {
            faults.push(format!("methods of {what} with an example: {share}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A public item, or a public method.
struct Item {
    name: String,
    /// The type that has the method.
    of: Option<String>,
    has_example: bool,
}

struct Share {
    with: usize,
    items: usize,
}

impl Share {
    fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Self {
        items.fold(Self { with: 0, items: 0 }, |share, item| Self {
            with: share.with + usize::from(item.has_example),
            items: share.items + 1,
        })
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = (self.with * 100).checked_div(self.items).unwrap_or(100);
        write!(f, "{} of {} ({percent} %)", self.with, self.items)
    }
}

/// Those of the library and of the crate of private clusters, as they stand in the sources.
fn public_items() -> Vec<Item> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for sources in [root.join("src"), root.join("../private-postgres/src")] {
        collect(&sources, &mut files);
    }
    let is_public = |file: &&std::path::PathBuf| !file.iter().any(|part| part == "__private");
    files.iter().filter(is_public).flat_map(|file| items(&fs::read_to_string(file).unwrap())).collect()
}

/// The public items of a source that rustfmt has laid out: items begin their line, methods stand four spaces deep.
fn items(source: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut of: Option<String> = None;
    let mut docs = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        if let Some(doc) = text.strip_prefix("///") {
            docs.push_str(doc);
            docs.push('\n');
        } else if text.starts_with("#[") {
            // An attribute may go over several lines, to the one that ends it.
            let mut end = line;
            while !end.trim_end().ends_with(']') {
                let Some(next) = lines.next() else { break };
                end = next;
            }
        } else {
            if line.starts_with("impl") {
                of = inherent(line);
            } else if line.starts_with('}') {
                of = None;
            }
            let depth = line.len() - text.len();
            if let Some(name) = public(text).filter(|_| depth == 0 || depth == 4 && of.is_some()) {
                let has_example = docs.lines().any(|line| line.trim_start().starts_with("```"));
                items.push(Item { name, of: of.clone().filter(|_| depth == 4), has_example });
            }
            docs.clear();
        }
    }
    items
}

/// Of `impl<E: Event, B: Backend> Stream<E, B> {`, `Stream`; of the implementation of a trait, nothing.
fn inherent(line: &str) -> Option<String> {
    let mut rest = line.strip_prefix("impl")?;
    if rest.starts_with('<') {
        let mut depth = 0;
        let end = rest.find(|c: char| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            depth == 0
        })?;
        rest = &rest[end + 1..];
    }
    if rest.contains(" for ") {
        return None;
    }
    let path = rest.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next()?;
    path.rsplit("::").next().map(ToOwned::to_owned)
}

/// Of `pub async fn append(..`, `append`; of what is not public, or only a path to it, nothing.
fn public(text: &str) -> Option<String> {
    let words = text.strip_prefix("pub ")?.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut words = words.skip_while(|word| matches!(*word, "const" | "async"));
    matches!(words.next()?, "fn" | "struct" | "enum" | "trait" | "type").then(|| words.next().map(ToOwned::to_owned))?
}

#[test]
fn what_counts_as_an_item_with_an_example() {
    let source = r#"
/// A type.
pub struct Stream<E> {
    /// No item.
    pub id: E,
}

impl<E: Event<Of = u8>> Stream<E> {
    /// With one.
    ///
    /// ```
    #[doc = include_str!("lines.txt")]
    /// stream.append();
    /// ```
    #[expect(
        clippy::some_lint,
        reason = "[..]"
    )]
    pub async fn append(&self) {}

    /// Without.
    pub const fn id(&self) {}

    fn private(&self) {}
}

impl<E> Clone for Stream<E> {
    pub fn clone(&self) {}
}

/// A name for it.
pub type Accounts = Stream<u8>;
"#;
    let found: Vec<(Option<String>, String, bool)> =
        items(source).into_iter().map(|item| (item.of, item.name, item.has_example)).collect();
    let of = |name: &str| Some(name.to_owned());
    assert_eq!(
        found,
        [
            (None, "Stream".to_owned(), false),
            (of("Stream"), "append".to_owned(), true),
            (of("Stream"), "id".to_owned(), false),
            (None, "Accounts".to_owned(), false),
        ]
    );
}
