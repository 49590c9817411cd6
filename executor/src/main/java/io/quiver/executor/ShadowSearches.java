package io.quiver.executor;

import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.CollectionId;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks some queries again of every row when they have been answered, to see what the answers missed.
 *
 * <p>Which ones does not depend on what they ask: chance draws one in so many, and one that is drawn while another
 * waits or runs, or while {@link SparePace} rests after it, is let go. What is sampled so are the queries as they come,
 * though some collections take a thousand times as long to look through as others.
 *
 * <p><b>Threads.</b> The search threads show what they have found; one thread of its own, which gives way to all
 * others, searches. No search waits for it, nor for room in a queue that it uses. <b>Memory.</b> The view of one query
 * at a time, for {@link ShadowSearch#AGE_MAX} at most, released on every way.
 */
final class ShadowSearches implements RecallSampling, AutoCloseable {
    /** Of ten hits each, enough for a mean within two hundredths; few enough to show a change soon. */
    static final int WINDOW = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ShadowSearches.class);
    private static final long CLOSE_SECONDS_MAX = 10;
    private static final SearchEffort EXACT = new SearchEffort.TargetRecall(1);

    private final int every;
    private final LongSupplier clock;
    private final SparePace pace;
    private final RecallWindow recalls = new RecallWindow(WINDOW);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(BackgroundThreads.leisurely(
            Thread.ofPlatform().name("shadow-search").daemon()));
    private final AtomicReference<@Nullable ShadowSearch> underWay = new AtomicReference<>();
    private volatile boolean isClosed;

    /** Queries counted twice or not at all by several threads do not matter. */
    private int untilDraw;

    /**
     * Samples as soon as there is something.
     *
     * @param every one query in so many is drawn; 0 for none
     * @param clock as {@link System#nanoTime}
     */
    ShadowSearches(int every, LongSupplier clock) {
        this.every = every;
        this.clock = clock;
        this.pace = new SparePace(clock.getAsLong());
        this.untilDraw = gap();
    }

    /** Recall of the newest samples; empty before the first. */
    OptionalDouble recall() {
        return recalls.mean();
    }

    long sampleCount() {
        return recalls.count();
    }

    @Override
    public void answered(
            CollectionView view, Candidates candidates, List<AskedNearest> asked, IntFunction<FoundRows> found) {
        if (every == 0 || isClosed || !isDrawn(asked.size())) {
            return;
        }
        int i = ThreadLocalRandom.current().nextInt(asked.size());
        if (isOfUse(asked.get(i)) && underWay.get() == null && pace.mayBegin(clock.getAsLong())) {
            take(view, candidates, asked.get(i), found.apply(i).distances());
        }
    }

    private boolean isDrawn(int queries) {
        untilDraw -= queries;
        if (untilDraw > 0) {
            return false;
        }
        untilDraw = gap();
        return true;
    }

    /** Drawn too, so that nothing that comes in turns falls into step with it; the mean is as wanted. */
    private int gap() {
        return 1 + ThreadLocalRandom.current().nextInt(Math.max(1, 2 * every - 1));
    }

    /** Whoever asks for all hits has them; what was cut short would tell of deadlines, which are counted elsewhere. */
    private static boolean isOfUse(AskedNearest asked) {
        return asked.k() > 0 && !asked.effort().equals(EXACT) && !asked.clock().hasEndedSearches();
    }

    private void take(CollectionView view, Candidates candidates, AskedNearest asked, float[] answer) {
        ShadowSearch search = new ShadowSearch(view, candidates, asked, answer);
        if (!underWay.compareAndSet(null, search)) {
            search.close();
        } else if (!asked.clock().afterAnswer(() -> begin(search))) {
            letGo(search);
        }
    }

    /** What it waits for its thread counts as work: the system has more to do then. */
    private void begin(ShadowSearch search) {
        long from = clock.getAsLong();
        try {
            thread.execute(() -> run(search, from));
        } catch (RejectedExecutionException closed) {
            letGo(search);
        }
    }

    private void run(ShadowSearch search, long from) {
        try {
            if (!isClosed) {
                search.recall().ifPresent(recalls::add);
            }
        } catch (RuntimeException | Error failure) {
            LOG.warn("A query of collection {} cannot be asked again", search.collection(), failure);
        } finally {
            pace.worked(from, clock.getAsLong());
            letGo(search);
        }
    }

    private void letGo(ShadowSearch search) {
        underWay.set(null);
        search.close();
    }

    /** The collection has been dropped: its view is not held any longer. */
    void giveUp(CollectionId dropped) {
        ShadowSearch search = underWay.get();
        if (search != null && search.collection().equals(dropped)) {
            search.giveUp();
        }
    }

    /** Gives up the search under way and samples nothing any more; views are closed when this returns. */
    @Override
    public void close() {
        isClosed = true;
        ShadowSearch search = underWay.get();
        if (search != null) {
            search.giveUp();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("A query is still being asked again {} s after the executor was closed", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
