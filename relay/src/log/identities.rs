//! Customers as one account knows them; holds no rule.
