package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Metric;
import io.quiver.log.Corpus;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * One file of a segment, chosen by the first byte, changed where the others say: each three of them are a place and
 * what is put there, and an odd one at the end cuts the file. The segment is opened and whole, or it is said to be
 * damaged.
 */
class SegmentFileFuzzTest {
    private static final UUID NAME = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final int DIMENSION = 3;
    private static final int CHANGE_BYTES = 3;

    private static final OffHeapBudget BUDGET = new OffHeapBudget(1 << 30);
    private static final SimulatedStorage WHOLE = new SimulatedStorage();
    private static final Manifest.Segment ENTRY = written();
    private static final List<String> FILES = files(SegmentFixture.DIRECTORY);

    private static Manifest.Segment written() {
        try {
            return SegmentFixture.write(
                    WHOLE, NAME, Metric.COSINE, Records.random(new Random(7), 20, DIMENSION, 0), BUDGET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> files(String directory) {
        List<String> files = new ArrayList<>();
        try {
            for (String name : WHOLE.list(directory)) {
                List<String> below = files(directory + "/" + name);
                files.addAll(below.isEmpty() ? List.of(directory + "/" + name) : below);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String path = FILES.get(Math.floorMod(input[0], FILES.size()));
        SimulatedStorage changed = WHOLE.copy();
        changed.overwrite(path, changed(WHOLE.bytes(path), input));
        long before = BUDGET.usedBytes();
        try {
            SealedSegment opened = SegmentFixture.open(changed, Metric.COSINE, DIMENSION, ENTRY, BUDGET);
            try {
                opened.verify();
            } finally {
                opened.release();
            }
        } catch (CorruptSegmentException damaged) {
            // as it should be
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(before, BUDGET.usedBytes());
    }

    private static byte[] changed(byte[] whole, byte[] input) {
        byte[] bytes = whole.clone();
        int at = 1;
        for (; at + CHANGE_BYTES <= input.length; at += CHANGE_BYTES) {
            int place = (input[at] & 0xff) << Byte.SIZE | input[at + 1] & 0xff;
            bytes[place % bytes.length] = input[at + 2];
        }
        return at < input.length ? Arrays.copyOf(bytes, (input[at] & 0xff) * bytes.length / 256) : bytes;
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(SegmentFileFuzzTest.class, SegmentFileFuzzTest::fuzzerTestOneInput);
    }
}
