-- Messages that greeted customers who opened a conversation and have not written yet: there is no chat to write them
-- into. The words are contents ('message:<id>').
CREATE TABLE welcomes (
    connector   TEXT NOT NULL,
    token       TEXT NOT NULL, -- the provider's id of the opening, under which receipts come
    customer    TEXT NOT NULL, -- the provider's id of the customer
    message     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    again       INTEGER NOT NULL, -- 1 when the opening was told once more: the answer with the words may be lost
    interaction TEXT, -- the chat it became a line of
    PRIMARY KEY (connector, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX welcomes_customer ON welcomes (connector, customer) WHERE interaction IS NULL;
CREATE INDEX welcomes_message ON welcomes (message);
