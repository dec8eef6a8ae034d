//! Sessions by the digest of their token; holds no rule.
