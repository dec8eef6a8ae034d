-- What an agent has written in a chat and not sent: on every device of theirs, for as long as the chat is open at them.
CREATE TABLE drafts (
    user        TEXT    NOT NULL,
    interaction TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (user, interaction)
) STRICT, WITHOUT ROWID;
