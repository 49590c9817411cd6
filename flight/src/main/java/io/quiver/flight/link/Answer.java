package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.log.record.QuiverException;
import java.util.List;

/** What comes back for a {@link Request}. */
sealed interface Answer {
    record Found(List<Hits> hits) implements Answer {}

    record Done() implements Answer {}

    record Refused(QuiverException refusal) implements Answer {}
}
