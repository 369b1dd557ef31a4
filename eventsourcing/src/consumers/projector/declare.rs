//! Whether a checkpoint is the projection's, and knows which events it takes.

use super::Projector;
use crate::{
    consumers::{
        declared::{self, Difference},
        error::ProjectorError,
        projection::{KIND, Projection},
        stop::{Stop, passing},
    },
    port::{Backend, Checkpoint, Consumer, StoredType},
    schema::Event,
};

impl<P: Projection<B>, B: Backend> Projector<P, B> {
    /// Makes sure that the checkpoint is this projection's and knows which events it takes.
    pub(super) async fn declare(&self, consumer: &Consumer) -> Result<Checkpoint, Stop<P::Error>> {
        let projection = P::NAME;
        if consumer.kind.as_deref().is_some_and(|kind| kind != KIND) {
            return Err(Stop::Failed(ProjectorError::OtherConsumer { projection, unknown: Vec::new() }));
        }
        let taken = declared::taken(&P::Event::TYPES);
        let before = consumer.declared.as_deref().unwrap_or_default();
        let new = match &consumer.declared {
            // An earlier release of the library did not write down what it took. It is believed to be the same.
            None => {
                if consumer.checkpoint.position.is_some() {
                    tracing::info!(projection, "a checkpoint is adopted that does not say which events it has passed");
                }
                Vec::new()
            }
            Some(declared) => match declared::difference(&taken, declared) {
                Difference::Nothing => return Ok(consumer.checkpoint),
                Difference::Wider(new) => new,
                Difference::Narrower(unknown) => return Err(Stop::Older(unknown)),
                Difference::Other(unknown) => {
                    return Err(Stop::Failed(ProjectorError::OtherConsumer { projection, unknown }));
                }
            },
        };
        let backend = self.store.backend();
        let position = consumer.checkpoint.position;
        let unseen = match position {
            Some(checkpoint) if !new.is_empty() => {
                let stored = backend.stored_types().await.map_err(passing)?;
                let unseen = declared::unseen(&new, before, checkpoint, stored);
                self.accept(unseen)
                    .map_err(|unseen| Stop::Failed(ProjectorError::UnseenEvents { projection, checkpoint, unseen }))?
            }
            _ => Vec::new(),
        };
        let declaration = declared::declaration(&taken, before, position, &unseen);
        let declared = backend.declare(projection, consumer.checkpoint, KIND, &declaration).await;
        declared.map_err(passing)?.ok_or(Stop::Superseded)
    }

    /// What was passed over, if it was said of all of it that the projection is to go on without; otherwise the rest.
    fn accept(&self, unseen: Vec<StoredType>) -> Result<Vec<StoredType>, Vec<StoredType>> {
        let (accepted, unseen): (Vec<_>, Vec<_>) =
            unseen.into_iter().partition(|of| self.without_past_of.contains(of.tag.as_str()));
        if !unseen.is_empty() {
            return Err(unseen);
        }
        if !accepted.is_empty() {
            tracing::info!(projection = P::NAME, ?accepted, "a projection goes on without events that it has not seen");
        }
        Ok(accepted)
    }
}
