package io.quiver.gateway.server.configuration;

import com.sun.management.OperatingSystemMXBean;
import io.quiver.compactor.GraphSettings;
import io.quiver.compactor.ScrubSettings;
import io.quiver.executor.HistoryWindow;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How much segments may take, when they are folded, and which of them get graphs.
 *
 * @param offHeapBytesMax of all segments, mapped files included
 * @param flightBytesMax of what is on its way over Flight
 * @param deltaRowsMax rows after which a delta segment is sealed
 * @param deltaBytesMax bytes after which a delta segment is sealed
 * @param history how far back collections can be read
 * @param unsealedAgeMax how long an operation may wait to be compacted
 * @param restBeforeMerge how long nobody may write before segments are merged to as few as there can be
 * @param graphRowsMin rows from which on a sealed segment gets a graph
 * @param graphBuildThreads threads that build one
 * @param graphRecallFloor recall@10 that a graph must have
 * @param graphForm of new graphs
 * @param verifiedBytesMax of segments that a start compares with their checksums
 * @param scrub how all are read again
 */
public record SegmentConfiguration(
        long offHeapBytesMax,
        long flightBytesMax,
        int deltaRowsMax,
        long deltaBytesMax,
        HistoryWindow history,
        Duration unsealedAgeMax,
        Duration restBeforeMerge,
        int graphRowsMin,
        int graphBuildThreads,
        double graphRecallFloor,
        GraphSettings.Form graphForm,
        long verifiedBytesMax,
        ScrubSettings scrub) {
    /** A delta segment of more rows would be folded too late and too long. */
    public static final int DELTA_ROWS_MAX = 16_777_216;

    /** With fewer rows there is nothing to prove a graph with. */
    public static final int GRAPH_ROWS_MIN = 64;

    /** Assumed where the machine does not tell: the least that is of use. */
    private static final long MACHINE_BYTES_UNKNOWN = 2L << 30;

    public SegmentConfiguration {
        if (offHeapBytesMax < 1 || flightBytesMax < 1 || deltaBytesMax < 1) {
            throw new ConfigurationException(
                    "memory.off-heap-bytes-max, memory.flight-bytes-max and delta.bytes-max must be more than 0");
        }
    }

    /** Two thirds of the memory of the machine, or of the container. */
    static long offHeapBytesOfThisMachine() {
        long machine = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : MACHINE_BYTES_UNKNOWN;
        return machine / 3 * 2;
    }
}
