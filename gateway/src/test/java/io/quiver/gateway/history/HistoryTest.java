package io.quiver.gateway.history;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients read and write the same few groups of records at once, over HTTP, Flight and a WebSocket, with the cache on
 * and compactions under way; in the midst of each round the server is killed and started again. All records of a group
 * are written by one batch, so that a group is a register; its history is linearizable. Reads of the past give what was
 * written at their offset.
 *
 * <p>{@code -Dquiver.operations=}, {@code -Dquiver.clients=} and {@code -Dquiver.round=} say how many steps all clients
 * take, how many clients there are, and after how many steps other groups are used. The seed is printed.
 */
@SuppressWarnings("try") // closing may be interrupted
class HistoryTest {
    private static final int OPERATIONS = Integer.getInteger("quiver.operations", 2_000);
    private static final int CLIENTS = Integer.getInteger("quiver.clients", 8);
    private static final int ROUND = Integer.getInteger("quiver.round", 1_000);
    private static final int GROUPS = 12;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Histories histories = new Histories();
    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong steps = new AtomicLong();

    @Test
    void everyGroupIsARegister() throws Exception {
        System.out.printf("seed %d%n", seed);
        try (MortalServer server = MortalServer.start(directory)) {
            String collection = HttpGroups.create(server.life().http(), "history");
            run(server, collection);
            readAll(server, collection);
            tell(server.life().number() - 1);
        }
        for (int group : histories.groups()) {
            List<Event> events = histories.of(group);
            assertTrue(
                    new RegisterHistory(events).isLinearizable(),
                    () -> "seed %d, group %d: %s".formatted(seed, group, events));
        }
        assertTrue(counts.containsKey("hits of the cache"), "no answer came from the cache");
        assertTrue(counts.containsKey("past"), "no answer was of the past");
    }

    private void run(MortalServer server, String collection) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(threads.submit(client(server, collection, new Random(seed + i))));
            }
            for (int kill = 0; kill < OPERATIONS / ROUND; kill++) {
                awaitStep((long) kill * ROUND + ROUND / 2);
                if (steps.get() < OPERATIONS) {
                    server.die();
                }
            }
            for (Future<Void> client : running) {
                client.get();
            }
        }
    }

    private Callable<Void> client(MortalServer server, String collection, Random random) {
        return () -> {
            try (HistoryClient client = new HistoryClient(server, collection, histories, counts, random)) {
                for (long step = steps.getAndIncrement(); step < OPERATIONS; step = steps.getAndIncrement()) {
                    client.step((int) (step / ROUND) * GROUPS + random.nextInt(GROUPS));
                }
            } finally {
                steps.set(OPERATIONS); // where this one has failed, the others need not go on
            }
            return null;
        };
    }

    private void awaitStep(long step) {
        while (steps.get() < step) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What is there in the end is part of every history. */
    private void readAll(MortalServer server, String collection) throws Exception {
        try (HistoryClient client = new HistoryClient(server, collection, histories, counts, new Random(seed));
                HttpGroups http = new HttpGroups(server.life().http(), collection)) {
            for (int group : histories.groups()) {
                client.read("in the end", group, http::get, "strong");
            }
        }
    }

    private void tell(int kills) {
        System.out.printf(
                "%d events of %d groups, %d writes of unknown outcome, %d kills; %s%n",
                histories.size(), histories.groups().size(), histories.doubtful(), kills, counts);
    }
}
