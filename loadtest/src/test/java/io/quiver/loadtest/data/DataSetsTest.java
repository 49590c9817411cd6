package io.quiver.loadtest.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    @TempDir
    Path directory;

    @Test
    void generatesTheSameVectorsFromTheSameSeed() throws IOException {
        String description = "generated:n=300,d=16,queries=5,space=cosine,seed=9";
        DataSet one = DataSets.open(description);
        DataSet two = DataSets.open(description);
        assertEquals(Space.COSINE, one.space());
        assertEquals(one.base().get(299), two.base().get(299));
        assertArrayEquals(one.truth(), two.truth());
    }

    @Test
    void readsTheFilesOfTheField() throws IOException {
        Files.write(directory.resolve("tiny_base.fvecs"), vectors(2, 1.5f, 2.5f, -3f, 4f));
        Files.write(directory.resolve("tiny_query.fvecs"), vectors(2, 1f, 2f));
        ByteBuffer truth = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                directory.resolve("tiny_groundtruth.ivecs"),
                truth.putInt(2).putInt(0).putInt(1).array());
        DataSet set = DataSets.open("fvecs:" + directory.resolve("tiny"));
        assertArrayEquals(new float[] {-3f, 4f}, set.base().copy(1));
        assertArrayEquals(new int[][] {{0, 1}}, set.truth());
    }

    @Test
    void saysWhatADataSetIs() {
        assertThrows(IllegalArgumentException.class, () -> DataSets.open("sift"));
        assertThrows(IllegalArgumentException.class, () -> DataSets.open("generated:n"));
    }

    @Test
    void recallCountsRowsAtEqualDistance() {
        Vectors base = new Vectors(3, 1);
        base.chunk(1)[base.at(1)] = 1;
        base.chunk(2)[base.at(2)] = -1;
        DataSet set = new DataSet("ties", Space.L2, base, new Vectors(1, 1), new int[][] {{0, 1}});
        Recall whole = new Recall(set);
        whole.add(0, new int[] {0, 2}, 2);
        assertEquals(1.0, whole.value());
        Recall half = new Recall(set);
        half.add(0, new int[] {0}, 2);
        assertEquals(0.5, half.value());
    }

    private static byte[] vectors(int dimension, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length / dimension * (dimension + 1) * 4)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            if (i % dimension == 0) {
                bytes.putInt(dimension);
            }
            bytes.putFloat(values[i]);
        }
        return bytes.array();
    }
}
