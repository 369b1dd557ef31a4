//! Whether the lock has all that the code has.

use std::env;

use super::{
    Compiled, Failure,
    claims::{alone, claimed, sole},
    file::Section,
    list,
    place::{compiled, path, read},
    section::wanted,
    targets, write,
};

/// Compares the lock with the code of `E`, as a test of the crate that has the type; with `EVENTS_LOCK=write` it writes
/// the lock instead.
///
/// # Errors
///
/// What the lock lacks and how to write it, or why it cannot be written.
pub fn is_fresh<E: Compiled>() -> Result<(), Failure> {
    let outcome = sole::<E>().and_then(|()| match env::var("EVENTS_LOCK").as_deref() {
        Ok("write") => write::section::<E>(),
        // The compiler has nothing to write, or there would be no test.
        Ok("old") | Err(_) => check::<E>(),
        Ok(other) => Err(format!("EVENTS_LOCK is `{other}`; it can be `write`, and `old` while compiling")),
    });
    list::remind(&E::LOCK);
    outcome.map_err(Failure::new)
}

fn check<E: Compiled>() -> Result<(), String> {
    let lock = E::LOCK;
    let path = path(&lock);
    let file = read(&path)?;
    let compiled = compiled(&lock)?;
    let section = file.sections.get(&lock.name());
    if section != compiled.sections.get(&lock.name()) {
        return Err(format!(
            "`{}` has changed since this was compiled; run `{}`, and then the tests again",
            path.display(),
            lock.command()
        ));
    }
    alone::<E>(&file)?;
    let section = section.cloned().unwrap_or_default();
    let wanted = wanted::<E>(&section)?;
    let stray = claimed(&lock, &file);
    let Some(changes) = changes(&section, &wanted) else { return stray };
    let mut message = format!(
        "`events.lock` does not have what `{}` has:\n{changes}\n\nWrite it and commit it: {}",
        lock.type_name,
        lock.command()
    );
    // Both are said, because an event that seems to be new may be one whose section is the stray one.
    for more in [stray.err(), targets::unlocked(&lock, &file)].into_iter().flatten() {
        message.push_str("\n\n");
        message.push_str(&more);
    }
    Err(message)
}

/// What is new and what has changed, a line each.
fn changes(section: &Section, wanted: &Section) -> Option<String> {
    let mut lines = Vec::new();
    for (key, block) in wanted {
        let (tag, version) = key;
        match section.get(key) {
            None => lines.push(format!("  {tag} version {version} is new")),
            Some(locked) if locked != block => {
                lines.push(format!("  {tag} version {version} has changed, and what is stored stays readable"));
                lines.extend(difference(locked, block));
            }
            Some(_) => {}
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The lines that only one of the blocks has, in their order.
fn difference(locked: &str, now: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (locked.lines().collect(), now.lines().collect());
    // How many lines are kept at most of what begins at each pair of lines.
    let mut kept = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            kept[i][j] = if old[i] == new[j] { kept[i + 1][j + 1] + 1 } else { kept[i + 1][j].max(kept[i][j + 1]) };
        }
    }
    let shown = |sign: char, line: &str| format!("    {sign} {}", line.strip_prefix("    ").unwrap_or(line));
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && kept[i + 1][j] >= kept[i][j + 1]) {
            lines.push(shown('-', old[i]));
            i += 1;
        } else {
            lines.push(shown('+', new[j]));
            j += 1;
        }
    }
    lines
}
