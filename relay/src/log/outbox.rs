//! Provider calls to make; holds no rule.
