package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberLineTest {
    @Test
    void comparesAsExactArithmeticDoes() {
        long seed = System.nanoTime();
        System.out.println("NumberLineTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            Scalar left = number(random);
            Scalar right = random.nextBoolean() ? number(random) : neighbour(left, random);
            int expected = exact(left).compareTo(exact(right));
            assertEquals(expected, NumberLine.compare(left, right), () -> left + " and " + right);
            assertEquals(
                    expected,
                    Integer.signum(Arrays.compareUnsigned(NumberLine.encoded(left), NumberLine.encoded(right))),
                    () -> "bytes of " + left + " and " + right);
            assertEquals(
                    expected == 0,
                    NumberLine.canonical(left).equals(NumberLine.canonical(right)),
                    () -> "canonical " + left + " and " + right);
        }
    }

    @Test
    void nothingLiesBetweenANumberAndItsIncrement() {
        Scalar number = new Int(Long.MAX_VALUE);
        byte[] next = NumberLine.encoded(number);
        NumberLine.increment(next);
        assertTrue(Arrays.compareUnsigned(NumberLine.encoded(number), next) < 0);
        assertTrue(Arrays.compareUnsigned(next, NumberLine.encoded(new Real(0x1p63))) < 0);
    }

    private static Scalar number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Int(random.nextLong());
            case 1 -> new Int(random.nextLong() >> random.nextInt(64));
            case 2 -> new Real(random.nextInt(20) / 4.0 - 2);
            default -> {
                double real = Double.longBitsToDouble(random.nextLong());
                yield new Real(Double.isFinite(real) ? real : -0.0);
            }
        };
    }

    /** A number of the other kind at nearly the same place. */
    private static Scalar neighbour(Scalar number, Random random) {
        return switch (number) {
            case Int(long integer) -> {
                double real = (double) integer;
                yield new Real(random.nextBoolean() ? real : Math.nextAfter(real, random.nextInt(3) - 1.0));
            }
            case Real(double real) -> new Int((long) real + random.nextInt(3) - 1);
            default -> throw new IllegalArgumentException(number.toString());
        };
    }

    private static BigDecimal exact(Scalar number) {
        return number instanceof Int(long integer)
                ? BigDecimal.valueOf(integer)
                : new BigDecimal(((Real) number).value());
    }
}
