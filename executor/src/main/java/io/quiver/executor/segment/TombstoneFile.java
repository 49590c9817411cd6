package io.quiver.executor.segment;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;

/**
 * The rows of a sealed segment that had ended at a log offset.
 *
 * <p>{@code tombstones-<offset>.qt}: the rows in rising order, each as the distance to the one before (the first to -1)
 * in groups of seven bits, lowest first, the eighth bit set on all but the last group. Numbers of the header: the log
 * offset, the rows in the file.
 */
final class TombstoneFile {
    private static final int GROUP_BITS = 7;
    private static final int MORE = 1 << GROUP_BITS;

    private TombstoneFile() {}

    static String name(long through) {
        return FileKind.TOMBSTONES.fileName().formatted(through);
    }

    static boolean isName(String name) {
        return name.startsWith("tombstones-") && name.endsWith(".qt");
    }

    /** Writes the rows that ended at {@code through} or before, durably; returns the name of the file. */
    static String write(
            Storage storage, String directory, UUID segment, Tombstones tombstones, int rowCount, long through)
            throws IOException {
        String name = name(through);
        try (CheckedFileWriter file =
                new CheckedFileWriter(storage, directory + "/" + name, FileKind.TOMBSTONES, segment)) {
            int count = 0;
            int previous = -1;
            for (int row = 0; row < rowCount; row++) {
                if (!tombstones.isLive(row, through)) {
                    writeDistance(file, row - previous);
                    previous = row;
                    count++;
                }
            }
            file.finish(rowCount, through, count);
        }
        storage.forceDirectory(directory);
        return name;
    }

    private static void writeDistance(CheckedFileWriter file, int distance) throws IOException {
        int rest = distance;
        while (rest >= MORE) {
            file.writeByte(rest | MORE);
            rest >>>= GROUP_BITS;
        }
        file.writeByte(rest);
    }

    /** Ends the rows of a file, at the log offset of the file: when exactly each of them ended is not kept. */
    static void read(Storage storage, String path, UUID segment, int rowCount, Tombstones tombstones)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CheckedFile file = CheckedFile.open(storage, path, FileKind.TOMBSTONES, segment, arena);
            file.expect("rows of the segment", rowCount, file.header().rowCount());
            file.verify();
            LogOffset offset = new LogOffset(file.header().numbers()[0]);
            long count = file.header().numbers()[1];
            Cursor cursor = new Cursor(file.body());
            for (long i = 0; i < count && cursor.row < rowCount; i++) {
                tombstones.end(cursor.next(), offset);
            }
            file.expect("rows that ended", count, tombstones.count());
        } catch (IndexOutOfBoundsException e) {
            throw new CorruptSegmentException(path, "it leads out of itself or of the segment");
        }
    }

    /** Goes through the rows of a file. */
    private static final class Cursor {
        private final MemorySegment body;
        private long at;
        private int row = -1;

        Cursor(MemorySegment body) {
            this.body = body;
        }

        int next() {
            int shift = 0;
            int group;
            do {
                group = body.get(ValueLayout.JAVA_BYTE, at++);
                row += (group & MORE - 1) << shift;
                shift += GROUP_BITS;
            } while ((group & MORE) != 0);
            return row;
        }
    }
}
