package io.quiver.log;

import io.quiver.log.record.CollectionId;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Whose entries stand in a group whose checksum is wrong.
 *
 * <p>Entries form a chain: each header says how long its payload is, and so where the next header stands. A chain of
 * the right number of entries that ends where the group ends is right in all its lengths. Where it is broken, one
 * header is damaged: either the one where it breaks, or the one before, whose length leads astray. Then the place is
 * searched from which the rest of the entries form a chain to the end. Damage in more than one place is not guessed at.
 *
 * <p>Used once, by one thread.
 */
final class EntryOwners {
    private static final int KIND_AT = 4;
    private static final int ID_AT = 16;

    private final ByteBuffer body;
    private final End end;
    private final Set<CollectionId> owners = new HashSet<>();

    /** What is known of the place where the entries end. */
    enum End {
        /** Where the buffer does. */
        EXACT,
        /** Where the buffer does, up to the zeros before the next group. */
        PADDED,
        /** Somewhere in the buffer. */
        OPEN
    }

    private EntryOwners(ByteBuffer body, End end) {
        this.body = body;
        this.end = end;
    }

    /** The collections of {@code count} entries; none where it cannot be told. */
    static Set<CollectionId> find(ByteBuffer body, long count, End end) {
        EntryOwners search = new EntryOwners(body, end);
        return count > 0 && count <= body.limit() / EntryHeader.BYTES && search.isFound(count)
                ? search.owners
                : Set.of();
    }

    private boolean isFound(long count) {
        int before = -1;
        int at = 0;
        long left = count;
        while (left > 0 && isHeader(at)) {
            add(at);
            before = at;
            at = next(at);
            left--;
        }
        if (left == 0 && isEnd(at)) {
            return true;
        }
        return end == End.EXACT && isMended(before, at, left);
    }

    /** The chain is broken at {@code at}, or by the length of the entry before. */
    private boolean isMended(int before, int at, long left) {
        if (before >= 0 && addRest(before, left)) {
            return true;
        }
        return left > 0 && hasHeader(at) && addRest(at, left - 1) && add(at);
    }

    /** Whether {@code count} entries form a chain to the end from somewhere after a header; takes their owners then. */
    private boolean addRest(int header, long count) {
        if (count == 0) {
            return true;
        }
        for (int from = header + EntryHeader.BYTES; hasHeader(from); from++) {
            if (isChain(from, count)) {
                addChain(from, count);
                return true;
            }
        }
        return false;
    }

    private boolean isChain(int from, long count) {
        int at = from;
        for (long left = count; left > 0; left--) {
            if (!isHeader(at)) {
                return false;
            }
            at = next(at);
        }
        return isEnd(at);
    }

    private void addChain(int from, long count) {
        int at = from;
        for (long left = count; left > 0; left--) {
            add(at);
            at = next(at);
        }
    }

    private boolean hasHeader(int at) {
        return at >= 0 && at + EntryHeader.BYTES <= body.limit();
    }

    private boolean isHeader(int at) {
        return hasHeader(at)
                && body.getInt(at + KIND_AT) == EntryHeader.OPERATIONS
                && body.getInt(at) >= 0
                && body.getInt(at) <= body.limit() - at - EntryHeader.BYTES;
    }

    private int next(int at) {
        return at + EntryHeader.BYTES + body.getInt(at);
    }

    private boolean isEnd(int at) {
        return switch (end) {
            case EXACT -> at == body.limit();
            case PADDED -> body.limit() - at < GroupHeader.ALIGNMENT;
            case OPEN -> true;
        };
    }

    private boolean add(int at) {
        owners.add(new CollectionId(new UUID(body.getLong(at + ID_AT), body.getLong(at + ID_AT + Long.BYTES))));
        return true;
    }
}
