package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;
import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A log that is copied piece by piece while it goes on can be made to end at each of its entries. */
class PiecedLogTest {
    private static final int BATCHES = 60;

    private final SimulatedStorage storage = new SimulatedStorage();
    private final SimulatedStorage copies = new SimulatedStorage();
    private final Set<LogPiece> pieces = new LinkedHashSet<>();
    private final List<List<Operation>> batches = new ArrayList<>();

    @Test
    void endsWhereverItIsToldTo() throws IOException {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.printf("seed %d%n", seed);
        fill(new Random(seed), false);
        PiecedLog log = pieced();
        for (int end = 0; end <= batches.size(); end++) {
            assertEquals(batches.subList(0, end), restored(log, end), "seed %d, end %d".formatted(seed, end));
        }
    }

    @Test
    void whatTheLogDroppedMeanwhileIsInThePieces() throws IOException {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.printf("seed %d%n", seed);
        fill(new Random(seed), true);
        assertEquals(batches, restored(pieced(), batches.size()), "seed " + seed);
    }

    @Test
    void aPinnedFileIsNotUsedAgainBeforeItIsLetGo() throws IOException {
        try (LocalLog log = open(storage)) {
            write(log, new Random(1), 20);
            try (PinnedLog pinned = log.pin()) {
                log.truncate(log.head());
                write(log, new Random(2), 20);
                copy(pinned);
            }
        }
        assertEquals(batches.subList(0, 20), restored(pieced(), 20));
    }

    @Test
    void findsTheEntryOfATime() throws IOException {
        fill(new Random(3), false);
        PiecedLog log = pieced();
        List<LogEntry> entries = new ArrayList<>();
        log.read(LogOffset.NONE, log.head(), entries::add);
        assertEquals(batches, entries.stream().map(LogEntry::operations).toList());
        long firstMs = entries.getFirst().timeMs();
        assertEquals(LogOffset.NONE, log.headAt(firstMs - 1));
        assertEquals(log.head(), log.headAt(Long.MAX_VALUE));
        LogOffset atFirst = log.headAt(firstMs);
        assertEquals(firstMs, entries.get((int) atFirst.value() - 1).timeMs());
    }

    @Test
    void aMissingPieceIsTold() throws IOException {
        fill(new Random(4), false);
        for (LogPiece missing : List.copyOf(pieces).subList(0, pieces.size() - 1)) {
            List<LogPiece> rest = new ArrayList<>(pieces);
            rest.remove(missing);
            rest.sort(LogPiece.IN_ORDER);
            if (!missing.equals(rest.getFirst())
                    && missing.fileId() >= rest.getFirst().fileId()) {
                assertThrows(CorruptLogException.class, () -> PiecedLog.of(rest, this::openCopy), missing.name());
            }
        }
    }

    @Test
    void aDamagedPieceIsTold() throws IOException {
        fill(new Random(5), false);
        LogPiece piece = pieces.iterator().next();
        byte[] bytes = copies.bytes(piece.name());
        bytes[bytes.length - 20] ^= 1;
        copies.overwrite(piece.name(), bytes);
        assertThrows(CorruptLogException.class, () -> restored(pieced(), batches.size()));
    }

    /** Writes batches, copies what is new now and then, and lets the log drop what was copied. */
    private void fill(Random random, boolean drops) throws IOException {
        try (LocalLog log = open(storage)) {
            while (batches.size() < BATCHES) {
                write(log, random, 1 + random.nextInt(12));
                try (PinnedLog pinned = log.pin()) {
                    copy(pinned);
                }
                if (drops) {
                    log.truncate(new LogOffset(log.head().value() - 1));
                }
            }
        }
    }

    private void write(LocalLog log, Random random, int count) {
        for (int i = 0; i < count; i++) {
            List<Operation> batch = SampleOperations.random(random);
            append(log, batch);
            batches.add(batch);
        }
    }

    private void copy(PinnedLog pinned) throws IOException {
        for (LogPiece piece : pinned.pieces(pieces)) {
            if (pieces.add(piece)) {
                copy(pinned, piece);
            }
        }
    }

    private void copy(PinnedLog pinned, LogPiece piece) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) piece.sizeBytes());
        while (bytes.hasRemaining()) {
            pinned.read(piece, bytes, bytes.position());
        }
        assertEquals(-1, pinned.read(piece, ByteBuffer.allocate(1), piece.sizeBytes()));
        copies.overwrite(piece.name(), bytes.array());
    }

    private PiecedLog pieced() throws IOException {
        return PiecedLog.of(pieces.stream().sorted(LogPiece.IN_ORDER).toList(), this::openCopy);
    }

    private StorageFile openCopy(LogPiece piece) throws IOException {
        return copies.open(piece.name());
    }

    private static List<List<Operation>> restored(PiecedLog pieced, long end) throws IOException {
        SimulatedStorage fresh = new SimulatedStorage();
        pieced.writeTo(fresh, DIRECTORY, new LogOffset(end));
        try (LocalLog log = open(fresh.crash())) {
            assertEquals(new LogOffset(end), log.head());
            List<List<Operation>> found =
                    all(log).stream().map(LogEntry::operations).toList();
            assertEquals(new LogOffset(end + 1), append(log, SampleOperations.batch(1)));
            return found;
        }
    }
}
