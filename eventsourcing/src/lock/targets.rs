//! The other targets of a package: cargo runs their tests only when those of the targets before them pass.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Lock, file::File, place::manifest_dir, render};

/// Where cargo looks for targets besides the library and `src/main.rs`: files, and folders with a `main.rs`.
const TARGETS: [&str; 4] = ["src/bin", "examples", "tests", "benches"];

/// What to add when a test of the lock fails: the sections that other targets name and the lock lacks. Nobody has compiled
/// them here, so it is what their attributes say.
pub(super) fn unlocked(lock: &Lock, file: &File) -> Option<String> {
    let folder = manifest_dir(lock);
    let mut sources = vec![folder.join("src/main.rs")];
    for target in TARGETS {
        // What cannot be read is reported by whoever compiles it.
        drop(roots(&folder.join(target), &mut sources));
    }
    let mut found = Vec::new();
    for path in sources {
        let (own, Ok(source)) = (path.strip_prefix(&folder).unwrap_or(&path), fs::read_to_string(&path)) else {
            continue;
        };
        if !is_of(lock, own) {
            let sections = sections(&source).map(render::name).filter(|name| !file.sections.contains_key(name));
            found.extend(sections.map(|name| format!("[{name}] in `{}`", own.display())));
        }
    }
    found.dedup();
    (!found.is_empty()).then(|| {
        format!(
            "The tests of other targets run only when these pass; the lock lacks sections of theirs too, which the same command writes: {}",
            found.join(", ")
        )
    })
}

/// Whether the source is of the target that is tested, as far as paths tell: its file, or one in the folder of that name.
fn is_of(lock: &Lock, path: &Path) -> bool {
    let own = PathBuf::from(lock.source);
    let parts = |path: &Path| -> Vec<String> {
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect()
    };
    let (own, path) = (parts(&own), parts(path));
    // In a workspace the compiler names a source from the folder of the workspace.
    let depth = if path.starts_with(&["src".to_owned(), "bin".to_owned()]) { 3 } else { 2 };
    let target = &path[..depth.min(path.len())];
    own.windows(target.len()).any(|part| part == target)
}

/// Adds the sources of the targets in a folder, by name.
fn roots(folder: &Path, sources: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    entries.sort();
    for entry in entries {
        if entry.join("main.rs").is_file() {
            in_folder(&entry, sources)?;
        } else if is_source(&entry) {
            sources.push(entry);
        }
    }
    Ok(())
}

fn in_folder(folder: &Path, sources: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            in_folder(&path, sources)?;
        } else if is_source(&path) {
            sources.push(path);
        }
    }
    Ok(())
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The sections of the event types in a source.
fn sections(source: &str) -> impl Iterator<Item = &str> {
    let attributes = source.split("#[event(").skip(1).filter_map(|rest| rest.split(")]").next());
    attributes.filter(|attribute| !attribute.contains("unlocked")).filter_map(|attribute| {
        let value = |key: &str| attribute.split_once(key)?.1.split('"').next();
        value("lock = \"").or_else(|| value("prefix = \""))
    })
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn sections_are_those_of_locked_types() {
        for (source, expected) in [
            ("#[event(prefix = \"card\")]\nenum CardEvent {}", vec!["card"]),
            ("#[event(\n    prefix = \"card\",\n    lock = \"cards\",\n)]", vec!["cards"]),
            ("#[event(prefix = \"card\", unlocked)] #[event(version = 2)] #[event(lock = \"b\")]", vec!["b"]),
        ] {
            assert_eq!(sections(source).collect::<Vec<_>>(), expected, "{source}");
        }
    }
}
