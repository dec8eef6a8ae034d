-- What the admin's pages read: which account an item of the journal is about, and what was seen of the set-up.

-- The channel's word, absent for what belongs to no account, and the provider's id of the account.
ALTER TABLE journal ADD COLUMN channel TEXT;
ALTER TABLE journal ADD COLUMN target TEXT;
-- The newest item of an account.
CREATE INDEX journal_target ON journal (target, id);
-- Those that were not understood, the newest first.
CREATE INDEX journal_kept ON journal (id) WHERE state IN ('unsupported', 'failed');

-- When something of the set-up was last seen: 'app:<app>:verified' (Meta asked for our address with the right token),
-- 'connector:<id>:subscribed' (the provider took our wish to be told of the account's messages).
CREATE TABLE set_up (
    what TEXT    PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT;
