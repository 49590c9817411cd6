-- Which collections are forks. The root is the collection at the beginning of a line of forks, which may be gone by now.

CREATE TABLE forks (
    collection_id VARCHAR(36) NOT NULL PRIMARY KEY REFERENCES collections (id),
    root_id VARCHAR(36) NOT NULL
);
