package io.quiver.executor.filter;

import io.quiver.log.record.Metadata;
import org.jspecify.annotations.Nullable;

/** What a filter may have to look at when an index alone cannot decide. Safe on every thread. */
public interface RowSource {
    /** The row that holds the newest version of a record within its segment, -1 where there is none. */
    int rowOf(String id);

    String id(int row);

    Metadata metadata(int row);

    @Nullable String document(int row);
}
