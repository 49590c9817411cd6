package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Plain loops: what the others are tested against, and what runs anywhere. */
final class ScalarNibbleKernels implements NibbleKernels {
    @Override
    public void dots(MemorySegment memory, long row0, long row1, long row2, long row3, short[] query, int[] dots) {
        dots[0] = dot(memory, row0, query);
        dots[1] = dot(memory, row1, query);
        dots[2] = dot(memory, row2, query);
        dots[3] = dot(memory, row3, query);
    }

    private static int dot(MemorySegment memory, long row, short[] query) {
        int sum = 0;
        for (int line = 0; line < query.length; line += DIMENSIONS_A_LINE) {
            long at = row + line / 2;
            for (int i = 0; i < SHORTS; i++) {
                int low = memory.get(ValueLayout.JAVA_BYTE, at + 2L * i);
                int high = memory.get(ValueLayout.JAVA_BYTE, at + 2L * i + 1);
                sum += (low & 0x0F) * query[line + i]
                        + (low >> 4 & 0x0F) * query[line + SHORTS + i]
                        + (high & 0x0F) * query[line + 2 * SHORTS + i]
                        + (high >> 4 & 0x0F) * query[line + 3 * SHORTS + i];
            }
        }
        return sum;
    }
}
