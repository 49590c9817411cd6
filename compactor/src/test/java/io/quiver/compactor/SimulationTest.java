package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.catalog.SqliteCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Log, delta, compaction and merge on a disk in memory, for many seeds: a seed draws writes, compactions, full disks,
 * forces that fail, segments that cannot be written, and power cuts that leave torn and reordered writes. After every
 * step that can show it, what is there is what was acknowledged; the nearest of a random point are those that a loop
 * over the model finds.
 *
 * <p>The time of day jumps by up to an hour, back and forth, with every entry. One thread decides everything: it folds
 * by itself, moves the clock that the log heals by, and waits for whatever it asks of others before it goes on, so that
 * of two threads one waits. Therefore a seed tells one story, down to each call that changes the disk; a test compares
 * two tellings. The catalog alone is a file on the real disk and sees no faults.
 *
 * <p>{@code -Dquiver.simulations=10000} runs more seeds, on {@code -Dquiver.threads=} threads, {@code -Dquiver.seed=}
 * one of them again.
 */
class SimulationTest {
    private static final int SIMULATIONS = Integer.getInteger("quiver.simulations", 200);
    private static final int THREADS =
            Integer.getInteger("quiver.threads", Runtime.getRuntime().availableProcessors());

    @TempDir
    Path directory;

    private final AtomicInteger stories = new AtomicInteger();
    private CatalogTemplate template;

    @BeforeEach
    void create() throws IOException {
        template = CatalogTemplate.in(directory.resolve("template"), "arrows");
        try (SqliteCatalog catalog = SqliteCatalog.open(template.directory())) {
            catalog.fixDimension(template.collection(), 2).block();
        }
    }

    @Test
    void whatWasAcknowledgedIsThereWhateverTheDiskDoes() throws Exception {
        Long asked = Long.getLong("quiver.seed");
        long first = asked == null ? System.nanoTime() : asked;
        int count = asked == null ? SIMULATIONS : 1;
        System.out.printf("seeds %d to %d%n", first, first + count - 1);
        long begin = System.nanoTime();
        long cuts = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Long>> running = new ArrayList<>();
            for (long seed = first; seed < first + count; seed++) {
                long one = seed;
                running.add(threads.submit(() -> simulate(one, new ArrayList<>())));
            }
            for (Future<Long> simulation : running) {
                cuts += simulation.get();
            }
        }
        assertTrue(cuts > 0);
        System.out.printf(
                "%d simulations of %d steps with %d power cuts in %d s, %d s of processor time%n",
                count,
                Simulation.STEPS,
                cuts,
                Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
                processorTime().toSeconds());
    }

    /** Of this process since it began. */
    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns the power cuts of one seed; {@code calls} gets what changed the disk. */
    private long simulate(long seed, List<String> calls) throws IOException {
        Path catalog = template.copyTo(directory.resolve("seed-" + stories.getAndIncrement()));
        try (Simulation simulation = new Simulation(seed, template.collection(), catalog, calls)) {
            return simulation.run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }

    @Test
    void aSeedTellsOneStory() throws IOException {
        long seed = System.nanoTime();
        System.out.printf("seed %d%n", seed);
        for (int i = 0; i < 5; i++) {
            List<String> one = new ArrayList<>();
            List<String> other = new ArrayList<>();
            simulate(seed + i, one);
            simulate(seed + i, other);
            for (int call = 0; call < Math.min(one.size(), other.size()); call++) {
                assertEquals(one.get(call), other.get(call), "seed %d, call %d".formatted(seed + i, call));
            }
            assertEquals(one.size(), other.size());
        }
    }
}
