package io.quiver.loadtest.index.engine;

import java.io.IOException;
import java.util.List;

/** An index over one corpus, with the memory or the files that it lies in. */
public interface BuiltIndex extends AutoCloseable {
    /** Ways to search it; what they need beside the index, such as shorter codes, is made now and not timed. */
    List<Searcher> searchers() throws IOException;

    /** Bytes that the index takes beside the vectors in single precision. */
    long sizeBytes();

    @Override
    void close() throws IOException;
}
