-- From here on every page of the file carries a sum. Giving them to the pages is not for SQL to do; this number keeps a
-- version that knows nothing of sums from writing pages without them.
SELECT 1;
