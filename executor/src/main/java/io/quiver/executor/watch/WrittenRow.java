package io.quiver.executor.watch;

import io.quiver.executor.segment.Segment;

/**
 * A record as one entry of the log left it.
 *
 * @param isNew the entry inserted it
 */
public record WrittenRow(Segment segment, int row, boolean isNew) {
    String id() {
        return segment.id(row);
    }

    Candidate candidate(float distance) {
        return new Candidate(id(), distance, segment.insertion(row));
    }
}
