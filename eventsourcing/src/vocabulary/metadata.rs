//! What is known about an event beside the event itself. Knows nothing of storage.

use std::{collections::BTreeMap, fmt, sync::Arc};

/// What a caller says about an event: the conversation it belongs to, what caused it, and
/// anything else under names of the caller's own.
///
/// ```
/// use eventsourcing::Metadata;
///
/// let metadata = Metadata::new()
///     .correlation_id("order-17")
///     .causation_id("command-4")
///     .with("user", "ada");
/// assert_eq!(metadata.correlation(), Some("order-17"));
/// assert_eq!(metadata.get("user"), Some("ada"));
/// ```
///
/// Every text is stored as it is given. None may contain NUL, which the store refuses with an
/// error; a correlation or causation id has at most [`MAX_ID_LEN`](Self::MAX_ID_LEN) bytes, and all of it
/// counts towards the store's limit for metadata. Cheap to clone.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Metadata(Option<Arc<Said>>);

/// What is said. Where nothing is, there is none of it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Said {
    correlation_id: Option<String>,
    causation_id: Option<String>,
    entries: BTreeMap<String, String>,
}

static NOTHING: Said = Said { correlation_id: None, causation_id: None, entries: BTreeMap::new() };

impl Metadata {
    /// The longest correlation or causation id, in bytes.
    pub const MAX_ID_LEN: usize = 512;

    /// Nothing said.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// assert!(Metadata::new().is_empty());
    /// ```
    pub const fn new() -> Self {
        Self(None)
    }

    /// Names the conversation: the same id on everything that one request set off.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// let metadata = Metadata::new().correlation_id("order-17");
    /// assert_eq!(metadata.correlation(), Some("order-17"));
    /// ```
    pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
        self.said_mut().correlation_id = Some(id.into());
        self
    }

    /// Names the direct cause: the command or the event that led to this event.
    ///
    /// ```
    /// use eventsourcing::{EventId, Metadata};
    ///
    /// let cause = EventId::new();
    /// let metadata = Metadata::new().causation_id(cause.to_string());
    /// assert_eq!(metadata.causation(), Some(cause.to_string().as_str()));
    /// ```
    pub fn causation_id(mut self, id: impl Into<String>) -> Self {
        self.said_mut().causation_id = Some(id.into());
        self
    }

    /// Adds an entry of the caller's own; a later value for the same key wins.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// let metadata = Metadata::new().with("user", "ada").with("user", "grace");
    /// assert_eq!(metadata.get("user"), Some("grace"));
    /// ```
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.said_mut().entries.insert(key.into(), value.into());
        self
    }

    /// The id of the conversation.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// assert_eq!(Metadata::new().correlation(), None);
    /// ```
    pub fn correlation(&self) -> Option<&str> {
        self.said().correlation_id.as_deref()
    }

    /// The id of the direct cause.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// assert_eq!(Metadata::new().causation_id("command-4").causation(), Some("command-4"));
    /// ```
    pub fn causation(&self) -> Option<&str> {
        self.said().causation_id.as_deref()
    }

    /// The caller's own entry under `key`. Correlation and causation are none.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// let metadata = Metadata::new().correlation_id("order-17").with("user", "ada");
    /// assert_eq!(metadata.get("user"), Some("ada"));
    /// assert_eq!(metadata.get("correlation_id"), None);
    /// ```
    pub fn get(&self, key: &str) -> Option<&str> {
        self.said().entries.get(key).map(String::as_str)
    }

    /// The caller's own entries, sorted by key.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// let metadata = Metadata::new().with("user", "ada").with("place", "Bern");
    /// assert!(metadata.entries().eq([("place", "Bern"), ("user", "ada")]));
    /// ```
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.said().entries.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether nothing is said at all.
    ///
    /// ```
    /// use eventsourcing::Metadata;
    ///
    /// assert!(!Metadata::new().with("user", "ada").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// What is said with these ids and entries: for adapters, which have them from a row.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use eventsourcing::Metadata;
    ///
    /// let entries = BTreeMap::from([("user".to_owned(), "ada".to_owned())]);
    /// assert_eq!(Metadata::from_parts(None, None, entries), Metadata::new().with("user", "ada"));
    /// assert_eq!(Metadata::from_parts(None, None, BTreeMap::new()), Metadata::new());
    /// ```
    pub fn from_parts(
        correlation_id: Option<String>,
        causation_id: Option<String>,
        entries: BTreeMap<String, String>,
    ) -> Self {
        let is_empty = correlation_id.is_none() && causation_id.is_none() && entries.is_empty();
        Self((!is_empty).then(|| Arc::new(Said { correlation_id, causation_id, entries })))
    }

    /// What `self` says, and for the rest what `fallback` says.
    pub(crate) fn or(mut self, fallback: &Self) -> Self {
        let Some(rest) = &fallback.0 else { return self };
        if self.is_empty() {
            return fallback.clone();
        }
        let said = self.said_mut();
        said.correlation_id = said.correlation_id.take().or_else(|| rest.correlation_id.clone());
        said.causation_id = said.causation_id.take().or_else(|| rest.causation_id.clone());
        for (key, value) in &rest.entries {
            said.entries.entry(key.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    fn said(&self) -> &Said {
        self.0.as_deref().unwrap_or(&NOTHING)
    }

    fn said_mut(&mut self) -> &mut Said {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Said { correlation_id, causation_id, entries } = self.said();
        f.debug_struct("Metadata")
            .field("correlation_id", correlation_id)
            .field("causation_id", causation_id)
            .field("entries", entries)
            .finish()
    }
}
