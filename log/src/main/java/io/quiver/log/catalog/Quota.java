package io.quiver.log.catalog;

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
        RECORDS("Number of records"),
        /** What they take in segments, those that are deleted and not yet compacted away included. */
        BYTES("Bytes stored"),
        COLLECTIONS("Number of collections"),
        /** Of embeddings. */
        DIMENSION("Embedding dimension"),
        /** Nearest neighbours that one query may ask for. */
        K("Number of results");

        private final String title;

        Resource(String title) {
            this.title = title;
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
     * Refuses, in the words of Chroma's API, {@code more} beside what is {@code used} of a resource.
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
