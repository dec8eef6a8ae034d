-- The chats of one customer, the newest first: what went before a chat is found however many others there are.
CREATE INDEX interactions_customer ON interactions (identity, entered_at DESC, id DESC);
