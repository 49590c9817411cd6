package io.quiver.gateway.server.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what someone meant who misspelt a name. */
final class NearestName {
    private NearestName() {}

    /** The known name with the least edit distance, where that is less than half of what was written. */
    static Optional<String> of(String written, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(written, name)))
                .filter(name -> distance(written, name) * 2 < written.length());
    }

    /**
     * Insertions, deletions and replacements that make one out of the other (Levenshtein), a row of the table at a
     * time.
     */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
