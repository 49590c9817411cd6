package io.quiver.gateway.admission;

/**
 * Kinds of operations that have a budget of their own, each with its unit of cost.
 *
 * <p>A unit is what the work of the server grows with, known before the work is done: it needs no calibration, and a
 * caller can compute it.
 */
public enum OperationKind {
    /** Nearest neighbours. Cost: query embeddings x dimension, the floats that the scan compares with each record. */
    SEARCH("search"),
    /** Records by id or filter, and counts. Cost: records that may be returned, at least 1. */
    READ("read"),
    /** Add, upsert, update, delete. Cost: bytes of the request's body. */
    WRITE("write"),
    /** Tenants, databases, collections. Cost: 1 a request. */
    ADMIN("admin");

    private final String label;

    OperationKind(String label) {
        this.label = label;
    }

    /** Its name in settings and metrics. */
    public String label() {
        return label;
    }
}
