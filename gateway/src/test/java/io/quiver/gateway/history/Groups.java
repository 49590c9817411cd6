package io.quiver.gateway.history;

import java.util.List;
import java.util.stream.IntStream;

/** Groups of records that are always written together, and so hold one version each, like a register. */
final class Groups {
    static final int RECORDS = 3;

    private Groups() {}

    static List<String> ids(int group) {
        return IntStream.range(0, RECORDS).mapToObj(i -> group + "-" + i).toList();
    }

    /** Whole numbers, the same at every write: what changes is the version in the metadata. */
    static float[] embedding(int group, int record) {
        return new float[] {group, record};
    }

    static String metadata(int version) {
        return "{\"version\":" + version + "}";
    }

    /** Reads a group by one route of one door. */
    @FunctionalInterface
    interface Reader {
        Seen read(int group, String consistency) throws Exception;
    }

    /** Writes a group; returns the offset of the write. */
    @FunctionalInterface
    interface Writer {
        long write(int group, int version) throws Exception;
    }
}
