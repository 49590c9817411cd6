-- What exists. Numbers called ordinal rise in order of creation; times and generated values come from the program, so
-- that the same script serves every database.

CREATE TABLE tenants (
    name VARCHAR(512) NOT NULL PRIMARY KEY,
    ordinal BIGINT NOT NULL UNIQUE,
    resource_name VARCHAR(512)
);

CREATE TABLE databases (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    ordinal BIGINT NOT NULL UNIQUE,
    tenant VARCHAR(512) NOT NULL REFERENCES tenants (name),
    name VARCHAR(512) NOT NULL,
    UNIQUE (tenant, name)
);

-- schema_json and metadata_json are JSON; the schema holds the configuration too. The manifest lists sealed segments as
-- JSON; its version is what publication compares.
CREATE TABLE collections (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    ordinal BIGINT NOT NULL UNIQUE,
    database_id VARCHAR(36) NOT NULL REFERENCES databases (id),
    name VARCHAR(512) NOT NULL,
    version INT NOT NULL,
    dimension INT,
    schema_json TEXT NOT NULL,
    metadata_json TEXT,
    UNIQUE (database_id, name)
);

CREATE TABLE manifests (
    collection_id VARCHAR(36) NOT NULL PRIMARY KEY REFERENCES collections (id),
    version BIGINT NOT NULL,
    compacted_offset BIGINT NOT NULL,
    segments_json TEXT NOT NULL
);

INSERT INTO tenants (name, ordinal) VALUES ('default_tenant', 1);

INSERT INTO databases (id, ordinal, tenant, name)
VALUES ('00000000-0000-0000-0000-000000000000', 2, 'default_tenant', 'default_database');
