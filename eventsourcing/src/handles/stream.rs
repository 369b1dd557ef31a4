//! One stream, typed.

use std::{fmt, marker::PhantomData};

use super::{
    events::Events,
    store::Store,
    subscription::{Subscription, SubscriptionError},
};
use crate::{
    engine::encode::encode,
    port::{Append, AppendError, Appended, Backend, Via},
    schema::Event,
    vocabulary::{After, ExpectedVersion, Metadata, NewEvent, StreamId, StreamVersion},
};

impl<B: Backend> Store<B> {
    /// One stream, with events of type `E`. Nothing is done in the database, and the stream need not have events yet.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream::<AccountEvent>(StreamId::new("account", "ada")?);
    /// let deposit = stream.read().next().await.transpose()?;
    /// assert_eq!(deposit.map(|recorded| recorded.event), Some(AccountEvent::Deposited { cents: 100 }));
    /// # Ok(()) }
    /// ```
    pub fn stream<E: Event>(&self, id: StreamId) -> Stream<E, B> {
        Stream { store: self.clone(), id, metadata: Metadata::new(), event: PhantomData }
    }
}

/// One stream, with events of type `E`. A cheap handle: making it does nothing in the database.
pub struct Stream<E, B: Backend> {
    store: Store<B>,
    id: StreamId,
    metadata: Metadata,
    event: PhantomData<fn() -> E>,
}

impl<E: Event, B: Backend> Stream<E, B> {
    /// The id of the stream.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream::<AccountEvent>(StreamId::new("account", "ada")?);
    /// assert_eq!(stream.id().as_str(), "account/ada");
    /// # Ok(()) }
    /// ```
    pub fn id(&self) -> &StreamId {
        &self.id
    }

    /// The same handle, which says this about every event that it appends. It takes the place of what an earlier call
    /// said; what an event [says of itself](NewEvent::metadata) wins over it, entry by entry.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream("account/ada".parse()?).with(Metadata::new().correlation_id("request-17").with("user", "ada"));
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    ///
    /// let latest = stream.read().backwards().next().await.transpose()?;
    /// assert_eq!(latest.as_ref().and_then(|recorded| recorded.metadata.get("user")), Some("ada"));
    /// # Ok(()) }
    /// ```
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Appends events, all or nothing, in one statement and, without contention, one round trip. Subscribers are woken.
    ///
    /// Events with ids of their own make the append idempotent: under `Exact` and `NoStream`, the same ids at the same
    /// place give the first result again; under `Any` and `StreamExists`, the same ids among the last 256 events of the
    /// stream do. An append of no events only checks its expectation.
    ///
    /// An id is looked for in these places and in no other. Under a later `Exact` that holds, the same id is another
    /// event at another place, and is stored once more. Only ids are compared: what was stored first stays, also when
    /// the repetition has another payload. `KurrentDB` decides both in the same way; a unique id per stream, as
    /// `SqlStreamStore` has it, would cost each append another index.
    ///
    /// When the answer to an append under `Exact` or `NoStream` is lost, it is sent once more, on another connection:
    /// its events are found if they were stored. Under `Any` and `StreamExists` that is for the caller to do, with ids.
    ///
    /// A dropped future leaves the append either done or not; with ids, appending again tells.
    ///
    /// # Errors
    ///
    /// [`Conflict`](AppendError::Conflict) when the stream is not as expected,
    /// [`IdempotencyMismatch`](AppendError::IdempotencyMismatch) when some of the ids are there and not all of them in
    /// their places, [`Invalid`](AppendError::Invalid) when the append is over a limit. Nothing of it is stored then.
    ///
    /// # Examples
    ///
    /// Of two appends to an empty stream, one wins:
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream(StreamId::new("account", "grace")?);
    /// let appended = stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// assert_eq!(appended.version, Some(StreamVersion::FIRST));
    ///
    /// let late = stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 70 }]).await;
    /// assert!(matches!(late, Err(AppendError::Conflict(_))));
    /// # Ok(()) }
    /// ```
    ///
    /// With an id, an append that is repeated stores nothing twice:
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream::<AccountEvent>("account/ada".parse()?);
    /// let deposit = NewEvent::new(AccountEvent::Deposited { cents: 50 }).id(EventId::new());
    /// let first = stream.append(ExpectedVersion::Any, [deposit.clone()]).await?;
    /// let again = stream.append(ExpectedVersion::Any, [deposit]).await?;
    /// assert_eq!(first, again);
    /// # Ok(()) }
    /// ```
    pub async fn append<I>(&self, expected: ExpectedVersion, events: I) -> Result<Appended, AppendError>
    where
        I: IntoIterator<Item: Into<NewEvent<E>>>,
    {
        self.store.meet::<E>()?;
        let events = encode(events, &self.metadata)?;
        self.store.append(Via::Store, Append { stream_id: self.id.clone(), expected, events }).await
    }

    /// The stream's events, the oldest first; see [`Events`] for from where, how many, and the other direction.
    ///
    /// Nothing is read before the first event is asked for. A stream without events is read as an empty one. Faults are
    /// handed out in place of an event, as the last item: an event that `E` does not read, or a database that is not
    /// reached.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream::<AccountEvent>("account/ada".parse()?);
    /// let mut events = stream.read();
    /// while let Some(recorded) = events.next().await.transpose()? {
    ///     println!("version {}: {:?}", recorded.version, recorded.event);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn read(&self) -> Events<'static, E, B, StreamVersion> {
        Events::of_stream(self.store.clone(), Via::Store, self.id.clone())
    }

    /// The stream's events after a version, then new ones as they are committed.
    ///
    /// With `After::Start` the stream need not exist yet. A dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// [`VersionAhead`](SubscriptionError::VersionAhead) when the stream ends before that version; when the database is
    /// a standby, or is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream("account/ada".parse()?);
    /// let mut live = stream.subscribe(After::Position(StreamVersion::FIRST)).await?;
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// assert_eq!(live.next().await?.event, AccountEvent::Withdrawn { cents: 30 });
    /// # Ok(()) }
    /// ```
    pub async fn subscribe(&self, after: After<StreamVersion>) -> Result<Subscription<E, B>, SubscriptionError> {
        Subscription::of_stream(self.store.clone(), self.id.clone(), after).await
    }
}

impl<E, B: Backend> Clone for Stream<E, B> {
    fn clone(&self) -> Self {
        let Self { store, id, metadata, event } = self;
        Self { store: store.clone(), id: id.clone(), metadata: metadata.clone(), event: *event }
    }
}

impl<E, B: Backend> fmt::Debug for Stream<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("id", &self.id).finish_non_exhaustive()
    }
}
