//! The stored names of event types, and the versions of their shapes. Knows nothing of storage.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// The stored, stable name of an event type, such as `account.opened`.
///
/// 1 to 255 bytes without NUL. It is written in the code (or made from a prefix written there) and never
/// derived from a Rust path, so moving or renaming a Rust type does not touch stored history. Cheap to clone.
#[derive(Clone)]
pub struct Tag(Text);

#[derive(Clone)]
enum Text {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Tag {
    /// The longest tag, in bytes.
    pub const MAX_LEN: usize = 255;

    /// A tag known at compile time.
    ///
    /// # Panics
    ///
    /// When `text` is no tag; in a `const` that is a compile error.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::Tag;
    ///
    /// const OPENED: Tag = Tag::from_static("account.opened");
    /// assert_eq!(OPENED.to_string(), "account.opened");
    /// ```
    pub const fn from_static(text: &'static str) -> Self {
        assert!(!text.is_empty(), "a tag must not be empty");
        assert!(text.len() <= Self::MAX_LEN, "a tag has at most 255 bytes");
        let mut i = 0;
        while i < text.len() {
            assert!(text.as_bytes()[i] != 0, "a tag must not contain NUL");
            i += 1;
        }
        Self(Text::Static(text))
    }

    /// A tag known at run time, such as one that a store reads back.
    ///
    /// # Errors
    ///
    /// When `text` is empty, has more than [`MAX_LEN`](Self::MAX_LEN) bytes, or has a NUL.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::Tag;
    ///
    /// assert_eq!(Tag::new("account.opened")?, Tag::from_static("account.opened"));
    /// assert!(Tag::new("").is_err());
    /// # Ok::<(), eventsourcing::InvalidTag>(())
    /// ```
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, InvalidTag> {
        let text = text.into();
        if text.is_empty() || text.len() > Self::MAX_LEN || text.contains('\0') {
            return Err(InvalidTag { text: text.to_string() });
        }
        Ok(Self(Text::Shared(text)))
    }

    /// The tag as text.
    ///
    /// ```
    /// assert_eq!(eventsourcing::Tag::from_static("account.opened").as_str(), "account.opened");
    /// ```
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Static(text) => text,
            Text::Shared(text) => text,
        }
    }
}

// What a tag is is its text, wherever that lives.
impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Tag {}

impl PartialOrd for Tag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Tag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for Tag {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({:?})", self.as_str())
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text is no [`Tag`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a tag has 1 to 255 bytes and no NUL; {text:?} has {} bytes", text.len())]
#[non_exhaustive]
pub struct InvalidTag {
    /// The text.
    pub text: String,
}

/// Which shape of an event was stored: 1 for the first, one more for each breaking change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaVersion(u16);

impl SchemaVersion {
    /// The version every event starts with: 1.
    pub const FIRST: Self = Self(1);

    /// The version with this number, which must be at least 1.
    ///
    /// ```
    /// use eventsourcing::SchemaVersion;
    ///
    /// assert_eq!(SchemaVersion::new(1), Some(SchemaVersion::FIRST));
    /// assert_eq!(SchemaVersion::new(0), None);
    /// ```
    pub const fn new(number: u16) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The number, at least 1.
    ///
    /// ```
    /// assert_eq!(eventsourcing::SchemaVersion::FIRST.get(), 1);
    /// ```
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::Tag;

    #[test]
    fn a_tag_is_its_text_wherever_that_lives() {
        let (written, read) = (Tag::from_static("account.opened"), Tag::new("account.opened").unwrap());
        assert_eq!(written, read);
        assert_eq!(format!("{written:?} {written}"), format!("{read:?} {read}"));
        assert!(written < Tag::new("account.opened.again").unwrap());
        assert_eq!(HashSet::from([written.clone(), read.clone()]).len(), 1);
        assert!(HashSet::from([read.clone()]).contains("account.opened"), "a text finds it");
        assert_eq!(BTreeSet::from([written, read]).len(), 1);
    }
}
