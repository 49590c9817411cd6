package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatScannerTest {
    private static final int ROUNDS = 200_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "1",
                "-1",
                "10",
                "123456789",
                "0.1",
                "1e0",
                "1E+2",
                "1e-2",
                "1.5e3",
                "3.4e38",
                "3.4028234663852886e38",
                "1e-45",
                "7e-46",
                "1.1754944e-38",
                "1.17549435e-38",
                "5.877471754111438e-39",
                "16777217",
                "16777219",
                "33554434.5",
                "0.50000002980232239",
                "9007199254740993",
                "123456789012345678",
                "123456789012345678901234567890123456789",
                "0.000000000000000000000000000000000000000000001",
                "0.3333333333333333333333333333333333",
                "0.0046573422849178314",
                "-0.000046573422849178314",
                "0.000000000000000000012345678901234567",
                "1e-400",
                "0e999999999999",
                "2.2250738585072011e-308"
            })
    void readsTheNearestFloat(String text) {
        requireNearest(text);
    }

    @Test
    void agreesWithTheExactParserOnRandomNumbers() {
        long seed = System.nanoTime();
        System.out.println("FloatScannerTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                requireNearest(Float.toString(value));
                requireNearest(Double.toString(value * (1 + random.nextDouble() * 1e-7)));
            }
            requireNearest(Double.toString(random.nextDouble(-1, 1)));
            requireNearest(decimal(random));
        }
    }

    /** Where a float parser goes wrong: exactly between two floats, and one decimal digit beside. */
    @Test
    void roundsCorrectlyAroundTheMiddleBetweenTwoFloats() {
        long seed = System.nanoTime();
        System.out.println("FloatScannerTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS / 10; i++) {
            float lower = Math.abs(Float.intBitsToFloat(random.nextInt()));
            if (lower < Float.MAX_VALUE / 2) {
                BigDecimal middle = new BigDecimal(lower)
                        .add(new BigDecimal(Math.nextUp(lower)))
                        .divide(BigDecimal.TWO);
                BigDecimal digit = new BigDecimal(middle.ulp().unscaledValue(), middle.scale() + 1);
                requireNearest(middle.toPlainString());
                requireNearest(middle.add(digit).toString().replace("E+", "e+"));
                requireNearest(middle.subtract(digit).toString());
                requireNearest(middle.round(new java.math.MathContext(17)).toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "01", "-01", "00", "--1", "NaN", "Infinity"})
    void refusesWhatIsNoJsonNumber(String text) {
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused(text).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "1e39", "3.5e38", "1e2147483648", "123456789012345678901234567890e30"})
    void refusesWhatIsBeyondAllFloats(String text) {
        assertEquals(
                "Failed to parse the request body as JSON: number out of range at line 1 column " + text.length(),
                refused(text).getMessage());
    }

    @Test
    void stopsBehindTheNumber() {
        FloatScanner scanner = new FloatScanner(body("[12.5,3]"));
        assertEquals(12.5f, scanner.read(1));
        assertEquals(5, scanner.offset());
        assertEquals(3f, scanner.read(6));
    }

    private static QuiverException refused(String text) {
        return assertThrows(QuiverException.class, () -> new FloatScanner(body(text)).read(0));
    }

    /** Also where more than eight bytes are behind it, which are then read together. */
    private static void requireNearest(String text) {
        requireNearest(text, "");
        requireNearest(text, ",12345678,9");
        requireNearest(text, "]}          ");
    }

    private static void requireNearest(String text, String behind) {
        FloatScanner scanner = new FloatScanner(body(text + behind));
        assertEquals(Float.floatToRawIntBits(Float.parseFloat(text)), Float.floatToRawIntBits(scanner.read(0)), text);
        assertEquals(text.length(), scanner.offset(), text);
    }

    /** Each of them in the place of a digit, and those whose upper bit is set. */
    @Test
    void takesNoOtherByteForADigit() {
        for (int other = 0; other < 256; other++) {
            byte[] bytes = "12x4567890,".getBytes(StandardCharsets.UTF_8);
            bytes[2] = (byte) other;
            if ("0123456789.eE".indexOf(other) < 0) {
                FloatScanner scanner = new FloatScanner(new RequestBody(bytes, bytes.length, RequestLimits.DEFAULT));
                assertEquals(12, scanner.read(0));
                assertEquals(2, scanner.offset(), "byte " + other);
            }
        }
    }

    private static String decimal(SplittableRandom random) {
        String digits = Long.toString(random.nextLong() >>> random.nextInt(64));
        String fraction = Long.toString(random.nextLong() >>> 1 >>> random.nextInt(63));
        return digits + "." + fraction + "e" + (random.nextInt(60) - 50);
    }

    private static RequestBody body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RequestBody(bytes, bytes.length, RequestLimits.DEFAULT);
    }
}
