package io.quiver.executor;

/** What every limit is. */
final class AtLeastOne {
    private AtLeastOne() {}

    static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, not %d".formatted(name, value));
        }
    }
}
