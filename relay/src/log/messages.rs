//! Messages by id and by the provider's id; holds no rule.
