//! Every seeded bug with the tests of which at least one must turn red on it.

/// The name in `fault!`, and whole-system tests by their full names.
pub const SEEDED: &[(&str, &[&str])] = &[
    // Taking in.
    ("answered-before-kept", &["file::storm::i01_what_was_answered_200_survives_kill_9"]),
    ("commits-not-synced", &["file::storm::i02_what_was_answered_200_survives_a_power_failure"]),
    ("answered-though-not-kept", &["file::trouble::i32_a_disk_in_trouble_gets_no_false_200"]),
    (
        "page-sums-not-compared",
        &["file::flips::i32_a_flipped_bit_is_met_as_an_error_or_harmless_and_never_served"],
    ),
    ("readiness-lies", &["file::trouble::i32_a_disk_in_trouble_gets_no_false_200"]),
    (
        "signature-not-checked",
        &["bad_input::an_unsigned_or_wrongly_signed_webhook_is_401_and_leaves_nothing"],
    ),
    ("provider-id-forgotten", &["file::intake::i04_a_message_delivered_many_times_is_there_once"]),
    ("bad-entry-takes-neighbours", &["file::intake::i05_a_bad_entry_costs_no_neighbour_and_is_kept"]),
    ("second-live-chat", &["file::intake::i06_an_album_begins_one_chat"]),
    (
        "ended-chat-takes-it",
        &["races::r07_closing_against_a_new_message_asks_first_and_after_the_end_starts_anew"],
    ),
    ("receipt-goes-back", &["file::receipts::i08_receipts_in_any_order_only_climb"]),
    ("early-receipt-lost", &["file::receipts::i08_a_receipt_before_its_answer_is_not_lost"]),
    // Deciding.
    ("taken-twice", &["races::r01_two_accept_at_once_and_one_wins"]),
    ("wish-not-compared", &["file::keys::i23_one_id_is_one_wish_with_one_answer"]),
    (
        "refusal-not-kept",
        &["file::keys::i23_a_refusal_stays_one_over_a_restart_though_it_would_be_none_by_then"],
    ),
    ("answer-not-kept", &["races::r04_the_same_command_again_has_one_effect_and_one_answer"]),
    ("timers-forgotten", &["races::max_wait_ends_as_missed"]),
    ("window-not-checked", &["bad_input::a_closed_window_refuses_before_the_provider_does"]),
    // Telling.
    ("told-before-commit", &["file::views::i14_every_event_is_shown_once_in_order_over_breaks_and_kills"]),
    ("event-dropped", &["file::views::i14_every_event_is_shown_once_in_order_over_breaks_and_kills"]),
    ("event-told-twice", &["file::views::i14_every_event_is_shown_once_in_order_over_breaks_and_kills"]),
    ("resume-skips-one", &["resume::missed_events_follow_without_gap_or_double"]),
    ("rights-not-checked", &["resume::nobody_watches_what_they_have_no_rights_to"]),
    ("logout-leaves-socket", &["resume::logging_out_cuts_the_socket_within_a_second"]),
    ("resume-out-of-order", &["file::transcripts::i13_every_viewer_sees_the_same_sequence_without_holes"]),
    ("stalled-not-cut", &["slow::desks_that_do_not_read_are_cut_and_harm_nobody"]),
    ("rights-kept", &["rights::nobody_hears_of_queues_that_are_not_theirs_also_while_rights_change"]),
    // Sending.
    (
        "claim-not-durable",
        &["file::points::i19_each_message_is_on_the_phone_at_most_once_wherever_the_relay_dies"],
    ),
    (
        "unknown-is-sent-again",
        &["file::sends::i19_a_lost_answer_is_unknown_and_the_message_is_not_sent_again"],
    ),
    (
        "unknown-is-sent-again-after-start",
        &["file::points::i19_each_message_is_on_the_phone_at_most_once_wherever_the_relay_dies"],
    ),
    ("retry-forgotten", &["file::sends::i20_each_message_comes_to_an_end_in_time_whatever_providers_do"]),
    (
        "echo-not-known",
        &["file::unknown::i21_what_is_unknown_is_settled_by_the_providers_own_words_and_never_sent_again"],
    ),
    (
        "retry-jumps-behind",
        &["file::sends::i22_messages_leave_in_the_order_of_typing_and_none_jumps_past_a_failed_one_unseen"],
    ),
    ("rate-not-kept", &["pace::i24_no_provider_ever_has_to_say_that_it_is_too_much"]),
    // Running.
    ("all-return-at-once", &["stop::a_stop_under_load_ends_well_and_loses_nothing"]),
    ("flood-without-cap", &["overload::a_flood_of_webhooks_is_answered_503_and_what_was_taken_is_there"]),
    (
        "restored-in-the-same-epoch",
        &["backup::a_backup_taken_under_load_is_restored_as_a_valid_system_and_the_lost_tail_is_told"],
    ),
];
