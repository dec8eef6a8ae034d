//! The visible history of an interaction; holds no rule.
