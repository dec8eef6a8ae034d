-- Secrets are sealed: value is nonce and sealed bytes in hexadecimal, key_id names the key. NULL = not sealed yet, as
-- older versions left them; they are sealed at the next start.
ALTER TABLE secrets ADD COLUMN key_id TEXT;
