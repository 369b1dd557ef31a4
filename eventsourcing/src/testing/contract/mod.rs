//! The contract of a store adapter, as tests that any [`Backend`] can run.
//!
//! Each check takes a fresh, migrated store and panics when the adapter breaks the contract;
//! [`store_contract!`](crate::store_contract) makes a test of each.

#![expect(clippy::missing_panics_doc, reason = "every check panics when the contract is broken")]

mod append;
mod checkpoint;
mod idempotency;
mod read;
mod snapshot;
mod stored_types;
mod tail;
mod transaction;

pub use self::{
    append::{
        a_batch_is_stored_whole_or_not_at_all, an_append_is_read_back_as_it_was_written,
        an_empty_append_checks_its_expectation, each_append_of_a_group_has_its_own_result, expectations_hold,
        of_concurrent_appends_one_wins, what_is_over_a_limit_is_refused, what_is_over_the_total_limit_is_refused,
    },
    checkpoint::{
        a_checkpoint_moves_by_compare_and_swap, a_checkpoint_moves_only_over_what_the_log_holds,
        a_declaration_is_seen_by_every_later_worker, a_reset_checkpoint_begins_anew,
    },
    idempotency::{
        a_partial_repetition_is_refused, a_repetition_gives_the_first_result, an_id_counts_where_it_is_expected,
    },
    read::{streams_are_read_both_ways, the_log_is_filtered_by_category_and_tag},
    snapshot::{a_snapshot_counts_only_with_its_event, loading_begins_with_a_fitting_snapshot},
    stored_types::{
        stored_types_are_listed_with_their_first_position, types_are_listed_when_they_are_committed,
        what_is_not_stored_is_not_listed,
    },
    tail::the_tail_hands_out_settled_events,
    transaction::{a_conflict_leaves_the_callers_transaction_usable, a_rolled_back_append_leaves_nothing},
};
use crate::{
    position::{ExpectedVersion, GlobalPosition, StreamVersion},
    record::{Encoded, NewEvent, SchemaVersion, Tag},
    store::{
        Append, AppendError, Appended, Backend, Direction, Filter, LogQuery, Page, Stored, StoredEvent, StreamQuery,
        Via,
    },
    stream_id::StreamId,
};

/// Makes a test of each check of the [store contract](crate::testing::contract), on the store that the expression gives.
///
/// The expression may await; it runs once for each test, within tokio's multi-threaded runtime.
#[macro_export]
macro_rules! store_contract {
    ($store:expr) => {
        $crate::store_contract!(@tests $store;
            an_append_is_read_back_as_it_was_written
            an_empty_append_checks_its_expectation
            each_append_of_a_group_has_its_own_result
            expectations_hold
            of_concurrent_appends_one_wins
            what_is_over_a_limit_is_refused
            what_is_over_the_total_limit_is_refused
            a_batch_is_stored_whole_or_not_at_all
            a_checkpoint_moves_by_compare_and_swap
            a_checkpoint_moves_only_over_what_the_log_holds
            a_declaration_is_seen_by_every_later_worker
            a_reset_checkpoint_begins_anew
            a_partial_repetition_is_refused
            a_repetition_gives_the_first_result
            an_id_counts_where_it_is_expected
            streams_are_read_both_ways
            the_log_is_filtered_by_category_and_tag
            loading_begins_with_a_fitting_snapshot
            a_snapshot_counts_only_with_its_event
            stored_types_are_listed_with_their_first_position
            types_are_listed_when_they_are_committed
            what_is_not_stored_is_not_listed
            the_tail_hands_out_settled_events
            a_conflict_leaves_the_callers_transaction_usable
            a_rolled_back_append_leaves_nothing
        );
    };
    (@tests $store:expr; $($check:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let store = $store;
                $crate::testing::contract::$check(&store).await;
            }
        )*
    };
}

fn stream_id(text: &str) -> StreamId {
    text.parse().expect("the contract writes valid stream ids")
}

fn version(number: i64) -> StreamVersion {
    StreamVersion::new(number).expect("the contract writes valid versions")
}

/// An event with this tag and this JSON text.
fn event(tag: &'static str, payload: &str) -> NewEvent<Encoded<Vec<u8>>> {
    NewEvent::new(Encoded {
        tag: Tag::from_static(tag),
        schema_version: SchemaVersion::FIRST,
        payload: payload.as_bytes().to_vec(),
    })
}

/// Events `{"n":1}`, `{"n":2}`, ..
fn events(count: usize) -> Vec<NewEvent<Encoded<Vec<u8>>>> {
    (1..=count).map(|n| event("counted", &format!("{{\"n\":{n}}}"))).collect()
}

fn append(stream: &str, expected: ExpectedVersion, events: Vec<NewEvent<Encoded<Vec<u8>>>>) -> Append {
    Append { stream_id: stream_id(stream), expected, events }
}

/// Appends one, on a connection of the store's own.
async fn run<B: Backend>(store: &B, append: Append) -> Result<Appended, AppendError> {
    let appends = [append];
    let mut results = store.append(Via::Store, &appends).await?;
    assert_eq!(results.len(), 1, "one append has one result");
    results.remove(0)
}

/// Appends one that is expected to succeed; the position of its last event.
async fn append_events<B: Backend>(store: &B, stream: &str, count: usize) -> GlobalPosition {
    let appended = run(store, append(stream, ExpectedVersion::Any, events(count))).await;
    appended.expect("the append is allowed").position.expect("events have positions")
}

async fn read_stream<B: Backend>(store: &B, query: StreamQuery) -> Vec<StoredEvent<B::Payload>> {
    events_of(store.read_stream(Via::Store, query).await.expect("the stream is readable"))
}

async fn read_log<B: Backend>(store: &B, query: LogQuery) -> Vec<StoredEvent<B::Payload>> {
    events_of(store.read_log(query).await.expect("the log is readable"))
}

fn events_of<P>(page: Page<P>) -> Vec<StoredEvent<P>> {
    let events = page.events.into_iter().map(Stored::into_event);
    events.collect::<Result<_, _>>().expect("the contract writes no malformed rows")
}

fn whole_stream(stream: &str) -> StreamQuery {
    StreamQuery {
        stream_id: stream_id(stream),
        from: None,
        until: None,
        direction: Direction::Forwards,
        limit: i64::MAX,
    }
}

fn whole_log(filter: Filter) -> LogQuery {
    LogQuery { filter, from: None, until: None, direction: Direction::Forwards, limit: i64::MAX }
}

fn versions<P>(events: &[StoredEvent<P>]) -> Vec<i64> {
    events.iter().map(|event| event.version.get()).collect()
}
