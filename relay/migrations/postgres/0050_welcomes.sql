-- Messages that greeted customers who opened a conversation and have not written yet: there is no chat to write them
-- into. The words are contents ('message:<id>').
CREATE TABLE welcomes (
    connector   TEXT COLLATE "C" NOT NULL,
    token       TEXT COLLATE "C" NOT NULL, -- the provider's id of the opening, under which receipts come
    customer    TEXT COLLATE "C" NOT NULL, -- the provider's id of the customer
    message     TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    again       BIGINT NOT NULL, -- 1 when the opening was told once more: the answer with the words may be lost
    interaction TEXT, -- the chat it became a line of
    PRIMARY KEY (connector, token)
);
CREATE INDEX welcomes_customer ON welcomes (connector, customer) WHERE interaction IS NULL;
CREATE INDEX welcomes_message ON welcomes (message);
