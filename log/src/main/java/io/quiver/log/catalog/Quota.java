package io.quiver.log.catalog;

import io.quiver.log.record.QuotaException.Subject;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much there may be, of each resource.
 *
 * @param most by resource, 0 or more; what is missing has no limit of its own
 */
public record Quota(Map<Resource, Long> most) {
    public static final Quota NONE = new Quota(Map.of());

    /** What is limited. */
    public enum Resource {
        /** Records that exist. */
        RECORDS(Subject.RECORDS, "Number of records"),
        /** What they take in segments, those that are deleted and not yet compacted away included. */
        BYTES(Subject.BYTES, "Bytes stored"),
        COLLECTIONS(Subject.COLLECTIONS, "Number of collections"),
        /** Of embeddings. */
        DIMENSION(Subject.DIMENSION, "Embedding dimension"),
        /** Nearest neighbours that one query may ask for. */
        K(Subject.K, "Number of results");

        private final Subject subject;
        private final String title;

        Resource(Subject subject, String title) {
            this.subject = subject;
            this.title = title;
        }

        /** As refusals are counted. */
        Subject subject() {
            return subject;
        }

        /** As refusals name it. */
        String title() {
            return title;
        }
    }

    public Quota {
        most = Map.copyOf(most);
        most.forEach((resource, limit) -> {
            if (limit < 0) {
                throw new IllegalArgumentException("%s must not be limited to %d".formatted(resource, limit));
            }
        });
    }

    /** {@code null} where there is no limit. */
    public @Nullable Long of(Resource resource) {
        return most.get(resource);
    }

    /**
     * Refuses, in the words of Chroma's API, {@code more} beside what is {@code used} of a resource: by
     * {@link io.quiver.log.record.QuotaException}.
     *
     * @param action what would exceed it, as refusals name it
     */
    public void require(Resource resource, long used, long more, String action) {
        Refusals.ifExceeded(resource, this, used, more, action);
    }

    /** This, and what {@code other} says of the resources that this says nothing of. */
    Quota or(Quota other) {
        Map<Resource, Long> both = new EnumMap<>(Resource.class);
        both.putAll(other.most);
        both.putAll(most);
        return new Quota(both);
    }
}
