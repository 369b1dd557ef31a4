//! The contract of a store adapter, as tests that any [`Backend`](crate::port::Backend) can run.
//!
//! Each check takes a fresh, migrated store and panics when the adapter breaks the contract;
//! [`store_contract!`](crate::store_contract) makes a test of each.

#![expect(clippy::missing_panics_doc, reason = "every check panics when the contract is broken")]

mod append;
mod checkpoint;
mod idempotency;
mod lists;
mod read;
mod snapshot;
mod steps;
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
    lists::{categories_are_listed_once, checkpoints_are_listed, streams_are_listed_in_three_orders},
    read::{streams_are_read_both_ways, the_log_is_filtered_by_category_and_tag},
    snapshot::{a_snapshot_counts_only_with_its_event, loading_begins_with_a_fitting_snapshot},
    stored_types::{
        stored_types_are_listed_with_their_first_position, types_are_listed_when_they_are_committed,
        what_is_not_stored_is_not_listed,
    },
    tail::the_tail_hands_out_settled_events,
    transaction::{a_conflict_leaves_the_callers_transaction_usable, a_rolled_back_append_leaves_nothing},
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
            categories_are_listed_once
            streams_are_listed_in_three_orders
            checkpoints_are_listed
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
