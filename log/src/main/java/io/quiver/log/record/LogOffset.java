package io.quiver.log.record;

/**
 * Position of an entry in the log; the first is 1.
 *
 * <p>Offsets of a collection rise strictly but have gaps, for collections share one log.
 */
public record LogOffset(long value) implements Comparable<LogOffset> {
    /** Before the first entry. */
    public static final LogOffset NONE = new LogOffset(0);

    public LogOffset {
        if (value < 0) {
            throw new IllegalArgumentException("log offset must not be negative: " + value);
        }
    }

    public LogOffset next() {
        return new LogOffset(value + 1);
    }

    public boolean isAfter(LogOffset other) {
        return value > other.value;
    }

    @Override
    public int compareTo(LogOffset other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
