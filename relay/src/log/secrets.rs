//! Secrets by name; holds no rule.
