package io.quiver.gateway.history;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a read of one group saw.
 *
 * @param versions of its records, one each
 * @param offset whose state that is
 * @param isFromCache the answer had been kept from an earlier read
 */
record Seen(List<Integer> versions, long offset, boolean isFromCache) {
    /** What the group's register held, if this was one state of it. */
    int value() {
        Set<Integer> different = new HashSet<>(versions);
        if (versions.isEmpty()) {
            return Event.ABSENT;
        }
        boolean isWhole = versions.size() == Groups.RECORDS && different.size() == 1;
        return isWhole ? versions.getFirst() : Event.MIXED;
    }
}
