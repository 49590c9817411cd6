package io.quiver.compactor;

import java.util.List;

/**
 * What a look at a data directory found.
 *
 * @param logEntries batches that the log holds
 * @param records in sealed segments; what is in the log alone is not counted
 * @param bytes of segments read and compared with their checksums
 */
public record CheckReport(
        List<Finding> findings, int collections, int segments, long records, long logEntries, long bytes) {
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Nothing is damaged. */
    public boolean isSound() {
        return findings.stream().noneMatch(Finding::isDamage);
    }

    /**
     * Something to know of.
     *
     * @param isDamage false for what a server puts right when it opens the directory, such as left-overs of a crash
     * @param where the part of the directory
     */
    public record Finding(boolean isDamage, String where, String what) {
        @Override
        public String toString() {
            return where + ": " + what;
        }
    }
}
