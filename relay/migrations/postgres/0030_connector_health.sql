-- How accounts stand, as far as a restart must not forget it: why nothing leaves, when something last came and went.
CREATE TABLE connector_health (
    connector TEXT COLLATE "C" PRIMARY KEY,
    standing  TEXT NOT NULL -- JSON
);
