package io.quiver.executor.index.code;

import java.util.Random;

/** Floats as an index may meet them, and as it should not. */
enum FloatSample {
    GAUSSIAN,
    ZERO,
    NEGATIVE_ZERO,
    ONE_COMPONENT,
    HUGE,
    SMALL,
    DENORMAL,
    OF_ONE_MAGNITUDE,
    OF_ALL_MAGNITUDES,
    WHOLE_AND_HALF;

    float[] draw(Random random, int length) {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = component(random);
        }
        if (this == ONE_COMPONENT) {
            floats[random.nextInt(length)] = random.nextBoolean() ? 3 : -3;
        }
        return floats;
    }

    private float component(Random random) {
        double gaussian = random.nextGaussian();
        return switch (this) {
            case GAUSSIAN -> (float) gaussian;
            case ZERO, ONE_COMPONENT -> 0f;
            case NEGATIVE_ZERO -> random.nextBoolean() ? -0f : 0f;
            case HUGE -> (float) (gaussian * 1e13);
            case SMALL -> (float) (gaussian * 1e-15);
            case DENORMAL -> (float) (gaussian * 1e-40);
            case OF_ONE_MAGNITUDE -> random.nextBoolean() ? 0.7f : -0.7f;
            case OF_ALL_MAGNITUDES -> (float) (gaussian * Math.pow(10, random.nextInt(30) - 20));
            case WHOLE_AND_HALF -> random.nextInt(127) / 2f - 31.5f;
        };
    }
}
