//! Rows of interactions for lists; holds no rule.
