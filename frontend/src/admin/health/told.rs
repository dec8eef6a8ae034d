//! What the codes and sentences of the relay and of providers are known by. None of it is shown: words for it are the admin's.

/// The relay's code for an account whose token is missing.
pub(super) const NO_TOKEN: &str = "no token";
/// Its code for a provider that could not be reached.
pub(super) const UNREACHABLE: &str = "unreachable";
/// Its code for a provider that did not answer.
pub(super) const NO_ANSWER: &str = "no answer";
/// The provider's word for a quality that is low.
pub(super) const LOW: &str = "RED";
/// How the relay says what only it can tell, for no fact shows it.
pub(super) const SILENT: &str = "no message has come for unusually long";
/// How its sentences, which are made for desks, say where in the admin to go.
pub(super) const WHERE: &str = " under Connectors.";
