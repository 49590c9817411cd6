package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quiver.executor.index.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RotationTest {
    private static final double TOLERANCE = 2e-6;

    @Test
    void keepsLengthsAndInnerProducts() {
        Random random = Seeds.random("keepsLengthsAndInnerProducts");
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            Rotation rotation = new Rotation(dimension, random.nextLong());
            float[] first = Seeds.embedding(random, dimension);
            float[] second = Seeds.embedding(random, dimension);
            double square = dot(first, first);
            double product = dot(first, second);
            rotation.rotate(first);
            rotation.rotate(second);
            assertEquals(square, dot(first, first), TOLERANCE * square);
            assertEquals(product, dot(first, second), TOLERANCE * square);
        }
    }

    @Test
    void spreadsASingleComponentOverAllOthers() {
        for (int dimension : new int[] {128, 208, 784, 1536}) {
            for (int component : new int[] {0, dimension / 2, dimension - 1}) {
                float[] floats = new float[dimension];
                floats[component] = 1;
                new Rotation(dimension, 7).rotate(floats);
                for (float value : floats) {
                    assertEquals(0, value, 8 / Math.sqrt(dimension));
                }
            }
        }
    }

    @Test
    void isTheSameForTheSameSeedAndAnotherForAnother() {
        Random random = Seeds.random("isTheSameForTheSameSeedAndAnotherForAnother");
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            float[] floats = Seeds.embedding(random, dimension);
            assertArrayEquals(rotated(floats, 1), rotated(floats, 1), 0f);
            assertFalse(Arrays.equals(rotated(floats, 1), rotated(floats, 2)));
        }
    }

    private static float[] rotated(float[] floats, long seed) {
        float[] result = floats.clone();
        new Rotation(floats.length, seed).rotate(result);
        return result;
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#vectorKernels")
    void transformsToTheSameBitsAsThePlainLoop(CodeKernels kernels) {
        Random random = Seeds.random("transformsToTheSameBitsAsThePlainLoop");
        CodeKernels plain = new ScalarCodeKernels();
        for (int length = 16; length <= 16_384; length *= 2) {
            for (FloatSample sample : FloatSample.values()) {
                float[] expected = sample.draw(random, length + 48);
                float[] floats = expected.clone();
                float[] signs = FloatSample.OF_ONE_MAGNITUDE.draw(random, length);
                plain.flipAndTransform(expected, signs, 16, length);
                kernels.flipAndTransform(floats, signs, 16, length);
                assertArrayEquals(expected, floats, 0f, () -> sample + " of length " + floats.length);
            }
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
