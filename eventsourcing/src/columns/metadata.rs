//! Metadata: two ids with columns of their own, and an object of texts.

use std::error::Error;

use crate::vocabulary::Metadata;

/// The caller's own metadata as a JSON object, or nothing when there is none.
pub(crate) fn encode_metadata(metadata: &Metadata) -> Option<String> {
    let entries: serde_json::Map<_, _> =
        metadata.entries().map(|(key, value)| (key.to_owned(), value.to_owned().into())).collect();
    (!entries.is_empty()).then(|| serde_json::Value::Object(entries).to_string())
}

/// The metadata of a row, or what is wrong with it.
pub(crate) fn decode_metadata(
    correlation_id: Option<&str>,
    causation_id: Option<&str>,
    entries: Option<&[u8]>,
) -> Result<Metadata, Box<dyn Error + Send + Sync>> {
    let entries = entries.map(serde_json::from_slice).transpose();
    let entries = entries.map_err(|error| format!("its metadata is no object of texts: {error}"))?;
    let (correlation_id, causation_id) = (correlation_id.map(str::to_owned), causation_id.map(str::to_owned));
    Ok(Metadata::from_parts(correlation_id, causation_id, entries.unwrap_or_default()))
}
