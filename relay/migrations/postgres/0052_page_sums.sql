-- The pages of a file get sums with this version; a server has checksums of its own (`data_checksums`).
SELECT 1;
