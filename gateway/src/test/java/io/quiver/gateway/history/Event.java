package io.quiver.gateway.history;

/**
 * What one client asked of one register, and what it was told.
 *
 * @param value written or read; {@link #ABSENT} where nothing is there, {@link #MIXED} where a read saw parts of
 *     several writes
 * @param begin before the request was sent
 * @param end after the answer had come; {@link #NEVER} for a write whose outcome nobody knows
 */
record Event(boolean isRead, int value, long begin, long end) {
    static final int ABSENT = 0;
    static final int MIXED = -1;
    static final long NEVER = Long.MAX_VALUE;

    static Event read(int value, long begin, long end) {
        return new Event(true, value, begin, end);
    }

    static Event write(int value, long begin, long end) {
        return new Event(false, value, begin, end);
    }

    /** A write that was refused or not answered: it may have happened, at any time since it began, or never. */
    static Event doubtful(int value, long begin) {
        return new Event(false, value, begin, NEVER);
    }

    boolean isCertain() {
        return end != NEVER;
    }
}
