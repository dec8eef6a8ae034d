-- Where a session was begun, for the list in which people recognise their own: what the browser calls itself, cut to
-- 200 characters, and the client's address. Empty for sessions from before.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
