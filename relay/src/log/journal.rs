//! Webhook items as they came; holds no rule.
