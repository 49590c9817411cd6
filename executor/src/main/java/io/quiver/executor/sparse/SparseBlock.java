package io.quiver.executor.sparse;

import io.quiver.log.record.SparseVector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The sparse vectors under one key of up to 65,536 rows that follow each other, turned over: per term the rows that
 * have it, each with a code of its weight. A weight is about {@code code * step}, and no farther from it than the
 * term's error; no code is 0. Terms that more than an eighth of the rows have are <em>dense</em>: a code for every row,
 * 0 where it has not the term. Numbers are little-endian; {@link BlockWriter} writes it.
 *
 * <pre>
 * 0   u32 terms T, u32 dense terms D, u32 postings P, u32 rows R
 * 16  u32[T] term, ascending unsigned           u32[T] number of the first posting; 2^31 + number of the dense term
 *     u32[T] rows that have the term            f32[T] smallest weight      f32[T] largest weight
 *     f32[T] step                               f32[T] error
 *     u16[P] row in the block                   i8[P] code                  zeros up to a multiple of 64
 *     i8[D][R, rounded up to a multiple of 64]  codes of dense terms
 * </pre>
 *
 * @param at a multiple of 64 where the block begins in the memory
 * @param firstRow the row of the segment that is row 0 here
 */
public record SparseBlock(MemorySegment memory, long at, int firstRow, int rowCount) {
    public static final int ROWS_MAX = 1 << 16;

    static final int HEADER_BYTES = 16;
    public static final int ALIGNMENT = 64;
    static final int DENSE = 1 << 31;
    /** Of the arrays of four bytes a term. */
    static final int TERM_ARRAYS = 7;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A block that lies within the memory; throws {@link IllegalArgumentException} where it does not. */
    public static SparseBlock open(MemorySegment memory, long at, int firstRow, int rowCount) {
        SparseBlock block = new SparseBlock(memory, at, firstRow, rowCount);
        boolean isThere = at >= 0 && at % ALIGNMENT == 0 && at <= memory.byteSize() - HEADER_BYTES;
        if (!isThere
                || rowCount < 1
                || rowCount > ROWS_MAX
                || block.memory.get(INT, at + 12) != rowCount
                || block.termCount() < 0
                || block.postingCount() < 0
                || block.denseAt() + (long) block.denseCount() * block.stride() > memory.byteSize()) {
            throw new IllegalArgumentException("no block of %d rows at %d".formatted(rowCount, at));
        }
        return block;
    }

    static int aligned(int count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    int termCount() {
        return memory.get(INT, at);
    }

    /** Codes of one dense term, those past the last row included. */
    int stride() {
        return aligned(rowCount);
    }

    /** The number of a term, not below {@code from}; or {@code -1 - n} where it is not there but would be number n. */
    int find(int term, int from, int termCount) {
        int low = from;
        int high = termCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(memory.get(INT, termsAt() + 4L * middle), term);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    boolean isDense(int number) {
        return place(number) < 0;
    }

    int count(int number) {
        return memory.get(INT, array(2) + 4L * number);
    }

    float smallest(int number) {
        return memory.get(FLOAT, array(3) + 4L * number);
    }

    float largest(int number) {
        return memory.get(FLOAT, array(4) + 4L * number);
    }

    float step(int number) {
        return memory.get(FLOAT, array(5) + 4L * number);
    }

    float error(int number) {
        return memory.get(FLOAT, array(6) + 4L * number);
    }

    /** Where the rows of a term that is not dense begin. */
    long rowsAt(int number) {
        return array(TERM_ARRAYS) + (long) Character.BYTES * place(number);
    }

    /** Where the codes of a term begin. */
    long codesAt(int number) {
        long codes = array(TERM_ARRAYS) + (long) Character.BYTES * postingCount();
        if (!isDense(number)) {
            return codes + place(number);
        }
        return denseAt() + (long) (place(number) & ~DENSE) * stride();
    }

    /** All terms of all rows. */
    public long postingTotal() {
        long total = 0;
        for (int number = 0; number < termCount(); number++) {
            total += count(number);
        }
        return total;
    }

    /** Whether a row has each term of the vector, with a code of its weight. */
    public boolean holds(int row, SparseVector vector) {
        int number = 0;
        for (int i = 0; i < vector.size(); i++, number++) {
            number = find(vector.index(i), number, termCount());
            int code = number < 0 ? 0 : code(number, row);
            if (code == 0 || Math.abs(vector.value(i) - (double) code * step(number)) > error(number)) {
                return false;
            }
        }
        return true;
    }

    /** 0 where the row has not the term. */
    private int code(int number, int row) {
        if (isDense(number)) {
            return memory.get(ValueLayout.JAVA_BYTE, codesAt(number) + row);
        }
        int low = 0;
        int high = count(number);
        while (low < high) {
            int middle = (low + high) >>> 1;
            int found = memory.get(CHAR, rowsAt(number) + 2L * middle);
            if (found == row) {
                return memory.get(ValueLayout.JAVA_BYTE, codesAt(number) + middle);
            }
            low = found < row ? middle + 1 : low;
            high = found < row ? high : middle;
        }
        return 0;
    }

    private long denseAt() {
        long end = array(TERM_ARRAYS) + (long) (Character.BYTES + Byte.BYTES) * postingCount() - at;
        return at + (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private int denseCount() {
        return memory.get(INT, at + 4);
    }

    private int place(int number) {
        return memory.get(INT, array(1) + 4L * number);
    }

    private int postingCount() {
        return memory.get(INT, at + 8);
    }

    private long termsAt() {
        return at + HEADER_BYTES;
    }

    private long array(int array) {
        return termsAt() + 4L * array * termCount();
    }
}
