-- Whether a customer takes marketing messages; NULL where they never said. marketing_at is when they last said, by the
-- provider's clock.
ALTER TABLE identities ADD COLUMN marketing BIGINT;
ALTER TABLE identities ADD COLUMN marketing_at BIGINT;
