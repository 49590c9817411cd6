package io.quiver.executor.index;

/** What distance means; smaller is nearer for each. */
public enum Metric {
    /** Sum of squared differences. */
    SQUARED_L2,
    /** 1 - cosine; 1 where one of the two has no length. */
    COSINE,
    /** 1 - inner product. */
    INNER_PRODUCT
}
