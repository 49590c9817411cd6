-- A checksum in every row, over its other columns, which the program computes. The count of changes tells which of two files
-- of a catalog is the newer one; as long as it is 0 there are no checksums yet.

ALTER TABLE tenants ADD COLUMN row_sum BIGINT;
ALTER TABLE databases ADD COLUMN row_sum BIGINT;
ALTER TABLE collections ADD COLUMN row_sum BIGINT;
ALTER TABLE manifests ADD COLUMN row_sum BIGINT;
ALTER TABLE forks ADD COLUMN row_sum BIGINT;
ALTER TABLE quotas ADD COLUMN row_sum BIGINT;

CREATE TABLE changes (change_count BIGINT NOT NULL);

INSERT INTO changes (change_count) VALUES (0);
