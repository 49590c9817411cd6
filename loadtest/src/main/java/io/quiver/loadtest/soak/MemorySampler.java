package io.quiver.loadtest.soak;

import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a server's memory every second, on a thread of its own until it is closed: compactions take and give back so
 * much that a look now and then would say little.
 */
final class MemorySampler implements AutoCloseable {
    private static final double NANOS_A_MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final ServerUsage usage;
    private final MemoryTrend trend;
    private final long begin = System.nanoTime();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile @Nullable IOException failure;

    /** @param trend this thread's until the sampler is closed */
    MemorySampler(ServerUsage usage, MemoryTrend trend) {
        this.usage = usage;
        this.trend = trend;
        var _ = clock.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            trend.add((System.nanoTime() - begin) / NANOS_A_MINUTE, usage.residentMiB());
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Fails where the memory could not be seen. */
    @Override
    public void close() throws IOException {
        clock.close();
        IOException seen = failure;
        if (seen != null) {
            throw seen;
        }
    }
}
