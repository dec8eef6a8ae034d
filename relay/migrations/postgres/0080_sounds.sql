-- Sounds of the workspace's own, in the place of those that come with the desk.
CREATE TABLE sounds (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- 'offer' or 'message'
    kind    TEXT   NOT NULL, -- what it is by its first bytes: 'mp3', 'wav', …
    size    BIGINT NOT NULL, -- bytes
    digest  TEXT   NOT NULL, -- SHA-256 of the bytes, in hexadecimal digits
    content TEXT   NOT NULL, -- the bytes, in hexadecimal digits
    at      BIGINT NOT NULL
);
