package io.quiver.loadtest.bulk;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.index.CpuTime;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.loadtest.index.engine.QuiverEngine;
import io.quiver.loadtest.index.engine.Searcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** The graph of a data set in this process, searched in batches by some threads. Belongs to one thread. */
public final class IndexAlone implements AutoCloseable {
    private final DataSet set;
    private final Corpus corpus;
    private final QuiverEngine.Graph graph;
    private final int threads;

    /** Builds the graph, with all threads. */
    public IndexAlone(DataSet set, int threads) {
        this.set = set;
        this.corpus = new Corpus(set);
        this.graph = new QuiverEngine(threads).build(corpus);
        this.threads = threads;
    }

    /** What a search for all queries, some times over, has found. */
    public record Answered(Rate rate, double recall) {}

    /**
     * Answers all queries {@code rounds} times.
     *
     * @param batch queries that a thread takes at once
     */
    public Answered search(int ef, int batch, int rounds) throws IOException {
        int[][] found = new int[set.queries().count()][];
        int batches = Math.ceilDiv(found.length, batch);
        AtomicInteger next = new AtomicInteger();
        double cpu = CpuTime.ofProcessSeconds();
        long begin = System.nanoTime();
        onAllThreads(searcher -> {
            for (int i = next.getAndIncrement(); i < batches * rounds; i = next.getAndIncrement()) {
                int from = i % batches * batch;
                searcher.search(from, Math.min(from + batch, found.length), ef, found);
            }
        });
        Rate rate = Rate.since(begin, CpuTime.ofProcessSeconds() - cpu, (long) found.length * rounds);
        return new Answered(rate, recall(found));
    }

    @FunctionalInterface
    private interface Work {
        void run(Searcher searcher) throws IOException;
    }

    private void onAllThreads(Work work) throws IOException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Searcher searcher = graph.searchers().getLast();
                running.add(pool.submit(() -> {
                    work.run(searcher);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the search failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private double recall(int[][] found) {
        Recall recall = new Recall(set);
        for (int query = 0; query < found.length; query++) {
            recall.add(query, found[query], Searcher.K);
        }
        return recall.value();
    }

    @Override
    public void close() {
        graph.close();
        corpus.close();
    }
}
