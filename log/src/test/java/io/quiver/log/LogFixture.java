package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;

/** A log of small files whose work on files is done at once, so that its calls to the storage come in one order. */
final class LogFixture {
    static final String DIRECTORY = "log";
    static final CollectionId COLLECTION = new CollectionId(new UUID(1, 1));
    static final LogSettings SMALL = LogSettings.DEFAULT.withFileBytes(16 << 10);

    private LogFixture() {}

    static LocalLog open(Storage storage) throws IOException {
        return open(storage, SMALL);
    }

    static LocalLog open(Storage storage, LogSettings settings) throws IOException {
        return open(storage, settings, System::nanoTime);
    }

    /** @param nanos what time passes by */
    static LocalLog open(Storage storage, LogSettings settings, LongSupplier nanos) throws IOException {
        LogPacing pacing = new LogPacing(Runnable::run, nanos, System::currentTimeMillis);
        return LocalLog.open(storage, DIRECTORY, settings, LogListener.NONE, pacing);
    }

    /** Appends and waits until it is durable. */
    static LogOffset append(LocalLog log, List<Operation> operations) {
        return Objects.requireNonNull(log.append(COLLECTION, operations).block());
    }

    static List<LogEntry> all(LocalLog log) {
        return Objects.requireNonNull(
                log.read(LogOffset.NONE, log.head()).collectList().block());
    }
}
