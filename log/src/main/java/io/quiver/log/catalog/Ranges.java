package io.quiver.log.catalog;

import io.quiver.log.record.QuiverException;

/** Refuses parameters that no index could work with. */
final class Ranges {
    private Ranges() {}

    static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw QuiverException.invalid(
                    max == Integer.MAX_VALUE
                            ? "Validation error: %s: Expected at least %d, got %d".formatted(name, min, value)
                            : "Validation error: %s: Expected %d to %d, got %d".formatted(name, min, max, value));
        }
    }

    static void checkPositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw QuiverException.invalid(
                    "Validation error: %s: Expected a number above 0, got %s".formatted(name, value));
        }
    }
}
