package io.quiver.gateway.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws by one seed. */
final class RandomDraw {
    private final Random random;

    RandomDraw(long seed) {
        this.random = new Random(seed);
    }

    /** From 0 to {@code bound}, which is not drawn. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    <T> List<T> several(int least, int most, Supplier<T> source) {
        List<T> values = new ArrayList<>();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            values.add(source.get());
        }
        return values;
    }
}
