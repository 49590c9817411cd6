package io.quiver.executor.query;

/** What a search goes through, in this order: the label of the metric {@code quiver_search_seconds}. */
public enum SearchStage {
    /** The request is read and checked against its collection. */
    PARSE,
    /** It waits for its turn among all that are under way. */
    ADMIT,
    /** It waits at the link to the executor until a batch takes it along. */
    ROUTE,
    /** Its batch waits for a thread that searches. */
    QUEUE,
    /** Segments in memory are searched: time of threads, all queries of a batch together. */
    DELTA,
    /** Sealed segments are searched: likewise. */
    INDEX,
    /** What was found in the segments is put into order, and its records are read. */
    MERGE,
    /** The answer is put into words. */
    ENCODE
}
