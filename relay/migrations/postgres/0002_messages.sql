-- What happens to messages after they came, and their files.

ALTER TABLE messages ADD COLUMN edited_at BIGINT;      -- by the provider's clock
ALTER TABLE messages ADD COLUMN unsent_at BIGINT;      -- by the provider's clock
ALTER TABLE messages ADD COLUMN reacted_in TEXT;        -- the customer's emoji
ALTER TABLE messages ADD COLUMN reacted_in_at BIGINT;  -- when it was last put on or taken off
ALTER TABLE messages ADD COLUMN reacted_out TEXT;       -- our side's emoji
ALTER TABLE messages ADD COLUMN reacted_out_at BIGINT;
ALTER TABLE messages ADD COLUMN pricing TEXT;           -- JSON of what it costs; outgoing only

-- Files of messages. Their names are contents ('cards:<message>'), their bytes lie in the file store.
CREATE TABLE media (
    id          TEXT COLLATE "C" PRIMARY KEY,
    message     TEXT COLLATE "C" NOT NULL,
    interaction TEXT    NOT NULL,
    connector   TEXT    NOT NULL,
    kind        TEXT    NOT NULL, -- JSON of the kind
    source      TEXT,             -- JSON of where the provider keeps it; gone once it was fetched or given up
    state       TEXT    NOT NULL, -- JSON of the state as desks are told it
    open        BIGINT NOT NULL, -- 1 while it is to be fetched, 2 while its bytes are to be removed
    attempts    BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX media_message ON media (message);
CREATE INDEX media_open ON media (open, next_at) WHERE open > 0;
