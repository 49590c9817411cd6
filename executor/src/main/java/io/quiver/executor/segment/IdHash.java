package io.quiver.executor.segment;

import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * SipHash-2-4 of the UTF-8 of an id, keyed by the name of the segment: whoever chooses ids cannot choose them so that
 * they collide. After Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
 */
final class IdHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private IdHash(long key0, long key1) {
        this.v0 = key0 ^ 0x736f6d6570736575L;
        this.v1 = key1 ^ 0x646f72616e646f6dL;
        this.v2 = key0 ^ 0x6c7967656e657261L;
        this.v3 = key1 ^ 0x7465646279746573L;
    }

    /** The lower half of the hash, as an unsigned number. */
    static long of(UUID segment, byte[] id) {
        return sipHash(segment.getMostSignificantBits(), segment.getLeastSignificantBits(), id) & 0xFFFF_FFFFL;
    }

    static long sipHash(long key0, long key1, byte[] bytes) {
        IdHash hash = new IdHash(key0, key1);
        MemorySegment in = MemorySegment.ofArray(bytes);
        int whole = bytes.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            hash.add(in.get(LittleEndian.LONG, i));
        }
        long last = (long) bytes.length << 56;
        for (int i = whole; i < bytes.length; i++) {
            last |= (bytes[i] & 0xFFL) << 8 * (i - whole);
        }
        hash.add(last);
        return hash.finish();
    }

    private void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish() {
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
