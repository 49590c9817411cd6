-- How much there may be in a tenant, a database or a collection, where somebody has set it. A tenant's rows have an empty
-- database_name, those of a tenant and a database an empty collection_id; those of a collection have its id alone.

CREATE TABLE quotas (
    tenant VARCHAR(512) NOT NULL,
    database_name VARCHAR(512) NOT NULL,
    collection_id VARCHAR(36) NOT NULL,
    resource VARCHAR(32) NOT NULL,
    most BIGINT NOT NULL,
    PRIMARY KEY (tenant, database_name, collection_id, resource)
);
