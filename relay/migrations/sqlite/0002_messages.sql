-- What happens to messages after they came, and their files.

ALTER TABLE messages ADD COLUMN edited_at INTEGER;      -- by the provider's clock
ALTER TABLE messages ADD COLUMN unsent_at INTEGER;      -- by the provider's clock
ALTER TABLE messages ADD COLUMN reacted_in TEXT;        -- the customer's emoji
ALTER TABLE messages ADD COLUMN reacted_in_at INTEGER;  -- when it was last put on or taken off
ALTER TABLE messages ADD COLUMN reacted_out TEXT;       -- our side's emoji
ALTER TABLE messages ADD COLUMN reacted_out_at INTEGER;
ALTER TABLE messages ADD COLUMN pricing TEXT;           -- JSON of what it costs; outgoing only

-- Files of messages. Their names are contents ('cards:<message>'), their bytes lie in the file store.
CREATE TABLE media (
    id          TEXT    PRIMARY KEY,
    message     TEXT    NOT NULL,
    interaction TEXT    NOT NULL,
    connector   TEXT    NOT NULL,
    kind        TEXT    NOT NULL, -- JSON of the kind
    source      TEXT,             -- JSON of where the provider keeps it; gone once it was fetched or given up
    state       TEXT    NOT NULL, -- JSON of the state as desks are told it
    open        INTEGER NOT NULL, -- 1 while it is to be fetched, 2 while its bytes are to be removed
    attempts    INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX media_message ON media (message);
CREATE INDEX media_open ON media (open, next_at) WHERE open > 0;
