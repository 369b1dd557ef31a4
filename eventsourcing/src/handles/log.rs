//! The events of all streams, or of one category, typed.

use std::{fmt, marker::PhantomData};

use super::{
    events::Events,
    store::Store,
    subscription::{Subscription, SubscriptionError},
};
use crate::{
    port::{Backend, Filter},
    schema::Event,
    vocabulary::{After, Category, GlobalPosition},
};

impl<B: Backend> Store<B> {
    /// The events of type `E` of all streams. Nothing is done in the database.
    ///
    /// An `E` that is composed of several event types reads the events of several aggregates, in the order in which
    /// they were stored; the database leaves out all others.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// #[derive(Event)]
    /// #[event(prefix = "card")]
    /// enum CardEvent {
    ///     Issued { number: String },
    /// }
    ///
    /// #[derive(Event)]
    /// enum BankEvent {
    ///     #[event(nested)]
    ///     Account(AccountEvent),
    ///     #[event(nested)]
    ///     Card(CardEvent),
    /// }
    ///
    /// let mut events = store.all::<BankEvent>().read();
    /// while let Some(recorded) = events.next().await.transpose()? {
    ///     match recorded.event {
    ///         BankEvent::Account(event) => println!("{}: {event:?}", recorded.stream_id),
    ///         BankEvent::Card(CardEvent::Issued { number }) => println!("card {number}"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn all<E: Event>(&self) -> Log<E, B> {
        Log::new(self.clone(), None)
    }

    /// The events of type `E` of all streams of one category. Nothing is done in the database.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.category::<AccountEvent>(Category::from_static("account"));
    /// let first = accounts.read().next().await.transpose()?;
    /// assert_eq!(first.map(|recorded| recorded.stream_id.to_string()).as_deref(), Some("account/ada"));
    /// # Ok(()) }
    /// ```
    pub fn category<E: Event>(&self, category: Category) -> Log<E, B> {
        Log::new(self.clone(), Some(category))
    }
}

/// The events of type `E` of all streams, or of one category, in global order. The database sorts out the others, by
/// their tags. A cheap handle.
pub struct Log<E, B: Backend> {
    store: Store<B>,
    filter: Filter,
    event: PhantomData<fn() -> E>,
}

impl<E: Event, B: Backend> Log<E, B> {
    fn new(store: Store<B>, category: Option<Category>) -> Self {
        let filter = Filter { category, tags: Some(E::TYPES.tags().into()) };
        Self { store, filter, event: PhantomData }
    }

    /// The events, the oldest first; see [`Events`] for from where, how many, and the other direction.
    ///
    /// Forwards it reads every event that was committed before the first was asked for. Where a transaction is open
    /// whose events may still come before one of those, it waits until that has ended; so a reader that resumes after
    /// its last position misses nothing. Backwards it reads what is committed, and is no way to resume.
    ///
    /// Log reads of a store go by its one connection to the end of the log, and take one of the pool for each page.
    ///
    /// Never read the log while holding a transaction that has appended: the read would wait for its own transaction,
    /// for ever. Inside a transaction there is no `all` that could; but the store is at hand there too, and nobody can
    /// know which task waits for which. After some seconds a warning names the transactions that are waited for, and
    /// how many of them may be this process's own. Commit first, or read the stream that was appended to, in the
    /// transaction.
    ///
    /// # Errors
    ///
    /// A [`ReadError`](crate::ReadError) is handed out in place of an event, as the last item: an event that `E` does
    /// not read, or a database that cannot be reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut events = store.all::<AccountEvent>().read();
    /// let mut deposited = 0;
    /// while let Some(recorded) = events.next().await.transpose()? {
    ///     if let AccountEvent::Deposited { cents } = recorded.event {
    ///         deposited += cents;
    ///     }
    /// }
    /// assert_eq!(deposited, 100);
    /// # Ok(()) }
    /// ```
    pub fn read(&self) -> Events<'static, E, B, GlobalPosition> {
        Events::of_log(self.store.clone(), self.filter.clone())
    }

    /// The events after a position, then new ones as they are committed: none is missed and none comes twice.
    ///
    /// A dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// When the position is not one of this log (a restored backup), the database is a standby, or it is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut live = store.all::<AccountEvent>().subscribe(After::End).await?;
    /// let stream = store.stream("account/grace".parse()?);
    /// let appended = stream.append(ExpectedVersion::Any, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// assert_eq!(Some(live.next().await?.position), appended.position);
    /// # Ok(()) }
    /// ```
    pub async fn subscribe(&self, after: After<GlobalPosition>) -> Result<Subscription<E, B>, SubscriptionError> {
        Subscription::of_log(self.store.clone(), self.filter.clone(), after, None).await
    }
}

impl<E, B: Backend> Clone for Log<E, B> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), filter: self.filter.clone(), event: self.event }
    }
}

impl<E, B: Backend> fmt::Debug for Log<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("filter", &self.filter).finish_non_exhaustive()
    }
}
