-- The event log, the words beside it, and the projections that the relay reads by key.
-- Ids are hyphenated UUIDs, instants are milliseconds since 1970-01-01 UTC, documents are JSON.

-- One row of facts about the log itself: 'epoch' changes when the log was restored.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- What happened, append-only. stream is 'interaction:<id>', 'agent:<id>' or 'config'.
CREATE TABLE events (
    pos     INTEGER PRIMARY KEY AUTOINCREMENT,
    stream  TEXT    NOT NULL,
    version INTEGER NOT NULL,
    seq     INTEGER,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    schema  INTEGER NOT NULL,
    change  TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_version ON events (stream, version);
CREATE UNIQUE INDEX events_seq ON events (stream, seq) WHERE seq IS NOT NULL;

-- Where each stream stands: its version, and its state as the domain crate applies it. Can be rebuilt from events.
CREATE TABLE streams (
    stream  TEXT    PRIMARY KEY,
    version INTEGER NOT NULL,
    live    INTEGER NOT NULL,
    state   TEXT    NOT NULL
) STRICT;
CREATE INDEX streams_live ON streams (live) WHERE live = 1;

-- Words and names, apart from facts so that they can be erased. owner is 'message:<id>' (text) or 'identity:<id>'
-- (JSON with name and handle). key_id names the key once contents are sealed per contact.
CREATE TABLE contents (
    owner     TEXT PRIMARY KEY,
    body      TEXT,
    key_id    TEXT,
    erased_at INTEGER
) STRICT;

-- Messages by id and by the provider's id.
CREATE TABLE messages (
    id          TEXT    PRIMARY KEY,
    interaction TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    connector   TEXT    NOT NULL,
    identity    TEXT    NOT NULL,
    direction   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    external_id TEXT,
    delivery    TEXT,    -- JSON of the delivery; outgoing only
    began_at    INTEGER, -- when the provider call began; outgoing only
    at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_external ON messages (connector, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX messages_place ON messages (interaction, seq);
CREATE INDEX messages_customer ON messages (identity, direction, at);

-- One row per interaction for lists.
CREATE TABLE interactions (
    id            TEXT    PRIMARY KEY,
    channel       TEXT    NOT NULL,
    connector     TEXT    NOT NULL,
    identity      TEXT    NOT NULL,
    phase         TEXT    NOT NULL,
    queue         TEXT,
    owner         TEXT,
    entered_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    last_message  TEXT
) STRICT;
CREATE INDEX interactions_recent ON interactions (entered_at DESC, id DESC);

-- At most one live interaction per customer and account.
CREATE TABLE live_identities (
    connector   TEXT NOT NULL,
    identity    TEXT NOT NULL,
    interaction TEXT NOT NULL,
    PRIMARY KEY (connector, identity)
) STRICT, WITHOUT ROWID;

-- Customers as one account knows them; a customer may be known by several provider ids.
CREATE TABLE identities (
    id               TEXT    PRIMARY KEY,
    connector        TEXT    NOT NULL,
    address          TEXT    NOT NULL, -- the provider id to write to
    last_customer_at INTEGER,
    subscribed       INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE TABLE identity_aliases (
    connector TEXT NOT NULL,
    alias     TEXT NOT NULL,
    identity  TEXT NOT NULL,
    PRIMARY KEY (connector, alias)
) STRICT, WITHOUT ROWID;

-- Webhook items as they came, before anybody understood them.
CREATE TABLE journal (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    provider    TEXT    NOT NULL, -- 'meta' or 'viber'
    account     TEXT    NOT NULL, -- the app or bot of the address
    received_at INTEGER NOT NULL,
    item        TEXT    NOT NULL, -- one item with what of its envelope it needs, JSON
    state       TEXT    NOT NULL, -- 'new', 'done', 'parked', 'unsupported', 'failed'
    key         TEXT,             -- what a parked item waits for: '<connector>/<external id>'
    reason      TEXT,
    message     TEXT              -- the message it became, if one
) STRICT;
CREATE INDEX journal_open ON journal (id) WHERE state = 'new';
CREATE INDEX journal_parked ON journal (key) WHERE state = 'parked';

-- Provider calls to make, in order per interaction.
CREATE TABLE outbox (
    place       INTEGER PRIMARY KEY AUTOINCREMENT,
    message     TEXT    NOT NULL UNIQUE,
    interaction TEXT    NOT NULL,
    connector   TEXT    NOT NULL,
    identity    TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- 'waiting', 'sending', 'done'
    attempts    INTEGER NOT NULL,
    next_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (interaction, place) WHERE state <> 'done';

-- Answers of commands, so that the same command has one effect and one answer.
CREATE TABLE commands (
    id      TEXT    PRIMARY KEY,
    user    TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- Password hashes (argon2id, PHC strings), apart from the configuration.
CREATE TABLE credentials (
    user TEXT PRIMARY KEY,
    hash TEXT NOT NULL
) STRICT;

-- Sessions by the SHA-256 of their token.
CREATE TABLE sessions (
    digest     TEXT    PRIMARY KEY,
    user       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Secrets by name: 'connector:<id>:token', 'app:<app>:secret', 'app:<app>:verify'.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
