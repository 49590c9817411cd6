package io.quiver.log;

import io.quiver.log.record.CollectionId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What stands before each entry in the body of a group. The offset of an entry follows from its place in the group.
 *
 * <pre>
 *    0  u32  size of the payload in bytes
 *    4  u32  kind of payload: 1 a batch of operations
 *    8  u64  when it was appended, ms since 1970
 *   16  u64  collection id, upper half
 *   24  u64  collection id, lower half
 *   32       payload
 * </pre>
 */
record EntryHeader(int payloadBytes, long timeMs, CollectionId collection) {
    static final int BYTES = 32;

    /** The one kind of payload. */
    static final int OPERATIONS = 1;

    void encode(ByteBuffer target) {
        UUID id = collection.value();
        target.putInt(payloadBytes).putInt(OPERATIONS).putLong(timeMs);
        target.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** Reads from the buffer's position; throws {@link IllegalArgumentException} where no entry can stand. */
    static EntryHeader decode(ByteBuffer source) {
        if (source.remaining() < BYTES) {
            throw new IllegalArgumentException("an entry ends early");
        }
        int payloadBytes = source.getInt();
        int kind = source.getInt();
        long timeMs = source.getLong();
        CollectionId collection = new CollectionId(new UUID(source.getLong(), source.getLong()));
        if (kind != OPERATIONS || payloadBytes < 0 || payloadBytes > source.remaining()) {
            throw new IllegalArgumentException("an entry of kind %d with %d bytes".formatted(kind, payloadBytes));
        }
        return new EntryHeader(payloadBytes, timeMs, collection);
    }
}
