package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the graphs of segments into fast memory, and makes codes of those that have none, one after the other on one
 * thread of low priority, so that neither an opening nor a publication waits for gigabytes to be read; nor does it take
 * the processor from a start before {@link #begin}. Safe on every thread.
 */
final class SegmentWarmer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentWarmer.class);
    private static final long CLOSE_SECONDS_MAX = 10;

    private final ExecutorService thread;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean isClosed;

    SegmentWarmer() {
        this.thread = Executors.newSingleThreadExecutor(
                BackgroundThreads.of(Thread.ofPlatform().name("segment-warmer").daemon()));
    }

    /** Warms the segment when its turn comes; it is held until then. */
    void warm(Segment segment) {
        if (segment.retain()) {
            try {
                thread.execute(() -> warmNow(segment));
            } catch (RejectedExecutionException closed) {
                segment.release();
            }
        }
    }

    /** Lets the work begin that has been asked for so far, and all that is asked for later. */
    void begin() {
        begun.countDown();
    }

    private void warmNow(Segment segment) {
        try {
            begun.await();
            if (!isClosed) {
                segment.warm(() -> isClosed);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            LOG.error("Segment {} stays as slow as it is", segment.name(), failure);
        } finally {
            segment.release();
        }
    }

    /** Gives up the load under way, and lets all segments go. */
    @Override
    public void close() {
        isClosed = true;
        begun.countDown();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("A segment is still being loaded {} s after the executor was closed", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
