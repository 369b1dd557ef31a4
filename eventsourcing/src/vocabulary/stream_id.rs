//! The names of streams and of their categories. Knows nothing of events or storage.

use std::{borrow::Cow, fmt, str::FromStr, sync::Arc};

/// The category of a stream: what the streams of one type have in common, the part of a
/// [`StreamId`] before its first `/`.
///
/// 1 to 510 bytes, without `/` and without NUL.
///
/// ```
/// use eventsourcing::Category;
///
/// const ACCOUNTS: Category = Category::from_static("account");
/// assert_eq!(ACCOUNTS.as_str(), "account");
/// assert!(Category::new("a/b").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(Cow<'static, str>);

impl Category {
    /// The longest category that leaves room for a one-byte id, in bytes.
    pub const MAX_LEN: usize = StreamId::MAX_LEN - 2;

    /// Checks `name` and makes it a category.
    ///
    /// # Errors
    ///
    /// When `name` is empty, has more than [`MAX_LEN`](Self::MAX_LEN) bytes, or has a `/` or a NUL.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::Category;
    ///
    /// assert_eq!(Category::new("account")?, Category::from_static("account"));
    /// assert!(Category::new("a/b").is_err());
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidStreamId> {
        let name = name.into();
        check_category(&name)?;
        Ok(Self(Cow::Owned(name)))
    }

    /// A category known at compile time.
    ///
    /// # Panics
    ///
    /// When `name` is not a category; in a `const` that is a compile error.
    ///
    /// # Example
    ///
    /// ```
    /// const ACCOUNTS: eventsourcing::Category = eventsourcing::Category::from_static("account");
    /// assert_eq!(ACCOUNTS.to_string(), "account");
    /// ```
    pub const fn from_static(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty(), "a category must not be empty");
        assert!(bytes.len() <= Self::MAX_LEN, "a category has at most 510 bytes");
        let mut i = 0;
        while i < bytes.len() {
            assert!(bytes[i] != b'/', "a category must not contain `/`: it ends the category in a stream id");
            assert!(bytes[i] != 0, "a category must not contain NUL");
            i += 1;
        }
        Self(Cow::Borrowed(name))
    }

    /// The category as text.
    ///
    /// ```
    /// assert_eq!(eventsourcing::Category::from_static("account").as_str(), "account");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Category {
    type Err = InvalidStreamId;

    fn from_str(name: &str) -> Result<Self, InvalidStreamId> {
        Self::new(name)
    }
}

/// The key of a stream: `category/id`, 1 to 512 bytes of UTF-8 without NUL.
///
/// The category ends at the first `/`; the id may contain more of them. Two different pairs of
/// category and id are never the same stream. Cheap to clone.
///
/// ```
/// use eventsourcing::StreamId;
///
/// let id = StreamId::new("account", 42)?;
/// assert_eq!(id.as_str(), "account/42");
/// assert_eq!((id.category(), id.id()), ("account", "42"));
/// assert_eq!("account/42".parse::<StreamId>()?, id);
/// # Ok::<(), eventsourcing::InvalidStreamId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(Arc<str>);

impl StreamId {
    /// The longest stream id, in bytes.
    pub const MAX_LEN: usize = 512;

    /// The stream `id` of `category`. The id may be of any type that is shown as text: a number, a UUID, a key of one's
    /// own.
    ///
    /// # Errors
    ///
    /// When `category` is none, when the id is empty or has a NUL, and when both with the `/` between them have more
    /// than [`MAX_LEN`](Self::MAX_LEN) bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::{InvalidStreamId, StreamId};
    ///
    /// assert_eq!(StreamId::new("account", 42)?.to_string(), "account/42");
    /// assert_eq!(StreamId::new("account", ""), Err(InvalidStreamId::EmptyId));
    /// # Ok::<(), InvalidStreamId>(())
    /// ```
    pub fn new(category: impl AsRef<str>, id: impl fmt::Display) -> Result<Self, InvalidStreamId> {
        let category = category.as_ref();
        check_category(category)?;
        Self::checked(format!("{category}/{id}").into(), category.len())
    }

    /// The part before the first `/`.
    ///
    /// ```
    /// let id: eventsourcing::StreamId = "account/ch/42".parse()?;
    /// assert_eq!(id.category(), "account");
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub fn category(&self) -> &str {
        self.parts().0
    }

    /// The part after the first `/`.
    ///
    /// ```
    /// let id: eventsourcing::StreamId = "account/ch/42".parse()?;
    /// assert_eq!(id.id(), "ch/42");
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub fn id(&self) -> &str {
        self.parts().1
    }

    /// The whole stream id.
    ///
    /// ```
    /// let id: eventsourcing::StreamId = "account/42".parse()?;
    /// assert_eq!(id.as_str(), "account/42");
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parts(&self) -> (&str, &str) {
        // Every constructor has seen the slash.
        self.0.split_once('/').unwrap_or((&self.0, ""))
    }

    fn checked(text: Arc<str>, category_len: usize) -> Result<Self, InvalidStreamId> {
        if text.len() == category_len + 1 {
            return Err(InvalidStreamId::EmptyId);
        }
        if text.len() > Self::MAX_LEN {
            return Err(InvalidStreamId::TooLong { bytes: text.len() });
        }
        if text.contains('\0') {
            return Err(InvalidStreamId::ContainsNul);
        }
        Ok(Self(text))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({:?})", &*self.0)
    }
}

impl FromStr for StreamId {
    type Err = InvalidStreamId;

    fn from_str(text: &str) -> Result<Self, InvalidStreamId> {
        let (category, _) = text.split_once('/').ok_or(InvalidStreamId::NoCategory)?;
        check_category(category)?;
        Self::checked(text.into(), category.len())
    }
}

impl AsRef<str> for Category {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

fn check_category(name: &str) -> Result<(), InvalidStreamId> {
    if name.is_empty() {
        return Err(InvalidStreamId::EmptyCategory);
    }
    if name.len() > Category::MAX_LEN {
        return Err(InvalidStreamId::TooLong { bytes: name.len() });
    }
    if name.contains('/') {
        return Err(InvalidStreamId::SlashInCategory);
    }
    if name.contains('\0') {
        return Err(InvalidStreamId::ContainsNul);
    }
    Ok(())
}

/// Why a text is no [`StreamId`] or no [`Category`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidStreamId {
    /// Nothing before the `/`.
    #[error("the category of a stream id is empty; write `category/id`")]
    EmptyCategory,
    /// Nothing after the `/`.
    #[error("the id of a stream id is empty; write `category/id`")]
    EmptyId,
    /// No `/` at all.
    #[error("the stream id has no `/`; write `category/id`")]
    NoCategory,
    /// A `/` inside the category.
    #[error("a category must not contain `/`: it ends the category in a stream id")]
    SlashInCategory,
    /// A NUL, which Postgres cannot store in a text.
    #[error("a stream id must not contain NUL")]
    ContainsNul,
    /// More than [`StreamId::MAX_LEN`] bytes.
    #[error("the stream id has {bytes} bytes; at most {} are allowed", StreamId::MAX_LEN)]
    TooLong {
        /// The length that was given.
        bytes: usize,
    },
}
