package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.EntryOwners.End;
import io.quiver.log.record.CollectionId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any one byte of a group is wrong, and yet it is told whose entries stand in it. */
class EntryOwnersTest {
    private static final int ENTRIES = 5;

    private final Random random = new Random(7);
    private final List<CollectionId> collections = new ArrayList<>();
    private final List<Integer> idsAt = new ArrayList<>();
    private final byte[] body = group();

    @Test
    void findsTheOwnersWhereTheLengthIsKnown() {
        for (int at = 0; at < body.length; at++) {
            Set<CollectionId> found = EntryOwners.find(damaged(at), ENTRIES, End.EXACT);
            if (isInId(at)) {
                assertEquals(ENTRIES, found.size(), "byte " + at);
                assertEquals(
                        ENTRIES - 1,
                        found.stream().filter(collections::contains).count(),
                        "byte " + at);
            } else {
                assertEquals(Set.copyOf(collections), found, "byte " + at);
            }
        }
    }

    @Test
    void findsTheOwnersOfWholeEntriesWhoseGroupHeaderIsDamaged() {
        byte[] padded = Arrays.copyOf(body, body.length + GroupHeader.ALIGNMENT - 1);
        assertEquals(Set.copyOf(collections), EntryOwners.find(buffer(padded), ENTRIES, End.PADDED));
        byte[] withMore = Arrays.copyOf(body, body.length + 1_000);
        assertEquals(Set.copyOf(collections), EntryOwners.find(buffer(withMore), ENTRIES, End.OPEN));
        assertEquals(Set.of(), EntryOwners.find(buffer(withMore), ENTRIES, End.PADDED));
    }

    @Test
    void doesNotGuessWhereMoreIsWrong() {
        byte[] zeros = body.clone();
        Arrays.fill(zeros, 10, body.length - 10, (byte) 0);
        assertEquals(Set.of(), EntryOwners.find(buffer(zeros), ENTRIES, End.EXACT));
        assertEquals(Set.of(), EntryOwners.find(buffer(body), ENTRIES + 1, End.EXACT));
        assertEquals(Set.of(), EntryOwners.find(buffer(new byte[0]), Long.MAX_VALUE, End.OPEN));
        assertTrue(EntryOwners.find(buffer(new byte[31]), 1, End.EXACT).isEmpty());
    }

    private byte[] group() {
        ByteBuffer bytes = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ENTRIES; i++) {
            collections.add(CollectionId.random());
            byte[] payload = new byte[20 + random.nextInt(200)];
            random.nextBytes(payload);
            idsAt.add(bytes.position() + 16);
            new EntryHeader(payload.length, 1_795_179_675_964L, collections.getLast()).encode(bytes);
            bytes.put(payload);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private boolean isInId(int at) {
        return idsAt.stream().anyMatch(idAt -> at >= idAt && at < idAt + 16);
    }

    private ByteBuffer damaged(int at) {
        byte[] damaged = body.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        return buffer(damaged);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
