package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A log of eight batches in one file, closed, for tests to damage. */
final class SmallLog {
    static final String FIRST = DIRECTORY + "/0000000000000001.log";
    static final String SECOND = DIRECTORY + "/0000000000000002.log";

    final SimulatedStorage storage = new SimulatedStorage();
    final List<List<Operation>> batches = new ArrayList<>();

    SmallLog() {
        try (LocalLog log = LogFixture.open(storage)) {
            for (int i = 0; i < 8; i++) {
                batches.add(SampleOperations.batch(i));
                LogFixture.append(log, batches.getLast());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each of the batches takes in the file. */
    int groupBytes() {
        var payload = new GrowingBuffer(64);
        OperationCodec.write(payload, batches.getFirst());
        return Math.toIntExact(GroupHeader.sizeBytes(EntryHeader.BYTES + (long) payload.sizeBytes()));
    }

    /** Where the last of the batches ends in the file. */
    int usedBytes() {
        return LogFileHeader.BYTES + batches.size() * groupBytes();
    }

    void flip(String path, int at) {
        byte[] bytes = storage.bytes(path);
        bytes[at] ^= 1;
        storage.overwrite(path, bytes);
    }

    /** Leaves nothing of the header of a file. */
    void behead(String path) {
        byte[] bytes = storage.bytes(path);
        Arrays.fill(bytes, 0, LogFileHeader.BYTES, (byte) 7);
        storage.overwrite(path, bytes);
    }

    static List<List<Operation>> operations(LocalLog log) {
        return LogFixture.all(log).stream().map(LogEntry::operations).toList();
    }
}
