//! The line that holds a crate to its lock, for a type that no `events_lock!` names.

use std::{
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{Lock, place};

/// Says the line to add, once there is a lock. Nothing fails without it; so it goes past what the harness keeps of a test
/// that passes.
pub(super) fn remind(lock: &Lock) {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if lock.is_listed || !place::path(lock).exists() {
        return;
    }
    let path = path_of(lock);
    let text = if IS_SAID.swap(true, Ordering::Relaxed) {
        format!("\nand `{path}`, in the same list\n")
    } else {
        format!(
            "\nnote: this crate compiles without its `events.lock`, and without a type that stands in it. Add to {}, with all event \
             types of the crate:\n\n    eventsourcing::events_lock!({path});\n\n",
            root(lock)
        )
    };
    // Who cannot be told goes on without it.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}

/// The type as the root of its crate names it.
fn path_of(lock: &Lock) -> String {
    match lock.module.split_once("::") {
        Some((_, module)) => format!("{module}::{}", lock.type_name),
        None => lock.type_name.to_owned(),
    }
}

/// The file in which the crate begins, as far as its name tells.
fn root(lock: &Lock) -> String {
    let name = lock.module.split("::").next().unwrap_or_default();
    let folder = place::manifest_dir(lock);
    let file = Path::new(lock.source).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // A file that has no module of its own is the root.
    let own = (!lock.module.contains("::")).then(|| format!("src/{file}.rs"));
    let usual = ["src/lib.rs".to_owned(), "src/main.rs".to_owned()];
    let targets = ["src/bin", "examples", "tests", "benches"];
    let of_targets =
        targets.iter().flat_map(|target| [format!("{target}/{name}.rs"), format!("{target}/{name}/main.rs")]);
    let found = of_targets.chain(own).chain(usual).find(|file| folder.join(file).is_file());
    found.map_or_else(|| "the root of the crate".to_owned(), |file| format!("`{file}`"))
}
