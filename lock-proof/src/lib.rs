//! Random types and edits of them, as source: what the rules of compatibility are proven over.
