package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortNumberTest {
    private static final String LETTERS = "0123456789.0123456789.-+eE_ ";

    @Test
    void readsWhatAParserReadsToTheLastBitOrNothing() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        for (int i = 0; i < 300_000; i++) {
            String text = text(random);
            double number = decimal(text);
            if (!Double.isNaN(number)) {
                String about = "seed " + seed + ", " + text;
                assertEquals(parsed(text).orElseThrow(() -> new AssertionError(about)), number, 0, about);
                read++;
            }
        }
        assertTrue(read > 10_000, "only " + read + " were numbers");
    }

    @Test
    void readsAllShortDecimals() {
        for (int number = 0; number < 1_000_000; number++) {
            String text = "%d.%04d".formatted(number / 10_000, number % 10_000);
            assertEquals(Double.parseDouble(text), decimal(text), text);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 100, 123_456_789, 999_999_999})
    void readsWholeNumbersOfNineDigits(int number) {
        assertEquals(number, whole(Integer.toString(number)));
        assertEquals(number, decimal(Integer.toString(number)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "01", "00", "+1", "1.0", "1e3", "1000000000", " 1", "1 ", "null", "\"1\"", "\u0661"})
    void leavesOtherWholeNumbersToTheParser(String text) {
        assertEquals(ShortNumber.NONE, whole(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".5", "5.", "00.5", "-0.5", "0.5e1", "0.1234567", "0.5.5", "NaN", "true"})
    void leavesOtherDecimalsToTheParser(String text) {
        assertTrue(Double.isNaN(decimal(text)));
    }

    /** Between other bytes, which are none of its own. */
    private static double decimal(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.UTF_8);
        return ShortNumber.decimal(bytes, 1, bytes.length - 1);
    }

    private static int whole(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.UTF_8);
        return ShortNumber.whole(bytes, 1, bytes.length - 1);
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(12); left >= 0; left--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static OptionalDouble parsed(String text) throws IOException {
        try (JsonParser in = Json.FACTORY.createParser(text.getBytes(StandardCharsets.UTF_8))) {
            JsonToken token = in.nextToken();
            OptionalDouble number = token != null && token.isNumeric()
                    ? OptionalDouble.of(in.getDoubleValue())
                    : OptionalDouble.empty();
            return in.nextToken() == null ? number : OptionalDouble.empty();
        }
    }
}
