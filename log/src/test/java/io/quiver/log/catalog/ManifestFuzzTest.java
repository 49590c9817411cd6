package io.quiver.log.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.log.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The segments of a manifest as the catalog stores them: refused, or read to something that is read back the same. */
class ManifestFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        List<Manifest.Segment> segments;
        try {
            segments = SegmentsJson.read(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertEquals(segments, SegmentsJson.read(SegmentsJson.write(segments)));
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(ManifestFuzzTest.class, ManifestFuzzTest::fuzzerTestOneInput);
    }
}
