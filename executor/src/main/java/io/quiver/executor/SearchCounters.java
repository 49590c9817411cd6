package io.quiver.executor;

import java.util.concurrent.atomic.LongAdder;

/** What the searches did since the executor was opened. Safe on every thread. */
final class SearchCounters {
    final LongAdder queries = new LongAdder();
    final LongAdder partial = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder distances = new LongAdder();
    final LongAdder estimates = new LongAdder();
}
