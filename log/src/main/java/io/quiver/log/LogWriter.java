package io.quiver.log;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.StorageFullException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes what waits, writes it as a group, forces it once, then tells everyone.
 *
 * <p>A full disk refuses a group and leaves all as it was. After any other failure the file is never written again: a
 * force that failed may have lost what an earlier write left in the page cache, and one that succeeds afterwards would
 * prove nothing. All writes are refused then, until what was acknowledged has been read back and written to another
 * file, which takes the place of the old one ({@link LogFiles#replaceNewest}). That is tried again and again, for as
 * long as it fails.
 */
final class LogWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    /** Told what has happened, on the writing thread. */
    interface Events {
        /** An entry has become durable; they come in order, all of a group before {@link #appended}. */
        void entry(LogEntry entry, long sizeBytes);

        void appended(LogOffset head, int entryCount, long sizeBytes, long forceNanos);

        /** Whether writes go on or not. */
        void triedToHeal();

        /** A new file has been begun. */
        void rolled();
    }

    private final AppendQueue queue;
    private final UnchangedCheck conditions;
    private final LogFiles files;
    private final Events events;
    private final LongSupplier millis;
    private final int groupBytesMax;
    private final long healEveryNanos;
    private final GroupWriter groupWriter = new GroupWriter();
    private ActiveFile active;
    private long nextOffset;
    private volatile @Nullable Throwable failure;
    private volatile boolean isNextFileWanted;

    LogWriter(
            AppendQueue queue,
            UnchangedCheck conditions,
            LogFiles files,
            ActiveFile active,
            long nextOffset,
            int groupBytesMax,
            Duration healEvery,
            LongSupplier millis,
            Events events) {
        this.queue = queue;
        this.conditions = conditions;
        this.files = files;
        this.active = active;
        this.nextOffset = nextOffset;
        this.groupBytesMax = groupBytesMax;
        this.healEveryNanos = healEvery.toNanos();
        this.millis = millis;
        this.events = events;
    }

    /** Why nothing is written any more, {@code null} while all is well. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Writes to a file of its own from now on, also where nothing is written. Safe on every thread. */
    void beginNextFile() {
        isNextFileWanted = true;
        queue.nudge();
    }

    @Override
    public void run() {
        while (awaitBatch()) {
            if (isNextFileWanted && failure == null) {
                tryNextFile();
            }
            List<PendingAppend> taken = queue.takeGroup(groupBytesMax);
            List<PendingAppend> group = failure == null ? conditions.admit(taken, nextOffset) : taken;
            QuiverException refusal = failure == null ? commit(group) : stopped(failure);
            queue.release(taken);
            for (int i = 0; i < group.size(); i++) {
                answer(group.get(i), refusal, nextOffset - group.size() + i);
            }
        }
        closeActive();
    }

    /** Waits for a batch, and tries to heal meanwhile; {@code false} once the queue is closed and empty. */
    private boolean awaitBatch() {
        while (failure != null && queue.isIdleFor(healEveryNanos)) {
            heal();
            events.triedToHeal();
        }
        return queue.await();
    }

    private void heal() {
        try {
            ActiveFile healed = files.replaceNewest(active.position(), nextOffset);
            closeActive();
            active = healed;
            failure = null;
            LOG.info("The log takes writes again, in a fresh copy of its newest file");
        } catch (Throwable e) {
            LOG.warn("The log still cannot be written: {}", e.toString());
        }
    }

    /** Makes a group durable and known; returns why it could not. */
    private @Nullable QuiverException commit(List<PendingAppend> group) {
        if (group.isEmpty()) {
            return null;
        }
        try {
            long timeMs = millis.getAsLong();
            long groupBytes = GroupHeader.sizeBytes(GroupWriter.bodyBytes(group));
            write(group, groupBytes, timeMs);
            long start = System.nanoTime();
            force(groupBytes);
            publish(group, groupBytes, timeMs, System.nanoTime() - start);
            return null;
        } catch (StorageFullException e) {
            LOG.warn("The log refuses a write: {}", e.getMessage());
            return LogIntake.diskFull();
        } catch (Throwable e) {
            stop(e);
            return stopped(e);
        }
    }

    private void write(List<PendingAppend> group, long groupBytes, long timeMs) throws IOException {
        if (!active.hasRoom(groupBytes)) {
            roll(groupBytes);
        }
        groupWriter.write(active, group, nextOffset, timeMs);
    }

    private void roll(long groupBytes) throws IOException {
        ActiveFile next = files.begin(nextOffset, groupBytes);
        active.close();
        active = next;
        isNextFileWanted = false;
        events.rolled();
    }

    private void tryNextFile() {
        try {
            roll(0);
        } catch (StorageFullException e) {
            LOG.warn("The log goes on in its file: {}", e.getMessage());
        } catch (Throwable e) {
            stop(e);
        }
    }

    private void stop(Throwable cause) {
        LOG.error("The log takes no writes until its newest file has been written again", cause);
        failure = cause;
    }

    /** A force that fails for a full disk has failed like any other. */
    private void force(long groupBytes) throws IOException {
        try {
            active.commit(groupBytes);
        } catch (StorageFullException e) {
            throw new IOException("force failed", e);
        }
    }

    private void publish(List<PendingAppend> group, long groupBytes, long timeMs, long forceNanos) {
        for (PendingAppend append : group) {
            LogOffset offset = new LogOffset(nextOffset++);
            events.entry(new LogEntry(offset, append.collection(), timeMs, append.operations()), append.entryBytes());
        }
        events.appended(new LogOffset(nextOffset - 1), group.size(), groupBytes, forceNanos);
    }

    /** {@code offset} counts where there is no refusal. */
    static void answer(PendingAppend append, @Nullable QuiverException refusal, long offset) {
        try {
            if (refusal == null) {
                append.caller().success(new LogOffset(offset));
            } else {
                append.caller().error(refusal);
            }
        } catch (RuntimeException e) {
            LOG.error("A caller of append failed on its answer", e);
        }
    }

    private void closeActive() {
        try {
            active.close();
        } catch (IOException e) {
            LOG.warn("Closing the log file failed; what was acknowledged is durable", e);
        }
    }

    /** What everyone is answered since a failure. */
    static QuiverException stopped(Throwable failure) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE, "the log takes no writes since one failed: " + failure.getMessage());
    }
}
