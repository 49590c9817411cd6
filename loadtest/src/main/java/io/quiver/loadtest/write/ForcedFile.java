package io.quiver.loadtest.write;

import io.quiver.loadtest.run.Measurement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What the disk gives to whoever forces each small write by itself: what a server that groups nothing could do at most.
 */
record ForcedFile(Path file, int bytes) {
    private static final long SIZE_BYTES = 64L << 20;
    private static final long LATENCY_MAX_MICROS = 60_000_000;

    Measurement run(Duration duration) throws IOException {
        Histogram latencies = new Histogram(LATENCY_MAX_MICROS, 3);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            allocate(channel);
            long begin = System.nanoTime();
            long count = 0;
            for (long now = begin; now - begin < duration.toNanos(); count++) {
                channel.write(ByteBuffer.allocate(bytes), count * bytes % (SIZE_BYTES - bytes));
                channel.force(false);
                long after = System.nanoTime();
                latencies.recordValue((after - now) / 1_000);
                now = after;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Measurement("one force for each write", count, seconds, latencies, Double.NaN, Double.NaN, 0);
        }
    }

    private static void allocate(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        for (long at = 0; at < SIZE_BYTES; at += zeros.capacity()) {
            channel.write(zeros.clear(), at);
        }
        channel.force(true);
    }
}
