package io.quiver.executor.segment;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every byte that segments hold outside the heap, mapped files included, and refuses what would not fit. Graphs
 * alone count only where they lie in memory of their own: the pages of one that stays in its file are the system's to
 * take back. Safe on every thread.
 */
public final class OffHeapBudget {
    /** Who holds bytes: the label of the metric {@code quiver_offheap_bytes}. */
    public enum Owner {
        /** Embeddings of delta segments, and their codes. */
        DELTA,
        /** Mapped files of sealed segments. */
        SEALED,
        /** Graphs of sealed segments in memory of their own; one that is read from its mapped file is not counted. */
        GRAPH,
        /** Codes of sealed segments that have no file of them. */
        CODES,
        /** Embeddings of standing queries. */
        STANDING,
        /** What writers of sealed segments, and builders of their graphs, keep until they finish. */
        WRITER
    }

    /** This part of the limit stays free of what only makes things faster. */
    private static final int SPARED_PART = 8;

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Map<Owner, AtomicLong> ownerBytes = new EnumMap<>(Owner.class);

    public OffHeapBudget(long limitBytes) {
        this.limitBytes = limitBytes;
        for (Owner owner : Owner.values()) {
            ownerBytes.put(owner, new AtomicLong());
        }
    }

    /** Takes bytes before they are allocated; refuses with {@code UNAVAILABLE} where they do not fit. */
    public void reserve(Owner owner, long bytes) {
        long used = usedBytes.addAndGet(bytes);
        if (used > limitBytes) {
            usedBytes.addAndGet(-bytes);
            throw refusal(bytes, used - limitBytes);
        }
        of(owner).addAndGet(bytes);
    }

    /**
     * Takes bytes for what can be done without, only slower: as {@link #reserve}, but an eighth of the limit has to
     * stay free, so that writes never fail for want of what speed took.
     */
    public void reserveSpare(Owner owner, long bytes) {
        reserve(owner, bytes);
        long missing = usedBytes.get() + limitBytes / SPARED_PART - limitBytes;
        if (missing > 0) {
            release(owner, bytes);
            throw refusal(bytes, missing);
        }
    }

    /**
     * Takes bytes even where they do not fit: for what is in the log already and has to be applied. Whoever lets it
     * into the log asks {@link #requireFree} first.
     */
    public void take(Owner owner, long bytes) {
        usedBytes.addAndGet(bytes);
        of(owner).addAndGet(bytes);
    }

    /** Refuses with {@code UNAVAILABLE} where so many bytes more would not fit now. */
    public void requireFree(long bytes) {
        long missing = usedBytes.get() + bytes - limitBytes;
        if (missing > 0) {
            throw refusal(bytes, missing);
        }
    }

    /** Whether {@link #reserveSpare} would take so many bytes now. */
    boolean hasSpare(long bytes) {
        return usedBytes.get() + bytes + limitBytes / SPARED_PART <= limitBytes;
    }

    /** Gives bytes back, after they have been freed. */
    public void release(Owner owner, long bytes) {
        of(owner).addAndGet(-bytes);
        usedBytes.addAndGet(-bytes);
    }

    public long bytes(Owner owner) {
        return of(owner).get();
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    private AtomicLong of(Owner owner) {
        return Objects.requireNonNull(ownerBytes.get(owner));
    }

    private QuiverException refusal(long bytes, long missing) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE,
                "%d bytes outside the heap do not fit: %d of %d are missing".formatted(bytes, missing, limitBytes));
    }
}
