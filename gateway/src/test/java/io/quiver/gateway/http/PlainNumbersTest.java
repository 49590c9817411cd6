package io.quiver.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.Embedding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainNumbersTest {
    private static final String BEHIND = ",1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]";
    private static final int ROUNDS = 300;
    private static final int DIMENSION = 500;

    /** Of either reader: what one leaves, the other reads. */
    @Test
    void readsTheNearestFloatsHoweverTheyAreWritten() {
        SplittableRandom random = random("readsTheNearestFloatsHoweverTheyAreWritten");
        for (int round = 0; round < ROUNDS; round++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < DIMENSION; i++) {
                texts.add(text(random, random.nextInt(6)));
            }
            float[] read = read("[[" + String.join(",", texts) + "]]");
            for (int i = 0; i < DIMENSION; i++) {
                float nearest = Float.parseFloat(texts.get(i));
                assertEquals(Float.floatToRawIntBits(nearest), Float.floatToRawIntBits(read[i]), texts.get(i));
            }
        }
    }

    /** As JavaScript and Java write floats, as Python does once it has made doubles of them, and bytes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void leavesFewOfTheUsualOnes(int kind) {
        SplittableRandom random = random("leavesFewOfTheUsualOnes");
        int[] left = {0};
        DoubleStream.generate(() -> 0).limit(10_000).forEach(_ -> {
            String text = text(random, kind);
            boolean isTaken = new PlainNumbers(body(text + BEHIND)).read(0, new float[1], 0) == 1;
            left[0] += isTaken ? 0 : 1;
        });
        System.out.printf("left of kind %d: %d of 10,000%n", kind, left[0]);
        assertTrue(left[0] < 500, () -> left[0] + " of 10,000 left");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                ".5",
                "-.5",
                "1.",
                "-1.",
                "1.e3",
                "1e2",
                "1.5e2",
                "01",
                "-01",
                "00.5",
                "--1",
                "x",
                "-x",
                "1x",
                "1.5x",
                "x.5",
                " 1",
                "1 ",
                "12345678",
                "0.1234567890123456789012345678901",
                "123456.1234567890123",
                "0.00000000000000000000001",
                "16777217.0",
                "null",
                "[1",
                "\"1\""
            })
    void leavesWhatIsWrittenOtherwise(String text) {
        PlainNumbers numbers = new PlainNumbers(body("7," + text + BEHIND));
        assertEquals(1, numbers.read(0, new float[8], 0));
        assertEquals(2, numbers.offset());
    }

    @Test
    void readsAsManyAsThereIsRoomFor() {
        PlainNumbers numbers = new PlainNumbers(body("0.5,-2,3,4" + BEHIND));
        float[] floats = new float[4];
        assertEquals(4, numbers.read(0, floats, 1));
        assertEquals(List.of(0f, 0.5f, -2f, 3f), List.of(floats[0], floats[1], floats[2], floats[3]));
        assertEquals("0.5,-2,3,".length(), numbers.offset());
    }

    private static String text(SplittableRandom random, int kind) {
        float value = (float) random.nextGaussian() / 20;
        return switch (kind) {
            case 0 -> Float.toString(value);
            case 1 -> Double.toString(value);
            case 2 -> Integer.toString(random.nextInt(-128, 256));
            case 3 -> Double.toString(random.nextDouble(-1, 1) * Math.pow(10, random.nextInt(-30, 30)));
            case 4 -> Long.toString(random.nextLong() >> random.nextInt(64));
            default -> decimal(random);
        };
    }

    /** Of up to 30 digits, of which any may be zeros. */
    private static String decimal(SplittableRandom random) {
        StringBuilder digits = new StringBuilder();
        int count = 1 + random.nextInt(30);
        int zeros = random.nextInt(count + 1);
        for (int i = 0; i < count; i++) {
            digits.append(i < zeros ? 0 : random.nextInt(10));
        }
        return (random.nextBoolean() ? "-" : "") + random.nextInt(1 << random.nextInt(24)) + "." + digits;
    }

    private static float[] read(String text) {
        List<@Nullable Embedding> read =
                EmbeddingReader.read(new JsonCursor(body(text)), "it", EmbeddingReader.Form.QUERIES);
        return requireNonNull(read.getFirst()).toArray();
    }

    private static SplittableRandom random(String test) {
        long seed = System.nanoTime();
        System.out.println(test + ": seed " + seed);
        return new SplittableRandom(seed);
    }

    private static RequestBody body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RequestBody(bytes, bytes.length, RequestLimits.DEFAULT);
    }
}
