package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Call;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The story of one seed, see {@link SimulationTest}: a server on a disk in memory, what was acknowledged of its writes,
 * and the draws that decide what comes next. Owns the server; the storage goes from one to the next.
 */
final class Simulation implements AutoCloseable {
    static final int STEPS = 100;
    private static final int IDS = 40;
    private static final int NEAREST = 5;
    private static final int ATTEMPTS_MAX = 4;

    /** Calls that change what is on the disk. */
    private static final Set<Kind> CHANGES = EnumSet.of(
            Kind.CREATE,
            Kind.RENAME,
            Kind.LINK,
            Kind.DELETE,
            Kind.CREATE_DIRECTORIES,
            Kind.FORCE_DIRECTORY,
            Kind.WRITE,
            Kind.FORCE,
            Kind.RESIZE);

    private static final List<Predicate<Call>> FAULTY = List.of(
            call -> call.kind() == Kind.WRITE && call.path().startsWith("log/"),
            call -> call.kind() == Kind.WRITE && call.path().startsWith("segments/"),
            call -> call.kind() == Kind.FORCE && call.path().startsWith("log/"),
            call -> call.kind() == Kind.FORCE && call.path().startsWith("segments/"),
            call -> call.kind() == Kind.FORCE_DIRECTORY,
            call -> call.kind() == Kind.RENAME);

    private final Random random;
    private final CollectionId arrows;
    private final Path catalog;
    private SimulatedStorage storage = new SimulatedStorage();
    private final SteppedClock clock;
    private final List<String> calls;
    private final Random names;
    private SteppedSystem system;
    private ModelCollection acknowledged = new ModelCollection();
    /** With the batch that failed last, if none was acknowledged since. */
    private ModelCollection maybe = acknowledged;

    private boolean isFaulty;
    private long cuts;

    Simulation(long seed, CollectionId arrows, Path catalog, List<String> calls) throws IOException {
        this.calls = calls;
        this.random = new Random(seed);
        this.names = new Random(~seed);
        this.clock = new SteppedClock(seed);
        this.arrows = arrows;
        this.catalog = catalog;
        this.system = open();
    }

    long run() throws IOException {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        cutPower();
        note();
        return cuts;
    }

    private void step() throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> breakDisk();
            case 1, 2 -> heal();
            case 3, 4 -> compact();
            case 5 -> cutPower();
            case 6, 7, 8 -> compareNearest();
            case 9 -> compareAll(acknowledged);
            default -> write();
        }
    }

    private void breakDisk() {
        Fault fault = random.nextBoolean() ? Fault.FULL : Fault.INPUT_OUTPUT;
        storage.fail(fault, FAULTY.get(random.nextInt(FAULTY.size())));
        isFaulty = true;
    }

    private void heal() {
        storage.heal();
        isFaulty = false;
    }

    private void compact() {
        try {
            system.compact(arrows);
        } catch (Exception failure) {
            // The disk fails, or failed a moment ago: nothing may be lost, and nothing else is asked.
        }
    }

    private void write() {
        List<Operation> batch = batch();
        ModelCollection next = new ModelCollection(acknowledged);
        next.apply(batch);
        boolean isWritten = isWritten(batch, next);
        for (int attempt = 1; !isWritten && !isFaulty; attempt++) {
            assertTrue(attempt < ATTEMPTS_MAX, "writes are refused for ever");
            clock.step(system.quiver.log);
            isWritten = isWritten(batch, next);
        }
    }

    private boolean isWritten(List<Operation> batch, ModelCollection next) {
        try {
            system.quiver.write(arrows, batch);
            acknowledged = next;
            maybe = next;
            return true;
        } catch (RuntimeException refused) {
            maybe = next;
            return false;
        }
    }

    private List<Operation> batch() {
        List<Operation> batch = new ArrayList<>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            String id = "r" + random.nextInt(IDS);
            batch.add(
                    switch (random.nextInt(4)) {
                        case 0 -> ExecutorFixture.delete(id);
                        case 1 -> ExecutorFixture.add(id, coordinate(), coordinate());
                        case 2 -> ExecutorFixture.update(id, "document " + random.nextInt(9));
                        default -> ExecutorFixture.upsert(id, coordinate(), coordinate());
                    });
        }
        return batch;
    }

    private float coordinate() {
        return random.nextInt(1_000);
    }

    private void cutPower() throws IOException {
        boolean keepsNothing = random.nextBoolean();
        long tear = random.nextLong();
        close();
        note();
        storage = keepsNothing ? storage.crash() : storage.crash(tear);
        isFaulty = false;
        system = open();
        system.quiver.caughtUp();
        assertEquals(Map.of(), system.quiver.executor.damaged());
        if (!holds(acknowledged)) {
            compareAll(maybe);
        }
        acknowledged = holds(acknowledged) ? acknowledged : maybe;
        maybe = acknowledged;
        cuts++;
    }

    private SteppedSystem open() throws IOException {
        return new SteppedSystem(storage, catalog, clock, names);
    }

    private void note() {
        storage.calls(CHANGES).forEach(call -> calls.add(call.kind() + " " + call.path()));
    }

    private boolean holds(ModelCollection model) {
        return records().equals(model.accepted(Filter.ALL));
    }

    private void compareAll(ModelCollection model) {
        assertEquals(model.accepted(Filter.ALL), records());
    }

    private List<VectorRecord> records() {
        var hits = system.quiver.one(ExecutorFixture.scan(arrows));
        List<VectorRecord> records = new ArrayList<>();
        List<Embedding> embeddings = new ArrayList<>(Objects.requireNonNull(hits.embeddings()));
        for (int i = 0; i < embeddings.size(); i++) {
            records.add(new VectorRecord(
                    hits.ids().get(i),
                    embeddings.get(i),
                    Objects.requireNonNull(hits.documents()).get(i),
                    null,
                    Objects.requireNonNull(hits.metadatas()).get(i)));
        }
        return records;
    }

    private void compareNearest() {
        Embedding point = Embedding.of(coordinate(), coordinate());
        List<String> expected = acknowledged.nearest(point, NEAREST, Filter.ALL, Space.L2).stream()
                .map(VectorRecord::id)
                .toList();
        assertEquals(
                expected,
                system.quiver
                        .one(ExecutorFixture.nearest(arrows, NEAREST, point.toArray()))
                        .ids());
    }

    @Override
    public void close() {
        try {
            system.close();
        } catch (RuntimeException failure) {
            // The disk fails; what was acknowledged is durable.
        }
    }
}
