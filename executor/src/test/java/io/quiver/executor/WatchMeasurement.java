package io.quiver.executor;

import io.quiver.executor.index.Seeds;
import io.quiver.executor.query.Filter;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.Disposable;

/**
 * What standing queries cost: processor time of the watcher's thread for each write. Run by hand: watchers, dimension,
 * records before, writes.
 */
final class WatchMeasurement {
    private static final int LOADED_AT_ONCE = 1_000;
    private static final int K = 10;

    private WatchMeasurement() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int watchers = Integer.parseInt(arguments[0]);
        int dimension = Integer.parseInt(arguments[1]);
        int records = Integer.parseInt(arguments[2]);
        int writes = Integer.parseInt(arguments[3]);
        Random random = Seeds.random("WatchMeasurement");
        try (ExecutorFixture fixture =
                ExecutorFixture.open(Files.createTempDirectory("quiver-watch"), ExecutorSettings.DEFAULT)) {
            CollectionId id = fixture.create("watched");
            load(fixture, id, random, records, dimension);
            LongAdder changes = new LongAdder();
            watch(fixture, id, random, watchers, dimension, changes);
            long changesBefore = changes.sum();
            long before = cpuNanos();
            long begin = System.nanoTime();
            for (int i = 0; i < writes; i++) {
                fixture.write(id, operation(random, records, dimension));
            }
            watch(fixture, id, random, 1, dimension, new LongAdder());
            System.out.printf(
                    "%d watchers, d=%d, %d records: %.3f ms of processor time a write, %d writes/s in this run, %.1f changes a write%n",
                    watchers,
                    dimension,
                    records,
                    (cpuNanos() - before) / 1e6 / writes,
                    (long) (writes / ((System.nanoTime() - begin) / 1e9)),
                    (double) (changes.sum() - changesBefore) / writes);
        }
    }

    private static void load(ExecutorFixture fixture, CollectionId id, Random random, int records, int dimension) {
        for (int from = 0; from < records; from += LOADED_AT_ONCE) {
            List<Operation> batch = new ArrayList<>();
            for (int i = from; i < Math.min(records, from + LOADED_AT_ONCE); i++) {
                batch.add(ExecutorFixture.add("r" + i, Seeds.embedding(random, dimension)));
            }
            fixture.write(id, batch);
        }
    }

    /** Three upserts to one delete. */
    private static Operation operation(Random random, int records, int dimension) {
        String id = "r" + random.nextInt(records);
        return random.nextInt(4) == 0
                ? ExecutorFixture.delete(id)
                : ExecutorFixture.upsert(id, Seeds.embedding(random, dimension));
    }

    /** Returns when all have their first answer. */
    private static List<Disposable> watch(
            ExecutorFixture fixture, CollectionId id, Random random, int watchers, int dimension, LongAdder changes)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(watchers);
        List<Disposable> watching = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            Embedding embedding = Embedding.of(Seeds.embedding(random, dimension));
            watching.add(fixture.executor
                    .watch(new StandingQuery(id, embedding, K, Filter.ALL, null))
                    .subscribe(event -> {
                        changes.increment();
                        if (event instanceof WatchEvent.Current) {
                            begun.countDown();
                        }
                    }));
            while (watchers - begun.getCount() < i - 1_000) {
                Thread.onSpinWait();
            }
        }
        begun.await();
        return watching;
    }

    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if ("watcher".equals(thread.getThreadName())) {
                return threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("no watcher");
    }
}
