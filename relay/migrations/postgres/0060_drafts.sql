-- What an agent has written in a chat and not sent: on every device of theirs, for as long as the chat is open at them.
CREATE TABLE drafts (
    "user"      TEXT COLLATE "C" NOT NULL,
    interaction TEXT COLLATE "C" NOT NULL,
    text        TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY ("user", interaction)
);
