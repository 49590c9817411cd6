package io.quiver.executor.index.blocked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NaiveDistance;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An image of codes as the server that introduced them wrote it, which must open for ever; {@link #main} wrote it. */
class GoldenCodesTest {
    private static final String FILE = "/codes/v1.image";
    private static final int DIMENSION = 64;

    /** A whole chunk and a whole block. */
    private static final int CODED = 1_024 + 32;

    /** The last rows have no code. */
    private static final int COUNT = CODED + 5;

    private static final CodesImage IMAGE = new CodesImage(DIMENSION, COUNT);

    @Test
    void isTheCodeOfItsRowsAndFindsEachByItself() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            float[][] embeddings = embeddings();
            ChunkedRows rows = rows(arena, embeddings);
            MemorySegment image = GoldenFile.image(FILE, arena);
            assertEquals(IMAGE.sizeBytes(), image.byteSize());
            IMAGE.check(Metric.INNER_PRODUCT, rows, image);
            BlockedCodes codes = BlockedCodes.of(Metric.INNER_PRODUCT, rows, IMAGE, image);
            for (int row = 0; row < CODED; row++) {
                NearestRows hits = new NearestRows(1, found -> found);
                float[] far = embeddings[row].clone();
                far[0] *= 2;
                new CodeScan(codes, List.of(new RowSearch(far, null, _ -> true, hits, () -> false)))
                        .run(new RowRange(0, CODED));
                assertEquals(NaiveDistance.nearest(Metric.INNER_PRODUCT, embeddings, CODED, far), hits.row(0));
            }
        }
    }

    private static float[][] embeddings() {
        return Seeds.embeddings(new Random(23), COUNT, DIMENSION);
    }

    private static ChunkedRows rows(Arena arena, float[][] embeddings) {
        return new ChunkedRows(arena, embeddings, DIMENSION, COUNT, 0);
    }

    /** Writes the image into a file. */
    public static void main(String[] arguments) throws IOException {
        try (Arena arena = Arena.ofShared();
                OutputStream file = Files.newOutputStream(Path.of(arguments[0]))) {
            IMAGE.encode(
                    Metric.INNER_PRODUCT,
                    rows(arena, embeddings()),
                    piece -> file.write(piece.toArray(ValueLayout.JAVA_BYTE)));
        }
    }
}
