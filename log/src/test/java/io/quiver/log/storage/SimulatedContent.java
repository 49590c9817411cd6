package io.quiver.log.storage;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** The bytes of one simulated file: those that a process sees, those that are durable, and which sectors differ. */
final class SimulatedContent {
    private static final int SECTOR_BYTES = 512;

    /** In order of creation in its storage: the same story numbers the same files alike, whatever their names. */
    final long number;

    private byte[] bytes = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private final BitSet unforced = new BitSet();

    SimulatedContent(long number) {
        this.number = number;
    }

    static SimulatedContent ofDurable(long number, byte[] bytes) {
        SimulatedContent content = new SimulatedContent(number);
        content.bytes = bytes.clone();
        content.size = bytes.length;
        content.durable = bytes.clone();
        return content;
    }

    int sizeBytes() {
        return size;
    }

    byte[] visible() {
        return Arrays.copyOf(bytes, size);
    }

    byte[] durable() {
        return durable.clone();
    }

    /** The durable bytes with some of the sectors that were not forced, whole or in part. */
    byte[] torn(Random random) {
        byte[] survivor = Arrays.copyOf(durable, random.nextBoolean() ? size : durable.length);
        int shared = Math.min(size, survivor.length);
        unforced.stream().filter(_ -> random.nextBoolean()).forEach(sector -> {
            int from = Math.min(sector * SECTOR_BYTES, shared);
            int length = random.nextInt(4) == 0 ? random.nextInt(SECTOR_BYTES) : SECTOR_BYTES;
            System.arraycopy(bytes, from, survivor, from, Math.min(length, shared - from));
        });
        return survivor;
    }

    void write(byte[] source, int position) {
        if (position + source.length > size) {
            resize(position + source.length);
        }
        System.arraycopy(source, 0, bytes, position, source.length);
        mark(position, position + source.length);
    }

    int read(byte[] target, int position) {
        int length = Math.min(target.length, size - position);
        if (length <= 0) {
            return target.length == 0 ? 0 : -1;
        }
        System.arraycopy(bytes, position, target, 0, length);
        return length;
    }

    void resize(int newSize) {
        if (newSize > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
        }
        if (newSize > size) {
            mark(size, newSize);
        } else {
            Arrays.fill(bytes, newSize, size, (byte) 0);
            unforced.clear((newSize + SECTOR_BYTES - 1) / SECTOR_BYTES, Integer.MAX_VALUE);
        }
        size = newSize;
    }

    void force() {
        durable = Arrays.copyOf(durable, size);
        unforced.stream().forEach(sector -> {
            int from = Math.min(sector * SECTOR_BYTES, size);
            System.arraycopy(bytes, from, durable, from, Math.min(SECTOR_BYTES, size - from));
        });
        unforced.clear();
    }

    /** The sectors count as written now, although they never were. */
    void forgetUnforced() {
        unforced.clear();
    }

    private void mark(int from, int to) {
        if (to > from) {
            unforced.set(from / SECTOR_BYTES, (to - 1) / SECTOR_BYTES + 1);
        }
    }
}
