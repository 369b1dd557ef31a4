//! Events on their way into a store.

use crate::{
    port::AppendError,
    schema::Event,
    vocabulary::{Encoded, Metadata, NewEvent},
};

/// Events in their stored form; what the handle says about all of them stands behind what each says for itself.
pub(crate) fn encode<E: Event>(
    events: impl IntoIterator<Item: Into<NewEvent<E>>>,
    metadata: &Metadata,
) -> Result<Vec<NewEvent<Encoded<Vec<u8>>>>, AppendError> {
    events.into_iter().enumerate().map(|(index, event)| encode_one(index, &event.into(), metadata)).collect()
}

pub(crate) fn encode_one<E: Event>(
    index: usize,
    new: &NewEvent<E>,
    metadata: &Metadata,
) -> Result<NewEvent<Encoded<Vec<u8>>>, AppendError> {
    let event = new.event.encode().map_err(|source| AppendError::Encode { index, source })?;
    Ok(NewEvent { event, id: new.id, metadata: new.metadata.clone().or(metadata) })
}
