package io.quiver.executor;

import io.quiver.executor.query.Query;

/** A query of a batch under way; its answer belongs at {@code position}. */
record Asked(int position, Query query, QueryClock clock) {}
