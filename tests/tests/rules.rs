//! The rules of the workspace that no compiler checks: directions, form of files, paths the README names.
//!
//! Every test lists all its findings as `file:line: what is wrong`.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "rules/directions.rs"]
mod directions;
#[path = "rules/form.rs"]
mod form;
#[path = "rules/handlers.rs"]
mod handlers;
#[path = "rules/names.rs"]
mod names;
#[path = "rules/queues.rs"]
mod queues;
#[path = "rules/readme.rs"]
mod readme;
#[path = "rules/seeded.rs"]
mod seeded;
#[path = "rules/source.rs"]
mod source;
#[path = "rules/statements.rs"]
mod statements;
#[path = "rules/table.rs"]
mod table;
#[path = "rules/tests.rs"]
mod tests;
#[path = "rules/views.rs"]
mod views;
#[path = "rules/words.rs"]
mod words;

/// Fails with all findings, one per line.
fn report(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}

#[test]
fn every_path_keeps_the_directions() {
    let mut findings = directions::check(&source::workspace());
    findings.extend(directions::packages());
    report("A module names what it must not know (the table: tests/tests/rules/table.rs)", &findings);
}

#[test]
fn the_readme_names_only_paths_that_exist() {
    report("README.md", &readme::check(&source::root()));
}

#[test]
fn views_set_no_markup_and_no_style_attributes() {
    report("The content policy and the trust in customers' text forbid this in views", &views::check());
}

#[test]
fn what_a_page_says_stands_in_the_files_of_its_languages() {
    report("Desk and admin speak more than one language", &words::check());
}

#[test]
fn every_handler_takes_somebody_who_is_logged_in() {
    report(
        "Routes stand in the API's document and ask who is there, or say `security(())`",
        &handlers::check(),
    );
}

#[test]
fn queues_have_a_cap() {
    report("A queue says what happens when it is full", &queues::check());
}

#[test]
fn statements_of_sql_are_constants() {
    report("What is bound cannot be glued: `$1` and `.bind(…)`", &statements::check());
}

#[test]
fn every_file_says_what_it_is_for() {
    report("Form of a file", &form::opening_lines());
}

#[test]
fn every_silenced_lint_has_a_reason() {
    report("`#[allow]` and `#[expect]` carry `reason = \"…\"`", &form::silenced_lints());
}

#[test]
fn versions_stand_only_in_the_root_manifest() {
    report("A dependency of a member says `name.workspace = true`", &form::versions());
}

#[test]
fn the_top_level_is_the_fixed_one() {
    report("The top level holds what the README's map shows, everything else goes below", &form::top_level());
}

#[test]
fn every_seeded_bug_has_a_test_and_none_is_in_what_is_used() {
    report("Seeded bugs (the table: tests/tests/faults/table.rs)", &seeded::complete());
    report("Seeded bugs in what is used", &seeded::shipped());
}
