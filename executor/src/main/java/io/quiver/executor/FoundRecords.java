package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import java.util.Arrays;
import java.util.List;

/**
 * The records that several searches of one view found, each once, numbered in order of insertion. Belongs to one
 * thread, within the life of its view.
 */
final class FoundRecords {
    private final List<FoundRows> searches;
    private final long[] insertions;
    private final Segment[] segments;
    private final int[] rows;

    FoundRecords(List<FoundRows> searches) {
        this.searches = searches;
        this.insertions = distinctInsertions(searches);
        this.segments = new Segment[insertions.length];
        this.rows = new int[insertions.length];
        for (FoundRows found : searches) {
            for (int i = 0; i < found.size(); i++) {
                int record = number(found.insertion(i));
                segments[record] = found.segment(i);
                rows[record] = found.row(i);
            }
        }
    }

    private static long[] distinctInsertions(List<FoundRows> searches) {
        long[] all = new long[searches.stream().mapToInt(FoundRows::size).sum()];
        int count = 0;
        for (FoundRows found : searches) {
            for (int i = 0; i < found.size(); i++) {
                all[count++] = found.insertion(i);
            }
        }
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    private int number(long insertion) {
        return Arrays.binarySearch(insertions, insertion);
    }

    int count() {
        return rows.length;
    }

    Segment segment(int record) {
        return segments[record];
    }

    int row(int record) {
        return rows[record];
    }

    /** What one of the searches says of the records: the distance of each, or its place from 0. */
    Scores scoresBy(int search, boolean isPlace) {
        FoundRows found = searches.get(search);
        Scores scores = new Scores(count());
        for (int i = 0; i < found.size(); i++) {
            scores.set(number(found.insertion(i)), isPlace ? i : found.distance(i));
        }
        return scores;
    }
}
