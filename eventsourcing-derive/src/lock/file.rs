//! Finds the file and cuts it into sections. Each file is read once while a crate compiles.

use std::{cell::RefCell, collections::HashMap, env, fs, io, ops::Range, path::PathBuf, rc::Rc, time::SystemTime};

use super::{Fault, LockedEvent, damaged, parse, text::Text};

/// Names another file than the one beside `Cargo.toml`, from the folder of that.
const OVERRIDE: &str = "EVENTS_LOCK_FILE";
const NAME: &str = "events.lock";
/// The newest format that is understood here.
const FORMAT: u64 = 1;

/// Where the lock is or would be.
pub(crate) enum Location {
    /// Beside the manifest of the crate that is compiled.
    Manifest,
    /// Where `EVENTS_LOCK_FILE` says.
    Stated(String),
}

/// What the lock has about one event type.
pub(crate) struct Section {
    pub(crate) location: Location,
    /// Whether there is a lock at all.
    pub(crate) exists: bool,
    pub(crate) events: Vec<LockedEvent>,
}

/// The names of all sections, in the order of the file; `None` when there is no file.
pub(crate) fn sections() -> (Location, Result<Option<Vec<String>>, Fault>) {
    let (location, path) = locate();
    let names = |file: Rc<File>| {
        let mut places: Vec<(&String, usize)> = file.sections.iter().map(|(name, (_, line))| (name, *line)).collect();
        places.sort_by_key(|(_, line)| *line);
        places.into_iter().map(|(name, _)| name.clone()).collect()
    };
    (location, load(&path).map(|file| file.map(names)))
}

fn locate() -> (Location, PathBuf) {
    // Set whenever cargo compiles; without it there is nothing to find the lock by.
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    match env::var_os(OVERRIDE).map(|path| folder.join(path)) {
        Some(path) => (Location::Stated(path.to_string_lossy().into_owned()), path),
        None => (Location::Manifest, folder.join(NAME)),
    }
}

/// The section of this name, empty when there is none; what is wrong with it comes beside it.
pub(crate) fn section(name: &str) -> (Section, Option<Fault>) {
    let (location, path) = locate();
    let (exists, found) = match load(&path) {
        Ok(None) => (false, Ok(Vec::new())),
        Ok(Some(file)) => (true, file.section(name)),
        Err(fault) => (true, Err(fault)),
    };
    match found {
        Ok(events) => (Section { location, exists, events }, None),
        Err(fault) => (Section { location, exists, events: Vec::new() }, Some(fault)),
    }
}

struct File {
    text: String,
    /// Where each section stands in the text, and the number of its first line.
    sections: HashMap<String, (Range<usize>, usize)>,
}

impl File {
    fn section(&self, name: &str) -> Result<Vec<LockedEvent>, Fault> {
        match self.sections.get(name) {
            Some((place, line)) => parse::events(&self.text[place.clone()], *line),
            None => Ok(Vec::new()),
        }
    }

    fn index(text: String) -> Result<Self, Fault> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            lines.push((start, line.trim_end()));
            start += line.len();
        }
        let is_said = |line: &str| !line.is_empty() && !line.starts_with('#');
        let first = lines.iter().position(|(_, line)| is_said(line)).unwrap_or(lines.len());
        check_format(first + 1, lines.get(first).map_or("", |(_, line)| line))?;
        let mut sections: HashMap<String, (Range<usize>, usize)> = HashMap::new();
        let mut open: Option<(String, usize, usize)> = None;
        for (number, (start, line)) in (1..).zip(&lines) {
            if !line.starts_with('[') {
                if open.is_none() && number > first + 1 && is_said(line) {
                    return Err(if parse::is_conflict(line) {
                        parse::conflict(number)
                    } else {
                        damaged(number, "this line is in no section")
                    });
                }
                continue;
            }
            let name = header(line).ok_or_else(|| damaged(number, "this is no section: it would be `[name]`"))?;
            if let Some((name, from, first)) = open.replace((name, start + line.len(), number + 1)) {
                sections.insert(name, (from..*start, first));
            }
            if open.as_ref().is_some_and(|(name, ..)| sections.contains_key(name)) {
                return Err(damaged(number, "this section stands twice in the file"));
            }
        }
        if let Some((name, from, first)) = open {
            sections.insert(name, (from..text.len(), first));
        }
        Ok(Self { text, sections })
    }
}

fn header(line: &str) -> Option<String> {
    let mut text = Text::new(line);
    let name = (text.eat("[")).then(|| text.name()).flatten()?;
    (text.eat("]") && text.is_empty()).then_some(name)
}

fn check_format(number: usize, line: &str) -> Result<(), Fault> {
    if parse::is_conflict(line) {
        return Err(parse::conflict(number));
    }
    match line.strip_prefix("events.lock ").map(|format| format.trim().parse::<u64>()) {
        Some(Ok(format)) if format > FORMAT => Err(Fault(format!(
            "events.lock:{number}: the lock has format {format}, and this version of `eventsourcing` knows up to {FORMAT}; update the dependency"
        ))),
        Some(Ok(1..)) => Ok(()),
        _ => Err(damaged(number, "the first line must be `events.lock 1`")),
    }
}

/// What was read, by its path, with the time and the size that it had.
type Loaded = HashMap<PathBuf, (Option<SystemTime>, u64, Rc<File>)>;

thread_local! {
    static LOADED: RefCell<Loaded> = RefCell::default();
}

fn load(path: &PathBuf) -> Result<Option<Rc<File>>, Fault> {
    let unreadable = |error: io::Error| Fault(format!("`{}` cannot be read: {error}", path.display()));
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let (time, size) = (meta.modified().ok(), meta.len());
    let known = LOADED.with_borrow(|loaded| {
        loaded.get(path).filter(|(then, was, _)| (then, *was) == (&time, size)).map(|(.., file)| Rc::clone(file))
    });
    if let Some(file) = known {
        return Ok(Some(file));
    }
    let file = Rc::new(File::index(fs::read_to_string(path).map_err(unreadable)?)?);
    LOADED.with_borrow_mut(|loaded| loaded.insert(path.clone(), (time, size, Rc::clone(&file))));
    Ok(Some(file))
}
